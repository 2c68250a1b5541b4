"""Ledger files as former versions of the schema left them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

_UNDONE = """
    DROP TABLE names;
    DROP TABLE aside;
    ALTER TABLE derived DROP COLUMN checksum;
    ALTER TABLE erased DROP COLUMN traces;
    DELETE FROM _sqlite_migrations WHERE name <> 'tables';
    PRAGMA user_version = 1;
"""


def take_back_to_the_first_version(path: Path) -> None:
    """Makes a ledger file what the first version would have made of it."""
    with closing(sqlite3.connect(path)) as db:
        db.executescript(_UNDONE)
