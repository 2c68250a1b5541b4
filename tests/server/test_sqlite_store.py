"""What only the SQLite store can get wrong: the file, the disk, the plans."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlite_utils import Database
from support.chains import NOON_MS, Writer, note, request_of, some_uuid

from events.envelope import Event
from events.identifiers import uuid7
from events.protocol import Fault, Fork, SyncReply, Unavailable
from server.errors import StoreError
from server.service import Service
from server.sqlite_schema import APPLICATION_ID, SCHEMA_VERSION, migrations
from server.sqlite_store import SqliteStore


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "server.db"


def test_a_ledger_is_there_after_the_store_was_closed(database: Path) -> None:
    account, writer = some_uuid(), Writer()
    for head in (1, 2):
        store = SqliteStore(database)
        reply = (
            Service(store, lambda: NOON_MS).endpoint(account, some_uuid()).sync(request_of(account, writer.write()))
        )
        store.close()
        assert isinstance(reply, SyncReply)
        assert reply.head == head


def test_the_file_says_whose_it_is_and_keeps_every_commit(database: Path) -> None:
    store = SqliteStore(database)
    connection = sqlite3.connect(database)
    settings = {
        name: connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("application_id", "user_version", "journal_mode")
    }
    connection.close()
    assert settings == {"application_id": APPLICATION_ID, "user_version": SCHEMA_VERSION, "journal_mode": "wal"}
    assert store._writing.execute("PRAGMA synchronous").fetchone() == (2,)  # noqa: SLF001  (FULL, per connection)
    store.close()


def test_the_schema_version_counts_the_migrations() -> None:
    assert len(migrations._migrations) == SCHEMA_VERSION  # noqa: SLF001  # no public count


def test_many_may_start_on_one_new_file(database: Path) -> None:
    together = threading.Barrier(8)

    def start(_: int) -> SqliteStore:
        together.wait()
        return SqliteStore(database)

    with ThreadPoolExecutor(8) as threads:
        for store in threads.map(start, range(8)):
            store.close()


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        ("CREATE TABLE songs (title TEXT)", "another program"),
        ("PRAGMA application_id = 7", "another program"),
        (f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {SCHEMA_VERSION + 1}", "newer version"),
    ],
)
def test_a_file_that_is_not_ours_is_left_alone(database: Path, spoil: str, sentence: str) -> None:
    connection = sqlite3.connect(database)
    connection.executescript(spoil)
    connection.close()
    before = database.read_bytes()
    with pytest.raises(StoreError, match=sentence) as caught:
        SqliteStore(database)
    assert caught.value.next_step
    assert database.read_bytes() == before


def test_what_is_no_database_is_said_to_be_none(tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("three sets of squats, and then some more of what no database would begin with")
    file_in_the_way = text / "server.db"
    for path in (text, tmp_path, file_in_the_way):
        with pytest.raises(StoreError, match="cannot be opened"):
            SqliteStore(path)


def test_a_full_disk_is_unavailable_and_loses_nothing_that_was_kept(database: Path) -> None:
    store = SqliteStore(database)
    account, writer = some_uuid(), Writer()
    endpoint = Service(store, lambda: NOON_MS).endpoint(account, some_uuid())
    assert isinstance(endpoint.sync(request_of(account, writer.write())), SyncReply)
    writing = store._writing  # noqa: SLF001  (SQLite's own way to fill a disk)
    (pages,) = writing.execute("PRAGMA page_count").fetchone()
    writing.execute(f"PRAGMA max_page_count = {pages}")
    refused = endpoint.sync(request_of(account, *writer.events, *writer.write_many(200)))
    assert isinstance(refused, Unavailable)
    seen = endpoint.sync(request_of(account))
    assert isinstance(seen, SyncReply)
    assert seen.head == 1
    writing.execute("PRAGMA max_page_count = 1000000")
    healed = endpoint.sync(request_of(account, *writer.events))
    assert isinstance(healed, SyncReply)
    assert healed.head == 201
    store.close()


def test_a_reader_sees_one_snapshot(database: Path) -> None:
    store = SqliteStore(database)
    account = some_uuid()
    endpoint = Service(store, lambda: NOON_MS).endpoint(account, some_uuid())
    endpoint.sync(request_of(account, Writer().write()))

    def look(ledgers: object) -> list[int]:
        heads = []
        for _ in range(2):
            heads.append(ledgers.head(account).position)  # type: ignore[attr-defined]
            endpoint.sync(request_of(account, Writer().write()))
        return heads

    assert store.read(look) == [1, 1]
    store.close()


def test_erased_words_are_not_left_in_the_file(database: Path) -> None:
    store = SqliteStore(database)
    account, writer = some_uuid(), Writer()
    endpoint = Service(store, lambda: NOON_MS).endpoint(account, some_uuid())
    target = writer.write({"session": some_uuid(), "title": "a very private word"})
    endpoint.sync(request_of(account, target))
    endpoint.sync(request_of(account, writer.write({"target": target.id}, kind="event_erased")))
    store.close()
    assert b"a very private word" not in database.read_bytes()


HOT = [
    "SELECT id, head, head_hash FROM ledgers WHERE account = ?1",
    "SELECT position, event FROM records WHERE ledger = ?1 AND position > ?1 ORDER BY position LIMIT ?1",
    "SELECT ledger_hash FROM records WHERE ledger = ?1 AND position = ?1",
    "SELECT id, seq, hash FROM replicas WHERE ledger = ?1 AND replica = ?1",
    "SELECT position, received, skew, event FROM records WHERE replica = ?1 AND seq = ?1",
    "SELECT min(position), event FROM records WHERE ledger = ?1 AND event_id IN (?1, 2) GROUP BY event_id",
    "SELECT max(event_id) FROM records WHERE ledger = ?1",
    "SELECT 1 FROM erasures WHERE ledger = ?1 AND event_id = ?1",
    "SELECT id FROM devices WHERE token = ?1",
    "SELECT id FROM devices WHERE account = ?1 ORDER BY id",
]


@pytest.mark.parametrize("query", HOT, ids=range(len(HOT)))
def test_hot_queries_search_an_index_and_sort_nothing(database: Path, query: str) -> None:
    SqliteStore(database).close()
    connection = sqlite3.connect(database)
    plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {query}", (1,))]
    connection.close()
    assert len(plan) == 1
    assert plan[0].startswith("SEARCH")
    assert "INDEX" in plan[0]


@pytest.mark.parametrize("milliseconds", [0, 1], ids=["older", "newer"])
def test_an_id_is_found_again_whatever_ids_came_after_it(database: Path, milliseconds: int) -> None:
    store, account, writer = SqliteStore(database), some_uuid("account"), Writer()
    endpoint = Service(store, lambda: NOON_MS).endpoint(account, some_uuid("device"))
    used = uuid7(NOON_MS, b"once and again")
    endpoint.sync(request_of(account, writer.write(id=used)))
    between = writer.write(id=uuid7(NOON_MS - 1 + 2 * milliseconds, b"in between"))
    again, unheard_of = writer.write(id=used), writer.write(id=uuid7(NOON_MS + 2, b"of the latest"))
    reply = endpoint.sync(request_of(account, between, again, unheard_of))
    store.close()
    assert isinstance(reply, SyncReply)
    problems = [verdict.problem for verdict in reply.verdicts]
    assert [problem and problem.code for problem in problems] == [None, "repeated_id", None]


def test_erased_words_are_gone_from_the_files(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "server.db")
    endpoint = Service(store, lambda: NOON_MS).endpoint(some_uuid("account"), some_uuid("device"))
    writer = Writer()
    secret = writer.write(note("words that nobody should read"))
    endpoint.sync(request_of(some_uuid("account"), secret))
    endpoint.sync(request_of(some_uuid("account"), writer.write({"target": secret.id}, kind="event_erased")))
    assert b"nobody should read" not in b"".join(file.read_bytes() for file in tmp_path.iterdir())
    store.close()


def test_erased_words_that_a_killed_server_left_in_the_log_go_when_the_next_one_starts(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "server.db")
    endpoint = Service(store, lambda: NOON_MS).endpoint(some_uuid("account"), some_uuid("device"))
    writer = Writer()
    secret = writer.write(note("words that nobody should read"))
    endpoint.sync(request_of(some_uuid("account"), secret))
    reading = sqlite3.connect(tmp_path / "server.db", isolation_level=None)
    reading.execute("BEGIN")
    reading.execute("SELECT count(*) FROM records").fetchone()
    endpoint.sync(request_of(some_uuid("account"), writer.write({"target": secret.id}, kind="event_erased")))
    as_killed = tmp_path / "as killed"
    as_killed.mkdir()
    for name in ("server.db", "server.db-wal"):
        shutil.copy(tmp_path / name, as_killed)
    reading.close()
    store.close()
    assert b"nobody should read" in b"".join(file.read_bytes() for file in as_killed.iterdir())
    started = SqliteStore(as_killed / "server.db")
    started.write(lambda ledgers: ledgers.head(some_uuid("account")))  # waits for what is done at the start
    assert b"nobody should read" not in b"".join(file.read_bytes() for file in as_killed.iterdir())
    started.close()


def test_a_file_of_before_hashes_stood_only_in_the_event_goes_on(database: Path) -> None:
    account, writer = some_uuid(), Writer()
    events = writer.write_many(3)
    _push(database, account, *events)
    _as_of_before_migration(database, "no_hashes_twice", version=3)
    again = _push(database, account, *events, writer.write(), writer.write(id=events[0].id))
    assert isinstance(again, SyncReply)
    assert [verdict.status for verdict in again.verdicts] == ["duplicate"] * 3 + ["accepted"] * 2
    assert [verdict.problem and verdict.problem.code for verdict in again.verdicts] == [None] * 4 + ["repeated_id"]
    assert isinstance(_push(database, account, writer.fork(1).write(note("otherwise"))), Fork)


def _push(database: Path, account: str, *events: Event) -> SyncReply | Fault:
    store = SqliteStore(database)
    try:
        return Service(store, lambda: NOON_MS).endpoint(account, some_uuid()).sync(request_of(account, *events))
    finally:
        store.close()


def _as_of_before_migration(database: Path, name: str, version: int) -> None:
    """Puts a file back to what it was before hashes were dropped from the records."""
    connection = sqlite3.connect(database)
    tables = ("ledgers", "replicas", "records")
    rows = {table: connection.execute(f"SELECT * FROM {table}").fetchall() for table in tables}  # noqa: S608  (our own names)
    connection.close()
    database.unlink()
    connection = sqlite3.connect(database)
    migrations.apply(Database(connection), stop_before=name)
    for table in tables:
        for row in rows[table]:
            old = (*row[:5], bytes(32), bytes(32), *row[5:]) if table == "records" else row
            connection.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(old))})", old)  # noqa: S608  (as above)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {version}")
    connection.commit()
    connection.close()
