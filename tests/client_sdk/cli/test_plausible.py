"""What is refused unless it is meant: figures beyond what people do."""

from __future__ import annotations

from typing import Any

import pytest
from support.chains import some_uuid
from support.facts import a_set, a_slot

from client_sdk.cli.plausible import LIMITS, refuse_implausible
from events import Body, Load
from events.body import Measurement, MeasurementTaken, PhotoAttached, ReadinessRated, TestPerformed
from events.equipment import EquipmentChanged, EquipmentDefined, Plate
from events.errors import MalformedError
from events.nutrition import FoodLogged, SupplementTaken, WaterLogged
from events.programs import ProgressionDecided, SlotChanged, Target
from events.training import DrillLogged


def measured(site: str, milli: int, unit: Any = "cm") -> MeasurementTaken:  # noqa: ANN401  # one of the units
    return MeasurementTaken(measurement=some_uuid(), site=site, value=Measurement(milli, unit))


def result_of(kind: str, **figures: int) -> TestPerformed:
    return TestPerformed(test=some_uuid(), kind=kind, **figures)


def changed(**fields: Any) -> EquipmentChanged:  # noqa: ANN401  # fields of all types
    return EquipmentChanged(equipment=some_uuid(), **fields)


def drilled(**fields: Any) -> DrillLogged:  # noqa: ANN401  # fields of all types
    said = {"drill": some_uuid(), "session": some_uuid(), "phase": "warm_up", "kind": "light_cardio", "name": "Jog"}
    return DrillLogged(**said | fields)


def photo(size: int) -> PhotoAttached:
    return PhotoAttached(photo=some_uuid(), sha256="0" * 64, bytes=size, media_type="image/png", pose="front")


BEYOND: list[tuple[Body, str]] = [
    (a_set(reps=1001), "1,001 reps in one set is more than 1,000 reps."),
    (a_set(load="100kg", reps=301), "301 reps with a load in one set is more than 300 reps."),
    (a_set(load="600.5kg", reps=1), "600.5 kg on a barbell is more than 600 kg."),
    (a_set(load="4000lb", reps=1), "4000 lb on a barbell is more than 600 kg."),
    (a_set("goblet_squat", load="151kg", reps=1), "151 kg in one hand is more than 150 kg."),
    (a_set("leg_press", load="1000.001kg", reps=1), "1000.001 kg in one set is more than 1000 kg."),
    (a_set("mystery", load="1001kg", reps=1), "1001 kg in one set is more than 1000 kg."),
    (a_set("plank", seconds=86_401), "24:00:01 in one set is more than 24:00:00."),
    (a_set("run", distance_mm=1_000_001_000), "1000.001 km in one set is more than 1000 km."),
    (a_set(reps=5, rest_s=7201), "2:00:01 of rest is more than 2:00:00."),
    (a_set(reps=5, heart_rate=20), "20 beats a minute is less than 30 beats a minute."),
    (drilled(seconds=14_401), "4:00:01 in one drill"),
    (a_slot(sets=31), "31 sets is more than 30 sets."),
    (SlotChanged(program=some_uuid(), slot=some_uuid(), reps_max=1001), "1,001 reps in one set"),
    (
        EquipmentDefined(equipment=some_uuid(), name="Bar", kind="barbell", start_load=Load(301_000, "kg")),
        "301 kg empty is more than 300 kg.",
    ),
    (changed(max_load=Load(2_001_000, "kg")), "2001 kg is more than 2000 kg."),
    (changed(steps=(Load(5000, "kg"), Load(101_000, "kg"))), "101 kg in one step"),
    (changed(plates=(Plate(250_000, "lb"),)), "250 lb on one plate is more than 100 kg."),
    (changed(add_ons=(Load(26_000, "kg"),)), "26 kg in one add-on"),
    (measured("body_weight", 301_000, "kg"), "301 kg for body weight is more than 300 kg."),
    (measured("body_weight", 65_000, "lb"), "65 lb for body weight is less than 30 kg."),
    (measured("body_fat", 1500, "percent"), "1.5% for body fat is less than 2%."),
    (measured("calf", 90_000), "90 cm for calf is more than 80 cm."),
    (measured("thigh", 7000, "in"), "7 in for thigh is less than 20 cm."),
    (photo(200_000_001), "200 MB in one photo"),
    (result_of("jump", height_mm=2001), "200.1 cm off the ground is more than 200 cm."),
    (result_of("jump", distance_mm=10_001), "10.001 m in one jump"),
    (
        result_of("sprint", distance_mm=100_000, seconds_milli=7990),
        "100 m in 7.99 s is faster than anybody ever ran.",
    ),
    (result_of("endurance", seconds_milli=86_400_001), "24:00:00.001 in one test"),
    (ReadinessRated(rating=some_uuid(), sleep_min=961), "16:01 h of sleep is more than 16:00 h."),
    (FoodLogged(protein_dg=2501), "250.1 g of protein in one meal is more than 250 g."),
    (WaterLogged(ml=3001), "3,001 ml at a time is more than 3,000 ml."),
    (SupplementTaken(kind="creatine", dose_mg=30_001), "30.001 g of creatine at a time is more than 30 g."),
    (SupplementTaken(kind="other", dose_mg=200_001), "200.001 g at a time"),
    (
        ProgressionDecided(slot=some_uuid(), target=Target(load=Load(1_001_000, "kg")), decision="accepted"),
        "1001 kg in one set is more than 1000 kg.",
    ),
]


@pytest.mark.parametrize(("body", "words"), BEYOND)
def test_slips_of_the_finger_are_refused_in_a_sentence_with_a_way_out(body: Body, words: str) -> None:
    with pytest.raises(MalformedError) as raised:
        refuse_implausible(body)
    assert words in raised.value.message
    assert raised.value.next_step == "Add --really if it was so."


def test_every_kind_of_fact_that_has_limits_is_tried_beyond_them() -> None:
    assert LIMITS.keys() <= {type(body) for body, _ in BEYOND}


@pytest.mark.parametrize(
    "body",
    [
        a_set(reps=1000),
        a_set(load="600kg", reps=300),
        a_set("leg_press", load="1000kg", reps=8),
        a_set("pull_up", load="bw-40kg", reps=500),
        a_set("plank", seconds=86_400, distance_mm=10**9),
        a_slot(drill="Leg swings", exercise=None),
        changed(steps=(), plates=(Plate(25_000, "kg", 4), Plate(1, "kg")), add_ons=None),
        measured("body_weight", 660_000, "lb"),
        measured("wing_span", 4_000_000, "mm"),
        measured("wing_span", 1, "percent"),
        result_of("jump", height_mm=455, distance_mm=2900),
        result_of("sprint", distance_mm=100_000, seconds_milli=9580),
        result_of("cycling", distance_mm=100_000_000, seconds_milli=7_200_000),
        SupplementTaken(kind="protein", dose_mg=150_000),
    ],
)
def test_what_people_do_is_plausible(body: Body) -> None:
    refuse_implausible(body)


def test_what_was_meant_before_is_not_asked_about_again() -> None:
    heavy = a_set(load="601kg", reps=5)
    refuse_implausible(heavy, {"reps"})
    with pytest.raises(MalformedError, match="601 kg"):
        refuse_implausible(heavy, {"load"})
    with pytest.raises(MalformedError, match="601 kg"):
        refuse_implausible(heavy, {"exercise"})
