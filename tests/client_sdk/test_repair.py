"""A damaged ledger: what is wrong is named, and what can be read of it is kept."""

from __future__ import annotations

import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.damage import ME, PAGE, SECRET, Damaged, clock, ids, opened, repaired, reports_of

from client_sdk import Replica, swap
from client_sdk.errors import DamagedLedgerError, LedgerFileError, NotFoundError, RefusedError, UnreachableError
from client_sdk.memory_store import MemoryStore as Memory
from client_sdk.repair import Repairer, inspect
from client_sdk.setaside import CODE, event_id
from client_sdk.sqlite_store import SqliteStore
from client_sdk.store import Aside, Local, Rewriting
from events.protocol import SyncEndpoint
from events.training import SessionStarted
from server.memory_store import MemoryStore
from server.service import Service

SOME = settings(max_examples=max(8, settings.get_profile(settings.get_current_profile_name()).max_examples // 5))
"""Each example verifies, repairs and syncs a whole ledger."""
REPLICA = "0197f3a0-0000-4000-8000-000000000001"


@lru_cache(maxsize=2)
def example(*, hot: bool) -> Damaged:
    """Made once; nobody writes to it."""
    with tempfile.TemporaryDirectory() as folder:
        return Damaged(Path(folder), hot=hot, size=60 if hot else 150)


@pytest.fixture
def cold() -> Damaged:
    return example(hot=False)


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as made:
        yield Path(made)


def harm(content: bytes, how: str, seed: int) -> bytes:
    """Some of the file is not what it was."""
    chance = random.Random(seed)  # noqa: S311  # damage must repeat itself
    harmed = bytearray(content)
    match how:
        case "flip":
            harmed[chance.randrange(len(harmed))] ^= 1 << chance.randrange(8)
        case "flips":
            for _ in range(chance.randrange(2, 30)):
                harmed[chance.randrange(len(harmed))] ^= 1 << chance.randrange(8)
        case "cut":
            del harmed[chance.randrange(1, len(harmed)) :]
        case "zero":
            start = chance.randrange(len(harmed) // PAGE) * PAGE
            harmed[start : start + PAGE] = bytes(PAGE)
        case "noise":
            start = chance.randrange(len(harmed) // PAGE) * PAGE
            harmed[start : start + PAGE] = chance.randbytes(PAGE)
    return bytes(harmed)


def sound(path: Path) -> bool:
    """Whether verifying finds nothing."""
    try:
        return inspect(path, REPLICA).ok
    except LedgerFileError:
        return False


def check(damaged: Damaged, data: bytes, log: bytes, *, online: bool) -> None:
    """Verifies and repairs a damaged file, and looks at what comes of it."""
    readable = damaged.readable(data, log)
    whole_log = log == damaged.log
    with tempfile.TemporaryDirectory() as made:
        path = Path(made) / "ledger"
        damaged.write(path, data, log)
        was_sound = sound(path)
        if was_sound and whole_log:
            with opened(path) as replica:
                assert {row.kept for row in replica.store.rows()} == set(damaged.kept.values())
    with tempfile.TemporaryDirectory() as made:
        path = Path(made) / "ledger"
        damaged.write(path, data, log)
        server = damaged.server()
        try:
            summary = repaired(path, damaged.endpoint(server) if online else None)
        except LedgerFileError:
            assert not readable
            assert path.read_bytes() == data
            return
        except RefusedError:  # the damage is in the name of the account, which nothing proves
            assert path.read_bytes() == data
            check(damaged, data, log, online=False)
            return
        assert summary.sound == was_sound
        assert sound(path)
        with opened(path) as replica:
            held = ids(replica)
            aside = {event_id(waiting.kept) for waiting in replica.store.aside()}
            assert len(held) == len(set(held))
            if not summary.sound or whole_log:  # a log without its end is as after a power cut
                assert readable <= set(held) | aside
            if replica.store.local().account != ME.account:
                replica.sign_in("here", ME, adopt=True)
            replica.sync(damaged.endpoint(server)(replica.store.local()))
            after = ids(replica)
            assert set(held) | damaged.synced <= set(after)
            if online:
                assert len(after) == len(set(after))
            if online and set(damaged.kept) - damaged.synced <= set(held) & readable:
                made_out = reports_of(replica)
                if aside:  # a damaged copy of what came back whole is listed, and counts nowhere
                    made_out |= {"problems": damaged.reports["problems"]}
                assert made_out == damaged.reports
        written = [file.read_bytes() for file in Path(made).iterdir() if "damaged" not in file.name]
        assert all(SECRET.encode() not in content for content in written)


@SOME
@given(
    how=st.sampled_from(["flip", "flips", "cut", "zero", "noise"]), seed=st.integers(0, 10**9), online=st.booleans()
)
def test_a_damaged_file_is_repaired_with_all_that_was_readable(how: str, seed: int, *, online: bool) -> None:
    damaged = example(hot=False)
    check(damaged, harm(damaged.data, how, seed), b"", online=online)


@SOME
@given(
    how=st.sampled_from(["flip", "flips", "cut", "zero", "noise"]),
    seed=st.integers(0, 10**9),
    online=st.booleans(),
    which=st.sampled_from(["file", "log"]),
)
def test_so_is_one_that_was_written_to_when_it_was_damaged(how: str, seed: int, which: str, *, online: bool) -> None:
    damaged = example(hot=True)
    data = harm(damaged.data, how, seed) if which == "file" else damaged.data
    log = harm(damaged.log, how, seed) if which == "log" else damaged.log
    check(damaged, data, log, online=online)


def flip_in(path: Path, marker: bytes, into: bytes) -> None:
    """Changes some bytes in a file, in place."""
    content = path.read_bytes()
    assert content.count(marker) == 1, content.count(marker)
    path.write_bytes(content.replace(marker, into))


def offline_ledger(path: Path, count: int = 10) -> list[str]:
    """A ledger that no server knows; gives the ids."""
    with opened(path) as replica:
        return [replica.log_set("back_squat", reps=reps, note=f"number {reps}.").id for reps in range(1, count + 1)]


def test_what_is_wrong_is_named_with_event_and_place(folder: Path) -> None:
    path = folder / "ledger"
    events = offline_ledger(path)
    flip_in(path, b"number 3.", b"number \xff.")
    flip_in(path, b"number 5.", b"number 6.!"[:9])
    flip_in(path, b'"number 8."', b'"number 8"}')
    problems = inspect(path, REPLICA).problems
    assert {(problem.event, problem.seq) for problem in problems} == {(events[n - 1], n) for n in (3, 5, 8)}
    said = {problem.seq: problem.message for problem in problems}
    assert "does not follow" in said[3]
    assert "does not follow" in said[5]
    assert "can't be read" in said[8]


def test_a_report_of_a_damaged_ledger_says_what_and_what_next(folder: Path) -> None:
    path = folder / "ledger"
    offline_ledger(path)
    flip_in(path, b'"number 8."', b'"number 8"}')
    with opened(path) as replica:
        for ask in (replica.status, lambda: replica.report("records"), lambda: replica.report("log")):
            with pytest.raises(DamagedLedgerError, match=r"8 of replica .* can't be read.*verify"):
                ask()
        replica.log_set("leg_press", reps=1)  # writing goes on


@pytest.mark.parametrize("harmed", ["event = x'00'", "skew = 'none'"])
def test_a_record_that_cannot_be_read_is_named_by_its_places(cold: Damaged, folder: Path, harmed: str) -> None:
    path = folder / "ledger"
    path.write_bytes(cold.data)
    with sqlite3.connect(path) as db:
        db.execute(f"UPDATE ledger SET {harmed} WHERE position = 5")  # noqa: S608  # one of two
        ((replica, seq),) = db.execute("SELECT replica, seq FROM ledger WHERE position = 5")
    db.close()
    with opened(path) as damaged, pytest.raises(DamagedLedgerError, match=f"position 5, {seq} of replica {replica}"):
        list(damaged.store.records())


def test_erasing_a_damaged_event_says_what_is_damaged_and_repairing_leaves_nothing_of_it(folder: Path) -> None:
    path = folder / "ledger"
    events = offline_ledger(path)
    with Replica(SqliteStore(path, REPLICA), checkpoint_every=1) as replica:
        replica.ledger()  # from now on, nobody reads what is in the checkpoint
    flip_in(path, b'"number 8."', b'"number 8"}')
    with opened(path) as replica, pytest.raises(DamagedLedgerError, match=r"8 of replica .* can't be read.*verify"):
        replica.erase(events[7])
    repaired(path, None)
    assert b"number 8" not in path.read_bytes()


def test_offline_a_damaged_event_is_set_aside_and_those_after_it_have_a_new_place(folder: Path) -> None:
    path = folder / "ledger"
    events = offline_ledger(path)
    flip_in(path, b"number 5.", b"number 6.!"[:9])
    before = path.read_bytes()
    summary = repaired(path, None)
    assert (summary.written_again, [row["event"] for row in summary.set_aside]) == (5, [events[4]])
    assert summary.damaged_file is not None
    assert Path(summary.damaged_file).read_bytes() == before
    with opened(path) as replica:
        assert ids(replica) == [*events[:4], *events[5:]]
        assert [row["code"] for row in replica.report("problems")["problems"]] == [CODE]
        [waiting] = replica.store.aside()
        assert b"number 6." in waiting.kept
        replica.log_set("leg_press", reps=1)
        assert replica.verify().ok
    again = repaired(path, None)
    assert (again.sound, again.returned, len(again.set_aside)) == (True, 0, 1)


def test_what_was_repaired_offline_counts_once_when_the_server_has_it_too(cold: Damaged, folder: Path) -> None:
    path = folder / "ledger"
    damaged = bytearray(cold.data)
    synced = next(kept for event, kept in cold.kept.items() if event in cold.synced and b'"reps":4' in kept)
    start = cold.data.index(synced)
    damaged[start + 40] ^= 1
    path.write_bytes(damaged)
    summary = repaired(path, None)
    assert summary.written_again > 5
    assert len(summary.set_aside) == 1
    with opened(path) as replica:
        server = cold.server()
        replica.sync(cold.endpoint(server)(replica.store.local()))
        assert set(cold.kept) == set(ids(replica))
        for name in ("records", "volume", "balance"):
            mine, twins = (report[name] | {"position": 0} for report in (reports_of(replica), cold.reports))
            assert mine == twins
        assert replica.report("problems")["problems"][0]["code"] == CODE
    assert repaired(path, None).set_aside == []  # the server had it


def test_without_the_server_nothing_is_changed(cold: Damaged, folder: Path) -> None:
    path = folder / "ledger"
    path.write_bytes(harm(cold.data, "zero", 4))

    class Gone:
        def sync(self, _: object, /) -> Any:  # noqa: ANN401  # it never answers
            raise UnreachableError("Nobody answers.")

    before = path.read_bytes()
    with pytest.raises(RefusedError, match=r"Nobody answers.*--offline"):
        repaired(path, lambda _local: Gone())
    assert path.read_bytes() == before
    assert [file.name for file in folder.iterdir()] == ["ledger"]


def test_an_event_that_is_longer_than_a_page_is_carved_out_of_all_of_its_pages(folder: Path) -> None:
    path = folder / "ledger"
    with opened(path) as replica:
        long = [replica.start_session(title=f"{number}" * 90) for number in range(3)]
        big = [replica.log_set("plank", seconds=9, note="long " * 190).id for _ in range(3)]
        db = replica.store._db  # type: ignore[attr-defined]  # noqa: SLF001  # to write what no command does
        wide = b"w" * 9_000
        kept = db.execute("SELECT event FROM outbox WHERE seq = 5").fetchone()[0]
        db.execute("UPDATE outbox SET event = ? WHERE seq = 5", (kept.replace(b"long long", b"long " + wide),))
        everything = [row.kept for row in replica.store.rows()]
        root = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'outbox'").fetchone()[0]
    assert len(long) == len(big)
    content = bytearray(path.read_bytes())
    content[(root - 1) * PAGE : (root - 1) * PAGE + 8] = b"\xff" * 8
    path.write_bytes(content)
    repaired(path, None)
    with opened(path) as replica:
        [forged] = replica.store.aside()
        assert forged.kept == everything[4]
        assert [*ids(replica), event_id(forged.kept)] == [
            *map(event_id, [*everything[:4], everything[5], everything[4]])
        ]


def test_erased_words_do_not_come_back(folder: Path) -> None:
    path = folder / "ledger"
    with opened(path) as replica:
        replica.log_set("back_squat", reps=5, note="first")
        secret = replica.log_set("back_squat", reps=6, note=SECRET)
        replica.log_set("back_squat", reps=7, note="third")
        log = bytearray(path.with_name("ledger-wal").read_bytes())
        replica.erase(secret.id)
    log[20] ^= 1  # a log of before the erasure comes back, which SQLite does not take for its own
    path.with_name("ledger-wal").write_bytes(log)
    flip_in(path, b'"third"', b'"thir""')
    summary = repaired(path, None)
    assert not summary.sound
    with opened(path) as replica:
        assert secret.id in ids(replica)
        replica.report("records")
    assert SECRET.encode() not in b"".join(
        file.read_bytes() for file in folder.glob("ledger*") if "damaged" not in file.name
    )


def test_a_damaged_checkpoint_never_matters(folder: Path) -> None:
    path = folder / "ledger"
    with Replica(SqliteStore(path, REPLICA), checkpoint_every=1) as replica:
        sessions = (SessionStarted(session=replica.new_id(), title=f"{number}") for number in range(20))
        replica.write([replica.draft(session) for session in sessions])
        before = replica.report("sessions")
        digest = replica.status()["digest"]
    db = sqlite3.connect(path)
    parts = db.execute("SELECT name, content FROM derived WHERE name LIKE 'checkpoint%'").fetchall()
    assert {"checkpoint", "checkpoint sessions", "checkpoint at hand"} <= {name for name, _ in parts}
    for name, content in parts:
        harmed = bytearray(content)
        harmed[len(content) // 2] ^= 4
        db.execute("UPDATE derived SET content = ? WHERE name = ?", (bytes(harmed), name))
        db.execute("DELETE FROM derived WHERE name = 'digest'")
        db.commit()
        with opened(path) as replica:
            assert replica.report("sessions") == before
            assert replica.status()["digest"] == digest
        db.execute("UPDATE derived SET content = ? WHERE name = ?", (content, name))
    db.close()


@pytest.mark.parametrize("moment", ["keep", "decide", "unlink", "replace"])
def test_a_crash_at_any_moment_leaves_a_usable_file(
    moment: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = folder / "ledger"
    events = offline_ledger(path)
    log = path.with_name("ledger-wal")
    flip_in(path, b"number 5.", b"number 6.!"[:9])
    log.write_bytes(b"stale")

    class Crash(BaseException):
        pass

    def crash(*_: object, **__: object) -> None:
        raise Crash

    target = {
        "keep": "client_sdk.swap.os.link",
        "decide": "client_sdk.repair.decide",
        "unlink": "client_sdk.swap._finish",
        "replace": "client_sdk.swap.os.replace",
    }[moment]
    with monkeypatch.context() as patched:
        if moment == "replace":
            real = Path.replace
            patched.setattr(Path, "replace", lambda self, to: crash() if to == path else real(self, to))
        else:
            patched.setattr(target, crash)
        with pytest.raises(Crash):
            repaired(path, None)
    decided = moment in {"unlink", "replace"}
    assert path.with_name("ledger.repaired").exists() == decided
    if not decided:
        repaired(path, None)
    with opened(path) as replica:
        assert ids(replica) == [*events[:4], *events[5:]]
        assert replica.verify().ok
    kept = [file.name for file in folder.iterdir() if ".damaged-" in file.name and not file.name.endswith("-wal")]
    assert len(kept) == (2 if moment == "decide" else 1)
    assert not path.with_name("ledger.repaired").exists()


def test_a_swap_that_another_process_finished_is_not_finished_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, log = folder / "ledger", folder / "ledger-wal"
    path.write_bytes(b"damaged")
    path.with_name("ledger.repaired").write_bytes(b"new")

    def finished_meanwhile(file: Path, descriptor: int) -> None:
        monkeypatch.undo()
        swap.settle(file)
        log.write_bytes(b"what was written since")
        swap._lock(file, descriptor)  # noqa: SLF001  # the moment between opening and locking has no other door

    monkeypatch.setattr(swap, "_lock", finished_meanwhile)
    swap.settle(path)
    assert (path.read_bytes(), log.read_bytes()) == (b"new", b"what was written since")


def test_what_is_locked_is_the_file_that_bears_the_name(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = folder / "ledger"
    path.write_bytes(b"damaged")
    path.with_name("new").write_bytes(b"new")

    def swapped_meanwhile(file: Path, descriptor: int) -> None:
        monkeypatch.undo()
        file.with_name("new").replace(file)
        swap._lock(file, descriptor)  # noqa: SLF001  # as above

    monkeypatch.setattr(swap, "_lock", swapped_meanwhile)
    with swap.held_alone(path) as descriptor:
        assert descriptor is not None
        assert os.read(descriptor, 10) == b"new"


def test_a_new_ledger_that_is_not_whole_takes_no_place(folder: Path) -> None:
    path = folder / "ledger"
    offline_ledger(path)
    flip_in(path, b"number 5.", b"number 6.!"[:9])
    before, readers = path.read_bytes(), []

    def clock_of_one_who_reads() -> int:
        """While somebody reads a file, closing it leaves its log, as a full disk does."""
        if not readers:
            readers.append(sqlite3.connect(folder / "ledger.repairing" / "new"))
            readers[0].execute("BEGIN")
            readers[0].execute("SELECT * FROM local").fetchall()
        return clock()

    with pytest.raises(LedgerFileError, match=r"disk full.*Nothing was changed"):
        Repairer(path, clock=clock_of_one_who_reads, draw=lambda: str(uuid4()), endpoint=None).run()
    readers[0].close()
    assert path.read_bytes() == before
    assert sorted(file.name for file in folder.iterdir()) == ["ledger"]


def test_a_file_that_another_process_has_open_is_left_alone(folder: Path) -> None:
    path = folder / "ledger"
    offline_ledger(path)
    code = (
        "import sys, sqlite3; db = sqlite3.connect(sys.argv[1]); db.execute('SELECT * FROM local').fetchall();"
        "print('open', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(  # noqa: S603  # our own code
        [sys.executable, "-c", code, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(LedgerFileError, match="in use by another process"):
            repaired(path, None)
        other.communicate()
    assert repaired(path, None).sound


def test_a_log_that_outlived_its_file_is_salvaged(folder: Path) -> None:
    path, source = folder / "ledger", folder / "source"
    with opened(source) as replica:
        events = [replica.log_set("back_squat", reps=reps).id for reps in range(1, 5)]
        path.with_name("ledger-wal").write_bytes(source.with_name("source-wal").read_bytes())
    path.touch()
    with pytest.raises(DamagedLedgerError, match="is empty"):
        opened(path)
    assert repaired(path, None).salvaged == 4
    with opened(path) as replica:
        assert ids(replica) == events


def test_what_is_no_ledger_is_no_damaged_one(folder: Path) -> None:
    path = folder / "diary"
    path.write_text("Squats today. " * 1000)
    with pytest.raises(LedgerFileError, match=r"diary is not a ledger"):
        repaired(path, None)
    assert [file.name for file in folder.iterdir()] == ["diary"]
    with pytest.raises(NotFoundError):
        repaired(folder / "nothing", None)


def test_a_damaged_header_is_no_reason_to_give_a_ledger_up(folder: Path) -> None:
    for place, byte in ((3, 0), (18, 9), (19, 9), (63, 77), (70, 1)):
        path = folder / f"ledger{place}"
        events = offline_ledger(path)
        content = bytearray(path.read_bytes())
        content[place] = byte
        path.write_bytes(content)
        assert not sound(path)
        assert repaired(path, None).salvaged == len(events)
        with opened(path) as replica:
            assert ids(replica) == events


def test_a_chain_that_saw_what_is_lost_moves_as_a_whole(folder: Path) -> None:
    """Each of the other device's events saw the damaged one, so nothing of its chain stays under its name."""
    path = folder / "ledger"
    endpoint = Service(MemoryStore(), clock).endpoint(ME.account, ME.device)
    other = Replica(Memory(str(uuid4())), clock=clock, offset_at=lambda _: 60)
    other.sign_in("here", ME)
    with opened(path) as replica:
        replica.sign_in("here", ME)
        lost = [replica.log_set("back_squat", reps=reps).id for reps in (1, 2, 3)][-1]
        replica.sync(endpoint)
        other.sync(endpoint)
        seeing = other.log_set("leg_press", reps=4).id
        other.sync(endpoint)
        replica.sync(endpoint)
    db = sqlite3.connect(path)
    db.execute("UPDATE ledger SET event = replace(event, '\"reps\":3', '\"reps\":9')")
    db.commit()
    db.close()
    repaired(path, None)
    with opened(path) as replica:
        assert replica.verify().ok
        assert seeing in ids(replica)
        assert [aside.seq for aside in replica.store.aside()] == [3]
        replica.sync(endpoint)
        assert lost in ids(replica)


def test_a_repaired_ledger_says_what_it_saw_and_is_taken_by_the_server(cold: Damaged, folder: Path) -> None:
    """Both devices' chains lose an event; what saw it must say anew what it saw."""
    path = folder / "ledger"
    path.write_bytes(cold.data)
    db = sqlite3.connect(path)
    db.execute("UPDATE ledger SET event = x'00' WHERE position IN (5, 6, 7)")
    db.commit()
    db.close()
    repaired(path, None)
    server = MemoryStore()
    with opened(path) as replica:
        replica.sync(Service(server, clock).endpoint(ME.account, ME.device))
        assert replica.store.outbox_size() == 0
        assert replica.verify().ok
        assert len(ids(replica)) == len(cold.kept) - 3


def test_what_is_set_aside_outlives_the_first_page_also_after_an_erasure(folder: Path) -> None:
    path = folder / "ledger"
    events = offline_ledger(path)
    apart = Aside(kept=b"no event", reason="broken", at=1)
    with opened(path) as replica:
        replica.store.rewrite(
            lambda local, _outbox: Rewriting(
                replica=local.replica, dropped=[], added=[], tips={}, said=None, aside=[apart]
            )
        )
        replica.erase(events[2])
    path.write_bytes(bytes(PAGE) + path.read_bytes()[PAGE:])
    repaired(path, None)
    with opened(path) as replica:
        assert [aside.kept for aside in replica.store.aside()] == [b"no event"]
        assert ids(replica)[: len(events)] == events


def test_an_account_that_can_still_be_read_is_kept(cold: Damaged, folder: Path) -> None:
    path = folder / "ledger"
    damaged = bytearray(cold.data)
    damaged[:PAGE] = bytes(PAGE)
    path.write_bytes(damaged)
    known: list[Local] = []

    def endpoint(local: Local) -> SyncEndpoint:
        known.append(local)
        return cold.endpoint(cold.server())(local)

    summary = repaired(path, endpoint)
    assert summary.signed_in
    assert [(local.account, local.token) for local in known] == [(ME.account, ME.token)]
    assert json.loads(json.dumps(summary.set_aside)) == []
