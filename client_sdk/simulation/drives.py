"""What processes leave behind: disks, in memory or real files, that can be copied at any moment."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from client_sdk.memory_store import MemoryStore
from client_sdk.sqlite_store import SqliteStore
from client_sdk.store import Store
from server.memory_store import MemoryStore as ServerMemory
from server.sqlite_store import SqliteStore as ServerSqlite
from server.store import Store as ServerStore


class Drives(Protocol):
    """Where the disks of a world come from."""

    def replica(self, name: str, replica_id: str) -> ReplicaDrive:
        """An empty disk of a device."""
        ...

    def server(self) -> ServerDrive:
        """An empty disk of the server."""
        ...


class ReplicaDrive(Protocol):
    """The disk of a device."""

    def open(self) -> Store:
        """The ledger on it, as a process that starts finds it."""
        ...

    def copy(self, name: str) -> ReplicaDrive:
        """The same bytes on another disk, whatever a process is doing with them."""
        ...


class ServerDrive(Protocol):
    """The disk of the server."""

    def open(self) -> ServerStore:
        """What is on it, as a process that starts finds it."""
        ...

    def copy(self, name: str) -> ServerDrive:
        """The same bytes on another disk, whatever a process is doing with them."""
        ...


class InMemory:
    """Disks that are none: fast, and each store's transactions are taken for granted."""

    def replica(self, name: str, replica_id: str) -> ReplicaDrive:  # noqa: ARG002  # memory has no names
        """See ``Drives``."""
        return _MemoryDrive(MemoryStore(replica_id))

    def server(self) -> ServerDrive:
        """See ``Drives``."""
        return _ServerMemoryDrive(ServerMemory())


class _MemoryDrive:
    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    def open(self) -> Store:
        return self._store

    def copy(self, name: str) -> ReplicaDrive:  # noqa: ARG002  # memory has no names
        return _MemoryDrive(self._store.copy())


class _ServerMemoryDrive:
    def __init__(self, store: ServerMemory) -> None:
        self._store = store

    def open(self) -> ServerStore:
        return self._store

    def copy(self, name: str) -> ServerDrive:  # noqa: ARG002  # memory has no names
        return _ServerMemoryDrive(self._store.copy())


class OnFiles:
    """Real SQLite files in a folder.

    Args:
        folder: Where; it must exist.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def replica(self, name: str, replica_id: str) -> ReplicaDrive:
        """See ``Drives``."""
        return _File(self._folder / f"{name}.db", lambda path: SqliteStore(path, replica_id))

    def server(self) -> ServerDrive:
        """See ``Drives``."""
        return _ServerFile(self._folder / "server.db")


class _File:
    def __init__(self, path: Path, store: Callable[[Path], Store]) -> None:
        self._path = path
        self._store = store

    def open(self) -> Store:
        return self._store(self._path)

    def copy(self, name: str) -> ReplicaDrive:
        return _File(_copied(self._path, name), self._store)


class _ServerFile:
    def __init__(self, path: Path) -> None:
        self._path = path

    def open(self) -> ServerStore:
        return ServerSqlite(self._path)

    def copy(self, name: str) -> ServerDrive:
        return _ServerFile(_copied(self._path, name))


def _copied(path: Path, name: str) -> Path:
    """The file and its write-ahead log as they lie there: what a power cut or a copying hand finds."""
    target = path.with_name(f"{name}.db")
    for suffix in ("", "-wal"):
        if (source := Path(f"{path}{suffix}")).exists():
            shutil.copyfile(source, f"{target}{suffix}")
    return target
