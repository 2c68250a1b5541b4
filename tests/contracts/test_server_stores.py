"""One law for all stores of the server."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.chains import NOON_MS, Writer, note, request_of, some_uuid

from events.envelope import GENESIS, Event, Stamp, encode_event, ledger_hash, stored_event
from events.protocol import Fault, SyncReply
from server.errors import UnavailableError
from server.ingest import Accepted, Kept, ingest, needs
from server.memory_store import MemoryStore
from server.push import ORIGIN, Point, Push, read_push
from server.service import Service
from server.sqlite_store import SqliteStore
from server.store import Checkpoint, Credentials, Device, Reader, Store
from server.store import Writer as StoreWriter

DEVICE = some_uuid("device")


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    opened: Store = MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / "server.db")
    yield opened
    opened.close()


def push(store: Store, account: str, *events: Event, cursor: str = "0") -> SyncReply | Fault:
    return Service(store, lambda: NOON_MS).endpoint(account, DEVICE).sync(request_of(account, *events, cursor=cursor))


def all_records(store: Store, account: str) -> list[Kept]:
    return store.read(lambda ledgers: ledgers.records(account, 0, 10**6))


def device(account: str, name: str = "phone") -> Device:
    return Device(
        device=some_uuid(),
        account=account,
        name=name,
        token=some_uuid().encode(),
        created=NOON_MS,
        last_seen=NOON_MS,
    )


@pytest.mark.parametrize("count", [1, 99, 100, 101, 230])
def test_a_push_of_any_length_is_kept_whole_and_in_order(store: Store, count: int) -> None:
    account, events = some_uuid(), Writer().write_many(count)
    for _ in range(2):
        reply = push(store, account, *events)
        assert isinstance(reply, SyncReply)
        assert [verdict.position for verdict in reply.verdicts] == list(range(1, count + 1))
    assert [stored_event(kept.kept) for kept in all_records(store, account)] == events


def test_an_unknown_ledger_is_empty(store: Store) -> None:
    def look(ledgers: Reader) -> None:
        account = some_uuid()
        assert ledgers.head(account) == ORIGIN
        assert ledgers.records(account, 0, 10) == []
        assert ledgers.ledger_hash(account, 1) is None
        assert ledgers.checkpoint(account) is None
        assert ledgers.devices(account) == []

    store.read(look)


@given(turns=st.lists(st.tuples(st.integers(0, 1), st.integers(0, 2), st.integers(0, 3)), max_size=15))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_ledgers_stay_gapless_apart_and_provable(store: Store, turns: list[tuple[int, int, int]]) -> None:
    """Whatever is pushed, sound or forked, by whomever."""
    accounts = [some_uuid(), some_uuid()]
    writers = [Writer(), Writer()]
    writers.append(writers[0].fork(0))  # holds another branch of the first
    stored: dict[str, list[Event]] = {account: [] for account in accounts}
    for whose, who, count in turns:
        writers[who].write_many(count)
        if isinstance(push(store, accounts[whose], *writers[who].events), SyncReply):
            known = {event.hash for event in stored[accounts[whose]]}
            stored[accounts[whose]] += [event for event in writers[who].events if event.hash not in known]
    for account in accounts:
        records = all_records(store, account)
        assert [record.position for record in records] == list(range(1, len(records) + 1))
        assert [record.kept for record in records] == [encode_event(event) for event in stored[account]]
        proof = GENESIS
        for record, event in zip(records, stored[account], strict=True):
            proof = ledger_hash(proof, event.hash, record.stamp)
            assert record.ledger_hash == proof
        assert store.read(lambda ledgers: ledgers.head(account)) == Point(len(records), proof)  # noqa: B023  # asked at once


def test_records_come_in_pages_after_a_position(store: Store) -> None:
    account, writer = some_uuid(), Writer()
    push(store, account, *writer.write_many(5))
    page = store.read(lambda ledgers: ledgers.records(account, 2, 2))
    assert [record.position for record in page] == [3, 4]
    assert [record.stamp for record in page] == [Stamp(NOON_MS, 0)] * 2


def test_one_event_in_two_ledgers_is_kept_in_both(store: Store) -> None:
    event = Writer().write()
    accounts = [some_uuid(), some_uuid()]
    for account in accounts:
        assert isinstance(push(store, account, event), SyncReply)
    assert [len(all_records(store, account)) for account in accounts] == [1, 1]


def test_work_that_raises_leaves_nothing_behind(store: Store) -> None:
    account, writer = some_uuid(), Writer()
    push(store, account, target := writer.write(note("kept")))
    before = all_records(store, account)
    erasure = writer.write({"target": target.id}, kind="event_erased")
    read = read_push(msgspec.json.encode(request_of(account, erasure, Writer().write())), account)
    assert isinstance(read, Push)

    def fail(ledgers: StoreWriter) -> None:
        accepted = ingest(ledgers.known(account, needs(read)), read, NOON_MS)
        assert isinstance(accepted, Accepted)
        ledgers.append(account, accepted)
        ledgers.open_account(Credentials(account=account, name="max", password="-"), NOON_MS)
        ledgers.add_device(device(account))
        assert ledgers.head(account).position == 3
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store.write(fail)
    assert all_records(store, account) == before
    assert store.read(lambda accounts: accounts.credentials("max")) is None
    assert store.read(lambda accounts: accounts.devices(account)) == []
    assert isinstance(push(store, account, erasure), SyncReply)


def test_writers_at_the_same_time_lose_and_double_nothing(store: Store) -> None:
    account = some_uuid()
    writers = [Writer() for _ in range(8)]

    def work(writer: Writer) -> None:
        cursor = "0"
        for _ in range(6):
            reply = push(store, account, *writer.write_many(2), cursor=cursor)
            assert isinstance(reply, SyncReply)
            cursor = reply.cursor

    with ThreadPoolExecutor(len(writers)) as threads:
        list(threads.map(work, writers))
    records = all_records(store, account)
    assert [record.position for record in records] == list(range(1, 97))
    assert {stored_event(record.kept).hash for record in records} == {
        event.hash for writer in writers for event in writer.events
    }


def test_failing_work_fails_alone(store: Store) -> None:
    """Among writers who share a commit."""
    account = some_uuid()
    barrier = threading.Barrier(8)

    def work(number: int) -> bool:
        barrier.wait()
        if number % 2:
            with pytest.raises(ZeroDivisionError):
                store.write(lambda _: 1 // 0)
            return True
        return isinstance(push(store, account, Writer().write()), SyncReply)

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(work, range(8)))
    assert len(all_records(store, account)) == 4


def test_an_erasure_empties_stored_copies_and_drops_the_checkpoint(store: Store) -> None:
    account, writer = some_uuid(), Writer()
    push(store, account, target := writer.write(note("private")))
    head = store.read(lambda ledgers: ledgers.head(account))
    checkpoint = Checkpoint(point=head, fingerprint="code", parts={"sessions": b"tells of what was private"})
    store.write(lambda ledgers: ledgers.keep_checkpoint(account, checkpoint))
    assert store.read(lambda ledgers: ledgers.checkpoint(account)) == checkpoint
    push(store, account, writer.write({"target": target.id}, kind="event_erased"))
    assert b"private" not in all_records(store, account)[0].kept
    assert store.read(lambda ledgers: ledgers.checkpoint(account)) is None


def test_a_later_checkpoint_stands_in_place_of_the_former(store: Store) -> None:
    account, writer = some_uuid(), Writer()
    push(store, account, writer.write())
    for state in (b"one", b"two"):
        checkpoint = Checkpoint(point=Point(1, bytes(32)), fingerprint="code", parts={"head": state})
        store.write(lambda ledgers, kept=checkpoint: ledgers.keep_checkpoint(account, kept))
    kept = store.read(lambda ledgers: ledgers.checkpoint(account))
    assert kept is not None
    assert kept.parts == {"head": b"two"}


def test_a_name_is_given_once(store: Store) -> None:
    first = Credentials(account=some_uuid(), name="max", password="one")
    second = Credentials(account=some_uuid(), name="max", password="two")
    assert store.write(lambda accounts: accounts.open_account(first, NOON_MS))
    assert not store.write(lambda accounts: accounts.open_account(second, NOON_MS))
    assert store.read(lambda accounts: accounts.credentials("max")) == first
    assert store.read(lambda accounts: accounts.credentials("Max")) is None


def test_a_closed_account_leaves_nothing_and_touches_no_other(store: Store) -> None:
    ours, others = [], []
    for account, name, known in ((some_uuid(), "max", ours), (some_uuid(), "moritz", others)):
        writer, phone = Writer(), device(account)
        opened = Credentials(account=account, name=name, password="-")
        store.write(lambda accounts, opened=opened: accounts.open_account(opened, NOON_MS))
        store.write(lambda accounts, phone=phone: accounts.add_device(phone))
        store.write(lambda accounts, phone=phone: accounts.note_seen(phone.device, 1, some_uuid()))
        push(store, account, target := writer.write())
        push(store, account, writer.write({"target": target.id}, kind="event_erased"))
        kept = Checkpoint(point=Point(2, bytes(32)), fingerprint="code", parts={"head": b"state"})
        store.write(lambda ledgers, account=account, kept=kept: ledgers.keep_checkpoint(account, kept))
        known += [account, name, phone, writer, all_records(store, account)]
    account, name, phone, writer, records = ours

    def close_and_fail(accounts: StoreWriter) -> None:
        assert accounts.close_account(account) == name
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store.write(close_and_fail)
    assert all_records(store, account) == records
    assert [store.write(lambda accounts: accounts.close_account(account)) for _ in range(2)] == [name, None]

    def look(accounts: Reader) -> None:
        assert (accounts.head(account), accounts.records(account, 0, 9)) == (ORIGIN, [])
        assert (accounts.checkpoint(account), accounts.credentials(name), accounts.devices(account)) == (
            None,
            None,
            [],
        )
        assert accounts.device_of_token(phone.token) is None
        assert accounts.device(phone.device) is None
        assert accounts.checkpoint(others[0]) is not None
        assert accounts.credentials(others[1]) is not None
        assert accounts.device(others[2].device) is not None
        assert [len(listed.replicas) for listed in accounts.devices(others[0])] == [1]

    store.read(look)
    assert all_records(store, others[0]) == others[4]
    assert store.write(
        lambda accounts: accounts.open_account(Credentials(account=account, name=name, password="-"), NOON_MS)
    )
    again = push(store, account, *writer.events)
    assert isinstance(again, SyncReply)
    assert [verdict.status for verdict in again.verdicts] == ["accepted"] * 2


def test_devices_are_found_by_token_and_account_and_remembered_when_revoked(store: Store) -> None:
    account = some_uuid()
    phone, tablet = device(account), device(account, "tablet")
    for one in (phone, tablet, device(some_uuid(), "another lifter's")):
        store.write(lambda accounts, one=one: accounts.add_device(one))
    assert store.read(lambda accounts: accounts.devices(account)) == [phone, tablet]
    assert store.read(lambda accounts: accounts.device_of_token(tablet.token)) == tablet
    assert store.read(lambda accounts: accounts.device_of_token(b"no token")) is None
    assert not store.write(lambda accounts: accounts.revoke_device(some_uuid(), phone.device, 1))
    assert not store.write(lambda accounts: accounts.revoke_device(account, some_uuid(), 1))
    for moment in (5, 6):
        assert store.write(lambda accounts, moment=moment: accounts.revoke_device(account, phone.device, moment))
    assert store.read(lambda accounts: accounts.device_of_token(phone.token)) == msgspec.structs.replace(
        phone, revoked=5
    )


def test_a_device_knows_the_replicas_that_it_synced(store: Store) -> None:
    account = some_uuid()
    phone, replicas = device(account), (some_uuid(), some_uuid())
    store.write(lambda accounts: accounts.add_device(phone))
    for seen, replica in enumerate([*replicas, replicas[0], None], start=1):
        store.write(lambda accounts, seen=seen, replica=replica: accounts.note_seen(phone.device, seen, replica))
    (known,) = store.read(lambda accounts: accounts.devices(account))
    assert (known.last_seen, known.replicas) == (4, replicas)


def test_the_version_tells_of_every_change(tmp_path: Path) -> None:
    """Of other stores on the same file too."""
    account = some_uuid()
    memory = MemoryStore()
    one, two = SqliteStore(tmp_path / "server.db"), SqliteStore(tmp_path / "server.db")
    for watching, writing in ((memory, memory), (one, one), (one, two)):
        before = watching.version()
        assert watching.version() == before
        push(writing, account, Writer().write())
        assert watching.version() != before
    for each in (one, two):
        each.close()


def test_a_closed_store_is_unavailable(tmp_path: Path) -> None:
    closed = SqliteStore(tmp_path / "server.db")
    closed.close()
    closed.close()
    with pytest.raises(UnavailableError):
        closed.read(lambda ledgers: ledgers.head(some_uuid()))
    with pytest.raises(UnavailableError):
        closed.write(lambda ledgers: ledgers.head(some_uuid()))
