"""The figures of a set: text to integers, or the reason why not."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache

from client_sdk.importers.errors import RowError
from events.errors import MalformedError
from events.quantities import parse_milli, round_half_up

MAX_DISTANCE_MM = 2_000_000_000

MILLIMETRES: dict[str, Fraction] = {
    "mm": Fraction(1),
    "cm": Fraction(10),
    "m": Fraction(1000),
    "km": Fraction(1_000_000),
    "in": Fraction("25.4"),
    "ft": Fraction("304.8"),
    "yd": Fraction("914.4"),
    "mi": Fraction(1_609_344),
}
"""The units of length that apps offer; those of the yard by the agreement of 1959."""

_LENGTHS = {
    "centimeters": "cm",
    "meter": "m",
    "meters": "m",
    "metres": "m",
    "kms": "km",
    "kilometers": "km",
    "kilometres": "km",
    "inches": "in",
    "feet": "ft",
    "yards": "yd",
    "yds": "yd",
    "mile": "mi",
    "miles": "mi",
}
_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{2})(?:\.\d+)?", re.ASCII)


def is_zero(text: str) -> bool:
    """Whether a figure is left out or zero: some apps print 0 for what was never entered."""
    return not text.strip("+-0., ")


@lru_cache(maxsize=4096)
def whole(text: str, what: str, most: int) -> int | None:
    """A count, which some apps print as ``10.0``; None for empty text.

    Raises:
        RowError: where it is no whole number from 0 to ``most``.
    """
    if not text:
        return None
    milli = _milli(text, what)
    if milli % 1000:
        raise RowError(f"{what} of {text!r} are not a whole number.")
    return _within(milli // 1000, text, what, most)


@lru_cache(maxsize=4096)
def seconds(text: str, what: str, most: int) -> int | None:
    """A time, as seconds or as ``h:mm:ss`` or ``m:ss``, rounded half up to seconds; None for empty text.

    Raises:
        RowError: where it is no time from 0 to ``most`` seconds.
    """
    if not text:
        return None
    if clock := _CLOCK.fullmatch(text):
        hours, minutes, rest = (int(part or 0) for part in clock.groups())
        return _within(hours * 3600 + minutes * 60 + rest, text, what, most)
    return _within(round_half_up(_milli(text, what), 1000), text, what, most)


@lru_cache(maxsize=4096)
def tenths(text: str, what: str, most: int) -> int | None:
    """A rating in tenths, rounded half up; None for empty text and for 0, which no scale of effort has.

    Raises:
        RowError: where it is no rating up to ``most`` tenths.
    """
    return None if is_zero(text) else _within(round_half_up(_milli(text, what), 100), text, what, most)


@lru_cache(maxsize=4096)
def millimetres(text: str, unit: str, what: str) -> int | None:
    """A distance in mm, rounded half up; None for empty text and for 0.

    Raises:
        RowError: where it is no distance, or in no known unit.
    """
    if is_zero(text):
        return None
    length = length_named(unit)
    if length is None:
        raise RowError(f"{what} is in {unit[:40]!r}, which is no known unit.")
    _milli(text, what)
    distance = Fraction(text.replace(",", ".")) * MILLIMETRES[length]
    return _within(round_half_up(distance.numerator, distance.denominator), text, what, MAX_DISTANCE_MM)


def length_named(text: str) -> str | None:
    """The unit of length that an app calls so, as its symbol."""
    name = text.strip().casefold().rstrip(".")
    name = _LENGTHS.get(name, name)
    return name if name in MILLIMETRES else None


def _milli(text: str, what: str) -> int:
    try:
        return parse_milli(text)
    except MalformedError as error:
        raise RowError(f"{what} of {text[:40]!r} can't be read as a number.") from error


def _within(value: int, text: str, what: str, most: int) -> int:
    if not 0 <= value <= most:
        raise RowError(f"{what} of {text[:40]!r} can't be right.")
    return value
