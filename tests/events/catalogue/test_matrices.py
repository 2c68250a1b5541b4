"""The muscle matrices: the figures that are agreed on, and who stands behind each."""

import pytest

from events.catalogue import DEFAULT_MATRIX, MATRICES, MUSCLES, catalogue

TABLED = (
    "quadriceps",
    "hamstrings",
    "glutes",
    "adductors",
    "gastrocnemius",
    "soleus",
    "spinal_erectors",
    "core",
)
EVIDENCE = {
    "back_squat": (1000, 0, 1000, 1000, 0, 0, 500, 0),
    "front_squat": (1000, 0, 1000, 1000, 0, 0, 500, 500),
    "conventional_deadlift": (500, 500, 1000, 500, 0, 0, 1000, 500),
    "romanian_deadlift": (0, 1000, 1000, 500, 0, 0, 500, 0),
    "forward_lunge": (1000, 0, 500, 500, 0, 0, 0, 0),
    "reverse_lunge": (1000, 500, 1000, 500, 0, 0, 0, 0),
    "leg_press": (1000, 0, 500, 500, 0, 0, 0, 0),
    "seated_leg_curl": (0, 1000, 0, 0, 0, 0, 0, 0),
    "lying_leg_curl": (0, 1000, 0, 0, 0, 0, 0, 0),
    "standing_calf_raise": (0, 0, 0, 0, 1000, 1000, 0, 0),
    "seated_calf_raise": (0, 0, 0, 0, 0, 1000, 0, 0),
}
SEED_GUIDE = {
    "back_squat": (1000, 1000, 1000, 0, 0, 0, 0, 0),
    "front_squat": (1000, 500, 500, 0, 0, 0, 0, 500),
    "conventional_deadlift": (0, 1000, 1000, 0, 0, 0, 1000, 0),
    "romanian_deadlift": (0, 1000, 1000, 0, 0, 0, 500, 0),
    "forward_lunge": (1000, 0, 1000, 0, 0, 0, 0, 0),
    "reverse_lunge": (500, 1000, 1000, 0, 0, 0, 0, 0),
    "leg_press": (1000, 0, 0, 0, 0, 0, 0, 0),
    "seated_leg_curl": (0, 1000, 0, 0, 0, 0, 0, 0),
    "lying_leg_curl": (0, 1000, 0, 0, 0, 0, 0, 0),
    "standing_calf_raise": (0, 0, 0, 0, 1000, 0, 0, 0),
    "seated_calf_raise": (0, 0, 0, 0, 0, 1000, 0, 0),
}
SESSION = {
    "back_squat": 4,
    "conventional_deadlift": 4,
    "forward_lunge": 3,
    "leg_press": 4,
    "seated_leg_curl": 3,
    "standing_calf_raise": 4,
}


def _sets(session: dict[str, int], muscle: str) -> int:
    return sum(sets * catalogue().shares(exercise).get(muscle, 0) for exercise, sets in session.items())


@pytest.mark.parametrize("exercise", EVIDENCE)
def test_the_evidence_on_the_exercises_of_the_guide_is_as_tabled(exercise: str) -> None:
    shares = catalogue().shares(exercise)
    assert tuple(shares.get(muscle, 0) for muscle in TABLED) == EVIDENCE[exercise]


@pytest.mark.parametrize("exercise", SEED_GUIDE)
def test_the_word_of_the_guide_on_its_exercises_is_as_tabled(exercise: str) -> None:
    shares = catalogue().shares(exercise, "seed-guide@1")
    assert tuple(shares.get(muscle, 0) for muscle in TABLED) == SEED_GUIDE[exercise]
    assert shares.keys() <= set(TABLED)


def test_one_session_of_the_guide_counts_as_agreed() -> None:
    assert {muscle: _sets(SESSION, muscle) for muscle in TABLED[:7]} == {
        "quadriceps": 13_000,
        "hamstrings": 5_000,
        "glutes": 11_500,
        "adductors": 9_500,
        "gastrocnemius": 4_000,
        "soleus": 4_000,
        "spinal_erectors": 6_000,
    }


def test_romanian_deadlifts_bring_hamstrings_nearer_to_the_quadriceps() -> None:
    session = {exercise: sets for exercise, sets in SESSION.items() if exercise != "conventional_deadlift"}
    session["romanian_deadlift"] = 4
    assert (_sets(session, "hamstrings"), _sets(session, "quadriceps")) == (7_000, 11_000)


@pytest.mark.parametrize("matrix", MATRICES)
@pytest.mark.parametrize("exercise", EVIDENCE)
def test_every_tabled_cell_cites_a_source_even_where_it_is_zero(exercise: str, matrix: str) -> None:
    cells = {muscle: catalogue().cell(exercise, muscle, matrix) for muscle in TABLED}
    assert [muscle for muscle, cell in cells.items() if cell is None or not cell.citation] == []


@pytest.mark.parametrize("matrix", MATRICES)
def test_every_muscle_share_names_a_source_and_a_grade(matrix: str) -> None:
    for exercise in catalogue().exercises:
        for muscle, share in catalogue().shares(exercise, matrix).items():
            cell = catalogue().cell(exercise, muscle, matrix)
            assert cell is not None
            assert (cell.share, cell.grade in "ABCD", muscle in MUSCLES) == (share, True, True)
            assert len(cell.citation) > 40


def test_a_direct_muscle_is_named_for_every_exercise_that_trains_any() -> None:
    indirect = [
        exercise
        for exercise in catalogue().exercises
        if (shares := catalogue().shares(exercise)) and max(shares.values()) < 1000
    ]
    assert {catalogue().exercises[exercise].pattern for exercise in indirect} <= {
        "plyometric",
        "core",
        "carry",
        "shoulder_isolation",
        "other",
    }


def test_what_has_no_muscles_is_conditioning_or_moves_one_that_is_not_listed() -> None:
    idle = {exercise for exercise in catalogue().exercises if not catalogue().shares(exercise)}
    patterns = {catalogue().exercises[exercise].pattern for exercise in idle}
    assert patterns == {"cardio", "mobility", "plyometric", "other", "shoulder_isolation"}


def test_growth_of_the_calves_was_measured() -> None:
    cell = catalogue().cell("seated_calf_raise", "gastrocnemius")
    assert cell is not None
    assert (cell.share, cell.grade) == (0, "A")
    assert "PMC10753835" in cell.citation


def test_where_the_guide_says_nothing_the_evidence_answers() -> None:
    assert catalogue().shares("bench_press", "seed-guide@1") == catalogue().shares("bench_press")
    assert catalogue().cell("bench_press", "chest", "seed-guide@1") == catalogue().cell("bench_press", "chest")


def test_where_the_guide_speaks_the_evidence_is_silent() -> None:
    assert catalogue().cell("conventional_deadlift", "forearms", "seed-guide@1") is None


def test_an_unknown_exercise_trains_no_muscle() -> None:
    assert catalogue().shares("moon_walk") == {}
    assert catalogue().cell("moon_walk", "quadriceps") is None


def test_an_unknown_matrix_is_refused() -> None:
    with pytest.raises(KeyError):
        catalogue().shares("back_squat", "evidence@0")


def test_the_evidence_is_the_matrix_unless_asked_otherwise() -> None:
    assert catalogue().matrices == MATRICES == ("evidence@1", "seed-guide@1")
    assert DEFAULT_MATRIX == "evidence@1"
    assert catalogue().shares("back_squat") == catalogue().shares("back_squat", "evidence@1")
