"""Tests of performance: how fast, how high, how far, how long; the best of each, and what it beat.

Only what is the same test is compared: the same kind, aim and, for a time over a distance or a distance in a time,
exactly the same distance or time. Of equal results the earlier one is the best.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from events.body import RESULT, TESTS, Aim, TestPerformed
from events.quantities import day_text, round_half_up
from projections.diary import Row


class Key(msgspec.Struct, frozen=True, order=True):
    """Which test it is. The distance or the time is the one that is set, 0 where none is."""

    rank: int
    """The kinds of the guide first."""
    kind: str
    aim: Aim
    distance_mm: int
    seconds_milli: int


def report(rows: Iterable[Row], *, explain: bool = False) -> dict[str, Any]:
    """The report ``performance``.

    Args:
        rows: The tests.
        explain: Whether each test names the events behind it.
    """
    tests: dict[Key, list[Row]] = {}
    for row in sorted(rows, key=lambda row: row.at):
        tests.setdefault(_key(msgspec.convert(row.said, TestPerformed)), []).append(row)
    return {"tests": [_tested(key, tests[key], explain=explain) for key in sorted(tests)]}


def _key(body: TestPerformed) -> Key:
    aim = body.aimed
    return Key(
        TESTS.index(body.kind) if body.kind in TESTS else len(TESTS),
        body.kind,
        aim,
        (body.distance_mm or 0) if aim in {"shortest_time", "longest_time"} else 0,
        (body.seconds_milli or 0) if aim == "farthest" else 0,
    )


def _tested(key: Key, rows: list[Row], *, explain: bool) -> dict[str, Any]:
    """One test, with all that was done of it, earliest first."""
    result = RESULT[key.aim]
    sign = -1 if key.aim == "shortest_time" else 1
    best: Row | None = None
    timeline = []
    for row in rows:
        if best is None or sign * row.said[result] > sign * best.said[result]:
            timeline.append(_shown(row) | {"beat": None if best is None else _shown(best)})
            best = row
    first, latest = rows[0], rows[-1]
    change = latest.said[result] - first.said[result]
    tested = {
        "kind": key.kind,
        "aim": key.aim,
        "result": result,
        "distance_mm": key.distance_mm or None,
        "seconds_milli": key.seconds_milli or None,
        "count": len(rows),
        "first": _shown(first),
        "latest": _shown(latest),
        "best": None if best is None else _shown(best),
        "change": change,
        "change_permille": round_half_up(change * 1000, first.said[result]),
        "improved": sign * change > 0,
        "results": [{"day": day_text(row.day), "value": row.said[result], "event": row.event} for row in rows],
        "timeline": timeline,
    }
    return tested | {"events": [row.event for row in rows]} if explain else tested


def _shown(row: Row) -> dict[str, Any]:
    """A test as it was done."""
    said = row.said
    distance, milliseconds = said.get("distance_mm"), said.get("seconds_milli")
    return {
        "distance_mm": distance,
        "seconds_milli": milliseconds,
        "height_mm": said.get("height_mm"),
        "speed_mm_s": round_half_up(distance * 1000, milliseconds) if distance and milliseconds else None,
        "note": said.get("note"),
        "at": row.at,
        "day": day_text(row.day),
        "event": row.event,
    }
