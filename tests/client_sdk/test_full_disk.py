"""A disk without room, and files that can't be written: what was acknowledged is there, and reports work."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

import pytest
from support.damage import ME, clock, ids, opened
from support.versions import take_back_to_the_first_version

from client_sdk import Replica
from client_sdk.cli import main
from client_sdk.cli.application import COMMANDS
from client_sdk.errors import LedgerFileError
from events.training import SessionStarted
from server.memory_store import MemoryStore
from server.service import Service

NOBODY = 65534
for module in ("sqlite_utils", "client_sdk.schema", *(f"client_sdk.cli.{name}" for name, _ in COMMANDS.values())):
    import_module(module)  # for a fork that may not read them any more


@pytest.fixture
def path() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder) / "data" / "ledger"


def fill(path: Path) -> None:
    """From now on the file may not grow."""
    with opened(path) as replica:
        replica.store._db.execute("VACUUM")  # type: ignore[attr-defined]  # noqa: SLF001  # no free pages


def limited(path: Path, more_pages: int = 1) -> Replica:
    """The ledger, which may grow by so many pages."""
    replica = opened(path)
    db = replica.store._db  # type: ignore[attr-defined]  # noqa: SLF001  # the disk is SQLite's own limit here
    (pages,) = db.execute("PRAGMA page_count").fetchone()
    db.execute(f"PRAGMA max_page_count = {pages + more_pages}")
    return replica


def test_what_a_full_disk_refuses_is_told_and_what_it_took_is_there(path: Path) -> None:
    opened(path).close()
    written = []

    def write_until_it_fails(replica: Replica) -> None:
        for number in range(1000):
            written.append(replica.log_set("back_squat", reps=1 + number % 9, note="x" * 100).id)  # noqa: PERF401  # until it fails

    with limited(path, 4) as replica, pytest.raises(LedgerFileError, match=r"disk is full: nothing was written"):
        write_until_it_fails(replica)
    assert len(written) > 10
    with opened(path) as replica:
        assert ids(replica) == written
        assert replica.verify().ok
        replica.log_set("back_squat", reps=1)  # there is room again


def test_a_report_works_when_nothing_derived_can_be_kept(path: Path) -> None:
    with opened(path) as replica:
        sessions = (SessionStarted(session=replica.new_id(), title=f"{number}") for number in range(1100))
        replica.write([replica.draft(session) for session in sessions])
    fill(path)
    with limited(path, 0) as replica:
        assert len(replica.report("sessions")["sessions"]) == 1100
        digest = replica.status()["digest"]
    with opened(path) as replica:
        assert replica.status()["digest"] == digest


def test_a_sync_onto_a_full_disk_loses_nothing(path: Path) -> None:
    endpoint = Service(MemoryStore(), clock).endpoint(ME.account, ME.device)
    with opened(path.with_name("other")) as other:
        other.sign_in("here", ME)
        for number in range(200):
            other.log_set("leg_press", reps=1 + number % 9, note="y" * 200)
        other.sync(endpoint)
        everything = set(ids(other))
    with opened(path) as replica:
        replica.sign_in("here", ME)
        everything.add(replica.log_set("back_squat", reps=3).id)
    with limited(path) as replica:
        with pytest.raises(LedgerFileError, match="disk is full"):
            replica.sync(endpoint)
        assert len(ids(replica)) == 1
    with opened(path) as replica:
        replica.sync(endpoint)
        assert set(ids(replica)) == everything


def test_words_that_a_full_disk_kept_from_being_erased_are_erased_later(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(path) as replica:
        secret = replica.log_set("back_squat", reps=3, note="very private")

        def full(*_: object) -> None:
            raise LedgerFileError("The disk is full: nothing was written.")

        with monkeypatch.context() as patched:
            patched.setattr(type(replica.store), "erase", full)
            with pytest.raises(LedgerFileError, match="full"):
                replica.erase(secret.id)
            assert replica.report("sessions")["sessions"] == []
        assert replica.report("sessions")["sessions"] == []
    assert b"very private" not in path.read_bytes()


def test_a_file_may_not_grow_beyond_the_limit_of_the_system(path: Path) -> None:
    code = """
import resource, sys
from client_sdk import Replica
from client_sdk.errors import LedgerFileError
resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, 500_000))
with Replica.open(sys.argv[1]) as replica:
    try:
        for number in range(10_000):
            print(replica.log_set("back_squat", reps=1, note="x" * 500).id)
    except LedgerFileError as error:
        print(f"refused: {error}", file=sys.stderr)
    print(len(replica.report("records")["exercises"]), file=sys.stderr)
"""
    ran = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)  # noqa: S603  # our own code
    acknowledged = ran.stdout.split()
    assert len(acknowledged) > 10
    assert "nothing was written" in ran.stderr
    assert ran.stderr.splitlines()[-1] == "1"
    with opened(path) as replica:
        assert ids(replica) == acknowledged
        assert replica.verify().ok


class Ran(NamedTuple):
    """What a command came to."""

    status: int
    out: str
    err: str


def as_nobody(*arguments: str) -> Ran:
    """The command as somebody who may only do what permissions say; root may do anything.

    It runs in a fork of this process, which has all that it needs in memory: nobody may not even read this Python.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = os.fork()
        if child == 0:
            status = 99
            try:
                os.dup2(out.fileno(), 1)
                os.dup2(err.fileno(), 2)
                sys.stdout, sys.stderr = io.TextIOWrapper(os.fdopen(1, "wb")), io.TextIOWrapper(os.fdopen(2, "wb"))
                if os.geteuid() == 0:
                    os.setgroups([])
                    os.setgid(NOBODY)
                    os.setuid(NOBODY)
                status = main(arguments)
                sys.stdout.flush()
                sys.stderr.flush()
            finally:
                os._exit(status)
        _, status = os.waitpid(child, 0)
        texts = []
        for stream in (out, err):
            stream.seek(0)
            texts.append(stream.read().decode())
        return Ran(os.waitstatus_to_exitcode(status), *texts)


def allow(path: Path, *, file: int, folder: int) -> None:
    for made in path.parent.iterdir():
        made.chmod(file)
        if os.geteuid() == 0:
            os.chown(made, NOBODY, NOBODY)
    path.parent.chmod(folder)
    if os.geteuid() == 0:
        os.chown(path.parent, NOBODY, NOBODY)


@pytest.fixture
def apart(path: Path) -> Iterator[Path]:
    """A ledger with two sets, whose folder is given back at the end."""
    with opened(path) as replica:
        replica.log_set("back_squat", reps=3)
        replica.log_set("back_squat", reps=4)
    yield path
    path.parent.chmod(0o755)


@pytest.mark.parametrize(("file", "folder"), [(0o400, 0o755), (0o600, 0o555), (0o400, 0o555)])
@pytest.mark.parametrize("hot", [False, True])
def test_a_ledger_that_cannot_be_written_can_be_read(apart: Path, file: int, folder: int, *, hot: bool) -> None:
    if hot:
        with opened(apart) as replica:
            replica.log_set("back_squat", reps=5)
            shutil.copytree(apart.parent, apart.parent.with_name("hot"))
        shutil.rmtree(apart.parent)
        apart.parent.with_name("hot").rename(apart.parent)
        (apart.parent / "ledger-shm").unlink()
    allow(apart, file=file, folder=folder)
    ledger = ("--ledger", str(apart))
    for command in (("report", "records", "--json"), ("status",), ("export",), ("verify",)):
        ran = as_nobody(*ledger, *command)
        assert (ran.status, ran.err) == (0, ""), command
    assert len(as_nobody(*ledger, "export").out.splitlines()) == 2 + hot
    refused = as_nobody(*ledger, "log", "squat", "100kg", "5")
    assert refused.status == 1
    assert "can't be written" in refused.err
    assert "permissions" in refused.err


def test_an_older_ledger_that_cannot_be_written_can_be_read(apart: Path) -> None:
    take_back_to_the_first_version(apart)
    allow(apart, file=0o400, folder=0o555)
    assert len(as_nobody("--ledger", str(apart), "export").out.splitlines()) == 2
    assert as_nobody("--ledger", str(apart), "log", "squat", "100kg", "5").status == 1


def test_a_ledger_of_version_1_gets_what_it_lacks(path: Path) -> None:
    with opened(path) as replica:
        events = [replica.log_set("back_squat", reps=reps).id for reps in (1, 2)]
        digest = replica.status()["digest"]
    take_back_to_the_first_version(path)
    with opened(path) as replica:
        assert ids(replica) == events
        assert replica.status()["digest"] == digest
        assert replica.store.aside() == []
        assert replica.store.names() == {}
        version = replica.store._db.execute("PRAGMA user_version").fetchone()  # type: ignore[attr-defined]  # noqa: SLF001  # the file's own
        applied = replica.store._db.execute("SELECT count(*) FROM _sqlite_migrations").fetchone()  # type: ignore[attr-defined]  # noqa: SLF001  # as above
    assert version == applied
