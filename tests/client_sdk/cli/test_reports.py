"""Reports, for people and for programs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from client_sdk import Replica
from client_sdk.cli.reports import NAMES
from events.quantities import day_text
from projections.ledger import encode_report

Run = Callable[..., Any]
"""Runs a command: see ``conftest``."""

WIDTH = 80


@pytest.fixture
def history(done: Run, strong: Path) -> None:
    """A little of everything."""
    done("import", strong, "--unit", "kg", "--distance-unit", "km", "--timezone", "Europe/Berlin")
    for day in (2, 4, 6):
        for side, load in (("left", "30kg"), ("right", "24kg")):
            at = f"2025-06-0{day} 18:30"
            done("log", "forward lunge", load, "10", "--side", side, "--at", at)
    done("log", "deadlift", "180kg", "5", "--at", "2025-06-06 18:40")
    done("log", "run", "5km", "25:00", "--at", "2025-06-06 19:00")
    done("log", "plank", "90s", "--at", "2025-06-06 19:30")
    done("log", "pull up", "bw+20kg", "5", "--at", "2025-06-06 19:35")
    done("program", "create", "Legs", "--activate")
    done("program", "add-day", "legs", "Leg day")
    done("program", "add-slot", "Leg day", "deadlift", "4x6-10")
    done("program", "add-slot", "Leg day", "plank", "3x30s")
    done("session", "start", "--program-day", "leg day", "--title", "[Legs]")


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize("name", NAMES)
def test_a_report_in_json_is_its_canonical_bytes_and_a_newline(name: str, done: Run, ledger: Path) -> None:
    with Replica.open(ledger) as replica:
        expected = encode_report(replica.report(name)).decode()
    assert done("report", name, "--json").out == f"{expected}\n"


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize("name", NAMES)
def test_a_report_in_a_pipe_is_plain_text_of_80_columns(name: str, done: Run) -> None:
    out = done("report", name).out
    assert out
    assert "\x1b" not in out
    assert max(map(len, out.splitlines())) <= WIDTH


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_ledger_says_so_in_words(name: str, done: Run) -> None:
    assert done("report", name).out.count("\n") == 1


@pytest.mark.usefixtures("history")
def test_each_report_says_what_a_lifter_wants_to_know(done: Run) -> None:
    records = done("report", "records").out
    assert "180 kg × 5" in records
    assert "bw + 20 kg × 5" in records
    assert "5 km in 25:00" in records
    assert "Forward Lunge, left" in records
    assert "2025-06-06" in records
    assert "spinal erectors" in done("report", "volume", "--as-of", "2025-06-08").out
    balance = done("report", "balance", "--as-of", "2025-06-08").out
    assert "hamstrings : quadriceps" in balance
    assert "left !" in balance
    assert "! leans the same way three sessions in a row" in balance
    sessions = done("report", "sessions").out
    assert "[Legs]" in sessions
    assert "open" in sessions
    programs = done("report", "programs").out
    assert "Legs (active)" in programs
    assert "4 × 6-10" in programs
    assert "3 × 30 s" in programs


def test_a_report_can_be_asked_for_as_of_a_day(done: Run) -> None:
    done("log", "squat", "100kg", "8", "--at", "2025-06-01 18:30")
    done("log", "squat", "120kg", "8", "--at", "2025-06-30 18:30")
    then = done("report", "records", "--json", "--as-of", "2025-06-15").json
    assert then["as_of"] == "2025-06-15"
    assert then["exercises"][0]["heaviest"]["load"]["milli"] == 100_000


def test_a_report_can_be_asked_for_as_known_at_a_position(done: Run, run: Run) -> None:
    done("log", "squat", "100kg", "8")
    assert done("report", "records", "--json", "--known-at", 0).json["exercises"] == []
    assert "ends at position 0" in run("report", "records", "--known-at", 1).err
    assert done("report", "log", "--json", "--known-at", 0).json["entries"] == []
    assert len(done("report", "log", "--json").json["entries"]) == 1


def test_the_log_as_of_a_day_has_what_happened_until_then(done: Run) -> None:
    for day in ("01", "15", "30"):
        done("log", "squat", "100kg", "8", "--at", f"2025-06-{day} 18:30")
    then = done("report", "log", "--json", "--as-of", "2025-06-15").json
    assert then["as_of"] == "2025-06-15"
    assert [entry["day"] for entry in then["entries"]] == ["2025-06-15", "2025-06-01"]
    assert "2025-06-30" not in done("report", "log", "--as-of", "2025-06-15").out


def test_a_slip_in_a_reports_name_is_asked_about(run: Run) -> None:
    asked = run("report", "volum")
    assert asked.status == 2
    assert "Did you mean volume?" in asked.err
    assert "sessions, programs, records" in run("report", "horoscope").err


def test_long_reports_are_cut_and_say_so(done: Run) -> None:
    for day in ("01", "02", "03"):
        done("log", "squat", "100kg", "8", "--at", f"2025-06-{day}")
    assert "… and 2 more sessions" in done("report", "sessions", "--limit", 1).out
    assert "more" not in done("report", "sessions", "--limit", 0).out


def test_what_is_not_counted_is_told_with_the_reason(done: Run, ledger: Path) -> None:
    done("log", "squat", "100kg", "8")
    with Replica.open(ledger) as replica:
        [fact] = replica.ledger().facts.of_type("set_logged")
        replica.correct(fact.id, colour="red")
    said = done("report", "problems").out
    assert "1 event kept and synced, but not counted" in said
    assert "'colour'" in said


def test_a_report_can_be_of_one_exercise(done: Run, run: Run) -> None:
    done("log", "squat", "100kg", "8")
    done("log", "deadlift", "140kg", "5")
    only = done("report", "records", "--exercise", "deadlift", "--json").json
    assert [row["exercise"] for row in only["exercises"]] == ["conventional_deadlift"]
    assert "ask without --exercise" in run("report", "volume", "--exercise", "deadlift").err
    assert "Did you mean" in run("report", "records", "--exercise", "dedlift").err


def test_an_explained_report_in_json_names_the_events_behind_its_figures(done: Run, ledger: Path) -> None:
    done("log", "squat", "100kg", "8", "--at", "2025-06-01 18:30")
    with Replica.open(ledger) as replica:
        expected = encode_report(replica.report("volume", explain=True)).decode()
        [fact] = replica.ledger().facts.of_type("set_logged")
    told = done("report", "volume", "--explain", "--json")
    assert told.out == f"{expected}\n"
    assert told.json["weeks"][0]["muscles"]["quadriceps"]["events"] == [fact.entry.id]


def test_what_comes_next_is_as_of_today_in_words_and_a_history_as_of_its_end(done: Run) -> None:
    done("log", "squat", "100kg", "8", "--at", "2025-06-15 18:00")
    assert "to the end of 2025-06-15" in done("report", "recovery", "--as-of", "2025-06-15").out
    now = done("report", "recovery").out
    assert "to the end of 2025-06-15" not in now
    assert now.endswith("--as-of 2025-06-15 tells how it was then.\n")
    assert "--as-of" not in done("report", "recovery", "--known-at", "0").out
    assert "28 days to 15 June 2025" in done("report", "balance").out
    assert "28 days to 15 June 2025" not in done("report", "balance", "--as-of", "today").out


def test_json_is_as_of_the_latest_day_unless_today_is_asked_for(done: Run, ledger: Path) -> None:
    done("log", "squat", "100kg", "8", "--at", "2025-06-15 18:00")
    assert done("report", "recovery", "--json").json["as_of"] == "2025-06-15"
    with Replica.open(ledger) as replica:
        today = day_text(replica.today())
    assert done("report", "recovery", "--json", "--as-of", "today").json["as_of"] == today
