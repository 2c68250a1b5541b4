"""One round trip of sync: load, ingest, append, in one transaction."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import msgspec

from events.protocol import Fault, SyncReply, SyncRequest, Unavailable
from server.errors import UnavailableError
from server.ingest import Accepted, ingest, needs, reply
from server.live import Hub
from server.push import Push, read_push
from server.store import Reader, Store, Writer

RETRY_AFTER_S = 2


class Service:
    """What the server does with ledgers; whoever calls it has been signed in.

    Args:
        store: Where the ledgers are.
        clock: The time in Unix milliseconds.
        hub: Told of every ledger that grew.
    """

    def __init__(self, store: Store, clock: Callable[[], int], hub: Hub | None = None) -> None:
        self._store = store
        self._clock = clock
        self._hub = hub

    def sync(self, account: str, device: str, text: bytes) -> SyncReply | Fault:
        """Answers the request in ``text``, made by ``device`` of ``account``."""
        now = self._clock()
        push = read_push(text, account)
        if not isinstance(push, Push):
            return push
        try:
            exchange = self._push if push.events else self._pull
            return exchange(account, device, push, now)
        except UnavailableError as error:
            return unavailable(error)

    def endpoint(self, account: str, device: str) -> ServiceEndpoint:
        """The ``SyncEndpoint`` of one device in this very process."""
        return ServiceEndpoint(self, account, device)

    def _push(self, account: str, device: str, push: Push, now: int) -> SyncReply | Fault:
        def exchange(ledgers: Writer) -> SyncReply | Fault:
            outcome = ingest(ledgers.known(account, needs(push)), push, now)
            if not isinstance(outcome, Accepted):
                return outcome
            ledgers.append(account, outcome)
            ledgers.note_seen(device, now, push.replica)
            return _reply(ledgers, account, push, outcome, now)

        outcome = self._store.write(exchange)
        if self._hub is not None and isinstance(outcome, SyncReply):
            self._hub.grew(account)
        return outcome

    def _pull(self, account: str, device: str, push: Push, now: int) -> SyncReply | Fault:
        def look(ledgers: Reader) -> SyncReply | Fault:
            outcome = ingest(ledgers.known(account, needs(push)), push, now)
            return _reply(ledgers, account, push, outcome, now) if isinstance(outcome, Accepted) else outcome

        outcome = self._store.read(look)
        if isinstance(outcome, SyncReply):
            self._note_replica(account, device, push.replica, now)
        return outcome

    def _note_replica(self, account: str, device: str, replica: str, now: int) -> None:
        """Notes a replica that only reads apart, once, and not at the price of its answer: reading needs no writer."""
        devices = self._store.read(lambda ledgers: ledgers.devices(account))
        if any(known.device == device and replica not in known.replicas for known in devices):
            with contextlib.suppress(UnavailableError):
                self._store.write(lambda ledgers: ledgers.note_seen(device, now, replica))


class ServiceEndpoint:
    """One signed-in device, talking to the service without a network; it goes the same way as a request from afar."""

    def __init__(self, service: Service, account: str, device: str) -> None:
        self._service = service
        self._account = account
        self._device = device

    def sync(self, request: SyncRequest, /) -> SyncReply | Fault:
        """See ``SyncEndpoint``."""
        return self._service.sync(self._account, self._device, msgspec.json.encode(request))


def unavailable(error: UnavailableError) -> Unavailable:
    """The failure of the store as what a client is told."""
    return Unavailable(detail=error.message, next_step=error.next_step or "Try again.", retry_after_s=RETRY_AFTER_S)


def _reply(ledgers: Reader, account: str, push: Push, accepted: Accepted, now: int) -> SyncReply:
    following = ledgers.records(account, push.cursor.position, push.limit + len(push.events))
    return reply(push, accepted, following, now)
