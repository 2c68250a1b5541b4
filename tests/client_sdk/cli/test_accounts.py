"""Signing in and syncing with a real server."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from support.servers import PASSWORD, running

from client_sdk import Replica
from client_sdk.errors import LedgerFileError

Run = Callable[..., Any]
"""Runs a command: see ``conftest``."""


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A server, and the password of the account."""
    monkeypatch.setenv("IRONLEDGER_PASSWORD", PASSWORD)
    with running(tmp_path / "server") as address:
        yield address


def test_a_set_logged_here_is_in_the_reports_there_after_a_sync(url: str, done: Run, tmp_path: Path) -> None:
    phone, laptop = ("--ledger", tmp_path / "phone"), ("--ledger", tmp_path / "laptop")
    done(*phone, "log", "squat", "100kg", "8")
    assert "signed in as phone" in done(*phone, "signup", url, "--name", "ann", "--device", "phone").out
    assert "1 event sent" in done(*phone, "sync").out
    done(*laptop, "login", f"{url}/", "--name", "ann", "--device", "laptop")
    synced = done(*laptop, "sync", "--json").json
    assert (synced["pushed"], synced["pulled"], synced["head"]) == (0, 1, 1)
    assert done(*laptop, "report", "records", "--json").out == done(*phone, "report", "records", "--json").out
    assert done(*laptop, "report", "records", "--json", "--known-at", 1).json["exercises"]
    assert "Last sync  20" in done(*laptop, "status").out
    assert '"position":1' in done(*laptop, "export").out


def test_a_device_is_revoked_and_told_so(url: str, done: Run, run: Run, tmp_path: Path) -> None:
    phone, laptop = ("--ledger", tmp_path / "phone"), ("--ledger", tmp_path / "laptop")
    done(*phone, "signup", url, "--name", "ann", "--device", "phone")
    done(*laptop, "login", url, "--name", "ann", "--device", "laptop")
    listed = done(*laptop, "devices").out
    assert "this one" in listed
    assert [device["name"] for device in done(*laptop, "devices", "--json").json] == ["phone", "laptop"]
    assert run(*laptop, "devices", "revoke", "fridge").status == 1
    assert run(*laptop, "devices", "revoke", "").status == 1
    done(*laptop, "devices", "revoke", "phone")
    assert "revoked" in done(*laptop, "devices").out
    refused = run(*phone, "sync")
    assert refused.status == 1
    assert "revoked" in refused.err


def test_a_closed_account_leaves_every_ledger_whole(url: str, done: Run, run: Run, tmp_path: Path) -> None:
    phone, laptop = ("--ledger", tmp_path / "phone"), ("--ledger", tmp_path / "laptop")
    done(*phone, "signup", url, "--name", "ann", "--device", "phone")
    done(*laptop, "login", url, "--name", "ann", "--device", "laptop")
    for device in (phone, laptop, phone):
        done(*device, "log", "squat", "100kg", "8")
        done(*device, "sync")
    done(*laptop, "log", "squat", "105kg", "8")
    records = done(*phone, "report", "records", "--json").out
    closed = done(*phone, "account", "close", "--yes").out
    assert f"{url} has nothing of it" in closed
    assert "3 events" in closed
    assert done(*phone, "report", "records", "--json").json["exercises"] == json.loads(records)["exercises"]
    assert done(*phone, "verify", "--json").json["ok"]
    assert "not signed in" in run(*phone, "sync").err
    refused = run(*laptop, "sync")
    assert (refused.status, refused.out) == (1, "")
    assert refused.err == (
        "The server does not know this token.\n"
        "Sign in again; if the account was closed, another can adopt what is on this device.\n"
    )
    done(*phone, "signup", url, "--name", "ann", "--device", "phone")
    assert done(*phone, "sync", "--json").json["pushed"] == 3
    assert "belongs to another account" in run(*laptop, "login", url, "--name", "ann").err
    done(*laptop, "login", url, "--name", "ann", "--device", "laptop", "--adopt")
    for device in (laptop, phone):
        done(*device, "sync")
    assert done(*phone, "status", "--json").json["head"] == 4
    assert done(*laptop, "report", "records", "--json").out == done(*phone, "report", "records", "--json").out


def test_an_account_is_not_closed_unless_that_is_meant(
    url: str, done: Run, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    done("signup", url, "--name", "ann", "--device", "phone")
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    refused = run("account", "close")
    assert refused.status == 130
    assert "for ever" in refused.err
    done("sync")
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    assert "closed" in run("account", "close").out
    assert "not signed in" in run("account", "close", "--yes").err


@pytest.mark.parametrize(
    "command", [("account", "close", "--yes"), ("login", "URL", "--name", "ann", "--device", "ghost")]
)
def test_nothing_changes_on_the_server_where_the_ledger_cannot_be_written(
    url: str, done: Run, run: Run, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    done("signup", url, "--name", "ann", "--device", "phone")

    def refuse(_: Replica) -> None:
        raise LedgerFileError("It can't be written.")

    with monkeypatch.context() as patched:
        patched.setattr(Replica, "require_writable", refuse)
        assert run(*[url if word == "URL" else word for word in command]).status == 1
    done("sync")
    assert [device["name"] for device in done("devices", "--json").json] == ["phone"]


def test_a_wrong_password_is_refused(url: str, done: Run, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    done("signup", url, "--name", "ann", "--device", "phone")
    monkeypatch.setenv("IRONLEDGER_PASSWORD", "not it, sorry")
    refused = run("login", url, "--name", "ann")
    assert refused.status == 1
    assert "password" in refused.err


def test_who_guesses_is_told_how_long_to_wait(
    url: str, done: Run, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done("signup", url, "--name", "ann", "--device", "phone")
    monkeypatch.setenv("IRONLEDGER_PASSWORD", "not it, sorry")
    other = ("--ledger", tmp_path / "other")
    *_, slowed = [run(*other, "login", url, "--name", "ann") for _ in range(6)]
    assert (slowed.status, slowed.out) == (1, "")
    assert slowed.err == "Signing in to this account failed too often.\nWait 1 s, then try again.\n"


def test_an_account_that_could_not_be_closed_is_still_there(
    done: Run, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IRONLEDGER_PASSWORD", PASSWORD)
    with running(tmp_path / "server") as url:
        done("log", "squat", "100kg", "8")
        done("signup", url, "--name", "ann", "--device", "phone")
        done("sync")
    refused = run("account", "close", "--yes")
    assert refused.status == 1
    assert "does not answer" in refused.err
    assert done("status", "--json").json["outbox"] == 0
    assert "does not answer" in run("sync").err


def test_a_ledger_belongs_to_one_account(url: str, done: Run, run: Run, tmp_path: Path) -> None:
    done("signup", url, "--name", "ann", "--device", "phone")
    other = ("--ledger", tmp_path / "other")
    done(*other, "signup", url, "--name", "bob", "--device", "tablet")
    assert "belongs to an account already" in run("signup", url, "--name", "cat").err
    assert "belongs to another account" in run("login", url, "--name", "bob", "--device", "thief").err
    states = {device["name"]: device["revoked"] for device in done(*other, "devices", "--json").json}
    assert states["tablet"] is None
    assert states["thief"] is not None


def test_a_server_that_is_down_costs_nothing_logged(url: str, done: Run, run: Run, tmp_path: Path) -> None:
    done("log", "squat", "100kg", "8")
    refused = run("signup", "http://127.0.0.1:9", "--name", "ann")
    assert refused.status == 1
    assert "does not answer" in refused.err
    assert done("status", "--json").json["outbox"] == 1
    assert url
    assert tmp_path


def test_without_a_terminal_the_password_comes_from_the_environment(run: Run) -> None:
    refused = run("login", "http://127.0.0.1:9", "--name", "ann")
    assert refused.status == 2
    assert "IRONLEDGER_PASSWORD" in refused.err
