"""A progress bar on a terminal, silence in a pipe."""

from __future__ import annotations

import sys
import threading

import pytest

from client_sdk.cli import progress


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Standard error is a terminal."""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")


@pytest.mark.usefixtures("terminal")
def test_long_work_shows_a_bar_that_moves(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setattr(progress, "PATIENCE_S", 0)
    with progress.working("Syncing") as update:
        update(1, 4)
        for thread in threading.enumerate():
            if isinstance(thread, threading.Timer):
                thread.join()
        update(3, 4)
    assert "Syncing" in capsys.readouterr().err


@pytest.mark.usefixtures("terminal")
def test_short_work_shows_none(capsys: pytest.CaptureFixture[str]) -> None:
    with progress.working("Syncing") as update:
        update(1, 4)
    assert capsys.readouterr().err == ""


def test_a_pipe_sees_none(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "PATIENCE_S", 0)
    with progress.working("Syncing") as update:
        update(1, 4)
    assert capsys.readouterr().err == ""
