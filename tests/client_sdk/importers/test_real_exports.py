"""Real exports, where they are at hand: every row is accounted for."""

from __future__ import annotations

from pathlib import Path

import pytest

from client_sdk.importers import Reading, plan, read
from events.catalogue import catalogue
from events.codec import encode_body
from events.quantities import Unit

DATA = Path(__file__).parents[4] / "shared" / "data"
IN_NOVEMBER_2026 = 1_795_000_000_000

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="real exports are not part of the project")


def imported(file: str, unit: Unit | None = None) -> Reading:
    data = (DATA / f"{file}.csv").read_bytes()
    reading = read(data, at=IN_NOVEMBER_2026, catalogue=catalogue(), unit=unit, timezone="Europe/Berlin")
    assert isinstance(reading, Reading), reading
    return reading


@pytest.mark.parametrize(
    ("file", "unit", "dialect", "counts"),
    [
        ("strong_english_kg", "kg", "strong-comma", (2078, 2078, 129, 0)),
        ("strong_chinese_headers_lb", "lb", "strong-comma-translated", (6778, 6778, 384, 5275)),
        ("strong_rest_timer", "kg", "strong-comma", (16, 8, 1, 0)),
        ("hevy_kg", None, "hevy-kg-km", (330, 330, 17, 0)),
        ("fitnotes_weight_unit", None, "fitnotes-unit-column", (2495, 2495, 124, 0)),
    ],
)
def test_every_row_is_accounted_for(file: str, unit: Unit | None, dialect: str, counts: tuple[int, ...]) -> None:
    reading = imported(file, unit)
    assert reading.dialect == dialect
    assert (reading.rows, reading.sets, len(reading.sessions), reading.loads_recovered) == counts
    assert len(reading.skipped) == reading.rows - reading.sets
    drafts = plan(reading, known=lambda _: None)
    for draft in drafts:
        encode_body(draft.body)
    told = {draft.id: draft for draft in drafts if draft.id}
    assert len(told) == len(drafts)
    assert plan(reading, known=told.get) == []


def test_rest_timers_say_where_they_went() -> None:
    reading = imported("strong_rest_timer", "kg")
    kept = [remark for remark in reading.skipped if "kept with the set" in remark.reason]
    left_out = [remark for remark in reading.skipped if "no set of the exercise follows" in remark.reason]
    assert (len(kept), len(left_out)) == (4, 4)


def test_sessions_that_the_app_exported_twice_are_told() -> None:
    remarks = imported("strong_chinese_headers_lb", "lb").remarks
    assert len(remarks) == 29
    assert all("repeated word for word" in remark.reason for remark in remarks)
