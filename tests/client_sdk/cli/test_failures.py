"""Bad input: one or two lines, status 1 or 2, no traceback, nothing lost."""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest

from client_sdk.cli.application import COMMANDS, application

Run = Callable[..., Any]
"""Runs a command: see ``conftest``."""

BAD: list[tuple[int, tuple[str, ...]]] = [
    (2, ("lgo",)),
    (2, ("log",)),
    (2, ("log", "squat")),
    (2, ("log", "squat", "100")),
    (2, ("log", "squat", "100kg", "-5")),
    (2, ("log", "squat", "100kg", "1001")),
    (2, ("log", "squat", "1001kg", "5")),
    (2, ("log", "squat", "heavy", "5")),
    (2, ("log", "squat", "100kg", "5", "--rpe", "11")),
    (2, ("log", "squat", "100kg", "5", "--kind", "light")),
    (2, ("log", "squat", "100kg", "5", "--side", "middle")),
    (2, ("log", "squat", "100kg", "5", "--at", "2026-02-30 18:30")),
    (2, ("log", "squat", "100kg", "5", "--colour", "red")),
    (2, ("log", "squat", "100kg", "5", "--tempo", "x" * 21)),
    (1, ("log", "no such lift", "100kg", "5")),
    (1, ("log", "", "100kg", "5")),
    (1, ("session", "finish")),
    (2, ("session", "stop")),
    (2, ("report", "happiness")),
    (2, ("report", "records", "--as-of", "2026-02-30")),
    (1, ("import", "no-such-file.csv")),
    (1, ("import", ".")),
    (1, ("sync",)),
    (1, ("devices",)),
    (2, ("login", "localhost", "--name", "ann")),
    (2, ("signup", "http://127.0.0.1:9")),
    (1, ("void", "deadbeef")),
    (2, ("correct", "last")),
]


@pytest.mark.parametrize(
    ("status", "arguments"), BAD, ids=lambda value: " ".join(value) if isinstance(value, tuple) else ""
)
def test_bad_input_is_told_in_a_line_or_two(status: int, arguments: tuple[str, ...], run: Run) -> None:
    before = run("status", "--json").json
    refused = run(*arguments)
    assert (refused.status, refused.out) == (status, "")
    assert 1 <= len(refused.err.splitlines()) <= 2
    assert "should not" not in refused.err
    assert run("status", "--json").json == before


def test_a_file_that_is_no_ledger_is_left_alone(run: Run, ledger: Path) -> None:
    ledger.write_text("My training diary, handwritten. " * 100)
    refused = run("log", "squat", "100kg", "5")
    assert refused.status == 1
    assert "is not a ledger" in refused.err
    assert ledger.read_text().startswith("My training diary")


_MIGRATED_ON = """
WITH RECURSIVE counted(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM counted WHERE n < 99)
INSERT INTO _sqlite_migrations (migration_set, name, applied_at)
SELECT 'ironledger.replica', 'later ' || n, '' FROM counted
"""


def test_a_ledger_of_a_newer_version_is_left_alone(run: Run, ledger: Path) -> None:
    run("log", "squat", "100kg", "5")
    with sqlite3.connect(ledger) as newer:
        newer.execute("PRAGMA user_version = 999")
        newer.executescript(_MIGRATED_ON)
    newer.close()
    assert "newer version" in run("status").err


def test_a_folder_is_no_ledger(run: Run, tmp_path: Path) -> None:
    refused = run("--ledger", tmp_path, "status")
    assert refused.status == 1
    assert str(tmp_path) in refused.err


def test_a_taken_port_is_told(run: Run, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        refused = run("serve", "--host", "127.0.0.1", "--port", port, "--data", tmp_path / "data")
    assert refused.status == 1
    assert "Another program listens" in refused.err


def test_an_unexpected_failure_is_one_to_report(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("surprise")

    monkeypatch.setattr("client_sdk.replica.Replica.status", fail)
    failed = run("status")
    assert failed.status == 1
    assert "surprise" in failed.err
    assert "report this" in failed.err
    monkeypatch.setenv("IRONLEDGER_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        run("status")


def test_an_interrupted_command_says_that_it_stopped(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("client_sdk.replica.Replica.status", interrupt)
    stopped = run("status")
    assert (stopped.status, stopped.err.strip()) == (130, "Stopped.")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example_and_its_line(name: str, run: Run) -> None:
    helped = run(name, "--help")
    assert helped.status == 0
    assert f"ironledger {name}" in helped.out
    assert "Example" in helped.out
    group = application.get_command(click.Context(application), name)
    assert group is not None
    for part in getattr(group, "commands", {}):
        assert f"ironledger {name} {part}" in run(name, part, "--help").out


def test_no_command_at_all_is_a_request_for_help(run: Run) -> None:
    helped = run()
    assert helped.status == 2
    assert "log-book" in helped.err


def test_the_list_of_commands_needs_none_of_them(run: Run) -> None:
    helped = " ".join(run("--help").out.split())
    assert all(line in helped for _, line in COMMANDS.values())


@pytest.fixture
def command(ledger: Path) -> Run:
    """The command in a process of its own, in a pipe."""

    def ran(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603  # our own command
            [sys.executable, "-m", "client_sdk.cli", *arguments],
            env={**os.environ, "IRONLEDGER_LEDGER": str(ledger)},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    return ran


def test_a_pipe_gets_plain_text_and_no_progress(command: Run, strong: Path) -> None:
    imported = command("import", str(strong), "--unit", "kg", "--distance-unit", "km", "--timezone", "UTC")
    assert (imported.returncode, imported.stderr) == (0, "")
    shown = command("report", "records")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "\x1b" not in shown.stdout


def test_a_process_ends_with_the_status_and_no_traceback(command: Run) -> None:
    assert command("log", "squat", "100kg", "8").returncode == 0
    for status, arguments in ((1, ("log", "no such lift", "100kg", "8")), (2, ("log", "squat", "100kg", "-5"))):
        refused = command(*arguments)
        assert refused.returncode == status
        assert "Traceback" not in refused.stderr


def test_a_terminal_that_cannot_spell_a_word_still_gets_the_answer(
    command: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert command("log", "squat", "100kg", "8").returncode == 0
    monkeypatch.setenv("PYTHONIOENCODING", "latin-1")
    shown = command("report", "balance")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "quadriceps" in shown.stdout
    assert "####" in shown.stdout
