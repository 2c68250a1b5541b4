"""The fields of each kind of fact: those that can be corrected, with how JSON becomes a value; what it lies in."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from events import Body, MalformedError
from events.codec import FACTS
from events.envelope import Moment, malformed
from events.equipment import EquipmentChanged
from events.training import SessionStarted

AT = "at"
OFFSET = "offset"
"""Beside its own fields, when a fact happened can be corrected."""

_FIXED = frozenset({"import", "source"})
"""Where a fact comes from stays as it is."""


class Field(msgspec.Struct, frozen=True):
    """One field of a body: its name in Python, its type, and whether a fact can do without it."""

    attribute: str
    type: Any
    required: bool
    default: Any

    def value_of(self, value: object) -> Any:  # noqa: ANN401  # a field's type is known while running only
        """The value that JSON gives the field; null takes an optional one away.

        Raises:
            MalformedError: where the field can't hold it.
        """
        if value is None and not self.required:
            return self.default
        try:
            return msgspec.convert(value, self.type)
        except msgspec.ValidationError as error:
            raise malformed(error) from error


def correctable(event_type: str) -> Mapping[str, Field]:
    """The fields of facts that ``event_type`` creates which a correction may name, by their JSON names."""
    return _correctable.get(event_type, {})


def accepted(event_type: str, changes: Mapping[str, object]) -> dict[str, Any]:
    """The values of a correction that facts of this type can hold, by JSON name.

    A session's start and end bear one name: when it ended is said by finishing it again, not by moving both.
    """
    values = {}
    for name, field in correctable(event_type).items():
        if name in changes and not (event_type == "session_finished" and name in {AT, OFFSET}):
            with suppress(MalformedError):
                values[name] = field.value_of(changes[name])
    return values


def corrected(body: Body, values: Mapping[str, object]) -> Body:
    """``body`` with other values in some fields, by attribute; as it was where they don't go together."""
    try:
        return msgspec.structs.replace(body, **values)
    except ValueError:
        return body


def clash(body: Body, values: Mapping[str, object]) -> str | None:
    """Why ``body`` can't have these values, by attribute, together; None where it can."""
    try:
        msgspec.structs.replace(body, **values)
    except ValueError as error:
        return str(error)
    return None


def containers(body: Body) -> list[str]:
    """The ids of what a fact lies in: its session, its import, its program and its day there."""
    return [container for name in containing(type(body)) if (container := getattr(body, name)) is not None]


@cache
def containing(kind: type[Body]) -> tuple[str, ...]:
    """The fields of a kind of body that name what the fact lies in.

    A session that follows a program is no part of it: it stays when the program is voided. A change of equipment goes
    with the equipment.
    """
    names = ("session", "import_", *_BEYOND.get(kind, ("program", "day")))
    return tuple(name for name in names if name in kind.__struct_fields__)


_BEYOND: dict[type[Body], tuple[str, ...]] = {SessionStarted: (), EquipmentChanged: ("equipment",)}


def _fields(body: type[Body], identity: str | None) -> dict[str, Field]:
    moments = {
        AT: Field(AT, Moment, required=True, default=None),
        OFFSET: Field(OFFSET, Annotated[int, Meta(ge=-1440, le=1440)], required=True, default=None),
    }
    fields = {
        info.encode_name: Field(info.name, info.type, info.required, None if info.required else info.default)
        for info in msgspec.structs.fields(body)
        if info.name != identity and info.encode_name not in _FIXED
    }
    return fields | moments


CREATED_BY: Mapping[str, str | None] = {
    "day_added": "day",
    "deload_ended": None,
    "deload_started": None,
    "drill_logged": "drill",
    "equipment_defined": "equipment",
    "exercise_defined": "exercise",
    "exercise_matched": "exercise",
    "food_logged": None,
    "import_started": "import_",
    "measurement_taken": "measurement",
    "note_added": "note",
    "photo_attached": "photo",
    "program_created": "program",
    "progression_decided": None,
    "readiness_rated": "rating",
    "session_finished": "session",
    "session_started": "session",
    "set_logged": "set",
    "slot_added": "slot",
    "supplement_taken": None,
    "test_performed": "test",
    "water_logged": None,
}
"""The events that say a fact which can be corrected, and the field that names it; None where the event's own id does.

Events of the other types are edits and settings, which are said again instead.
"""

_correctable = {
    event_type: _fields(body, CREATED_BY[event_type])
    for (event_type, _), body in FACTS.items()
    if event_type in CREATED_BY
}
