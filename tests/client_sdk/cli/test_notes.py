"""Remarks on what is in the ledger."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Run = Callable[..., Any]
"""Runs a command: see ``conftest``."""


def sessions(run: Run) -> Any:  # noqa: ANN401  # JSON
    """The rows of the report ``sessions``."""
    return run("report", "sessions", "--json").json["sessions"]


def test_a_note_on_a_set_stands_in_the_log_book_and_beside_its_session(done: Run) -> None:
    name = done("log", "squat", "100kg", "8").name
    said = done("note", "last", "Knees caved in.", "--author", "Coach Jo")
    assert "Noted on Back Squat 100 kg × 8 of " in said.out
    assert f"note on #{name}: Knees caved in. (Coach Jo)" in done("log-book").out
    shown = done("report", "sessions").out
    assert "Notes:" in shown
    assert "Knees caved in. (Coach Jo)" in " ".join(shown.split())
    [row] = sessions(done)
    [note] = row["notes"]
    assert (note["text"], note["author"], note["target"][-8:]) == ("Knees caved in.", "Coach Jo", name)


def test_a_note_on_a_session_is_beside_it_and_others_are_not(done: Run) -> None:
    first = done("session", "start", "--at", "2025-06-20 18:00").name
    done("session", "start", "--at", "2025-06-30 18:00")
    done("note", first, "Crowded.")
    assert [[note["text"] for note in row["notes"]] for row in sessions(done)] == [[], ["Crowded."]]
    assert [note["author"] for row in sessions(done) for note in row["notes"]] == [None]


def test_a_note_on_an_exercise_is_called_by_its_name(done: Run) -> None:
    assert "Noted on Back Squat." in done("note", "squats", "Sit down, not back.").out
    assert "note on Back Squat: Sit down, not back." in done("log-book").out


def test_an_exercise_may_be_spelled_like_letters_of_a_name(done: Run) -> None:
    done("log", "squat", "100kg", "8")
    assert "Noted on Face Pull." in done("note", "face pull", "Elbows high.").out


def test_a_note_is_corrected_and_voided_like_any_fact(done: Run) -> None:
    done("log", "squat", "100kg", "8")
    name = done("note", "last", "Knees caved in.").name
    done("correct", name, "text=Knees stayed out.")
    assert [note["text"] for note in sessions(done)[0]["notes"]] == ["Knees stayed out."]
    done("void", name)
    assert sessions(done)[0]["notes"] == []
    assert "[void]" in done("log-book").out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("last", "  "), "A note needs words."),
        (("last", "x" * 4001), "at most 4,000 characters"),
        (("1d6bc8e1", "What?"), "Nothing is called '1d6bc8e1'."),
        (("bak squat", "What?"), "Did you mean Back Squat"),
        (("last", "Fine.", "--author", ""), "author: It is empty."),
    ],
)
def test_what_can_not_be_noted_is_told_so_and_nothing_is_written(words: tuple[str, ...], said: str, run: Run) -> None:
    run("log", "squat", "100kg", "8")
    refused = run("note", *words)
    assert refused.status in {1, 2}
    assert said in " ".join(refused.err.split())
    assert run("status", "--json").json["outbox"] == 1


def test_nothing_is_noted_on_the_last_set_where_there_is_none(run: Run) -> None:
    assert "No set was logged here yet" in run("note", "last", "Fine.").err
