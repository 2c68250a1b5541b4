"""Groups of groups: what is summed up of an exercise or a session, by the days or weeks that it bears on."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

from projections.groups import Groups, K

S = TypeVar("S")
P = TypeVar("P")


class Rollup(Generic[K, S, P]):
    """Groups of groups: the summaries of some groups by the days, or weeks, that each bears on.

    Args:
        groups: The groups.
        places_of: The places of a summary: days, or weeks.
        summarise: Sums a place up from the summaries of the groups that bear on it, in the order of their keys; also
            one on which none does.
    """

    def __init__(
        self,
        groups: Groups[K, S],
        places_of: Callable[[S], Iterable[int]],
        summarise: Callable[[int, list[S]], P],
    ) -> None:
        self._groups: Groups[K, S] = groups
        self._places_of: Callable[[S], Iterable[int]] = places_of
        self._summarise: Callable[[int, list[S]], P] = summarise
        self._pending: set[K] | None = None
        """The groups that are to be placed anew; None for all."""
        self._placed: dict[K, tuple[int, ...]] = {}
        self._members: dict[int, set[K]] = {}
        self._summaries: dict[int, P] = {}
        self._ordered: list[int] | None = None
        groups.watch(self)

    def changed(self, key: K) -> None:
        """See ``Watcher``."""
        if self._pending is not None:
            self._pending.add(key)

    def all_changed(self) -> None:
        """See ``Watcher``."""
        self._pending = None

    def __getitem__(self, place: int) -> P:
        """The summary of a place, also of one on which nothing bears."""
        self._settle()
        kept = self._summaries.get(place)
        if kept is None:
            members = sorted(self._members.get(place, ()))
            kept = self._summaries[place] = self._summarise(place, [self._groups[key] for key in members])
        return kept

    def __iter__(self) -> Iterator[int]:
        """The places on which something bears, in order."""
        return iter(self._in_order())

    def summaries(self) -> list[P]:
        """Those of all places on which something bears, in order."""
        return self._of(self._in_order())

    def every(self, step: int, last: int, most: int | None = None) -> list[P]:
        """The summaries from the first place on which something bears to the last one asked for, at equal steps.

        Args:
            step: From one place to the next.
            last: The last place.
            most: How many at most, which are the last ones then; None for all.
        """
        first = self.first()
        places = range(0) if first is None else range(first, last + 1, step)
        return self._of(places if most is None else places[-most:])

    def forget(self) -> None:
        """Drops the summaries of all places: what they depend on beside the groups has changed."""
        self._summaries.clear()

    def _of(self, places: Iterable[int]) -> list[P]:
        kept = self._summaries
        return [kept[place] if place in kept else self[place] for place in places]

    def first(self) -> int | None:
        """The first place on which something bears; None where there is none."""
        places = self._in_order()
        return places[0] if places else None

    def last(self) -> int | None:
        """The last one; None where there is none."""
        places = self._in_order()
        return places[-1] if places else None

    def between(self, first: int, last: int) -> list[int]:
        """The places from one to another on which something bears, in order."""
        places = self._in_order()
        return places[bisect_left(places, first) : bisect_right(places, last)]

    def _in_order(self) -> list[int]:
        self._settle()
        if self._ordered is None:
            self._ordered = sorted(self._members)
        return self._ordered

    def _settle(self) -> None:
        """Places the groups anew that have changed."""
        if self._pending is None:
            self._placed.clear()
            self._members.clear()
            self._summaries.clear()
            self._ordered = None
            self._pending = set(self._groups)
        if self._pending:
            # A set of its own for what comes: that of all groups, once emptied, is still as long to search.
            pending, self._pending = self._pending, set()
            for key in pending:
                for place in self._placed.pop(key, ()):
                    self._take_off(place, key)
                if key in self._groups:
                    self._placed[key] = tuple(set(self._places_of(self._groups[key])))
                    for place in self._placed[key]:
                        self._put_on(place, key)

    def _take_off(self, place: int, key: K) -> None:
        self._summaries.pop(place, None)
        self._members[place].discard(key)
        if not self._members[place]:
            del self._members[place]
            if self._ordered is not None:
                del self._ordered[bisect_left(self._ordered, place)]

    def _put_on(self, place: int, key: K) -> None:
        self._summaries.pop(place, None)
        if place not in self._members:
            self._members[place] = set()
            if self._ordered is not None:
                insort(self._ordered, place)
        self._members[place].add(key)
