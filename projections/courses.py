"""Groups that are gone through in the order of time: a fact costs the stretch that it is in, and those since."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cached_property
from typing import Generic, TypeVar

from events.quantities import DAY_MS
from projections.effective import Delta, Effective
from projections.groups import Groups

S = TypeVar("S")
P = TypeVar("P")

STRETCH_MS = 91 * DAY_MS
"""The stretches of a course: a season has some dozens of sets of an exercise."""


class Courses(Groups[str, S], Generic[S, P]):
    """Groups that are gone through in the order of time, stretch by stretch, each going on from the one before.

    A fact of today costs the stretch that it is in, and one of years ago those since.

    Args:
        key_of: The group of a fact.
        go_on: Takes the facts of one more stretch in, which are in no order: what the stretch before came to, None
            for none, is to be left as it is.
        summarise: Sums a group up from what its stretches came to.
        saved: As ``Groups`` has it.
    """

    def __init__(
        self,
        key_of: Callable[[Effective], str | None],
        go_on: Callable[[str, P | None, Collection[Effective]], P],
        summarise: Callable[[str, list[P]], S],
        saved: Callable[[], dict[str, S]] | None = None,
    ) -> None:
        super().__init__(key_of, lambda key, _: summarise(key, self._passed(key)), saved)
        self._go_on: Callable[[str, P | None, Collection[Effective]], P] = go_on
        self._stretches: dict[str, dict[int, list[Effective]]] = {}
        """The facts by stretch, of groups that were asked for."""
        self._came_to: dict[str, dict[int, P]] = {}
        """What each stretch came to; that of the first ones, where a later one has changed."""
        self._past: Past[P] | None = None
        """What the stretches came to of which not all facts are there."""

    def load(self, facts: Iterable[Effective], *, whole: bool = True) -> None:
        """See ``Groups``."""
        super().load(facts, whole=whole)
        self._stretches.clear()
        self._came_to.clear()
        self._past = None

    def resume(self, past: Past[P]) -> None:
        """Says what stretches came to of which not all facts were loaded."""
        self._past = past

    @staticmethod
    def begin(moment: int) -> int:
        """When the stretch begins in which a moment lies, both in Unix ms."""
        return moment // STRETCH_MS * STRETCH_MS

    def before(self, key: str, moment: int) -> list[P]:
        """What the stretches of a group came to that ended by a moment, in Unix ms; all facts are there."""
        self._passed(key)
        came_to = self._came_to[key]
        return [came_to[number] for number in sorted(came_to) if number < moment // STRETCH_MS]

    def apply(self, deltas: Collection[Delta]) -> None:
        """See ``Groups``."""
        super().apply(deltas)
        if not self._stretches:
            return
        for fact, came in ((fact, fact is delta.asserted) for delta in deltas for fact in delta.facts):
            key = self._key_of(fact)
            if key is None or (stretches := self._stretches.get(key)) is None:
                continue
            number = fact.time // STRETCH_MS
            others = [other for other in stretches.get(number, ()) if other.key != fact.key]
            if came:
                others.append(fact)
            if others:
                stretches[number] = others
            else:
                del stretches[number]
            came_to = self._came_to.get(key, {})
            for later in [later for later in came_to if later >= number]:
                del came_to[later]

    def forget(self) -> None:
        """See ``Groups``."""
        super().forget()
        self._came_to.clear()

    def forget_where(self, depends: Callable[[S], bool]) -> None:
        """See ``Groups``."""
        for key in self._keys:
            if (kept := self._kept(key)) is None or depends(kept):
                self._came_to.pop(key, None)
        super().forget_where(depends)

    def between(self, key: str, first: int, last: int) -> Iterator[Effective]:
        """The facts of a group that happened between two moments, in Unix ms, and others of about then."""
        stretches = self._split(key, self.facts(key))
        for number in range(first // STRETCH_MS, last // STRETCH_MS + 1):
            yield from stretches.get(number, ())

    def _passed(self, key: str) -> list[P]:
        """What the stretches of a group came to, earliest first."""
        passed = self._resumed(key)
        came_to, stretches = self._came_to.setdefault(key, {}), self._split(key, self.facts(key))
        for number in sorted(stretches):
            if passed and self._past is not None and number < self._past.since // STRETCH_MS:
                continue
            if number not in came_to:
                came_to[number] = self._go_on(key, passed[-1] if passed else None, stretches[number])
            passed.append(came_to[number])
        return passed

    def _resumed(self, key: str) -> list[P]:
        """What the stretches came to of which not all facts are there, as one; nothing where there is none."""
        kept = None if self._past is None else self._past.kept.get(key)
        if kept is None or self._past is None:  # what is lost is loaded with everything else
            return []
        since, stretches = self._past.since // STRETCH_MS, self._split(key, self.facts(key))
        early = [fact for number, facts in stretches.items() if number < since for fact in facts]
        return [self._past.resume(kept, early)]

    def _is_over(self, key: str) -> bool:
        return self._past is None or key not in self._past.kept

    def _split(self, key: str, facts: Iterable[Effective]) -> dict[int, list[Effective]]:
        if key not in self._stretches:
            stretches = self._stretches[key] = {}
            for fact in facts:
                stretches.setdefault(fact.time // STRETCH_MS, []).append(fact)
        return self._stretches[key]


class Past(Generic[P]):
    """What groups had come to by a moment, where not all of their facts are there.

    Args:
        since: The moment, at which a stretch begins, in Unix ms.
        fetch: By group, what its stretches had come to as one.
        resume: Adds to that such facts from before as are there.
    """

    def __init__(
        self, since: int, fetch: Callable[[], dict[str, P]], resume: Callable[[P, Collection[Effective]], P]
    ) -> None:
        self.since = since
        self.resume: Callable[[P, Collection[Effective]], P] = resume
        self._fetch: Callable[[], dict[str, P]] = fetch

    @cached_property
    def kept(self) -> dict[str, P]:
        """By group."""
        return self._fetch()
