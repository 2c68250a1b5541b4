"""Waiting for a busy server, without waiting."""

from __future__ import annotations

import pytest
from support.chains import request_of

from client_sdk.patience import LONGEST_WAIT_S, Patient
from events.protocol import Fault, Reset, SlowDown, SyncReply, SyncRequest, Unavailable

DONE = SyncReply(head=0, head_hash="0" * 64, cursor="0", more=False, server_time=0, verdicts=[], records=[])


def busy(retry_after_s: int) -> Unavailable:
    return Unavailable(detail="Restarting.", retry_after_s=retry_after_s)


class Answering:
    """Gives one answer after another, and the last for ever."""

    def __init__(self, *answers: SyncReply | Fault) -> None:
        self._answers = answers
        self.asked = 0

    def sync(self, _: SyncRequest, /) -> SyncReply | Fault:
        self.asked += 1
        return self._answers[min(self.asked, len(self._answers)) - 1]


def asked_with(
    endpoint: Answering, chance: float = 0.5, attempts: int = 4
) -> tuple[SyncReply | Fault, list[float], list[float]]:
    """What comes of asking, what was slept, and what was said of it before."""
    slept: list[float] = []
    said: list[float] = []
    patient = Patient(endpoint, said.append, sleep=slept.append, chance=lambda: chance, attempts=attempts)
    return patient.sync(request_of("account")), slept, said


def test_an_answer_is_given_at_once() -> None:
    for answer in (DONE, Reset(detail="Another history.")):
        assert asked_with(Answering(answer)) == (answer, [], [])


def test_a_busy_server_is_asked_again_after_the_time_that_it_names_and_a_little_more_each_time() -> None:
    slow = SlowDown(detail="Too fast.", retry_after_s=3)
    outcome, slept, said = asked_with(Answering(busy(7), slow, busy(0), DONE))
    assert (outcome, slept, said) == (DONE, [7.5, 4.0, 2.0], [7.5, 4.0, 2.0])


@pytest.mark.parametrize("chance", [0.0, 0.999])
def test_nobody_comes_back_before_the_time_that_the_server_named(chance: float) -> None:
    _, slept, _ = asked_with(Answering(busy(2)), chance)
    assert all(2 <= seconds < 2 + 2**attempt for attempt, seconds in enumerate(slept))


def test_a_server_that_stays_busy_is_left_alone_after_a_few_attempts() -> None:
    for attempts in (1, 3):
        endpoint = Answering(busy(1))
        outcome, slept, _ = asked_with(endpoint, attempts=attempts)
        assert (outcome, endpoint.asked, len(slept)) == (busy(1), attempts, attempts - 1)


def test_a_server_that_wants_long_is_left_alone_at_once() -> None:
    assert asked_with(Answering(busy(LONGEST_WAIT_S + 1))) == (busy(LONGEST_WAIT_S + 1), [], [])
