"""What becomes of a sync request: the server's decisions, without I/O.

    text ─read_push─▶ Push ─needs─▶ Needs ─store─▶ Known ─ingest─▶ Accepted ─store─▶ following ─reply─▶ SyncReply
            │                                               │
            └──▶ Fault                                      └──▶ Fault

Whatever an event says, it is stored and passed on; only what breaks the chain of facts is refused, and then the
whole request is. Faults are found in the protocol's order: the request as a whole and the form of its cursor when it
is read (``server.push``), then the cursor's history, then the events one by one.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import msgspec
from msgspec import UNSET

from events.codec import Invalid, Problem, Unknown
from events.codec import Known as Understood
from events.corrections import EventErased
from events.envelope import (
    GENESIS,
    Event,
    Stamp,
    chain_hash,
    encode_event,
    ledger_hash,
    said_hash,
    without_words,
)
from events.protocol import (
    CLOCKS_AGREE_MS,
    ChainBroken,
    Fault,
    Fork,
    Gap,
    Reset,
    SawUnknown,
    SyncReply,
    Verdict,
    WireRecord,
)
from events.quantities import EARLIEST_MS, LATEST_MS
from server.push import ORIGIN, Point, Push, Pushed

Link = tuple[str, int]
"""A place in a chain: the replica and the seq."""


class Needs(msgspec.Struct, frozen=True, kw_only=True):
    """What must be known of a ledger to decide on a push."""

    position: int
    replicas: frozenset[str]
    links: frozenset[Link]
    ids: frozenset[str]


class Chain(msgspec.Struct, frozen=True, gc=False):
    """The end of a replica's chain."""

    seq: int
    hash: str


class Place(msgspec.Struct, frozen=True, gc=False):
    """Where a stored event stands, and its stamp."""

    position: int
    stamp: Stamp
    event: Event


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """A ledger as far as ``Needs`` asked: what is not in a mapping is not in the ledger.

    ``at_cursor`` is the ledger hash at the position of the cursor, None beyond the head; ``first_uses`` are the
    earliest records that bear an id; ``erased`` holds those of the ids whose words were taken out.
    """

    head: Point = ORIGIN
    at_cursor: bytes | None = None
    chains: dict[str, Chain] = {}
    places: dict[Link, Place] = {}
    first_uses: dict[str, Place] = {}
    erased: frozenset[str] = frozenset()


class Entry(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A record as a store keeps it, at its place: ``kept`` is the event's canonical bytes."""

    position: int
    stamp: Stamp
    ledger_hash: bytes
    event: Event
    kept: bytes


class Accepted(msgspec.Struct, frozen=True, kw_only=True):
    """A push that goes through: ``entries`` to append, and ids whose words are taken out of what is stored."""

    verdicts: list[Verdict]
    entries: list[Entry]
    head: Point
    erased: frozenset[str]


class Kept(msgspec.Struct, frozen=True, gc=False):
    """A record as a store gives it back."""

    position: int
    stamp: Stamp
    ledger_hash: bytes
    kept: bytes


def needs(push: Push) -> Needs:
    """What must be known of the ledger to decide on ``push``."""
    events = [pushed.event for pushed in push.events]
    return Needs(
        position=push.cursor.position,
        replicas=frozenset(event.replica for event in events).union(*(event.saw or () for event in events)),
        links=frozenset((event.replica, event.seq) for event in events),
        ids=frozenset(event.id for event in events),
    )


def ingest(known: Known, push: Push, now: int) -> Accepted | Fault:
    """Decides on ``push``, received at ``now``, of which ``known`` holds what ``needs`` asked for."""
    fault = cursor_fault(push.cursor, known.at_cursor)
    if fault is not None:
        return fault
    draft = _Draft(known, Stamp(now, _skew(now, push.sent_at)))
    for index, pushed in enumerate(push.events):
        refusal = draft.take(pushed, index)
        if refusal is not None:
            return refusal
    return push.broken or draft.accepted()


def cursor_fault(cursor: Point, at_cursor: bytes | None) -> Reset | None:
    """Whether a cursor stands on another history than the ledger's, whose hash there is ``at_cursor``."""
    if cursor == ORIGIN or cursor.ledger_hash == at_cursor:
        return None
    return Reset(
        detail=f"This server's history at position {cursor.position} is not the one that the cursor stands on.",
        next_step="Begin again at cursor 0, and push what the server does not have.",
    )


def reply(push: Push, accepted: Accepted, following: Iterable[Kept | Entry], now: int) -> SyncReply:
    """The answer to a push that went through.

    Args:
        push: The request.
        accepted: What became of it.
        following: The records after the cursor, as they are with the push appended: as many as the push has events
            and its limit together, or all there are.
        now: When the request was received.
    """
    carried = {verdict.position for verdict in accepted.verdicts}
    point = push.cursor
    records: list[WireRecord] = []
    for kept in following:
        if kept.position not in carried:
            if len(records) == push.limit:
                break
            records.append(wire_record(kept))
        point = Point(kept.position, kept.ledger_hash)
    return SyncReply(
        head=accepted.head.position,
        head_hash=accepted.head.ledger_hash.hex(),
        cursor=str(point),
        more=point.position < accepted.head.position,
        server_time=now,
        verdicts=accepted.verdicts,
        records=records,
    )


def wire_record(kept: Kept | Entry) -> WireRecord:
    """A stored record as it travels."""
    return WireRecord(
        position=kept.position,
        received=kept.stamp.received,
        skew=kept.stamp.skew,
        event=msgspec.Raw(kept.kept),
    )


class _Draft:
    """The ledger as it will be once the events taken so far are appended."""

    def __init__(self, known: Known, stamp: Stamp) -> None:
        self._stamp = stamp
        self._position, self._ledger_hash = known.head.position, known.head.ledger_hash
        self._ends: dict[str, Chain | Event] = dict(known.chains)
        self._places: dict[Link, Place | Entry] = dict(known.places)
        self._first_uses: dict[str, Place | Entry] = dict(known.first_uses)
        self._erased_before = known.erased
        self._erased: set[str] = set()
        self._entries: list[Entry] = []
        self._verdicts: list[Verdict] = []

    def take(self, pushed: Pushed, index: int) -> Fault | None:
        """Notes the verdict on one event of the request, or says why that cannot go through."""
        event = pushed.event
        end = self._ends.get(event.replica, _UNWRITTEN)
        if event.seq > end.seq:
            fault = _chain_fault(event, end) or self._saw_fault(event, index)
            if fault is None:
                self._accept(pushed)
            return fault
        place = self._places[event.replica, event.seq]  # a chain has no gaps
        if place.event.hash != event.hash:
            return _fork(event)
        self._note(pushed, place, "duplicate")
        return None

    def accepted(self) -> Accepted:
        """What became of the events taken."""
        erased = self._erased | self._erased_before
        entries = [_erased_entry(entry) if entry.event.id in erased else entry for entry in self._entries]
        head = Point(self._position, self._ledger_hash)
        return Accepted(verdicts=self._verdicts, entries=entries, head=head, erased=frozenset(self._erased))

    def _saw_fault(self, event: Event, index: int) -> SawUnknown | None:
        if event.saw is UNSET:
            return None
        for replica, seq in event.saw.items():
            if seq > self._ends.get(replica, _UNWRITTEN).seq:
                return SawUnknown(
                    detail=f"$.events[{index}] saw event {seq} of replica {replica}, which is not in this ledger.",
                    next_step="Send that event first: the replica that saw it holds it.",
                    replica=replica,
                    seq=seq,
                )
        return None

    def _accept(self, pushed: Pushed) -> None:
        event, stamp = pushed.event, pushed.stamp or self._stamp
        self._position += 1
        self._ledger_hash = ledger_hash(self._ledger_hash, event.hash, stamp)
        entry = Entry(
            position=self._position, stamp=stamp, ledger_hash=self._ledger_hash, event=event, kept=pushed.kept
        )
        self._entries.append(entry)
        self._ends[event.replica] = event
        self._places[event.replica, event.seq] = entry
        self._first_uses.setdefault(event.id, entry)
        problem = self._note(pushed, entry, "accepted")
        match pushed.reading:
            case Understood(body=EventErased(target=target)) if problem is None:
                self._erased.add(target)
            case _:
                pass

    def _note(self, pushed: Pushed, place: Place | Entry, status: Literal["accepted", "duplicate"]) -> Problem | None:
        event = pushed.event
        problem = self._problem(pushed, place)
        self._verdicts.append(
            Verdict(
                replica=event.replica,
                seq=event.seq,
                status=status,
                position=place.position,
                received=place.stamp.received,
                skew=place.stamp.skew,
                problem=problem,
            )
        )
        return problem

    def _problem(self, pushed: Pushed, place: Place | Entry) -> Problem | None:
        first = self._first_uses.get(pushed.event.id)  # None: sent again under an id that was never stored
        if first is not None and first.position < place.position and self._differs(first.event, pushed.event):
            sentence = f"The event at position {first.position} has this id already and says something else."
            return Problem("repeated_id", sentence, "$.id")
        match pushed.reading:
            case Understood():
                return None
            case Unknown(problem=problem) | Invalid(problem=problem):
                return problem
            case _:
                return None

    def _differs(self, first: Event, event: Event) -> bool:
        """Whether two events of one id say different things; not where the words of either are gone."""
        is_erased = event.id in self._erased_before or event.id in self._erased
        return not is_erased and said_hash(first) != said_hash(event)


def _chain_fault(event: Event, end: Chain | Event) -> Gap | ChainBroken | None:
    expected = end.seq + 1
    if event.seq != expected:
        return Gap(
            detail=f"Event {event.seq} of replica {event.replica} came where {expected} is next.",
            next_step=f"Send that replica's events from {expected} on.",
            replica=event.replica,
            expected_seq=expected,
        )
    if chain_hash(bytes.fromhex(end.hash), event) != event.hash:
        return ChainBroken(
            detail=f"The hash of event {event.seq} of replica {event.replica} does not follow from the one before.",
            next_step="Verify the local chain; if it is sound, send that replica's events from 1 on.",
            replica=event.replica,
            seq=event.seq,
        )
    return None


def _fork(event: Event) -> Fork:
    return Fork(
        detail=f"The server holds another event {event.seq} of replica {event.replica}.",
        next_step="This is a copy: write the events that differ again under a new replica id.",
        replica=event.replica,
        seq=event.seq,
    )


def _erased_entry(entry: Entry) -> Entry:
    event = without_words(entry.event)
    return msgspec.structs.replace(entry, event=event, kept=encode_event(event))


def _skew(now: int, sent_at: int) -> int:
    """What to add to the replica's clock. One that is beyond all years counts as at their end: a stamp has limits."""
    apart = now - min(max(sent_at, EARLIEST_MS), LATEST_MS)
    return 0 if abs(apart) <= CLOCKS_AGREE_MS else apart


_UNWRITTEN = Chain(0, GENESIS.hex())
