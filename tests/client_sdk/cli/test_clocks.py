"""What the command line says of a clock that is wrong."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from support.servers import PASSWORD, running

from client_sdk.cli.words import clock_distance
from events.quantities import DAY_MS, HOUR_MS, MINUTE_MS

Run = Callable[..., Any]
"""Runs a command: see ``conftest``."""


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Sets the device's clock so many ms ahead of the time."""

    def set_ahead(error: int) -> None:
        clock = SimpleNamespace(time_ns=lambda: time.time_ns() + error * 1_000_000)
        monkeypatch.setattr("client_sdk.replica.time", clock)

    return set_ahead


def test_a_session_in_doubt_is_marked_and_mended_by_the_command_that_is_shown(
    done: Run, set_clock: Callable[[int], None]
) -> None:
    done("log", "squat", "100kg", "8")
    assert "?" not in done("report", "sessions").out
    set_clock(-40 * DAY_MS)
    done("log", "deadlift", "150kg", "5")
    shown = done("report", "sessions").out
    assert re.search(r"\d\d:\d\d \?", shown)
    assert "[day in doubt]" in done("log-book", "--exercise", "deadlift").out
    command = re.search(r"ironledger (correct \w+) at=", shown)
    assert command is not None
    done(*command[1].split(), "at=2025-06-06 18:40")
    assert "?" not in done("report", "sessions").out


def test_a_sync_says_how_far_off_this_clock_is(
    done: Run, set_clock: Callable[[int], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IRONLEDGER_PASSWORD", PASSWORD)
    with running(tmp_path / "server") as url:
        done("signup", url, "--name", "ann", "--device", "phone")
        assert "clock" not in done("sync").out
        set_clock(365 * DAY_MS)
        done("log", "squat", "100kg", "8")
        assert "clock is 365 days ahead: set it right. The days of what it sent were corrected" in done("sync").out
        set_clock(-3 * HOUR_MS)
        assert done("sync").out.endswith("clock is 3 hours behind: set it right.\n")
        assert done("sync", "--json").json["clock_error_ms"] // MINUTE_MS in {-180, -181}


@pytest.mark.parametrize(
    ("error", "words"),
    [(-5 * MINUTE_MS, "5 minutes"), (119 * MINUTE_MS, "119 minutes"), (2 * HOUR_MS, "2 hours"), (DAY_MS, "24 hours")],
)
def test_how_far_off_a_clock_is_is_said_in_the_unit_that_fits(error: int, words: str) -> None:
    assert clock_distance(error) == words
