"""Writing events of the outbox again: after a fork, around an event that can't be sent, after damage. Pure.

outbox ──▶ as it is, up to where a chain no longer holds
      ├──▶ written again under a new replica id, in order, with all it says
      └──▶ set aside, with its bytes as they are
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec
from msgspec import UNSET

from client_sdk.store import Aside, Held, Local, Ref, Rewriting, Tip
from events import Event, MalformedError
from events.envelope import GENESIS, MAX_EVENT_BYTES, chained, decode_event, encode_event, event_size
from projections.causality import Causality


class Past(msgspec.Struct, frozen=True):
    """All that a replica holds, ledger and outbox: who saw what, and the hash at each place."""

    causality: Causality
    hash_at: Callable[[str, int], bytes]


def past_of(events: Iterable[Event], hash_at: Callable[[str, int], bytes]) -> Past:
    """The past that these events make, which come in each chain's order and may leave some of a chain out."""
    causality = Causality()
    for event in events:
        if not causality.knows(event):
            causality.lengths[event.replica] = event.seq - 1
            causality.take(event)
    return Past(causality, hash_at)


def rewrite(
    local: Local, outbox: Sequence[Held], forks: Mapping[str, int], past: Past, draw: Callable[[], str]
) -> Rewriting:
    """The diverged events of the outbox, written again under new replica ids.

    All fields stay but ``replica``, ``seq``, ``hash``, and ``saw``, which names the same events as before under
    their present names, as far as there are any. An event that saw a diverged one has diverged too, and so has all
    that follows it.

    Args:
        local: The replica.
        outbox: All events of the outbox that shall stay, each chain's in order; it may have holes where it diverged.
        forks: The first diverged seq of each replica.
        past: What the replica holds.
        draw: Draws a new replica id.
    """
    splits = spread(outbox, forks)
    names = {replica: draw() for replica in splits}
    diverged = [held for held in outbox if held.event.seq >= splits.get(held.event.replica, held.event.seq + 1)]
    again: dict[str, list[int]] = {replica: [] for replica in splits}
    for held in diverged:
        again[held.event.replica].append(held.event.seq)
    tips: dict[str, Tip | None] = {}
    said: dict[str, dict[str, int]] = {}
    added = []
    for held in diverged:
        name = names[held.event.replica]
        tip = tips.get(name) or Tip(0, GENESIS)
        seen = _renamed(past.causality.seen_by(held.event.replica, held.event.seq), splits, names, again, name)
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


class Refusals(msgspec.Struct, frozen=True):
    """What the server will not have: chains from a seq on, for it has others, and events, each for a reason."""

    forks: Mapping[str, int] = {}
    events: Mapping[Ref, str] = {}


def heal(  # noqa: PLR0913  # what ``rewrite`` must know, what is amiss, and when it is
    local: Local, outbox: Sequence[Held], refused: Refusals, past: Past, *, draw: Callable[[], str], now: int
) -> Rewriting:
    """The outbox as the server can take it: what it will not have is written again, or set aside.

    Whatever else in the outbox the protocol would refuse is set aside with it; what comes after that in its chain,
    and what saw it, is written again.

    Args:
        local: The replica.
        outbox: All events of the outbox, in order.
        refused: What the server will not have.
        past: What the replica holds.
        draw: Draws a new replica id.
        now: Unix ms.
    """
    aside: dict[Ref, Aside] = {}
    forks = dict(refused.forks)
    for held in outbox:
        replica, seq = ref = held.event.replica, held.event.seq
        reason = refusal(held.kept) or refused.events.get(ref)
        if reason is not None:
            aside[ref] = Aside(kept=held.kept, reason=reason, at=now, replica=replica, seq=seq, stamp=held.stamp)
            forks[replica] = min(seq, forks.get(replica, seq))
    staying = [held for held in outbox if (held.event.replica, held.event.seq) not in aside]
    rewriting = rewrite(local, staying, forks, past, draw)
    return msgspec.structs.replace(rewriting, dropped=[*rewriting.dropped, *aside], aside=list(aside.values()))


def refusal(kept: bytes) -> str | None:
    """Why the protocol refuses an event: it is malformed or too large. None where it doesn't."""
    try:
        event, canonical = decode_event(kept)
    except MalformedError as error:
        return error.message if error.path == "$" else f"{error.message.rstrip('.')} at {error.path}."
    size = event_size(event, canonical)
    return f"It has {size:,} bytes; {MAX_EVENT_BYTES:,} are the most." if size > MAX_EVENT_BYTES else None


def spread(outbox: Sequence[Held], forks: Mapping[str, int]) -> dict[str, int]:
    """The first diverged seq of each replica, counting those that saw a diverged event of another."""
    splits = dict(forks)
    for held in outbox:
        event = held.event
        if any(seq >= splits.get(other, seq + 1) for other, seq in event.seen.items()):
            splits[event.replica] = min(event.seq, splits.get(event.replica, event.seq))
    return splits


def _renamed(
    seen: Mapping[str, int],
    splits: Mapping[str, int],
    names: Mapping[str, str],
    again: Mapping[str, Sequence[int]],
    own: str,
) -> dict[str, int]:
    """What an event had seen, under the present names; its own replica's events go without saying.

    ``again`` has the seqs that are written again, of each replica: what is between them is no more.
    """
    present: dict[str, int] = {}
    for other, seq in seen.items():
        first = splits.get(other, seq + 1)
        if min(seq, first - 1) > 0:
            present[other] = min(seq, first - 1)
        moved = bisect_right(again.get(other, ()), seq)
        if moved and names[other] != own:
            present[names[other]] = moved
    return present
