"""Importers: what other training apps export, as facts.

    bytes ──read──▶ Reading ──plan──▶ drafts of events, for a replica to write
              └───▶ Unanswered: what the file leaves open, as questions

Pure functions: no file, no clock, no ledger. A reading names everything after where it stands in the file, so two
devices that import one file say the same, and a longer export adds what is new.
"""

from __future__ import annotations

from client_sdk.importers.errors import ImportFileError
from client_sdk.importers.importer import read
from client_sdk.importers.plans import changes_ledger, plan, vanished
from client_sdk.importers.readings import Exercises, Lift, Question, Reading, Session, Unanswered
from client_sdk.importers.rows import Remark

__all__ = [
    "Exercises",
    "ImportFileError",
    "Lift",
    "Question",
    "Reading",
    "Remark",
    "Session",
    "Unanswered",
    "changes_ledger",
    "plan",
    "read",
    "vanished",
]
