"""Rows to sets: what was done, with what, and how it is named."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from client_sdk.importers import values
from client_sdk.importers.errors import RowError
from client_sdk.importers.loads import lifted
from client_sdk.importers.rows import Row
from events.facts import Source
from events.identifiers import derived_uuid7
from events.quantities import Load, Unit
from events.training import MAX_REPS, MAX_SECONDS, LoadKind, SetLogged

MAX_NAME = 200
MAX_NOTE = 4000
_MAX_KEY = 1000
_MAX_NOTE_BYTES = 12_000
_SURELY_FITS = 2000
_HARDEST_TENTHS = 100
_MOST_SETS = 100_000


class Exercise(msgspec.Struct, frozen=True, gc=False):
    """What the name of an exercise in the file stands for."""

    id: str
    custom: bool
    body_weight: bool = False
    assisted: bool = False


class Place(NamedTuple):
    """Where a set stands: its session, its source and its order; ``wall_ms`` is the session's start read as UTC."""

    import_id: str
    session: str
    wall_ms: int
    source: Source
    order: int


def key_of(*parts: str | int) -> str:
    """The source key of these parts, as the JSON array of them: readable, and never ambiguous.

    Raises:
        RowError: where it is too long to be one.
    """
    key = msgspec.json.encode(parts).decode()
    if len(key) > _MAX_KEY:
        raise RowError("Its names are too long.")
    return key


def custom_exercise(name: str) -> Exercise:
    """The custom exercise of a name that the catalogue doesn't have: the same for every import and app."""
    return Exercise(derived_uuid7(0, "exercise", " ".join(name.casefold().split())), custom=True)


def logged(
    row: Row, exercise: Exercise, place: Place, unit: Unit | None, distance_unit: str | None
) -> tuple[SetLogged, bool]:
    """The set of a row, and whether its load was recovered from the other unit.

    Args:
        row: The set as the file spells it.
        exercise: What its exercise stands for.
        place: Where it stands.
        unit: The unit of loads that the file leaves open.
        distance_unit: The unit of distances that the file leaves open.

    Raises:
        RowError: where a figure can't be read, or is more than a set can have.
    """
    if place.order > _MOST_SETS:
        raise RowError("Its session has more sets than a session can have.")
    load, load_kind, recovered = _load(row, exercise, unit)
    reps = values.whole(row.reps, "Reps", MAX_REPS)
    seconds = values.seconds(row.seconds, "Seconds", MAX_SECONDS) or None
    distance_mm = values.millimetres(row.distance, row.distance_unit or distance_unit or "", "Its distance")
    if reps == 0 and (seconds or distance_mm):
        reps = None
    if reps is None and load is None and not (seconds or distance_mm):
        raise RowError("It records nothing: no reps, time, distance or weight.")
    body = SetLogged(
        import_=place.import_id,
        source=place.source,
        set=derived_uuid7(place.wall_ms, "set", place.source.key),
        session=place.session,
        exercise=exercise.id,
        kind=row.kind,
        reps=reps,
        load=load,
        load_kind=load_kind,
        implements=row.implements if load is not None else None,
        rpe_tenths=values.tenths(row.rpe, "An RPE", _HARDEST_TENTHS),
        seconds=seconds,
        distance_mm=distance_mm,
        rest_s=row.rest_s,
        superset=row.superset[:MAX_NAME] or None,
        order=place.order,
    )
    return body, recovered


def _load(row: Row, exercise: Exercise, unit: Unit | None) -> tuple[Load | None, LoadKind, bool]:
    """The load, how it acts, and whether it was recovered.

    No weight and a weight of 0 are one in exports: body weight where the exercise is done with it, otherwise a load
    that nobody wrote down. Only help of 0 was written down: the body's own weight.
    """
    unit = row.unit or unit
    if values.is_zero(row.weight) or unit is None:
        unaided = exercise.assisted and bool(row.weight)
        if exercise.body_weight or unaided:
            return None, "bodyweight", False
        return None, "assisted" if exercise.assisted else "external", False
    load, recovered = lifted(row.weight, unit)
    if exercise.assisted or row.weight.startswith("-"):
        return load, "assisted", recovered
    return load, "added" if exercise.body_weight else "external", recovered


def shortened(text: str) -> tuple[str | None, bool]:
    """A note, cut where an event can't hold it, and whether it was; None for none."""
    if len(text) <= MAX_NOTE and len(msgspec.json.encode(text)) <= _MAX_NOTE_BYTES:
        return text or None, False
    return f"{text[: _SURELY_FITS - 1]}…", True
