"""The imports of a ledger, each as one batch: what it told, what of that counts, and taking it back as a whole.

Taking an import back voids the import itself, and with it all that lies in it; restoring it brings the same back.
What it corrected of earlier imports stays corrected: an import of the earlier file says it as it was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import msgspec

from client_sdk.errors import NotFoundError
from client_sdk.importers import Reading
from events import Body
from events.body import MeasurementTaken
from events.corrections import FactCorrected, ImportStarted
from events.training import SetLogged
from projections.entries import Entry
from projections.facts import Facts, Key

_NOTHING = "`ironledger import FILE` brings in what another app exported."
_NO_KEY: Key = ("", "")


class Amount(msgspec.Struct, frozen=True):
    """How much of each there is."""

    sessions: int
    sets: int
    measurements: int


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """One import: ``told`` is all that it brought, ``counting`` what of it counts now."""

    id: str
    app: str
    dialect: str
    at: int
    offset: int
    told: Amount
    counting: Amount
    corrections: int
    """How many corrections it made to what earlier imports had told."""
    undone: bool


def batches(facts: Facts) -> list[Batch]:
    """The imports, the latest first."""
    latest = [
        max(created, key=_when)
        for (kind, _), created in facts.created.items()
        if kind == "import_started" and created
    ]
    corrections = Counter(
        edit.body.import_ for edits in facts.edits.values() for edit in edits if isinstance(edit.body, FactCorrected)
    )
    return [
        _batch(facts, entry, entry.body, corrections)
        for entry in sorted(latest, key=_when, reverse=True)
        if isinstance(entry.body, ImportStarted)
    ]


def last_batch(facts: Facts) -> Batch:
    """The latest import that has not been taken back.

    Raises:
        NotFoundError: where there is none.
    """
    there = batches(facts)
    if not there:
        raise NotFoundError("Nothing was ever imported into this ledger.", _NOTHING)
    for batch in there:
        if not batch.undone:
            return batch
    raise NotFoundError(
        "Every import of this ledger is taken back already.", "`ironledger import --list` shows them."
    )


def undone_of(facts: Facts, reading: Reading) -> tuple[str, ...]:
    """The imports that were taken back and that hold something of this file."""
    drafts = [draft for session in reading.sessions for draft in session.sets]
    holding: dict[str, None] = {}
    for draft in (*drafts, *reading.measurements):
        for entry in facts.created.get(_key(draft.body), ()):
            holding[getattr(entry.body, "import_", None) or ""] = None
    return tuple(import_id for import_id in holding if import_id and facts.voids(import_id))


def voided_of(facts: Facts, reading: Reading) -> int:
    """How many sets and measurements of a file the ledger has that count nowhere, for they are void."""
    drafts = [draft for session in reading.sessions for draft in session.sets]
    keys = {_key(draft.body) for draft in (*drafts, *reading.measurements)} - {_NO_KEY}
    return sum(key in facts.created and facts.judged(key) is None for key in keys)


def _key(body: object) -> Key:
    match body:
        case SetLogged():
            return "set_logged", body.set
        case MeasurementTaken():
            return "measurement_taken", body.measurement
        case _:
            return _NO_KEY


def _batch(facts: Facts, entry: Entry[Body], body: ImportStarted, corrections: Counter[str | None]) -> Batch:
    members = [*facts.members(body.import_)]
    return Batch(
        id=body.import_,
        app=body.app,
        dialect=body.dialect,
        at=entry.at,
        offset=entry.offset,
        told=_amount(key for key in members if facts.created.get(key)),
        counting=_amount(key for key in members if key[1] in facts.effective.get(key[0], {})),
        corrections=corrections[body.import_],
        undone=bool(facts.voids(body.import_)),
    )


def _amount(keys: Iterable[Key]) -> Amount:
    types = [event_type for event_type, _ in keys]
    return Amount(types.count("session_started"), types.count("set_logged"), types.count("measurement_taken"))


def _when(entry: Entry[Body]) -> tuple[int, str, int]:
    return entry.time, entry.replica, entry.seq
