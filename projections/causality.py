"""Before and after, without clocks: what each replica had seen when it wrote each of its events.

An event names in ``saw`` only what is new to its replica, so what an event had seen of another replica is the
largest such entry along its replica up to and including it. Kept per pair of replicas as two rising lists, it is
found by bisection.
"""

from __future__ import annotations

from bisect import bisect_right

import msgspec
from msgspec import UNSET

from events import Event


class Sightings(msgspec.Struct, gc=False):
    """What one replica had seen of another: from its event ``seqs[i]`` on, all events up to ``heights[i]``."""

    seqs: list[int]
    heights: list[int]

    def at(self, seq: int) -> int:
        """The highest seq of the other that the event ``seq`` had seen; 0 for none."""
        index = bisect_right(self.seqs, seq)
        return self.heights[index - 1] if index else 0


class Causality(msgspec.Struct):
    """How far each replica's events are known, and what each had seen of the others."""

    lengths: dict[str, int] = {}
    seen: dict[str, dict[str, Sightings]] = {}

    def knows(self, event: Event) -> bool:
        """Whether this place of the replica's chain was taken in already."""
        return event.seq <= self.lengths.get(event.replica, 0)

    def take(self, event: Event) -> bool:
        """Takes in the next event of its replica; False where this place of the chain was taken in already.

        Raises:
            ValueError: where an event before it is missing; the caller broke the order of the replica.
        """
        expected = self.lengths.get(event.replica, 0) + 1
        if event.seq < expected:
            return False
        if event.seq != expected:
            raise ValueError(f"event {event.seq} of {event.replica} came when {expected} was due")
        self.lengths[event.replica] = expected
        if event.saw is not UNSET:
            for other, height in event.saw.items():
                sightings = self.seen.setdefault(event.replica, {}).setdefault(other, Sightings([], []))
                if not sightings.heights or height > sightings.heights[-1]:
                    sightings.seqs.append(expected)
                    sightings.heights.append(height)
        return True

    def before(self, replica: str, seq: int, later_replica: str, later_seq: int) -> bool:
        """Whether the event (``replica``, ``seq``) is before (``later_replica``, ``later_seq``)."""
        if replica == later_replica:
            return seq < later_seq
        sightings = self.seen.get(later_replica, {}).get(replica)
        return sightings is not None and sightings.at(later_seq) >= seq

    def seen_by(self, replica: str, seq: int) -> dict[str, int]:
        """All that an event had seen: of each replica the highest seq, of its own the one before it."""
        seen = {other: sightings.at(seq) for other, sightings in self.seen.get(replica, {}).items()}
        return {other: height for other, height in (seen | {replica: seq - 1}).items() if height}
