"""What happened on a day beside the sets: measurements, photos, tests, meals, how it felt, rest, notes, decisions."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import msgspec

from projections.facts import Effective

KINDS = frozenset(
    {
        *("measurement_taken", "photo_attached", "test_performed", "readiness_rated"),
        *("deload_started", "deload_ended", "food_logged", "water_logged", "supplement_taken"),
        *("progression_decided", "note_added"),
    }
)
"""The facts that the diary keeps."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One fact of the diary: when it happened, the event that says so, and its body as JSON has it."""

    type: str
    day: int
    """The local day, since 1970-01-01."""
    at: int
    """Unix ms, corrected for the replica's clock."""
    event: str
    day_doubtful: bool
    said: dict[str, Any]


def summarise(facts: Collection[Effective]) -> list[Row]:
    """The rows of one day, earliest first."""
    ordered = sorted(facts, key=lambda fact: (fact.time, fact.entry.replica, fact.entry.seq))
    return [
        Row(
            type=fact.entry.type,
            day=fact.day,
            at=fact.time,
            event=fact.entry.id,
            day_doubtful=fact.day_doubtful,
            said=msgspec.json.decode(msgspec.json.encode(fact.body)),
        )
        for fact in ordered
    ]
