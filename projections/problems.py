"""The events that are kept and synced but not counted, each with the reason."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from events import Body, MalformedError, Problem
from events.codec import CODEC
from events.corrections import FactCorrected
from projections.edits import EDITS, registers
from projections.entries import UNPLACED, Entry
from projections.facts import Effective, Facts
from projections.fields import AT, CREATED_BY, OFFSET, Field, clash, correctable
from projections.registers import rank

_STAYS = {"slot_added": "the slot asks for what it asked for when it was added"}


_PARTICULAR = tuple(
    event_type
    for event_type, body in CODEC.bodies.items()
    if event_type in CREATED_BY and hasattr(body, "__post_init__")
)
"""The facts whose fields have to go together; of the others, such as sets, there may be many."""


def report(facts: Facts) -> dict[str, Any]:
    """The report ``problems``, in ledger order."""
    found = [*facts.entries.problems(), *_corrections(facts), *_misnamed(facts), *_clashes(facts)]
    found.sort(key=lambda pair: (pair[0].position, pair[0].replica, pair[0].seq, pair[1].path))
    return {"problems": [_shown(entry, problem) for entry, problem in found]}


def _misnamed(facts: Facts) -> Iterator[tuple[Entry[Body], Problem]]:
    """Edits of a fact by the id of the event that created it, and corrections of what can't be corrected."""
    for target, edits in facts.edits.items():
        entry = facts.entries.counted.get(target)
        if entry is None or any(facts.created.get((kind, target)) for kind in CREATED_BY):
            continue
        corrections = [edit for edit in edits if isinstance(edit.body, FactCorrected)]
        if entry.type in CREATED_BY:
            message = "This is the id of an event; what it tells of is named by an id in its body."
            vain = [*corrections, *facts.voids(target)]
        else:
            message = f"What {entry.type} says can't be corrected; say it anew, or void it."
            vain = corrections
        for edit in vain:
            yield edit, Problem("invalid_body", message, "$.body.target")


def _corrections(facts: Facts) -> Iterator[tuple[Entry[Body], Problem]]:
    """Corrections of a field that the target does not have, or by a value that the field can't hold."""
    for target, edits in facts.edits.items():
        known = [correctable(event_type) for event_type in CREATED_BY if facts.created.get((event_type, target))]
        fields = {name: field for kind in known for name, field in kind.items()}
        for edit in edits if known else ():
            if isinstance(edit.body, FactCorrected):
                for name, value in edit.body.changes.items():
                    if (message := _fault(fields.get(name), name, value)) is not None:
                        yield edit, Problem("invalid_body", message, f"$.body.changes.{name}")


def _clashes(facts: Facts) -> Iterator[tuple[Entry[Body], Problem]]:
    """Edits of a fact whose values don't go together: it stays as it was first said."""
    for event_type in _PARTICULAR:
        there = facts.effective.get(event_type, {})
        what = CREATED_BY[event_type] or ""
        edited = {getattr(fact.body, what) for kind in EDITS.get(event_type, ()) for fact in facts.of_type(kind)}
        for name in (edited | facts.edits.keys()) & there.keys():
            if (clashing := _clash(facts, there[name])) is not None:
                yield clashing


def _clash(facts: Facts, fact: Effective) -> tuple[Entry[Body], Problem] | None:
    """The write that does not go with the others of its fact: of those that the reason names, the latest."""
    fields = correctable(fact.entry.type)
    winners = {
        name: register.winner for name, register in registers(facts, fact.key).items() if name not in {AT, OFFSET}
    }
    reason = clash(fact.entry.body, {fields[name].attribute: write.value for name, write in winners.items()})
    if reason is None:
        return None
    odd = max(winners.keys() & reason.split() or winners, key=lambda name: (rank(winners[name]), name))
    entry, within = winners[odd].entry, "changes." * isinstance(winners[odd].entry.body, FactCorrected)
    message = f"With it {reason}: {_STAYS.get(fact.entry.type, 'it stays as it was first said')}."
    return entry, Problem("invalid_body", message, f"$.body.{within}{odd}")


def _fault(field: Field | None, name: str, value: object) -> str | None:
    if field is None:
        return f"What it corrects has no field {name!r} that can be corrected."
    try:
        field.value_of(value)
    except MalformedError as error:
        return error.message
    return None


def _shown(entry: Entry[Body], problem: Problem) -> dict[str, Any]:
    return {
        "code": problem.code,
        "message": problem.message,
        "path": problem.path,
        "event": entry.id,
        "type": entry.type,
        "v": entry.v,
        "replica": entry.replica,
        "seq": entry.seq,
        "position": None if entry.position == UNPLACED else entry.position,
    }
