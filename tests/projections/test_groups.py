"""What is kept of summaries: what would be made from scratch, whatever came in whatever order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.chains import some_uuid
from support.facts import a_set
from support.ledgers import World, fold, histories, interleavings, reports

from events.quantities import DAY_MS, HOUR_MS
from projections import courses, exercised, habits, history, volume
from projections.ledger import Ledger
from projections.volume import WEEK_DAYS


@settings(max_examples=max(10, settings().max_examples // 3))
@given(histories(), st.sampled_from((HOUR_MS // 4, 6 * HOUR_MS, 3 * DAY_MS)), st.data())
def test_what_is_kept_of_stretches_days_and_weeks_is_what_would_be_made_anew(
    world: World, stretch_ms: int, data: st.DataObject
) -> None:
    order = data.draw(interleavings(world.records))
    fresh = reports(fold(world.records))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(courses, "STRETCH_MS", stretch_ms)
        patch.setattr(habits, "SEASON_MS", stretch_ms)
        patch.setattr(history, "WEEK_MS", stretch_ms)
        stepwise = Ledger()
        for record in order:
            stepwise.apply([record])
            reports(stepwise)
        half = len(order) // 2
        restored = Ledger.restore(fold(world.records[:half]).checkpoint())
        assert restored is not None
        for record in world.records[half:]:
            restored.apply([record])
            reports(restored)
        assert reports(stepwise) == fresh
        assert reports(restored) == fresh


def test_a_late_set_sums_up_anew_its_own_week_and_the_seasons_since(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    only = world.replica()
    for days in (400, 300, 200, 100, 0):
        only.write(a_set("back_squat", "100kg", 5, session=some_uuid(f"{days}")), before_now=days * DAY_MS)
    world.sync()
    ledger = fold(world.records)
    reports(ledger)
    made = {"weeks": 0, "seasons": 0}

    def counting(what: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*arguments: Any) -> Any:  # noqa: ANN401  # whatever it is given
            made[what] += 1
            return real(*arguments)

        return counted

    monkeypatch.setattr(volume, "week", counting("weeks", volume.week))
    monkeypatch.setattr(exercised, "go_on", counting("seasons", exercised.go_on))
    only.write(a_set("back_squat", "100kg", 5, session=some_uuid("late")), before_now=200 * DAY_MS)
    world.sync()
    ledger.apply(world.records[-1:])
    late = reports(ledger)
    assert made == {"weeks": 1, "seasons": 3}
    assert late == reports(fold(world.records))


def test_a_set_of_today_shows_the_sessions_of_its_week_anew_and_no_other() -> None:
    world = World()
    only = world.replica()
    for days in range(30):
        only.write(a_set("back_squat", "100kg", 5, session=some_uuid(f"{days}")), before_now=days * DAY_MS)
    world.sync()
    ledger = fold(world.records)
    former = ledger.report("sessions")["sessions"]
    only.write(a_set("back_squat", "100kg", 5, session=some_uuid("now")))
    world.sync()
    ledger.apply(world.records[-1:])
    rows = ledger.report("sessions")["sessions"]
    known = {id(row) for row in former}
    assert 0 < sum(id(row) not in known for row in rows) <= WEEK_DAYS + 1
    assert rows == fold(world.records).report("sessions")["sessions"]
