"""The port to a replica's storage: ledger, outbox, cursor, checkpoint.

    outbox   events that this replica holds and the ledger up to its cursor does not
    ledger   records 1 … head, as the server stamped them
    tips     of each replica, the last event held in either, and how far own events have said so in ``saw``
    names    what people call the devices that replicas are on
    aside    events that can't be sent or read, as they were found: in no report but ``problems``

Every method that changes something is one durable transaction: it happened wholly, or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

import msgspec

from events import Event, Record, Stamp

Ref = tuple[str, int]
"""A replica and a seq: the place of an event in its chain."""


class Local(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """What a replica knows of itself. ``head`` and ``head_hash`` are those of its own copy of the ledger.

    Stores keep it, and each ``Tip``, as a row.
    """

    replica: str
    account: str | None = None
    cursor: str = "0"
    head: int = 0
    head_hash: bytes = bytes(32)
    server: str | None = None
    device: str | None = None
    token: str | None = None
    last_sync: int | None = None
    session: str | None = None
    """The session to which the next set belongs, and when something last happened in it, in Unix ms."""
    session_at: int | None = None
    epoch: int = 0
    """How often what was held has been rearranged: a fold made before that is no more good."""

    @property
    def place(self) -> tuple[str | None, str, str, int, int]:
        """Where it stands: in whose ledger, under which name, how far, and how often that was rearranged.

        What was decided at another place has been overtaken by another process.
        """
        return self.account, self.replica, self.cursor, self.head, self.epoch


class SignedIn(msgspec.Struct, frozen=True):
    """What signing in gave: the token is shown this once."""

    account: str
    device: str
    token: str


class Tip(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The last event held of a replica; ``said`` is the highest that own events have named in ``saw``."""

    seq: int
    hash: bytes
    said: int = 0


class Held(msgspec.Struct, frozen=True):
    """An event in the outbox, with its canonical bytes and, if a server that lost it had stamped it, its stamp."""

    place: int
    event: Event
    kept: bytes
    stamp: Stamp | None = None


class Pulled(msgspec.Struct, frozen=True):
    """A record that the ledger gains, with the event's canonical bytes."""

    position: int
    stamp: Stamp
    event: Event
    kept: bytes


class Aside(msgspec.Struct, frozen=True, kw_only=True):
    """An event that can't be sent or read, with the bytes as they were found, and why it is set aside."""

    kept: bytes
    reason: str
    at: int
    """When it was set aside, in Unix ms."""
    replica: str | None = None
    """Its place in its chain, where that is known."""
    seq: int | None = None
    stamp: Stamp | None = None
    key: int = 0
    """What the store calls it; 0 for one that it has yet to take in."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """What a store holds of one event, as it lies there: nothing of it is checked.

    ``position`` is that of a record, ``place`` that of an event in the outbox.
    """

    kept: Any
    replica: Any
    seq: Any
    received: Any
    skew: Any
    position: int | None = None
    place: int | None = None


def stamp_of(received: object, skew: object) -> Stamp | None:
    """The stamp that a row has, where there is one that can be."""
    try:
        return msgspec.convert({"received": received, "skew": skew}, Stamp)
    except msgspec.ValidationError:
        return None


class Rewriting(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of the outbox: these events go, those come or are set aside, and the tips follow."""

    replica: str
    """The replica's own id from now on."""
    dropped: Sequence[Ref]
    added: Sequence[tuple[Event, bytes, Stamp | None]]
    tips: Mapping[str, Tip | None]
    """The tips that change; None where nothing of a replica is held any more."""
    said: Mapping[str, int] | None
    """What the events under a new own id have said they saw; None where the own id stays."""
    aside: Sequence[Aside] = ()
    released: Sequence[int] = ()
    """The keys of those that were aside and are so no longer."""


class Derived(msgspec.Struct, frozen=True, kw_only=True):
    """Something folded from the ledger up to ``position`` and the outbox up to ``place``: a checkpoint, a digest.

    It is named by the ledger hash there, and is worth something only to the code that made it, which ``fingerprint``
    names, and as long as what was held is not rearranged, which ``epoch`` counts.
    """

    position: int
    ledger_hash: bytes
    place: int
    epoch: int
    fingerprint: str
    content: bytes


class UnderWay(msgspec.Struct, frozen=True):
    """The session under way, None for none, and when something last happened in it, in Unix ms."""

    session: str | None
    at: int | None


Compose = Callable[[Local, dict[str, Tip]], Sequence[tuple[Event, bytes]]]
"""Makes events, with their canonical bytes, of what the replica knows of itself and of all tips."""


class Store(Protocol):
    """One replica's storage."""

    def local(self) -> Local:
        """What the replica knows of itself."""
        ...

    def sign_in(self, *, account: str, server: str, device: str, token: str) -> None:
        """Remembers the account and the device's token."""
        ...

    def sign_out(self) -> None:
        """Forgets the account and the token: the ledger is nobody's."""
        ...

    def tips(self, replicas: Iterable[str] | None = None) -> dict[str, Tip]:
        """The tips of some replicas, or of all."""
        ...

    def write(self, compose: Compose, under_way: UnderWay | None = None) -> list[Event]:
        """Appends own events to the outbox: what ``compose`` makes of the present state, inside the transaction.

        Args:
            compose: Makes the events.
            under_way: The session to which the next set belongs from then on; None leaves it as it is.
        """
        ...

    def outbox(self, after: int | None = None, limit: int | None = None) -> list[Held]:
        """The events of the outbox behind a place, in order."""
        ...

    def outbox_size(self) -> int:
        """How many events wait."""
        ...

    def holds(self, refs: Iterable[Ref]) -> dict[Ref, str]:
        """The hashes of those of the events that are in the outbox."""
        ...

    def event_at(self, ref: Ref) -> bytes | None:
        """The canonical bytes of the event at a place of a chain, wherever it is held; None where it isn't."""
        ...

    def advance(self, before: Local, pulled: Sequence[Pulled], *, cursor: str, head_hash: bytes, now: int) -> bool:
        """Moves the cursor over the records that it passes, which leave the outbox for the ledger.

        False, and nothing is changed, where the replica is no longer at ``before``: another process moved it, or
        let another account adopt it.
        """
        ...

    def start_over(self) -> None:
        """Cursor to the start, the whole ledger into the outbox in its order, all that was derived dropped."""
        ...

    def rewrite(self, compose: Callable[[Local, list[Held]], Rewriting | None]) -> None:
        """Replaces events in the outbox by what ``compose`` makes of it, inside the transaction.

        All that was derived from them is dropped. Where it makes nothing of it, all stays as it is.
        """
        ...

    def aside(self) -> list[Aside]:
        """The events that are set aside, in the order in which they were."""
        ...

    def rows(self) -> Iterable[Row]:
        """All that can be got at of ledger and outbox, in order, unread: never an error, whatever is damaged."""
        ...

    def complaints(self) -> list[str]:
        """What is wrong with the storage itself, in sentences."""
        ...

    def erase(self, ids: Iterable[str]) -> None:
        """Takes the words of these events out, also of copies to come; what was derived from them goes too.

        What is set aside and holds their words loses them too, or is dropped where it can't be read.
        """
        ...

    def snapshot(self) -> AbstractContextManager[None]:
        """All that is read within is of one moment, whatever other processes write to the file meanwhile."""
        ...

    def records(self, after: int = 0) -> Iterable[Record]:
        """The ledger behind a position, in order."""
        ...

    def pending(self, after: int | None = None) -> Iterable[tuple[int, Record]]:
        """The outbox behind a place as records without position, each with its place."""
        ...

    def derived(self, name: str) -> Derived | None:
        """What was last kept under a name; None where there is nothing, or it is damaged."""
        ...

    def keep(self, kept: Mapping[str, Derived]) -> None:
        """Keeps what is derived, by its names, all or none: none where more is held than was folded, or otherwise.

        What came since may be an erasure, that another process has carried out: words must not come back with a fold.
        """
        ...

    def names(self) -> dict[str, str]:
        """What the devices are called that wrote as these replicas, as far as it is known."""
        ...

    def remember_names(self, names: Mapping[str, str]) -> None:
        """Keeps what devices are called, by replica; a name that is known is replaced."""
        ...

    def close(self) -> None:
        """Lets go of the file."""
        ...
