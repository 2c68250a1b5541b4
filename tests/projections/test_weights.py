"""The body's own weight in the records: that of the day of each set, whenever it was logged."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.facts import a_set
from support.ledgers import World, fold, histories, interleavings, ledger_of, reports
from support.weigh_ins import body_weight_sets, measured, weigh_ins

from events.corrections import EventErased, FactCorrected, FactVoided
from events.quantities import DAY_MS, parse_day
from projections import exercised
from projections.ledger import Ledger

weighed_histories = histories(st.one_of(body_weight_sets, weigh_ins), 30)


def pull_up(ledger: Ledger, as_of: int | None = None) -> dict[str, Any]:
    """The records of the pull-up."""
    entries: list[dict[str, Any]] = ledger.report("records", as_of)["exercises"]
    return next(entry for entry in entries if entry["exercise"] == "pull_up")


@given(weighed_histories, st.data())
def test_weights_that_arrive_late_count_as_if_they_had_always_been_there(world: World, data: st.DataObject) -> None:
    asked = Ledger()
    for record in data.draw(interleavings(world.records)):
        asked.apply([record])
        asked.report("records")
    straight = fold(world.records)
    assert reports(asked) == reports(straight)
    if straight.latest_day is not None:
        as_of = parse_day(straight.latest_day) - data.draw(st.integers(0, 40))
        assert reports(asked, as_of) == reports(straight, as_of)


@given(weighed_histories, st.floats(0, 1))
def test_weights_that_arrive_after_a_checkpoint_change_what_depends_on_them(world: World, share: float) -> None:
    half = round(share * len(world.records))
    restored = Ledger.restore(fold(world.records[:half]).checkpoint())
    assert restored is not None
    restored.report("records")
    for record in world.records[half:]:
        restored.apply([record])
        restored.report("records")
    assert reports(restored) == reports(fold(world.records))
    again = Ledger.restore(restored.checkpoint())
    assert again is not None
    assert reports(again) == reports(restored)


def test_a_body_weight_lift_is_estimated_from_the_weight_of_its_day() -> None:
    ledger = ledger_of(measured("body_weight", "80", "kg"), a_set("pull_up", "bw+20kg", 6))
    found = pull_up(ledger)
    assert found["e1rm"]["grams"] == 120_000
    assert found["e1rm"]["valid"] is False  # the rule: 1 to 10 reps of a multi-joint free-weight lift
    assert found["e1rm"]["body_weight"]["grams"] == 80_000
    assert found["body_weight_known"] is True


@pytest.mark.parametrize(("load", "grams"), [("bw", 80_000), ("bw+10kg", 90_000), ("bw-15kg", 65_000)])
def test_help_is_taken_off_and_what_is_added_is_added(load: str, grams: int) -> None:
    ledger = ledger_of(measured("body_weight", "80", "kg"), a_set("pull_up", load, 1))
    assert pull_up(ledger)["e1rm"]["grams"] == grams


def test_help_of_more_than_the_body_weighs_leaves_nothing_to_estimate() -> None:
    ledger = ledger_of(measured("body_weight", "60", "kg"), a_set("pull_up", "bw-70kg", 5))
    assert pull_up(ledger)["e1rm"] is None


def test_each_set_has_the_latest_weight_on_or_before_its_day() -> None:
    world = World()
    only = world.replica()
    for day, kilograms in ((0, "70"), (10, "80"), (20, "90")):
        only.write(measured("body_weight", kilograms, "kg"), before_now=(30 - day) * DAY_MS)
    only.write(a_set("pull_up", "bw", 1), before_now=15 * DAY_MS)
    world.sync()
    assert pull_up(fold(world.records))["e1rm"]["grams"] == 80_000


def test_a_weight_of_the_same_day_counts_though_it_was_taken_after_the_set() -> None:
    ledger = ledger_of(a_set("pull_up", "bw", 1), measured("body_weight", "80", "kg"))
    assert pull_up(ledger)["e1rm"]["grams"] == 80_000


def test_of_a_set_before_the_first_weigh_in_nothing_is_estimated_and_that_is_said() -> None:
    world = World()
    only = world.replica()
    only.write(a_set("pull_up", "bw", 5))
    world.wait(DAY_MS)
    only.write(measured("body_weight", "80", "kg"))
    world.sync()
    found = pull_up(fold(world.records))
    assert (found["e1rm"], found["body_weight_known"]) == (None, False)


def test_a_weight_that_is_corrected_voided_or_erased_is_so_in_the_estimate() -> None:
    world = World()
    only = world.replica()
    first = measured("body_weight", "80", "kg")
    only.write(first)
    world.wait(DAY_MS)
    second = measured("body_weight", "90", "kg")
    weighed = only.write(second)
    only.write(a_set("pull_up", "bw", 1))
    grams = []
    for body in (
        FactCorrected(target=second.measurement, changes={"value": {"milli": 85_000, "unit": "kg"}}),
        FactVoided(target=first.measurement),
        EventErased(target=weighed.id),
    ):
        only.write(body)
        world.sync()
        estimate = pull_up(fold(world.records, batches=len(world.records)))["e1rm"]
        grams.append(None if estimate is None else estimate["grams"])
    assert grams == [85_000, 85_000, None]


def test_a_weigh_in_sums_up_anew_only_the_exercises_that_it_bears_on(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    only = world.replica()
    only.write(a_set("pull_up", "bw", 5), before_now=2 * DAY_MS)
    only.write(a_set("push_up", "bw+10kg", 5))
    only.write(a_set("back_squat", "100kg", 5))
    world.sync()
    ledger = Ledger.restore(fold(world.records).checkpoint())
    assert ledger is not None
    only.write(measured("body_weight", "80", "kg"))
    only.write(measured("thigh", "58", "cm"))
    world.sync()
    summed: list[str] = []

    def summarise(stretches: Any, exercise: Any, *rest: Any) -> Any:  # noqa: ANN401  (whatever it is given)
        summed.append(exercise.id)
        return real(stretches, exercise, *rest)

    real = exercised.summarise
    monkeypatch.setattr(exercised, "summarise", summarise)
    ledger.apply(world.records[-2:])
    ledger.report("records")
    assert summed == ["push_up"]
