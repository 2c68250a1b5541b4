"""Remarks beside what they are about: the lifter's own, and those of a trainer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from projections.diary import Row

NOTE_ADDED = "note_added"


def beside(sessions: Iterable[dict[str, Any]], notes: Iterable[Row]) -> list[dict[str, Any]]:
    """The rows of the report ``sessions``, each with the notes on it and on its sets, earliest first."""
    about: dict[str, list[Row]] = {}
    for note in notes:
        about.setdefault(note.said["target"], []).append(note)
    return [row | {"notes": _notes_on(row, about) if about else []} for row in sessions]


def _notes_on(session: dict[str, Any], about: dict[str, list[Row]]) -> list[dict[str, Any]]:
    sets = [done["set"] for block in session["exercises"] for done in block["sets"]]
    notes = [note for target in (session["session"], *sets) for note in about.get(target, ())]
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
