"""The report ``volume`` for people: the latest week against its landmarks, the weeks before it, and the trend.

              2025-W27                         W26    W25   12 weeks
quadriceps      12.5 +  ████│█████│██       │   10 +   4    ▁▃▅▄█
hamstrings       4      ███▌│     │         │    5 ·   5 ·  ▅▅▄▅▄
"""

from __future__ import annotations

from typing import Any

from client_sdk.cli.rendering.charts import Tone, bar, room, spark, tone
from client_sdk.cli.rendering.paper import Paper, table
from client_sdk.cli.words import counted, decimal, long_day, plain
from projections.volume import BANDS

_MARKS = {"low": " ", "moderate": "·", "high": "+", "very_high": "!"}
_TONES: dict[str, Tone] = {"low": "plain", "moderate": "plain", "high": "good", "very_high": "watch"}

_MUSCLE, _FIGURE, _WEEK, _BAR, _TREND = 17, 10, 8, 22, 12
"""The columns that each takes up. Two weeks before the latest fit 80 of them; wider terminals show more."""

_TREND_WEEKS = 12


def show(report: dict[str, Any], paper: Paper) -> None:
    """The latest week by muscle, legs first; before it other weeks, as many as fit."""
    weeks: list[dict[str, Any]] = report["weeks"][::-1]
    if not weeks:
        paper.say("No training yet: log a set with `ironledger log`.")
        return
    latest = weeks[0]
    fits = (paper.width - _MUSCLE - _FIGURE - _BAR - _TREND) // _WEEK
    former = weeks[1 : 1 + max(0, fits)]
    trend = weeks[:_TREND_WEEKS][::-1]
    marks = BANDS[paper.ledger.view.level]
    paper.head(f"Sets in {latest['week']}, the week from {long_day(latest['start'])}")
    if not any(week["sets"] for week in trend):
        paper.say(f"None, nor in the {len(trend)} weeks to it: --as-of looks at an earlier day.")
        return
    names = [latest["week"][5:], *(week["week"][5:] for week in former)]
    trained = [muscle for muscle in latest["muscles"] if any(_done(week, muscle) for week in trend)]
    most = max([marks[-1], *(_done(week, muscle) for week in weeks[:1] for muscle in trained)])
    width = room(paper.width, _MUSCLE + _FIGURE + _TREND, least=6, most=_BAR - 3)
    made = table("Muscle", names[0], "", *names[1:], counted(len(trend), "week"), right=tuple(names))
    for muscle in trained:
        tally = latest["muscles"][muscle]
        drawn = bar(tally["fractional_milli"], most, width=width, marks=marks, meaning=_TONES[tally["band"]])
        earlier = [_sets(week["muscles"][muscle]) for week in former]
        made.add_row(
            plain(muscle), _sets(tally), drawn, *earlier, spark([_done(week, muscle) for week in trend], least=0)
        )
    for label, key in (("all sets", "sets"), ("sessions", "sessions")):
        row = [f"{week[key]}  " for week in (latest, *former)]
        made.add_row(label, row[0], "", *row[1:], spark([week[key] for week in trend], least=0))
    paper.say(made, "", _legend(marks))
    if latest["exercises"]:
        done = ", ".join(f"{row['name']} {row['sets']}" for row in latest["exercises"])
        paper.say(f"Sets by exercise in {latest['week']}: {done}.")
    resting = [plain(muscle) for muscle in latest["muscles"] if muscle not in trained]
    if resting:
        weeks_long = "this week" if len(trend) == 1 else f"these {len(trend)} weeks"
        paper.say(f"Not trained in {weeks_long}: {', '.join(resting)}.")


def _legend(marks: tuple[int, int, int]) -> str:
    low, high, most = (decimal(mark) for mark in marks)
    return (
        f"A direct set counts 1, an indirect one 0.5. The lines in the bars stand at {low}, {high} and {most} sets "
        f"a week: {_MARKS['moderate']} moderate from {low}, {_MARKS['high']} high from {high}, "
        f"{_MARKS['very_high']} very high beyond {most}, no mark is low."
    )


def _sets(tally: dict[str, Any]) -> Any:  # noqa: ANN401  # rich's text
    if not tally["fractional_milli"]:
        return "-  "
    return tone(f"{decimal(tally['fractional_milli'])} {_MARKS[tally['band']]}", _TONES[tally["band"]])


def _done(week: dict[str, Any], muscle: str) -> int:
    return int(week["muscles"][muscle]["fractional_milli"])
