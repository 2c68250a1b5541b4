"""The programs as they stand, what was last done in each slot, and how closely they were followed.

An edit of a program is in force from its ``at`` on, so last month is judged by last month's program; a correction
says that it was always so. Either way a field of a slot is one register, and concurrent edits show as conflicts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from events import Body
from events.programs import DayAdded, ProgramActivated, ProgramCreated, SlotAdded
from events.quantities import day_text, round_half_up
from projections.book import Book
from projections.edits import EDITS, about, in_force
from projections.explained import because
from projections.facts import Facts
from projections.registers import Write, resolve

ADHERENCE_DAYS = 28

_SLOT_FIELDS = (
    *("exercise", "drill", "phase", "drill_kind", "kind", "sets", "reps_min", "reps_max", "seconds_min"),
    *("seconds_max", "per_side", "rpe_tenths", "rest_s", "tempo", "superset", "equipment", "progression", "note"),
)

NextTarget = Callable[["Slot"], dict[str, Any] | None]
"""What a slot that is followed asks for next, and why, as reports show it."""

LastTime = Callable[[str], dict[str, Any] | None]
"""What was done when an exercise was last trained."""


class Surroundings(msgspec.Struct, frozen=True):
    """What a program is reported against."""

    facts: Facts
    last_time: LastTime
    next_target: NextTarget
    sessions: Callable[[], list[dict[str, Any]]]
    """Gives those of the last ``ADHERENCE_DAYS``, at least, as the report ``sessions`` shows them."""
    book: Book
    as_of: int
    explain: bool = False


class Slot(msgspec.Struct, frozen=True):
    """A slot as it is in force: its fields, and the day that it is in."""

    slot: str
    day: str
    rank: str
    fields: dict[str, Any]


class PlannedDay(msgspec.Struct, frozen=True):
    """A training day as it is in force."""

    day: str
    name: str
    rank: str
    slots: list[Slot]


class Followed(msgspec.Struct, frozen=True):
    """A session that followed a day of a program: for each slot the sets that were done of those asked for."""

    session: dict[str, Any]
    """As the report ``sessions`` shows it."""
    slots: list[tuple[Slot, list[dict[str, Any]]]]


def plan(facts: Facts, program: str, day: int) -> list[PlannedDay]:
    """The days and slots of a program that are in force on a local day, in their order."""
    slots: dict[str, list[Slot]] = {}
    for body in [body for body in _in_force(facts, "slot", program, day) if isinstance(body, SlotAdded)]:
        fields = {name: msgspec.to_builtins(getattr(body, name)) for name in _SLOT_FIELDS}
        given = {name: value for name, value in fields.items() if value is not None}
        slots.setdefault(body.day, []).append(Slot(body.slot, body.day, body.rank, given))
    days = [
        PlannedDay(body.day, body.name, body.rank, sorted(slots.get(body.day, []), key=_rank))
        for body in _in_force(facts, "day", program, day)
        if isinstance(body, DayAdded)
    ]
    return sorted(days, key=_rank)


def slots_in_force(facts: Facts, day: int) -> list[Slot]:
    """The slots of all programs that are followed on a local day."""
    days = (planned for one in active_programs(facts, day) for planned in plan(facts, one.program, day))
    return [slot for planned in days for slot in planned.slots]


def active_programs(facts: Facts, day: int) -> list[ProgramCreated]:
    """The programs that are followed on a local day, the oldest first."""
    created = sorted(facts.of_type("program_created"), key=lambda fact: (fact.time, fact.id))
    there = (fact.body for fact in created if fact.day <= day and _active(facts, fact.id, day))
    return [body for body in there if isinstance(body, ProgramCreated)]


def report(around: Surroundings) -> dict[str, Any]:
    """The report ``programs``: every program, the active ones first."""
    there = (fact for fact in around.facts.of_type("program_created") if fact.day <= around.as_of)
    created = sorted(there, key=lambda fact: (fact.time, fact.id))
    programs = [_program(around, fact.body) for fact in created if isinstance(fact.body, ProgramCreated)]
    return {"programs": sorted(programs, key=lambda program: not program["active"])}


def _program(around: Surroundings, body: ProgramCreated) -> dict[str, Any]:
    facts, as_of = around.facts, around.as_of
    days = plan(facts, body.program, as_of)
    active = _active(facts, body.program, as_of)
    return {
        "program": body.program,
        "name": body.name,
        "template": body.template,
        "active": active,
        "days": [
            {
                "day": day.day,
                "name": day.name,
                "slots": [_slot(slot, around, active=active) for slot in day.slots],
            }
            for day in days
        ],
        "adherence": _adherence(around, body.program),
        "revisions": _revisions(facts, body.program, as_of),
    }


def _slot(slot: Slot, around: Surroundings, *, active: bool) -> dict[str, Any]:
    exercise = slot.fields.get("exercise")
    if exercise is None:
        return {"slot": slot.slot, **slot.fields}
    last_time = around.last_time(around.facts.exercise_of(exercise))
    return {
        "slot": slot.slot,
        **slot.fields,
        "name": around.book.name(exercise),
        "last_time": last_time,
        "next": around.next_target(slot) if active else None,
    }


def _active(facts: Facts, program: str, day: int) -> bool:
    writes = [
        Write(fact.entry, isinstance(fact.body, ProgramActivated))
        for fact in about(facts, ("program_activated", "program_archived"), "program", program, day)
    ]
    return bool(writes) and bool(resolve(writes, facts.entries.before).winner.value)


def followed(facts: Facts, program: str, sessions: list[dict[str, Any]], as_of: int) -> list[Followed]:
    """What the sessions of the last 28 days that followed a day of the program did of it, slot by slot."""
    first = day_text(as_of - ADHERENCE_DAYS + 1)
    held = [row for row in sessions if row["program"] == program and first <= row["day"] <= day_text(as_of)]
    rows = []
    for session in held:
        left = _done(session)
        slots = []
        for slot in _slots_of(facts, program, session):
            what = facts.exercise_of(slot.fields["exercise"]), slot.fields.get("kind") == "warm_up"
            there, asked = left.get(what, []), slot.fields["sets"]
            left[what] = there[asked:]
            slots.append((slot, there[:asked]))
        rows.append(Followed(session, slots))
    return rows


def _adherence(around: Surroundings, program: str) -> dict[str, Any]:
    """The sets done of those planned."""
    rows = followed(around.facts, program, around.sessions(), around.as_of)
    planned = sum(slot.fields["sets"] for row in rows for slot, _ in row.slots)
    done = [done["event"] for row in rows for _, sets in row.slots for done in sets]
    adherence = {
        "sessions": len(rows),
        "planned_sets": planned,
        "done_sets": len(done),
        "permille": round_half_up(len(done) * 1000, planned) if planned else None,
    }
    return adherence | because(done, explain=around.explain)


def _done(session: dict[str, Any]) -> dict[tuple[str, bool], list[dict[str, Any]]]:
    """The sets of a session by exercise and whether they were warm-ups, of one-sided ones the fuller side's."""
    sides: dict[tuple[str, bool], dict[str, list[dict[str, Any]]]] = {}
    for block in session["exercises"]:
        for done in block["sets"]:
            if done.get("reps") or done.get("seconds") or done.get("distance_mm"):
                of_exercise = sides.setdefault((block["exercise"], done["kind"] == "warm_up"), {})
                of_exercise.setdefault(done["side"], []).append(done)
    return {
        what: by_side.get("both", []) + max(by_side.get("left", []), by_side.get("right", []), key=len)
        for what, by_side in sides.items()
    }


def _slots_of(facts: Facts, program: str, session: dict[str, Any]) -> Iterator[Slot]:
    """The slots with an exercise that the session's day asked for when the session was held."""
    for day in plan(facts, program, session["day_number"]):
        if day.day == session["program_day"]:
            yield from (slot for slot in day.slots if "exercise" in slot.fields)


def _revisions(facts: Facts, program: str, as_of: int) -> list[dict[str, Any]]:
    """What was changed until a local day, oldest first: each edit with the fields that it gave."""
    edits = [fact for what in ("slot", "day") for fact in about(facts, _of_plan(what), "program", program, as_of)]
    edits.sort(key=lambda fact: (fact.time, fact.entry.replica, fact.entry.seq))
    return [
        {
            "change": fact.entry.type,
            "day": day_text(fact.day),
            "event": fact.entry.id,
            "fields": msgspec.to_builtins(fact.entry.body),
        }
        for fact in edits
    ]


def _of_plan(what: str) -> tuple[str, ...]:
    """The events that tell of a program's slots or days."""
    added = f"{what}_added"
    return added, *EDITS[added], f"{what}_removed"


def _in_force(facts: Facts, what: str, program: str, day: int) -> Iterator[Body]:
    """The days or slots of a program on a local day, each with its fields in force."""
    for fact in about(facts, (f"{what}_added",), "program", program, day):
        if not any(about(facts, (f"{what}_removed",), what, fact.id, day)):
            body, _ = in_force(facts, fact, day)
            yield body


def _rank(placed: Slot | PlannedDay) -> tuple[str, str]:
    return placed.rank, placed.slot if isinstance(placed, Slot) else placed.day
