"""The fold over a ledger: records in, reports out. The same code runs on server, laptop and browser.

    records ──apply──▶ Entries ──▶ Facts ──deltas──▶ View ──▶ reports ──▶ digest
                          ╰──────checkpoint──────▶ bytes ──restore──▶ the same ledger

Pure: no clock, no storage. Whoever holds records (a store, a reply, a file) applies them, in any order that keeps
each replica's own; those of the outbox have no position, and get one by being applied again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from itertools import islice
from typing import Any

import msgspec

from events import Body, Record, UnknownNameError
from events.codec import CODEC, Codec
from events.quantities import day_text
from projections import reports
from projections.causality import Causality
from projections.entries import Entries, Entry, Unread
from projections.facts import Facts
from projections.fingerprint import fingerprint
from projections.packing import pack, unpack
from projections.view import Summaries, View

__all__ = ["REPORTS", "Ledger", "encode_report", "fingerprint"]

REPORTS = tuple(report.name for report in reports.REPORTS)
"""The reports that are functions of the records alone, and go into the digest; ``log`` is beside them."""

_BY_NAME = {report.name: report for report in reports.REPORTS}


class _Checkpoint(msgspec.Struct, frozen=True):
    fingerprint: str
    position: int
    causality: Causality
    entries: dict[str, memoryview]
    """By kind of body, so that each kind is decoded by its own schema."""
    copied: dict[str, list[tuple[str, int]]]
    summaries: Summaries
    reports: dict[str, dict[str, Any]]
    """The reports that need more than the summaries."""


class Ledger:
    """One account's history, folded. ``position`` is the last that was applied, 0 for none.

    Args:
        codec: What is read of the events.
    """

    def __init__(self, codec: Codec = CODEC) -> None:
        self.codec = codec
        self.position = 0
        self._saved: _Checkpoint | None = None
        """The checkpoint that this was restored from, as long as nothing was applied since."""
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
            self._saved = None
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
        if as_of is None and not explain and self._saved is not None and name in self._saved.reports:
            return self._saved.reports[name]
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

    def checkpoint(self) -> bytes:
        """All that is needed to go on from here, for this very code."""
        by_kind: dict[str, list[Entry[Body]]] = {}
        for entry in self.facts.entries.all():
            kind = _UNREAD if isinstance(entry.body, Unread) else entry.type
            by_kind.setdefault(kind, []).append(entry)
        saved = _Checkpoint(
            fingerprint(self.codec),
            self.position,
            self.facts.entries.causality,
            {kind: pack(entries) for kind, entries in by_kind.items()},
            self.facts.entries.copied(),
            self.view.summaries(),
            {report.name: self.report(report.name) for report in reports.REPORTS if report.of_facts},
        )
        return msgspec.msgpack.encode(saved)

    @classmethod
    def restore(cls, checkpoint: bytes, codec: Codec = CODEC) -> Ledger | None:
        """The ledger of a checkpoint; None where other code made it, or it is damaged: then replay.

        The facts are made again only when something is applied, or a report needs them.
        """
        try:
            saved = msgspec.msgpack.decode(checkpoint, type=_Checkpoint)
        except msgspec.MsgspecError:
            return None
        if saved.fingerprint != fingerprint(codec):
            return None
        ledger = cls(codec)
        ledger.position = saved.position
        ledger._saved = saved
        ledger.view = View(lambda: _facts_of(saved, codec), saved.summaries)
        return ledger


def encode_report(report: dict[str, Any]) -> bytes:
    """The canonical JSON of a report: the same bytes on every device."""
    return _encoder.encode(report)


def _facts_of(saved: _Checkpoint, codec: Codec) -> Facts:
    decoders = _decoders(codec)
    entries = (entry for kind, encoded in saved.entries.items() for entry in unpack(decoders[kind], encoded))
    facts = Facts(Entries.of(codec, saved.causality, entries, saved.copied))
    facts.settle()
    return facts


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
_encoder = msgspec.json.Encoder(order="sorted")
