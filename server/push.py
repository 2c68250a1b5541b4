"""Reading a sync request: from text to what it pushes, or to what is wrong with it. Pure, like ``server.ingest``."""

from __future__ import annotations

import re

import msgspec

from events.codec import Reading, decode_and_read
from events.envelope import (
    GENESIS,
    MAX_EVENT_BYTES,
    Event,
    Stamp,
    event_size,
    malformed,
)
from events.errors import MalformedError
from events.protocol import (
    MAX_PAGE,
    MAX_REQUEST_BYTES,
    MAX_REQUEST_EVENTS,
    PROTOCOL,
    START,
    Fault,
    Malformed,
    SyncRequest,
    TooLarge,
    WrongAccount,
)


class Point(msgspec.Struct, frozen=True, gc=False):
    """A place in a ledger and the ledger hash there; a cursor is the text of one."""

    position: int
    ledger_hash: bytes

    def __str__(self) -> str:
        return f"{self.position}.{self.ledger_hash.hex()}" if self.position else START


ORIGIN = Point(0, GENESIS)


class _Version(msgspec.Struct, frozen=True):
    """The one thing that every version of the protocol says in the same way."""

    protocol: int


class Pushed(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A readable event of a request: its canonical bytes, what it says, and the stamp that it had before, if any."""

    event: Event
    kept: bytes
    reading: Reading
    stamp: Stamp | None


class Push(msgspec.Struct, frozen=True, kw_only=True):
    """A request that is sound as a whole. ``broken`` is the fault of the event after the last of ``events``."""

    replica: str
    cursor: Point
    sent_at: int
    limit: int
    events: tuple[Pushed, ...]
    broken: Malformed | TooLarge | None


def read_push(text: bytes, account: str) -> Push | Fault:
    """The request in ``text``, made by a device of ``account``."""
    if len(text) > MAX_REQUEST_BYTES:
        return TooLarge(
            detail=f"The request has {len(text)} bytes; {MAX_REQUEST_BYTES} are the most.",
            next_step="Send fewer events at a time.",
        )
    try:
        text.decode()  # the decoder looks at no text that it ignores
        request = _decoded(text)
    except msgspec.ValidationError as error:
        return _malformed(malformed(error))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return _malformed(MalformedError(f"The request is not JSON: {error}."))
    if isinstance(request, _Version) or request.protocol != PROTOCOL:
        return _unknown_protocol(request.protocol)
    fault = _fault_of_whole(request, account)
    if fault is not None:
        return fault
    cursor = read_cursor(request.cursor)
    return cursor if isinstance(cursor, Malformed) else _read_events(request, cursor)


def read_cursor(text: str) -> Point | Malformed:
    """The point that a cursor stands for."""
    if text == START:
        return ORIGIN
    if _CURSOR.match(text) is None:
        return Malformed(
            detail=f"{text[:100]!r} is not a cursor.",
            path="$.cursor",
            next_step="Send the cursor of the last reply, or 0 to begin.",
        )
    position, _, hash_text = text.partition(".")
    return Point(int(position), bytes.fromhex(hash_text))


def _decoded(text: bytes) -> SyncRequest | _Version:
    """The request, or no more than its version where that is unknown here: it may have another shape."""
    try:
        return _request_decoder.decode(text)
    except (msgspec.DecodeError, RecursionError):
        version = _version_decoder.decode(text)
        if version.protocol == PROTOCOL:
            raise
        return version


def _unknown_protocol(protocol: int) -> Malformed:
    return Malformed(
        detail=f"Protocol {protocol} is unknown here; this server speaks version {PROTOCOL}.",
        path="$.protocol",
        next_step="Update whichever of the two is older.",
    )


def _fault_of_whole(request: SyncRequest, account: str) -> Fault | None:
    count = len(request.events)
    if len(request.stamps) not in {0, count}:
        return Malformed(
            detail=f"{len(request.stamps)} stamps came with {count} events.",
            path="$.stamps",
            next_step="Send one entry per event, null where there is none, or no stamps at all.",
        )
    if request.account != account:
        return WrongAccount(
            detail="The token is another account's than the ledger's.",
            next_step="Sign in to the account that the ledger belongs to.",
        )
    if count > MAX_REQUEST_EVENTS:
        return TooLarge(
            detail=f"The request has {count} events; {MAX_REQUEST_EVENTS} are the most.",
            next_step="Send fewer events at a time.",
            path="$.events",
        )
    return None


def _read_events(request: SyncRequest, cursor: Point) -> Push:
    """Reads as far as the first event that can't be read: a fault of an earlier one goes before its own."""
    stamps = request.stamps or [None] * len(request.events)
    readable: list[Pushed] = []
    broken = None
    for index, (text, stamp) in enumerate(zip(request.events, stamps, strict=True)):
        outcome = _read_event(bytes(text), stamp, index)
        if not isinstance(outcome, Pushed):
            broken = outcome
            break
        readable.append(outcome)
    return Push(
        replica=request.replica,
        cursor=cursor,
        sent_at=request.sent_at,
        limit=min(request.limit, MAX_PAGE),
        events=tuple(readable),
        broken=broken,
    )


def _read_event(text: bytes, stamp: Stamp | None, index: int) -> Pushed | Malformed | TooLarge:
    try:
        event, kept, reading = decode_and_read(text)
    except MalformedError as error:
        return _malformed(error.under(f"$.events[{index}]"))
    size = event_size(event, kept)
    if size > MAX_EVENT_BYTES:
        return TooLarge(
            detail=f"The event has {size} bytes in canonical JSON; {MAX_EVENT_BYTES} are the most.",
            next_step="Set it aside, and send the others.",
            path=f"$.events[{index}]",
        )
    return Pushed(event=event, kept=kept, reading=reading, stamp=stamp)


def _malformed(error: MalformedError) -> Malformed:
    return Malformed(
        detail=error.message,
        path=error.path,
        next_step=error.next_step or "Report this: the sender writes what the protocol does not have.",
    )


_CURSOR = re.compile(r"[1-9][0-9]{0,15}\.[0-9a-f]{64}\Z")
_version_decoder = msgspec.json.Decoder(_Version)
_request_decoder = msgspec.json.Decoder(SyncRequest)
