"""What deleting leaves behind in SQLite's files, and how it goes.

    words of an erased event      stand on in the write-ahead log, until that is emptied into the file and cut off
    rows of a closed account      likewise; besides, SQLite copies rows from page to page when it deletes others or
                                  sorts new ones in, and ``secure_delete`` misses some of the old places: so the
                                  file is written anew

Both are done by the writer's thread, right after the commit and before anybody hears of it. What can't be done then,
for somebody reads or the disk is full, is tried again until it is; and what a process leaves when it is killed over
it, the next one finds when it starts.
"""

from __future__ import annotations

import sqlite3

from server.sqlite_session import SqliteSession

READERS_AWAITED_MS = 100
"""How long the writer stands still for those who read the log; most reading is over by then."""
RETRY_S = 0.25


class Traces:
    """The traces in the files of a connection.

    Args:
        connection: What writes.
        session: What deletes through it, and says so.
    """

    def __init__(self, connection: sqlite3.Connection, session: SqliteSession) -> None:
        self._execute = connection.execute
        self._session = session
        session.leaves_traces = True  # by whoever was here before

    def clear(self) -> float | None:
        """Clears what there is; None when that is done, else in how many seconds it may be tried again.

        Raises:
            sqlite3.Error: where it can't be done now.
        """
        if not self._session.leaves_traces:
            return None
        (last,) = self._execute("SELECT max(closing) FROM traces").fetchone()
        if last is not None:
            self._execute("VACUUM")
            self._execute("DELETE FROM traces WHERE closing <= ?", (last,))  # others may have closed one meanwhile
        if not self._empty_the_log():
            return RETRY_S
        self._session.leaves_traces = False
        return None

    def _empty_the_log(self) -> bool:
        (patience_ms,) = self._execute("PRAGMA busy_timeout").fetchone()
        self._execute(f"PRAGMA busy_timeout = {READERS_AWAITED_MS}")
        try:
            busy, _, _ = self._execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            self._execute(f"PRAGMA busy_timeout = {patience_ms}")
        return not busy
