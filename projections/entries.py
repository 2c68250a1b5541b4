"""Records to entries: every event once, and what is set aside.

record ──▶ a known place of its chain? ──yes──▶ its stamp is renewed
                  │ no
           a copy of a known event? ──yes──▶ the copy at the earliest position counts, the outbox last
                  │ no
           unknown, invalid, erased? ──yes──▶ set aside
                  │ no
           Change(retracted, asserted), for the facts above
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from sys import intern
from typing import Generic, TypeVar

import msgspec

from events import Body, Erased, Known, Problem, Record, Stamp
from events.codec import CODEC, Codec
from events.corrections import EventErased
from events.envelope import action_time, body_hash, is_read_off, said_hash, written_time
from projections.causality import Causality
from projections.clocks import Clocks, Tail

B = TypeVar("B", bound=Body)
UNPLACED = 2**53
"""Where an event in the outbox stands: behind every position."""


REPEATED_ID = Problem("repeated_id", "An earlier event bears this id and says something else.", "$.id")


class Unread(Body, frozen=True, kw_only=True):
    """The body of an event that is set aside: unknown or invalid, with the reason, or erased, without one."""

    problem: Problem | None = None


class Entry(msgspec.Struct, Generic[B], frozen=True, kw_only=True, gc=False, array_like=True):
    """An event as the fold keeps it: its place, its stamp and what it says."""

    id: str
    replica: str
    seq: int
    position: int
    stamp: Stamp | None
    type: str
    v: int
    written: int
    at: int
    offset: int
    said_hash: str
    body: B

    @property
    def time(self) -> int:
        """When it was written, corrected for the replica's clock, in Unix ms: it ranks concurrent writes."""
        return written_time(self.written, self.stamp)

    def happened(self, at: int) -> int:
        """When an action happened that this event puts at ``at``, in Unix ms."""
        return action_time(at, self.written, self.stamp)


class Change(msgspec.Struct, frozen=True, gc=False):
    """What an arrival does to the entries that count: this one no longer, that one from now on."""

    retracted: Entry[Body] | None
    asserted: Entry[Body] | None


class Entries(msgspec.Struct):
    """All events of a ledger, each once by its id."""

    codec: Codec = CODEC
    causality: Causality = msgspec.field(default_factory=Causality)
    clocks: Clocks[Entry[Body]] = msgspec.field(default_factory=Clocks)
    counted: dict[str, Entry[Body]] = {}
    """By event id: the copy that counts, even if it is set aside."""
    copies: dict[str, list[Entry[Body]]] = {}
    """By event id, where there are several: all of them, the one that counts first."""
    aside: set[str] = set()
    """The ids of events whose counted copy is unread."""
    erased: dict[str, set[str]] = {}
    """By event id: the erasures of it."""

    def apply(self, records: Iterable[Record]) -> Iterator[Change]:
        """Takes records in; the same one again, or with a new stamp, is fine.

        Raises:
            ValueError: where an earlier event of the same replica is missing.
        """
        take, counted = self.causality.take, self.counted
        for record in records:
            event = record.event
            if not take(event):
                yield from self._restamp(record, counted.get(event.id))
                continue
            entry = entry_of(record, self.codec)
            self.clocks.take(entry)
            if event.id in counted or event.id in self.erased or type(entry.body) in _SPECIAL:
                yield from self._add(entry)
            else:  # nearly always: it is new, and bears on no other event
                counted[event.id] = entry
                yield Change(None, entry)

    def settle(self) -> list[Change]:
        """What the arrivals since the last time say of clocks: the entries that are in doubt otherwise than before.

        They are given as they are: what is in doubt is asked of ``doubt``.
        """
        changes = []
        for entry in self.clocks.settle():
            counted = self._visible(self.counted.get(entry.id))
            changes.append(Change(counted, counted))
        return changes

    def doubt(self, entry: Entry[Body], at: int) -> int:
        """By how many ms an action may be off that ``entry`` puts at ``at``; 0 where nothing speaks against it.

        A moment that was said, and not read off the replica's clock, is as it was said.
        """
        doubts = self.clocks.doubts.get(entry.replica)
        return doubts.get(entry.seq, 0) if doubts and is_read_off(at, entry.written) else 0

    @classmethod
    def of(
        cls,
        codec: Codec,
        causality: Causality,
        entries: Iterable[Entry[Body]],
        copied: Mapping[str, list[tuple[str, int]]],
        tails: Mapping[str, Tail] | None = None,
    ) -> Entries:
        """All that ``all`` gave, with the causality that was known then, and copies in the order of ``copied``.

        With ``tails``, it may be a part of them in which those of the chains are.
        """
        whole = cls(codec, causality)
        copies: dict[tuple[str, int], Entry[Body]] = {}
        everything = list(entries)
        if tails is None:
            whole.clocks.fill(everything)
        else:
            whole.clocks.resume(tails, everything)
        for entry in everything:
            if entry.id in copied:
                copies[entry.replica, entry.seq] = entry
            else:
                whole._add(entry)
        for places in copied.values():
            for place in places:
                whole._add(copies[place])
        return whole

    def copied(self) -> dict[str, list[tuple[str, int]]]:
        """Where the copies of repeated events are, by event id, the one that counts first."""
        return {event_id: [(copy.replica, copy.seq) for copy in copies] for event_id, copies in self.copies.items()}

    def all(self) -> Iterator[Entry[Body]]:
        """Every event, copies included, the erased ones without their words."""
        for event_id, counted in self.counted.items():
            for entry in self.copies.get(event_id, (counted,)):
                if event_id in self.erased and not isinstance(entry.body, EventErased):
                    yield msgspec.structs.replace(entry, body=Unread())
                else:
                    yield entry

    def visible(self) -> Iterator[Entry[Body]]:
        """The entries that count."""
        return (entry for entry in self.counted.values() if self._visible(entry))

    def before(self, earlier: Entry[Body], later: Entry[Body]) -> bool:
        """Whether ``earlier`` is before ``later``: any of its copies is."""
        return any(
            self.causality.before(copy.replica, copy.seq, later.replica, later.seq)
            for copy in self.copies.get(earlier.id, (earlier,))
        )

    def problems(self) -> Iterator[tuple[Entry[Body], Problem]]:
        """The events that are kept but not counted, each with the reason."""
        for event_id in self.aside - self.erased.keys():
            body = self.counted[event_id].body
            if isinstance(body, Unread) and body.problem is not None:
                yield self.counted[event_id], body.problem
        for copies in self.copies.values():
            for copy in copies[1:]:
                if copy.said_hash != copies[0].said_hash and copy.id not in self.erased:
                    yield copy, REPEATED_ID

    def _add(self, entry: Entry[Body]) -> list[Change]:
        known = self.counted.get(entry.id)
        if known is None:
            return self._count(None, entry)
        copies = self.copies.setdefault(entry.id, [known])
        copies.append(entry)
        return self._recount(known, copies)

    def _restamp(self, record: Record, known: Entry[Body] | None) -> list[Change]:
        """The server has acknowledged an event, or numbers it anew."""
        if known is None:
            return []
        event = record.event
        copies = self.copies.get(event.id, [known])
        for index, copy in enumerate(copies):
            if (copy.replica, copy.seq) == (event.replica, event.seq):
                if (copy.position, copy.stamp) == (_position(record), record.stamp):
                    return []
                copies[index] = msgspec.structs.replace(copy, position=_position(record), stamp=record.stamp)
                self.clocks.take(copies[index])
                return self._recount(known, copies)
        return []

    def _recount(self, former: Entry[Body], copies: list[Entry[Body]]) -> list[Change]:
        """Chooses among copies anew. Sorting is stable: the outbox keeps its order, behind all positions.

        Even where the same copy counts as before, it may now be before more events.
        """
        copies.sort(key=lambda copy: copy.position)
        return self._count(former, copies[0])

    def _count(self, former: Entry[Body] | None, entry: Entry[Body]) -> list[Change]:
        self.counted[entry.id] = entry
        if isinstance(entry.body, Unread):
            self.aside.add(entry.id)
        elif former is not None:
            self.aside.discard(entry.id)
        changes = [Change(self._visible(former), self._visible(entry))]
        if former is not None and isinstance(former.body, EventErased):
            changes += self._erase(former, former.body.target, erase=False)
        if isinstance(entry.body, EventErased):
            changes += self._erase(entry, entry.body.target, erase=True)
        return changes

    def _erase(self, erasure: Entry[Body], target: str, *, erase: bool) -> list[Change]:
        counted = self.counted.get(target)
        former = self._visible(counted)
        erasures = self.erased.setdefault(target, set())
        if erase:
            erasures.add(erasure.id)
        else:
            erasures.discard(erasure.id)
            if not erasures:
                del self.erased[target]
        return [Change(former, self._visible(counted))]

    def _visible(self, entry: Entry[Body] | None) -> Entry[Body] | None:
        """The entry, if it counts. An erasure cannot be erased."""
        if entry is None or isinstance(entry.body, Unread):
            return None
        if entry.id in self.erased and not isinstance(entry.body, EventErased):
            return None
        return entry


_SPECIAL = frozenset({Unread, EventErased})
"""The bodies of events that don't count, or bear on others."""


def entry_of(record: Record, codec: Codec) -> Entry[Body]:
    """The entry of a record, with what the codec can read of it."""
    event = record.event
    reading = codec.read(event)
    body: Body
    if isinstance(reading, Known):
        body = reading.body
    else:
        body = Unread(problem=None if isinstance(reading, Erased) else reading.problem)
    is_of_no_import = getattr(body, "import_", "unread") is None  # which spares looking into its bytes for one
    return Entry(
        id=event.id,
        replica=intern(event.replica),
        seq=event.seq,
        position=_position(record),
        stamp=record.stamp,
        type=intern(event.type),
        v=event.v,
        written=event.written,
        at=event.at,
        offset=event.offset,
        said_hash=body_hash(event) if is_of_no_import else said_hash(event),
        body=body,
    )


def _position(record: Record) -> int:
    return UNPLACED if record.position is None else record.position
