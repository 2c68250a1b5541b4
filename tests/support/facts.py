"""Facts as a lifter says them, with everything that an example doesn't care about filled in."""

from __future__ import annotations

import re
from typing import Any

from support.chains import some_uuid

from events import Load
from events.programs import DayAdded, ProgramCreated, SlotAdded
from events.quantities import parse_milli
from events.training import DrillKind, DrillLogged, SessionFinished, SessionStarted, SetLogged

VISIT = some_uuid("session", "visit")
"""The session of sets that name no other."""

_LOAD = re.compile(r"(bw)?([+-])?(?:([0-9.]+)(kg|lb))?\Z")


def a_set(exercise: str = "back_squat", load: str = "", reps: int | None = None, **fields: Any) -> SetLogged:  # noqa: ANN401  (fields of all types)
    """A working set. The load is written as people type it: ``100kg``, ``bw``, ``bw+20kg``, ``bw-15lb``."""
    typed = _LOAD.match(load)
    if typed is None:
        raise ValueError(load)
    body, sign, amount, unit = typed.groups()
    said: dict[str, Any] = {"set": some_uuid(), "session": VISIT, "kind": "working"}
    if amount:
        said["load"] = Load(parse_milli(amount), unit)
    if body:
        said["load_kind"] = {"+": "added", "-": "assisted"}.get(sign, "bodyweight")
    return SetLogged(exercise=exercise, reps=reps, **said | fields)


def a_drill(kind: DrillKind = "dynamic_stretch", seconds: int | None = 60, **fields: Any) -> DrillLogged:  # noqa: ANN401  (fields of all types)
    """A drill, of the phase to which its kind belongs."""
    phase = "warm_up" if kind in {"dynamic_stretch", "light_cardio"} else "cool_down"
    said = {"drill": some_uuid(), "session": VISIT, "phase": phase, "name": kind.replace("_", " ")}
    return DrillLogged(kind=kind, seconds=seconds, **said | fields)


def start(session: str = VISIT, **fields: Any) -> SessionStarted:  # noqa: ANN401  (fields of all types)
    """A session begins."""
    return SessionStarted(session=session, **fields)


def finish(session: str = VISIT, **fields: Any) -> SessionFinished:  # noqa: ANN401  (fields of all types)
    """A session ends."""
    return SessionFinished(session=session, **fields)


PROGRAM = some_uuid("program")
DAY = some_uuid("day")


def a_program(name: str = "Legs", **fields: Any) -> ProgramCreated:  # noqa: ANN401  (fields of all types)
    """A program."""
    return ProgramCreated(program=PROGRAM, name=name, **fields)


def a_day(name: str = "A", **fields: Any) -> DayAdded:  # noqa: ANN401  (fields of all types)
    """A day of the program."""
    return DayAdded(**{"program": PROGRAM, "day": DAY, "name": name, "rank": "m"} | fields)


def a_slot(exercise: str | None = "back_squat", sets: int = 4, **fields: Any) -> SlotAdded:  # noqa: ANN401  (fields of all types)
    """A slot of the program's day."""
    said = {"program": PROGRAM, "day": DAY, "slot": some_uuid(), "rank": "m", "exercise": exercise, "sets": sets}
    return SlotAdded(**said | fields)
