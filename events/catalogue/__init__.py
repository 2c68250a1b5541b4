"""The exercise catalogue: what lifts are called, how they are done and which muscles they train.

It is data, not code: `exercises.json` lists the exercises, legs first, and each muscle matrix is a file of its
own. Facts name exercises by id; an id that the catalogue doesn't have trains no muscle here.

    >>> catalogue().match("Squat (Barbell)")
    'back_squat'
    >>> catalogue().shares("seated_leg_curl")
    {'hamstrings': 1000}
"""

from collections.abc import Mapping
from functools import cache, cached_property
from pathlib import Path

import msgspec

from events.catalogue.exercises import (
    LEG_MUSCLES,
    MUSCLES,
    Equipment,
    Exercise,
    Laterality,
    Measure,
    Pattern,
    Region,
)
from events.catalogue.matrices import Cell, Grade, Matrix
from events.catalogue.names import Names

__all__ = [
    "DEFAULT_MATRIX",
    "LEG_MUSCLES",
    "MATRICES",
    "MUSCLES",
    "Catalogue",
    "Cell",
    "Equipment",
    "Exercise",
    "Grade",
    "Laterality",
    "Matrix",
    "Measure",
    "Pattern",
    "Region",
    "catalogue",
]

DEFAULT_MATRIX = "evidence@1"
MATRICES = (DEFAULT_MATRIX, "seed-guide@1")
"""The muscle matrices to choose from: what studies found, and what the guide itself says."""


class Catalogue:
    """Exercises, the names they go by and the muscles they train.

    Args:
        exercises: The exercises, in the order in which people should be offered them.
        matrices: The muscle matrices; one that falls back comes after the one it falls back to.
    """

    def __init__(self, exercises: tuple[Exercise, ...], matrices: tuple[Matrix, ...]) -> None:
        self.exercises: dict[str, Exercise] = {exercise.id: exercise for exercise in exercises}
        self._matrices = {matrix.name: matrix for matrix in matrices}
        self._shares: dict[str, dict[str, Mapping[str, int]]] = {}
        for matrix in matrices:
            fallback = self._shares[matrix.falls_back_to] if matrix.falls_back_to else {}
            self._shares[matrix.name] = fallback | matrix.shares()

    @property
    def matrices(self) -> tuple[str, ...]:
        """The names of the muscle matrices."""
        return tuple(self._matrices)

    def shares(self, exercise_id: str, matrix: str = DEFAULT_MATRIX) -> Mapping[str, int]:
        """The muscles that a set trains, in permille of a set: 1000 direct, 500 indirect.

        Empty for an exercise that the catalogue doesn't have.

        Raises:
            KeyError: If there is no such matrix.
        """
        return self._shares[matrix].get(exercise_id, {})

    def cell(self, exercise_id: str, muscle: str, matrix: str = DEFAULT_MATRIX) -> Cell | None:
        """Why an exercise counts for a muscle as it does; None where the matrix says nothing.

        A share of 0 is a finding, too: squats, for one, hardly make hamstrings grow.

        Raises:
            KeyError: If there is no such matrix.
        """
        source = self._matrices[matrix]
        if exercise_id not in source.exercises and source.falls_back_to:
            return self.cell(exercise_id, muscle, source.falls_back_to)
        entry = source.exercises.get(exercise_id, {}).get(muscle)
        if entry is None:
            return None
        return Cell(share=entry.share, citation=source.sources[entry.source], grade=entry.grade)

    def match(self, name: str) -> str | None:
        """The exercise that bears this name, in whatever spelling, or None: a wrong match is worse than none."""
        return self._names.match(name)

    def suggest(self, text: str, limit: int = 5, names: Mapping[str, str] | None = None) -> list[str]:
        """The exercises that a person who typed this may have meant, likeliest first.

        Args:
            text: A name, the beginning of one, an abbreviation or a slip of the finger.
            limit: How many to suggest at most.
            names: Names of the lifter's own exercises by id; they come first where they are as likely.
        """
        own = ((name, exercise) for exercise, name in (names or {}).items())
        return self._names.suggest(text, limit, own)

    @cached_property
    def _names(self) -> Names:
        return Names(
            (name, exercise.id) for exercise in self.exercises.values() for name in (exercise.name, *exercise.aliases)
        )


@cache
def catalogue() -> Catalogue:
    """The catalogue that ships with Ironledger, read once."""
    data = Path(__file__).parent  # importlib.resources would take longer to import than all of this takes
    return Catalogue(
        msgspec.json.decode((data / "exercises.json").read_bytes(), type=tuple[Exercise, ...]),
        tuple(msgspec.json.decode((data / f"{name}.json").read_bytes(), type=Matrix) for name in MATRICES),
    )
