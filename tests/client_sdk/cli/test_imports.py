"""Bringing in files of other apps."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.exports import export

Run = Callable[..., Any]
"""Runs a command: see ``conftest``."""

ANSWERS = ("--unit", "kg", "--distance-unit", "km", "--timezone", "Europe/Berlin")


def test_the_summary_is_json_on_request(done: Run, strong: Path) -> None:
    summary = done("import", strong, *ANSWERS, "--json").json
    assert {"app", "dialect", "rows", "sets", "sessions", "skipped", "loads_recovered", "exercises"} <= summary.keys()
    assert summary["app"] == "strong"
    assert summary["rows"] == summary["sets"] + len(summary["skipped"])
    assert all(skipped.keys() == {"line", "reason"} for skipped in summary["skipped"])
    assert isinstance(summary["exercises"]["matched"], int)
    assert isinstance(summary["exercises"]["unmatched"], list)
    assert done("status", "--json").json["outbox"] == summary["written"]


def test_a_dry_run_writes_nothing(done: Run, strong: Path) -> None:
    said = done("import", strong, *ANSWERS, "--dry-run")
    assert "nothing was written" in said.out
    assert done("status", "--json").json["outbox"] == 0


def test_the_same_file_again_adds_nothing(done: Run, strong: Path) -> None:
    done("import", strong, *ANSWERS)
    before = done("status", "--json").json
    assert "All of it was here already" in done("import", strong, *ANSWERS).out
    assert done("status", "--json").json == before


def test_what_the_file_leaves_open_is_asked_for_by_option(run: Run, strong: Path) -> None:
    asked = run("import", strong)
    assert asked.status == 2
    assert "--unit kg|lb" in asked.err
    assert "--timezone Europe/Berlin" in asked.err


def test_on_a_terminal_it_is_asked_for_there(run: Run, strong: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    answers = {"distances": "km", "kg or in lb": "kg", "where did you train": "Europe/Berlin"}
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(
        "click.prompt", lambda text, **_: next(answer for words, answer in answers.items() if words in text)
    )
    assert run("import", strong).status == 0
    assert run("status", "--json").json["outbox"] > 0


def test_another_unit_for_known_rows_must_be_confirmed(run: Run, strong: Path) -> None:
    run("import", strong, *ANSWERS)
    other = ("--unit", "lb", *ANSWERS[2:])
    refused = run("import", strong, *other)
    assert (refused.status, "--unit kg" in refused.err) == (1, True)
    assert "corrections among them" in run("import", strong, *other, "--yes").out


def test_an_imported_name_can_be_matched_to_the_catalogue(done: Run, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "strong.csv"
    header = "Date,Workout Name,Duration,Exercise Name,Set Order,Weight,Reps,Distance,Seconds,Notes,Workout Notes,RPE"
    row = '2025-06-30 18:30:00,"Legs",1h,"Hexenschuss Machine",1,100.0,8,0,0,,,'
    file.write_text(f"{header}\n{row}\n", encoding="utf-8")
    said = done("import", file, "--unit", "kg", "--timezone", "UTC")
    assert "Hexenschuss Machine" in said.out
    assert "Hexenschuss Machine" in done("log", "hexenschuss machine", "90kg", "8").out
    assert "counts as Hack Squat" in done("match", "Hexenschuss Machine", "hack squat").out
    assert [row["exercise"] for row in done("report", "records", "--json").json["exercises"]] == ["hack_squat"]
    assert "already" in done("match", "hexenschuss machines", "hack squat").out
    assert run("match", "back squat", "front squat").status == 2


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "can't be read"),
        (b"", "is empty"),
        (b"\x00\x01\x02", "not a text file"),
        (b"a,b\n1,2\n", "no export"),
    ],
)
def test_a_file_that_is_no_export_is_refused(content: bytes | None, said: str, run: Run, tmp_path: Path) -> None:
    file = tmp_path / "file.csv"
    if content is not None:
        file.write_bytes(content)
    refused = run("import", file)
    assert refused.status == 1
    assert said in refused.err


def test_an_import_can_be_taken_back_as_a_whole(done: Run, strong: Path) -> None:
    said = done("import", strong, *ANSWERS).out
    done("import", "--undo", said.split("ironledger import --undo ")[1].split()[0])
    assert done("report", "records", "--json").json["exercises"] == []


def test_an_import_is_undone_as_a_whole_and_told_what_goes(done: Run, strong: Path) -> None:
    told = done("import", strong, *ANSWERS, "--json").json
    said = done("import", "--undo").out
    assert f"{told['sets']} sets in {told['sessions']} sessions" in said
    assert done("report", "records", "--json").json["exercises"] == []
    assert "undone" in done("import", "--list").out
    done("restore", said.split("ironledger restore ")[1].split()[0])
    assert done("report", "records", "--json").json["exercises"]


@pytest.mark.parametrize("option", [("--dry-run",), ("--duplicates", "skip"), ("--restore",), ("--unit", "kg")])
@pytest.mark.parametrize("without", ["--undo", "--list"])
def test_what_is_said_of_a_file_is_refused_where_none_is_read(
    run: Run, done: Run, strong: Path, without: str, option: tuple[str, ...]
) -> None:
    done("import", strong, *ANSWERS)
    refused = run("import", without, *option)
    assert (refused.status, f"{option[0]} says how a file is read" in refused.err) == (2, True)
    assert not done("import", "--list", "--json").json[0]["undone"]


def test_an_import_is_undone_by_its_letters_once(done: Run, run: Run, strong: Path) -> None:
    done("import", strong, *ANSWERS)
    [row] = done("import", "--list", "--json").json
    letters = row["import"][-8:]
    assert f"#{letters}" in done("import", "--list").out
    assert done("import", "--undo", letters, "--json").json["undone"] is True
    again = run("import", "--undo", letters)
    assert (again.status, "undone already" in again.err) == (1, True)
    assert "taken back already" in run("import", "--undo").err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--undo",), "Nothing was ever imported"),
        (("--undo", "strong.csv"), "is not the name of anything"),
        (("--undo", "beef1234"), "Nothing in this ledger is called"),
        ((), "Give a file to import, or --list, or --undo."),
        (("--undo", "last", "--list"), "Give a file to import, or --list, or --undo."),
    ],
)
def test_what_cannot_be_undone_is_told(run: Run, arguments: tuple[str, ...], said: str) -> None:
    refused = run("import", *arguments)
    assert refused.status in {1, 2}
    assert said in refused.err


def test_a_set_is_no_import(done: Run, run: Run) -> None:
    name = done("log", "squat", "100kg", "5").out.split("#")[1][:8]
    assert "is no import" in run("import", "--undo", name).err


def test_a_file_that_was_undone_says_how_to_let_it_count_again(done: Run, strong: Path) -> None:
    done("import", strong, *ANSWERS)
    undone = done("import", "--undo").out.split("ironledger restore ")[1].split()[0]
    said = done("import", strong, *ANSWERS).out
    assert f"ironledger restore {undone}" in said
    assert done("report", "records", "--json").json["exercises"] == []
    assert "counts again" in done("import", strong, *ANSWERS, "--restore").out
    assert done("report", "records", "--json").json["exercises"]
    assert done("import", strong, *ANSWERS, "--restore", "--json").json["restored"] is False


def test_on_a_terminal_undoing_and_restoring_are_asked_about(
    done: Run, run: Run, strong: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    asked: list[str] = []
    done("import", strong, *ANSWERS)
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr("click.confirm", lambda text, **_: asked.append(text) or True)
    assert run("import", "--undo").status == 0
    assert "counts again" in run("import", strong, *ANSWERS).out
    assert run("import", "--undo", "--yes").status == 0
    assert ["Undo the import from Strong" in asked[0], "Let them count again?" in asked[1], len(asked)] == [
        True,
        True,
        2,
    ]


def test_a_backup_of_a_database_is_imported_with_the_body_in_it(done: Run, tmp_path: Path) -> None:
    file = tmp_path / "FitNotes_Backup.fitnotes"
    file.write_bytes(export("fitnotes_backup"))
    said = done("import", file, "--timezone", "Europe/Berlin").out
    assert "5 sets in 2 sessions and 3 measurements" in said
    assert file.read_bytes() == export("fitnotes_backup")
    assert "nothing was written" in done("import", file, "--timezone", "Europe/Berlin").out
