"""Correcting, voiding and restoring by name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from client_sdk import Replica
from events import Load
from events.equipment import EquipmentDefined

Run = Callable[..., Any]
"""Runs a command: see ``conftest``."""


def heaviest(run: Run) -> Any:  # noqa: ANN401  # JSON
    """The heaviest set of the first exercise in the records."""
    return run("report", "records", "--json").json["exercises"][0]["heaviest"]


def test_the_last_set_is_corrected_in_the_words_that_it_was_logged_in(done: Run) -> None:
    done("log", "squat", "100kg", "8")
    said = done("correct", "last", "reps=6", "load=102.5", "rpe=9", "at=2025-06-30 18:30", "time=90s")
    assert "it is now Back Squat 102.5 kg × 6" in said.out
    assert (heaviest(done)["load"]["milli"], heaviest(done)["reps"]) == (102_500, 6)
    assert done("report", "records", "--json").json["as_of"] == "2025-06-30"


def test_an_empty_value_takes_a_field_away(done: Run) -> None:
    done("log", "squat", "100kg", "8", "--note", "slow", "--rpe", "9")
    done("correct", "last", "note=", "rpe=")
    [row] = done("report", "sessions", "--json").json["sessions"]
    [only] = row["exercises"][0]["sets"]
    assert not {"note", "rpe_tenths"} & only.keys()


def test_a_load_on_a_body_weight_lift_is_added_to_it(done: Run) -> None:
    done("log", "pull up", "bw", "8")
    done("correct", "last", "load=20kg")
    assert heaviest(done)["load_kind"] == "added"
    done("correct", "last", "load=bw-15kg")
    assert heaviest(done)["load_kind"] == "assisted"
    done("correct", "last", "load=bw")
    assert (heaviest(done)["load_kind"], heaviest(done)["load"]) == ("bodyweight", None)


def test_a_load_of_two_that_becomes_one_on_the_body_is_counted_once(done: Run) -> None:
    done("log", "front squat", "2x20kg", "5")
    done("correct", "last", "load=bw+5kg")
    assert done("report", "volume", "--json").json["weeks"][0]["muscles"]["quadriceps"]["tonnage_g"] == 25_000


def test_an_exercise_and_a_session_are_corrected_by_name(done: Run) -> None:
    session = done("session", "start", "--at", "2025-06-30 18:00").name
    done("log", "squat", "100kg", "8", "--at", "2025-06-20 18:00")
    done("correct", "last", "exercise=front squat", f"session={session}")
    [row] = done("report", "sessions", "--json").json["sessions"]
    assert row["exercises"][0]["exercise"] == "front_squat"


def test_equipment_is_corrected_in_the_words_that_people_use(done: Run, run: Run, ledger: Path) -> None:
    with Replica.open(ledger) as replica:
        stack = replica.new_id()
        replica.log(EquipmentDefined(equipment=stack, name="Cable", kind="stack", start_load=Load(5000, "kg")))
    said = done("correct", stack[-8:], "start_load=7.5kg", "steps=5kg,7.5kg", "kind=plate_loaded", "place=Garage")
    assert "it is now equipment Cable, plate loaded, at Garage, from 7.5 kg, steps 5 kg 7.5 kg" in said.out
    done("correct", stack[-8:], "plates=20kg,10kg", "steps=")
    assert "plates=20kg,10kg" in done("log-book").out
    assert "above max_load 5 kg" in run("correct", stack[-8:], "max_load=5kg").err
    assert "101 kg in one step" in run("correct", stack[-8:], "steps=101kg").err
    assert "--really" in run("correct", stack[-8:], "max_load=2001kg").err


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("reps=-5", "-5 is no number of reps."),
        ("reps=1001", "1,000 reps"),
        ("load=heavy", "'heavy' is not a load."),
        ("side=middle", "It is both or left or right."),
        ("form=7", "form can't be '7'."),
        ("exercise=", "exercise can't be empty."),
        ("colour=red", "Write field=value, with one of at, "),
        ("reps", "Write field=value"),
        ("at=2026-02-30", "is not a moment that there is."),
        ("set=1d6bc8e1", "corrects nothing"),
    ],
)
def test_a_correction_that_would_not_hold_is_refused_and_nothing_is_written(change: str, said: str, run: Run) -> None:
    run("log", "squat", "100kg", "8")
    before = run("status", "--json").json
    refused = run("correct", "last", change)
    assert refused.status == 2
    assert said in refused.err
    assert run("status", "--json").json == before


def test_a_voided_record_cedes_to_the_former_best_until_it_is_restored(done: Run, run: Run) -> None:
    done("log", "squat", "100kg", "8")
    name = done("log", "squat", "140kg", "1").name
    done("void", name, "--reason", "Wrong bar.")
    assert heaviest(done)["load"]["milli"] == 100_000
    done("restore", f"#{name}")
    assert heaviest(done)["load"]["milli"] == 140_000
    done("log", "squat", "60kg", "8")
    assert "was never voided" in run("restore", "last").err


def test_a_fact_answers_to_its_id_and_its_event_and_to_either_end_of_them(done: Run, run: Run, ledger: Path) -> None:
    done("log", "squat", "100kg", "8")
    with Replica.open(ledger) as replica:
        [fact] = replica.ledger().facts.of_type("set_logged")
    for name in (fact.id, fact.entry.id, fact.id[-4:], fact.id[:18], fact.entry.id[-12:].upper(), f"#{fact.id[-8:]}"):
        done("correct", name, "reps=7")
    done("log", "squat", "100kg", "8")
    assert "may be any of" in run("void", fact.id[:5]).err
    assert run("void", fact.id[-3:]).status == 2
    assert run("void", "0123456789").status == 1


def test_there_is_no_last_set_in_a_new_ledger_nor_among_imported_ones(run: Run, strong: Path) -> None:
    assert "No set was logged here yet." in run("void", "last").err
    run("import", strong, "--unit", "kg", "--distance-unit", "km", "--timezone", "UTC")
    assert run("void", "last").status == 1


def test_the_log_book_names_what_can_be_corrected_and_marks_what_is_void(done: Run) -> None:
    name = done("log", "squat", "100kg", "8", "--at", "2025-06-30 18:30").name
    done("log", "plank", "90s")
    done("correct", name, "rpe=9", "at=2025-06-30 19:00")
    done("void", name)
    lines = done("log-book").out.splitlines()
    assert lines[0].startswith("When")
    assert f"voided #{name}" in lines[1]
    assert f'corrected #{name}: at="2025-06-30 19:00" rpe=9' in lines[2]
    assert "Plank body weight 1:30" in lines[3]
    assert lines[4].endswith(f"#{name}  Back Squat 100 kg × 8  [void]")
    assert len(done("log-book", "--exercise", "plank").out.splitlines()) == 2
    assert "Squat" in done("log-book", "--day", "2025-06-30").out
    assert "… and 3 more entries" in done("log-book", "--limit", 1).out
    assert done("log-book", "--day", "2020-01-01").out == "Nothing like that is in the ledger.\n"


def test_what_is_erased_is_gone_with_its_corrections(done: Run, ledger: Path) -> None:
    done("log", "squat", "100kg", "8", "--note", "a secret")
    done("correct", "last", "note=another secret")
    assert "Erased 2 events" in done("erase", "last", "--yes").out
    assert done("report", "records", "--json").json["exercises"] == []
    assert done("verify", "--json").json["ok"]
    assert b"secret" not in b"".join(file.read_bytes() for file in ledger.parent.iterdir())


def test_a_correction_that_outlived_what_it_corrected_is_erased_by_either_name(done: Run, ledger: Path) -> None:
    """As another device writes one that has not heard of the erasure yet."""
    name = done("log", "squat", "100kg", "5").name
    done("correct", "last", "note=words that nobody should read")
    with Replica.open(ledger) as replica:
        creation, _ = [record.event for _, record in replica.store.pending()]
        replica.erase(creation.id)
    assert "Erased 1 event" in done("erase", name, "--yes").out
    assert b"nobody should read" not in b"".join(file.read_bytes() for file in ledger.parent.iterdir())


def test_erasing_is_asked_about_first(run: Run) -> None:
    run("log", "squat", "100kg", "8")
    assert run("erase", "last").status != 0
    assert run("report", "records", "--json").json["exercises"]
