"""The reports: what each is made of, out of a view of the facts.

Every report takes the view, and what was asked.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from projections import (
    balance,
    body,
    conflicts,
    habits,
    legs,
    notes,
    nutrition,
    overload,
    performance,
    problems,
    programs,
    records,
    recovery,
    sessions,
    volume,
)
from projections.progression import Targets
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
    made = sessions.report(view.sessions, view.copies, explain=asked.explain)
    return made | {"sessions": notes.beside(made["sessions"], view.noted(notes.NOTE_ADDED))}


def _programs(view: View, asked: Asked) -> Made:
    if (as_of := asked.as_of) is None:
        return {"programs": []}
    targets = Targets(view, as_of)

    def lately() -> list[dict[str, Any]]:
        return view.sessions_between(as_of - programs.ADHERENCE_DAYS + 1, as_of)

    def next_target(slot: programs.Slot) -> dict[str, Any] | None:
        proposal = targets.of_slot(slot)
        return None if proposal is None else proposal.shown(explain=asked.explain)

    return programs.report(
        programs.Surroundings(view.at_hand, view.last_time, next_target, lately, view.book, as_of, asked.explain)
    )


def _records(view: View, _asked: Asked) -> Made:
    return records.report({exercise: view.exercises[exercise].records for exercise in view.exercises}, view.book)


def _volume(view: View, asked: Asked) -> Made:
    return volume.report(view.weeks(asked.as_of), view.book, explain=asked.explain)


def _balance(view: View, asked: Asked) -> Made:
    per_week, as_of = view.profile.sessions_per_week or 1, asked.as_of
    if as_of is None:
        return balance.report([], None, (), None, view.book, per_week=per_week, explain=asked.explain)
    first, since = view.trained_on.first(), balance.since(as_of)
    window, sided = view.trained_between(since, as_of), view.sided(since, as_of)
    return balance.report(
        window,
        first if first is None or first <= as_of else None,
        sided,
        as_of,
        view.book,
        per_week=per_week,
        explain=asked.explain,
    )


def _habits(view: View, asked: Asked) -> Made:
    rows = [view.sessions[key] for key in view.sessions]
    weeks = legs.weeks(view.weeks(asked.as_of), asked.as_of, view.profile, view.book)
    return habits.report(rows, weeks, asked.as_of, view.profile.week_start or 0, explain=asked.explain)


def _recovery(view: View, asked: Asked) -> Made:
    days = view.trained()
    _, offset = max(
        ((view.sessions[key]["start"], view.sessions[key]["offset"]) for key in view.sessions), default=(0, 0)
    )
    lived = recovery.Lived(
        days,
        legs.weeks(view.weeks(asked.as_of), asked.as_of, view.profile, view.book),
        view.noted("readiness_rated", "deload_started", "deload_ended"),
        offset,
    )
    return recovery.report(lived, asked.as_of, view.profile, view.book, explain=asked.explain)


def _body(view: View, asked: Asked) -> Made:
    rows = view.noted("measurement_taken", "photo_attached")
    return body.report(rows, view.weights, asked.as_of, view.profile.week_start or 0, explain=asked.explain)


def _performance(view: View, asked: Asked) -> Made:
    return performance.report(view.noted("test_performed"), explain=asked.explain)


def _nutrition(view: View, asked: Asked) -> Made:
    rows = view.noted(*nutrition.KINDS)
    return nutrition.report(rows, view.weights, view.profile.protein_mg_per_kg, asked.as_of, explain=asked.explain)


def _overload(view: View, asked: Asked) -> Made:
    if asked.as_of is None:
        return {"exercises": []}
    return overload.report(view, asked.as_of, explain=asked.explain)


def _conflicts(view: View, _asked: Asked) -> Made:
    return conflicts.report(view.at_hand)


def _problems(view: View, _asked: Asked) -> Made:
    return problems.report(view.at_hand)


REPORTS = (
    Report("sessions", _sessions),
    Report("programs", _programs, of_facts=True),
    Report("records", _records),
    Report("volume", _volume),
    Report("balance", _balance),
    Report("overload", _overload, of_facts=True),
    Report("recovery", _recovery),
    Report("habits", _habits),
    Report("body", _body),
    Report("performance", _performance),
    Report("nutrition", _nutrition),
    Report("conflicts", _conflicts, of_facts=True),
    Report("problems", _problems, of_facts=True),
)
"""Those that are functions of the records alone, and go into the digest; ``log`` is beside them."""
