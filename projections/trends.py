"""How the estimated one-repetition maximum of an exercise went: the best estimate of each day."""

from __future__ import annotations

from typing import Any

import msgspec

from events.training import SetLogged
from projections import records, sessions
from projections.view import View


class Estimate(msgspec.Struct, frozen=True, kw_only=True):
    """The best estimate of a local day, since 1970-01-01, and the set that it is of; ``at`` in Unix ms."""

    day: int
    at: int
    event: str
    grams: int
    valid: bool
    record: bool
    """Whether it beat all before it; a valid one beats those that are not."""
    load: dict[str, Any] | None
    load_kind: str
    reps: int


def estimates(view: View, exercise: str, side: str) -> list[Estimate]:
    """The best estimates of each day on which an exercise was done with a side, earliest first."""
    known, formula = view.book.find(exercise), view.book.formula
    best: dict[int, Estimate] = {}
    lifts = [
        records.lift(fact, fact.body)
        for fact in sorted(view.sets_of(exercise), key=sessions.order)
        if isinstance(fact.body, SetLogged) and fact.body.counts and fact.body.side == side
    ]
    for lifted in lifts:
        made = records.estimate([lifted], known, formula, view.weights)
        if made is None:
            continue
        one = Estimate(
            day=lifted.day,
            at=made["at"],
            event=made["event"],
            grams=made["grams"],
            valid=made["valid"],
            record=False,
            load=lifted.shown()["load"],
            load_kind=lifted.body.load_kind,
            reps=lifted.reps,
        )
        if one.day not in best or _rating(one) > _rating(best[one.day]):
            best[one.day] = one
    rows: list[Estimate] = []
    so_far = (False, 0)
    for one in sorted(best.values(), key=lambda one: one.at):
        rows.append(msgspec.structs.replace(one, record=_rating(one) > so_far))
        so_far = max(so_far, _rating(one))
    return rows


def _rating(one: Estimate) -> tuple[bool, int]:
    return one.valid, one.grams
