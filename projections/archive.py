"""What of a history is laid by: sessions of long ago on which nothing bears, so that news need not read them again.

    all facts ──▶ older than a season, said once, never edited, no likely copy, not of an exercise's last sessions
                      │ yes                                       │ no
                      ▼                                           ▼
                  the archive                                  at hand

A ledger that is opened reads what is at hand, and judges news by it. What is laid by takes no part: its names are no
names of the news, its days are over, its exercises are gone on from where they stood (``Stretch``), its chains from
where their clocks stood (``Tail``). Where that doesn't hold (an edit of long ago, a late set, a new day cut-off), the
archive is opened, and all is as if nothing had been laid by.
"""

from __future__ import annotations

import zlib
from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator

import msgspec

from events import Body, Known, Record
from events.codec import Codec
from events.corrections import FactCorrected, FactRestored, FactVoided
from events.envelope import action_time
from events.quantities import DAY_MS
from projections import diary
from projections.clocks import Tail
from projections.effective import Delta, Effective
from projections.entries import Entry
from projections.facts import Facts
from projections.fields import AT, CREATED_BY, containers

AT_HAND_MS = 91 * DAY_MS
"""What is younger stays at hand: a season, and what is left of the one before."""

_SPREAD_MS = 4 * DAY_MS
"""By so much at most a fact bears on others: a likely copy on two days around, a session on its own local days."""

_PLAIN = frozenset({"session_started", "session_finished", "set_logged", "drill_logged", *diary.KINDS})
"""What can be laid by: programs, equipment, exercises and settings are always at hand."""
_SETTINGS = frozenset({"profile_changed", "exercise_defined", "exercise_matched", "event_erased"})
"""What is said of the whole history, and taken back of it."""


class Archive(msgspec.Struct, frozen=True):
    """What must be known of what is laid by."""

    since: int
    """All of it happened before, in Unix ms."""
    tails: dict[str, Tail]
    """Where the clocks of the replicas stood, at hand or not."""


class Names:
    """The names that occur in the archive, as sums: one that is none of them is surely none."""

    def __init__(self, packed: bytes) -> None:
        self._sums = array("I")
        self._sums.frombytes(packed)

    def __contains__(self, name: str) -> bool:
        wanted = zlib.crc32(name.encode())
        index = bisect_left(self._sums, wanted)
        return index < len(self._sums) and self._sums[index] == wanted

    @staticmethod
    def packed(names: Iterable[str]) -> bytes:
        """What ``Names`` unpacks."""
        return array("I", sorted({zlib.crc32(name.encode()) for name in set(names)})).tobytes()


def laid_by(facts: Facts, since: int, kept: Collection[str]) -> set[str]:
    """The ids of the events that can be laid by.

    Args:
        facts: All that is true.
        since: What happened from then on stays at hand, in Unix ms.
        kept: Sessions that stay there, too.
    """
    first = {replica: tail.first for replica, tail in facts.entries.clocks.tails().items()}
    repeated, edits, copies = facts.entries.copies, facts.edits, facts.aside.copies
    bound = {*kept, *copies, *copies.values()}

    def is_plain(fact: Effective) -> bool:
        entry = fact.entry
        return (
            fact.time < since
            and (fact.day + 2) * DAY_MS < since
            and entry.seq <= first[entry.replica]
            and len(facts.created[fact.key]) == 1
            and entry.id not in repeated
            and not (edits and any(name in edits for name in (entry.id, fact.id, *containers(entry.body))))
        )

    found: set[str] = set()
    sessions: dict[str, list[Effective]] = {}
    for kind in _PLAIN:
        for fact in facts.of_type(kind):
            if fact.session is not None:
                sessions.setdefault(fact.session, []).append(fact)
            elif is_plain(fact):
                found.add(fact.entry.id)
    for session, within in sessions.items():
        if session not in bound and len(within) == _count(facts.members(session)) and all(map(is_plain, within)):
            found.update(fact.entry.id for fact in within)
    return found


def names_of(entries: Iterable[Entry[Body]]) -> Iterator[str]:
    """All that events call something by, themselves included."""
    for entry in entries:
        yield from _names(entry.id, entry.type, entry.body)


def concern(news: Iterable[Record], archive: Archive, names: Names, codec: Codec) -> bool:
    """Whether news bear on what is laid by, as far as they themselves tell."""
    until = archive.since + _SPREAD_MS
    for record in news:
        event, reading = record.event, codec.read(record.event)
        happened = action_time(event.at, event.written, record.stamp)
        if event.type in _SETTINGS or min(event.at, happened) < until or event.id in names:
            return True
        if isinstance(reading, Known) and (
            _moves(reading.body, until) or any(name in names for name in _names(event.id, event.type, reading.body))
        ):
            return True
    return False


def touched(deltas: Iterable[Delta], since: int) -> bool:
    """Whether changes of facts are of the whole history, or reach days of which something is laid by."""
    return any(
        delta.type in _SETTINGS or min(fact.time, min(fact.day, fact.happened) * DAY_MS) < since + _SPREAD_MS
        for delta in deltas
        for fact in delta.facts
    )


def _moves(body: Body, until: int) -> bool:
    """Whether an event says that something happened before a moment, in Unix ms."""
    at = body.changes.get(AT) if isinstance(body, FactCorrected) else None
    return isinstance(at, int) and at < until


def _names(event_id: str, event_type: str, body: Body) -> Iterator[str]:
    yield event_id
    if isinstance(body, FactCorrected | FactVoided | FactRestored):
        yield body.target
    if isinstance(body, FactCorrected):  # which may say that a set lies in another session
        yield from (value for value in body.changes.values() if isinstance(value, str))
    if (named := CREATED_BY.get(event_type)) is not None:
        yield getattr(body, named)
    yield from containers(body)


def _count(keys: Iterable[object]) -> int:
    return sum(1 for _ in keys)
