"""The report ``sessions`` for people."""

from __future__ import annotations

from collections import Counter
from typing import Any

from client_sdk.cli.rendering.charts import spark
from client_sdk.cli.rendering.paper import Paper, table
from client_sdk.cli.words import short, span, when
from events.quantities import week_name, week_start
from projections.volume import WEEK_DAYS

_WEEKS = 12


def show(report: dict[str, Any], paper: Paper) -> None:
    """The history, newest first; what is open is shown as open."""
    rows: list[dict[str, Any]] = report["sessions"]
    if not rows:
        paper.say("No session yet: start one with `ironledger session start`.")
        return
    made = table("Start", "Session", "Took", "Sets", "Exercises", right=("Sets",), folded=("Session", "Exercises"))
    for row in paper.cut(rows):
        exercises = ", ".join(map(_block, row["exercises"]))
        made.add_row(_start(row), row["title"] or "", _took(row), str(row["phases"]["sets"]), exercises)
    paper.say(made)
    paper.tell_rest(rows, "sessions")
    if report["average_duration_s"] is not None:
        paper.say(f"On average {span(report['average_duration_s'])}, doubtful ones left out.")
    if any(row["phases"]["sets"] for row in rows):
        paper.say(_frequency(rows, paper))
    if in_doubt := [name for row in paper.cut(rows) for name in _in_doubt(row)]:
        paper.say("? A clock was changed about then: the day may be another. To say when it was:")
        paper.command(f'    ironledger correct {short(in_doubt[0])} at="2026-11-20 18:30"')
    tell_overlaps(paper.cut(rows), paper)


def _frequency(rows: list[dict[str, Any]], paper: Paper) -> str:
    """The sessions with a counted set in each of the last weeks, up to that of the latest session."""
    first_weekday = paper.ledger.view.profile.week_start or 0
    held = Counter(week_start(row["day_number"], first_weekday) for row in rows if row["phases"]["sets"])
    last = max(held)
    counts = [held[last - back * WEEK_DAYS] for back in range(_WEEKS)][::-1]
    latest = f"{counts[-1]} in {week_name(last)}"
    return f"Sessions a week, the last {_WEEKS} weeks: {spark(counts, least=0)}  {latest}, {max(counts)} at most."


def tell_overlaps(rows: list[dict[str, Any]], paper: Paper) -> None:
    """The sessions that overlap, each with the command that makes it a part of the one that tells most."""
    told: set[str] = set()
    for row in sorted(rows, key=_telling):
        others = [other for other in rows if other["session"] in row["overlaps"] and other["session"] not in told]
        if others and row["session"] not in told:
            told |= {row["session"], *(other["session"] for other in others)}
            paper.say("", f"Overlapping: {', '.join(_named(session) for session in [row, *others])}. One visit?")
            for other in others:
                paper.command(f"  ironledger session merge {short(row['session'])} {short(other['session'])}")


def _telling(row: dict[str, Any]) -> tuple[bool, int, str]:
    """The sessions that were started before those that just have sets, the earliest first."""
    return row["state"] == "unstarted", row["start"], row["session"]


def _named(row: dict[str, Any]) -> str:
    return f"{row['title'] or 'that'} of {when(row['start'], row['offset'])} #{short(row['session'])}"


def _start(row: dict[str, Any]) -> str:
    return f"{when(row['start'], row['offset'])}{' ?' if row['day_doubtful'] else ''}"


def _in_doubt(row: dict[str, Any]) -> list[str]:
    """What to correct in a session: the sets whose day is in doubt, else the session itself."""
    sets = [done["set"] for block in row["exercises"] for done in block["sets"] if done.get("day_doubtful")]
    return sets or [row["session"]] * row["day_doubtful"]


def _block(block: dict[str, Any]) -> str:
    """An exercise with its counted sets; warm-ups and missed attempts stand in brackets."""
    others = len(block["sets"]) - block["counted"]
    return f"{block['name']} {block['counted']}{f' (+{others})' if others else ''}"


def _took(row: dict[str, Any]) -> str:
    match row["state"]:
        case "finished":
            return f"{span(row['duration_s'])}{' ?' if row['doubtful'] else ''}"
        case "open":
            return "open"
        case _:
            return ""
