"""What was written concurrently: which value is kept, which are overruled, and how to settle it.

A conflict is there as long as no later write has seen all sides of it, so settling is just writing again: a
correction with the value that shall stand, a void, or a restore.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from events import Body
from events.corrections import FactCorrected
from projections.entries import Entry
from projections.facts import Facts, Key, containers
from projections.fields import CREATED_BY
from projections.programs import EDITS, registers
from projections.registers import Register, Write, resolve, stands


def report(facts: Facts) -> dict[str, Any]:
    """The report ``conflicts``."""
    found = [*_fields(facts), *_settings(facts), *_voids(facts), *_corrected_while_void(facts), *_into_void(facts)]
    return {"conflicts": sorted(found, key=_order)}


def _fields(facts: Facts) -> Iterator[dict[str, Any]]:
    """Fields of one fact that were given different values."""
    edited = facts.repeated | {key for target in facts.edits for key in _named(facts, target)}
    for what, edits in EDITS.items():
        edited |= {(f"{what}_added", getattr(fact.body, what)) for kind in edits for fact in facts.of_type(kind)}
    for key in edited:
        if key[1] in facts.effective.get(key[0], {}):
            for name, register in registers(facts, key).items():
                if register.overruled:
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
    """Facts that are void, and were corrected by someone who had not seen the void, nor the void the correction."""
    for target, edits in facts.edits.items():
        for void in _voids_over(facts, target):
            for edit in _standing(facts, edits):
                if _concurrent(facts, edit, void):
                    yield _pair("correction_and_void", target, Write(void, "voided"), Write(edit, _changes(edit)))


def _standing(facts: Facts, edits: Iterable[Entry[Body]]) -> list[Entry[Body]]:
    """The corrections that still stand in some field: no later one has seen them and said otherwise."""
    writes: dict[str, list[Write]] = {}
    for edit in edits:
        for name, value in _changes(edit).items():
            writes.setdefault(name, []).append(Write(edit, value))
    standing = [write.entry for written in writes.values() for write in stands(written, facts.entries.before)]
    return list({edit.id: edit for edit in standing}.values())


def _changes(edit: Entry[Body]) -> dict[str, Any]:
    return edit.body.changes if isinstance(edit.body, FactCorrected) else {}


def _into_void(facts: Facts) -> Iterator[dict[str, Any]]:
    """Facts that lie in something void, but that the void did not cover, for it had not seen them: they count."""
    for container in facts.edits:
        for void in facts.voids(container):
            for key in facts.members(container):
                fact = facts.effective.get(key[0], {}).get(key[1])
                if fact is None or key[1] == container or container not in containers(fact.body):
                    continue
                if not _confirmed(facts, key, void):
                    yield _pair("into_void", key[1], Write(fact.entry, "counted"), Write(void, "voided"))


def _confirmed(facts: Facts, key: Key, void: Entry[Body]) -> bool:
    """Whether somebody who had seen the void said again what the fact lies in."""
    return any(
        isinstance(edit.body, FactCorrected)
        and edit.body.changes.keys() & {"session", "program", "day"}
        and facts.entries.before(void, edit)
        for edit in facts.edits.get(key[1], ())
    )


def _voids_over(facts: Facts, target: str) -> list[Entry[Body]]:
    """The voids that make the facts of this name void, their own and those of what they lie in."""
    over = {void.id: void for void in facts.voids(target)}
    for key in _named(facts, target):
        for creation in facts.created[key]:
            for container in containers(creation.body):
                over |= {void.id: void for void in facts.voids(container) if facts.entries.before(creation, void)}
    return list(over.values())


def _named(facts: Facts, target: str) -> list[Key]:
    return [(event_type, target) for event_type in CREATED_BY if facts.created.get((event_type, target))]


def _concurrent(facts: Facts, one: Entry[Body], other: Entry[Body]) -> bool:
    return not facts.entries.before(one, other) and not facts.entries.before(other, one)


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
    return {"kind": kind, "target": target, "field": "voided", "kept": _shown(kept), "overruled": [_shown(overruled)]}


def _shown(write: Write) -> dict[str, Any]:
    entry = write.entry
    return {
        "value": msgspec.to_builtins(write.value),
        "event": entry.id,
        "replica": entry.replica,
        "time": entry.time,
        "offset": entry.offset,
    }
