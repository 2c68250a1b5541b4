"""The report ``habits``: what a lifter does session after session, and what nobody can tell."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.chains import NOON_MS, some_uuid
from support.facts import a_drill, a_set, finish, start
from support.ledgers import World, fold, histories

from events import Body
from events.profile import ProfileChanged
from events.quantities import DAY_MS, MINUTE_MS, local_day
from projections.habits import top_pause
from projections.ledger import REPORTS, Ledger

TODAY = local_day(NOON_MS, 0)
"""A Saturday, 2025-11-22."""


def habits(ledger: Ledger, as_of: int | None = TODAY, *, explain: bool = False) -> dict[str, Any]:
    return ledger.report("habits", as_of, explain=explain)


def lived(*visits: tuple[int, list[Body]], settings: ProfileChanged | None = None) -> Ledger:
    """The ledger of some sessions, each so many days before today; what is said of each is a minute apart."""
    world = World()
    phone = world.replica()
    if settings is not None:
        phone.write(settings)
    for ago, bodies in visits:
        for minute, body in enumerate(bodies):
            phone.write(body, before_now=ago * DAY_MS - minute * MINUTE_MS)
    world.wait(DAY_MS)
    world.sync()
    return fold(world.records, batches=3)


def visit(number: int, *drills: Any, squat: bool = True, imported: bool = False) -> list[Body]:  # noqa: ANN401  (drill arguments)
    """A leg session with one set and some drills, each a kind and its seconds."""
    session = some_uuid("habit", number)
    batch = {"import_": some_uuid("batch")} if imported else {}
    done = [a_drill(kind, seconds, session=session) for kind, seconds in drills]
    lift = "back_squat" if squat else "bench_press"
    return [start(session, **batch), *done, a_set(lift, "60kg", 8, session=session, **batch)]


WARM = ("light_cardio", 11 * 60)
COOL = ("foam_rolling", 11 * 60)


def test_warm_ups_and_cool_downs_are_held_against_the_guides_minutes() -> None:
    ledger = lived(
        (4, visit(1, WARM, COOL)),
        (3, visit(2, ("light_cardio", 9 * 60), ("foam_rolling", 16 * 60))),
        (2, visit(3, ("dynamic_stretch", None))),
        (1, visit(4)),
    )
    report = habits(ledger)
    figures = ("done", "skipped", "untimed", "unknown", "under", "within", "over", "average_s")
    assert [report["warm_up"][figure] for figure in figures] == [3, 1, 1, 0, 1, 1, 0, 10 * 60]
    # The last two sessions are open: a cool-down may come yet.
    assert [report["cool_down"][figure] for figure in figures] == [2, 0, 0, 2, 0, 1, 1, 13 * 60 + 30]


def test_a_finished_session_without_a_cool_down_skipped_it() -> None:
    ledger = lived((1, [*visit(1, WARM), finish(some_uuid("habit", 1))]))
    assert habits(ledger)["cool_down"]["skipped"] == 1


def test_nobody_is_accused_of_a_warm_up_that_another_app_could_not_know_of() -> None:
    report = habits(lived((2, visit(1, imported=True)), (1, visit(2, WARM))))
    assert (report["warm_up"]["skipped"], report["warm_up"]["unknown"], report["warm_up"]["done"]) == (0, 1, 1)
    assert report["streaks"]["warm_up"] == {"current": 1, "longest": 1}


def test_only_leg_sessions_are_held_against_the_guide() -> None:
    report = habits(lived((2, visit(1, squat=False)), (1, visit(2))))
    assert (report["sessions"], report["leg_sessions"], report["warm_up"]["skipped"]) == (2, 1, 1)


def test_the_window_is_of_28_days() -> None:
    ledger = lived((28, visit(1)), (27, visit(2)))
    assert habits(ledger)["sessions"] == 1
    assert habits(ledger)["since"] == "2025-10-26"
    assert habits(ledger, TODAY + 1)["sessions"] == 0


def test_a_stretch_is_held_long_enough_for_30_seconds() -> None:
    session = some_uuid("habit", 1)
    holds: list[Body] = [
        a_drill("static_stretch", 30, muscle="hamstrings", session=session),
        a_drill("static_stretch", 29, muscle="gastrocnemius", session=session),
        a_drill("static_stretch", None, muscle="calves", session=session),
        a_drill("static_stretch", 45, muscle="adductors", side="left", session=session),
        a_drill("static_stretch", 45, session=session),
    ]
    stretches = habits(lived((1, [*visit(1), *holds])))["stretches"]
    figures = ("holds", "long_enough", "short", "untimed")
    assert [stretches[figure] for figure in figures] == [5, 3, 1, 1]
    by_muscle = {row["muscle"]: [row[figure] for figure in figures] for row in stretches["muscles"]}
    assert by_muscle == {
        "quadriceps": [0, 0, 0, 0],
        "hamstrings": [1, 1, 0, 0],
        "glutes": [0, 0, 0, 0],
        "calves": [2, 0, 1, 1],
        "adductors": [1, 1, 0, 0],
    }
    assert stretches["missing"] == ["quadriceps", "glutes"]


def test_drills_are_counted_by_kind_also_in_sessions_without_a_set() -> None:
    rolled = a_drill("foam_rolling", 300, session=some_uuid("mobility"))
    report = habits(lived((1, [rolled]), (0, visit(1, WARM))))
    assert {row["kind"]: (row["drills"], row["sessions"], row["seconds"]) for row in report["drills"]} == {
        "dynamic_stretch": (0, 0, 0),
        "light_cardio": (1, 1, 660),
        "static_stretch": (0, 0, 0),
        "foam_rolling": (1, 1, 300),
    }
    assert report["sessions"] == 1


def test_form_is_told_by_rating_by_week_and_by_the_lifts_it_was_poor_on() -> None:
    session = some_uuid("habit", 1)
    first: list[Body] = [a_set("leg_press", reps=8, form=form, session=session) for form in (2, 1, 4)]
    later: list[Body] = [a_set("back_squat", reps=8, form=5), a_set("leg_press", reps=8, form=1, kind="warm_up")]
    form = habits(lived((7, first), (0, later)))["form"]
    assert (form["rated"], form["average_milli"]) == (4, 3000)
    assert [row["sets"] for row in form["ratings"]] == [1, 1, 0, 1, 1]
    assert [(row["week"], row["rated"], row["average_milli"]) for row in form["weeks"]] == [
        ("2025-W46", 3, 2333),
        ("2025-W47", 1, 5000),
    ]
    assert form["poor"] == [{"exercise": "leg_press", "name": "Leg Press", "sets": 2, "day": "2025-11-15"}]


@pytest.mark.parametrize(
    ("tempo", "pause"),
    [("2-1-1-2", 2), ("3112", 2), ("30X0", 0), ("2/0/X/1", 1), ("3-1-1", None), ("slow", None), ("", None)],
)
def test_the_pause_at_the_top_is_the_last_of_four_figures(tempo: str, pause: int | None) -> None:
    assert top_pause(tempo) == pause


def test_calf_raises_are_to_pause_at_the_top() -> None:
    sets = [a_set("standing_calf_raise", reps=15, tempo=tempo) for tempo in ("2-0-1-1", "2-0-1-0", "slow")]
    tempo = habits(lived((0, [*sets, a_set("back_squat", reps=8, tempo="3-1-1-0")])))["tempo"]
    assert tempo == {"sets": 4, "calf_raises": 3, "paused_at_top": 1}


def test_a_streak_of_warm_ups_ends_where_one_was_skipped() -> None:
    ledger = lived((5, visit(1, WARM)), (4, visit(2, WARM)), (3, visit(3)), (2, visit(4, WARM)))
    assert habits(ledger)["streaks"]["warm_up"] == {"current": 1, "longest": 2}
    assert habits(ledger, TODAY - 3)["streaks"]["warm_up"] == {"current": 0, "longest": 2}


def test_a_week_that_is_not_over_breaks_no_streak() -> None:
    # Weeks begin on Mondays; today is Saturday, and this week has no leg session yet.
    ledger = lived((12, visit(1)), (17, visit(2)), (19, visit(3)), (0, visit(4, squat=False)))
    assert habits(ledger)["streaks"]["weeks"] == {"current": 2, "longest": 2}
    assert habits(ledger, TODAY + 1)["streaks"]["weeks"] == {"current": 0, "longest": 2}


def test_a_week_with_more_leg_sessions_than_meant_ends_a_streak() -> None:
    thrice = [(ago, visit(ago)) for ago in (8, 9, 10)]
    assert habits(lived((15, visit(1)), *thrice))["streaks"]["weeks"] == {"current": 0, "longest": 1}
    meant = ProfileChanged(sessions_per_week=3)
    assert habits(lived((15, visit(1)), *thrice, settings=meant))["streaks"]["weeks"]["longest"] == 1
    assert habits(lived(*thrice, settings=meant))["streaks"]["weeks"] == {"current": 1, "longest": 1}


def test_each_figure_names_the_events_behind_it() -> None:
    poor = a_set("leg_press", reps=8, form=2, session=some_uuid("habit", 1))
    report = habits(lived((1, [*visit(1, WARM), poor])), explain=True)
    [cardio] = report["drills"][1]["events"]
    assert report["warm_up"]["events"] == report["streaks"]["warm_up"]["events"] == [cardio]
    assert report["form"]["events"] == report["form"]["poor"][0]["events"] == report["form"]["weeks"][0]["events"]
    assert cardio in report["main"]["events"]
    assert report["cool_down"]["events"] == []


def test_without_any_training_there_is_nothing_to_tell() -> None:
    report = habits(Ledger(), None)
    assert (report["since"], report["sessions"], report["streaks"]["weeks"]) == (
        None,
        0,
        {"current": 0, "longest": 0},
    )


@given(histories(), st.integers(0, 30))
def test_every_leg_session_and_every_hold_is_counted_once(world: World, back: int) -> None:
    ledger = fold(world.records)
    if ledger.view.latest is not None:
        report = habits(ledger, ledger.view.latest - back)
        for phase in ("warm_up", "main", "cool_down"):
            told = report[phase]
            assert told["done"] + told.get("skipped", 0) + told["unknown"] == report["leg_sessions"]
            assert told["under"] + told["within"] + told["over"] + told.get("untimed", 0) == told["done"]
        for row in (report["stretches"], *report["stretches"]["muscles"]):
            assert row["long_enough"] + row["short"] + row["untimed"] == row["holds"]
        assert all(streak["current"] <= streak["longest"] for streak in report["streaks"].values())


@given(histories())
def test_explaining_reports_changes_none_of_their_figures_and_names_events_that_there_are(world: World) -> None:
    ledger = fold(world.records)
    for name in REPORTS:
        explained = ledger.report(name, explain=True)
        assert _without_events(explained) == _without_events(ledger.report(name))
        assert set(_events(explained)) <= {event.id for event in world.events}


def _without_events(value: Any) -> Any:  # noqa: ANN401  (JSON)
    match value:
        case dict():
            return {key: _without_events(member) for key, member in value.items() if key != "events"}
        case list():
            return [_without_events(member) for member in value]
        case _:
            return value


def _events(value: Any) -> Iterator[str]:  # noqa: ANN401  (JSON)
    match value:
        case dict():
            yield from value.get("events", ())
            for member in value.values():
                yield from _events(member)
        case list():
            for member in value:
                yield from _events(member)
