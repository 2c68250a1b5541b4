"""The weeks of leg training: how many sessions, how much, and how that lies against what was meant.

The guide asks for one or two leg sessions a week. A lifter who says how many sessions a week are meant is measured by
that: at least so many, and at most so many or the guide's two.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

import msgspec

from events.guide import LEG_SESSIONS_A_WEEK
from events.profile import ProfileChanged
from projections.book import Book
from projections.volume import DIRECT, WEEK_DAYS, Day, days_of

_OF_LEGS = frozenset({"quadriceps", "hamstrings", "glutes", "gastrocnemius", "soleus"})
"""The leg muscles that the guide names."""

Standing = Literal["under", "within", "over", "begun"]
"""``begun`` is a week that is not over yet, and may still come to what was meant."""


class LegWeek(msgspec.Struct, frozen=True):
    """One week: its first day, its leg sessions, and all that was done on its days, session by session."""

    start: int
    sessions: int
    days: list[Day]

    def standing(self, as_of: int | None, profile: ProfileChanged) -> Standing:
        """How it lies against what was meant, on a day."""
        least, most = meant(profile)
        if self.sessions < least:
            return "under" if as_of is not None and self.start + WEEK_DAYS - 1 <= as_of else "begun"
        return "within" if self.sessions <= most else "over"


def trains_legs(exercise: str, book: Book) -> bool:
    """Whether it is a movement of the lower body, or trains a leg muscle that the guide names as a direct one."""
    known = book.find(exercise)
    if known is not None and known.region == "lower":
        return True
    return any(share >= DIRECT and muscle in _OF_LEGS for muscle, share in book.shares(exercise).items())


def meant(profile: ProfileChanged) -> tuple[int, int]:
    """The least and the most leg sessions a week."""
    least, most = LEG_SESSIONS_A_WEEK
    own = profile.sessions_per_week
    return (least, most) if own is None else (own, max(own, most))


def week(start: int, sessions: Iterable[Mapping[int, Day]], book: Book) -> LegWeek:
    """The week that begins on a day, as leg training counts it.

    Args:
        start: The day.
        sessions: What each session of the week did, by local day.
        book: What is known of the exercises.
    """
    days = days_of(start, sessions)
    exercises = {exercise for day in days for exercise in day.exercises}
    of_legs = {exercise for exercise in exercises if trains_legs(exercise, book)}
    return LegWeek(start, len({day.session for day in days if not of_legs.isdisjoint(day.exercises)}), days)
