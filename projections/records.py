"""The best of each exercise and side: when it was set, and what it beat.

Sets are compared by signed load: assisted by less than nothing, body weight alone by nothing, external and added
by their load. The estimated one-repetition maximum is second to what was really lifted:

- Epley: load x (1 + reps / 30), one repetition being the load itself (B. Epley, Poundage Chart, 1985);
- Brzycki: load x 36 / (37 - reps) (M. Brzycki, JOPERD 64(1), 1993);
- valid for 1 to 10 repetitions of a multi-joint free-weight lift (Reynolds 2006, JSCR 20:584);
- of a lift that moves the body's own weight, of that weight on the day of the set with what is added or taken off.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from itertools import chain
from operator import attrgetter
from typing import Any

import msgspec

from events.catalogue import Exercise
from events.quantities import NANOGRAMS_PER_GRAM, day_text, round_half_up
from events.training import SetLogged, Side
from projections.book import Book
from projections.facts import Effective
from projections.weights import Weights

MOST_VALID_REPS = 10
SIDES: tuple[Side, ...] = ("both", "left", "right")


class Lift(msgspec.Struct, frozen=True, gc=False):
    """A counted set, ready to be compared."""

    at: int
    nanograms: int | None
    reps: int
    body: SetLogged
    day: int
    event: str

    def shown(self) -> dict[str, Any]:
        """The set as records show it."""
        return {"reps": self.body.reps, "load": _load(self.body), "load_kind": self.body.load_kind} | self.when()

    def when(self) -> dict[str, Any]:
        """When it was done, the local day of that, and the event that says so."""
        return {"at": self.at, "day": day_text(self.day), "event": self.event}


class Estimate(msgspec.Struct, frozen=True, gc=False):
    """An estimated one-repetition maximum, and the set that it comes from."""

    valid: bool
    nanograms: int
    lifted: Lift

    def shown(self, formula: str, weights: Weights) -> dict[str, Any]:
        """The estimate as records show it."""
        weight = weights.on(self.lifted.day) if _moves_the_body(self.lifted.body) else None
        return {
            "grams": round_half_up(self.nanograms, NANOGRAMS_PER_GRAM),
            "formula": formula,
            "valid": self.valid,
            "body_weight": None if weight is None else weight.shown(),
        } | self.lifted.when()


class Standing(msgspec.Struct, frozen=True):
    """Where one side of an exercise stands after some of its sets.

    The timeline of ``history`` is that of the last stretch alone, all else is of all sets so far.
    """

    history: History
    sets: int
    imported_as: frozenset[str]
    best: Estimate | None
    body_weight_known: bool
    weighed_until: int | None
    """The last day of a set whose estimate needs the body's weight; None where none does."""


def go_on(
    before: Standing | None, lifts: list[Lift], exercise: Exercise | None, formula: str, weights: Weights
) -> Standing:
    """Where a side stands after some more sets, which are in order."""
    history = History() if before is None else before.history.resumed()
    for lifted in lifts:
        history.take(lifted)
    named = frozenset(source.name for lifted in lifts if (source := lifted.body.source) and source.name)
    weighed = [lifted.day for lifted in lifts if _moves_the_body(lifted.body)]
    best, sets, known = None, len(lifts), all(weights.on(day) is not None for day in weighed)
    if before is not None:
        best, sets, known = before.best, before.sets + sets, before.body_weight_known and known
        named |= before.imported_as
        if before.weighed_until is not None:
            weighed.append(before.weighed_until)
    best = _best(lifts, exercise, formula, weights, best)
    return Standing(history, sets, named, best, known, max(weighed, default=None))


def joined(stood: Sequence[Standing]) -> Standing:
    """Where a side stood after some stretches, one for each, with the timeline of all of them."""
    history = stood[-1].history.resumed()
    history.timeline = list(chain.from_iterable(standing.history.timeline for standing in stood))
    return msgspec.structs.replace(stood[-1], history=history)


def summarise(stretches: Collection[Mapping[Side, Standing]], formula: str, weights: Weights) -> list[dict[str, Any]]:
    """The records of one exercise, one entry for each side that was trained.

    Args:
        stretches: Where its sides stood after each stretch, earliest first.
        formula: By which maxima are estimated.
        weights: What the lifter weighed.
    """
    return [
        _records_of_side(side, [sides[side] for sides in stretches if side in sides], formula, weights)
        for side in SIDES
        if any(side in sides for sides in stretches)
    ]


def lift(fact: Effective, body: SetLogged) -> Lift:
    """A set as it is compared."""
    return Lift(fact.time, body.nanograms, body.reps or 0, body, fact.day, fact.entry.id)


def report(exercises: dict[str, list[dict[str, Any]]], book: Book) -> dict[str, Any]:
    """The report ``records`` from the summaries of all exercises."""
    ranked = sorted(exercises, key=lambda exercise: (book.name(exercise).casefold(), exercise))
    return {
        "exercises": [
            {"exercise": exercise, "name": book.name(exercise)} | records
            for exercise in ranked
            for records in exercises[exercise]
        ]
    }


def resumed(saved: dict[str, Any] | None) -> History:
    """The records as they stood, from how the report shows one exercise and side; the timeline begins anew."""
    history = History()
    if saved is not None:
        history.heaviest = _told(saved["heaviest"])
        history.front = [lifted for shown in saved["rep_records"] if (lifted := _told(shown)) is not None]
        history.longest, history.farthest, history.fastest = (
            _told(saved[record]) for record in ("longest", "farthest", "fastest")
        )
    return history


def _told(shown: dict[str, Any] | None) -> Lift | None:
    """A set as far as records show it: enough to be beaten, and to be shown as beaten."""
    if shown is None:
        return None
    said = {name: shown[name] for name in _COMPARED if shown.get(name) is not None}
    names = {"set": shown["event"], "session": shown["event"], "exercise": "told", "kind": "working"}
    body = msgspec.convert(names | said, SetLogged)
    day = (date.fromisoformat(shown["day"]) - _EPOCH).days
    return Lift(shown["at"], body.nanograms, body.reps or 0, body, day, shown["event"])


_COMPARED = ("reps", "load", "load_kind", "seconds", "distance_mm")
_EPOCH = date(1970, 1, 1)


def _records_of_side(side: Side, stood: list[Standing], formula: str, weights: Weights) -> dict[str, Any]:
    last = stood[-1]
    history = last.history
    return {
        "side": side,
        "imported_as": sorted(last.imported_as),
        "sets": last.sets,
        "heaviest": _shown(history.heaviest),
        "rep_records": [lifted.shown() for lifted in history.front],
        "longest": _timed(history.longest),
        "farthest": _timed(history.farthest),
        "fastest": _timed(history.fastest),
        "e1rm": None if last.best is None else last.best.shown(formula, weights),
        "body_weight_known": last.body_weight_known,
        "timeline": list(chain.from_iterable(standing.history.timeline for standing in stood)),
    }


class History(msgspec.Struct):
    """The records as they stood after each set, in the order in which the sets were done."""

    heaviest: Lift | None = None
    front: list[Lift] = []
    """The repetition records, more reps and less load each: the Pareto front."""
    longest: Lift | None = None
    farthest: Lift | None = None
    fastest: Lift | None = None
    timeline: list[dict[str, Any]] = []

    def resumed(self) -> History:
        """The same records, to go on from; the timeline begins anew."""
        history = History()
        history.heaviest, history.front = self.heaviest, self.front.copy()
        history.longest, history.farthest, history.fastest = self.longest, self.farthest, self.fastest
        return history

    def take(self, lifted: Lift) -> None:
        """One set more."""
        body = lifted.body
        if lifted.nanograms is not None:
            best = self.heaviest
            if best is None or (lifted.nanograms, lifted.reps) > (best.nanograms or 0, best.reps):
                self.heaviest = self._set("heaviest", lifted, self.heaviest)
            if lifted.reps:
                self._take_reps(lifted)
        if body.seconds or body.distance_mm:
            self._take_time(lifted, body)

    def _take_time(self, lifted: Lift, body: SetLogged) -> None:
        if body.seconds and not body.distance_mm and _more(body.seconds, self.longest, "seconds"):
            self.longest = self._set("longest", lifted, self.longest)
        if body.distance_mm and _more(body.distance_mm, self.farthest, "distance_mm"):
            self.farthest = self._set("farthest", lifted, self.farthest)
        if body.distance_mm and body.seconds and _faster(body, self.fastest):
            self.fastest = self._set("fastest", lifted, self.fastest)

    def _take_reps(self, lifted: Lift) -> None:
        """Puts a set on the front, and takes off what it outdoes, unless an earlier set does as much."""
        front, load = self.front, lifted.nanograms or 0
        index = bisect_left(front, lifted.reps, key=_reps_of)
        rival = front[index] if index < len(front) else None
        if rival is not None and (rival.nanograms or 0) >= load:
            return
        self._set("reps", lifted, rival)
        end = index + (rival is not None and rival.reps == lifted.reps)
        start = index
        while start and (front[start - 1].nanograms or 0) <= load:
            start -= 1
        front[start:end] = [lifted]

    def _set(self, record: str, lifted: Lift, former: Lift | None) -> Lift:
        self.timeline.append({"record": record, **lifted.shown(), "beat": _shown(former)})
        return lifted


def estimate(
    lifts: Collection[Lift], exercise: Exercise | None, formula: str, weights: Weights
) -> dict[str, Any] | None:
    """The best estimated one-repetition maximum: of the valid ones, else of all; None where there is none.

    Of a lift that moves the body's own weight there is none where that weight was unknown on its day.
    """
    best = _best(lifts, exercise, formula, weights)
    return None if best is None else best.shown(formula, weights)


def _best(
    lifts: Collection[Lift],
    exercise: Exercise | None,
    formula: str,
    weights: Weights,
    best: Estimate | None = None,
) -> Estimate | None:
    """The best estimate, beginning with one of earlier sets; of those alike the earliest."""
    sound = exercise is not None and exercise.multi_joint and exercise.free_weight
    for lifted in lifts:
        nanograms = _estimated_nanograms(lifted, formula, weights)
        if nanograms is not None:
            valid = sound and lifted.reps <= MOST_VALID_REPS
            if best is None or (valid, nanograms) > (best.valid, best.nanograms):
                best = Estimate(valid, nanograms, lifted)
    return best


def _estimated_nanograms(lifted: Lift, formula: str, weights: Weights) -> int | None:
    load, reps = _moved(lifted, weights), lifted.reps
    if load <= 0 or not reps:
        return None
    if reps == 1:
        return load
    if formula == "brzycki":
        return load * 36 // (37 - reps) if reps < 37 else None  # noqa: PLR2004  # the formula's own constants
    return load * (30 + reps) // 30


def _moved(lifted: Lift, weights: Weights) -> int:
    """What a set moves, as far as it is known: the load, with the body's own weight where that moves."""
    load = lifted.nanograms
    if load is None or not _moves_the_body(lifted.body):
        return load or 0
    weight = weights.on(lifted.day)
    return 0 if weight is None else weight.nanograms + load


def _moves_the_body(body: SetLogged) -> bool:
    """Whether the body's own weight is part of what repetitions move."""
    return body.load_kind != "external" and bool(body.reps) and body.counts


_reps_of = attrgetter("reps")


def _more(value: int, former: Lift | None, field: str) -> bool:
    return former is None or value > getattr(former.body, field)


def _faster(body: SetLogged, former: Lift | None) -> bool:
    if former is None:
        return True
    rival = former.body
    return (body.distance_mm or 0) * (rival.seconds or 0) > (rival.distance_mm or 0) * (body.seconds or 0)


def _shown(lifted: Lift | None) -> dict[str, Any] | None:
    return None if lifted is None else lifted.shown()


def _timed(lifted: Lift | None) -> dict[str, Any] | None:
    if lifted is None:
        return None
    body = lifted.body
    return {"seconds": body.seconds, "distance_mm": body.distance_mm} | lifted.shown()


def _load(body: SetLogged) -> dict[str, Any] | None:
    if body.load is None or body.load_kind == "bodyweight":
        return None
    return {"milli": body.load.milli, "unit": body.load.unit}
