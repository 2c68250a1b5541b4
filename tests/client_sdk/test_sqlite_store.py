"""A ledger file: what it survives, and what it says of files that are none."""

from __future__ import annotations

import sqlite3
import stat
from pathlib import Path

import pytest

from client_sdk import Replica
from client_sdk.errors import LedgerFileError
from client_sdk.ledger_file import APPLICATION_ID, LOG_PAGES
from client_sdk.sqlite_store import SqliteStore
from events.corrections import NoteAdded
from projections.ledger import Ledger


def test_what_was_acknowledged_is_there_after_opening_again(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "phone.ledger"
    with Replica.open(path) as replica:
        event = replica.log_set("back_squat", reps=8)
        name = replica.store.local().replica
    with Replica.open(path) as replica:
        assert replica.store.local().replica == name
        assert [record.event for _, record in replica.store.pending()] == [event]


def test_two_processes_may_write_one_file(tmp_path: Path) -> None:
    path = tmp_path / "phone.ledger"
    with Replica.open(path) as one, Replica.open(path) as other:
        for replica in (one, other, one):
            replica.log_set("back_squat", reps=8)
        assert [record.event.seq for _, record in one.store.pending()] == [1, 2, 3]
        assert one.verify().ok
        assert other.report("records") == one.report("records")


def test_a_commit_is_on_disk_before_it_is_acknowledged(tmp_path: Path) -> None:
    with Replica.open(tmp_path / "phone.ledger") as replica:
        assert isinstance(replica.store, SqliteStore)
        pragma = replica.store._db.execute  # noqa: SLF001  # the setting is the promise
        assert pragma("PRAGMA journal_mode").fetchone() == ("wal",)
        assert pragma("PRAGMA synchronous").fetchone() == (2,)


def test_the_log_is_written_over_before_it_grows_long(tmp_path: Path) -> None:
    with Replica.open(tmp_path / "phone.ledger") as replica:
        words = [
            replica.draft(NoteAdded(note=replica.new_id(), target="back_squat", text=4000 * "a")) for _ in range(20)
        ]
        for _ in range(30):
            replica.write(words)
        assert (tmp_path / "phone.ledger").stat().st_size > 2 * LOG_PAGES * 4096
        assert (tmp_path / "phone.ledger-wal").stat().st_size < 2 * LOG_PAGES * 4096


def test_nobody_else_on_the_machine_reads_the_file(tmp_path: Path) -> None:
    path = tmp_path / "phone.ledger"
    Replica.open(path).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_file_that_is_no_database_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("milk, eggs, and a great many other things that are no ledger at all\n" * 50)
    before = path.read_bytes()
    with pytest.raises(LedgerFileError, match=r"is not a ledger.*--ledger"):
        Replica.open(path)
    assert path.read_bytes() == before


def test_another_programs_database_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE recipes (name TEXT)")
    db.close()
    with pytest.raises(LedgerFileError, match="no ledger of Ironledger"):
        Replica.open(path)
    with sqlite3.connect(path) as db:
        assert db.execute("SELECT name FROM sqlite_master").fetchall() == [("recipes",)]
    db.close()


def test_a_ledger_of_a_newer_version_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "newer.ledger"
    with sqlite3.connect(path) as db:
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.execute("PRAGMA user_version = 999")
        db.execute("CREATE TABLE ledger (position INTEGER)")
    db.close()
    with pytest.raises(LedgerFileError, match=r"newer version.*Update"):
        Replica.open(path)


def test_a_folder_is_no_ledger(tmp_path: Path) -> None:
    with pytest.raises(LedgerFileError, match="--ledger"):
        Replica.open(tmp_path)


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ("SELECT event FROM outbox WHERE replica = ? AND seq = ?", "idx_outbox_replica_seq"),
        ("SELECT event FROM ledger WHERE replica = ? AND seq = ?", "idx_ledger_replica_seq"),
    ],
)
def test_an_event_is_found_by_its_index(tmp_path: Path, query: str, index: str) -> None:
    with Replica.open(tmp_path / "phone.ledger") as replica:
        assert isinstance(replica.store, SqliteStore)
        plan = replica.store._db.execute(f"EXPLAIN QUERY PLAN {query}", ("a", 1)).fetchall()  # noqa: SLF001  # the plan is SQLite's
        assert any(index in row[-1] for row in plan)


def test_what_another_process_writes_does_not_show_in_a_snapshot(tmp_path: Path) -> None:
    path = tmp_path / "phone.ledger"
    with Replica.open(path) as one, Replica.open(path) as other:
        one.log_set("back_squat", reps=8)
        with one.store.snapshot():
            assert one.store.outbox_size() == 1
            other.log_set("back_squat", reps=7)
            assert one.store.outbox_size() == 1
        assert one.store.outbox_size() == 2


def test_erased_words_are_gone_from_the_file_and_the_chain_still_verifies(tmp_path: Path) -> None:
    path = tmp_path / "phone.ledger"
    with Replica.open(path) as replica:
        for number in range(1200):  # enough for a checkpoint, which holds words too
            replica.start_session(title=f"ordinary {number}")
        secret = replica.log_set("back_squat", reps=8, note="words that nobody should read")
        assert replica.report("sessions")["sessions"]
        replica.erase(secret.id)
        assert replica.verify().ok
        assert replica.report("records")["exercises"] == []
        assert b"nobody should read" not in b"".join(file.read_bytes() for file in tmp_path.iterdir())
    with Replica.open(path) as replica:
        assert replica.report("records")["exercises"] == []
        assert replica.report("problems")["problems"] == []


def test_a_fold_that_another_process_overtook_with_an_erasure_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "phone.ledger"
    with Replica.open(path) as one, Replica(SqliteStore(path, "unused"), checkpoint_every=1) as other:
        secret = one.log_set("back_squat", reps=8, note="words that nobody should read")
        fold = Ledger.checkpoint

        def erased_meanwhile(ledger: Ledger) -> dict[str, bytes]:
            made = fold(ledger)
            one.erase(secret.id)
            return made

        with monkeypatch.context() as patched:
            patched.setattr(Ledger, "checkpoint", erased_meanwhile)
            other.ledger()
        assert other.store.derived("checkpoint") is None
    assert b"nobody should read" not in b"".join(file.read_bytes() for file in tmp_path.iterdir())
