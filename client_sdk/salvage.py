"""What can still be read of a damaged ledger file: by SQL around bad pages, and by carving out of the raw bytes.

A row of ledger or outbox lies in the file as SQLite's record, in one piece with the event's canonical JSON at its end:

    size of header, types of position · replica · seq · received · skew · event │ replica, seq, received, skew, event
    08 or 09        00                  55 (36 letters)                         │ 3f1c9a52-…            {"at":17638…}

so a scan for that header finds rows that no page of the tree leads to any more, and a scan for ``{"at":`` finds events
whose header is damaged. What is too long for its page goes on in others, of which the first is named behind it.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from client_sdk.store import Row
from client_sdk.wal import DEFAULT_PAGE_BYTES, committed, frames_of, page_bytes

_MOST_COMPLAINTS = 20
_TABLES = (("ledger", "position"), ("outbox", "place"))


def rows_of(db: sqlite3.Connection) -> Iterator[Row]:
    """All rows of ledger and outbox that SQLite can get at, in order."""
    for table, key in _TABLES:
        for number, replica, seq, received, skew, kept in _scanned(db, table, key):
            yield Row(
                kept=kept,
                replica=replica.decode(errors="replace") if isinstance(replica, bytes) else replica,
                seq=seq,
                received=received,
                skew=skew,
                position=number if key == "position" else None,
                place=number if key == "place" else None,
            )


def complaints_of(db: sqlite3.Connection) -> list[str]:
    """What SQLite finds wrong with the file."""
    try:
        rows = [str(row[0]) for row in db.execute(f"PRAGMA integrity_check({_MOST_COMPLAINTS})")]
    except sqlite3.DatabaseError as error:
        return [f"SQLite can't read the file: {error}."]
    lines = [line for row in rows for line in row.splitlines() if line != "ok" and not line.startswith("*** in")]
    return [f"SQLite says: {line}." for line in lines[:_MOST_COMPLAINTS]]


def _scanned(db: sqlite3.Connection, table: str, key: str) -> Iterator[tuple[Any, ...]]:
    """Forward up to the first bad page, backward to the last, and between them one by one."""
    query = f"SELECT {key}, CAST(replica AS BLOB), seq, received, skew, CAST(event AS BLOB) FROM {table}"  # noqa: S608  # our own names
    last, whole = None, True
    try:
        for row in db.execute(f"{query} ORDER BY {key}"):
            last = row[0]
            yield row
    except sqlite3.DatabaseError:
        whole = False
    if whole:
        return
    behind: list[tuple[Any, ...]] = []
    try:
        for row in db.execute(
            f"{query} WHERE {key} > ? ORDER BY {key} DESC", (_BEFORE_ALL if last is None else last,)
        ):
            behind.append(row)
    except sqlite3.DatabaseError:
        pass
    if last is not None and behind:
        for number in range(last + 1, min(behind[-1][0], last + _MOST_LOOKUPS)):
            try:
                yield from db.execute(f"{query} WHERE {key} = ?", (number,)).fetchall()
            except sqlite3.DatabaseError:
                continue
    yield from reversed(behind)


_BEFORE_ALL = -(2**62)
_MOST_LOOKUPS = 100_000
