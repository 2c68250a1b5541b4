"""The report ``habits`` for people."""

from __future__ import annotations

from typing import Any

from client_sdk.cli.rendering.charts import bar, spark, tone, track
from client_sdk.cli.rendering.paper import Paper, table
from client_sdk.cli.words import counted, decimal, plain, span
from events.guide import COOL_DOWN_MIN, MAIN_MIN, STRETCH_S, WARM_UP_MIN

_PHASES = (
    ("warm_up", "warm-up", WARM_UP_MIN),
    ("main", "main part", MAIN_MIN),
    ("cool_down", "cool-down", COOL_DOWN_MIN),
)
_TRACK, _FORM_BAR = 11, 20
_TRACK_BEYOND = 2
"""A track ends at so many times the most minutes that the guide asks for."""


def show(report: dict[str, Any], paper: Paper) -> None:
    """Phases against the guide's minutes, drills and stretches, form, and what was kept up."""
    if not report["sessions"] and not any(row["drills"] for row in report["drills"]):
        paper.say("No training in the 28 days up to then: log a set with `ironledger log`.")
        return
    of_legs = report["leg_sessions"]
    paper.head(
        f"The 28 days to {report['as_of']}: {counted(report['sessions'], 'session')}, {of_legs} of them for the legs"
    )
    if of_legs:
        paper.say("", _phases(report))
        _tell_unknown(report, paper)
    if any(row["drills"] for row in report["drills"]):
        paper.say("", _drills(report["drills"]))
    _stretches(report["stretches"], paper)
    _form(report["form"], paper)
    _tempo(report["tempo"], paper)
    _streaks(report["streaks"], paper)


def _phases(report: dict[str, Any]) -> Any:  # noqa: ANN401  # a rich table
    figures = ("Done", "Skipped", "Under", "Within", "Over", "Average")
    made = table("Leg sessions", *figures, "", right=figures)
    for phase, name, (least, most) in _PHASES:
        done = report[phase]
        seconds = done["average_s"]
        made.add_row(
            f"{name}, {least} to {most} min",
            *(str(done.get(figure.lower(), "")) for figure in figures[:-1]),
            "" if seconds is None else span(seconds),
            track(seconds, least * 60, most * 60, most=_TRACK_BEYOND * most * 60, width=_TRACK),
        )
    return made


def _tell_unknown(report: dict[str, Any], paper: Paper) -> None:
    unknown = max(report["warm_up"]["unknown"], report["cool_down"]["unknown"])
    if unknown:
        paper.say(
            f"Of {counted(unknown, 'session')} nobody can tell: imported from an app that knows no drills, or open."
        )


def _drills(rows: list[dict[str, Any]]) -> Any:  # noqa: ANN401  # a rich table
    made = table("Drills", "Times", "Sessions", "Time", right=("Times", "Sessions", "Time"))
    for row in rows:
        made.add_row(
            plain(row["kind"]),
            str(row["drills"]),
            str(row["sessions"]),
            span(row["seconds"]) if row["seconds"] else "",
        )
    return made


def _stretches(stretches: dict[str, Any], paper: Paper) -> None:
    if stretches["holds"]:
        made = table(
            "Stretched",
            "Holds",
            f"{STRETCH_S} s and more",
            "Shorter",
            right=("Holds", f"{STRETCH_S} s and more", "Shorter"),
        )
        for row in stretches["muscles"]:
            if row["holds"]:
                made.add_row(plain(row["muscle"]), *(str(row[what]) for what in ("holds", "long_enough", "short")))
        paper.say("", made)
        missing = ", ".join(map(plain, stretches["missing"]))
        paper.say(
            f"Of the major leg muscles not stretched: {missing}."
            if missing
            else "All major leg muscles were stretched."
        )


def _form(form: dict[str, Any], paper: Paper) -> None:
    if not form["rated"]:
        return
    made = table("Form", "Sets", "", right=("Sets",))
    most = max(row["sets"] for row in form["ratings"])
    for row in reversed(form["ratings"]):
        made.add_row(f"{row['form']} of 5", str(row["sets"]), bar(row["sets"], most, width=_FORM_BAR))
    paper.say("", made)
    weeks = form["weeks"]
    each = ", ".join(map(_average, weeks))
    trend = f", week by week {spark([row['average_milli'] for row in weeks])} {each}" if len(weeks) > 1 else ""
    paper.say(f"{_average(form)} of 5 on average{trend}.")
    for row in paper.cut(form["poor"]):
        words = (
            f"{row['name']}: {counted(row['sets'], 'set')} at 2 or less, last on {row['day']}. Technique over weight."
        )
        paper.say(tone(words, "watch"))
    paper.tell_rest(form["poor"], "exercises")


def _average(row: dict[str, Any]) -> str:
    return decimal(row["average_milli"])


def _tempo(tempo: dict[str, Any], paper: Paper) -> None:
    if tempo["sets"]:
        paused = f"of {tempo['calf_raises']} of calf raises {tempo['paused_at_top']} paused at the top"
        paper.say("", f"{counted(tempo['sets'], 'set')} with a tempo; {paused}.")


def _streaks(streaks: dict[str, Any], paper: Paper) -> None:
    made = table("In a row", "Now", "Longest", right=("Now", "Longest"))
    for what, name in (
        ("weeks", "weeks with as many leg sessions as meant"),
        ("warm_up", "leg sessions with a warm-up"),
        ("cool_down", "leg sessions with a cool-down"),
    ):
        made.add_row(name, str(streaks[what]["current"]), str(streaks[what]["longest"]))
    paper.say("", made)
