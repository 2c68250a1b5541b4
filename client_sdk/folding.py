"""The fold of what a store holds, kept up with it, and what is kept of it for next time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress

from client_sdk.errors import DamagedLedgerError, LedgerFileError, NotFoundError
from client_sdk.store import Derived, Local, Store
from events.codec import CODEC, Codec
from events.envelope import ERASURE, Record
from projections.fingerprint import edition
from projections.ledger import Ledger
from projections.packing import HEAD

CHECKPOINT_EVERY = 1000
"""A fold that went so many events beyond its checkpoint is worth a new one; a shorter history is folded at once.

So is one that had to read its archive for them, which the next process is to be spared.
"""

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
        self.codec = codec
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
            news, was_whole = self._news(ledger), ledger.is_whole
            self._apply(ledger, news)  # what it reads of the checkpoint, or replays, is of the same moment
        if self._unerased is not None or any(record.event.type == ERASURE for record in news):
            self._erase(ledger)
        self._unsaved += len(news)
        if self._unsaved >= self._checkpoint_every or ledger.is_whole > was_whole:
            self._keep_checkpoint(ledger)
        return ledger

    def _news(self, ledger: Ledger) -> list[Record]:
        """What the store holds beyond a fold."""
        news = list(self._store.records(ledger.position))
        for place, record in self._store.pending(self._place):
            self._place = place
            news.append(record)
        return news

    def _apply(self, ledger: Ledger, news: list[Record]) -> None:
        try:
            ledger.apply(news)
        except ValueError as error:
            self._ledger = None
            raise DamagedLedgerError(f"The ledger has a hole: {error}.") from error

    def known_at(self, position: int) -> Ledger:
        """The fold of the ledger as it was when it ended at a position, without the outbox.

        Raises:
            NotFoundError: where the ledger is not that long.
        """
        head = self._store.local().head
        if position > head:
            raise NotFoundError(f"The ledger ends at position {head}.", "Ask for an earlier one, or sync first.")
        ledger = Ledger(self.codec)
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

    def _keep_checkpoint(self, ledger: Ledger) -> None:
        self._keep({_row(part): content for part, content in ledger.checkpoint().items()})
        self._unsaved = 0

    def _forget_checkpoint(self) -> None:
        """A part of it is lost, and made again here; the next process is to begin with a sound one."""
        self._keep({_row(HEAD): b""})

    def _keep(self, kept: Mapping[str, bytes]) -> None:
        """Keeps what is derived, unless it can't be: the disk may be full, the file read-only, or in use."""
        if self._unerased is None:
            with suppress(LedgerFileError):
                self._store.keep({name: self._named(content) for name, content in kept.items()})

    def kept(self, name: str) -> Derived | None:
        """What was kept under a name, if it is this code's, of all that the ledger holds, and nothing was rearranged.

        The outbox may have gone on since: behind the ``place`` of what was kept.
        """
        local, saved = self._store.local(), self._store.derived(name)
        if saved is None or saved.fingerprint != edition(self.codec):
            return None
        stands = (saved.epoch, saved.position, saved.ledger_hash)
        return saved if stands == (local.epoch, local.head, local.head_hash) else None

    def keep(self, name: str, content: bytes) -> None:
        """Keeps what was derived from the fold as it is now."""
        self._keep({name: content})

    def digest(self) -> str:
        """The digest of all reports; kept, for a long history has long reports."""
        ledger = self.ledger()
        kept = self._store.derived(_DIGEST)
        if kept is not None and kept == self._named(kept.content):
            return kept.content.decode()
        digest = ledger.digest()
        self._keep({_DIGEST: digest.encode()})
        return digest

    def _start(self, local: Local) -> Ledger:
        """From the checkpoint, if it is this code's and of this epoch, else from nothing."""
        self._place, self._unsaved = None, 0
        saved = self._store.derived(_row(HEAD))
        if saved is None or saved.epoch != local.epoch or saved.position > local.head:
            return Ledger(self.codec)
        if saved.position == local.head and saved.ledger_hash != local.head_hash:
            return Ledger(self.codec)
        ledger = Ledger.restore(_Rows(self._store, self._forget_checkpoint), self.codec, self._replayed)
        if ledger is None:
            return Ledger(self.codec)
        self._place = saved.place
        return ledger

    def _replayed(self) -> Ledger:
        """The fold of all that is held, from nothing: what was kept of it has turned out to be lost.

        It is worth a new checkpoint: this call of ``ledger`` keeps one, or the next; else the next process, which
        finds none.
        """
        ledger = Ledger(self.codec)
        with self._store.snapshot():
            self._local, self._place = self._store.local(), None
            news = self._news(ledger)
        self._apply(ledger, news)
        if ledger.facts.entries.erased:
            self._erase(ledger)
        self._unsaved = self._checkpoint_every
        return ledger

    def _named(self, content: bytes) -> Derived:
        local = self._local
        return Derived(
            position=local.head,
            ledger_hash=local.head_hash,
            place=self._place or 0,
            epoch=local.epoch,
            fingerprint=edition(self.codec),
            content=content,
        )


class _Rows:
    """The parts of the checkpoint, as the store keeps them."""

    def __init__(self, store: Store, lost: Callable[[], None]) -> None:
        self._store = store
        self._lost = lost

    def get(self, name: str, /) -> bytes | None:
        """See ``packing.Source``."""
        derived = self._store.derived(_row(name))
        if derived is None and name != HEAD:
            self._lost()
        return None if derived is None else derived.content


def _row(part: str) -> str:
    """Under which name a part of the checkpoint is kept; each is small enough to be read for itself."""
    return _CHECKPOINT if part == HEAD else f"{_CHECKPOINT} {part}"
