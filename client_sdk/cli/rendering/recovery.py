"""The report ``recovery`` for people."""

from __future__ import annotations

from typing import Any

from client_sdk.cli.rendering.charts import Tone, bar, tone
from client_sdk.cli.rendering.paper import Paper, table
from client_sdk.cli.words import counted, mass, plain, span, when
from events.catalogue import LEG_MUSCLES
from events.quantities import Unit

_BAR = 16
_TONES: dict[str, Tone] = {"within": "good", "under": "watch", "over": "watch", "begun": "plain"}
_WORDS = {"begun": "so far"}
_LONG_AGO_H = 14 * 24


def show(report: dict[str, Any], paper: Paper) -> None:
    """The weeks, the hours of rest, how it felt, and the deloads."""
    shown = False
    for part in (_weeks, _muscles, _days, _deloads):
        lines = part(report, paper)
        if lines:
            paper.say(*([""] if shown else []), *lines)
            shown = True
    if not shown:
        paper.say("Nothing yet: log a set with `ironledger log`, or a day with `ironledger rate`.")
    if high := report["stays_high"]:
        what = ", ".join(_what(row) for row in high)
        fewest = min(row["days"] for row in high)
        paper.say(
            "",
            tone(f"High on each of the last {fewest} days on which you rated it: {what}.", "watch"),
            "Listen to your body: rest, or train lighter, which `ironledger deload start` notes.",
        )


def _what(high: dict[str, Any]) -> str:
    return "fatigue" if high["muscle"] is None else f"soreness of the {plain(high['muscle'])}"


def _weeks(report: dict[str, Any], paper: Paper) -> list[object]:
    weeks = report["weeks"]
    if not weeks:
        return []
    least, most = report["meant"]["least"], report["meant"]["most"]
    unit: Unit = paper.ledger.view.profile.units or "kg"
    made = table("Week", "Leg sessions", "", "Sets", "", "Tonnage", right=("Leg sessions", "Sets", "Tonnage"))
    busiest = max(week["sets"] for week in weeks)
    for week in weeks:
        made.add_row(
            week["week"],
            str(week["leg_sessions"]),
            tone(_WORDS.get(week["standing"], week["standing"]), _TONES[week["standing"]]),
            str(week["sets"]),
            bar(week["sets"], busiest, width=_BAR),
            mass(week["tonnage_g"], unit),
        )
    wanted = str(least) if least == most else f"{least} to {most}"
    return [made, f"Meant: {wanted} leg sessions a week. Sets and tonnage are those of leg exercises."]


def _muscles(report: dict[str, Any], _paper: Paper) -> list[object]:
    if not report["muscles"]:
        return []
    made = table("Rest", "Hours", "Last trained", right=("Hours",))
    lately = [row for row in report["muscles"] if row["muscle"] in LEG_MUSCLES or row["hours"] < _LONG_AGO_H]
    for row in lately:
        made.add_row(plain(row["muscle"]), f"{row['hours']:,}", when(row["at"], row["offset"]))
    others = len(report["muscles"]) - len(lately)
    more = f" {counted(others, 'other muscle')} not for two weeks." if others else ""
    return [made, f"Hours up to the end of {report['as_of']}.{more}"]


def _days(report: dict[str, Any], paper: Paper) -> list[object]:
    days = report["days"][::-1]
    if not days:
        return []
    made = table(
        "How it felt", "Fatigue", "Sleep", "Sore", "Pain", right=("Fatigue", "Sleep"), folded=("Sore", "Pain")
    )
    for day in paper.cut(days):
        made.add_row(
            day["day"],
            "" if day["fatigue"] is None else f"{day['fatigue']} of 10",
            "" if day["sleep_min"] is None else span(day["sleep_min"] * 60),
            ", ".join(f"{plain(row['muscle'])} {row['soreness']}" for row in day["soreness"]),
            ", ".join(hurts["site"] for hurts in day["pain"]),
        )
    hidden = len(days) - len(paper.cut(days))
    return [made, *([f"… and {counted(hidden, 'more day')}: --limit 0 shows all."] if hidden else [])]


def _deloads(report: dict[str, Any], _paper: Paper) -> list[object]:
    lines: list[object] = []
    for row in report["deloads"]:
        time = f"since {row['since']}" if row["running"] else f"from {row['since']} to {row['until']}"
        lines.append(f"Deload {time}{': ' + row['reason'] if row['reason'] else ''}")
    return lines
