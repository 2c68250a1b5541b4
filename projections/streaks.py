"""How often in a row something was kept to, so that a long history is added up from its parts."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec


class Streak(msgspec.Struct, frozen=True, gc=False):
    """Some times, one after another: how many in a row were kept to up to the last one, and at the most."""

    current: int = 0
    longest: int = 0
    first: int = 0
    """How many in a row from the first one on."""
    times: int = 0

    @classmethod
    def of(cls, kept: Iterable[bool]) -> Streak:
        """What some times come to."""
        current = longest = times = 0
        first: int | None = None
        for held in kept:
            times += 1
            if not held and first is None:
                first = current
            current = current + 1 if held else 0
            longest = max(longest, current)
        return cls(current, longest, current if first is None else first, times)

    def then(self, later: Streak) -> Streak:
        """These times and those that followed.

        ``Streak.of(a).then(Streak.of(b)) == Streak.of(a + b)``
        """
        return Streak(
            later.current + (self.current if later.current == later.times else 0),
            max(self.longest, later.longest, self.current + later.first),
            self.first + (later.first if self.first == self.times else 0),
            self.times + later.times,
        )

    def shown(self) -> dict[str, int]:
        """The streak as reports show it."""
        return {"current": self.current, "longest": self.longest}
