"""FitNotes' exports: days, commas that nobody quoted, and units per row."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from client_sdk.importers import Reading, Remark
from events.quantities import Load
from events.training import SetLogged

Importer = Callable[..., Reading]

HEADER = "Date,Exercise,Category,Weight,Weight Unit,Reps,Distance,Distance Unit,Time,Comment\n"


def sets(reading: Reading) -> list[SetLogged]:
    return [draft.body for session in reading.sessions for draft in session.sets if isinstance(draft.body, SetLogged)]


@pytest.fixture
def fitnotes(imported: Importer) -> Reading:
    return imported("fitnotes_unit_column")


def test_every_row_is_a_set_or_skipped_with_a_reason(fitnotes: Reading) -> None:
    assert (fitnotes.dialect, fitnotes.rows, fitnotes.sets) == ("fitnotes-unit-column", 8, 6)
    assert fitnotes.skipped == (
        Remark(8, "Its distance is in 'furlong', which is no known unit."),
        Remark(9, "The weight 'heavy' can't be read as a number."),
    )


def test_a_day_is_a_session_at_noon_that_does_not_end(fitnotes: Reading) -> None:
    first = fitnotes.sessions[0]
    assert (first.started.at, first.started.offset, first.finished) == (1_732_186_800_000, 60, None)
    assert len(fitnotes.sessions) == 2


def test_commas_in_names_and_comments_are_put_back(fitnotes: Reading) -> None:
    assert fitnotes.unmatched == ("Leg Press, wide, heavy",)
    assert [body.note for body in sets(fitnotes)][:4] == [None, None, "slow", "missed, twice"]


def test_units_hold_row_by_row(fitnotes: Reading) -> None:
    assert [body.load for body in sets(fitnotes)][2:4] == [Load(102_500, "kg"), Load(225_000, "lb")]


def test_times_and_distances_are_read(fitnotes: Reading) -> None:
    plank, run = sets(fitnotes)[4:]
    assert (plank.seconds, plank.load_kind) == (90, "bodyweight")
    assert (run.seconds, run.distance_mm) == (1805, 4_988_966)


def test_an_exercise_has_one_list_of_sets_a_day_however_they_were_mixed(fitnotes: Reading) -> None:
    assert [body.source.key for body in sets(fitnotes) if body.source and body.source.name == "Squat"] == [
        '["fitnotes","2024-11-21","Squat",1,1]',
        '["fitnotes","2024-11-21","Squat",1,2]',
        '["fitnotes","2024-11-21","Squat",1,3]',
    ]


def test_the_unit_may_stand_in_the_header(imported: Importer) -> None:
    reading = imported("fitnotes_kgs")
    assert reading.dialect == "fitnotes-kg"
    squat, pull_up, run = sets(reading)
    assert squat.load == Load(100_000, "kg")
    assert (pull_up.load, pull_up.load_kind) == (None, "bodyweight")
    assert (run.seconds, run.distance_mm) == (1500, 5_000_000)


def test_of_two_weight_columns_the_filled_one_counts(imported: Importer) -> None:
    header = "Date,Exercise,Category,Weight (kg),Weight (lbs),Reps,Distance,Distance Unit,Time,Notes,Kind\n"
    reading = imported((header + "2024-11-02,Squat,Legs,,225,5,,,,deep,wr\n").encode())
    [body] = sets(reading)
    assert (reading.dialect, body.load, body.note) == ("fitnotes-kg-lb", Load(225_000, "lb"), "deep")


def test_commas_that_could_belong_to_two_columns_are_not_guessed_at(imported: Importer) -> None:
    known = "2024-11-21,Squat,Legs,100,kg,5,,,,\n2024-11-21,Plank,,,,,,,0:30,\n"
    reading = imported((HEADER + known + "2024-11-21,Wall Sit,Legs,,,,5,,,,burns\n").encode())
    assert reading.sets == 2
    assert reading.skipped == (
        Remark(4, "It has commas without quotation marks, and can be read in more than one way."),
    )


@pytest.mark.parametrize(
    "row", ["2024-11-21,Squat,Legs,100,kg,5,,,,a,b,c", "2024-11-21,Squat, low, bar,Legs,100,kg,5,,,,"]
)
def test_the_shape_of_the_figures_tells_where_commas_belong(imported: Importer, row: str) -> None:
    [body] = sets(imported((HEADER + row).encode()))
    assert (body.load, body.reps) == (Load(100_000, "kg"), 5)


def test_a_row_that_no_commas_explain_is_skipped(imported: Importer) -> None:
    reading = imported((HEADER + "2024-11-21,Squat,Legs,heavy,kg,5,,,,,x\n").encode())
    assert reading.skipped == (Remark(2, "It has 11 values where the header has 10 columns."),)


def test_commas_in_a_name_are_put_back_where_there_are_no_comments(imported: Importer) -> None:
    header = "Date,Exercise,Category,Weight (kgs),Reps,Distance,Distance Unit,Time\n"
    reading = imported((header + "2024-11-21,Leg Press, wide,Legs,140.0,10,,,\n").encode())
    assert reading.unmatched == ("Leg Press, wide",)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("2024-11-21,Squat,Legs,9,stone,5,,,,", "Its weight is in 'stone', which is no known unit."),
        ("2024-11-21,Squat,Legs,9,kg,five,,,,", "Reps of 'five' can't be read as a number."),
        ("2024-11-21,Running,Cardio,,,,far,km,,", "Its distance of 'far' can't be read as a number."),
        (
            f"2024-11-21,Running,Cardio,,,,5,{'x' * 999},,",
            f"Its distance is in '{'x' * 40}', which is no known unit.",
        ),
        ("2024-11-21,Plank,Core,,,,,,a while,", "Seconds of 'a while' can't be read as a number."),
    ],
)
def test_a_figure_that_cannot_be_read_skips_its_row_with_the_reason(
    imported: Importer, row: str, reason: str
) -> None:
    assert imported((HEADER + row).encode()).skipped == (Remark(2, reason),)
