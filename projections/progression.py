"""What comes next: the target of a slot, or of an exercise that no program asks for, and why.

    targets = Targets(view, day)          # day: the local day asked for; clients that mean today pass today
    targets.of_slot(slot)                 # a Proposal for a slot in force (`programs.plan`); None for drills
    targets.of_exercise("leg_press")      # a Proposal without a slot; None where it was never done, or by distance

The rules are in ``projections.rules``; here is gathered what they judge. Sets count for a slot that name it; those
that name none do, too, as long as no other slot that is followed asks for the same exercise. Sessions of a deload are
not judged. What the lifter decided about a slot counts until the slot is changed.
"""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from events.body import ReadinessRated
from events.catalogue import Exercise
from events.programs import ProgressionDecided
from events.quantities import Unit
from projections import edits, gear, programs
from projections.practice import Bout
from projections.ranges import Asking, Reached, asking_of_exercise, asking_of_slot, reached
from projections.rules import Decided, Noted, Proposal, Situation, propose

if TYPE_CHECKING:
    from projections.view import View

__all__ = ["Proposal", "Targets"]

_PLACE = frozenset({"day", "rank"})
"""Where a slot is, which is no part of what it asks for."""


class Targets:
    """The targets on one local day.

    Args:
        view: The facts up to that day.
        day: The day, since 1970-01-01.
    """

    def __init__(self, view: View, day: int) -> None:
        self._view = view
        self._day = day

    def of_slot(self, slot: programs.Slot) -> Proposal | None:
        """What a slot in force asks for next; None for a drill or a warm-up."""
        named = slot.fields.get("exercise")
        exercise = "" if named is None else self._view.at_hand.exercise_of(named)
        asking = asking_of_slot(slot.slot, slot.fields, exercise)
        return None if asking is None else self._propose(asking)

    def of_exercise(self, exercise: str) -> Proposal | None:
        """What comes next in an exercise, all its sets taken together; None where nothing can be told."""
        bouts = self._view.practised(exercise).bouts
        asking = asking_of_exercise(exercise, bouts[-1] if bouts else None)
        return None if asking is None else self._propose(asking)

    @cached_property
    def slots(self) -> list[programs.Slot]:
        """The slots of all programs that are followed on the day."""
        return programs.slots_in_force(self._view.at_hand, self._day)

    def in_deload(self, at: int) -> bool:
        """Whether a deload was on at a moment."""
        return any(deload.covers(at) for deload in self._deloads)

    def _propose(self, asking: Asking) -> Proposal:
        every = self._view.practised(asking.exercise).bouts
        bouts = [bout for bout in (self._of_slot(bout, asking) for bout in every) if bout.sets]
        usual = [bout for bout in bouts if not self.in_deload(bout.at)]
        judged = [found for bout in reversed(usual or bouts) if (found := reached(bout, asking)) is not None]
        return propose(
            Situation(
                asking=asking,
                judged=judged,
                only_deloads=not usual,
                last=bouts[-1] if bouts else None,
                idle_days=self._day - every[-1].day if every else None,
                deload=next((deload for deload in self._deloads if deload.end is None), None),
                pain=self._pain(asking, bouts),
                decided=self._decided(asking),
                gear=self._gear(asking, judged, bouts),
            )
        )

    def _of_slot(self, bout: Bout, asking: Asking) -> Bout:
        """The sets of a session that count for the slot; all, where there is none."""
        if asking.slot is None:
            return bout
        own = {asking.slot} if self._asked_for[asking.exercise] > 1 else {asking.slot, None}
        return msgspec.structs.replace(bout, sets=tuple(done for done in bout.sets if done.slot in own))

    @cached_property
    def _asked_for(self) -> Counter[str]:
        """How many slots that are followed ask for each exercise."""
        facts = self._view.at_hand
        return Counter(facts.exercise_of(slot.fields["exercise"]) for slot in self.slots if "exercise" in slot.fields)

    @cached_property
    def _deloads(self) -> list[Noted]:
        """The deloads, earliest first; the last may go on."""
        deloads: list[Noted] = []
        for row in sorted(self._view.noted("deload_started", "deload_ended"), key=lambda row: (row.at, row.event)):
            going_on = bool(deloads) and deloads[-1].end is None
            if row.type == "deload_started" and not going_on:
                deloads.append(Noted(row.day, row.at, row.event))
            elif row.type == "deload_ended" and going_on:
                deloads[-1] = msgspec.structs.replace(deloads[-1], end=row.at)
        return deloads

    def _pain(self, asking: Asking, bouts: list[Bout]) -> Noted | None:
        """The latest report of pain in the slot, on the day of its last session or since."""
        if not bouts:
            return None
        slots = {asking.slot} if asking.slot is not None else {done.slot for done in bouts[-1].sets}
        latest = [self._pains[slot] for slot in slots if slot in self._pains]
        since = [pain for pain in latest if pain.day >= bouts[-1].day]
        return max(since, key=lambda pain: (pain.day, pain.at, pain.event), default=None)

    @cached_property
    def _pains(self) -> dict[str | None, Noted]:
        """By slot: the latest report of pain in it."""
        pains: dict[str | None, Noted] = {}
        for row in self._view.noted("readiness_rated"):
            pain = msgspec.convert(row.said, ReadinessRated).pain
            if pain is not None and pain.slot is not None:
                pains[pain.slot] = Noted(row.day, row.at, row.event, words=pain.site)
        return pains

    def _decided(self, asking: Asking) -> Decided | None:
        """What the lifter decided last about the slot as it is."""
        decided = self._decisions.get(asking.slot)
        if decided is None:
            return None
        registers = edits.registers(self._view.at_hand, ("slot_added", decided.slot), self._day)
        changes = (register.winner.entry for name, register in registers.items() if name not in _PLACE)
        if any(max(entry.time, entry.happened(entry.at)) > decided.at for entry in changes):
            return None
        return decided

    @cached_property
    def _decisions(self) -> dict[str | None, Decided]:
        """By slot: what was decided last."""
        decisions: dict[str | None, Decided] = {}
        for row in sorted(self._view.noted("progression_decided"), key=lambda row: (row.at, row.event)):
            body = msgspec.convert(row.said, ProgressionDecided)
            accepted = body.decision == "accepted"
            decisions[body.slot] = Decided(row.day, row.at, row.event, body.slot, body.target, accepted=accepted)
        return decisions

    def _gear(self, asking: Asking, judged: list[Reached], bouts: list[Bout]) -> gear.Gear | None:
        said = [done.equipment for done in reversed(bouts[-1].sets)] if bouts else []
        load = judged[0].load if judged else None
        unit: Unit = load.unit if load is not None else self._view.profile.units or "kg"
        return gear.find(self._equipment, [asking.equipment, *said], self._held(asking.exercise, bouts), unit, load)

    def _held(self, exercise: str, bouts: list[Bout]) -> Exercise:
        """What is known of an exercise, done with what its last set was done with: a lunge may be with dumbbells."""
        known = self._known(exercise)
        in_hand = bool(bouts) and bouts[-1].sets[-1].implements is not None
        if not in_hand or known.equipment in {"dumbbell", "kettlebell"}:
            return known
        return msgspec.structs.replace(known, equipment="dumbbell")

    @cached_property
    def _equipment(self) -> list[gear.Piece]:
        return gear.pieces(self._view.at_hand)

    def _known(self, exercise: str) -> Exercise:
        known = self._view.book.find(exercise)
        name = self._view.book.name(exercise)
        return known or Exercise(id=exercise, name=name, pattern="other", equipment="other")
