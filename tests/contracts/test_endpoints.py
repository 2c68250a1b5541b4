"""One law for all who answer a sync: in process over either store, and over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import msgspec
import pytest
from support.chains import NOON_MS, Writer, request_of, some_uuid
from support.servers import running

from client_sdk.http import HttpEndpoint
from events.envelope import GENESIS, Event, Stamp, encode_event, ledger_hash
from events.protocol import (
    ChainBroken,
    Fork,
    Gap,
    Malformed,
    Reset,
    SawUnknown,
    SyncEndpoint,
    SyncReply,
    TooLarge,
    WireRecord,
    WrongAccount,
)
from server.memory_store import MemoryStore
from server.service import Service
from server.sqlite_store import SqliteStore

NOW = NOON_MS + 100

MakeLedger = Callable[[], tuple[str, SyncEndpoint]]
"""Makes a new account, and an endpoint that is signed in to it."""


@pytest.fixture(scope="module")
def in_memory() -> MakeLedger:
    service = Service(MemoryStore(), lambda: NOW)

    def make() -> tuple[str, SyncEndpoint]:
        account = some_uuid()
        return account, service.endpoint(account, some_uuid())

    return make


@pytest.fixture(scope="module")
def in_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MakeLedger]:
    store = SqliteStore(tmp_path_factory.mktemp("data") / "server.db")
    service = Service(store, lambda: NOW)

    def make() -> tuple[str, SyncEndpoint]:
        account = some_uuid()
        return account, service.endpoint(account, some_uuid())

    yield make
    store.close()


@pytest.fixture(scope="module")
def over_http(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MakeLedger]:
    folder: Path = tmp_path_factory.mktemp("data")
    with running(folder, clock=lambda: NOW) as url, httpx.Client(base_url=url) as client:

        def make() -> tuple[str, SyncEndpoint]:
            form = {"name": some_uuid(), "password": "long enough"}
            signed_in = client.post("/v1/accounts", json=form).raise_for_status().json()
            endpoint = HttpEndpoint(url, signed_in["token"])
            endpoints.append(endpoint)
            return signed_in["account"], endpoint

        endpoints: list[HttpEndpoint] = []
        yield make
        for endpoint in endpoints:
            endpoint.close()


@pytest.fixture(params=["in_memory", "in_sqlite", "over_http"])
def ledger(request: pytest.FixtureRequest) -> tuple[str, SyncEndpoint]:
    """A new account, and an endpoint signed in to it."""
    make: MakeLedger = request.getfixturevalue(request.param)
    return make()


def pull_all(account: str, endpoint: SyncEndpoint, limit: int = 1000) -> tuple[SyncReply, list[WireRecord]]:
    records: list[WireRecord] = []
    cursor = "0"
    while True:
        reply = synced(endpoint, account, cursor=cursor, limit=limit)
        records += reply.records
        cursor = reply.cursor
        if not reply.more:
            return reply, records


def synced(
    endpoint: SyncEndpoint,
    account: str,
    *events: Event,
    cursor: str = "0",
    limit: int = 1000,
    stamps: list[Stamp | None] | None = None,
) -> SyncReply:
    reply = endpoint.sync(request_of(account, *events, cursor=cursor, limit=limit, stamps=stamps))
    assert isinstance(reply, SyncReply), reply
    return reply


def test_what_one_pushes_another_pulls_byte_for_byte(ledger: tuple[str, SyncEndpoint]) -> None:
    account, endpoint = ledger
    writer = Writer()
    pushed = synced(endpoint, account, *writer.write_many(7))
    reply, records = pull_all(account, endpoint, limit=3)
    assert [bytes(record.event) for record in records] == [encode_event(event) for event in writer.events]
    assert (reply.head, reply.head_hash, reply.cursor) == (7, pushed.head_hash, pushed.cursor)


def test_the_receipt_can_be_computed_from_the_records(ledger: tuple[str, SyncEndpoint]) -> None:
    account, endpoint = ledger
    for writer in (Writer(), Writer()):
        synced(endpoint, account, *writer.write_many(3))
    reply, records = pull_all(account, endpoint)
    proof = GENESIS
    for record in records:
        event = msgspec.json.decode(record.event, type=Event)
        proof = ledger_hash(proof, event.hash, Stamp(record.received, record.skew))
    assert (reply.head, reply.head_hash) == (6, proof.hex())


def test_a_lost_reply_costs_nothing(ledger: tuple[str, SyncEndpoint]) -> None:
    account, endpoint = ledger
    writer = Writer()
    lost = synced(endpoint, account, *writer.write_many(2))
    again = synced(endpoint, account, *writer.events)
    assert [verdict.status for verdict in again.verdicts] == ["duplicate"] * 2
    assert [verdict.position for verdict in again.verdicts] == [verdict.position for verdict in lost.verdicts]
    assert again.head_hash == lost.head_hash


def test_a_lost_ledger_is_healed_with_its_stamps(ledger: tuple[str, SyncEndpoint]) -> None:
    account, endpoint = ledger
    writer = Writer()
    stamps: list[Stamp | None] = [Stamp(NOON_MS - 5, 3), None]
    reply = synced(endpoint, account, *writer.write_many(2), stamps=stamps)
    assert [(verdict.received, verdict.skew) for verdict in reply.verdicts] == [(NOON_MS - 5, 3), (NOW, 0)]


def test_problems_come_with_the_verdict(ledger: tuple[str, SyncEndpoint]) -> None:
    account, endpoint = ledger
    reply = synced(endpoint, account, Writer().write(kind="from_the_future"))
    problem = reply.verdicts[0].problem
    assert problem is not None
    assert problem.code == "unknown_type"


def test_faults_are_values_and_store_nothing(ledger: tuple[str, SyncEndpoint]) -> None:
    account, endpoint = ledger
    writer, other = Writer(), Writer()
    synced(endpoint, account, *writer.write_many(2))
    copy = writer.fork(1)
    _, later = other.write_many(2)
    wrong_hash = msgspec.structs.replace(Writer().write(), hash="ab" * 32)
    requests = {
        Fork: request_of(account, copy.write()),
        Gap: request_of(account, later),
        ChainBroken: request_of(account, wrong_hash),
        SawUnknown: request_of(account, Writer().write(saw={other.replica: 1})),
        Reset: request_of(account, cursor="2." + "0" * 64),
        Malformed: request_of(account, cursor="two"),
        TooLarge: request_of(account, Writer().write({"session": "x" * 16_384})),
        WrongAccount: request_of(some_uuid()),
    }
    faults = {kind: endpoint.sync(request) for kind, request in requests.items()}
    assert {kind: type(fault) for kind, fault in faults.items()} == {kind: kind for kind in requests}
    fork, gap = faults[Fork], faults[Gap]
    assert isinstance(fork, Fork)
    assert (fork.replica, fork.seq) == (writer.replica, 2)
    assert isinstance(gap, Gap)
    assert (gap.replica, gap.expected_seq) == (other.replica, 1)
    assert pull_all(account, endpoint)[0].head == 2
