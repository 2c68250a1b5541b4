"""Equipment that changes: from a day on, or always so; concurrently, and in ways that don't go together."""

from __future__ import annotations

from typing import Any

import pytest
from support.chains import NOON_MS, some_uuid
from support.ledgers import World, fold, ledger_of

from events import Body, Load
from events.body import Measurement, MeasurementTaken
from events.corrections import FactCorrected, FactRestored, FactVoided
from events.equipment import EquipmentChanged, EquipmentDefined
from events.quantities import DAY_MS, MINUTE_MS
from projections.edits import registers
from projections.ledger import Ledger

STACK = EquipmentDefined(
    equipment=some_uuid("stack"), name="Stack", kind="stack", start_load=Load(5000, "kg"), steps=(Load(5000, "kg"),)
)
KEY = ("equipment_defined", STACK.equipment)
TODAY = NOON_MS // DAY_MS


def changed(**fields: Any) -> EquipmentChanged:  # noqa: ANN401  # fields of all types
    return EquipmentChanged(equipment=STACK.equipment, **fields)


def values(ledger: Ledger, day: int | None = None) -> dict[str, object]:
    return {name: register.winner.value for name, register in registers(ledger.facts, KEY, day).items()}


def test_a_change_is_in_force_from_its_day_on_and_a_correction_always_was() -> None:
    world = World()
    phone = world.replica()
    phone.write(STACK)
    world.wait(DAY_MS)
    phone.write(changed(place="Garage", steps=()))
    phone.write(FactCorrected(target=STACK.equipment, changes={"name": "Cable"}))
    world.sync()
    ledger = fold(world.records)
    assert values(ledger, TODAY) == {"name": "Cable"}
    assert values(ledger, TODAY + 1) == {"name": "Cable", "place": "Garage", "steps": ()}


def test_concurrent_changes_of_one_field_are_a_conflict_and_of_two_are_none() -> None:
    world = World()
    phone, tablet = world.replica(), world.replica()
    phone.write(STACK)
    world.sync()
    phone.write(changed(place="Garage", name="Cable"))
    world.wait(MINUTE_MS)
    tablet.write(changed(place="Gym", max_load=Load(90_000, "kg")))
    world.sync()
    (conflict,) = fold(world.records).report("conflicts")["conflicts"]
    assert (conflict["kind"], conflict["field"]) == ("field", "place")
    assert (conflict["kept"]["value"], conflict["overruled"][0]["value"]) == ("Gym", "Garage")


def test_void_equipment_takes_its_changes_with_it_and_shows_those_that_had_not_heard_of_the_void() -> None:
    world = World()
    phone, tablet = world.replica(), world.replica()
    phone.write(STACK)
    phone.write(changed(place="Garage"))
    world.sync()
    phone.write(FactVoided(target=STACK.equipment))
    late = tablet.write(changed(place="Gym"))
    world.sync()
    ledger = fold(world.records)
    assert list(ledger.facts.effective["equipment_changed"]) == [late.id]
    (conflict,) = ledger.report("conflicts")["conflicts"]
    assert (conflict["kind"], conflict["target"]) == ("into_void", late.id)
    phone.write(FactRestored(target=STACK.equipment))
    world.sync()
    restored = fold(world.records)
    assert restored.report("conflicts")["conflicts"] == []
    assert len(restored.facts.effective["equipment_changed"]) == 2


@pytest.mark.parametrize(
    ("first", "edit", "path", "reason"),
    [
        (STACK, changed(max_load=Load(2000, "kg")), "$.body.max_load", "start_load 5 kg is above max_load 2 kg"),
        (
            MeasurementTaken(measurement=some_uuid("weight"), site="body_weight", value=Measurement(82_500, "kg")),
            FactCorrected(target=some_uuid("weight"), changes={"value": {"milli": 58_500, "unit": "cm"}}),
            "$.body.changes.value",
            "a body weight is measured in kg or lb",
        ),
    ],
)
def test_what_does_not_go_together_is_a_problem_and_the_fact_stays(
    first: Body, edit: Body, path: str, reason: str
) -> None:
    ledger = ledger_of(first, edit)
    (problem,) = ledger.report("problems")["problems"]
    assert (problem["code"], problem["path"], problem["type"]) == ("invalid_body", path, edit_type(edit))
    assert problem["message"] == f"With it {reason}: it stays as it was first said."


def edit_type(edit: Body) -> str:
    return "equipment_changed" if isinstance(edit, EquipmentChanged) else "fact_corrected"
