"""A file to a reading: which app wrote it, what it leaves open, and the facts it tells."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from client_sdk.importers import values
from client_sdk.importers.assembly import Assembly, Options
from client_sdk.importers.clock import zone_named
from client_sdk.importers.errors import ImportFileError
from client_sdk.importers.fitnotes import FITNOTES
from client_sdk.importers.hevy import HEVY
from client_sdk.importers.readings import Exercises, Question, Reading, Unanswered
from client_sdk.importers.rows import Format, Layout, Remark, Row
from client_sdk.importers.strong import STRONG
from client_sdk.importers.tables import Table, table_of
from events.errors import UnknownNameError
from events.quantities import Unit

FORMATS = (STRONG, HEVY, FITNOTES)
"""The apps whose exports can be read."""

_DISTANCE_UNITS = ("km", "mi", "m")


def read(  # noqa: PLR0913  # every answer has its question
    data: bytes,
    *,
    at: int,
    catalogue: Exercises,
    app: str | None = None,
    unit: Unit | None = None,
    distance_unit: str | None = None,
    timezone: str | None = None,
) -> Reading | Unanswered:
    """What an exported file says, or what it leaves open.

    An answer is only asked for where the file needs it; where the file says otherwise, the file is right, and a
    remark tells so.

    Args:
        data: The file as it is.
        at: When the import happens, in Unix ms; sessions later than a day after that are no history.
        catalogue: The exercises to find names in.
        app: The app that wrote the file, where it can't be told: ``strong``, ``hevy`` or ``fitnotes``.
        unit: The unit of loads.
        distance_unit: The unit of distances: ``km``, ``mi``, ``m``, ``ft``, ``yd``, ``cm`` …
        timezone: The time zone in which the lifter trained, as the IANA names it.

    Raises:
        ImportFileError: where the file as a whole can't be read.
        UnknownNameError: where there is no such app, unit of distance or time zone.
    """
    zone = zone_named("UTC" if timezone is None else timezone)
    if distance_unit is not None and values.length_named(distance_unit) is None:
        raise UnknownNameError(f"{distance_unit!r} is no unit of distance.", _DISTANCE_UNITS)
    table = table_of(data)
    layouts = _recognised(table, app)
    if len(layouts) > 1:
        apps = tuple(candidate.app for candidate, _ in layouts)
        sentence = f"The header fits {' and '.join(candidate.title for candidate, _ in layouts)}: which app wrote it?"
        return Unanswered((Question("app", sentence, apps),))
    [(chosen, layout)] = layouts
    entries = list(chosen.rows(table, layout))
    rows = [entry for entry in entries if isinstance(entry, Row)]
    questions = tuple(_questions(chosen, rows, unit, distance_unit, timezone))
    if questions:
        return Unanswered(questions)
    file_sha256 = hashlib.sha256(data).hexdigest()
    assembly = Assembly(
        Options(
            exporter=chosen,
            dialect=layout.dialect,
            file_sha256=file_sha256,
            at=at,
            unit=unit if _lacks_unit(rows) else None,
            distance_unit=distance_unit if _lacks_distance_unit(rows) else None,
            zone=zone,
            catalogue=catalogue,
        )
    )
    return assembly.reading(
        rows, [entry for entry in entries if isinstance(entry, Remark)], _remarks(table, rows, unit)
    )


def _recognised(table: Table, app: str | None) -> list[tuple[Format, Layout]]:
    apps = tuple(candidate.app for candidate in FORMATS)
    if app is not None and app not in apps:
        raise UnknownNameError(f"No importer is called {app!r}.", apps, f"Choose one of {', '.join(apps)}.")
    wanted = [candidate for candidate in FORMATS if app in {None, candidate.app}]
    layouts = [(candidate, layout) for candidate in wanted if (layout := candidate.recognise(table))]
    if not layouts:
        columns = ", ".join(table.header)[:200]
        whose = f"of {wanted[0].title}" if app else "of an app that can be read"
        raise ImportFileError(
            f"This is no export {whose}: its columns are {columns or 'empty'}.",
            f"Give the CSV file that {' or '.join(candidate.title for candidate in wanted)} exports.",
        )
    return layouts


def _questions(
    app: Format, rows: list[Row], unit: Unit | None, distance_unit: str | None, timezone: str | None
) -> Iterable[Question]:
    if unit is None and _lacks_unit(rows):
        yield Question(
            "unit", f"The file doesn't say whether {app.title} wrote its weights in kg or in lb.", ("kg", "lb")
        )
    if distance_unit is None and _lacks_distance_unit(rows):
        yield Question(
            "distance_unit", f"The file doesn't say in what {app.title} wrote its distances.", _DISTANCE_UNITS
        )
    if timezone is None and rows:
        yield Question("timezone", f"{app.title} writes times without a zone: where did you train?")


def _lacks_unit(rows: list[Row]) -> bool:
    return any(row.unit is None and not values.is_zero(row.weight) for row in rows)


def _lacks_distance_unit(rows: list[Row]) -> bool:
    return any(row.distance_unit is None and not values.is_zero(row.distance) for row in rows)


def _remarks(table: Table, rows: list[Row], unit: Unit | None) -> Iterable[Remark]:
    if table.encoding == "cp1252":
        yield Remark(1, "The file is not UTF-8 and was read as Windows-1252: look at letters with accents.")
    if unit is not None and any(row.unit not in {None, unit} for row in rows):
        yield Remark(1, f"The file itself says in which unit its weights are: {unit} was left aside.")
