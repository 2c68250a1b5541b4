"""The tables of the SQLite store, and what makes a file one of ours.

    ledgers ──┬── replicas ──┐
              ├── records ───┘      one row per record, with the ledger hash up to it
              ├── erasures          event ids whose words were taken out
              └── checkpoints
    accounts ──── devices ── synced_replicas
    traces                          one row per account closed since the file was last written anew

Rowid tables with small integer keys inside, so that the unique indexes stay narrow; UUIDs are 16 bytes, hashes 32. A
ledger needs no account: who may write to it is decided elsewhere.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sqlite_utils import Database, Migrations

from server.errors import StoreError

APPLICATION_ID = 0x49724C64
"""``IrLd``: what ``file`` and SQLite's own header tell of the database's owner."""

SCHEMA_VERSION = 4
"""How many migrations there are; kept as ``user_version``, so that older code knows a file that is beyond it."""

migrations = Migrations("ironledger_server")


@migrations()
def ledgers(db: Database) -> None:
    """Ledgers and what is folded from them."""
    _run(
        db,
        """
        CREATE TABLE ledgers (
            id INTEGER PRIMARY KEY,
            account BLOB NOT NULL UNIQUE,
            head INTEGER NOT NULL,
            head_hash BLOB NOT NULL
        );
        CREATE TABLE replicas (
            id INTEGER PRIMARY KEY,
            ledger INTEGER NOT NULL REFERENCES ledgers,
            replica BLOB NOT NULL,
            seq INTEGER NOT NULL,
            hash BLOB NOT NULL,
            UNIQUE (ledger, replica)
        );
        CREATE TABLE records (
            ledger INTEGER NOT NULL REFERENCES ledgers,
            position INTEGER NOT NULL,
            replica INTEGER NOT NULL REFERENCES replicas,
            seq INTEGER NOT NULL,
            event_id BLOB NOT NULL,
            hash BLOB NOT NULL,
            said_hash BLOB NOT NULL,
            received INTEGER NOT NULL,
            skew INTEGER NOT NULL,
            ledger_hash BLOB NOT NULL,
            event BLOB NOT NULL,
            UNIQUE (ledger, position),
            UNIQUE (replica, seq)
        );
        CREATE INDEX records_by_event_id ON records (ledger, event_id, position);
        CREATE TABLE erasures (
            ledger INTEGER NOT NULL REFERENCES ledgers,
            event_id BLOB NOT NULL,
            UNIQUE (ledger, event_id)
        );
        CREATE TABLE checkpoints (
            ledger INTEGER PRIMARY KEY REFERENCES ledgers,
            position INTEGER NOT NULL,
            ledger_hash BLOB NOT NULL,
            fingerprint TEXT NOT NULL,
            state BLOB NOT NULL
        );
        """,
    )


@migrations()
def accounts(db: Database) -> None:
    """Accounts and the devices that signed in to them."""
    _run(
        db,
        """
        CREATE TABLE accounts (
            id INTEGER PRIMARY KEY,
            account BLOB NOT NULL UNIQUE,
            name TEXT NOT NULL UNIQUE,
            password TEXT NOT NULL,
            created INTEGER NOT NULL
        );
        CREATE TABLE devices (
            id INTEGER PRIMARY KEY,
            device BLOB NOT NULL UNIQUE,
            account BLOB NOT NULL,
            name TEXT NOT NULL,
            token BLOB NOT NULL UNIQUE,
            created INTEGER NOT NULL,
            last_seen INTEGER NOT NULL,
            revoked INTEGER
        );
        CREATE INDEX devices_by_account ON devices (account);
        CREATE TABLE synced_replicas (
            device INTEGER NOT NULL REFERENCES devices,
            replica BLOB NOT NULL,
            UNIQUE (device, replica)
        );
        """,
    )


@migrations()
def traces(db: Database) -> None:
    """What closed accounts may have left in the file: see ``server.sqlite_traces``. No number is given twice."""
    _run(db, "CREATE TABLE traces (closing INTEGER PRIMARY KEY AUTOINCREMENT)")


@migrations()
def no_hashes_twice(db: Database) -> None:
    """What a record's event says of itself stands in the event: two hashes of 32 bytes less for each."""
    _run(db, "ALTER TABLE records DROP COLUMN hash; ALTER TABLE records DROP COLUMN said_hash")


def check(connection: sqlite3.Connection, path: Path) -> None:
    """Makes sure, without touching it, that a file is empty or ours.

    Raises:
        StoreError: where it is another program's, or was written by newer code.
    """
    application_id, version, tables = connection.execute(
        "SELECT application_id, user_version, (SELECT count(*) FROM sqlite_schema)"
        " FROM pragma_application_id, pragma_user_version"
    ).fetchone()
    if application_id != APPLICATION_ID and (application_id or version or tables):
        raise StoreError(
            f"{path} is the database of another program.",
            "Choose another data folder (IRONLEDGER_DATA), or move that file away.",
        )
    if version > SCHEMA_VERSION:
        raise StoreError(f"{path} was written by a newer version of Ironledger.", "Update the server.")


def prepare(connection: sqlite3.Connection, path: Path) -> None:
    """Makes an empty file ours, and brings one of ours up to date.

    Raises:
        StoreError: as ``check``, of what others did to the file in between.
    """
    connection.execute("BEGIN IMMEDIATE")  # several servers may start on one new file
    try:
        check(connection, path)
        migrations.apply(Database(connection, execute_plugins=False))
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        connection.rollback()
        raise


def _run(database: Database, script: str) -> None:
    """Statement by statement: ``executescript`` would commit the transaction around it."""
    for statement in script.split(";"):
        database.conn.execute(statement)
