"""Whether the training is balanced, over the 28 days that end on the day asked for.

Sets are compared, never torques: what two lifts weigh says nothing of what two muscles can do. A side is called
weaker only after three sessions that lean the same way by more than a strength test's own scatter (median
coefficient of variation 4.2 %: Grgic et al. 2020, doi 10.1186/s40798-020-00260-z).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from events.catalogue import LEG_MUSCLES, MUSCLES, Exercise
from events.guide import MAIN_ROUTINE
from events.quantities import round_half_up
from projections.book import Book
from projections.explained import because
from projections.sides import Sides
from projections.volume import DIRECT, WEEK_DAYS, Day, Tally, events_of, events_of_muscle, total

WINDOW_DAYS = 28

_Weight = Callable[[Book, str], int]
"""How much of a set of an exercise counts, in permille."""

_PUSH = frozenset({"horizontal_push", "vertical_push"})
_PULL = frozenset({"horizontal_pull", "vertical_pull"})


def report(  # noqa: PLR0913  # what it is made of, and how it is asked for
    days: Mapping[int, list[Day]],
    sides: Iterable[tuple[str, Sides]],
    as_of: int | None,
    book: Book,
    per_week: int,
    *,
    explain: bool = False,
) -> dict[str, Any]:
    """The report ``balance``.

    Args:
        days: What was done on each day, session by session.
        sides: The one-sided exercises with what each side did.
        as_of: The last day of the window; None where nothing was ever logged.
        book: What is known of the exercises.
        per_week: The sessions a week that the lifter means to do.
        explain: Whether each figure names the events behind it.
    """
    trained = [number for number in days if as_of is not None and number <= as_of]
    if as_of is None or not trained:
        window: list[Day] = []
        weeks = 0
    else:
        first = as_of - WINDOW_DAYS + 1
        window = [done for number in trained if number >= first for done in days[number]]
        weeks = -(-(as_of - max(first, min(trained)) + 1) // WEEK_DAYS)
    muscles = total(window)
    done = {muscle: muscles.get(muscle, Tally()).fractional for muscle in MUSCLES}
    return {
        "muscles": _shares(done, window, book, explain=explain),
        "ratios": [_ratio(name, weights, window, book, explain=explain) for name, *weights in _RATIOS],
        "neglected": _neglected(done, weeks * per_week, book),
        "sides": [
            {"exercise": exercise, "name": book.name(exercise)} | side.shown(explain=explain)
            for exercise, side in sides
        ],
    } | because(events_of(window), explain=explain)


def _shares(done: Mapping[str, int], window: list[Day], book: Book, *, explain: bool) -> dict[str, Any]:
    everything = sum(done.values())
    return {
        muscle: {
            "fractional_milli": fractional,
            "share_permille": round_half_up(fractional * 1000, everything) if everything else 0,
        }
        | because(events_of_muscle(window, muscle, book), explain=explain)
        for muscle, fractional in done.items()
    }


def _ratio(name: str, weights: Sequence[_Weight], window: list[Day], book: Book, *, explain: bool) -> dict[str, Any]:
    """Two amounts of sets, each set weighed as its side of the ratio weighs the exercise."""
    numerator, denominator = (
        sum(
            tally.fractional * weigh(book, exercise) // DIRECT
            for day in window
            for exercise, tally in day.exercises.items()
        )
        for weigh in weights
    )
    return {
        "name": name,
        "numerator_milli": numerator,
        "denominator_milli": denominator,
        "ratio_milli": round_half_up(numerator * 1000, denominator) if denominator else None,
    } | because(events_of(window, lambda exercise: any(weigh(book, exercise) for weigh in weights)), explain=explain)


def _share_of(*muscles: str) -> _Weight:
    """By the share of a muscle; of several, such as the calves' two, by the larger one."""
    return lambda book, exercise: max(book.shares(exercise).get(muscle, 0) for muscle in muscles)


def _whole(belongs: Callable[[Exercise], bool]) -> _Weight:
    """Whole, where the exercise belongs."""
    return lambda book, exercise: DIRECT if (known := book.find(exercise)) is not None and belongs(known) else 0


def _neglected(done: Mapping[str, int], sessions: int, book: Book) -> list[str]:
    """The leg muscles that got less than half of what so many sessions of the guide would have given them."""
    guide = dict.fromkeys(LEG_MUSCLES, 0)
    for exercise, sets in MAIN_ROUTINE.items():
        for muscle, share in book.shares(exercise).items():
            if muscle in guide:
                guide[muscle] += sets * share
    return [muscle for muscle, expected in guide.items() if 2 * done[muscle] < expected * sessions]


_RATIOS: tuple[tuple[str, _Weight, _Weight], ...] = (
    ("hamstrings:quadriceps", _share_of("hamstrings"), _share_of("quadriceps")),
    ("glutes:quadriceps", _share_of("glutes"), _share_of("quadriceps")),
    ("calves:quadriceps", _share_of("gastrocnemius", "soleus"), _share_of("quadriceps")),
    ("gastrocnemius:soleus", _share_of("gastrocnemius"), _share_of("soleus")),
    ("upper:lower", _whole(lambda known: known.region == "upper"), _whole(lambda known: known.region == "lower")),
    ("push:pull", _whole(lambda known: known.pattern in _PUSH), _whole(lambda known: known.pattern in _PULL)),
    ("hinge:squat", _whole(lambda known: known.pattern == "hinge"), _whole(lambda known: known.pattern == "squat")),
)
"""Each with what is counted above and below the line."""
