"""Whether the training is balanced, over the 28 days that end on the day asked for.

Sets are compared, never torques: what two lifts weigh says nothing of what two muscles can do. A side is called
weaker only after three sessions that lean the same way by more than a strength test's own scatter (median
coefficient of variation 4.2 %: Grgic et al. 2020, doi 10.1186/s40798-020-00260-z).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from events.catalogue import LEG_MUSCLES, MUSCLES, Exercise
from events.guide import MAIN_ROUTINE
from events.quantities import round_half_up
from projections.book import Book
from projections.explained import because
from projections.sides import Sides
from projections.volume import DIRECT, WEEK_DAYS, Day, Tally, by_exercise, by_muscle, events_of, events_of_muscle

WINDOW_DAYS = 28

Weigh = Callable[[str, Book], int]
"""The share, in permille of a set, by which a set of an exercise counts for something."""


def of_muscle(muscle: str) -> Weigh:
    """By the matrix: the muscle's share."""
    return lambda exercise, book: book.shares(exercise).get(muscle, 0)


def of_calves(exercise: str, book: Book) -> int:
    """A set counts for the calves by the larger share of their two muscles."""
    shares = book.shares(exercise)
    return max(shares.get("gastrocnemius", 0), shares.get("soleus", 0))


def of_movement(belongs: Callable[[Exercise], bool]) -> Weigh:
    """Whole, where the exercise belongs."""

    def share(exercise: str, book: Book) -> int:
        known = book.find(exercise)
        return DIRECT if known is not None and belongs(known) else 0

    return share


_PUSH = frozenset({"horizontal_push", "vertical_push"})
_PULL = frozenset({"horizontal_pull", "vertical_pull"})

RATIOS: dict[str, tuple[Weigh, Weigh]] = {
    "hamstrings:quadriceps": (of_muscle("hamstrings"), of_muscle("quadriceps")),
    "glutes:quadriceps": (of_muscle("glutes"), of_muscle("quadriceps")),
    "calves:quadriceps": (of_calves, of_muscle("quadriceps")),
    "gastrocnemius:soleus": (of_muscle("gastrocnemius"), of_muscle("soleus")),
    "upper:lower": (
        of_movement(lambda known: known.region == "upper"),
        of_movement(lambda known: known.region == "lower"),
    ),
    "push:pull": (
        of_movement(lambda known: known.pattern in _PUSH),
        of_movement(lambda known: known.pattern in _PULL),
    ),
    "hinge:squat": (
        of_movement(lambda known: known.pattern == "hinge"),
        of_movement(lambda known: known.pattern == "squat"),
    ),
}
"""What is set against what, and how a set counts for either."""


def report(  # noqa: PLR0913  # what it is made of, and how it is asked for
    window: list[Day],
    first: int | None,
    sides: Iterable[tuple[str, Sides]],
    as_of: int | None,
    book: Book,
    *,
    per_week: int,
    explain: bool = False,
) -> dict[str, Any]:
    """The report ``balance``.

    Args:
        window: What was done in it, day by day and session by session.
        first: The first day that was ever trained on, where that is before the end of the window.
        sides: The one-sided exercises with what each side did.
        as_of: The last day of the window; None where nothing was ever logged.
        book: What is known of the exercises.
        per_week: The sessions a week that the lifter means to do.
        explain: Whether each figure names the events behind it.
    """
    weeks = 0
    if as_of is not None and first is not None:
        weeks = -(-(as_of - max(since(as_of), first) + 1) // WEEK_DAYS)
    exercises = by_exercise(window)
    muscles = by_muscle(exercises, book)
    done = {muscle: muscles.get(muscle, Tally()).fractional for muscle in MUSCLES}
    return {
        "muscles": _shares(done, window, book, explain=explain),
        "ratios": [_ratio(name, exercises, window, book, explain=explain) for name in RATIOS],
        "neglected": _neglected(done, weeks * per_week, book),
        "sides": [
            {"exercise": exercise, "name": book.name(exercise)} | side.shown(explain=explain)
            for exercise, side in sides
        ],
    } | because(events_of(window), explain=explain)


def since(as_of: int) -> int:
    """The first day of the window that ends on a day."""
    return as_of - WINDOW_DAYS + 1


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


def _ratio(
    name: str, exercises: Mapping[str, Tally], window: list[Day], book: Book, *, explain: bool
) -> dict[str, Any]:
    weighs = RATIOS[name]
    numerator, denominator = (_weighed(exercises, weigh, book) for weigh in weighs)
    return {
        "name": name,
        "numerator_milli": numerator,
        "denominator_milli": denominator,
        "ratio_milli": round_half_up(numerator * 1000, denominator) if denominator else None,
    } | because(events_of(window, lambda exercise: any(weigh(exercise, book) for weigh in weighs)), explain=explain)


def _weighed(exercises: Mapping[str, Tally], weigh: Weigh, book: Book) -> int:
    """What was done of some exercises, in thousandths of a set, each by its share."""
    return sum(tally.direct_sets * weigh(exercise, book) for exercise, tally in exercises.items())


def _neglected(done: Mapping[str, int], sessions: int, book: Book) -> list[str]:
    """The leg muscles that got less than half of what so many sessions of the guide would have given them."""
    guide = dict.fromkeys(LEG_MUSCLES, 0)
    for exercise, sets in MAIN_ROUTINE.items():
        for muscle, share in book.shares(exercise).items():
            if muscle in guide:
                guide[muscle] += sets * share
    return [muscle for muscle, expected in guide.items() if 2 * done[muscle] < expected * sessions]
