"""Logging sets and sessions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from client_sdk import Replica
from events.training import SessionStarted

Run = Callable[..., Any]
"""Runs a command: see ``conftest``."""


def sets(run: Run) -> list[dict[str, object]]:
    """All sets in the report ``sessions``, newest session first."""
    rows = run("report", "sessions", "--json").json["sessions"]
    return [
        dict(done, exercise=block["exercise"]) for row in rows for block in row["exercises"] for done in block["sets"]
    ]


def test_a_set_is_in_the_records_at_once(done: Run) -> None:
    logged = done("log", "back squat", "100kg", "8")
    assert logged.out.startswith("Logged Back Squat 100 kg × 8  #")
    [record] = done("report", "records", "--json").json["exercises"]
    assert record["heaviest"]["load"] == {"milli": 100_000, "unit": "kg"}
    assert record["heaviest"]["reps"] == 8


def test_sets_alike_are_logged_in_one_go_and_keep_their_order(done: Run, ledger: Path) -> None:
    logged = done("log", "back squat", "100kg", "8", "--sets", 3, "--rpe", "8.5", "--rest", "2min", "--form", 4)
    assert logged.out.count("#") == 3
    with Replica.open(ledger) as replica:
        bodies = [fact.body for fact in replica.ledger().facts.of_type("set_logged")]
    assert sorted(body.order for body in bodies) == [0, 1, 2]
    assert {(body.rpe_tenths, body.rest_s, body.form) for body in bodies} == {(85, 120, 4)}
    assert len({body.session for body in bodies}) == 1


def test_a_set_may_be_back_dated_and_joins_the_session_of_about_then(done: Run) -> None:
    done("log", "squat", "100kg", "8", "--at", "2025-06-30 18:30")
    done("log", "squat", "60kg", "8")
    done("log", "leg press", "200kg", "12", "--at", "2025-06-30 18:50")
    rows = done("report", "sessions", "--json").json["sessions"]
    assert [len(row["exercises"]) for row in rows] == [1, 2]
    assert rows[1]["day"] == "2025-06-30"


def test_a_back_dated_set_does_not_end_the_session_under_way(done: Run) -> None:
    done("session", "start", "--title", "Legs")
    done("log", "squat", "100kg", "8", "--at", "2025-06-30 18:30")
    done("log", "squat", "110kg", "8")
    assert "1 set" in done("session", "finish", "--effort", "8").out
    newest = done("report", "sessions", "--json").json["sessions"][0]
    assert (newest["title"], newest["state"], newest["effort_tenths"]) == ("Legs", "finished", 80)


def test_a_set_may_name_its_session(done: Run, run: Run) -> None:
    session = done("session", "start", "--at", "2025-06-30 18:00").name
    done("log", "squat", "100kg", "8", "--session", session)
    [row] = done("report", "sessions", "--json").json["sessions"]
    assert row["session"].endswith(session)
    logged = done("log", "squat", "100kg", "8").name
    assert "is no session" in run("log", "squat", "100kg", "8", "--session", logged).err


def test_one_sided_sets_and_warm_ups_are_kept_as_such(done: Run) -> None:
    done("log", "split squat", "2x20kg", "10", "--side", "left", "--kind", "warm-up", "--note", "easy")
    [only] = sets(done)
    assert (only["side"], only["kind"], only["note"]) == ("left", "warm_up", "easy")


def test_the_unit_is_typed_or_chosen_once(run: Run, done: Run) -> None:
    refused = run("log", "squat", "100", "8")
    assert refused.status == 2
    assert "100kg or 100lb" in refused.err
    done("profile", "units=lb")
    assert "100 lb × 8" in done("log", "squat", "100", "8").out


def test_an_exercise_in_doubt_is_not_guessed_but_suggested(run: Run) -> None:
    refused = run("log", "back sqat", "100kg", "8")
    assert (refused.status, refused.out) == (1, "")
    assert refused.err.splitlines()[0] == "No exercise is called 'back sqat'."
    assert "Back Squat" in refused.err


@pytest.mark.parametrize("name", ["back squat", "Squat (Barbell)", "back_squat", "SQUATS"])
def test_an_exercise_is_found_by_its_id_and_by_any_spelling(name: str, done: Run) -> None:
    assert "Back Squat" in done("log", name, "100kg", "8").out


def test_figures_beyond_what_people_do_need_to_be_meant(run: Run, done: Run) -> None:
    refused = run("log", "squat", "1100kg", "1")
    assert refused.status == 2
    assert "1100 kg on a barbell is more than 600 kg." in refused.err
    assert "1100 kg" in done("log", "squat", "1100kg", "1", "--really").out


def test_a_moment_to_come_needs_to_be_meant(run: Run, done: Run) -> None:
    assert "yet to come" in run("log", "squat", "100kg", "1", "--at", "2190-01-01 12:00").err
    done("log", "squat", "100kg", "1", "--at", "2190-01-01 12:00", "--really")


def test_the_ledger_may_be_named_before_and_behind_the_command(done: Run, tmp_path: Path) -> None:
    done("--ledger", tmp_path / "other", "log", "squat", "100kg", "8")
    done("log", "squat", "100kg", "8", "--ledger", tmp_path / "other")
    assert done("status", "--json", "--ledger", tmp_path / "other").json["outbox"] == 2
    assert done("status", "--json").json["outbox"] == 0


def test_a_session_is_finished_by_name_even_if_it_is_void(done: Run, run: Run) -> None:
    session = done("session", "start", "--at", "2025-06-30 18:00").name
    done("session", "finish", "--session", session, "--at", "2025-06-30 19:15")
    [row] = done("report", "sessions", "--json").json["sessions"]
    assert row["duration_s"] == 75 * 60
    done("void", session)
    assert done("session", "finish", "--session", session).out.startswith("Finished  #")
    done("log", "squat", "100kg", "8")
    assert "is no session" in run("session", "finish", "--session", "last").err


def test_a_time_that_is_yet_to_come_is_refused_and_one_of_a_clock_a_little_ahead_is_not(run: Run, done: Run) -> None:
    soon, later = (datetime.now().astimezone() + timedelta(minutes=minutes) for minutes in (5, 90))
    done("log", "squat", "100kg", "8", "--at", f"{soon:%Y-%m-%d %H:%M}")
    refused = run("log", "squat", "100kg", "8", "--at", f"{later:%Y-%m-%d %H:%M}")
    assert (refused.status, "yet to come" in refused.err) == (2, True)
    done("log", "squat", "100kg", "8", "--at", f"{later:%Y-%m-%d %H:%M}", "--really")
    done("log", "squat", "100kg", "8", "--at", f"{soon:%Y-%m-%d}")
    for command in ("start", "finish"):
        assert run("session", command, "--at", f"{later:%Y-%m-%d %H:%M}").status == 2
        done("session", command, "--at", f"{later:%Y-%m-%d %H:%M}", "--really")


def test_what_lies_beyond_all_calendars_does_not_break_the_log_book(done: Run, ledger: Path) -> None:
    with Replica.open(ledger) as replica:
        replica.log(SessionStarted(session=replica.new_id(), title="Legs"), at=2**53 - 1, offset=0)
    assert "beyond all years" in done("log-book").out
    assert done("report", "log", "--json").json["entries"][0]["day"] is None
