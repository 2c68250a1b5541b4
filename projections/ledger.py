"""The fold over a ledger: records in, reports out. The same code runs on server, laptop and browser.

    records ──apply──▶ Entries ──▶ Facts ──deltas──▶ View ──▶ reports ──▶ digest
                          ╰──────checkpoint──────▶ parts ──restore──▶ the same ledger

Pure: no clock, no storage. Whoever holds records (a store, a reply, a file) applies them, in any order that keeps
each replica's own; those of the outbox have no position, and get one by being applied again.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Iterable
from functools import cache
from itertools import islice
from typing import Any

import msgspec

from events import Body, Record, UnknownNameError
from events.codec import CODEC, Codec
from events.profile import ProfileChanged
from events.quantities import day_text
from events.training import ExerciseDefined
from projections import reports
from projections.causality import Causality
from projections.entries import Entries, Entry, Unread
from projections.facts import Facts
from projections.fingerprint import edition, fingerprint
from projections.packing import HEAD, Parts, Source, pack, summed, unpack
from projections.sessions import Copy
from projections.view import Saved, View

__all__ = ["REPORTS", "Ledger", "encode_report", "fingerprint"]

REPORTS = tuple(report.name for report in reports.REPORTS)
"""The reports that are functions of the records alone, and go into the digest; ``log`` is beside them."""

_BY_NAME = {report.name: report for report in reports.REPORTS}


class _Head(msgspec.Struct, frozen=True):
    """The part of a checkpoint that is always read."""

    edition: str
    fingerprint: str
    position: int
    profile: ProfileChanged
    definitions: list[ExerciseDefined]
    copies: list[Copy]
    sums: dict[str, int]
    """Of the other parts."""


class _Held(msgspec.Struct, frozen=True):
    """The part that has the events."""

    causality: Causality
    entries: dict[str, msgspec.Raw]
    """By kind of body, so that each kind is decoded by its own schema."""
    copied: dict[str, list[tuple[str, int]]]


class Ledger:
    """One account's history, folded. ``position`` is the last that was applied, 0 for none.

    Args:
        codec: What is read of the events.
    """

    def __init__(self, codec: Codec = CODEC) -> None:
        self.codec = codec
        self.position = 0
        self._parts: Parts | None = None
        """Those of the checkpoint that this was restored from, as long as nothing was applied since."""
        facts = Facts(Entries(codec))
        self.view = View(lambda: facts)

    @property
    def facts(self) -> Facts:
        """All that is true."""
        return self.view.facts

    def apply(self, arrivals: Iterable[Record]) -> None:
        """Takes records in.

        Raises:
            ValueError: where a record comes before an earlier one of its replica.
        """
        arriving = iter(arrivals)
        while news := list(islice(arriving, _BATCH)):
            self._parts = None
            self.position = max(self.position, *[record.position or 0 for record in news])
            self.view.apply(self.facts.apply(news))

    def report(self, name: str, as_of: int | None = None, *, explain: bool = False) -> dict[str, Any]:
        """A report as of a local day; without it, of the latest day on which a fact happened.

        Args:
            name: One of ``REPORTS``.
            as_of: The local day.
            explain: Whether every figure names the events behind it.

        Raises:
            UnknownNameError: where no report bears the name.
        """
        wanted = _BY_NAME.get(name)
        if wanted is None:
            raise UnknownNameError(f"There is no report {name!r}.", REPORTS, f"Ask for one of {', '.join(REPORTS)}.")
        if wanted.of_facts and as_of is None and not explain and (made := self._made(name)) is not None:
            return made
        view, day = self.seen_on(as_of)
        made = wanted.make(view, reports.Asked(day, explain))
        return {"report": name, "position": self.position, "as_of": _text(day)} | made

    def seen_on(self, as_of: int | None) -> tuple[View, int | None]:
        """What reports as of a local day are made of, and that day: by itself the latest on which a fact happened."""
        latest = self.view.latest
        if as_of is None or latest is None or as_of >= latest:
            return self.view, latest if as_of is None else as_of
        return View(lambda: self.facts, until=as_of), as_of

    @property
    def latest_day(self) -> str | None:
        """The latest local day on which a fact happened, as text."""
        return _text(self.view.latest)

    def digest(self) -> str:
        """SHA-256 over every report but ``log``, as of the latest day; compared between equal fingerprints only."""
        everything = {name: self.report(name) for name in REPORTS}
        return hashlib.sha256(encode_report(everything)).hexdigest()

    def checkpoint(self) -> dict[str, bytes]:
        """All that is needed to go on from here, for this very code: parts, by their names."""
        parts = self.view.parts() | {_ENTRIES: pack(self._held())}
        parts |= {report.name: pack(self.report(report.name)) for report in reports.REPORTS if report.of_facts}
        head = _Head(
            edition(self.codec),
            fingerprint(self.codec),
            self.position,
            self.view.profile,
            self.view.definitions,
            self.view.copies,
            summed(parts),
        )
        return {HEAD: pack(head)} | parts

    @classmethod
    def restore(
        cls, checkpoint: Source, codec: Codec = CODEC, replay: Callable[[], Ledger] | None = None
    ) -> Ledger | None:
        """The ledger of a checkpoint; None where other code made it, or it is damaged: then replay.

        The parts are fetched when they are asked for, and the facts made again only when something is applied, or a
        report needs them.

        Args:
            checkpoint: Where the parts of ``checkpoint`` lie.
            codec: What is read of the events.
            replay: Folds the same history from nothing, should the events be among the parts that are lost.
        """
        packed = checkpoint.get(HEAD)
        if packed is None:
            return None
        try:
            head = unpack(_head, packed)
        except (msgspec.MsgspecError, zlib.error):
            return None
        if head.edition != edition(codec) and head.fingerprint != fingerprint(codec):
            return None
        ledger, parts = cls(codec), Parts(checkpoint, head.sums)
        ledger.position, ledger._parts = head.position, parts
        saved = Saved(head.profile, head.definitions, head.copies, parts)
        ledger.view = View(lambda: ledger._facts_of(parts, replay), saved)
        return ledger

    def _made(self, name: str) -> dict[str, Any] | None:
        """A report that was kept, as long as nothing was applied since."""
        return None if self._parts is None else self._parts.get(name, _report)

    def _held(self) -> _Held:
        by_kind: dict[str, list[Entry[Body]]] = {}
        for entry in self.facts.entries.all():
            kind = _UNREAD if isinstance(entry.body, Unread) else entry.type
            by_kind.setdefault(kind, []).append(entry)
        entries = {kind: msgspec.Raw(msgspec.msgpack.encode(of_kind)) for kind, of_kind in by_kind.items()}
        return _Held(self.facts.entries.causality, entries, self.facts.entries.copied())

    def _facts_of(self, parts: Parts, replay: Callable[[], Ledger] | None) -> Facts:
        """The facts that were kept; where they are lost, those of a replay, and nothing that was kept counts."""
        held = parts.get(_ENTRIES, _held)
        if held is None:
            if replay is None:
                raise LookupError("the events of this checkpoint are lost")
            again = replay()
            self.position, self._parts = again.position, None
            self.view.begin_anew(again.facts)
            return again.facts
        decoders = _decoders(self.codec)
        entries = (entry for kind, encoded in held.entries.items() for entry in decoders[kind].decode(encoded))
        facts = Facts(Entries.of(self.codec, held.causality, entries, held.copied))
        facts.settle()
        return facts


def encode_report(report: dict[str, Any]) -> bytes:
    """The canonical JSON of a report: the same bytes on every device."""
    return _encoder.encode(report)


def _text(day: int | None) -> str | None:
    return None if day is None else day_text(day)


@cache
def _decoders(codec: Codec) -> dict[str, msgspec.msgpack.Decoder[list[Entry[Body]]]]:
    """By kind of body, as ``checkpoint`` names it."""
    bodies: dict[str, type[Body]] = {**codec.bodies, _UNREAD: Unread}
    return {
        kind: msgspec.msgpack.Decoder(list[Entry[body]])  # type: ignore[valid-type]  # known while running only
        for kind, body in bodies.items()
    }


_BATCH = 1000
"""So many records are taken in at once: what is made of each is still in the processor's cache when it is needed.

All at once, 100,000 of them would take a tenth longer.
"""

_UNREAD = "unread"
_ENTRIES = "entries"
_head = msgspec.msgpack.Decoder(_Head)
_held = msgspec.msgpack.Decoder(_Held)
_report = msgspec.msgpack.Decoder(dict[str, Any])
_encoder = msgspec.json.Encoder(order="sorted")
