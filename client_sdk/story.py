"""What a file of another app tells of its lifter: how long, how often, how heavy.

Every figure is of the file alone, whether it was here already or not. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

import msgspec

from client_sdk.importers import Reading, Session
from events.quantities import day_text, local_day, week_start
from events.training import SetLogged
from projections.log import describe_load

BEST = 3
"""How many lifts are told of."""

_MONTHS_OF_YEAR = 12
_WEEK = 7


class Best(msgspec.Struct, frozen=True, kw_only=True):
    """The heaviest set of an exercise in the file: the most load, then the most reps, then the first."""

    exercise: str
    name: str
    """As the file spells it."""
    words: str
    """``140 kg × 3``."""
    day: str
    sets: int
    """How many counted sets of the exercise the file has."""


class Story(msgspec.Struct, frozen=True, kw_only=True):
    """A file's history. Days are local ones; ``None`` where the file has no session."""

    first: str | None
    last: str | None
    sessions: int
    sets: int
    weeks: int
    """From the week of the first session to that of the last."""
    run_weeks: int
    """The most weeks in a row with a session."""
    exercises: int
    """How many names of exercises there are."""
    best: list[Best]
    """The heaviest sets of the exercises with most sets."""


def story_of(reading: Reading) -> Story:
    """The story of a file."""
    days = sorted({_day(session) for session in reading.sessions})
    weeks = sorted({week_start(day) for day in days})
    return Story(
        first=day_text(days[0]) if days else None,
        last=day_text(days[-1]) if days else None,
        sessions=len(reading.sessions),
        sets=reading.sets,
        weeks=(weeks[-1] - weeks[0]) // _WEEK + 1 if weeks else 0,
        run_weeks=_longest_run(weeks),
        exercises=len(reading.matched) + len(reading.unmatched),
        best=list(_best(reading.sessions)),
    )


def length(story: Story) -> str:
    """From the first session to the last, as ``4 years and 2 months``; in days below a month."""
    if story.first is None or story.last is None:
        return "no time"
    first, last = date.fromisoformat(story.first), date.fromisoformat(story.last)
    months = (last.year - first.year) * _MONTHS_OF_YEAR + last.month - first.month - (last.day < first.day)
    years, rest = divmod(months, _MONTHS_OF_YEAR)
    parts = [_plural(number, unit) for number, unit in ((years, "year"), (rest, "month")) if number]
    return " and ".join(parts) or _plural((last - first).days + 1, "day")


def _longest_run(weeks: list[int]) -> int:
    longest = run = 0
    former = None
    for week in weeks:
        run = run + 1 if former is not None and week - former == _WEEK else 1
        longest, former = max(longest, run), week
    return longest


def _best(sessions: Iterable[Session]) -> Iterator[Best]:
    lifted: dict[str, list[tuple[SetLogged, int]]] = {}
    for session in sessions:
        for draft in session.sets:
            if isinstance(draft.body, SetLogged) and _is_lift(draft.body):
                lifted.setdefault(draft.body.exercise, []).append((draft.body, _day(session)))
    most = sorted(lifted.items(), key=lambda item: (-len(item[1]), item[0]))
    for exercise, sets in most[:BEST]:
        body, day = max(sets, key=lambda done: (done[0].nanograms or 0, done[0].reps or 0, -done[1]))
        yield Best(
            exercise=exercise,
            name=(body.source.name if body.source else None) or exercise,
            words=f"{describe_load(body)} × {body.reps}",
            day=day_text(day),
            sets=len(sets),
        )


def _is_lift(body: SetLogged) -> bool:
    """Whether a set counts and moved a load that can be told, help aside."""
    return body.counts and bool(body.reps) and body.load is not None and body.load_kind in {"external", "added"}


def _day(session: Session) -> int:
    return local_day(session.started.at, session.started.offset)


def _plural(number: int, unit: str) -> str:
    return f"{number} {unit}{'' if number == 1 else 's'}"
