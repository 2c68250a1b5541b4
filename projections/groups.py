"""Facts by a key, and a summary of each key's facts that is made when asked for and kept until one changes.

This is why a late fact, a correction or a void costs what it touches, an exercise or a day, and not the history.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Generic, TypeVar

from projections.facts import Delta, Effective

K = TypeVar("K", str, int)
S = TypeVar("S")


class Groups(Generic[K, S]):
    """Facts grouped by ``key_of``, where it gives a key; each group is summed up by ``summarise``."""

    def __init__(
        self, key_of: Callable[[Effective], K | None], summarise: Callable[[K, Collection[Effective]], S]
    ) -> None:
        self._key_of: Callable[[Effective], K | None] = key_of
        self._summarise: Callable[[K, Collection[Effective]], S] = summarise
        self._facts: dict[K, dict[str, Effective]] = {}
        """By key, and by the id of the event that created the fact."""
        self._summaries: dict[K, S] = {}

    def apply(self, deltas: Iterable[Delta]) -> None:
        """Takes changes of facts in."""
        for delta in deltas:
            if (gone := delta.retracted) is not None and (key := self._key_of(gone)) is not None:
                self._facts[key].pop(gone.entry.id)
                if not self._facts[key]:
                    del self._facts[key]
                self._summaries.pop(key, None)
            if (fact := delta.asserted) is not None and (key := self._key_of(fact)) is not None:
                group = self._facts.get(key)
                if group is None:
                    group = self._facts[key] = {}
                group[fact.entry.id] = fact
                self._summaries.pop(key, None)

    def forget(self) -> None:
        """Drops all summaries: what they depend on beside the facts has changed."""
        self._summaries.clear()

    def facts(self, key: K) -> Collection[Effective]:
        """The facts of a group, in no order; none where there is no such group."""
        return self._facts.get(key, {}).values()

    def __getitem__(self, key: K) -> S:
        """The summary of a group.

        Raises:
            KeyError: where there is no such group.
        """
        summary = self._summaries.get(key)
        if summary is None:
            summary = self._summaries[key] = self._summarise(key, self._facts[key].values())
        return summary

    def __contains__(self, key: K) -> bool:
        return key in self._facts

    def __iter__(self) -> Iterator[K]:
        return iter(sorted(self._facts))

    def last(self) -> K | None:
        """The greatest key, None where there is no fact."""
        return max(self._facts, default=None)
