"""Reports for people: tables that fit 80 columns, plain text in a pipe."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from client_sdk.cli.rendering.paper import Paper
from projections.log import LOG

__all__ = ["Paper", "show"]

_MODULES = {LOG: "books"}
"""The module of a report, where it isn't named as the report is. Each is imported when its report is shown."""


def show(report: dict[str, Any], paper: Paper, *, explain: bool = False) -> None:
    """Prints a report, and with ``explain`` below it the events behind its figures; the log is events itself."""
    name = report["report"]
    import_module(f"client_sdk.cli.rendering.{_MODULES.get(name, name)}").show(report, paper)
    if explain and name != LOG:
        from client_sdk.cli.rendering import reasons  # noqa: PLC0415  # seldom asked for

        reasons.show(report, paper)
