"""The report ``overload``: what comes next in each exercise, and whether it still gets better.

A lift stalls where its last six sessions, over four weeks or more, set no record: none of repetitions at a load,
which a new estimated maximum always is too, and none of time or distance. Both figures are conventions; who has
trained for years gets better more slowly than that, and a stall is a reason to look, not a failure. Against it the
guide advises another variant of the lift.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from events.guide import variants_of
from events.quantities import day_text
from projections.practice import Bout, Done, Practice
from projections.programs import Slot
from projections.progression import Targets
from projections.rules import WORST_FORM_TO_GROW
from projections.steps import load_shown

if TYPE_CHECKING:
    from projections.view import View

STALLED_SESSIONS = 6
STALLED_DAYS = 28
SHOWN_SESSIONS = 3
TREND_SESSIONS = 12
VARIATIONS = 3
LATELY_DAYS = 182
"""What was not trained for half a year, and is in no program that is followed, is left out."""


def report(view: View, as_of: int, *, explain: bool) -> dict[str, Any]:
    """The exercises of the last half year and of the programs that are followed, by name.

    Args:
        view: The facts up to the day.
        as_of: The day.
        explain: Whether every figure names the events behind it.
    """
    targets = Targets(view, as_of)
    slots: dict[str, list[Slot]] = {}
    for slot in targets.slots:
        if "exercise" in slot.fields:
            slots.setdefault(view.at_hand.exercise_of(slot.fields["exercise"]), []).append(slot)
    lately = {
        exercise
        for exercise in view.exercises
        if (bouts := view.practised(exercise).bouts) and bouts[-1].day > as_of - LATELY_DAYS
    }
    ranked = sorted(lately | slots.keys(), key=lambda exercise: (view.book.name(exercise).casefold(), exercise))
    rows = (_exercise(view, targets, exercise, slots.get(exercise, []), explain=explain) for exercise in ranked)
    return {"exercises": [row for row in rows if row["targets"]]}


def _exercise(view: View, targets: Targets, exercise: str, slots: list[Slot], *, explain: bool) -> dict[str, Any]:
    practice = view.practised(exercise)
    bouts = practice.bouts
    stalled = _stalled(practice, targets, explain=explain)
    return {
        "exercise": exercise,
        "name": view.book.name(exercise),
        "sessions": practice.sessions,
        "last_sessions": [_session(bout, targets) for bout in reversed(bouts[-SHOWN_SESSIONS:])],
        "e1rm": _trend(bouts[-TREND_SESSIONS:], explain=explain),
        "targets": _targets(targets, exercise, slots, explain=explain),
        "form": _poor_form(bouts[-SHOWN_SESSIONS:]),
        "stalled": stalled,
        "variations": [] if stalled is None else _variations(view, exercise),
    }


def _targets(targets: Targets, exercise: str, slots: list[Slot], *, explain: bool) -> list[dict[str, Any]]:
    """What comes next in each slot; in the exercise, where no slot that is followed asks for it."""
    if not slots:
        proposal = targets.of_exercise(exercise)
        return [] if proposal is None else [{"slot": None, **proposal.shown(explain=explain)}]
    proposals = [(slot, targets.of_slot(slot)) for slot in slots]
    return [
        {"slot": slot.slot, **proposal.shown(explain=explain)} for slot, proposal in proposals if proposal is not None
    ]


def _session(bout: Bout, targets: Targets) -> dict[str, Any]:
    return {
        "session": bout.session,
        "day": day_text(bout.day),
        "deload": targets.in_deload(bout.at),
        "record": bout.better,
        "sets": [_set(done) for done in bout.sets],
    }


def _set(done: Done) -> dict[str, Any]:
    return {
        "kind": done.kind,
        "side": done.side,
        "load": load_shown(done.load),
        "load_kind": done.load_kind,
        "reps": done.reps,
        "seconds": done.seconds,
        "form": done.form,
        "event": done.event,
    }


def _trend(bouts: tuple[Bout, ...], *, explain: bool) -> dict[str, Any] | None:
    """The best estimated maximum of each of the last sessions, oldest first, and by how much it changed."""
    estimated = [(bout, bout.e1rm_g) for bout in bouts if bout.e1rm_g is not None]
    if not estimated:
        return None
    trend = {
        "sessions": [
            {"day": day_text(bout.day), "grams": grams, "valid": bout.e1rm_valid, "event": bout.e1rm_event}
            for bout, grams in estimated
        ],
        "change_g": estimated[-1][1] - estimated[0][1],
    }
    return trend | {"events": [bout.e1rm_event for bout, _ in estimated]} if explain else trend


def _poor_form(bouts: tuple[Bout, ...]) -> dict[str, Any] | None:
    """The worst form of the last sessions, the latest set of those alike, where it asks for technique over weight."""
    rated = [
        (done.form, -done.at, bout.day, done.event)
        for bout in bouts
        for done in bout.sets
        if done.form is not None and done.form < WORST_FORM_TO_GROW
    ]
    if not rated:
        return None
    form, _, day, event = min(rated)
    return {"rated": form, "day": day_text(day), "event": event}


def _stalled(practice: Practice, targets: Targets, *, explain: bool) -> dict[str, Any] | None:
    """Since when, and for how many sessions, no record was set; None where that is not long."""
    bouts = practice.bouts
    latest = max((number for number, bout in enumerate(bouts) if bout.better), default=None)
    first = 0 if latest is None else latest
    since = [bout for bout in bouts[0 if latest is None else latest + 1 :] if not targets.in_deload(bout.at)]
    if len(since) < STALLED_SESSIONS or since[-1].day - bouts[first].day < STALLED_DAYS:
        return None
    stalled = {"sessions": len(since), "since": day_text(bouts[first].day)}
    return stalled | {"events": sorted(done.event for bout in since for done in bout.sets)} if explain else stalled


def _variations(view: View, exercise: str) -> list[dict[str, Any]]:
    """What the guide would do instead; else what the lifter knows of the same movement, the most trained first."""
    advised = variants_of(exercise)
    if advised:
        return [{"exercise": other, "name": view.book.name(other), "advised_by": "guide"} for other in advised]
    known = view.book.find(exercise)
    if known is None or known.pattern == "other":
        return []
    alike = [
        other
        for other in view.exercises
        if other != exercise and (found := view.book.find(other)) is not None and found.pattern == known.pattern
    ]
    alike.sort(key=lambda other: (-view.practised(other).sessions, other))
    return [
        {"exercise": other, "name": view.book.name(other), "advised_by": "own_history"}
        for other in alike[:VARIATIONS]
    ]
