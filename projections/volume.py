"""Sets, repetitions and tonnage by muscle, day and week.

A direct set counts 1 and an indirect one 0.5 (Pelland et al. 2025, doi 10.1007/s40279-025-02344-w); which it is,
the muscle matrix says. Of one-sided sets those of the side that did more count, session by session and exercise
by exercise, each on its own day; tonnage adds the sides up.

The landmark bands of weekly sets per muscle follow Schoenfeld et al. 2017 (doi 10.1080/02640414.2016.1210197: under
5, 5 to 9, 10 and more) and Baz-Valle et al. 2022 (doi 10.2478/hukin-2022-0017: 12 to 20 for trained lifters).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, Literal

import msgspec

from events.catalogue import MUSCLES
from events.quantities import NANOGRAMS_PER_GRAM, day_text, round_half_up, week_name
from events.training import SetLogged
from projections.book import Book
from projections.explained import because
from projections.facts import Effective

DIRECT = 1000
"""A share of a whole set, in permille."""

WEEK_DAYS = 7

BANDS: dict[str, tuple[int, int, int]] = {
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
    events: dict[str, str]
    """By exercise, the ids of the events behind it: one text with spaces between, for they are many and seldom asked
    for, and each by itself takes more than twice as much memory."""
    last: dict[str, tuple[int, str]]
    """By exercise, when its last counted set was, in Unix ms, and the id of its event."""


def summarise(session: str, facts: Collection[Effective], book: Book) -> dict[int, Day]:
    """What a session did, by the local days of its sets: of one-sided ones, those of the side that did more count."""
    days: dict[int, Day] = {}
    events: dict[tuple[int, str], list[str]] = {}
    for fact, body, counts in counting(facts):
        exercise, event = fact.exercise, fact.entry.id
        day = days.setdefault(fact.day, Day(session, {}, {}, 0, {}, {}))
        done = day.exercises.setdefault(exercise, Tally())
        done.nanograms += tonnage(body, exercise, book)
        done.direct_sets += counts
        done.fractional += DIRECT * counts
        done.reps += (body.reps or 0) * counts
        events.setdefault((fact.day, exercise), []).append(event)
        day.last[exercise] = max((fact.time, event), day.last.get(exercise, (fact.time, event)))
    for number, day in days.items():
        day.sets = sum(done.direct_sets for done in day.exercises.values())
        for exercise, done in day.exercises.items():
            day.events[exercise] = " ".join(sorted(events[number, exercise]))
            for muscle, share in book.shares(exercise).items():
                day.muscles.setdefault(muscle, Tally()).add(done, share)
    return days


class Week(msgspec.Struct, frozen=True):
    """One week: its first day, all that was done on its days, session by session, and how the report shows it."""

    start: int
    days: list[Day]
    shown: dict[str, Any]


def week(start: int, sessions: Iterable[Mapping[int, Day]], level: str, book: Book) -> Week:
    """The week that begins on a day.

    Args:
        start: The day.
        sessions: What each session of the week did, by local day.
        level: How trained the lifter is.
        book: What is known of the exercises.
    """
    numbers = range(start, start + WEEK_DAYS)
    days = [day for number in numbers for session in sessions if (day := session.get(number)) is not None]
    return Week(start, days, _week(start, days, level, book, explain=False))


def report(weeks: Iterable[Week], level: str, book: Book, *, explain: bool = False) -> dict[str, Any]:
    """The report ``volume``.

    Args:
        weeks: The weeks from the first one trained to the last one asked for, none left out.
        level: How trained the lifter is.
        book: What is known of the exercises.
        explain: Whether each figure names the events behind it.
    """
    return {
        "weeks": [
            _week(week.start, week.days, level, book, explain=explain) if explain else week.shown for week in weeks
        ]
    }


def events_of(days: Iterable[Day], belongs: Callable[[str], bool] = lambda _: True) -> Iterator[str]:
    """The ids of the events behind several days; only those of the exercises that belong."""
    for day in days:
        for exercise, events in day.events.items():
            if belongs(exercise):
                yield from events.split()


def events_of_muscle(days: Iterable[Day], muscle: str, book: Book) -> Iterator[str]:
    """The ids of the events behind what several days did for a muscle."""
    return events_of(days, lambda exercise: bool(book.shares(exercise).get(muscle)))


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


def _week(start: int, days: list[Day], level: str, book: Book, *, explain: bool) -> dict[str, Any]:
    muscles = total(days)
    return {
        "week": week_name(start),
        "start": day_text(start),
        "muscles": {
            muscle: _shown(muscles.get(muscle, _NOTHING), level)
            | because(events_of_muscle(days, muscle, book), explain=explain)
            for muscle in MUSCLES
        },
        "exercises": _exercises(days, book, explain=explain),
        "sets": sum(day.sets for day in days),
        "sessions": len({day.session for day in days if day.sets}),
    } | because(events_of(days), explain=explain)


def _exercises(days: list[Day], book: Book, *, explain: bool) -> list[dict[str, Any]]:
    """What was done of each exercise, that with the most sets first: the guide's variants side by side."""
    done: dict[str, Tally] = {}
    for day in days:
        for exercise, tally in day.exercises.items():
            done.setdefault(exercise, Tally()).add(tally)
    return [
        {
            "exercise": exercise,
            "name": book.name(exercise),
            "sets": tally.direct_sets,
            "reps": tally.reps,
            "tonnage_g": round_half_up(tally.nanograms, NANOGRAMS_PER_GRAM),
        }
        | because(events_of(days, exercise.__eq__), explain=explain)
        for exercise, tally in sorted(done.items(), key=lambda item: (-item[1].direct_sets, item[0]))
    ]


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
    moderate, high, most = BANDS[level]
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
