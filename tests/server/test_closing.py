"""Closing an account: nothing of it is left, whatever happens meanwhile."""

from __future__ import annotations

import gc
import hashlib
import random
import sqlite3
import time
import weakref
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from support.chains import NOON_MS, Writer, note, request_of, some_uuid
from support.processes import ServerProcess
from support.servers import PASSWORD, QUICK_HASHER, Lifter, assert_problem, running

from events.protocol import Unauthenticated
from projections.ledger import Ledger
from server.accounts import Accounts, SignedIn, turned_away
from server.folding import FoldCode, present_fold
from server.memory_store import MemoryStore
from server.service import Service
from server.settings import Settings
from server.sqlite_session import SqliteSession
from server.sqlite_store import SqliteStore
from server.store import Credentials, Device

PATIENCE_S = 20


def test_a_closed_account_is_unknown_its_name_free_and_others_go_on(sign_up: Callable[[], Lifter]) -> None:
    mine, other = sign_up(), sign_up()
    form = {"name": mine.name, "password": PASSWORD, "device_name": "tablet"}
    tablet = mine.client.post("/v1/devices", json=form).json()
    for lifter in (mine, other):
        lifter.sync(*Writer().write_many(3))
    assert mine.client.delete("/v1/accounts/me").status_code == 204
    for token in (mine.client.headers["Authorization"], f"Bearer {tablet['token']}"):
        answer = httpx.get(mine.client.base_url.join("/v1/devices"), headers={"Authorization": token})
        assert_problem(answer, 401, "unauthenticated")
        assert "what is on this device" in answer.json()["next_step"]
    assert_problem(mine.client.delete("/v1/accounts/me"), 401, "unauthenticated")
    assert_problem(httpx.post(mine.client.base_url.join("/v1/devices"), json=form), 401, "unauthenticated")
    assert other.sync().head == 3
    anew = other.client.post("/v1/accounts", json={"name": mine.name, "password": PASSWORD})
    assert anew.status_code == 201
    assert anew.json()["account"] != mine.account


def test_nothing_of_a_closed_account_is_in_the_files(tmp_path: Path) -> None:
    with running(tmp_path) as url, httpx.Client(base_url=url) as client:
        lifters = {name: _signed_up(client, name) for name in ("max the lifter", "moritz the lifter")}
        traces = {name: _lived_in(lifter) for name, lifter in lifters.items()}
        assert _left(tmp_path, traces["max the lifter"]) == set(traces["max the lifter"])
        client.headers["Authorization"] = lifters["max the lifter"].client.headers["Authorization"]
        assert client.delete("/v1/accounts/me").status_code == 204
        assert _left(tmp_path, traces["max the lifter"]) == set()
        assert _left(tmp_path, traces["moritz the lifter"]) == set(traces["moritz the lifter"])
    assert _left(tmp_path, traces["max the lifter"]) == set()


def test_a_server_that_is_killed_over_it_leaves_nothing_once_it_is_started_again(tmp_path: Path) -> None:
    """Somebody reads the database, so that the write-ahead log can't be emptied before the kill."""
    server = ServerProcess(tmp_path)
    server.start()
    with httpx.Client(base_url=server.url) as client:
        traces = _lived_in(lifter := _signed_up(client, "max the lifter"))
        client.headers["Authorization"] = lifter.client.headers["Authorization"]
        database = Settings(data=server.data).database
        reading = sqlite3.connect(f"file:{database}?mode=ro", uri=True, isolation_level=None)
        reading.execute("BEGIN")
        reading.execute("SELECT count(*) FROM records").fetchone()
        assert client.delete("/v1/accounts/me").status_code == 204
        assert client.get("/v1/devices").status_code == 401
    server.kill()
    reading.close()
    assert _left(tmp_path, traces)
    server.start()
    _await(lambda: not _left(tmp_path, traces))
    server.stop()


def test_what_a_reader_holds_back_goes_when_the_reader_has_gone(tmp_path: Path) -> None:
    with running(tmp_path) as url, httpx.Client(base_url=url) as client:
        traces = _lived_in(lifter := _signed_up(client, "max the lifter"))
        client.headers["Authorization"] = lifter.client.headers["Authorization"]
        reading = sqlite3.connect(Settings(data=tmp_path).database, isolation_level=None)
        reading.execute("BEGIN")
        reading.execute("SELECT count(*) FROM records").fetchone()
        assert client.delete("/v1/accounts/me").status_code == 204
        assert _left(tmp_path, traces)
        reading.execute("ROLLBACK")
        _await(lambda: not _left(tmp_path, traces))
        reading.close()


def test_a_file_that_was_not_written_anew_is_when_the_next_server_opens_it(tmp_path: Path) -> None:
    database = tmp_path / "server.db"
    names = _crowd(database)
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute("PRAGMA secure_delete = ON")
    gone = list(names)[::2]
    connection.execute("BEGIN")
    for name in gone:
        SqliteSession(connection).close_account(names[name])
    connection.execute("COMMIT")
    connection.close()
    size = database.stat().st_size
    store = SqliteStore(database)
    store.write(lambda accounts: accounts.head(some_uuid()))
    assert database.stat().st_size < size * 0.7
    assert not [name for name in gone if name.encode() in _bytes_in(tmp_path)]
    store.close()


def test_copies_that_sqlite_made_of_rows_go_too(tmp_path: Path) -> None:
    """Names sorted into an index are copied from page to page, and not all of the old places are overwritten."""
    database = tmp_path / "server.db"
    names = _crowd(database)
    store = SqliteStore(database)
    gone = list(names)[::2]

    def close_many(accounts: SqliteSession) -> None:
        for name in gone:
            accounts.close_account(names[name])

    store.write(close_many)  # type: ignore[arg-type]
    left = _bytes_in(tmp_path)
    assert not [name for name in gone if name.encode() in left or UUID(names[name]).bytes in left]
    assert all(name.encode() in left for name in list(names)[1::2])
    store.close()


@pytest.mark.parametrize("is_pull", [False, True])
def test_a_request_under_way_does_not_bring_the_account_back(*, is_pull: bool) -> None:
    store = MemoryStore()
    accounts = Accounts(store, lambda: NOON_MS, random.Random(1).randbytes, hasher=QUICK_HASHER)  # noqa: S311  (a test's)
    made = accounts.sign_up("max", PASSWORD, "phone")
    assert isinstance(made, SignedIn)
    assert isinstance(accounts.authenticate(made.token), Device)
    accounts.close(made.account)
    endpoint = Service(store, lambda: NOON_MS, turned_away=turned_away).endpoint(made.account, made.device)
    answer = endpoint.sync(request_of(made.account, *Writer().write_many(0 if is_pull else 2)))
    assert isinstance(answer, Unauthenticated)
    assert store.read(lambda ledgers: ledgers.head(made.account).position) == 0


def test_a_sign_in_under_way_is_refused_when_the_account_is_closed_meanwhile() -> None:
    store = MemoryStore()

    class Slow:
        """Hashes passwords so slowly that somebody closes the account meanwhile."""

        def hash(self, password: str) -> str:
            return QUICK_HASHER.hash(password)

        def verify(self, expected: str, password: str) -> bool:
            closing = store.write(lambda writer: writer.close_account(made.account))
            assert closing == "max"
            return QUICK_HASHER.verify(expected, password)

    accounts = Accounts(store, lambda: NOON_MS, random.Random(1).randbytes, hasher=Slow())  # type: ignore[arg-type]  # noqa: S311  # a test's
    made = accounts.sign_up("max", PASSWORD, "phone")
    assert isinstance(made, SignedIn)
    assert isinstance(accounts.sign_in("max", PASSWORD, "tablet"), Unauthenticated)
    assert accounts.devices(made.account) == []


def test_failed_sign_ins_are_forgotten_with_the_account() -> None:
    accounts = Accounts(MemoryStore(), lambda: NOON_MS, random.Random(1).randbytes, hasher=QUICK_HASHER)  # noqa: S311  # a test's
    made = accounts.sign_up("max", PASSWORD, "phone")
    assert isinstance(made, SignedIn)
    for _ in range(6):
        accounts.sign_in("max", "a wrong one", "x")
    accounts.close(made.account)
    assert isinstance(accounts.sign_in("max", PASSWORD, "x"), Unauthenticated)


def test_every_process_lets_go_of_the_folded_ledger(tmp_path: Path) -> None:
    folded: list[weakref.ref[Ledger]] = []

    def fold_anew() -> Ledger:
        folded.append(weakref.ref(ledger := Ledger()))
        return ledger

    present = present_fold()
    code = FoldCode(
        fingerprint=present.fingerprint,
        reports=present.reports,
        empty=fold_anew,
        restore=present.restore,
        log=present.log,
        encode_report=present.encode_report,
    )
    with (
        running(tmp_path, fold=code) as one,
        running(tmp_path, fold=code) as two,
        httpx.Client(base_url=one) as client,
    ):
        lifter = _signed_up(client, "max")
        lifter.sync(*Writer().write_many(3))
        lifter.client.close()
        headers = {"Authorization": lifter.client.headers["Authorization"]}
        for url in (one, two):
            assert httpx.get(f"{url}/v1/reports", headers=headers).json()["head"] == 3
        assert [reference() is None for reference in folded] == [False, False]
        assert client.delete("/v1/accounts/me", headers=headers).status_code == 204

        def all_gone() -> bool:
            gc.collect()
            return all(reference() is None for reference in folded)

        _await(all_gone)


def _signed_up(client: httpx.Client, name: str) -> Lifter:
    made = client.post("/v1/accounts", json={"name": name, "password": PASSWORD, "device_name": f"{name}'s phone"})
    token = made.raise_for_status().json()["token"]
    own = httpx.Client(base_url=client.base_url, headers={"Authorization": f"Bearer {token}"})
    return Lifter(made.json()["account"], made.json()["device"], name, own)


def _lived_in(lifter: Lifter) -> dict[str, bytes]:
    """Some life in an account, and all that tells of it in the files, by what it is."""
    writer = Writer()
    words = f"{lifter.name}'s knee hurts"
    events = [writer.write(note(f"{words} {number}")) for number in range(600)]
    lifter.sync(*events, limit=1)
    lifter.sync(writer.write({"target": events[0].id}, kind="event_erased"), cursor="0", limit=1)
    lifter.client.get("/v1/reports").raise_for_status()  # leaves a checkpoint
    token = lifter.client.headers["Authorization"].removeprefix("Bearer ")
    lifter.client.close()
    return {
        "words": words.encode(),
        "name": lifter.name.encode(),
        "account": UUID(lifter.account).bytes,
        "device": UUID(lifter.device).bytes,
        "replica": UUID(writer.replica).bytes,
        "replica in an event": writer.replica.encode(),
        "event id": UUID(events[7].id).bytes,
        "erased event id": UUID(events[0].id).bytes,
        "event hash": events[7].hash.encode(),
        "token hash": hashlib.sha256(token.encode()).digest(),
    }


def _left(folder: Path, traces: dict[str, bytes]) -> set[str]:
    held = _bytes_in(folder)
    return {what for what, trace in traces.items() if trace in held}


def _bytes_in(folder: Path) -> bytes:
    """What the database file and its write-ahead log hold; the index of the log holds no content."""
    return b"".join(file.read_bytes() for file in folder.rglob("*.db*") if not file.name.endswith("-shm"))


def _crowd(database: Path) -> dict[str, str]:
    """A database with many accounts: their names, and their ids."""
    store = SqliteStore(database)
    chance = random.Random(7)  # noqa: S311  (a test's)
    names = {f"lifter {chance.getrandbits(96):x}": some_uuid("crowd", number) for number in range(2500)}

    def open_all(accounts: SqliteSession) -> None:
        for name, account in names.items():
            accounts.open_account(Credentials(account=account, name=name, password="-" * 100), NOON_MS)

    store.write(open_all)  # type: ignore[arg-type]
    store.close()
    return names


def _await(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)
