"""Taking the last act back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

Run = Callable[..., Any]
"""Runs a command: see ``conftest``."""


def sets(run: Run) -> int:
    """How many squats count."""
    exercises = run("report", "records", "--json").json["exercises"]
    return sum(row["sets"] for row in exercises)


def test_sets_that_were_logged_together_are_one_act(done: Run) -> None:
    done("log", "squat", "100kg", "8")
    done("log", "squat", "105kg", "5", "--sets", "3")
    assert "Took back: 3 × Back Squat 105 kg × 5" in done("undo").out
    assert sets(done) == 1


def test_undoing_twice_goes_on_to_the_act_before(done: Run, run: Run) -> None:
    done("log", "squat", "100kg", "8")
    done("correct", "last", "reps=6")
    done("void", "last")
    assert "the void of" in done("undo").out
    assert done("report", "records", "--json").json["exercises"][0]["heaviest"]["reps"] == 6
    assert "the correction reps=6" in done("undo").out
    assert done("report", "records", "--json").json["exercises"][0]["heaviest"]["reps"] == 8
    said = done("undo")
    assert sets(done) == 0
    empty = run("undo")
    assert (empty.status, empty.out) == (1, "")
    assert "left to take back" in empty.err
    done("restore", said.out.split()[-1])
    assert sets(done) == 1


def test_what_was_undone_is_an_act_of_its_own_once_it_is_restored(done: Run) -> None:
    done("log", "squat", "100kg", "8")
    name = done("undo").out.split()[-1]
    done("restore", name)
    assert "the restore of" in done("undo").out
    assert sets(done) == 0


def test_a_setting_is_as_it_was_before(done: Run) -> None:
    done("profile", "units=lb")
    done("profile", "units=kg", "week_start=sunday")
    assert "units kg" in done("undo").out
    assert done("profile", "--json").json == {"units": "lb"}


def test_a_session_whose_finish_is_taken_back_is_under_way_again(done: Run) -> None:
    session = done("session", "start", "--title", "Legs").name
    done("log", "squat", "100kg", "8")
    done("session", "finish")
    assert "is under way again" in done("undo").out
    done("log", "squat", "100kg", "7")
    done("session", "finish")
    [row] = done("report", "sessions", "--json").json["sessions"]
    assert row["session"].endswith(session)
    assert row["phases"]["sets"] == 2
    for _ in range(4):
        done("undo")
    assert done("report", "sessions", "--json").json["sessions"] == []


def test_an_import_is_taken_back_whole(done: Run, strong: Path) -> None:
    done("log", "squat", "100kg", "8")
    done("import", strong, "--unit", "kg", "--distance-unit", "km", "--timezone", "UTC")
    assert sets(done) > 1
    done("undo")
    assert sets(done) == 1


def test_what_was_erased_stays_erased(done: Run, run: Run) -> None:
    done("log", "squat", "100kg", "8")
    done("erase", "last", "--yes")
    failed = run("undo")
    assert failed.status == 1
    assert "gone for ever" in failed.err
    assert "undo --past" in failed.err


def test_what_came_before_an_erasure_is_taken_back_on_request(done: Run, run: Run) -> None:
    done("log", "squat", "100kg", "8")
    done("log", "squat", "105kg", "5")
    done("erase", "last", "--yes")
    said = done("undo", "--past").out
    assert said.startswith("1 later act can't be taken back, and stays.\nTook back: Back Squat 100 kg × 8")
    assert sets(done) == 0
    assert "left to take back" in run("undo", "--past").err
