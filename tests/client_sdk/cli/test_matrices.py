"""What a set counts for, by either matrix, and on whose word."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from client_sdk import Replica
from events.training import ExerciseDefined

Run = Callable[..., Any]
"""Runs a command: see ``conftest``."""


def test_an_exercise_shows_its_shares_by_both_matrices_with_grade_and_source(done: Run) -> None:
    out = done("exercises", "back", "squat").out
    rows = {line[:16].strip(): line[16:].split() for line in out.splitlines()}
    assert rows["quadriceps"] == ["1", "A", "[1]", "1", "D", "[4]"]
    assert rows["hamstrings"] == ["0", "A", "[1]", "1", "D", "[4]"]
    assert "[1] Kubo K" in out
    assert "[4] Building Strong, Balanced Leg Muscles" in out
    assert "A: muscle growth measured with the exercise" in out
    assert "- Keep the back straight" in out
    assert max(map(len, out.splitlines())) <= 80


def test_an_exercise_in_json_has_every_cell_of_both_matrices(done: Run) -> None:
    [squat] = done("exercises", "Squat (Barbell)", "--json").json
    assert (squat["exercise"], squat["pattern"], squat["own"]) == ("back_squat", "squat", None)
    cell = squat["matrices"]["evidence@1"]["quadriceps"]
    assert (cell["share_permille"], cell["grade"]) == (1000, "A")
    assert "Kubo" in cell["source"]
    assert squat["matrices"]["seed-guide@1"]["hamstrings"]["share_permille"] == 1000


def test_a_part_of_a_name_lists_what_may_be_meant(done: Run) -> None:
    assert len(done("exercises", "split").out.splitlines()) > 1
    assert len(done("exercises", "split", "--json").json) > 1


def test_an_exercise_of_ones_own_counts_by_its_own_definition(done: Run, ledger: Any) -> None:  # noqa: ANN401  (a path)
    with Replica.open(ledger) as replica:
        replica.log(ExerciseDefined(exercise="own", name="Sled thing", muscles={"glutes": 1000, "soleus": 500}))
        replica.log(ExerciseDefined(exercise="odd", name="Odd thing"))
    assert "By your own definition a set counts for glutes 1, soleus 0.5." in done("exercises", "Sled thing").out
    assert "No muscle is known that it trains." in done("exercises", "Odd thing").out


def test_the_table_of_the_guides_lifts_is_shown_by_the_matrix_in_force(done: Run) -> None:
    out = done("matrix").out
    assert out.startswith("evidence@1")
    assert next(line.split() for line in out.splitlines() if line.startswith("Back Squat"))[2:6] == [
        "1",
        "A",
        "0",
        "A",
    ]
    assert max(map(len, out.splitlines())) <= 80
    done("profile", "matrix=seed-guide@1")
    assert done("matrix").out.startswith("seed-guide@1")
    assert "ironledger profile matrix=evidence@1" in done("matrix").out
    table = done("matrix", "evidence@1", "--json").json
    assert (table["matrix"], table["in_force"], len(table["exercises"])) == ("evidence@1", "seed-guide@1", 11)


def test_switching_counts_anew_and_only_the_setting_is_written(done: Run) -> None:
    done("log", "back squat", "100kg", 8)
    assert "hamstrings" not in done("report", "balance").out.split("Neglected")[0].split("Muscle")[1]
    done("profile", "matrix=seed-guide@1")
    muscles = done("report", "balance", "--json").json["muscles"]
    assert muscles["hamstrings"]["fractional_milli"] == 1000
    assert done("status", "--json").json["outbox"] == 2
