"""The shell around the sync machine: asks the endpoint, and keeps in the store what the machine makes of it."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from client_sdk import rewriting, sync
from client_sdk.errors import DamagedLedgerError, NotSignedInError, ServerError, SyncRefusedError
from client_sdk.store import Held, Local, Rewriting, Store
from client_sdk.verification import verify
from events.envelope import ERASURE, stored_event
from events.protocol import CLOCKS_AGREE_MS, ChainBroken, Fault, SyncEndpoint, SyncReply

PATIENCE = 8
"""How often the server may send a replica back to the start, or acknowledge in vain, before that is an error."""


class SyncSummary(msgspec.Struct, frozen=True):
    """What a sync came to."""

    pushed: int
    pulled: int
    head: int
    head_hash: str
    renamed: bool
    """Whether this file turned out to be a copy, and now writes under a new replica id."""
    erasures: bool
    """Whether the ledger gained events that erase others."""
    set_aside: int
    """How many events could not be sent and were set aside."""
    clock_error_ms: int
    """By how much this device's clock is ahead of the server's; 0 where they agree, as the protocol has it."""


class Courier:
    """One sync of a store with an endpoint.

    Args:
        store: The replica's storage.
        endpoint: Who answers.
        clock: Unix milliseconds.
        draw: Draws a new replica id.
        progress: Called with the records held and the server's head after each round trip.
    """

    def __init__(
        self,
        store: Store,
        endpoint: SyncEndpoint,
        *,
        clock: Callable[[], int],
        draw: Callable[[], str],
        progress: Callable[[int, int], None] = lambda _held, _head: None,
    ) -> None:
        self._store = store
        self._endpoint = endpoint
        self._clock = clock
        self._draw = draw
        self._progress = progress
        self._pulling_first = False
        self._pushed_to: int | None = None
        """The place in the outbox up to which everything was acknowledged in this run."""
        self._most = sync.PUSH_EVENTS
        """How many events to push at a time."""
        self._setbacks = 0
        self._doubted = False
        """Whether a reply did not fit what is held, and all was asked for again."""
        self._pushed = self._pulled = self._aside = 0
        self._forked = False
        self._erasures = False
        self._clock_error = 0

    def run(self) -> SyncSummary:
        """Syncs until nothing is left to pull and the outbox is empty; what can't be sent is set aside.

        Raises:
            NotSignedInError: where the ledger has no account yet.
            SyncRefusedError: where the server refuses; the outbox is intact.
            ServerError: where its answers can't be true; nothing of them is kept.
        """
        before = self._store.local()
        if before.account is None:
            raise NotSignedInError("This ledger is not signed in.", "Run `ironledger login URL` first.")
        while self._round_trip():
            pass
        after = self._store.local()
        return SyncSummary(
            pushed=self._pushed,
            pulled=self._pulled,
            head=after.head,
            head_hash=after.head_hash.hex(),
            renamed=self._forked and after.replica != before.replica,
            erasures=self._erasures,
            set_aside=self._aside,
            clock_error_ms=self._clock_error if abs(self._clock_error) > CLOCKS_AGREE_MS else 0,
        )

    def _round_trip(self) -> bool:
        """Pushes and pulls once; whether to go on."""
        local = self._store.local()
        waiting = [] if self._pulling_first else self._store.outbox(self._pushed_to, self._most)
        pushed = sync.batch(waiting, self._most)
        sent_at = self._clock()
        reply = self._endpoint.sync(sync.request(local, pushed, sent_at))
        if not isinstance(reply, SyncReply):
            self._check_own_chain(reply)
            self._recover(sync.answer(reply, pushed, local.cursor), local)
            return True
        self._clock_error = sent_at - reply.server_time
        news = sync.carried(pushed, reply, local.head)
        if isinstance(news, sync.Untrusted):
            raise _distrusted(news)
        refs = [(record.event.replica, record.event.seq) for record in news]
        with self._store.snapshot():
            if self._store.local().place != local.place:
                return True  # another process syncs the same file: look again from where it is now
            known = sync.Known(self._store.holds(refs), self._store.tips(replica for replica, _ in refs))
        match sync.absorb(local, news, reply, known):
            case sync.Advance() as advance:
                return self._advance(local, advance, reply, pushed[-1].place if pushed else None)
            case (sync.Diverged() | sync.Untrusted()) as action:
                self._recover(action, local)
                return True

    def _advance(self, local: Local, advance: sync.Advance, reply: SyncReply, place: int | None) -> bool:
        moved = self._store.advance(
            local, advance.pulled, cursor=advance.cursor, head_hash=advance.head_hash, now=reply.server_time
        )
        if not moved:
            return True  # as above, just now
        accepted = sum(verdict.status == "accepted" for verdict in reply.verdicts)
        self._pushed += accepted
        self._pulled += len(reply.records)
        self._erasures |= any(record.event.type == ERASURE for record in advance.pulled)
        self._progress(local.head + len(advance.pulled), reply.head)
        if place is not None:
            self._pushed_to = place
        if advance.more:
            return True
        if self._pulling_first:
            self._pulling_first = False
            return True
        if not self._store.outbox_size():
            return False
        if not self._store.outbox(self._pushed_to, 1):
            # All is acknowledged, and yet the ledger doesn't bring it: send it again.
            self._setback("acknowledges events that its ledger then does not have")
            self._pushed_to = None
        return True

    def _recover(
        self,
        action: sync.StartOver | sync.Diverged | sync.Untrusted | sync.SetAside | sync.Split | sync.GiveUp,
        local: Local,
    ) -> None:
        """Does what was decided when the replica stood at ``local``."""
        match action:
            case sync.Untrusted() if self._doubted:
                raise _distrusted(action)
            case sync.Untrusted():
                # Perhaps it is this copy of the ledger that can't be true: what came of an old reply, say.
                self._doubted = True
                self._store.start_over()
                self._pulling_first = True
            case sync.GiveUp(fault=fault):
                raise SyncRefusedError(fault)
            case sync.Split(most=most):
                self._most = most
                return  # all that was acknowledged stays so
            case sync.SetAside(reasons=reasons, sure=sure):
                if not sure:
                    self._setback("refuses events that are of the protocol's form")
                self._heal(rewriting.Refusals(events=reasons), local)
            case sync.StartOver():
                self._setback("sends this replica back to the start again and again")
                self._store.start_over()
                self._pulling_first = True
            case sync.Diverged(forks=forks):
                self._setback("keeps finding new forks")
                self._heal(rewriting.Refusals(forks=forks), local)
        self._pushed_to = None

    def _heal(self, refused: rewriting.Refusals, before: Local) -> None:
        """Mends all at once that is amiss: each time, what follows gets another name.

        Another process that syncs the same file may have mended it already: then it is looked at again.
        """

        def compose(local: Local, outbox: list[Held]) -> Rewriting | None:
            if local.place != before.place:
                return None
            made = rewriting.heal(local, outbox, refused, self._past(), draw=self._draw, now=self._clock())
            self._aside += len(made.aside)
            self._forked |= bool(refused.forks)
            return made

        self._store.rewrite(compose)

    def _check_own_chain(self, fault: Fault) -> None:
        """A chain that is broken here can't be healed by the server."""
        if isinstance(fault, ChainBroken) and not verify(self._store).ok:
            raise DamagedLedgerError(
                f"The ledger file is damaged: event {fault.seq} of replica {fault.replica} does not follow."
                " Nothing was sent."
            )

    def _setback(self, what: str) -> None:
        self._setbacks += 1
        if self._setbacks > PATIENCE:
            raise ServerError(
                f"The server {what}.", "Everything logged is still here. Try later, or tell who runs the server."
            )

    def _past(self) -> rewriting.Past:
        ledger = [record.event for record in self._store.records()]
        waiting = sorted((held.event for held in self._store.outbox()), key=lambda event: event.seq)
        return rewriting.past_of([*ledger, *waiting], self._hash_at)

    def _hash_at(self, replica: str, seq: int) -> bytes:
        kept = self._store.event_at((replica, seq))
        if kept is None:
            raise DamagedLedgerError(f"Event {seq} of replica {replica} is missing from the ledger file.")
        return bytes.fromhex(stored_event(kept).hash)


def _distrusted(untrusted: sync.Untrusted) -> ServerError:
    return ServerError(
        f"The server's reply can't be true: {untrusted.reason}.",
        "Nothing of it was kept. Run `ironledger verify`, and tell who runs the server.",
    )
