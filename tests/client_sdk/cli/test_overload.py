"""Equipment, decisions and the report ``overload`` on the command line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Run = Callable[..., Any]
"""Runs a command: see ``conftest``."""


@pytest.fixture
def pressed(done: Run) -> Callable[..., None]:
    """Follows a program of leg presses and fills its range in the last two sessions, on some equipment."""

    def press(*equipment: str) -> None:
        if equipment:
            done("equipment", "add", "Leg press", *equipment)
        done("program", "create", "Legs", "--activate")
        done("program", "add-day", "Legs", "Leg day")
        done("program", "add-slot", "Leg day", "leg press", "3x10-15")
        for _ in range(2):
            done("session", "start")
            done("log", "leg press", "40kg", "15", "--sets", "3")
            done("session", "finish")

    return press


def target(done: Run) -> dict[str, Any]:
    """The only target."""
    (row,) = done("report", "overload", "--json").json["exercises"]
    (found,) = row["targets"]
    assert isinstance(found, dict)
    return found


def test_the_guides_add_on_makes_a_step_of_12_5_percent_one_of_3_1_percent(pressed: Run, done: Run) -> None:
    pressed("--kind", "stack", "--steps", "5kg", "--max", "200kg")
    assert "45 kg (+12.5 %)" in done("report", "overload").out
    done("equipment", "change", "Leg press", "--add-ons", "1.25kg")
    out = done("report", "overload").out
    assert "41.25 kg (+3.1 %)" in out
    assert " top" in out
    assert "assumed" not in out


def test_sets_alike_are_shown_together(done: Run) -> None:
    done("log", "back squat", "60kg", "12", "--at", "2025-06-01 18:00")
    done("log", "back squat", "80kg", "8", "--sets", "2", "--at", "2025-06-01 18:10")
    done("log", "back squat", "80kg", "6", "--at", "2025-06-01 18:20")
    done("log", "lunge", "30kg", "10", "--side", "left", "--at", "2025-06-01 18:30")
    out = " ".join(done("report", "overload", "--as-of", "2025-06-01").out.split())
    assert "60 kg, 1 × 12; 80 kg, 2 × 8, 1 × 6" in out
    assert "30 kg, 1 × 10 left" in out


def test_what_is_assumed_of_the_equipment_is_said(pressed: Run, done: Run) -> None:
    pressed()
    out = done("report", "overload").out
    assert "Leg Press*: All 3 sets reached 15 reps in 2 sessions in a row" in out
    assert "ironledger equipment add" in " ".join(out.split())


def test_a_target_is_taken_or_declined_by_its_exercise(pressed: Run, done: Run) -> None:
    pressed("--kind", "stack", "--steps", "5kg")
    assert done("target", "accept", "leg press").out.startswith("Accepted: Leg Press 45 kg × 10  #")
    assert target(done)["code"] == "accepted"
    done("target", "accept", "leg press", "42.5kg", "12")
    assert target(done)["target"]["reps"] == 12
    done("log", "leg press", "45kg", "15", "--sets", "3")
    declined = done("target", "decline", "leg press")
    assert declined.out.startswith("Declined: Leg Press 45 kg × 15")
    assert target(done)["code"] == "declined"


def test_a_slot_is_named_by_its_letters_where_two_ask_for_one_exercise(pressed: Run, run: Run, done: Run) -> None:
    pressed()
    other = done("program", "add-slot", "Leg day", "leg press", "2x15-20").name
    refused = run("target", "accept", "leg press")
    assert refused.status == 2
    assert f"#{other}" in refused.err
    assert done("target", "accept", other, "30kg", "15").out.startswith("Accepted: Leg Press 30 kg × 15")


def test_where_nothing_is_proposed_the_lifter_says_a_target(run: Run, done: Run) -> None:
    done("program", "create", "Legs", "--activate")
    done("program", "add-day", "Legs", "Leg day")
    done("program", "add-slot", "Leg day", "plank", "3x30-45s")
    refused = run("target", "accept", "plank")
    assert refused.status == 1
    assert "Say your own" in refused.err
    assert done("target", "accept", "plank", "bw", "40s").out.startswith("Accepted: Plank body weight × 40 s")


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (("target", "accept", "leg press"), 1, "No program that you follow asks for leg press."),
        (("target", "decline", "nonsense"), 1, "No program that you follow asks for nonsense."),
        (("equipment", "add", "X", "--kind", "stack", "--steps", "5"), 2, "5 has no unit."),
        (("equipment", "add", "X", "--kind", "stack", "--steps", "bw"), 2, "'bw' is no load of equipment."),
        (("equipment", "add", "X", "--kind", "barbell", "--plates", "0kg"), 2, "'0kg' is no plate."),
        (("equipment", "add", "X", "--kind", "barbell", "--plates", "0x5kg"), 2, "'0x5kg' is no plate."),
        (("equipment", "add", "X", "--kind", "stack", "--add-ons", "1kg," * 9), 2, "There can be 8 add-ons at most."),
        (
            ("equipment", "add", "X", "--kind", "stack", "--plates", "5kg", "--steps", "5kg"),
            2,
            "Equipment goes up by steps or by plates.",
        ),
        (
            ("equipment", "add", "X", "--kind", "stack", "--start", "9kg", "--max", "5kg"),
            2,
            "start_load 9 kg is above max_load 5 kg.",
        ),
        (("equipment", "change", "X", "--max", "5kg"), 1, "No equipment is called 'X'."),
    ],
)
def test_bad_input_is_refused_in_a_sentence_with_a_next_step(
    arguments: tuple[str, ...], status: int, message: str, run: Run
) -> None:
    refused = run(*arguments)
    assert (refused.status, refused.err.splitlines()[0]) == (status, message)
    assert len(refused.err.splitlines()) >= 1
    assert run("equipment", "list").out.startswith("No equipment yet")


def test_equipment_is_listed_changed_and_renamed(run: Run, done: Run) -> None:
    assert done("equipment", "list").out == "No equipment yet: add some with `ironledger equipment add`.\n"
    bar = done("equipment", "add", "Bar", "--kind", "barbell", "--start", "20kg", "--plates", "2x20,10,1.25lb").name
    assert run("equipment", "add", "bar", "--kind", "barbell").status == 2
    assert run("equipment", "change", "bar").status == 2
    done("equipment", "change", bar, "--name", "Old bar", "--place", "Home", "--max", "200kg")
    (listed,) = done("equipment", "list", "--json").json
    assert (listed["name"], listed["place"], listed["start_load"]) == (
        "Old bar",
        "Home",
        {"milli": 20_000, "unit": "kg"},
    )
    assert [plate.get("pairs") for plate in listed["plates"]] == [2, None, None]
    done("equipment", "change", "old bar", "--steps", "5kg")
    assert "by 5 kg" in done("equipment", "list").out
    done("void", bar)
    assert done("equipment", "list").out.startswith("No equipment yet")


def test_a_lift_that_stalls_is_shown_with_what_the_guide_varies_it_with(done: Run) -> None:
    for day in range(1, 29, 4):
        done("log", "back squat", "100kg", "5", "--at", f"2025-06-{day:02d} 18:00")
    done("log", "back squat", "100kg", "5", "--at", "2025-06-29 18:00")
    out = " ".join(done("report", "overload", "--as-of", "2025-06-29").out.split())
    assert (
        "Back Squat stalls: no record in 7 sessions, since 2025-06-01; the guide varies it with Front Squat." in out
    )


def test_the_log_book_tells_decisions_and_equipment(pressed: Run, done: Run) -> None:
    pressed("--kind", "stack", "--steps", "5kg")
    done("target", "accept", "leg press")
    assert "45 kg × 10" in done("log-book").out


def test_a_set_names_its_equipment_by_what_it_is_called_now_or_by_its_letters(run: Run, done: Run) -> None:
    letters = done("equipment", "add", "Old stack", "--kind", "stack", "--steps", "5kg", "--start", "5kg").name
    done("equipment", "change", "Old stack", "--name", "Cable")
    done("equipment", "add", "Pins", "--kind", "stack", "--steps", "10kg", "--start", "10kg")
    for name in ("cable", letters):
        done("log", "leg press", "40kg", "15", "--equipment", name)
        assert gear(done) == "Cable"
    done("correct", "last", "equipment=pins")
    assert gear(done) == "Pins"
    refused = run("log", "leg press", "40kg", "15", "--equipment", "old stack")
    assert (refused.status, "There is Cable or Pins" in refused.err) == (1, True)


def gear(done: Run) -> str:
    """What the only exercise is loaded with."""
    (row,) = done("report", "overload", "--json").json["exercises"]
    name = row["targets"][0]["equipment"]["name"]
    assert isinstance(name, str)
    return name
