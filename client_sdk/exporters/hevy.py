"""Hevy's dialect: units in the names of the columns, newest session first, minutes, months by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from client_sdk.exporters.cells import count, distance, quoted, rating, weight
from client_sdk.exporters.visits import Visit
from events.catalogue import Catalogue
from events.quantities import Unit
from events.training import SetKind

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_TYPES: dict[SetKind, str] = {"warm_up": "warmup", "drop": "dropset", "failure": "failure"}
_UNITS: dict[Unit, tuple[str, str, str]] = {
    "kg": ("weight_kg", "distance_km", "km"),
    "lb": ("weight_lbs", "distance_miles", "mi"),
}


def hevy(visits: Iterable[Visit], unit: Unit, catalogue: Catalogue) -> Iterator[str]:
    """The lines of the file, the header first. Supersets are numbered, and notes stand with the exercise."""
    weights, distances, length = _UNITS[unit]
    yield ",".join(
        quoted(name)
        for name in (
            *("title", "start_time", "end_time", "description", "exercise_title", "superset_id", "exercise_notes"),
            *("set_index", "set_type", weights, "reps", distances, "duration_seconds", "rpe"),
        )
    )
    for visit in sorted(visits, key=lambda visit: visit.at, reverse=True):
        supersets, notes = _supersets(visit), _notes(visit)
        opening = [
            quoted(visit.title),
            quoted(visit.written or _minute(visit.start)),
            quoted("" if visit.took is None else _minute(visit.start + visit.took)),
            quoted(visit.note),
        ]
        for done, note in zip(visit.sets, notes, strict=True):
            known = catalogue.exercises.get(catalogue.match(done.name) or "")
            yield ",".join(
                [
                    *opening,
                    quoted(done.name),
                    supersets.get(done.body.superset or "", ""),
                    quoted(note),
                    str(done.number),
                    quoted(_TYPES.get(done.body.kind, "normal")),
                    weight(done.body, unit, assisted=known is not None and known.assisted),
                    count(done.body.reps),
                    distance(done.body.distance_mm, length),
                    count(done.body.seconds),
                    rating(done.body.rpe_tenths),
                ]
            )


def _minute(moment: datetime) -> str:
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}, {moment:%H:%M}"


def _supersets(visit: Visit) -> dict[str, str]:
    """Numbers for the labels of a session's supersets, from 0; labels that are numbers stay."""
    labels = list(dict.fromkeys(done.body.superset for done in visit.sets if done.body.superset))
    if all(label.isascii() and label.isdigit() for label in labels):
        return {label: label for label in labels}
    return {label: str(number) for number, label in enumerate(labels)}


def _notes(visit: Visit) -> list[str]:
    """For each set the notes of all sets of its block: Hevy has one for an exercise, and repeats it."""
    blocks: list[list[str]] = []
    for done in visit.sets:
        if not done.number:
            blocks.append([])
        blocks[-1].append(done.body.note or "")
    return ["\n".join(filter(None, block)) for block in blocks for _ in block]
