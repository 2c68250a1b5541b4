"""A replica's storage in memory: for tests, for the simulator, and for trying things out."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import msgspec

from client_sdk.setaside import wordless
from client_sdk.store import (
    Aside,
    Compose,
    Derived,
    Held,
    Local,
    Pulled,
    Ref,
    Rewriting,
    Row,
    Tip,
    UnderWay,
)
from events import Event, Record, Stamp
from events.envelope import encode_event, without_words


class MemoryStore:
    """What a ``SqliteStore`` keeps, gone with the process."""

    def __init__(self, new_replica: str) -> None:
        self._local = Local(replica=new_replica)
        self._tips: dict[str, Tip] = {}
        self._ledger: list[Pulled] = []
        self._outbox: dict[Ref, Held] = {}
        self._place = 0
        self._erased: set[str] = set()
        self._aside: list[Aside] = []
        self._last_key = 0
        self._derived: dict[str, Derived] = {}
        self._names: dict[str, str] = {}

    def copy(self) -> MemoryStore:
        """The same once more, as copying a file gives; what is kept in it never changes, so it is shared."""
        other = MemoryStore("")
        vars(other).update({name: copy.copy(value) for name, value in vars(self).items()})
        return other

    def local(self) -> Local:
        """What the replica knows of itself."""
        return self._local

    def sign_in(self, *, account: str, server: str, device: str, token: str) -> None:
        """Remembers the account and the device's token."""
        self._set(account=account, server=server, device=device, token=token)

    def sign_out(self) -> None:
        """Forgets the account and the token."""
        self._set(account=None, server=None, device=None, token=None)

    def tips(self, replicas: Iterable[str] | None = None) -> dict[str, Tip]:
        """The tips of some replicas, or of all."""
        wanted = self._tips.keys() if replicas is None else set(replicas)
        return {replica: tip for replica, tip in self._tips.items() if replica in wanted}

    def write(self, compose: Compose, under_way: UnderWay | None = None) -> list[Event]:
        """Appends own events to the outbox: what ``compose`` makes of the present state."""
        written = compose(self._local, self.tips())
        for event, kept in written:
            self._append(event, kept, None)
            for replica, seq in event.seen.items():
                tip = self._tips[replica]
                self._tips[replica] = msgspec.structs.replace(tip, said=max(tip.said, seq))
            self._set_tip(event)
        if under_way is not None:
            self._set(session=under_way.session, session_at=under_way.at)
        return [event for event, _ in written]

    def outbox(self, after: int | None = None, limit: int | None = None) -> list[Held]:
        """The events of the outbox behind a place, in order."""
        behind = sorted(
            (held for held in self._outbox.values() if after is None or held.place > after),
            key=lambda held: held.place,
        )
        return behind[:limit]

    def outbox_size(self) -> int:
        """How many events wait."""
        return len(self._outbox)

    def holds(self, refs: Iterable[Ref]) -> dict[Ref, str]:
        """The hashes of those of the events that are in the outbox."""
        return {ref: self._outbox[ref].event.hash for ref in refs if ref in self._outbox}

    def event_at(self, ref: Ref) -> bytes | None:
        """The canonical bytes of the event at a place of a chain, wherever it is held."""
        if ref in self._outbox:
            return self._outbox[ref].kept
        return next((record.kept for record in self._ledger if _ref(record.event) == ref), None)

    def advance(self, before: Local, pulled: Sequence[Pulled], *, cursor: str, head_hash: bytes, now: int) -> bool:
        """Moves the cursor over the records that it passes, which leave the outbox for the ledger."""
        if self._local.place != before.place:
            return False
        for record in pulled:
            self._outbox.pop(_ref(record.event), None)
            self._ledger.append(msgspec.structs.replace(record, **self._as_kept(record.event, record.kept)))
            self._set_tip(record.event)
        self._set(cursor=cursor, head=before.head + len(pulled), head_hash=head_hash, last_sync=now)
        return True

    def start_over(self) -> None:
        """Cursor to the start, the whole ledger into the outbox in its order, all that was derived dropped."""
        first = min((held.place for held in self._outbox.values()), default=self._place + 1)
        for index, record in enumerate(self._ledger):
            place = first - len(self._ledger) + index
            self._outbox[_ref(record.event)] = Held(place, record.event, record.kept, record.stamp)
        self._ledger = []
        self._derived = {}
        self._set(cursor="0", head=0, head_hash=bytes(32), epoch=self._local.epoch + 1)

    def rewrite(self, compose: Callable[[Local, list[Held]], Rewriting | None]) -> None:
        """Replaces events in the outbox by what ``compose`` makes of it."""
        rewriting = compose(self._local, self.outbox())
        if rewriting is None:
            return
        for ref in rewriting.dropped:
            self._outbox.pop(ref, None)
        for event, kept, stamp in rewriting.added:
            self._append(event, kept, stamp)
        for replica, tip in rewriting.tips.items():
            former = self._tips.pop(replica, Tip(0, b""))
            if tip is not None:
                self._tips[replica] = msgspec.structs.replace(tip, said=min(former.said, tip.seq))
        if rewriting.said is not None:
            said = rewriting.said
            self._tips = {
                replica: msgspec.structs.replace(tip, said=said.get(replica, 0))
                for replica, tip in self._tips.items()
            }
        self._aside = [aside for aside in self._aside if aside.key not in rewriting.released]
        for aside in rewriting.aside:
            self._last_key += 1
            self._aside.append(msgspec.structs.replace(aside, key=self._last_key))
        self._take_words_aside()
        self._set(replica=rewriting.replica, epoch=self._local.epoch + 1)
        self._derived = {}

    def aside(self) -> list[Aside]:
        """The events that are set aside."""
        return list(self._aside)

    def rows(self) -> Iterator[Row]:
        """All of ledger and outbox, unread."""
        for record in self._ledger:
            yield _row(record.event, record.kept, record.stamp, position=record.position)
        for held in self.outbox():
            yield _row(held.event, held.kept, held.stamp, place=held.place)

    def complaints(self) -> list[str]:
        """Memory has none."""
        return []

    def erase(self, ids: Iterable[str]) -> None:
        """Takes the words of these events out, also of copies to come; what was derived from them goes too."""
        if news := set(ids) - self._erased:
            self._erased |= news
            self._ledger = [msgspec.structs.replace(r, **self._as_kept(r.event, r.kept)) for r in self._ledger]
            self._outbox = {
                ref: msgspec.structs.replace(held, **self._as_kept(held.event, held.kept))
                for ref, held in self._outbox.items()
            }
            self._take_words_aside()
            self._derived = {}

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Nobody else writes to this memory."""
        yield

    def records(self, after: int = 0) -> Iterator[Record]:
        """The ledger behind a position, in order."""
        for record in self._ledger[after:]:
            yield Record(position=record.position, stamp=record.stamp, event=record.event)

    def pending(self, after: int | None = None) -> Iterator[tuple[int, Record]]:
        """The outbox behind a place as records without position, each with its place."""
        for held in self.outbox(after):
            yield held.place, Record(position=None, stamp=held.stamp, event=held.event)

    def derived(self, name: str) -> Derived | None:
        """What was last kept under a name."""
        return self._derived.get(name)

    def keep(self, kept: Mapping[str, Derived]) -> None:
        """Keeps what is derived, all or none: none where more is held than was folded, or otherwise."""
        local = self._local
        if all(
            (local.epoch, local.head) == (derived.epoch, derived.position) and not self.outbox(derived.place, 1)
            for derived in kept.values()
        ):
            self._derived |= kept

    def names(self) -> dict[str, str]:
        """What the devices are called that wrote as these replicas, as far as it is known."""
        return dict(self._names)

    def remember_names(self, names: Mapping[str, str]) -> None:
        """Keeps what devices are called, by replica; a name that is known is replaced."""
        self._names |= names

    def close(self) -> None:
        """Nothing to let go of."""

    def _append(self, event: Event, kept: bytes, stamp: Stamp | None) -> None:
        self._place += 1
        self._outbox[_ref(event)] = Held(self._place, **self._as_kept(event, kept), stamp=stamp)

    def _as_kept(self, event: Event, kept: bytes) -> dict[str, Any]:
        """The event and its bytes, without words where it was erased."""
        if event.id in self._erased:
            event = without_words(event)
            kept = encode_event(event)
        return {"event": event, "kept": kept}

    def _take_words_aside(self) -> None:
        held = [(record.event, record.event.id) for record in self._ledger]
        held += [(waiting.event, waiting.event.id) for waiting in self._outbox.values()]
        refs = {_ref(event) for event, event_id in held if event_id in self._erased}
        bare = [(aside, wordless(aside, self._erased, refs)) for aside in self._aside]
        self._aside = [msgspec.structs.replace(aside, kept=kept) for aside, kept in bare if kept is not None]

    def _set_tip(self, event: Event) -> None:
        former = self._tips.get(event.replica, Tip(0, b""))
        if event.seq > former.seq:
            self._tips[event.replica] = Tip(event.seq, bytes.fromhex(event.hash), former.said)

    def _set(self, **changes: object) -> None:
        self._local = msgspec.structs.replace(self._local, **changes)


def _row(
    event: Event, kept: bytes, stamp: Stamp | None, *, position: int | None = None, place: int | None = None
) -> Row:
    received, skew = (None, None) if stamp is None else (stamp.received, stamp.skew)
    return Row(
        kept=kept,
        replica=event.replica,
        seq=event.seq,
        received=received,
        skew=skew,
        position=position,
        place=place,
    )


def _ref(event: Event) -> Ref:
    return event.replica, event.seq
