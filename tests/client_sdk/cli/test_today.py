"""Following a program: what is due, what it is loaded with, and the sets that are logged against it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from client_sdk import Replica
from client_sdk.cli import main

Run = Callable[..., Any]
"""Runs a command: see ``conftest``."""

NIGHT = 1_795_388_400_000
"""2026-11-22 23:00 UTC."""
HOUR_MS = 3_600_000


@pytest.fixture
def legs(done: Run) -> Run:
    """Runs commands on a ledger with the guide's program, which is followed."""
    done("program", "create", "Legs", "--template", "balanced-legs", "--activate")
    return done


def slot(run: Run, name: str, *options: str) -> dict[str, Any]:
    """What a slot of today asks for."""
    slots = run("today", "--json", *options).json["programs"][0]["slots"]
    return dict(next(one for one in slots if one.get("name") == name))


def full_sessions(run: Run, exercise: str, load: str, reps: int) -> None:
    """Two sessions in which every set reached the top of the range."""
    for ago in (10, 6):
        moment = f"{days_ago(ago)} 18:00"
        run("log", exercise, load, str(reps), "--sets", "4", "--at", moment)


def days_ago(days: int) -> str:
    """A day, as text, before this one."""
    from datetime import UTC, datetime, timedelta  # noqa: PLC0415  # a helper's own

    return f"{datetime.now(UTC).astimezone() - timedelta(days=days):%Y-%m-%d}"


def test_without_a_program_today_says_how_to_begin_one(run: Run) -> None:
    refused = run("today")
    assert refused.status == 1
    assert "ironledger program create Legs --template balanced-legs --activate" in refused.err


def test_today_shows_the_target_its_reason_the_plates_and_a_warm_up(legs: Run) -> None:
    full_sessions(legs, "back squat", "100kg", 12)
    squat = slot(legs, "Back Squat")
    assert (squat["next"]["target"]["load"], squat["next"]["target"]["reps"]) == ({"milli": 102_500, "unit": "kg"}, 8)
    sides = [(plate["load"]["milli"], plate["count"]) for plate in squat["loading"]["plates_per_side"]]
    assert sides == [(25_000, 1), (15_000, 1), (1_250, 1)]
    assert [(one["load"]["milli"], one["reps"]) for one in squat["warm_up"]] == [
        (20_000, 10),
        (40_000, 5),
        (60_000, 3),
        (80_000, 2),
    ]
    said = legs("today").out
    assert "2 sessions in a row" in said
    assert "Let the knees travel in line with the toes." in said
    assert "tempo 2-0-1-1" in said
    assert slot(legs, "Seated Leg Curl")["warm_up"] == []


def test_a_set_of_a_session_that_follows_the_day_belongs_to_its_slot(legs: Run) -> None:
    legs("session", "start", "--today")
    legs("log", "back squat", "100kg", "8", "--sets", "2")
    legs("log", "bench press", "60kg", "8")
    squat = slot(legs, "Back Squat")["slot"]
    with_slot = slots_of(legs)
    assert with_slot == {"back_squat": [squat, squat], "bench_press": [None]}
    [program] = legs("program", "show", "--json").json["programs"]
    assert program["adherence"]["done_sets"] == 2


def test_of_two_slots_for_one_exercise_the_first_is_filled_first(legs: Run) -> None:
    legs("program", "change", "back squat", "1x8-12")
    legs("program", "add-slot", "Leg day", "back squat", "2x5", "--after", "back squat")
    legs("today", "--start")
    for _ in range(3):
        legs("log", "back squat", "100kg", "5")
    first, second, third = slots_of(legs)["back_squat"]
    assert first != second
    assert second == third


def test_a_slot_may_be_named(legs: Run) -> None:
    legs("log", "back squat", "100kg", "8", "--slot", "back squat")
    assert slots_of(legs)["back_squat"] == [slot(legs, "Back Squat")["slot"]]


def test_a_target_is_taken_by_its_word(legs: Run, run: Run) -> None:
    assert "There is no target for Back Squat yet" in run("log", "back squat", "target").err
    full_sessions(legs, "back squat", "100kg", 12)
    assert "Logged Back Squat 102.5 kg × 8" in legs("log", "back squat", "target").out


def test_the_day_that_is_due_is_the_one_after_the_last_that_was_followed(legs: Run) -> None:
    legs("program", "add-day", "Legs", "Day B")

    def due() -> str:
        return str(legs("today", "--json").json["programs"][0]["day_name"])

    assert due() == "Leg day"
    legs("today", "--start")
    assert due() == "Leg day"
    legs("session", "finish")
    assert due() == "Day B"
    legs("session", "start", "--today")
    legs("session", "finish")
    assert due() == "Leg day"
    assert legs("today", "--day", "Day B", "--json").json["programs"][0]["day_name"] == "Day B"


def test_of_several_programs_one_is_named_to_start(legs: Run, run: Run) -> None:
    legs("program", "create", "Arms", "--activate")
    legs("program", "add-day", "Arms", "Arm day")
    assert [one["name"] for one in legs("today", "--json").json["programs"]] == ["Legs", "Arms"]
    assert "More than one program is followed" in run("session", "start", "--today").err
    assert "Started Arm day of Arms" in legs("today", "--start", "--program", "arms").out
    assert run("today", "--program", "Yoga").status == 1
    assert run("today", "--day", "Day Z").status == 1


def test_a_program_without_a_day_says_so(done: Run, run: Run) -> None:
    done("program", "create", "Arms", "--activate")
    assert 'ironledger program add-day "Arms"' in run("today").err


def test_a_session_over_midnight_is_of_one_day(ledger: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hours = iter(range(100))
    now = NIGHT

    def command(*words: str) -> None:
        nonlocal now
        now = NIGHT + next(hours) * HOUR_MS // 2
        assert main(list(words)) == 0

    opened = Replica.open

    def at_night(path: Path | str) -> Replica:
        replica = opened(path)
        replica.clock, replica.offset_at = (lambda: now), (lambda _at: 0)
        return replica

    monkeypatch.setattr(Replica, "open", at_night)
    command("program", "create", "Legs", "--template", "balanced-legs", "--activate")
    command("today", "--start")
    for _ in range(3):
        command("log", "back squat", "100kg", "8")
    with opened(ledger) as replica:
        [row] = replica.report("sessions")["sessions"]
        slots = [fact.body.slot for fact in replica.ledger().facts.of_type("set_logged")]  # type: ignore[attr-defined]
    assert (row["day"], row["phases"]["sets"]) == ("2026-11-22", 3)
    assert len(set(slots)) == 1
    assert None not in slots


def slots_of(run: Run) -> dict[str, list[str | None]]:
    """The slots that sets name, by exercise, in the order in which they were logged."""
    found: dict[str, list[str | None]] = {}
    exported = run("export").out
    for line in exported.splitlines():
        event = json.loads(line)["event"]
        if event["type"] == "set_logged":
            found.setdefault(event["body"]["exercise"], []).append(event["body"].get("slot"))
    return found
