"""A ledger to a file: what goes in, and what the format can't hold, found by reading the file back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

import msgspec

from client_sdk.exporters.hevy import hevy
from client_sdk.exporters.strong import strong
from client_sdk.exporters.visits import Lifted, Visit, visits_of
from client_sdk.importers import Reading, read
from events.catalogue import Catalogue
from events.errors import UnknownNameError
from events.quantities import DAY_MS, LATEST_MS, Unit
from events.training import SessionFinished, SessionStarted, SetLogged
from projections.view import View

_IN_SETS = {
    "exercise": "exercises under another name",
    "kind": "kinds of set",
    "reps": "reps",
    "load": "loads, converted or rounded",
    "load_kind": "what a load does (added, assisted, body weight)",
    "side": "sides",
    "implements": "pairs of dumbbells",
    "equipment": "equipment",
    "rpe_tenths": "RPE",
    "rir_tenths": "reps in reserve",
    "seconds": "times",
    "distance_mm": "distances, rounded",
    "rest_s": "rests",
    "tempo": "tempos",
    "form": "ratings of form",
    "superset": "supersets",
    "slot": "slots of a program",
    "heart_rate": "heart rates",
    "incline_permille": "inclines",
    "resistance": "resistances",
    "note": "notes of sets, joined or changed",
}
"""The fields of a set, and what they are called where a format can't hold them."""

_IN_SESSIONS = {
    "program": "programs of sessions",
    "place": "places",
    "effort_tenths": "ratings of effort",
}
_NO_LOSS = frozenset(
    {
        *("session_started", "session_finished", "set_logged", "exercise_defined", "exercise_matched"),
        *("import_started", "event_erased", "profile_changed"),
    }
)
"""Facts that are in the file, in one way or another, or say nothing of training."""


class Exporter(msgspec.Struct, frozen=True):
    """An app's format. ``lines`` writes sessions with loads in a unit, the header first."""

    app: str
    title: str
    lines: Callable[[Iterable[Visit], Unit, Catalogue], Iterator[str]]


EXPORTERS = (Exporter("strong", "Strong", strong), Exporter("hevy", "Hevy", hevy))
"""The apps in whose format sessions can be written."""


class Exported(msgspec.Struct, frozen=True):
    """A file, and what came of it. ``left_out`` counts what it doesn't hold, by what that is called."""

    data: bytes
    sessions: int
    sets: int
    left_out: dict[str, int]


def exporter_of(app: str) -> Exporter | None:
    """The format of an app, if sessions can be written in it."""
    return next((exporter for exporter in EXPORTERS if exporter.app == app), None)


def export(view: View, app: str, unit: Unit, catalogue: Catalogue) -> Exported:
    """The sessions that count, as an app writes them.

    Args:
        view: All that is true.
        app: One of ``EXPORTERS``.
        unit: The unit of loads in the file.
        catalogue: The exercises that everybody has.

    Raises:
        UnknownNameError: where sessions can't be written for that app.
    """
    exporter = exporter_of(app)
    if exporter is None:
        apps = tuple(exporter.app for exporter in EXPORTERS)
        raise UnknownNameError(f"No format is called {app!r}.", apps, f"Choose one of {', '.join(apps)}.")
    everything = visits_of(view.facts, view.book, app, catalogue)
    visits = readable(everything)
    left_out = Counter({"sets that record nothing": _sets(everything) - _sets(visits)})
    data = rendered(exporter, visits, unit, catalogue)
    reading = read_back(exporter, data, "UTC", catalogue)
    left_out.update(_lost(visits, reading, view))
    left_out.update(_aside(view, {visit.session for visit in visits}))
    return Exported(
        data, len(visits), _sets(visits), {what: number for what, number in sorted(left_out.items()) if number}
    )


def rendered(exporter: Exporter, visits: Iterable[Visit], unit: Unit, catalogue: Catalogue) -> bytes:
    """The file of some sessions."""
    return "".join(f"{line}\n" for line in exporter.lines(visits, unit, catalogue)).encode()


def read_back(exporter: Exporter, data: bytes, timezone: str, catalogue: Catalogue) -> Reading:
    """What the importer makes of a file that was written here."""
    reading = read(data, at=LATEST_MS - DAY_MS, catalogue=catalogue, app=exporter.app, timezone=timezone)
    if not isinstance(reading, Reading):
        raise TypeError(f"A file that was written here leaves questions open: {reading}")
    return reading


def readable(visits: Iterable[Visit]) -> list[Visit]:
    """The sessions with the sets that say something: apps have no others."""
    said = [
        msgspec.structs.replace(visit, sets=[done for done in visit.sets if _says_something(done.body)])
        for visit in visits
    ]
    return [visit for visit in said if visit.sets]


def _says_something(body: SetLogged) -> bool:
    loaded = body.load is not None and body.load.milli > 0
    return body.reps is not None or loaded or bool(body.seconds or body.distance_mm)


def _sets(visits: Iterable[Visit]) -> int:
    return sum(len(visit.sets) for visit in visits)


def _lost(visits: list[Visit], reading: Reading, view: View) -> Iterator[str]:
    """What sets and sessions say otherwise, or no longer, once they are read back."""
    back: dict[int, list[SetLogged]] = {}
    for session in reading.sessions:
        bodies = (draft.body for draft in session.sets)
        back.setdefault(session.started.at // 60_000, []).extend(
            body for body in bodies if isinstance(body, SetLogged)
        )
    written: dict[int, list[Lifted]] = {}
    for visit in visits:
        written.setdefault(visit.minute, []).extend(visit.sets)
    for minute, sets in written.items():
        found = back.get(minute, [])
        yield from ["sets that can't be read back"] * (len(sets) - len(found))
        for done, body in zip(sets, found, strict=False):
            for field, words in _IN_SETS.items():
                if not _same(field, done, body, view):
                    yield words


def _same(field: str, done: Lifted, body: SetLogged, view: View) -> bool:
    said, read_as = getattr(done.body, field), getattr(body, field)
    match field:
        case "exercise":
            own = view.book.own_names
            return view.facts.exercise_of(said) == read_as or said in own or view.facts.exercise_of(said) in own
        case "superset":
            return (said is None) == (read_as is None)
        case _:
            return bool(said == read_as)


def _aside(view: View, sessions: set[str]) -> Iterator[str]:
    """What stands beside the sets: fields of sessions, and facts of other kinds."""
    for event_type, facts in view.facts.effective.items():
        for fact in facts.values():
            if event_type not in _NO_LOSS:
                yield event_type.replace("_", " ")
            elif isinstance(fact.body, SessionStarted) and fact.body.session not in sessions:
                yield "sessions without a set"
            elif isinstance(fact.body, SessionStarted | SessionFinished):
                yield from (
                    words for field, words in _IN_SESSIONS.items() if getattr(fact.body, field, None) is not None
                )
