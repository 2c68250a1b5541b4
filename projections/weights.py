"""What the lifter weighed, day by day: for figures that are made of the body's own weight."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable
from typing import Any

import msgspec

from events.body import BODY_WEIGHT, MeasurementTaken
from events.quantities import NANOGRAMS_PER_GRAM, day_text, round_half_up
from projections.facts import Delta, Effective

KINDS = frozenset({"measurement_taken"})
"""The facts that weigh-ins are among."""


class Weight(msgspec.Struct, frozen=True, gc=False):
    """A body weight: of the day on which it was taken, and of those that follow until the next."""

    day: int
    nanograms: int
    event: str

    def shown(self) -> dict[str, Any]:
        """The weight as reports show it."""
        grams = round_half_up(self.nanograms, NANOGRAMS_PER_GRAM)
        return {"grams": grams, "day": day_text(self.day), "event": self.event}


class Weights:
    """All weights that are known.

    Args:
        weights: One for each day on which the lifter was weighed, earliest first.
    """

    def __init__(self, weights: Iterable[Weight] = ()) -> None:
        self._weights = tuple(weights)
        self._days = [weight.day for weight in self._weights]

    def on(self, day: int) -> Weight | None:
        """The latest on a day or before it; None where the lifter had never been weighed."""
        index = bisect_right(self._days, day)
        return self._weights[index - 1] if index else None


def day_of(fact: Effective) -> int | None:
    """The day of a weigh-in; None for other facts."""
    return fact.day if isinstance(fact.body, MeasurementTaken) and fact.body.site == BODY_WEIGHT else None


def summarise(day: int, facts: Collection[Effective]) -> Weight:
    """The weight of one day: the last that was taken on it."""
    last = max(facts, key=lambda fact: (fact.time, fact.entry.replica, fact.entry.seq))
    nanograms = last.body.nanograms if isinstance(last.body, MeasurementTaken) else None
    return Weight(day, nanograms or 0, last.entry.id)


def first_changed(deltas: Iterable[Delta]) -> int | None:
    """The first day from which on another weight may hold; None where none of the changes is about one."""
    days = (day_of(fact) for delta in deltas for fact in (delta.retracted, delta.asserted) if fact is not None)
    return min((day for day in days if day is not None), default=None)
