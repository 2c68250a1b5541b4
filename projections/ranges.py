"""What a slot asks for, and how near a session came to it."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from events.guide import variants_of
from events.programs import Progression, Target
from events.quantities import Load
from events.templates import BALANCED_LEGS
from events.training import LoadKind, SetKind
from projections.practice import Bout, Done

USUAL_REPS = (8, 12)
"""Where neither a program nor the guide says: as the ACSM advises novices (2009, 10.1249/MSS.0b013e3181915670)."""
USUAL_SECONDS = (30, 60)
"""A convention: the guide's stretches are held for 30 s."""

SECONDS_MORE = 5
"""The next step of what is held for a time; a convention."""

_WORKING: frozenset[SetKind] = frozenset({"working", "failure", "amrap"})
"""The sets by which a slot is judged: no warm-ups, no lighter sets behind them."""


class Asking(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked for: so many sets, in a range of repetitions or seconds."""

    exercise: str
    measure: Literal["reps", "seconds"] = "reps"
    bottom: int
    top: int
    sets: int | None = None
    """None where nobody has said: then one set at the heaviest load will do."""
    slot: str | None = None
    per_side: bool = False
    kind: SetKind = "working"
    progression: Progression = Progression(rule="double")
    equipment: str | None = None

    def amount_after(self, amount: int) -> int:
        """One repetition more, or some seconds."""
        return amount + (1 if self.measure == "reps" else SECONDS_MORE)

    def amount(self, done: Done) -> int:
        """What was done of what is counted."""
        return (done.reps if self.measure == "reps" else done.seconds) or 0

    def words(self, amount: int) -> str:
        """So much of what is counted: ``8 reps``, ``45 s``."""
        if self.measure == "seconds":
            return f"{amount} s"
        return f"{amount} {'rep' if amount == 1 else 'reps'}"

    def target(self, load: Load | None, load_kind: LoadKind, amount: int) -> Target:
        """So much, with a load or without."""
        said = {self.measure: max(1, amount)}
        return Target(load=None if load_kind == "bodyweight" else load, load_kind=load_kind, **said)


class Reached(msgspec.Struct, frozen=True):
    """What a session came to: the heaviest load of its working sets, by the weaker side."""

    bout: Bout
    load: Load | None
    load_kind: LoadKind
    nanograms: int
    """The load, signed: less for assisted sets than for the body's own weight."""
    sets: int
    """The sets at that load."""
    amount: int
    """The least that was done in one of them."""
    full: bool
    """Whether as many sets as were asked for stand at the top of the range."""

    @property
    def events(self) -> list[str]:
        """The sets behind it."""
        return [done.event for done in self.bout.sets]


def asking_of_slot(slot: str, fields: dict[str, Any], exercise: str) -> Asking | None:
    """What a slot asks for; None for drills and warm-ups, which have no target.

    Args:
        slot: Its id.
        fields: Its fields in force, as ``programs.Slot`` has them.
        exercise: The exercise that its sets count for.
    """
    if "exercise" not in fields or fields.get("kind") == "warm_up":
        return None
    timed = fields.get("seconds_min") is not None or fields.get("seconds_max") is not None
    measure: Literal["reps", "seconds"] = "seconds" if timed else "reps"
    low, high = fields.get(f"{measure}_min"), fields.get(f"{measure}_max")
    usual = USUAL_SECONDS if timed else USUAL_REPS
    progression = fields.get("progression")
    return Asking(
        exercise=exercise,
        measure=measure,
        bottom=low if low is not None else high if high is not None else usual[0],
        top=high if high is not None else low if low is not None else usual[1],
        sets=fields.get("sets"),
        slot=slot,
        per_side=bool(fields.get("per_side")),
        kind=fields.get("kind") or "working",
        progression=Progression(rule="double") if progression is None else msgspec.convert(progression, Progression),
        equipment=fields.get("equipment"),
    )


def asking_of_exercise(exercise: str, last: Bout | None) -> Asking | None:
    """What is assumed where no program asks; None for what is counted by distance, or was never done."""
    if last is None or any(done.distance_mm for done in last.sets):
        return None
    if any(done.reps for done in last.sets):
        bottom, top = _GUIDED.get(exercise, USUAL_REPS)
        return Asking(exercise=exercise, bottom=bottom, top=top)
    return Asking(exercise=exercise, measure="seconds", bottom=USUAL_SECONDS[0], top=USUAL_SECONDS[1])


def reached(bout: Bout, asking: Asking) -> Reached | None:
    """What a session came to; None where nothing that is asked for was done."""
    kinds = _WORKING if asking.kind in _WORKING else {asking.kind}
    done = [one for one in bout.sets if asking.amount(one)]
    sides = _sides([one for one in done if one.kind in kinds] or done, per_side=asking.per_side)
    if not any(sides):
        return None
    weakest = min((max(side, key=_weight) for side in sides if side), key=_weight)
    at_load = [[one for one in side if one.nanograms >= weakest.nanograms] for side in sides]
    sets = min(len(side) for side in at_load)
    amount = min(asking.amount(one) for side in at_load for one in side)
    return Reached(
        bout,
        weakest.load,
        weakest.load_kind,
        weakest.nanograms,
        sets,
        amount,
        full=sets >= (asking.sets or 1) and amount >= asking.top,
    )


def _sides(sets: list[Done], *, per_side: bool) -> list[list[Done]]:
    """The sets of each side that worked, those of both in either; where both shall work, the idle one has none."""
    worked = {one.side for one in sets} - {"both"}
    if not worked:
        return [sets]
    sides = ("left", "right") if per_side else sorted(worked)
    return [[one for one in sets if one.side in {side, "both"}] for side in sides]


def _weight(done: Done) -> int:
    return done.nanograms


_GUIDED = {
    exercise: (place.reps_min, place.reps_max)
    for day in BALANCED_LEGS.days
    for place in day.places
    if place.exercise is not None and place.reps_min is not None and place.reps_max is not None
    for exercise in (place.exercise, *variants_of(place.exercise))
}
"""The ranges of the guide's lifts, and of their variants."""
