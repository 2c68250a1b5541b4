"""A lifter's devices and a server in one process, with a network, clocks and backups that can fail."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from client_sdk.errors import UnreachableError
from client_sdk.memory_store import MemoryStore
from client_sdk.replica import Replica
from client_sdk.store import Store
from events import Load
from events.envelope import stored_event
from events.protocol import Fault, SyncEndpoint, SyncReply, SyncRequest
from server.memory_store import MemoryStore as ServerStore
from server.service import Service

ACCOUNT = "0197f3a0-0000-7000-8000-00000000acc0"
MOST_REPLICAS = 6
START_MS = 1_763_800_000_000


class Network:
    """The way to the server; it can lose the next request, or the next reply."""

    def __init__(self, endpoint: SyncEndpoint) -> None:
        self.endpoint = endpoint
        self.loses_request_in: int | None = None
        self.loses_reply_in: int | None = None

    def sync(self, request: SyncRequest, /) -> SyncReply | Fault:
        """See ``SyncEndpoint``."""
        if self._due("loses_request_in"):
            raise UnreachableError("The request got lost.")
        reply = self.endpoint.sync(request)
        if self._due("loses_reply_in"):
            raise UnreachableError("The reply got lost.")
        return reply

    def _due(self, name: str) -> bool:
        left: int | None = getattr(self, name)
        setattr(self, name, None if not left else left - 1)
        return left == 0


class Fleet:
    """Replicas of one account, and their server; everything that is random comes from ``seed``."""

    def __init__(self, size: int, seed: int = 0) -> None:
        self.random = random.Random(seed)  # noqa: S311  # a simulation must repeat itself
        self.now = START_MS
        self.network = self._serve(ServerStore())
        self.replicas = [self._replica(self._new_store()) for _ in range(size)]
        self._backups: dict[int, Store] = {}
        self.acknowledged: set[str] = set()
        """The ids of all events that a user was told are kept."""
        self.back_up_server()

    def play(self, schedule: Iterable[tuple[Any, ...]]) -> None:
        """Does one thing after another: the name of a method here, and its arguments; replicas are named modulo."""
        for action, *arguments in schedule:
            getattr(self, action)(*arguments)

    def log(self, index: int, kg: int = 100, reps: int = 8, exercise: str = "back_squat") -> str:
        """A set logged on one of the replicas; gives back the set's name."""
        self.now += 60_000
        event = self._at(index).log_set(exercise, load=Load(kg * 1000, "kg"), reps=reps)
        self.acknowledged.add(event.id)
        name: str = msgspec.json.decode(bytes(event.body or b""), type=dict[str, Any])["set"]
        return name

    def edit(self, index: int, choice: int) -> None:
        """Corrects, voids or restores some set that the replica knows, or none if it knows none."""
        self.now += 1000
        replica = self._at(index)
        sets = sorted(replica.ledger().facts.created)
        names = [name for kind, name in sets if kind == "set_logged"]
        if not names:
            return
        target = names[choice % len(names)]
        match choice % 4:
            case 0:
                event = replica.void(target)
            case 1:
                event = replica.restore(target)
            case _:
                event = replica.correct(target, reps=1 + choice % 12)
        self.acknowledged.add(event.id)

    def erase(self, index: int, choice: int) -> None:
        """Erases some event that the replica knows, or none if it knows none."""
        self.now += 1000
        replica = self._at(index)
        known = sorted(replica.ledger().facts.entries.counted)
        if known:
            self.acknowledged |= {event.id for event in replica.erase(known[choice % len(known)])}

    def sync(self, index: int) -> None:
        """Lets a replica sync; the network may fail it."""
        self.now += 1000
        try:
            self._at(index).sync(self.network)
        except UnreachableError:
            self.network.loses_request_in = self.network.loses_reply_in = None

    def settle(self) -> None:
        """Two rounds in which every replica syncs, on a network that works."""
        self.network.loses_request_in = self.network.loses_reply_in = None
        for _ in range(2):
            for index in range(len(self.replicas)):
                self.sync(index)

    def lose_request(self, count: int) -> None:
        """The request after so many more gets lost on its way."""
        self.network.loses_request_in = count

    def lose_reply(self, count: int) -> None:
        """The reply after so many more gets lost on its way."""
        self.network.loses_reply_in = count

    def clone(self, index: int) -> None:
        """Somebody copies a ledger file, and uses both; there are only so many devices."""
        if len(self.replicas) < MOST_REPLICAS:
            store = self._at(index).store.copy()
            self.replicas.append(self._replica(store))

    def back_up(self, index: int) -> None:
        """A replica's file is backed up as it is now."""
        self._backups[index % len(self.replicas)] = self._at(index).store.copy()

    def restore(self, index: int) -> None:
        """A device is lost, and its last backup comes back: what was only there is gone with it."""
        place = index % len(self.replicas)
        if place in self._backups:
            destroyed = _ids_in(self.replicas[place])
            self.replicas[place] = self._replica(self._backups[place].copy())
            self._mourn(destroyed)

    def back_up_server(self) -> None:
        """The server's database is backed up as it is now."""
        self._server_backup = self.server.copy()

    def restore_server(self) -> None:
        """The server goes back to its last backup: what was only there is gone with it."""
        destroyed = self.ids_on_server()
        self.network.endpoint = self._serve(self._server_backup.copy()).endpoint
        self._mourn(destroyed)

    def ids_on_server(self) -> set[str]:
        """The ids of the events in the server's ledger."""
        return {event_id for event_id, _ in self.server_events()}

    def server_events(self) -> Iterator[tuple[str, bytes]]:
        """The ids and bytes of the server's records, in order."""
        for kept in self.server.read(lambda ledgers: ledgers.records(ACCOUNT, 0, 1_000_000)):
            yield stored_event(kept.kept).id, kept.kept

    def _serve(self, server: ServerStore) -> Network:
        """A server on a disk, and a network that leads to it."""
        self.server = server
        self.service = Service(server, lambda: self.now)
        return Network(self.service.endpoint(ACCOUNT, "device"))

    def _mourn(self, destroyed: set[str]) -> None:
        """Nobody can promise what was destroyed where nobody else held it."""
        elsewhere = self.ids_on_server().union(*(_ids_in(replica) for replica in self.replicas))
        self.acknowledged -= destroyed - elsewhere

    def _at(self, index: int) -> Replica:
        return self.replicas[index % len(self.replicas)]

    def _new_store(self) -> Store:
        store = MemoryStore(f"{self.random.getrandbits(32):08x}-0000-4000-8000-000000000000")
        store.sign_in(account=ACCOUNT, server="", device="", token="")
        return store

    def _replica(self, store: Store) -> Replica:
        return Replica(store, clock=lambda: self.now, entropy=self.random.randbytes, offset_at=lambda _: 60)


def _ids_in(replica: Replica) -> set[str]:
    ledger = {record.event.id for record in replica.store.records()}
    return ledger | {record.event.id for _, record in replica.store.pending()}
