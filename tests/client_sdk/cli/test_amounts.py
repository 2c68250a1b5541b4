"""Amounts of the body and of food, as people type them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client_sdk.cli.amounts import (
    parse_dose,
    parse_grams,
    parse_height,
    parse_measurement,
    parse_stopwatch,
    parse_volume,
    parse_weight,
)
from events.body import Measurement
from events.errors import MalformedError
from events.quantities import milli_text


@pytest.mark.parametrize(
    ("text", "measurement"),
    [
        ("58.5cm", Measurement(58_500, "cm")),
        ("58,5 CM", Measurement(58_500, "cm")),
        ("23in", Measurement(23_000, "in")),
        ('23"', Measurement(23_000, "in")),
        ("585mm", Measurement(585_000, "mm")),
        ("81.4kg", Measurement(81_400, "kg")),
        ("180 lbs", Measurement(180_000, "lb")),
        ("18%", Measurement(18_000, "percent")),
    ],
)
def test_a_measurement_is_kept_as_it_was_typed(text: str, measurement: Measurement) -> None:
    assert parse_measurement(text) == measurement


def test_a_body_weight_without_a_unit_has_the_profiles() -> None:
    assert parse_weight("180", "lb") == Measurement(180_000, "lb")
    assert parse_weight("81.4kg", "lb") == Measurement(81_400, "kg")
    with pytest.raises(MalformedError, match="no unit"):
        parse_weight("180", None)


@pytest.mark.parametrize(
    ("parse", "text", "value"),
    [
        (parse_height, "52cm", 520),
        (parse_height, "20.5in", 521),
        (parse_height, "2,45 m", 2450),
        (parse_grams, "45g", 450),
        (parse_grams, "45", 450),
        (parse_grams, "12,5g", 125),
        (parse_grams, "1oz", 284),
        (parse_dose, "5g", 5000),
        (parse_dose, "200mg", 200),
        (parse_volume, "500ml", 500),
        (parse_volume, "0.5l", 500),
        (parse_volume, "16 fl oz", 473),
        (parse_stopwatch, "5.21s", 5210),
        (parse_stopwatch, "5,21 s", 5210),
        (parse_stopwatch, "24:30", 1_470_000),
        (parse_stopwatch, "24:30.5", 1_470_500),
        (parse_stopwatch, "1:02:03", 3_723_000),
        (parse_stopwatch, "12min", 720_000),
    ],
)
def test_amounts_become_whole_numbers(parse: Callable[[str], int], text: str, value: int) -> None:
    assert parse(text) == value


@pytest.mark.parametrize("parse", [parse_dose, parse_volume, parse_height])
def test_a_number_without_a_unit_is_not_guessed_at(parse: Callable[[str], int]) -> None:
    with pytest.raises(MalformedError):
        parse("5")


@pytest.mark.parametrize(
    "parse",
    [parse_dose, parse_grams, parse_height, parse_measurement, parse_stopwatch, parse_volume],
)
@given(text=st.text(max_size=12) | st.from_regex(r"[0-9]{1,4}[.,:]?[0-9]{0,3} ?[a-z%]{0,3}", fullmatch=True))
def test_whatever_is_typed_is_read_or_refused(parse: Callable[[str], object], text: str) -> None:
    with suppress(MalformedError):
        parse(text)


@given(st.integers(1, 150_000), st.sampled_from(["cm", "in", "kg"]))
def test_what_is_shown_can_be_typed_again(milli: int, unit: str) -> None:
    assert parse_measurement(f"{milli_text(milli)} {unit}") == Measurement(milli, unit)  # type: ignore[arg-type]  # one of the units


@pytest.mark.parametrize(("parse", "text"), [(parse_grams, "2kg"), (parse_volume, "20l"), (parse_dose, "2000g")])
def test_what_no_fact_can_hold_is_refused_in_the_words_that_were_typed(
    parse: Callable[[str], int], text: str
) -> None:
    with pytest.raises(MalformedError, match=f"{text} at a time is more than"):
        parse(text)
