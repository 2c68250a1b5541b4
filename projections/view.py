"""What the reports are made of: the facts up to a day, grouped, and the book that says what exercises are."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import msgspec

from events.catalogue import catalogue
from projections import records, sessions, sides, volume
from projections.book import Book
from projections.facts import Delta, Effective, Facts
from projections.groups import Groups

_BOOK = frozenset({"profile_changed", "exercise_defined"})
"""The facts on which summaries depend beside those that they sum up."""

_UNDATED = frozenset({"exercise_defined", "exercise_matched", "import_started", "profile_changed"})
"""Bookkeeping: true of the whole history, and nothing that happened on a day."""


class Exercised(msgspec.Struct, frozen=True):
    """An exercise's sets, summed up: its records by side, and what was done when it was last trained."""

    records: list[dict[str, Any]]
    last_time: dict[str, Any] | None


class View:
    """Facts, grouped by exercise, day and session.

    Args:
        facts: All that is true.
        until: The last local day to be seen; None for all of them, and then ``apply`` keeps the view current.
    """

    def __init__(self, facts: Facts, until: int | None = None) -> None:
        self.facts = facts
        self.until = until
        self.book = Book(catalogue(), facts.profile, facts.of_type("exercise_defined"))
        self.exercises: Groups[str, Exercised] = Groups(lambda fact: fact.exercise or None, self._exercised)
        self.days: Groups[int, volume.Day] = Groups(_day_of, lambda _, day: volume.summarise(day, self.book))
        self.sessions: Groups[str, dict[str, Any]] = Groups(
            sessions.session_of, lambda _, session: sessions.summarise(session, self.book)
        )
        self._regroup([Delta(None, fact) for of_type in facts.effective.values() for fact in of_type.values()])

    def apply(self, deltas: Collection[Delta]) -> None:
        """Takes changes of facts in."""
        if any(delta.types & _BOOK for delta in deltas):
            self.book = Book(catalogue(), self.facts.profile, self.facts.of_type("exercise_defined"))
            for groups in (self.exercises, self.days, self.sessions):
                groups.forget()
        self._regroup(deltas)

    @property
    def latest(self) -> int | None:
        """The latest local day on which a fact happened; None where none ever did."""
        return self.days.last()

    @property
    def level(self) -> str:
        """How trained the lifter is."""
        return self.facts.profile.level or "beginner"

    def last_time(self, exercise: str) -> dict[str, Any] | None:
        """What was done when an exercise was last trained."""
        return self.exercises[exercise].last_time if exercise in self.exercises else None

    def sided(self, first: int, last: int) -> Iterable[tuple[str, sides.Sides]]:
        """The exercises that were trained one-sidedly in a span of days, with what each side did."""
        for exercise in self.exercises:
            if len(self.exercises[exercise].records) > 1:
                side = sides.sides_of(self.exercises.facts(exercise), first, last)
                if side.sessions:
                    yield exercise, side

    def _regroup(self, deltas: Collection[Delta]) -> None:
        if self.until is not None:
            deltas = [delta for delta in deltas if delta.asserted is not None and delta.asserted.day <= self.until]
        for groups in (self.exercises, self.days, self.sessions):
            groups.apply(deltas)

    def _exercised(self, exercise: str, facts: Collection[Effective]) -> Exercised:
        return Exercised(
            records.summarise(facts, self.book.find(exercise), self.book.formula),
            sessions.last_time(facts),
        )


def _day_of(fact: Effective) -> int | None:
    return None if fact.entry.type in _UNDATED else fact.day
