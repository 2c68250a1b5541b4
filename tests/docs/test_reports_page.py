"""docs/reference/reports.md names every report and every key that a report has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from support.facts import a_drill

from client_sdk import Load, Replica
from events.body import DeloadStarted, Pain, ReadinessRated
from events.catalogue import MATRICES, MUSCLES, Equipment, Pattern
from events.catalogue import catalogue as the_catalogue
from events.guide import MAIN_ROUTINE
from events.programs import DayAdded, ProgramActivated, ProgramCreated, SlotAdded
from projections.ledger import REPORTS, Ledger
from projections.log import LOG
from projections.volume import band

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "reports.md").read_text("utf-8")
NAMED = set(re.findall(r"\w+", " ".join(re.findall(r"`([^`\n]+)`", PAGE))))

_MATRIX_ROW = re.compile(r"^\| (`\w+`(?:, `\w+`)*) \| ([01. 5]+) \| ([01. 5]+) \|$", re.MULTILINE)
_COLUMNS = (
    *("quadriceps", "hamstrings", "glutes", "adductors"),
    *("gastrocnemius", "soleus", "spinal_erectors", "core"),
)


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    """A little of everything that reports speak of."""
    phone, tablet = Replica.in_memory(), Replica.in_memory()
    program, day, slot = phone.new_id(), phone.new_id(), phone.new_id()
    phone.log(ProgramCreated(program=program, name="Legs"))
    phone.log(DayAdded(program=program, day=day, name="A", rank="m"))
    phone.log(SlotAdded(program=program, day=day, slot=slot, rank="m", exercise="back_squat", reps_max=8, sets=2))
    phone.log(ProgramActivated(program=program))
    phone.start_session(title="Legs", program=program, program_day=day)
    for number, kind in enumerate(("light_cardio", "static_stretch")):
        phone.log(a_drill(kind, session=str(phone.store.local().session), muscle="calves", distance_mm=number))
    for _ in range(3):
        rated = {"fatigue": 8, "sleep_min": 400, "soreness": {"glutes": 9}, "pain": Pain("knee")}
        phone.log(ReadinessRated(rating=phone.new_id(), **rated))
    phone.log(DeloadStarted())
    said: dict[str, Any] = {"rpe_tenths": 80, "rir_tenths": 20, "form": 2, "rest_s": 90, "superset": "A", "note": "x"}
    said |= {"tempo": "2-1-1"}
    phone.log_set("back_squat", load=Load(100_000, "kg"), reps=8, **said)
    for side in ("left", "right"):
        phone.log_set("forward_lunge", load=Load(20_000, "kg"), reps=10, side=side)
    phone.log_set("running", seconds=1500, distance_mm=5_000_000)
    phone.log_set("plank", seconds=90, load_kind="bodyweight")
    phone.finish_session()
    target = phone.report("sessions")["sessions"][0]["exercises"][0]["sets"][0]["set"]
    phone.correct(target, reps=7, colour="red")
    tablet.correct(target, reps=9)
    both = Ledger()
    both.apply(record for replica in (phone, tablet) for _, record in replica.store.pending())
    return both


def test_the_page_has_every_report_and_no_other() -> None:
    listed = re.findall(r"^\| \[`(\w+)`\]\(#\w+\) \|", PAGE, re.MULTILINE)
    assert listed == [*REPORTS, LOG]


@pytest.mark.parametrize("name", REPORTS)
def test_every_key_of_a_report_is_on_the_page(ledger: Ledger, name: str) -> None:
    report = ledger.report(name, explain=True)
    rows = next(value for key, value in report.items() if isinstance(value, list))
    assert rows, "the example must have something to show"
    on_the_page_of_facts = set(SlotAdded.__struct_encode_fields__) if name == "programs" else set()
    assert set(_keys(report)) - NAMED - on_the_page_of_facts == set()


def test_every_key_of_the_log_is_on_the_page() -> None:
    phone = Replica.in_memory()
    phone.log_set("back_squat", load=Load(100_000, "kg"), reps=8)
    assert set(_keys(phone.report("log"))) - NAMED == set()


def test_muscles_movements_equipment_and_matrices_are_all_named() -> None:
    matrices = set(re.findall(r"`([\w-]+@\d)`", PAGE))
    assert {*MUSCLES, *get_args(Pattern), *get_args(Equipment), *MAIN_ROUTINE} - NAMED == set()
    assert matrices == set(MATRICES)


def test_the_table_of_the_two_matrices_is_that_of_the_catalogue() -> None:
    rows = _MATRIX_ROW.findall(PAGE)
    assert len(rows) == 10
    for exercises, *columns in rows:
        for exercise in re.findall(r"\w+", exercises):
            for matrix, shares in zip(MATRICES, columns, strict=True):
                told = [int(float(share) * 1000) for share in shares.split()]
                has = the_catalogue().shares(exercise, matrix)
                assert told == [has.get(muscle, 0) for muscle in _COLUMNS], (exercise, matrix)


def test_the_table_of_bands_is_that_of_the_code() -> None:
    for level, edges in (("beginner", (5, 10, 20)), ("experienced", (5, 12, 25))):
        low, moderate, most = (edge * 1000 for edge in edges)
        assert [band(low - 1, level), band(low, level)] == ["low", "moderate"]
        assert [band(moderate - 1, level), band(moderate, level)] == ["moderate", "high"]
        assert [band(most, level), band(most + 1, level)] == ["high", "very_high"]
    assert "| `moderate` | 5 to under 10 | 5 to under 12 |\n| `high` | 10 to 20 | 12 to 25 |" in PAGE


def _keys(value: object) -> Iterator[str]:
    match value:
        case dict():
            for key, member in value.items():
                yield key
                yield from _keys(member)
        case list():
            for member in value:
                yield from _keys(member)
        case _:
            pass
