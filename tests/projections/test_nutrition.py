"""The report ``nutrition``: by day, against body weight, and on average."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.diary_world import TODAY, day, ledger_of_days
from support.weigh_ins import measured

from events.nutrition import FoodLogged, SupplementTaken, WaterLogged
from events.profile import ProfileChanged, ProteinRange
from events.quantities import round_half_up
from projections.ledger import Ledger


def protein(grams: int, **said: Any) -> FoodLogged:  # noqa: ANN401  (fields of all types)
    """A meal."""
    return FoodLogged(protein_dg=grams * 10, **said)


def days(ledger: Ledger, **asked: Any) -> dict[str, dict[str, Any]]:  # noqa: ANN401  (options)
    """The rows of the report, by day."""
    return {row["day"]: row for row in ledger.report("nutrition", **asked)["days"]}


EIGHTY = measured("body_weight", "80", "kg")


def test_protein_is_held_against_the_weight_of_its_day() -> None:
    ledger = ledger_of_days(
        (9, measured("body_weight", "100", "kg")),
        (5, protein(80)),
        (5, protein(80)),
        (3, EIGHTY),
        (2, protein(160)),
        (1, protein(100)),
        (0, protein(200)),
    )
    rows = days(ledger)
    assert [rows[day(back)]["protein_mg_per_kg"] for back in (5, 2, 1, 0)] == [1600, 2000, 1250, 2500]
    assert [rows[day(back)]["protein_band"] for back in (5, 2, 1, 0)] == ["within", "within", "below", "above"]
    assert rows[day(5)]["body_weight"]["grams"] == 100_000


def test_without_a_weight_there_are_grams_and_a_note() -> None:
    [row] = days(ledger_of_days((1, protein(100)), (0, EIGHTY))).values()
    assert (row["protein_dg"], row["protein_mg_per_kg"], row["protein_band"]) == (1000, None, None)
    assert row["notes"] == ["body_weight_unknown"]


def test_a_weight_that_is_logged_late_counts_for_the_days_since() -> None:
    [row] = days(ledger_of_days((1, protein(160)), (9, EIGHTY))).values()
    assert row["protein_mg_per_kg"] == 2000


def test_the_lifters_own_range_goes_before_the_guides() -> None:
    ledger = ledger_of_days((1, EIGHTY), (0, protein(144)))
    assert days(ledger)[day(0)]["protein_band"] == "within"
    own = ProfileChanged(protein_mg_per_kg=ProteinRange(1900, 2500))
    changed = ledger_of_days((1, EIGHTY), (0, protein(144)), (0, own))
    assert days(changed)[day(0)]["protein_band"] == "below"
    assert changed.report("nutrition")["protein_range"] == {
        "min_mg_per_kg": 1900,
        "max_mg_per_kg": 2500,
        "own": True,
    }


def test_a_meal_that_does_not_tell_its_protein_leaves_the_day_open_above() -> None:
    ledger = ledger_of_days(
        (9, EIGHTY), (1, protein(100)), (1, FoodLogged(name="soup")), (0, protein(200)), (0, FoodLogged(name="soup"))
    )
    rows = days(ledger)
    assert [rows[day(back)]["protein_band"] for back in (1, 0)] == [None, "above"]
    assert rows[day(0)]["notes"] == ["meals_without_protein"]
    assert ledger.report("nutrition")["averages"][0]["protein_dg"] == {"mean": None, "days": 0}


def test_energy_is_told_where_every_meal_told_what_it_is_made_of() -> None:
    whole = FoodLogged(protein_dg=455, carbohydrate_dg=800, fat_dg=123)
    ledger = ledger_of_days((1, whole), (0, whole), (0, protein(10)))
    rows = days(ledger)
    assert (rows[day(1)]["energy_kcal"], rows[day(0)]["energy_kcal"]) == (613, None)


def test_days_without_food_take_no_part_in_the_averages() -> None:
    ledger = ledger_of_days(
        (30, EIGHTY), (20, protein(80)), (6, protein(160)), (3, WaterLogged(ml=500)), (0, protein(161))
    )
    week, month = ledger.report("nutrition")["averages"]
    assert (week["window_days"], week["food_days"], week["protein_dg"]) == (7, 2, {"mean": 1605, "days": 2})
    assert week["protein_mg_per_kg"] == {"mean": 2006, "days": 2}
    assert (month["food_days"], month["protein_dg"]["mean"]) == (3, 1337)
    assert week["water_ml"] == {"mean": 500, "days": 1}


def test_water_is_told_by_when_it_was_drunk() -> None:
    said = [(0, WaterLogged(ml=ml, when=when)) for ml, when in ((500, "during"), (250, "before"), (300, "during"))]  # type: ignore[arg-type]  # words of the field
    [row] = days(ledger_of_days(*said, (0, WaterLogged(ml=1000)))).values()
    assert [row[f"water_{when}_ml"] for when in ("before", "during", "after", "other")] == [250, 800, 0, 1000]
    assert (row["water_ml"], row["meals"], row["protein_dg"]) == (2050, 0, None)
    assert row["notes"] == []


def test_supplements_are_told_with_the_doses_that_are_known() -> None:
    taken = [
        SupplementTaken(kind="creatine", dose_mg=3000),
        SupplementTaken(kind="creatine", dose_mg=2000),
        SupplementTaken(kind="bcaa"),
        SupplementTaken(kind="other", name="zinc", dose_mg=10),
    ]
    ledger = ledger_of_days(*((0, one) for one in taken))
    [row] = days(ledger).values()
    assert [(one["kind"], one["name"], one["times"], one["dose_mg"]) for one in row["supplements"]] == [
        ("bcaa", None, 1, None),
        ("creatine", None, 2, 5000),
        ("other", "zinc", 1, 10),
    ]
    assert ledger.report("nutrition")["averages"][1]["supplement_days"] == {"bcaa": 1, "creatine": 1, "other": 1}


def test_the_guides_sources_are_told_by_what_they_are_sources_of() -> None:
    ledger = ledger_of_days((1, protein(1, tags=("chicken", "tofu"))), (0, protein(1, tags=("nuts", "chicken"))))
    assert days(ledger)[day(0)]["sources"] == {"protein": ["chicken"], "carbohydrate": [], "fat": ["nuts"]}
    assert ledger.report("nutrition")["averages"][0]["source_days"] == {
        "protein": {"chicken": 2},
        "carbohydrate": {},
        "fat": {"nuts": 1},
    }


@pytest.mark.parametrize("name", ["body", "performance", "nutrition"])
def test_of_an_empty_ledger_there_is_nothing_to_tell(name: str) -> None:
    report = Ledger().report(name)
    assert not any(report.get(key) for key in ("measurements", "sides", "photos", "tests", "days", "averages"))


def test_what_is_known_of_supplements_has_its_sources() -> None:
    evidence = {entry["supplement"]: entry for entry in Ledger().report("nutrition")["evidence"]}
    assert evidence.keys() == {"creatine", "protein", "pre_workout", "bcaa"}
    assert evidence["creatine"]["support"] == "strong"
    assert evidence["bcaa"]["support"] == "equivocal"
    assert all("doi 10." in entry["source"] for entry in evidence.values())


def test_explained_days_and_averages_name_their_events() -> None:
    ledger = ledger_of_days((9, protein(1)), (0, protein(2)), (0, WaterLogged(ml=5)))
    rows = days(ledger, explain=True)
    week, month = ledger.report("nutrition", explain=True)["averages"]
    assert week["events"] == rows[day(0)]["events"]
    assert month["events"] == rows[day(9)]["events"] + rows[day(0)]["events"]


_meals = st.lists(st.tuples(st.integers(0, 30), st.none() | st.integers(0, 3000)), max_size=20)
_weights = st.lists(st.tuples(st.integers(0, 40), st.integers(60, 90)), max_size=5)


@given(_meals, _weights)
def test_each_day_has_what_was_eaten_on_it_for_each_kilogram_that_was_known_then(
    meals: list[tuple[int, int | None]], weights: list[tuple[int, int]]
) -> None:
    said = [(back, FoodLogged(name="meal", protein_dg=amount)) for back, amount in meals]
    weighed = [(back, measured("body_weight", str(kilograms), "kg")) for back, kilograms in weights]
    ledger = ledger_of_days(*said, *weighed)
    rows = days(ledger, as_of=TODAY)
    assert rows.keys() == {day(back) for back, _ in meals}
    for back in {back for back, _ in meals}:
        told = [amount for on, amount in meals if on == back and amount is not None]
        known = {on: kilograms for on, kilograms in weights if on >= back}
        row = rows[day(back)]
        assert row["protein_dg"] == (sum(told) if told else None)
        if told and known:
            exact = Fraction(100 * sum(told), known[min(known)])
            assert row["protein_mg_per_kg"] == round_half_up(exact.numerator, exact.denominator)
        else:
            assert row["protein_mg_per_kg"] is None
