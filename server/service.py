"""One round trip of sync: load, ingest, append, in one transaction."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from concurrent.futures import Future
from itertools import chain

import msgspec

from events.protocol import Fault, Malformed, Reset, SyncReply, SyncRequest, Unavailable, WireRecord
from server.errors import UnavailableError
from server.ingest import Accepted, cursor_fault, ingest, needs, reply, wire_record
from server.push import Point, Push, read_cursor, read_push
from server.store import Reader, Store, Writer

RETRY_AFTER_S = 2
RECORDS_AT_ONCE = 500


def _ignore(_: object) -> None:
    """Nobody wants to know."""


def _turn_nobody_away(_: Reader, _device: str) -> None:
    """Whoever got here may go on."""


class Service:
    """What the server does with ledgers; whoever calls it has been signed in.

    Args:
        store: Where the ledgers are.
        clock: The time in Unix milliseconds.
        grew: Told of every ledger that may have grown, once that is durable.
        counted: Told of every reply.
        turned_away: Why a device may go no further, if so: asked inside the transaction, for an account may be closed
            while a request of it is under way, and must not come back with it.
    """

    def __init__(
        self,
        store: Store,
        clock: Callable[[], int],
        grew: Callable[[str], None] = _ignore,
        counted: Callable[[SyncReply], None] = _ignore,
        turned_away: Callable[[Reader, str], Fault | None] = _turn_nobody_away,
    ) -> None:
        self._store = store
        self._clock = clock
        self._grew = grew
        self._counted = counted
        self._turned_away = turned_away

    def sync(self, account: str, device: str, text: bytes) -> SyncReply | Fault:
        """Answers the request in ``text``, made by ``device`` of ``account``, and waits for whatever that takes."""
        push = read_push(text, account)
        if not isinstance(push, Push):
            return push
        try:
            return self.push(account, device, push).result() if push.events else self.pull(account, device, push)
        except UnavailableError as error:
            return unavailable(error)

    def push(self, account: str, device: str, push: Push) -> Future[SyncReply | Fault]:
        """Begins to answer a request that was read; nothing is waited for here. See ``Store.submit``."""
        now = self._clock()

        def exchange(ledgers: Writer) -> SyncReply | Fault:
            outcome = self._decide(ledgers, account, device, push, now)
            if not isinstance(outcome, Accepted):
                return outcome
            ledgers.append(account, outcome)
            ledgers.note_seen(device, now, push.replica)
            return _reply(ledgers, account, push, outcome, now)

        def tell(outcome: SyncReply | Fault) -> None:
            if isinstance(outcome, SyncReply):
                self._grew(account)
                self._counted(outcome)

        return self._store.submit(exchange, tell)

    def pull(self, account: str, device: str, push: Push) -> SyncReply | Fault:
        """Answers a request that was read and pushes nothing.

        Raises:
            UnavailableError: where the store cannot answer just now.
        """
        now = self._clock()

        def look(ledgers: Reader) -> SyncReply | Fault:
            outcome = self._decide(ledgers, account, device, push, now)
            return _reply(ledgers, account, push, outcome, now) if isinstance(outcome, Accepted) else outcome

        outcome = self._store.read(look)
        if isinstance(outcome, SyncReply):
            self._note_replica(device, push.replica, now)
            self._counted(outcome)
        return outcome

    def span(self, account: str, cursor: str) -> tuple[Point, Point] | Malformed | Reset:
        """The cursor and the head, between which a ledger can be read: records there never move."""
        begin = read_cursor(cursor)
        if isinstance(begin, Malformed):
            return msgspec.structs.replace(begin, path="$.after")

        def look(ledgers: Reader) -> tuple[Point, Point] | Reset:
            fault = cursor_fault(begin, ledgers.ledger_hash(account, begin.position))
            return fault or (begin, ledgers.head(account))

        return self._store.read(look)

    def page(self, account: str, after: int, until: int) -> list[WireRecord]:
        """Some of the records after a position and up to another; at least one where there still are any."""
        limit = min(until - after, RECORDS_AT_ONCE)
        return [
            wire_record(kept) for kept in self._store.read(lambda ledgers: ledgers.records(account, after, limit))
        ]

    def endpoint(self, account: str, device: str) -> ServiceEndpoint:
        """The ``SyncEndpoint`` of one device in this very process."""
        return ServiceEndpoint(self, account, device)

    def _decide(self, ledgers: Reader, account: str, device: str, push: Push, now: int) -> Accepted | Fault:
        refusal = self._turned_away(ledgers, device)
        return refusal or ingest(ledgers.known(account, needs(push)), push, now)

    def _note_replica(self, device: str, replica: str, now: int) -> None:
        """Notes a replica that only reads: apart and once, so that reading needs no writer."""
        known = self._store.read(lambda ledgers: ledgers.device(device))
        if known is not None and replica not in known.replicas:
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
    after = push.cursor.position
    new = [entry for entry in accepted.entries if entry.position > after]
    stored = accepted.head.position - len(accepted.entries) - after  # what this push appended need not be read again
    following = ledgers.records(account, after, min(stored, push.limit + len(push.events))) if stored > 0 else []
    return reply(push, accepted, chain(following, new), now)
