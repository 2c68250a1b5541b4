"""Sets, repetitions and tonnage by muscle, day and week.

A direct set counts 1 and an indirect one 0.5 (Pelland et al. 2025, doi 10.1007/s40279-025-02344-w); which it is,
the muscle matrix says. Of one-sided sets those of the side that did more count, session by session and exercise
by exercise, each on its own day; tonnage adds the sides up.

The landmark bands of weekly sets per muscle follow Schoenfeld et al. 2017 (doi 10.1080/02640414.2016.1210197: under
5, 5 to 9, 10 and more) and Baz-Valle et al. 2022 (doi 10.2478/hukin-2022-0017: 12 to 20 for trained lifters).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Literal

import msgspec

from events.catalogue import MUSCLES
from events.quantities import NANOGRAMS_PER_GRAM, day_text, round_half_up, week_name, week_start
from events.training import SetLogged
from projections.book import Book
from projections.facts import Effective

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
    """What one session did on one day: by exercise, by muscle, and altogether."""

    session: str
    exercises: dict[str, Tally]
    muscles: dict[str, Tally]
    sets: int
    events: list[str]
    """The ids of the events behind it."""


def summarise(session: str, facts: Collection[Effective], book: Book) -> dict[int, Day]:
    """What a session did, by the local days of its sets: of one-sided ones, those of the side that did more count."""
    days: dict[int, Day] = {}
    for fact, body, counts in counting(facts):
        day = days.setdefault(fact.day, Day(session, {}, {}, 0, []))
        done = day.exercises.setdefault(fact.exercise, Tally())
        done.nanograms += tonnage(body, fact.exercise, book)
        done.direct_sets += counts
        done.fractional += DIRECT * counts
        done.reps += (body.reps or 0) * counts
        day.events.append(fact.entry.id)
    for day in days.values():
        day.sets = sum(done.direct_sets for done in day.exercises.values())
        day.events.sort()
        for exercise, done in day.exercises.items():
            for muscle, share in book.shares(exercise).items():
                day.muscles.setdefault(muscle, Tally()).add(done, share)
    return days


def report(
    days: Mapping[int, list[Day]], as_of: int | None, first_weekday: int, level: str, *, explain: bool = False
) -> dict[str, Any]:
    """The report ``volume``: the weeks from the first one trained to that of ``as_of``, none left out.

    Args:
        days: What was done on each day, session by session.
        as_of: The last day.
        first_weekday: On which weekday weeks begin, Monday being 0.
        level: How trained the lifter is.
        explain: Whether each week names the events behind it.
    """
    weeks: dict[int, list[Day]] = {}
    for number, done in days.items():
        weeks.setdefault(week_start(number, first_weekday), []).extend(done)
    if not weeks or as_of is None:
        return {"weeks": []}
    starts = range(min(weeks), week_start(as_of, first_weekday) + 1, WEEK_DAYS)
    return {"weeks": [_week(start, weeks.get(start, []), level, explain=explain) for start in starts]}


def events_of(days: Iterable[Day]) -> list[str]:
    """The ids of the events behind several days, in order."""
    return sorted(event for day in days for event in day.events)


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


def counting(facts: Iterable[Effective]) -> Iterator[tuple[Effective, SetLogged, bool]]:
    """The counted sets of one session, each with whether it is among those of the side that did more."""
    lifted: dict[str, list[tuple[Effective, SetLogged]]] = {}
    for fact in facts:
        if isinstance(fact.body, SetLogged) and fact.body.counts:
            lifted.setdefault(fact.exercise, []).append((fact, fact.body))
    for sets in lifted.values():
        side = _side_that_did_more([body for _, body in sets])
        yield from ((fact, body, body.side in {"both", side}) for fact, body in sets)


def _side_that_did_more(sets: Collection[SetLogged]) -> str:
    """By sets, then by repetitions; the left where both did the same."""

    def done(side: str) -> tuple[int, int]:
        reps = [body.reps or 0 for body in sets if body.side == side]
        return len(reps), sum(reps)

    return "right" if done("right") > done("left") else "left"


def _week(start: int, days: list[Day], level: str, *, explain: bool) -> dict[str, Any]:
    muscles = total(days)
    week = {
        "week": week_name(start),
        "start": day_text(start),
        "muscles": {muscle: _shown(muscles.get(muscle, _NOTHING), level) for muscle in MUSCLES},
        "sets": sum(day.sets for day in days),
        "sessions": len({day.session for day in days if day.sets}),
    }
    return week | {"events": events_of(days)} if explain else week


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


def tonnage(body: SetLogged, exercise: str, book: Book) -> int:
    """The load moved in all repetitions, in nanograms; help and the body's own weight are no load."""
    if body.load is None or not body.reps or body.load_kind not in {"external", "added"}:
        return 0
    known = book.find(exercise)
    implements = body.implements or (known.implements if known is not None else 1)
    return body.load.nanograms * body.reps * implements


_NOTHING = Tally()
