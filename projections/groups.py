"""Facts by a key, and a summary of each key's facts that is made when asked for and kept until one changes.

    Groups     facts ──key──▶ group ──▶ summary
    Courses    the same, where a group is long: gone through in stretches of time, each going on from the one before
    Rollup     summaries of groups ──places──▶ groups of groups ──▶ summary
    Days       facts ──▶ how many happened on each day

The last three have modules of their own, ``courses``, ``rollups`` and ``days``.

This is why a late fact, a correction or a void costs what it touches, an exercise or a day, and not the history.
A group of a checkpoint has its summaries without the facts, and is given those only when something changes.
Summaries are shared by all who ask: nobody may change one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cached_property
from typing import Generic, Protocol, TypeVar

from projections.effective import Delta, Effective, Key

K = TypeVar("K", str, int)
K_contra = TypeVar("K_contra", str, int, contravariant=True)
S = TypeVar("S")


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
