"""Strong's present dialect: semicolons, units in the header, oldest session first, rest timers as rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from client_sdk.exporters.cells import count, distance, quoted, rating, weight
from client_sdk.exporters.visits import Lifted, Visit
from events.catalogue import Catalogue
from events.quantities import Unit
from events.training import SetKind

_UNITS: dict[Unit, str] = {"kg": "kg", "lb": "lbs"}
_MARKS: dict[SetKind, str] = {"warm_up": "W", "drop": "D", "failure": "F"}


def strong(visits: Iterable[Visit], unit: Unit, catalogue: Catalogue) -> Iterator[str]:
    """The lines of the file, the header first."""
    yield (
        f"Workout #;Date;Workout Name;Duration (sec);Exercise Name;Set Order;Weight ({_UNITS[unit]});Reps;RPE;"
        "Distance (meters);Seconds;Notes;Workout Notes"
    )
    for number, visit in enumerate(visits, 1):
        opening = [
            str(number),
            visit.written or f"{visit.start:%Y-%m-%d %H:%M:%S}",
            quoted(visit.title),
            "" if visit.took is None else str(int(visit.took.total_seconds())),
        ]
        order = 0
        for done in visit.sets:
            order = order * bool(done.number) + (done.body.kind not in _MARKS)
            place = [*opening, quoted(done.name)]
            if done.body.rest_s:
                yield ";".join([*place, "Rest Timer", "", "", "", "", str(done.body.rest_s), "", ""])
            note = visit.note if done is visit.sets[0] else ""
            yield ";".join([*place, _MARKS.get(done.body.kind, str(order)), *_figures(done, unit, catalogue, note)])


def _figures(done: Lifted, unit: Unit, catalogue: Catalogue, note: str) -> list[str]:
    body, known = done.body, catalogue.exercises.get(catalogue.match(done.name) or "")
    return [
        weight(body, unit, assisted=known is not None and known.assisted),
        count(body.reps),
        rating(body.rpe_tenths),
        distance(body.distance_mm, "m"),
        count(body.seconds),
        quoted(body.note or ""),
        quoted(note),
    ]
