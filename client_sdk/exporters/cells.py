"""Figures as apps print them, so that the importers read back what was meant."""

from __future__ import annotations

from fractions import Fraction

from client_sdk.importers.loads import lifted
from client_sdk.importers.values import MILLIMETRES
from events.quantities import NANOGRAMS_PER_MILLI, Load, Unit, milli_text, round_half_up
from events.training import SetLogged

_PLACES = (2, 3, 4, 6)


def weight(body: SetLogged, unit: Unit, *, assisted: bool) -> str:
    """A load in ``unit``; help has a minus, unless the exercise says by its name that its load is help.

    A figure that would be taken for a conversion from the other unit is printed with more places.
    """
    if body.load is None:
        return "0" if body.load_kind == "bodyweight" else ""
    sign = "-" if body.load_kind == "assisted" and not assisted else ""
    return f"{sign}{_amount(body.load, unit)}"


def _amount(load: Load, unit: Unit) -> str:
    plain = milli_text(load.milli)
    if load.unit == unit and lifted(plain, unit)[0] == load:
        return plain
    value = Fraction(load.nanograms, 1000 * NANOGRAMS_PER_MILLI[unit])
    printed = [decimal(value, places) for places in _PLACES]
    return next((text for text in printed if lifted(text, unit)[0] == load), printed[1])


def decimal(value: Fraction, places: int) -> str:
    """A number of so many places, rounded half up."""
    scale = 10**places
    whole, rest = divmod(round_half_up(value.numerator * scale, value.denominator), scale)
    return f"{whole}.{rest:0{places}d}"


def distance(millimetres: int | None, unit: str) -> str:
    """A distance in a unit of length, without needless zeros."""
    if not millimetres:
        return ""
    text = decimal(Fraction(millimetres) / MILLIMETRES[unit], 6)
    return text.rstrip("0").rstrip(".")


def rating(tenths: int | None) -> str:
    """An effort on the ten-point scale: ``8.5``."""
    return "" if tenths is None else milli_text(tenths * 100)


def count(number: int | None) -> str:
    """A whole number; empty for none."""
    return "" if number is None else str(number)


def quoted(text: str) -> str:
    """Words in quotes, as CSV has them."""
    return '"' + text.replace('"', '""') + '"'
