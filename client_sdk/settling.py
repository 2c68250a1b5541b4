"""How a conflict is settled: what to write, having seen all of its sides, so that one of them stands alone.

    kind                  keep what stands             let an overruled one stand
    field                 say its value again          say that value again
    setting               make the setting again       make that setting
    void                  void or restore again        restore or void
    correction_and_void   void the fact                restore what was voided
    into_void             restore what isn't void      void the fact
    edit_and_removal      remove it again              void the removal
    likely_copy           void the copy                restore the copy, which isn't void: both count

Pure: what is written now has seen all sides because the replica that writes it holds them.
"""

from __future__ import annotations

from typing import Any

import msgspec

from events import Body
from events.corrections import FactCorrected, FactRestored, FactVoided
from events.equipment import EquipmentChanged
from events.profile import ProfileChanged
from events.programs import DayChanged, SlotChanged, SlotMoved
from projections.edits import registers
from projections.entries import Entry
from projections.facts import Facts, Key
from projections.fields import AT, CREATED_BY, OFFSET, correctable
from projections.registers import Register

Edit = SlotChanged | SlotMoved | DayChanged | EquipmentChanged
"""What holds from its own moment on, and not always."""

_SAID_ANEW = frozenset({"exercise_defined", "exercise_matched"})
"""Facts named by an exercise's id, which a correction can't name: they are said again with all their fields."""


class Settlement(msgspec.Struct, frozen=True):
    """A fact to write, and when it holds from: Unix ms and minutes east of UTC; None for here and now."""

    body: Body
    at: int | None = None
    offset: int | None = None


def settlement(facts: Facts, conflict: dict[str, Any], event: str) -> Settlement:
    """What settles a conflict.

    Args:
        facts: All that is true, as of the report.
        conflict: A row of the report ``conflicts``.
        event: The write of it that shall stand: the kept one's event, or that of one of the overruled.

    Raises:
        KeyError: where the conflict is not, or no longer, one of these facts.
    """
    target, kept = conflict["target"], event == conflict["kept"]["event"]
    entry, against = (facts.entries.counted[name] for name in (event, conflict["kept"]["event"]))
    body: Body = FactVoided(target=target)
    match conflict["kind"]:
        case "field":
            return _said_again(facts, target, conflict["field"], entry)
        case "setting":
            body = ProfileChanged(**{conflict["field"]: getattr(entry.body, conflict["field"])})
        case "void" if isinstance(entry.body, FactRestored):
            body = FactRestored(target=target)
        case "correction_and_void" if not kept and isinstance(against.body, FactVoided):
            body = FactRestored(target=against.body.target)
        case "into_void" if kept:
            body = FactRestored(target=target)
        case "likely_copy" if not kept:
            # Where nobody started it, or its start is void, its first set stands for it: that surely isn't void.
            body = FactRestored(target=getattr(entry.body, "set", target))
        case "edit_and_removal":
            body = _own(entry.body) if kept else FactVoided(target=against.id)
        case _:
            pass
    return Settlement(body)


def _said_again(facts: Facts, target: str, field: str, entry: Entry[Body]) -> Settlement:
    """The value that an entry gave a field, so that it holds as it did there: always, or from a day on."""
    key, register = _register(facts, target, field, entry)
    value = next(write.value for write in (register.winner, *register.overruled) if write.entry.id == entry.id)
    if isinstance(entry.body, Edit):
        body = _edited(facts, key, {field: value}, entry.id, entry.body)
        return Settlement(body, entry.happened(entry.at), entry.offset)
    if key[0] == "session_finished" and field in {AT, OFFSET}:
        # Its start bears the same name and would be moved by a correction: it is finished again.
        ends = registers(facts, key)
        moment = entry if field == AT else ends[AT].winner.entry
        zone = entry if field == OFFSET else ends[OFFSET].winner.entry
        return Settlement(_own(facts.effective[key[0]][target].body), moment.happened(moment.at), zone.offset)
    if key[0] in _SAID_ANEW:
        body = facts.effective[key[0]][target].body
        return Settlement(_own(msgspec.structs.replace(body, **{correctable(key[0])[field].attribute: value})))
    said = entry.happened(value) if field == AT else msgspec.to_builtins(value)
    return Settlement(FactCorrected(target=target, changes={field: said}))


def _register(facts: Facts, target: str, field: str, entry: Entry[Body]) -> tuple[Key, Register]:
    """The fact and the field's register in which an entry's write stands; a session's start and end bear one name."""
    for event_type in CREATED_BY:
        key = event_type, target
        register = registers(facts, key).get(field) if facts.created.get(key) else None
        if register and any(write.entry.id == entry.id for write in (register.winner, *register.overruled)):
            return key, register
    raise KeyError(field)


def _edited(facts: Facts, key: Key, said: dict[str, Any], event: str, edit: Edit) -> Body:
    """An edit that gives a field its value; a slot that goes to a day goes to its place there."""
    match edit:
        case EquipmentChanged():
            return EquipmentChanged(equipment=edit.equipment, **said)
        case DayChanged():
            return DayChanged(program=edit.program, day=edit.day, **said)
        case SlotChanged():
            return SlotChanged(program=edit.program, slot=edit.slot, **said)
        case SlotMoved():
            rank = registers(facts, key)["rank"]
            own = [write for write in rank.overruled if write.entry.id == event]
            place = {"rank": (own or [rank.winner])[0].value}
            return SlotMoved(program=edit.program, slot=edit.slot, **place | said)


def _own(body: Body) -> Body:
    """The same words as the lifter's own: whatever file they came from, this was not read there."""
    return msgspec.structs.replace(body, import_=None, source=None)
