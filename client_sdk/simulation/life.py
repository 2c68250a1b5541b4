"""What lifters do, each with the dice of a step: log, correct, void, plan, import, look, sync."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import TypeVar

from client_sdk.importers import Reading, read
from client_sdk.imports import bring_in
from client_sdk.merging import merge
from client_sdk.settling import settlement
from client_sdk.simulation import diary
from client_sdk.simulation.devices import Device
from client_sdk.simulation.world import BrokenPromiseError, World
from events import Body, Load
from events.catalogue import catalogue
from events.corrections import FactRestored
from events.identifiers import derived_uuid7
from events.profile import ProfileChanged
from events.programs import (
    DayAdded,
    DayChanged,
    DayRemoved,
    ProgramActivated,
    ProgramCreated,
    SlotAdded,
    SlotChanged,
    SlotMoved,
    SlotRemoved,
)
from events.quantities import DAY_MS, HOUR_MS
from events.training import DrillLogged, ExerciseDefined, ExerciseMatched
from projections.ledger import REPORTS, Ledger

T = TypeVar("T")
Act = Callable[[World, Device, random.Random], None]

EXERCISES = ("back_squat", "conventional_deadlift", "forward_lunge", "leg_press", "pull_up", "zercher", "odd_lift")
LATELY = 60
"""Edits are mostly of what was done lately."""


def log(world: World, device: Device, dice: random.Random) -> None:
    """Logs a set."""
    event = device.replica.log_set(
        dice.choice(EXERCISES),
        kind=dice.choice(("working", "working", "working", "warm_up", "amrap")),
        load=Load(dice.randrange(20, 200) * 500, dice.choice(("kg", "lb"))),
        reps=dice.randrange(1, 15),
        side=dice.choice(("both", "both", "both", "left", "right")),
        at=device.clock() - (0 if dice.randrange(10) else dice.choice((HOUR_MS, 30 * DAY_MS))),
        note=dice.choice((None, None, "tief → schön", "x" * 300)),
    )
    world.promise([event])


def start_session(world: World, device: Device, dice: random.Random) -> None:
    """Starts a session."""
    world.sessions.append(device.replica.start_session(title=dice.choice(("Legs", "Beine", "腿"))))


def finish_session(world: World, device: Device, dice: random.Random) -> None:
    """Finishes the session under way, or one of before."""
    if device.store.local().session is not None:
        device.replica.finish_session(effort_tenths=dice.randrange(100))
    elif world.sessions:
        device.replica.finish_session(_lately(world.sessions, dice))


def correct(world: World, device: Device, dice: random.Random) -> None:
    """Corrects a set that anybody logged, whether this device has heard of it or not."""
    if world.sets:
        target = _lately(list(world.sets), dice)
        world.touch(target)
        changes = dice.choice(
            (
                {"reps": dice.randrange(1, 12)},
                {"load": {"milli": dice.randrange(20, 200) * 1000, "unit": "kg"}},
                {"exercise": dice.choice(EXERCISES)},
                {"note": None, "reps": dice.randrange(1, 12)},
                {"at": device.clock() - dice.randrange(3) * DAY_MS},
                {"session": _lately(world.sessions, dice)} if world.sessions else {"side": "left"},
            )
        )
        world.promise([device.replica.correct(target, **changes)])


def void(world: World, device: Device, dice: random.Random) -> None:
    """Voids a set, or something larger."""
    if target := _anything(world, dice):
        world.touch(target)
        world.promise([device.replica.void(target)])


def restore(world: World, device: Device, dice: random.Random) -> None:
    """Restores a set, or something larger, whether it is void or not."""
    if (target := _anything(world, dice)) and "fact_restored" in device.codec.bodies:
        world.touch(target)
        world.promise([device.replica.restore(target)])


def erase(world: World, device: Device, dice: random.Random) -> None:
    """Erases a set or a note."""
    if world.events:
        event_id, name = _lately(world.events, dice)
        world.touch(name)
        world.promise(device.replica.erase(event_id))


def plan(world: World, device: Device, dice: random.Random) -> None:
    """Writes at a program, of which there are two with two days of three slots."""
    number, day_number, slot_number = dice.randrange(2), dice.randrange(2), dice.randrange(3)
    program, day = _named("program", number), _named("day", number, day_number)
    slot = _named("slot", number, day_number, slot_number)
    rank = dice.choice(("a", "c", "m", "x"))
    body: Body = dice.choice(
        (
            ProgramCreated(program=program, name=f"Program {number}"),
            ProgramActivated(program=program),
            DayAdded(program=program, day=day, name=f"Day {day_number}", rank=rank),
            DayChanged(program=program, day=day, name=dice.choice(("Heavy", "Light"))),
            DayRemoved(program=program, day=day),
            SlotAdded(program=program, day=day, slot=slot, rank=rank, exercise=dice.choice(EXERCISES), sets=3),
            SlotChanged(program=program, slot=slot, sets=dice.randrange(1, 6)),
            SlotChanged(program=program, slot=slot, reps_min=dice.randrange(5, 8), reps_max=dice.randrange(8, 12)),
            SlotMoved(program=program, slot=slot, rank=rank),
            SlotRemoved(program=program, slot=slot),
        )
    )
    _say(world, device, body)
    world.targets.append(dice.choice((program, day, slot)))


def settle_in(world: World, device: Device, dice: random.Random) -> None:
    """Changes a setting, or says what an exercise of their own is."""
    body: Body = dice.choice(
        (
            ProfileChanged(units=dice.choice(("kg", "lb"))),
            ProfileChanged(week_start=dice.randrange(7)),
            ProfileChanged(day_cutoff_min=dice.choice((0, 240))),
            ProfileChanged(level=dice.choice(("beginner", "experienced"))),
            ExerciseDefined(exercise="odd_lift", name=dice.choice(("Odd lift", "Strange lift"))),
            ExerciseMatched(exercise="odd_lift", same_as=dice.choice(("back_squat", "zercher"))),
            ExerciseMatched(exercise="zercher", same_as=dice.choice(("front_squat", "odd_lift"))),
        )
    )
    _say(world, device, body)


def settle(world: World, device: Device, dice: random.Random) -> None:
    """Settles a conflict that the device knows of, either way."""
    conflicts = device.replica.report("conflicts")["conflicts"]
    if conflicts and "fact_restored" in device.codec.bodies:
        conflict = dice.choice(conflicts)
        world.touch(conflict["target"])
        write = dice.choice((conflict["kept"], *conflict["overruled"]))
        settled = settlement(device.replica.ledger().facts, conflict, write["event"])
        world.promise(device.replica.write([device.replica.draft(settled.body, settled.at, settled.offset)]))


def merge_sessions(world: World, device: Device, dice: random.Random) -> None:
    """Makes two sessions one: every set in them still counts as it was logged."""
    if len(world.sessions) > 1 and "fact_restored" in device.codec.bodies:
        into, other = dice.sample(world.sessions[-10:], 2)
        bodies = merge(device.replica.ledger().facts, into, other)
        if not any(isinstance(body, FactRestored) for body in bodies):
            world.merge(into, other)
            world.promise(device.replica.write([device.replica.draft(body) for body in bodies]))


def warm_up(world: World, device: Device, dice: random.Random) -> None:
    """Logs a drill."""
    if world.sessions:
        drill = device.replica.new_id()
        kind = DrillLogged(
            drill=drill,
            session=_lately(world.sessions, dice),
            phase="warm_up",
            kind="dynamic_stretch",
            name="Leg swings",
        )
        _say(world, device, kind)
        world.targets.append(drill)


def import_file(world: World, device: Device, dice: random.Random) -> None:
    """Imports a file that others import too, perhaps grown or changed since."""
    reading = _read(dice.randrange(3), rows=dice.randrange(2, 9), changed=not dice.randrange(5), at=device.clock())
    for draft in bring_in(device.replica, reading, confirmed=True).drafts:
        if draft.id is not None:
            world.acknowledged.add(draft.id)


def look(world: World, device: Device, dice: random.Random) -> None:  # noqa: ARG001  # every act has the same form
    """Reads a report; what it took to make it is kept."""
    device.replica.report(dice.choice(REPORTS))
    if not dice.randrange(6):
        device.replica.status()


def restart(world: World, device: Device, dice: random.Random) -> None:
    """Closes the app, opens it again and goes on: what was kept of the folds before must not show."""
    device.restart()
    log(world, device, dice)
    scratch = Ledger(device.codec)
    scratch.apply([*device.store.records(), *(record for _, record in device.store.pending())])
    if device.replica.report("sessions") != scratch.report("sessions"):
        raise BrokenPromiseError(f"the sessions of {device.name} are not those that it holds")


def sync(world: World, device: Device, dice: random.Random) -> None:
    """Syncs on a network that works."""
    world.sync(device, dice=dice)


LIFE: tuple[tuple[int, Act], ...] = (
    (300, log),
    (20, start_session),
    (15, finish_session),
    (70, correct),
    (40, void),
    (25, restore),
    (6, erase),
    (60, plan),
    (20, settle_in),
    (7, settle),
    (6, merge_sessions),
    (10, warm_up),
    (70, diary.note),
    (20, diary.equip),
    (25, diary.correct_note),
    (12, import_file),
    (20, look),
    (12, restart),
    (150, sync),
)
"""What happens how often."""


def _say(world: World, device: Device, body: Body) -> None:
    if device.can_say(body):
        world.promise([device.replica.log(body)])


def _anything(world: World, dice: random.Random) -> str | None:
    """Mostly a set; sometimes a session, a program or a part of one."""
    larger = [*world.sessions[-LATELY:], *world.targets[-LATELY:]]
    if larger and not (world.sets and dice.randrange(5)):
        return dice.choice(larger)
    return _lately(list(world.sets), dice) if world.sets else None


def _lately(things: Sequence[T], dice: random.Random) -> T:
    return dice.choice(things[-LATELY:])


def _named(*parts: object) -> str:
    return derived_uuid7(0, *map(str, parts))


def _read(number: int, *, rows: int, changed: bool, at: int) -> Reading:
    """What one of three files says, of which the lifter has exported so many rows."""
    lines = [
        "Date,Workout Name,Duration,Exercise Name,Set Order,Weight,Reps,Distance,Seconds,Notes,Workout Notes,RPE"
    ]
    for row in range(rows):
        reps = 8 + (changed and row == 1)
        day = f"2025-0{number + 7}-{10 + row // 3:02} 18:00:00"
        lines.append(f'{day},"Old legs",1h,"Squat (Barbell)",{row % 3 + 1},{60 + row},{reps},0,0,"","",')
    reading = read("\n".join(lines).encode(), at=at, catalogue=catalogue(), unit="kg", timezone="Europe/Berlin")
    if not isinstance(reading, Reading):
        raise TypeError(f"the made-up file left something open: {reading}")
    return reading
