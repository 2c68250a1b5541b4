"""Beside the Python library ``eventsourcing`` with its SQLite module, on the same facts: appends, and replay.

Its application is written as its documentation advises: a session is an aggregate under its own name, each thing that
is told of it a method with an event, saved in batches. Where there was a choice, it is the one that is faster for the
library: facts are plain JSON values, so that none needs its transcodings; an aggregate keeps nothing but a count; and
the session under way is held between two batches, where an application would get it from the repository again. Its
connection commits as ours does: write-ahead log, ``synchronous`` FULL.

Replaying is, there, what its documentation means by it: its repository gives every aggregate again, made from its
events; and the facts in them are counted. For what spans aggregates, such as reports, it advises a projection. Its
SQLite module has no subscriptions, so ours reads the notifications in order, has them mapped to domain events, and
gives these to our fold, which makes the same four reports.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import msgspec
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.sqlite import SQLiteFactory

from benchmarks.figures import Bar, Figure, compared, side_by_side
from benchmarks.folding import USUAL
from benchmarks.history import REPLICA, chain
from client_sdk import Replica
from client_sdk.draft import Draft
from events import Event, Record, Stamp
from events.codec import read
from projections.ledger import Ledger

BATCH = 20
PAGE = 1_000
"""So many notifications are read at once."""
FULL = 2
"""What SQLite calls it."""

Said = dict[str, Any]


class Session(Aggregate):
    """A session as that library would have it."""

    facts: int

    @staticmethod
    def create_id(session: UUID) -> UUID:
        """A session has its name already."""
        return session

    @event("SessionStarted")
    def __init__(self, session: UUID, said: Said, at: int, offset: int) -> None:  # noqa: ARG002  # the event keeps them
        self.session = session
        self.facts = 1

    @event("SetLogged")
    def log_set(self, said: Said, at: int, offset: int) -> None:  # noqa: ARG002  # the event keeps them
        """A set of it."""
        self.facts += 1

    @event("SessionFinished")
    def finish(self, said: Said, at: int, offset: int) -> None:  # noqa: ARG002  # the event keeps them
        """Its end."""
        self.facts += 1


KINDS = {"SessionStarted": "session_started", "SetLogged": "set_logged", "SessionFinished": "session_finished"}


class Fact(msgspec.Struct, frozen=True):
    """What is told of a session: its kind, and what else there is to it."""

    kind: str
    session: UUID
    said: Said
    at: int
    offset: int


def beside_eventsourcing(events: int = 20_000) -> list[Figure]:
    """Durable appends in batches of 20; replay, as each of us means it; and the same four reports from both."""
    drafts = [_draft(kept.event) for kept in chain(events)]
    facts = [_fact(kept.event) for kept in chain(events)]
    with TemporaryDirectory() as folder:
        numbers = count()
        append = side_by_side(
            lambda: events / _appended(Path(folder) / f"{next(numbers)}.ledger", drafts),
            lambda: events / _saved(Path(folder) / f"{next(numbers)}.db", facts),
        )
        ledger, database = Path(folder) / "0.ledger", Path(folder) / "1.db"
        assert _figures(_told_here(ledger)) == _figures(_told_there(database))
        replayed = side_by_side(lambda: events / _folded(_told_here, ledger), lambda: events / _repeated(database))
        projected = side_by_side(
            lambda: events / _folded(_told_here, ledger), lambda: events / _folded(_told_there, database)
        )
    return [
        compared("appends beside eventsourcing", *append, "events/s", Bar(">=", 1.5)),
        compared("replay beside eventsourcing", *replayed, "events/s", Bar(">=", 3)),
        compared("the same four reports beside eventsourcing", *projected, "events/s", Bar("told")),
    ]


def _draft(told: Event) -> Draft:
    return Draft(body=read(told).body, at=told.at, offset=told.offset)  # type: ignore[union-attr]  # all known


def _fact(told: Event) -> Fact:
    assert isinstance(told.body, msgspec.Raw)
    said = msgspec.json.decode(told.body, type=Said)
    return Fact(told.type, UUID(said.pop("session")), said, told.at, told.offset)


def _appended(path: Path, drafts: list[Draft]) -> float:
    with Replica.open(path) as replica:
        began = time.perf_counter()
        for start in range(0, len(drafts), BATCH):
            replica.write(drafts[start : start + BATCH])
        return time.perf_counter() - began


def _saved(path: Path, facts: list[Fact]) -> float:
    application = _application(path)
    began = time.perf_counter()
    session: Session | None = None
    for start in range(0, len(facts), BATCH):
        touched = [] if session is None else [session]
        for fact in facts[start : start + BATCH]:
            if fact.kind == "session_started":
                session = Session(fact.session, fact.said, fact.at, fact.offset)
                touched.append(session)
                continue
            assert session is not None and session.id == fact.session  # noqa: PT018  # one follows the other
            tell = session.log_set if fact.kind == "set_logged" else session.finish
            tell(fact.said, fact.at, fact.offset)
        application.save(*touched)
    seconds = time.perf_counter() - began
    assert _asked(application, "PRAGMA synchronous") == FULL
    assert _asked(application, "PRAGMA journal_mode") == "wal"
    application.close()
    return seconds


def _folded(told: Callable[[Path], Iterator[Record]], path: Path) -> float:
    """The seconds from the file to the four reports."""
    began = time.perf_counter()
    _reports(told(path))
    return time.perf_counter() - began


def _reports(told: Iterator[Record]) -> dict[str, dict[str, Any]]:
    """The four reports by name."""
    ledger = Ledger()
    ledger.apply(told)
    return {name: ledger.report(name) for name in USUAL}


def _figures(told: Iterator[Record]) -> list[dict[str, Any]]:
    """What has to be the same, whoever kept the facts: all but positions, and the names of events in the records."""
    return [report | {"position": None} for name, report in _reports(told).items() if name != "records"]


def _told_here(path: Path) -> Iterator[Record]:
    with Replica.open(path) as replica:
        for _, record in replica.store.pending():
            yield record


def _told_there(path: Path) -> Iterator[Record]:
    application = _application(path)
    start: int | None = 1
    while start is not None:
        notifications = application.recorder.select_notifications(start, PAGE)
        for notification in notifications:
            yield _record(notification.id, application.mapper.to_domain_event(notification))
        start = notifications[-1].id + 1 if len(notifications) == PAGE else None
    application.close()


def _record(position: int, told: Any) -> Record:  # noqa: ANN401  # its events get their classes from the decorators
    """What the fold needs of a domain event."""
    body = msgspec.json.encode(told.said | {"session": str(told.originator_id)})
    made = Event(
        id=str(position),
        replica=REPLICA,
        seq=position,
        written=told.at,
        at=told.at,
        offset=told.offset,
        type=KINDS[type(told).__name__],
        v=1,
        body=msgspec.Raw(body),
        hash="",
    )
    return Record(position=position, stamp=Stamp(told.at, 0), event=made)


def _repeated(path: Path) -> float:
    """The seconds from its tables to every aggregate, and to the count of all facts."""
    application = _application(path)
    rows = application.recorder.select_notifications(1, 1_000_000)
    held, sessions = len(rows), {UUID(str(row.originator_id)) for row in rows}
    began = time.perf_counter()
    facts = 0
    for name in sessions:
        session: Session = application.repository.get(name)
        facts += session.facts
    seconds = time.perf_counter() - began
    application.close()
    assert facts == held
    return seconds


def _application(path: Path) -> Application[UUID]:
    """Its one connection is told to commit as ours does, whatever SQLite does here where nothing is said."""
    made = Application[UUID](env={"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": str(path)})
    _asked(made, "PRAGMA synchronous = FULL")
    return made


def _asked(application: Application[UUID], question: str) -> Any:  # noqa: ANN401  # whatever a pragma is
    assert isinstance(application.factory, SQLiteFactory)
    with application.factory.datastore.get_connection(commit=True) as connection:
        cursor = connection.cursor()
        cursor.execute(question)
        row = cursor.fetchone()
    return None if row is None else row[0]
