"""The bytes and hashes of every kind of event, which no change of code may change."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest

from events import Erased, Known, Unknown, read
from events.codec import FACTS, encode_body, type_of
from events.envelope import GENESIS, Event, Stamp, body_hash, chain_hash, decode_event, encode_event, ledger_hash

GOLDEN = Path(__file__).parents[1] / "golden"


class Line(msgspec.Struct, forbid_unknown_fields=True):
    body_hash: str
    event: msgspec.Raw


class Hashed(msgspec.Struct, forbid_unknown_fields=True):
    position: int
    hash: str
    received: int
    skew: int
    ledger_hash: str


class Golden(NamedTuple):
    event: Event
    kept: bytes
    body_hash: str
    previous: bytes


def golden_events() -> list[Golden]:
    events: list[Golden] = []
    for text in (GOLDEN / "events.ndjson").read_bytes().splitlines():
        line = msgspec.json.decode(text, type=Line)
        previous = bytes.fromhex(events[-1].event.hash) if events else GENESIS
        events.append(Golden(decode_event(bytes(line.event))[0], bytes(line.event), line.body_hash, previous))
    return events


EVENTS = golden_events()
each_event = pytest.mark.parametrize("golden", EVENTS, ids=lambda golden: f"{golden.event.seq}-{golden.event.type}")


def test_every_type_and_version_has_golden_bytes() -> None:
    missing = FACTS.keys() - {(golden.event.type, golden.event.v) for golden in EVENTS}
    assert not missing, f"write a line for {missing} at the end of tests/golden/events.ndjson"


@each_event
def test_golden_bytes_are_read_and_written_as_they_are(golden: Golden) -> None:
    assert decode_event(golden.kept) == (golden.event, golden.kept)
    assert encode_event(golden.event) == golden.kept


@each_event
def test_golden_hashes_hold(golden: Golden) -> None:
    assert body_hash(golden.event) == golden.body_hash
    assert chain_hash(golden.previous, golden.event) == golden.event.hash


@each_event
def test_golden_facts_are_understood(golden: Golden) -> None:
    match read(golden.event):
        case Known(body):
            assert type_of(body) == (golden.event.type, golden.event.v)
            assert read(msgspec.structs.replace(golden.event, body=encode_body(body))) == Known(body)
        case Unknown(problem):
            assert golden.event.type == "moon_phase_noted"
            assert problem.path == "$.type"
        case Erased():
            assert golden.event.body is msgspec.UNSET
        case other:
            pytest.fail(f"{other}")


@pytest.mark.parametrize("event_type", sorted(name for name, _ in FACTS))
def test_golden_facts_say_all_that_their_type_can_say(event_type: str) -> None:
    """Across its golden lines, so that no field can be renamed unseen."""
    said: set[str] = set()
    for golden in EVENTS:
        if golden.event.type == event_type and golden.event.body is not msgspec.UNSET:
            said |= msgspec.json.decode(golden.event.body).keys()
    fields = {info.encode_name for info in msgspec.structs.fields(FACTS[event_type, 1])}
    assert fields - said - {"import", "source"} == set()


def test_golden_ledger_hashes_hold() -> None:
    records = msgspec.json.decode((GOLDEN / "ledger_hashes.json").read_bytes(), type=list[Hashed])
    assert [record.hash for record in records] == [golden.event.hash for golden in EVENTS]
    head = GENESIS
    for number, record in enumerate(records, 1):
        head = ledger_hash(head, record.hash, Stamp(record.received, record.skew))
        assert (record.position, record.ledger_hash) == (number, head.hex())
