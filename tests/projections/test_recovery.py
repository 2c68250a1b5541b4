"""The report ``recovery``: how often the legs were trained, how long they rested, and how it felt."""

from __future__ import annotations

from typing import Any

import pytest
from support.chains import NOON_MS, some_uuid
from support.facts import a_set
from support.ledgers import World, fold, ledger_of

from events import Body
from events.body import DeloadEnded, DeloadStarted, Pain, ReadinessRated
from events.corrections import FactVoided
from events.profile import ProfileChanged
from events.quantities import DAY_MS, HOUR_MS, local_day
from events.training import ExerciseDefined
from projections.ledger import Ledger

TODAY = local_day(NOON_MS, 0)
"""A Saturday, 2025-11-22."""

LEFT_H = ((TODAY + 1) * DAY_MS - NOON_MS) // HOUR_MS
"""The hours that are left of it, UTC."""


def recovery(ledger: Ledger, as_of: int | None = TODAY, *, explain: bool = False) -> dict[str, Any]:
    return ledger.report("recovery", as_of, explain=explain)


def lived(*said: tuple[float, Body], settings: ProfileChanged | None = None, offset: int = 0) -> Ledger:
    """The ledger of what was said so many days before today's noon, in the order in which it was written."""
    world = World()
    phone = world.replica()
    if settings is not None:
        phone.write(settings)
    for ago, body in said:
        phone.write(body, before_now=round(ago * DAY_MS), offset=offset)
        world.wait(1)
    world.wait(DAY_MS)
    world.sync()
    return fold(world.records, batches=3)


def squats(number: int, **fields: Any) -> Body:  # noqa: ANN401  (fields of all types)
    return a_set("back_squat", "100kg", 10, session=some_uuid("visit", number), **fields)


def rated(**fields: Any) -> ReadinessRated:  # noqa: ANN401  (fields of all types)
    return ReadinessRated(rating=some_uuid(), **fields)


def test_a_week_tells_its_leg_sessions_and_how_they_lie_against_the_guides_one_or_two() -> None:
    per_week = {"2025-W44": (26, 25), "2025-W45": (), "2025-W46": (12, 11, 10)}
    said = [(ago, squats(ago)) for days in per_week.values() for ago in days]
    weeks = recovery(lived(*said, (0, a_set("bench_press", "60kg", 8))))["weeks"]
    assert [(week["week"], week["leg_sessions"], week["standing"]) for week in weeks] == [
        ("2025-W44", 2, "within"),
        ("2025-W45", 0, "under"),
        ("2025-W46", 3, "over"),
        ("2025-W47", 0, "begun"),
    ]
    assert (weeks[0]["sets"], weeks[0]["tonnage_g"], weeks[0]["fractional_milli"]) == (2, 2_000_000, 6_000)
    assert weeks[3]["sets"] == 0


@pytest.mark.parametrize(("own", "meant"), [(None, (1, 2)), (1, (1, 2)), (2, (2, 2)), (3, (3, 3))])
def test_what_is_meant_is_the_guides_or_the_lifters_own(own: int | None, meant: tuple[int, int]) -> None:
    told = recovery(lived((0, squats(1)), settings=ProfileChanged(sessions_per_week=own)))["meant"]
    assert (told["least"], told["most"]) == meant


def test_only_the_last_eight_weeks_are_shown() -> None:
    weeks = recovery(lived((100, squats(1)), (0, squats(2))))["weeks"]
    assert [len(weeks), weeks[0]["leg_sessions"], weeks[-1]["leg_sessions"]] == [8, 0, 1]


def test_hours_of_rest_are_counted_to_the_end_of_the_day_asked_for() -> None:
    ledger = lived((2, squats(1)), (1, a_set("seated_leg_curl", "40kg", 12)))
    hours = {row["muscle"]: row["hours"] for row in recovery(ledger)["muscles"]}
    assert (hours["quadriceps"], hours["hamstrings"]) == (48 + LEFT_H, 24 + LEFT_H)
    assert "chest" not in hours
    assert {row["muscle"]: row["hours"] for row in recovery(ledger, TODAY + 1)["muscles"]}[
        "hamstrings"
    ] == 48 + LEFT_H


def test_the_day_ends_on_the_lifters_own_clock_at_the_cut_off() -> None:
    [quadriceps, *_] = recovery(lived((1, squats(1)), offset=120))["muscles"]
    assert (quadriceps["hours"], quadriceps["offset"], quadriceps["day"]) == (22 + LEFT_H, 120, "2025-11-21")
    late = recovery(lived((1, squats(1)), offset=120, settings=ProfileChanged(day_cutoff_min=240)))
    assert late["muscles"][0]["hours"] == 26 + LEFT_H
    assert late["counted_to"] == (TODAY + 1) * DAY_MS + 2 * HOUR_MS


def test_a_muscle_that_an_exercise_leaves_out_was_not_trained() -> None:
    own = ExerciseDefined(exercise="own", name="Sled thing", muscles={"glutes": 1000, "core": 0})
    ledger = lived((1, own), (0, a_set("own", reps=8)))
    assert [row["muscle"] for row in recovery(ledger)["muscles"]] == ["glutes"]


def test_a_void_set_leaves_the_rest_that_was_before_it() -> None:
    last = squats(2)
    ledger = lived((2, squats(1)), (1, last), (0, FactVoided(target=getattr(last, "set"))))  # noqa: B009  (a Body)
    assert recovery(ledger)["muscles"][0]["day"] == "2025-11-20"


def test_of_several_ratings_in_a_day_the_last_of_each_figure_holds() -> None:
    first = rated(fatigue=3, sleep_min=450, soreness={"quadriceps": 5, "glutes": 1}, pain=Pain("knee"))
    later = rated(fatigue=6, soreness={"quadriceps": 7}, pain=Pain("hip", some_uuid("slot")))
    [day] = recovery(lived((0, first), (0, later)))["days"]
    assert (day["day"], day["fatigue"], day["sleep_min"]) == ("2025-11-22", 6, 450)
    assert {row["muscle"]: row["soreness"] for row in day["soreness"]} == {"quadriceps": 7, "glutes": 1}
    assert [(hurts["site"], hurts["slot"]) for hurts in day["pain"]] == [("knee", None), ("hip", some_uuid("slot"))]


def test_ratings_of_the_last_28_days_are_shown() -> None:
    days = recovery(lived((28, rated(fatigue=1)), (27, rated(fatigue=2)), (0, rated(fatigue=3))))["days"]
    assert [day["fatigue"] for day in days] == [2, 3]


@pytest.mark.parametrize(
    ("ratings", "days"),
    [
        ({2: 7, 1: 8, 0: 9}, 3),
        ({4: 7, 2: 8, 0: 9}, 3),
        ({2: 7, 1: 6, 0: 9}, None),
        ({1: 8, 0: 9}, None),
        ({9: 9, 8: 9, 7: 9}, None),
        ({3: 9, 2: 9, 1: 9, 0: 2}, None),
    ],
)
def test_what_was_high_on_the_last_three_rated_days_stays_high(ratings: dict[int, int], days: int | None) -> None:
    fatigue = [(float(ago), rated(fatigue=figure)) for ago, figure in ratings.items()]
    sore = [(float(ago), rated(soreness={"glutes": figure})) for ago, figure in ratings.items()]
    expected = [] if days is None else [days]
    assert [row["days"] for row in recovery(lived(*fatigue))["stays_high"]] == expected
    high = recovery(lived(*sore))["stays_high"]
    assert [(row["what"], row["muscle"], row["days"]) for row in high] == [
        ("soreness", "glutes", number) for number in expected
    ]


def test_deloads_are_told_running_and_past() -> None:
    ledger = lived(
        *((20, DeloadEnded()), (10, DeloadStarted(reason="Tired.")), (9, DeloadStarted()), (3, DeloadEnded())),
        (1, DeloadStarted()),
    )
    now, past = recovery(ledger)["deloads"]
    assert (now["since"], now["until"], now["running"]) == ("2025-11-21", None, True)
    assert (past["since"], past["until"], past["reason"]) == ("2025-11-12", "2025-11-19", "Tired.")
    [then] = recovery(ledger, TODAY - 5)["deloads"]
    assert then["running"]


def test_each_figure_names_the_events_behind_it() -> None:
    ledger = lived((1, squats(1)), (0, rated(fatigue=8)))
    report = recovery(ledger, explain=True)
    [event] = report["weeks"][-1]["events"]
    assert {row["event"] for row in report["muscles"]} == {event}
    assert len(report["days"][0]["events"]) == 1


def test_without_any_fact_there_is_nothing_to_tell() -> None:
    report = recovery(ledger_of(), None)
    assert (report["weeks"], report["muscles"], report["days"], report["deloads"]) == ([], [], [], [])
    assert (report["counted_to"], report["stays_high"]) == (None, [])
