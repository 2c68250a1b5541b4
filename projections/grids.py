"""What plates can weigh together, in pairs, in kilograms and in pounds.

The plates of one unit sum up on a grid of their own, kept as the bits of an integer, and the two grids are walked
against each other. That costs what the grids are long, however many plates there are.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import gcd

import msgspec

from events.equipment import Plate
from events.quantities import NANOGRAMS_PER_MILLI, Load, Unit

Sums = tuple[int, ...]
"""What pairs of plates weigh together, in places of each unit's grid."""


class Plates(msgspec.Struct, frozen=True, gc=False):
    """So many plates of one size on each side."""

    load: Load
    count: int


class Grid:
    """What the plates of one unit can weigh together, in pairs: bit n stands for n times the grid's own step."""

    def __init__(self, unit: Unit, plates: tuple[Plate, ...]) -> None:
        self._sizes = sorted((plate for plate in plates if plate.unit == unit), key=lambda plate: plate.milli)
        self._pitch = gcd(*(2 * plate.milli for plate in self._sizes)) or 1
        self.step = self._pitch * NANOGRAMS_PER_MILLI[unit]
        self.heaviest = max((2 * plate.load.nanograms for plate in self._sizes), default=0)

    def sums(self, limit: int) -> int:
        """What can be made within a limit, in nanograms, as bits."""
        *_, sums = self._stages(limit // self.step if self._sizes else 0)
        return sums

    def plates_of(self, place: int) -> list[Plates]:
        """Plates on each side that weigh so much in pairs: as many as can be of the heaviest, then of the next."""
        stages = list(self._stages(place))
        taken = []
        for plate, before in zip(reversed(self._sizes), reversed(stages[:-1]), strict=True):
            size = 2 * plate.milli // self._pitch
            most = min(place // size, plate.pairs or place // size)
            count = next(count for count in range(most, -1, -1) if before >> (place - count * size) & 1)
            place -= count * size
            if count:
                taken.append(Plates(plate.load, count))
        return taken

    def _stages(self, places: int) -> Iterator[int]:
        """What can be made with no plate, then with the lightest, and so on."""
        within = (1 << (places + 1)) - 1
        sums = 1
        yield sums
        for plate in self._sizes:
            size = 2 * plate.milli // self._pitch
            left = min(plate.pairs or places, places // size)
            some = 1
            while left > 0:
                added = min(some, left)
                sums |= (sums << added * size) & within
                left -= added
                some *= 2
            yield sums


def least_above(grids: tuple[Grid, ...], nanograms: int) -> Sums | None:
    """The lightest sum of plates of both units that weighs more.

    Without any one of its plates it would weigh no more, so it is within a pair of plates of the bound.
    """
    limit = nanograms + max(grid.heaviest for grid in grids)
    first, second = (_places(grid.sums(max(limit, 0))) for grid in grids)
    best: tuple[int, Sums] | None = None
    index = len(second) - 1
    for place in first:
        while index and place * grids[0].step + second[index - 1] * grids[1].step > nanograms:
            index -= 1
        sums = place, second[index]
        weight = weight_of(grids, sums)
        if weight > nanograms and (best is None or weight < best[0]):
            best = weight, sums
    return None if best is None else best[1]


def greatest_at_most(grids: tuple[Grid, ...], nanograms: int) -> Sums:
    """The heaviest sum of plates of both units that weighs no more than what is not less than nothing."""
    first, second = (_places(grid.sums(nanograms)) for grid in grids)
    best: tuple[int, Sums] = (0, (0, 0))
    index = len(second) - 1
    for place in first:
        while index and place * grids[0].step + second[index] * grids[1].step > nanograms:
            index -= 1
        sums = place, second[index]
        weight = weight_of(grids, sums)
        if best[0] < weight <= nanograms:
            best = weight, sums
    return best[1]


def weight_of(grids: tuple[Grid, ...], sums: Sums) -> int:
    """What that weighs together, in nanograms."""
    return sum(place * grid.step for grid, place in zip(grids, sums, strict=True))


def _places(bits: int) -> list[int]:
    """The places of the bits that are set, least first."""
    return [place for place, bit in enumerate(reversed(f"{bits:b}")) if bit == "1"]
