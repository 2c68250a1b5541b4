"""Strong: commas without units and without zone, later semicolons with units, in the language of the phone.

The header is known by its English names in any order. In another language it is known by the order of its columns
and the shape of what stands in them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from client_sdk.importers.clock import duration, wall_time
from client_sdk.importers.errors import RowError
from client_sdk.importers.rows import Cells, Format, Layout, Remark, Row, Table, counted, fitted, unit_named
from client_sdk.importers.values import length_named, seconds
from events.training import MAX_SECONDS, SetKind

_NEEDED = frozenset({"date", "workout name", "exercise name", "set order", "weight", "reps"})
_OLD = "date,workout name,duration,exercise name,set order,weight,reps,distance,seconds,notes,workout notes,rpe"
_WITH_UNITS = (
    "date,workout name,exercise name,set order,weight,weight unit,reps,rpe,distance,distance unit,seconds,notes"
    ",workout notes"
)
_NEW = (
    "workout #,date,workout name,duration_s,exercise name,set order,weight,reps,rpe,distance,seconds,notes"
    ",workout notes"
)
_ORDERS = tuple(order.split(",") for order in (_OLD, _WITH_UNITS, f"{_WITH_UNITS},duration", _NEW))
_LOOKED_AT = 20
"""How many rows must bear out that a header in another language has a known order."""

_KINDS: dict[str, SetKind] = {"w": "warm_up", "d": "drop", "f": "failure"}
_NUMBER = re.compile(r"-?\d*(?:[.,]\d+)?", re.ASCII)


def _recognise(table: Table) -> Layout | None:
    names = [_split(cell) for cell in table.header]
    columns = {_role(name, unit): column for column, (name, unit) in enumerate(names)}
    translated = not columns.keys() >= _NEEDED
    if translated:
        order = next((order for order in _ORDERS if _bears_out(table, order)), None)
        if order is None:
            return None
        columns = {name: column for column, name in enumerate(order)}
    separator = "comma" if table.delimiter == "," else "semicolon"
    distance = columns.get("distance")
    return Layout(
        dialect=f"strong-{separator}-translated" if translated else f"strong-{separator}",
        columns=columns,
        unit=unit_named(names[columns["weight"]][1]),
        distance_unit=None if distance is None else length_named(names[distance][1]),
    )


def _split(cell: str) -> tuple[str, str]:
    """The name of a column and the unit that stands behind it in brackets."""
    name, _, unit = cell.casefold().partition("(")
    return name.strip(), unit.rstrip(") ")


def _role(name: str, unit: str) -> str:
    if name in {"duration", "workout duration"}:
        return "duration_s" if unit.startswith("s") else "duration"
    return name


def _bears_out(table: Table, order: list[str]) -> bool:
    if len(order) != len(table.header):
        return False
    rows = [values for _, values in table.rows[:_LOOKED_AT] if len(values) == len(order)]
    return bool(rows) and all(
        _shaped(name, value.strip()) for row in rows for name, value in zip(order, row, strict=True)
    )


def _shaped(name: str, value: str) -> bool:
    match name:
        case "date":
            return wall_time(value) is not None
        case "exercise name" | "set order":
            return bool(value)
        case "workout #" | "duration_s" | "weight" | "reps" | "distance" | "seconds" | "rpe":
            return _NUMBER.fullmatch(value) is not None
        case "weight unit":
            return not value or unit_named(value) is not None
        case "distance unit":
            return not value or length_named(value) is not None
        case _:
            return True


class _Waiting(msgspec.Struct):
    """Rest timers and notes that wait for the next set of their exercise, with their lines."""

    of: tuple[str, str, str] | None = None
    rest_s: int | None = None
    notes: list[str] = []
    lines: list[tuple[int, str]] = []

    def settled(self, where: str) -> list[Remark]:
        """What has become of the rows that waited."""
        return [Remark(line, f"{what}, {where}") for line, what in self.lines]


def _rows(table: Table, layout: Layout) -> Iterator[Row | Remark]:
    waiting = _Waiting()
    for line, values in table.rows:
        try:
            cells = Cells(layout.columns, fitted(values, len(table.header)))
            exercise = (cells["date"], cells["workout name"], cells["exercise name"])
            if waiting.of != exercise:
                yield from waiting.settled("but no set of the exercise follows: left out.")
                waiting = _Waiting(exercise)
            match cells["set order"].casefold():
                case "rest timer":
                    waiting.rest_s = seconds(cells["seconds"], "Seconds", MAX_SECONDS) or None
                    waiting.lines.append((line, "It is a rest timer"))
                case "note":
                    waiting.notes.append(cells.text("notes"))
                    waiting.lines.append((line, "It is a note"))
                case order:
                    yield _row(line, cells, layout, order, waiting)
                    yield from waiting.settled(f"kept with the set on line {line}.")
                    waiting = _Waiting(exercise)
        except RowError as error:
            yield Remark(line, str(error))
    yield from waiting.settled("but no set of the exercise follows: left out.")


def _row(line: int, cells: Cells, layout: Layout, order: str, waiting: _Waiting) -> Row:
    number = counted(order)
    if number is None and order not in _KINDS:
        raise RowError(f"Its set order, {order[:40]!r}, is neither a number nor W, D or F.")
    unit = layout.unit
    if written := cells["weight unit"]:
        unit = unit_named(written)
        if unit is None:
            raise RowError(f"Its weight is in {written[:40]!r}, which is no known unit.")
    return Row(
        line=line,
        start=cells["date"],
        title=cells["workout name"],
        end=f"{cells['duration_s'].removesuffix('.0')}s" if cells["duration_s"] else cells["duration"],
        session_note=cells.text("workout notes"),
        exercise=cells["exercise name"],
        number=number,
        kind=_KINDS.get(order, "working"),
        weight=cells["weight"],
        unit=unit,
        reps=cells["reps"],
        distance=cells["distance"],
        distance_unit=cells["distance unit"] or layout.distance_unit,
        seconds=cells["seconds"],
        rest_s=waiting.rest_s,
        rpe=cells["rpe"],
        note="\n".join(filter(None, (*waiting.notes, cells.text("notes")))),
    )


STRONG = Format(app="strong", title="Strong", recognise=_recognise, rows=_rows, end=duration)
