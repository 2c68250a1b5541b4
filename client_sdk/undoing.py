"""The last act of this device, and what takes it back: opposite facts, never a deletion.

    an act said              its opposite
    a fact                   void it
    an edit, a setting       void it: what was in force before is in force again
    a correction             correct it to what it was before
    a void, a restore        restore, or void, so that it is as it was before
    the finish of a session  it is under way again; finishing it anew moves its end

An act is what one command wrote: the events of one transaction, which bear one ``written``. Each opposite names the
event that it ``undoes``, so that the next undo goes on to the act before, on whatever file or device the ledger is
carried to; the fold takes an edit and the one that undid it out together. Pure; ``cli.undo`` writes what this says.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

import msgspec

from events import Body
from events.corrections import EventErased, FactCorrected, FactRestored, FactVoided
from events.training import ExerciseDefined, ExerciseMatched, SessionFinished
from projections.edits import registers
from projections.entries import Entry
from projections.facts import Facts
from projections.fields import AT, CREATED_BY, OFFSET, containers, correctable
from projections.registers import resolve

Act = Sequence[Entry[Body]]
"""The events of one transaction, in the order in which they were written."""

Edit = FactCorrected | FactVoided | FactRestored
Said = ExerciseDefined | ExerciseMatched
"""What can't be voided; an import that is taken back leaves the names of the exercises that it brought."""


def acts(facts: Facts, replica: str) -> Iterator[Act]:
    """The acts of a replica that were not taken back, and take none back themselves: the last one first."""
    own = [entry for entry in facts.entries.counted.values() if entry.replica == replica]
    undoing = {entry.id: entry.body.undoes for entry in own if isinstance(entry.body, Edit) and entry.body.undoes}
    undone = {entry.written for entry in own if entry.id in undoing.values()}
    gone = undoing.keys() | facts.entries.erased.keys() | facts.entries.aside
    left = [entry for entry in own if entry.id not in gone and entry.written not in undone]
    left.sort(key=lambda entry: entry.seq, reverse=True)
    for _, act in groupby(left, key=lambda entry: entry.written):
        yield [*act][::-1]


def hindrance(facts: Facts, act: Act) -> str | None:
    """Why an act can't be taken back, in a sentence; None where it can."""
    if any(isinstance(entry.body, EventErased) for entry in act):
        return "What was erased is gone for ever"
    if not opposites(facts, act):
        return "What an exercise is holds for the whole history, and is only said anew"
    own = {entry.id for entry in act}
    created = (name for entry in act if (name := _name_of(entry)) is not None and entry.type != "session_finished")
    return "What was written since lies in it" if any(_holds_more(facts, name, own) for name in created) else None


def opposites(facts: Facts, act: Act) -> list[Body]:
    """What takes an act back, the last event first.

    What lies in something that the same act created, as a slot in its program, goes with that.
    """
    own = {name for entry in act if (name := _name_of(entry)) is not None}
    unsaid = {entry.id for entry in act}
    bodies: list[Body] = []
    for entry in reversed(act):
        inside = not isinstance(entry.body, Edit) and any(
            container in own and container != _name_of(entry) for container in containers(entry.body)
        )
        if not inside and not isinstance(entry.body, Said):
            bodies.append(_opposite(facts, entry, unsaid))
    return bodies


def _opposite(facts: Facts, entry: Entry[Body], unsaid: set[str]) -> Body:
    """The opposite of one event; what was before it is what holds without the edits of the ids ``unsaid``."""
    match entry.body:
        case FactCorrected(target=target, changes=changes):
            return FactCorrected(target=target, changes=_before(facts, target, changes, unsaid), undoes=entry.id)
        case FactVoided(target=target) | FactRestored(target=target):
            others = [write for write in facts.void_writes(target) if write.entry.id not in unsaid]
            was_void = bool(others) and bool(resolve(others, facts.entries.before).winner.value)
            return (FactVoided if was_void else FactRestored)(target=target, undoes=entry.id)
        case SessionFinished(session=session):
            return FactRestored(target=session, undoes=entry.id)
        case _:
            return FactVoided(target=_name_of(entry) or entry.id, undoes=entry.id)


def _before(facts: Facts, target: str, changes: dict[str, Any], unsaid: set[str]) -> dict[str, Any]:
    """What the fields of a correction held before it, as a correction says it."""
    former: dict[str, Any] = {}
    for event_type in CREATED_BY:
        creations = facts.created.get((event_type, target), ())
        for name in changes if creations else ():
            if name not in correctable(event_type) or name in former:
                continue
            register = registers(facts, (event_type, target), without=unsaid).get(name)
            source = creations[0] if register is None else register.winner.entry
            if register is not None:
                value = register.winner.value
            else:
                held = source if name in {AT, OFFSET} else source.body
                value = getattr(held, correctable(event_type)[name].attribute)
            former[name] = source.happened(value) if name == AT else msgspec.to_builtins(value)
    return former or changes


def _holds_more(facts: Facts, container: str, act: set[str]) -> bool:
    """Whether something counts in a session or a program that an act didn't write; an undone finish may."""
    lie = (key for key in facts.members(container) if key[0] != "session_finished")
    counted = (facts.effective.get(kind, {}).get(name) for kind, name in lie)
    return any(fact is not None and fact.entry.id not in act for fact in counted)


def _name_of(entry: Entry[Body]) -> str | None:
    """The id of the fact that an event creates and that a void can name; None where that is its own."""
    field = CREATED_BY.get(entry.type)
    return None if field is None else getattr(entry.body, field, None)
