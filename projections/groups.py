"""Facts by a key, and a summary of each key's facts that is made when asked for and kept until one changes.

This is why a late fact, a correction or a void costs what it touches, an exercise or a day, and not the history.
A group of a checkpoint has its summaries without the facts, and is given those only when something changes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cached_property
from typing import Generic, TypeVar

from projections.facts import Delta, Effective, Key

K = TypeVar("K", str, int)
S = TypeVar("S")


class Groups(Generic[K, S]):
    """Facts grouped by ``key_of``, where it gives a key; each group is summed up by ``summarise``.

    Args:
        key_of: The group of a fact.
        summarise: Sums a group up from its facts alone.
        saved: The summaries of a checkpoint, fetched when first asked for. The facts are to be ``load``ed then
            before anything is applied.
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
        self._summaries: dict[K, S] = {}
        self._changed: set[K] = set()
        """The groups that are no longer as they were saved."""

    def load(self, facts: Iterable[Effective]) -> None:
        """Takes in the facts that the saved summaries sum up."""
        grouped: dict[K, dict[Key, Effective]] = {}
        for fact in facts:
            key = self._key_of(fact)
            if key is not None:
                group = grouped.get(key)
                if group is None:
                    group = grouped[key] = {}
                group[fact.key] = fact
        self._facts = grouped

    def apply(self, deltas: Iterable[Delta]) -> None:
        """Takes changes of facts in."""
        groups = self._loaded
        for delta in deltas:
            if (gone := delta.retracted) is not None and (key := self._key_of(gone)) is not None:
                groups[key].pop(gone.key)
                if not groups[key]:
                    del groups[key]
                self._forget(key)
            if (fact := delta.asserted) is not None and (key := self._key_of(fact)) is not None:
                groups.setdefault(key, {})[fact.key] = fact
                self._forget(key)

    def forget(self) -> None:
        """Drops all summaries: what they depend on beside the facts has changed."""
        self._summaries.clear()
        self._fetch = None

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
        return key in self._keys

    def __iter__(self) -> Iterator[K]:
        return iter(sorted(self._keys))

    def last(self) -> K | None:
        """The greatest key, None where there is no fact."""
        return max(self._keys, default=None)

    @property
    def _keys(self) -> Collection[K]:
        return self._saved if self._facts is None else self._facts

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

    def _forget(self, key: K) -> None:
        self._summaries.pop(key, None)
        self._changed.add(key)
