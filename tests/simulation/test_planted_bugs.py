"""The simulator can fail: it finds what sync services die of, and says how in a few steps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

import pytest
from simulation.bugs import BUGS

from client_sdk.simulation import Step, play, schedule, shrink

SEEDS = range(1, 51)
REPLICAS = 3
STEPS = 80


def fails(steps: Sequence[Step], seed: int) -> bool:
    return bool(play(seed, REPLICAS, steps).broken)


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.__name__)
def test_a_planted_bug_is_found_and_shown_in_a_few_steps(bug: Callable[[], AbstractContextManager[None]]) -> None:
    with bug():
        seed = next(seed for seed in SEEDS if fails(schedule(seed, STEPS), seed))
        shortest = shrink(schedule(seed, STEPS), lambda tried: fails(tried, seed))
        assert 1 <= len(shortest) <= 30
        assert fails(shortest, seed)
    assert not fails(shortest, seed), "it is the bug that fails, and not the simulator"
