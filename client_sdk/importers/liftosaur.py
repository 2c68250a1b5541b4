"""Liftosaur: one row per set that was planned, done or not, with what was asked for and what came of it, in UTC.

Certain: the app's source is public (``History_exportAsCSV``), and says that the two columns of reps, RPE and weight
are what the program asked for and what was completed; that the notes of an exercise stand on each of its rows; that
warm-ups and sets for as many reps as possible are marked 1; and that older versions had one weight and one RPE. A set
without completed reps was not done. A workout's end is no column: it is when the last of its sets was completed, as
the app's own import takes it. Of one-sided lifts the app exports the reps of one side only. The program as such, and
the JSON backup, are not read.
"""

from __future__ import annotations

from collections.abc import Iterator

from client_sdk.importers.clock import wall_time
from client_sdk.importers.errors import RowError
from client_sdk.importers.rows import Cells, Format, Layout, Remark, Row, Table, fitted, unit_named
from events.quantities import Unit
from events.training import SetKind

_NEEDED = frozenset({"workout datetime", "exercise", "is warmup set?", "completed reps"})
_OLD = {"weight value": "completed weight value", "weight unit": "completed weight unit", "rpe": "completed rpe"}
_DONE = "completed reps time"


def _recognise(table: Table) -> Layout | None:
    columns = {name.casefold(): column for name, column in table.columns.items()}
    if not columns.keys() >= _NEEDED:
        return None
    old = "weight value" in columns
    if old:
        columns |= {new: columns[name] for name, new in _OLD.items() if name in columns}
    return Layout(dialect="liftosaur-one-weight" if old else "liftosaur", columns=columns)


def _rows(table: Table, layout: Layout) -> Iterator[Row | Remark]:
    ends = _ends(table, layout)
    for line, row in table.rows:
        try:
            cells = Cells(layout.columns, fitted(row, len(table.header)))
            yield _row(line, cells, ends.get(cells["workout datetime"], ""))
        except RowError as error:
            yield Remark(line, str(error))


def _ends(table: Table, layout: Layout) -> dict[str, str]:
    """By start of a workout: when the last of its sets was completed."""
    ends: dict[str, str] = {}
    for _, row in table.rows:
        if len(row) == len(table.header):
            cells = Cells(layout.columns, row)
            start, done = cells["workout datetime"], cells[_DONE]
            # Moments in UTC of one form sort as text; what is of another form is no end.
            if done.endswith("Z") and len(done) == len(start) and wall_time(done) is not None:
                ends[start] = max(ends.get(start, ""), done)
    return ends


def _row(line: int, cells: Cells, end: str) -> Row:
    if not cells["completed reps"]:
        raise RowError("It was planned and not done: it has no completed reps.")
    return Row(
        line=line,
        start=cells["workout datetime"],
        title=", ".join(filter(None, (cells["program"], cells["day name"]))),
        end=end,
        exercise=cells["exercise"],
        kind=_kind(cells),
        weight=cells["completed weight value"],
        unit=_unit(cells["completed weight unit"]),
        reps=cells["completed reps"],
        rpe=cells["completed rpe"],
        exercise_note=cells.text("notes"),
    )


def _kind(cells: Cells) -> SetKind:
    if cells["is warmup set?"] == "1":
        return "warm_up"
    return "amrap" if cells["is amrap?"] == "1" else "working"


def _unit(written: str) -> Unit | None:
    unit = unit_named(written)
    if written and unit is None:
        raise RowError(f"Its weight is in {written[:40]!r}, which is no known unit.")
    return unit


LIFTOSAUR = Format(app="liftosaur", title="Liftosaur", recognise=_recognise, rows=_rows, end=wall_time)
