"""Exporters: a ledger's sessions as the files that other training apps write.

    Facts ──visits──▶ Visit ──strong, hevy──▶ CSV ──read back──▶ what the format could not hold

Pure functions, like the importers, which read all that is written here. What was imported from an app goes back under
the names by which that app's file told it, so that it is the same row again.
"""

from __future__ import annotations

from client_sdk.exporters.exporter import EXPORTERS, Exported, Exporter, export
from client_sdk.exporters.visits import Visit, visits_of

__all__ = ["EXPORTERS", "Exported", "Exporter", "Visit", "export", "visits_of"]
