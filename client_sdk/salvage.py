"""What can still be read of a damaged ledger file: by SQL around bad pages, and by carving out of the raw bytes.

A row of ledger or outbox lies in the file as SQLite's record, in one piece, with the event's canonical JSON last:

    size of header, types of position · replica · seq · received · skew · event │ replica, seq, received, skew, event
    08 or 09        00                  55 (36 letters)                         │ 3f1c9a52-…            {"at":17638…}

so a scan for that header finds rows that no page of the tree leads to any more, and a scan for ``{"at":`` those whose
header is damaged. What is too long for its page goes on in others, of which the first is named behind it.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec

from client_sdk.store import Aside, Row, stamp_of
from client_sdk.wal import HEADER_BYTES, frames_of, page_bytes

UNREADABLE = (sqlite3.DatabaseError, UnicodeDecodeError)
"""What reading a damaged file comes to; the names of tables and columns are text in it, too."""

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
    except UNREADABLE as error:
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
    except UNREADABLE:
        whole = False
    if whole:
        return
    behind: list[tuple[Any, ...]] = []
    try:
        for row in db.execute(
            f"{query} WHERE {key} > ? ORDER BY {key} DESC", (_BEFORE_ALL if last is None else last,)
        ):
            behind.append(row)  # noqa: PERF402  # what was read stays, whatever follows
    except UNREADABLE:
        pass
    if last is not None and behind:
        for number in range(last + 1, min(behind[-1][0], last + _MOST_LOOKUPS)):
            try:
                yield from db.execute(f"{query} WHERE {key} = ?", (number,)).fetchall()
            except UNREADABLE:
                continue
    yield from reversed(behind)


_BEFORE_ALL = -(2**62)
_MOST_LOOKUPS = 100_000


class Salvaged(msgspec.Struct, frozen=True):
    """What was read of a damaged file: ``local`` and ``erased`` as far as they could be."""

    local: dict[str, Any]
    erased: set[str]
    aside: list[Aside]
    rows: list[Row]
    """Those that SQLite could get at, in order."""
    carved: list[Row]
    """Those that lie in the bytes: the same once more, former states of them, and those that SQLite can't get at."""


def salvage(path: Path, first_page: bytes) -> Salvaged:
    """Reads what can be read of a ledger file and the log beside it, which may be damaged in any way.

    Args:
        path: A copy, which may be changed.
        first_page: That of a new ledger file: it holds what tables there are, and where.
    """
    log = path.with_name(path.name + "-wal")
    data = path.read_bytes() if path.exists() else b""
    carved = list(carve(data, log.read_bytes() if log.exists() else b""))
    whole = len(data) >= len(first_page)
    if whole:
        path.write_bytes(first_page[:_CONSTANT_BYTES] + data[_CONSTANT_BYTES:])
    found = _read(path, carved)
    if not found.local and whole:
        path.write_bytes(first_page + data[len(first_page) :])
        found = _read(path, carved)
    return found


def _read(path: Path, carved: list[Row]) -> Salvaged:
    db = sqlite3.connect(path, isolation_level=None)
    db.text_factory = lambda text: text.decode(errors="replace")
    with closing(db):
        local = next(iter(_rows_in(db, "local")), {})
        erased = {row["id"] for row in _rows_in(db, "erased") if isinstance(row.get("id"), str)}
        aside = [_aside(row) for row in _rows_in(db, "aside") if isinstance(row.get("event"), bytes)]
        return Salvaged(local, erased, aside, list(rows_of(db)), carved)


def holds_events(path: Path) -> bool:
    """Whether there are events in a file or in the log beside it, whatever else it may be."""
    log = path.with_name(path.name + "-wal")
    data, logged = (file.read_bytes() if file.exists() else b"" for file in (path, log))
    return any(_RECORD.search(source) or _EVENT.search(source) for source in (data, logged))


def carve(data: bytes, log: bytes) -> Iterator[Row]:
    """Rows and events out of the raw bytes of a file and of its log, the later ones first."""
    pages = _Pages(data, log)
    for source in (log, data):
        records = {}
        for found in _RECORD.finditer(source):
            row = _record(source, found, pages)
            records[found.end() + _length(found, 2, 5)] = row.kept
            yield row
        for start in _EVENT_START.finditer(source):
            if _EVENT_END.search(records.get(start.start(), b"")[-40:]):
                continue
            event = _EVENT.match(source, start.start())
            if event is not None:
                yield Row(kept=event[0], replica=None, seq=None, received=None, skew=None)


class _Pages:
    """The pages of a file by number, as they were last."""

    def __init__(self, data: bytes, log: bytes) -> None:
        self.size = page_bytes(data[16:18])
        self._data, self._log = data, log
        self._logged = {frame.page: frame for frame in frames_of(log)} if len(log) > HEADER_BYTES else {}

    def page(self, number: int) -> bytes:
        frame = self._logged.get(number)
        if frame is not None:
            return self._log[frame.start : frame.end]
        return self._data[(number - 1) * self.size : number * self.size]

    def follow(self, number: int, length: int) -> bytes:
        """So many bytes from the chain of pages that begins with this one; fewer where it breaks off."""
        parts: list[bytes] = []
        for _ in range(length // (self.size - 4) + 1):
            page = self.page(number)
            if number < 1 or len(page) < 4:  # noqa: PLR2004  # the number of the next one
                break
            parts.append(page[4:])
            number = int.from_bytes(page[:4], "big")
        return b"".join(parts)[:length]

    def local_length(self, payload: int) -> int:
        """How many bytes of a record stand in its own page: SQLite's rule for leaves of tables."""
        if payload <= self.size - 35:
            return payload
        least = (self.size - 12) * 32 // 255 - 23
        length = least + (payload - least) % (self.size - 4)
        return length if length <= self.size - 35 else least


def _record(source: bytes, found: re.Match[bytes], pages: _Pages) -> Row:
    at = found.end()
    values: list[int | None] = []
    for group in (2, 3, 4):
        code = found[group][0]
        size = _INTEGERS.get(code, 0)
        integer = int.from_bytes(source[at : at + size], "big", signed=True)
        values.append(None if code == 0 else code - 8 if code in {8, 9} else integer)
        at += size
    length = (_varint(found[5]) - 12) // 2
    begun = at - found.start()
    here = pages.local_length(begun + length) - begun
    kept = source[at : at + min(here, length)]
    if here < length:
        kept += pages.follow(int.from_bytes(source[at + here : at + here + 4], "big"), length - here)
    replica = found[6].decode()
    return Row(kept=kept, replica=replica, seq=values[0], received=values[1], skew=values[2])


def _length(found: re.Match[bytes], first: int, beyond: int) -> int:
    return sum(_INTEGERS.get(found[group][0], 0) for group in range(first, beyond))


def _varint(text: bytes) -> int:
    number = 0
    for byte in text:
        number = number << 7 | byte & 0x7F
    return number


def _rows_in(db: sqlite3.Connection, table: str) -> list[dict[str, Any]]:
    """The rows of a small table, up to where it breaks off."""
    rows = []
    try:
        cursor = db.execute(f"SELECT * FROM {table}")  # noqa: S608  # our own names
        names = [column[0] for column in cursor.description]
        for row in cursor:
            rows.append(dict(zip(names, row, strict=True)))  # noqa: PERF401  # what was read stays, whatever follows
    except UNREADABLE:
        pass
    return rows


def _aside(row: dict[str, Any]) -> Aside:
    reason, at, replica, seq = (row.get(name) for name in ("reason", "at", "replica", "seq"))
    return Aside(
        kept=row["event"],
        reason=reason if isinstance(reason, str) else "",
        at=at if isinstance(at, int) else 0,
        replica=replica if isinstance(replica, str) else None,
        seq=seq if isinstance(seq, int) else None,
        stamp=stamp_of(row.get("received"), row.get("skew")),
    )


_CONSTANT_BYTES = 24
"""So many bytes are the same at the beginning of every ledger file: what it is, and its page size."""
_INTEGERS = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}
"""The bytes of an integer by its type in a record; 8 and 9 stand for 0 and 1 and have none."""
_RECORD = re.compile(
    rb"([\x08\x09])\x00\x55([\x01-\x06\x08\x09])([\x00-\x06\x08\x09])([\x00-\x06\x08\x09])"
    rb"([\x80-\xff]{1,2}[\x00-\x7f])([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})",
    re.DOTALL,
)
_EVENT_START = re.compile(rb'\{"at":')
_EVENT_END = re.compile(rb',"written":-?\d+\}\Z')
_EVENT = re.compile(rb'\{"at":-?\d+,"body(?:_hash)?":.{2,65536}?,"written":-?\d+\}', re.DOTALL)
