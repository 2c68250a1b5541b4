"""Loads are compared exactly; days and weeks are those of the lifter's wall clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.errors import MalformedError
from events.quantities import (
    EARLIEST_MS,
    HEAVIEST_MILLI,
    LATEST_MS,
    Load,
    Unit,
    day_text,
    local_day,
    milli_text,
    parse_day,
    parse_milli,
    round_half_up,
    week_name,
    week_start,
)

EPOCH = date(1970, 1, 1)
POUND_IN_KG = Decimal("0.45359237")
days = st.dates(date(1900, 1, 1), date(2200, 12, 31)).map(lambda day: (day - EPOCH).days)
moments = st.integers(EARLIEST_MS, LATEST_MS)
offsets = st.integers(-1440, 1440)
units: st.SearchStrategy[Unit] = st.sampled_from(["kg", "lb"])
loads = st.builds(Load, st.integers(0, HEAVIEST_MILLI), units)


def date_of(day: int) -> date:
    return EPOCH + timedelta(days=day)


@given(loads, loads)
def test_loads_of_any_units_compare_as_their_exact_masses_do(one: Load, other: Load) -> None:
    def kilograms(load: Load) -> Decimal:
        return Decimal(load.milli) / 1000 * (POUND_IN_KG if load.unit == "lb" else 1)

    assert (one.nanograms > other.nanograms) == (kilograms(one) > kilograms(other))
    assert (one.nanograms == other.nanograms) == (kilograms(one) == kilograms(other))


@given(st.integers(1, HEAVIEST_MILLI), st.integers(1, HEAVIEST_MILLI))
def test_no_load_in_kilograms_is_exactly_one_in_pounds(kilograms: int, pounds: int) -> None:
    """The least mass that is whole in thousandths of both is far beyond what a person moves."""
    assert Load(kilograms, "kg").nanograms != Load(pounds, "lb").nanograms


def test_a_hundred_kilograms_outweigh_220_pounds_and_not_221() -> None:
    assert Load(220_000, "lb").nanograms < Load(100_000, "kg").nanograms < Load(221_000, "lb").nanograms


@pytest.mark.parametrize(
    ("milli", "text"),
    [
        (0, "0"),
        (82_500, "82.5"),
        (135_000, "135"),
        (61_235, "61.235"),
        (5, "0.005"),
        (-1_250, "-1.25"),
        (-5, "-0.005"),
    ],
)
def test_thousandths_are_shown_without_needless_zeros(milli: int, text: str) -> None:
    assert milli_text(milli) == text
    assert parse_milli(text) == milli


def test_a_load_is_shown_as_it_was_typed() -> None:
    assert str(Load(82_500, "kg")) == "82.5 kg"


@given(st.integers(-HEAVIEST_MILLI, HEAVIEST_MILLI))
def test_reading_a_decimal_undoes_showing_it(milli: int) -> None:
    assert parse_milli(milli_text(milli)) == milli
    assert parse_milli(milli_text(milli).replace(".", ",")) == milli


@given(st.decimals(0, 10**9, allow_nan=False, places=8))
def test_the_fourth_decimal_place_rounds_half_up(number: Decimal) -> None:
    assert parse_milli(f"{number:f}") == int((number * 1000).quantize(Decimal(1), ROUND_HALF_UP))


@pytest.mark.parametrize("text", ["", "kg", "1e2", "1.", ".5", "1,000.5", "+", "--1", "1 000", "٣", "1" * 13])
def test_what_is_no_plain_decimal_is_refused(text: str) -> None:
    with pytest.raises(MalformedError, match="is not a number"):
        parse_milli(text)


@given(st.integers(-(10**12), 10**12), st.integers(1, 10**6))
def test_halves_are_rounded_up(numerator: int, denominator: int) -> None:
    exact = Fraction(numerator, denominator)
    assert round_half_up(numerator, denominator) - exact <= Fraction(1, 2)
    assert exact - round_half_up(numerator, denominator) < Fraction(1, 2)


@given(moments, offsets, st.integers(0, 1439))
def test_a_local_day_is_the_date_on_the_wall_clock_less_the_cut_off(time: int, offset: int, cutoff: int) -> None:
    wall_clock = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=time, minutes=offset - cutoff)
    assert day_text(local_day(time, offset, cutoff)) == wall_clock.date().isoformat()


@given(days)
def test_a_day_is_read_as_it_is_shown(day: int) -> None:
    assert day_text(day) == date_of(day).isoformat()
    assert parse_day(day_text(day)) == day


@pytest.mark.parametrize(
    "text", ["", "today", "2025-02-30", "20250630", "2025-W27-1", "2025-6-30", "2025-06-30T00:00"]
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(MalformedError, match="is not a date"):
        parse_day(text)


@given(days, st.integers(0, 6))
def test_a_week_has_seven_days_and_begins_on_its_first_weekday(day: int, first: int) -> None:
    start = week_start(day, first)
    assert date_of(start).weekday() == first
    assert 0 <= day - start < 7


@given(days, st.integers(0, 6))
def test_a_week_is_named_by_the_iso_week_of_its_thursday(day: int, first: int) -> None:
    start = week_start(day, first)
    thursday = next(date_of(start + ahead) for ahead in range(7) if date_of(start + ahead).weekday() == 3)
    year, week, _ = thursday.isocalendar()
    assert week_name(start) == f"{year}-W{week:02}"


@given(days, st.integers(0, 6))
def test_weeks_that_follow_one_another_have_different_names(day: int, first: int) -> None:
    start = week_start(day, first)
    assert week_name(start) < week_name(start + 7)


@pytest.mark.parametrize(
    ("day", "first", "name"),
    [
        ("2025-06-30", 0, "2025-W27"),
        ("2024-12-30", 0, "2025-W01"),
        ("2026-12-31", 0, "2026-W53"),
        ("2027-01-03", 0, "2026-W53"),
        ("2027-01-03", 6, "2027-W01"),
    ],
)
def test_the_years_end_goes_with_the_thursday(day: str, first: int, name: str) -> None:
    assert week_name(week_start(parse_day(day), first)) == name
