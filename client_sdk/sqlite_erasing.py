"""Taking words out of a ledger file: out of its rows, and out of what SQLite leaves behind of them.

SQLite copies rows from page to page, and ``secure_delete`` misses some of the old places; the write-ahead log has all
that was there before. So the file is written anew after an erasure. What can't be done at once, for another process
reads or this one is killed over it, is done with the next erasure or replay.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path

from client_sdk.reading import read_event
from client_sdk.setaside import wordless
from client_sdk.store import Aside
from events.envelope import encode_event, without_words

READERS_AWAITED_MS = 100
"""How long emptying the log waits for other processes that read it."""

_TABLES = (("ledger", "position"), ("outbox", "place"))


def erased_ids(db: sqlite3.Connection) -> set[str]:
    """The ids of all events whose words are out, or are to be taken out wherever they turn up."""
    return {row[0] for row in db.execute("SELECT id FROM erased")}


def take_words_out(db: sqlite3.Connection, path: Path, event_ids: Iterable[str]) -> None:
    """Rewrites the copies of events; that they are searched for saves an index that nothing else needs."""
    for event_id in event_ids:
        for table, key in _TABLES:
            query = f"SELECT {key}, replica, seq, event FROM {table} WHERE instr(event, CAST(? AS BLOB))"  # noqa: S608  # our own names
            update = f"UPDATE {table} SET event = ? WHERE {key} = ?"  # noqa: S608  # our own names
            for place, replica, seq, kept in db.execute(query, (event_id,)).fetchall():
                event = read_event(path, f"{key} {place}", (replica, seq), kept)
                if event.id == event_id:
                    db.execute(update, (encode_event(without_words(event)), place))


def take_words_aside(db: sqlite3.Connection, path: Path, asides: Sequence[Aside]) -> None:
    """What was erased must not stay among what is set aside either."""
    erased = erased_ids(db) if asides else set()
    if not erased:
        return
    refs = {place for table, _ in _TABLES for place in _erased_places(db, path, table, erased)}
    for aside in asides:
        kept = wordless(aside, erased, refs)
        if kept is None:
            db.execute("DELETE FROM aside WHERE key = ?", (aside.key,))
        else:
            db.execute("UPDATE aside SET event = ? WHERE key = ?", (kept, aside.key))


def clear_traces(db: sqlite3.Connection) -> None:
    """Writes the file anew and empties the log into it, where erased words may be left in either."""
    if db.execute("SELECT 1 FROM erased WHERE traces LIMIT 1").fetchone() is None:
        return
    db.execute("VACUUM")
    (patience_ms,) = db.execute("PRAGMA busy_timeout").fetchone()
    db.execute(f"PRAGMA busy_timeout = {READERS_AWAITED_MS}")
    try:
        (busy, _, _) = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        db.execute(f"PRAGMA busy_timeout = {patience_ms}")
    if not busy:
        db.execute("UPDATE erased SET traces = 0")


def _erased_places(
    db: sqlite3.Connection, path: Path, table: str, erased: AbstractSet[str]
) -> Iterable[tuple[str, int]]:
    query = f"SELECT replica, seq, event FROM {table} WHERE instr(event, '\"body_hash\":')"  # noqa: S608  # one of two names
    for replica, seq, kept in db.execute(query):
        if read_event(path, f"the {table}", (replica, seq), kept).id in erased:
            yield replica, seq
