"""The report ``problems`` for people."""

from __future__ import annotations

from typing import Any

from client_sdk.cli.rendering.paper import Paper
from client_sdk.cli.words import counted, plain, short


def show(report: dict[str, Any], paper: Paper) -> None:
    """What is kept but not counted, and why."""
    rows: list[dict[str, Any]] = report["problems"]
    if not rows:
        paper.say("No problems: everything in the ledger counts.")
        return
    paper.say(f"{counted(len(rows), 'event')} kept and synced, but not counted:")
    for row in paper.cut(rows):
        where = "not synced yet" if row["position"] is None else f"position {row['position']}"
        paper.say(f"#{short(row['event'])}  {plain(row['type'])}, {where}: {row['message']} ({row['path']})")
    paper.tell_rest(rows, "events")
