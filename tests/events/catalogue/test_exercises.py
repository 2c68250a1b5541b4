"""The exercises themselves: ids that others rely on, and flags by which loads are read."""

import re

import pytest

from events.catalogue import LEG_MUSCLES, MUSCLES, Exercise, catalogue

GUIDE = (
    "back_squat",
    "front_squat",
    "conventional_deadlift",
    "romanian_deadlift",
    "forward_lunge",
    "reverse_lunge",
    "leg_press",
    "seated_leg_curl",
    "lying_leg_curl",
    "standing_calf_raise",
    "seated_calf_raise",
)


def test_the_exercises_of_the_guide_come_first_and_have_cues() -> None:
    exercises = list(catalogue().exercises.values())[: len(GUIDE)]
    assert tuple(exercise.id for exercise in exercises) == GUIDE
    assert all(exercise.cues for exercise in exercises)


def test_calf_raises_are_paused_at_the_top() -> None:
    assert any("Pause" in cue for cue in catalogue().exercises["standing_calf_raise"].cues)


def test_an_id_is_made_of_whole_lower_case_words() -> None:
    assert [id_ for id_ in catalogue().exercises if not re.fullmatch(r"[a-z]+(_[a-z]+|_\d+)*", id_)] == []


def test_the_catalogue_is_read_once() -> None:
    assert catalogue() is catalogue()


def test_every_exercise_of_the_data_file_is_kept() -> None:
    exercises = catalogue().exercises
    assert len(exercises) > 600
    assert all(id_ == exercise.id for id_, exercise in exercises.items())


def test_the_leg_muscles_come_first() -> None:
    assert MUSCLES[: len(LEG_MUSCLES)] == LEG_MUSCLES
    assert len(set(MUSCLES)) == len(MUSCLES) == 22


@pytest.mark.parametrize(
    ("exercise", "flags"),
    [
        ("back_squat", (True, True)),
        ("trap_bar_deadlift", (True, True)),
        ("dumbbell_lunge", (True, True)),
        ("barbell_curl", (True, False)),
        ("leg_press", (False, True)),
        ("smith_machine_squat", (False, True)),
        ("t_bar_row", (False, True)),
        ("leg_extension", (False, False)),
        ("pull_up", (False, True)),
    ],
)
def test_a_one_repetition_maximum_needs_a_free_weight_and_more_than_one_joint(
    exercise: str, flags: tuple[bool, bool]
) -> None:
    found = catalogue().exercises[exercise]
    assert (found.free_weight, found.multi_joint) == flags


def test_a_load_on_a_body_weight_lift_is_added_to_the_body() -> None:
    exercises = catalogue().exercises
    added = ("pull_up", "chest_dip", "push_up", "nordic_curl", "walking_lunge", "plank")
    assert all(exercises[id_].body_weight and not exercises[id_].assisted for id_ in added)
    assert not exercises["forward_lunge"].body_weight


def test_only_lifts_of_the_body_can_be_assisted() -> None:
    assisted = [exercise for exercise in catalogue().exercises.values() if exercise.assisted]
    assert {"assisted_pull_up", "band_assisted_pull_up", "assisted_chest_dip"} <= {e.id for e in assisted}
    assert all(exercise.body_weight for exercise in assisted)


def test_only_what_is_held_in_each_hand_counts_twice() -> None:
    pairs = {exercise.equipment for exercise in catalogue().exercises.values() if exercise.implements == 2}
    assert pairs == {"dumbbell", "kettlebell", "plate"}
    assert catalogue().exercises["dumbbell_bench_press"].implements == 2
    assert catalogue().exercises["goblet_squat"].implements == 1


def test_lunges_train_one_side_at_a_time() -> None:
    lunges = [exercise for exercise in catalogue().exercises.values() if exercise.pattern == "lunge"]
    assert {exercise.laterality for exercise in lunges} == {"unilateral"}


@pytest.mark.parametrize(
    ("exercise", "region"),
    [("back_squat", "lower"), ("seated_calf_raise", "lower"), ("bench_press", "upper"), ("plank", "other")],
)
def test_the_pattern_tells_the_half_of_the_body(exercise: str, region: str) -> None:
    assert catalogue().exercises[exercise].region == region


def test_every_leg_exercise_trains_a_leg_muscle_or_the_erectors() -> None:
    def astray(exercise: Exercise) -> bool:
        return not {*LEG_MUSCLES, "spinal_erectors"} & catalogue().shares(exercise.id).keys()

    lower = [exercise for exercise in catalogue().exercises.values() if exercise.region == "lower"]
    assert len(lower) > 200
    assert [exercise.id for exercise in lower if astray(exercise)] == []


def test_no_upper_body_exercise_trains_a_leg_directly() -> None:
    upper = [exercise for exercise in catalogue().exercises.values() if exercise.region == "upper"]
    assert [
        exercise.id
        for exercise in upper
        if any(catalogue().shares(exercise.id).get(muscle) == 1000 for muscle in LEG_MUSCLES)
    ] == []


def test_cardio_and_mobility_train_no_muscle_in_sets() -> None:
    idle = [exercise for exercise in catalogue().exercises.values() if exercise.pattern in {"cardio", "mobility"}]
    assert idle
    assert all(catalogue().shares(exercise.id) == {} for exercise in idle)


@pytest.mark.parametrize(
    ("exercise", "measured"),
    [("running", "distance"), ("plank", "time"), ("farmers_walk", "distance"), ("hamstring_stretch", "time")],
)
def test_what_is_not_counted_in_repetitions_says_so(exercise: str, measured: str) -> None:
    assert catalogue().exercises[exercise].measured == measured
