"""A ledger file with a history behind it, and what can happen to its bytes."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

from support.chains import NOON_MS

from client_sdk.memory_store import MemoryStore
from client_sdk.repair import Repairer, RepairSummary
from client_sdk.replica import Replica
from client_sdk.sqlite_store import SqliteStore
from client_sdk.store import SignedIn
from events import Load
from events.protocol import SyncEndpoint
from projections.ledger import REPORTS
from server.memory_store import MemoryStore as ServerStore
from server.service import Service

ME = SignedIn("0197f3a0-0000-7000-8000-00000000acc0", "device", "token")
SECRET = "words that were erased"
PAGE = 4096


def clock() -> int:
    """It stands still, so that a repaired ledger and its twin are stamped alike."""
    return NOON_MS


def opened(path: Path) -> Replica:
    """The ledger in a file, with the clock of the tests."""
    return Replica(SqliteStore(path, str(uuid4())), clock=clock, offset_at=lambda _: 60)


class Damaged:
    """A file of one of two devices whose history is half on a server, and half only there.

    Args:
        folder: Where to write it.
        hot: Whether the process that wrote it was killed, so that a part of it is in the write-ahead log.
        size: About how many events it has.
    """

    def __init__(self, folder: Path, *, hot: bool, size: int) -> None:
        self._server = ServerStore()
        source = folder / "source"
        with opened(source) as phone:
            tablet = Replica(MemoryStore(str(uuid4())), clock=clock, offset_at=lambda _: 60)
            for replica in (phone, tablet):
                replica.sign_in("here", ME)
            endpoint = self._endpoint(self._server)
            self._train(phone, tablet, endpoint, size)
            self.synced = set(_kept(phone))
            self._write_on(phone, size - len(self.synced))
            if not hot:
                phone.close()
            self.data = source.read_bytes()
            log = source.with_name("source-wal")
            self.log = log.read_bytes() if hot else b""
        with opened(source) as phone:
            self.kept = _kept(phone)
            phone.sync(self._endpoint(self.server()))
            self.reports = reports_of(phone)
            self.position = phone.store.local().head

    def server(self) -> ServerStore:
        """The server as it was when the file was damaged."""
        server = ServerStore()
        server._session = copy.deepcopy(self._server._session)  # noqa: SLF001  # a backup sees everything
        return server

    def write(self, path: Path, data: bytes, log: bytes) -> None:
        """Puts damaged bytes where a ledger is expected."""
        path.write_bytes(data)
        if self.log:
            path.with_name(path.name + "-wal").write_bytes(log)

    def readable(self, data: bytes, log: bytes) -> set[str]:
        """The ids of the events whose bytes are all there, in the file or in its log."""
        whole = data + b"|" + log
        return {event_id for event_id, kept in self.kept.items() if kept in whole}

    def _endpoint(self, server: ServerStore) -> SyncEndpoint:
        return Service(server, clock).endpoint(ME.account, ME.device)

    def endpoint(self, server: ServerStore) -> Callable[[Any], SyncEndpoint]:
        """The way to a server, as repairing asks for it."""
        return lambda _local: self._endpoint(server)

    @staticmethod
    def _train(phone: Replica, tablet: Replica, endpoint: SyncEndpoint, size: int) -> None:
        secret = phone.log_set("plank", seconds=30, note=SECRET)
        for number in range(size // 4):
            for replica in (phone, tablet):
                replica.log_set("back_squat", load=Load(100_000 + 500 * number, "kg"), reps=1 + number % 12)
            if number % 7 == 0:
                phone.sync(endpoint)
                tablet.sync(endpoint)
        phone.erase(secret.id)
        for replica in (phone, tablet, phone):
            replica.sync(endpoint)

    @staticmethod
    def _write_on(phone: Replica, size: int) -> None:
        for number in range(size):
            if number % 10 == 3:
                target = phone.ledger().facts.created.keys()
                phone.void(sorted(name for kind, name in target if kind == "set_logged")[number])
            else:
                phone.log_set(
                    "leg_press", load=Load(80_000, "kg"), reps=1 + number % 15, note="x" * (number % 9 * 40)
                )


def repaired(path: Path, endpoint: Callable[[Any], SyncEndpoint] | None) -> RepairSummary:
    """Repairs a file."""
    return Repairer(path, clock=clock, draw=lambda: str(uuid4()), endpoint=endpoint).run()


def ids(replica: Replica) -> list[str]:
    """The ids of all events that a replica holds, as often as it does."""
    ledger = [record.event.id for record in replica.store.records()]
    return ledger + [record.event.id for _, record in replica.store.pending()]


def reports_of(replica: Replica) -> dict[str, Any]:
    """All reports that go into the digest."""
    return {name: replica.report(name) for name in REPORTS}


def _kept(replica: Replica) -> dict[str, bytes]:
    return dict(_rows(replica))


def _rows(replica: Replica) -> Iterator[tuple[str, bytes]]:
    from events.envelope import stored_event  # noqa: PLC0415  # for this alone

    for row in replica.store.rows():
        yield stored_event(row.kept).id, row.kept
