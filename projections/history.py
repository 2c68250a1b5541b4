"""The report ``sessions``: the history week by week, so that a session costs the week that it is in.

A week has the rows of its own sessions, and is made of those as well that may overlap one of them from beside it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import chain
from typing import Any

import msgspec

from events.quantities import DAY_MS, round_half_up
from projections.diary import Row
from projections.explained import because
from projections.groups import Groups
from projections.notes import about, notes_on
from projections.overlaps import REACH_MS, overlaps
from projections.rollups import Rollup
from projections.sessions import Copy

WEEK_MS = 7 * DAY_MS
"""Any seven days, in Unix time: no report shows them."""


class Week(msgspec.Struct, frozen=True):
    """The sessions that began in one week, latest first; how many have a sound duration, and these together."""

    rows: list[dict[str, Any]]
    timed: int
    seconds: int


class History:
    """All sessions, week by week.

    Args:
        sessions: The sessions, as ``sessions.summarise`` gives them.
    """

    def __init__(self, sessions: Groups[str, dict[str, Any]]) -> None:
        self._sessions = sessions
        self._remarks = Remarks()
        self._weeks: Rollup[str, dict[str, Any], Week] = Rollup(
            sessions, _weeks_of, lambda number, rows: _week(number, rows, self._remarks)
        )

    def weeks(self, copies: list[Copy], notes: list[Row], *, explain: bool = False) -> list[Week]:
        """The weeks, latest first; where the rows are to name their events, all as one.

        Args:
            copies: The likely copies of sessions.
            notes: All notes, earliest first.
            explain: Whether each session names the events behind it.
        """
        if not self._remarks.are_of(copies, notes):
            self._remarks = Remarks(copies, notes)
            self._weeks.forget()
        if explain:
            return [_week(None, self._sessions.summaries().values(), self._remarks, explain=True)]
        return self._weeks.summaries()[::-1]


def report(weeks: Collection[Week]) -> dict[str, Any]:
    """The report ``sessions`` from its weeks, latest first; doubtful durations are left out of the average."""
    timed = sum([week.timed for week in weeks])
    seconds = sum([week.seconds for week in weeks])
    rows = list(chain.from_iterable([week.rows for week in weeks]))
    return {
        "average_duration_s": round_half_up(seconds, timed) if timed else None,
        "sessions": rows,
        "before": None,
    }


class Remarks:
    """What is shown with sessions and does not lie in them.

    Args:
        copies: Likely copies, each of one of them.
        notes: The notes, earliest first.
    """

    def __init__(self, copies: Sequence[Copy] = (), notes: Sequence[Row] = ()) -> None:
        self._made_of = list(copies), list(notes)
        self._copies: dict[str, list[Copy]] = {}
        for copy in copies:
            self._copies.setdefault(copy.of, []).append(copy)
        self._notes = about(notes)

    def are_of(self, copies: Sequence[Copy], notes: Sequence[Row]) -> bool:
        """Whether they are made of these."""
        return self._made_of == (list(copies), list(notes))

    def on(self, row: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
        """Those on a session."""
        copies = [_shown_copy(copy) for copy in self._copies.get(row["session"], ())]
        return {"copies": copies, "notes": notes_on(row, self._notes)}


def _weeks_of(row: dict[str, Any]) -> Iterable[int]:
    """The week in which a session began, and that beside it where it may overlap one of there."""
    return range((row["start"] - REACH_MS) // WEEK_MS, (row["start"] + REACH_MS) // WEEK_MS + 1)


def _week(number: int | None, rows: Collection[dict[str, Any]], remarks: Remarks, *, explain: bool = False) -> Week:
    """One week from the sessions that bear on it, as ``sessions.summarise`` gives them; all weeks for None."""
    overlapping = overlaps(rows)
    own = [row for row in rows if number is None or row["start"] // WEEK_MS == number]
    own.sort(key=lambda row: (row["start"], row["session"]), reverse=True)
    sound = [row["duration_s"] for row in own if row["duration_s"] is not None and not row["doubtful"]]
    shown = [_shown(row, overlapping.get(row["session"], []), remarks, explain=explain) for row in own]
    return Week(shown, len(sound), sum(sound))


def _shown(row: dict[str, Any], overlapping: list[str], remarks: Remarks, *, explain: bool) -> dict[str, Any]:
    """A session as the report shows it; with ``explain`` it names all that lies in it."""
    shown = {**row, "overlaps": overlapping, **remarks.on(row)}
    del shown["events"]
    sets = (done["event"] for block in row["exercises"] for done in block["sets"])
    drills = (drill["event"] for drill in row["drills"])
    shown |= because(chain(row["events"], drills, sets), explain=explain)
    return shown


def _shown_copy(copy: Copy) -> dict[str, Any]:
    names = ("session", "app", "title", "start", "offset", "event")
    return {name: getattr(copy, name) for name in names}
