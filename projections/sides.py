"""Left against right, exercise by exercise."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import msgspec

from events.quantities import NANOGRAMS_PER_GRAM, round_half_up
from events.training import SetLogged
from projections.explained import because
from projections.facts import Effective
from projections.records import Lift, lift

SESSIONS_THAT_AGREE = 3
NOISE_PERMILLE = 50
"""What two tests of the same leg may differ by: a little over the scatter of repeated strength tests."""

_Measured = tuple[bool, int]
"""Whether it is measured in load, which outdoes whatever was done without one, and how much it is."""

_NOTHING: _Measured = (False, 0)


class Sides(msgspec.Struct, frozen=True):
    """The one-sided sets of one exercise in a window of time, earliest session first."""

    sessions: tuple[tuple[tuple[Lift, ...], tuple[Lift, ...]], ...]
    """For each session the sets of the left and of the right side."""

    def shown(self, *, explain: bool = False) -> dict[str, Any]:
        """The sides as the report ``balance`` shows them; with ``explain`` each names the events behind it."""
        left, right = ([lifted for session in self.sessions for lifted in session[side]] for side in (0, 1))
        both = [session for session in self.sessions if all(session)]
        stronger, busier = (
            _agreed([_lean(measure(ours), measure(theirs)) for ours, theirs in both]) for measure in (_best, _done)
        )
        return {
            "left": _side(left, explain=explain),
            "right": _side(right, explain=explain),
            "best_ratio_milli": _ratio(_best(left), _best(right)),
            "volume_ratio_milli": _ratio(_done(left), _done(right)),
            "sessions": len(both),
            "stronger": stronger,
            "busier": busier,
            "flagged": stronger is not None or busier is not None,
        } | because((lifted.event for lifted in left + right), explain=explain)


def sides_of(facts: Iterable[Effective], first: int, last: int) -> Sides:
    """The one-sided sets of one exercise from the day ``first`` to the day ``last``."""
    sessions: dict[str, tuple[list[Lift], list[Lift]]] = {}
    for fact in sorted(facts, key=lambda fact: (fact.time, fact.entry.replica, fact.entry.seq)):
        body = fact.body
        if isinstance(body, SetLogged) and body.counts and body.side != "both" and first <= fact.day <= last:
            left, right = sessions.setdefault(body.session, ([], []))
            (left if body.side == "left" else right).append(lift(fact, body))
    return Sides(tuple((tuple(left), tuple(right)) for left, right in sessions.values()))


def _agreed(leans: list[str | None]) -> str | None:
    """The side to which the latest sessions all lean."""
    latest = leans[-SESSIONS_THAT_AGREE:]
    return latest[0] if len(latest) == SESSIONS_THAT_AGREE and len(set(latest)) == 1 else None


def _lean(left: _Measured, right: _Measured) -> str | None:
    """The side that did better in one session, if by more than the noise."""
    best = max(left, right)
    if left[0] == right[0] and abs(left[1] - right[1]) * 1000 <= best[1] * NOISE_PERMILLE:
        return None
    return "left" if left > right else "right"


def _ratio(left: _Measured, right: _Measured) -> int | None:
    """Left to right in thousandths, where the two are of one sort and the right did anything."""
    if left[0] != right[0] or not right[1]:
        return None
    return round_half_up(left[1] * 1000, right[1])


def _best(lifts: Collection[Lift]) -> _Measured:
    """The best set."""
    return max((_effort(lifted) for lifted in lifts), default=_NOTHING)


def _done(lifts: Collection[Lift]) -> _Measured:
    """All sets together: tonnage, or, without a load, repetitions, seconds or distance."""
    if tonnage := sum(max(lifted.nanograms or 0, 0) * lifted.reps for lifted in lifts):
        return True, tonnage
    for amounts in zip(
        *((lifted.reps, lifted.body.seconds, lifted.body.distance_mm) for lifted in lifts), strict=True
    ):
        if amount := sum(part or 0 for part in amounts):
            return False, amount
    return _NOTHING


def _effort(lifted: Lift) -> _Measured:
    """A set as one number: load and repetitions as Epley weighs them, or what was done without a load."""
    if lifted.nanograms is not None and lifted.nanograms > 0:
        return True, lifted.nanograms * (30 + lifted.reps)
    return False, lifted.reps or lifted.body.seconds or lifted.body.distance_mm or 0


def _side(lifts: list[Lift], *, explain: bool) -> dict[str, Any]:
    best = max(lifts, key=_effort, default=None)
    tonnage = sum(max(lifted.nanograms or 0, 0) * lifted.reps for lifted in lifts)
    return {
        "sets": len(lifts),
        "reps": sum(lifted.reps for lifted in lifts),
        "tonnage_g": round_half_up(tonnage, NANOGRAMS_PER_GRAM),
        "best": None if best is None else best.shown(),
    } | because((lifted.event for lifted in lifts), explain=explain)
