"""The reports: what each is made of, out of a view of the facts.

Every report takes the view, and what was asked.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from events.quantities import DAY_MS
from projections import (
    balance,
    body,
    conflicts,
    habits,
    history,
    nutrition,
    overload,
    performance,
    problems,
    programs,
    records,
    recovery,
    volume,
)
from projections.notes import NOTE_ADDED
from projections.progression import Targets
from projections.view import SPREAD_DAYS, View

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
    return history.report(view.history.weeks(view.copies, view.noted(NOTE_ADDED), explain=asked.explain))


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
    as_of = asked.as_of
    lived = habits.Lived(
        [] if as_of is None else view.sessions_between(habits.since(as_of), as_of),
        view.leg_weeks(as_of),
        view.seasons.summaries(),
        lambda: view.sessions.summaries().values(),
    )
    return habits.report(lived, as_of, view.profile, explain=asked.explain)


def _recovery(view: View, asked: Asked) -> Made:
    lived = recovery.Lived(
        _last_done(view),
        view.leg_weeks(asked.as_of, recovery.WEEKS),
        view.noted("readiness_rated", "deload_started", "deload_ended"),
        _offset(view),
    )
    return recovery.report(lived, asked.as_of, view.profile, view.book, explain=asked.explain)


def _last_done(view: View) -> dict[str, recovery.LastDone]:
    """When each exercise was last done."""
    done = {}
    for exercise in view.exercises:
        if (last := view.last_time(exercise)) is not None:
            day = last["sets"][-1]["at"] // DAY_MS
            done[exercise] = max(
                (sets.last, number, sets.last_event)
                for number in view.trained_on.between(day - SPREAD_DAYS, day + SPREAD_DAYS)
                for session in view.trained_on[number]
                if (sets := session.exercises.get(exercise)) is not None
            )
    return done


def _offset(view: View) -> int:
    """That of the lifter's wall clock when the last session began, in minutes east of UTC; 0 where none ever did."""
    last = view.sessions_on.last() or 0
    rows = view.sessions_between(last - 2 * SPREAD_DAYS, last)
    return max(((row["start"], row["offset"]) for row in rows), default=(0, 0))[1]


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
