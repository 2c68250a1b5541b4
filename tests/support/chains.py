"""Valid events without effort: a writer draws up one replica's chain."""

from __future__ import annotations

import itertools
from typing import Any

import msgspec

from events.canonical import canonical
from events.envelope import GENESIS, Event, Stamp, chained, encode_event
from events.identifiers import derived_uuid7
from events.protocol import SyncRequest

NOON_MS = 1_763_800_000_000
"""Some noon in November 2025."""

_numbers = itertools.count(1)


def some_uuid(*key: object) -> str:
    """A UUIDv7, the same for the same key; without a key a new one each time."""
    return derived_uuid7(NOON_MS, *map(str, key or ("drawn", next(_numbers))))


def note(text: str = "") -> dict[str, Any]:
    """The body of a ``session_started``, told apart by its title."""
    return {"session": some_uuid("session", text), **({"title": text} if text else {})}


class Writer:
    """Writes the chain of one replica, event by event.

    Attributes:
        replica: The replica's id.
        events: What was written so far, in order.
    """

    def __init__(self, replica: str | None = None) -> None:
        self.replica = replica or some_uuid()
        self.events: list[Event] = []

    def write(self, body: dict[str, Any] | None = None, *, kind: str = "session_started", **fields: Any) -> Event:  # noqa: ANN401  (fields of all types)
        """Writes one event; ``fields`` stand in place of what it would have by itself."""
        said = note(f"event {len(self.events) + 1} of {self.replica}") if body is None else body
        draft: dict[str, Any] = {
            "at": NOON_MS,
            "body": msgspec.Raw(canonical(said)),
            "hash": "0" * 64,
            "id": some_uuid(),
            "offset": 60,
            "replica": self.replica,
            "seq": len(self.events) + 1,
            "type": kind,
            "v": 1,
            "written": NOON_MS,
        }
        event = chained(self._previous, Event(**draft | fields))
        self.events.append(event)
        return event

    def write_many(self, count: int) -> list[Event]:
        """Writes that many events and gives back just them."""
        return [self.write() for _ in range(count)]

    def fork(self, length: int) -> Writer:
        """Another holder of this replica's id, whose chain agrees in the first ``length`` events."""
        copy = Writer(self.replica)
        copy.events = self.events[:length]
        return copy

    @property
    def _previous(self) -> bytes:
        return bytes.fromhex(self.events[-1].hash) if self.events else GENESIS


def request_of(  # noqa: D417  (the others are the request's own fields)
    account: str,
    *events: Event,
    replica: str | None = None,
    cursor: str = "0",
    sent_at: int = NOON_MS,
    stamps: list[Stamp | None] | None = None,
    limit: int = 1000,
) -> SyncRequest:
    """A request that pushes ``events``.

    Args:
        replica: Who syncs; by itself the writer of the first event.
    """
    return SyncRequest(
        protocol=1,
        account=account,
        replica=replica or (events[0].replica if events else some_uuid()),
        cursor=cursor,
        sent_at=sent_at,
        events=[msgspec.Raw(encode_event(event)) for event in events],
        stamps=stamps or [],
        limit=limit,
    )
