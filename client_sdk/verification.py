"""Whether a ledger is what it claims: every event, every hash chain, every position, the ledger hash, the file."""

from __future__ import annotations

import re
from typing import Any, Literal

import msgspec

from client_sdk.errors import LedgerFileError
from client_sdk.rewriting import refusal
from client_sdk.setaside import event_id, readable
from client_sdk.store import Local, Row, Store, Tip, stamp_of
from events import Event, MalformedError
from events.envelope import GENESIS, chain_hash, decode_event, ledger_hash
from events.identifiers import Uuid


class Finding(msgspec.Struct, frozen=True):
    """Something that does not hold, and where; what is unknown of an event is None."""

    message: str
    replica: str | None = None
    seq: int | None = None
    position: int | None = None
    event: str | None = None


class Verification(msgspec.Struct, frozen=True):
    """What was verified. ``replicas`` counts the chains."""

    events: int
    replicas: int
    head: int
    head_hash: str
    ok: bool
    problems: list[Finding]


Verdict = Literal["follows", "damaged", "unproven"]


class Chain:
    """One replica's hash chain, followed link by link, past what is missing or damaged.

    An event that does not follow is damaged where the one before it is known to be sound. Behind a hole, or behind
    damage, which may be in the very hash that it follows from, it can't be judged, and is taken to be sound.
    """

    def __init__(self, seq: int = 0, end: bytes = GENESIS) -> None:
        self.seq = seq
        self._end: bytes | None = end
        self._sure = True

    def judge(self, event: Event) -> Verdict:
        """Whether an event follows."""
        if self._end is not None and event.seq == self.seq + 1:
            if chain_hash(self._end, event) == event.hash:
                return "follows"
            return "damaged" if self._sure else "unproven"
        return "unproven"

    def take(self, event: Event, *, sound: bool = True) -> None:
        """Goes on from an event."""
        self.seq, self._end, self._sure = event.seq, bytes.fromhex(event.hash), sound

    def lose(self, seq: int, kept: object) -> None:
        """Goes on from an event that can't be read; its hash may stand there all the same."""
        hashes = _HASH.findall(kept) if isinstance(kept, bytes) else []
        self.seq, self._sure = seq, False
        self._end = bytes.fromhex(hashes[-1].decode()) if hashes else None

    @property
    def end(self) -> Tip | None:
        """The last event, where it was read."""
        return None if self._end is None or not self._sure else Tip(self.seq, self._end)


def verify(store: Store) -> Verification:
    """Walks the whole ledger and the outbox, event by event, whatever is wrong with them."""
    findings = [Finding(complaint) for complaint in store.complaints()]
    try:
        with store.snapshot():
            local = store.local()
            walk = _Walk(local, findings)
            for row in store.rows():
                walk.step(row)
            walk.finish(store.tips())
            if not findings:
                # The port reads what a report reads: what it stumbles over was to be found above.
                store.aside()
                for _ in store.records():
                    pass
    except LedgerFileError as error:
        if not any(finding.message == error.message for finding in findings):
            findings.append(Finding(error.message))
        return Verification(0, 0, 0, GENESIS.hex(), False, findings)  # noqa: FBT003  # not ok
    count = sum(chain.seq for chain in walk.chains.values())
    return Verification(count, len(walk.chains), local.head, local.head_hash.hex(), not findings, findings)


class _Walk:
    """All rows, one after the other."""

    def __init__(self, local: Local, findings: list[Finding]) -> None:
        self.chains: dict[str, Chain] = {}
        self._local = local
        self._findings = findings
        self._head = 0
        self._hash: bytes | None = GENESIS
        """The ledger hash, as long as all up to here could be read."""
        self._waiting: list[tuple[int, Row, Event | None]] = []

    def step(self, row: Row) -> None:
        """One row: in the ledger its chain is followed at once, in the outbox in the chain's own order."""
        if row.position is not None:
            self._next_position(row)
        event = self._event(row)
        if row.position is not None:
            self._follow(row, event)
        elif event is not None or isinstance(row.seq, int):
            self._waiting.append((row.seq if event is None else event.seq, row, event))

    def finish(self, tips: dict[str, Tip]) -> None:
        """What can be said at the end only."""
        for _, row, event in sorted(self._waiting, key=lambda waiting: waiting[0]):
            self._follow(row, event)
        self._check_head()
        for replica in sorted(self.chains.keys() | tips.keys()):
            end, tip = self._chain(replica).end, tips.get(replica)
            if end is not None and (tip is None or (tip.seq, tip.hash) != (end.seq, end.hash)):
                message = "The end of this chain is not the one that is remembered."
                self._findings.append(Finding(message, replica, end.seq))
        try:
            msgspec.convert(self._local.replica, Uuid)
        except msgspec.ValidationError:
            self._findings.append(Finding("The id of this replica can't be read."))

    def _next_position(self, row: Row) -> None:
        position = row.position or 0
        if position != self._head + 1:
            self._hash = None
            first, last = self._head + 1, position - 1
            where = f"Position {first} is" if first == last else f"Positions {first} to {last} are"
            self._findings.append(Finding(f"{where} missing.", position=first))
        self._head = position

    def _event(self, row: Row) -> Event | None:
        """The event of a row, where it can be read; whatever else is wrong with it is noted."""
        event = readable(row.kept) if isinstance(row.kept, bytes) else None
        if event is None:
            self._found(row, f"This event can't be read: {_complaint(row.kept)}")
            return None
        if (event.replica, event.seq) != (row.replica, row.seq):
            self._found(
                row, f"The file has this event as {row.seq} of replica {row.replica}, which it is not.", event
            )
        elif _spelling(row.kept) != row.kept:
            self._found(row, _unlike(row), event)
        elif row.place is not None and (reason := refusal(row.kept)) is not None:
            self._found(row, f"This event can't be sent: {reason}", event)
        return event

    def _follow(self, row: Row, event: Event | None) -> None:
        if event is None:
            if row.position is not None:
                self._hash = None
            if isinstance(row.replica, str) and isinstance(row.seq, int):
                self._chain(row.replica).lose(row.seq, row.kept)
            return
        chain = self._chain(event.replica)
        if event.seq > chain.seq + 1:
            self._found(row, f"Event {chain.seq + 1} of its replica is missing before this one.", event)
        elif event.seq <= chain.seq:
            self._found(row, "Another event stands at its place in the chain of its replica.", event)
        verdict = chain.judge(event)
        if verdict == "damaged":
            self._found(row, "The hash of this event does not follow from its words.", event)
        chain.take(event, sound=verdict != "damaged")
        if row.position is not None and self._hash is not None:
            stamp = stamp_of(row.received, row.skew)
            if stamp is None:
                self._found(row, "The stamp of this event can't be read.", event)
            self._hash = None if stamp is None else ledger_hash(self._hash, event.hash, stamp)

    def _check_head(self) -> None:
        local = self._local
        if self._head != local.head:
            message = f"The ledger ends at position {self._head}; by the last sync it should at {local.head}."
            self._findings.append(Finding(message, position=self._head))
        elif self._hash is not None and self._hash != local.head_hash:
            message = f"The ledger hash at {self._head} is not the one that the last sync left."
            self._findings.append(Finding(message, position=self._head))

    def _chain(self, replica: str) -> Chain:
        return self.chains.setdefault(replica, Chain())

    def _found(self, row: Row, message: str, event: Event | None = None) -> None:
        named = event_id(row.kept) if event is None and isinstance(row.kept, bytes) else event and event.id
        replica, seq = (row.replica, row.seq) if event is None else (event.replica, event.seq)
        self._findings.append(
            Finding(
                message,
                replica if isinstance(replica, str) else None,
                seq if isinstance(seq, int) else None,
                row.position,
                named or None,
            )
        )


def _complaint(kept: Any) -> str:  # noqa: ANN401  # whatever the file holds
    try:
        decode_event(kept)
    except MalformedError as error:
        return error.message if error.path == "$" else f"{error.message.rstrip('.')} at {error.path}."
    except TypeError:
        pass
    return "it is no text."


def _spelling(kept: bytes) -> bytes | None:
    try:
        return decode_event(kept)[1]
    except MalformedError:
        return None


def _unlike(row: Row) -> str:
    reason = refusal(row.kept)
    return "This event is not in canonical JSON." if reason is None else f"This event can't be sent: {reason}"


_HASH = re.compile(rb'"hash":"([0-9a-f]{64})"')
