"""What a file may be made of, and what it may be instead."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from pathlib import Path

import pytest

from client_sdk.importers import ImportFileError, Question, Reading, Remark, Unanswered
from events.errors import UnknownNameError

Importer = Callable[..., Reading]
Asker = Callable[..., Reading | Unanswered]

FITNOTES = (Path(__file__).parent / "fixtures" / "fitnotes_kgs.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "data",
    [
        codecs.BOM_UTF8 + FITNOTES.encode(),
        codecs.BOM_UTF16_LE + FITNOTES.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + FITNOTES.encode("utf-16-be"),
        FITNOTES.replace("\n", "\r\n").encode(),
        FITNOTES.replace(",", ";").replace(".", ",").encode(),
        FITNOTES.replace("\n", "\n\n").encode(),
    ],
    ids=["utf-8 with a mark", "utf-16-le", "utf-16-be", "crlf", "semicolons", "blank lines"],
)
def test_the_same_table_is_read_however_it_is_spelled(imported: Importer, data: bytes) -> None:
    plain = imported(FITNOTES.encode())
    reading = imported(data)
    assert [draft.id for session in reading.sessions for draft in session.sets] == [
        draft.id for session in plain.sessions for draft in session.sets
    ]
    assert reading.remarks == ()


def test_windows_1252_is_read_and_told(imported: Importer) -> None:
    reading = imported(FITNOTES.replace("Pull Up", "Klimmzüge").encode("cp1252"))
    assert reading.unmatched == ("Klimmzüge",)
    assert [remark.line for remark in reading.remarks] == [1]
    assert "Windows-1252" in reading.remarks[0].reason


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty."),
        (b"\n \n", "This is no export"),
        (b"PK\x03\x04\x14\x00", "zip archive"),
        (b"SQLite format 3\x00", "backup"),
        (b"%PDF-1.7", "PDF"),
        (b"\x1f\x8b\x08", "compressed"),
        (b"<!DOCTYPE html><html>", "web page"),
        (b"\x00\x01\x02\x03", "not a text file"),
        (b"\x89PNG\r\n\x1a\n", "not a text file"),
        (b'{"workouts": []}', "JSON document"),
        (b"a,b,c\n1,2,3\n", "its columns are a, b, c."),
    ],
)
def test_what_is_no_export_is_refused_with_a_next_step(asked: Asker, data: bytes, sentence: str) -> None:
    with pytest.raises(ImportFileError, match=sentence) as refusal:
        asked(data, timezone="UTC")
    assert refusal.value.next_step.endswith(".")


def test_a_field_without_end_is_refused_with_its_line(asked: Asker) -> None:
    with pytest.raises(ImportFileError, match="begins on line 2 can't be taken apart"):
        asked(FITNOTES.splitlines()[0].encode() + b'\n"' + b"a" * 200_000, timezone="UTC")


def test_a_file_of_another_app_than_was_said_is_refused(asked: Asker) -> None:
    with pytest.raises(ImportFileError, match="This is no export of Hevy"):
        asked("fitnotes_kgs", app="hevy", timezone="UTC")


def test_a_header_that_fits_two_apps_is_asked_about(asked: Asker, imported: Importer) -> None:
    data = (
        b"Date,Workout Name,Exercise Name,Set Order,Exercise,Category,Weight (kg),Reps\n"
        b"2024-11-21,A,Squat,1,Squat,Legs,100,5\n"
    )
    answer = asked(data)
    assert isinstance(answer, Unanswered)
    assert answer.questions == (
        Question("app", "The header fits Strong and FitNotes: which app wrote it?", ("strong", "fitnotes")),
    )
    assert imported(data, app="fitnotes").app == "fitnotes"


def test_an_export_without_rows_leaves_nothing_open(asked: Asker) -> None:
    reading = asked(FITNOTES.splitlines()[0].encode())
    assert isinstance(reading, Reading)
    assert (reading.rows, reading.sessions) == (0, ())


@pytest.mark.parametrize("options", [{"app": "paper"}, {"timezone": "Mars"}, {"distance_unit": "furlong"}])
def test_an_answer_that_names_nothing_is_refused(asked: Asker, options: dict[str, str]) -> None:
    with pytest.raises(UnknownNameError):
        asked("fitnotes_kgs", **options)


def test_values_that_a_spreadsheet_added_are_ignored(imported: Importer) -> None:
    reading = imported("\n".join(f"{line},," if line[0] == "2" else line for line in FITNOTES.splitlines()).encode())
    assert reading.sets == 3


def test_long_words_are_cut_where_an_event_cannot_hold_them_and_told(imported: Importer) -> None:
    header = "Date,Workout Name,Duration,Exercise Name,Set Order,Weight,Reps,Distance,Seconds,Notes,Workout Notes,RPE"
    row = f"\n2025-03-03 18:05:10,{'t' * 300},5m,Squat,1,0,5,0,0,{'n' * 5000},{'w' * 5000},\n"
    strange = f"2025-03-03 18:05:10,{'t' * 300},5m,{'e' * 300},1,0,5,0,0,,,\n"
    reading = imported((header + row + strange).encode())
    assert [remark.line for remark in reading.remarks] == [2, 2, 2]
    assert reading.skipped == (Remark(3, "The name of its exercise is too long."),)
