"""Left against right, exercise by exercise."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import msgspec

from events.quantities import NANOGRAMS_PER_GRAM, round_half_up
from events.training import SetLogged
from projections.facts import Effective
from projections.records import Lift, lift

SESSIONS_THAT_AGREE = 3
NOISE_PERMILLE = 50
"""What two tests of the same leg may differ by: a little over the scatter of repeated strength tests."""


class Sides(msgspec.Struct, frozen=True):
    """The one-sided sets of one exercise in a window of time, earliest session first."""

    sessions: tuple[tuple[tuple[Lift, ...], tuple[Lift, ...]], ...]
    """For each session the sets of the left and of the right side."""

    def shown(self) -> dict[str, Any]:
        """The sides as the report ``balance`` shows them."""
        leans = [_lean(left, right) for left, right in self.sessions if left and right]
        latest = leans[-SESSIONS_THAT_AGREE:]
        agreed = latest[0] if len(latest) == SESSIONS_THAT_AGREE and len(set(latest)) == 1 else None
        return {
            "left": _side([lifted for left, _ in self.sessions for lifted in left]),
            "right": _side([lifted for _, right in self.sessions for lifted in right]),
            "sessions": len(leans),
            "stronger": agreed,
            "flagged": agreed is not None,
        }


def sides_of(facts: Collection[Effective], first: int, last: int) -> Sides:
    """The one-sided sets of one exercise from the day ``first`` to the day ``last``."""
    sessions: dict[str, tuple[list[Lift], list[Lift]]] = {}
    for fact in sorted(facts, key=lambda fact: (fact.time, fact.entry.replica, fact.entry.seq)):
        body = fact.body
        if isinstance(body, SetLogged) and body.counts and body.side != "both" and first <= fact.day <= last:
            left, right = sessions.setdefault(body.session, ([], []))
            (left if body.side == "left" else right).append(lift(fact, body))
    return Sides(tuple((tuple(left), tuple(right)) for left, right in sessions.values()))


def _lean(left: tuple[Lift, ...], right: tuple[Lift, ...]) -> str | None:
    """The side that did better in one session, if by more than the noise."""
    best_left, best_right = (max(_effort(lifted) for lifted in side) for side in (left, right))
    best = max(best_left, best_right)
    if abs(best_left - best_right) * 1000 <= best * NOISE_PERMILLE:
        return None
    return "left" if best_left > best_right else "right"


def _effort(lifted: Lift) -> int:
    """A set as one number: load and repetitions as Epley weighs them, or what was done without a load."""
    if lifted.nanograms is not None and lifted.nanograms > 0:
        return lifted.nanograms * (30 + lifted.reps)
    return lifted.reps or lifted.body.seconds or lifted.body.distance_mm or 0


def _side(lifts: list[Lift]) -> dict[str, Any]:
    best = max(lifts, key=_effort, default=None)
    tonnage = sum(max(lifted.nanograms or 0, 0) * lifted.reps for lifted in lifts)
    return {
        "sets": len(lifts),
        "reps": sum(lifted.reps for lifted in lifts),
        "tonnage_g": round_half_up(tonnage, NANOGRAMS_PER_GRAM),
        "best": None if best is None else best.shown(),
    }
