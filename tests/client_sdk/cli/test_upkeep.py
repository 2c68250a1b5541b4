"""Status, verify, export, settings, and programs."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from client_sdk import Replica

Run = Callable[..., Any]
"""Runs a command: see ``conftest``."""


def test_status_says_where_the_ledger_stands(done: Run, ledger: Path) -> None:
    done("log", "squat", "100kg", "8")
    status = done("status", "--json").json
    open_matters = {"conflicts", "problems"}
    assert status.keys() == {"replica", "head", "head_hash", "outbox", "digest", "last_sync", *open_matters}
    assert (status["conflicts"], status["problems"]) == (0, 0)
    assert (status["head"], status["outbox"], status["last_sync"]) == (0, 1, None)
    words = done("status").out
    assert str(ledger) in words
    assert "1 event to be synced" in words
    assert "To look at" not in words


def test_a_sound_ledger_is_verified(done: Run) -> None:
    done("log", "squat", "100kg", "8", "--sets", 3)
    verified = done("verify", "--json").json
    assert (verified["events"], verified["replicas"], verified["head"]) == (3, 1, 0)
    assert (verified["ok"], verified["problems"]) == (True, [])
    assert done("verify").out.startswith("Sound: 3 events in 1 chain")


def test_a_forged_ledger_is_found_out(run: Run, ledger: Path) -> None:
    run("log", "squat", "100kg", "8")
    with sqlite3.connect(ledger) as forgery:
        forgery.execute("UPDATE outbox SET event = CAST(replace(event, '100000', '200000') AS BLOB)")
    forgery.close()
    verified = run("verify", "--json")
    assert verified.status == 1
    assert verified.json["ok"] is False
    assert "does not follow" in run("verify").err


def test_an_export_is_a_record_a_line(done: Run, run: Run, ledger: Path, tmp_path: Path) -> None:
    done("log", "squat", "100kg", "8", "--sets", 2)
    lines = [json.loads(line) for line in done("export").out.splitlines()]
    assert [line.keys() for line in lines] == [{"position", "received", "skew", "event"}] * 2
    with Replica.open(ledger) as replica:
        assert [line["event"]["id"] for line in lines] == [held.event.id for held in replica.store.outbox()]
    file = tmp_path / "out.ndjson"
    assert "2 records written" in done("export", file).out
    assert file.read_text() == done("export").out
    assert "already" in run("export", file).err
    done("export", file, "--force")
    assert run("export", tmp_path / "no" / "where").status == 1


def test_an_export_never_takes_the_place_of_the_ledger(done: Run, run: Run, ledger: Path) -> None:
    done("log", "squat", "100kg", "5")
    refused = run("export", ledger, "--force")
    assert refused.status == 1
    assert "it is the ledger itself" in refused.err
    assert len(done("export").out.splitlines()) == 1


def test_an_export_that_fails_leaves_the_former_one(done: Run, run: Run, ledger: Path, tmp_path: Path) -> None:
    file = tmp_path / "history.ndjson"
    done("log", "squat", "100kg", "5")
    done("export", file)
    former = file.read_bytes()
    with closing(sqlite3.connect(ledger)) as db:
        db.execute("UPDATE outbox SET event = x'00'")
        db.commit()
    assert run("export", file, "--force").status == 1
    assert file.read_bytes() == former
    assert [other.name for other in tmp_path.iterdir() if "history" in other.name] == [file.name]


@pytest.mark.parametrize("path", ["", ".", "/"])
def test_a_ledger_that_names_no_file_is_refused(run: Run, path: str) -> None:
    refused = run("--ledger", path, "status")
    assert refused.status == 2
    assert "names no file" in refused.err


def test_settings_are_shown_and_changed(done: Run) -> None:
    done("profile", "units=kg", "week_start=sunday", "day_cutoff=04:00", "level=experienced", "sessions_per_week=2")
    shown = done("profile").out
    for setting in ("kg", "sunday", "04:00", "experienced", "evidence@1"):
        assert setting in shown
    assert done("profile", "--json").json["week_start"] == 6


@pytest.mark.parametrize(
    "setting",
    ["units=stone", "level=expert", "matrix=mine", "day_cutoff=25:00", "sessions_per_week=0", "mood=good", "units"],
)
def test_a_setting_that_there_is_not_is_refused(setting: str, run: Run) -> None:
    refused = run("profile", setting)
    assert refused.status == 2
    assert len(refused.err.splitlines()) == 2


def test_exercises_are_looked_up_by_what_is_typed(done: Run, run: Run) -> None:
    assert "Front Squat" in done("exercises", "front", "sq").out
    assert len(done("exercises").out.splitlines()) > 200
    assert run("exercises", "qqqqq").status == 1


def test_a_program_is_written_and_taken_apart(done: Run, run: Run) -> None:
    done("program", "create", "Legs")
    done("program", "activate", "legs")
    day = done("program", "add-day", "Legs", "Day A").name
    for _ in range(70):
        slot = done("program", "add-slot", day, "squat", "5x5", "--rest", "2min", "--rpe", "8").name
    done("program", "remove", slot)
    [program] = done("report", "programs", "--json").json["programs"]
    assert program["active"]
    assert len(program["days"][0]["slots"]) == 69
    done("program", "remove", day)
    done("program", "archive", "Legs")
    [program] = done("report", "programs", "--json").json["programs"]
    assert (program["active"], program["days"]) == (False, [])
    assert run("program", "add-slot", "Day Z", "squat", "5x5").status == 1
    assert run("program", "activate", "nothing").status == 1


@pytest.mark.parametrize("sets", ["5", "5x", "0x5", "5x10-8", "lots"])
def test_a_slot_that_asks_for_nothing_is_refused(sets: str, done: Run, run: Run) -> None:
    done("program", "create", "Legs")
    done("program", "add-day", "Legs", "Day A")
    assert run("program", "add-slot", "Day A", "squat", sets).status == 2
