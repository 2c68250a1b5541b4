"""Sessions that are probably one visit: two devices logged the same evening, each into a session of its own.

    phone    start—set—set—set—finish
    tablet         set——set——————set       while the phone's lasts: the same visit
    laptop                             set      minutes after the tablet's last set, and nobody finished that one: too

They are reported and left as they are; only the lifter knows, and ``ironledger session merge`` makes them one.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from events.quantities import MINUTE_MS
from projections.sessions import DOUBTFUL_MS

SAME_VISIT_GAP_MS = 15 * MINUTE_MS
"""Longer than a rest between two sets, which may be all that lies between two devices; shorter than a way home.

A session that was finished ends there: what is begun a minute later was meant to be another one.
"""

REACH_MS = DOUBTFUL_MS + SAME_VISIT_GAP_MS
"""Sessions that begin further apart don't overlap: none ends later after its beginning than it may last."""


def overlaps(rows: Iterable[dict[str, Any]]) -> dict[str, list[str]]:
    """The sessions that overlap, each with the others, the earliest first.

    What a file of another app brought takes no part: its clock is coarse, and one app knows its own sessions apart.

    Args:
        rows: Sessions as ``sessions.summarise`` gives them, in any order.
    """
    logged = sorted((row for row in rows if row["import"] is None), key=lambda row: (row["start"], row["session"]))
    found: dict[str, list[str]] = {}
    under_way: list[dict[str, Any]] = []
    for row in logged:
        under_way = [other for other in under_way if row["start"] < _lasts_until(other)]
        for other in under_way:
            found.setdefault(other["session"], []).append(row["session"])
            found.setdefault(row["session"], []).append(other["session"])
        under_way.append(row)
    return found


def _lasts_until(row: dict[str, Any]) -> int:
    over = row["state"] == "finished" and not row["doubtful"]
    return int(row["end"]) if over else int(row["end"]) + SAME_VISIT_GAP_MS
