"""Sessions, one by one: when, how long, what was done in which phase. ``history`` makes the report of them."""

from __future__ import annotations

from collections.abc import Collection
from operator import attrgetter
from typing import Any, Literal, NotRequired, TypedDict, get_args

import msgspec

from events.catalogue.exercises import Pattern
from events.guide import COOL_DOWN_MIN, MAIN_MIN, WARM_UP_MIN
from events.quantities import HOUR_MS, Unit, day_text
from events.training import (
    DrillLogged,
    DrillPhase,
    LoadKind,
    SessionFinished,
    SessionStarted,
    SetKind,
    SetLogged,
    Side,
)
from projections.book import Book
from projections.facts import Effective, Facts
from projections.legs import trains_legs

SESSIONS = "sessions"

MINUTE_S = 60

DOUBTFUL_MS = 6 * HOUR_MS
"""A session that took longer was probably not finished when it ended."""


_Set = tuple[Effective, SetLogged]

TYPES = frozenset({"session_started", "session_finished", "set_logged", "drill_logged"})
"""The facts that lie in sessions."""


class ShownLoad(TypedDict):
    """A load as reports show it."""

    milli: int
    unit: Unit


class ShownSet(TypedDict):
    """A set as ``shown_set`` gives it.

    Written out, like the two below, so that a checkpoint is decoded into one word for each kind or side, and not into
    one for each set that has it.
    """

    set: str
    kind: SetKind
    side: Side
    load_kind: LoadKind
    load: NotRequired[ShownLoad]
    reps: NotRequired[int]
    seconds: NotRequired[int]
    distance_mm: NotRequired[int]
    rpe_tenths: NotRequired[int]
    rir_tenths: NotRequired[int]
    form: NotRequired[int]
    rest_s: NotRequired[int]
    tempo: NotRequired[str]
    superset: NotRequired[str]
    note: NotRequired[str]
    day_doubtful: NotRequired[bool]
    at: int
    event: str


class Block(TypedDict):
    """The sets of an exercise in a session."""

    exercise: str
    name: str
    pattern: Pattern | None
    counted: int
    sets: list[ShownSet]


Lies = Literal["unknown", "skipped", "untimed", "under", "within", "over"]
"""How a phase lies against the guide's minutes."""


class Phases(TypedDict):
    """The phases of a session."""

    warm_up_s: int
    main_s: int | None
    cool_down_s: int
    warm_up: Lies
    main: Lies
    cool_down: Lies
    sets: int


Session = TypedDict(
    "Session",
    {
        "session": str,
        "title": str | None,
        "program": str | None,
        "program_day": str | None,
        "place": str | None,
        "note": str | None,
        "effort_tenths": int | None,
        "day": str,
        "day_number": int,
        "start": int,
        "offset": int,
        "end": int,
        "duration_s": int | None,
        "doubtful": bool,
        "day_doubtful": bool,
        "state": Literal["finished", "untimed", "open", "unstarted"],
        "import": str | None,
        "legs": bool,
        "phases": Phases,
        "drills": list[dict[str, Any]],
        "exercises": list[Block],
        "events": list[str],
    },
)
"""A session as ``summarise`` gives it."""


def summarise(session: str, facts: Collection[Effective], book: Book) -> dict[str, Any]:
    """One session from its facts, as the report shows it."""
    ordered = sorted(facts, key=order)
    sets = [(fact, body) for fact in ordered if isinstance(body := fact.body, SetLogged)]
    others = [fact for fact in ordered if fact.key[0] != "set_logged"]
    drills = [(fact, body) for fact in others if isinstance(body := fact.body, DrillLogged)]
    started = next((fact for fact in others if isinstance(fact.body, SessionStarted)), None)
    finished = next((fact for fact in others if isinstance(fact.body, SessionFinished)), None)
    begin = started if started is not None else ordered[0]
    duration = finished.time - begin.time if finished is not None else None
    doubtful = duration is not None and not 0 <= duration <= DOUBTFUL_MS
    mistimed = finished is not None and bool(begin.doubt or finished.doubt)
    exercises = _exercises(sets, book)
    timed_s = None if duration is None or doubtful or mistimed else duration // 1000
    return {
        "session": session,
        **_said(started, finished),
        "day": day_text(begin.day),
        "day_number": begin.day,
        "start": begin.time,
        "offset": begin.offset,
        "end": _end(begin, ordered),
        "duration_s": None if duration is None else duration // 1000,
        "doubtful": doubtful or mistimed,
        "day_doubtful": any(fact.day_doubtful for fact in ordered),
        "state": _state(begin, finished),
        "import": getattr(begin.body, "import_", None),
        "legs": any(block["counted"] and trains_legs(block["exercise"], book) for block in exercises),
        "phases": _phases(begin, sets, [body for _, body in drills], timed_s, _state(begin, finished)),
        "drills": [_shown_drill(fact, body) for fact, body in drills],
        "exercises": exercises,
        "events": [fact.entry.id for fact in (started, finished) if fact is not None],
    }


class Copy(msgspec.Struct, frozen=True, kw_only=True):
    """A session that counts once, with another: a likely copy of it that another app told."""

    of: str
    session: str
    app: str | None
    title: str | None
    start: int
    offset: int
    event: str


def copies(facts: Facts) -> list[Copy]:
    """The likely copies among the sessions."""
    found = []
    for session, of in sorted(facts.aside.copies.items()):
        if (anchor := facts.aside.anchor(session)) is not None:
            source = getattr(anchor.body, "source", None)
            found.append(
                Copy(
                    of=of,
                    session=session,
                    app=source and source.app,
                    title=getattr(anchor.body, "title", None),
                    start=anchor.time,
                    offset=anchor.offset,
                    event=anchor.entry.id,
                )
            )
    return found


def page(whole: dict[str, Any], before: int | None, limit: int) -> dict[str, Any]:
    """Some sessions of the report, latest first.

    Args:
        whole: The report ``sessions`` with all of them.
        before: Only sessions with smaller numbers; they count from the oldest, 1. None for all.
        limit: How many at most.
    """
    rows = whole["sessions"]
    last = len(rows) if before is None else min(len(rows), max(0, before - 1))
    first = max(0, last - limit)
    return whole | {"sessions": rows[len(rows) - last : len(rows) - first], "before": first + 1 if first else None}


def _said(started: Effective | None, finished: Effective | None) -> dict[str, Any]:
    """What the lifter said of the session as a whole."""
    start = started.body if started is not None and isinstance(started.body, SessionStarted) else None
    end = finished.body if finished is not None and isinstance(finished.body, SessionFinished) else None
    return {
        "title": start and start.title,
        "program": start and start.program,
        "program_day": start and start.program_day,
        "place": start and start.place,
        "note": end and end.note,
        "effort_tenths": end and end.effort_tenths,
    }


def _end(begin: Effective, ordered: list[Effective]) -> int:
    """When the last thing in it happened, its finish included; what is many hours away was misdated or forgotten."""
    return next(fact.time for fact in reversed(ordered) if 0 <= fact.time - begin.time <= DOUBTFUL_MS)


def _state(begin: Effective, finished: Effective | None) -> str:
    """One left open is shown as open; of an imported one without an end, the file did not say."""
    if finished is not None:
        return "finished"
    if getattr(begin.body, "import_", None) is not None:
        return "untimed"
    return "open" if isinstance(begin.body, SessionStarted) else "unstarted"


def _phases(
    begin: Effective, sets: list[_Set], drills: list[DrillLogged], timed_s: int | None, state: str
) -> dict[str, Any]:
    """The seconds of warm-up, main part and cool-down, and how each lies against the guide's minutes."""
    counted = sum([body.counts for _, body in sets])
    seconds = {
        phase: sum(drill.seconds or 0 for drill in drills if drill.phase == phase) for phase in get_args(DrillPhase)
    }
    imported = getattr(begin.body, "import_", None) is not None
    main_s = None if timed_s is None else max(0, timed_s - sum(seconds.values()))
    if main_s is None and not imported:
        main_s = _from_first_to_last(begin, [fact for fact, _ in sets])
    # An app that knows no drills says nothing of them; a session without sets needs none; an open one is not over.
    silent = imported or not counted
    done = {phase: [drill for drill in drills if drill.phase == phase] for phase in seconds}
    return {
        "warm_up_s": seconds["warm_up"],
        "main_s": main_s if counted else None,
        "cool_down_s": seconds["cool_down"],
        "warm_up": _drilled(done["warm_up"], WARM_UP_MIN, silent=silent),
        "main": against(main_s, MAIN_MIN) if main_s is not None and counted else "unknown",
        "cool_down": _drilled(done["cool_down"], COOL_DOWN_MIN, silent=silent or state == "open"),
        "sets": counted,
    }


def _from_first_to_last(begin: Effective, sets: list[Effective]) -> int | None:
    """The seconds from the first set to the last, warm-up sets included; None where their moments don't tell."""
    times = [fact.time for fact in sets if abs(fact.time - begin.time) <= DOUBTFUL_MS]
    if any(fact.doubt for fact in sets) or len(set(times)) <= 1:
        return None
    return (max(times) - min(times)) // 1000


def _drilled(drills: list[DrillLogged], minutes: tuple[int, int], *, silent: bool) -> str:
    """How the drills of a phase lie against the guide's minutes; ``silent`` where none may be for lack of telling."""
    if not drills:
        return "unknown" if silent else "skipped"
    lies = against(sum(drill.seconds or 0 for drill in drills), minutes)
    return "untimed" if lies == "under" and not all(drill.seconds for drill in drills) else lies


def against(seconds: int, minutes: tuple[int, int]) -> Literal["under", "within", "over"]:
    """Where a time lies against the least and the most minutes."""
    least, most = minutes
    if seconds < least * MINUTE_S:
        return "under"
    return "within" if seconds <= most * MINUTE_S else "over"


def _shown_drill(fact: Effective, body: DrillLogged) -> dict[str, Any]:
    """A drill as reports show it: what was said of it, and nothing of what wasn't."""
    shown = {"drill": body.drill, "phase": body.phase, "kind": body.kind, "name": body.name, "side": body.side}
    said = {field: getattr(body, field) for field in ("seconds", "muscle", "distance_mm")}
    told = {field: value for field, value in said.items() if value is not None}
    return shown | told | {"at": fact.time, "event": fact.entry.id}


def _exercises(sets: list[_Set], book: Book) -> list[dict[str, Any]]:
    """The sets by exercise, in the order in which each was begun."""
    blocks: dict[str, list[_Set]] = {}
    for fact, body in sets:
        blocks.setdefault(fact.exercise, []).append((fact, body))
    return [
        {
            "exercise": exercise,
            "name": book.name(exercise),
            "pattern": None if (known := book.find(exercise)) is None else known.pattern,
            "counted": sum([body.counts for _, body in done]),
            "sets": [shown_set(fact, body) for fact, body in done],
        }
        for exercise, done in blocks.items()
    ]


def shown_set(fact: Effective, body: SetLogged) -> dict[str, Any]:
    """A set as reports show it: what was said of it, and nothing of what wasn't."""
    shown: dict[str, Any] = {
        "set": body.set,
        "kind": body.kind,
        "side": body.side,
        "load_kind": body.load_kind,
        "at": fact.time,
        "event": fact.entry.id,
    }
    if (load := body.load) is not None:
        shown["load"] = {"milli": load.milli, "unit": load.unit}
    for field, value in zip(_SAID, _said_of(body), strict=True):
        if value is not None:
            shown[field] = value  # noqa: PERF403  # a fifth faster than to make another dictionary and merge it in
    if fact.day_doubtful:
        shown["day_doubtful"] = True
    return shown


_SAID = (
    *("reps", "seconds", "distance_mm", "rpe_tenths", "rir_tenths", "form"),
    *("rest_s", "tempo", "superset", "note"),
)
_said_of = attrgetter(*_SAID)


def last_time(sets: Collection[Effective]) -> dict[str, Any]:
    """The counted sets of the latest session of one exercise, earliest first."""
    first = next(iter(sets))
    return {
        "session": first.session,
        "day": day_text(first.day),
        "sets": [shown_set(fact, fact.body) for fact in sets if isinstance(fact.body, SetLogged)],
    }


def order(fact: Effective) -> tuple[int, int, str, int]:
    """Earliest first: the time, the order within it, the replica and its seq."""
    said = fact.body.order if isinstance(fact.body, SetLogged) else None
    return fact.time, said or 0, fact.entry.replica, fact.entry.seq
