"""A file to a reading: which app wrote it, what it leaves open, and the facts it tells."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

import msgspec

from client_sdk.importers import values
from client_sdk.importers.assembly import Assembly, Options
from client_sdk.importers.clock import zone_named
from client_sdk.importers.errors import ImportFileError
from client_sdk.importers.figures import lacks_unit
from client_sdk.importers.fitbod import FITBOD
from client_sdk.importers.fitnotes import FITNOTES
from client_sdk.importers.fitnotes_backup import FITNOTES_BACKUP
from client_sdk.importers.hevy import HEVY
from client_sdk.importers.jefit import JEFIT
from client_sdk.importers.liftosaur import LIFTOSAUR
from client_sdk.importers.measurements import FITNOTES_BODY, HEVY_BODY, STRONG_BODY
from client_sdk.importers.readings import Exercises, Question, Reading, Unanswered
from client_sdk.importers.rows import Figure, Format, Layout, Remark, Row, Table, unit_named
from client_sdk.importers.strong import STRONG
from client_sdk.importers.tables import tables_of
from events.errors import UnknownNameError
from events.quantities import Unit

FORMATS = (
    STRONG,
    HEVY,
    FITNOTES,
    FITNOTES_BACKUP,
    LIFTOSAUR,
    FITBOD,
    JEFIT,
    STRONG_BODY,
    HEVY_BODY,
    FITNOTES_BODY,
)
"""The files that can be read."""

APPS = {exporter.app: exporter.title for exporter in FORMATS}
"""The apps whose files can be read, with their titles."""

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
        app: The app that wrote the file, where it can't be told: one of ``APPS``.
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
    tables = tables_of(data)
    layouts = _recognised(tables, app)
    apps = {candidate.app: candidate.title for candidate, _ in layouts}
    if len(apps) > 1:
        sentence = f"The header fits {' and '.join(apps.values())}: which app wrote it?"
        return Unanswered((Question("app", sentence, tuple(apps)),))
    chosen, layout = layouts[0]
    table = tables[chosen.table]
    entries = list(chosen.rows(table, layout))
    told = [entry for entry in entries if not isinstance(entry, Remark)]
    questions = tuple(_questions(chosen, told, unit, distance_unit, timezone))
    if questions:
        return Unanswered(questions)
    file_sha256 = hashlib.sha256(data).hexdigest()
    assembly = Assembly(
        Options(
            exporter=chosen,
            dialect=layout.dialect,
            file_sha256=file_sha256,
            at=at,
            unit=unit if _lacks_unit(told) else None,
            distance_unit=distance_unit if _lacks_distance_unit(told) else None,
            zone=zone,
            catalogue=catalogue,
        )
    )
    return assembly.reading(entries, _remarks(table, told, unit))


def _recognised(tables: Mapping[str, Table], app: str | None) -> list[tuple[Format, Layout]]:
    if app is not None and app not in APPS:
        raise UnknownNameError(f"No importer is called {app!r}.", tuple(APPS), f"Choose one of {', '.join(APPS)}.")
    layouts = [
        (candidate, msgspec.structs.replace(layout, beside=tables))
        for candidate in FORMATS
        if app in {None, candidate.app}
        and (table := tables.get(candidate.table)) is not None
        and (layout := candidate.recognise(table)) is not None
    ]
    if not layouts:
        whose = APPS[app] if app else "an app that can be read"
        what, names = ("columns", tables[""].header) if "" in tables else ("tables", tuple(tables))
        raise ImportFileError(
            f"This is no export of {whose}: its {what} are {', '.join(names)[:200] or 'empty'}.",
            f"Give the file that {APPS[app] if app else ' or '.join(APPS.values())} exports.",
        )
    return layouts


def _questions(
    app: Format, told: list[Row | Figure], unit: Unit | None, distance_unit: str | None, timezone: str | None
) -> Iterable[Question]:
    if unit is None and _lacks_unit(told):
        yield Question(
            "unit", f"The file doesn't say whether {app.title} wrote its weights in kg or in lb.", ("kg", "lb")
        )
    if distance_unit is None and _lacks_distance_unit(told):
        yield Question(
            "distance_unit", f"The file doesn't say in what {app.title} wrote its distances.", _DISTANCE_UNITS
        )
    if timezone is None and told:
        yield Question("timezone", f"{app.title} writes times without a zone: where did you train?")


def _lacks_unit(told: list[Row | Figure]) -> bool:
    return any(
        entry.unit is None and not values.is_zero(entry.weight) if isinstance(entry, Row) else lacks_unit(entry)
        for entry in told
    )


def _lacks_distance_unit(told: list[Row | Figure]) -> bool:
    rows = [entry for entry in told if isinstance(entry, Row)]
    return any(row.distance_unit is None and not values.is_zero(row.distance) for row in rows)


def _remarks(table: Table, told: list[Row | Figure], unit: Unit | None) -> Iterable[Remark]:
    if table.encoding == "cp1252":
        yield Remark(1, "The file is not UTF-8 and was read as Windows-1252: look at letters with accents.")
    units = {unit_named(entry.unit or "") for entry in told} - {None, unit}
    if unit is not None and units:
        yield Remark(1, f"The file itself says in which unit its weights are: {unit} was left aside.")
