"""The fold of what a store holds, kept up with it, and what is kept of it for next time."""

from __future__ import annotations

from client_sdk.store import Derived, Store
from events.envelope import ERASURE
from projections.ledger import Ledger, fingerprint

CHECKPOINT_EVERY = 1000
"""A fold that went so many events beyond its checkpoint is worth a new one; a shorter history is folded at once."""

_CHECKPOINT = "checkpoint"
_DIGEST = "digest"


class Folding:
    """A fold in memory, and how far it has come.

    Args:
        store: What is folded.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._ledger: Ledger | None = None
        self._epoch = 0
        self._place: int | None = None
        self._unsaved = 0

    def ledger(self) -> Ledger:
        """The fold of ledger and outbox, brought up to now."""
        epoch = self._store.local().epoch
        ledger = self._ledger
        if ledger is None or self._epoch != epoch:
            ledger = self._ledger = self._start()
            self._epoch = epoch
        self._catch_up(ledger)
        return ledger

    def digest(self) -> str:
        """The digest of all reports; kept, for a long history has long reports."""
        position, place = self._store.local().head, self._store.last_place()
        kept = self._store.derived(_DIGEST)
        if kept is not None and (kept.position, kept.place, kept.fingerprint) == (position, place, fingerprint()):
            return kept.content.decode()
        digest = self.ledger().digest()
        self._keep(_DIGEST, position, place, digest.encode())
        return digest

    def _start(self) -> Ledger:
        """From the checkpoint, if it is this code's, else from nothing."""
        self._unsaved = 0
        self._place = None
        saved = self._store.derived(_CHECKPOINT)
        ledger = None if saved is None else Ledger.restore(saved.content)
        if saved is None or ledger is None:
            return Ledger()
        self._place = saved.place
        return ledger

    def _catch_up(self, ledger: Ledger) -> None:
        """Applies what the store has beyond the fold; some of the outbox may since have become part of the ledger."""
        with self._store.snapshot():
            news = list(self._store.records(ledger.position))
            for place, record in self._store.pending(self._place):
                self._place = place
                news.append(record)
        ledger.apply(news)
        if any(record.event.type == ERASURE for record in news):
            # The fold knows which erasures count: what it skips from now on, the store must not keep.
            self._store.erase(ledger.facts.entries.erased)
        self._unsaved += len(news)
        if self._unsaved >= CHECKPOINT_EVERY:
            self._keep(_CHECKPOINT, ledger.position, self._place or 0, ledger.checkpoint())
            self._unsaved = 0

    def _keep(self, name: str, position: int, place: int, content: bytes) -> None:
        derived = Derived(position=position, place=place, fingerprint=fingerprint(), content=content)
        self._store.keep(name, derived)
