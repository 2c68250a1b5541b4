"""Files of other apps, written by hand, and what readings of them hold."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from client_sdk.importers import Reading
from events.body import MeasurementTaken
from events.training import SetLogged

FOLDER = Path(__file__).parents[1] / "client_sdk" / "importers" / "fixtures"


def backup_of(sql: str) -> bytes:
    """The file that an SQLite database of these statements is."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(sql)
        return connection.serialize()


def export(name: str) -> bytes:
    """The file of a name; a backup is kept as the SQL that makes it."""
    sql = FOLDER / f"{name}.sql"
    return backup_of(sql.read_text(encoding="utf-8")) if sql.exists() else (FOLDER / f"{name}.csv").read_bytes()


def exports() -> dict[str, bytes]:
    """All of them, by name."""
    return {path.stem: export(path.stem) for path in sorted((*FOLDER.glob("*.csv"), *FOLDER.glob("*.sql")))}


def sets(reading: Reading) -> list[SetLogged]:
    """The sets of all sessions, in the order of the file."""
    return [draft.body for session in reading.sessions for draft in session.sets if isinstance(draft.body, SetLogged)]


def figures(reading: Reading) -> list[MeasurementTaken]:
    """What was measured of the body, in the order of the file."""
    return [draft.body for draft in reading.measurements if isinstance(draft.body, MeasurementTaken)]
