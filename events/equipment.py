"""Facts of equipment: what loads a bar, a rack of dumbbells or a machine's stack can be given."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from events.errors import UnsoundError
from events.facts import Fact, Name
from events.identifiers import Uuid
from events.quantities import HEAVIEST_MILLI, Load, Unit

KINDS = ("barbell", "dumbbells", "stack", "plate_loaded", "kettlebells", "other")
EquipmentKind = Name
"""One of ``KINDS``; any other word counts as ``other``."""
Loads = Annotated[tuple[Load, ...], Meta(max_length=100)]
MOST_ADD_ONS = 8
"""So few that each way to combine them can be looked at."""
AddOns = Annotated[tuple[Load, ...], Meta(max_length=MOST_ADD_ONS)]


class Plate(msgspec.Struct, frozen=True, gc=False, omit_defaults=True, forbid_unknown_fields=True):
    """A size of plate, which goes on both sides at once; ``pairs`` is how many there are, None for enough."""

    milli: Annotated[int, Meta(ge=1, le=HEAVIEST_MILLI)]
    unit: Unit
    pairs: Annotated[int, Meta(ge=1, le=100)] | None = None

    @property
    def load(self) -> Load:
        """The mass of one plate."""
        return Load(self.milli, self.unit)


class EquipmentDefined(Fact, frozen=True, kw_only=True):
    """A piece of equipment, and the loads that it can be given.

    ``start_load`` is the least: the empty bar or sled, the lightest dumbbells. From there it goes up by ``plates``,
    or by ``steps``: the first step leads to the second load and so on, and the last one repeats, up to ``max_load``.
    Where there are steps, the plates say nothing. ``add_ons`` are small weights for a stack, magnetic or on a pin;
    each can be used once. Loads of dumbbells and kettlebells are those of one.
    """

    equipment: Uuid
    name: Name
    kind: EquipmentKind
    place: Name | None = None
    start_load: Load | None = None
    max_load: Load | None = None
    steps: Loads = ()
    plates: Annotated[tuple[Plate, ...], Meta(max_length=50)] = ()
    add_ons: AddOns = ()

    def __post_init__(self) -> None:
        """Refuses what goes up by nothing, or ends before it begins."""
        _check(self)


class EquipmentChanged(Fact, frozen=True, kw_only=True):
    """Equipment is otherwise from now on; fields that are absent stay as they were."""

    equipment: Uuid
    name: Name | None = None
    kind: EquipmentKind | None = None
    place: Name | None = None
    start_load: Load | None = None
    max_load: Load | None = None
    steps: Loads | None = None
    plates: Annotated[tuple[Plate, ...], Meta(max_length=50)] | None = None
    add_ons: AddOns | None = None

    def __post_init__(self) -> None:
        """Refuses what goes up by nothing, or ends before it begins."""
        _check(self)


def _check(equipment: EquipmentDefined | EquipmentChanged) -> None:
    if any(not step.milli for step in equipment.steps or ()):
        raise UnsoundError("one of the steps weighs nothing")
    if any(not add_on.milli for add_on in equipment.add_ons or ()):
        raise UnsoundError("one of the add_ons weighs nothing")
    least, most = equipment.start_load, equipment.max_load
    if least is not None and most is not None and least.nanograms > most.nanograms:
        raise UnsoundError(f"start_load {least} is above max_load {most}")
