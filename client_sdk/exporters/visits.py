"""Sessions as apps have them: a start on the wall clock, a name, a length, and sets in blocks of one exercise."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import msgspec

from client_sdk.importers.clock import wall_time
from events import Body
from events.catalogue import Catalogue
from events.facts import Source
from events.quantities import MINUTE_MS
from events.training import SessionFinished, SessionStarted, SetLogged
from projections.book import Book
from projections.effective import Effective
from projections.facts import Facts

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LONGEST = timedelta(days=31)


class Lifted(msgspec.Struct, frozen=True, gc=False):
    """One set, and what the app calls its exercise."""

    name: str
    body: SetLogged
    number: int
    """Its place in its block, from 0."""


class Visit(msgspec.Struct, frozen=True):
    """A session with sets, on the lifter's wall clock; ``written`` is its start as the app's own file had it, if any.

    ``at`` is its start in Unix ms, ``nth`` tells it from others that the app's file starts then; ``took`` is None
    where nobody said when it ended.
    """

    session: str
    start: datetime
    at: int
    nth: int
    written: str
    title: str
    took: timedelta | None
    note: str
    sets: list[Lifted]

    @property
    def minute(self) -> int:
        """The minute of its start on the wall clock, as if that were UTC."""
        return int(self.start.timestamp() // 60)


def visits_of(facts: Facts, book: Book, app: str, catalogue: Catalogue) -> list[Visit]:
    """The sessions with sets that count, oldest first, with the names that ``app`` has for things."""
    sets: dict[str, list[Effective]] = {}
    for fact in facts.of_type("set_logged"):
        if isinstance(fact.body, SetLogged):
            sets.setdefault(fact.body.session, []).append(fact)
    names = _Names(app, book, catalogue)
    visits = [_visit(facts, session, done, names) for session, done in sets.items()]
    return sorted(visits, key=lambda visit: (visit.at, visit.nth, visit.session))


class _Names:
    """What an app calls an exercise."""

    def __init__(self, app: str, book: Book, catalogue: Catalogue) -> None:
        self.app = app
        self._book = book
        self._catalogue = catalogue
        self._by_exercise: dict[str, str] = {}

    def of(self, fact: Effective, body: SetLogged) -> str:
        """As the app's file has it, where it is from there; else as apps write it, with the equipment in brackets."""
        source = self.source(body)
        if source is not None and source.name and not _is_corrected(fact, body):
            return source.name
        if fact.exercise not in self._by_exercise:
            self._by_exercise[fact.exercise] = self._usual(fact.exercise)
        return self._by_exercise[fact.exercise]

    def source(self, body: Body) -> Source | None:
        """Where a fact comes from, if it is from this app."""
        source: Source | None = getattr(body, "source", None)
        return source if source is not None and source.app == self.app else None

    def _usual(self, exercise: str) -> str:
        known = self._catalogue.exercises.get(exercise)
        if known is None:
            return self._book.name(exercise)
        return next((alias for alias in known.aliases if alias.endswith(")")), known.name)


def _visit(facts: Facts, session: str, sets: list[Effective], names: _Names) -> Visit:
    started, finished = (
        facts.effective.get(kind, {}).get(session) for kind in ("session_started", "session_finished")
    )
    sets.sort(key=_order)
    begin = started if started is not None else sets[0]
    start = _wall(begin)
    took = None if finished is None else timedelta(milliseconds=finished.time - begin.time)
    return Visit(
        session=session,
        start=start,
        at=begin.time,
        nth=_number(names.source(begin.body), 2),
        written=_written(names.source(begin.body), start),
        title=(started.body.title if started and isinstance(started.body, SessionStarted) else None) or "",
        took=took if took is not None and timedelta(0) <= took <= _LONGEST else None,
        note=(finished.body.note if finished and isinstance(finished.body, SessionFinished) else None) or "",
        sets=list(_in_blocks(sets, names)),
    )


def _in_blocks(sets: Iterable[Effective], names: _Names) -> Iterable[Lifted]:
    """The sets by exercise, in the order in which each was begun: so apps keep them, supersets too.

    An exercise that an app's file told in two blocks stays so.
    """
    blocks: dict[tuple[str, int], list[SetLogged]] = {}
    for fact in sets:
        if isinstance(fact.body, SetLogged):
            block = names.of(fact, fact.body), _number(names.source(fact.body), 3)
            blocks.setdefault(block, []).append(fact.body)
    for (name, _), done in blocks.items():
        for number, body in enumerate(done):
            yield Lifted(name, body, number)


def _written(source: Source | None, start: datetime) -> str:
    """The start as the app's own file wrote it, where it still is the start."""
    parts = [] if source is None else _parts(source.key)
    told = wall_time(parts[1]) if len(parts) > 1 and isinstance(parts[1], str) else None
    same = told is not None and told.replace(tzinfo=UTC, second=0) == start.replace(second=0, microsecond=0)
    return str(parts[1]) if same else ""


def _number(source: Source | None, place: int) -> int:
    """A number in a source key, 1 where there is none: of sessions at 2, of sets the block's at 3."""
    parts = [] if source is None else _parts(source.key)
    part = parts[place] if len(parts) > place else 1
    return part if isinstance(part, int) else 1


def _parts(key: str) -> list[object]:
    """The parts of a source key; a client of other making may have written anything."""
    try:
        return msgspec.json.decode(key, type=list[object])
    except msgspec.MsgspecError:
        return []


def _is_corrected(fact: Effective, body: SetLogged) -> bool:
    """Whether the lifter has said since that the exercise was another one."""
    return getattr(fact.entry.body, "exercise", None) != body.exercise


def _wall(fact: Effective) -> datetime:
    return _EPOCH + timedelta(milliseconds=fact.time + fact.offset * MINUTE_MS)


def _order(fact: Effective) -> tuple[int, int, str, int]:
    order = fact.body.order if isinstance(fact.body, SetLogged) else None
    return fact.time, order or 0, fact.entry.replica, fact.entry.seq
