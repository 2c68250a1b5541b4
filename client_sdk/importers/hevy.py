"""Hevy: units in the names of the columns, newest session first, minutes without a zone, months by name."""

from __future__ import annotations

from collections.abc import Iterator

from client_sdk.importers.clock import wall_time
from client_sdk.importers.errors import RowError
from client_sdk.importers.rows import Cells, Format, Layout, Remark, Row, Table, counted, fitted
from events.quantities import Unit
from events.training import SetKind

_NEEDED = frozenset({"title", "start_time", "exercise_title", "set_type", "reps"})
_WEIGHTS: dict[str, Unit] = {"weight_kg": "kg", "weight_lbs": "lb"}
_DISTANCES = {"distance_km": "km", "distance_miles": "mi", "distance_meters": "m"}
_KINDS: dict[str, SetKind] = {"normal": "working", "warmup": "warm_up", "dropset": "drop", "failure": "failure"}


def _recognise(table: Table) -> Layout | None:
    columns = {name.casefold(): column for column, name in enumerate(table.header)}
    weight = next((name for name in _WEIGHTS if name in columns), None)
    if weight is None or not columns.keys() >= _NEEDED:
        return None
    distance = next((name for name in _DISTANCES if name in columns), None)
    units = [name.partition("_")[2] for name in (weight, distance) if name]
    return Layout(
        dialect="-".join(["hevy", *units]),
        columns={
            **columns,
            "weight": columns[weight],
            **({"distance": columns[distance]} if distance else {}),
        },
        unit=_WEIGHTS[weight],
        distance_unit=_DISTANCES[distance] if distance else None,
    )


def _rows(table: Table, layout: Layout) -> Iterator[Row | Remark]:
    for line, values in table.rows:
        try:
            yield _row(line, Cells(layout.columns, fitted(values, len(table.header))), layout)
        except RowError as error:
            yield Remark(line, str(error))


def _row(line: int, cells: Cells, layout: Layout) -> Row:
    set_type = cells["set_type"].casefold()
    if set_type not in _KINDS:
        raise RowError(f"Its set type, {set_type[:40]!r}, is not known.")
    return Row(
        line=line,
        start=cells["start_time"],
        title=cells["title"],
        end=cells["end_time"],
        session_note=cells.text("description"),
        exercise=cells["exercise_title"],
        number=counted(cells["set_index"]),
        kind=_KINDS[set_type],
        weight=cells["weight"],
        unit=layout.unit,
        reps=cells["reps"],
        distance=cells["distance"],
        distance_unit=layout.distance_unit,
        seconds=cells["duration_seconds"],
        rpe=cells["rpe"],
        superset=cells["superset_id"],
        exercise_note=cells.text("exercise_notes"),
    )


HEVY = Format(app="hevy", title="Hevy", recognise=_recognise, rows=_rows, end=wall_time)
