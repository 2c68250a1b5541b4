"""The report ``performance``: what is compared, what is best, and what it beat."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.chains import some_uuid
from support.diary_world import TODAY, ledger_of_days
from support.ledgers import World, fold

from events.body import TestPerformed
from events.corrections import FactVoided
from events.errors import UnsoundError
from projections.ledger import Ledger


def a_test(kind: str, **figures: Any) -> TestPerformed:  # noqa: ANN401  (fields of all types)
    """A test of performance."""
    return TestPerformed(test=some_uuid(), kind=kind, **figures)


def sprint(seconds_milli: int, distance_mm: int = 40_000) -> TestPerformed:
    """A sprint of 40 m."""
    return a_test("sprint", distance_mm=distance_mm, seconds_milli=seconds_milli)


def rows_of(ledger: Ledger, **asked: Any) -> list[dict[str, Any]]:  # noqa: ANN401  (options)
    """The rows of the report."""
    rows: list[dict[str, Any]] = ledger.report("performance", **asked)["tests"]
    return rows


def test_a_sprint_is_better_the_shorter_it_takes_and_only_over_its_distance() -> None:
    ledger = ledger_of_days((9, sprint(5300)), (5, sprint(5200)), (2, sprint(5250)), (1, sprint(3000, 20_000)))
    shorter, longer = rows_of(ledger)
    assert (shorter["distance_mm"], longer["distance_mm"]) == (20_000, 40_000)
    assert longer["best"]["seconds_milli"] == 5200
    assert [entry["beat"] and entry["beat"]["seconds_milli"] for entry in longer["timeline"]] == [None, 5300]
    assert (longer["change"], longer["change_permille"], longer["improved"]) == (-50, -9, True)
    assert longer["best"]["speed_mm_s"] == 7692


def test_a_jump_is_better_the_higher_it_goes() -> None:
    [jump] = rows_of(ledger_of_days(*((9 - n, a_test("jump", height_mm=mm)) for n, mm in enumerate((500, 480, 520)))))
    assert (jump["aim"], jump["best"]["height_mm"], jump["change"], jump["improved"]) == ("highest", 520, 20, True)
    assert [result["value"] for result in jump["results"]] == [500, 480, 520]


def test_how_far_in_a_set_time_is_no_test_of_how_long_a_distance_takes() -> None:
    ledger = ledger_of_days(
        (3, a_test("endurance", distance_mm=2_700_000, seconds_milli=720_000, aim="farthest")),
        (2, a_test("endurance", distance_mm=2_800_000, seconds_milli=720_000, aim="farthest")),
        (1, a_test("endurance", distance_mm=5_000_000, seconds_milli=1_470_000)),
    )
    cooper, run = rows_of(ledger)
    assert (cooper["seconds_milli"], cooper["distance_mm"], cooper["best"]["distance_mm"]) == (
        720_000,
        None,
        2_800_000,
    )
    assert (run["seconds_milli"], run["distance_mm"], run["count"]) == (None, 5_000_000, 1)


@pytest.mark.parametrize(
    ("figures", "aim"),
    [
        ({"height_mm": 500, "seconds_milli": 600}, "highest"),
        ({"distance_mm": 5_000_000, "seconds_milli": 1_470_000}, "shortest_time"),
        ({"distance_mm": 2_400}, "farthest"),
        ({"seconds_milli": 90_000}, "longest_time"),
        ({"seconds_milli": 9_800, "aim": "shortest_time"}, "shortest_time"),
    ],
)
def test_the_figures_tell_what_is_better_unless_it_is_said(figures: dict[str, Any], aim: str) -> None:
    [row] = rows_of(ledger_of_days((0, a_test("agility", **figures))))
    assert row["aim"] == aim


def test_a_time_alone_is_to_be_short_in_a_sprint() -> None:
    [row] = rows_of(ledger_of_days((0, a_test("sprint", seconds_milli=5_000))))
    assert row["aim"] == "shortest_time"


def test_an_aim_without_its_figure_is_refused() -> None:
    with pytest.raises(UnsoundError, match="has a figure for it"):
        a_test("agility", seconds_milli=9_800, aim="highest")


def test_a_voided_best_cedes_to_the_former_one() -> None:
    world = World()
    only = world.replica()
    only.write(sprint(5300))
    world.wait(1)
    best = sprint(5000)
    only.write(best)
    only.write(FactVoided(target=best.test))
    world.sync()
    assert rows_of(fold(world.records))[0]["best"]["seconds_milli"] == 5300


def test_explained_a_test_names_all_its_events() -> None:
    [row] = rows_of(ledger_of_days((1, sprint(5300)), (0, sprint(5200))), explain=True)
    assert row["events"] == [result["event"] for result in row["results"]]


@given(st.lists(st.tuples(st.integers(0, 60), st.sampled_from([5000, 5100, 5200, 5300])), max_size=20))
def test_each_best_is_better_than_all_before_and_beat_the_one_that_was_best(said: list[tuple[int, int]]) -> None:
    ledger = ledger_of_days(*((back, sprint(milliseconds)) for back, milliseconds in said))
    ordered = [milliseconds for _, milliseconds in sorted(said, key=lambda one: -one[0])]
    bests = [now for number, now in enumerate(ordered) if all(now < before for before in ordered[:number])]
    rows = rows_of(ledger, as_of=TODAY)
    assert [entry["seconds_milli"] for row in rows for entry in row["timeline"]] == bests
    beaten = [entry["beat"] and entry["beat"]["seconds_milli"] for row in rows for entry in row["timeline"]]
    assert beaten == [None, *bests][: len(bests)]
