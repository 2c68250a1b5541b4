"""The days on which something happened."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property

from projections.effective import Delta


class Days:
    """How many facts happened on each local day.

    Args:
        saved: The days of a checkpoint, fetched when first asked for.
    """

    def __init__(self, saved: Callable[[], dict[int, int]] | None = None) -> None:
        self._fetch: Callable[[], dict[int, int]] = dict if saved is None else saved
        self._last: int | None = None

    @cached_property
    def counts(self) -> dict[int, int]:
        """How many on each day on which any did, in no order."""
        return self._fetch()

    def apply(self, deltas: Iterable[Delta]) -> None:
        """Takes changes of facts in."""
        counts, last = self.counts, self._last
        for delta in deltas:
            if (gone := delta.retracted) is not None:
                counts[gone.happened] -= 1
                if not counts[gone.happened]:
                    del counts[gone.happened]
            if (fact := delta.asserted) is not None:
                day = fact.happened
                counts[day] = counts.get(day, 0) + 1
                if last is not None and day > last:
                    last = day
        self._last = last if last in counts else None

    def last(self) -> int | None:
        """The latest day, None where nothing happened."""
        if self._last is None:
            self._last = max(self.counts, default=None)
        return self._last
