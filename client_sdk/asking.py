"""What a replica is asked: the reports, each the same object that the server gives for the same question."""

from __future__ import annotations

from collections.abc import Callable
from itertools import takewhile
from typing import Any

import msgspec

from client_sdk import setaside
from client_sdk.store import Store
from events import Record
from projections import log as log_book
from projections.ledger import Ledger
from projections.sessions import SESSIONS, page

PROBLEMS = "problems"


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """A report, and how it is asked for: see ``Replica.report``."""

    name: str
    as_of: int | None
    known_at: int | None
    explain: bool
    before: int | None
    limit: int | None


def answer(store: Store, ledger: Callable[[int | None], Ledger], asked: Question) -> dict[str, Any]:
    """The report.

    Args:
        store: Where the ledger is kept.
        ledger: Its fold, brought up to now, or up to a position.
        asked: Which one, and how.

    Raises:
        NotFoundError: where the ledger doesn't reach the position.
        UnknownNameError: where no report bears the name.
    """
    if asked.name == log_book.LOG:
        return _log(store, ledger, asked)
    report = ledger(asked.known_at).report(asked.name, asked.as_of, explain=asked.explain)
    if asked.name == PROBLEMS and asked.known_at is None:
        return report | {PROBLEMS: report[PROBLEMS] + setaside.problems(store.aside())}
    return page(report, asked.before, asked.limit) if asked.name == SESSIONS and asked.limit is not None else report


def _log(store: Store, ledger: Callable[[int | None], Ledger], asked: Question) -> dict[str, Any]:
    """What was written, latest first, the outbox before all; without it, of what was known at a position."""

    def records(after: int, until: int) -> list[Record]:
        return list(takewhile(lambda record: (record.position or 0) <= until, store.records(after)))

    with store.snapshot():
        head = store.local().head if asked.known_at is None else asked.known_at
        last = head if asked.before is None else min(head, asked.before - 1)
        length = log_book.PAGE if asked.limit is None else asked.limit
        shown, further = log_book.turn_to(records, last, length, asked.as_of)
        if asked.before is None and asked.known_at is None:
            shown += [record for _, record in store.pending() if log_book.happened_by(record, asked.as_of)]
    return log_book.report(ledger(asked.known_at), shown, further, asked.as_of)
