"""What a lifter wants to know at the bar, gathered before the first set of a day so that a set is answered at once.

    bar = gather(view, day)                       # of all facts: once a day
    news = beaten(standing, earlier, sets)        # of a few sets: each time

A bar holds, of every exercise, what was done the last times, its records without their history, and what comes next;
and of the programs, which slots each day has. It is made by the folds that the reports are made by, and the records
go on from it by the very fold of ``records``: a set beats here what it beats in the report.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import msgspec

from events.training import SetLogged, Side
from projections import programs
from projections.practice import Bout
from projections.progression import Targets
from projections.records import History, Lift, resumed

if TYPE_CHECKING:
    from projections.view import View

LAST_TIMES = 2
"""So many sessions of each exercise are kept: of the last one, which may be today's, and of the one before."""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A slot with an exercise: what it asks for, and what comes next in it."""

    slot: str
    exercise: str
    """The one that sets of it count for."""
    sets: int
    warm_up: bool
    equipment: str | None
    next: dict[str, Any] | None
    """As the report ``programs`` shows it."""


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """Where an exercise stands."""

    bouts: tuple[Bout, ...]
    """Its last sessions, earliest first."""
    records: list[dict[str, Any]]
    """By side, as the report ``records`` shows them, without the timeline."""
    next: dict[str, Any] | None
    """What comes next outside of any slot, as the report ``overload`` shows it."""


class Bar(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be known on one local day."""

    day: int
    cutoff_min: int
    """When days begin, in minutes."""
    exercises: dict[str, Standing]
    same_as: dict[str, str]
    """By exercise of the lifter's own that is matched: the one that its sets count for."""
    days: dict[str, list[Asked]]
    """By training day: its slots in their order."""
    followed: dict[str, str]
    """By session of the last two days: the training day that it follows."""


def gather(view: View, day: int) -> Bar:
    """All of it, on a local day."""
    targets = Targets(view, day)
    facts = view.at_hand
    created = [fact.id for fact in facts.of_type("program_created")]
    planned = [planned for program in created for planned in programs.plan(facts, program, day)]
    active = {slot.slot for slot in targets.slots}
    sessions = (view.sessions[key] for key in view.sessions)
    return Bar(
        day=day,
        cutoff_min=view.profile.day_cutoff_min or 0,
        exercises={exercise: _standing(view, targets, exercise) for exercise in view.exercises},
        same_as={match.id: facts.exercise_of(match.id) for match in facts.of_type("exercise_matched")},
        days={
            one.day: [
                _asked(view, targets, slot, active=slot.slot in active)
                for slot in one.slots
                if "exercise" in slot.fields
            ]
            for one in planned
        },
        followed={
            row["session"]: row["program_day"]
            for row in sessions
            if row["program_day"] is not None and day - 1 <= row["day_number"] <= day
        },
    )


def beaten(standing: Standing | None, earlier: Iterable[Lift], now: Iterable[Lift]) -> list[dict[str, Any]]:
    """The records that some sets broke, as the timeline of ``records`` tells them, in their order.

    Args:
        standing: Where the exercise stood before; None where it was never done.
        earlier: The counted sets of it since then.
        now: The counted sets that are new.
    """
    saved = {} if standing is None else {row["side"]: row for row in standing.records}
    histories: dict[Side, History] = {}
    news = []
    for is_new, lifts in ((False, earlier), (True, now)):
        for lifted in lifts:
            side = lifted.body.side
            history = histories.setdefault(side, resumed(saved.get(side)))
            told = len(history.timeline)
            history.take(lifted)
            if is_new:
                news += history.timeline[told:]
    return news


def slot_of(asked: list[Asked], exercise: str, body: SetLogged, done: Iterable[SetLogged]) -> Asked | None:
    """The slot of a session's training day that a set belongs to: the first of its exercise that isn't full yet.

    Args:
        asked: The slots of that day.
        exercise: What the set counts for.
        body: The set.
        done: The sets of the session so far.
    """
    fitting = [
        slot
        for slot in asked
        if slot.exercise == exercise
        and (body.kind == "warm_up" or not slot.warm_up)
        and (slot.equipment is None or body.equipment in {None, slot.equipment})
    ]
    filled = [one.slot for one in done if one.counts or one.kind == "warm_up"]
    return next((slot for slot in fitting if filled.count(slot.slot) < slot.sets), fitting[-1] if fitting else None)


def _standing(view: View, targets: Targets, exercise: str) -> Standing:
    proposal = targets.of_exercise(exercise)
    records = view.exercises[exercise].records
    return Standing(
        bouts=view.practised(exercise).bouts[-LAST_TIMES:],
        records=[{name: value for name, value in row.items() if name != "timeline"} for row in records],
        next=None if proposal is None else proposal.shown(),
    )


def _asked(view: View, targets: Targets, slot: programs.Slot, *, active: bool) -> Asked:
    proposal = targets.of_slot(slot) if active else None
    return Asked(
        slot=slot.slot,
        exercise=view.at_hand.exercise_of(slot.fields["exercise"]),
        sets=slot.fields["sets"],
        warm_up=slot.fields.get("kind") == "warm_up",
        equipment=slot.fields.get("equipment"),
        next=None if proposal is None else proposal.shown(),
    )


def last_bout(standing: Standing | None, session: str) -> Bout | None:
    """The last session of an exercise but this one."""
    bouts = () if standing is None else standing.bouts
    return next((bout for bout in reversed(bouts) if bout.session != session), None)
