"""What a process keeps of its fold for the next one: with the outbox in it, and never believed."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from support.chains import NOON_MS
from support.fleet import ACCOUNT

from client_sdk import Replica
from client_sdk.cli import main
from client_sdk.sqlite_store import SqliteStore
from client_sdk.store import Derived
from events import Body, Event, Load
from events.quantities import DAY_MS, MINUTE_MS
from events.training import SessionFinished, SessionStarted, SetLogged
from projections import clocks, practice
from projections.checkpoints import Checkpoint
from projections.ledger import REPORTS, Ledger, encode_report
from server.memory_store import MemoryStore
from server.service import Service

WEEKS = 40
SECRET = "words that nobody should read"

Open = Callable[[], Replica]


@pytest.fixture(autouse=True)
def short_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """A history of a year is long enough to lay by some of it."""
    monkeypatch.setattr(practice, "KEPT", 3)
    monkeypatch.setattr(clocks, "TAIL", 5)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "phone.ledger"


@pytest.fixture
def opened(path: Path) -> Iterator[Open]:
    """Opens the ledger as one process more, a minute after the last thing that happened."""
    seconds, processes = count(), []

    def process() -> Replica:
        store = SqliteStore(path, "00000000-0000-4000-8000-000000000001")
        clock = NOON_MS + WEEKS * 7 * DAY_MS
        replica = Replica(
            store, clock=lambda: clock + MINUTE_MS * next(seconds), offset_at=lambda _: 0, checkpoint_every=50
        )
        processes.append(replica)
        return replica

    yield process
    for replica in processes:
        replica.close()


@pytest.fixture
def trained(opened: Open) -> list[Event]:
    """A year of training, in which a secret was told, and a process that kept what it folded."""
    replica, drafts = opened(), []
    for week in range(WEEKS):
        at, session = NOON_MS + week * 7 * DAY_MS, replica.new_id()
        bodies: list[Body] = [
            SetLogged(
                set=replica.new_id(),
                session=session,
                exercise=exercise,
                kind="working",
                reps=8,
                load=Load(60_000 + week * 500, "kg"),
                note=SECRET if week == 1 else None,
            )
            for exercise in ("back_squat", "leg_press")
        ]
        bodies.append(SessionFinished(session=session))
        drafts += [replica.draft(body, at) for body in (SessionStarted(session=session), *bodies)]
    sets = [event for event in replica.write(drafts) if event.type == "set_logged"]
    replica.ledger()
    assert not kept(opened).is_whole
    return sets


def kept(opened: Open, *, lost: bool = False) -> Ledger:
    """What the next process goes on from; it says the same as a fold of everything from nothing.

    Reports need nothing that is laid by, unless some of what was kept is lost.
    """
    replica = opened()
    ledger, scratch = replica.ledger(), from_nothing(replica)
    was_whole = ledger.is_whole
    for name in REPORTS:
        assert encode_report(ledger.report(name)) == encode_report(scratch.report(name)), name
    assert lost or ledger.is_whole == was_whole
    return ledger


def from_nothing(replica: Replica) -> Ledger:
    """The fold of all that a replica holds, with nothing that was kept."""
    scratch = Ledger()
    scratch.apply(replica.store.records())
    scratch.apply(record for _, record in replica.store.pending())
    return scratch


@pytest.mark.usefixtures("trained")
def test_what_is_logged_since_is_folded_without_what_is_long_past(opened: Open) -> None:
    for _ in range(3):
        opened().log_set("back_squat", load=Load(120_000, "kg"), reps=3)
        assert not kept(opened).is_whole


def test_whoever_had_to_read_what_is_long_past_spares_the_next_process(opened: Open, trained: list[Event]) -> None:
    opened().log_set("back_squat", load=Load(120_000, "kg"), reps=3, at=trained[4].at)
    assert kept(opened).is_whole
    assert not kept(opened).is_whole


def test_an_erasure_leaves_nothing_of_what_was_laid_by(opened: Open, trained: list[Event], path: Path) -> None:
    opened().erase(*(event.id for event in trained if SECRET.encode() in bytes(event.body or b"")))
    assert SECRET.encode() not in b"".join(file.read_bytes() for file in path.parent.iterdir())
    kept(opened)
    kept(opened)


@pytest.mark.usefixtures("trained")
def test_nothing_stands_of_what_was_kept_once_the_outbox_is_rearranged(opened: Open) -> None:
    store = opened().store
    store.start_over()
    assert [store.derived(name) for name in ("checkpoint", "checkpoint archive")] == [None, None]
    kept(opened)


@pytest.mark.usefixtures("trained")
@pytest.mark.parametrize(
    "part",
    [
        *("", " archive", " names", " past", " at hand", " conflicts"),
        *(" days", " exercises", " training", " sessions"),
    ],
)
def test_what_is_damaged_or_missing_is_made_again(opened: Open, path: Path, part: str) -> None:
    for harm in ("UPDATE derived SET content = x'00' WHERE name = ?", "DELETE FROM derived WHERE name = ?"):
        with sqlite3.connect(path) as db:
            assert db.execute(harm, (f"checkpoint{part}",)).rowcount == 1
        db.close()
        opened().log_set("back_squat", load=Load(120_000, "kg"), reps=3)
        kept(opened, lost=True)
        replica = opened()
        assert replica.ledger().facts.effective == from_nothing(replica).facts.effective
    opened().log_set("back_squat", load=Load(120_000, "kg"), reps=3)
    kept(opened)


@pytest.mark.usefixtures("trained")
def test_parts_are_written_together_or_not_at_all(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {name: opened().store.derived(name) for name in ("checkpoint", "checkpoint at hand")}
    replica = opened()
    for _ in range(60):
        replica.log_set("back_squat", load=Load(120_000, "kg"), reps=3)
    sums = iter(range(1, 6))
    with monkeypatch.context() as patched:
        patched.setattr("client_sdk.sqlite_store._checksum", lambda *_: next(sums, None) or _killed())
        with pytest.raises(KeyboardInterrupt):
            replica.ledger()
    assert {name: opened().store.derived(name) for name in before} == before
    kept(opened)


@pytest.mark.usefixtures("trained")
def test_a_process_that_syncs_and_keeps_its_fold_while_another_folds_leaves_no_trace(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint = Service(MemoryStore(), lambda: NOON_MS + WEEKS * 7 * DAY_MS).endpoint(ACCOUNT, "device")
    one, other = opened(), opened()
    one.store.sign_in(account=ACCOUNT, server="", device="", token="")
    one.log_set("back_squat", load=Load(120_000, "kg"), reps=3)
    read, is_folding = one.store.derived, iter([True])

    def derived(name: str) -> Derived | None:
        if name == "checkpoint names" and next(is_folding, False):
            other.sync(endpoint)
            other.ledger()
        return read(name)

    monkeypatch.setattr(one.store, "derived", derived)
    one.ledger()
    assert not any(is_folding)
    assert one.ledger().digest() == from_nothing(one).digest()
    kept(opened)


@pytest.mark.usefixtures("trained")
def test_a_checkpoint_of_an_older_version_is_replaced(opened: Open, path: Path) -> None:
    with sqlite3.connect(path) as db:
        db.execute("DELETE FROM derived WHERE name != 'checkpoint'")
        db.execute("UPDATE derived SET content = x'81a773756d6d617279c0', checksum = 0")
    db.close()
    assert kept(opened).is_whole
    assert not kept(opened).is_whole


def _killed() -> int:
    raise KeyboardInterrupt


@pytest.mark.usefixtures("trained")
@pytest.mark.parametrize(
    "command", ["undo", "correct last reps=6", "void last", "equipment add Stack --kind stack", "again"]
)
def test_what_is_done_to_the_last_acts_is_done_without_what_is_long_past(
    opened: Open, path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    opened().log_set("back_squat", load=Load(120_000, "kg"), reps=3)
    monkeypatch.setenv("IRONLEDGER_LEDGER", str(path))
    with monkeypatch.context() as patched:
        patched.setattr(Checkpoint, "whole", lambda *_: pytest.fail("the archive was read"))
        status = main(command.split())
    assert (status, capsys.readouterr().err) == (0, "")
    kept(opened)
