"""The port to what the server keeps: ledgers, accounts and their devices, checkpoints of reports.

A store runs pieces of work. Work that only reads gets a ``Reader`` on one unmoving snapshot; work that writes gets a
``Writer``, runs alone among all writers of the store, in this process and in others, and is kept as a whole, durably,
before ``write`` returns, or not at all.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Protocol, TypeVar

import msgspec

from server.ingest import Accepted, Kept, Known, Needs
from server.push import Point

T = TypeVar("T")


class Credentials(msgspec.Struct, frozen=True, kw_only=True):
    """An account as its owner signs in to it; ``password`` is a hash."""

    account: str
    name: str
    password: str


class Device(msgspec.Struct, frozen=True, kw_only=True):
    """Something that signed in, by the hash of its token; times are Unix ms.

    ``replicas`` are those that it synced, where all devices of an account are asked for.
    """

    device: str
    account: str
    name: str
    token: bytes
    created: int
    last_seen: int
    revoked: int | None = None
    replicas: tuple[str, ...] = ()


class Checkpoint(msgspec.Struct, frozen=True, kw_only=True):
    """A fold of the first ``point.position`` records, by the fold code of ``fingerprint``."""

    point: Point
    fingerprint: str
    parts: dict[str, bytes]


class Reader(Protocol):
    """One unmoving snapshot. Ids that nothing bears are ledgers without records, not errors."""

    def head(self, account: str) -> Point:
        """The last position of a ledger and the ledger hash there."""
        ...

    def known(self, account: str, needs: Needs) -> Known:
        """What a decision on a push needs to know."""
        ...

    def ledger_hash(self, account: str, position: int) -> bytes | None:
        """The ledger hash at a position, None where there is no record."""
        ...

    def records(self, account: str, after: int, limit: int) -> list[Kept]:
        """At most ``limit`` records after a position, in order."""
        ...

    def checkpoint(self, account: str) -> Checkpoint | None:
        """The checkpoint kept last."""
        ...

    def credentials(self, name: str) -> Credentials | None:
        """The account of that name."""
        ...

    def device_of_token(self, token: bytes) -> Device | None:
        """The device, revoked or not, whose token has this hash."""
        ...

    def device(self, device: str) -> Device | None:
        """A device, revoked or not, by its id."""
        ...

    def devices(self, account: str) -> list[Device]:
        """The account's devices, revoked ones too, in the order in which they signed in."""
        ...


class Writer(Reader, Protocol):
    """The only one to write just now; what it wrote it also reads."""

    def append(self, account: str, accepted: Accepted) -> None:
        """Appends the entries, and takes the words out of every record whose event id is in ``accepted.erased``."""
        ...

    def keep_checkpoint(self, account: str, checkpoint: Checkpoint) -> None:
        """Keeps a checkpoint in place of the account's former one."""
        ...

    def open_account(self, credentials: Credentials, created: int) -> bool:
        """Opens an account, or says False where the name is taken."""
        ...

    def close_account(self, account: str) -> str | None:
        """Deletes all that is kept of an account, and gives the name that is free again; None where none has it.

        Once that is durable, its bytes are gone from the store's files too, as soon as nobody reads there any more.
        """
        ...

    def add_device(self, device: Device) -> None:
        """Adds a device to an account."""
        ...

    def revoke_device(self, account: str, device: str, revoked: int) -> bool:
        """Revokes a device, or says False where the account has no such one. The first time stands."""
        ...

    def note_seen(self, device: str, seen: int, replica: str | None = None) -> None:
        """Notes that a device called, and the replica that it synced, if any."""
        ...


class Store(Protocol):
    """Where everything is kept."""

    def read(self, work: Callable[[Reader], T]) -> T:
        """Runs ``work`` on a snapshot.

        Raises:
            UnavailableError: where the store cannot answer just now.
        """
        ...

    def write(self, work: Callable[[Writer], T]) -> T:
        """Runs ``work`` alone, keeps all it wrote, and returns once that is durable; keeps nothing when it raises.

        Raises:
            UnavailableError: where the store cannot answer or keep anything just now.
        """
        ...

    def submit(self, work: Callable[[Writer], T], then: Callable[[T], object] = lambda _: None) -> Future[T]:
        """As ``write``, for those who must not wait here: all that it returns or raises is in the future.

        ``then`` is called with what ``work`` gave once that is durable, before anybody else hears of it.
        """
        ...

    def version(self) -> int:
        """A number that differs from the one before when anything was written in between, by whatever process."""
        ...

    def close(self) -> None:
        """Ends all use; work that waits is done first."""
        ...


def done_at_once(work: Callable[[], T], then: Callable[[T], object]) -> Future[T]:
    """``Store.submit`` for a store that has ``work`` done here and now."""
    done: Future[T] = Future()
    try:
        result = work()
        then(result)
    except Exception as error:  # noqa: BLE001  (it is for whoever waits)
        done.set_exception(error)
    else:
        done.set_result(result)
    return done
