"""Files of what the body measures: Strong's, Hevy's and FitNotes' own.

- **Hevy**, ``measurement_data.csv``: one row per day, one column per site, the units in the names of the columns.
  Certain: four readers name the columns, and two parse ``15 Sep 2025, 00:00``; both ``weight_kg`` and ``weight_lbs``
  were seen. That girths may come in inches is a guess, which costs nothing.
- **FitNotes**, Body Tracker: one row per figure, with its unit. Certain: three readers and a writer agree.
- **Strong**: one row per figure: ``Date,Measurement Type,Value,Unit``, in some versions with ``Source``; in a German
  export only the first is translated. Two independent readers agree, but nobody has published a file, and how Strong
  spells all its sites isn't known: what isn't known here keeps the name it has.

Each figure of a row is read by itself; a row without any is skipped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from client_sdk.importers.clock import wall_time
from client_sdk.importers.errors import RowError
from client_sdk.importers.rows import Cells, Figure, Format, Layout, Remark, Table, fitted

_HEVY_COLUMN = re.compile(r"(.+)_(kg|lbs?|percent|cm|in|inches)")
_FITNOTES = frozenset({"date", "time", "measurement", "value", "unit"})
_STRONG = frozenset({"measurement type", "value"})


def _recognise_hevy(table: Table) -> Layout | None:
    columns = {name.casefold(): column for name, column in table.columns.items()}
    sites = [name for name in columns if _HEVY_COLUMN.fullmatch(name)]
    if "date" not in columns or not {"weight_kg", "weight_lbs"} & columns.keys() or "fat_percent" not in columns:
        return None
    return Layout(dialect="hevy-body", columns={name: columns[name] for name in ("date", *sites)})


def _hevy(table: Table, layout: Layout) -> Iterator[Figure | Remark]:
    for line, row in table.rows:
        try:
            cells = Cells(layout.columns, fitted(row, len(table.header)))
        except RowError as error:
            yield Remark(line, str(error))
            continue
        filled = [name for name in layout.columns if name != "date" and cells[name]]
        if not filled:
            yield Remark(line, "It measures nothing.")
        for name in filled:
            site, _, unit = name.rpartition("_")
            yield Figure(line=line, start=cells["date"], name=site, value=cells[name], unit=unit)


def _recognise_fitnotes(table: Table) -> Layout | None:
    columns = {name.casefold(): column for name, column in table.columns.items()}
    return Layout(dialect="fitnotes-body", columns=columns) if columns.keys() >= _FITNOTES else None


def _recognise_strong(table: Table) -> Layout | None:
    columns = {name.casefold(): column for name, column in table.columns.items()}
    if not columns.keys() >= _STRONG or "time" in columns:
        return None
    day = columns.get("date", 0)
    if day in {columns["measurement type"], columns["value"]}:
        return None
    return Layout(dialect="strong-body", columns={**columns, "date": day, "measurement": columns["measurement type"]})


def _listed(table: Table, layout: Layout) -> Iterator[Figure | Remark]:
    """One figure per row."""
    for line, row in table.rows:
        try:
            cells = Cells(layout.columns, fitted(row, len(table.header)))
        except RowError as error:
            yield Remark(line, str(error))
            continue
        yield Figure(
            line=line,
            start=f"{cells['date']} {cells['time']}".strip(),
            name=cells["measurement"],
            value=cells["value"],
            unit=cells["unit"] or None,
            note=cells.text("comment"),
        )


HEVY_BODY = Format(app="hevy", title="Hevy", tells=("body",), recognise=_recognise_hevy, rows=_hevy, end=wall_time)
FITNOTES_BODY = Format(
    app="fitnotes", title="FitNotes", tells=("body",), recognise=_recognise_fitnotes, rows=_listed, end=wall_time
)
STRONG_BODY = Format(
    app="strong", title="Strong", tells=("body",), recognise=_recognise_strong, rows=_listed, end=wall_time
)
