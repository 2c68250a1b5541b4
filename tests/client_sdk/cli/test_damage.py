"""A damaged ledger, as a person meets it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from support.servers import PASSWORD, running

Run = Callable[..., Any]
"""Runs a command: see ``conftest``."""


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    with running(tmp_path / "server") as address:
        yield address


def damage(ledger: Path, table: str = "outbox", seq: int = 2) -> None:
    """One event is no longer what was written."""
    db = sqlite3.connect(ledger)
    changed = "CAST(replace(event, 'back_squat', 'back squat') AS BLOB)"
    db.execute(f"UPDATE {table} SET event = {changed} WHERE seq = {seq}")  # noqa: S608  # our own words
    db.commit()
    db.close()


def test_a_damaged_ledger_is_found_repaired_and_goes_on(done: Run, run: Run, ledger: Path) -> None:
    for reps in (5, 6, 7):
        done("log", "squat", "100kg", reps)
    damage(ledger)
    verified = run("verify")
    assert (verified.status, verified.out) == (1, "")
    assert "number 2 of replica" in verified.err
    assert "does not follow" in verified.err
    assert "ironledger repair" in verified.err
    [problem] = run("verify", "--json").json["problems"]
    assert problem.keys() == {"message", "replica", "seq", "position", "event"}
    repaired = done("repair")
    assert "Repaired: 2 events salvaged." in repaired.out
    assert "1 event stood behind a gap" in repaired.out
    assert problem["event"] in repaired.out
    assert str(ledger) + ".damaged-" in repaired.out
    assert "login" in repaired.out
    assert done("verify").out.startswith("Sound")
    shown = done("report", "problems").out
    assert "on this device only" in shown
    assert "#" + problem["event"][-8:] in shown
    [row] = done("report", "problems", "--json").json["problems"]
    assert (row["code"], row["event"], row["position"]) == ("set_aside", problem["event"], None)
    again = done("repair").out
    assert again.startswith("Sound: there is nothing to repair.")
    assert problem["event"] in again


def test_what_the_server_has_is_taken_from_it(
    url: str, done: Run, run: Run, ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IRONLEDGER_PASSWORD", PASSWORD)
    for reps in (5, 6, 7):
        done("log", "squat", "100kg", reps)
    done("signup", url, "--name", "ann")
    done("sync")
    done("log", "squat", "100kg", "8")
    before = done("report", "records", "--json").json["exercises"]
    damage(ledger, "ledger")
    assert run("verify").status == 1
    summary = done("repair", "--json").json
    assert (summary["sound"], summary["signed_in"], summary["set_aside"]) == (False, True, [])
    assert (summary["salvaged"], summary["from_server"]) == (3, 1)
    assert "1 event sent" in done("sync").out
    assert done("report", "records", "--json").json["exercises"] == before
    assert done("verify", "--json").json["head"] == 4


def test_without_its_server_a_repair_offers_to_do_without(
    tmp_path: Path, done: Run, run: Run, ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IRONLEDGER_PASSWORD", PASSWORD)
    with running(tmp_path / "server") as url:
        done("log", "squat", "100kg", "5", "--sets", 3)
        done("signup", url, "--name", "ann")
    damage(ledger)
    content = ledger.read_bytes()
    refused = run("repair")
    assert refused.status == 1
    assert "repair --offline" in refused.err
    assert ledger.read_bytes() == content
    assert "Repaired: 2 events salvaged" in done("repair", "--offline").out


def test_a_file_that_cannot_even_be_opened_is_repaired(done: Run, run: Run, ledger: Path) -> None:
    done("log", "squat", "100kg", "5", "--sets", 5)
    content = bytearray(ledger.read_bytes())
    content[:4096] = bytes(4096)
    ledger.write_bytes(content)
    for command in (("status",), ("log", "squat", "100kg", "5"), ("verify",)):
        refused = run(*command)
        assert refused.status == 1
        assert "ironledger repair" in refused.err
        assert "should not" not in refused.err
    assert "Repaired: 5 events salvaged" in done("repair").out
    assert done("status", "--json").json["outbox"] == 5


def test_an_event_that_cannot_be_read_is_named_by_whatever_reads_it(done: Run, run: Run, ledger: Path) -> None:
    for reps in (5, 6, 7):
        done("log", "squat", "100kg", reps)
    db = sqlite3.connect(ledger)
    db.execute("UPDATE outbox SET event = substr(event, 2) WHERE seq = 2")
    db.commit()
    db.close()
    for command in (("status",), ("report", "records"), ("export",), ("log-book",)):
        refused = run(*command)
        assert refused.status == 1
        assert "2 of replica" in refused.err
        assert "ironledger verify" in refused.err
    assert "can't be read" in run("verify").err


def test_there_is_nothing_to_repair_where_there_is_no_ledger(run: Run, ledger: Path) -> None:
    refused = run("repair")
    assert refused.status == 1
    assert "There is no ledger" in refused.err
    assert not ledger.exists()
    ledger.write_text("My training diary, handwritten. " * 100)
    assert "is not a ledger" in run("repair").err
    assert ledger.read_text().startswith("My training diary")
