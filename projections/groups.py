"""Facts by a key, and a summary of each key's facts that is made when asked for and kept until one changes.

    Groups     facts ──key──▶ group ──▶ summary
    Courses    the same, where a group is long: gone through in stretches of time, each going on from the one before
    Rollup     summaries of groups ──places──▶ groups of groups ──▶ summary
    Days       facts ──▶ how many happened on each day

This is why a late fact, a correction or a void costs what it touches, an exercise or a day, and not the history.
A group of a checkpoint has its summaries without the facts, and is given those only when something changes.
Summaries are shared by all who ask: nobody may change one.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cached_property
from typing import Generic, Protocol, TypeVar

from events.quantities import DAY_MS
from projections.facts import Delta, Effective, Key

K = TypeVar("K", str, int)
K_contra = TypeVar("K_contra", str, int, contravariant=True)
S = TypeVar("S")
P = TypeVar("P")

STRETCH_MS = 91 * DAY_MS
"""The stretches of a course: a season has some dozens of sets of an exercise."""


class Watcher(Protocol[K_contra]):
    """Who keeps something that is made of summaries."""

    def changed(self, key: K_contra) -> None:
        """A group has come, gone, or changed."""

    def all_changed(self) -> None:
        """Every group may have changed."""


class Groups(Generic[K, S]):
    """Facts grouped by ``key_of``, where it gives a key; each group is summed up by ``summarise``.

    Args:
        key_of: The group of a fact.
        summarise: Sums a group up from its facts alone.
        saved: The summaries of a checkpoint, fetched when first asked for; where they are lost, the facts are
            ``load``ed instead, as they are before anything is applied.
    """

    def __init__(
        self,
        key_of: Callable[[Effective], K | None],
        summarise: Callable[[K, Collection[Effective]], S],
        saved: Callable[[], dict[K, S]] | None = None,
    ) -> None:
        self._key_of: Callable[[Effective], K | None] = key_of
        self._summarise: Callable[[K, Collection[Effective]], S] = summarise
        self._fetch: Callable[[], dict[K, S]] | None = saved
        self._facts: dict[K, dict[Key, Effective]] | None = {} if saved is None else None
        """By key, and by the fact's own type and id; None as long as only summaries are there.

        An event's id would not do: where another copy of it counts, it may say another fact.
        """
        self._whole = True
        """Whether all facts are there, and not only those of groups that may change."""
        self._gone: set[K] = set()
        """The groups that were saved and are no more."""
        self._summaries: dict[K, S] = {}
        self._ordered: list[K] | None = None
        """The keys in order, as long as none came or went."""
        self._changed: set[K] = set()
        """The groups that are no longer as they were saved."""
        self._watchers: list[Watcher[K]] = []

    def watch(self, watcher: Watcher[K]) -> None:
        """Tells somebody of all changes from now on."""
        self._watchers.append(watcher)

    def load(self, facts: Iterable[Effective], *, whole: bool = True) -> None:
        """Takes in the facts that the saved summaries sum up.

        Args:
            facts: All of them; or those that are at hand, all of every group that may change among them.
            whole: Whether they are all.
        """
        grouped: dict[K, dict[Key, Effective]] = {}
        key_of = self._key_of
        for fact in facts:
            if (key := key_of(fact)) is not None:
                if (group := grouped.get(key)) is None:
                    group = grouped[key] = {}
                group[fact.key] = fact
        self._facts, self._whole = grouped, whole
        self._ordered = None

    def apply(self, deltas: Collection[Delta]) -> None:
        """Takes changes of facts in."""
        groups, key_of = self._loaded, self._key_of
        touched: set[K] = set()
        for delta in deltas:
            if (gone := delta.retracted) is not None and (key := key_of(gone)) is not None:
                touched.add(key)
                del groups[key][gone.key]
            if (fact := delta.asserted) is not None and (key := key_of(fact)) is not None:
                touched.add(key)
                if (group := groups.get(key)) is None:
                    group = groups[key] = {}
                    self._ordered = None
                group[fact.key] = fact
        for key in touched:
            if not groups[key] and self._is_over(key):
                del groups[key]
                self._gone.add(key)
                self._ordered = None
            self._forget(key)

    def forget(self) -> None:
        """Drops all summaries: what they depend on beside the facts has changed."""
        self._summaries.clear()
        self._fetch = None
        for watcher in self._watchers:
            watcher.all_changed()

    def forget_where(self, depends: Callable[[S], bool]) -> None:
        """Drops the summaries that say of themselves that they depend on something else which has changed."""
        for key in self._keys:
            kept = self._kept(key)
            if kept is not None and depends(kept):
                self._forget(key)

    def facts(self, key: K) -> Collection[Effective]:
        """The facts of a group, in no order; none where there is no such group."""
        return self._loaded.get(key, {}).values()

    def summaries(self) -> dict[K, S]:
        """The summaries of all groups."""
        return {key: self[key] for key in self}

    def __getitem__(self, key: K) -> S:
        """The summary of a group.

        Raises:
            KeyError: where there is no such group.
        """
        kept = self._kept(key)
        if kept is None:
            kept = self._summaries[key] = self._summarise(key, self._loaded[key].values())
        return kept

    def __contains__(self, key: K) -> bool:
        if self._facts is None or self._whole:
            return key in self._keys
        saved = self._saved  # fetching what is lost loads the facts
        return key in self._loaded or (key in saved and key not in self._gone)

    def __iter__(self) -> Iterator[K]:
        if self._ordered is None:
            self._ordered = sorted(self._keys)
        return iter(self._ordered)

    def last(self) -> K | None:
        """The greatest key, None where there is no fact."""
        if self._ordered is None:
            self._ordered = sorted(self._keys)
        return self._ordered[-1] if self._ordered else None

    @property
    def _keys(self) -> Collection[K]:
        if self._facts is None:
            saved = self._saved
            if self._facts is None:  # fetching what is lost loads the facts
                return saved
        return self._facts if self._whole else (self._saved.keys() - self._gone) | self._facts.keys()

    @cached_property
    def _saved(self) -> dict[K, S]:
        return {} if self._fetch is None else self._fetch()

    @property
    def _loaded(self) -> dict[K, dict[Key, Effective]]:
        if self._facts is None:
            raise RuntimeError("the facts of these groups were not loaded")
        return self._facts

    def _kept(self, key: K) -> S | None:
        """The summary of a group, where one was made or saved and is still good."""
        if key in self._summaries:
            return self._summaries[key]
        return self._saved.get(key) if self._fetch is not None and key not in self._changed else None

    def _is_over(self, key: K) -> bool:  # noqa: ARG002  # of some groups there is more than their facts
        """Whether a group without facts is no more."""
        return True

    def _forget(self, key: K) -> None:
        """Drops the summary of a group."""
        self._summaries.pop(key, None)
        self._changed.add(key)
        for watcher in self._watchers:
            watcher.changed(key)


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

    def __contains__(self, place: int) -> bool:
        self._settle()
        return place in self._members

    def __iter__(self) -> Iterator[int]:
        """The places on which something bears, in order."""
        return iter(self._in_order())

    def every(self, step: int, last: int) -> list[P]:
        """The summaries from the first place on which something bears to the last one asked for, at equal steps."""
        first, kept = self.first(), self._summaries
        places = () if first is None else range(first, last + 1, step)
        return [kept[place] if place in kept else self[place] for place in places]

    def first(self) -> int | None:
        """The first place on which something bears; None where there is none."""
        places = self._in_order()
        return places[0] if places else None

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
        while self._pending:
            key = self._pending.pop()
            for place in self._placed.pop(key, ()):
                self._summaries.pop(place, None)
                self._members[place].discard(key)
                if not self._members[place]:
                    del self._members[place]
                    self._ordered = None
            if key in self._groups:
                self._placed[key] = tuple(set(self._places_of(self._groups[key])))
                for place in self._placed[key]:
                    self._summaries.pop(place, None)
                    if place not in self._members:
                        self._members[place] = set()
                        self._ordered = None
                    self._members[place].add(key)


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
