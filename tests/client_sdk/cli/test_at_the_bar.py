"""What `log` answers at once, and `again`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from client_sdk import Replica
from client_sdk.cli.words import long_day
from projections.ledger import Ledger

Run = Callable[..., Any]
"""Runs a command: see ``conftest``."""


def ago(days: int) -> str:
    """A moment so many days before this one."""
    return f"{datetime.now(UTC).astimezone() - timedelta(days=days):%Y-%m-%d} 18:00"


@pytest.fixture
def squatted(done: Run) -> Run:
    """Runs commands on a ledger with two sessions of squats."""
    done("log", "squat", "97.5kg", "8", "--at", ago(9))
    done("log", "squat", "100kg", "5", "--at", ago(5))
    return done


def test_a_set_is_answered_with_last_time_and_the_records_that_it_broke(squatted: Run) -> None:
    said = squatted("log", "squat", "100kg", "8").out
    assert f"Last time, {long_day(ago(5)[:10])}: 100 kg × 5" in said
    assert f"Record: new 8-rep best, beats 97.5 kg of {long_day(ago(9)[:10])}." in said
    assert f"Record: new heaviest ever, beats 100 kg × 5 of {long_day(ago(5)[:10])}." in said
    assert "Target: " in said


def test_sets_alike_break_a_record_once_and_an_equal_set_breaks_none(squatted: Run) -> None:
    assert squatted("log", "squat", "105kg", "3", "--sets", "3").out.count("heaviest") == 1
    assert "Record" not in squatted("log", "squat", "105kg", "3").out
    assert "Record: new 9-rep best, the first set of so many reps." in squatted("log", "squat", "60kg", "9").out


def test_a_back_dated_set_is_told_what_it_beat_then(squatted: Run) -> None:
    assert "new heaviest ever, beats 97.5 kg × 8" in squatted("log", "squat", "99kg", "1", "--at", ago(7)).out
    assert "Record" not in squatted("log", "squat", "99kg", "1", "--at", ago(3)).out


def test_a_warm_up_is_no_record(squatted: Run) -> None:
    assert "Record" not in squatted("log", "squat", "200kg", "1", "--kind", "warm_up").out


def test_quiet_says_only_what_was_logged(squatted: Run) -> None:
    assert len(squatted("log", "squat", "150kg", "8", "--quiet").out.splitlines()) == 1
    assert len(squatted("again", "--quiet").out.splitlines()) == 1


def test_after_a_layoff_the_target_is_lower_and_says_why(done: Run) -> None:
    done("log", "squat", "100kg", "8", "--at", ago(60))
    said = done("log", "squat", "80kg", "8").out
    assert "Target: 90 kg" in said


def test_a_correction_meanwhile_is_taken_in(squatted: Run) -> None:
    squatted("log", "squat", "200kg", "8")
    squatted("correct", "last", "load=101kg")
    assert "new heaviest ever, beats 101 kg × 8" in squatted("log", "squat", "102kg", "8").out
    squatted("undo")
    assert "beats 101 kg × 8" in squatted("log", "squat", "103kg", "1").out


def test_an_exercise_that_is_matched_is_answered_as_the_one_that_it_counts_for(done: Run, strong: Path) -> None:
    done("import", strong, "--unit", "kg", "--distance-unit", "km", "--timezone", "UTC")
    own = next(line[:34].strip() for line in done("exercises").out.splitlines() if "no muscle known" in line)
    done("match", own, "back squat")
    done("log", "back squat", "300kg", "3")
    said = done("log", own, "301kg", "3").out
    assert "beats 300 kg" in said
    assert "first time" not in said


def test_the_answer_needs_no_fold_of_the_history(squatted: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    squatted("session", "start")

    def folded(*_: object) -> None:
        raise AssertionError("the history was folded")

    monkeypatch.setattr(Ledger, "apply", folded)
    assert "Record: new heaviest ever" in squatted("log", "squat", "120kg", "8").out
    assert "Logged Back Squat 120 kg × 9" in squatted("again", "9").out


def test_a_ledger_that_cannot_be_folded_takes_sets_all_the_same(
    squatted: Run, ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from client_sdk.errors import DamagedLedgerError  # noqa: PLC0415  # this test's own

    def damaged(_: object) -> None:
        raise DamagedLedgerError("The ledger has a hole.")

    monkeypatch.setattr(Replica, "at_the_bar", damaged)
    said = squatted("log", "squat", "120kg", "8").out
    assert said.startswith("Logged Back Squat 120 kg × 8")
    monkeypatch.undo()
    with Replica.open(ledger) as replica:
        assert replica.report("records")["exercises"][0]["heaviest"]["load"]["milli"] == 120_000


def test_what_was_kept_of_the_bar_and_is_damaged_is_gathered_anew(squatted: Run, ledger: Path) -> None:
    squatted("session", "start")
    with Replica.open(ledger) as replica:
        kept = replica.store.derived("bar")
        assert kept is not None
        replica.store.keep({"bar": msgspec.structs.replace(kept, content=b"not what was written")})
    assert "Record: new heaviest ever" in squatted("log", "squat", "120kg", "8").out


@pytest.mark.parametrize(
    ("changed", "logged"),
    [
        ((), "100 kg × 5"),
        (("9",), "100 kg × 9"),
        (("102.5kg",), "102.5 kg × 5"),
        (("+2.5kg",), "102.5 kg × 5"),
        (("-5kg",), "95 kg × 5"),
        (("+1",), "100 kg × 6"),
        (("+2.5kg", "-1"), "102.5 kg × 4"),
    ],
)
def test_the_last_set_is_logged_again_with_a_number_changed(
    squatted: Run, changed: tuple[str, ...], logged: str
) -> None:
    squatted("log", "squat", "100kg", "5", "--rpe", "9", "--note", "slow")
    assert squatted("again", *changed).out.startswith(f"Logged Back Squat {logged}  #")
    [row, *_] = squatted("report", "sessions", "--json").json["sessions"]
    assert not {"note", "rpe_tenths"} & row["exercises"][0]["sets"][1].keys()


def test_after_an_undo_the_set_before_is_the_last(done: Run) -> None:
    done("log", "squat", "100kg", "5")
    done("again", "+25kg")
    done("undo")
    assert done("again").out.startswith("Logged Back Squat 100 kg × 5  #")


@pytest.mark.parametrize(
    ("first", "changed", "logged"),
    [
        ("bw", "+10kg", "body weight + 10 kg × 5"),
        ("bw+10kg", "-10kg", "body weight × 5"),
        ("bw-10kg", "+5kg", "body weight - 5 kg × 5"),
        ("bw+10kg", "bw", "body weight × 5"),
    ],
)
def test_a_step_on_a_body_weight_lift_is_from_what_the_body_bears(
    done: Run, first: str, changed: str, logged: str
) -> None:
    done("log", "pull up", first, "5")
    assert f"Logged Pull-Up {logged}" in done("again", changed).out


def test_the_last_session_is_repeated_set_by_set_as_one_act(done: Run) -> None:
    for words in (("squat", "60kg", "5", "--kind", "warm_up"), ("squat", "100kg", "5"), ("leg press", "150kg", "10")):
        done("log", *words, "--at", ago(3))
    said = done("again", "--session", "+5kg").out
    assert "3 sets again" in said
    assert "60 kg × 5 (warm-up)" in said
    assert "Back Squat 105 kg × 5" in said
    assert "Leg Press 155 kg × 10" in said
    done("undo")
    assert len(done("report", "sessions", "--json").json["sessions"]) == 1


@pytest.mark.parametrize(
    ("changed", "reason"),
    [("+1lb", "The set was in kg"), ("-200kg", "less than nothing"), ("-9", "is no step"), ("soon", "says nothing")],
)
@pytest.mark.usefixtures("squatted")
def test_what_cannot_be_changed_is_refused(run: Run, changed: str, reason: str) -> None:
    refused = run("again", changed)
    assert (refused.status, reason in refused.err) == (2, True), refused
    assert run("report", "records", "--json").json["exercises"][0]["sets"] == 2


def test_with_nothing_logged_there_is_nothing_to_repeat(run: Run) -> None:
    assert run("again").status == 1
    assert run("again", "--session").status == 1
