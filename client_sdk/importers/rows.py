"""What the dialects have in common: a set or a figure of the body, with its values still as the file spells them.

bytes ──tables──▶ Table, Table … ──strong, hevy, jefit …──▶ Row │ Figure │ Remark ──assembly──▶ facts
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from client_sdk.importers.errors import RowError
from events.quantities import Unit
from events.training import SetKind

Tells = Literal["training", "body"]
"""What a file is about: with what was trained, or with what the body measures."""


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """Rows under a header.

    ``rows`` are the rows below the header, each with the line on which it begins; blank lines are none. In a database
    the number of a row stands for its line.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[int, list[str]], ...]
    delimiter: str = ","
    encoding: str = "utf-8"

    @property
    def columns(self) -> dict[str, int]:
        """Where each column stands, by its name as it is spelled."""
        return {name: column for column, name in enumerate(self.header)}


class Remark(msgspec.Struct, frozen=True, gc=False, order=True):
    """Something to know about one row: the line on which it begins, and a sentence."""

    line: int
    reason: str


class Row(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A set as the file spells it; text that the file doesn't have is empty.

    ``start``, ``title`` and ``end`` are those of its session, which is named by its start; ``began`` says when that
    was, where the file tells more exactly than that. ``number`` is its place among the sets of the exercise, where
    the file gives one: it begins anew where the exercise does. ``exercise_note`` belongs to the exercise's first set.
    A unit of None is one that the file leaves open.
    """

    line: int
    start: str
    title: str = ""
    began: str = ""
    end: str = ""
    session_note: str = ""
    exercise: str
    number: int | None = None
    kind: SetKind = "working"
    weight: str = ""
    unit: Unit | None = None
    implements: Literal[1, 2] | None = None
    reps: str = ""
    distance: str = ""
    distance_unit: str | None = None
    seconds: str = ""
    rest_s: int | None = None
    rpe: str = ""
    superset: str = ""
    note: str = ""
    exercise_note: str = ""


class Figure(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Something that was measured of the body, as the file spells it: when, what, how much.

    ``name`` is what the app calls it, without its unit. A unit of None is one that the file leaves open.
    """

    line: int
    start: str
    name: str
    value: str
    unit: str | None
    note: str = ""


class Layout(msgspec.Struct, frozen=True, kw_only=True):
    """Where a dialect keeps what: the column of each name, and what the header says about units.

    ``beside`` are all tables of the file, where it holds several.
    """

    dialect: str
    columns: Mapping[str, int]
    unit: Unit | None = None
    distance_unit: str | None = None
    beside: Mapping[str, Table] = {}


class Format(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be known about an app's exports.

    An app may have several, for training and for the body, as text and as a backup: what they share, they name alike.
    ``recognise`` gives the layout of a file of this app, ``rows`` what is in it: a set, a figure or a remark for
    whatever stands there. ``table`` is the table by which a file of several is known. ``end`` reads the end of a
    session, as a moment on the lifter's clock or as the time it took.
    """

    app: str
    title: str
    tells: tuple[Tells, ...] = ("training",)
    table: str = ""
    recognise: Callable[[Table], Layout | None]
    rows: Callable[[Table, Layout], Iterator[Row | Figure | Remark]]
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
