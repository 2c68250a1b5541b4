"""What a person reads when a server refuses to sync: what, and what next; and nothing is lost."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from support.chains import some_uuid
from support.servers import refusing

from client_sdk import Replica, patience
from client_sdk.store import SignedIn
from events.protocol import (
    BaseFault,
    ChainBroken,
    DeviceRevoked,
    Fork,
    Gap,
    Malformed,
    MediaType,
    Reset,
    SawUnknown,
    SlowDown,
    Unauthenticated,
    Unavailable,
    WrongAccount,
)

Run = Callable[..., Any]
"""Runs a command: see ``conftest``."""

SAID = {"detail": "This is what is wrong.", "next_step": "This is what to do."}
SOMEWHERE = SAID | {"replica": some_uuid("another"), "seq": 1}

TOLD: list[BaseFault] = [
    Malformed(**SAID, path="$.protocol"),
    Unauthenticated(**SAID),
    DeviceRevoked(**SAID),
    WrongAccount(**SAID),
    MediaType(**SAID),
    SlowDown(**SAID, retry_after_s=3),
    SlowDown(**SAID, retry_after_s=900),
    Unavailable(**SAID, retry_after_s=3),
]
ENDLESS: list[BaseFault] = [
    Reset(**SAID),
    Fork(**SOMEWHERE),
    Gap(**SAID, replica=some_uuid("another"), expected_seq=1),
    ChainBroken(**SOMEWHERE),
    SawUnknown(**SOMEWHERE),
]
"""What a device gets over by itself, were it not that this server says it for ever."""


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that a command would have waited."""
    seconds: list[float] = []
    monkeypatch.setattr("client_sdk.patience.Patient", partial(patience.Patient, sleep=seconds.append))
    return seconds


def sync_with_one_that_says(fault: BaseFault, run: Run, ledger: object) -> tuple[Any, Any]:
    """What ``ironledger sync`` says, and what ``status`` says then; one event waits."""
    assert run("log", "squat", "100kg", "8").status == 0
    with refusing(fault) as url:
        with Replica.open(str(ledger)) as replica:
            replica.sign_in(url, SignedIn(some_uuid("account"), some_uuid("device"), "token"))
        return run("sync"), run("status", "--json").json


@pytest.mark.parametrize(
    "fault", TOLD, ids=lambda fault: f"{type(fault).__name__} {getattr(fault, 'retry_after_s', '')}"
)
def test_a_refusal_is_told_in_the_servers_words(
    fault: BaseFault, run: Run, ledger: object, slept: list[float]
) -> None:
    refused, status = sync_with_one_that_says(fault, run, ledger)
    assert (refused.status, refused.out) == (1, "")
    assert refused.err.splitlines() == [SAID["detail"], SAID["next_step"]]
    assert (status["outbox"], status["head"]) == (1, 0)
    assert len(slept) == (3 if getattr(fault, "retry_after_s", 900) < 900 else 0)


@pytest.mark.usefixtures("slept")
@pytest.mark.parametrize("fault", ENDLESS, ids=lambda fault: type(fault).__name__)
def test_a_server_that_never_has_enough_is_told_and_nothing_is_lost(
    fault: BaseFault, run: Run, ledger: object
) -> None:
    refused, status = sync_with_one_that_says(fault, run, ledger)
    assert (refused.status, refused.out) == (1, "")
    what, next_step = refused.err.splitlines()
    assert what.startswith("The server ")
    assert "Everything logged is still here" in next_step
    assert status["outbox"] == 1


def test_a_terminal_is_told_of_each_wait(
    run: Run, ledger: object, slept: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    refused, _ = sync_with_one_that_says(Unavailable(**SAID, retry_after_s=3), run, ledger)
    *waits, _, _ = refused.err.splitlines()
    assert len(waits) == len(slept) == 3
    assert all(line.startswith("The server is busy: trying again in ") for line in waits)
