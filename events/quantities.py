"""Loads, local days and weeks, in integers.

A load keeps what the lifter typed; loads of different units are compared exactly, in nanograms. A local day is
the number of days since 1970-01-01 on the lifter's own wall clock, a week is named as ISO 8601 names the week of
the Thursday in it.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from events.errors import MalformedError

Unit = Literal["kg", "lb"]

NANOGRAMS_PER_MILLI: dict[Unit, int] = {"kg": 1_000_000_000, "lb": 453_592_370}
"""One thousandth of a unit in nanograms; the pound is exactly 0.45359237 kg (1959 agreement)."""

NANOGRAMS_PER_GRAM = 1_000_000_000

HEAVIEST_MILLI = 10_000_000
"""Ten tonnes: no load that a person moved is beyond it, in either unit."""

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS

EARLIEST_MS = -2_208_988_800_000
"""1900-01-01T00:00Z."""
LATEST_MS = 7_289_654_399_999
"""The last millisecond of the year 2200 UTC."""

_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_EPOCH_WEEKDAY = date(1970, 1, 1).weekday()
_DECIMAL = re.compile(r"([+-]?)(\d{1,12})(?:[.,](\d{1,60}))?\Z", re.ASCII)


class Load(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """A mass as typed: ``Load(135_000, "lb")`` is 135 lb."""

    milli: Annotated[int, Meta(ge=0, le=HEAVIEST_MILLI)]
    unit: Unit

    @property
    def nanograms(self) -> int:
        """The mass, exactly."""
        return self.milli * NANOGRAMS_PER_MILLI[self.unit]

    def __str__(self) -> str:
        return f"{milli_text(self.milli)} {self.unit}"


def milli_text(milli: int) -> str:
    """Thousandths as a decimal without needless zeros: 82500 is ``82.5``."""
    whole, rest = divmod(abs(milli), 1000)
    fraction = f".{rest:03d}".rstrip("0") if rest else ""
    return f"{'-' if milli < 0 else ''}{whole}{fraction}"


def parse_milli(text: str) -> int:
    """A decimal number in thousandths, rounded half up at the fourth place: ``82.5`` is 82500.

    A comma is read as a point. Exponents, thousands separators and signs without digits are refused.

    Raises:
        MalformedError: where the text is no such number.
    """
    found = _DECIMAL.match(text.strip())
    if found is None:
        raise MalformedError(f"{text!r} is not a number.", next_step="Write it as 82.5.")
    sign, whole, fraction = found.groups()
    digits = (fraction or "").ljust(4, "0")
    milli = int(whole) * 1000 + int(digits[:3]) + (digits[3] >= "5")
    return -milli if sign == "-" else milli


def round_half_up(numerator: int, denominator: int) -> int:
    """``numerator / denominator`` to the nearest integer, halves towards positive infinity."""
    return (2 * numerator + denominator) // (2 * denominator)


def local_day(time_ms: int, offset_min: int, cutoff_min: int = 0) -> int:
    """The day on the lifter's wall clock, which begins at the cut-off, as days since 1970-01-01."""
    return (time_ms + (offset_min - cutoff_min) * MINUTE_MS) // DAY_MS


def day_text(day: int) -> str:
    """``20269`` as ``2025-06-30``."""
    return date.fromordinal(_EPOCH_ORDINAL + day).isoformat()


def parse_day(text: str) -> int:
    """``2025-06-30`` as the number of that day.

    Raises:
        MalformedError: where the text is no date of that form.
    """
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise MalformedError(f"{text!r} is not a date.", next_step="Write it as YYYY-MM-DD, such as 2025-06-30.")
    return day.toordinal() - _EPOCH_ORDINAL


def week_start(day: int, first_weekday: int = 0) -> int:
    """The first day of the week that ``day`` is in; weekdays count from Monday, 0."""
    return day - (day + _EPOCH_WEEKDAY - first_weekday) % 7


def week_name(start: int) -> str:
    """The ISO name, such as ``2025-W27``, of the week that begins on the day ``start``."""
    monday_to_thursday = (3 - (start + _EPOCH_WEEKDAY)) % 7
    year, week, _ = date.fromordinal(_EPOCH_ORDINAL + start + monday_to_thursday).isocalendar()
    return f"{year}-W{week:02d}"
