"""Which loads a piece of equipment can be given, exactly, and how each is made.

    rack = rack_of(equipment)                 # by its fields in force
    rack.above(Load(40_000, "kg").nanograms)  # the next load up: 41.25 kg, the pin at 40 kg and the add-on
    rack.at_most(...)                         # the nearest one at or below

A load is made of a base and of add-ons, each of which can be used once. The base is the empty bar with plates in
pairs, or one of the loads that steps lead to; ``max_load`` bounds the base. Everything is counted in nanograms, so
that kilograms and pounds mix; how plates sum up is in ``projections.grids``.
"""

from __future__ import annotations

from functools import cached_property
from typing import get_args

import msgspec

from events.catalogue import Equipment
from events.equipment import EquipmentDefined, EquipmentKind, Plate
from events.quantities import HEAVIEST_MILLI, NANOGRAMS_PER_MILLI, Load, Unit, round_half_up
from projections.grids import Grid, Plates, Sums, greatest_at_most, least_above, weight_of

_HEAVIEST_NG = Load(HEAVIEST_MILLI, "kg").nanograms
"""Nothing heavier can be said, so nothing heavier is looked for."""

_UNITS: tuple[Unit, ...] = get_args(Unit)


class Loading(msgspec.Struct, frozen=True, gc=False):
    """A load, and how it is made: ``base`` is the empty bar or sled, the pin's place or the dumbbells to take."""

    nanograms: int
    load: Load
    """As it is typed: exact, but where the parts are of both units, to the nearest thousandth."""
    base: Load
    plates: tuple[Plates, ...] = ()
    """On each side, the heaviest first."""
    add_ons: tuple[Load, ...] = ()


class Rack:
    """The loads that a piece of equipment can be given.

    Args:
        start: The least base.
        plates: What goes on both sides, where the base goes up by plates.
        steps: What leads from each base to the next, the last one again and again, where it goes up by steps.
        add_ons: Small weights, each of which can be used once.
        most: The greatest base; None for no bound.
    """

    def __init__(
        self,
        start: Load,
        *,
        plates: tuple[Plate, ...] = (),
        steps: tuple[Load, ...] = (),
        add_ons: tuple[Load, ...] = (),
        most: Load | None = None,
    ) -> None:
        self.start = start
        self.most = most
        self._most = min(_HEAVIEST_NG, most.nanograms) if most is not None else _HEAVIEST_NG
        self._steps = tuple(step for step in steps if step.milli)
        self._grids = tuple(Grid(unit, plates) for unit in _UNITS)
        self._extras = _subsets(add_ons)

    def above(self, nanograms: int) -> Loading | None:
        """The least load that is more; None where there is none."""
        found: Loading | None = None
        for extra in self._extras:
            base = self._base_above(nanograms - _sum(extra))
            if base is not None and (found is None or base.nanograms + _sum(extra) < found.nanograms):
                found = _with(base, extra)
        return found

    def at_most(self, nanograms: int) -> Loading | None:
        """The greatest load that is no more; None where even the least is more."""
        found: Loading | None = None
        for extra in self._extras:
            base = self._base_at_most(nanograms - _sum(extra))
            if base is not None and (found is None or base.nanograms + _sum(extra) > found.nanograms):
                found = _with(base, extra)
        return found

    def below(self, nanograms: int) -> Loading | None:
        """The greatest load that is less; None where there is none."""
        return self.at_most(nanograms - 1)

    def _base_above(self, nanograms: int) -> Loading | None:
        if self.start.nanograms > nanograms:
            return self._only_start if self.start.nanograms <= self._most else None
        if self._steps:
            return self._stepped_above(nanograms)
        plates = least_above(self._grids, nanograms - self.start.nanograms)
        return None if plates is None else self._plated(plates)

    def _base_at_most(self, nanograms: int) -> Loading | None:
        limit = min(nanograms, self._most)
        if self.start.nanograms > limit:
            return None
        if self._steps:
            return self._stepped_at_most(limit)
        return self._plated(greatest_at_most(self._grids, limit - self.start.nanograms))

    @cached_property
    def _only_start(self) -> Loading:
        return Loading(self.start.nanograms, self.start, self.start)

    def _plated(self, sums: Sums) -> Loading | None:
        """The start with plates that weigh so much, in the places of the two grids."""
        plates = [plate for grid, place in zip(self._grids, sums, strict=True) for plate in grid.plates_of(place)]
        plates.sort(key=lambda plate: -plate.load.nanograms)
        total = self.start.nanograms + weight_of(self._grids, sums)
        if total > self._most:
            return None
        parts = [self.start, *(plate.load for plate in plates for _ in range(2 * plate.count))]
        return Loading(total, _typed(parts, total), self.start, tuple(plates))

    def _stepped_above(self, nanograms: int) -> Loading | None:
        """Where the steps lead beyond so much, if they do."""
        last = self._steps[-1]
        *_, (end, taken) = self._first_bases
        for reached, parts in self._first_bases:
            if reached > nanograms:
                return self._stepped(reached, parts, last, 0)
        return self._stepped(end, taken, last, (nanograms - end) // last.nanograms + 1)

    def _stepped_at_most(self, limit: int) -> Loading | None:
        """Where the steps lead within a limit that is no less than the start."""
        last = self._steps[-1]
        reached, parts = max(base for base in self._first_bases if base[0] <= limit)
        repeats = (limit - reached) // last.nanograms if reached == self._first_bases[-1][0] else 0
        return self._stepped(reached, parts, last, repeats)

    def _stepped(self, reached: int, parts: int, last: Load, repeats: int) -> Loading | None:
        total = reached + repeats * last.nanograms
        if total > self._most:
            return None
        taken = [self.start, *self._steps[:parts], *([last] if repeats else [])]
        load = _typed(taken, total)
        return Loading(total, load, load)

    @cached_property
    def _first_bases(self) -> list[tuple[int, int]]:
        """The bases before the last step repeats: the nanograms of each, and how many steps lead there."""
        bases = [(self.start.nanograms, 0)]
        for taken, step in enumerate(self._steps, 1):
            bases.append((bases[-1][0] + step.nanograms, taken))
        return bases


def rack_of(equipment: EquipmentDefined, unit: Unit = "kg") -> tuple[Rack, tuple[str, ...]]:
    """The loads of a piece of equipment, and what had to be assumed: ``start_load``, ``plates`` or ``steps``.

    Args:
        equipment: Its fields in force.
        unit: The unit of what is assumed, where the equipment itself has none.
    """
    said = (*equipment.steps, *equipment.plates, *equipment.add_ons, equipment.start_load, equipment.max_load)
    own: Unit = next((load.unit for load in said if load is not None), unit)
    usual = _USUAL.get(equipment.kind, _USUAL["other"])[own]
    missing = []
    plates, steps = equipment.plates, equipment.steps
    if not plates and not steps:
        plates, steps = usual.plates, usual.steps
        missing.append("plates" if plates else "steps")
    if plates:
        steps = ()
    start = equipment.start_load
    if start is None:
        start = steps[0] if steps else usual.start
        missing.append("start_load")
    return Rack(start, plates=plates, steps=steps, add_ons=equipment.add_ons, most=equipment.max_load), tuple(missing)


def usual_rack(equipment: Equipment, unit: Unit, lifted: Load | None = None) -> tuple[Rack, EquipmentKind] | None:
    """What a gym usually has for a kind of the catalogue's equipment; None where loads don't come in known steps.

    A barbell weighs 20 kg or 45 lb, its plates go down to 1.25 kg or 2.5 lb; a curl bar, a sled and the bar of a
    smith machine take such plates and are counted as nothing. Dumbbells come in steps of 2 kg or 5 lb, kettlebells of
    4 kg or 10 lb, a machine's stack of 5 kg or 10 lb, and what hangs on a belt or is none of these of 2.5 kg or 5 lb.
    These are conventions, always said to be assumed. Bands and the like have no steps. A bar that was ``lifted`` with
    less than it weighs is another one, or was not counted: then it is counted as nothing.
    """
    if equipment not in _ASSUMED:
        return None
    kind, bare = _ASSUMED[equipment]
    usual = _USUAL[kind][unit]
    lighter = bool(usual.plates) and lifted is not None and lifted.nanograms < usual.start.nanograms
    start = Load(0, unit) if bare or lighter else usual.start
    return Rack(start, plates=usual.plates, steps=usual.steps), kind


class _Usual(msgspec.Struct, frozen=True):
    start: Load
    plates: tuple[Plate, ...] = ()
    steps: tuple[Load, ...] = ()


def _by_plates(start: int, plates: tuple[int, ...], unit: Unit) -> _Usual:
    return _Usual(Load(start, unit), plates=tuple(Plate(milli, unit) for milli in plates))


def _by_steps(step: int, unit: Unit) -> _Usual:
    """A stack, a rack of dumbbells: the first of them weighs a step."""
    return _Usual(Load(step, unit), steps=(Load(step, unit),))


_PLATES: dict[Unit, tuple[int, ...]] = {
    "kg": (25_000, 20_000, 15_000, 10_000, 5_000, 2_500, 1_250),
    "lb": (45_000, 35_000, 25_000, 10_000, 5_000, 2_500),
}
_USUAL: dict[EquipmentKind, dict[Unit, _Usual]] = {
    "barbell": {"kg": _by_plates(20_000, _PLATES["kg"], "kg"), "lb": _by_plates(45_000, _PLATES["lb"], "lb")},
    "plate_loaded": {"kg": _by_plates(0, _PLATES["kg"], "kg"), "lb": _by_plates(0, _PLATES["lb"], "lb")},
    "dumbbells": {"kg": _by_steps(2_000, "kg"), "lb": _by_steps(5_000, "lb")},
    "kettlebells": {"kg": _by_steps(4_000, "kg"), "lb": _by_steps(10_000, "lb")},
    "stack": {"kg": _by_steps(5_000, "kg"), "lb": _by_steps(10_000, "lb")},
    "other": {"kg": _by_steps(2_500, "kg"), "lb": _by_steps(5_000, "lb")},
}
_ASSUMED: dict[Equipment, tuple[EquipmentKind, bool]] = {
    "barbell": ("barbell", False),
    "trap_bar": ("barbell", False),
    "ez_bar": ("barbell", True),
    "smith_machine": ("plate_loaded", True),
    "sled": ("plate_loaded", True),
    "landmine": ("other", False),
    "plate": ("other", False),
    "body_weight": ("other", False),
    "dumbbell": ("dumbbells", False),
    "kettlebell": ("kettlebells", False),
    "medicine_ball": ("other", False),
    "machine": ("stack", False),
    "cable": ("stack", False),
    "other": ("other", False),
}
"""The kind that is assumed, and whether its start weighs nothing."""


def _subsets(add_ons: tuple[Load, ...]) -> list[tuple[Load, ...]]:
    """For each weight that add-ons make together the fewest that do, fewest first: nothing is one of them."""
    made: dict[int, tuple[Load, ...]] = {0: ()}
    for add_on in sorted(add_ons, key=lambda load: -load.nanograms):
        for parts in list(made.values()):
            longer = (*parts, add_on)
            known = made.get(_sum(longer))
            if known is None or len(known) > len(longer):
                made[_sum(longer)] = longer
    return sorted(made.values(), key=lambda parts: (len(parts), _sum(parts)))


def _with(base: Loading, extra: tuple[Load, ...]) -> Loading:
    if not extra:
        return base
    total = base.nanograms + _sum(extra)
    return msgspec.structs.replace(base, nanograms=total, load=_typed([base.load, *extra], total), add_ons=extra)


def _typed(parts: list[Load], nanograms: int) -> Load:
    """A load as it is typed: in the unit of its parts, or of the first, where they are of both."""
    units: set[Unit] = {part.unit for part in parts if part.milli}
    unit = units.pop() if len(units) == 1 else parts[0].unit
    return Load(round_half_up(nanograms, NANOGRAMS_PER_MILLI[unit]), unit)


def _sum(loads: tuple[Load, ...]) -> int:
    return sum(load.nanograms for load in loads)
