"""Conflicts in words, that the commands which they offer settle them, and sessions that were one visit."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from support.servers import PASSWORD, running

from client_sdk.errors import UnreachableError

Run = Callable[..., Any]
"""Runs a command: see ``conftest``."""

CONFLICTS = {
    "slot": (("correct", "{slot}", "sets=5"), ("correct", "{slot}", "sets=3")),
    "removal": (("correct", "{slot}", "sets=5"), ("program", "remove", "{slot}")),
    "field": (("correct", "{set}", "reps=6", "rpe=9"), ("correct", "{set}", "reps=7")),
    "load": (("correct", "{set}", "load=bw+20kg"), ("correct", "{set}", "load=22.5kg")),
    "setting": (("profile", "units=kg"), ("profile", "units=lb")),
    "correction_and_void": (("void", "{set}"), ("correct", "{set}", "reps=7")),
    "correction_and_session_void": (("void", "{session}"), ("correct", "{set}", "reps=7")),
    "void": (("void", "{set}"), ("restore", "{set}")),
    "into_void": (("void", "{session}"), ("log", "squat", "110kg", "5", "--session", "{session}")),
}


class Devices:
    """Two devices of one account."""

    def __init__(self, done: Run, run: Run, folder: Path) -> None:
        self._done, self._run = done, run
        self._files = {name: folder / name for name in ("phone", "tablet")}

    def run(self, name: str, *arguments: str) -> str:
        return str(self._done("--ledger", self._files[name], *arguments).out)

    def fail(self, name: str, *arguments: str) -> str:
        """Runs a command that must fail, and gives what it says."""
        outcome = self._run("--ledger", self._files[name], *arguments)
        assert outcome.status in {1, 2}, outcome
        assert len(outcome.err.splitlines()) == 2, outcome
        return str(outcome.err)

    def name(self, name: str, *arguments: str) -> str:
        """Runs a command and gives the last name that it shows."""
        return self.run(name, *arguments).rsplit("#", 1)[1].split()[0]

    def sync(self) -> None:
        for name in ("phone", "tablet", "phone"):
            self.run(name, "sync")


@pytest.fixture
def devices(done: Run, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Devices]:
    """Two devices, signed in and with nothing to say yet."""
    monkeypatch.setenv("IRONLEDGER_PASSWORD", PASSWORD)
    both = Devices(done, run, tmp_path)
    with running(tmp_path / "server") as url:
        both.run("phone", "signup", url, "--name", "ann", "--device", "phone")
        both.run("tablet", "login", url, "--name", "ann", "--device", "tablet")
        yield both


@pytest.mark.parametrize(
    ("kind", "way"), [("field", "to keep it:"), *((kind, "to take the other:") for kind in CONFLICTS)]
)
def test_a_command_that_a_conflict_offers_settles_it(kind: str, way: str, devices: Devices) -> None:
    names = {"session": devices.run("phone", "session", "start").split("#")[1].split()[0]}
    names["set"] = devices.run("phone", "log", "squat", "100kg", "8").split("#")[1].split()[0]
    if "{slot}" in CONFLICTS[kind][0]:
        devices.run("phone", "program", "create", "Legs")
        devices.run("phone", "program", "add-day", "Legs", "Day A")
        names["slot"] = devices.name("phone", "program", "add-slot", "Day A", "squat", "5x5")
    if kind == "void":
        devices.run("phone", "void", names["set"])
    devices.sync()
    for device, command in zip(("phone", "tablet"), CONFLICTS[kind], strict=True):
        devices.run(device, *(word.format(**names) for word in command))
    if kind == "void":
        devices.run("phone", "restore", names["set"])
        devices.run("phone", "void", names["set"])
    devices.sync()
    for _ in range(2):  # a load is two fields, and so are two conflicts
        said = devices.run("tablet", "conflicts")
        offered = [line.split(way)[1] for line in said.splitlines() if way in line]
        if not offered:
            break
        devices.run("tablet", *shlex.split(offered[0])[1:])
    assert devices.run("tablet", "conflicts").startswith("No conflicts")
    devices.sync()
    assert devices.run("phone", "conflicts").startswith("No conflicts")


def contradict(devices: Devices) -> str:
    """Two devices correct one set otherwise, in two fields; gives the set's name."""
    name = devices.name("phone", "log", "squat", "90kg", "5")
    devices.sync()
    devices.run("phone", "correct", name, "load=100kg", "rpe=8")
    devices.run("tablet", "correct", name, "load=95kg", "rpe=9")
    devices.sync()
    return name


def test_a_conflict_is_told_in_words_with_the_names_of_the_devices(devices: Devices) -> None:
    contradict(devices)
    time = r"at \d\d:\d\d"
    for device in ("phone", "tablet"):
        said = " ".join(devices.run(device, "conflicts").split())
        assert re.search(rf"phone said 100 kg × 5 {time}, tablet said 95 kg × 5 {time}; tablet's stands\.", said)
        assert re.search(rf"phone said 8 {time}, tablet said 9 {time}; tablet's stands\.", said)
    listed = json.loads(devices.run("phone", "conflicts", "--json"))["conflicts"]
    assert [(row["field"], row["kept"]["device"], row["overruled"][0]["device"]) for row in listed] == [
        ("load", "tablet", "phone"),
        ("rpe_tenths", "tablet", "phone"),
    ]


def test_a_device_without_a_name_is_called_by_its_letters_and_a_sync_goes_on(
    devices: Devices, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(*_: str) -> None:
        raise UnreachableError("The network is gone.")

    monkeypatch.setattr("client_sdk.http.devices", unreachable)
    contradict(devices)
    said = " ".join(devices.run("phone", "conflicts").split())
    assert re.search(r"this device said 100 kg × 5 at \S+, #\w{8} said 95 kg × 5 at \S+; #\w{8}'s stands\.", said)


def test_names_are_asked_for_only_where_one_is_missing(devices: Devices, monkeypatch: pytest.MonkeyPatch) -> None:
    contradict(devices)

    def unexpected(*_: str) -> None:
        raise AssertionError("asked again")

    monkeypatch.setattr("client_sdk.http.devices", unexpected)
    devices.run("phone", "log", "squat", "90kg", "5")
    devices.sync()


def test_status_and_sync_say_how_much_there_is_to_look_at(devices: Devices) -> None:
    contradict(devices)
    line = "To look at: 2 conflicts (`ironledger conflicts`)."
    assert line in devices.run("phone", "sync").splitlines()
    assert line in devices.run("phone", "status").splitlines()
    status = json.loads(devices.run("phone", "status", "--json"))
    assert (status["conflicts"], status["problems"]) == (2, 0)
    devices.run("phone", "settle", "--all", "--keep")
    assert "To look at" not in devices.run("phone", "sync")


def test_settling_asks_what_it_can_not_know(devices: Devices) -> None:
    name = contradict(devices)
    assert "about load, rpe" in devices.fail("phone", "settle", name, "--keep")
    assert "In conflict: load, rpe." in devices.fail("phone", "settle", name, "note", "--keep")
    assert "3 was not overruled" in devices.fail("phone", "settle", name, "rpe", "--flip", "--to", "3")
    assert "is in no conflict" in devices.fail(
        "phone", "settle", devices.name("phone", "log", "squat", "9kg", "5"), "--keep"
    )
    assert "Nothing in this ledger" in devices.fail("phone", "settle", "abcdef12", "--keep")
    for wrong in ((), (name,), (name, "--keep", "--flip"), ("--all", "--flip"), (name, "--keep", "--to", "8")):
        devices.fail("phone", "settle", *wrong)
    assert "2 conflicts" in devices.run("phone", "conflicts")


def test_of_several_overruled_values_one_is_chosen_by_value_or_device(devices: Devices) -> None:
    for way in ("10", "tablet"):
        name = devices.name("phone", "log", "squat", "90kg", "5")
        devices.sync()
        devices.run("tablet", "correct", name, "reps=10")
        devices.run("phone", "correct", name, "reps=11")
        devices.sync()
        assert "reps=10 stands" in devices.run("phone", "settle", name, "--flip", "--to", way)
        (row,) = json.loads(devices.run("phone", "report", "sessions", "--json"))["sessions"]
        assert row["exercises"][0]["sets"][-1]["reps"] == 10


def test_all_conflicts_are_kept_at_once(devices: Devices) -> None:
    contradict(devices)
    assert devices.run("phone", "settle", "--all", "--keep") == "2 conflicts settled. No conflict is left.\n"
    devices.sync()
    assert devices.run("tablet", "conflicts").startswith("No conflicts")


def test_two_sessions_of_one_evening_are_offered_to_be_merged_and_told_apart_again(devices: Devices) -> None:
    into = devices.name("phone", "session", "start", "--title", "Legs")
    devices.run("phone", "log", "squat", "100kg", "5")
    devices.run("tablet", "log", "leg press", "150kg", "10")
    devices.sync()
    for words in (devices.run("tablet", "report", "sessions"), devices.run("tablet", "conflicts")):
        (offered,) = [line.strip() for line in words.splitlines() if "session merge" in line]
    assert f"merge {into}" in offered
    merged = devices.run("tablet", *shlex.split(offered)[1:])
    assert "2 sets" in merged
    devices.run("tablet", "log", "leg press", "150kg", "9")
    devices.sync()
    for device in ("phone", "tablet"):
        (row,) = json.loads(devices.run(device, "report", "sessions", "--json"))["sessions"]
        assert (row["title"], row["phases"]["sets"], row["overlaps"]) == ("Legs", 3, [])
    assert "Nothing lies in" in devices.fail("phone", *shlex.split(offered)[1:])
    devices.run("phone", *shlex.split(merged.split("To take it back: ")[1])[1:])
    devices.sync()
    rows = json.loads(devices.run("tablet", "report", "sessions", "--json"))["sessions"]
    assert sorted(row["phases"]["sets"] for row in rows) == [1, 2]
    assert "was merged into" in devices.fail("phone", "session", "unmerge", *shlex.split(offered)[3:])
    assert "with itself" in devices.fail("phone", "session", "merge", into, into)
