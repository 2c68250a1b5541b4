"""Programs: from a template, adapted from a day on, and refused in words where they can't be."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from client_sdk import Replica

Run = Callable[..., Any]
"""Runs a command: see ``conftest``."""


@pytest.fixture
def legs(done: Run) -> Run:
    """Runs commands on a ledger with the guide's program."""
    done("program", "create", "Legs", "--template", "balanced-legs", "--activate")
    return done


def slots(run: Run, *options: str) -> list[dict[str, Any]]:
    """The slots of the first day of the first program."""
    days = run("program", "show", "--json", *options).json["programs"][0]["days"]
    return list(days[0]["slots"])


def names(run: Run, *options: str) -> list[str]:
    """What the slots of the first day are for."""
    return [slot.get("name") or slot["drill"] for slot in slots(run, *options)]


def test_a_program_is_made_of_a_template_in_one_write(done: Run, ledger: Path) -> None:
    done("program", "create", "Legs", "--template", "balanced-legs", "--activate")
    with Replica.open(ledger) as replica:
        moments = {record.event.written for _, record in replica.store.pending()}
    assert len(moments) == 1
    [program] = done("program", "show", "--json").json["programs"]
    assert (program["template"], program["active"]) == ("balanced-legs", True)
    assert names(done)[4] == "Back Squat"
    assert slots(done)[4]["progression"] == {"rule": "double"}


def test_variants_stand_for_the_lifts_of_the_template(done: Run, run: Run) -> None:
    chosen = ["--variant", "back squat=front squat", "--variant", "deadlift=RDL"]
    done("program", "create", "Legs", "--template", "balanced-legs", *chosen)
    assert names(done)[4:6] == ["Front Squat", "Romanian Deadlift"]
    refused = run("program", "create", "More", "--template", "balanced-legs", "--variant", "back squat=leg press")
    assert refused.status == 2
    assert "Leg Press is no variant of Back Squat" in refused.err
    assert "Front Squat" in refused.err


def test_the_templates_are_listed_with_their_variants(done: Run) -> None:
    said = done("program", "templates").out
    assert "balanced-legs" in said
    assert "Forward Lunge, or Reverse Lunge" in said


def test_an_edit_is_in_force_from_its_day_on(legs: Run) -> None:
    legs("program", "change", "back squat", "5x5", "--exercise", "front squat", "--from", "2100-01-04")
    assert names(legs)[4] == "Back Squat"
    [slot] = [slot for slot in slots(legs, "--on", "2100-01-04") if slot.get("name") == "Front Squat"]
    assert (slot["sets"], slot["reps_min"], slot["reps_max"]) == (5, 5, 5)


def test_a_slot_moves_next_to_another(legs: Run) -> None:
    legs("program", "move", "leg press", "--before", "back squat")
    legs("program", "move", "high knees", "--after", "leg press")
    assert names(legs)[2:6] == ["jogging or cycling", "Leg Press", "high knees", "Back Squat"]


def test_a_slot_moves_to_another_day_and_a_day_before_another(legs: Run) -> None:
    legs("program", "add-day", "Legs", "Day B")
    legs("program", "move", "leg press", "--to", "Day B")
    legs("program", "move", "Day B", "--before", "Leg day")
    assert names(legs) == ["Leg Press"]


def test_a_slot_is_added_at_a_place_and_removed_from_a_day_on(legs: Run) -> None:
    legs("program", "add-slot", "Leg day", "goblet squat", "2x12-15", "--after", "leg press", "--rest", "90s")
    legs(
        "program",
        "add-slot",
        "Leg day",
        "hip circles",
        "1x60s",
        "--drill",
        "dynamic_stretch",
        "--before",
        "back squat",
    )
    before = names(legs)
    assert before[before.index("Leg Press") + 1] == "Goblet Squat"
    assert before[before.index("Back Squat") - 1] == "hip circles"
    legs("program", "remove", "goblet squat", "--from", "2100-01-04")
    assert names(legs) == before
    assert "Goblet Squat" not in names(legs, "--on", "2100-01-04")


def test_the_revisions_tell_each_edit_with_what_it_was_before(legs: Run) -> None:
    legs("program", "change", "back squat", "5x5", "--progression", "double:3")
    legs("program", "remove", "leg press")
    said = " ".join(legs("program", "show", "Legs", "--revisions").out.split())
    for words in ("sets 4 → 5", "reps min 8 → 5", "reps max 12 → 5", "progression double → double 3"):
        assert words in said
    assert "Leg Press removed" in said


def test_an_edit_is_undone_as_any_other_act(legs: Run) -> None:
    legs("program", "change", "back squat", "5x5")
    legs("undo")
    assert slots(legs)[4]["sets"] == 4
    legs("undo")
    assert legs("program", "show", "--json").json["programs"] == []


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["change", "back squat", "4x12-8"], "ends before it begins"),
        (["change", "back squat", "0x8"], "a set and a repetition at least"),
        (["change", "back squat", "lots"], "asks for nothing"),
        (["change", "back squat", "4x8000"], "more than 1,000"),
        (["change", "back squat", "3x30s"], "either reps or seconds"),
        (["change", "leg swings", "--exercise", "plank"], "is a drill"),
        (["change", "back squat", "--progression", "linear"], "no progression"),
        (["change", "back squat", "--equipment", "barbell"], "No equipment is called"),
        (["change", "back squat"], "Say what changes"),
        (["change", "bench press", "4x8"], "No slot of a program is called"),
        (["move", "back squat", "--before", "back squat"], "the same slot"),
        (["move", "back squat"], "--before and --after"),
        (["move", "back squat", "--to", "Day Z"], "No day of a program is called"),
        (["create", "Legs", "--template", "ppl"], "There is no template"),
        (["create", "Legs", "--variant", "back squat=front squat"], "goes with --template"),
    ],
)
def test_what_a_program_cannot_ask_for_is_refused_in_words(
    legs: Run, run: Run, words: list[str], reason: str
) -> None:
    before = legs("program", "show", "--json").out
    refused = run("program", *words)
    assert refused.status in {1, 2}
    assert reason in refused.err
    assert legs("program", "show", "--json").out == before


def test_a_name_that_two_slots_bear_is_asked_about(legs: Run, run: Run) -> None:
    twin = legs("program", "add-slot", "Leg day", "back squat", "1x20").name
    refused = run("program", "change", "back squat", "5x5")
    assert (refused.status, "More than one slot" in refused.err) == (2, True)
    legs("program", "change", twin, "1x15")
    assert slots(legs)[-1]["reps_max"] == 15
