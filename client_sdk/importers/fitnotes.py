"""FitNotes: days without a time, units in a column or in the header, names whose commas are not quoted."""

from __future__ import annotations

import re
from collections.abc import Iterator

from client_sdk.importers.clock import wall_time
from client_sdk.importers.errors import RowError
from client_sdk.importers.rows import Cells, Format, Layout, Remark, Row, Table, fitted, unit_named
from events.quantities import Unit

_NEEDED = frozenset({"date", "exercise", "category", "reps"})
_WEIGHT = re.compile(r"weight\s*\((.+)\)")
_FIGURE = re.compile(r"[-\d.,:]*", re.ASCII)
_FIGURES = frozenset({"weight", "weight kg", "weight lb", "reps", "distance", "time"})
_MOST_COMMAS = 20
"""More than these in one name or comment mean that the row is damaged."""


def _recognise(table: Table) -> Layout | None:
    columns = {_name(cell.casefold()): column for column, cell in enumerate(table.header)}
    weights = [name for name in ("weight", "weight kg", "weight lb") if name in columns]
    if not weights or not columns.keys() >= _NEEDED:
        return None
    if "weight" in weights:
        dialect = "fitnotes-unit-column" if "weight unit" in columns else "fitnotes-no-unit"
    else:
        dialect = "fitnotes-" + "-".join(name.removeprefix("weight ") for name in weights)
    return Layout(dialect=dialect, columns=columns)


def _name(cell: str) -> str:
    found = _WEIGHT.fullmatch(cell)
    unit = found and unit_named(found[1])
    return f"weight {unit}" if unit else cell


def _rows(table: Table, layout: Layout) -> Iterator[Row | Remark]:
    width = len(table.header)
    category = layout.columns["category"]
    categories = {values[category] for _, values in table.rows if len(values) == width}
    for line, values in table.rows:
        try:
            too_many = width < len(values) <= width + _MOST_COMMAS
            whole = _joined(values, layout, width, categories) if too_many else values
            yield _row(line, Cells(layout.columns, fitted(whole, width)))
        except RowError as error:
            yield Remark(line, str(error))


def _joined(values: list[str], layout: Layout, width: int, categories: set[str]) -> list[str]:
    """The row with the commas put back that its exercise's name and its comment were split at.

    Of the ways to share them out, the one counts that leaves figures where figures belong; of several, the one with a
    known category. Empty values that a spreadsheet has added are none of them.
    """
    if not any(values[width:]) and _fits(values[:width], layout):
        return values[:width]
    ways = [way for way in _ways(values, layout, width) if _fits(way, layout)]
    known = [way for way in ways if way[layout.columns["category"]] in categories]
    match known or ways:
        case [way]:
            return way
        case []:
            return values
        case _:
            raise RowError("It has commas without quotation marks, and can be read in more than one way.")


def _ways(values: list[str], layout: Layout, width: int) -> Iterator[list[str]]:
    name, extra = layout.columns["exercise"], len(values) - width
    comment = layout.columns.get("comment", layout.columns.get("notes"))
    for more in range(extra, -1, -1):
        way = [*values[:name], ",".join(values[name : name + more + 1]), *values[name + more + 1 :]]
        if len(way) == width:
            yield way
        elif comment is not None:
            end = comment + len(way) - width + 1
            yield [*way[:comment], ",".join(way[comment:end]).rstrip(","), *way[end:]]


def _fits(values: list[str], layout: Layout) -> bool:
    """Whether figures stand where figures belong, a weight has its unit, and something was done."""
    cells = Cells(layout.columns, values)
    if unit := cells["weight unit"]:
        fitting = unit_named(unit) is not None
    else:
        fitting = "weight unit" not in layout.columns or not cells["weight"]
    done = cells["reps"] or cells["distance"] or cells["time"]
    return fitting and bool(done) and all(_FIGURE.fullmatch(cells[name]) for name in _FIGURES)


def _row(line: int, cells: Cells) -> Row:
    weight, unit = _weight(cells)
    return Row(
        line=line,
        start=cells["date"],
        exercise=cells["exercise"],
        # A day has one list of sets per exercise, however they were mixed: its sets are numbered through.
        number=line,
        weight=weight,
        unit=unit,
        reps=cells["reps"],
        distance=cells["distance"],
        distance_unit=cells["distance unit"] or None,
        seconds=cells["time"],
        note=cells.text("comment") or cells.text("notes"),
    )


def _weight(cells: Cells) -> tuple[str, Unit | None]:
    if cells["weight kg"]:
        return cells["weight kg"], "kg"
    if cells["weight lb"]:
        return cells["weight lb"], "lb"
    written = cells["weight unit"]
    unit = unit_named(written)
    if written and unit is None:
        raise RowError(f"Its weight is in {written[:40]!r}, which is no known unit.")
    return cells["weight"], unit


# No row has an end: a day ends by itself.
FITNOTES = Format(app="fitnotes", title="FitNotes", recognise=_recognise, rows=_rows, end=wall_time)
