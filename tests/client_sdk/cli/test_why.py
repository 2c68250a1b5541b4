"""``ironledger why``: from a figure to its sets, in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Run = Callable[..., Any]
"""Runs a command: see ``conftest``."""


@pytest.fixture(autouse=True)
def legs(done: Run) -> None:
    """One evening for the legs."""
    done("log", "back squat", "100kg", 5, "--sets", 2, "--at", "2025-07-01 18:30")
    done("log", "deadlift", "140kg", 5, "--at", "2025-07-01 18:40")
    for side, reps in (("left", 10), ("right", 8)):
        done("log", "forward lunge", "20kg", reps, "--side", side, "--at", "2025-07-01 18:50")


def test_a_ratio_is_told_by_its_formula_its_shares_with_their_sources_and_its_sets(done: Run) -> None:
    told = done("why", "balance", "hamstrings:quadriceps", "--as-of", "2025-07-06").out
    assert "hamstrings : quadriceps = 0.5 sets : 3.5 sets = 0.143" in told
    assert "Sets of the 28 days to 6 July 2025" in told
    assert "Conventional Deadlift  0.5     B      Martín-Fuentes" in told
    assert "[the other side" in told
    report = done("report", "balance", "--json", "--as-of", "2025-07-06").json
    row = next(row for row in report["ratios"] if row["name"] == "hamstrings:quadriceps")
    why = done("why", "balance", "hamstrings:quadriceps", "--json", "--as-of", "2025-07-06").json
    assert why["value"] == row["ratio_milli"] == 143
    assert [sum(part["amount"] for part in term["parts"]) for term in why["terms"]] == [500, 3500]


def test_a_muscles_week_comes_to_the_reports_figure(done: Run) -> None:
    assert "3.5 sets, which is the sum" in done("why", "volume", "2025-W27", "quadriceps").out
    assert "1360 kg, which is the sum" in done("why", "volume", "2025-W27", "quadriceps", "tonnage_g").out
    assert "4 sets" in done("why", "volume", "2025-W27", "sets").out


def test_an_estimate_is_told_with_the_numbers_in_its_formula(done: Run) -> None:
    told = done("why", "records", "squat", "e1rm").out
    assert "Epley: load × (1 + reps / 30) = 100 kg × (1 + 5 / 30) = 116.667 kg" in told
    assert "Set on 1 July 2025." in told
    assert "The greatest load" in done("why", "records", "back squat", "heaviest").out
    assert "20 kg × 8 right" in done("why", "records", "forward lunge", "heaviest", "right").out


def test_the_letters_of_a_set_can_be_corrected_and_the_figure_follows(done: Run) -> None:
    letters = done("why", "records", "deadlift", "heaviest").out.split("#", 1)[1][:8]
    done("correct", letters, "reps=6")
    assert "Conventional Deadlift 140 kg × 6" in done("why", "records", "deadlift", "heaviest").out


def test_any_row_that_names_events_can_be_asked_about(done: Run) -> None:
    assert "Back Squat 100 kg × 5" in done("why", "sessions", "2025-07-01", "back_squat").out


def test_what_is_not_there_is_told_with_what_is(run: Run) -> None:
    for words, said in (
        (("balance", "arms:legs"), "hamstrings:quadriceps"),
        (("volume", "2020-W01", "quadriceps"), "2025-W27"),
        (("records", "sqat", "e1rm"), "Did you mean"),
        (("volumes", "2025-W27"), "Did you mean volume?"),
        (("log", "1"), "no figures"),
        (("balance",), "Missing argument"),
    ):
        asked = run("why", *words)
        assert asked.status in {1, 2}
        assert said in asked.err, asked
        assert "Traceback" not in asked.err
