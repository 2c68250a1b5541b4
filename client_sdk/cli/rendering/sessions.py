"""The report ``sessions`` for people."""

from __future__ import annotations

from collections import Counter
from typing import Any

from rich.text import Text

from client_sdk.cli.apps import app_title
from client_sdk.cli.naming import describe_fact
from client_sdk.cli.rendering.charts import Tone, spark, tone
from client_sdk.cli.rendering.paper import Paper, table
from client_sdk.cli.words import counted, short, span, when
from events.guide import COOL_DOWN_MIN, MAIN_MIN, WARM_UP_MIN
from events.quantities import round_half_up, week_name, week_start
from projections.volume import WEEK_DAYS

_WEEKS = 12
_TONES: dict[str, Tone] = {"within": "good", "under": "watch", "over": "watch", "skipped": "watch"}
_UNTOLD = {"skipped": "-", "unknown": "?", "untimed": "?"}


def show(report: dict[str, Any], paper: Paper) -> None:
    """The history, newest first; what is open is shown as open."""
    rows: list[dict[str, Any]] = report["sessions"]
    if not rows:
        paper.say("No session yet: start one with `ironledger session start`.")
        return
    made = table(
        *("Start", "Session", "Took", "Parts", "Sets", "Exercises"),
        right=("Sets",),
        folded=("Session", "Exercises"),
    )
    for row in paper.cut(rows):
        exercises = ", ".join(map(_block, row["exercises"]))
        sets = str(row["phases"]["sets"])
        made.add_row(_start(row), row["title"] or "", _took(row), _parts(row["phases"]), sets, exercises)
    paper.say(made)
    paper.tell_rest(rows, "sessions")
    if any(_parts(row["phases"]) for row in paper.cut(rows)):
        guide = ", ".join(f"{least} to {most}" for least, most in (WARM_UP_MIN, MAIN_MIN, COOL_DOWN_MIN))
        paper.say(f"Parts: minutes of warm-up, main part and cool-down; the guide's are {guide}. - is skipped.")
    if report["average_duration_s"] is not None:
        paper.say(f"On average {span(report['average_duration_s'])}, doubtful ones left out.")
    _tell_notes(paper.cut(rows), paper)
    if any(row["phases"]["sets"] for row in rows):
        paper.say(_frequency(rows, paper))
    if in_doubt := [name for row in paper.cut(rows) for name in _in_doubt(row)]:
        paper.say("? A clock was changed about then: the day may be another. To say when it was:")
        paper.command(f'    ironledger correct {short(in_doubt[0])} at="2026-11-20 18:30"')
    _tell_copies(paper.cut(rows), paper)
    tell_overlaps(paper.cut(rows), paper)


def _tell_notes(rows: list[dict[str, Any]], paper: Paper) -> None:
    """What was remarked on the sessions and their sets, each with the words for what it is about."""
    if any(row["notes"] for row in rows):
        paper.say("", "Notes:")
    for row in rows:
        for note in row["notes"]:
            author = f" ({note['author']})" if note["author"] else ""
            paper.say(f"  {describe_fact(paper.ledger, note['target'])}: {note['text']}{author}")


def _frequency(rows: list[dict[str, Any]], paper: Paper) -> str:
    """The sessions with a counted set in each of the last weeks, up to that of the latest session."""
    first_weekday = paper.ledger.view.profile.week_start or 0
    held = Counter(week_start(row["day_number"], first_weekday) for row in rows if row["phases"]["sets"])
    last = max(held)
    counts = [held[last - back * WEEK_DAYS] for back in range(_WEEKS)][::-1]
    latest = f"{counts[-1]} in {week_name(last)}"
    return f"Sessions a week, the last {_WEEKS} weeks: {spark(counts, least=0)}  {latest}, {max(counts)} at most."


def _tell_copies(rows: list[dict[str, Any]], paper: Paper) -> None:
    """How many of the sessions two apps tell of; those count once."""
    apps = [app_title(copy["app"]) for row in rows for copy in row["copies"]]
    for app in sorted(set(apps)):
        told = counted(apps.count(app), "session")
        paper.say(f"{app} tells of {told} of these, too; they count once: `ironledger conflicts`.")


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


def _parts(phases: dict[str, Any]) -> Text:
    """The minutes of warm-up, main part and cool-down, where any of them is known; a ? for one that isn't."""
    parts = ("warm_up", "main", "cool_down")
    told = Text()
    if all(phases[part] in {"unknown", "skipped"} for part in parts):
        return told
    for part in parts:
        lies = phases[part]
        minutes = _UNTOLD.get(lies) or str(round_half_up(phases[f"{part}_s"], 60))
        told.append(" · " if told else "").append_text(tone(minutes, _TONES.get(lies, "plain")))
    return told


def _took(row: dict[str, Any]) -> str:
    match row["state"]:
        case "finished":
            return f"{span(row['duration_s'])}{' ?' if row['doubtful'] else ''}"
        case "open":
            return "open"
        case _:
            return ""
