"""The report ``sessions`` for people."""

from __future__ import annotations

from typing import Any

from client_sdk.cli.rendering.paper import Paper, table
from client_sdk.cli.words import span, when


def show(report: dict[str, Any], paper: Paper) -> None:
    """The history, newest first; what is open is shown as open."""
    rows: list[dict[str, Any]] = report["sessions"]
    if not rows:
        paper.say("No session yet: start one with `ironledger session start`.")
        return
    made = table("Start", "Session", "Took", "Sets", "Exercises", right=("Sets",), folded=("Session", "Exercises"))
    for row in paper.cut(rows):
        exercises = ", ".join(map(_block, row["exercises"]))
        made.add_row(
            when(row["start"], row["offset"]), row["title"] or "", _took(row), str(row["phases"]["sets"]), exercises
        )
    paper.say(made)
    paper.tell_rest(rows, "sessions")
    if report["average_duration_s"] is not None:
        paper.say(f"On average {span(report['average_duration_s'])}, doubtful ones left out.")


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
