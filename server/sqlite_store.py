"""The store in one SQLite file, which several server processes may share.

Write-ahead log, so that readers and the writer don't wait for each other, each reader on a snapshot; and
``synchronous=FULL``, so that what was acknowledged is on disk.
"""

from __future__ import annotations

import queue
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import TypeVar

from server.errors import StoreError, UnavailableError
from server.group_commit import GroupCommit, could_not
from server.sqlite_schema import check, prepare
from server.sqlite_session import SqliteSession
from server.sqlite_traces import Traces
from server.store import Reader, Writer

T = TypeVar("T")

START_PATIENCE_S = 5.0

IDLE_READERS = 8
"""How many reading connections are kept for the next who reads."""


class SqliteStore:
    """See ``Store``.

    Args:
        path: The file; it and its folder are made where they are missing.
        busy_timeout_ms: How long to wait for another process that writes.

    Raises:
        StoreError: where the file cannot be opened, is another program's, or was written by newer code.
    """

    def __init__(self, path: Path, busy_timeout_ms: int = 5_000) -> None:
        self._connect = partial(_connect, path, busy_timeout_ms)
        self._readers: queue.LifoQueue[sqlite3.Connection] = queue.LifoQueue(IDLE_READERS)
        self._is_open = True
        self._writing = _open(path, self._connect)
        self._session = SqliteSession(self._writing)
        self._group_commit = GroupCommit(self._writing, Traces(self._writing, self._session).clear)
        self._watching = self._connect()

    def read(self, work: Callable[[Reader], T]) -> T:
        """See ``Store``."""
        try:
            connection = self._take_reader()
            try:
                connection.execute("BEGIN")
                return work(SqliteSession(connection))
            finally:
                connection.rollback()
                self._give_back(connection)
        except sqlite3.OperationalError as error:
            raise could_not(error) from error

    def write(self, work: Callable[[Writer], T]) -> T:
        """See ``Store``."""
        return self.submit(work).result()

    def submit(self, work: Callable[[Writer], T], then: Callable[[T], object] = lambda _: None) -> Future[T]:
        """See ``Store``."""
        return self._group_commit.submit(partial(work, self._session), then)

    def version(self) -> int:
        """See ``Store``."""
        try:
            (version,) = self._watching.execute("PRAGMA data_version").fetchone()
        except sqlite3.Error as error:
            raise could_not(error) from error
        return int(version)

    def close(self) -> None:
        """See ``Store``."""
        self._is_open = False
        self._group_commit.close()
        self._writing.close()
        self._watching.close()
        while not self._readers.empty():
            self._readers.get_nowait().close()

    def _take_reader(self) -> sqlite3.Connection:
        if not self._is_open:
            raise UnavailableError("The store is closed.")
        try:
            return self._readers.get_nowait()
        except queue.Empty:
            return self._connect()

    def _give_back(self, connection: sqlite3.Connection) -> None:
        try:
            if self._is_open:
                self._readers.put_nowait(connection)
                return
        except queue.Full:
            pass
        connection.close()


def _open(path: Path, connect: Callable[[], sqlite3.Connection]) -> sqlite3.Connection:
    """The connection that writes, to a file that is there, ours, and up to date."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)  # what lifters wrote is nobody else's on this machine
        connection = connect()
    except (OSError, sqlite3.Error) as error:
        raise _cannot_open(path, error) from error
    try:
        check(connection, path)
        _write_ahead(connection)
        prepare(connection, path)
    except sqlite3.Error as error:
        connection.close()
        raise _cannot_open(path, error) from error
    except BaseException:
        connection.close()
        raise
    return connection


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Turns the write-ahead log on, for which SQLite doesn't wait by itself when others start on the file too."""
    deadline = time.monotonic() + START_PATIENCE_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


def _connect(path: Path, busy_timeout_ms: int) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.execute(f"PRAGMA busy_timeout = {busy_timeout_ms}")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")  # what was erased shall not linger in free pages
    return connection


def _cannot_open(path: Path, error: Exception) -> StoreError:
    return StoreError(
        f"The database {path} cannot be opened: {error}.",
        "Choose another data folder (IRONLEDGER_DATA), or see to the file and its permissions.",
    )
