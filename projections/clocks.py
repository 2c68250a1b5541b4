"""Which clocks can't be trusted: what a replica's chain says against the times of its own events.

A stamp knows how far off a clock was when the replica synced. An event's time is right if the clock was as far off
when the event was written; whether it was, nobody saw. But a clock that was changed in between mostly leaves a trace,
for a chain was written in its order, after the sync before and before its own:

    beyond      its time would be after its own arrival
    behind      its time is before that of an event that an earlier sync had brought
    crossed     its time is before that of an earlier event of the same sync: one of the two is wrong, so both are
                in doubt; but see ``FAR_MS``
    changed     the clock was off otherwise at the sync before, and it can have been written under the old error
    stepped     nothing is known from before, and the clock leapt ahead by what it was off at the first sync

Each leaves a *doubt*: by how many ms the time of the event may be off, a whole day where it can't be said. A doubt is
a function of the chain's ``written`` and stamps alone, so neither arrival nor erasure changes it. An event that fits
costs a few comparisons; one that doesn't has its own sync judged again, or the outbox.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from itertools import accumulate
from typing import Generic, Protocol, TypeVar

import msgspec

from events import Stamp
from events.protocol import CLOCKS_AGREE_MS
from events.quantities import DAY_MS, EARLIEST_MS, HOUR_MS, LATEST_MS

SLACK_MS = 2 * CLOCKS_AGREE_MS
"""Two readings of a clock that agrees with the server's can contradict each other by so much: twice what passes."""

FAR_MS = 30 * DAY_MS
"""Who trains pauses for less, and syncs before.

So where two events of one sync are crossed by more, the earlier one is spared: had its clock been so far ahead, and
not just the later one's behind, the sync would have come before its time. It is spared, unless it had come by a leap
as far, and the later one goes on where that began.
"""

UNKNOWN_MS = DAY_MS
"""The doubt of a time that may be off by any amount: no day is certain then."""


TAIL = 1000
"""So many readings are held with the end of a chain; what one request can bring."""


class Reading(Protocol):
    """An event, as a reading of its replica's clock."""

    @property
    def replica(self) -> str:
        """Whose clock."""

    @property
    def seq(self) -> int:
        """Its place in the chain."""

    @property
    def written(self) -> int:
        """What the clock said, in Unix ms."""

    @property
    def stamp(self) -> Stamp | None:
        """What the server said to it; None in the outbox."""

    @property
    def time(self) -> int:
        """What is made of both, in Unix ms."""


R = TypeVar("R", bound=Reading)


class NotHeldError(LookupError):
    """A reading is asked for that ``Clocks.resume`` was not given: the whole chains are needed."""


class Clocks(Generic[R]):
    """The chains of all replicas, and the doubts about their clocks."""

    def __init__(self) -> None:
        self.doubts: dict[str, dict[int, int]] = {}
        """By replica and seq: by how many ms the time of an event may be off, where something speaks against it."""
        self._chains: dict[str, _Chain[R]] = {}
        self._news: list[R] = []

    def take(self, reading: R) -> None:
        """Takes in the next event of its replica, or one with a new stamp; to be judged by ``settle``."""
        self._news.append(reading)

    def fill(self, readings: Iterable[R]) -> None:
        """Takes in whole chains, in any order; to be judged by ``settle``."""
        self._news += sorted(readings, key=lambda reading: reading.seq)

    def tails(self) -> dict[str, Tail]:
        """Where all chains stand."""
        return {replica: chain.tail() for replica, chain in self._chains.items()}

    def resume(self, tails: Mapping[str, Tail], readings: Iterable[R]) -> None:
        """Goes on from where chains stood, with the readings from the first on that each tail names, and others."""
        held: dict[str, dict[int, R]] = {replica: {} for replica in tails}
        for reading in readings:
            if reading.seq > tails[reading.replica].first:
                held[reading.replica][reading.seq] = reading
        for replica, tail in tails.items():
            self._chains[replica] = _Chain.of(tail, [held[replica][seq] for seq in sorted(held[replica])])

    def settle(self) -> list[R]:
        """Judges what was taken in; gives the events of which there is another doubt than before.

        Raises:
            NotHeldError: where a chain was resumed, and what came bears on what lies before its tail.
        """
        for reading in self._news:
            chain = self._chains.get(reading.replica)
            if chain is None:
                chain = self._chains[reading.replica] = _Chain()
            if reading.seq > chain.length:
                chain.append(reading)
            else:
                chain.replace(reading)
        self._news.clear()
        changed = [reading for chain in self._chains.values() for reading in chain.settle()]
        self.doubts = {replica: chain.doubts for replica, chain in self._chains.items() if chain.doubts}
        return changed


class _Run(msgspec.Struct):
    """Neighbours in a chain with one stamp: what one request brought; or what is in the outbox.

    ``floor`` is the latest time of all before, ``former`` the stamp before, both None where there is none; ``high``
    is the latest time of its witnesses, ``latest`` that of the others. Doubts are by seq: those that an event brings
    ``alone``, and of these the ``refuted``, who are surely wrong and no witnesses against their own sync; None for
    none, for who syncs after each set has as many runs as events.
    """

    start: int
    stamp: Stamp | None
    floor: int | None
    former: Stamp | None
    latest: int
    high: int
    skew: int
    received: int
    plain: bool = False
    """Whether an event that is no earlier than ``high``, nor later than ``received``, is beyond doubt."""
    alone: dict[int, int] | None = None
    refuted: set[int] | None = None
    end: int | None = None
    """Where the next run starts."""

    @classmethod
    def after(cls, before: _Run | None, start: int, stamp: Stamp | None) -> _Run:
        """An empty run that follows another."""
        floor = None if before is None else max(before.high, before.latest)
        former = None if before is None else before.stamp or before.former
        skew, received = (0, LATEST_MS) if stamp is None else (stamp.skew, stamp.received)
        same = former is not None and abs(skew - former.skew) <= SLACK_MS
        low = EARLIEST_MS if floor is None else floor
        plain = same or (former is None and skew > -HOUR_MS)
        return cls(start, stamp, floor, former, low, low - SLACK_MS, skew, received, plain)

    def take(self, reading: Reading, before: Reading | None) -> bool:
        """Judges the next event by itself; whether it contradicts one before it, so that all are to be judged."""
        time, crossed = reading.time, False
        beyond = reading.written + self.skew > self.received + SLACK_MS
        if beyond or (self.floor is not None and time < self.floor - SLACK_MS):
            self._doubt_alone(reading.seq, UNKNOWN_MS)
            if self.refuted is None:
                self.refuted = set()
            self.refuted.add(reading.seq)
            self.latest = max(self.latest, time)
        elif time < self.high - SLACK_MS:
            crossed = True
        else:
            self.high = max(self.high, time)
        if self.former is None:
            crossed |= before is not None and self._is_step(before, reading)
        elif not self.plain:
            self._compare(reading, self.former)
        return crossed

    def together(self, readings: list[R]) -> dict[int, int]:
        """The doubts that events of the run, all of which are given, cast on each other."""
        doubts: dict[int, int] = {}
        for later, earlier in zip(readings[:0:-1], readings[-2::-1], strict=True):
            if doubts or self._is_step(earlier, later):
                doubts[earlier.seq] = min(-self.skew, UNKNOWN_MS)
        refuted = self.refuted or ()
        witnesses = [reading for reading in readings if reading.seq not in refuted]
        highs = list(accumulate((reading.time for reading in witnesses), max))
        for reading, high in zip(witnesses, highs, strict=True):
            if reading.time < high - SLACK_MS:
                doubts[reading.seq] = UNKNOWN_MS
        low = LATEST_MS
        for reading in reversed(witnesses):
            low = min(low, reading.time)
            ahead = reading.time - low
            if SLACK_MS < ahead <= FAR_MS or (ahead > FAR_MS and self._leaps_over(low, highs)):
                doubts[reading.seq] = UNKNOWN_MS
        return doubts

    def _leaps_over(self, low: int, highs: list[int]) -> bool:
        """Whether time went past ``low`` in one leap that is far."""
        index = bisect_right(highs, low)
        below = highs[index - 1] if index else self.floor
        return below is not None and highs[index] - below > FAR_MS

    def _compare(self, reading: Reading, former: Stamp) -> None:
        """The clock was set between two syncs, once: was it before this event, and then before all that follow?"""
        under_old = reading.written + former.skew
        if former.received - SLACK_MS <= under_old <= self.received + SLACK_MS:
            doubt = min(abs(self.skew - former.skew), UNKNOWN_MS)
            self._doubt_alone(reading.seq, doubt)
        else:
            self.plain = True

    def doubt(self, seq: int) -> int:
        """The doubt that an event brings alone."""
        return 0 if self.alone is None else self.alone.get(seq, 0)

    def _doubt_alone(self, seq: int, doubt: int) -> None:
        if self.alone is None:
            self.alone = {}
        self.alone[seq] = max(doubt, self.alone.get(seq, 0))

    def _is_step(self, before: Reading, after: Reading) -> bool:
        """Whether, at a first sync, a clock that is now ahead seems to have leapt there just then."""
        ahead = -self.skew
        if self.former is not None or ahead < HOUR_MS:
            return False
        step = after.written - before.written
        return step >= ahead - SLACK_MS and (ahead >= FAR_MS or step <= ahead + HOUR_MS)


class Tail(msgspec.Struct, frozen=True):
    """The end of a chain: enough to go on from, and to judge its last syncs anew.

    ``first`` is the index of the first reading that is held with it, and ``doubts`` are those of the whole chain.
    """

    first: int
    runs: list[_Run]
    doubts: dict[int, int]


class _Chain(Generic[R]):
    """All events of one replica in order, in runs, and what is in doubt of them.

    One that was resumed holds the last readings alone.
    """

    def __init__(self) -> None:
        self._first = 0
        """The index of the first reading that is held."""
        self.readings: list[R] = []
        self.doubts: dict[int, int] = {}
        """By seq, where there is any."""
        self._runs: list[_Run] = []
        self._stale: int | None = None
        """The index from which on runs are to be made anew."""
        self._crossed: dict[int, _Run] = {}
        """By their start: the runs in which events contradict each other, and that is not judged yet."""
        self._changed: dict[int, int] = {}
        """By seq: the doubts as they were, where they are no longer so."""

    @classmethod
    def of(cls, tail: Tail, readings: list[R]) -> _Chain[R]:
        """The chain of a tail, and of the readings that are held with it."""
        chain = cls()
        chain._first, chain.readings = tail.first, readings
        chain._runs, chain.doubts = tail.runs, tail.doubts
        return chain

    def tail(self) -> Tail:
        """Where it stands once all is judged: with the last two runs, or fewer where they are long."""
        starts = [run.start for run in self._runs[-2:] if self.length - run.start <= TAIL]
        first = max(self._first, starts[0] if starts else self.length - 1)
        return Tail(first, self._runs[-3:], self.doubts)

    @property
    def length(self) -> int:
        """How many events there are, held or not."""
        return self._first + len(self.readings)

    def _at(self, index: int) -> R:
        return self._between(index, index + 1)[0]

    def _between(self, start: int, end: int | None) -> list[R]:
        if start < self._first:
            raise NotHeldError(f"the reading at {start} is not held, the first is at {self._first}")
        return self.readings[start - self._first : None if end is None else end - self._first]

    def append(self, reading: R) -> None:
        """Takes the next event in."""
        self.readings.append(reading)
        if self._stale is None:
            self._run_on(reading)

    def replace(self, reading: R) -> None:
        """Takes an event in that is there, with another stamp."""
        index = reading.seq - 1
        former = self._at(index)
        self.readings[index - self._first] = reading
        if former.stamp != reading.stamp:
            self._stale = index if self._stale is None else min(index, self._stale)

    def settle(self) -> list[R]:
        """Judges what is to be judged; gives the events whose doubt is another than before."""
        if self._stale is not None:
            self._start_over(max(0, self._stale - 1))
        for run in self._crossed.values():
            readings = self._between(run.start, run.end)
            doubts = run.together(readings)
            for reading in readings:
                self._doubt(reading.seq, max(doubts.get(reading.seq, 0), run.doubt(reading.seq)))
        self._crossed.clear()
        changed = [seq for seq, doubt in self._changed.items() if doubt != self.doubts.get(seq, 0)]
        self._changed.clear()
        return [self._at(seq - 1) for seq in changed]

    def _start_over(self, index: int) -> None:
        """Makes the runs anew from the one on that holds ``index``."""
        first = bisect_right(self._runs, index, key=lambda run: run.start) - 1
        if first < 0 or self._runs[first].start < self._first:
            raise NotHeldError(f"the run of {index} is not held")
        start = self._runs[first].start
        del self._runs[first:]
        self._crossed = {place: run for place, run in self._crossed.items() if place < start}
        for seq in [seq for seq in self.doubts if seq > start]:
            self._doubt(seq, 0)
        self._stale = None
        for reading in self._between(start, None):
            self._run_on(reading)

    def _run_on(self, reading: R) -> None:
        index = reading.seq - 1
        run = self._runs[-1] if self._runs else None
        if run is None or run.stamp != reading.stamp:
            if run is not None:
                run.end = index
            run = _Run.after(run, index, reading.stamp)
            self._runs.append(run)
        if run.plain and run.high <= (time := reading.written + run.skew) <= run.received:  # nearly always
            run.high = time
            return
        if run.take(reading, self._at(index - 1) if index > run.start else None):
            self._crossed[run.start] = run
        self._doubt(reading.seq, run.doubt(reading.seq))

    def _doubt(self, seq: int, doubt: int) -> None:
        former = self.doubts.get(seq, 0)
        if doubt != former:
            self._changed.setdefault(seq, former)
            self.doubts[seq] = doubt
            if not doubt:
                del self.doubts[seq]
