"""Sets, repetitions and tonnage by muscle, day and week.

A direct set counts 1 and an indirect one 0.5 (Pelland et al. 2025, doi 10.1007/s40279-025-02344-w); which it is,
the muscle matrix says. One-sided sets count, per session and exercise, as many as the side that did more; their
repetitions are those of that side, while tonnage adds the sides up.

The landmark bands of weekly sets per muscle follow Schoenfeld et al. 2017 (doi 10.1080/02640414.2016.1210197: under
5, 5 to 9, 10 and more) and Baz-Valle et al. 2022 (doi 10.2478/hukin-2022-0017: 12 to 20 for trained lifters).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, Literal

import msgspec

from events.catalogue import MUSCLES
from events.quantities import NANOGRAMS_PER_GRAM, day_text, round_half_up, week_name, week_start
from events.training import SetLogged
from projections.book import Book
from projections.facts import Effective
from projections.groups import Groups

DIRECT = 1000
"""A share of a whole set, in permille."""

WEEK_DAYS = 7

_BANDS: dict[str, tuple[int, int, int]] = {
    "beginner": (5_000, 10_000, 20_000),
    "experienced": (5_000, 12_000, 25_000),
}
"""Where the second and third band begin and the third ends, in thousandths of a fractional set a week.

The lifter who trains for years profits from more; how much more is less well known, so the band is wider.
"""


class Tally(msgspec.Struct, gc=False):
    """What was done for one muscle, one exercise or altogether. ``fractional`` is in thousandths of a set."""

    direct_sets: int = 0
    fractional: int = 0
    reps: int = 0
    nanograms: int = 0

    def add(self, other: Tally, share: int = DIRECT) -> None:
        """Adds the sets of an exercise that trains the muscle with this share, in permille."""
        self.fractional += other.fractional * share // DIRECT
        if share == DIRECT:
            self.direct_sets += other.direct_sets
            self.reps += other.reps
            self.nanograms += other.nanograms


class Day(msgspec.Struct):
    """One day's training: by exercise, by muscle, and altogether."""

    exercises: dict[str, Tally]
    muscles: dict[str, Tally]
    sessions: frozenset[str]
    sets: int


class _Sides(msgspec.Struct, gc=False):
    """The sets of one exercise in one session, before the sides are brought together."""

    sets: dict[str, int]
    reps: dict[str, int]
    nanograms: int = 0

    def together(self) -> Tally:
        sets = self.sets.get("both", 0) + max(self.sets.get("left", 0), self.sets.get("right", 0))
        reps = self.reps.get("both", 0) + max(self.reps.get("left", 0), self.reps.get("right", 0))
        return Tally(sets, sets * DIRECT, reps, self.nanograms)


def summarise(facts: Collection[Effective], book: Book) -> Day:
    """One day's training from its facts."""
    blocks: dict[tuple[str, str], _Sides] = {}
    for fact in facts:
        body = fact.body
        if isinstance(body, SetLogged) and body.counts:
            block = blocks.setdefault((body.session, fact.exercise), _Sides({}, {}))
            block.sets[body.side] = block.sets.get(body.side, 0) + 1
            block.reps[body.side] = block.reps.get(body.side, 0) + (body.reps or 0)
            block.nanograms += _tonnage(body, fact.exercise, book)
    day = Day({}, {}, frozenset(session for session, _ in blocks), 0)
    for (_, exercise), block in blocks.items():
        done = block.together()
        day.sets += done.direct_sets
        day.exercises.setdefault(exercise, Tally()).add(done)
        for muscle, share in book.shares(exercise).items():
            day.muscles.setdefault(muscle, Tally()).add(done, share)
    return day


def report(days: Groups[int, Day], as_of: int | None, first_weekday: int, level: str) -> dict[str, Any]:
    """The report ``volume``: the weeks from the first one trained to that of ``as_of``, none left out."""
    weeks: dict[int, list[Day]] = {}
    for key in days:
        weeks.setdefault(week_start(key, first_weekday), []).append(days[key])
    trained = [start for start, summaries in weeks.items() if any(day.sets for day in summaries)]
    if not trained or as_of is None:
        return {"weeks": []}
    last = week_start(as_of, first_weekday)
    starts = range(min(trained), last + 1, WEEK_DAYS)
    return {"weeks": [_week(start, weeks.get(start, []), level) for start in starts]}


def total(days: Iterable[Day]) -> dict[str, Tally]:
    """What several days did for each muscle."""
    muscles: dict[str, Tally] = {}
    for day in days:
        for muscle, tally in day.muscles.items():
            done = muscles.setdefault(muscle, Tally())
            done.direct_sets += tally.direct_sets
            done.fractional += tally.fractional
            done.reps += tally.reps
            done.nanograms += tally.nanograms
    return muscles


def _week(start: int, days: list[Day], level: str) -> dict[str, Any]:
    muscles = total(days)
    return {
        "week": week_name(start),
        "start": day_text(start),
        "muscles": {muscle: _shown(muscles.get(muscle, _NOTHING), level) for muscle in MUSCLES},
        "sets": sum(day.sets for day in days),
        "sessions": len(frozenset[str]().union(*(day.sessions for day in days))),
    }


def _shown(tally: Tally, level: str) -> dict[str, Any]:
    return {
        "direct_sets": tally.direct_sets,
        "fractional_milli": tally.fractional,
        "reps": tally.reps,
        "tonnage_g": round_half_up(tally.nanograms, NANOGRAMS_PER_GRAM),
        "band": band(tally.fractional, level),
    }


def band(fractional: int, level: str) -> Literal["low", "moderate", "high", "very_high"]:
    """The landmark band of a week's fractional sets, which are in thousandths."""
    moderate, high, most = _BANDS[level]
    if fractional < moderate:
        return "low"
    if fractional < high:
        return "moderate"
    return "high" if fractional <= most else "very_high"


def _tonnage(body: SetLogged, exercise: str, book: Book) -> int:
    """The load moved in all repetitions, in nanograms; help and the body's own weight are no load."""
    if body.load is None or not body.reps or body.load_kind not in {"external", "added"}:
        return 0
    known = book.find(exercise)
    implements = body.implements or (known.implements if known is not None else 1)
    return body.load.nanograms * body.reps * implements


_NOTHING = Tally()
