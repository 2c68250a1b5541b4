"""Charts made of text: what they show without any colour."""

from __future__ import annotations

import pytest

from client_sdk.cli.rendering.charts import PLAIN, Point, bar, over_time, room, spark, track
from client_sdk.cli.rendering.paper import spelled
from client_sdk.cli.words import long_day
from events.quantities import day_text, parse_day


def test_a_bar_shows_how_much_and_past_which_landmarks() -> None:
    assert bar(13_000, 20_000, width=20, marks=(5_000, 10_000)).plain == "█████│████│██       "
    assert bar(2_500, 20_000, width=20, marks=(5_000, 10_000)).plain == "██▌  │    │         "


def test_what_is_there_at_all_has_a_bar_and_what_is_not_has_none() -> None:
    assert bar(1, 1_000_000, width=8).plain == "▌       "
    assert bar(0, 1_000_000, width=8).plain == " " * 8
    assert bar(7, 0, width=8).plain == " " * 8


def test_a_bar_never_leaves_its_width() -> None:
    assert bar(50, 20, width=8, marks=(10, 20, 30)).plain == "████│██│"


@pytest.mark.parametrize(
    ("value", "drawn"),
    [
        (None, "······[····]····"),
        (0, "●·····[····]····"),
        (599, "······●····]····"),
        (600, "······[●···]····"),
        (1_000, "······[···●]····"),
        (1_200, "······[····]·●··"),
        (9_000, "······[····]···●"),
    ],
)
def test_a_track_shows_where_a_value_lies_against_its_target(value: int | None, drawn: str) -> None:
    assert track(value, 600, 1_050, most=1_400, width=16).plain == drawn


def test_a_sparkline_has_a_block_for_each_value_and_a_blank_for_none() -> None:
    assert spark([10, 12, 9, None, 14]) == "▂▅▁ █"
    assert spark([0, 5, 10], least=0) == "▁▄█"
    assert spark([7, 7]) == "▁▁"
    assert spark([None, None]) == "  "


def test_points_lie_true_to_scale_in_time_and_a_record_is_marked() -> None:
    first = parse_day("2025-03-03")
    points = [Point(first, 100, record=True), Point(first + 10, 90), Point(first + 40, 120, record=True)]
    drawn = over_time(
        points, figure=lambda kg: f"{kg} kg", day=lambda day: long_day(day_text(day)), width=44, height=4
    )
    assert [line.rstrip() for line in drawn.plain.splitlines()] == [
        "120 kg ┤                                   ◆",
        "       ┤",
        "       ┤ ◆",
        " 90 kg ┤          •",
        "       └────────────────────────────────────",
        "         3 March 2025          12 April 2025",
    ]


def test_one_point_is_a_line_of_one() -> None:
    drawn = over_time([Point(0, 5)], figure=str, day=str, width=10)
    assert drawn.plain == "5 ┤ •\n  └───────\n    0"


def test_a_chart_takes_what_room_there_is_within_reason() -> None:
    assert [room(columns, 30) for columns in (30, 80, 100, 400)] == [10, 50, 70, 100]


def test_every_character_of_a_chart_has_a_stand_in_of_ascii() -> None:
    drawn = (bar(7, 9, marks=(3,)) + track(5, 3, 6, most=9)).plain + spark(list(range(9)))
    drawn += over_time([Point(0, 1), Point(1, 2, record=True)], figure=str, day=str).plain
    assert spelled(drawn, "ascii").isascii()
    assert spelled(drawn, "utf-8") == drawn
    assert all(stand_in.isascii() for stand_in in PLAIN.values())
