"""What was done in a set, as a lifter types it: ``100kg 8``, ``bw+20kg x 5``, ``90s``, ``5km 25:00``."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import msgspec

from client_sdk.cli.plausible import MOST_REPS
from client_sdk.cli.typed import (
    DISTANCE_UNIT,
    LOAD_UNIT,
    NUMBER,
    TIME_UNIT,
    TypedLoad,
    parse_distance,
    parse_duration,
    parse_load,
)
from events.catalogue import Exercise
from events.errors import MalformedError
from events.quantities import Load, Unit
from events.training import LoadKind

_EXAMPLES = "Write it as 100kg 8, bw+20kg 5, 2x20kg 10, 90s or 5km 25:00."
_END = r"(?=[\sx×*]|\Z)"
_WORD = re.compile(
    rf"""
      (?P<load>  (?:bw|body[ -]?weight) (?:\s*[+−-]\s*\d[\d.,]*\s*(?:{LOAD_UNIT})?)? {_END}
               | (?:\d+\s*[x×*]\s*)? {NUMBER}\s*(?:{LOAD_UNIT}) {_END} )
    | (?P<time>  \d+:\d\d(?::\d\d)? {_END} | \d+(?:[.,]\d+)?\s*(?:{TIME_UNIT}) (?![a-z]) )
    | (?P<distance> \d+(?:[.,]\d+)?\s*(?:{DISTANCE_UNIT}) {_END} )
    | (?P<reps>  {NUMBER}\s*(?:reps?) {_END} )
    | (?P<bare>  {NUMBER} {_END} )
    | (?P<times> [x×*] )
    """,
    re.IGNORECASE | re.VERBOSE,
)


class Performed(msgspec.Struct, frozen=True, kw_only=True):
    """What was done in one set; ``load_kind`` is always told."""

    load_kind: LoadKind
    load: Load | None = None
    implements: int | None = None
    reps: int | None = None
    seconds: int | None = None
    distance_mm: int | None = None

    def said(self) -> dict[str, Any]:
        """The fields of ``SetLogged`` that it gives."""
        return {name: value for name, value in msgspec.structs.asdict(self).items() if value is not None}


def parse_performed(text: str, exercise: Exercise, unit: Callable[[], Unit | None]) -> Performed:
    """What was done in a set of an exercise.

    Args:
        text: What was typed.
        exercise: What is known of the exercise, which decides what a load means there.
        unit: Gives the unit of a load that was typed without one; only asked where it is needed.

    Raises:
        MalformedError: where this can't be told for sure.
    """
    found = _words(text)
    bare = found.pop("bare", [])
    loads, reps = found.pop("load", []), found.pop("reps", [])
    if len(bare) > 1 and not loads:
        loads, bare = [bare[0]], bare[1:]
    if bare and not loads and not (exercise.body_weight and exercise.measured == "reps"):
        raise MalformedError(
            f"What is {bare[0]} of {exercise.name}?",
            next_step=f"Write {bare[0]}kg 8 for a load, {bare[0]}reps, {bare[0]}s or {bare[0]}m.",
        )
    reps += bare
    for what, values in (("load", loads), ("number of reps", reps), ("distance", found.get("distance", []))):
        if len(values) > 1:
            raise MalformedError(f"{text!r} has more than one {what}.", next_step=_EXAMPLES)
    typed = parse_load(loads[0], unit() if loads[0][-1:].isdigit() else None) if loads else TypedLoad(None)
    distance = [parse_distance(word) for word in found.get("distance", [])]
    performed = Performed(
        load_kind=typed.load_kind or _kind(typed.load, exercise),
        load=typed.load,
        implements=typed.implements,
        reps=parse_reps(reps[0]) if reps else None,
        seconds=sum(parse_duration(word) for word in found["time"]) if "time" in found else None,
        distance_mm=distance[0] if distance else None,
    )
    if performed.reps is None and performed.seconds is None and performed.distance_mm is None:
        step = f"Add the reps: {text} 8." if loads else _EXAMPLES
        raise MalformedError(f"{text!r} doesn't say how much was done.", next_step=step)
    return performed


def _words(text: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    place = 0
    while place < len(text):
        if text[place].isspace():
            place += 1
            continue
        word = _WORD.match(text, place)
        if word is None:
            raise MalformedError(f"{text[place:].split(maxsplit=1)[0]!r} says nothing of a set.", next_step=_EXAMPLES)
        if word.lastgroup is not None and word.lastgroup != "times":
            found.setdefault(word.lastgroup, []).append(word[0].strip())
        place = word.end()
    return found


def parse_reps(text: str) -> int:
    """A number of repetitions: ``8`` or ``8 reps``.

    Raises:
        MalformedError: where this is none.
    """
    number = re.sub(r"\s*reps?\Z", "", text, flags=re.IGNORECASE)
    if not number.isdigit():
        raise MalformedError(
            f"{number} is no number of reps.",
            next_step=f"They are counted in whole numbers, from 0 to {MOST_REPS:,}.",
        )
    return int(number)


def _kind(load: Load | None, exercise: Exercise) -> LoadKind:
    """What a load means on this exercise where nobody said: weight added to the body's, or taken off it."""
    if exercise.assisted and load is not None:
        return "assisted"
    if exercise.body_weight:
        return "bodyweight" if load is None else "added"
    return "external"
