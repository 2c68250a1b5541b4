"""Reports for people: tables that fit 80 columns, plain text in a pipe."""

from __future__ import annotations

from typing import Any

from client_sdk.cli.rendering import (
    balance,
    books,
    conflicts,
    habits,
    problems,
    programs,
    reasons,
    records,
    recovery,
    sessions,
    volume,
)
from client_sdk.cli.rendering.paper import Paper
from projections.log import LOG

__all__ = ["Paper", "show"]

_SHOWN = {
    "sessions": sessions.show,
    "programs": programs.show,
    "records": records.show,
    "volume": volume.show,
    "balance": balance.show,
    "recovery": recovery.show,
    "habits": habits.show,
    "conflicts": conflicts.show,
    "problems": problems.show,
    "log": books.show,
}


def show(report: dict[str, Any], paper: Paper, *, explain: bool = False) -> None:
    """Prints a report, and with ``explain`` below it the events behind its figures; the log is events itself."""
    _SHOWN[report["report"]](report, paper)
    if explain and report["report"] != LOG:
        reasons.show(report, paper)
