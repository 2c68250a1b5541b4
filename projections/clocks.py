"""Which clocks can't be trusted: what a replica's chain says against the times of its own events.

A stamp knows how far off a clock was when the replica synced. An event's time is right if the clock was as far off
when the event was written; whether it was, nobody saw. But a clock that was changed in between mostly leaves a trace,
for a chain was written in its order, after the sync before and before its own:

    beyond      its time would be after its own arrival
    behind      its time is before that of an event that an earlier sync had brought
    crossed     its time is before that of an earlier event of the same sync: one of the two is wrong, so both are
                in doubt; but see ``FAR_MS``
    changed     the clock was off otherwise at the sync before, and the event can have been written under the old error
    stepped     nothing is known from before, and the clock leapt ahead by what it was off at the first sync

Each leaves a *doubt*: by how many ms the time of the event may be off, a whole day where it can't be said. A doubt is
a function of the chain's ``written`` and stamps alone, so neither arrival nor erasure changes it. An event that fits
costs a few comparisons; one that doesn't has its own sync judged again, or the outbox.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate
from typing import Generic, Protocol, TypeVar

import msgspec

from events import Stamp
from events.protocol import CLOCKS_AGREE_MS
from events.quantities import DAY_MS, EARLIEST_MS, HOUR_MS, LATEST_MS

SLACK_MS = 2 * CLOCKS_AGREE_MS
"""Two readings of a clock that agrees with the server's can seem to be so far apart: twice what passes as agreeing."""

FAR_MS = 30 * DAY_MS
"""Who trains pauses for less, and syncs before.

So where two events of one sync are crossed by more, the earlier one is spared: had its clock been so far ahead, and
not just the later one's behind, the sync would have come before its time. It is spared, unless it had come by a leap
as far, and the later one goes on where that began.
"""

UNKNOWN_MS = DAY_MS
"""The doubt of a time that may be off by any amount: no day is certain then."""


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


class Clocks(Generic[R]):
    """The chains of all replicas, and the doubts about their clocks."""

    def __init__(self) -> None:
        self._chains: dict[str, _Chain[R]] = {}
        self._unsettled: dict[str, _Chain[R]] = {}

    def fill(self, readings: Iterable[R]) -> None:
        """Takes in whole chains, each complete, in any order."""
        for reading in sorted(readings, key=lambda reading: reading.seq):
            self._chain(reading).append(reading)
        self._unsettled = {replica: chain for replica, chain in self._chains.items() if chain.unsettled}

    def take(self, reading: R) -> None:
        """Takes in the next event of its replica, or one with a new stamp."""
        chain = self._chain(reading)
        if reading.seq > len(chain.readings):
            chain.append(reading)
        else:
            chain.replace(reading)
        if chain.unsettled:
            self._unsettled[reading.replica] = chain

    def settle(self) -> list[R]:
        """Judges what doesn't fit; gives the events of which there is more or less doubt than before."""
        changed = [reading for chain in self._unsettled.values() for reading in chain.settle()]
        self._unsettled.clear()
        return changed

    def doubt(self, reading: R) -> int:
        """By how many ms the time of an event may be off; 0 where nothing speaks against it."""
        return self._chains[reading.replica].doubts.get(reading.seq, 0)

    def _chain(self, reading: R) -> _Chain[R]:
        chain = self._chains.get(reading.replica)
        if chain is None:
            chain = self._chains[reading.replica] = _Chain()
        return chain


class _Run(msgspec.Struct):
    """Neighbours in a chain with one stamp: what one request brought; or what is in the outbox.

    ``floor`` is the latest time of all before, ``former`` the stamp before, both None where there is none; ``latest``
    the latest time so far, and ``high`` that of witnesses. Doubts are by seq: those that an event brings ``alone``,
    and of these the ``refuted``, who are surely wrong and no witnesses against their own sync.
    """

    start: int
    stamp: Stamp | None
    floor: int | None
    former: Stamp | None
    latest: int
    high: int | None = None
    new_error: bool = False
    """Whether an event was met that can't have been written under the error of ``former``."""
    alone: dict[int, int] = {}
    refuted: set[int] = set()
    crossed: bool = False
    """Whether events contradict each other, and that is not judged yet."""

    def take(self, reading: Reading, before: Reading | None) -> None:
        """Judges the next event by itself, and whether it fits those before it."""
        time, stamp = reading.time, self.stamp
        self.latest = max(self.latest, time)
        beyond = stamp is not None and reading.written + stamp.skew > stamp.received + SLACK_MS
        if beyond or (self.floor is not None and time < self.floor - SLACK_MS):
            self.alone[reading.seq] = UNKNOWN_MS
            self.refuted.add(reading.seq)
        elif self.high is None or time > self.high:
            self.high = time
        elif time < self.high - SLACK_MS:
            self.crossed = True
        if self.former is not None:
            self._compare(reading, self.former)
        elif before is not None and self._is_step(before, reading):
            self.crossed = True

    def together(self, readings: list[R]) -> dict[int, int]:
        """The doubts that events of the run, all of which are given, cast on each other."""
        doubts: dict[int, int] = {}
        for later, earlier in zip(readings[:0:-1], readings[-2::-1], strict=True):
            if doubts or self._is_step(earlier, later):
                doubts[earlier.seq] = min(-self._skew, UNKNOWN_MS)
        witnesses = [reading for reading in readings if reading.seq not in self.refuted]
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

    @property
    def _skew(self) -> int:
        return 0 if self.stamp is None else self.stamp.skew

    def _compare(self, reading: Reading, former: Stamp) -> None:
        """The clock was changed between two syncs, once: was it before this event?"""
        change = abs(self._skew - former.skew)
        if change <= SLACK_MS or self.new_error:
            return
        under_old = reading.written + former.skew
        arrived = self.stamp is not None and under_old > self.stamp.received + SLACK_MS
        if arrived or under_old < former.received - SLACK_MS:
            self.new_error = True
        else:
            self.alone[reading.seq] = max(min(change, UNKNOWN_MS), self.alone.get(reading.seq, 0))

    def _is_step(self, before: Reading, after: Reading) -> bool:
        """Whether, at a first sync, a clock that is now ahead seems to have leapt there just then."""
        ahead = -self._skew
        if self.former is not None or ahead < HOUR_MS:
            return False
        step = after.written - before.written
        return step >= ahead - SLACK_MS and (ahead >= FAR_MS or step <= ahead + HOUR_MS)


class _Chain(Generic[R]):
    """All events of one replica in order, in runs, and what is in doubt of them."""

    def __init__(self) -> None:
        self.readings: list[R] = []
        self.doubts: dict[int, int] = {}
        """By seq, where there is any."""
        self._runs: list[_Run] = []
        self.unsettled = False
        """Whether something is to be judged."""
        self._stale: int | None = None
        """The index from which on runs are to be made anew."""

    def append(self, reading: R) -> None:
        """Takes the next event in."""
        self.readings.append(reading)
        if self._stale is None:
            self._run_on(len(self.readings) - 1)

    def replace(self, reading: R) -> None:
        """Takes an event in that is there, with another stamp."""
        index = reading.seq - 1
        former, self.readings[index] = self.readings[index], reading
        if former.stamp != reading.stamp:
            self._stale = index if self._stale is None else min(index, self._stale)
            self.unsettled = True

    def settle(self) -> list[R]:
        """Judges what is to be judged; gives the events whose doubt is another than before."""
        former = dict(self.doubts)
        if self._stale is not None:
            self._start_over(max(0, self._stale - 1))
        for run, end in zip(self._runs, [run.start for run in self._runs[1:]] + [len(self.readings)], strict=True):
            if run.crossed:
                self._judge(run, self.readings[run.start : end])
        self.unsettled = False
        seqs = (former.keys() | self.doubts.keys()) if former != self.doubts else ()
        return [self.readings[seq - 1] for seq in seqs if former.get(seq) != self.doubts.get(seq)]

    def _start_over(self, index: int) -> None:
        """Makes the runs anew from the one on that holds ``index``."""
        first = bisect_right(self._runs, index, key=lambda run: run.start) - 1
        start = self._runs[first].start
        del self._runs[first:]
        self.doubts = {seq: doubt for seq, doubt in self.doubts.items() if seq <= start}
        self._stale = None
        for later in range(start, len(self.readings)):
            self._run_on(later)

    def _run_on(self, index: int) -> None:
        reading = self.readings[index]
        run = self._runs[-1] if self._runs else None
        if run is None or run.stamp != reading.stamp:
            run = self._begin(run, index, reading.stamp)
        run.take(reading, self.readings[index - 1] if index > run.start else None)
        self.unsettled |= run.crossed
        if reading.seq in run.alone:
            self.doubts[reading.seq] = run.alone[reading.seq]

    def _begin(self, before: _Run | None, index: int, stamp: Stamp | None) -> _Run:
        if before is None:
            run = _Run(index, stamp, None, None, EARLIEST_MS)
        else:
            run = _Run(index, stamp, before.latest, before.stamp or before.former, before.latest)
        self._runs.append(run)
        return run

    def _judge(self, run: _Run, readings: list[R]) -> None:
        run.crossed = False
        doubts = run.together(readings)
        for reading in readings:
            doubt = max(doubts.get(reading.seq, 0), run.alone.get(reading.seq, 0))
            if doubt:
                self.doubts[reading.seq] = doubt
            else:
                self.doubts.pop(reading.seq, None)
