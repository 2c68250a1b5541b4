"""What is known of exercises: the catalogue's and the lifter's own."""

from __future__ import annotations

from events.catalogue import catalogue
from events.profile import ProfileChanged
from events.training import ExerciseDefined
from projections.book import Book

OWN = ExerciseDefined(
    exercise="zercher", name="Zercher", pattern="squat", equipment="barbell", laterality="bilateral"
)
BOOK = Book(catalogue(), ProfileChanged(), [OWN])


def test_the_lifters_own_exercises_are_told_by_name() -> None:
    assert BOOK.own_names == {"zercher": "Zercher"}


def test_an_own_exercise_has_the_properties_it_was_given() -> None:
    known = BOOK.find("zercher")
    assert known is not None
    assert (known.name, known.pattern, known.equipment, known.free_weight) == ("Zercher", "squat", "barbell", True)


def test_of_an_exercise_that_nobody_defined_nothing_is_known() -> None:
    assert BOOK.find("mystery") is None
    assert BOOK.shares("mystery") == {}
    assert BOOK.name("mystery") == "mystery"


def test_a_definition_without_muscles_leaves_those_of_the_catalogue() -> None:
    renamed = Book(catalogue(), ProfileChanged(), [ExerciseDefined(exercise="back_squat", name="Squats")])
    assert renamed.name("back_squat") == "Squats"
    assert renamed.shares("back_squat") == catalogue().shares("back_squat")
