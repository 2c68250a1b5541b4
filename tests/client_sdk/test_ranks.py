"""Places between places."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from client_sdk.ranks import DIGITS, behind, between

ranks = st.text(DIGITS, min_size=1, max_size=6).filter(lambda rank: not rank.endswith(DIGITS[0]))


@given(low=st.just("") | ranks, high=ranks)
def test_between_two_ranks_there_is_a_third(low: str, high: str) -> None:
    low, high = sorted((low, high))
    if low != high:
        rank = between(low, high)
        assert low < rank < high
        assert not rank.endswith(DIGITS[0])


@given(last=st.just("") | ranks)
def test_behind_the_last_there_is_room(last: str) -> None:
    assert behind(last) > last
    assert between(last, "") == behind(last)


def test_a_long_program_has_short_ranks() -> None:
    rank = ""
    for _ in range(200):
        rank = behind(rank)
    assert len(rank) < 10
