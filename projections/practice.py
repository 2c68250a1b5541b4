"""How an exercise was practised lately: its last sessions with their sets, and which of them set a record."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import takewhile
from typing import Any

import msgspec

from events.catalogue import Exercise
from events.quantities import Load
from events.training import LoadKind, SetKind, SetLogged, Side
from projections.facts import Effective
from projections.records import estimate, lift
from projections.weights import Weights

KEPT = 20
"""The sessions that are looked at; no program asks for more in a row."""


class Done(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """A counted set, as far as it bears on what comes next."""

    event: str
    at: int
    kind: SetKind
    side: Side
    load_kind: LoadKind
    load: Load | None
    reps: int | None
    seconds: int | None
    distance_mm: int | None
    form: int | None
    slot: str | None
    equipment: str | None
    implements: int | None
    """How many dumbbells of the load; None where that was not said."""

    @property
    def nanograms(self) -> int:
        """The signed load, by which sets are compared; an unknown one is counted as nothing."""
        if self.load is None or self.load_kind == "bodyweight":
            return 0
        return -self.load.nanograms if self.load_kind == "assisted" else self.load.nanograms


class Bout(msgspec.Struct, frozen=True, array_like=True):
    """The counted sets of one exercise in one session, in their order."""

    session: str
    day: int
    sets: tuple[Done, ...]
    e1rm_g: int | None
    """The best estimate of these sets, in grams."""
    e1rm_valid: bool
    e1rm_event: str
    """The set that it comes from; empty where there is none."""
    better: bool
    """Whether a record was set."""

    @property
    def at(self) -> int:
        """When the first set was done."""
        return self.sets[0].at


class Practice(msgspec.Struct, frozen=True):
    """The last sessions of an exercise, earliest first, and how many there ever were."""

    bouts: tuple[Bout, ...]
    sessions: int


def summarise(  # noqa: PLR0913  # what it is made of, and by what maxima are estimated
    facts: Iterable[Effective],
    sessions: int,
    records: Iterable[dict[str, Any]],
    *,
    exercise: Exercise | None,
    formula: str,
    weights: Weights,
) -> Practice:
    """The practice of one exercise.

    Args:
        facts: The counted sets of its last ``KEPT`` sessions, earliest first.
        sessions: How many there ever were.
        records: Its records, side by side.
        exercise: What is known of it.
        formula: By which maxima are estimated.
        weights: What the lifter weighed, for lifts that move the body.
    """
    kept: dict[str, list[tuple[Effective, SetLogged]]] = {}
    for fact in facts:
        if isinstance(fact.body, SetLogged):
            kept.setdefault(fact.body.session, []).append((fact, fact.body))
    first = next((sets[0][0].time for sets in kept.values()), 0)
    set_records = {
        record["event"]
        for side in records
        for record in takewhile(lambda record: record["at"] >= first, reversed(side["timeline"]))
    }
    return Practice(
        tuple(_bout(sets, set_records, exercise, formula, weights) for sets in kept.values()),
        sessions,
    )


def _bout(
    sets: list[tuple[Effective, SetLogged]],
    set_records: set[str],
    exercise: Exercise | None,
    formula: str,
    weights: Weights,
) -> Bout:
    first, body = sets[0]
    best = estimate([lift(fact, body) for fact, body in sets], exercise, formula, weights)
    return Bout(
        session=body.session,
        day=first.day,
        sets=tuple(_done(fact, body) for fact, body in sets),
        e1rm_g=None if best is None else best["grams"],
        e1rm_valid=best is not None and best["valid"],
        e1rm_event="" if best is None else best["event"],
        better=any(fact.entry.id in set_records for fact, _ in sets),
    )


def _done(fact: Effective, body: SetLogged) -> Done:
    return Done(
        event=fact.entry.id,
        at=fact.time,
        kind=body.kind,
        side=body.side,
        load_kind=body.load_kind,
        load=body.load,
        reps=body.reps,
        seconds=body.seconds,
        distance_mm=body.distance_mm,
        form=body.form,
        slot=body.slot,
        equipment=body.equipment,
        implements=body.implements,
    )
