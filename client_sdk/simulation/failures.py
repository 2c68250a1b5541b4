"""Power that fails and disks that fill up, at a write that was chosen before."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import Any, Literal, TypeVar, cast

from client_sdk.errors import LedgerFileError
from client_sdk.store import Store as ReplicaStore
from server.errors import UnavailableError
from server.store import Reader, Writer, done_at_once
from server.store import Store as ServerStore

T = TypeVar("T")

Failure = Literal["power_before", "power_after", "full"]
"""The power fails before a write or right after it was kept, or the disk has no room for it."""


class PowerLossError(Exception):
    """A process is gone, in the middle of what it did. Nobody on it gets to hear of that."""


class Fuse:
    """Lets writes pass, until one blows it.

    Args:
        failure: What happens then.
        left: How many writes pass before.
    """

    def __init__(self, failure: Failure, left: int) -> None:
        self._failure = failure
        self._left = left
        self.blown = False

    def fails_next(self, failure: Failure) -> bool:
        """Whether the next write will fail in this way."""
        return not self.blown and not self._left and self._failure == failure

    def guard(self, write: Callable[[], T], full: Exception) -> T:
        """Writes, unless it is this write's turn to fail; ``full`` is what a full disk raises."""
        if self.blown or self._left:
            self._left -= 1
            return write()
        self.blown = True
        if self._failure == "full":
            raise full
        if self._failure == "power_after":
            write()
        raise PowerLossError(self._failure)


class Fuses:
    """Where a fuse is put in: every write of a process goes by here."""

    def __init__(self) -> None:
        self.fuse: Fuse | None = None

    def guard(self, write: Callable[[], T], full: Exception) -> T:
        """See ``Fuse``."""
        return write() if self.fuse is None else self.fuse.guard(write, full)


_READS = frozenset(
    {
        "local",
        "tips",
        "names",
        "outbox",
        "outbox_size",
        "holds",
        "event_at",
        "snapshot",
        "records",
        "pending",
        "derived",
        "aside",
        "rows",
        "complaints",
    }
)


class _GuardedReplicaStore:
    def __init__(self, store: ReplicaStore, fuses: Fuses) -> None:
        self._store = store
        self._fuses = fuses

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # any method of the store
        method = getattr(self._store, name)
        return method if name in _READS or name == "close" else partial(self._write, method)

    def _write(self, method: Callable[..., T], *arguments: object, **options: object) -> T:
        full = LedgerFileError("The disk is full: nothing was written.", "Make room and try again.")
        return self._fuses.guard(partial(method, *arguments, **options), full)


def guarded(store: ReplicaStore, fuses: Fuses) -> ReplicaStore:
    """The same store, each write of which passes the fuses."""
    return cast("ReplicaStore", _GuardedReplicaStore(store, fuses))


class GuardedServerStore:
    """A server's store, each transaction of which passes the fuses; see ``server.store.Store``."""

    def __init__(self, store: ServerStore, fuses: Fuses) -> None:
        self._store = store
        self._fuses = fuses

    def read(self, work: Callable[[Reader], T]) -> T:
        """Reading fails nowhere."""
        return self._store.read(work)

    def write(self, work: Callable[[Writer], T]) -> T:
        """A transaction: the power fails before its commit, which undoes it, or after."""
        return self._store.write(partial(self._within, work)) if self._fails_before() else self._commit(work)

    def submit(self, work: Callable[[Writer], T], then: Callable[[T], object] = lambda _: None) -> Future[T]:
        """As ``write``, which waits for nobody here."""
        return done_at_once(lambda: self.write(work), then)

    def version(self) -> int:
        """See ``Store``."""
        return self._store.version()

    def close(self) -> None:
        """See ``Store``."""
        self._store.close()

    def _fails_before(self) -> bool:
        fuse = self._fuses.fuse
        return fuse is not None and fuse.fails_next("power_before")

    def _within(self, work: Callable[[Writer], T], ledgers: Writer) -> T:
        """All of the work is done, and then it isn't committed."""
        work(ledgers)
        return self._fuses.guard(lambda: work(ledgers), _full())

    def _commit(self, work: Callable[[Writer], T]) -> T:
        return self._fuses.guard(lambda: self._store.write(work), _full())


def _full() -> UnavailableError:
    """A new one each time: an error that was raised keeps all that it went through."""
    return UnavailableError("The database cannot be used now: the disk is full.", "Try again.")
