"""The built-in programs, against the guide that they make real."""

from __future__ import annotations

import msgspec
import pytest

from events.catalogue import catalogue
from events.codec import encode_body
from events.guide import COOL_DOWN_MIN, MAIN_MIN, MAIN_ROUTINE, STRETCH_S, WARM_UP_MIN, variants_of
from events.programs import SlotAdded
from events.templates import BALANCED_LEGS, TEMPLATES, Place
from events.training import DrillPhase

NAME = "00000000-0000-4000-8000-000000000001"
PLACES = BALANCED_LEGS.days[0].places
LIFTS = {place.exercise: place for place in PLACES if place.exercise}
SECONDS_A_REP = 4

TIPS = {
    "back_squat": (("feet", "shoulder width"), ("knees", "toes"), ("back straight", "trunk")),
    "conventional_deadlift": (("bar", "close"), ("hips", "waist"), ("spine neutral",)),
    "forward_lunge": (("front knee", "right angle"), ("heel",)),
    "reverse_lunge": (("Step back", "right angle"), ("heel",)),
    "leg_press": (("feet", "shoulder width"), ("right angle",), ("heels",)),
    "seated_leg_curl": (("machine", "hamstrings alone"), ("control", "jerk"), ("as far as",)),
    "standing_calf_raise": (("deep stretch", "full contraction"), ("Pause", "top")),
}
"""The words by which each execution tip of the guide is known among the cues."""


def seconds(phase: DrillPhase, field: str) -> int:
    """How long the drills of a phase take."""
    drills = [place for place in PLACES if place.phase == phase]
    return sum(getattr(place, field) * place.sets * (1 + place.per_side) for place in drills)


@pytest.mark.parametrize("template", sorted(TEMPLATES))
def test_every_slot_of_a_template_can_be_said(template: str) -> None:
    for day in TEMPLATES[template].days:
        for place in day.places:
            asked = {"program": NAME, "day": NAME, "slot": NAME, "rank": "V", **msgspec.structs.asdict(place)}
            assert encode_body(msgspec.convert(msgspec.to_builtins(asked), SlotAdded))
            assert (place.exercise in catalogue().exercises) != (place.drill is not None)


def test_the_leg_day_asks_for_the_sets_and_ranges_of_the_guide() -> None:
    assert {exercise: place.sets for exercise, place in LIFTS.items()} == MAIN_ROUTINE
    assert {exercise: (place.reps_min, place.reps_max, place.per_side) for exercise, place in LIFTS.items()} == {
        "back_squat": (8, 12, False),
        "conventional_deadlift": (6, 10, False),
        "forward_lunge": (10, 12, True),
        "leg_press": (10, 15, False),
        "seated_leg_curl": (12, 15, False),
        "standing_calf_raise": (15, 20, False),
    }


def test_each_phase_of_the_leg_day_takes_the_minutes_of_the_guide() -> None:
    for phase, minutes in (("warm_up", WARM_UP_MIN), ("cool_down", COOL_DOWN_MIN)):
        spans = tuple(seconds(phase, field) for field in ("seconds_min", "seconds_max"))
        assert spans == tuple(60 * minute for minute in minutes)

    def taken(place: Place) -> int:
        reps = ((place.reps_min or 0) + (place.reps_max or 0)) * SECONDS_A_REP // 2
        return place.sets * (1 + place.per_side) * (reps + (place.rest_s or 0))

    assert MAIN_MIN[0] * 60 <= sum(taken(place) for place in LIFTS.values()) <= MAIN_MIN[1] * 60


def test_stretches_are_held_as_long_as_the_guide_says_for_each_major_muscle_of_the_legs() -> None:
    held = {place.drill: place.seconds_min for place in PLACES if place.drill_kind == "static_stretch"}
    assert held == dict.fromkeys(
        ["quadriceps stretch", "hamstring stretch", "glute stretch", "calf stretch"], STRETCH_S
    )


def test_a_calf_raise_pauses_at_the_top() -> None:
    assert (LIFTS["standing_calf_raise"].tempo or "").split("-")[-1] == "1"


@pytest.mark.parametrize("exercise", sorted(LIFTS))
def test_the_cues_of_each_lift_and_variant_hold_every_tip_of_the_guide(exercise: str) -> None:
    for variant in (exercise, *variants_of(exercise)):
        cues = catalogue().exercises[variant].cues
        for words in TIPS.get(variant, TIPS[exercise]):
            assert any(all(word in cue for word in words) for cue in cues), (variant, words)
