"""One workout in two apps: which sessions are likely copies of others, so that what was done once counts once.

    Two sessions of different apps (the ledger itself is one) agree when

        they began within 24 hours of each other, and
        agreeing sets ≥ 80 % of the sets of the larger of the two.

    Two sets agree in exercise, repetitions (else time, else distance), and load to within 250 g.

The larger of the two is what 80 % is of, so that to agree is mutual, and that no more than a fifth of what is left
out stands nowhere else. 250 g is more than any rounding to whole pounds moves a load (227 g), and less than the
smallest step that bars are loaded in (500 g).

Of two that agree, the one that was written into the ledger later is the copy: it counts nowhere until somebody says
otherwise. A session has at most one copy in each app, the one nearest in time, so that somebody who does the same
every evening, and changes apps, loses no evening. Whether the original itself is a copy isn't asked: nothing
spreads, and a set more costs what was done within two days of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping

import msgspec

from events.quantities import DAY_MS
from events.training import SetLogged

ROUNDING_NG = 250 * 1_000_000_000
"""How far apart two figures for one load may be: 250 g."""

TOGETHER_MS = DAY_MS
"""How far apart one workout may be dated by two apps."""

_AGREES_MORE, _AGREES_LESS = 4, 5
"""Four fifths."""

_DISTANCE_STEP_MM = 10_000

Work = tuple[str, str, int]
"""An exercise, what was counted of it, and how many."""

Tally = Mapping[Work, list[int]]
"""What was done in a session: by exercise and amount the signed loads in nanograms, in order."""


class Visit(msgspec.Struct, frozen=True, gc=False):
    """A session as it is compared: its app, None for what was logged here, when it began, and when it was written.

    ``written`` tells which is earlier in the ledger, in Unix ms and by the id of the event.
    """

    session: str
    app: str | None
    time: int
    written: tuple[int, str]


def tally(sets: Iterable[tuple[str, SetLogged]]) -> Tally:
    """What was done, from the sets of a session, each with the exercise that it counts for."""
    done: dict[Work, list[int]] = {}
    for exercise, body in sets:
        done.setdefault((exercise, *_amount(body)), []).append(body.nanograms or 0)
    for loads in done.values():
        loads.sort()
    return done


def agreeing(one: Tally, other: Tally) -> int:
    """How many sets of one session find one of the other that says the same, each at most one."""
    return sum(_pairs(loads, other[work]) for work, loads in one.items() if work in other)


def agree(one: Tally, other: Tally) -> bool:
    """Whether the sets of two sessions agree to 80 % of the larger."""
    most, least = sorted((size(one), size(other)), reverse=True)
    if not most or _AGREES_LESS * least < _AGREES_MORE * most:
        return False
    return _AGREES_LESS * agreeing(one, other) >= _AGREES_MORE * most


def size(done: Tally) -> int:
    """How many sets were done."""
    return sum(map(len, done.values()))


class Copies:
    """Which sessions are likely copies, kept current.

    Args:
        tally_of: What was done in a session.
        told_apart: Whether somebody who had seen two sessions said that both count.
    """

    def __init__(self, tally_of: Callable[[str], Tally], told_apart: Callable[[str, str], bool]) -> None:
        self.originals: dict[str, str] = {}
        """By copy: the session that it is a copy of."""
        self._tally_of: Callable[[str], Tally] = tally_of
        self._told_apart: Callable[[str, str], bool] = told_apart
        self._visits: dict[str, Visit] = {}
        self._apps: Counter[str | None] = Counter()
        self._days: dict[int, dict[str, Visit]] = {}
        self._tallies: dict[str, Tally] = {}

    def update(self, news: Mapping[str, Visit | None]) -> dict[str, bool]:
        """Takes sessions in of which something has changed; None for one that has nothing in it any more.

        Returns:
            The sessions that have become copies, and those that are copies no longer.
        """
        moments = []
        changed: dict[str, bool] = {}
        for session, visit in news.items():
            self._tallies.pop(session, None)
            if (former := self._visits.pop(session, None)) is not None:
                moments.append(former.time)
                self._remove(former)
            if visit is not None:
                moments.append(visit.time)
                self._put(visit)
            elif self.originals.pop(session, None):
                changed[session] = False
        if len(self._apps) == 1:  # they were all written by one app: nothing is to be compared
            changed |= dict.fromkeys(self.originals, False)
            self.originals.clear()
            return changed
        nearest: dict[tuple[str, str | None], str | None] = {}
        for visit in {near.session: near for moment in moments for near in self._near(moment, 2)}.values():
            original = self._original(visit, nearest)
            if (original is not None) != (visit.session in self.originals):
                changed[visit.session] = original is not None
            if original is None:
                self.originals.pop(visit.session, None)
            else:
                self.originals[visit.session] = original
        return changed

    def supposing(self, visits: Iterable[Visit], tallies: Mapping[str, Tally]) -> Mapping[str, str]:
        """Which of these sessions would be copies of which, if they were written now, after all others."""
        supposed = Copies(
            lambda session: tallies[session] if session in tallies else self._tally_of(session), lambda *_: False
        )
        supposed.update({visit.session: visit for visit in (*self._visits.values(), *visits)})
        return {copy: original for copy, original in supposed.originals.items() if copy in tallies}

    def _original(self, visit: Visit, nearest: dict[tuple[str, str | None], str | None]) -> str | None:
        """What a session is a copy of: the nearest of those that were written before it and agree with it."""
        for other in self._twins(visit):
            if other.written < visit.written and not self._told_apart(other.session, visit.session):
                place = other.session, visit.app
                if place not in nearest:
                    twins = (twin.session for twin in self._twins(other) if twin.app == visit.app)
                    nearest[place] = next(twins, None)
                if nearest[place] == visit.session:
                    return other.session
        return None

    def _twins(self, visit: Visit) -> Iterator[Visit]:
        """The sessions of other apps that agree with one, the nearest first."""
        near = [other for other in self._near(visit.time, 1) if other.app != visit.app]
        near.sort(key=lambda other: (abs(other.time - visit.time), other.written, other.session))
        return (other for other in near if agree(self._tally(visit.session), self._tally(other.session)))

    def _near(self, moment: int, reach: int) -> Iterator[Visit]:
        """The sessions that began within so many days of a moment."""
        last = (moment + reach * TOGETHER_MS) // TOGETHER_MS
        for day in range(last - 2 * reach, last + 1):
            for visit in self._days.get(day, {}).values():
                if abs(visit.time - moment) <= reach * TOGETHER_MS:
                    yield visit

    def _tally(self, session: str) -> Tally:
        if session not in self._tallies:
            self._tallies[session] = self._tally_of(session)
        return self._tallies[session]

    def _put(self, visit: Visit) -> None:
        self._visits[visit.session] = visit
        self._apps[visit.app] += 1
        self._days.setdefault(visit.time // TOGETHER_MS, {})[visit.session] = visit

    def _remove(self, visit: Visit) -> None:
        self._apps[visit.app] -= 1
        if not self._apps[visit.app]:
            del self._apps[visit.app]
        day = self._days[visit.time // TOGETHER_MS]
        del day[visit.session]
        if not day:
            del self._days[visit.time // TOGETHER_MS]


def _amount(body: SetLogged) -> tuple[str, int]:
    if body.reps is not None:
        return "reps", body.reps
    if body.seconds is not None:
        return "seconds", body.seconds
    return "distance", (body.distance_mm or 0) // _DISTANCE_STEP_MM


def _pairs(one: list[int], other: list[int]) -> int:
    """How many loads of two ordered lists can be paired so that each pair is one load within rounding."""
    pairs = left = right = 0
    while left < len(one) and right < len(other):
        apart = one[left] - other[right]
        if abs(apart) <= ROUNDING_NG:
            pairs, left, right = pairs + 1, left + 1, right + 1
        elif apart < 0:
            left += 1
        else:
            right += 1
    return pairs
