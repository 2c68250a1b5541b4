"""A store in memory: for tests, simulations and a server that may forget."""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import TypeVar

import msgspec

from events.envelope import encode_event, stored_event, without_words
from server.ingest import (
    Accepted,
    Chain,
    Kept,
    Known,
    Link,
    Needs,
    Place,
)
from server.push import ORIGIN, Point
from server.store import Checkpoint, Credentials, Device, Reader, Writer, done_at_once

K = TypeVar("K")
T = TypeVar("T")
V = TypeVar("V")


class MemoryStore:
    """All work runs one after another under one lock; work that raises is undone step by step."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._session = _Session()
        self._version = 0

    def copy(self) -> MemoryStore:
        """The same once more, as a backup gives; what is kept in it never changes, so it is shared."""
        other = MemoryStore()
        with self._lock:
            other._session = self._session.copy()
        return other

    def read(self, work: Callable[[Reader], T]) -> T:
        """See ``Store``."""
        with self._lock:
            return work(self._session)

    def write(self, work: Callable[[Writer], T]) -> T:
        """See ``Store``."""
        with self._lock:
            try:
                result = work(self._session)
            except BaseException:
                for undo in reversed(self._session.undoing):
                    undo()
                raise
            else:
                self._version += 1
                return result
            finally:
                self._session.undoing.clear()

    def submit(self, work: Callable[[Writer], T], then: Callable[[T], object] = lambda _: None) -> Future[T]:
        """See ``Store``."""
        return done_at_once(lambda: self.write(work), then)

    def version(self) -> int:
        """See ``Store``."""
        return self._version

    def close(self) -> None:
        """See ``Store``."""


class _Ledger:
    def __init__(self) -> None:
        self.records: list[Kept] = []
        self.chains: dict[str, Chain] = {}
        self.places: dict[Link, Place] = {}
        self.uses: dict[str, tuple[Place, ...]] = {}
        self.erased: dict[str, None] = {}
        self.checkpoint: Checkpoint | None = None

    def copy(self) -> _Ledger:
        other = _Ledger()
        vars(other).update({name: copy.copy(value) for name, value in vars(self).items()})
        return other

    @property
    def head(self) -> Point:
        return Point(self.records[-1].position, self.records[-1].ledger_hash) if self.records else ORIGIN


class _Session:
    """``Writer`` over dictionaries. Each change leaves in ``undoing`` how to take it back."""

    def __init__(self) -> None:
        self.undoing: list[Callable[[], object]] = []
        self._ledgers: dict[str, _Ledger] = {}
        self._accounts: dict[str, Credentials] = {}
        self._devices: dict[str, Device] = {}

    def copy(self) -> _Session:
        other = _Session()
        other._ledgers = {account: ledger.copy() for account, ledger in self._ledgers.items()}
        other._accounts, other._devices = dict(self._accounts), dict(self._devices)
        return other

    def head(self, account: str) -> Point:
        return self._ledger(account).head

    def known(self, account: str, needs: Needs) -> Known:
        ledger = self._ledger(account)
        return Known(
            head=ledger.head,
            at_cursor=self.ledger_hash(account, needs.position),
            chains={name: ledger.chains[name] for name in needs.replicas if name in ledger.chains},
            places={link: ledger.places[link] for link in needs.links if link in ledger.places},
            first_uses={name: ledger.uses[name][0] for name in needs.ids if name in ledger.uses},
            erased=frozenset(needs.ids & ledger.erased.keys()),
        )

    def ledger_hash(self, account: str, position: int) -> bytes | None:
        records = self._ledger(account).records
        return records[position - 1].ledger_hash if 1 <= position <= len(records) else None

    def records(self, account: str, after: int, limit: int) -> list[Kept]:
        return self._ledger(account).records[after : after + limit]

    def checkpoint(self, account: str) -> Checkpoint | None:
        return self._ledger(account).checkpoint

    def credentials(self, name: str) -> Credentials | None:
        return self._accounts.get(name)

    def device_of_token(self, token: bytes) -> Device | None:
        return next((device for device in self._devices.values() if device.token == token), None)

    def device(self, device: str) -> Device | None:
        return self._devices.get(device)

    def devices(self, account: str) -> list[Device]:
        return [device for device in self._devices.values() if device.account == account]

    def append(self, account: str, accepted: Accepted) -> None:
        ledger = self._ledgers.get(account)
        if ledger is None:
            ledger = _Ledger()
            self._put(self._ledgers, account, ledger)
        for entry in accepted.entries:
            event = entry.event
            ledger.records.append(Kept(entry.position, entry.stamp, entry.ledger_hash, entry.kept))
            self.undoing.append(ledger.records.pop)
            self._put(ledger.chains, event.replica, Chain(event.seq, event.hash))
            place = Place(entry.position, entry.stamp, event)
            self._put(ledger.places, (event.replica, event.seq), place)
            self._put(ledger.uses, event.id, (*ledger.uses.get(event.id, ()), place))
        for target in accepted.erased:
            self._erase(ledger, target)

    def keep_checkpoint(self, account: str, checkpoint: Checkpoint) -> None:
        ledger = self._ledgers.get(account)
        if ledger is not None:
            ledger.checkpoint = checkpoint

    def open_account(self, credentials: Credentials, created: int) -> bool:  # noqa: ARG002  (nothing here asks for it)
        if credentials.name in self._accounts:
            return False
        self._put(self._accounts, credentials.name, credentials)
        return True

    def close_account(self, account: str) -> str | None:
        names = [name for name, credentials in self._accounts.items() if credentials.account == account]
        for name in names:
            self._take(self._accounts, name)
        for device in self.devices(account):
            self._take(self._devices, device.device)
        self._take(self._ledgers, account)
        return names[0] if names else None

    def add_device(self, device: Device) -> None:
        self._put(self._devices, device.device, device)

    def revoke_device(self, account: str, device: str, revoked: int) -> bool:
        known = self._devices.get(device)
        if known is None or known.account != account:
            return False
        if known.revoked is None:
            self._put(self._devices, device, msgspec.structs.replace(known, revoked=revoked))
        return True

    def note_seen(self, device: str, seen: int, replica: str | None = None) -> None:
        known = self._devices.get(device)
        if known is not None:
            replicas = known.replicas if replica in {None, *known.replicas} else (*known.replicas, str(replica))
            self._put(self._devices, device, msgspec.structs.replace(known, last_seen=seen, replicas=replicas))

    def _ledger(self, account: str) -> _Ledger:
        return self._ledgers.get(account, _EMPTY)

    def _erase(self, ledger: _Ledger, target: str) -> None:
        self._put(ledger.erased, target, None)
        for use in ledger.uses.get(target, ()):
            index = use.position - 1
            kept = ledger.records[index]
            words_out = encode_event(without_words(stored_event(kept.kept)))
            ledger.records[index] = msgspec.structs.replace(kept, kept=words_out)
            self.undoing.append(partial(ledger.records.__setitem__, index, kept))
        ledger.checkpoint = None

    def _put(self, mapping: dict[K, V], key: K, value: V) -> None:
        if key in mapping:
            self.undoing.append(partial(mapping.__setitem__, key, mapping[key]))
        else:
            self.undoing.append(partial(mapping.__delitem__, key))
        mapping[key] = value

    def _take(self, mapping: dict[K, V], key: K) -> None:
        if key in mapping:
            self.undoing.append(partial(mapping.__setitem__, key, mapping.pop(key)))


_EMPTY = _Ledger()
