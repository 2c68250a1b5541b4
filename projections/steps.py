"""The next harder and an easier load of an exercise, on the equipment that it is done with.

An assisted lift gets harder as the help falls, and below the least help it is the body's own weight; a body-weight
lift gets harder by what is added to it.
"""

from __future__ import annotations

from typing import Any

import msgspec

from events.quantities import NANOGRAMS_PER_GRAM, Load, round_half_up
from events.training import LoadKind
from projections.gear import Gear
from projections.loads import Loading

LARGE_PERMILLE = 100
"""Loads are best raised by 2 to 10 % at a time (ACSM 2009, doi 10.1249/MSS.0b013e3181915670)."""

AS_TYPED_NG = 100 * NANOGRAMS_PER_GRAM
"""People type 60.8 kg for a bar with two plates of 45 lb: so little more is the same load."""


class Step(msgspec.Struct, frozen=True):
    """Another load of an exercise, and how it is made."""

    load: Load | None
    load_kind: LoadKind
    permille: int | None = None
    """By how much the load, or the help, is another; None from or to the body's own weight."""
    made: Loading | None = None

    def shown(self) -> dict[str, Any]:
        """The step as reports show it."""
        made = self.made
        return {
            "load": load_shown(self.load),
            "load_kind": self.load_kind,
            "permille": self.permille,
            "large": self.permille is not None and abs(self.permille) > LARGE_PERMILLE,
            "base": None if made is None else load_shown(made.base),
            "plates_per_side": []
            if made is None
            else [{"load": load_shown(plates.load), "count": plates.count} for plates in made.plates],
            "add_ons": [] if made is None else [load_shown(load) for load in made.add_ons],
        }


def harder(gear: Gear, load: Load | None, load_kind: LoadKind) -> Step | None:
    """The least step up; None where the equipment ends, or the load is unknown."""
    rack = gear.rack
    if load_kind == "bodyweight":
        made = rack.above(0)
        return None if made is None else Step(made.load, "added", None, made)
    if load is None:
        return None
    now = load.nanograms
    if load_kind == "assisted":
        made = rack.below(now - AS_TYPED_NG)
        return _step(made, load_kind, now) if made is not None and made.nanograms > 0 else Step(None, "bodyweight")
    made = rack.above(now + AS_TYPED_NG)
    return None if made is None else _step(made, load_kind, now)


def easier(gear: Gear, load: Load | None, load_kind: LoadKind, permille: int) -> Step | None:
    """What is lighter by so much or a little more; None where nothing is, as with the body's own weight."""
    if load is None or load_kind == "bodyweight":
        return None
    now, rack = load.nanograms, gear.rack
    if load_kind == "assisted":
        made = rack.above(now * (1000 + permille) // 1000 - 1)
        return None if made is None else _step(made, load_kind, now)
    made = rack.at_most(now * (1000 - permille) // 1000) or rack.below(now - AS_TYPED_NG)
    if made is None:
        return Step(None, "bodyweight") if load_kind == "added" else None
    return _step(made, load_kind, now)


def load_shown(load: Load | None) -> dict[str, Any] | None:
    """A load as reports show it."""
    return None if load is None else {"milli": load.milli, "unit": load.unit}


def _step(made: Loading, load_kind: LoadKind, now: int) -> Step:
    permille = round_half_up((made.nanograms - now) * 1000, now) if now else None
    return Step(made.load, load_kind, permille, made)
