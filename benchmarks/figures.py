"""What a benchmark gives: a figure beside the limit of the same machine in the same run, and the bar between them."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from typing import Literal, TypeVar

import msgspec

T = TypeVar("T")


class Bar(msgspec.Struct, frozen=True):
    """What the ratio has to be: at least, or at most, so much, or one within this factor. Told: no matter what."""

    relation: Literal[">=", "<=", "within", "told"]
    value: float = 0.0

    def __str__(self) -> str:
        return self.relation if self.relation == "told" else f"{self.relation} {self.value:g}"

    def holds(self, ratio: float) -> bool:
        """Whether a ratio clears it."""
        match self.relation:
            case ">=":
                return ratio >= self.value
            case "<=":
                return ratio <= self.value
            case "within":
                return 1 / self.value <= ratio <= self.value
            case "told":
                return True


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the table; ``limit`` is measured like ``figure``, in the same unit, in the same run."""

    path: str
    figure: float
    unit: str
    limit: float
    ratio: float
    bar: str
    held: bool


def compared(path: str, figure: float, limit: float, unit: str, bar: Bar) -> Figure:
    """A figure against its limit."""
    ratio = figure / limit
    return Figure(path=path, figure=figure, unit=unit, limit=limit, ratio=ratio, bar=str(bar), held=bar.holds(ratio))


def tidied() -> None:
    """What was made up to now is none of the garbage of what is measured next."""
    gc.collect()
    gc.freeze()


def timed(action: Callable[[], T]) -> tuple[float, T]:
    """The seconds that an action took, and what it gave."""
    began = time.perf_counter()
    outcome = action()
    return time.perf_counter() - began, outcome


def side_by_side(figure: Callable[[], float], limit: Callable[[], float], runs: int = 3) -> tuple[float, float]:
    """The medians of a figure and its limit, measured in turn so that a busy moment of the machine hits both."""
    pairs = [(figure(), limit()) for _ in range(runs)]
    figures, limits = zip(*pairs, strict=True)
    return statistics.median(figures), statistics.median(limits)
