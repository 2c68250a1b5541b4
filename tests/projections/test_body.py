"""The report ``body``: what was measured, how it goes, left against right, photos."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from support.chains import some_uuid
from support.diary_world import TODAY, day, ledger_of_days
from support.weigh_ins import measured

from events.body import Measurement, MeasurementTaken, PhotoAttached
from events.quantities import round_half_up
from projections.ledger import Ledger


def row(ledger: Ledger, site: str, side: str | None = None, **asked: Any) -> dict[str, Any]:  # noqa: ANN401  (options)
    """The row of one site and side."""
    rows: list[dict[str, Any]] = ledger.report("body", **asked)["measurements"]
    return next(row for row in rows if (row["site"], row["side"]) == (site, side))


def test_first_latest_and_change_are_told_as_typed_and_exactly() -> None:
    ledger = ledger_of_days((20, measured("thigh", "23", "in")), (0, measured("thigh", "59", "cm")))
    thigh = row(ledger, "thigh")
    assert thigh["first"]["value"] == {"milli": 23_000, "unit": "in"}
    assert (thigh["first"]["amount"], thigh["latest"]["amount"]) == (584_200, 590_000)
    assert (thigh["change"], thigh["unit"], thigh["count"]) == (5_800, "um", 2)
    assert (thigh["first"]["day"], thigh["latest"]["day"]) == (day(20), day(0))


def test_pounds_and_kilograms_are_one_history() -> None:
    ledger = ledger_of_days((7, measured("body_weight", "180", "lb")), (0, measured("body_weight", "82", "kg")))
    weight = row(ledger, "body_weight")
    assert (weight["first"]["amount"], weight["change"], weight["unit"]) == (81_647, 353, "g")


def test_a_body_has_one_weight_whatever_side_is_said() -> None:
    ledger = ledger_of_days(
        (1, measured("body_weight", "80", "kg", side="left")), (0, measured("body_weight", "81", "kg"))
    )
    assert row(ledger, "body_weight")["count"] == 2


def test_a_line_through_a_steady_gain_has_its_slope() -> None:
    said = [(back, measured("body_weight", f"{80 - back * 0.1:.1f}", "kg")) for back in range(28)]
    assert row(ledger_of_days(*said), "body_weight")["trend"] == {"window_days": 28, "days": 28, "per_week": 700}


def test_a_girth_has_a_longer_window_than_the_bodys_weight() -> None:
    backs = (84, 80, 40, 0)
    said = [
        (back, measured(site, "60", unit)) for back in backs for site, unit in (("hip", "cm"), ("body_weight", "kg"))
    ]
    ledger = ledger_of_days(*said)
    assert row(ledger, "hip")["trend"]["days"] == 3
    assert row(ledger, "body_weight")["trend"] is None


def test_days_that_lie_close_together_make_no_trend() -> None:
    said = [(back, measured("body_weight", "80", "kg")) for back in (0, 2, 4, 6)]
    assert row(ledger_of_days(*said), "body_weight")["trend"] is None


def test_the_mean_of_seven_days_takes_the_last_of_each_day() -> None:
    said = [(7, "90"), (6, "79"), (6, "80"), (0, "81")]
    ledger = ledger_of_days(*((back, measured("body_weight", kilograms, "kg")) for back, kilograms in said))
    assert row(ledger, "body_weight")["mean_7_days"] == 80_500


def test_a_report_as_of_a_day_knows_nothing_of_what_came_after() -> None:
    ledger = ledger_of_days((10, measured("body_weight", "80", "kg")), (0, measured("body_weight", "90", "kg")))
    assert row(ledger, "body_weight", as_of=TODAY - 1)["latest"]["amount"] == 80_000


def test_left_is_held_against_right_by_the_latest_of_each() -> None:
    ledger = ledger_of_days(
        (30, measured("thigh", "57", "cm", side="left")),
        (2, measured("thigh", "58.5", "cm", side="left")),
        (0, measured("thigh", "60", "cm", side="right")),
        (0, measured("calf", "38", "cm", side="right")),
        (0, measured("hip", "100", "cm", side="both")),
    )
    [sides] = ledger.report("body")["sides"]
    assert (sides["ratio_milli"], sides["difference"], sides["days_apart"]) == (975, -15_000, 2)
    assert row(ledger, "hip")["count"] == 1


def test_what_is_no_length_and_what_is_one_are_two_rows_of_a_site_of_ones_own() -> None:
    ledger = ledger_of_days((1, measured("grip", "50", "kg")), (0, measured("grip", "9", "cm")))
    assert {row["unit"] for row in ledger.report("body")["measurements"]} == {"g", "um"}


def test_photos_stand_in_the_order_of_time_with_the_weight_of_their_day() -> None:
    photos = [
        PhotoAttached(photo=some_uuid(), sha256="0" * 64, bytes=9, media_type="image/jpeg", pose=pose)
        for pose in ("front", "back")
    ]
    ledger = ledger_of_days((0, photos[0]), (9, photos[1]), (5, measured("body_weight", "80", "kg")))
    shown = ledger.report("body")["photos"]
    assert [(photo["pose"], photo["body_weight"] and photo["body_weight"]["grams"]) for photo in shown] == [
        ("back", None),
        ("front", 80_000),
    ]


def test_explained_each_row_names_its_events_in_the_order_of_time() -> None:
    ledger = ledger_of_days((0, measured("hip", "100", "cm")), (9, measured("hip", "99", "cm")))
    hip = row(ledger, "hip", explain=True)
    assert hip["events"] == [hip["first"]["event"], hip["latest"]["event"]]
    assert "events" not in row(ledger, "hip")


_taken = st.lists(st.tuples(st.integers(0, 90), st.integers(60_000, 90_000)), min_size=1, max_size=30)


@given(_taken, st.sampled_from(["body_weight", "hip"]))
def test_the_trend_is_the_slope_that_the_method_of_least_squares_gives(
    said: list[tuple[int, int]], site: str
) -> None:
    unit, window = ("kg", 28) if site == "body_weight" else ("cm", 84)
    bodies = [
        (back, MeasurementTaken(measurement=some_uuid(), site=site, value=Measurement(milli, unit)))  # type: ignore[arg-type]  # one of the units
        for back, milli in said
    ]
    ledger = ledger_of_days(*bodies)
    found = row(ledger, site, as_of=TODAY)
    days = {back: Fraction(milli) * (1 if unit == "kg" else 10) for back, milli in said if back < window}
    assert found["count"] == len(said)
    if len(days) < 3 or max(days) - min(days) < window // 4:
        assert found["trend"] is None
        return
    middle, mean = Fraction(sum(days), len(days)), sum(days.values(), Fraction(0)) / len(days)
    rise = sum((back - middle) * (amount - mean) for back, amount in days.items())
    slope = -7 * rise / sum((back - middle) ** 2 for back in days)
    assert found["trend"]["per_week"] == round_half_up(slope.numerator, slope.denominator)
