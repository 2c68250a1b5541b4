"""Any report as a table for spreadsheets: CSV as RFC 4180 has it, in UTF-8.

A report's lists are its tables. A table is named by its key, and by default it is the first that the report has; one
inside the rows of another is named by the way to it, as ``sessions.exercises.sets``, and its rows repeat what they
lie in. What one row holds becomes columns:

    {"exercises": [{"name": "Squat", "heaviest": {"load": {"milli": 102500, "unit": "kg"}, "reps": 8},
                    "timeline": [{…}, …]}, …]}

    name,heaviest.load,heaviest.load.unit,heaviest.reps,timeline
    Squat,102.5,kg,8,[…]

- an object becomes columns with dots in their names; a quantity as it was typed is a number and its unit;
- a list that no way leads into stays JSON in one cell; of what a row lies in, lists are left out;
- an object of objects, as the muscles of a week, is a table, too: its keys are the column that bears its name;
- null is an empty cell, and no rows are no text at all.

Text can be anybody's: where it begins as a formula does, an apostrophe is put before it, which spreadsheets take off
again. Numbers are never text, so a minus sign of theirs stays as it is.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any, TypeGuard

import msgspec

from events import UnknownNameError
from events.quantities import milli_text

FORMULAS = ("=", "+", "-", "@", "\t", "\r")
"""How text begins that a spreadsheet would take for a formula."""

Row = dict[str, Any]

_QUANTITY = {"milli", "unit"}


def sheet(report: dict[str, Any], name: str | None = None) -> bytes:
    """One table of a report as CSV, its columns in the order in which they first occur.

    Args:
        report: Any report.
        name: The way to the table, with dots; the report's first list by default.

    Raises:
        UnknownNameError: where the report has no such table.
    """
    rows = _rows(report, name)
    columns = list(dict.fromkeys(column for row in rows for column in row))
    objects = {column.rpartition(".")[0] for column in columns}  # which are null in some rows
    columns = [column for column in columns if column not in objects or any(row.get(column) for row in rows)]
    if not columns:
        return b""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(map(_cell, columns))
    writer.writerows([_cell(row.get(column)) for column in columns] for row in rows)
    return text.getvalue().encode()


def tables(report: dict[str, Any]) -> list[str]:
    """The names of the tables of a report that have rows, and of its first, the outer before the inner."""
    first = _first(report)
    found = list(dict.fromkeys(_ways(report)))
    return found if first is None or first in found else [first, *found]


def _rows(report: dict[str, Any], name: str | None) -> list[Row]:
    wanted = _first(report) if name is None else name
    if wanted is None:
        return [_flat({key: value for key, value in report.items() if not isinstance(value, list)})]
    if wanted not in tables(report) and not isinstance(report.get(wanted), list):
        known = tables(report)
        step = f"Take one of {', '.join(known)}." if known else "It has none."
        raise UnknownNameError(f"The report {report['report']} has no table {wanted!r} with rows.", (), step)
    way = wanted.split(".")
    level: list[tuple[Row, Any]] = [({}, report)]
    for depth, key in enumerate(way):
        ahead = way[depth + 1] if depth + 1 < len(way) else None
        prefix = ".".join(way[1 : depth + 1])
        level = [
            (outer | _flat(_without(member, ahead), prefix, own=key), member)
            for outer, holder in level
            for member in _members(holder.get(key))
        ]
    return [row for row, _ in level]


def _first(report: dict[str, Any]) -> str | None:
    lists = (key for key, value in report.items() if isinstance(value, list))
    return next(lists, next((key for key, value in report.items() if _is_keyed(value)), None))


def _ways(holder: Row, prefix: str = "") -> Iterator[str]:
    """The ways to all tables within an object that have rows."""
    inner = []
    for key, value in holder.items():
        members = _members(value)
        if members:
            yield prefix + key
        inner += [(member, f"{prefix}{key}.") for member in members]
    for member, way in inner:
        yield from _ways(member, way)


def _members(value: object) -> list[Row]:
    """The rows that a list, or an object of objects, holds; ``""`` is the column that bears the table's own name."""
    if isinstance(value, list):
        return [member if isinstance(member, dict) else {"": member} for member in value]
    return [{"": key} | member for key, member in value.items()] if _is_keyed(value) else []


def _is_keyed(value: object) -> TypeGuard[dict[str, Row]]:
    return isinstance(value, dict) and bool(value) and all(isinstance(member, dict) for member in value.values())


def _without(member: Row, ahead: str | None) -> Row:
    """What a row says of itself, where the way leads on: nothing of its lists, nor of where the way goes."""
    if ahead is None:
        return member
    return {key: value for key, value in member.items() if key != ahead and not isinstance(value, list)}


def _flat(value: Row, prefix: str = "", own: str = "") -> Row:
    columns: Row = {}
    for key, member in value.items():
        column = (prefix or own) if not key else f"{prefix}.{key}" if prefix else key
        if not isinstance(member, dict):
            columns[column] = member
        elif member.keys() == _QUANTITY:
            columns |= {column: _Number(milli_text(member["milli"])), f"{column}.unit": member["unit"]}
        else:
            columns |= _flat(member, column)
    return columns


class _Number(str):
    """The digits of a number, which are no text."""

    __slots__ = ()


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case _Number() | int():
            return str(value)
        case str():
            return f"'{value}" if value.startswith(FORMULAS) else value
        case _:
            return msgspec.json.encode(value, order="sorted").decode()
