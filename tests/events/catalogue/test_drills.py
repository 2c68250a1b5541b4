"""The drills that are known: those of the guide at least, in whatever spelling."""

from __future__ import annotations

import pytest

from events.catalogue import MUSCLES
from events.catalogue.drills import DRILLS, find_drill, suggest_drills
from events.guide import MAJOR_LEG_MUSCLES


@pytest.mark.parametrize(
    ("name", "kind", "phase", "muscle"),
    [
        ("leg swings", "dynamic_stretch", "warm_up", None),
        ("Walking Lunge", "dynamic_stretch", "warm_up", None),
        ("high-knees", "dynamic_stretch", "warm_up", None),
        ("Jogging", "light_cardio", "warm_up", None),
        ("cycling", "light_cardio", "warm_up", None),
        ("hamstring stretches", "static_stretch", "cool_down", "hamstrings"),
        ("quadriceps stretch", "static_stretch", "cool_down", "quadriceps"),
        ("calf stretch", "static_stretch", "cool_down", "calves"),
        ("glute stretch", "static_stretch", "cool_down", "glutes"),
        ("adductor stretch", "static_stretch", "cool_down", "adductors"),
        ("hip flexor stretch", "static_stretch", "cool_down", "hip_flexors"),
        ("foam rolling", "foam_rolling", "cool_down", None),
        ("foam rolling quads", "foam_rolling", "cool_down", "quadriceps"),
    ],
)
def test_the_drills_of_the_guide_are_known(name: str, kind: str, phase: str, muscle: str | None) -> None:
    drill = find_drill(name)
    assert drill is not None
    assert (drill.kind, drill.phase, drill.muscle) == (kind, phase, muscle)


def test_every_major_leg_muscle_has_a_stretch_and_all_muscles_are_ones_that_reports_name() -> None:
    stretched = {drill.muscle for drill in DRILLS if drill.kind == "static_stretch"}
    assert stretched >= set(MAJOR_LEG_MUSCLES)
    assert {drill.muscle for drill in DRILLS} - {None, "calves"} <= set(MUSCLES)


def test_what_nobody_knows_is_not_guessed_but_suggested() -> None:
    assert find_drill("leg swngs") is None
    assert suggest_drills("leg swngs") == ["leg swings"]
