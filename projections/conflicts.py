"""What was written concurrently: which value is kept, which are overruled, and how to settle it.

A conflict is there as long as no later write has seen all sides of it, so settling is just writing again: a
correction with the value that shall stand, a void, or a restore. ``client_sdk.settling`` says which.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

import msgspec

from events import Body
from events.corrections import FactCorrected, FactRestored
from events.programs import DayChanged
from projections.edits import EDITS, NAMES_WHAT_IS_EDITED, registers
from projections.entries import Entry
from projections.facts import Facts, Key
from projections.fields import AT, CREATED_BY, OFFSET
from projections.registers import Register, Write, resolve, stands

_TIMELESS = frozenset({"equipment_defined", "exercise_defined", "exercise_matched", "import_started"})
"""What is true of the whole history: when it was said is nothing to disagree about."""

_DECIDED = {"edit_and_removal": "removed", "likely_copy": "counted"}
"""What conflicts of two different acts decide, where it isn't whether a fact is void."""

_PLACES = frozenset({"session", "program", "day"})
"""The fields that say what a fact lies in."""


def report(facts: Facts) -> dict[str, Any]:
    """The report ``conflicts``."""
    found = [
        *_fields(facts),
        *_settings(facts),
        *_voids(facts),
        *_corrected_while_void(facts),
        *_into_void(facts),
        *_edited_while_removed(facts),
        *_likely_copies(facts),
    ]
    return {"conflicts": sorted(found, key=_order)}


def _fields(facts: Facts) -> Iterator[dict[str, Any]]:
    """Fields of one fact that were given different values."""
    edited = facts.repeated | {key for target in facts.edits for key in _named(facts, target)}
    for created, edits in EDITS.items():
        what = CREATED_BY[created] or ""
        edited |= {(created, getattr(fact.body, what)) for kind in edits for fact in facts.of_type(kind)}
    for key in edited:
        if key[1] in facts.effective.get(key[0], {}):
            for name, register in registers(facts, key).items():
                if register.overruled and not (key[0] in _TIMELESS and name in {AT, OFFSET}):
                    yield _conflict("field", key[1], name, register)


def _settings(facts: Facts) -> Iterator[dict[str, Any]]:
    for name, register in facts.settings().items():
        if register.overruled:
            yield _conflict("setting", "profile", name, register)


def _voids(facts: Facts) -> Iterator[dict[str, Any]]:
    """Facts that were voided here and restored there."""
    for target in facts.edits:
        if writes := facts.void_writes(target):
            register = resolve(writes, facts.entries.before)
            if register.overruled:
                yield _conflict("void", target, "voided", register)


def _corrected_while_void(facts: Facts) -> Iterator[dict[str, Any]]:
    """Facts that are void, and were corrected by someone who had not seen the void, nor any void the correction."""
    for target, edits in facts.edits.items():
        covering = {void.id: void for key in _named(facts, target) for void in facts.covering(key)}
        if not covering:
            continue
        for edit in _standing(facts, edits):
            for void in _unaware(facts, covering.values(), edit):
                yield _pair("correction_and_void", target, Write(void, "voided"), Write(edit, _changes(edit)))


def _edited_while_removed(facts: Facts) -> Iterator[dict[str, Any]]:
    """Slots and days that were removed by someone who had not seen an edit of them, nor the editor the removal."""
    for what in ("slot", "day"):
        removals: dict[str, list[Entry[Body]]] = {}
        for fact in facts.of_type(f"{what}_removed"):
            removals.setdefault(getattr(fact.body, what), []).append(fact.entry)
        for target, removed in removals.items():
            if target in facts.effective.get(f"{what}_added", {}):
                for edit in _standing_edits(facts, (f"{what}_added", target)):
                    for removal in _unaware(facts, removed, edit):
                        yield _pair(
                            "edit_and_removal", target, Write(removal, "removed"), Write(edit, _changes(edit))
                        )


def _standing_edits(facts: Facts, key: Key) -> list[Entry[Body]]:
    """The edits of a slot or a day that still stand in some field, other than what created it."""
    written = registers(facts, key).values()
    standing = {
        write.entry.id: write.entry for register in written for write in (register.winner, *register.overruled)
    }
    return [entry for entry in standing.values() if entry not in facts.created[key]]


def _unaware(facts: Facts, decided: Collection[Entry[Body]], edit: Entry[Body]) -> list[Entry[Body]]:
    """The voids or removals that are concurrent with an edit; none where one of them had seen it."""
    before = facts.entries.before
    if any(before(edit, decision) for decision in decided):
        return []
    return [decision for decision in decided if not before(decision, edit)]


def _standing(facts: Facts, edits: Iterable[Entry[Body]]) -> list[Entry[Body]]:
    """The corrections that still stand in some field: no later one has seen them and said otherwise."""
    writes: dict[str, list[Write]] = {}
    for edit in edits:
        if isinstance(edit.body, FactCorrected):
            for name, value in edit.body.changes.items():
                writes.setdefault(name, []).append(Write(edit, value))
    standing = [write.entry for written in writes.values() for write in stands(written, facts.entries.before)]
    return list({edit.id: edit for edit in standing}.values())


def _changes(edit: Entry[Body]) -> dict[str, Any]:
    """What an edit writes, by field."""
    if isinstance(edit.body, FactCorrected):
        return edit.body.changes
    identity = "day" if isinstance(edit.body, DayChanged) else ""
    said = {name: getattr(edit.body, name) for name in edit.body.__struct_fields__}
    return {
        name: value
        for name, value in said.items()
        if value is not None and name not in {identity, *NAMES_WHAT_IS_EDITED}
    }


def _into_void(facts: Facts) -> Iterator[dict[str, Any]]:
    """Facts that lie in something void, but whose voids had not seen them lie there: they count."""
    for container in facts.edits:
        for void in facts.voids(container):
            for key in facts.members(container):
                if key[1] == container or key[1] not in facts.effective.get(key[0], {}):
                    continue
                placed = facts.places(key).get(container)
                if placed is not None and not _confirmed(facts, key, void):
                    placing = resolve(placed, facts.entries.before).winner.entry
                    yield _pair("into_void", key[1], Write(placing, "counted"), Write(void, "voided"))


def _likely_copies(facts: Facts) -> Iterator[dict[str, Any]]:
    """Sessions that were probably one workout, told by two apps: the later one counts nowhere."""
    for copy, original in facts.aside.copies.items():
        counted, left_out = facts.aside.anchor(original), facts.aside.anchor(copy)
        if counted is not None and left_out is not None:
            yield _pair("likely_copy", copy, Write(counted.entry, original), Write(left_out.entry, copy))


def _confirmed(facts: Facts, key: Key, void: Entry[Body]) -> bool:
    """Whether somebody who had seen the void said that the fact counts all the same.

    That is said by restoring what is not void by itself, and by saying (again) what the fact lies in.
    """
    return any(
        facts.entries.before(void, edit)
        and (
            (isinstance(edit.body, FactCorrected) and bool(edit.body.changes.keys() & _PLACES))
            or (isinstance(edit.body, FactRestored) and not facts.lifts(key[1], edit))
        )
        for edit in facts.edits.get(key[1], ())
    )


def _named(facts: Facts, target: str) -> list[Key]:
    return [(event_type, target) for event_type in CREATED_BY if facts.created.get((event_type, target))]


def _conflict(kind: str, target: str, field: str, register: Register) -> dict[str, Any]:
    return {
        "kind": kind,
        "target": target,
        "field": field,
        "kept": _shown(register.winner),
        "overruled": [_shown(write) for write in register.overruled],
    }


def _order(conflict: dict[str, Any]) -> tuple[str, ...]:
    """By target; the events, in the end, tell any two conflicts apart."""
    writes = (conflict["kept"], *conflict["overruled"])
    return conflict["target"], conflict["kind"], conflict["field"], *(write["event"] for write in writes)


def _pair(kind: str, target: str, kept: Write, overruled: Write) -> dict[str, Any]:
    """A conflict of two different acts; its ``field`` is what they decide."""
    field = _DECIDED.get(kind, "voided")
    return {"kind": kind, "target": target, "field": field, "kept": _shown(kept), "overruled": [_shown(overruled)]}


def _shown(write: Write) -> dict[str, Any]:
    entry = write.entry
    return {
        "value": msgspec.to_builtins(write.value),
        "event": entry.id,
        "replica": entry.replica,
        "time": entry.time,
        "offset": entry.offset,
    }
