"""Bringing a file of another app into a ledger: what it adds, what it changes, what it leaves as it is."""

from __future__ import annotations

import msgspec

from client_sdk.draft import Draft
from client_sdk.errors import ChangedOptionError
from client_sdk.importers import Reading, plan, vanished
from client_sdk.replica import Replica
from events import Body
from events.corrections import FactCorrected, ImportStarted
from projections.entries import Entry
from projections.facts import Facts
from projections.fields import AT, CREATED_BY, OFFSET, accepted, correctable, corrected


class Imported(msgspec.Struct, frozen=True):
    """What an import came to: the events that it wrote, or would write, and the keys that its file lost since."""

    drafts: list[Draft]
    vanished: list[str]


def bring_in(replica: Replica, reading: Reading, *, dry_run: bool = False, confirmed: bool = False) -> Imported:
    """Writes what a file says and the ledger doesn't, in one transaction; the same file again adds nothing.

    Args:
        replica: Whose ledger.
        reading: The file.
        dry_run: Whether to write nothing.
        confirmed: Whether rows that are known may be read with another unit or time zone than before.

    Raises:
        ChangedOptionError: where they would be, and nobody has confirmed it.
    """
    facts = replica.ledger().facts
    drafts = plan(reading, known=lambda event_id: last_told(facts, event_id))
    if not confirmed and any(isinstance(draft.body, FactCorrected) for draft in drafts):
        _check_options(facts, reading)
    if drafts and not dry_run:
        replica.write(drafts)
    return Imported(drafts, vanished(reading, _keys(facts)))


def last_told(facts: Facts, event_id: str) -> Draft | None:
    """The fact that an imported event stands for as imports last told it, without what the lifter corrected.

    None where the ledger doesn't have it. What was voided since, or erased, is still known.
    """
    entry = facts.entries.counted.get(event_id)
    if entry is None:
        return None
    identity = CREATED_BY.get(entry.type)
    target = None if identity is None else getattr(entry.body, identity, None)
    if target is None:
        return _draft(entry, event_id)
    told = [*facts.created.get((entry.type, target), ()), entry]
    latest = max((other for other in told if _is_imported(other)), key=_when, default=entry)
    draft = _draft(latest, event_id)
    fields = correctable(entry.type)
    for edit in sorted(facts.edits.get(target, ()), key=_when):
        if isinstance(edit.body, FactCorrected) and _is_imported(edit):
            values = accepted(entry.type, edit.body.changes)
            at, offset = values.pop(AT, draft.at), values.pop(OFFSET, draft.offset)
            body = corrected(draft.body, {fields[name].attribute: value for name, value in values.items()})
            draft = Draft(body=body, at=at, offset=offset, id=event_id)
    return draft


def _check_options(facts: Facts, reading: Reading) -> None:
    """Another unit or zone would change every row that is known: nobody means that by accident."""
    if not isinstance(reading.started.body, ImportStarted):
        return
    now = reading.started.body.options
    for fact in facts.of_type("import_started"):
        if isinstance(fact.body, ImportStarted) and fact.body.app == reading.app:
            for option in sorted(now.keys() & fact.body.options.keys()):
                if now[option] != fact.body.options[option]:
                    raise ChangedOptionError(option, fact.body.options[option], now[option])


def _keys(facts: Facts) -> list[str]:
    """The source keys of all that was imported and counts."""
    imported = (fact.body for kind in ("session_started", "set_logged") for fact in facts.of_type(kind))
    return [source.key for body in imported if (source := getattr(body, "source", None)) is not None]


def _is_imported(entry: Entry[Body]) -> bool:
    return getattr(entry.body, "source", None) is not None


def _when(entry: Entry[Body]) -> tuple[int, str]:
    return entry.time, entry.id


def _draft(entry: Entry[Body], event_id: str) -> Draft:
    return Draft(body=entry.body, at=entry.at, offset=entry.offset, id=event_id)
