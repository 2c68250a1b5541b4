"""What facts beside the training say, in a few words."""

from __future__ import annotations

from typing import Any

import pytest
from support.chains import some_uuid
from support.facts import a_set

from events import Body, Load
from events.body import (
    DeloadEnded,
    DeloadStarted,
    Measurement,
    MeasurementTaken,
    Pain,
    PhotoAttached,
    ReadinessRated,
    TestPerformed,
)
from events.corrections import NoteAdded
from events.equipment import EquipmentChanged, EquipmentDefined, Plate
from events.nutrition import FoodLogged, SupplementTaken, WaterLogged
from events.programs import ProgressionDecided, Target
from projections.told import tell


def kg(milli: int) -> Load:
    return Load(milli, "kg")


def measured(site: str, milli: int, unit: Any, **fields: Any) -> MeasurementTaken:  # noqa: ANN401  # of all types
    return MeasurementTaken(measurement=some_uuid(), site=site, value=Measurement(milli, unit), **fields)


def photo(size: int, **fields: Any) -> PhotoAttached:  # noqa: ANN401  # of all types
    return PhotoAttached(
        photo=some_uuid(), sha256="0" * 64, bytes=size, media_type="image/jpeg", pose="side_relaxed", **fields
    )


def result_of(kind: str, **fields: Any) -> TestPerformed:  # noqa: ANN401  # of all types
    return TestPerformed(test=some_uuid(), kind=kind, **fields)


def decided(decision: Any, **target: Any) -> ProgressionDecided:  # noqa: ANN401  # of all types
    return ProgressionDecided(slot=some_uuid(), target=Target(**target), decision=decision)


SAID: list[tuple[Body, str]] = [
    (measured("body_weight", 82_500, "kg"), "body weight 82.5 kg"),
    (measured("thigh", 58_250, "cm", side="left"), "left thigh 58.25 cm"),
    (measured("hip", 38_000, "in", side="both"), "hip 38 in"),
    (measured("body_fat", 18_500, "percent"), "body fat 18.5%"),
    (photo(2_345_678, note="Morgens"), "side relaxed (jpeg, 2.3 MB): Morgens"),
    (photo(45_000), "side relaxed (jpeg, 45 kB)"),
    (photo(999), "side relaxed (jpeg, 999 bytes)"),
    (result_of("sprint", distance_mm=30_000, seconds_milli=4250), "sprint 30 m 4.25 s"),
    (result_of("standing_jump", height_mm=455, note="Barefoot"), "standing jump 45.5 cm: Barefoot"),
    (result_of("endurance", distance_mm=5_000_000, seconds_milli=1_230_500), "endurance 5 km 20:30.5"),
    (result_of("endurance", seconds_milli=3_600_000), "endurance 1:00:00"),
    (
        ReadinessRated(
            rating=some_uuid(),
            fatigue=6,
            sleep_min=425,
            soreness={"quadriceps": 4, "hip_flexors": 0},
            pain=Pain("left knee"),
        ),
        "fatigue 6 of 10, slept 7:05 h, hip flexors sore 0 of 10, quadriceps sore 4 of 10, pain: left knee",
    ),
    (DeloadStarted(reason="Tired."), "Tired."),
    (DeloadEnded(), ""),
    (
        FoodLogged(
            name="Oats", protein_dg=125, carbohydrate_dg=600, fat_dg=0, tags=("whole_grains", "fruit"), note="7 h"
        ),
        "Oats: protein 12.5 g, carbohydrate 60 g, fat 0 g (whole grains, fruit): 7 h",
    ),
    (FoodLogged(tags=("eggs",)), "(eggs)"),
    (WaterLogged(ml=500), "500 ml"),
    (WaterLogged(ml=250, when="during"), "250 ml during training"),
    (SupplementTaken(kind="creatine", dose_mg=5000), "creatine 5 g"),
    (SupplementTaken(kind="bcaa", name="Mix"), "BCAA (Mix)"),
    (SupplementTaken(kind="other", dose_mg=200, name="Caffeine"), "Caffeine 0.2 g"),
    (SupplementTaken(kind="other"), "a supplement"),
    (decided("accepted", load=kg(102_500), reps=8), "accepted 102.5 kg × 8"),
    (decided("declined", load=kg(20_000), load_kind="added", reps=5), "declined body weight + 20 kg × 5"),
    (decided("accepted", load=kg(15_000), load_kind="assisted"), "accepted body weight - 15 kg"),
    (decided("accepted", load_kind="bodyweight", seconds=90), "accepted body weight 1:30"),
    (NoteAdded(note=some_uuid(), target="back_squat", text="Sit down.", author="Jo"), "Sit down. (Jo)"),
    (NoteAdded(note=some_uuid(), target="back_squat", text="Felt light."), "Felt light."),
    (
        EquipmentDefined(
            equipment=some_uuid(),
            name="Bar",
            kind="plate_loaded",
            place="Garage",
            start_load=kg(20_000),
            max_load=kg(200_000),
            plates=(Plate(20_000, "kg", 4), Plate(5000, "lb")),
        ),
        "Bar, plate loaded, at Garage, from 20 kg, up to 200 kg, plates 4 × 2 × 20 kg 5 lb",
    ),
    (
        EquipmentChanged(equipment=some_uuid(), steps=(kg(5000), kg(7500)), plates=(), add_ons=(kg(1250),)),
        "steps 5 kg 7.5 kg, no plates, add-ons 1.25 kg",
    ),
    (EquipmentChanged(equipment=some_uuid()), ""),
]


@pytest.mark.parametrize(("body", "words"), SAID)
def test_a_fact_is_told_as_a_lifter_says_it(body: Body, words: str) -> None:
    assert tell(body) == words


def test_sets_are_told_elsewhere() -> None:
    assert tell(a_set(reps=8)) is None
