"""The fold over a ledger: records in, reports out. The same code runs on server, laptop and browser.

    records ──apply──▶ Entries ──▶ Facts ──deltas──▶ View ──▶ reports ──▶ digest
                          ╰──────checkpoint──────▶ parts ──restore──▶ the same ledger

Pure: no clock, no storage. Whoever holds records (a store, a reply, a file) applies them, in any order that keeps
each replica's own; those of the outbox have no position, and get one by being applied again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

import msgspec

from events import Record, UnknownNameError
from events.codec import CODEC, Codec
from events.quantities import day_text
from projections import reports
from projections.archive import concern, touched
from projections.checkpoints import Checkpoint, checkpoint
from projections.clocks import NotHeldError
from projections.entries import Entries
from projections.facts import Facts
from projections.fingerprint import fingerprint
from projections.packing import Source
from projections.view import View

__all__ = ["REPORTS", "Ledger", "encode_report", "fingerprint"]

REPORTS = tuple(report.name for report in reports.REPORTS)
"""The reports that are functions of the records alone, and go into the digest; ``log`` is beside them."""

_BY_NAME = {report.name: report for report in reports.REPORTS}


class Ledger:
    """One account's history, folded. ``position`` is the last that was applied, 0 for none.

    Args:
        codec: What is read of the events.
    """

    def __init__(self, codec: Codec = CODEC) -> None:
        self.codec = codec
        self.position = 0
        self._kept: Checkpoint | None = None
        """The checkpoint that this was restored from."""
        self._unchanged = True
        """Whether nothing was applied since."""
        self._replay: Callable[[], Ledger] | None = None
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
            self._unchanged = False
            self.position = max(self.position, *[record.position or 0 for record in news])
            self._take(news)

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
        if wanted.of_facts and as_of is None and not explain and self._kept is not None and self._unchanged:
            kept = self._kept.report(name)
            if kept is not None:
                return kept
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

    def checkpoint(self, until: int | None = None) -> dict[str, bytes]:
        """All that is needed to go on from here, for this very code: parts, by their names.

        Args:
            until: What happened before may be laid by, in Unix ms; by default, a season before the last that did.
        """
        made = {report.name: self.report(report.name) for report in reports.REPORTS if report.of_facts}
        return checkpoint(self.view, self.position, self.codec, made, until)

    @classmethod
    def restore(
        cls, source: Source, codec: Codec = CODEC, replay: Callable[[], Ledger] | None = None
    ) -> Ledger | None:
        """The ledger of a checkpoint; None where other code made it, or it is damaged: then replay.

        The parts are fetched when they are asked for, and the facts made again only when something is applied, or a
        report needs them.

        Args:
            source: Where the parts of ``checkpoint`` lie.
            codec: What is read of the events.
            replay: Folds the same history from nothing, should the events be among the parts that are lost.
        """
        kept = Checkpoint.read(source, codec)
        if kept is None:
            return None
        ledger = cls(codec)
        ledger.position, ledger._kept, ledger._replay = kept.position, kept, replay
        whole = None if kept.saved.archive is None else ledger._whole
        ledger.view = View(ledger._at_hand, kept.saved, whole=whole)
        return ledger

    @property
    def is_whole(self) -> bool:
        """Whether nothing is laid by, or all of it was read again."""
        return self.view.laid_by is None

    def _take(self, news: list[Record]) -> None:
        if self._concern_the_archive(news):
            self.view.open()
        archive = self.view.laid_by
        try:
            deltas = self.view.at_hand.apply(news)
        except NotHeldError:
            self._begin_anew(news)
        else:
            if archive is not None and touched(deltas, archive.since):
                self._begin_anew(news)
            else:
                self.view.apply(deltas)

    def _concern_the_archive(self, news: list[Record]) -> bool:
        """Whether something is laid by, and news bear on it, as far as they themselves tell."""
        archive = self.view.laid_by
        if archive is None or self._kept is None:
            return False
        names = self._kept.names
        return names is None or concern(news, archive, names, self.codec)

    def _at_hand(self) -> Facts:
        facts = None if self._kept is None else self._kept.at_hand()
        return self._replayed() if facts is None else facts

    def _whole(self) -> Facts:
        at_hand = self.view.at_hand
        if self._kept is None:
            return at_hand  # it was lost, and all was made again
        facts = self._kept.whole(at_hand)
        return self._replayed() if facts is None else facts

    def _replayed(self) -> Facts:
        """The facts of a replay: those that were kept are lost, and of the rest nothing is believed."""
        if self._replay is None:
            raise LookupError("the events of this checkpoint are lost")
        again = self._replay()
        self._kept, self.position, self._unchanged = None, again.position, False
        self.view.begin_anew(again.facts)
        return again.facts

    def _begin_anew(self, news: list[Record]) -> None:
        """Judges everything again: what is laid by was not out of the way of the news after all."""
        facts = self.view.facts
        facts.apply(news)
        self.view.begin_anew(facts)


def encode_report(report: dict[str, Any]) -> bytes:
    """The canonical JSON of a report: the same bytes on every device."""
    return _encoder.encode(report)


def _text(day: int | None) -> str | None:
    return None if day is None else day_text(day)


_BATCH = 1000
"""So many records are taken in at once: what is made of each is still in the processor's cache when it is needed.

All at once, 100,000 of them would take a tenth longer.
"""

_encoder = msgspec.json.Encoder(order="sorted")
