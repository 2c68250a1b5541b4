"""Names: spellings that are one name, names that are not, and help for whoever can't remember."""

import doctest
from pathlib import Path

import msgspec
import pytest

import events.catalogue
from events.catalogue import catalogue
from events.catalogue.names import Names, parse

SPELLINGS = msgspec.json.decode(
    Path(__file__).with_name("spellings.json").read_bytes(), type=dict[str, dict[str, str | None]]
)


@pytest.mark.parametrize("origin", SPELLINGS)
def test_names_as_they_are_spelled_find_their_exercise_and_no_other(origin: str) -> None:
    found = {name: catalogue().match(name) for name in SPELLINGS[origin]}
    assert found == SPELLINGS[origin]


def test_more_than_two_hundred_spellings_were_checked_by_hand() -> None:
    assert sum(len(names) for names in SPELLINGS.values()) > 500


def test_no_two_exercises_share_a_name() -> None:
    claimants: dict[str, set[str]] = {}
    for exercise in catalogue().exercises.values():
        for name in (exercise.name, *exercise.aliases):
            claimants.setdefault(parse(name).key, set()).add(exercise.id)
    assert [key for key, ids in claimants.items() if len(ids) > 1] == []


def test_two_exercises_that_claim_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="back_squat and box_squat"):
        Names([("Squat (Barbell)", "back_squat"), ("barbell squats", "box_squat")])


def test_no_alias_repeats_a_name_that_is_read_alike() -> None:
    for exercise in catalogue().exercises.values():
        keys = [parse(name).key for name in (exercise.name, *exercise.aliases)]
        assert len(set(keys)) == len(keys), exercise.id


@pytest.mark.parametrize(
    "spelling",
    [
        "Incline Bench Press (Dumbbell)",
        "incline dumbbell bench-press",
        "Dumbbell Incline Bench Presses",
        "  DB  INCLINE  BENCH PRESS ",
        "Bench Press - Incline (Dumbbells)",
        "inclined dumbell bénch press",
    ],
)
def test_case_accents_hyphens_plurals_and_the_order_of_qualifiers_do_not_matter(spelling: str) -> None:
    assert parse(spelling).key == parse("Incline Bench Press (Dumbbell)").key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bench Press (Barbell)", "Bench Press (Smith Machine)"),
        ("Bench Press (Machine)", "Bench Press (Smith Machine)"),
        ("Shoulder Press (Machine)", "Shoulder Press (Plate Loaded)"),
        ("Pull Up", "Pull Up (Assisted)"),
        ("Pull Up (Band)", "Pull Up (Assisted)"),
        ("Leg Press", "Leg Press Calf Raise"),
        ("Cable Fly (Low to High)", "Cable Fly (High to Low)"),
        ("Lat Pulldown (Single Arm)", "Lat Pulldown"),
    ],
)
def test_what_a_lift_is_done_with_and_how_is_never_ignored(one: str, other: str) -> None:
    assert parse(one).key != parse(other).key


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("squat", "back_squat"),
        ("back squat", "back_squat"),
        ("backsquat", "back_squat"),
        ("sqaut", "back_squat"),
        ("deadlfit", "conventional_deadlift"),
        ("rom dead", "romanian_deadlift"),
        ("bulgar", "bulgarian_split_squat"),
        ("calf raise", "standing_calf_raise"),
        ("leg ext", "leg_extension"),
        ("press leg", "leg_press"),
        ("db bench", "dumbbell_bench_press"),
        ("lat pull", "lat_pulldown"),
        ("seated leg", "seated_leg_curl"),
        ("hip thurst", "hip_thrust"),
        ("ohp", "overhead_press"),
    ],
)
def test_what_was_probably_meant_is_suggested_first(typed: str, first: str) -> None:
    assert catalogue().suggest(typed)[0] == first


def test_no_more_is_suggested_than_asked_for() -> None:
    assert len(catalogue().suggest("press")) == 5
    assert len(catalogue().suggest("press", limit=2)) == 2


@pytest.mark.parametrize("typed", ["", "  ", "?!", "xyzzy"])
def test_nothing_is_suggested_for_what_resembles_nothing(typed: str) -> None:
    assert catalogue().suggest(typed) == []


def test_own_exercises_are_suggested_too_and_first_where_names_are_equal() -> None:
    own = {"custom-1": "Squat", "custom-2": "Reverse sled moonwalk", "custom-3": "???"}
    assert catalogue().suggest("squat", names=own)[:2] == ["custom-1", "back_squat"]
    assert catalogue().suggest("moonwalk", names=own) == ["custom-2"]


def test_own_exercises_are_forgotten_after_the_question() -> None:
    catalogue().suggest("moonwalk", names={"custom-2": "Moonwalk"})
    assert catalogue().match("Moonwalk") is None


def test_the_examples_in_the_documentation_hold() -> None:
    assert doctest.testmod(events.catalogue).failed == 0
