"""What a reading changes in a ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec

from client_sdk.draft import Draft
from client_sdk.importers.readings import Reading, Session
from client_sdk.importers.rows import Tells
from events.body import MeasurementTaken
from events.corrections import FactCorrected, NoteAdded
from events.identifiers import derived_uuid7
from events.training import SessionFinished, SessionStarted, SetLogged

_MEMBERS_OF_A_FIGURE = 4
_PROVENANCE = frozenset({"import", "source"})


def plan(reading: Reading, *, known: Callable[[str], Draft | None]) -> list[Draft]:
    """The events to write, in order: the import, custom exercises, session after session, oldest first, and the body.

    What the ledger has is written again only where the file has changed it, as a correction. Where there is nothing
    to write, the import isn't written either.

    Args:
        reading: What the file says.
        known: The fact that an event id stands for as imports last told it, that is, with the corrections of
            later imports in it and without those of the lifter, under the id of the event that told it last; None
            where the ledger doesn't have it.
    """
    sessions = sorted(reading.sessions, key=lambda session: session.started.at)
    facts = [*reading.defined]
    for session in sessions:
        facts += _facts(session)
    facts += sorted(reading.measurements, key=lambda draft: draft.at)
    drafts = list(filter(None, (_change(fact, known(_id(fact)), reading) for fact in facts)))
    return [*_started(reading.started, known(_id(reading.started))), *drafts] if drafts else []


def changes_ledger(session: Session, reading: Reading, *, known: Callable[[str], Draft | None]) -> bool:
    """Whether a session of the file says anything that the ledger doesn't have."""
    return any(_change(fact, known(_id(fact)), reading) for fact in _facts(session))


def _facts(session: Session) -> list[Draft]:
    return [session.started, *session.sets, *filter(None, [session.finished])]


def _started(started: Draft, known: Draft | None) -> list[Draft]:
    """The import, unless the ledger has it; read with other options, it is said anew."""
    if known is None:
        return [started]
    options, former = getattr(started.body, "options", None), getattr(known.body, "options", None)
    if options == former:
        return []
    told = msgspec.json.encode(options, order="sorted").decode()
    return [msgspec.structs.replace(started, id=derived_uuid7(0, "read anew", _id(known), told))]


def vanished(reading: Reading, known_keys: Iterable[str]) -> list[str]:
    """The source keys among ``known_keys`` that such a file of this app would have, and no longer has."""
    prefix = f'["{reading.app}",'
    return [
        key
        for key in known_keys
        if key.startswith(prefix) and key not in reading.keys and _told_by(key) in reading.tells
    ]


def _told_by(key: str) -> Tells:
    """What a key is of: that of a figure of the body has four members, a session's two or three, a set's five."""
    return "body" if len(msgspec.json.decode(key)) == _MEMBERS_OF_A_FIGURE else "training"


def _change(fact: Draft, known: Draft | None, reading: Reading) -> Draft | None:
    """The fact where it is new, its correction where it has changed, otherwise None.

    When a session ended is said anew: a correction of it would move the start, which bears the same name, along.
    """
    body = fact.body
    if known is None:
        return fact
    if type(known.body) is not type(body):
        return None  # it was erased, or is told in words that this code can't read: it stays so
    match body:
        case SetLogged():
            target = body.set
        case SessionStarted() | SessionFinished():
            target = body.session
        case MeasurementTaken():
            target = body.measurement
        case NoteAdded():
            target = body.note
        case _:
            return None
    changes = dict(_changes(fact, known))
    if not changes or body.source is None:
        return None
    # What it changes and what it stands on name it: a file that goes back and forth says something new each time.
    told = msgspec.json.encode(changes, order="sorted").decode()
    name = derived_uuid7(_time_of(_id(fact)), "corrected", _id(known), told)
    if isinstance(body, SessionFinished) and changes.keys() & {"at", "offset"}:
        return msgspec.structs.replace(fact, id=name)
    correction = FactCorrected(import_=body.import_, source=body.source, target=target, changes=changes)
    return Draft(body=correction, at=reading.started.at, offset=reading.started.offset, id=name)


def _changes(fact: Draft, known: Draft) -> Iterator[tuple[str, Any]]:
    """The fields that differ, with their values in JSON; None where the file has taken one away."""
    body = fact.body
    for attribute, name in zip(body.__struct_fields__, body.__struct_encode_fields__, strict=True):
        value = getattr(body, attribute)
        if name not in _PROVENANCE and value != getattr(known.body, attribute):
            yield name, msgspec.to_builtins(value)
    for name, value, former in (("at", fact.at, known.at), ("offset", fact.offset, known.offset)):
        if value != former:
            yield name, value


def _id(draft: Draft) -> str:
    """The id, which every draft of a reading has."""
    return draft.id or ""


def _time_of(uuid: str) -> int:
    return int(uuid[:8] + uuid[9:13], 16)
