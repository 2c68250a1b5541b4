"""The command line: parses what was typed, calls the replica, and renders what comes back.

Each command is imported when it is used, so that logging a set between two sets takes a moment only.
"""

from __future__ import annotations

from client_sdk.cli.application import main

__all__ = ["main"]
