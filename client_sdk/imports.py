"""Bringing a file of another app into a ledger: what it adds, what it changes, what it leaves as it is."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from client_sdk.batches import undone_of, voided_of
from client_sdk.draft import Draft
from client_sdk.duplicates import Duplicates, Twin, kept, likely_copies, own, without
from client_sdk.errors import ChangedOptionError
from client_sdk.importers import Reading, Session, changes_ledger, plan, vanished
from client_sdk.replica import Replica
from events import Body
from events.catalogue import catalogue
from events.corrections import FactCorrected, ImportStarted
from projections.entries import Entry
from projections.facts import Facts
from projections.fields import AT, CREATED_BY, OFFSET, accepted, correctable, corrected

_KEYED = ("session_started", "set_logged", "measurement_taken")
"""The facts whose keys a later file may have lost."""


class Imported(msgspec.Struct, frozen=True):
    """What an import came to.

    ``drafts`` are the events that it wrote, or would write; ``vanished`` the keys that its file has lost since;
    ``voided`` counts the sets and measurements of the file that the ledger has and that are void, and ``undone`` are
    the imports that were taken back and that hold some of it. ``own`` counts the sessions that are the ledger's own
    and come back, ``copies`` are the likely copies of what other apps told, and ``duplicates`` says what became of
    them; None is to leave them open: they are conflicts, and count once until those are settled.
    """

    drafts: list[Draft]
    vanished: list[str]
    voided: int
    undone: tuple[str, ...] = ()
    own: int = 0
    copies: list[Twin] = []
    duplicates: Duplicates | None = None


def bring_in(
    replica: Replica,
    reading: Reading,
    *,
    dry_run: bool = False,
    confirmed: bool = False,
    duplicates: Duplicates | None = None,
) -> Imported:
    """Writes what a file says and the ledger doesn't, in one transaction; the same file again adds nothing.

    Args:
        replica: Whose ledger.
        reading: The file.
        dry_run: Whether to write nothing.
        confirmed: Whether rows that are known may be read with another unit or time zone than before.
        duplicates: Whether likely copies of what the ledger has from other apps are left out, or count beside that.

    Raises:
        ChangedOptionError: where they would be, and nobody has confirmed it.
    """
    facts = replica.ledger().facts
    news = what_is_new(replica, reading)
    drafts = plan(without(reading, news.dropped(duplicates)), known=lambda event_id: last_told(facts, event_id))
    if duplicates == "keep":
        drafts += [kept(session, reading) for session in news.twinned(reading)]
    if not confirmed:
        _check_options(facts, reading, drafts)
    if drafts and not dry_run:
        replica.write(drafts)
    return Imported(
        drafts,
        vanished(reading, _keys(facts)),
        voided_of(facts, reading),
        undone_of(facts, reading),
        len(news.own),
        news.copies,
        duplicates,
    )


class News(msgspec.Struct, frozen=True):
    """What of a file the ledger knows from elsewhere: its own sessions by name, and likely copies."""

    own: set[str]
    copies: list[Twin]

    def dropped(self, duplicates: Duplicates | None) -> set[str]:
        """The sessions that aren't written."""
        return self.own | ({twin.session for twin in self.copies} if duplicates == "skip" else set())

    def twinned(self, reading: Reading) -> list[Session]:
        """The sessions of the file that are likely copies."""
        names = {twin.session for twin in self.copies}
        return [session for session in reading.sessions if getattr(session.started.body, "session", None) in names]


def what_is_new(replica: Replica, reading: Reading) -> News:
    """Compares a file with what the ledger has from other apps and by hand, and with what it wrote for them."""
    ledger = replica.ledger()
    facts = ledger.facts
    changed = [
        session
        for session in reading.sessions
        if changes_ledger(session, reading, known=lambda event_id: last_told(facts, event_id))
    ]
    returned = own(ledger.view, reading, changed, catalogue())
    rest = [session for session in changed if getattr(session.started.body, "session", None) not in returned]
    return News(returned, likely_copies(facts, rest, reading.app))


def last_told(facts: Facts, event_id: str) -> Draft | None:
    """The fact that an imported event stands for as imports last told it, without what the lifter corrected.

    Its id is that of the event that told it last. None where the ledger doesn't have it; what was voided since is
    still known, and so is what was erased, of which nothing but that is left.
    """
    entry = facts.entries.counted.get(event_id)
    if entry is None:
        return None
    identity = CREATED_BY.get(entry.type)
    target = None if identity is None else getattr(entry.body, identity, None)
    if target is None:
        return _draft(entry)
    told = [other for other in facts.created.get((entry.type, target), ()) if _is_imported(other)]
    draft = _draft(max(told, key=_when, default=entry))
    fields = correctable(entry.type)
    for edit in sorted(facts.edits.get(target, ()), key=_when):
        if isinstance(edit.body, FactCorrected) and _is_imported(edit):
            values = accepted(entry.type, edit.body.changes)
            if values:
                at, offset = values.pop(AT, draft.at), values.pop(OFFSET, draft.offset)
                body = corrected(draft.body, {fields[name].attribute: value for name, value in values.items()})
                draft = Draft(body=body, at=at, offset=offset, id=edit.id)
    return draft


def _check_options(facts: Facts, reading: Reading, drafts: Iterable[Draft]) -> None:
    """Another unit or zone would change every row that is known: nobody means that by accident."""
    now = getattr(reading.started.body, "options", {})
    for draft in drafts:
        if isinstance(draft.body, FactCorrected) and (former := _import_of(facts, draft.body.target)) is not None:
            for option, answer in sorted(now.items()):
                if former.options.get(option, answer) != answer:
                    raise ChangedOptionError(option, former.options[option], answer)


def _import_of(facts: Facts, target: str) -> ImportStarted | None:
    """The import that last told of a fact, with the options that were last given for its file."""
    entries = [
        *(entry for kind in CREATED_BY for entry in facts.created.get((kind, target), ())),
        *facts.edits.get(target, ()),
    ]
    told = max((entry for entry in entries if _is_imported(entry)), key=_when, default=None)
    started = facts.created.get(("import_started", getattr(told.body, "import_", None) or ""), ()) if told else ()
    latest = max(started, key=_when, default=None)
    return latest.body if latest is not None and isinstance(latest.body, ImportStarted) else None


def _keys(facts: Facts) -> list[str]:
    """The source keys of all that was imported and isn't void."""
    counting = (fact for kind in _KEYED for fact in facts.of_type(kind))
    imported = (fact.body for fact in (*counting, *facts.aside.facts))
    return [source.key for body in imported if (source := getattr(body, "source", None)) is not None]


def _is_imported(entry: Entry[Body]) -> bool:
    return isinstance(entry.body, ImportStarted) or getattr(entry.body, "source", None) is not None


def _when(entry: Entry[Body]) -> tuple[int, str, int]:
    return entry.time, entry.replica, entry.seq


def _draft(entry: Entry[Body]) -> Draft:
    return Draft(body=entry.body, at=entry.at, offset=entry.offset, id=entry.id)
