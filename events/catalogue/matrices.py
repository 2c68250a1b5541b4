"""Which muscles a set of an exercise trains, how much, and who says so.

A muscle matrix is one data file: cited sources, and for each exercise its cells. A cell of 1000 permille is
a direct set, one of 500 an indirect set (Pelland et al. 2025, doi 10.1007/s40279-025-02344-w); one of 0 states
that the muscle, though one might think so, is not trained. A muscle without a cell is not trained either.
"""

from collections.abc import Mapping
from typing import Literal

import msgspec

Grade = Literal["A", "B", "C", "D"]
"""How well a cell is supported, best first.

A: muscle growth measured after training with the exercise.
B: growth measured with a close variant, or activity reviewed over several studies.
C: activity, or the moment about the joint, measured in a single study of it or of a close variant.
D: anatomy, or the word of a guide.
"""


class Entry(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A cell as the data file has it: `[share, source key, grade]`."""

    share: Literal[0, 500, 1000]
    source: str
    grade: Grade


class Matrix(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A muscle matrix as its data file has it.

    Attributes:
        name: Name and version; a version that facts were folded by is never changed.
        falls_back_to: The matrix that answers for exercises which this one doesn't have.
        sources: Citations by key.
        exercises: Cells by exercise id and muscle.
    """

    name: str
    falls_back_to: str | None = None
    sources: dict[str, str]
    exercises: dict[str, dict[str, Entry]]

    def shares(self) -> dict[str, Mapping[str, int]]:
        """For each exercise the muscles that it trains, in permille of a set."""
        return {
            exercise: {muscle: entry.share for muscle, entry in entries.items() if entry.share}
            for exercise, entries in self.exercises.items()
        }


class Cell(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One cell, with its citation spelled out."""

    share: int
    citation: str
    grade: Grade
