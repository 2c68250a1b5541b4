"""The report ``problems`` for people."""

from __future__ import annotations

from typing import Any

from client_sdk.cli.rendering.paper import Paper
from client_sdk.cli.words import counted, plain, short
from client_sdk.setaside import CODE


def show(report: dict[str, Any], paper: Paper) -> None:
    """What is kept but not counted, and why."""
    rows: list[dict[str, Any]] = report["problems"]
    if not rows:
        paper.say("No problems: everything in the ledger counts.")
        return
    aside = [row for row in rows if row["code"] == CODE]
    synced = [row for row in rows if row["code"] != CODE]
    if synced:
        paper.say(f"{counted(len(synced), 'event')} kept and synced, but not counted:")
    for row in paper.cut(synced):
        where = "not synced yet" if row["position"] is None else f"position {row['position']}"
        paper.say(f"#{short(row['event'])}  {plain(row['type'])}, {where}: {row['message']} ({row['path']})")
    paper.tell_rest(synced, "events")
    if aside:
        paper.say(f"{counted(len(aside), 'event')} on this device only, and not counted:")
    for row in paper.cut(aside):
        name = "an event" if row["event"] is None else f"#{short(row['event'])}"
        what = "" if row["type"] is None else f"  {plain(row['type'])}"
        paper.say(f"{name}{what}: {row['message']}")
    if aside:
        paper.say("`ironledger repair` tries again.")
    paper.tell_rest(aside, "events")
