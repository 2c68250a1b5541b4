"""Remarks beside what they are about: the lifter's own, and those of a trainer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from projections.diary import Row

NOTE_ADDED = "note_added"


def about(notes: Iterable[Row]) -> dict[str, list[Row]]:
    """Notes by what they are about."""
    found: dict[str, list[Row]] = {}
    for note in notes:
        found.setdefault(note.said["target"], []).append(note)
    return found


def notes_on(session: dict[str, Any], noted: Mapping[str, list[Row]]) -> list[dict[str, Any]]:
    """The notes on a session of the report ``sessions`` and on its sets, earliest first.

    Args:
        session: Its row.
        noted: The notes by what they are about.
    """
    if not noted:
        return []
    sets = [done["set"] for block in session["exercises"] for done in block["sets"]]
    notes = [note for target in (session["session"], *sets) for note in noted.get(target, ())]
    return [
        {
            "note": note.said["note"],
            "target": note.said["target"],
            "text": note.said["text"],
            "author": note.said.get("author"),
            "at": note.at,
            "event": note.event,
        }
        for note in sorted(notes, key=lambda note: (note.at, note.event))
    ]
