"""The simulator itself: it repeats itself, it finds nothing wrong, and it can be asked in many ways."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from client_sdk.cli import main
from client_sdk.simulation import KINDS, Step, campaign, play, schedule, shrink, simulate, tally

FIRST_ON_FILES = 10


@pytest.mark.parametrize("seed", [*range(1, 9), FIRST_ON_FILES])
def test_whatever_fails_nothing_is_lost(seed: int) -> None:
    outcome = simulate(seed, 5, 250)
    assert outcome.broken == []
    assert outcome.on_files == (seed == FIRST_ON_FILES)
    assert outcome.acknowledged


def test_a_seed_does_the_same_again_in_every_process() -> None:
    script = "from client_sdk.simulation import simulate; print(simulate(3, 4, 150))"
    runs = [
        subprocess.run(  # noqa: S603  # our own interpreter
            [sys.executable, "-c", script], check=True, capture_output=True, text=True, env={"PYTHONHASHSEED": hashes}
        ).stdout
        for hashes in ("1", "2")
    ]
    assert runs[0] == runs[1] == f"{simulate(3, 4, 150)}\n"


def test_every_kind_of_fault_strikes() -> None:
    struck: set[str] = set()
    for seed in range(1, 30):
        struck |= play(seed, 3, schedule(seed, 250)).faults.keys()
        if struck == set(KINDS):
            return
    assert struck == set(KINDS)


def test_shrinking_leaves_out_all_that_is_not_needed() -> None:
    steps = [Step("log", number, 0) for number in range(100)]
    needed = {steps[3], steps[50], steps[97]}
    assert shrink(steps, lambda tried: needed <= set(tried)) == [steps[3], steps[50], steps[97]]


def test_a_campaign_goes_on_where_it_was_stopped(tmp_path: Path) -> None:
    record = tmp_path / "seeds.ndjson"
    first = campaign(range(1, 3), 2, 20, record=record)
    with record.open("ab") as file:
        file.write(b'{"code": "cut o')
    played: list[int] = []
    both = campaign(range(1, 5), 2, 20, processes=2, record=record, progress=lambda done: played.append(done.seed))
    assert both[:2] == first
    assert sorted(played) == [3, 4]
    assert both == campaign(range(1, 5), 2, 20)


def test_a_tally_counts_the_fewest_of_each_fault_in_any_hundred_seeds() -> None:
    outcomes = campaign(range(1, 4), 2, 30)
    counted = tally(outcomes)
    assert (counted.seeds, counted.steps, counted.failed) == (3, 90, [])
    assert counted.faults == counted.fewest


def test_the_command_tells_what_it_did(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", "--seed", "7", "--steps", "60"]) == 0
    told = capsys.readouterr().out
    assert "Seed 7: 5 devices and a server, 60 steps, in memory." in told
    assert "All laws hold" in told
    assert main(["simulate", "--seed", "7", "--steps", "60", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["broken"] == []


def test_the_command_sums_many_seeds_up(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    options = ["--seeds", "2", "--steps", "30", "--record", str(tmp_path / "seeds.ndjson")]
    assert main(["simulate", *options]) == 0
    assert "2 seeds of 5 devices and 30 steps." in capsys.readouterr().out


def test_a_schedule_can_be_played_again(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    script = tmp_path / "schedule.json"
    script.write_text('[["log", 0, 1], ["lose_reply", 0, 2]]')
    assert main(["simulate", "--schedule", str(script)]) == 0
    assert "lost reply" in capsys.readouterr().out


@pytest.mark.parametrize("text", ["nothing", "{}", '[["no_such_step", 0, 0]]'])
def test_what_is_no_schedule_is_told_so(capsys: pytest.CaptureFixture[str], tmp_path: Path, text: str) -> None:
    script = tmp_path / "schedule.json"
    script.write_text(text)
    assert main(["simulate", "--schedule", str(script)]) == 1
    assert "holds no schedule" in capsys.readouterr().err
