"""Checkpoints of a fold: what is kept of it, in which parts, and what is read of them when.

head        the settings, and what is laid by: always
summaries   of exercises, days, training, sessions, diary, weighed; reports that need facts: each when it is asked for
at hand     the events on which news can bear: with the first news
names, past what the archive calls things, and what exercises had come to: with news of them
archive     the events of long ago: with news that bear on them, and questions that do
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from functools import cache, cached_property
from itertools import chain
from typing import Any

import msgspec

from events import Body
from events.codec import Codec
from events.profile import ProfileChanged
from events.quantities import DAY_MS
from events.training import ExerciseDefined
from projections.archive import AT_HAND_MS, Archive, Names, laid_by, names_of
from projections.causality import Causality
from projections.entries import Entries, Entry, Unread
from projections.facts import Facts
from projections.fingerprint import edition, fingerprint
from projections.packing import HEAD, Parts, Source, pack, summed, unpack
from projections.sessions import Copy
from projections.view import PAST, Saved, View

_Packed = dict[str, msgspec.Raw]
"""Events by kind of body, so that each kind is decoded by its own schema."""


class _Head(msgspec.Struct, frozen=True):
    """The part that is always read."""

    edition: str
    fingerprint: str
    position: int
    profile: ProfileChanged
    definitions: list[ExerciseDefined]
    copies: list[Copy]
    archive: Archive | None
    """None where nothing is laid by."""
    sums: dict[str, int]
    """Of the other parts."""


class _Held(msgspec.Struct, frozen=True):
    """The events at hand, and how all of them are related."""

    causality: Causality
    entries: _Packed
    copied: dict[str, list[tuple[str, int]]]


class Checkpoint:
    """One that is gone on from."""

    def __init__(self, head: _Head, parts: Parts, codec: Codec) -> None:
        self.position = head.position
        self.saved = Saved(head.profile, head.definitions, head.copies, head.archive, parts)
        self._codec = codec

    @classmethod
    def read(cls, source: Source, codec: Codec) -> Checkpoint | None:
        """The checkpoint whose parts lie there; None where other code made it, or its head is damaged."""
        packed = source.get(HEAD)
        if packed is None:
            return None
        try:
            head = unpack(_head, packed)
        except (msgspec.MsgspecError, zlib.error):
            return None
        if head.edition != edition(codec) and head.fingerprint != fingerprint(codec):
            return None
        return cls(head, Parts(source, head.sums), codec)

    def report(self, name: str) -> dict[str, Any] | None:
        """A report that was kept; None where it is lost."""
        return self.saved.parts.get(name, _report)

    def at_hand(self) -> Facts | None:
        """What is true by the events at hand; None where they are lost."""
        held = self.saved.parts.get(_AT_HAND, _held)
        if held is None:
            return None
        archive = self.saved.archive
        tails = None if archive is None else archive.tails
        entries = Entries.of(self._codec, held.causality, _read(held.entries, self._codec), held.copied, tails)
        return _settled(entries)

    def whole(self, at_hand: Facts) -> Facts | None:
        """What is true by what was laid by and by what is at hand now; None where some of it is lost."""
        old = self.saved.parts.get(_ARCHIVE, _packed)
        if old is None:
            return None
        entries = at_hand.entries
        everything = chain(_read(old, self._codec), entries.all())
        return _settled(Entries.of(self._codec, entries.causality, everything, entries.copied()))

    @cached_property
    def names(self) -> Names | None:
        """The names that occur in what is laid by; None where they are lost."""
        packed = self.saved.parts.get(_NAMES, _names)
        return None if packed is None else Names(packed)


def checkpoint(
    view: View, position: int, codec: Codec, made: Mapping[str, dict[str, Any]], until: int | None
) -> dict[str, bytes]:
    """The parts of a checkpoint, by their names.

    Args:
        view: All that is true, up to now.
        position: The last one that is.
        codec: What was read of the events.
        made: The reports that need facts.
        until: What happened before may be laid by, in Unix ms; by default, a season before the last that did.
    """
    facts = view.facts
    since = view.exercises.begin(_season_before_last(view) if until is None else until)
    laid = laid_by(facts, since, view.last_sessions())
    old: list[Entry[Body]] = []
    new: list[Entry[Body]] = []
    for entry in facts.entries.all():
        (old if entry.id in laid else new).append(entry)
    parts = view.parts() | {name: pack(report) for name, report in made.items()}
    parts[_AT_HAND] = pack(_Held(facts.entries.causality, _by_kind(new), facts.entries.copied()))
    if old:
        sessions = {session for entry in old if (session := getattr(entry.body, "session", None)) is not None}
        parts[PAST] = pack(view.past(since, sessions))
        copied = {*facts.aside.copies, *facts.aside.copies.values()}
        named = (entry for entry in new if getattr(entry.body, "session", None) in copied)
        parts[_NAMES] = pack(Names.packed(names_of(chain(old, named))))
        parts[_ARCHIVE] = pack(_by_kind(old))
    head = _Head(
        edition(codec),
        fingerprint(codec),
        position,
        view.profile,
        view.definitions,
        view.copies,
        Archive(since, facts.entries.clocks.tails()) if old else None,
        summed(parts),
    )
    return {HEAD: pack(head)} | parts


def _season_before_last(view: View) -> int:
    """A season before the last that happened, or was said: a moment to come may be mistaken, and by years."""
    said = max((entry.time for entry in view.facts.entries.counted.values()), default=0)
    return min((view.latest or 0) * DAY_MS, said) - AT_HAND_MS


def _settled(entries: Entries) -> Facts:
    facts = Facts(entries)
    facts.settle()
    return facts


def _by_kind(entries: Iterable[Entry[Body]]) -> _Packed:
    by_kind: dict[str, list[Entry[Body]]] = {}
    for entry in entries:
        kind = _UNREAD if isinstance(entry.body, Unread) else entry.type
        by_kind.setdefault(kind, []).append(entry)
    return {kind: msgspec.Raw(msgspec.msgpack.encode(of_kind)) for kind, of_kind in by_kind.items()}


def _read(packed: _Packed, codec: Codec) -> Iterable[Entry[Body]]:
    return (entry for kind, encoded in packed.items() for entry in _decoder(codec, kind).decode(encoded))


@cache
def _decoder(codec: Codec, kind: str) -> msgspec.msgpack.Decoder[list[Entry[Body]]]:
    """Of a kind of body, as ``_by_kind`` names it; each takes a while to make."""
    body = Unread if kind == _UNREAD else codec.bodies[kind]
    return msgspec.msgpack.Decoder(list[Entry[body]])  # type: ignore[valid-type]  # known while running only


_UNREAD = "unread"
_AT_HAND, _NAMES, _ARCHIVE = "at hand", "names", "archive"
_head = msgspec.msgpack.Decoder(_Head)
_held = msgspec.msgpack.Decoder(_Held)
_packed = msgspec.msgpack.Decoder(_Packed)
_names = msgspec.msgpack.Decoder(bytes)
_report = msgspec.msgpack.Decoder(dict[str, Any])
