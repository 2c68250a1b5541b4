"""Figures of the body to measurements: what was measured, on which side, in which unit."""

from __future__ import annotations

from fractions import Fraction

from client_sdk.importers.errors import RowError
from client_sdk.importers.loads import multiple
from client_sdk.importers.rows import Figure, unit_named
from client_sdk.importers.sets import MAX_NAME
from client_sdk.importers.values import length_named
from events.body import BODY_FAT, BODY_WEIGHT, Measurement, MeasurementTaken, MeasurementUnit
from events.errors import MalformedError
from events.facts import Source
from events.identifiers import derived_uuid7
from events.quantities import Unit, parse_milli
from events.training import Side

_SITES = {
    **dict.fromkeys(("weight", "body weight", "bodyweight", "gewicht", "körpergewicht"), BODY_WEIGHT),
    **dict.fromkeys(("fat", "body fat", "bodyfat", "fat percent", "body fat percentage", "körperfett"), BODY_FAT),
    **dict.fromkeys(("abs", "abdomen"), "abdomen"),
    **dict.fromkeys(("arm", "arms", "bicep", "biceps", "upper arm", "upper arms"), "upper_arm"),
    **dict.fromkeys(("calf", "calves"), "calf"),
    **dict.fromkeys(("forearm", "forearms"), "forearm"),
    **dict.fromkeys(("hip", "hips"), "hip"),
    **dict.fromkeys(("shoulder", "shoulders"), "shoulders"),
    **dict.fromkeys(("thigh", "thighs"), "thigh"),
    **dict.fromkeys(("chest", "neck", "waist"), None),
}
"""What apps call a site, without its side; None where it is called so here. Others go by their own names."""

_SIDES: dict[str, Side] = {"left": "left", "l": "left", "right": "right", "r": "right"}
_PERCENT = frozenset({"%", "percent"})
_LENGTHS: dict[str, MeasurementUnit] = {"cm": "cm", "mm": "mm", "in": "in"}
_TENTH_MILLI = 100
_FEWEST_PLACES = 4
"""Nobody types four places of a weight: so many come of a conversion."""
_OTHER: dict[Unit, Unit] = {"kg": "lb", "lb": "kg"}


def site_of(name: str) -> tuple[str, Side | None]:
    """What the app's name of a measurement stands for, and the side: ``Left Bicep`` is the left upper arm."""
    words = name.casefold().replace("_", " ").replace("%", " ").replace("(", " ").replace(")", " ").split()
    sides = [word for word in (words[0], words[-1]) if word in _SIDES] if len(words) > 1 else []
    side = _SIDES[sides[0]] if sides else None
    if sides:
        words.remove(sides[0])
    plain = " ".join(words)
    return _SITES.get(plain) or plain.replace(" ", "_"), side


def lacks_unit(figure: Figure) -> bool:
    """Whether nothing says in which unit a weight of the body is."""
    return figure.unit is None and site_of(figure.name)[0] == BODY_WEIGHT


def measured(
    figure: Figure, source: Source, wall_ms: int, import_id: str, unit: Unit | None
) -> tuple[MeasurementTaken, bool]:
    """The measurement of a figure, and whether its value was recovered from the other unit.

    Args:
        figure: What the file says.
        source: Where it stands.
        wall_ms: When it was, read as UTC.
        import_id: The import.
        unit: The unit of weights that the file leaves open.

    Raises:
        RowError: where it is no figure, or none that a body has.
    """
    site, side = site_of(figure.name)
    if not 0 < len(site) <= MAX_NAME:
        raise RowError("It names nothing that was measured.")
    value, recovered = _value(figure, site, unit)
    try:
        body = MeasurementTaken(
            import_=import_id,
            source=source,
            measurement=derived_uuid7(wall_ms, "measurement", source.key),
            site=site,
            side=side,
            value=value,
        )
    except ValueError as error:
        raise RowError(f"Its figure can't be right: {error}.") from error
    return body, recovered


def _value(figure: Figure, site: str, unit: Unit | None) -> tuple[Measurement, bool]:
    named = _unit(figure, site, unit)
    try:
        milli = parse_milli(figure.value)
        if milli <= 0:
            raise RowError(f"Its figure, {figure.value[:40]!r}, was never entered.")
        if named in _OTHER and (tenths := _converted(figure.value, "lb" if named == "lb" else "kg")):
            return Measurement(tenths * _TENTH_MILLI, _OTHER["lb" if named == "lb" else "kg"]), True
        return Measurement(milli, named), False
    except MalformedError as error:
        raise RowError(f"Its figure, {figure.value[:40]!r}, can't be read as a number.") from error
    except ValueError as error:
        raise RowError(f"Its figure can't be right: {error}.") from error


def _converted(text: str, unit: Unit) -> int:
    """How many tenths of the other unit a weight of the body is, where it was typed in that; else 0."""
    written = text.strip().replace(",", ".")
    if len(written.partition(".")[2]) < _FEWEST_PLACES:
        return 0
    return multiple(Fraction(written), unit, _OTHER[unit], _TENTH_MILLI)


def _unit(figure: Figure, site: str, unit: Unit | None) -> MeasurementUnit:
    written = (figure.unit or "").strip().casefold()
    if not written and site == BODY_WEIGHT and unit is not None:
        return unit
    if not written and site == BODY_FAT:
        return "percent"
    if written in _PERCENT:
        return "percent"
    named = unit_named(written) or _LENGTHS.get(length_named(written) or "")
    if named is None:
        raise RowError(
            f"Its unit, {written[:40]!r}, is none that a body is measured in." if written else "It names no unit."
        )
    return named
