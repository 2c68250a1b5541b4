"""How often in a row something was kept to."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from projections.streaks import Streak

TIMES = st.lists(st.booleans(), max_size=8)


def test_a_streak_is_told_up_to_the_last_time_and_at_the_most() -> None:
    assert Streak.of([True, True, False, True]).shown() == {"current": 1, "longest": 2}


@given(TIMES, TIMES)
def test_the_streaks_of_two_spans_add_up_to_that_of_both(first: list[bool], second: list[bool]) -> None:
    assert Streak.of(first).then(Streak.of(second)) == Streak.of(first + second)
