"""Fitbod's exports: kilograms whatever was typed, one time for all sets of a workout."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from support.exports import sets

from client_sdk.importers import Reading, Remark
from events.quantities import Load

Importer = Callable[..., Reading]


@pytest.fixture
def fitbod(imported: Importer) -> Reading:
    return imported("fitbod")


def test_every_row_is_a_set_or_skipped_with_a_reason(fitbod: Reading) -> None:
    assert (fitbod.dialect, fitbod.rows, fitbod.sets) == ("fitbod-kg", 7, 6)
    assert fitbod.skipped == (Remark(8, "Reps of 'many' can't be read as a number."),)


def test_pounds_that_came_out_as_kilograms_are_pounds_again(fitbod: Reading) -> None:
    squats = [body for body in sets(fitbod) if body.exercise == "back_squat"]
    assert [body.load for body in squats] == [Load(60_000, "kg"), Load(225_000, "lb"), Load(225_000, "lb")]
    assert fitbod.loads_recovered == 2


def test_warm_ups_and_pairs_of_dumbbells_are_known(fitbod: Reading) -> None:
    assert [(body.kind, body.implements) for body in sets(fitbod)] == [
        ("warm_up", None),
        ("working", None),
        ("working", 2),
        ("working", None),
        ("working", None),
        ("working", None),
    ]


def test_sets_of_an_exercise_are_numbered_through_a_superset(fitbod: Reading) -> None:
    assert [body.source.key for body in sets(fitbod) if body.source and body.exercise == "back_squat"] == [
        f'["fitbod","2026-02-01 06:00:00 +0000","Back Squat",1,{number}]' for number in (1, 2, 3)
    ]


def test_times_distances_and_the_settings_of_a_machine_are_kept(fitbod: Reading) -> None:
    plank, run = sets(fitbod)[-2:]
    assert (plank.seconds, plank.load_kind) == (45, "bodyweight")
    assert (run.seconds, run.distance_mm, run.note) == (1800, 5_000_000, "Incline: 1.5")


def test_times_are_in_utc(fitbod: Reading) -> None:
    assert [(each.started.at, each.started.offset) for each in fitbod.sessions] == [
        (1_769_925_600_000, 60),
        (1_770_154_200_000, 60),
    ]


def test_the_file_that_support_mails_is_read(imported: Importer) -> None:
    reading = imported("fitbod_mailed")
    assert (reading.dialect, reading.sets) == ("fitbod-mailed-kg", 2)
    squat, pull_up = sets(reading)
    assert squat.load == Load(70_000, "lb")
    assert pull_up.load_kind == "bodyweight"


def test_weights_may_be_in_pounds_by_the_header(imported: Importer) -> None:
    header = "Date,Exercise,Reps,Weight(lbs),Duration(s),Distance(m),Incline,Resistance,isWarmup,Note,multiplier\n"
    [body] = sets(imported(f"{header}2026-02-01 06:00:00 +0000,Back Squat,5,135,0,0,0,0,false,,1\n".encode()))
    assert body.load == Load(135_000, "lb")
