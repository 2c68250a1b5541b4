"""Fitbod: one row per set, kilograms whatever was typed, all sets of a workout under one time, in UTC.

    Date,Exercise,Reps,Weight(kg),Duration(s),Distance(m),Incline,Resistance,isWarmup,Note,multiplier
    2026-02-01 06:00:00 +0000,Deadlift, 5, 140.0, 0.0, 0.0, 0.0, 0.0,false,,1.0

Certain, for several converters read it so and quote their authors' exports: the columns, the time with its distance
from UTC, the warm-ups, that pounds come out as kilograms (45.359237), and the other table, which support mails to
Android's users (``date``, ``exercise_name``, ``weight_kg``: days without a time). A header with ``Weight(lbs)`` was
seen by one. Uncertain: ``multiplier`` is 2 where two dumbbells of the weight are held, as is read here; and what
incline and resistance are counted in: they are kept as words in the set's note.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from client_sdk.importers import values
from client_sdk.importers.clock import wall_time
from client_sdk.importers.errors import RowError
from client_sdk.importers.rows import Cells, Format, Layout, Remark, Row, Table, fitted, unit_named

_NEEDED = frozenset({"date", "exercise", "reps", "weight", "iswarmup"})
_NAMES = {"exercise_name": "exercise", "duration_seconds": "duration(s)", "distance_meters": "distance(m)"}
_WEIGHT = re.compile(r"weight(?:\((\w+)\)|_(\w+))")


def _recognise(table: Table) -> Layout | None:
    columns: dict[str, int] = {}
    unit = None
    for name, column in table.columns.items():
        plain = name.casefold().replace(" ", "")
        if found := _WEIGHT.fullmatch(plain):
            unit, plain = unit_named(found[1] or found[2]), "weight"
        columns[_NAMES.get(plain, plain)] = column
    if unit is None or not columns.keys() >= _NEEDED:
        return None
    return Layout(
        dialect=f"fitbod-{unit}" if "duration(s)" in columns and "multiplier" in columns else f"fitbod-mailed-{unit}",
        columns=columns,
        unit=unit,
        distance_unit="m",
    )


def _rows(table: Table, layout: Layout) -> Iterator[Row | Remark]:
    for line, row in table.rows:
        try:
            yield _row(line, Cells(layout.columns, fitted(row, len(table.header))), layout)
        except RowError as error:
            yield Remark(line, str(error))


def _row(line: int, cells: Cells, layout: Layout) -> Row:
    settings = [
        f"{name.capitalize()}: {cells[name]}" for name in ("incline", "resistance") if not values.is_zero(cells[name])
    ]
    return Row(
        line=line,
        start=cells["date"],
        exercise=cells["exercise"],
        # A workout has one list of sets per exercise, however supersets mixed them.
        number=line,
        kind="warm_up" if cells["iswarmup"].casefold() in {"true", "1"} else "working",
        weight=cells["weight"],
        unit=layout.unit,
        implements=_implements(cells["multiplier"]),
        reps=cells["reps"],
        distance=cells["distance(m)"],
        distance_unit=layout.distance_unit,
        seconds=cells["duration(s)"],
        note="\n".join(filter(None, (cells.text("note"), *settings))),
    )


def _implements(multiplier: str) -> Literal[1, 2] | None:
    return 2 if multiplier.removesuffix(".0") == "2" else None


# No row has an end.
FITBOD = Format(app="fitbod", title="Fitbod", recognise=_recognise, rows=_rows, end=wall_time)
