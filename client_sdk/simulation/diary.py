"""What lifters note beside their sets: what they weigh, eat and feel, decide, and train with."""

from __future__ import annotations

import random
from typing import Any

from client_sdk.simulation.devices import Device
from client_sdk.simulation.world import World
from events import Body, Load
from events.body import (
    DeloadEnded,
    DeloadStarted,
    Measurement,
    MeasurementTaken,
    Pain,
    PhotoAttached,
    ReadinessRated,
    TestPerformed,
)
from events.corrections import NoteAdded
from events.equipment import EquipmentChanged, EquipmentDefined, Plate
from events.identifiers import derived_uuid7
from events.nutrition import FoodLogged, SupplementTaken, WaterLogged
from events.programs import ProgressionDecided, Target
from events.quantities import DAY_MS, HOUR_MS
from projections.fields import CREATED_BY

LATELY = 60
"""Edits are mostly of what was noted lately."""


def note(world: World, device: Device, dice: random.Random) -> None:
    """Notes how a day went, or what was decided for the next."""
    body = _noted(world, device, dice)
    if device.can_say(body):
        at = device.clock() - (0 if dice.randrange(5) else dice.choice((HOUR_MS, 30 * DAY_MS)))
        event = device.replica.log(body, at)
        world.promise([event])
        field = CREATED_BY[event.type]
        world.note(event.id if field is None else getattr(body, field), event)


def equip(world: World, device: Device, dice: random.Random) -> None:
    """Says what one of three pieces of equipment can be loaded with, from the start or from now on."""
    equipment = derived_uuid7(0, "equipment", str(dice.randrange(3)))
    milli = dice.choice((1250, 2500, 5000))
    body: Body = dice.choice(
        (
            EquipmentDefined(equipment=equipment, name="Bar", kind="barbell", plates=(Plate(milli, "kg", 2),)),
            EquipmentDefined(equipment=equipment, name="Stack", kind="stack", steps=(Load(milli, "kg"),)),
            EquipmentChanged(equipment=equipment, place=dice.choice(("Garage", "Keller"))),
            EquipmentChanged(equipment=equipment, add_ons=(Load(milli, "lb"),) * dice.randrange(3)),
            EquipmentChanged(equipment=equipment, start_load=Load(milli * 4, "kg"), max_load=Load(milli * 40, "kg")),
        )
    )
    if device.can_say(body):
        world.promise([device.replica.log(body)])
        world.targets.append(equipment)


def correct_note(world: World, device: Device, dice: random.Random) -> None:
    """Corrects what anybody noted, or equipment, by fields that it may not even have."""
    if names := [*world.noted[-LATELY:], *world.targets[-5:]]:
        target = dice.choice(names)
        world.touch(target)
        changes = dice.choice(
            (
                {"value": {"milli": dice.randrange(60_000, 90_000), "unit": dice.choice(("kg", "lb", "cm"))}},
                {"ml": dice.randrange(100, 1000), "dose_mg": dice.randrange(1000, 9000)},
                {"protein_dg": dice.randrange(500), "tags": ["eggs"]},
                {"fatigue": dice.randrange(11), "sleep_min": None},
                {"note": dice.choice((None, "doch → anders"))},
                {"start_load": {"milli": dice.randrange(30_000), "unit": "kg"}},
                {"at": device.clock() - dice.randrange(3) * DAY_MS},
            )
        )
        world.promise([device.replica.correct(target, **changes)])


def _noted(world: World, device: Device, dice: random.Random) -> Body:
    """Something for the diary, body weight most often."""
    name = device.replica.new_id()
    girth = Measurement(dice.randrange(500, 650) * 100, dice.choice(("cm", "mm")))
    photo: dict[str, Any] = {
        "sha256": f"{dice.getrandbits(256):064x}",
        "bytes": 2_000_000,
        "media_type": "image/jpeg",
    }
    slot = derived_uuid7(0, "slot", "0", "0", str(dice.randrange(3)))
    target = Target(load=Load(dice.randrange(20, 200) * 500, "kg"), reps=dice.randrange(1, 15))
    about = dice.choice([*world.sessions[-LATELY:], "back_squat"])
    weight = MeasurementTaken(
        measurement=name, site="body_weight", value=Measurement(dice.randrange(70_000, 95_000), "kg")
    )
    bodies: tuple[Body, ...] = (
        weight,
        weight,
        MeasurementTaken(measurement=name, site="thigh", value=girth, side=dice.choice(("left", "right", None))),
        PhotoAttached(photo=name, pose=dice.choice(("front", "side")), **photo),
        TestPerformed(test=name, kind="sprint", distance_mm=30_000, seconds_milli=dice.randrange(4000, 6000)),
        ReadinessRated(rating=name, fatigue=dice.randrange(11), sleep_min=dice.choice((None, 450))),
        ReadinessRated(rating=name, soreness={"calves": dice.randrange(11)}, pain=Pain("left knee")),
        dice.choice((DeloadStarted(reason="müde"), DeloadEnded())),
        FoodLogged(name=dice.choice(("Oats", "米饭")), protein_dg=dice.randrange(900), tags=("beans",)),
        WaterLogged(ml=dice.randrange(100, 1000), when=dice.choice(("before", "during", "after", None))),
        SupplementTaken(kind="creatine", dose_mg=5000),
        ProgressionDecided(slot=slot, target=target, decision=dice.choice(("accepted", "declined"))),
        NoteAdded(note=name, target=about, text="Knie nach außen", author=dice.choice((None, "Jo"))),
    )
    return dice.choice(bodies)
