"""The reports: what each is made of, out of a view of the facts.

Every report takes the view, and what was asked.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from projections import balance, conflicts, habits, legs, problems, programs, records, recovery, sessions, volume
from projections.view import View

Made = dict[str, Any]


class Asked(msgspec.Struct, frozen=True):
    """How a report is asked for.

    ``as_of`` is the local day, None where nothing ever happened; with ``explain`` every figure names the events
    behind it.
    """

    as_of: int | None
    explain: bool = False


class Report(msgspec.Struct, frozen=True):
    """One report: its name, and how it is made.

    ``of_facts`` says that the summaries of a view are not enough for it; a checkpoint then keeps the report itself.
    """

    name: str
    make: Callable[[View, Asked], Made]
    of_facts: bool = False


def _sessions(view: View, asked: Asked) -> Made:
    return sessions.report(view.sessions, explain=asked.explain)


def _programs(view: View, asked: Asked) -> Made:
    if asked.as_of is None:
        return {"programs": []}
    rows = [view.sessions[key] for key in view.sessions]
    around = programs.Surroundings(view.facts, view.last_time, rows, view.book, asked.as_of, asked.explain)
    return programs.report(around)


def _records(view: View, _asked: Asked) -> Made:
    return records.report({exercise: view.exercises[exercise].records for exercise in view.exercises}, view.book)


def _volume(view: View, asked: Asked) -> Made:
    first_weekday = view.profile.week_start or 0
    return volume.report(view.trained(), asked.as_of, first_weekday, view.level, view.book, explain=asked.explain)


def _balance(view: View, asked: Asked) -> Made:
    per_week = view.profile.sessions_per_week or 1
    sided = () if asked.as_of is None else view.sided(asked.as_of - balance.WINDOW_DAYS + 1, asked.as_of)
    return balance.report(view.trained(), sided, asked.as_of, view.book, per_week, explain=asked.explain)


def _habits(view: View, asked: Asked) -> Made:
    rows = [view.sessions[key] for key in view.sessions]
    weeks = legs.weeks(view.trained(), asked.as_of, view.profile, view.book)
    return habits.report(rows, weeks, asked.as_of, view.profile.week_start or 0, explain=asked.explain)


def _recovery(view: View, asked: Asked) -> Made:
    days = view.trained()
    _, offset = max(
        ((view.sessions[key]["start"], view.sessions[key]["offset"]) for key in view.sessions), default=(0, 0)
    )
    lived = recovery.Lived(
        days,
        legs.weeks(days, asked.as_of, view.profile, view.book),
        view.noted("readiness_rated", "deload_started", "deload_ended"),
        offset,
    )
    return recovery.report(lived, asked.as_of, view.profile, view.book, explain=asked.explain)


def _conflicts(view: View, _asked: Asked) -> Made:
    return conflicts.report(view.facts)


def _problems(view: View, _asked: Asked) -> Made:
    return problems.report(view.facts)


REPORTS = (
    Report("sessions", _sessions),
    Report("programs", _programs, of_facts=True),
    Report("records", _records),
    Report("volume", _volume),
    Report("balance", _balance),
    Report("recovery", _recovery),
    Report("habits", _habits),
    Report("conflicts", _conflicts, of_facts=True),
    Report("problems", _problems, of_facts=True),
)
"""Those that are functions of the records alone, and go into the digest; ``log`` is beside them."""
