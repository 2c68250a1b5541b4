"""The sync machine: what to ask, what to make of the answer. No socket, no clock, no SQL.

    outbox ──request──▶ endpoint ──reply──▶ absorb ──▶ Advance     records for the ledger, and the next cursor
                           │                      ├──▶ Diverged    a copy or a restored backup: rewrite, go on
                           │                      └──▶ Untrusted   the reply contradicts itself or the history
                           └──fault──▶ answer ──▶ StartOver | Diverged | GiveUp

Invariants:
1. The cursor moves only together with the records that it passes.
2. An event leaves the outbox only when the cursor passes it.
3. Nothing that this replica holds is dropped unless its like is written under another name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import msgspec
from msgspec import UNSET

from client_sdk.store import Held, Local, Pulled, Ref, Rewriting, Tip
from events import Event, MalformedError, Stamp
from events.envelope import GENESIS, chain_hash, chained, decode_event, encode_event, ledger_hash
from events.protocol import (
    MAX_PAGE,
    PROTOCOL,
    ChainBroken,
    Fault,
    Fork,
    Gap,
    Reset,
    SawUnknown,
    SyncReply,
    SyncRequest,
)
from projections.causality import Causality

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


class Past(msgspec.Struct, frozen=True):
    """All that a replica holds, ledger and outbox: who saw what, and the hash at each place."""

    causality: Causality
    hash_at: Callable[[str, int], bytes]


def batch(outbox: Sequence[Held]) -> list[Held]:
    """The first events of the outbox that go into one request."""
    size = 0
    for count, held in enumerate(outbox[:PUSH_EVENTS]):
        size += len(held.kept)
        if size > PUSH_BYTES and count:
            return list(outbox[:count])
    return list(outbox[:PUSH_EVENTS])


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
    if not reply.more and reply.head != local.head + len(following):
        return Untrusted(f"its ledger ends at {reply.head}, and its records at {local.head + len(following)}")
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


def answer(fault: Fault) -> StartOver | Diverged | GiveUp:
    """What to do about a refusal.

    A gap, a broken chain or an unknown sight say that the server lost what this replica has seen there. Starting
    over finds all of that at once.
    """
    match fault:
        case Reset() | Gap() | ChainBroken() | SawUnknown():
            return StartOver()
        case Fork(replica=replica, seq=seq):
            return Diverged({replica: seq})
        case _:
            return GiveUp(fault)


def rewrite(
    local: Local, outbox: Sequence[Held], forks: Mapping[str, int], past: Past, draw: Callable[[], str]
) -> Rewriting:
    """The diverged events of the outbox, written again under new replica ids.

    All fields stay but ``replica``, ``seq``, ``hash``, and ``saw``, which names the same events as before under
    their present names. An event that saw a diverged one has diverged too, and so has all that follows it.

    Args:
        local: The replica.
        outbox: All events of the outbox, in order.
        forks: The first diverged seq of each replica.
        past: What the replica holds.
        draw: Draws a new replica id.
    """
    splits = spread(outbox, forks)
    names = {replica: draw() for replica in splits}
    diverged = [held for held in outbox if held.event.seq >= splits.get(held.event.replica, held.event.seq + 1)]
    tips: dict[str, Tip | None] = {}
    said: dict[str, dict[str, int]] = {}
    added = []
    for held in diverged:
        name = names[held.event.replica]
        tip = tips.get(name) or Tip(0, GENESIS)
        seen = _renamed(past.causality.seen_by(held.event.replica, held.event.seq), splits, names, name)
        grown = {other: seq for other, seq in seen.items() if seq > said.get(name, {}).get(other, 0)}
        said[name] = seen
        event = msgspec.structs.replace(held.event, replica=name, seq=tip.seq + 1, saw=grown or UNSET)
        event = chained(tip.hash, event)
        tips[name] = Tip(event.seq, bytes.fromhex(event.hash))
        added.append((event, encode_event(event), held.stamp))
    for replica, first in splits.items():
        if first <= past.causality.lengths.get(replica, 0):
            tips[replica] = Tip(first - 1, past.hash_at(replica, first - 1)) if first > 1 else None
    own = names.get(local.replica)
    return Rewriting(
        replica=own or local.replica,
        dropped=[(held.event.replica, held.event.seq) for held in diverged],
        added=added,
        tips=tips,
        said=None if own is None else said.get(own, {}),
    )


def spread(outbox: Sequence[Held], forks: Mapping[str, int]) -> dict[str, int]:
    """The first diverged seq of each replica, counting those that saw a diverged event of another."""
    splits = dict(forks)
    for held in outbox:
        event = held.event
        if any(seq >= splits.get(other, seq + 1) for other, seq in event.seen.items()):
            splits[event.replica] = min(event.seq, splits.get(event.replica, event.seq))
    return splits


def _ref(held: Held) -> Ref:
    return held.event.replica, held.event.seq


def _renamed(
    seen: Mapping[str, int], splits: Mapping[str, int], names: Mapping[str, str], own: str
) -> dict[str, int]:
    """What an event had seen, under the present names; its own replica's events go without saying."""
    present: dict[str, int] = {}
    for other, seq in seen.items():
        first = splits.get(other, seq + 1)
        if min(seq, first - 1) > 0:
            present[other] = min(seq, first - 1)
        if seq >= first and names[other] != own:
            present[names[other]] = seq - first + 1
    return present


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
