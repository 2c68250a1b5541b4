"""Quantities as people type them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client_sdk.cli.spelling import assignments
from client_sdk.cli.typed import (
    Moment,
    TypedLoad,
    parse_distance,
    parse_duration,
    parse_kind,
    parse_load,
    parse_moment,
    parse_tenths,
)
from events import Load, MalformedError
from events.quantities import HEAVIEST_MILLI, Unit

NOON = 1_750_000_000_000

units = st.sampled_from(["kg", "lb"])
loads = st.builds(Load, st.integers(0, HEAVIEST_MILLI), units)


@given(load=loads, sign=st.sampled_from(["", "bw+", "bw-"]), space=st.sampled_from(["", " "]))
def test_a_load_is_read_as_it_is_spelled(load: Load, sign: str, space: str) -> None:
    typed = parse_load(f"{sign}{str(load).replace(' ', space)}")
    assert typed.load == load
    assert typed.load_kind == {"": None, "bw+": "added", "bw-": "assisted"}[sign]


@given(load=loads, kind=st.sampled_from(["added", "assisted", "external"]))
def test_a_correction_is_spelled_as_it_is_typed(load: Load, kind: str) -> None:
    spelled = assignments({"load": {"milli": load.milli, "unit": load.unit}, "load_kind": kind})
    assert parse_load(spelled.removeprefix("load=")) == TypedLoad(load, None if kind == "external" else kind)


@given(seconds=st.integers(0, 100_000))
def test_a_duration_is_read_as_a_stopwatch_shows_it(seconds: int) -> None:
    hours, rest = divmod(seconds, 3600)
    assert parse_duration(f"{hours}:{rest // 60:02d}:{rest % 60:02d}") == seconds
    assert parse_duration(f"{hours}h {rest // 60}min {rest % 60}s") == seconds
    assert parse_duration(f"{seconds}s") == parse_duration(str(seconds)) == seconds


@given(at=st.datetimes(datetime(1900, 1, 2), datetime(2200, 12, 30)))  # noqa: DTZ001  # a wall clock
def test_a_moment_with_an_offset_is_that_moment_anywhere(at: datetime) -> None:
    moment = parse_moment(f"{at:%Y-%m-%dT%H:%M}+02:00", NOON)
    wall = at.replace(second=0, microsecond=0, tzinfo=UTC)
    assert moment == Moment((int(wall.timestamp()) - 7200) * 1000, 120)


@pytest.mark.parametrize(
    ("text", "load", "kind", "implements"),
    [
        ("100kg", Load(100_000, "kg"), None, None),
        ("100 KG", Load(100_000, "kg"), None, None),
        ("82,5kg", Load(82_500, "kg"), None, None),
        ("225lbs", Load(225_000, "lb"), None, None),
        ("2x20kg", Load(20_000, "kg"), None, 2),
        ("2 × 22.5 kg", Load(22_500, "kg"), None, 2),
        ("bw", None, "bodyweight", None),
        ("Body weight", None, "bodyweight", None),
        ("bw + 20kg", Load(20_000, "kg"), "added", None),
        ("bw−15kg", Load(15_000, "kg"), "assisted", None),
    ],
)
def test_a_load_may_be_spelled_in_many_ways(text: str, load: Load | None, kind: str, implements: int | None) -> None:
    assert parse_load(text) == TypedLoad(load, kind, implements)


@pytest.mark.parametrize("unit", ["kg", "lb"])
def test_a_number_alone_is_in_the_unit_of_the_lifter(unit: Unit) -> None:
    assert parse_load("100", unit).load == Load(100_000, unit)
    assert parse_load("bw+20", unit).load == Load(20_000, unit)


@pytest.mark.parametrize("text", ["100", "bw+20", "-5kg", "5x20kg", "heavy", "", "100stone", "1e3kg", "bw*2"])
def test_what_is_no_load_is_refused_with_a_next_step(text: str) -> None:
    with pytest.raises(MalformedError) as raised:
        parse_load(text)
    assert raised.value.next_step


@pytest.mark.parametrize(
    ("text", "millimetres"),
    [("5km", 5_000_000), ("400 m", 400_000), ("1mi", 1_609_344), ("26.2mi", 42_164_813), ("100yd", 91_440)],
)
def test_a_distance_is_kept_in_millimetres(text: str, millimetres: int) -> None:
    assert parse_distance(text) == millimetres


@pytest.mark.parametrize("text", ["", "5", "km", "5 miles away", "-5km"])
def test_what_is_no_distance_is_refused(text: str) -> None:
    with pytest.raises(MalformedError, match="is not a distance"):
        parse_distance(text)


@pytest.mark.parametrize("text", ["", "1:2", "1:60", "10 20", "5x", "-5s", "soon"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(MalformedError, match="is not a duration"):
        parse_duration(text)


def test_a_duration_may_be_said_in_minutes() -> None:
    assert parse_duration("2min") == 120
    assert parse_duration("1.5 min") == 90


@pytest.mark.parametrize("text", ["11", "-1", "8.55", "hard"])
def test_what_is_no_rating_is_refused(text: str) -> None:
    with pytest.raises(MalformedError):
        parse_tenths(text)


def test_a_rating_is_kept_in_tenths() -> None:
    assert [parse_tenths(text) for text in ("8.5", "8,5", "10", "0")] == [85, 85, 100, 0]


def test_a_kind_of_set_may_have_a_hyphen() -> None:
    assert parse_kind("Warm-up") == parse_kind("warm_up") == "warm_up"
    with pytest.raises(MalformedError, match="no kind of set"):
        parse_kind("light")


@pytest.mark.parametrize(
    "text", ["2026-02-30 18:30", "2026-13-01", "25:00", "yesterday", "", "1899-12-31T12:00+00:00"]
)
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(MalformedError):
        parse_moment(text, NOON)


def test_a_time_alone_is_today_and_a_date_alone_is_noon() -> None:
    today = datetime.fromtimestamp(NOON / 1000, UTC).astimezone()
    assert parse_moment("18:30", NOON) == parse_moment(f"{today:%Y-%m-%d} 18:30", NOON)
    assert parse_moment("2025-06-30", NOON) == parse_moment("2025-06-30 12:00", NOON)
