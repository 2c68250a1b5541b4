"""From what was found in a damaged file to a ledger that is sound. Pure.

found ──▶ held soundly already? ──yes──▶ nothing to do
   │ no
readable, of the protocol's form, follows? ──no──▶ set aside, with its bytes as they are
   │ yes
its chain whole up to here? ──yes──▶ into the outbox as it is
   │ no
written again under another name, as after a fork
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet

import msgspec
from msgspec import UNSET

from client_sdk.rewriting import past_of, refusal, rewrite, spread
from client_sdk.setaside import event_id
from client_sdk.store import Aside, Held, Local, Ref, Rewriting, Row, Tip, stamp_of
from client_sdk.verification import Chain, Verdict
from events import Event, Stamp
from events.envelope import GENESIS, body_hash, decode_event

FORGED = "Its hash does not follow from its words."
"""Why an event is set aside that can be read and sent, and yet is not what was written."""


class Found(msgspec.Struct, frozen=True):
    """An event that was found, with its place in its chain as far as anything tells it."""

    kept: bytes
    ref: Ref | None
    stamp: Stamp | None
    event: Event | None
    """None where it can't be read, or the protocol would refuse it."""
    fault: str = ""
    sure: bool = True
    """Whether what stands beside it says the same of its place."""


class Mended(msgspec.Struct, frozen=True):
    """What becomes of the store: how many of the events found are kept as they are, and how many written again."""

    rewriting: Rewriting
    kept: int
    again: int


def found_of(row: Row) -> Found:
    """What a row is worth by itself."""
    kept = row.kept if isinstance(row.kept, bytes) else str(row.kept).encode()
    stamp = stamp_of(row.received, row.skew)
    beside = (row.replica, row.seq) if isinstance(row.replica, str) and type(row.seq) is int else None
    fault = refusal(kept)
    if fault is not None:
        return Found(kept, beside, stamp, None, fault)
    event, canonical = decode_event(kept)
    ref = (event.replica, event.seq)
    return Found(canonical, ref, stamp, event, sure=beside in {None, ref})


def choose(rows: Iterable[Row], carved: Iterable[Row], apart: AbstractSet[str]) -> list[Found]:
    """What a file holds, in the order of its rows; of one place there may be several states.

    What was carved counts only where SQLite can't get at the event: else it may be a former state of one that was
    written again under another name since.

    Args:
        rows: What SQLite could get at.
        carved: What lies in the bytes.
        apart: The ids of events that are set aside.
    """
    chosen = [found_of(row) for row in _distinct(rows) if row.kept is not None]
    places: dict[str, set[Ref | None]] = {name: set() for name in apart}
    for item in chosen:
        if item.event is not None:
            places.setdefault(item.event.id, set()).add(item.ref)
    readable = {item.ref for item in chosen if item.event is not None}
    spellings = {item.kept for item in chosen}
    for row in _distinct(carved):
        if row.kept in spellings:
            continue
        item = found_of(row)
        name = event_id(item.kept) if item.event is None else item.event.id
        known_at = None if name is None else places.get(name)
        if item.event is None:
            wanted = item.ref is not None and item.ref not in readable and known_at is None
        else:
            wanted = known_at is None or item.ref in known_at
        if wanted:
            chosen.append(item)
    return chosen


def mend(local: Local, found: Sequence[Found], held: Sequence[Event], *, draw: Callable[[], str], now: int) -> Mended:
    """What a store that is sound gains from what was found.

    Args:
        local: The replica.
        found: What was found, in the order in which it was written as far as that is known.
        held: All events that the store holds, each chain's in order.
        draw: Draws a new replica id.
        now: Unix ms.
    """
    sorting = _Sorting(held)
    sorting.take(found)
    waiting = in_causal_order(sorting.waiting)
    past = past_of(
        sorted([*(item.event for item in waiting), *held], key=lambda event: event.seq),
        lambda _replica, _seq: GENESIS,  # the ends of the chains are found below
    )
    made = rewrite(local, waiting, _forks(waiting, sorting), past, draw)
    dropped = set(made.dropped)
    staying = [item for item in waiting if (item.event.replica, item.event.seq) not in dropped]
    added = [*((item.event, item.kept, item.stamp) for item in staying), *made.added]
    ends: dict[str, Event] = {}
    for event in (*held, *(event for event, _, _ in added)):
        if event.replica not in ends or event.seq > ends[event.replica].seq:
            ends[event.replica] = event
    tips = {replica: Tip(event.seq, bytes.fromhex(event.hash)) for replica, event in ends.items()}
    aside = [
        Aside(
            kept=item.kept,
            reason=item.fault or FORGED,
            at=now,
            replica=None if item.ref is None else item.ref[0],
            seq=None if item.ref is None else item.ref[1],
            stamp=item.stamp,
        )
        for item in sorting.damaged
    ]
    rewriting = Rewriting(replica=made.replica, dropped=[], added=added, tips=tips, said=made.said, aside=aside)
    return Mended(rewriting, len(staying), len(made.added))


def in_causal_order(waiting: Sequence[Held]) -> list[Held]:
    """The events with each behind all that it saw, else as they come."""
    chains: dict[str, list[Held]] = {}
    for held in sorted(waiting, key=lambda held: held.event.seq):
        chains.setdefault(held.event.replica, []).append(held)
    done = dict.fromkeys(chains, 0)
    ordered: list[Held] = []

    def next_of(replica: str, seq: int) -> Held | None:
        """The first of a chain that is still to come, up to a seq."""
        chain = chains.get(replica, [])
        held = chain[done[replica]] if replica in done and done[replica] < len(chain) else None
        return held if held is not None and held.event.seq <= seq else None

    for held in waiting:
        stack = [(held.event.replica, held.event.seq)]
        while stack:
            due = next_of(*stack[-1])
            if due is None:
                stack.pop()
                continue
            busy = {replica for replica, _ in stack}
            seen = [
                (other, seq) for other, seq in due.event.seen.items() if other not in busy and next_of(other, seq)
            ]
            if seen:
                stack.append(seen[0])
            else:
                ordered.append(due)
                done[due.event.replica] += 1
    return ordered


_Sound = tuple[Found, Event, Verdict]


class _Sorting:
    """What was found, chain by chain: what waits for a place in the ledger, and what is damaged."""

    def __init__(self, held: Iterable[Event]) -> None:
        self.waiting: list[Held] = []
        self.damaged: list[Found] = []
        self.forks: dict[str, int] = {}
        """The first place of each chain that is not behind the one before it, or not the one that is held."""
        self.standing: dict[str, Chain] = {}
        """The chains as far as they are whole."""
        self._held: dict[Ref, Event] = {}
        for event in held:
            self._held[event.replica, event.seq] = event
            self.standing.setdefault(event.replica, Chain()).take(event)

    def take(self, found: Sequence[Found]) -> None:
        """All of it, and then ``waiting`` in the order in which it was found."""
        order = {id(item): number for number, item in enumerate(found)}
        chains: dict[str, dict[int, list[Found]]] = {}
        for item in found:
            if item.ref is None:
                self.damaged.append(item)
            else:
                chains.setdefault(item.ref[0], {}).setdefault(item.ref[1], []).append(item)
        sound = [place for replica, chain in chains.items() for place in self._sound(replica, chain)]
        sound = self._without_doubles(sound)
        sound.sort(key=lambda place: order[id(place[0])])
        self.waiting = [Held(order[id(item)], event, item.kept, item.stamp) for item, event, _ in sound]
        refs = self._held.keys() | {(event.replica, event.seq) for _, event, _ in sound}
        names = {event.id for event in self._held.values()} | {event.id for _, event, _ in sound}
        # What is damaged here and sound elsewhere is no loss.
        self.damaged = [
            item
            for item in self.damaged
            if event_id(item.kept) not in names and (item.event is not None or item.ref not in refs)
        ]

    def _without_doubles(self, sound: Sequence[_Sound]) -> list[_Sound]:
        """An event whose place nothing proves is no copy of one that is proven elsewhere: its place is damaged."""
        proven = {event.id: body_hash(event) for event in self._held.values()}
        proven |= {event.id: body_hash(event) for _, event, verdict in sound if verdict == "follows"}
        single = []
        for item, event, verdict in sound:
            says = proven.get(event.id)
            if verdict == "follows" or says is None:
                single.append((item, event, verdict))
            elif says != body_hash(event):
                self.damaged.append(item)
        return single

    def _sound(self, replica: str, chain: Mapping[int, Sequence[Found]]) -> Iterable[_Sound]:
        """Of each place of a chain that is not held, what is sound there; what is not goes to ``damaged``."""
        standing = self.standing.setdefault(replica, Chain())
        walk: Chain | None = None
        """From where what was found leaves what is held."""
        for seq in sorted(chain):
            known = self._held.get((replica, seq))
            if known is not None and any(_same(item.event, known) for item in chain[seq]):
                continue
            if walk is None:
                walk = self._before(replica, seq)
            item, *others = sorted(chain[seq], key=_rank(walk))
            self.damaged += others
            event = item.event
            verdict = "damaged" if event is None else walk.judge(event)
            if event is None or verdict == "damaged" or (verdict == "unproven" and not item.sure):
                self.damaged.append(item)
                if known is not None and replica not in self.forks:
                    walk = None  # the one that is held goes on
                elif event is None:
                    walk.lose(seq, item.kept)
                else:
                    walk.take(event, sound=False)
                continue
            walk.take(event)
            if known is None and verdict == "follows" and seq == standing.seq + 1 and replica not in self.forks:
                standing.take(event)
            else:
                first = min(seq, standing.seq + 1)
                self.forks[replica] = min(first, self.forks.get(replica, first))
            yield item, event, verdict

    def _before(self, replica: str, seq: int) -> Chain:
        """The chain that is held, as it was before an event."""
        standing = self.standing[replica]
        if seq > standing.seq:
            chain = Chain()
            if standing.seq:
                chain.take(self._held[replica, standing.seq])
            return chain
        former = self._held.get((replica, seq - 1))
        chain = Chain()
        if former is not None:
            chain.take(former)
        return chain


def _forks(waiting: Sequence[Held], sorting: _Sorting) -> dict[str, int]:
    """Where chains leave what is whole; an event that saw what is lost must say anew what it saw."""
    forks = dict(sorting.forks)
    for held in waiting:
        for other, seq in held.event.seen.items():
            whole = sorting.standing[other].seq if other in sorting.standing else 0
            if seq > whole:
                forks[other] = min(whole + 1, forks.get(other, whole + 1))
    while (wider := spread(waiting, forks)) != forks:
        forks = wider
    return forks


def _rank(chain: Chain) -> Callable[[Found], tuple[int, bool, bool]]:
    """Of several states of one place, the one that follows comes first, without words if it was erased since."""

    def rank(item: Found) -> tuple[int, bool, bool]:
        verdict = 3 if item.event is None else _VERDICTS.index(chain.judge(item.event))
        return verdict, not item.sure, item.event is not None and item.event.body is not UNSET

    return rank


def _same(event: Event | None, known: Event) -> bool:
    return event is not None and event.hash == known.hash


def _distinct(rows: Iterable[Row]) -> list[Row]:
    """Each spelling once, with its stamp if any has one."""
    found: dict[object, Row] = {}
    for row in rows:
        former = found.get(row.kept)
        if former is None or (not _is_stamped(former) and _is_stamped(row)):
            found[row.kept] = row
    return list(found.values())


def _is_stamped(row: Row) -> bool:
    return stamp_of(row.received, row.skew) is not None


_VERDICTS: tuple[Verdict, ...] = ("follows", "unproven", "damaged")
