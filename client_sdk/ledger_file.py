"""Opening a ledger file, for writing if that can be, else for reading; and what went wrong, in words.

there and writable ──▶ WAL, ``synchronous=FULL``
read-only, or the disk is full ──▶ read-only ──▶ without shared memory, where nothing waits in the write-ahead log
                                           └──▶ a copy in memory, where something does
"""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import closing, suppress
from pathlib import Path

from client_sdk.errors import DamagedLedgerError, LedgerFileError
from client_sdk.salvage import carve
from client_sdk.swap import settle
from client_sdk.wal import HEADER_BYTES, unread

BUSY_TIMEOUT_S = 30
APPLICATION_ID = 0x49524C44
"""``IRLD``: what marks a SQLite file as a ledger."""

LOG_PAGES = 256
"""After so many pages the write-ahead log is brought into the file and begun anew: 1 MiB.

Writing over a log is quicker than making it longer, which also changes what the file system knows of it. A shorter
one would be emptied too often, each time with flushes of its own.
"""

_RETRY_S = 0.05
_LOOKS = 5
_HEADER_BYTES = 100
_HEADERS = (b"\x02\x02\x00@  ", b"\x01\x01\x00@  ")
"""What stands behind the page size: with a write-ahead log, or without one in a copy that another tool made."""
_CANNOT_WRITE = frozenset(
    {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_PERM}
)


def connect(path: Path) -> tuple[sqlite3.Connection, bool]:
    """A connection to the ledger file, made where there is none, and whether it can be written.

    Raises:
        LedgerFileError: where the file can't be opened, or is damaged so that opening it would lose something.
    """
    with Explained(path):
        settle(path)
        log = beside(path, "-wal")
        if _size(log) and not _size(path):
            raise DamagedLedgerError(f"{path} is empty, but not what is logged beside it.")
        if path.is_file() and not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
            return _readable(path), False
        _check_header(path)
        _check_log(path)
        try:
            return _patiently(path), True
        except sqlite3.OperationalError as error:
            if _primary(error) not in _CANNOT_WRITE or not path.is_file():
                raise
            try:
                return _readable(path), False
            except (sqlite3.Error, OSError):
                raise error from None


def in_memory(db: sqlite3.Connection) -> sqlite3.Connection:
    """A copy of a database in memory; the connection to the database is closed."""
    with closing(db):
        copy = sqlite3.connect(":memory:", isolation_level=None)
        db.backup(copy)
    return copy


def beside(path: Path, suffix: str) -> Path:
    """The file of the same name with something behind it."""
    return path.with_name(path.name + suffix)


class Explained:
    """Around what is done with a file: what SQLite and the system complain of, in words that a person can act on.

    A class, for it stands around every statement, and a generator would take as long as a small one of them.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        """Begins."""

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        """Ends; with an error of the package's own where there was one of theirs."""
        match error:
            case sqlite3.DatabaseError():
                raise _in_words(self._path, error) from error
            case UnicodeDecodeError():  # a name of a column, or a text in it
                raise DamagedLedgerError(f"{self._path} is damaged: {error}.") from error
            case PermissionError():
                raise LedgerFileError(
                    f"{self._path} can't be opened: {error.strerror}.",
                    "Check the permissions of the file and of its folder.",
                ) from error
            case OSError():
                raise LedgerFileError(
                    f"{self._path} can't be opened: {error.strerror}.", "Choose another file with --ledger."
                ) from error
            case _:
                pass


def _patiently(path: Path) -> sqlite3.Connection:
    """Opens the file for writing, waiting while another process holds all of it.

    Each try opens the file by its name again: a repair may put another one there meanwhile.
    """
    deadline = time.monotonic() + BUSY_TIMEOUT_S
    while True:
        try:
            db = _writable(path)
        except sqlite3.OperationalError as error:
            if _primary(error) not in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED} or time.monotonic() > deadline:
                raise
        else:
            if db is not None:
                return db
        time.sleep(_RETRY_S)


def _writable(path: Path) -> sqlite3.Connection | None:
    """A connection to the file that bears this name; None where that changed while it was being opened."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        # The file holds a sign-in token: nobody else on the machine may read it.
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    named = path.stat().st_ino
    db = sqlite3.connect(path, timeout=0, isolation_level=None)
    try:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        db.execute(f"PRAGMA wal_autocheckpoint = {LOG_PAGES}")
        db.execute("PRAGMA secure_delete = ON")  # what was erased must not linger in free pages
        db.execute("SELECT 1 FROM sqlite_master").fetchone()
        if path.stat().st_ino != named:
            db.close()
            return None
        db.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_S * 1000}")
    except BaseException:
        db.close()
        raise
    return db


def _check_header(path: Path) -> None:
    """Refuses a file whose header says what no ledger's does: SQLite would open it in ways that we don't want."""
    with suppress(OSError), path.open("rb") as file:
        header = file.read(_HEADER_BYTES)
        if header[:16] == b"SQLite format 3\0" and header[18:24] not in _HEADERS:
            raise DamagedLedgerError(f"The header of {path} is damaged.")


def _check_log(path: Path) -> None:
    """Refuses a file whose write-ahead log holds events behind damage: SQLite would write over them.

    It is looked at through a connection that can't write, which leaves the log as it is. What another process is just
    committing may look like damage, but not for long.
    """
    if _size(beside(path, "-wal")) <= HEADER_BYTES:
        return
    try:
        db = _reading(f"{path.resolve().as_uri()}?mode=ro")
    except sqlite3.OperationalError:
        return  # it can't be looked at; opening it tells why
    with closing(db):
        for _ in range(_LOOKS):
            lost = carve(b"", unread(path))
            if not any(row.received is None and _is_beyond(db, row.replica, row.seq) for row in lost):
                return
            time.sleep(_RETRY_S)
    raise DamagedLedgerError(f"The log beside {path} is damaged, and what was written last is in it.")


def _is_beyond(db: sqlite3.Connection, replica: str | None, seq: int | None) -> bool:
    """Whether an event would come after all that is held of its replica.

    What a killed process left in the log does not: another one has written events of its own in their place.
    """
    if replica is None or seq is None:
        return False
    try:
        row = db.execute("SELECT seq FROM tips WHERE replica = ?", (replica,)).fetchone()
    except (sqlite3.DatabaseError, UnicodeDecodeError):
        return False  # whoever opens it is told
    return row is None or seq > row[0]


def _readable(path: Path) -> sqlite3.Connection:
    address = path.resolve().as_uri()
    try:
        return _reading(f"{address}?mode=ro")
    except sqlite3.OperationalError:
        if not _size(beside(path, "-wal")):
            # Without a folder to write to there is no shared memory, and SQLite has to be told that nobody writes.
            return _reading(f"{address}?mode=ro&immutable=1")
    import shutil  # noqa: PLC0415  # slow to import, and rarely needed
    import tempfile  # noqa: PLC0415  # as above

    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "ledger"
        for suffix in ("", "-wal"):
            shutil.copyfile(beside(path, suffix), beside(copy, suffix))
        return in_memory(sqlite3.connect(copy))


def _reading(address: str) -> sqlite3.Connection:
    db = sqlite3.connect(address, timeout=BUSY_TIMEOUT_S, isolation_level=None, uri=True)
    try:
        db.execute("SELECT 1 FROM sqlite_master").fetchone()
    except BaseException:
        db.close()
        raise
    return db


def _in_words(path: Path, error: sqlite3.DatabaseError) -> LedgerFileError:  # noqa: PLR0911  # one for each cause
    match _primary(error):
        case sqlite3.SQLITE_NOTADB if not _bears_our_mark(path):
            return LedgerFileError(
                f"{path} is not a ledger.",
                "Choose another file with --ledger; this one was left as it is. If it was a ledger once,"
                " `ironledger repair` salvages what is left.",
            )
        case sqlite3.SQLITE_FULL:
            return LedgerFileError("The disk is full: nothing was written.", "Make room and try again.")
        case sqlite3.SQLITE_IOERR:
            return LedgerFileError(
                f"{path} can't be read or written: {error}; nothing was written.",
                "Look after the disk: is there room, is it sound? Then try again.",
            )
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return LedgerFileError(f"{path} is in use by another process.", "Try again when that one is done.")
        case sqlite3.SQLITE_CANTOPEN if path.is_dir():
            return LedgerFileError(f"{path} is a folder.", "Choose a file with --ledger.")
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM:
            return LedgerFileError(
                f"{path} can't be written.",
                "Check the permissions of the file and of its folder, or choose another file with --ledger.",
            )
        case _:
            return DamagedLedgerError(f"{path} is damaged: {error}.")


def _primary(error: sqlite3.Error) -> int:
    """SQLite's code without what it says in detail; 0 where the error is not SQLite's own."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _bears_our_mark(path: Path) -> bool:
    """Whether the mark stands where SQLite has it, or all else that the file begins with does."""
    try:
        with path.open("rb") as file:
            header = file.read(_HEADER_BYTES)
    except OSError:
        return False
    return header[68:72] == APPLICATION_ID.to_bytes(4, "big")


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
