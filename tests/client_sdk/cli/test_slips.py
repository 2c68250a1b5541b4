"""Slips of the finger and of the mind: each is told what, where and what next, and nothing of it is written."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

import pytest

Run = Callable[..., Any]
"""Runs a command: see ``conftest``."""

NOTHING_FOLLOWS = re.compile(r"less than nothing.*Write how much", re.DOTALL)


def stack(done: Run) -> None:
    """The guide's program, and a leg press whose loads are known."""
    done("program", "create", "Legs", "--template", "balanced-legs", "--activate")
    done("equipment", "add", "Leg press", "--kind", "stack", "--start", "5kg", "--steps", "5kg", "--max", "200kg")


@pytest.mark.parametrize(
    "typed",
    [
        ("weigh", "-80"),
        ("measure", "thigh", "-5cm"),
        ("drink", "-5l"),
        ("test", "jump", "-5cm"),
        ("drill", "leg swings", "-5s"),
        ("supplement", "creatine", "-5g"),
    ],
)
def test_less_than_nothing_is_told_as_that(run: Run, typed: tuple[str, ...]) -> None:
    ran = run(*typed)
    assert ran.status == 2
    assert NOTHING_FOLLOWS.search(ran.err)
    assert run("status", "--json").json["outbox"] == 0


@pytest.mark.parametrize(
    "typed",
    [
        ("target", "accept", "leg press", "4000kg", "10"),
        ("program", "change", "leg press", "--rest", "9h"),
        ("program", "add-slot", "Leg day", "plank", "40x30s"),
        ("equipment", "change", "Leg press", "--steps", "500kg"),
        ("equipment", "add", "Sled", "--kind", "plate-loaded", "--start", "400kg"),
    ],
)
def test_what_nobody_does_has_to_be_meant(run: Run, done: Run, typed: tuple[str, ...]) -> None:
    stack(done)
    before = done("status", "--json").json["outbox"]
    refused = run(*typed)
    assert (refused.status, "--really" in refused.err) == (2, True)
    assert done("status", "--json").json["outbox"] == before
    done(*typed, "--really")


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        (("log", "back squat", "60kg", "8", "--tempo", "slow"), "'slow' is not a tempo"),
        (("program", "change", "leg press", "--tempo", "2-0"), "'2-0' is not a tempo"),
        (("correct", "last", "tempo=quick"), "'quick' is not a tempo"),
        (("program", "create", "legs"), "There is a program called 'Legs' already"),
    ],
)
def test_what_would_mean_nothing_later_is_refused(
    run: Run, done: Run, typed: tuple[str, ...], complaint: str
) -> None:
    stack(done)
    done("log", "leg press", "60kg", "8", "--tempo", "31X1")
    before = done("status", "--json").json["outbox"]
    refused = run(*typed)
    assert (refused.status, complaint in refused.err) == (2, True)
    assert done("status", "--json").json["outbox"] == before


def test_a_change_of_equipment_goes_with_what_is_said_of_it_already(run: Run, done: Run) -> None:
    stack(done)
    refused = run("equipment", "change", "Leg press", "--max", "3kg")
    assert (refused.status, "start load 5 kg is above max load 3 kg" in refused.err) == (2, True)
    assert "up to 200 kg" in done("equipment", "list").out
    done("equipment", "change", "Leg press", "--start", "1kg", "--max", "3kg")


@pytest.mark.parametrize("typed", ["2.2-1.6", "20-30", "0-0"])
def test_a_protein_that_nobody_aims_at_is_refused_in_words(run: Run, typed: str) -> None:
    ran = run("profile", f"protein={typed}")
    assert ran.status == 2
    assert ran.err.startswith(typed)
    assert "1.6-2.2" in ran.err


def test_a_session_is_not_finished_before_it_began(run: Run, done: Run) -> None:
    done("session", "start")
    refused = run("session", "finish", "--at", "2026-01-01")
    assert (refused.status, "can't be finished before" in refused.err) == (2, True)
    done("session", "finish")


def test_no_session_is_under_way_of_which_all_was_taken_back(run: Run, done: Run) -> None:
    done("log", "back squat", "100kg", "8")
    done("undo")
    assert "No session is under way" in run("session", "finish").err
    done("drill", "jogging", "5min")
    done("log", "back squat", "100kg", "8")
    done("undo")
    assert "Finished" in done("session", "finish").out


def test_what_counts_nowhere_is_no_record(done: Run) -> None:
    assert "record" not in done("log", "back squat", "20kg", "10", "--kind", "warm_up").out
    assert "record" not in done("log", "plank", "0s").out
    assert "record" in done("log", "back squat", "60kg", "10").out


def test_every_refusal_says_what_next(run: Run) -> None:
    for typed in (("eat",), ("eat", ""), ("measure", "thigh", "58kg"), ("program", "create", "")):
        assert f"`ironledger {typed[0]} --help`" in run(*typed).err


def test_the_letters_behind_a_figure_are_those_of_the_log_book(done: Run) -> None:
    done("log", "back squat", "100kg", "8", "--sets", "2")
    done("weigh", "80kg")
    letters = re.compile(r"#([0-9a-f]{8})")
    book = set(letters.findall(done("log-book").out))
    for report in ("volume", "records", "body"):
        behind = set(letters.findall(done("report", report, "--explain").out))
        assert behind
        assert behind <= book


def test_a_time_that_the_clock_left_out_is_refused(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    try:
        refused = run("log", "back squat", "100kg", "5", "--at", "2026-03-29 02:30")
        logged = run("log", "back squat", "100kg", "5", "--at", "2026-03-29 03:30")
    finally:
        monkeypatch.undo()
        time.tzset()
    assert (refused.status, "No clock showed" in refused.err) == (2, True)
    assert "at 2026-03-29 03:30" in logged.out


def test_what_today_says_fits_the_terminal(done: Run) -> None:
    stack(done)
    done("log", "leg press", "40kg", "15", "--sets", "4")
    for typed in (("today",), ("profile",), ("equipment", "list"), ("program", "templates"), ("again",)):
        printed = done(*typed).out
        assert max(map(len, printed.splitlines())) <= 80


def test_what_is_done_with_dumbbells_goes_on_with_dumbbells(done: Run) -> None:
    done("program", "create", "Legs", "--template", "balanced-legs", "--activate")
    done("log", "forward lunge", "2x16kg", "12", "--sets", "3", "--at", "2026-01-05 18:00")
    done("log", "forward lunge", "2x16kg", "12", "--sets", "3", "--at", "2026-01-08 18:00")
    [target] = done("report", "overload", "--exercise", "forward lunge", "--as-of", "2026-01-09", "--json").json[
        "exercises"
    ][0]["targets"]
    assert target["equipment"]["kind"] == "dumbbells"
    assert target["target"]["load"] == {"milli": 18_000, "unit": "kg"}
    logged = done("log", "forward lunge", "target").out
    assert "Forward Lunge 2 × " in logged
    assert "2 × 16 kg × 12, 2 × 16 kg × 12" in logged
