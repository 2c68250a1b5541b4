"""What only the SQLite store can get wrong: the file, the disk, the plans."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from support.chains import NOON_MS, Writer, note, request_of, some_uuid

from events.protocol import SyncReply, Unavailable
from server.errors import StoreError
from server.service import Service
from server.sqlite_schema import APPLICATION_ID, SCHEMA_VERSION, migrations
from server.sqlite_session import SqliteSession
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
    "SELECT position, received, skew, hash FROM records WHERE replica = ?1 AND seq = ?1",
    "SELECT position, said_hash FROM records WHERE ledger = ?1 AND event_id = ?1 ORDER BY position LIMIT 1",
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


def test_erased_words_are_gone_from_the_files(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "server.db")
    endpoint = Service(store, lambda: NOON_MS).endpoint(some_uuid("account"), some_uuid("device"))
    writer = Writer()
    secret = writer.write(note("words that nobody should read"))
    endpoint.sync(request_of(some_uuid("account"), secret))
    endpoint.sync(request_of(some_uuid("account"), writer.write({"target": secret.id}, kind="event_erased")))
    assert b"nobody should read" not in _files(tmp_path)
    store.close()


def test_erased_words_are_gone_when_a_server_is_up_again_that_was_killed_before_it_could_tidy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SqliteSession, "tidy", lambda _: None)
    killed = SqliteStore(tmp_path / "then" / "server.db")
    endpoint = Service(killed, lambda: NOON_MS).endpoint(some_uuid("account"), some_uuid("device"))
    writer = Writer()
    secret = writer.write(note("words that nobody should read"))
    endpoint.sync(request_of(some_uuid("account"), secret))
    endpoint.sync(request_of(some_uuid("account"), writer.write({"target": secret.id}, kind="event_erased")))
    shutil.copytree(tmp_path / "then", tmp_path / "now")
    killed.close()
    assert b"nobody should read" in _files(tmp_path / "now")
    again = SqliteStore(tmp_path / "now" / "server.db")
    assert b"nobody should read" not in _files(tmp_path / "now")
    again.close()


def _files(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.iterdir())
