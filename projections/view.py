"""What the reports are made of: the facts up to a day, grouped, and the book that says what exercises are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from operator import attrgetter
from typing import Any, TypeVar

import msgspec

from events.catalogue import Exercise, catalogue
from events.profile import ProfileChanged
from events.quantities import DAY_MS, week_start
from events.training import ExerciseDefined
from projections import diary, exercised, habits, legs, practice, sessions, sides, volume, weights
from projections.archive import Archive
from projections.book import Book
from projections.courses import Courses, Past
from projections.days import Days
from projections.exercised import Exercised, Stretch
from projections.facts import Delta, Effective, Facts
from projections.groups import Groups
from projections.history import History
from projections.packing import Parts, pack
from projections.rollups import Rollup
from projections.sessions import Copy
from projections.weights import Weight, Weights

K = TypeVar("K", str, int)
S = TypeVar("S")

PAST = "past"
"""The part of a checkpoint that exercises are gone on from."""

_BOOK = frozenset({"profile_changed", "exercise_defined"})
"""The facts on which summaries depend beside those that they sum up."""

_UNDATED = frozenset(
    {
        *("event_erased", "exercise_defined", "exercise_matched", "import_started", "profile_changed"),
        *("equipment_defined", "equipment_changed"),
    }
)
"""Bookkeeping: true of the whole history, and nothing that happened on a day."""


SPREAD_DAYS = 3
"""So many days at most lie between the UTC day of a fact and the local day that it belongs to."""


class Saved(msgspec.Struct, frozen=True):
    """A view without its facts: all that most reports need. The summaries of its groups are among the parts."""

    profile: ProfileChanged
    definitions: list[ExerciseDefined]
    copies: list[Copy]
    archive: Archive | None
    parts: Parts


class View:
    """Facts, grouped by exercise, day and session; what is no training, by day in a diary, and weights beside it.

    Args:
        source: Gives all that is true, but for what is laid by; asked only when a report or a change needs it.
        saved: What is kept of the same facts, where anything is.
        whole: Gives all that is true, where something is laid by.
        until: The last local day to be seen; None for all of them, and then ``apply`` keeps the view current.
    """

    def __init__(
        self,
        source: Callable[[], Facts],
        saved: Saved | None = None,
        until: int | None = None,
        whole: Callable[[], Facts] | None = None,
    ) -> None:
        self._source = source
        self._whole = whole
        self._until = until
        self._facts: Facts | None = None
        self._saved = saved
        self._days = Days(None if saved is None else self._saved_days)
        self.exercises: Courses[Exercised, Stretch] = Courses(
            attrgetter("exercise"),
            lambda exercise, before, sets: exercised.go_on(before, sets, *self._weighing(exercise)),
            self._exercised,
            self._part("exercises", _exercises),
        )
        self.training: Groups[str, dict[int, volume.Day]] = Groups(
            attrgetter("session"),
            lambda session, sets: volume.summarise(session, sets, self.book),
            self._part("training", _training),
        )
        self.sessions: Groups[str, dict[str, Any]] = Groups(
            attrgetter("session"),
            lambda session, facts: sessions.summarise(session, facts, self.book),
            self._part("sessions", _sessions),
        )
        self.diary: Groups[int, list[diary.Row]] = Groups(
            attrgetter("day"),
            lambda _, facts: diary.summarise(facts),
            self._part("diary", _diary),
        )
        self.weighed: Groups[int, Weight] = Groups(
            weights.day_of,
            weights.summarise,
            self._part("weighed", _weighed),
        )
        self.trained_on: Rollup[str, dict[int, volume.Day], list[volume.Day]] = Rollup(
            self.training,
            lambda done: done,
            lambda number, done: [days[number] for days in done],
        )
        self.trained_in: Rollup[str, dict[int, volume.Day], volume.Week] = Rollup(
            self.training,
            self._weeks_of,
            lambda start, done: volume.week(start, done, self.level, self.book),
        )
        self.sessions_on: Rollup[str, dict[str, Any], list[dict[str, Any]]] = Rollup(
            self.sessions,
            lambda session: (session["day_number"],),
            lambda _, rows: rows,
        )
        self.legs_in: Rollup[str, dict[int, volume.Day], legs.LegWeek] = Rollup(
            self.training,
            self._weeks_of,
            lambda start, done: legs.week(start, done, self.book),
        )
        self.seasons: Rollup[str, dict[str, Any], habits.Season] = Rollup(
            self.sessions,
            habits.season_of,
            lambda _, rows: habits.season(rows),
        )
        self.history = History(self.sessions)
        self._weights: Weights | None = None
        if saved is None:
            self._take_settings()
        else:
            self._set_book(saved.profile, saved.definitions)

    @property
    def facts(self) -> Facts:
        """All that is true; with it the groups have all their facts, too."""
        return self.open()

    def open(self) -> Facts:
        """Has everything loaded that is laid by."""
        if self._whole is not None:
            whole, self._whole = self._whole, None
            self._load(whole())
        return self.at_hand

    @property
    def at_hand(self) -> Facts:
        """All that is true, but for what is laid by; with it the groups have their facts of that."""
        return self._load(self._source()) if self._facts is None else self._facts

    @property
    def laid_by(self) -> Archive | None:
        """What must be known of what is laid by, as long as it is."""
        return None if self._saved is None or self._whole is None else self._saved.archive

    def at_hand_since(self, replica: str) -> int:
        """From which seq on all is at hand that a replica wrote."""
        tail = None if self.laid_by is None else self.laid_by.tails.get(replica)
        return 1 if tail is None else tail.first + 1

    def _load(self, facts: Facts) -> Facts:
        """Takes facts in, which are all, or those at hand."""
        self._facts, archive, until = facts, self.laid_by, self._until
        for groups, types in self._groups.values():
            seen = (fact for event_type in types for fact in facts.of_type(event_type))
            groups.load(
                seen if until is None else (fact for fact in seen if fact.day <= until), whole=archive is None
            )
        if archive is not None:
            self.exercises.resume(Past(archive.since, self._past, exercised.resume))
        self._days.last()  # should the days be lost, they are counted before anything is applied, and all is loaded
        return self.at_hand

    def _past(self) -> dict[str, Stretch]:
        """What exercises had come to when some of their sets were laid by; where it is lost, all facts are loaded."""
        found = None if self._saved is None else self._saved.parts.get(PAST, _stretches)
        if found is None:
            self.open()
        return found or {}

    def apply(self, deltas: Collection[Delta]) -> None:
        """Takes changes of ``facts`` in."""
        by_type: dict[str, list[Delta]] = {}
        for delta in deltas:
            by_type.setdefault(delta.type, []).append(delta)
        if not _BOOK.isdisjoint(by_type):
            self._take_settings()
            for groups, _ in self._groups.values():
                groups.forget()
        for event_type, changes in by_type.items():
            if event_type not in _UNDATED:
                self._days.apply(changes)
            for groups, types in self._groups.values():
                if event_type in types:
                    groups.apply(changes)
        if (day := weights.first_changed(by_type.get("measurement_taken", ()))) is not None:
            self._weights = None
            self.exercises.forget_where(lambda done: done.weighed_until is not None and done.weighed_until >= day)

    def parts(self) -> dict[str, bytes]:
        """The summaries of the groups, by their names, as a checkpoint keeps them."""
        summaries = {name: pack(groups.summaries()) for name, (groups, _) in self._groups.items()}
        return summaries | {"days": pack(self._days.counts)}

    @property
    def definitions(self) -> list[ExerciseDefined]:
        """The exercises of the lifter's own."""
        return [
            fact.body for fact in self.at_hand.of_type("exercise_defined") if isinstance(fact.body, ExerciseDefined)
        ]

    def begin_anew(self, facts: Facts) -> None:
        """Takes facts that are not those that were kept, or not only changed as they say."""
        self._saved, self._whole, self._facts, self._weights = None, None, facts, None
        self._take_settings()
        self._days = Days(self._counted)
        for groups, _ in self._groups.values():
            groups.forget()
        self._load(facts)

    def _saved_days(self) -> dict[int, int]:
        found = None if self._saved is None else self._saved.parts.get("days", _days)
        return self._counted() if found is None else found

    def _counted(self) -> dict[int, int]:
        """How many facts happened on each local day."""
        dated = (of_type for event_type, of_type in self.facts.effective.items() if event_type not in _UNDATED)
        return Counter(fact.happened for of_type in dated for fact in of_type.values())

    def _part(self, name: str, decoder: msgspec.msgpack.Decoder[dict[K, S]]) -> Callable[[], dict[K, S]] | None:
        """How the saved summaries of a group are fetched; where they are lost, its facts are loaded instead."""
        saved = self._saved
        if saved is None:
            return None

        def fetch() -> dict[K, S]:
            found = saved.parts.get(name, decoder)
            if found is None:
                self.open()
            return found or {}

        return fetch

    @property
    def latest(self) -> int | None:
        """The latest local day on which a fact happened, None where none ever did; of a view that has no end."""
        return self._days.last()

    def trained_between(self, first: int, last: int) -> list[volume.Day]:
        """What was done from one local day to another, day by day and session by session."""
        return [day for number in self.trained_on.between(first, last) for day in self.trained_on[number]]

    def weeks(self, as_of: int | None) -> list[volume.Week]:
        """What was done week by week, from the first one trained to that of a day; none is left out."""
        if as_of is None:
            return []
        return self.trained_in.every(volume.WEEK_DAYS, week_start(as_of, self._first_weekday))

    def leg_weeks(self, as_of: int | None, most: int | None = None) -> list[legs.LegWeek]:
        """The same weeks as leg training counts them; the last ones, where there are more than ``most``."""
        if as_of is None:
            return []
        return self.legs_in.every(volume.WEEK_DAYS, week_start(as_of, self._first_weekday), most)

    def sessions_between(self, first: int, last: int) -> list[dict[str, Any]]:
        """The sessions of some local days, as the report ``sessions`` is made of."""
        return [row for day in self.sessions_on.between(first, last) for row in self.sessions_on[day]]

    def sets_of(self, exercise: str) -> Collection[Effective]:
        """The sets of an exercise, in no order."""
        self.open()
        return self.exercises.facts(exercise)

    def sets_by_session(self) -> Iterator[Collection[Effective]]:
        """The sets that are seen, session by session."""
        self.open()
        yield from (self.training.facts(session) for session in self.training)

    @property
    def copies(self) -> list[Copy]:
        """The sessions that are likely copies of others, and count with those."""
        if self._facts is None and self._saved is not None:
            return self._saved.copies
        return sessions.copies(self.at_hand)

    def noted(self, *event_types: str) -> list[diary.Row]:
        """What the diary says of some kinds, earliest first."""
        return [row for day in self.diary for row in self.diary[day] if row.type in event_types]

    @property
    def weights(self) -> Weights:
        """What the lifter weighed."""
        if self._weights is None:
            self._weights = Weights(self.weighed[day] for day in self.weighed)
        return self._weights

    @property
    def _groups(self) -> dict[str, tuple[Groups[str, Any] | Groups[int, Any], frozenset[str]]]:
        """All groups of facts, by what a checkpoint calls them, with the types of the facts that can lie in each."""
        return {
            "exercises": (self.exercises, _SETS),
            "training": (self.training, _SETS),
            "sessions": (self.sessions, sessions.TYPES),
            "diary": (self.diary, diary.KINDS),
            "weighed": (self.weighed, weights.KINDS),
        }

    @property
    def _first_weekday(self) -> int:
        """On which weekday weeks begin, Monday being 0."""
        return self.profile.week_start or 0

    def _weeks_of(self, done: Iterable[int]) -> Iterator[int]:
        """The weeks of some local days, each by its first one."""
        return (week_start(number, self._first_weekday) for number in done)

    @property
    def level(self) -> str:
        """How trained the lifter is."""
        return self.profile.level or "beginner"

    def last_time(self, exercise: str) -> dict[str, Any] | None:
        """What was done when an exercise was last trained."""
        return self.exercises[exercise].last_time if exercise in self.exercises else None

    def practised(self, exercise: str) -> practice.Practice:
        """How an exercise was practised lately."""
        return self.exercises[exercise].practice if exercise in self.exercises else _NEVER

    def sided(self, first: int, last: int) -> Iterable[tuple[str, sides.Sides]]:
        """The exercises that were trained one-sidedly in a span of days, with what each side did."""
        for exercise in self.exercises:
            if any(entry["side"] != "both" for entry in self.exercises[exercise].records):
                self._facts_since(first - SPREAD_DAYS)
                sets = self.exercises.between(exercise, (first - SPREAD_DAYS) * DAY_MS, (last + SPREAD_DAYS) * DAY_MS)
                side = sides.sides_of(sets, first, last)
                if side.sessions:
                    yield exercise, side

    def last_sessions(self) -> set[str]:
        """The sessions that exercises are looked back on for."""
        return {bout.session for exercise in self.exercises for bout in self.practised(exercise).bouts}

    def past(self, since: int, archived: Collection[str]) -> dict[str, Stretch]:
        """What exercises had come to by a moment, of whose sessions some are laid by."""
        stretches = ((exercise, self.exercises.before(exercise, since)) for exercise in self.exercises)
        return {exercise: exercised.lay_by(passed, archived) for exercise, passed in stretches if passed}

    def _exercised(self, exercise: str, stretches: list[Stretch]) -> Exercised:
        if exercised.is_short(stretches):
            self.open()
            return self.exercises[exercise]
        return exercised.summarise(stretches, *self._weighing(exercise))

    def _facts_since(self, day: int) -> Facts:
        """Has the facts loaded of a local day and those since."""
        if self.laid_by is None or day * DAY_MS < self.laid_by.since:
            return self.open()
        return self.at_hand

    def _take_settings(self) -> None:
        self._set_book(self.at_hand.profile, self.definitions)

    def _set_book(self, profile: ProfileChanged, definitions: Collection[ExerciseDefined]) -> None:
        self.profile = profile
        self.book = Book(catalogue(), profile, definitions)

    def _weighing(self, exercise: str) -> tuple[Exercise | None, str, Weights]:
        """What the sets of an exercise are compared by, beside what they say."""
        return self.book.find(exercise), self.book.formula, self.weights


_SETS = frozenset({"set_logged"})

_NEVER = practice.Practice((), 0)


_exercises = msgspec.msgpack.Decoder(dict[str, Exercised])
_stretches = msgspec.msgpack.Decoder(dict[str, Stretch])
_days = msgspec.msgpack.Decoder(dict[int, int])
_training = msgspec.msgpack.Decoder(dict[str, dict[int, volume.Day]])
_sessions: msgspec.msgpack.Decoder[dict[str, dict[str, Any]]] = msgspec.msgpack.Decoder(dict[str, sessions.Session])
_diary = msgspec.msgpack.Decoder(dict[int, list[diary.Row]])
_weighed = msgspec.msgpack.Decoder(dict[int, Weight])
