"""The ledger itself in words, newest first: what each event said, whether it counts or not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec

from events import Body, Known, Record, read
from events.corrections import EventErased, FactCorrected, FactRestored, FactVoided, ImportStarted
from events.envelope import action_time
from events.programs import DayAdded, ProgramCreated, SlotAdded
from events.quantities import EARLIEST_MS, LATEST_MS, day_text, local_day, milli_text
from events.training import (
    DrillLogged,
    ExerciseDefined,
    ExerciseMatched,
    SessionFinished,
    SessionStarted,
    SetLogged,
)
from projections.book import Book
from projections.ledger import Ledger
from projections.told import describe_distance, describe_duration, signed, tell

__all__ = [
    "LOG",
    "PAGE",
    "describe",
    "describe_distance",
    "describe_duration",
    "describe_load",
    "describe_set",
    "report",
]

LOG = "log"
PAGE = 100
"""How many entries a page has, unless it is said."""

PAIR = 2
"""Dumbbells of one load, one in each hand."""

_STRIDE = 1000
"""How many records are looked through at a time for those up to a day."""


def report(ledger: Ledger, page: Iterable[Record], before: int | None, as_of: int | None = None) -> dict[str, Any]:
    """One page of the report ``log``, latest first: what each event said, and whether it counts.

    Args:
        ledger: The fold that knows them.
        page: The records of the page, in ledger order, the outbox last: see ``turn_to``.
        before: The position before which the next page ends; None where there is none.
        as_of: The local day that was asked for.
    """
    problems = {problem["event"]: problem for problem in ledger.report("problems")["problems"]}
    entries = [_line(record, ledger.view.book, problems) for record in page]
    return {
        "report": LOG,
        "position": ledger.position,
        "as_of": ledger.latest_day if as_of is None else day_text(as_of),
        "entries": entries[::-1],
        "before": before,
    }


def turn_to(
    read: Callable[[int, int], Iterable[Record]], last: int, limit: int, as_of: int | None = None
) -> tuple[list[Record], int | None]:
    """The records of a page, in ledger order, and the position before which the next page ends.

    Args:
        read: Gives the records at the positions after the one and up to the other.
        last: The last position that may be on the page.
        limit: How many records at most.
        as_of: Only those of actions up to a local day; None for all.
    """
    page: list[Record] = []
    stride = limit if as_of is None else max(limit, _STRIDE)
    while last > 0 and len(page) < limit:
        after = max(0, last - stride)
        page = [record for record in read(after, last) if happened_by(record, as_of)] + page
        last = after
    rest = last > 0 or len(page) > limit
    page = page[max(0, len(page) - limit) :]
    return page, page[0].position if rest and page else None


def happened_by(record: Record, as_of: int | None) -> bool:
    """Whether the action of a record lies on a local day or before it; one beyond all calendars lies on none."""
    if as_of is None:
        return True
    day = _day(record)
    return day is not None and day <= as_of


def describe(body: Body, book: Book) -> str:  # noqa: C901, PLR0912  # one case for each kind of fact
    """What a fact says, in a few words."""
    match body:
        case SetLogged():
            words = f"{book.name(body.exercise)} {describe_set(body)}"
        case SessionStarted() | SessionFinished():
            words = (body.title if isinstance(body, SessionStarted) else body.note) or ""
        case DrillLogged():
            length = f" {describe_duration(body.seconds)}" if body.seconds else ""
            words = f"{body.name}{length} ({body.phase.replace('_', '-')})"
        case ExerciseDefined():
            words = f"{body.name} is an exercise"
        case ExerciseMatched():
            words = f"{book.name(body.exercise)} is the same as {book.name(body.same_as)}"
        case ProgramCreated() | DayAdded():
            words = body.name
        case SlotAdded():
            words = body.drill or "" if body.exercise is None else book.name(body.exercise)
        case FactCorrected():
            words = ", ".join(f"{name} is {_value(value)}" for name, value in body.changes.items())
        case FactVoided() | FactRestored():
            words = body.reason or ""
        case EventErased():
            words = "the words of one event are taken out"
        case ImportStarted():
            words = f"from {body.app} ({body.dialect})"
        case _ if (told := tell(body)) is not None:
            words = told
        case _:
            words = ", ".join(f"{name} {_value(value)}" for name, value in _said(body))
    return words.strip()


def describe_set(body: SetLogged) -> str:
    """Load, repetitions, time and distance of a set, as a lifter says them: ``100 kg × 8``."""
    parts = []
    if (load := describe_load(body)) is not None:
        parts.append(f"{load} × {body.reps}" if body.reps is not None else load)
    elif body.reps is not None:
        parts.append(f"× {body.reps}")
    if body.distance_mm:
        parts.append(describe_distance(body.distance_mm))
    if body.seconds:
        parts.append(describe_duration(body.seconds))
    if body.side != "both":
        parts.append(body.side)
    if body.kind != "working":
        parts.append(f"({body.kind.replace('_', '-')})")
    return " ".join(parts)


def describe_load(body: SetLogged) -> str | None:
    """The load as it was typed, with what it means on a body-weight lift."""
    if body.load is None and body.load_kind != "bodyweight":
        return None
    each = f"{body.implements} × " if body.load_kind == "external" and body.implements == PAIR else ""
    return f"{each}{signed(body.load, body.load_kind)}"


def _line(record: Record, book: Book, problems: dict[str, Any]) -> dict[str, Any]:
    event = record.event
    reading = read(event)
    time = action_time(event.at, event.written, record.stamp)
    return {
        "position": record.position,
        "event": event.id,
        "replica": event.replica,
        "seq": event.seq,
        "type": event.type,
        "day": None if (day := _day(record)) is None else day_text(day),
        "at": time,
        "offset": event.offset,
        "words": describe(reading.body, book) if isinstance(reading, Known) else "",
        "target": getattr(reading.body, "target", None) if isinstance(reading, Known) else None,
        "problem": problems.get(event.id),
    }


def _day(record: Record) -> int | None:
    event = record.event
    if not EARLIEST_MS <= event.at <= LATEST_MS:
        return None
    return local_day(action_time(event.at, event.written, record.stamp), event.offset)


def _value(value: object) -> str:
    match value:
        case {"milli": int(milli), "unit": str(unit)}:
            return f"{milli_text(milli)} {unit}"
        case None:
            return "nothing"
        case _:
            return str(value)


def _said(body: Body) -> Iterator[tuple[str, Any]]:
    """What a fact says beside names of other things and where it comes from."""
    for name, value in msgspec.to_builtins(body).items():
        if name != "source" and not _is_id(value):
            yield name, value


def _is_id(value: object) -> bool:
    return isinstance(value, str) and len(value) == 36 and value.count("-") == 4  # noqa: PLR2004  # a UUID's form
