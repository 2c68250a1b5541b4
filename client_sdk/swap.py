"""Putting a repaired ledger in the place of a damaged one, so that a crash at any moment leaves one or the other.

    ledger, ledger-wal          the damaged file, held by an exclusive lock
    ledger.damaged-WHEN (-wal)  the same, under another name: it stays for good
    ledger.repaired             the new file, complete; from the moment that it bears this name, the swap is decided
    ledger                      the new file, once the old log is gone: whoever opens the ledger next may do it

The log must go first: SQLite would take the old one's pages for the new file's.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from client_sdk.errors import LedgerFileError

_SHARED_BYTES = (0x40000002, 510)
"""Where SQLite keeps its locks in a file: every connection to a file with a write-ahead log holds one there."""


@contextmanager
def held_alone(path: Path) -> Iterator[int | None]:
    """Holds the file as no other process may as long as it has it open; who opens it meanwhile waits.

    Gives the descriptor to read it by, None where there is no file. Nothing in this process may have it open
    otherwise, nor open and close it meanwhile: the system would let go of the lock. Where a system has no such locks,
    the user must see to it.

    Raises:
        LedgerFileError: where another process has it open.
    """
    descriptor = _locked(path)
    try:
        yield descriptor
    finally:
        if descriptor is not None:
            os.close(descriptor)


def keep_damaged(path: Path, when: str) -> Path | None:
    """Gives the damaged file and its log a second name, which nothing bears yet; None where there is no file."""
    number = 0
    while True:
        kept = path.with_name(f"{path.name}.damaged-{when}" + (f"-{number}" if number else ""))
        try:
            for suffix in ("-wal", ""):
                with suppress(FileNotFoundError):
                    os.link(_beside(path, suffix), _beside(kept, suffix))
        except FileExistsError:
            number += 1
            continue
        _sync_folder(path.parent)
        return kept if kept.exists() or _beside(kept, "-wal").exists() else None


def decide(path: Path, new: Path) -> None:
    """Decides that ``new``, which is complete and on disk, is the ledger from now on."""
    new.replace(_beside(path, ".repaired"))
    _sync_folder(path.parent)
    _finish(path)


def settle(path: Path) -> None:
    """Finishes a swap that was decided, where a crash left it half done.

    Raises:
        LedgerFileError: where another process has the old file open.
    """
    if _beside(path, ".repaired").exists():
        with held_alone(path):
            if _beside(path, ".repaired").exists():  # else another process has finished it: the log is the new file's
                _finish(path)


def _locked(path: Path) -> int | None:
    """The file of this name, open and locked: a swap may put another one there between the two."""
    while path.exists():
        descriptor = os.open(path, os.O_RDWR)
        try:
            _lock(path, descriptor)
            if os.path.samestat(os.fstat(descriptor), path.stat()):
                return descriptor
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)
    return None


def _lock(path: Path, descriptor: int) -> None:
    try:
        import fcntl  # noqa: PLC0415  # not on every system
    except ImportError:
        return
    start, length = _SHARED_BYTES
    try:
        fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB, length, start)
    except BlockingIOError as error:
        raise LedgerFileError(f"{path} is in use by another process.", "Try again when that one is done.") from error


def _finish(path: Path) -> None:
    for suffix in ("-wal", "-shm"):
        _beside(path, suffix).unlink(missing_ok=True)
    with suppress(FileNotFoundError):  # another process was quicker
        _beside(path, ".repaired").replace(path)
    _sync_folder(path.parent)


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def _sync_folder(folder: Path) -> None:
    """What a folder lists is on disk only after this, on systems that have it."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
