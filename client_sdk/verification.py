"""Whether a ledger is what it claims: every hash chain, every position, the ledger hash."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from client_sdk.store import Store
from events import MalformedError, Record
from events.envelope import GENESIS, chain_hash, ledger_hash


class Finding(msgspec.Struct, frozen=True):
    """Something that does not hold, and where."""

    message: str
    replica: str | None = None
    seq: int | None = None
    position: int | None = None


class Verification(msgspec.Struct, frozen=True):
    """What was verified. ``replicas`` counts the chains."""

    events: int
    replicas: int
    head: int
    head_hash: str
    ok: bool
    problems: list[Finding]


def verify(store: Store) -> Verification:
    """Walks the whole ledger and the outbox, event by event."""
    with store.snapshot():
        return _verify(store)


def _verify(store: Store) -> Verification:
    local = store.local()
    findings: list[Finding] = []
    current, head = GENESIS, 0
    waiting: list[Record] = []
    chains = _Chains(findings)
    try:
        for record in store.records():
            if record.position != head + 1:
                findings.append(Finding(f"Position {head + 1} is missing.", position=head + 1))
            head = record.position or head
            chains.follow(record)
            if record.stamp is not None:
                current = ledger_hash(current, record.event.hash, record.stamp)
        waiting = [record for _, record in store.pending()]
    except (msgspec.MsgspecError, MalformedError) as error:
        findings.append(Finding(f"An event behind position {head} can't be read: {error}.", position=head + 1))
    chains.follow_all(waiting)
    if (head, current) != (local.head, local.head_hash):
        findings.append(Finding(f"The ledger hash at {head} is not the one that the last sync left.", position=head))
    count = sum(chains.lengths.values())
    return Verification(count, len(chains.lengths), local.head, local.head_hash.hex(), not findings, findings)


class _Chains:
    """The replicas' hash chains, followed link by link."""

    def __init__(self, findings: list[Finding]) -> None:
        self.lengths: dict[str, int] = {}
        self._ends: dict[str, bytes] = {}
        self._findings = findings

    def follow_all(self, waiting: Iterable[Record]) -> None:
        """The outbox: in each chain's own order."""
        for record in sorted(waiting, key=lambda record: (record.event.replica, record.event.seq)):
            self.follow(record)

    def follow(self, record: Record) -> None:
        event = record.event
        expected = self.lengths.get(event.replica, 0) + 1
        if event.seq != expected:
            self._found(record, f"Event {expected} of its replica is missing before this one.")
        elif chain_hash(self._ends.get(event.replica, GENESIS), event) != event.hash:
            self._found(record, "The hash of this event does not follow from its words.")
        self.lengths[event.replica] = event.seq
        self._ends[event.replica] = bytes.fromhex(event.hash)

    def _found(self, record: Record, message: str) -> None:
        self._findings.append(Finding(message, record.event.replica, record.event.seq, record.position))
