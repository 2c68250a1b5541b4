"""The edits of facts that have a moment of their own: of a program's days and slots, and of equipment.

An edit is in force from its day on; a correction says that it was always so. Both write into the same registers, so
a field has one value on each day, and edits that are concurrent with each other, or with a correction, show as
conflicts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from events import Body
from projections.facts import Effective, Facts, Key
from projections.fields import AT, CREATED_BY, OFFSET, correctable, corrected
from projections.registers import Register, Write

EDITS = {
    "day_added": ("day_changed",),
    "equipment_defined": ("equipment_changed",),
    "slot_added": ("slot_changed", "slot_moved"),
}
"""The edits that write fields of a fact, by the event that creates it. They name it as that event does."""

NAMES_WHAT_IS_EDITED = frozenset({"import_", "source", "program", "slot"})
"""The fields of an edit that write nothing, beside its day where that is what it edits."""


def registers(facts: Facts, key: Key, day: int | None = None, without: Collection[str] = ()) -> dict[str, Register]:
    """The fields of a fact, with the edits in force on a local day; None for all that were ever made.

    Corrections of the ids in ``without`` are left out.
    """
    what = CREATED_BY.get(key[0]) or ""
    writes: dict[str, list[Write]] = {}
    for fact in about(facts, EDITS.get(key[0], ()), what, key[1], day):
        for name in fact.body.__struct_fields__:
            value = getattr(fact.body, name)
            if value is not None and name not in {what, *NAMES_WHAT_IS_EDITED}:
                writes.setdefault(name, []).append(Write(fact.entry, value))
    return facts.registers(key, writes, without)


def in_force(facts: Facts, fact: Effective, day: int | None = None) -> tuple[Body, set[str]]:
    """What a fact says with its corrections and the edits in force on a local day, and the events that say so."""
    fields = correctable(fact.entry.type)
    written = {
        name: register.winner
        for name, register in registers(facts, fact.key, day).items()
        if name in fields and name not in {AT, OFFSET}
    }
    body = corrected(fact.entry.body, {fields[name].attribute: write.value for name, write in written.items()})
    return body, {fact.entry.id, *(write.entry.id for write in written.values())}


def about(facts: Facts, event_types: Iterable[str], what: str, name: str, day: int | None) -> Iterator[Effective]:
    """The facts of some types that name a program, a day, a slot or equipment, and are in force on a local day."""
    for event_type in event_types:
        for fact in facts.of_type(event_type):
            if getattr(fact.body, what) == name and (day is None or fact.day <= day):
                yield fact
