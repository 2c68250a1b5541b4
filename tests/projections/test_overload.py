"""The report ``overload``: what comes next, and why; what stalls, and what the guide would do instead."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.chains import NOON_MS, some_uuid
from support.facts import PROGRAM, a_day, a_program, a_set, a_slot
from support.ledgers import Replica, World, fold

from events import Body
from events.body import DeloadEnded, DeloadStarted, Pain, ReadinessRated
from events.equipment import EquipmentChanged, EquipmentDefined, EquipmentKind, Plate
from events.programs import ProgramActivated, Progression, ProgressionDecided, SlotChanged, SlotMoved, Target
from events.quantities import DAY_MS, HOUR_MS, Load, local_day, parse_milli
from events.training import SetLogged
from projections.ledger import Ledger

TODAY = local_day(NOON_MS, 0)
SLOT = some_uuid("slot")
MACHINE = some_uuid("equipment")


def kg(text: str) -> Load:
    """A load in kilograms."""
    return Load(parse_milli(text), "kg")


class Gym:
    """One lifter who follows one slot, and does or says something every so often."""

    def __init__(self, *slots: Body) -> None:
        self.world = World()
        self.phone: Replica = self.world.replica()
        self.sessions = 0
        self.say(a_program(), ProgramActivated(program=PROGRAM), a_day(), *slots)

    def say(self, *said: Body) -> Gym:
        """Says something an hour apart."""
        for body in said:
            self.phone.write(body)
            self.world.wait(HOUR_MS)
        return self

    def train(self, *sets: SetLogged, wait: int = 3) -> Gym:
        """A session some days after the last."""
        self.world.wait(wait * DAY_MS)
        self.sessions += 1
        session = some_uuid("session", self.sessions)
        for done in sets:
            self.phone.write(msgspec.structs.replace(done, session=session))
        self.world.wait(HOUR_MS)
        return self

    def wait(self, days: int) -> Gym:
        """Some days go by."""
        self.world.wait(days * DAY_MS)
        return self

    @property
    def ledger(self) -> Ledger:
        """All of it, folded."""
        self.world.sync()
        return fold(self.world.records)

    @property
    def today(self) -> int:
        """The local day."""
        return local_day(self.world.now, 0)

    def rows(self, **asked: Any) -> list[dict[str, Any]]:  # noqa: ANN401  (arguments of the report)
        """The exercises of the report."""
        found = self.ledger.report("overload", self.today, **asked)["exercises"]
        assert isinstance(found, list)
        return found

    def row(self, **asked: Any) -> dict[str, Any]:  # noqa: ANN401  (arguments of the report)
        """The only exercise of the report."""
        (found,) = self.rows(**asked)
        assert isinstance(found, dict)
        return found

    def next(self, **asked: Any) -> dict[str, Any]:  # noqa: ANN401  (arguments of the report)
        """The only target."""
        (found,) = self.row(**asked)["targets"]
        assert isinstance(found, dict)
        return found

    def comes_to(self) -> tuple[str, str]:
        """The only target in words, and the code of its reason."""
        found = self.next()
        return words(found["target"]), found["code"]


def words(target: dict[str, Any] | None) -> str:
    """``82.5 kg x 8``."""
    if target is None:
        return ""
    load = target["load"]
    typed = "" if load is None else f"{Load(load['milli'], load['unit'])}"
    sign = {"external": "", "added": "+", "assisted": "-", "bodyweight": "bw"}[target["load_kind"]]
    amount = target["reps"] if target["reps"] is not None else f"{target['seconds']} s"
    return f"{sign}{typed} x {amount}"


def squats(load: str, *reps: int, **fields: Any) -> list[SetLogged]:  # noqa: ANN401  (fields of all types)
    """Sets of back squats."""
    return sets("back_squat", load, *reps, **fields)


def sets(exercise: str, load: str, *reps: int, **fields: Any) -> list[SetLogged]:  # noqa: ANN401  (as above)
    """Sets of an exercise with one load."""
    return [
        a_set(exercise, load, count, set=some_uuid(), order=number, **fields) for number, count in enumerate(reps)
    ]


def a_squat_slot(**fields: Any) -> Body:  # noqa: ANN401  (fields of all types)
    """Three sets of 8 to 12 back squats."""
    return a_slot("back_squat", **{"sets": 3, "slot": SLOT, "reps_min": 8, "reps_max": 12} | fields)


def a_machine(kind: EquipmentKind = "stack", **fields: Any) -> EquipmentDefined:  # noqa: ANN401  (as above)
    """Equipment for the leg press."""
    return EquipmentDefined(**{"equipment": MACHINE, "name": "Leg Press", "kind": kind} | fields)


def pressed_full(*equipment: Body) -> Gym:
    """Two sessions of leg presses at the top of the range, on some equipment."""
    gym = Gym(*equipment, a_slot("leg_press", 3, slot=SLOT, reps_min=10, reps_max=15))
    return gym.train(*sets("leg_press", "40kg", 15, 15, 15)).train(*sets("leg_press", "40kg", 15, 15, 15))


# The acceptance figures.


def test_an_add_on_turns_a_step_of_12_5_percent_into_one_of_3_1_percent() -> None:
    plain = pressed_full(a_machine(steps=(kg("5"),))).next()
    assert (words(plain["target"]), plain["code"]) == ("45 kg x 10", "next_load")
    assert (plain["next_step"]["permille"], plain["next_step"]["large"]) == (125, True)
    assert "12.5 % more" in plain["reason"]
    assert "large step" in plain["reason"]

    finer = pressed_full(a_machine(steps=(kg("5"),), add_ons=(kg("1.25"),))).next()
    assert (words(finer["target"]), finer["code"]) == ("41.25 kg x 10", "next_load")
    assert (finer["next_step"]["permille"], finer["next_step"]["large"]) == (31, False)
    assert finer["next_step"]["base"] == {"milli": 40_000, "unit": "kg"}
    assert finer["next_step"]["add_ons"] == [{"milli": 1_250, "unit": "kg"}]
    assert "3.1 % more" in finer["reason"]
    assert finer["equipment"] == {
        "equipment": MACHINE,
        "name": "Leg Press",
        "kind": "stack",
        "assumed": ["start_load"],
    }


# Double progression.


def test_what_was_never_done_is_for_the_lifter_to_choose() -> None:
    assert Gym(a_squat_slot()).comes_to() == ("", "first_time")


def test_one_repetition_more_than_the_lowest_set_until_all_stand_at_the_top() -> None:
    gym = Gym(a_squat_slot()).train(*squats("80kg", 12, 10, 9))
    assert gym.comes_to() == ("80 kg x 10", "next_rep")
    assert gym.train(*squats("80kg", 12, 12, 11)).comes_to() == ("80 kg x 12", "next_rep")
    assert gym.train(*squats("80kg", 12, 12, 12)).comes_to() == ("80 kg x 12", "confirm")
    assert gym.train(*squats("80kg", 12, 13, 12)).comes_to() == ("82.5 kg x 8", "next_load")


def test_a_lift_of_the_barbell_that_was_done_with_dumbbells_goes_up_by_dumbbells() -> None:
    gym = Gym(a_slot("forward_lunge", 3, slot=SLOT, reps_min=10, reps_max=12))
    dumbbells = a_machine("dumbbells", name="Rack", start_load=kg("2"), steps=(kg("2"),))
    gym.say(dumbbells)
    for _ in range(2):
        gym.train(*sets("forward_lunge", "14kg", 12, 12, 12, implements=2))
    assert words(gym.next()["target"]) == "16 kg x 10"


def test_a_session_short_of_the_top_breaks_the_row() -> None:
    gym = Gym(a_squat_slot())
    gym.train(*squats("80kg", 12, 12, 12)).train(*squats("80kg", 12, 12, 8)).train(*squats("80kg", 12, 12, 12))
    assert gym.comes_to() == ("80 kg x 12", "confirm")


def test_a_lighter_full_session_before_does_not_count_for_the_present_load() -> None:
    gym = Gym(a_squat_slot()).train(*squats("70kg", 12, 12, 12)).train(*squats("80kg", 12, 12, 12))
    assert gym.comes_to() == ("80 kg x 12", "confirm")


def test_how_many_sessions_in_a_row_is_for_the_slot_to_say() -> None:
    once = a_squat_slot(progression=Progression(rule="double", times=1))
    assert Gym(once).train(*squats("80kg", 12, 12, 12)).comes_to() == ("82.5 kg x 8", "next_load")
    none = a_squat_slot(progression=Progression(rule="none"))
    gym = Gym(none).train(*squats("80kg", 12, 12, 12)).train(*squats("80kg", 12, 12, 12))
    assert gym.comes_to() == ("80 kg x 12", "as_planned")


def test_missing_and_lighter_sets_hold_the_load() -> None:
    gym = Gym(a_squat_slot()).train(*squats("80kg", 12, 12)).train(*squats("80kg", 12, 12))
    assert gym.comes_to() == ("80 kg x 12", "all_sets")
    gym.train(*squats("80kg", 12, 12), *squats("70kg", 12))
    assert gym.comes_to() == ("80 kg x 12", "all_sets")


def test_warm_ups_drop_sets_and_back_off_sets_are_not_judged() -> None:
    aside = [
        *squats("40kg", 5, kind="warm_up"),
        *squats("60kg", 20, kind="drop"),
        *squats("60kg", 6, kind="back_off"),
    ]
    gym = Gym(a_squat_slot())
    gym.train(*aside, *squats("80kg", 12, 12, 12)).train(*squats("80kg", 12, 12, 12), *aside)
    assert gym.comes_to() == ("82.5 kg x 8", "next_load")


def test_what_is_typed_roundedly_is_the_load_that_it_means() -> None:
    bar = EquipmentDefined(
        equipment=MACHINE,
        name="Bar",
        kind="barbell",
        start_load=kg("20"),
        plates=(Plate(45_000, "lb"), Plate(2_500, "kg", 1)),
    )
    gym = Gym(bar, a_squat_slot()).train(*squats("60.8kg", 12, 12, 12)).train(*squats("60.8kg", 12, 12, 12))
    assert gym.comes_to() == ("65.823 kg x 8", "next_load")


def test_pounds_stay_pounds() -> None:
    gym = Gym(a_squat_slot()).train(*squats("135lb", 12, 12, 12)).train(*squats("135lb", 12, 12, 12))
    assert gym.comes_to() == ("140 lb x 8", "next_load")
    assert gym.next()["equipment"]["assumed"] == ["equipment"]


def test_an_assisted_lift_gets_harder_as_the_help_falls_down_to_none() -> None:
    def pull_ups(load: str) -> Gym:
        gym = Gym(a_slot("pull_up", 2, slot=SLOT, reps_min=5, reps_max=8))
        return gym.train(*sets("pull_up", load, 8, 8)).train(*sets("pull_up", load, 8, 8))

    assert pull_ups("bw-20kg").comes_to() == ("-17.5 kg x 5", "next_load")
    assert pull_ups("bw-20kg").next()["next_step"]["permille"] == -125
    assert pull_ups("bw-2.5kg").comes_to() == ("bw x 5", "next_load")
    assert pull_ups("bw").comes_to() == ("+2.5 kg x 5", "next_load")
    assert pull_ups("bw+10kg").comes_to() == ("+12.5 kg x 5", "next_load")


def test_sets_of_one_side_are_judged_by_the_weaker() -> None:
    gym = Gym(a_slot("forward_lunge", 2, slot=SLOT, reps_min=10, reps_max=12, per_side=True))

    def lunges(left: int, right: int) -> list[SetLogged]:
        return [
            *sets("forward_lunge", "30kg", left, left, side="left"),
            *sets("forward_lunge", "30kg", right, right, side="right"),
        ]

    assert gym.train(*lunges(12, 10)).comes_to() == ("30 kg x 11", "next_rep")
    gym.train(*lunges(12, 12)).train(*sets("forward_lunge", "30kg", 12, 12, side="left"))
    assert gym.comes_to() == ("30 kg x 12", "all_sets")
    gym.train(*lunges(12, 12)).train(*lunges(12, 12))
    assert gym.comes_to() == ("32.5 kg x 10", "next_load")
    weaker = [
        *sets("forward_lunge", "40kg", 12, 12, side="left"),
        *sets("forward_lunge", "35kg", 11, 11, side="right"),
    ]
    assert gym.train(*weaker).comes_to() == ("35 kg x 12", "next_rep")


def test_what_is_held_grows_by_seconds_and_is_not_weighed_down() -> None:
    gym = Gym(a_slot("plank", 2, slot=SLOT, seconds_min=30, seconds_max=45))

    def planks(seconds: int) -> list[SetLogged]:
        return [a_set("plank", "bw", set=some_uuid(), seconds=seconds, order=number) for number in range(2)]

    assert gym.train(*planks(35)).comes_to() == ("bw x 40 s", "next_rep")
    assert gym.train(*planks(45)).train(*planks(45)).comes_to() == ("bw x 50 s", "at_limit")


def test_where_the_equipment_ends_there_is_one_repetition_more() -> None:
    gym = pressed_full(a_machine(steps=(kg("5"),), max_load=kg("40")))
    assert gym.comes_to() == ("40 kg x 16", "at_limit")
    assert gym.next()["next_step"] is None


def test_of_a_band_no_step_is_known() -> None:
    gym = Gym().train(*sets("lateral_band_walk", "", 12)).train(*sets("lateral_band_walk", "", 12))
    assert gym.comes_to() == (" x 13", "at_limit")
    assert gym.next()["equipment"] is None


# What speaks against more.


def test_poor_form_holds_the_load_until_it_is_good() -> None:
    gym = Gym(a_squat_slot()).train(*squats("80kg", 12, 12, 12)).train(*squats("80kg", 12, 12, 12, form=2))
    assert gym.comes_to() == ("80 kg x 12", "form")
    assert "technique goes over weight" in gym.next()["reason"]
    assert gym.row()["form"]["rated"] == 2
    assert gym.train(*squats("80kg", 12, 12, 12, form=3)).comes_to() == ("82.5 kg x 8", "next_load")


def test_pain_in_the_slot_holds_the_load_until_a_session_without_it() -> None:
    hurts = ReadinessRated(rating=some_uuid("rating"), pain=Pain(site="knee", slot=SLOT))
    gym = Gym(a_squat_slot()).train(*squats("80kg", 12, 12, 12)).train(*squats("80kg", 12, 12, 12)).say(hurts)
    assert gym.comes_to() == ("80 kg x 12", "pain")
    assert gym.train(*squats("80kg", 12, 12, 12)).comes_to() == ("82.5 kg x 8", "next_load")


def test_pain_elsewhere_holds_nothing() -> None:
    hurts = ReadinessRated(rating=some_uuid("rating"), pain=Pain(site="wrist", slot=some_uuid("slot", "other")))
    gym = Gym(a_squat_slot()).train(*squats("80kg", 12, 12, 12)).train(*squats("80kg", 12, 12, 12)).say(hurts)
    assert gym.comes_to() == ("82.5 kg x 8", "next_load")


def test_a_deload_is_a_tenth_lighter_and_is_not_judged_afterwards() -> None:
    gym = Gym(a_squat_slot()).train(*squats("80kg", 12, 12, 12)).train(*squats("80kg", 12, 12, 12))
    gym.say(DeloadStarted())
    assert gym.comes_to() == ("70 kg x 8", "deload")
    gym.train(*squats("70kg", 8, 8, 8))
    assert gym.comes_to() == ("70 kg x 8", "deload")
    assert gym.row()["last_sessions"][0]["deload"]
    assert gym.say(DeloadEnded()).comes_to() == ("82.5 kg x 8", "next_load")


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (27, ("82.5 kg x 8", "next_load")),
        (28, ("72.5 kg x 8", "layoff")),
        (84, ("65 kg x 8", "layoff")),
        (182, ("57.5 kg x 8", "layoff")),
    ],
)
def test_after_a_layoff_it_begins_lighter(days: int, expected: tuple[str, str]) -> None:
    gym = Gym(a_squat_slot()).train(*squats("82.5kg", 12, 12, 12)).train(*squats("82.5kg", 12, 12, 12))
    expected = ("85 kg x 8", "next_load") if days < 28 else expected
    assert gym.wait(days).comes_to() == expected


def test_an_assisted_lift_begins_again_with_more_help_and_a_body_weight_lift_with_fewer_reps() -> None:
    def pull_ups(load: str) -> Gym:
        gym = Gym(a_slot("pull_up", 1, slot=SLOT, reps_min=5, reps_max=8))
        return gym.train(*sets("pull_up", load, 8)).wait(30)

    assert pull_ups("bw-20kg").comes_to() == ("-22.5 kg x 5", "layoff")
    assert pull_ups("bw").comes_to() == ("bw x 5", "layoff")


def test_a_deload_started_twice_is_one_and_ends_once() -> None:
    gym = Gym(a_squat_slot()).say(DeloadEnded()).train(*squats("80kg", 12, 12, 12))
    gym.say(DeloadStarted(), DeloadStarted()).train(*squats("70kg", 12, 12, 12))
    assert gym.say(DeloadEnded(), DeloadEnded()).comes_to() == ("80 kg x 12", "confirm")


def test_who_began_in_a_deload_does_not_get_lighter_and_lighter() -> None:
    gym = Gym(a_squat_slot()).say(DeloadStarted()).train(*squats("60kg", 8, 8, 8))
    assert gym.comes_to() == ("60 kg x 8", "deload")


def test_a_deload_takes_weight_off_a_belt_or_all_of_it() -> None:
    def pull_ups(load: str) -> Gym:
        return Gym(a_slot("pull_up", 1, slot=SLOT, reps_min=5, reps_max=8)).train(*sets("pull_up", load, 8))

    assert pull_ups("bw+10kg").say(DeloadStarted()).comes_to() == ("+7.5 kg x 5", "deload")
    assert pull_ups("bw+2.5kg").say(DeloadStarted()).comes_to() == ("bw x 5", "deload")


_sessions = st.lists(
    st.tuples(st.sampled_from(["77.5kg", "80kg", "82.5kg"]), st.lists(st.integers(6, 14), min_size=1, max_size=4)),
    min_size=1,
    max_size=6,
)


@given(_sessions, st.sampled_from(["form", "pain", "deload", "layoff"]))
def test_nothing_that_speaks_against_more_is_ever_answered_by_more(
    sessions: list[tuple[str, list[int]]], against: str
) -> None:
    gym = Gym(a_squat_slot())
    for load, reps in sessions[:-1]:
        gym.train(*squats(load, *reps))
    load, reps = sessions[-1]
    gym.train(*squats(load, *reps, form=2 if against == "form" else None))
    if against == "pain":
        gym.say(ReadinessRated(rating=some_uuid("rating"), pain=Pain(site="knee", slot=SLOT)))
    elif against == "deload":
        gym.say(DeloadStarted())
    elif against == "layoff":
        gym.wait(30)
    found = gym.next()
    lifted = Load(parse_milli(load.removesuffix("kg")), "kg")
    assert found["code"] == against
    assert found["target"]["load"]["milli"] <= lifted.milli - 5000 * (against in {"deload", "layoff"})
    assert found["target"]["reps"] <= max(8, *reps)


# What the lifter decides.


def decided(decision: str, load: str, reps: int) -> ProgressionDecided:
    """A decision about the slot."""
    return ProgressionDecided(slot=SLOT, target=Target(load=kg(load), reps=reps), decision=decision)  # type: ignore[arg-type]  # one of two words


def test_an_accepted_target_stays_until_it_is_met() -> None:
    gym = Gym(a_squat_slot()).train(*squats("80kg", 12, 12, 12)).train(*squats("80kg", 12, 12, 12))
    gym.say(decided("accepted", "85", 8))
    assert gym.comes_to() == ("85 kg x 8", "accepted")
    assert gym.train(*squats("85kg", 8, 8, 7)).comes_to() == ("85 kg x 8", "accepted")
    assert gym.train(*squats("85kg", 8, 8, 8)).comes_to() == ("85 kg x 9", "next_rep")


def test_a_declined_target_is_not_proposed_again_until_another_session() -> None:
    gym = Gym(a_squat_slot()).train(*squats("80kg", 12, 12, 12)).train(*squats("80kg", 12, 12, 12))
    gym.say(decided("declined", "82.5", 8))
    assert gym.comes_to() == ("80 kg x 12", "declined")
    assert gym.train(*squats("80kg", 12, 12, 12)).comes_to() == ("82.5 kg x 8", "next_load")


def test_a_declined_target_gives_way_when_the_equipment_changes() -> None:
    bar = EquipmentDefined(equipment=MACHINE, name="Bar", kind="barbell", start_load=kg("20"))
    gym = Gym(bar, a_squat_slot()).train(*squats("80kg", 12, 12, 12)).train(*squats("80kg", 12, 12, 12))
    gym.say(decided("declined", "82.5", 8))
    assert gym.comes_to() == ("80 kg x 12", "declined")
    gym.say(EquipmentChanged(equipment=MACHINE, plates=(Plate(500, "kg"), Plate(20_000, "kg"), Plate(10_000, "kg"))))
    assert gym.comes_to() == ("81 kg x 8", "next_load")


def test_a_decision_falls_with_a_later_change_of_its_slot() -> None:
    gym = Gym(a_squat_slot()).train(*squats("80kg", 12, 12, 12)).say(decided("accepted", "100", 8))
    assert gym.comes_to() == ("100 kg x 8", "accepted")
    gym.say(SlotChanged(program=PROGRAM, slot=SLOT, reps_max=10))
    assert gym.comes_to() == ("80 kg x 10", "confirm")


def test_a_decision_falls_when_a_change_that_was_planned_before_it_comes_into_force() -> None:
    gym = Gym(a_squat_slot()).train(*squats("80kg", 12, 12, 12))
    gym.phone.write(SlotChanged(program=PROGRAM, slot=SLOT, reps_max=10), before_now=-7 * DAY_MS)
    gym.wait(1).say(decided("accepted", "100", 8))
    assert gym.comes_to() == ("100 kg x 8", "accepted")
    assert gym.wait(7).comes_to() == ("80 kg x 10", "confirm")


def test_a_decision_stays_where_its_slot_goes_to_another_place() -> None:
    gym = Gym(a_squat_slot()).train(*squats("80kg", 12, 12, 12)).say(decided("accepted", "100", 8))
    gym.say(SlotMoved(program=PROGRAM, slot=SLOT, rank="z"))
    assert gym.comes_to() == ("100 kg x 8", "accepted")


def test_pain_comes_before_what_was_accepted() -> None:
    hurts = ReadinessRated(rating=some_uuid("rating"), pain=Pain(site="knee", slot=SLOT))
    gym = Gym(a_squat_slot()).train(*squats("80kg", 12, 12, 12)).say(decided("accepted", "85", 8), hurts)
    assert gym.comes_to() == ("80 kg x 12", "pain")


def test_a_decision_about_body_weight_is_one_like_any_other() -> None:
    gym = Gym(a_slot("pull_up", 1, slot=SLOT, reps_min=5, reps_max=8)).train(*sets("pull_up", "bw", 6))
    target = Target(load_kind="bodyweight", reps=7)
    gym.say(ProgressionDecided(slot=SLOT, target=target, decision="declined"))
    assert gym.comes_to() == ("bw x 6", "declined")
    gym.say(ProgressionDecided(slot=SLOT, target=target, decision="accepted"))
    assert gym.comes_to() == ("bw x 7", "accepted")
    help_wanted = Target(load=kg("10"), load_kind="assisted", reps=8)
    gym.say(ProgressionDecided(slot=SLOT, target=help_wanted, decision="accepted"))
    assert gym.comes_to() == ("-10 kg x 8", "accepted")
    assert gym.train(*sets("pull_up", "bw-10kg", 8)).comes_to() == ("-10 kg x 8", "confirm")


# Which sets and which equipment.


def test_sets_that_name_another_slot_or_none_are_told_apart_where_two_slots_ask_for_one_exercise() -> None:
    light = some_uuid("slot", "light")
    gym = Gym(a_squat_slot(), a_squat_slot(slot=light, rank="n", reps_min=15, reps_max=20))
    gym.train(*squats("80kg", 10, 10, 10, slot=SLOT)).train(*squats("50kg", 16, 16, 16, slot=light))
    gym.train(*squats("60kg", 5, 5, 5))
    (row,) = gym.rows()
    assert [words(target["target"]) for target in row["targets"]] == ["80 kg x 11", "50 kg x 17"]


def test_equipment_is_found_by_the_slot_then_by_the_set_then_by_name_then_by_being_the_only_one() -> None:
    fine, coarse = some_uuid("equipment", "fine"), some_uuid("equipment", "coarse")
    stacks = [
        EquipmentDefined(equipment=fine, name="Fine stack", kind="stack", steps=(kg("1"),)),
        EquipmentDefined(equipment=coarse, name="Coarse stack", kind="stack", steps=(kg("10"),)),
    ]

    def step(slot_says: str | None, set_says: str | None, *more: Body) -> str:
        gym = Gym(*stacks, *more, a_slot("leg_press", 1, slot=SLOT, reps_min=8, reps_max=9, equipment=slot_says))
        return words({**gym.train(*sets("leg_press", "40kg", 8, equipment=set_says)).next()["next_step"], "reps": 8})

    assert step("fine  STACK", coarse) == "41 kg x 8"
    assert step(None, coarse) == "50 kg x 8"
    assert step("unheard of", None, a_machine(steps=(kg("2"),))) == "42 kg x 8"
    assert step(None, None) == "45 kg x 8"


def test_the_only_barbell_is_that_of_all_barbell_lifts() -> None:
    bar = EquipmentDefined(
        equipment=MACHINE, name="Bar", kind="barbell", start_load=kg("20"), plates=(Plate(10_000, "kg"),)
    )
    gym = Gym(bar, a_squat_slot()).train(*squats("80kg", 12, 12, 12)).train(*squats("80kg", 12, 12, 12))
    assert gym.comes_to() == ("100 kg x 8", "next_load")


def test_a_bar_that_was_lifted_with_less_than_bars_weigh_is_counted_as_nothing() -> None:
    gym = Gym(a_squat_slot()).train(*squats("15kg", 12, 12, 12)).train(*squats("15kg", 12, 12, 12))
    assert gym.comes_to() == ("17.5 kg x 8", "next_load")


def test_warm_ups_and_drills_have_no_target() -> None:
    drill = a_slot(None, 1, slot=some_uuid("slot", "drill"), drill="Leg swings", rank="a")
    warm_up = a_squat_slot(slot=some_uuid("slot", "warm"), kind="warm_up", rank="b")
    gym = Gym(drill, warm_up, a_squat_slot())
    assert [target["slot"] for target in gym.row()["targets"]] == [SLOT]


def test_a_slot_that_is_done_otherwise_than_it_asks_for_is_still_to_be_begun() -> None:
    gym = Gym(a_slot("plank", 1, slot=SLOT, seconds_min=30, seconds_max=45)).train(*sets("plank", "bw", 10))
    assert gym.comes_to() == ("", "first_time")
    assert "begin with 30 s" in gym.next()["reason"]


def test_what_is_held_without_a_program_is_held_longer() -> None:
    assert Gym().train(a_set("plank", "bw", seconds=40)).comes_to() == ("bw x 45 s", "next_rep")


def test_a_load_that_nobody_told_is_not_made_heavier() -> None:
    gym = Gym(a_squat_slot()).train(*squats("", 12, 12, 12)).train(*squats("", 12, 12, 12))
    assert gym.comes_to() == (" x 13", "at_limit")


def test_an_exercise_without_a_program_has_a_target_in_the_guides_range_or_the_usual_one() -> None:
    def curls(exercise: str) -> Gym:
        gym = Gym().train(*sets(exercise, "30kg", 11, 10)).train(*sets(exercise, "30kg", 12, 12))
        return gym.train(*sets(exercise, "30kg", 12, 12))

    assert curls("leg_extension").comes_to() == ("35 kg x 8", "next_load")
    assert curls("lying_leg_curl").comes_to() == ("30 kg x 13", "next_rep")
    assert curls("leg_extension").next()["slot"] is None


def test_of_what_is_counted_by_distance_there_is_no_target() -> None:
    assert Gym().train(a_set("running", reps=None, distance_mm=5_000_000, seconds=1500)).rows() == []


def test_what_was_left_half_a_year_ago_is_left_out() -> None:
    assert Gym().train(*squats("80kg", 8)).wait(182).rows() == []


# Trends and stalls.


def test_the_estimated_maximum_is_told_session_by_session() -> None:
    gym = Gym(a_squat_slot()).train(*squats("80kg", 8, 8, 8)).train(*squats("82.5kg", 8, 8, 8))
    trend = gym.row()["e1rm"]
    assert [session["grams"] for session in trend["sessions"]] == [101_333, 104_500]
    assert trend["change_g"] == 3_167


def test_six_sessions_in_four_weeks_without_a_record_are_a_stall_and_the_guide_varies_the_lift() -> None:
    gym = Gym(a_squat_slot()).train(*squats("80kg", 10, 10, 10))
    for _ in range(5):
        gym.train(*squats("80kg", 10, 9, 9), wait=5)
    assert gym.row()["stalled"] is None
    gym.train(*squats("80kg", 10, 9, 9), wait=5)
    assert gym.row()["stalled"]["sessions"] == 6
    assert [other["exercise"] for other in gym.row()["variations"]] == ["front_squat"]
    gym.train(*squats("80kg", 11, 9, 9), wait=5)
    assert (gym.row()["stalled"], gym.row()["variations"]) == (None, [])


def test_six_sessions_in_three_weeks_are_no_stall_yet() -> None:
    gym = Gym(a_squat_slot())
    for _ in range(7):
        gym.train(*squats("80kg", 10, 9, 9), wait=3)
    assert gym.row()["stalled"] is None


def test_against_a_stall_of_a_lift_that_the_guide_does_not_vary_stands_what_the_lifter_knows() -> None:
    gym = Gym().train(*sets("hack_squat", "100kg", 8), wait=1).train(*squats("60kg", 8), wait=1)
    for _ in range(7):
        gym.train(*sets("leg_press", "100kg", 10), wait=6)
    variations = {row["exercise"]: row["variations"] for row in gym.rows()}["leg_press"]
    assert {(other["exercise"], other["advised_by"]) for other in variations} == {
        ("back_squat", "own_history"),
        ("hack_squat", "own_history"),
    }


def test_against_a_stall_of_what_nobody_knows_nothing_is_advised() -> None:
    gym = Gym()
    for _ in range(7):
        gym.train(*sets("mystery", "100kg", 10), wait=6)
    assert gym.row()["stalled"]["sessions"] == 6
    assert gym.row()["variations"] == []


# Everywhere.


def test_explain_names_the_events_behind_a_target() -> None:
    gym = Gym(a_squat_slot()).train(*squats("80kg", 12, 12, 12)).train(*squats("80kg", 12, 12, 12))
    logged = sorted(event.id for event in gym.world.events if event.type == "set_logged")
    assert gym.next(explain=True)["events"] == logged
    assert "events" not in gym.next()


def test_the_report_programs_has_the_same_targets_for_the_slots_of_active_programs() -> None:
    gym = Gym(a_squat_slot()).train(*squats("80kg", 12, 11, 10))
    (program,) = gym.ledger.report("programs", gym.today)["programs"]
    ((slot,),) = [day["slots"] for day in program["days"]]
    assert {"slot": SLOT, **slot["next"]} == gym.next()


def test_a_set_more_and_a_checkpoint_agree() -> None:
    gym = pressed_full(a_machine(steps=(kg("5"),)))
    restored = Ledger.restore(gym.ledger.checkpoint())
    assert restored is not None
    assert restored.report("overload", gym.today) == gym.ledger.report("overload", gym.today)
