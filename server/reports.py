"""Reports on demand: ledgers folded in memory, from a checkpoint and the records after it.

    cached ledger ─── else checkpoint in the store ─── else nothing
          ╰───────────────────┴──────────────────────────────╯
                              ▼
              apply the records up to the head ──▶ report

No table of reports is kept beside the ledger. What is cached stands on a ledger hash, and is dropped when the ledger
has another one there, or when other fold code made it.
"""

from __future__ import annotations

import contextlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Container, Iterator
from typing import Any, TypeVar

import msgspec

from events.envelope import Record, stored_event
from events.protocol import Malformed
from projections import sessions
from projections.log import LOG, PAGE, turn_to
from server.errors import UnavailableError
from server.faults import UnknownReport
from server.folding import Fold, FoldCode
from server.ingest import Kept
from server.push import ORIGIN, Point
from server.store import Checkpoint, Reader, Store

T = TypeVar("T")

CACHED_LEDGERS = 64
CHECKPOINT_EVERY = 500
"""How many records may lie between a stored checkpoint and the ledger in memory."""
BATCH = 1000
AT_HAND_BYTES = 2 * 1024 * 1024
"""Of each cached ledger the answers given last are kept as they were, up to so many bytes: little beside its fold.

The very last is kept however long it is: only a fold that is far longer gives a long one.
"""


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """Which report is asked for.

    ``as_of`` is a local day, ``known_at`` the last position to be counted; ``before`` and ``limit`` choose the page
    of the long ones, sessions and the log.
    """

    name: str
    as_of: int | None = None
    known_at: int | None = None
    explain: bool = False
    before: int | None = None
    limit: int = PAGE


class Answer(msgspec.Struct, frozen=True):
    """A report as JSON, and the tag of this very state of it."""

    tag: str
    body: bytes


class Unchanged(msgspec.Struct, frozen=True):
    """The caller holds the answer already."""

    tag: str


Outcome = Answer | Unchanged | UnknownReport | Malformed


class Overview(msgspec.Struct, frozen=True, kw_only=True):
    """What can be asked for, and what proves that two have folded the same history alike."""

    reports: tuple[str, ...]
    head: int
    head_hash: str
    digest: str
    fingerprint: str


class Reports:
    """The reports of all ledgers.

    Args:
        store: Where the ledgers are.
        fold: The code that folds them.
    """

    def __init__(self, store: Store, fold: FoldCode) -> None:
        self._store = store
        self._fold = fold
        self._lock = threading.Lock()
        self._cache: OrderedDict[str, _Folded] = OrderedDict()

    def overview(self, account: str) -> Overview:
        """The list of reports, and the digest of them all."""

        def look(ledger: Fold, point: Point) -> Overview:
            return Overview(
                reports=self._names,
                head=point.position,
                head_hash=point.ledger_hash.hex(),
                digest=ledger.digest(),
                fingerprint=self._fold.fingerprint,
            )

        return self._with_ledger(account, look)

    def answer(self, account: str, question: Question, held: Container[str] = ()) -> Outcome:
        """The report that is asked for, or that its tag is among those that the caller holds already."""
        at_hand = self.at_hand(account, question, held)
        if at_hand is not None:
            return at_hand
        if question.name not in self._names:
            return UnknownReport(
                detail=f"There is no report {question.name!r}.",
                next_step=f"Ask for one of {', '.join(self._names)}.",
                reports=self._names,
            )
        if question.known_at is None:
            answer = self._with_ledger(account, lambda ledger, point: self._answer(account, question, ledger, point))
            self._keep_at_hand(account, answer)
            return answer
        return self._answer_from_the_past(account, question, question.known_at)

    def at_hand(self, account: str, question: Question, held: Container[str] = ()) -> Answer | Unchanged | None:
        """The answer where it was given lately: a read of one row, quicker than the way to a thread and back."""
        if question.name not in self._names:
            return None
        tag = self._tag(self._store.read(lambda ledgers: ledgers.head(account)), question)
        if tag in held:
            return Unchanged(tag)
        folded = self._cache.get(account)
        body = None if folded is None else folded.answers.get(tag)
        return None if body is None else Answer(tag, body)

    def forget_closed(self) -> None:
        """Lets go of ledgers that are no more, whichever process closed their account."""
        with self._lock:
            warm = [account for account, folded in self._cache.items() if folded.point != ORIGIN]
        if not warm:
            return
        gone = self._store.read(lambda ledgers: [account for account in warm if ledgers.head(account) == ORIGIN])
        with self._lock:
            for account in gone:
                self._cache.pop(account, None)

    @property
    def _names(self) -> tuple[str, ...]:
        return (*self._fold.reports, LOG)

    def _answer_from_the_past(self, account: str, question: Question, known_at: int) -> Answer | Malformed:
        def replay(ledgers: Reader) -> tuple[Fold, Point] | Malformed:
            head = ledgers.head(account)
            if known_at > head.position:
                return Malformed(
                    detail=f"The ledger ends at position {head.position}; {known_at} lies beyond.",
                    next_step="Ask for a position of the ledger.",
                    path="$.known_at",
                )
            return self._folded(ledgers, account, known_at), head

        outcome = self._store.read(replay)
        return outcome if isinstance(outcome, Malformed) else self._answer(account, question, *outcome)

    def _keep_at_hand(self, account: str, answer: Answer) -> None:
        folded = self._cache.get(account)
        if folded is None:
            return
        with folded.lock:
            folded.answers[answer.tag] = answer.body
            while len(folded.answers) > 1 and sum(map(len, folded.answers.values())) > AT_HAND_BYTES:
                del folded.answers[next(iter(folded.answers))]

    def _answer(self, account: str, question: Question, ledger: Fold, head: Point) -> Answer:
        if question.name == LOG:
            report = self._log(account, question, ledger)
        else:
            report = ledger.report(question.name, question.as_of, explain=question.explain)
        if question.name == sessions.SESSIONS:
            report = sessions.page(report, question.before, question.limit)
        return Answer(self._tag(head, question), self._fold.encode_report(report))

    def _log(self, account: str, question: Question, ledger: Fold) -> dict[str, Any]:
        """A page of the log, newest first; ``before`` in it asks for the next."""
        last = ledger.position if question.before is None else min(ledger.position, max(0, question.before - 1))

        def turn(ledgers: Reader) -> tuple[list[Record], int | None]:
            def read(after: int, until: int) -> list[Record]:
                return [_record(kept) for page in _pages(ledgers, account, after, until) for kept in page]

            return turn_to(read, last, question.limit, question.as_of)

        page, before = self._store.read(turn)
        return self._fold.log(ledger, page, before, question.as_of)

    def _tag(self, head: Point, question: Question) -> str:
        named = (head, self._fold.fingerprint, *msgspec.structs.astuple(question))
        return ":".join("" if part is None else str(part) for part in named)

    def _with_ledger(self, account: str, use: Callable[[Fold, Point], T]) -> T:
        """Lets one at a time use the account's ledger, which is brought up to the head before."""
        with self._lock:
            folded = self._cache.setdefault(account, _Folded())
            self._cache.move_to_end(account)
            if len(self._cache) > CACHED_LEDGERS:
                self._cache.popitem(last=False)
        with folded.lock:
            self._catch_up(account, folded)
            result = use(folded.ledger or self._fold.empty(), folded.point)
        self._keep_checkpoint(account, folded)
        return result

    def _catch_up(self, account: str, folded: _Folded) -> None:
        def catch_up(ledgers: Reader) -> tuple[Fold, Point]:
            ledger, point = folded.ledger, folded.point
            folded.ledger = None  # should the fold fail halfway, nobody shall go on from there
            if ledger is None or not _stands(ledgers, account, point):
                ledger, point = self._restore(ledgers, account, folded)
            head = ledgers.head(account)
            for page in _pages(ledgers, account, point.position, head.position):
                ledger.apply(map(_record, page))
            return ledger, head

        before = folded.point
        folded.ledger, folded.point = self._store.read(catch_up)
        if folded.point != before:
            folded.answers.clear()

    def _restore(self, ledgers: Reader, account: str, folded: _Folded) -> tuple[Fold, Point]:
        checkpoint = ledgers.checkpoint(account)
        folded.saved = 0
        if (
            checkpoint is not None
            and checkpoint.fingerprint == self._fold.fingerprint
            and _stands(ledgers, account, checkpoint.point)
        ):
            point = checkpoint.point

            def replay() -> Fold:
                return self._store.read(lambda now: self._folded(now, account, now.head(account).position))

            ledger = self._fold.restore(checkpoint.parts, replay)
            if ledger is not None:
                folded.saved = point.position
                return ledger, point
        return self._fold.empty(), ORIGIN

    def _folded(self, ledgers: Reader, account: str, until: int) -> Fold:
        """The fold of the records up to a position, from nothing."""
        ledger = self._fold.empty()
        for page in _pages(ledgers, account, 0, until):
            ledger.apply(map(_record, page))
        return ledger

    def _keep_checkpoint(self, account: str, folded: _Folded) -> None:
        """Now and then, and only while it stands at the head: what was erased since must not come back with it."""
        with folded.lock:
            point = folded.point
            if folded.ledger is None or point.position - folded.saved < CHECKPOINT_EVERY:
                return
            folded.saved = point.position
            checkpoint = Checkpoint(point=point, fingerprint=self._fold.fingerprint, parts=folded.ledger.checkpoint())
        with contextlib.suppress(UnavailableError):
            self._store.write(
                lambda ledgers: (
                    ledgers.keep_checkpoint(account, checkpoint) if ledgers.head(account) == point else None
                )
            )


class _Folded:
    """A ledger in memory, the point that it stands on, and the position of its last stored checkpoint."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.ledger: Fold | None = None
        self.point = ORIGIN
        self.saved = 0
        self.answers: dict[str, bytes] = {}
        """Bodies given lately, by their tags."""


def _stands(ledgers: Reader, account: str, point: Point) -> bool:
    return point == ORIGIN or ledgers.ledger_hash(account, point.position) == point.ledger_hash


def _pages(ledgers: Reader, account: str, after: int, until: int) -> Iterator[list[Kept]]:
    while after < until and (page := ledgers.records(account, after, min(BATCH, until - after))):
        yield page
        after = page[-1].position


def _record(kept: Kept) -> Record:
    return Record(position=kept.position, stamp=kept.stamp, event=stored_event(kept.kept))
