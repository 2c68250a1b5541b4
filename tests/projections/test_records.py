"""The report ``records``: against its definitions, word for word, and by example."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.facts import a_set
from support.ledgers import World, fold, histories, ledger_of, many_sets
from support.weigh_ins import weigh_ins

from events.body import MeasurementTaken
from events.corrections import FactCorrected, FactRestored, FactVoided
from events.facts import Source
from events.profile import ProfileChanged
from events.quantities import DAY_MS, HOUR_MS, round_half_up
from events.training import ExerciseDefined, ExerciseMatched, SetLogged
from projections.facts import Effective
from projections.ledger import Ledger

plain_histories = histories(many_sets, 40)
weighed_histories = histories(st.one_of(many_sets, weigh_ins), 40)


def records(ledger: Ledger, exercise: str = "back_squat", side: str = "both") -> dict[str, Any]:
    """The records of one exercise and side."""
    entries = ledger.report("records")["exercises"]
    return next(entry for entry in entries if (entry["exercise"], entry["side"]) == (exercise, side))


# The definitions of DOMAIN.md, as plainly as they can be written.


class Naive:
    """A counted set of the oracle."""

    def __init__(self, fact: Effective, body: SetLogged) -> None:
        self.body = body
        self.event = fact.entry.id
        self.reps = body.reps or 0
        self.earliest = (fact.time, body.order or 0, fact.entry.replica, fact.entry.seq)
        self.load = signed_load(body)
        self.day = fact.day


def signed_load(body: SetLogged) -> Fraction | None:
    """In kilograms: assisted −load, body weight 0, added and external +load."""
    if body.load_kind == "bodyweight":
        return Fraction(0)
    if body.load is None:
        return None
    pound = Fraction(45_359_237, 100_000_000)
    kilograms = Fraction(body.load.milli, 1000) * (pound if body.load.unit == "lb" else 1)
    return -kilograms if body.load_kind == "assisted" else kilograms


def by_exercise_and_side(ledger: Ledger) -> dict[tuple[str, str], list[Naive]]:
    groups: dict[tuple[str, str], list[Naive]] = {}
    for fact in ledger.facts.of_type("set_logged"):
        body = fact.body
        assert isinstance(body, SetLogged)
        done = max(body.reps or 0, body.seconds or 0, body.distance_mm or 0)
        if body.kind != "warm_up" and done >= 1:
            groups.setdefault((body.exercise, body.side), []).append(Naive(fact, body))
    return groups


def heaviest(sets: list[Naive]) -> str | None:
    loaded = [(one.load, one.reps, one) for one in sets if one.load is not None]
    if not loaded:
        return None
    greatest = max((load, reps) for load, reps, _ in loaded)
    return min((one for load, reps, one in loaded if (load, reps) == greatest), key=lambda one: one.earliest).event


def rep_records(sets: list[Naive]) -> dict[int, str]:
    """By reps: no set had at least these reps with more load, nor this load with more reps."""
    loaded = [(one, one.load) for one in sets if one.load is not None and one.reps]
    best: dict[int, Naive] = {}
    for one, load in loaded:
        outdone = any(
            (other.reps >= one.reps and other_load > load) or (other.reps > one.reps and other_load == load)
            for other, other_load in loaded
        )
        if not outdone and (one.reps not in best or one.earliest < best[one.reps].earliest):
            best[one.reps] = one
    return {reps: best[reps].event for reps in sorted(best)}


def moved(one: Naive, weighed: dict[int, Fraction]) -> Fraction:
    """In kilograms: the load, and of body-weight lifts the latest weight on or before the day of the set with it."""
    if one.load is None or one.body.load_kind == "external":
        return one.load or Fraction(0)
    known = [day for day in weighed if day <= one.day]
    return weighed[max(known)] + one.load if known else Fraction(0)


def weights(ledger: Ledger) -> dict[int, Fraction]:
    """In kilograms, by day: the last of each day."""
    facts = sorted(
        ledger.facts.of_type("measurement_taken"), key=lambda fact: (fact.time, fact.entry.replica, fact.entry.seq)
    )
    bodies = [(fact.day, fact.body) for fact in facts]
    return {
        day: Fraction(body.nanograms or 0, 10**12)
        for day, body in bodies
        if isinstance(body, MeasurementTaken) and body.site == "body_weight"
    }


def estimated(
    sets: list[Naive], weighed: dict[int, Fraction], *, sound: bool, formula: str
) -> tuple[int, bool, str] | None:
    found = []
    for one in sets:
        load = moved(one, weighed)
        if load > 0 and one.reps and (formula == "epley" or one.reps < 37 or one.reps == 1):
            estimate = load * (1 + Fraction(one.reps, 30))
            if formula == "brzycki":
                estimate = load * 36 / (37 - one.reps)
            found.append((sound and one.reps <= 10, load if one.reps == 1 else estimate, one))
    if not found:
        return None
    best = max((valid, estimate) for valid, estimate, _ in found)
    first = min((one for *rating, one in found if tuple(rating) == best), key=lambda one: one.earliest)
    grams = best[1] * 1000
    return round_half_up(grams.numerator, grams.denominator), best[0], first.event


FREE_MULTI_JOINT = {"back_squat", "romanian_deadlift", "forward_lunge"}
"""Of the exercises that histories name; not leg press (a machine), pull-up (the body) or what nobody knows."""


@given(weighed_histories, st.sampled_from(["epley", "brzycki"]))
def test_records_are_what_their_definitions_say(world: World, formula: Any) -> None:  # noqa: ANN401  (a literal)
    world.replicas[0].write(ProfileChanged(e1rm_formula=formula))
    world.sync()
    ledger = fold(world.records)
    shown = ledger.report("records")["exercises"]
    expected, weighed = by_exercise_and_side(ledger), weights(ledger)
    assert {(entry["exercise"], entry["side"]) for entry in shown} == expected.keys()
    for entry in shown:
        sets = expected[entry["exercise"], entry["side"]]
        assert (entry["heaviest"] and entry["heaviest"]["event"]) == heaviest(sets)
        assert {record["reps"]: record["event"] for record in entry["rep_records"]} == rep_records(sets)
        e1rm = entry["e1rm"] and (entry["e1rm"]["grams"], entry["e1rm"]["valid"], entry["e1rm"]["event"])
        sound = entry["exercise"] in FREE_MULTI_JOINT
        assert e1rm == estimated(sets, weighed, sound=sound, formula=formula)


@given(plain_histories)
def test_the_timeline_is_what_the_records_were_after_each_set(world: World) -> None:
    ledger = fold(world.records)
    groups = by_exercise_and_side(ledger)
    for entry in ledger.report("records")["exercises"]:
        sets = sorted(groups[entry["exercise"], entry["side"]], key=lambda one: one.earliest)
        expected: list[tuple[str, str]] = []
        for number, one in enumerate(sets):
            until, before = sets[: number + 1], sets[:number]
            expected += [("heaviest", one.event)] if heaviest(until) == one.event else []
            expected += [("reps", one.event)] if one.event in rep_records(until).values() else []
            assert one.event not in rep_records(before).values()
        kept = [(record["record"], record["event"]) for record in entry["timeline"]]
        assert [record for record in kept if record[0] in {"heaviest", "reps"}] == expected


@given(plain_histories)
def test_longest_farthest_and_fastest_are_the_first_of_the_best(world: World) -> None:
    ledger = fold(world.records)
    groups = by_exercise_and_side(ledger)
    for entry in ledger.report("records")["exercises"]:
        sets = sorted(groups[entry["exercise"], entry["side"]], key=lambda one: one.earliest)
        held = [one for one in sets if one.body.seconds and not one.body.distance_mm]
        went = [one for one in sets if one.body.distance_mm]
        timed = [one for one in went if one.body.seconds]
        best = {
            "longest": max(held, key=lambda one: one.body.seconds or 0, default=None),
            "farthest": max(went, key=lambda one: one.body.distance_mm or 0, default=None),
            "fastest": max(
                timed, key=lambda one: Fraction(one.body.distance_mm or 0, one.body.seconds or 1), default=None
            ),
        }
        for name, one in best.items():
            assert (entry[name] and entry[name]["event"]) == (one and one.event)


# Examples.


def test_kilograms_and_pounds_compete_for_one_record() -> None:
    ledger = ledger_of(a_set(load="220lb", reps=5), a_set(load="100kg", reps=5), a_set(load="220.4lb", reps=5))
    assert records(ledger)["heaviest"]["load"] == {"milli": 100_000, "unit": "kg"}


def test_the_fastest_is_judged_by_speed_and_of_equals_the_first_stays() -> None:
    runs = [(5_000_000, 1500), (1_000_000, 240), (2_000_000, 480), (400_000, 100)]
    best = records(ledger_of(*(a_set("run", distance_mm=far, seconds=long) for far, long in runs)), "run")
    assert (best["fastest"]["distance_mm"], best["farthest"]["distance_mm"]) == (1_000_000, 5_000_000)
    assert best["longest"] is None


def test_of_equal_loads_the_one_with_more_reps_is_heaviest_and_then_the_earliest() -> None:
    ledger = ledger_of(*(a_set(load="100kg", reps=reps, note=f"{reps}") for reps in (3, 5, 5)))
    best = records(ledger)
    assert best["heaviest"]["reps"] == 5
    assert best["heaviest"]["event"] == ledger.report("sessions")["sessions"][0]["exercises"][0]["sets"][1]["event"]


def test_assistance_ranks_below_body_weight_and_that_below_added_load() -> None:
    loads = ["bw-30kg", "bw-10kg", "bw", "bw+5kg"]
    timeline = records(ledger_of(*(a_set("pull_up", load, 8) for load in loads)), "pull_up")["timeline"]
    heaviest_ones = [entry for entry in timeline if entry["record"] == "heaviest"]
    assert [entry["load_kind"] for entry in heaviest_ones] == ["assisted", "assisted", "bodyweight", "added"]
    assert [entry["load"] and entry["load"]["milli"] for entry in heaviest_ones] == [30_000, 10_000, None, 5_000]


def test_rep_records_are_the_sets_that_no_other_outdoes() -> None:
    done = [("100kg", 5), ("90kg", 8), ("90kg", 6), ("80kg", 5), ("60kg", 12)]
    front = records(ledger_of(*(a_set(load=load, reps=reps) for load, reps in done)))["rep_records"]
    assert [(record["load"]["milli"], record["reps"]) for record in front] == [
        (100_000, 5),
        (90_000, 8),
        (60_000, 12),
    ]


def test_the_timeline_tells_what_each_record_beat() -> None:
    timeline = records(ledger_of(a_set(load="100kg", reps=5), a_set(load="110kg", reps=5)))["timeline"]
    assert [(entry["record"], entry["load"]["milli"]) for entry in timeline] == [
        ("heaviest", 100_000),
        ("reps", 100_000),
        ("heaviest", 110_000),
        ("reps", 110_000),
    ]
    assert [entry["beat"] and entry["beat"]["load"]["milli"] for entry in timeline] == [None, None, 100_000, 100_000]


def test_a_single_is_its_own_estimate() -> None:
    assert records(ledger_of(a_set(load="140kg", reps=1)))["e1rm"]["grams"] == 140_000


def test_epley_estimates_by_default_and_brzycki_on_request() -> None:
    done = a_set(load="100kg", reps=5)
    assert records(ledger_of(done))["e1rm"]["grams"] == 116_667
    brzycki = records(ledger_of(done, ProfileChanged(e1rm_formula="brzycki")))["e1rm"]
    assert (brzycki["grams"], brzycki["formula"]) == (112_500, "brzycki")


def test_brzycki_says_nothing_from_37_reps_on() -> None:
    ledger = ledger_of(a_set(load="20kg", reps=37), ProfileChanged(e1rm_formula="brzycki"))
    assert records(ledger)["e1rm"] is None


def test_an_estimate_from_more_than_ten_reps_is_invalid_and_yields_to_any_valid_one() -> None:
    many = a_set(load="100kg", reps=11)
    assert records(ledger_of(many))["e1rm"]["valid"] is False
    both = records(ledger_of(many, a_set(load="60kg", reps=10)))["e1rm"]
    assert (both["valid"], both["grams"]) == (True, 80_000)


@pytest.mark.parametrize("exercise", ["leg_press", "seated_leg_curl", "zercher"])
def test_an_estimate_of_a_machine_or_an_unknown_lift_is_invalid(exercise: str) -> None:
    assert records(ledger_of(a_set(exercise, "100kg", 5)), exercise)["e1rm"]["valid"] is False


@pytest.mark.parametrize("load", ["bw", "bw+20kg", "bw-20kg", ""])
def test_without_the_lifters_weight_there_is_no_estimate_of_a_body_weight_lift(load: str) -> None:
    assert records(ledger_of(a_set("pull_up", load, 5)), "pull_up")["e1rm"] is None


def test_sides_have_records_of_their_own() -> None:
    ledger = ledger_of(
        *(a_set("forward_lunge", load, 8, side=side) for load, side in [("20kg", "left"), ("18kg", "right")])
    )
    assert records(ledger, "forward_lunge", "left")["heaviest"]["load"]["milli"] == 20_000
    assert records(ledger, "forward_lunge", "right")["heaviest"]["load"]["milli"] == 18_000


def test_warm_ups_and_missed_attempts_set_no_records() -> None:
    ledger = ledger_of(
        a_set(load="200kg", reps=5, kind="warm_up"),
        a_set(load="190kg", reps=0, kind="failure"),
        a_set(load="100kg", reps=5),
    )
    assert records(ledger)["heaviest"]["load"]["milli"] == 100_000


def test_the_names_of_the_files_that_its_sets_came_from_are_told() -> None:
    names = ["Squat (Barbell)", "Barbell Squat", None, "Squat (Barbell)"]
    sets = [
        a_set(reps=5, source=Source(app="strong", key=f"{number}", name=name)) for number, name in enumerate(names)
    ]
    assert records(ledger_of(*sets, a_set(reps=5)))["imported_as"] == ["Barbell Squat", "Squat (Barbell)"]


def test_a_voided_record_cedes_to_the_former_best() -> None:
    best = a_set(load="120kg", reps=5)
    former = records(ledger_of(a_set(load="100kg", reps=5), a_set(load="90kg", reps=3)))
    ceded = records(
        ledger_of(a_set(load="100kg", reps=5), a_set(load="90kg", reps=3), best, FactVoided(target=best.set))
    )
    assert ceded == former


def test_a_restored_record_stands_again() -> None:
    best = a_set(load="120kg", reps=5)
    void, restore = FactVoided(target=best.set), FactRestored(target=best.set)
    assert (
        records(ledger_of(a_set(load="100kg", reps=5), best, void, restore))["heaviest"]["load"]["milli"] == 120_000
    )


def test_a_late_upload_takes_its_place_in_the_timeline() -> None:
    world = World()
    phone, laptop = world.replica(), world.replica()
    laptop.write(a_set(load="100kg", reps=5))
    world.wait(HOUR_MS)
    phone.write(a_set(load="110kg", reps=5))
    world.sync(phone)
    ledger = fold(world.records)
    assert len(records(ledger)["timeline"]) == 2
    world.sync(laptop)
    ledger.apply(world.records)
    timeline = records(ledger)["timeline"]
    assert [entry["load"]["milli"] for entry in timeline if entry["record"] == "heaviest"] == [100_000, 110_000]
    assert timeline[2]["beat"]["load"]["milli"] == 100_000


def test_a_corrected_record_keeps_the_event_that_logged_it() -> None:
    world = World()
    phone = world.replica()
    mistyped = a_set(load="100kg", reps=5)
    logged = phone.write(mistyped)
    phone.write(FactCorrected(target=mistyped.set, changes={"load": {"milli": 105_000, "unit": "kg"}}))
    world.sync()
    best = records(fold(world.records))["heaviest"]
    assert (best["load"]["milli"], best["event"]) == (105_000, logged.id)


def test_a_custom_exercise_that_is_matched_later_brings_its_history() -> None:
    old = [a_set("my_squat", "100kg", 5), a_set("my_squat", "110kg", 3)]
    ledger = ledger_of(*old, a_set(load="90kg", reps=8), ExerciseMatched(exercise="my_squat", same_as="back_squat"))
    assert [entry["exercise"] for entry in ledger.report("records")["exercises"]] == ["back_squat"]
    assert records(ledger)["heaviest"]["load"]["milli"] == 110_000


def test_matches_are_followed_to_their_end_and_circles_end_somewhere() -> None:
    chain = [ExerciseMatched(exercise="a", same_as="b"), ExerciseMatched(exercise="b", same_as="c")]
    circle = [*chain, ExerciseMatched(exercise="c", same_as="b")]
    sets = [a_set(exercise, "10kg", 5) for exercise in ("a", "b", "c")]
    for matches, end in ((chain, "c"), (circle, "b")):
        ledger = ledger_of(*sets, *matches)
        assert [entry["exercise"] for entry in ledger.report("records")["exercises"]] == [end]


def test_an_exercise_is_called_what_the_lifter_last_called_it() -> None:
    named = [ExerciseDefined(exercise="zercher", name=name) for name in ("Zerch", "Zercher Squat")]
    ledger = ledger_of(a_set("zercher", "80kg", 5), *named)
    assert records(ledger, "zercher")["name"] == "Zercher Squat"


def test_an_unknown_exercise_has_records_under_its_id() -> None:
    assert records(ledger_of(a_set("mystery", "80kg", 5)), "mystery")["name"] == "mystery"


def test_a_back_dated_set_is_a_record_of_its_day() -> None:
    world = World()
    phone = world.replica()
    phone.write(a_set(load="100kg", reps=5))
    phone.write(a_set(load="120kg", reps=5), before_now=400 * DAY_MS)
    world.sync()
    timeline = records(fold(world.records))["timeline"]
    assert [entry["load"]["milli"] for entry in timeline if entry["record"] == "heaviest"] == [120_000]


def test_a_load_without_a_weight_is_no_record_of_weight() -> None:
    held = a_set("plank", seconds=90)
    best = records(ledger_of(held), "plank")
    assert best["heaviest"] is None
    assert best["rep_records"] == []
    assert best["longest"]["seconds"] == 90


def test_what_is_lifted_for_time_has_a_heaviest_and_no_rep_record() -> None:
    best = records(ledger_of(a_set("farmers_walk", "40kg", distance_mm=20_000)), "farmers_walk")
    assert best["heaviest"]["load"] == {"milli": 40_000, "unit": "kg"}
    assert best["rep_records"] == []


def test_a_body_weight_set_shows_no_load_even_if_one_was_typed() -> None:
    typed = a_set("pull_up", "80kg", 5, load_kind="bodyweight")
    best = records(ledger_of(typed), "pull_up")["heaviest"]
    assert best["load"] is None
