"""Histories that people exported from their training apps find their exercises."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from events.catalogue import catalogue

EXPORTS = Path(__file__).parents[4] / "shared" / "data"
EXERCISE_COLUMNS = {
    "strong_english_kg.csv": "Exercise Name",
    "strong_chinese_headers_lb.csv": "运动名称",
    "strong_rest_timer.csv": "Exercise Name",
    "hevy_kg.csv": "exercise_title",
    "fitnotes_weight_unit.csv": "Exercise",
}


@pytest.mark.skipif(not EXPORTS.exists(), reason="real exports are kept beside the repository, not in it")
@pytest.mark.parametrize("export", EXERCISE_COLUMNS)
def test_at_least_95_percent_of_the_rows_of_a_real_export_find_their_exercise(export: str) -> None:
    with (EXPORTS / export).open(encoding="utf-8-sig", newline="") as lines:
        names = Counter(row[EXERCISE_COLUMNS[export]] for row in csv.DictReader(lines))
    found = sum(rows for name, rows in names.items() if catalogue().match(name))
    assert found >= 0.95 * names.total()
