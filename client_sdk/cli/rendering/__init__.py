"""Reports for people: tables that fit 80 columns, plain text in a pipe."""

from __future__ import annotations

from typing import Any

from client_sdk.cli.rendering import (
    balance,
    body,
    books,
    conflicts,
    nutrition,
    performance,
    problems,
    programs,
    records,
    sessions,
    volume,
)
from client_sdk.cli.rendering.paper import Paper

__all__ = ["Paper", "show"]

_SHOWN = {
    "sessions": sessions.show,
    "programs": programs.show,
    "records": records.show,
    "volume": volume.show,
    "balance": balance.show,
    "body": body.show,
    "performance": performance.show,
    "nutrition": nutrition.show,
    "conflicts": conflicts.show,
    "problems": problems.show,
    "log": books.show,
}


def show(report: dict[str, Any], paper: Paper) -> None:
    """Prints a report."""
    _SHOWN[report["report"]](report, paper)
