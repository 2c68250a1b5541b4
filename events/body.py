"""Facts of the body: measurements, photos, tests, how the lifter feels, and weeks of rest."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from events.errors import UnsoundError
from events.facts import Fact, Name, Text
from events.identifiers import IMAGE_TYPE, Hash, Uuid
from events.quantities import NANOGRAMS_PER_MILLI, Unit, milli_text
from events.training import Side

MeasurementUnit = Literal["kg", "lb", "cm", "mm", "in", "percent"]
Rating = Annotated[int, Meta(ge=0, le=10)]
"""How bad it is: 0 not at all, 10 as bad as can be."""
MediaType = Annotated[str, Meta(pattern=IMAGE_TYPE)]
"""The media type of a picture, such as image/jpeg."""

BODY_WEIGHT = "body_weight"
BODY_FAT = "body_fat"
SITES = (
    *(BODY_WEIGHT, BODY_FAT, "thigh", "calf", "hip", "waist", "abdomen", "chest", "shoulders", "neck"),
    *("upper_arm", "forearm"),
)
"""The sites that everybody calls by these names; others can be named freely."""

_MASSES = frozenset({"kg", "lb"})
_LENGTHS = frozenset({"cm", "mm", "in"})
_LEAST_BODY_NG = 20_000 * NANOGRAMS_PER_MILLI["kg"]
_MOST_BODY_NG = 700_000 * NANOGRAMS_PER_MILLI["kg"]
_MOST_MILLI: dict[MeasurementUnit, int] = {
    "kg": 700_000,
    "lb": 1_544_000,
    "cm": 400_000,
    "mm": 4_000_000,
    "in": 160_000,
    "percent": 100_000,
}


class Measurement(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """A figure as typed: ``Measurement(58_500, "cm")`` is 58.5 cm."""

    milli: Annotated[int, Meta(ge=1)]
    unit: MeasurementUnit

    def __post_init__(self) -> None:
        """Refuses figures that no body has."""
        if self.milli > _MOST_MILLI[self.unit]:
            raise UnsoundError(f"{self} is more than any body measures")

    def __str__(self) -> str:
        return f"{milli_text(self.milli)}{'%' if self.unit == 'percent' else f' {self.unit}'}"


class MeasurementTaken(Fact, frozen=True, kw_only=True):
    """A part of the body was measured, or the whole weighed."""

    measurement: Uuid
    site: Name
    value: Measurement
    side: Side | None = None

    def __post_init__(self) -> None:
        """Refuses a body weight in centimetres, and the like."""
        unit = self.value.unit
        if self.site == BODY_WEIGHT:
            if unit not in _MASSES:
                raise UnsoundError("a body weight is measured in kg or lb")
            if not _LEAST_BODY_NG <= self.value.milli * NANOGRAMS_PER_MILLI[_mass(unit)] <= _MOST_BODY_NG:
                raise UnsoundError(f"no lifter weighs {self.value}: a body weight is from 20 kg to 700 kg")
        elif self.site == BODY_FAT:
            if unit != "percent":
                raise UnsoundError("body fat is measured in percent of the body weight")
        elif self.site in SITES and unit not in _LENGTHS:
            raise UnsoundError("a girth is measured in cm, mm or in")

    @property
    def nanograms(self) -> int | None:
        """The mass, exactly; None for what is no mass."""
        unit = self.value.unit
        return self.value.milli * NANOGRAMS_PER_MILLI[_mass(unit)] if unit in _MASSES else None


class PhotoAttached(Fact, frozen=True, kw_only=True):
    """A progress photo, by the hash of its file: ``bytes`` long, of that media type."""

    photo: Uuid
    sha256: Hash
    bytes: Annotated[int, Meta(ge=1, le=2**40)]
    media_type: MediaType
    pose: Name
    note: Text | None = None


class TestPerformed(Fact, frozen=True, kw_only=True):
    """A test of performance: a sprint over a distance, a jump so high or far, an endurance run, or another."""

    test: Uuid
    kind: Name
    distance_mm: Annotated[int, Meta(ge=1, le=2_000_000_000)] | None = None
    seconds_milli: Annotated[int, Meta(ge=1, le=7 * 24 * 3600 * 1000)] | None = None
    height_mm: Annotated[int, Meta(ge=1, le=10_000)] | None = None
    note: Text | None = None

    def __post_init__(self) -> None:
        """Refuses a test without a result."""
        if self.distance_mm is None and self.seconds_milli is None and self.height_mm is None:
            raise UnsoundError("a test has a result: a distance, a time or a height")


class Pain(msgspec.Struct, frozen=True, gc=False, omit_defaults=True, forbid_unknown_fields=True):
    """Where it hurts, and in which slot of the program it did."""

    site: Name
    slot: Uuid | None = None


class ReadinessRated(Fact, frozen=True, kw_only=True):
    """How the lifter feels today. ``soreness`` is rated muscle by muscle."""

    rating: Uuid
    fatigue: Rating | None = None
    sleep_min: Annotated[int, Meta(ge=0, le=24 * 60)] | None = None
    soreness: Annotated[dict[Name, Rating], Meta(min_length=1, max_length=50)] | None = None
    pain: Pain | None = None

    def __post_init__(self) -> None:
        """Refuses a rating of nothing."""
        if self.fatigue is None and self.sleep_min is None and self.soreness is None and self.pain is None:
            raise UnsoundError("a rating tells of fatigue, sleep, soreness or pain")


class DeloadStarted(Fact, frozen=True, kw_only=True):
    """From now on the lifter trains lighter on purpose."""

    reason: Text | None = None


class DeloadEnded(Fact, frozen=True, kw_only=True):
    """The lifter trains as before again."""

    reason: Text | None = None


def _mass(unit: MeasurementUnit) -> Unit:
    return "lb" if unit == "lb" else "kg"
