"""The lifter's settings. They refold the history, and rewrite nothing."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from events.errors import UnsoundError
from events.facts import Fact, Name
from events.quantities import Unit

MilligramsPerKg = Annotated[int, Meta(ge=0, le=10_000)]


class ProteinRange(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """Protein a day, in milligrams per kilogram of body weight."""

    min: MilligramsPerKg
    max: MilligramsPerKg

    def __post_init__(self) -> None:
        """Refuses a range that ends before it begins."""
        if self.min > self.max:
            raise UnsoundError("min is above max")


class ProfileChanged(Fact, frozen=True, kw_only=True):
    """Any of the settings, as they are from now on for the whole history."""

    units: Unit | None = None
    week_start: Annotated[int, Meta(ge=0, le=6)] | None = None
    day_cutoff_min: Annotated[int, Meta(ge=0, le=1439)] | None = None
    level: Literal["beginner", "experienced"] | None = None
    matrix: Name | None = None
    e1rm_formula: Literal["epley", "brzycki"] | None = None
    sessions_per_week: Annotated[int, Meta(ge=1, le=14)] | None = None
    protein_mg_per_kg: ProteinRange | None = None
