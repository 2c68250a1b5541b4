"""Amounts of the body and of food as people type them: girths, heights, stopwatches, grams, doses, water."""

from __future__ import annotations

import re
from collections.abc import Mapping

from client_sdk.cli.typed import parse_duration
from events.body import Measurement, MeasurementUnit
from events.errors import MalformedError
from events.nutrition import MOST_DECIGRAMS, MOST_MG, MOST_ML
from events.quantities import Unit, parse_milli, round_half_up

_AMOUNT = re.compile(r"(\d+(?:[.,]\d+)?)\s*([a-z%\"″ ]*)\Z", re.IGNORECASE)
_CLOCK = re.compile(r"((?:\d+:)?\d{1,3}:[0-5]\d)(?:[.,](\d{1,3}))?\Z")
_SECONDS = re.compile(r"(\d+[.,]\d+)\s*(?:s|secs?|seconds?)\Z", re.IGNORECASE)

_MEASURED: dict[str, MeasurementUnit] = {
    **dict.fromkeys(("kg", "kgs"), "kg"),
    **dict.fromkeys(("lb", "lbs"), "lb"),
    **dict.fromkeys(("in", "inch", "inches", '"', "″"), "in"),
    **dict.fromkeys(("%", "percent"), "percent"),
    "cm": "cm",
    "mm": "mm",
}
_TENTH_MM = {"mm": 10, "cm": 100, "m": 10_000, "in": 254, "inch": 254, "inches": 254, '"': 254, "ft": 3_048}
_CENTIGRAM = {"": 100, "g": 100, "oz": 2_835, "kg": 100_000}
_TENTH_MG = {"mg": 10, "g": 10_000}
_HUNDREDTH_ML = {"ml": 100, "cl": 1_000, "dl": 10_000, "l": 100_000, "oz": 2_957, "fl oz": 2_957}


def parse_weight(text: str, unit: Unit | None) -> Measurement:
    """A body weight: ``81.4kg``, ``180lb``, and a number alone where ``unit`` says what it is in.

    Raises:
        MalformedError: where this is none.
    """
    found = _AMOUNT.match(text.strip())
    if found is not None and not found[2].strip():
        if unit is None:
            raise MalformedError(
                f"{text} has no unit.",
                next_step=f"Write {text}kg or {text}lb, or say once `ironledger profile units=kg`.",
            )
        return parse_measurement(f"{text}{unit}")
    return parse_measurement(text)


def parse_measurement(text: str) -> Measurement:
    """``58.5cm``, ``23in``, ``81,4kg``, ``18%``: kept in the unit that was typed.

    Raises:
        MalformedError: where this is none of them.
    """
    found = _AMOUNT.match(text.strip())
    named = found[2].strip().lower() if found else ""
    if found is None or (named and named not in _MEASURED):
        raise MalformedError(
            f"{text!r} is not a measurement.", next_step="Write it as 58.5cm, 23in, 81.4kg, 180lb or 18%."
        )
    if not named:
        raise MalformedError(f"{text} has no unit.", next_step=f"Write {text}cm or {text}in.")
    milli = parse_milli(found[1])
    if not milli:
        raise MalformedError("Nothing measures 0.", next_step="Write what the tape or the scale shows.")
    return Measurement(milli, _MEASURED[named])


def parse_height(text: str) -> int:
    """Millimetres of a jump: ``52cm``, ``20.5in``, ``2.45m``.

    Raises:
        MalformedError: where this is no height.
    """
    return _scaled(text, _TENTH_MM, 10_000, "a height", "52cm or 20.5in")


def parse_grams(text: str) -> int:
    """Tenths of a gram of a macronutrient: ``45g``, ``45``, ``12,5g``, ``1.5oz``.

    Raises:
        MalformedError: where this is no such amount.
    """
    return _at_most(_scaled(text, _CENTIGRAM, 10_000, "an amount of food", "45g"), MOST_DECIGRAMS, text, "1 kg")


def parse_dose(text: str) -> int:
    """Milligrams of a supplement: ``5g``, ``200mg``.

    Raises:
        MalformedError: where this is no dose.
    """
    return _at_most(_scaled(text, _TENTH_MG, 10_000, "a dose", "5g or 200mg"), MOST_MG, text, "1 kg")


def parse_volume(text: str) -> int:
    """Millilitres: ``500ml``, ``0.5l``, ``16oz``.

    Raises:
        MalformedError: where this is no volume.
    """
    volume = _scaled(text, _HUNDREDTH_ML, 100_000, "an amount of water", "500ml, 0.5l or 16oz")
    return _at_most(volume, MOST_ML, text, "10 l")


def parse_stopwatch(text: str) -> int:
    """Milliseconds: ``5.21s``, ``24:30``, ``24:30.5``, ``12min``.

    Raises:
        MalformedError: where this is no time.
    """
    words = text.strip()
    if exact := _SECONDS.match(words):
        return parse_milli(exact[1])
    clock = _CLOCK.match(words)
    if clock is not None and clock[2]:
        return parse_duration(clock[1]) * 1000 + int(clock[2].ljust(3, "0"))
    return parse_duration(words) * 1000


def _scaled(text: str, units: Mapping[str, int], scale: int, what: str, example: str) -> int:
    """A number with a unit as a whole number of something.

    Args:
        text: What was typed.
        units: What each unit is worth.
        scale: By what a thousandth of that is divided.
        what: What it should be, for people.
        example: How it is written.
    """
    found = _AMOUNT.match(text.strip())
    worth = units.get(found[2].strip().lower()) if found else None
    if found is None or not worth:
        raise MalformedError(f"{text!r} is not {what}.", next_step=f"Write it as {example}.")
    return round_half_up(parse_milli(found[1]) * worth, scale)


def _at_most(amount: int, most: int, text: str, limit: str) -> int:
    """The amount, where a fact can hold it: beyond that nothing is meant, and no confirmation helps."""
    if amount > most:
        raise MalformedError(
            f"{text} at a time is more than {limit}, and can't be logged.", next_step="Check the unit."
        )
    return amount
