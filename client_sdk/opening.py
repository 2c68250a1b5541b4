"""Opening a ledger: a new one gets its tables, an older one what it lacks; a file that is none stays as it is."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from pathlib import Path

from client_sdk.errors import LedgerFileError
from client_sdk.ledger_file import APPLICATION_ID, Explained, connect, in_memory
from client_sdk.reading import damaged

SCHEMA_VERSION = 4
"""How many migrations there are."""


def open_ledger(path: Path, new_replica: str) -> sqlite3.Connection:
    """A connection to a ledger of the present version.

    One that can't be written is only read; if it is of an older version, in a copy in memory.

    Raises:
        LedgerFileError: where the file is something else, or of a newer version, or can't be opened.
    """
    db, writable = connect(path)
    try:
        with Explained(path):
            _check(path, db)
            older = _pragma(db, "user_version") < SCHEMA_VERSION
            if older and not writable:
                db = in_memory(db)
            if older:
                _migrate(db, new_replica)
            if not writable:
                db.execute("PRAGMA query_only = ON")
    except BaseException:
        db.close()
        raise
    return db


def _check(path: Path, db: sqlite3.Connection) -> None:
    """Refuses what is no ledger, or a newer version's. A damaged header says so too, but not the tables behind it."""
    if _pragma(db, "application_id") != APPLICATION_ID and _has_tables(db):
        if _applied(db):
            raise damaged(path, "The mark of a ledger is not where it belongs")
        raise LedgerFileError(
            f"{path} is a SQLite database, but no ledger of Ironledger.",
            "Choose another file with --ledger; this one was left as it is.",
        )
    if _pragma(db, "user_version") > SCHEMA_VERSION:
        if 0 < _applied(db) <= SCHEMA_VERSION:
            raise damaged(path, "The version of the ledger is not where it belongs")
        raise LedgerFileError(
            f"{path} was written by a newer version of Ironledger.",
            "Update this one; the file was left as it is.",
        )


def _migrate(db: sqlite3.Connection, new_replica: str) -> None:
    from sqlite_utils import Database  # noqa: PLC0415  # slow to import, and needed once in a file's life

    from client_sdk.schema import migrations  # noqa: PLC0415  # as above

    db.execute("BEGIN IMMEDIATE")
    try:
        migrations.apply(Database(db))
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        db.execute(
            "INSERT OR IGNORE INTO local (id, replica, cursor, head, head_hash, epoch) VALUES (1, ?, '0', 0, ?, 0)",
            (new_replica, bytes(32)),
        )
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
    # An erasure writes the file anew, which moves tables. So does this: they lie alike in all files, see ``salvage``.
    with suppress(sqlite3.OperationalError):  # without room, it is for the first erasure to do
        db.execute("VACUUM")


def _applied(db: sqlite3.Connection) -> int:
    """How many migrations of a ledger this file has seen."""
    if db.execute("SELECT 1 FROM sqlite_master WHERE name = '_sqlite_migrations'").fetchone() is None:
        return 0
    query = "SELECT count(*) FROM _sqlite_migrations WHERE migration_set = 'ironledger.replica'"
    return int(db.execute(query).fetchone()[0])


def _has_tables(db: sqlite3.Connection) -> bool:
    return db.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is not None


def _pragma(db: sqlite3.Connection, name: str) -> int:
    return int(db.execute(f"PRAGMA {name}").fetchone()[0])
