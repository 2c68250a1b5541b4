"""Beside the Python library ``eventsourcing`` with its SQLite module, on the same facts: appends, and replay.

Its application is written as its documentation advises: one aggregate for each session, an event for each fact, saved
in batches. Replaying is, there, what its documentation means by it: its repository gives every aggregate again, made
from its events; and the facts in them are counted. Here it is the way from the file to all four reports.
"""

from __future__ import annotations

import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import msgspec
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event

from benchmarks.figures import Bar, Figure, compared, side_by_side
from benchmarks.folding import USUAL
from benchmarks.history import chain
from client_sdk import Replica
from client_sdk.draft import Draft
from events.codec import read
from projections.ledger import Ledger

BATCH = 20


class Session(Aggregate):
    """A session as that library would have it."""

    facts: int

    @event("Started")
    def __init__(self, session: UUID) -> None:
        self.session = session
        self.facts = 0

    @event("Told")
    def tell(self, fact: dict[str, Any], at: int) -> None:  # noqa: ARG002  # the event keeps them
        """One fact of it."""
        self.facts += 1


def beside_eventsourcing(events: int = 6_000) -> list[Figure]:
    """Durable appends in batches of 20, and replay."""
    drafts = [
        Draft(body=read(kept.event).body, at=kept.event.at, offset=kept.event.offset)  # type: ignore[union-attr]  # all known
        for kept in chain(events)
    ]
    with TemporaryDirectory() as ours, TemporaryDirectory() as theirs:
        paths = iter(range(1000))
        append = side_by_side(
            lambda: events / _appended(Path(ours) / f"{next(paths)}.ledger", drafts),
            lambda: events / _saved(Path(theirs) / f"{next(paths)}.db", drafts),
        )
        ledger, database = Path(ours) / "0.ledger", Path(theirs) / "1.db"
        replayed = side_by_side(lambda: events / _replayed(ledger), lambda: events / _selected(database))
    return [
        compared("appends beside eventsourcing", *append, "events/s", Bar(">=", 1.5)),
        compared("replay beside eventsourcing", *replayed, "events/s", Bar(">=", 3)),
    ]


def _appended(path: Path, drafts: list[Draft]) -> float:
    with Replica.open(path) as replica:
        began = time.perf_counter()
        for start in range(0, len(drafts), BATCH):
            replica.write(drafts[start : start + BATCH])
        return time.perf_counter() - began


def _replayed(path: Path) -> float:
    """The seconds from the file to the four reports."""
    with Replica.open(path) as replica:
        began = time.perf_counter()
        ledger = Ledger()
        ledger.apply(record for _, record in replica.store.pending())
        for name in USUAL:
            ledger.report(name)
        return time.perf_counter() - began


def _application(path: Path) -> Application[UUID]:
    return Application(env={"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": str(path)})


def _saved(path: Path, drafts: list[Draft]) -> float:
    application = _application(path)
    facts = [(msgspec.to_builtins(draft.body), draft.at) for draft in drafts]
    began = time.perf_counter()
    for start in range(0, len(facts), BATCH):
        session = Session(UUID(facts[start][0]["session"]))
        for fact, at in facts[start + 1 : start + BATCH]:
            session.tell(fact, at)
        application.save(session)
    seconds = time.perf_counter() - began
    application.close()
    return seconds


def _selected(path: Path) -> float:
    """The seconds from its tables to every aggregate, and to the count of all facts."""
    application = _application(path)
    rows = application.recorder.select_notifications(1, 1_000_000)
    held, sessions = len(rows), {UUID(str(row.originator_id)) for row in rows}
    began = time.perf_counter()
    facts = sum(application.repository.get(session).version for session in sessions)
    seconds = time.perf_counter() - began
    application.close()
    assert facts == held
    return seconds
