"""The sync machine: what to ask, what to make of the answer. No socket, no clock, no SQL.

    outbox ──request──▶ endpoint ──reply──▶ absorb ──▶ Advance     records for the ledger, and the next cursor
                           │                      ├──▶ Diverged    a copy or a restored backup: rewrite, go on
                           │                      └──▶ Untrusted   the reply contradicts itself or the history
                           └──fault──▶ answer ──▶ StartOver | Diverged | SetAside | Split | GiveUp

Invariants:
1. The cursor moves only together with the records that it passes.
2. An event leaves the outbox only when the cursor passes it.
3. Nothing that this replica holds is dropped unless its like is written under another name, or it is set aside.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import msgspec

from client_sdk.rewriting import refusal
from client_sdk.store import Held, Local, Pulled, Ref, Tip
from events import Event, MalformedError, Stamp
from events.envelope import GENESIS, chain_hash, decode_event, ledger_hash
from events.protocol import (
    MAX_PAGE,
    PROTOCOL,
    START,
    ChainBroken,
    Fault,
    Fork,
    Gap,
    Malformed,
    Reset,
    SawUnknown,
    SyncReply,
    SyncRequest,
    TooLarge,
)

PUSH_EVENTS = 500
PUSH_BYTES = 2 * 1024 * 1024
"""What one request pushes at most: well under the protocol's limits."""


class Advance(msgspec.Struct, frozen=True):
    """The ledger goes on: these records follow its head."""

    pulled: list[Pulled]
    head_hash: bytes
    cursor: str
    more: bool


class Diverged(msgspec.Struct, frozen=True):
    """From these places on, the server's chains are others than this replica's: ``{replica: first seq}``."""

    forks: dict[str, int]


class StartOver(msgspec.Struct, frozen=True):
    """The server's history is not what this replica saw of it: pull all of it again, then push what it lacks."""


class SetAside(msgspec.Struct, frozen=True):
    """These events can't be sent, for these reasons: they wait apart, so that the others can go."""

    reasons: dict[Ref, str]
    sure: bool
    """Whether this replica sees it too, or has only the server's word for it."""


class Split(msgspec.Struct, frozen=True):
    """The request was too large, with no event that is: push no more than so many at a time."""

    most: int


class GiveUp(msgspec.Struct, frozen=True):
    """Only the user, or time, can help."""

    fault: Fault


class Untrusted(msgspec.Struct, frozen=True):
    """The reply can't be true; nothing of it is kept."""

    reason: str


class Known(msgspec.Struct, frozen=True):
    """What the store holds of the events that a reply speaks of."""

    held: Mapping[Ref, str]
    """The hashes of those that are in the outbox."""
    tips: Mapping[str, Tip]


def batch(outbox: Sequence[Held], most: int = PUSH_EVENTS) -> list[Held]:
    """The first events of the outbox that go into one request, ``most`` of them or fewer."""
    size = 0
    for count, held in enumerate(outbox[:most]):
        size += len(held.kept)
        if size > PUSH_BYTES and count:
            return list(outbox[:count])
    return list(outbox[:most])


def request(local: Local, pushed: Sequence[Held], now: int) -> SyncRequest:
    """The next round trip: push these events, pull what follows the cursor."""
    stamps = [held.stamp for held in pushed]
    return SyncRequest(
        protocol=PROTOCOL,
        account=local.account or "",
        replica=local.replica,
        cursor=local.cursor,
        sent_at=now,
        events=[msgspec.Raw(held.kept) for held in pushed],
        stamps=stamps if any(stamps) else [],
        limit=MAX_PAGE,
    )


def carried(pushed: Sequence[Held], reply: SyncReply, head: int) -> list[Pulled] | Untrusted:
    """All that a reply carries behind ``head``, as a record or as the verdict on a pushed event, by position.

    A reply to another request, which something on the way may have kept and given again, has other verdicts.
    """
    if [(verdict.replica, verdict.seq) for verdict in reply.verdicts] != [_ref(held) for held in pushed]:
        return Untrusted("its verdicts are on other events than those that were sent")
    found: dict[int, Pulled] = {}
    for record in reply.records:
        if record.position > head:
            try:
                event, kept = decode_event(bytes(record.event))
            except MalformedError as error:
                return Untrusted(f"its record at position {record.position} holds no event: {error.message}")
            found[record.position] = Pulled(record.position, Stamp(record.received, record.skew), event, kept)
    for held, verdict in zip(pushed, reply.verdicts, strict=True):
        if verdict.position > head:
            stamp = Stamp(verdict.received, verdict.skew)
            found[verdict.position] = Pulled(verdict.position, stamp, held.event, held.kept)
    return [found[position] for position in sorted(found)]


def absorb(local: Local, news: Sequence[Pulled], reply: SyncReply, known: Known) -> Advance | Diverged | Untrusted:
    """What a reply means for the ledger.

    Args:
        local: The replica as it asked.
        news: What the reply carries.
        reply: The reply.
        known: What the store holds of the events in ``news``.
    """
    following = [record for index, record in enumerate(news) if record.position == local.head + 1 + index]
    if reply.records and reply.records[-1].position > local.head + len(following):
        return Untrusted("its records leave a position out")
    held = local.head + len(following)
    if reply.head < held or (not reply.more and reply.head != held):
        return Untrusted(f"its ledger ends at {reply.head}, and its records at {held}")
    forks = _forks(local.replica, following, known)
    if forks:
        return Diverged(forks)
    broken = _broken_link(following, known)
    if broken is not None:
        return Untrusted(f"the hash of event {broken.seq} of replica {broken.replica} does not follow")
    current = local.head_hash
    for record in following:
        current = ledger_hash(current, record.event.hash, record.stamp)
    if local.head + len(following) == reply.head and current.hex() != reply.head_hash:
        return Untrusted("its ledger hash is another than that of its records")
    return Advance(following, current, reply.cursor, reply.more)


def answer(
    fault: Fault, pushed: Sequence[Held] = (), cursor: str = START
) -> StartOver | Diverged | SetAside | Split | GiveUp:
    """What to do about the refusal of a request that pushed these events from that cursor.

    A gap, a broken chain or an unknown sight say that the server lost what this replica has seen there, a cursor
    that it can't read that this replica lost its own. Starting over finds all of that at once.
    """
    match fault:
        case Reset() | Gap() | ChainBroken() | SawUnknown():
            return StartOver()
        case Malformed(path="$.cursor") if cursor != START:
            return StartOver()
        case Fork(replica=replica, seq=seq):
            return Diverged({replica: seq})
        case Malformed() | TooLarge():
            return _unsendable(fault, pushed)
        case _:
            return GiveUp(fault)


def _unsendable(fault: Malformed | TooLarge, pushed: Sequence[Held]) -> SetAside | Split | GiveUp:
    """Which events are at fault: those that the protocol refuses, else the one that the server names, else none."""
    reasons = {_ref(held): reason for held in pushed if (reason := refusal(held.kept)) is not None}
    if reasons:
        return SetAside(reasons, sure=True)
    named = _NAMED.match(fault.path)
    if named is not None and int(named[1]) < len(pushed):
        return SetAside({_ref(pushed[int(named[1])]): fault.detail}, sure=False)
    if isinstance(fault, TooLarge) and len(pushed) > 1:
        return Split(len(pushed) // 2)
    return GiveUp(fault)


def _forks(own: str, following: Sequence[Pulled], known: Known) -> dict[str, int]:
    """Where the ledger's events are others than those that this replica holds, or than it ever wrote."""
    forks: dict[str, int] = {}
    for record in following:
        replica, seq = record.event.replica, record.event.seq
        held = known.held.get((replica, seq))
        if held != record.event.hash and (held is not None or replica == own):
            forks[replica] = min(seq, forks.get(replica, seq))
    return forks


def _broken_link(following: Sequence[Pulled], known: Known) -> Event | None:
    """The first record whose hash does not follow from what is held of its replica."""
    ends = {replica: (tip.seq, tip.hash) for replica, tip in known.tips.items()}
    for record in following:
        event = record.event
        if (event.replica, event.seq) in known.held:
            continue
        seq, previous = ends.get(event.replica, (0, GENESIS))
        if event.seq != seq + 1 or chain_hash(previous, event) != event.hash:
            return event
        ends[event.replica] = (event.seq, bytes.fromhex(event.hash))
    return None


def _ref(held: Held) -> Ref:
    return held.event.replica, held.event.seq


_NAMED = re.compile(r"\$\.events\[([0-9]{1,4})\]")
