"""The report ``volume`` for people: the last weeks side by side, a line for each muscle, legs first."""

from __future__ import annotations

from typing import Any

from client_sdk.cli.rendering.paper import Paper, table
from client_sdk.cli.words import decimal, plain

_MUSCLE_COLUMNS, _WEEK_COLUMNS = 18, 10
_MARKS = {"low": " ", "moderate": "·", "high": "+", "very_high": "!"}


def show(report: dict[str, Any], paper: Paper) -> None:
    """Fractional sets by muscle and week, each with the mark of its band."""
    weeks: list[dict[str, Any]] = report["weeks"]
    if not weeks:
        paper.say("No training yet: log a set with `ironledger log`.")
        return
    shown = weeks[-max(1, (paper.console.width - _MUSCLE_COLUMNS) // _WEEK_COLUMNS) :]
    names = tuple(week["week"] for week in shown)
    made = table("Sets a week", *names, right=names)
    made.add_row("from Monday" if _is_monday(paper) else "from", *(week["start"][5:] + " " for week in shown))
    for muscle in shown[0]["muscles"]:
        tallies = [week["muscles"][muscle] for week in shown]
        if any(tally["fractional_milli"] for tally in tallies):
            made.add_row(plain(muscle), *(_sets(tally) for tally in tallies))
    made.add_row("all sets", *(f"{week['sets']} " for week in shown))
    made.add_row("sessions", *(f"{week['sessions']} " for week in shown))
    paper.say(made)
    experienced = paper.ledger.view.level == "experienced"
    middle, top = ("5 to 11", "12 to 25") if experienced else ("5 to 9", "10 to 20")
    paper.say(
        "",
        f"A direct set counts 1, an indirect one 0.5. · {middle} sets, + {top}, ! beyond that, no mark below.",
    )
    resting = [plain(muscle) for muscle in shown[0]["muscles"] if not any(_done(week, muscle) for week in shown)]
    if resting:
        paper.say(f"Not trained in these weeks: {', '.join(resting)}.")


def _sets(tally: dict[str, Any]) -> str:
    return f"{decimal(tally['fractional_milli'])}{_MARKS[tally['band']]}" if tally["fractional_milli"] else "- "


def _done(week: dict[str, Any], muscle: str) -> bool:
    return bool(week["muscles"][muscle]["fractional_milli"])


def _is_monday(paper: Paper) -> bool:
    return not paper.ledger.view.profile.week_start
