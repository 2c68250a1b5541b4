"""Conflicts in words, and that the commands which they offer settle them."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from support.servers import PASSWORD, running

Run = Callable[..., Any]
"""Runs a command: see ``conftest``."""

CONFLICTS = {
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

    def __init__(self, done: Run, folder: Path) -> None:
        self._done = done
        self._files = {name: folder / name for name in ("phone", "tablet")}

    def run(self, name: str, *arguments: str) -> str:
        return str(self._done("--ledger", self._files[name], *arguments).out)

    def sync(self) -> None:
        for name in ("phone", "tablet", "phone"):
            self.run(name, "sync")


@pytest.fixture
def devices(done: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Devices]:
    """Two devices, signed in and with nothing to say yet."""
    monkeypatch.setenv("IRONLEDGER_PASSWORD", PASSWORD)
    both = Devices(done, tmp_path)
    with running(tmp_path / "server") as url:
        both.run("phone", "signup", url, "--name", "ann", "--device", "phone")
        both.run("tablet", "login", url, "--name", "ann", "--device", "tablet")
        yield both


@pytest.mark.parametrize("way", ["to keep it:", "to take the other:"])
@pytest.mark.parametrize("kind", CONFLICTS)
def test_either_command_that_a_conflict_offers_settles_it(kind: str, way: str, devices: Devices) -> None:
    names = {"session": devices.run("phone", "session", "start").split("#")[1].strip()}
    names["set"] = devices.run("phone", "log", "squat", "100kg", "8").split("#")[1].strip()
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
        said = devices.run("tablet", "report", "conflicts")
        offered = [line.split(way)[1] for line in said.splitlines() if way in line]
        if not offered:
            break
        devices.run("tablet", *shlex.split(offered[0])[1:])
    assert devices.run("tablet", "report", "conflicts").startswith("No conflicts")
    devices.sync()
    assert devices.run("phone", "report", "conflicts").startswith("No conflicts")
