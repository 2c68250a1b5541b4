"""The weeks of leg training: how many sessions, how much, and how that lies against what was meant.

The guide asks for one or two leg sessions a week. A lifter who says how many sessions a week are meant is measured by
that: at least so many, and at most so many or the guide's two.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import msgspec

from events.guide import LEG_SESSIONS_A_WEEK
from events.profile import ProfileChanged
from projections.book import Book
from projections.volume import DIRECT, WEEK_DAYS, Day, Week

_OF_LEGS = frozenset({"quadriceps", "hamstrings", "glutes", "gastrocnemius", "soleus"})
"""The leg muscles that the guide names."""

Standing = Literal["under", "within", "over", "begun"]
"""``begun`` is a week that is not over yet, and may still come to what was meant."""


class LegWeek(msgspec.Struct, frozen=True):
    """One week: its first day, its leg sessions, and all that was done on its days, session by session."""

    start: int
    sessions: int
    standing: Standing
    days: list[Day]


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


def weeks(trained: Iterable[Week], as_of: int | None, profile: ProfileChanged, book: Book) -> list[LegWeek]:
    """The weeks from the first one trained to that of ``as_of``, none left out, as leg training counts them."""
    made = []
    of_legs: dict[str, bool] = {}
    for week in trained:
        for exercise in {exercise for day in week.days for exercise in day.exercises} - of_legs.keys():
            of_legs[exercise] = trains_legs(exercise, book)
        sessions = len({day.session for day in week.days if any(of_legs[exercise] for exercise in day.exercises)})
        over = as_of is not None and week.start + WEEK_DAYS - 1 <= as_of
        made.append(LegWeek(week.start, sessions, _standing(sessions, meant(profile), over=over), week.days))
    return made


def _standing(sessions: int, wanted: tuple[int, int], *, over: bool) -> Standing:
    least, most = wanted
    if sessions < least:
        return "under" if over else "begun"
    return "within" if sessions <= most else "over"
