"""What the dialects have in common: a row of a set, with its values still as the file spells them.

bytes ──tables──▶ Table ──strong, hevy, fitnotes──▶ Row │ Remark ──reading──▶ facts
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta

import msgspec

from client_sdk.importers.errors import RowError
from client_sdk.importers.tables import Table
from events.quantities import Unit
from events.training import SetKind


class Remark(msgspec.Struct, frozen=True, gc=False, order=True):
    """Something to know about one row: the line on which it begins, and a sentence."""

    line: int
    reason: str


class Row(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A set as the file spells it; text that the file doesn't have is empty.

    ``start``, ``title`` and ``end`` are those of its session. ``number`` is its place among the sets of the
    exercise, where the file gives one: it begins anew where the exercise does. ``exercise_note`` belongs to the
    exercise's first set. A unit of None is one that the file leaves open.
    """

    line: int
    start: str
    title: str = ""
    end: str = ""
    session_note: str = ""
    exercise: str
    number: int | None = None
    kind: SetKind = "working"
    weight: str = ""
    unit: Unit | None = None
    reps: str = ""
    distance: str = ""
    distance_unit: str | None = None
    seconds: str = ""
    rest_s: int | None = None
    rpe: str = ""
    superset: str = ""
    note: str = ""
    exercise_note: str = ""


class Layout(msgspec.Struct, frozen=True, kw_only=True):
    """Where a dialect keeps what: the column of each name, and what the header says about units."""

    dialect: str
    columns: Mapping[str, int]
    unit: Unit | None = None
    distance_unit: str | None = None


class Format(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be known about an app's exports.

    ``recognise`` gives the layout of a file of this app, ``rows`` what is in it: one row or remark per row of the
    table. ``end`` reads the end of a session, as a moment on the lifter's clock or as the time it took.
    """

    app: str
    title: str
    recognise: Callable[[Table], Layout | None]
    rows: Callable[[Table, Layout], Iterator[Row | Remark]]
    end: Callable[[str], datetime | timedelta | None]


class Cells(msgspec.Struct, frozen=True, gc=False):
    """One row of a table, by the names of its columns."""

    columns: Mapping[str, int]
    values: list[str]

    def __getitem__(self, name: str) -> str:
        column = self.columns.get(name)
        return "" if column is None else self.values[column].strip()

    def text(self, name: str) -> str:
        """Free words. Apps that keep a row on one line spell a line break as a backslash and an n."""
        return self[name].replace("\\r", "").replace("\\n", "\n").strip()


def fitted(values: list[str], width: int) -> list[str]:
    """The row with as many values as the header has columns; a spreadsheet may have added empty ones.

    Raises:
        RowError: where there are more or fewer.
    """
    if len(values) > width and not any(values[width:]):
        return values[:width]
    if len(values) != width:
        raise RowError(f"It has {len(values)} values where the header has {width} columns.")
    return values


def counted(number: str) -> int | None:
    """The place of a set as a number, which some apps print as ``1.0``; None for anything else."""
    digits = number.removesuffix(".0")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 6 else None  # noqa: PLR2004  # no longer number is meant


def unit_named(text: str) -> Unit | None:
    """The unit of mass that an app calls so."""
    return _UNITS.get(text.strip().casefold().rstrip("."))


_UNITS: dict[str, Unit] = {
    **dict.fromkeys(("kg", "kgs", "kilo", "kilos", "kilogram", "kilograms"), "kg"),
    **dict.fromkeys(("lb", "lbs", "pound", "pounds"), "lb"),
}
