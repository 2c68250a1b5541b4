"""What people do, as soft limits: beyond them is nearly always a slip of the finger, so it has to be meant.

They bear on what is typed here only. What an event may hold at all is the codec's, and far wider.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any

import msgspec

from events import Body, Load
from events.body import Measurement, MeasurementTaken, PhotoAttached, ReadinessRated, TestPerformed
from events.catalogue import catalogue
from events.equipment import EquipmentChanged, EquipmentDefined, Plate
from events.errors import MalformedError
from events.nutrition import FoodLogged, SupplementTaken, WaterLogged
from events.programs import ProgressionDecided, SlotAdded, SlotChanged, Target
from events.quantities import milli_text
from events.training import DrillLogged, SetLogged
from projections.told import describe_distance, describe_duration, describe_milliseconds, describe_size, plain

MOST_REPS = 1000
MOST_LOADED_REPS = 300
_HOUR_S = 3600
_DAY_S = 24 * _HOUR_S
_FASTEST_MM_S = 12_500
"""Faster than anybody ever sprinted."""

Quantity = int | Load | Measurement


class Limit(msgspec.Struct, frozen=True):
    """What a field is between, as a rule: both in the unit of the field, and typed as people type it."""

    field: str
    most: Quantity
    least: Quantity | None = None
    spelled: Callable[[int], str] = str
    of: str = ""
    """Of what: ``in one set``."""
    within: tuple[str, ...] = ()
    """For the figures of one kind only: of that ``site``, of that ``kind``."""


def _kg(kilograms: int) -> Load:
    return Load(kilograms * 1000, "kg")


def _reps(number: int) -> str:
    return f"{number:,} reps"


def _grams(tenths: int) -> str:
    return f"{milli_text(tenths * 100)} g"


def _dose(milligrams: int) -> str:
    return f"{milli_text(milligrams)} g"


def _hours(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02d} h"


def _height(millimetres: int) -> str:
    return f"{milli_text(millimetres * 100)} cm"


def _site(site: str, least: int, most: int, unit: Any = "cm") -> Limit:  # noqa: ANN401  # one of the units
    return Limit(
        "value",
        Measurement(most * 1000, unit),
        Measurement(least * 1000, unit),
        of=f"for {plain(site)}",
        within=(site,),
    )


_NARROWING = frozenset({"site", "kind", "exercise"})
"""The fields that decide which limits there are."""

_HELD: dict[str, int] = {"barbell": 600, "ez_bar": 200, "dumbbell": 150, "kettlebell": 150, "body_weight": 250}
"""The heaviest load in kg by what an exercise is done with; on anything else, 1,000 kg."""
_HEAVIEST_KG = 1000

_ASKED = (
    Limit("sets", 30, spelled="{} sets".format),
    Limit("reps_max", MOST_REPS, spelled=_reps, of="in one set"),
    Limit("seconds_max", _DAY_S, spelled=describe_duration, of="in one set"),
    Limit("rest_s", 2 * _HOUR_S, spelled=describe_duration, of="of rest"),
)
_LOADABLE = (
    Limit("start_load", _kg(300), of="empty"),
    Limit("max_load", _kg(2000)),
    Limit("steps", _kg(100), of="in one step"),
    Limit("plates", _kg(100), of="on one plate"),
    Limit("add_ons", _kg(25), of="in one add-on"),
)

LIMITS: dict[type[Body], tuple[Limit, ...]] = {
    SetLogged: (
        Limit("reps", MOST_REPS, spelled=_reps, of="in one set"),
        Limit("seconds", _DAY_S, spelled=describe_duration, of="in one set"),
        Limit("distance_mm", 10**9, spelled=describe_distance, of="in one set"),
        Limit("rest_s", 2 * _HOUR_S, spelled=describe_duration, of="of rest"),
        Limit("heart_rate", 240, 30, spelled="{} beats a minute".format),
    ),
    DrillLogged: (
        Limit("seconds", 4 * _HOUR_S, spelled=describe_duration, of="in one drill"),
        Limit("distance_mm", 10**8, spelled=describe_distance, of="in one drill"),
    ),
    SlotAdded: _ASKED,
    SlotChanged: _ASKED,
    EquipmentDefined: _LOADABLE,
    EquipmentChanged: _LOADABLE,
    MeasurementTaken: (
        _site("body_weight", 30, 300, "kg"),
        _site("body_fat", 2, 70, "percent"),
        _site("thigh", 20, 120),
        _site("calf", 15, 80),
        _site("hip", 50, 250),
        _site("waist", 40, 250),
        _site("abdomen", 40, 250),
        _site("chest", 50, 250),
        _site("shoulders", 60, 250),
        _site("neck", 20, 80),
        _site("upper_arm", 15, 80),
        _site("forearm", 12, 60),
    ),
    PhotoAttached: (Limit("bytes", 200_000_000, spelled=describe_size, of="in one photo"),),
    TestPerformed: (
        Limit("height_mm", 2000, spelled=_height, of="off the ground", within=("jump",)),
        Limit("distance_mm", 10_000, spelled=describe_distance, of="in one jump", within=("jump",)),
        Limit("distance_mm", 10**6, spelled=describe_distance, of="at a sprint", within=("sprint",)),
        Limit("distance_mm", 10**9, spelled=describe_distance, of="in one test"),
        Limit("seconds_milli", _DAY_S * 1000, spelled=describe_milliseconds, of="in one test"),
    ),
    ReadinessRated: (Limit("sleep_min", 16 * 60, spelled=_hours, of="of sleep"),),
    FoodLogged: (
        Limit("protein_dg", 2500, spelled=_grams, of="of protein in one meal"),
        Limit("carbohydrate_dg", 5000, spelled=_grams, of="of carbohydrate in one meal"),
        Limit("fat_dg", 3000, spelled=_grams, of="of fat in one meal"),
    ),
    WaterLogged: (Limit("ml", 3000, spelled="{:,} ml".format, of="at a time"),),
    SupplementTaken: (
        Limit("dose_mg", 150_000, spelled=_dose, of="of protein at a time", within=("protein",)),
        Limit("dose_mg", 30_000, spelled=_dose, of="of creatine at a time", within=("creatine",)),
        Limit("dose_mg", 60_000, spelled=_dose, of="of BCAA at a time", within=("bcaa",)),
        Limit("dose_mg", 60_000, spelled=_dose, of="of a pre-workout at a time", within=("pre_workout",)),
        Limit("dose_mg", 200_000, spelled=_dose, of="at a time"),
    ),
}
"""By what is said. Where two limits bear on a field, the narrower is the first."""


def refuse_implausible(body: Body, said: Collection[str] | None = None) -> None:
    """Refuses figures beyond what people do: slips of the finger nearly always.

    Args:
        body: Any fact that somebody is about to say.
        said: The fields that are said just now, where the others were said before; by itself all.

    Raises:
        MalformedError: where a figure is beyond the limits, with how to say it all the same.
    """
    for limit in _limits(body):
        if said is not None and limit.field not in said and not _NARROWING & set(said):
            continue
        for value in _values(getattr(body, limit.field)):
            if reason := _beyond(value, limit):
                raise MalformedError(reason, next_step="Add --really if it was so.")
    if reason := _odd(body):
        raise MalformedError(reason, next_step="Add --really if it was so.")


def _limits(body: Body) -> Iterator[Limit]:
    """The limits on what a fact says; those on loads depend on what they are lifted with."""
    kind = getattr(body, "site", None) or getattr(body, "kind", None)
    yield from (limit for limit in LIMITS.get(type(body), ()) if not limit.within or kind in limit.within)
    if isinstance(body, SetLogged):
        known = catalogue().exercises.get(body.exercise)
        held = "" if known is None else known.equipment
        on = {"barbell": "on a barbell", "dumbbell": "in one hand"}.get(held, "in one set")
        yield Limit("load", _kg(_HELD.get(held, _HEAVIEST_KG)), of=on)
        if body.load is not None and body.load.milli and body.load_kind != "assisted":
            yield Limit("reps", MOST_LOADED_REPS, spelled=_reps, of="with a load in one set")


def _values(value: object) -> Iterator[Quantity]:
    match value:
        case tuple():
            for part in value:
                yield from _values(part)
        case Plate():
            yield value.load
        case int() | Load() | Measurement():
            yield value
        case _:
            pass


def _beyond(value: Quantity, limit: Limit) -> str | None:
    """What is wrong with a figure, where it is beyond a limit; figures of other dimensions are not compared."""
    dimension, size = _size(value)
    for bound, word, sign in ((limit.most, "more", 1), (limit.least, "less", -1)):
        if bound is not None and _size(bound)[0] == dimension and (size - _size(bound)[1]) * sign > 0:
            named = f" {limit.of}" if limit.of else ""
            return f"{_spelled(value, limit)}{named} is {word} than {_spelled(bound, limit)}."
    return None


def _odd(body: Body) -> str | None:
    """What is odd about figures that are plausible one by one."""
    match body:
        case TestPerformed(kind="sprint", distance_mm=int(distance), seconds_milli=int(time)) if (
            distance * 1000 > _FASTEST_MM_S * time
        ):
            took = describe_milliseconds(time)
            return f"{describe_distance(distance)} in {took} is faster than anybody ever ran."
        case ProgressionDecided(target=Target(load=Load() as load)) if load.nanograms > _kg(_HEAVIEST_KG).nanograms:
            return f"{load} in one set is more than {_kg(_HEAVIEST_KG)}."
        case _:
            return None


def _size(value: Quantity) -> tuple[str, int]:
    """The dimension of a quantity, and how much it is in one unit of that."""
    match value:
        case Load():
            return "mass", value.nanograms
        case Measurement(milli=milli, unit="kg" | "lb" as unit):
            return "mass", Load(milli, unit).nanograms
        case Measurement(milli=milli, unit="percent"):
            return "share", milli
        case Measurement(milli=milli, unit=unit):
            return "length", milli * {"cm": 100, "mm": 10, "in": 254}[unit]
        case _:
            return "number", value


def _spelled(value: Quantity, limit: Limit) -> str:
    return limit.spelled(value) if isinstance(value, int) else str(value)
