"""Charts made of text: bars with marks, a track with a target, a chart over time, a sparkline.

    bar(13_000, 20_000, marks=(5_000, 10_000))   ████│████│████▌               how much, and past which landmarks
    track(636, 500, 1_000, most=1_500)           ········[··●······]·········  where it lies against a target
    spark([10, 12, 9, 14])                       ▃▅▂█                          how it went, in a cell of a table
    over_time(points, …)                                                       how it went, with days and figures

        120 kg ┤                    ◆          ◆ is a record
               ┤        ◆    •  •              • is any other point
        100 kg ┤  ◆ •  •
               └────────────────────────────
                3 March 2025    30 June 2025

All take integers (of one unit, whatever it is) and give what ``Paper.say`` prints and a table's cell holds. The rules
that they keep, and that whoever uses them keeps, too:

- The figure stands beside the chart, in words. A chart shows; it is never the only place where something is said.
- Shape and letters carry the meaning. Colours repeat it: a ``Tone`` names what is meant, and stands for one of the
  terminal's own sixteen colours, of those that can be read on a light and on a dark ground (so neither yellow, white,
  black, blue nor grey, and nothing dim).
- One character is one column, and each has a stand-in of ASCII (``PLAIN``) by which ``Paper`` replaces it where the
  output's encoding doesn't have it. Text needs none of its own for that: ``×``, ``−`` and ``…`` are in there, too.
- What is drawn fits 80 columns. On a wider terminal ``room`` gives more of them, up to a width that eyes can follow.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Literal

import msgspec
from rich.text import Text

Tone = Literal["plain", "good", "watch", "bad", "strong"]
"""What a colour is to mean: as it should be, worth a look, not as it should be; ``strong`` is merely bold."""

STYLES: dict[Tone, str] = {"plain": "", "good": "green", "watch": "magenta", "bad": "red", "strong": "bold"}

PLAIN = dict(zip("▁▂▃▄▅▆▇█▌│┤└─·●•◆×−–→↑↓", "_.-=+*%#=||+-.Oo*x-->^v", strict=True)) | {"…": "..."}
"""What stands for a character where only ASCII can be written."""

BAR, SPARK, CHART = 24, 12, 60
"""The usual widths, in columns."""

WIDEST = 100
HEIGHT = 6
_LEVELS = "▁▂▃▄▅▆▇█"


class Point(msgspec.Struct, frozen=True):
    """A value on a local day, since 1970-01-01; a record is drawn as one."""

    day: int
    value: int
    record: bool = False


def room(columns: int, taken: int, least: int = 10, most: int = WIDEST) -> int:
    """How wide a chart may be beside what takes up some of the columns already."""
    return max(least, min(most, columns - taken))


def tone(text: str, meaning: Tone) -> Text:
    """Text in the colour of what it means."""
    return Text().append(text, STYLES[meaning])


def bar(value: int, most: int, *, width: int = BAR, marks: Collection[int] = (), meaning: Tone = "plain") -> Text:
    """A horizontal bar from 0, to halves of a column; what is there at all has at least a half.

    Args:
        value: How much; below 0 is drawn as 0.
        most: What the whole width stands for; more is cut off there.
        width: In columns.
        marks: Where lines are drawn, such as a target or the landmarks between bands; beyond ``most`` they are not.
        meaning: The tone of the filled part.
    """
    halves = min(2 * width, -(-2 * width * value // most)) if most > 0 and value > 0 else 0
    drawn = Text().append("█" * (halves // 2) + "▌" * (halves % 2), STYLES[meaning])
    drawn.append(" " * (width - len(drawn)))
    return _lined(drawn, [_column(mark, 0, most, width) for mark in marks if 0 < mark <= most])


def track(value: int | None, low: int, high: int, *, most: int, width: int = BAR) -> Text:
    """A value as a dot on a track from 0 to ``most``, whose target lies between brackets; no dot for None.

    The dot is ``good`` within the target, and worth a look (``watch``) outside of it.
    """
    cells = ["·"] * width
    left, right = _column(low, 0, most, width), _column(high, 0, most, width)
    cells[left], cells[max(right, min(left + 1, width - 1))] = "[", "]"
    drawn = Text("".join(cells))
    if value is None:
        return drawn
    inside = low <= value <= high
    place = _column(value, 0, most, width)
    if inside and left + 1 < right:
        place = min(max(place, left + 1), right - 1)
    dot = tone("●", "good" if inside else "watch")
    return drawn[:place] + dot + drawn[place + 1 :]


def spark(values: Sequence[int | None], *, least: int | None = None) -> str:
    """A line of blocks, one for each value, from the least to the greatest; a blank for None.

    Args:
        values: In the order of time.
        least: What the lowest block stands for; the least of the values by default. Give 0 for amounts.
    """
    there = [value for value in values if value is not None]
    if not there:
        return " " * len(values)
    low, high = min(there) if least is None else least, max(there)
    return "".join(
        " "
        if value is None
        else _LEVELS[(len(_LEVELS) - 1) * (value - low) // (high - low) if high > low and value > low else 0]
        for value in values
    )


def over_time(
    points: Collection[Point],
    *,
    figure: Callable[[int], str],
    day: Callable[[int], str],
    width: int = CHART,
    height: int = HEIGHT,
) -> Text:
    """Points over the time in which they lie, true to scale in both directions; the axis begins at the least value.

    Args:
        points: At least one, in any order; of those that fall on one spot a record shows.
        figure: A value in words, for the axis.
        day: A day in words, for the first and the last.
        width: In columns, all in all.
        height: Of the part with points, in lines.
    """
    low, high = min(point.value for point in points), max(point.value for point in points)
    first, last = min(point.day for point in points), max(point.day for point in points)
    if low == high:
        height = 1
    labels = {height - 1: figure(low), 0: figure(high)}
    margin = max(map(len, labels.values()))
    columns = max(1, width - margin - 3)
    rows = [[" "] * columns for _ in range(height)]
    for point in sorted(points, key=lambda point: point.record):
        row = height - 1 - _column(point.value, low, high, height)
        rows[row][_column(point.day, first, last, columns)] = "◆" if point.record else "•"
    drawn = Text()
    for number, cells in enumerate(rows):
        drawn.append(f"{labels.get(number, ''):>{margin}} ┤ ")
        drawn.append_text(_dotted("".join(cells).rstrip()))
        drawn.append("\n")
    begins, ends = day(first), day(last)
    drawn.append(f"{'':{margin}} └{'─' * (columns + 1)}\n{'':{margin}}   {begins}")
    if last > first:
        drawn.append(ends.rjust(columns - len(begins)) if len(begins) + len(ends) < columns else f" to {ends}")
    return drawn


def _lined(drawn: Text, columns: Collection[int]) -> Text:
    """A bar with lines over it."""
    for column in columns:
        drawn = drawn[:column] + Text("│") + drawn[column + 1 :]
    return drawn


def _dotted(row: str) -> Text:
    drawn = Text(row)
    drawn.highlight_regex("◆", STYLES["good"])
    return drawn


def _column(value: int, low: int, high: int, columns: int) -> int:
    """Where a value lies between two others, as one of so many columns."""
    if high <= low:
        return 0
    return min(max((value - low) * (columns - 1) * 2 // (high - low) + 1, 0) // 2, columns - 1)
