"""An exercise's sets, summed up: gone through stretch by stretch, so that a set costs the season it was done in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import islice, takewhile
from typing import Any

import msgspec

from events.catalogue import Exercise
from events.training import SetLogged, Side
from projections import practice, records, sessions
from projections.effective import Effective
from projections.weights import Weights


class Exercised(msgspec.Struct, frozen=True):
    """An exercise: its records by side, what was done last, and how it was practised lately."""

    records: list[dict[str, Any]]
    last_time: dict[str, Any] | None
    practice: practice.Practice
    weighed_until: int | None
    """The last day of a set whose estimate needs the body's weight; None where none does."""


class Stretch(msgspec.Struct, frozen=True):
    """Some months of an exercise, and what it had come to at their end."""

    sets: list[Effective]
    """The counted sets, earliest first."""
    sessions: dict[str, None]
    """Those that the counted sets lie in, in order."""
    sides: dict[Side, records.Standing]
    """Where each stood; also those of which this stretch has no set."""
    archived: int = 0
    """How many sessions are laid by, of which nothing else is held here."""
    unbroken: int = 0
    """Where any are: how many of the last ``sessions`` have none of those among them or after them."""


def go_on(
    before: Stretch | None,
    facts: Collection[Effective],
    exercise: Exercise | None,
    formula: str,
    weights: Weights,
) -> Stretch:
    """The next stretch of an exercise, from its sets, which are in no order."""
    sets = sorted(facts, key=sessions.order)
    counted: list[Effective] = []
    lifts: dict[Side, list[records.Lift]] = {} if before is None else {side: [] for side in before.sides}
    for fact in sets:
        if isinstance(body := fact.body, SetLogged) and body.counts:
            counted.append(fact)
            lifts.setdefault(body.side, []).append(records.lift(fact, body))
    sides = {
        side: records.go_on(None if before is None else before.sides.get(side), lifted, exercise, formula, weights)
        for side, lifted in lifts.items()
    }
    return Stretch(counted, dict.fromkeys(fact.session or "" for fact in counted), sides)


def summarise(stretches: Sequence[Stretch], exercise: Exercise | None, formula: str, weights: Weights) -> Exercised:
    """All of an exercise, from its stretches, earliest first; there is one at least."""
    best = records.summarise([stretch.sides for stretch in stretches], formula, weights)
    held: dict[str, None] = {}
    for stretch in stretches:
        held.update(stretch.sessions)
    last = next((stretch.sets[-1] for stretch in reversed(stretches) if stretch.sets), None)
    lately = _of_sessions(stretches, list(islice(reversed(held), practice.KEPT)))
    return Exercised(
        best,
        None if last is None else sessions.last_time(_of_sessions(stretches, [last.session or ""])),
        practice.summarise(
            lately,
            len(held) + sum(stretch.archived for stretch in stretches),
            best,
            exercise=exercise,
            formula=formula,
            weights=weights,
        ),
        max((day for side in stretches[-1].sides.values() if (day := side.weighed_until) is not None), default=None),
    )


def lay_by(stretches: Sequence[Stretch], archived: Collection[str]) -> Stretch:
    """Some stretches as one, of which the sets are not held; given which sessions are laid by."""
    sides = {
        side: records.joined([stretch.sides[side] for stretch in stretches if side in stretch.sides])
        for side in stretches[-1].sides
    }
    passed = dict.fromkeys(session for stretch in stretches for session in stretch.sessions)
    held = dict.fromkeys(session for session in passed if session not in archived)
    last = next((stretch.sets[-1].session for stretch in reversed(stretches) if stretch.sets), None)
    return Stretch(
        sets=[],
        sessions=held,
        sides=sides,
        archived=len(passed) - len(held),
        unbroken=0 if last in archived else sum(1 for _ in takewhile(held.__contains__, reversed(passed))),
    )


def resume(past: Stretch, facts: Collection[Effective]) -> Stretch:
    """What ``lay_by`` gave, with those of its sets that are at hand, which are in no order."""
    counted = (fact for fact in facts if isinstance(fact.body, SetLogged) and fact.body.counts)
    return msgspec.structs.replace(past, sets=sorted(counted, key=sessions.order))


def is_short(stretches: Sequence[Stretch]) -> bool:
    """Whether sessions that are looked back on are laid by: later ones that were at hand have been taken back.

    An older one may be at hand, for it was edited: it is no substitute.
    """
    past = stretches[0]
    if not past.archived:
        return False
    held = {session for stretch in stretches for session in stretch.sessions}
    return len(held) - len(past.sessions) + past.unbroken < practice.KEPT


def _of_sessions(stretches: Iterable[Stretch], sessions: Collection[str]) -> list[Effective]:
    """The counted sets of some sessions, earliest first."""
    wanted = set(sessions)
    return [
        fact
        for stretch in stretches
        if not stretch.sessions.keys().isdisjoint(wanted)  # this way about it looks up those few
        for fact in stretch.sets
        if fact.session in wanted
    ]
