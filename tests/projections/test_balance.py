"""The report ``balance``: the acceptance figures of the guide's session, and what tips the scales."""

from __future__ import annotations

from typing import Any

import pytest
from support.chains import NOON_MS, some_uuid
from support.facts import a_set
from support.ledgers import World, fold, ledger_of

from events.guide import MAIN_ROUTINE
from events.profile import ProfileChanged
from events.quantities import DAY_MS, local_day
from events.training import ExerciseDefined, SetLogged
from projections.ledger import Ledger

TODAY = local_day(NOON_MS, 0)


def guide_session(hinge: str = "conventional_deadlift") -> list[SetLogged]:
    """One session of the guide; the lunges are three sets per leg."""
    routine = {hinge if lift == "conventional_deadlift" else lift: sets for lift, sets in MAIN_ROUTINE.items()}
    done = [a_set(lift, reps=10) for lift, sets in routine.items() if lift != "forward_lunge" for _ in range(sets)]
    lunges = [a_set("forward_lunge", reps=10, side=side) for _ in range(3) for side in ("left", "right")]
    return done + lunges


def balance(ledger: Ledger, as_of: int | None = None) -> dict[str, Any]:
    return ledger.report("balance", as_of)


def ratio(ledger: Ledger, name: str) -> tuple[int, int, int | None]:
    (found,) = (entry for entry in balance(ledger)["ratios"] if entry["name"] == name)
    return found["numerator_milli"], found["denominator_milli"], found["ratio_milli"]


def fractional(ledger: Ledger) -> dict[str, int]:
    return {name: shown["fractional_milli"] for name, shown in balance(ledger)["muscles"].items()}


def test_a_session_of_the_guide_by_the_evidence() -> None:
    ledger = ledger_of(*guide_session())
    done = fractional(ledger)
    names = ("quadriceps", "hamstrings", "glutes", "adductors", "gastrocnemius", "soleus", "spinal_erectors")
    assert [done[name] for name in names] == [13_000, 5_000, 11_500, 9_500, 4_000, 4_000, 6_000]
    assert ratio(ledger, "hamstrings:quadriceps") == (5_000, 13_000, 385)


def test_romanian_deadlifts_instead_lift_the_hamstrings() -> None:
    ledger = ledger_of(*guide_session("romanian_deadlift"))
    assert ratio(ledger, "hamstrings:quadriceps") == (7_000, 11_000, 636)


def test_a_session_of_the_guide_by_its_own_words() -> None:
    ledger = ledger_of(*guide_session(), ProfileChanged(matrix="seed-guide@1"))
    done = fractional(ledger)
    names = ("quadriceps", "hamstrings", "glutes", "gastrocnemius", "soleus", "spinal_erectors")
    assert [done[name] for name in names] == [11_000, 11_000, 11_000, 4_000, 0, 4_000]
    assert ratio(ledger, "hamstrings:quadriceps") == (11_000, 11_000, 1000)
    assert ratio(ledger, "gastrocnemius:soleus") == (4_000, 0, None)


def test_ratios_come_in_the_order_of_the_domain() -> None:
    assert [entry["name"] for entry in balance(ledger_of(*guide_session()))["ratios"]] == [
        "hamstrings:quadriceps",
        "glutes:quadriceps",
        "calves:quadriceps",
        "gastrocnemius:soleus",
        "upper:lower",
        "push:pull",
        "hinge:squat",
    ]


def test_a_set_counts_for_the_calves_by_the_larger_share_and_once() -> None:
    ledger = ledger_of(a_set("standing_calf_raise", reps=15), a_set("seated_calf_raise", reps=15), a_set(reps=8))
    assert ratio(ledger, "calves:quadriceps") == (2_000, 1_000, 2_000)
    assert ratio(ledger, "gastrocnemius:soleus") == (1_000, 2_000, 500)


def test_movements_are_weighed_in_whole_sets() -> None:
    lifts = ["back_squat", "conventional_deadlift", "romanian_deadlift", "bench_press", "pull_up", "mystery"]
    ledger = ledger_of(*(a_set(lift, reps=8) for lift in lifts))
    assert ratio(ledger, "upper:lower") == (2_000, 3_000, 667)
    assert ratio(ledger, "push:pull") == (1_000, 1_000, 1_000)
    assert ratio(ledger, "hinge:squat") == (2_000, 1_000, 2_000)


def test_a_custom_exercise_is_weighed_by_the_pattern_it_was_given() -> None:
    own = ExerciseDefined(exercise="zercher", name="Zercher", pattern="squat", equipment="barbell")
    odd = ExerciseDefined(exercise="odd", name="Odd", pattern="wiggle", equipment="broom")
    ledger = ledger_of(a_set("zercher", reps=8), a_set("odd", reps=8), own, odd)
    assert ratio(ledger, "hinge:squat") == (0, 1_000, 0)


def test_shares_are_of_all_that_was_done() -> None:
    muscles = balance(ledger_of(a_set("seated_leg_curl", reps=8)))["muscles"]
    assert muscles["hamstrings"] == {"fractional_milli": 1_000, "share_permille": 1_000}
    assert muscles["quadriceps"] == {"fractional_milli": 0, "share_permille": 0}


def test_without_training_nothing_is_weighed_and_nothing_neglected() -> None:
    report = balance(ledger_of())
    assert {shown["share_permille"] for shown in report["muscles"].values()} == {0}
    assert {entry["ratio_milli"] for entry in report["ratios"]} == {None}
    assert (report["neglected"], report["sides"], report["as_of"]) == ([], [], None)


def trained(*days_ago: int, bodies: list[SetLogged]) -> Ledger:
    """The ledger of the same training on several days."""
    world = World()
    phone = world.replica()
    for ago in days_ago:
        for body in bodies:
            phone.write(a_set(body.exercise, reps=body.reps, side=body.side), before_now=ago * DAY_MS)
    world.sync()
    return fold(world.records)


@pytest.mark.parametrize(("ago", "sets"), [(0, 1_000), (27, 1_000), (28, 0)])
def test_the_window_is_the_28_days_that_end_on_the_day_asked_for(ago: int, sets: int) -> None:
    ledger = trained(ago, bodies=[a_set(reps=8)])
    assert balance(ledger, TODAY)["muscles"]["quadriceps"]["fractional_milli"] == sets


def test_the_guide_neglects_nothing_that_it_trains() -> None:
    ledger = trained(0, 7, 14, 21, bodies=guide_session())
    assert balance(ledger)["neglected"] == []


def test_a_muscle_under_half_of_the_guides_sets_is_neglected() -> None:
    quadriceps_only = [a_set("leg_press", reps=8) for _ in range(13)]
    ledger = ledger_of(*quadriceps_only)
    neglected = balance(ledger)["neglected"]
    assert "hamstrings" in neglected
    assert "quadriceps" not in neglected


def test_what_is_expected_grows_with_the_sessions_a_week() -> None:
    half = [a_set("seated_leg_curl", reps=8) for _ in range(3)]
    assert "hamstrings" not in balance(ledger_of(*half))["neglected"]
    assert "hamstrings" in balance(ledger_of(*half, ProfileChanged(sessions_per_week=2)))["neglected"]


def test_what_is_expected_is_averaged_over_the_weeks_since_the_first_session() -> None:
    enough_for_a_week = [a_set("seated_leg_curl", reps=8) for _ in range(3)]
    assert "hamstrings" not in balance(trained(0, bodies=enough_for_a_week), TODAY + 6)["neglected"]
    assert "hamstrings" in balance(trained(0, bodies=enough_for_a_week), TODAY + 7)["neglected"]


# Left and right.


def lunges(*sessions: tuple[str, str]) -> Ledger:
    """The ledger of one session a day, each with the load that the left and the right leg took."""
    world = World()
    phone = world.replica()
    for number, loads in enumerate(sessions):
        world.wait(DAY_MS)
        for side, load in zip(("left", "right"), loads, strict=True):
            if load:
                phone.write(a_set("forward_lunge", load, 10, side=side, session=some_uuid("lunges", number)))
    world.sync()
    return fold(world.records)


def sides(ledger: Ledger) -> dict[str, Any]:
    (found,) = balance(ledger)["sides"]
    assert isinstance(found, dict)
    return found


def test_a_side_is_called_stronger_after_three_sessions_that_agree() -> None:
    leaning = ("24kg", "20kg")
    assert sides(lunges(leaning, leaning))["stronger"] is None
    assert sides(lunges(leaning, leaning, leaning))["stronger"] == "left"
    assert sides(lunges(leaning, ("20kg", "24kg"), leaning))["flagged"] is False


@pytest.mark.parametrize(
    ("right", "stronger"), [("20kg", None), ("21kg", None), ("21.1kg", "right"), ("22kg", "right")]
)
def test_a_difference_within_the_noise_says_nothing(right: str, stronger: str | None) -> None:
    assert sides(lunges(*[("20kg", right)] * 3))["stronger"] == stronger


def test_a_session_of_one_side_alone_says_nothing_of_both() -> None:
    leaning = ("24kg", "20kg")
    shown = sides(lunges(leaning, ("30kg", ""), leaning))
    assert (shown["sessions"], shown["stronger"]) == (2, None)
    assert (shown["left"]["sets"], shown["right"]["sets"]) == (3, 2)


def test_sides_are_shown_with_best_set_reps_and_tonnage() -> None:
    left = sides(lunges(("24kg", "20kg"), ("26kg", "20kg")))["left"]
    assert (left["sets"], left["reps"], left["tonnage_g"]) == (2, 20, 500_000)
    assert left["best"]["load"] == {"milli": 26_000, "unit": "kg"}


def test_without_load_the_sides_are_compared_by_what_was_done() -> None:
    world = World()
    phone = world.replica()
    for number in range(3):
        for side, reps in (("left", 12), ("right", 8)):
            phone.write(a_set("forward_lunge", "bw", reps, side=side, session=some_uuid(number)))
    world.sync()
    assert sides(fold(world.records))["stronger"] == "left"


def test_a_side_that_was_never_trained_has_no_best_set() -> None:
    assert sides(lunges(("24kg", "")))["right"] == {"sets": 0, "reps": 0, "tonnage_g": 0, "best": None}


def test_a_side_that_does_more_is_told_apart_from_the_stronger_one() -> None:
    world = World()
    phone = world.replica()
    for number in range(3):
        world.wait(DAY_MS)
        for side, sets in (("left", 3), ("right", 2)):
            for _ in range(sets):
                phone.write(a_set("forward_lunge", "20kg", 10, side=side, session=some_uuid("lunges", number)))
    world.sync()
    shown = sides(fold(world.records))
    assert (shown["stronger"], shown["busier"], shown["flagged"]) == (None, "left", True)
    assert (shown["best_ratio_milli"], shown["volume_ratio_milli"]) == (1_000, 1_500)


def test_left_to_right_is_told_only_where_both_can_be_compared() -> None:
    assert sides(lunges(("24kg", "")))["best_ratio_milli"] is None
    ledger = ledger_of(
        *(a_set("forward_lunge", load, 8, side=side) for load, side in (("20kg", "left"), ("bw", "right")))
    )
    assert (sides(ledger)["best_ratio_milli"], sides(ledger)["volume_ratio_milli"]) == (None, None)


def test_sides_of_timed_sets_are_compared_by_their_seconds() -> None:
    sets = [a_set("side_plank", "bw", seconds=seconds, side=side) for seconds, side in ((60, "left"), (30, "right"))]
    assert sides(ledger_of(*sets))["volume_ratio_milli"] == 2_000


def test_each_ratio_and_each_side_names_its_events() -> None:
    ledger = ledger_of(
        a_set("back_squat", reps=8),
        a_set("seated_leg_curl", reps=8),
        a_set("forward_lunge", "20kg", 8, side="left"),
    )
    report = ledger.report("balance", explain=True)
    squat, curl, lunge = (
        next(fact.entry.id for fact in ledger.facts.of_type("set_logged") if fact.exercise == exercise)
        for exercise in ("back_squat", "seated_leg_curl", "forward_lunge")
    )
    behind = {ratio["name"]: set(ratio["events"]) for ratio in report["ratios"]}
    assert behind["hamstrings:quadriceps"] == {squat, curl, lunge}
    assert behind["hinge:squat"] == {squat}
    assert behind["push:pull"] == set()
    [lunges_done] = report["sides"]
    assert (lunges_done["events"], lunges_done["left"]["events"], lunges_done["right"]["events"]) == (
        [lunge],
        [lunge],
        [],
    )
    assert report["muscles"]["hamstrings"]["events"] == [curl]
    assert set(report["events"]) == {squat, curl, lunge}


def test_switching_the_matrix_counts_the_history_anew_and_rewrites_nothing() -> None:
    world = World()
    phone = world.replica()
    for body in guide_session():
        phone.write(body)
    world.sync()
    before = list(world.records)
    ledger = fold(world.records)
    by_evidence = {name: ledger.report(name) for name in ("balance", "volume", "recovery")}
    for matrix, ratio_milli in (("seed-guide@1", 1000), ("evidence@1", 385)):
        phone.write(ProfileChanged(matrix=matrix))
        world.sync()
        ledger.apply(world.records[len(before) :])
        assert ratio(ledger, "hamstrings:quadriceps")[2] == ratio_milli
    assert world.records[: len(before)] == before
    assert {name: ledger.report(name) | {"position": 0} for name in by_evidence} == {
        name: report | {"position": 0} for name, report in by_evidence.items()
    }


def test_exercises_done_with_both_sides_at_once_are_not_compared() -> None:
    assert balance(ledger_of(a_set("forward_lunge", reps=8)))["sides"] == []


def test_sides_outside_the_window_are_not_compared() -> None:
    ledger = lunges(("24kg", "20kg"))
    assert balance(ledger, TODAY + 40)["sides"] == []
