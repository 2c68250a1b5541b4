"""Any report as CSV: one way for all of them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest

from client_sdk.cli.reports import NAMES
from client_sdk.cli.sheets import FORMULAS, sheet, tables
from events import UnknownNameError

Run = Callable[..., Any]
"""Runs a command: see ``conftest``."""

LIFTS: dict[str, Any] = {
    "report": "records",
    "position": 3,
    "as_of": "2025-06-30",
    "exercises": [
        {
            "name": "Squat, back",
            "heaviest": {"load": {"milli": 102_500, "unit": "kg"}, "reps": 8, "valid": True},
            "timeline": [{"record": "heaviest", "beat": None}, {"record": "reps", "beat": {"reps": 5}}],
        },
        {"name": "Plank", "heaviest": None, "timeline": []},
    ],
    "muscles": {"quadriceps": {"sets": 4}, "hamstrings": {"sets": 2}},
    "neglected": ["soleus"],
    "sides": [],
}


def rows(report: dict[str, Any], table: str | None = None) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(sheet(report, table).decode(), newline="")))


def test_the_first_list_is_the_table_and_objects_are_columns_with_dots() -> None:
    assert sheet(LIFTS) == (
        b"name,heaviest.load,heaviest.load.unit,heaviest.reps,heaviest.valid,timeline\r\n"
        b'"Squat, back",102.5,kg,8,true,"[{""beat"":null,""record"":""heaviest""},'
        b'{""beat"":{""reps"":5},""record"":""reps""}]"\r\n'
        b"Plank,,,,,[]\r\n"
    )


def test_a_list_in_a_row_is_a_table_by_the_way_to_it_and_repeats_what_it_lies_in() -> None:
    told = rows(LIFTS, "exercises.timeline")
    assert [
        (row["name"], row["heaviest.load"], row["timeline.record"], row["timeline.beat.reps"]) for row in told
    ] == [
        ("Squat, back", "102.5", "heaviest", ""),
        ("Squat, back", "102.5", "reps", "5"),
    ]


def test_an_object_of_objects_is_a_table_and_so_is_a_list_of_names() -> None:
    assert rows(LIFTS, "muscles") == [{"muscles": "quadriceps", "sets": "4"}, {"muscles": "hamstrings", "sets": "2"}]
    assert rows(LIFTS, "neglected") == [{"neglected": "soleus"}]


def test_a_table_without_rows_is_no_text() -> None:
    assert sheet(LIFTS, "sides") == b""
    assert sheet({"report": "volume", "weeks": []}) == b""


def test_a_table_that_is_not_there_is_told_with_those_that_are() -> None:
    assert tables(LIFTS) == ["exercises", "muscles", "neglected", "exercises.timeline"]
    with pytest.raises(UnknownNameError) as error:
        sheet(LIFTS, "exercises.thoughts")
    assert "exercises.timeline" in error.value.next_step


def test_a_report_without_a_list_is_one_row() -> None:
    assert rows({"report": "body", "weight": {"milli": 81_400, "unit": "kg"}}) == [
        {"report": "body", "weight": "81.4", "weight.unit": "kg"}
    ]


@pytest.mark.parametrize("begins", FORMULAS)
def test_text_that_begins_as_a_formula_does_is_text_for_a_spreadsheet(begins: str) -> None:
    [row] = rows({"report": "log", "entries": [{"note": f"{begins}SUM(A1)", "reps": -3}]})
    assert row == {"note": f"'{begins}SUM(A1)", "reps": "-3"}


def test_every_report_can_be_a_table(done: Run) -> None:
    done("log", "squat", "100kg", "8", "--note", "=1+1")
    done("program", "create", "@Legs")
    for name in NAMES:
        out = done("report", name, "--csv").out
        found = list(csv.reader(io.StringIO(out, newline="")))
        assert all(len(row) == len(found[0]) for row in found)
        assert name in {"conflicts", "problems"} or len(found) > 1, name
        assert not any(cell.startswith(("=", "@")) for row in found for cell in row)
    assert "'=1+1" in done("report", "sessions", "--csv", "--table", "sessions.exercises.sets").out
    assert "quadriceps" in done("report", "volume", "--csv", "--table", "weeks.muscles").out


def test_csv_has_all_rows_unless_fewer_are_asked_for(done: Run) -> None:
    for day in ("01", "02", "03"):
        done("log", "squat", "100kg", "8", "--at", f"2025-06-{day}")
    assert done("report", "sessions", "--csv").out.count("\n") == 4
    assert done("report", "sessions", "--csv", "--limit", 1).out.count("\n") == 2


def test_what_does_not_go_together_is_refused(run: Run) -> None:
    assert run("report", "volume", "--json", "--csv").status == 2
    assert "give both" in run("report", "volume", "--table", "weeks").err
    assert "has no table 'years'" in run("report", "volume", "--csv", "--table", "years").err
