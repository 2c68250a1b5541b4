"""What a ledger knows of earlier imports: the facts as they were last imported, their keys, and the answers given."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from client_sdk.draft import Draft
from client_sdk.importers import Reading
from events import Body, MalformedError
from events.corrections import FactCorrected, ImportStarted
from projections.entries import Entry, Unread
from projections.facts import Facts
from projections.fields import AT, CREATED_BY, OFFSET, correctable, corrected


class History:
    """The imports in a ledger, as a reading of a file is compared with them.

    Args:
        facts: What the ledger holds.
        reading: The file.
    """

    def __init__(self, facts: Facts, reading: Reading) -> None:
        self._facts = facts
        self._reading = reading
        self._read = {draft.id: draft for draft in _drafts(reading)}

    def known(self, event_id: str) -> Draft | None:
        """The fact of an event as imports last told it, without the lifter's corrections; None where it is new."""
        entry = self._facts.entries.counted.get(event_id)
        if entry is None:
            return None
        if isinstance(entry.body, Unread) or event_id in self._facts.entries.erased:
            return self._read.get(event_id)  # erased, or said in words that this code can't read: it stays so
        return self._as_imported(entry)

    def keys(self) -> Iterator[str]:
        """The source keys of all imported facts that count."""
        for facts in self._facts.effective.values():
            for fact in facts.values():
                source = getattr(fact.body, "source", None)
                if source is not None:
                    yield source.key

    def refuse_other_answers(self) -> None:
        """Refuses a unit or a time zone other than the last time for rows that are known.

        Raises:
            MalformedError: with both answers.
        """
        now = self._reading.started.body
        earlier = [
            (fact.entry.time, fact.body.options)
            for fact in self._facts.of_type("import_started")
            if isinstance(fact.body, ImportStarted) and fact.body.app == self._reading.app
        ]
        if not earlier or not isinstance(now, ImportStarted) or not any(map(self._is_known, self._read)):
            return
        _, options = max(earlier, key=lambda answered: answered[0])
        for name, answer in now.options.items():
            former = options.get(name, answer)
            if former != answer:
                raise MalformedError(
                    f"Rows of this file were imported with {name} {former} before, and now with {answer}.",
                    next_step=f"Give {former} again, or add --changed to correct those rows.",
                )

    def _is_known(self, event_id: str | None) -> bool:
        return event_id in self._facts.entries.counted

    def _as_imported(self, entry: Entry[Body]) -> Draft:
        name = CREATED_BY.get(entry.type)
        target = entry.id if name is None else getattr(entry.body, name)
        fields = correctable(entry.type)
        values: dict[str, Any] = {AT: entry.at, OFFSET: entry.offset}
        for edit in sorted(self._facts.edits.get(target, ()), key=lambda edit: (edit.time, edit.id)):
            if isinstance(edit.body, FactCorrected) and edit.body.source is not None:
                changes = edit.body.changes.items()
                values |= {field: fields[field].value_of(value) for field, value in changes if field in fields}
        at, offset = values.pop(AT), values.pop(OFFSET)
        body = corrected(entry.body, {fields[field].attribute: value for field, value in values.items()})
        return Draft(id=entry.id, at=at, offset=offset, body=body)


def _drafts(reading: Reading) -> Iterator[Draft]:
    yield reading.started
    yield from reading.defined
    for session in reading.sessions:
        yield session.started
        yield from session.sets
        if session.finished is not None:
            yield session.finished
