"""docs/reference/protocol.md: its examples are what this code computes, and its tables what this code has."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

from events import Known, Stamp, read
from events.canonical import canonical
from events.envelope import GENESIS, body_hash, chain_hash, decode_event, encode_event, ledger_hash, written_time
from events.protocol import BaseFault, Fault, SyncReply, SyncRequest
from server import faults
from server.memory_store import MemoryStore
from server.push import Point
from server.service import Service

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "protocol.md").read_text("utf-8")
EXAMPLES: dict[str, str] = dict(re.findall(r"^```\w+ ([\w-]+)\n(.*?)\n```$", PAGE, re.MULTILINE | re.DOTALL))
both = pytest.mark.parametrize("nth", ["1", "2"])

_PROBLEMS = re.compile(r"^\| code \| status \|.*?$\n(.*?)\n\n", re.MULTILINE | re.DOTALL)
_SELF_EVIDENT = {"detail", "next_step"}


@both
def test_bodies_headers_events_and_entries_are_shown_in_canonical_json(nth: str) -> None:
    for what in ("body", "header", "event", "entry"):
        text = EXAMPLES[f"{what}-{nth}"].encode()
        assert canonical(json.loads(text)) == text
        assert (
            json.dumps(json.loads(text), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() == text
        )


@both
def test_the_hashes_of_an_event_follow_from_what_is_shown_by_sha_256_alone(nth: str) -> None:
    header = _json(f"header-{nth}")
    assert _sha256(EXAMPLES[f"body-{nth}"].encode()) == EXAMPLES[f"body-hash-{nth}"] == header["body_hash"]
    assert _sha256(bytes(32) + EXAMPLES[f"header-{nth}"].encode()) == EXAMPLES[f"hash-{nth}"]
    whole = {name: value for name, value in header.items() if name != "body_hash"}
    whole |= {"body": _json(f"body-{nth}"), "hash": EXAMPLES[f"hash-{nth}"]}
    assert _json(f"event-{nth}") == whole


@both
def test_the_code_reads_the_event_keeps_its_bytes_and_computes_the_same_hashes(nth: str) -> None:
    event, kept = decode_event(EXAMPLES[f"event-{nth}"].encode())
    assert kept == EXAMPLES[f"event-{nth}"].encode() == encode_event(event)
    assert body_hash(event) == EXAMPLES[f"body-hash-{nth}"]
    assert chain_hash(GENESIS, event) == EXAMPLES[f"hash-{nth}"] == event.hash
    assert isinstance(read(event), Known)


def test_an_event_without_its_body_has_the_same_hash() -> None:
    event, _ = decode_event(EXAMPLES["event-1"].encode())
    erased = msgspec.structs.replace(event, body=msgspec.UNSET, body_hash=EXAMPLES["body-hash-1"])
    assert chain_hash(GENESIS, erased) == EXAMPLES["hash-1"]


def test_the_ledger_hashes_of_one_and_of_two_records_are_as_shown() -> None:
    by_hand = by_code = bytes(32)
    for nth in ("1", "2"):
        entry = _json(f"entry-{nth}")
        by_hand = hashlib.sha256(by_hand + EXAMPLES[f"entry-{nth}"].encode()).digest()
        by_code = ledger_hash(by_code, EXAMPLES[f"hash-{nth}"], Stamp(entry["received"], entry["skew"]))
        assert by_hand.hex() == by_code.hex() == EXAMPLES[f"ledger-hash-{nth}"]
    assert str(Point(2, by_code)) == f"2.{EXAMPLES['ledger-hash-2']}"


def test_a_server_that_is_sent_the_events_with_those_stamps_comes_to_the_same_ledger_hash() -> None:
    account, records = "0197f3a0-0000-7000-8000-00000000acc0", [_json("entry-1"), _json("entry-2")]
    request = SyncRequest(
        protocol=1,
        account=account,
        replica=_json("event-2")["replica"],
        cursor="0",
        sent_at=records[1]["received"],
        events=[msgspec.Raw(EXAMPLES[f"event-{nth}"].encode()) for nth in ("1", "2")],
        stamps=[Stamp(record["received"], record["skew"]) for record in records],
    )
    service = Service(MemoryStore(), lambda: records[1]["received"])
    reply = service.endpoint(account, "device").sync(request)
    assert isinstance(reply, SyncReply)
    assert (reply.head, reply.head_hash) == (2, EXAMPLES["ledger-hash-2"])
    assert reply.cursor == f"2.{EXAMPLES['ledger-hash-2']}"
    assert [verdict.problem for verdict in reply.verdicts] == [None, None]


def test_the_time_of_the_second_event_is_as_the_page_says() -> None:
    event, _ = decode_event(EXAMPLES["event-2"].encode())
    entry = _json("entry-2")
    time = written_time(event.written, Stamp(entry["received"], entry["skew"]))
    assert f"Its time is therefore {time}." in " ".join(PAGE.split())


def test_the_table_of_problems_has_every_code_with_its_status_and_members() -> None:
    found = _PROBLEMS.search(PAGE)
    assert found is not None
    told: dict[str, tuple[int, set[str]]] = {}
    for row in found[1].splitlines()[1:]:
        codes, status, members = (cell.strip() for cell in row.strip().strip("|").split("|", 2))
        for code in re.findall(r"`(\w+)`", codes):
            told[code] = int(status), set(re.findall(r"`([a-z_]+)`", members))
    assert told == {str(fault.__struct_config__.tag): (fault.status, _members(fault)) for fault in _all_faults()}


def test_the_limits_on_the_page_are_those_of_the_code() -> None:
    from events import envelope, protocol, quantities  # noqa: PLC0415  # read beside what is said of them

    for figure in (
        f"{envelope.MAX_EVENT_BYTES:,} bytes",
        f"{protocol.MAX_REQUEST_EVENTS:,} events and 4 MiB ({protocol.MAX_REQUEST_BYTES:,} bytes)",
        f"{protocol.MAX_PAGE:,} records",
        f"within {protocol.CLOCKS_AGREE_MS // 1000} s",
        f"\N{MINUS SIGN}{-quantities.EARLIEST_MS} to {quantities.LATEST_MS}",
        f"±{quantities.LATEST_MS - quantities.EARLIEST_MS}",
    ):
        assert figure in " ".join(PAGE.split())


def _all_faults() -> list[type[BaseFault]]:
    of_the_server = [kind for kind in vars(faults).values() if isinstance(kind, type) and issubclass(kind, BaseFault)]
    return [*get_args(Fault), *(kind for kind in of_the_server if kind is not BaseFault)]


def _members(fault: type[BaseFault]) -> set[str]:
    return set(fault.__struct_fields__) - _SELF_EVIDENT


def _json(example: str) -> Any:  # noqa: ANN401  # whatever the page shows
    return json.loads(EXAMPLES[example])


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
