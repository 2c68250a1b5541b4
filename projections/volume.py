"""Sets, repetitions and tonnage by muscle, day and week.

A direct set counts 1 and an indirect one 0.5 (Pelland et al. 2025, doi 10.1007/s40279-025-02344-w); which it is,
the muscle matrix says. Of one-sided sets those of the side that did more count, session by session and exercise
by exercise, each on its own day; tonnage adds the sides up.

The landmark bands of weekly sets per muscle follow Schoenfeld et al. 2017 (doi 10.1080/02640414.2016.1210197: under
5, 5 to 9, 10 and more) and Baz-Valle et al. 2022 (doi 10.2478/hukin-2022-0017: 12 to 20 for trained lifters).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping
from typing import Any, Literal

import msgspec

from events.catalogue import MUSCLES
from events.quantities import NANOGRAMS_PER_GRAM, day_text, round_half_up, week_name
from events.training import SetLogged
from projections.book import Book
from projections.explained import because
from projections.facts import Effective

_Set = tuple[Effective, SetLogged]

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


class Done(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """What a session did of one exercise on one day."""

    direct_sets: int
    reps: int
    nanograms: int
    last: int
    """When the last counted set was, in Unix ms."""
    events: str
    """The ids of the events behind it, earliest first: one text with spaces between, for they are many and seldom
    asked for, and each by itself takes more than twice as much memory."""

    @property
    def last_event(self) -> str:
        """The id of the event that tells of the last counted set."""
        return self.events.rpartition(" ")[2]


class Day(msgspec.Struct):
    """What one session did on one day: by exercise, and altogether."""

    session: str
    exercises: dict[str, Done]
    sets: int


class Tally(msgspec.Struct, gc=False):
    """What was done for one muscle, or of one exercise. ``fractional`` is in thousandths of a set."""

    direct_sets: int = 0
    fractional: int = 0
    reps: int = 0
    nanograms: int = 0

    def add(self, other: Done | Tally, share: int = DIRECT) -> None:
        """Adds the sets of an exercise that trains the muscle with this share, in permille."""
        self.fractional += other.direct_sets * share
        if share == DIRECT:
            self.direct_sets += other.direct_sets
            self.reps += other.reps
            self.nanograms += other.nanograms


def summarise(session: str, facts: Iterable[Effective], book: Book) -> dict[int, Day]:
    """What a session did, by the local days of its sets: of one-sided ones, those of the side that did more count."""
    days: dict[int, Day] = {}
    for exercise, sets in _counted(facts).items():
        sides, implements = _sides_that_count(sets), _implements(exercise, book)
        dated: dict[int, list[_Set]] = {}
        for one in sets:
            dated.setdefault(one[0].day, []).append(one)
        for number, on_day in dated.items():
            day = days.get(number)
            if day is None:
                day = days[number] = Day(session, {}, 0)
            done = day.exercises[exercise] = _done(on_day, sides, implements)
            day.sets += done.direct_sets
    return days


def _done(sets: Iterable[_Set], sides: Container[str], implements: int) -> Done:
    count = reps = nanograms = 0
    events = []
    for fact, body in sets:
        events.append((fact.time, fact.entry.id))
        nanograms += _tonnage(body, implements)
        if body.side in sides:
            count += 1
            reps += body.reps or 0
    events.sort()
    return Done(count, reps, nanograms, events[-1][0], " ".join([event for _, event in events]))


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
    days = days_of(start, sessions)
    return Week(start, days, _shown(start, days, level, book))


def days_of(start: int, sessions: Iterable[Mapping[int, Day]]) -> list[Day]:
    """What sessions did on the days of the week that begins on a day, day by day."""
    numbers = range(start, start + WEEK_DAYS)
    return [day for number in numbers for session in sessions if (day := session.get(number)) is not None]


def report(weeks: Iterable[Week], book: Book, *, explain: bool = False) -> dict[str, Any]:
    """The report ``volume``.

    Args:
        weeks: The weeks from the first one trained to the last one asked for, none left out.
        book: What is known of the exercises.
        explain: Whether each figure names the events behind it.
    """
    return {"weeks": [_explained(week, book) if explain else week.shown for week in weeks]}


def events_of(days: Iterable[Day], belongs: Callable[[str], bool] = lambda _: True) -> Iterator[str]:
    """The ids of the events behind several days; only those of the exercises that belong."""
    for day in days:
        for exercise, done in day.exercises.items():
            if belongs(exercise):
                yield from done.events.split()


def events_of_muscle(days: Iterable[Day], muscle: str, book: Book) -> Iterator[str]:
    """The ids of the events behind what several days did for a muscle."""
    return events_of(days, lambda exercise: bool(book.shares(exercise).get(muscle)))


def total(days: Iterable[Day], book: Book) -> dict[str, Tally]:
    """What several days did for each muscle."""
    return by_muscle(by_exercise(days), book)


def by_exercise(days: Iterable[Day]) -> dict[str, Tally]:
    """What several days did of each exercise."""
    exercises: dict[str, Tally] = {}
    for day in days:
        for exercise, done in day.exercises.items():
            if exercise not in exercises:
                exercises[exercise] = Tally()
            exercises[exercise].add(done)
    return exercises


def by_muscle(exercises: Mapping[str, Tally], book: Book) -> dict[str, Tally]:
    """What the sets of some exercises did for each muscle."""
    muscles: dict[str, Tally] = {}
    for exercise, tally in exercises.items():
        for muscle, share in book.shares(exercise).items():
            if muscle not in muscles:
                muscles[muscle] = Tally()
            muscles[muscle].add(tally, share)
    return muscles


def counting(facts: Iterable[Effective]) -> Iterator[tuple[Effective, SetLogged, bool]]:
    """The counted sets of one session, each with whether it is among those of the side that did more."""
    for sets in _counted(facts).values():
        sides = _sides_that_count(sets)
        yield from ((fact, body, body.side in sides) for fact, body in sets)


def _counted(facts: Iterable[Effective]) -> dict[str, list[_Set]]:
    """The counted sets of one session, by exercise."""
    lifted: dict[str, list[_Set]] = {}
    for fact in facts:
        if isinstance(body := fact.body, SetLogged) and body.counts:
            lifted.setdefault(fact.exercise, []).append((fact, body))
    return lifted


def _sides_that_count(sets: Collection[_Set]) -> Container[str]:
    """Both, and of one-sided sets the side that did more: by sets, then by repetitions; else the left."""
    done = {"left": (0, 0), "right": (0, 0)}
    for _, body in sets:
        if body.side != "both":
            count, reps = done[body.side]
            done[body.side] = count + 1, reps + (body.reps or 0)
    return ("both", "right" if done["right"] > done["left"] else "left")


def _shown(start: int, days: list[Day], level: str, book: Book) -> dict[str, Any]:
    exercises = by_exercise(days)
    trained = {muscle: _shown_muscle(tally, level) for muscle, tally in by_muscle(exercises, book).items()}
    untrained = _shown_muscle(Tally(), level)
    return {
        "week": week_name(start),
        "start": day_text(start),
        "muscles": {muscle: trained.get(muscle, untrained) for muscle in MUSCLES},
        "exercises": _shown_exercises(exercises, book),
        "sets": sum(day.sets for day in days),
        "sessions": len({day.session for day in days if day.sets}),
    }


def _shown_muscle(tally: Tally, level: str) -> dict[str, Any]:
    return {
        "direct_sets": tally.direct_sets,
        "fractional_milli": tally.fractional,
        "reps": tally.reps,
        "tonnage_g": round_half_up(tally.nanograms, NANOGRAMS_PER_GRAM),
        "band": band(tally.fractional, level),
    }


def _shown_exercises(done: Mapping[str, Tally], book: Book) -> list[dict[str, Any]]:
    """What was done of each exercise, that with the most sets first: the guide's variants side by side."""
    return [
        {
            "exercise": exercise,
            "name": book.name(exercise),
            "sets": tally.direct_sets,
            "reps": tally.reps,
            "tonnage_g": round_half_up(tally.nanograms, NANOGRAMS_PER_GRAM),
        }
        for exercise, tally in sorted(done.items(), key=lambda item: (-item[1].direct_sets, item[0]))
    ]


def _explained(week: Week, book: Book) -> dict[str, Any]:
    """A week as it is shown, each of its figures with the events behind it."""
    days, shown = week.days, week.shown
    return {
        **shown,
        "muscles": {
            muscle: row | because(events_of_muscle(days, muscle, book), explain=True)
            for muscle, row in shown["muscles"].items()
        },
        "exercises": [
            row | because(events_of(days, row["exercise"].__eq__), explain=True) for row in shown["exercises"]
        ],
        **because(events_of(days), explain=True),
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
    return _tonnage(body, _implements(exercise, book))


def _tonnage(body: SetLogged, implements: int) -> int:
    if body.load is None or not body.reps or body.load_kind not in _LOADS:
        return 0
    return body.load.nanograms * body.reps * (body.implements or implements)


def _implements(exercise: str, book: Book) -> int:
    """How many loads an exercise moves where its sets don't say so."""
    known = book.find(exercise)
    return 1 if known is None else known.implements


_LOADS = frozenset({"external", "added"})
