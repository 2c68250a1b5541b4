"""A backup that is an SQLite database, as tables of text.

It is read from its bytes in memory, so the file is never touched, and nothing in it is run: only plain tables count,
views and virtual tables don't.
"""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal

from client_sdk.importers.errors import ImportFileError
from client_sdk.importers.rows import Table

MAGIC = b"SQLite format 3\0"
"""How every such file begins."""

_READ_AND_WRITE_VERSIONS = slice(18, 20)
_ROLLBACK_JOURNAL = b"\1\1"
_STEPS_BETWEEN_LOOKS = 100_000
_MOST_LOOKS = 2_000
"""A sound backup of a lifetime takes a tenth of these steps; a damaged one may lead round in circles."""

_PLAIN_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE 'CREATE TABLE%' ORDER BY name"
_ID = "_id"


def tables_of_database(data: bytes) -> dict[str, Table]:
    """The tables of a database by name, each row with its ``_id``, else with its place.

    Raises:
        ImportFileError: where the database is damaged, with what is wrong.
    """
    with closing(sqlite3.connect(":memory:")) as connection:
        try:
            return dict(_tables(connection, data))
        except (sqlite3.Error, MemoryError, OverflowError, ValueError) as error:
            raise _damaged(str(error)) from error


def _tables(connection: sqlite3.Connection, data: bytes) -> Iterator[tuple[str, Table]]:
    image = bytearray(data)
    # In memory there is no write-ahead log beside it, which its header may ask for.
    image[_READ_AND_WRITE_VERSIONS] = _ROLLBACK_JOURNAL
    connection.deserialize(bytes(image))
    connection.text_factory = lambda text: text.decode("utf-8", "replace")
    looks = iter(range(_MOST_LOOKS))
    connection.set_progress_handler(lambda: next(looks, None) is None, _STEPS_BETWEEN_LOOKS)
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA query_only = ON")
    [(verdict,)] = connection.execute("PRAGMA quick_check(1)").fetchall()
    if verdict != "ok":
        raise _damaged(str(verdict))
    for (name,) in connection.execute(_PLAIN_TABLES).fetchall():
        quoted = str(name).replace('"', '""')
        cursor = connection.execute(f'SELECT * FROM "{quoted}"')  # noqa: S608  # the name is the database's own
        header = tuple(column for column, *_ in cursor.description)
        id_column = header.index(_ID) if _ID in header else None
        rows = tuple(_row(place, values, id_column) for place, values in enumerate(cursor, 1))
        yield str(name), Table(header=header, rows=rows)


def _row(place: int, values: tuple[object, ...], id_column: int | None) -> tuple[int, list[str]]:
    number = place if id_column is None else values[id_column]
    return number if isinstance(number, int) and number > 0 else place, [_text(value) for value in values]


def _text(value: object) -> str:
    """A value as an app would write it: figures in full, never with an exponent."""
    match value:
        case str():
            return value
        case int():
            return str(value)
        case float() if math.isfinite(value):
            return format(Decimal(repr(value)), "f")
        case _:
            return ""


def _damaged(what: str) -> ImportFileError:
    return ImportFileError(
        f"This backup is a damaged database: {what[:200].strip().rstrip('.')}.",
        "Make the backup again in the app, and copy it over whole.",
    )
