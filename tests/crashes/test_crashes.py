"""A handful of kills with every test run; ``make crashes`` does hundreds. See docs/explanation/proof.md."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from crashes import killed_client
from crashes.killed_client import kill_clients
from crashes.killed_server import kill_servers
from crashes.processes import Broken, Process

SEED = 1


def test_a_killed_server_loses_nothing_that_it_acknowledged(tmp_path: Path) -> None:
    tally = Counter[str]()
    kill_servers(2, SEED, tmp_path, tally)
    assert tally["kills"] == 2
    assert tally["records in the ledger"] >= tally["events acknowledged"] + tally["events logged on the phone"] > 0


def test_a_killed_device_loses_nothing_that_it_acknowledged(tmp_path: Path) -> None:
    tally = Counter[str]()
    kill_clients(3, SEED, tmp_path, tally)
    assert tally["kills"] == 3
    assert tally["events on the server"] >= tally["events acknowledged"] > 0


def test_a_device_that_acknowledges_too_early_is_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hasty = tmp_path / "hasty.py"
    honest = Path(killed_client.DEVICE).read_text("utf-8")
    told = 'say("kept", "0197f3a0-0000-7000-8000-000000000bad")\n            act(replica, action, random)'
    hasty.write_text(
        honest.replace('say("kept", *(event.id for event in act(replica, action, random)))', told), "utf-8"
    )
    assert hasty.read_text("utf-8") != honest
    monkeypatch.setattr(killed_client, "DEVICE", str(hasty))
    with pytest.raises(Broken, match="acknowledged event is not there"):
        kill_clients(1, SEED, tmp_path, Counter())


def test_a_process_that_ends_before_it_is_ready_says_why() -> None:
    process = Process(["-c", "raise SystemExit('no ledger today')"])
    with pytest.raises(Broken, match="no ledger today"):
        process.wait_for("ready")
    process.kill()
