"""The event, its hash chain, and the record that a server makes of it.

    body ──SHA-256──▶ body_hash ─┐
    at, id, offset, replica, …  ─┴─▶ header ─┐
    hash of this replica's previous event  ──┴─SHA-256─▶ hash        one chain per replica
    hash, received, skew  ──▶ SHA-256 with L(n−1) ─▶ L(n)            one ledger hash per account

Because the chain runs over ``body_hash``, a body can be erased and the chain still verifies.
"""

from __future__ import annotations

import hashlib
import re
from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from events.canonical import MAX_INTEGER, canonical, canonicalise
from events.errors import MalformedError, sentence
from events.identifiers import SHAPES, Hash, Uuid, Uuid7
from events.quantities import DAY_MS, EARLIEST_MS, LATEST_MS

MAX_EVENT_BYTES = 16 * 1024
"""The most that one event may take in canonical JSON, ``saw`` not counted."""

ERASURE = "event_erased"
IMPORT = "import_started"

GENESIS = bytes(32)
"""What stands before the first event of a chain, and before the first record of a ledger: L(0)."""

Count = Annotated[int, Meta(ge=1, le=MAX_INTEGER)]
Moment = Annotated[int, Meta(ge=EARLIEST_MS, le=LATEST_MS)]
Integer = Annotated[int, Meta(ge=-MAX_INTEGER, le=MAX_INTEGER)]


class Event(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True, forbid_unknown_fields=True):
    """An immutable fact as one replica wrote it. PROTOCOL: The event.

    ``body`` is its canonical bytes, whatever this code makes of them; once erased, ``body_hash`` stands instead.
    """

    at: Integer
    body: msgspec.Raw | UnsetType = UNSET
    body_hash: str | UnsetType = UNSET
    hash: str
    id: str
    offset: Annotated[int, Meta(ge=-1440, le=1440)]
    replica: str
    saw: dict[str, Count] | UnsetType = UNSET
    seq: Count
    type: str
    v: Integer
    written: Moment

    @property
    def seen(self) -> dict[str, int]:
        """What this event says its replica had newly seen of others: ``{replica: highest seq}``."""
        return {} if self.saw is UNSET else self.saw


class _Spelled(Event, frozen=True, kw_only=True, gc=False, omit_defaults=True, forbid_unknown_fields=True):
    """An event whose names are looked at letter by letter, by patterns, to tell what is wrong with them.

    A pattern takes msgspec as long as all the rest of an event: the usual one is decoded without (``_checked``).
    """

    body_hash: Hash | UnsetType = UNSET
    hash: Hash
    id: Uuid7
    replica: Uuid
    saw: dict[Uuid, Count] | UnsetType = UNSET


class Stamp(msgspec.Struct, frozen=True, gc=False):
    """When a server first received an event, and how far off the replica's clock was then, both in ms."""

    received: Moment
    skew: Annotated[int, Meta(ge=EARLIEST_MS - LATEST_MS, le=LATEST_MS - EARLIEST_MS)]


class Record(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An event with the server's stamp; or, without position and stamp, one that waits in the outbox."""

    position: int | None
    stamp: Stamp | None
    event: Event


class _Header(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    at: int
    body_hash: str
    id: str
    offset: int
    replica: str
    saw: dict[str, int] | UnsetType = UNSET
    seq: int
    type: str
    v: int
    written: int


def decode_event(text: bytes) -> tuple[Event, bytes]:
    """An event out of a request, checked, and the canonical bytes that stores keep.

    Raises:
        MalformedError: with the path inside the event.
    """
    event, kept = plain_event(text), text
    if event is None or not _is_canonical_body(event.body):
        event, kept = _brought_into_form(text)
    if (event.body is UNSET) == (event.body_hash is UNSET):
        raise MalformedError("An event has exactly one of body and body_hash.")
    if event.body is not UNSET and not bytes(event.body).startswith(b"{"):
        raise MalformedError("A body is an object.", "$.body")
    if event.saw is not UNSET and not event.saw:
        raise MalformedError("An empty saw is left out.", "$.saw")
    return event, kept


def plain_event(text: bytes) -> Event | None:
    """The event in ``text``, where all but its body is canonical and usual; the body is not looked at.

    What is decoded by the schema and comes out again as the same bytes was canonical. None where it is to be looked
    at in full (``decode_event``): spelled otherwise, with ``saw`` or without a body, or no event at all.
    """
    try:
        event = _decoder.decode(text)
    except (ValueError, RecursionError):  # msgspec's errors are ValueErrors
        return None
    return event if _is_plainly_named(event) and _encoder.encode(event) == text else None


def _is_canonical_body(body: msgspec.Raw | UnsetType) -> bool:
    text = b"" if body is UNSET else bytes(body)
    try:
        return canonicalise(text, depth=1) == text
    except MalformedError:
        return False


def _brought_into_form(text: bytes) -> tuple[Event, bytes]:
    """The event in ``text`` in whatever spelling, and its canonical bytes; or the first fault in it."""
    kept = canonicalise(text)
    try:
        return _checked(kept), kept
    except msgspec.ValidationError as error:
        raise malformed(error) from error


def written_event(event: Event) -> tuple[Event, bytes]:
    """An event that is written here around a canonical body: checked like one out of a request, with its bytes.

    Raises:
        MalformedError: with the path inside the event.
    """
    kept = _encoder.encode(event)
    try:
        return _checked(kept), kept
    except msgspec.ValidationError as error:
        raise malformed(error) from error


def stored_event(kept: bytes) -> Event:
    """An event out of a store, which holds only what was checked when it came in.

    Raises:
        msgspec.MsgspecError: where it is damaged so that it can't be read.
    """
    return _checked(kept)


def _checked(text: bytes) -> Event:
    """The event in ``text``, of which each field has its form.

    Raises:
        msgspec.ValidationError: with the first fault in it.
    """
    try:
        event = _decoder.decode(text)
    except msgspec.ValidationError:
        return _spelling_decoder.decode(text)  # raises, too, but of the first of several faults
    if not _is_plainly_named(event):
        _spelling_decoder.decode(text)
    return event


def _is_plainly_named(event: Event) -> bool:
    """Whether its hash, its id and its replica are spelled as such, and there are no rarer names in it.

    Cheap, and sure only when it says yes.
    """
    named = f"{event.hash} {event.id} {event.replica}".encode()
    return (
        named.translate(_HEX_AS_0) == _NAMES_AS_0
        and event.id[14] == "7"
        and event.id[19] in "89ab"
        and event.saw is UNSET
        and event.body_hash is UNSET
    )


def encode_event(event: Event) -> bytes:
    """The canonical bytes of an event.

    Raises:
        MalformedError: where it holds what canonical JSON has no spelling for.
    """
    return canonical(event)


def event_size(event: Event, kept: bytes) -> int:
    """The bytes that count against ``MAX_EVENT_BYTES``: all but the ``saw`` member."""
    if event.saw is UNSET:
        return len(kept)
    return len(kept) - len(b'"saw":,') - len(canonical(event.saw))


def body_hash(event: Event) -> str:
    """SHA-256 over the canonical body, also of an event whose body was erased."""
    if event.body is UNSET:
        return str(event.body_hash)
    return hashlib.sha256(event.body).hexdigest()


def said_hash(event: Event) -> str:
    """A hash over what an event says, whichever file it was imported from: copies that share it say the same.

    Two exports that overlap name their common rows alike, and differ in nothing but ``import``.
    """
    if event.body is UNSET or event.type == IMPORT or b'"import":' not in bytes(event.body):
        return body_hash(event)
    said = msgspec.json.decode(event.body)
    said.pop("import", None)
    return hashlib.sha256(_encoder.encode(said)).hexdigest()


def without_words(event: Event) -> Event:
    """The event as an erasure of it leaves it: ``body_hash`` instead of ``body``. An erasure keeps its own words."""
    if event.body is UNSET or event.type == ERASURE:
        return event
    return msgspec.structs.replace(event, body=UNSET, body_hash=body_hash(event))


def chain_hash(previous: bytes, event: Event) -> str:
    """The hash that ``event`` must bear when ``previous`` is the hash of its replica's event before it."""
    header = _Header(
        at=event.at,
        body_hash=body_hash(event),
        id=event.id,
        offset=event.offset,
        replica=event.replica,
        saw=event.saw,
        seq=event.seq,
        type=event.type,
        v=event.v,
        written=event.written,
    )
    return hashlib.sha256(previous + _encoder.encode(header)).hexdigest()


def chained(previous: bytes, event: Event) -> Event:
    """``event`` as the next link of a chain whose last hash is ``previous``."""
    return msgspec.structs.replace(event, hash=chain_hash(previous, event))


def ledger_hash(previous: bytes, event_hash: str, stamp: Stamp) -> bytes:
    """L(n) from L(n−1) and the record at n."""
    entry = b'{"hash":"%b","received":%d,"skew":%d}' % (event_hash.encode(), stamp.received, stamp.skew)
    return hashlib.sha256(previous + entry).digest()


def written_time(written: int, stamp: Stamp | None) -> int:
    """When an event was written, corrected for the replica's clock, in Unix ms: it ranks concurrent writes."""
    if stamp is None:
        return written
    return min(written + stamp.skew, stamp.received)


def action_time(at: int, written: int, stamp: Stamp | None) -> int:
    """When the action of an event happened that its writer put at ``at``, in Unix ms.

    An ``at`` that was read off the clock shares its error; any other was given by the user or a file, and stands as
    it is.
    """
    if stamp is None or not is_read_off(at, written):
        return at
    return min(at + stamp.skew, stamp.received)


def is_read_off(at: int, written: int) -> bool:
    """Whether an ``at`` counts as read off the clock that said ``written``: it is within a day of that."""
    return abs(at - written) < DAY_MS


def malformed(error: msgspec.ValidationError) -> MalformedError:
    """The complaint of msgspec as ours: its sentence, and the path that it ends with."""
    clause, _, place = str(error).partition(" - at ")
    _, _, pattern = clause.partition(" matching regex ")
    if pattern in SHAPES:
        clause = f"Expected {SHAPES[pattern]}"
    elif bound := _BOUND.fullmatch(clause):
        clause = _bounded(*bound.groups())
    path = _PATH.search(place)
    return MalformedError(sentence(clause), path[0] if path else "$")


def _bounded(kind: str, sign: str, limit: str) -> str:
    """A limit on a number or a length, in words."""
    if (kind, sign, limit) in {("str", ">", "1"), ("array", ">", "1"), ("object", ">", "1")}:
        return "It is empty"
    unit = {"int": "", "str": " characters"}.get(kind, " entries")
    return f"It {'is' if kind == 'int' else 'has'} at {'least' if sign == '>' else 'most'} {int(limit):,}{unit}"


_BOUND = re.compile(r"Expected `(int|str|array|object)` (?:of length )?([<>])= (-?[0-9]+)")
_PATH = re.compile(r"\$[^`]*")
_HEX_AS_0 = bytes.maketrans(b"123456789abcdef", b"000000000000000")
_UUID_AS_0 = b"00000000-0000-0000-0000-000000000000"
_NAMES_AS_0 = b" ".join((64 * b"0", _UUID_AS_0, _UUID_AS_0))
_decoder = msgspec.json.Decoder(Event)
_spelling_decoder = msgspec.json.Decoder(_Spelled)
_encoder = msgspec.json.Encoder(order="deterministic")
"""For events and their headers, whose fields stand in the order of their names: nothing but maps is to be sorted."""
