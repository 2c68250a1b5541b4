"""What a program asks for next: the training day that is due, slot by slot, and how to load and warm up for it.

The day that is due is the one behind that which was followed last, in the order of the program, and after the last
one the first again; while a session follows a day, it is that one.

**Warming up for a lift**: the empty bar, then 40, 60 and 80 % of the load with fewer and fewer repetitions, each
rounded down to what can be loaded. That is a convention of lifters and coaches, and no finding.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from events.programs import Target
from events.quantities import day_text
from projections import programs
from projections.loads import Loading, Rack
from projections.programs import PlannedDay, Slot
from projections.progression import Proposal, Targets
from projections.steps import load_shown

if TYPE_CHECKING:
    from projections.view import View

EMPTY_REPS = 10
RAMP = ((400, 5), (600, 3), (800, 2))
"""So many permille of the load, so many repetitions."""


class Due(msgspec.Struct, frozen=True):
    """A program that is followed, its days in force, and the one that is due; None where it has none."""

    program: str
    name: str
    days: list[PlannedDay]
    due: PlannedDay | None


def due(view: View, day: int, under_way: str | None = None) -> list[Due]:
    """The programs that are followed on a local day, each with the training day that is due.

    Args:
        view: The facts.
        day: The day.
        under_way: The session under way, if one is.
    """
    facts = view.at_hand
    rows = sorted((view.sessions[key] for key in view.sessions), key=lambda row: (row["start"], row["session"]))
    found = []
    for one in programs.active_programs(facts, day):
        days = programs.plan(facts, one.program, day)
        held = [row for row in rows if row["program"] == one.program and row["day_number"] <= day]
        found.append(Due(one.program, one.name, days, _next(days, held, under_way)))
    return found


def report(view: View, day: int, asked: Iterable[tuple[Due, PlannedDay]]) -> dict[str, Any]:
    """What some training days ask for on a local day."""
    targets = Targets(view, day)
    return {
        "day": day_text(day),
        "programs": [
            {
                "program": one.program,
                "name": one.name,
                "program_day": planned.day,
                "day_name": planned.name,
                "slots": [_slot(view, targets, slot) for slot in planned.slots],
            }
            for one, planned in asked
        ],
    }


def ramp(rack: Rack, target: Target) -> list[tuple[Loading, int]]:
    """The warm-up sets before a set of a load, lightest first, each with its repetitions."""
    if target.load is None or target.load_kind != "external":
        return []
    goal = target.load.nanograms
    steps: list[tuple[Loading | None, int]] = [(rack.at_most(rack.start.nanograms), EMPTY_REPS)]
    steps += [(rack.at_most(goal * permille // 1000), reps) for permille, reps in RAMP]
    made: list[tuple[Loading, int]] = []
    for loading, reps in steps:
        if loading is not None and (made[-1][0].nanograms if made else 0) < loading.nanograms < goal:
            made.append((loading, reps))
    return made


def _next(days: list[PlannedDay], held: Sequence[dict[str, Any]], under_way: str | None) -> PlannedDay | None:
    places = {planned.day: place for place, planned in enumerate(days)}
    for row in reversed(held):
        if row["program_day"] in places:
            place = places[row["program_day"]]
            return days[place if row["session"] == under_way else (place + 1) % len(days)]
    return days[0] if days else None


def _slot(view: View, targets: Targets, slot: Slot) -> dict[str, Any]:
    """A slot as the report ``programs`` shows it, and how to go about it."""
    named = slot.fields.get("exercise")
    if named is None:
        return {"slot": slot.slot, **slot.fields}
    exercise = view.at_hand.exercise_of(named)
    proposal, known = targets.of_slot(slot), view.book.find(exercise)
    return {
        "slot": slot.slot,
        **slot.fields,
        "name": view.book.name(named),
        "last_time": view.last_time(exercise),
        "next": None if proposal is None else proposal.shown(),
        "loading": _loading(proposal),
        "warm_up": _warm_up(proposal) if known is not None and known.multi_joint else [],
        "cues": [] if known is None else list(known.cues),
    }


def _loading(proposal: Proposal | None) -> dict[str, Any] | None:
    """How the load of a target is made; None where it can't be told, or not made exactly."""
    if proposal is None or proposal.target is None or proposal.gear is None or proposal.target.load is None:
        return None
    made = proposal.gear.rack.at_most(proposal.target.load.nanograms)
    if made is None or made.nanograms != proposal.target.load.nanograms or proposal.target.load_kind != "external":
        return None
    return {
        "base": load_shown(made.base),
        "plates_per_side": [{"load": load_shown(plates.load), "count": plates.count} for plates in made.plates],
        "add_ons": [load_shown(load) for load in made.add_ons],
        "equipment": proposal.gear.name,
        "assumed": list(proposal.gear.assumed),
    }


def _warm_up(proposal: Proposal | None) -> list[dict[str, Any]]:
    if proposal is None or proposal.target is None or proposal.gear is None:
        return []
    steps = ramp(proposal.gear.rack, proposal.target)
    return [{"load": load_shown(loading.load), "reps": reps} for loading, reps in steps]
