"""The fold of what a store holds, kept up with it, and what is kept of it for next time."""

from __future__ import annotations

from contextlib import suppress

from client_sdk.errors import DamagedLedgerError, LedgerFileError, NotFoundError
from client_sdk.store import Derived, Local, Store
from events.codec import CODEC, Codec
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
        codec: What is read of the events.
        checkpoint_every: After how many events a fold is worth a new checkpoint.
    """

    def __init__(self, store: Store, codec: Codec = CODEC, checkpoint_every: int = CHECKPOINT_EVERY) -> None:
        self._store = store
        self._codec = codec
        self._checkpoint_every = checkpoint_every
        self._ledger: Ledger | None = None
        self._local = Local(replica="")
        """What the replica knew of itself when it was last folded."""
        self._place: int | None = None
        self._unsaved = 0
        self._unerased: LedgerFileError | None = None

    def ledger(self) -> Ledger:
        """The fold of ledger and outbox, brought up to now.

        Raises:
            DamagedLedgerError: where an event can't be read, or is missing.
        """
        with self._store.snapshot():
            local = self._store.local()
            if self._ledger is None or self._local.epoch != local.epoch:
                self._ledger = self._start(local)
            ledger, self._local = self._ledger, local
            news = list(self._store.records(ledger.position))
            for place, record in self._store.pending(self._place):
                self._place = place
                news.append(record)
        try:
            ledger.apply(news)
        except ValueError as error:
            self._ledger = None
            raise DamagedLedgerError(f"The ledger has a hole: {error}.") from error
        if self._unerased is not None or any(record.event.type == ERASURE for record in news):
            self._erase(ledger)
        self._unsaved += len(news)
        if self._unsaved >= self._checkpoint_every:
            self._keep(_CHECKPOINT, ledger.checkpoint())
            self._unsaved = 0
        return ledger

    def known_at(self, position: int) -> Ledger:
        """The fold of the ledger as it was when it ended at a position, without the outbox.

        Raises:
            NotFoundError: where the ledger is not that long.
        """
        head = self._store.local().head
        if position > head:
            raise NotFoundError(f"The ledger ends at position {head}.", "Ask for an earlier one, or sync first.")
        ledger = Ledger(self._codec)
        ledger.apply(record for record in self._store.records() if (record.position or 0) <= position)
        return ledger

    def require_erased(self) -> None:
        """Makes sure that what is erased is out of the store.

        Raises:
            LedgerFileError: where it could not be taken out; the next fold tries again.
        """
        self.ledger()
        if self._unerased is not None:
            raise self._unerased

    def _erase(self, ledger: Ledger) -> None:
        """The fold knows which erasures count: what it skips from now on, the store must not keep.

        A report works without; but no checkpoint may go by an erasure that is still to be done.
        """
        try:
            self._store.erase(ledger.facts.entries.erased)
        except LedgerFileError as error:
            self._unerased = error
        else:
            self._unerased = None

    def _keep(self, name: str, content: bytes) -> None:
        """Keeps what is derived, unless it can't be: the disk may be full, the file read-only, or in use."""
        if self._unerased is None:
            with suppress(LedgerFileError):
                self._store.keep(name, self._named(content))

    def digest(self) -> str:
        """The digest of all reports; kept, for a long history has long reports."""
        ledger = self.ledger()
        kept = self._store.derived(_DIGEST)
        if kept is not None and kept == self._named(kept.content):
            return kept.content.decode()
        digest = ledger.digest()
        self._keep(_DIGEST, digest.encode())
        return digest

    def _start(self, local: Local) -> Ledger:
        """From the checkpoint, if it is this code's and of this epoch, else from nothing."""
        self._place, self._unsaved = None, 0
        saved = self._store.derived(_CHECKPOINT)
        if saved is None or saved.epoch != local.epoch or saved.position > local.head:
            return Ledger(self._codec)
        if saved.position == local.head and saved.ledger_hash != local.head_hash:
            return Ledger(self._codec)
        ledger = Ledger.restore(saved.content, self._codec)
        if ledger is None:
            return Ledger(self._codec)
        self._place = saved.place
        return ledger

    def _named(self, content: bytes) -> Derived:
        local = self._local
        return Derived(
            position=local.head,
            ledger_hash=local.head_hash,
            place=self._place or 0,
            epoch=local.epoch,
            fingerprint=fingerprint(self._codec),
            content=content,
        )
