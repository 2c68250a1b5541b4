"""The load that the lifter lifted, where an app has converted it before printing.

An app that keeps kilograms prints 135 lb as 61.23 kg, and one that is set to pounds prints 20 kg as
44.09245243697551 lb. Plates and stacks come in quarters of a unit, so such a figure gives itself away: it is a
multiple of 0.25 in the other unit, to its printed precision, and none in its own. The rule, exactly:

- A figure of fewer than two decimals is kept: one decimal is as coarse as a quarter of a pound, so nearly every such
  figure would pass for a conversion.
- It may be off by half of its last printed place, for apps round; and by one part in 500,000, for some apps take
  2.20462 lb for a kilogram. In its own unit, nothing but the noise of floats is allowed beyond the last place.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache

from client_sdk.importers.errors import RowError
from events.errors import MalformedError
from events.quantities import HEAVIEST_MILLI, NANOGRAMS_PER_MILLI, Load, Unit, parse_milli

QUARTER_MILLI = 250
_HUNDREDTH_MILLI = 10
_LEAST_PLACES = 2
_CONVERSION_ERROR = Fraction(1, 500_000)
_FLOAT_ERROR = Fraction(1, 10**12)
_FIGURE = re.compile(r"\d{1,9}(?:\.\d{1,30})?", re.ASCII)
_OTHER: dict[Unit, Unit] = {"kg": "lb", "lb": "kg"}


@lru_cache(maxsize=4096)
def lifted(text: str, unit: Unit) -> tuple[Load, bool]:
    """The load of a figure without its sign, and whether it was recovered from the other unit.

    Args:
        text: A decimal number as printed, with a point or a comma.
        unit: The unit that the file gives it in.

    Raises:
        RowError: where it is no number, or no load that a person moves.
    """
    printed = text.lstrip("+-")
    try:
        milli = parse_milli(printed)
    except MalformedError as error:
        raise RowError(f"The weight {text[:40]!r} can't be read as a number.") from error
    if milli > HEAVIEST_MILLI:
        raise RowError(f"A weight of {text} {unit} is beyond what a person moves.")
    other = _OTHER[unit]
    places = len(printed.replace(",", ".").partition(".")[2])
    if places >= _LEAST_PLACES:
        value = Fraction(printed.replace(",", "."))
        half_a_place = Fraction(1, 2 * 10**places)
        quarters = multiple(value, unit, other, QUARTER_MILLI, half_a_place)
        own = _multiple(value, max(half_a_place, value * _FLOAT_ERROR), unit, unit, QUARTER_MILLI)
        if quarters and not own:
            return Load(quarters * QUARTER_MILLI, other), True
    return Load(milli, unit), False


def typed_in(kilograms: str, shown: Unit) -> tuple[str, Unit]:
    """A figure that an app keeps in kilograms, as the lifter saw it: in pounds, where it is a round one of those.

    Args:
        kilograms: The figure, with all its places.
        shown: The unit in which the app shows it.
    """
    if shown == "kg" or not _FIGURE.fullmatch(kilograms):
        return kilograms, "kg"
    value = Fraction(kilograms)
    hundredths = multiple(value, "kg", "lb", _HUNDREDTH_MILLI)
    return (f"{hundredths / 100:.2f}", "lb") if hundredths else (kilograms, "kg")


def multiple(value: Fraction, unit: Unit, target: Unit, step_milli: int, error: Fraction = Fraction(0)) -> int:
    """How many steps of ``target`` a converted value of ``unit`` is; 0 where it is no multiple.

    Args:
        value: The figure.
        unit: Its unit.
        target: The unit of the steps.
        step_milli: A step, in thousandths.
        error: By how much printing it may have changed the figure.
    """
    return _multiple(value, max(error, value * _CONVERSION_ERROR), unit, target, step_milli)


def _multiple(value: Fraction, tolerance: Fraction, unit: Unit, target: Unit, step_milli: int) -> int:
    step = Fraction(step_milli * NANOGRAMS_PER_MILLI[target], 1000 * NANOGRAMS_PER_MILLI[unit])
    steps = round(value / step)
    return steps if abs(steps * step - value) <= tolerance else 0
