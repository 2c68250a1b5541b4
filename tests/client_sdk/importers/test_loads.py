"""Loads that an app converted before printing them, and loads that it didn't."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client_sdk.importers.errors import RowError
from client_sdk.importers.loads import lifted
from events.quantities import Load, Unit

POUNDS_PER_KILOGRAM = 2.2046226218487757
KILOGRAMS_PER_POUND = 0.45359237

quarters = st.integers(min_value=1, max_value=4 * 500)


@pytest.mark.parametrize(
    ("text", "unit", "load"),
    [
        ("44.09245243697551", "lb", Load(20_000, "kg")),
        ("61.23", "kg", Load(135_000, "lb")),
        ("61,23", "kg", Load(135_000, "lb")),
        ("137.79", "lb", Load(62_500, "kg")),
        ("24.95", "kg", Load(55_000, "lb")),
        ("-22.05", "lb", Load(10_000, "kg")),
        ("132.2772", "lb", Load(60_000, "kg")),
        ("61.23497009277344", "kg", Load(135_000, "lb")),
    ],
)
def test_a_converted_load_is_kept_as_it_was_lifted(text: str, unit: Unit, load: Load) -> None:
    assert lifted(text, unit) == (load, True)


@pytest.mark.parametrize(
    ("text", "unit", "milli"),
    [
        ("12.3", "kg", 12_300),
        ("61.2", "kg", 61_200),
        ("27.2", "kg", 27_200),
        ("44.1", "lb", 44_100),
        ("20", "kg", 20_000),
        ("61.25", "kg", 61_250),
        ("1.125", "kg", 1_125),
        ("37.49999999999999", "lb", 37_500),
        ("159.17375329748162", "lb", 159_174),
        ("0.05", "kg", 50),
    ],
)
def test_any_other_load_is_kept_as_it_is_printed(text: str, unit: Unit, milli: int) -> None:
    assert lifted(text, unit) == (Load(milli, unit), False)


@given(quarters, st.sampled_from(["kg", "lb"]), st.integers(min_value=2, max_value=15))
def test_every_quarter_comes_back_from_the_other_unit(count: int, unit: Unit, places: int) -> None:
    printed, other = _converted(count, unit, places)
    near_own_quarter = abs(Fraction(printed) * 4 - round(Fraction(printed) * 4)) <= Fraction(4, 2 * 10**places)
    load, recovered = lifted(printed, other)
    assert recovered or near_own_quarter
    if recovered:
        assert load == Load(count * 250, unit)


@given(quarters, st.sampled_from(["kg", "lb"]))
def test_the_shortest_spelling_of_a_float_is_enough(count: int, unit: Unit) -> None:
    value = count / 4 * (POUNDS_PER_KILOGRAM if unit == "kg" else KILOGRAMS_PER_POUND)
    load, recovered = lifted(repr(value), "lb" if unit == "kg" else "kg")
    assert not recovered or load == Load(count * 250, unit)


@given(quarters, st.sampled_from(["kg", "lb"]), st.integers(min_value=0, max_value=15))
def test_a_quarter_of_its_own_unit_is_never_taken_for_another(count: int, unit: Unit, places: int) -> None:
    printed = f"{count / 4:.{max(places, 2)}f}"
    assert lifted(printed, unit) == (Load(count * 250, unit), False)


@given(st.integers(min_value=0, max_value=10_000), st.sampled_from(["kg", "lb"]))
def test_a_figure_of_one_decimal_is_never_taken_for_another(tenths: int, unit: Unit) -> None:
    assert lifted(f"{tenths // 10}.{tenths % 10}", unit) == (Load(tenths * 100, unit), False)


@pytest.mark.parametrize("text", ["heavy", "", "1e3", "1,234.5", "10001"])
def test_what_is_no_load_is_refused(text: str) -> None:
    with pytest.raises(RowError):
        lifted(text, "kg")


def _converted(count: int, unit: Unit, places: int) -> tuple[str, Unit]:
    if unit == "kg":
        return f"{count / 4 * POUNDS_PER_KILOGRAM:.{places}f}", "lb"
    return f"{count / 4 * KILOGRAMS_PER_POUND:.{places}f}", "kg"
