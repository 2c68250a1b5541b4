"""Why a figure is what it is: its parts come to it, to the last digit."""

from __future__ import annotations

import pytest
from hypothesis import given
from support.chains import some_uuid
from support.facts import PROGRAM, a_day, a_program, a_set, a_slot, start
from support.ledgers import World, fold, histories, ledger_of

from events import UnknownNameError
from events.body import Measurement, MeasurementTaken
from events.catalogue import MUSCLES
from events.programs import ProgramActivated
from events.quantities import NANOGRAMS_PER_GRAM, parse_day, round_half_up
from events.training import ExerciseDefined
from projections.balance import RATIOS
from projections.ledger import Ledger
from projections.reasons import Explanation, Term
from projections.why import explain


def told(ledger: Ledger, *figure: str) -> Explanation:
    report, *words = figure
    explanation = explain(ledger, report, words)
    assert all(term.amount == total(term) for term in explanation.terms if term.parts)
    return explanation


def total(term: Term) -> int | None:
    amounts = [part.amount for part in term.parts]
    return None if None in amounts else sum(amount or 0 for amount in amounts)


def test_a_ratio_is_told_by_the_sets_of_its_two_sides_with_their_shares_and_sources() -> None:
    ledger = ledger_of(
        a_set(reps=5), a_set(reps=5), a_set("conventional_deadlift", "140kg", 5), a_set("seated_leg_curl", reps=9)
    )
    why = told(ledger, "balance", "hamstrings:quadriceps")
    assert (why.formula, why.value) == ("ratio", 600)
    hamstrings, quadriceps = why.terms
    assert (hamstrings.amount, quadriceps.amount) == (1_500, 2_500)
    assert [(part.words, part.amount) for part in hamstrings.parts] == [
        ("Conventional Deadlift 140 kg × 5", 500),
        ("Seated Leg Curl × 9", 1_000),
    ]
    deadlift, curl = hamstrings.cells
    assert (deadlift.share_permille, deadlift.grade) == (500, "B")
    assert "Maeo" in (curl.source or "")


def test_the_side_that_did_less_is_shown_and_adds_nothing() -> None:
    lunges = [a_set("forward_lunge", reps=10, side=side) for side in ("left", "right", "left")]
    why = told(ledger_of(*lunges), "balance", "quadriceps")
    assert [(part.amount, part.note) for part in why.terms[0].parts] == [
        (1_000, ""),
        (0, "other_side"),
        (1_000, ""),
    ]


def test_a_record_is_told_by_its_set_and_by_what_it_beat() -> None:
    ledger = ledger_of(a_set(load="97.5kg", reps=5), a_set(load="100kg", reps=5), a_set(load="80kg", reps=12))
    why = told(ledger, "records", "Back Squat", "heaviest")
    assert [part.words for term in why.terms for part in term.parts] == [
        "Back Squat 100 kg × 5",
        "Back Squat 97.5 kg × 5",
    ]
    assert told(ledger, "records", "back_squat", "reps", "9").terms[0].parts[0].words == "Back Squat 80 kg × 12"
    estimate = told(ledger, "records", "back_squat", "e1rm")
    assert (estimate.formula, estimate.value) == ("estimate", 116_667)
    assert estimate.said["formula"] == "epley"


def test_an_estimate_of_a_lift_that_moves_the_body_names_the_weight_that_it_is_made_of() -> None:
    weighed = MeasurementTaken(measurement=some_uuid(), site="body_weight", value=Measurement(80_000, "kg"))
    why = told(ledger_of(weighed, a_set("pull_up", "bw+20kg", 5)), "records", "pull_up", "e1rm")
    assert why.value == round_half_up(100_000 * 35, 30)
    assert [(term.name, term.parts[0].words) for term in why.terms] == [
        ("e1rm", "Pull-Up body weight + 20 kg × 5"),
        ("body weight", "measurement taken body weight 80 kg"),
    ]


def test_a_share_that_the_lifter_gave_has_no_source_of_the_matrix() -> None:
    own = ExerciseDefined(exercise="back_squat", name="My squat", muscles={"quadriceps": 500})
    why = told(ledger_of(own, a_set(load="100kg", reps=5)), "balance", "quadriceps")
    (cell,) = why.terms[0].cells
    assert (cell.share_permille, cell.grade, cell.source) == (500, None, None)


def test_adherence_is_told_by_the_sets_done_and_the_slots_that_asked_for_them() -> None:
    facts = [a_program(), a_day(), a_slot(sets=3), ProgramActivated(program=PROGRAM)]
    day = a_day().day
    ledger = ledger_of(
        *facts, start(program=PROGRAM, program_day=day), a_set(reps=5), a_set(reps=5), a_set("leg_press", reps=9)
    )
    why = told(ledger, "programs", "adherence")
    assert why.value == 667
    assert [(term.name, term.amount, len(term.parts)) for term in why.terms] == [("done", 2, 2), ("planned", 3, 1)]


def test_any_other_figure_is_told_by_the_events_that_the_report_names() -> None:
    ledger = ledger_of(start(title="Legs"), a_set(load="100kg", reps=5))
    why = told(ledger, "sessions", "Legs", "back_squat")
    assert [part.words for part in why.terms[0].parts] == ["Back Squat 100 kg × 5"]


@pytest.mark.parametrize(
    ("report", "figure", "step"),
    [
        ("balance", ["hamstrings:triceps"], "hamstrings:quadriceps"),
        ("volume", ["1999-W01", "quadriceps"], "2025-"),
        ("volume", ["2025-W48", "quadriceps", "feelings"], "tonnage_g"),
        ("records", ["back_squat", "fame"], "heaviest"),
        ("records", ["juggling", "heaviest"], "Back Squat"),
        ("programs", ["adherence"], "none"),
        ("horoscope", ["today"], "volume"),
    ],
)
def test_a_figure_that_is_not_there_is_told_with_those_that_are(report: str, figure: list[str], step: str) -> None:
    ledger = ledger_of(a_set(load="100kg", reps=5))
    week = ledger.report("volume")["weeks"][-1]["week"]
    with pytest.raises(UnknownNameError) as error:
        explain(ledger, report, [week if word == "2025-W48" else word for word in figure])
    assert step in error.value.next_step


@given(histories())
def test_every_figure_of_balance_and_volume_is_the_sum_of_its_parts(world: World) -> None:
    ledger = fold(world.records)
    if ledger.latest_day is None:
        return
    for name in RATIOS:
        row = next(row for row in ledger.report("balance")["ratios"] if row["name"] == name)
        left, right = told(ledger, "balance", name).terms
        assert (left.amount, right.amount) == (row["numerator_milli"], row["denominator_milli"])
    for muscle in MUSCLES[:4]:
        share = ledger.report("balance")["muscles"][muscle]
        why = told(ledger, "balance", muscle)
        assert (why.value, why.terms[0].amount) == (share["share_permille"], share["fractional_milli"])
    for week in ledger.report("volume")["weeks"][-2:]:
        assert told(ledger, "volume", week["week"], "sets").terms[0].amount == week["sets"]
        for measure in ("fractional_milli", "direct_sets", "reps", "tonnage_g"):
            why = told(ledger, "volume", week["week"], "quadriceps", measure)
            amount = why.terms[0].amount or 0
            assert why.value == week["muscles"]["quadriceps"][measure]
            assert why.value == (round_half_up(amount, NANOGRAMS_PER_GRAM) if measure == "tonnage_g" else amount)


@given(histories())
def test_every_adherence_is_the_sum_of_its_parts(world: World) -> None:
    ledger = fold(world.records)
    for row in ledger.report("programs")["programs"]:
        followed = row["adherence"]
        done, planned = told(ledger, "programs", "adherence", row["program"]).terms
        assert (done.amount, planned.amount) == (followed["done_sets"], followed["planned_sets"])


@given(histories())
def test_a_figure_of_a_day_gone_by_is_explained_as_of_that_day(world: World) -> None:
    ledger = fold(world.records)
    if ledger.latest_day is None:
        return
    day = parse_day(ledger.latest_day) - 1
    for row in ledger.report("balance", day)["ratios"]:
        why = explain(ledger, "balance", [row["name"]], day)
        left, right = why.terms
        assert (left.amount, right.amount) == (row["numerator_milli"], row["denominator_milli"])
        if right.amount:
            assert why.value == round_half_up((left.amount or 0) * 1000, right.amount)
