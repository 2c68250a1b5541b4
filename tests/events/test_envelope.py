"""The event as it is read, hashed and measured."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.chains import NOON_MS, Writer, some_uuid
from support.ledgers import World, histories

from events.canonical import MAX_DEPTH, MAX_INTEGER, canonical
from events.envelope import (
    GENESIS,
    Event,
    Stamp,
    action_time,
    body_hash,
    chain_hash,
    decode_event,
    encode_event,
    event_size,
    ledger_hash,
    stored_event,
    written_time,
)
from events.errors import MalformedError
from events.quantities import DAY_MS, EARLIEST_MS, LATEST_MS

SAW = {some_uuid("another"): 3, some_uuid("third"): 12}


def an_event(**fields: Any) -> dict[str, Any]:  # noqa: ANN401  (fields of all types)
    """A valid event as plain data, with some fields otherwise; ``...`` leaves one out."""
    plain = json.loads(encode_event(Writer(some_uuid("writer")).write(id=some_uuid("event"), saw=SAW))) | fields
    return {name: value for name, value in plain.items() if value is not ...}


def fault_of(event: dict[str, Any]) -> MalformedError:
    with pytest.raises(MalformedError) as caught:
        decode_event(json.dumps(event).encode())
    return caught.value


@given(histories())
def test_reading_what_was_written_gives_the_same_event_and_bytes(world: World) -> None:
    for event in world.events:
        kept = encode_event(event)
        again, kept_again = decode_event(json.dumps(json.loads(kept), indent=1).encode())
        assert kept_again == kept
        assert again == event == stored_event(kept)
        assert encode_event(again) == kept


@given(histories())
def test_a_chain_verifies_before_and_after_erasure(world: World) -> None:
    """By the definition of PROTOCOL.md, written out."""
    for replica in world.replicas:
        previous = GENESIS
        for event in replica.events:
            plain = json.loads(encode_event(event))
            said = plain.pop("body", None)
            plain.pop("hash")
            if said is not None:
                plain["body_hash"] = hashlib.sha256(canonical(said)).hexdigest()
            assert event.hash == hashlib.sha256(previous + canonical(plain)).hexdigest()
            erased = msgspec.structs.replace(event, body=msgspec.UNSET, body_hash=body_hash(event))
            assert chain_hash(previous, event) == chain_hash(previous, erased) == event.hash
            previous = bytes.fromhex(event.hash)


@given(st.integers(EARLIEST_MS, LATEST_MS), st.integers(-(10**9), 10**9))
def test_a_ledger_hash_runs_over_hash_and_stamp(received: int, skew: int) -> None:
    entry = canonical({"hash": "ab" * 32, "received": received, "skew": skew})
    assert ledger_hash(GENESIS, "ab" * 32, Stamp(received, skew)) == hashlib.sha256(GENESIS + entry).digest()


@given(st.dictionaries(st.integers(0, 50).map(some_uuid), st.integers(1, MAX_INTEGER), max_size=20))
def test_the_size_of_an_event_is_its_length_without_saw(saw: dict[str, int]) -> None:
    event = Writer().write(**({"saw": saw} if saw else {}))
    without = encode_event(msgspec.structs.replace(event, saw=msgspec.UNSET))
    assert event_size(event, encode_event(event)) == len(without)


@pytest.mark.parametrize("name", ["at", "hash", "id", "offset", "replica", "seq", "type", "v", "written"])
def test_a_field_that_is_missing_is_malformed(name: str) -> None:
    assert name in fault_of(an_event(**{name: ...})).message


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"at": True}, "$.at"),
        ({"at": "1"}, "$.at"),
        ({"at": 1.0}, "$.at"),
        ({"at": MAX_INTEGER + 1}, "$.at"),
        ({"body": 1}, "$.body"),
        ({"body": []}, "$.body"),
        ({"body": None}, "$.body"),
        ({"body": ..., "body_hash": "AB" * 32}, "$.body_hash"),
        ({"body": ..., "body_hash": None}, "$.body_hash"),
        ({"body": ...}, "$"),
        ({"body_hash": "0" * 64}, "$"),
        ({"comment": "?"}, "$"),
        ({"hash": "AB" * 32}, "$.hash"),
        ({"hash": "0" * 63}, "$.hash"),
        ({"hash": "0" * 64 + "\n"}, "$.hash"),
        ({"id": some_uuid("event").upper()}, "$.id"),
        ({"id": "6c84fb90-12c4-4fb1-840d-7b25e5ee775a"}, "$.id"),
        ({"offset": 1441}, "$.offset"),
        ({"offset": -1441}, "$.offset"),
        ({"replica": some_uuid("writer").upper()}, "$.replica"),
        ({"saw": None}, "$.saw"),
        ({"saw": {}}, "$.saw"),
        ({"saw": {some_uuid("another"): 0}}, "$.saw"),
        ({"saw": {some_uuid("another").upper(): 1}}, "$.saw"),
        ({"seq": 0}, "$.seq"),
        ({"seq": False}, "$.seq"),
        ({"type": None}, "$.type"),
        ({"v": "1"}, "$.v"),
        ({"written": LATEST_MS + 1}, "$.written"),
        ({"written": EARLIEST_MS - 1}, "$.written"),
    ],
)
def test_what_is_not_in_the_table_of_the_protocol_is_malformed_with_its_place(
    fields: dict[str, Any], path: str
) -> None:
    assert fault_of(an_event(**fields)).path.startswith(path)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"at": -MAX_INTEGER},
        {"offset": 1440},
        {"offset": -1440},
        {"replica": "6c84fb90-12c4-4fb1-840d-7b25e5ee775a"},
        {"saw": ...},
        {"seq": MAX_INTEGER},
        {"type": "newer than this", "v": 0},
        {"written": EARLIEST_MS},
        {"written": LATEST_MS},
        {"body": ..., "body_hash": "0" * 64},
        {"body": {}},
    ],
)
def test_what_is_in_the_table_is_read(fields: dict[str, Any]) -> None:
    plain = an_event(**fields)
    event, kept = decode_event(json.dumps(plain).encode())
    assert json.loads(kept) == plain
    assert event.type == plain["type"]


def test_the_event_itself_counts_for_the_depth_of_its_body() -> None:
    def deep(levels: int) -> dict[str, Any]:
        return {"a": deep(levels - 1)} if levels > 1 else {}

    plain = an_event(body=deep(MAX_DEPTH - 1))
    assert json.loads(decode_event(json.dumps(plain).encode())[1]) == plain
    assert fault_of(an_event(body=deep(MAX_DEPTH))).path == "$.body" + ".a" * (MAX_DEPTH - 1)


def test_an_event_that_nothing_can_spell_is_not_encoded() -> None:
    event = msgspec.structs.replace(Writer().write(), type="\ud800")
    with pytest.raises(MalformedError):
        encode_event(event)


def test_what_a_replica_has_newly_seen_is_nothing_where_it_says_nothing() -> None:
    assert Writer().write().seen == {}
    assert Writer().write(saw=SAW).seen == SAW


def test_a_fault_inside_an_event_can_be_told_from_outside() -> None:
    fault = fault_of(an_event(seq=0)).under("$.events[3]")
    assert fault.path == "$.events[3].seq"


def test_an_event_without_stamp_happened_when_its_writer_said() -> None:
    assert written_time(NOON_MS, None) == NOON_MS
    assert action_time(NOON_MS - 5, NOON_MS, None) == NOON_MS - 5


@given(st.integers(0, DAY_MS - 1), st.sampled_from([-1, 1]), st.integers(-(400 * DAY_MS), 400 * DAY_MS))
def test_an_action_read_off_a_wrong_clock_is_corrected_with_it(distance: int, sign: int, error: int) -> None:
    written, received = NOON_MS + error, NOON_MS
    stamp = Stamp(received, -error)
    at = written + sign * distance
    assert written_time(written, stamp) == NOON_MS
    assert action_time(at, written, stamp) == min(NOON_MS + sign * distance, received)


@given(st.integers(DAY_MS, 400 * DAY_MS), st.sampled_from([-1, 1]), st.integers(-(400 * DAY_MS), 400 * DAY_MS))
def test_an_action_of_another_day_stands_as_it_was_given(distance: int, sign: int, error: int) -> None:
    at = NOON_MS + sign * distance
    assert action_time(at, NOON_MS, Stamp(NOON_MS - error, -error)) == at


def test_nothing_is_written_after_it_was_received() -> None:
    assert written_time(NOON_MS + 90_000, Stamp(NOON_MS, 0)) == NOON_MS


def test_a_hash_covers_every_field() -> None:
    event = Writer().write(saw=SAW)
    others: list[Event] = [
        msgspec.structs.replace(event, **{name: value})
        for name, value in {
            "at": event.at + 1,
            "body": msgspec.Raw(b"{}"),
            "id": some_uuid(),
            "offset": event.offset + 1,
            "replica": some_uuid(),
            "saw": msgspec.UNSET,
            "seq": event.seq + 1,
            "type": "another",
            "v": event.v + 1,
            "written": event.written + 1,
        }.items()
    ]
    hashes = {chain_hash(GENESIS, other) for other in [event, *others]} | {chain_hash(b"\1" * 32, event)}
    assert len(hashes) == len(others) + 2
