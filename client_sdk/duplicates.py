"""What a file tells that the ledger knows from elsewhere: its own sessions come back, and likely copies.

session of the file ──▶ as this ledger would write it for that app?      ──yes──▶ here already
                                 │ no
                        new, and agrees with one of another app?         ──yes──▶ a likely copy: skip or keep
                                 │ no
                        brought in
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

import msgspec

from client_sdk.draft import Draft
from client_sdk.exporters.exporter import Exporter, exporter_of, read_back, readable, rendered
from client_sdk.exporters.visits import Visit as Written
from client_sdk.exporters.visits import visits_of
from client_sdk.importers import Reading, Session
from events.catalogue import Catalogue
from events.corrections import FactRestored
from events.identifiers import derived_uuid7
from events.quantities import LATEST_MS, MINUTE_MS, Unit
from events.training import SessionStarted, SetLogged
from projections.copies import Visit, tally
from projections.facts import Facts
from projections.view import View

Duplicates = Literal["skip", "keep"]
"""What becomes of likely copies: left out, or brought in to count beside what they are like."""

_UNITS: tuple[Unit, ...] = ("kg", "lb")


class Twin(msgspec.Struct, frozen=True, kw_only=True):
    """A session of a file, and the session of the ledger, of another app, that it is a likely copy of."""

    session: str
    title: str | None
    at: int
    offset: int
    sets: int
    of: str
    app: str | None
    """The app of that one; None where it was logged here."""


def likely_copies(facts: Facts, sessions: Iterable[Session], app: str) -> list[Twin]:
    """The sessions of a file, new to the ledger, that would be likely copies there, earliest first."""
    new = {_session_id(session): session for session in sessions if is_new(facts, session)}
    tallies = {
        name: tally(
            (facts.exercise_of(draft.body.exercise), draft.body)
            for draft in session.sets
            if isinstance(draft.body, SetLogged)
        )
        for name, session in new.items()
    }
    visits = [
        Visit(name, app, session.started.at, (LATEST_MS, session.started.id or "")) for name, session in new.items()
    ]
    found = facts.aside.supposing(visits, tallies) if new else {}
    twins = [_twin(facts, new[session], session, of) for session, of in found.items()]
    return sorted(twins, key=lambda twin: (twin.at, twin.session))


def is_new(facts: Facts, session: Session) -> bool:
    """Whether the ledger has nothing of a session of a file, void or not."""
    drafts = (session.started, *session.sets, *filter(None, [session.finished]))
    return not any(draft.id in facts.entries.counted for draft in drafts)


def kept(session: Session, reading: Reading) -> Draft:
    """What says that a likely copy counts all the same: the same words from whichever device imports it."""
    started = session.started
    source = getattr(started.body, "source", None)
    body = FactRestored(
        import_=getattr(started.body, "import_", None),
        source=source,
        target=_session_id(session),
        reason="Brought in beside what it is like.",
    )
    name = derived_uuid7(max(started.at, 0), "kept", source.key if source else "")
    return Draft(body=body, at=reading.started.at, offset=reading.started.offset, id=name)


def own(view: View, reading: Reading, sessions: Iterable[Session], catalogue: Catalogue) -> set[str]:
    """Which of these sessions of a file say what this ledger itself would write for that app.

    They are exports of it that come back: whatever app or hand they came from in the first place, they are here. Of
    one that is new by its names the wall clock decides, whatever zone the file is read in; one that is known by them
    is itself only at the very moment, for a file may be read in another zone to correct it.
    """
    exporter = exporter_of(reading.app)
    wanted = list(sessions)
    if exporter is None or not wanted:
        return set()
    minutes = {_wall_minute(session) for session in wanted}
    everything = visits_of(view.facts, view.book, reading.app, catalogue)
    visits = readable(visit for visit in everything if visit.minute in minutes)
    moments = {visit.at // MINUTE_MS for visit in visits}
    told: dict[int, list[Any]] = {}
    for unit in _UNITS:
        for session in _read(exporter, visits, unit, catalogue):
            told.setdefault(_wall_minute(session), []).append(_words(session))
    return {
        _session_id(session)
        for session in wanted
        if _words(session) in told.get(_wall_minute(session), ())
        and (is_new(view.facts, session) or session.started.at // MINUTE_MS in moments)
    }


def _read(exporter: Exporter, visits: list[Written], unit: Unit, catalogue: Catalogue) -> tuple[Session, ...]:
    """The sessions of the ledger, as its own export reads."""
    data = rendered(exporter, visits, unit, catalogue)
    return read_back(exporter, data, "UTC", catalogue).sessions if visits else ()


def _words(session: Session) -> list[Any]:
    """All that a session of a file says on its wall clock, but the file that says it."""
    drafts = (session.started, *session.sets, *filter(None, [session.finished]))
    begun = session.started.at
    return [(msgspec.structs.replace(draft.body, import_=None), draft.at - begun) for draft in drafts]


def _twin(facts: Facts, session: Session, name: str, of: str) -> Twin:
    anchor = facts.aside.anchor(of)
    source = getattr(anchor.body, "source", None) if anchor is not None else None
    return Twin(
        session=name,
        title=_title(session),
        at=session.started.at,
        offset=session.started.offset,
        sets=len(session.sets),
        of=of,
        app=source and source.app,
    )


def _session_id(session: Session) -> str:
    return session.started.body.session if isinstance(session.started.body, SessionStarted) else ""


def _title(session: Session) -> str | None:
    return session.started.body.title if isinstance(session.started.body, SessionStarted) else None


def _wall_minute(session: Session) -> int:
    return session.started.at // MINUTE_MS + session.started.offset


def without(reading: Reading, dropped: Mapping[str, object] | set[str]) -> Reading:
    """The file without some of its sessions, and without the custom exercises that only those have."""
    sessions = tuple(session for session in reading.sessions if _session_id(session) not in dropped)
    used = {getattr(draft.body, "exercise", None) for session in sessions for draft in session.sets}
    defined = tuple(draft for draft in reading.defined if getattr(draft.body, "exercise", None) in used)
    return msgspec.structs.replace(reading, sessions=sessions, defined=defined)
