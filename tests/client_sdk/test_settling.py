"""Settling: whatever was written concurrently, either way is open, and in the end nobody contradicts anybody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.chains import some_uuid
from support.facts import DAY, PROGRAM, VISIT, a_day, a_program, a_set, a_slot, finish, start
from support.fleet import START_MS, Fleet
from support.ledgers import World, fold, histories

from client_sdk import Replica
from client_sdk.settling import settlement
from events import Body, Load
from events.body import Measurement, MeasurementTaken
from events.corrections import FactCorrected, FactRestored, FactVoided
from events.equipment import EquipmentChanged, EquipmentDefined
from events.facts import Source
from events.profile import ProfileChanged
from events.programs import DayChanged, SlotChanged, SlotMoved, SlotRemoved
from events.quantities import HOUR_MS, MINUTE_MS
from events.training import ExerciseDefined, ExerciseMatched
from projections.edits import registers
from projections.ledger import Ledger

MOST_ROUNDS = 200
"""More settlements than any of the histories needs."""

SET = a_set(load="100kg", reps=8)
SLOT = a_slot(reps_min=8, reps_max=12, sets=4)
STACK = EquipmentDefined(equipment=some_uuid("stack"), name="Stack", kind="stack", steps=(Load(5000, "kg"),))
WEIGHT = MeasurementTaken(measurement=some_uuid("weight"), site="body_weight", value=Measurement(80_000, "kg"))
OTHER_DAY = some_uuid("day", "other")
OTHER_VISIT = some_uuid("session", "other visit")
PLAN = [a_program(), a_day(), a_day("B", day=OTHER_DAY), SLOT]


def correction(target: str = SET.set, **changes: object) -> FactCorrected:
    return FactCorrected(target=target, changes=changes)


def changed(**fields: Any) -> SlotChanged:  # noqa: ANN401  (fields of all types)
    return SlotChanged(program=PROGRAM, slot=SLOT.slot, **fields)


def moved(**fields: Any) -> SlotMoved:  # noqa: ANN401  (fields of all types)
    return SlotMoved(program=PROGRAM, slot=SLOT.slot, **fields)


def reps(ledger: Ledger) -> list[int | None]:
    """The repetitions of all sets that count."""
    rows = ledger.report("sessions")["sessions"]
    return [done.get("reps") for row in rows for block in row["exercises"] for done in block["sets"]]


def slots(ledger: Ledger) -> list[tuple[str, int]]:
    """The name of the day and the number of sets of each slot."""
    (program,) = ledger.report("programs")["programs"]
    return [(day["name"], slot["sets"]) for day in program["days"] for slot in day["slots"]]


def minutes(ledger: Ledger) -> list[int]:
    """How long the sessions took."""
    return [row["duration_s"] // 60 for row in ledger.report("sessions")["sessions"]]


def stacked(**fields: Any) -> EquipmentChanged:  # noqa: ANN401  # fields of all types
    return EquipmentChanged(equipment=STACK.equipment, **fields)


def in_force(ledger: Ledger, field: str) -> Any:  # noqa: ANN401  # of any type
    register = registers(ledger.facts, ("equipment_defined", STACK.equipment)).get(field)
    return register and register.winner.value


def places(ledger: Ledger) -> object:
    """Where the equipment stands; None where it is void."""
    there = ledger.facts.effective.get("equipment_defined", {})
    return in_force(ledger, "place") if STACK.equipment in there else None


def steps(ledger: Ledger) -> list[int]:
    """The equipment's steps."""
    return [load.milli for load in in_force(ledger, "steps")]


class Case(NamedTuple):
    """What all know, what phone and tablet then say without having seen each other, and what of it can stand."""

    known: list[Body]
    phone: Body
    tablet: Body
    read: Callable[[Ledger], object]
    kept: object
    flipped: object


CASES = {
    "field": Case([start(), SET], correction(reps=6), correction(reps=7), reps, [7], [6]),
    "no value": Case([start(), SET], correction(reps=None), correction(reps=7), reps, [7], [None]),
    "setting": Case(
        [], ProfileChanged(week_start=6), ProfileChanged(week_start=5), lambda it: it.facts.profile.week_start, 5, 6
    ),
    "void": Case(
        [SET, FactVoided(target=SET.set)], FactVoided(target=SET.set), FactRestored(target=SET.set), reps, [8], []
    ),
    "correction and void": Case([SET], correction(reps=6), FactVoided(target=SET.set), reps, [], [6]),
    "correction and void of the session": Case(
        [start(), SET], FactVoided(target=VISIT), correction(reps=6), reps, [], [6]
    ),
    "into void": Case([start()], FactVoided(target=VISIT), SET, reps, [8], []),
    "moved into void": Case(
        [start(), start(OTHER_VISIT), SET],
        FactVoided(target=OTHER_VISIT),
        correction(session=OTHER_VISIT),
        reps,
        [8],
        [],
    ),
    "an edit into a void program": Case(
        PLAN, FactVoided(target=PROGRAM), changed(sets=5), lambda it: len(it.report("programs")["programs"]), 0, 0
    ),
    "slot": Case(PLAN, changed(sets=5), changed(sets=3), slots, [("A", 3)], [("A", 5)]),
    "slot corrected": Case(PLAN, changed(sets=5), correction(SLOT.slot, sets=3), slots, [("A", 3)], [("A", 5)]),
    "slot moved": Case(PLAN, moved(rank="m", day=DAY), moved(rank="m", day=OTHER_DAY), slots, [("B", 4)], [("A", 4)]),
    "slot removed": Case(PLAN, SlotRemoved(program=PROGRAM, slot=SLOT.slot), changed(sets=5), slots, [], [("A", 5)]),
    "slot removed and corrected": Case(
        PLAN, correction(SLOT.slot, sets=5), SlotRemoved(program=PROGRAM, slot=SLOT.slot), slots, [], [("A", 5)]
    ),
    "day": Case(
        PLAN,
        DayChanged(program=PROGRAM, day=DAY, name="C"),
        DayChanged(program=PROGRAM, day=DAY, name="D"),
        slots,
        [("D", 4)],
        [("C", 4)],
    ),
    "equipment": Case([STACK], stacked(place="Garage"), stacked(place="Gym"), places, "Gym", "Garage"),
    "equipment and its correction": Case(
        [STACK], stacked(place="Garage"), correction(STACK.equipment, place="Gym"), places, "Gym", "Garage"
    ),
    "steps taken away": Case([STACK], stacked(steps=()), stacked(steps=(Load(2500, "kg"),)), steps, [2500], []),
    "equipment void and changed": Case(
        [STACK], FactVoided(target=STACK.equipment), stacked(place="Gym"), places, None, None
    ),
    "measurement": Case(
        [WEIGHT],
        correction(WEIGHT.measurement, value={"milli": 81_000, "unit": "kg"}),
        correction(WEIGHT.measurement, value={"milli": 82_000, "unit": "kg"}),
        lambda it: it.view.noted("measurement_taken")[0].said["value"]["milli"],
        82_000,
        81_000,
    ),
    "finish": Case([start()], finish(), finish(), minutes, [4], [2]),
    "likely copy": Case(
        [],
        SET,
        a_set(load="100kg", reps=8, session=OTHER_VISIT, source=Source(app="hevy", key="1")),
        reps,
        [8],
        [8, 8],
    ),
    "match": Case(
        [SET, ExerciseDefined(exercise="zercher", name="Zercher"), a_set("zercher", "60kg", 5)],
        ExerciseMatched(exercise="zercher", same_as="front_squat"),
        ExerciseMatched(exercise="zercher", same_as="back_squat"),
        lambda it: sorted({row["exercise"] for row in it.report("records")["exercises"]}),
        ["back_squat"],
        ["back_squat", "front_squat"],
    ),
}


def open_conflicts(ledger: Ledger) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ledger.report("conflicts")["conflicts"]
    return found


def settle(replica: Replica, row: dict[str, Any], write: dict[str, Any]) -> None:
    settled = settlement(replica.ledger().facts, row, write["event"])
    replica.write([replica.draft(settled.body, settled.at, settled.offset)])


@pytest.mark.parametrize("flip", [False, True])
@pytest.mark.parametrize("name", CASES)
def test_a_conflict_shows_on_all_devices_and_once_settled_on_one_is_gone_on_all(name: str, flip: bool) -> None:  # noqa: FBT001  (drawn)
    case, fleet = CASES[name], Fleet(3)
    phone, tablet, laptop = fleet.replicas
    for body in case.known:
        phone.log(body)
    fleet.settle()
    for device, body in ((phone, case.phone), (tablet, case.tablet)):
        fleet.now = START_MS + (2 if device is phone else 4) * MINUTE_MS
        device.log(body)
    fleet.settle()
    rows = open_conflicts(laptop.ledger())
    assert rows
    assert [open_conflicts(device.ledger()) for device in (phone, tablet)] == [rows, rows]
    assert case.read(laptop.ledger()) == case.kept
    fleet.now += HOUR_MS
    for _ in CASES:
        if not (rows := open_conflicts(laptop.ledger())):
            break
        settle(laptop, rows[0], rows[0]["overruled"][0] if flip else rows[0]["kept"])
    fleet.settle()
    for device in fleet.replicas:
        assert open_conflicts(device.ledger()) == []
        assert device.report("problems")["problems"] == []
        assert case.read(device.ledger()) == (case.flipped if flip else case.kept)
    assert len({device.status()["digest"] for device in fleet.replicas}) == 1


def test_settling_an_edit_of_a_slot_leaves_the_days_before_it_as_they_were() -> None:
    fleet = Fleet(2)
    phone, tablet = fleet.replicas
    for body in PLAN:
        phone.log(body)
    fleet.settle()
    fleet.now += 72 * HOUR_MS
    phone.log(changed(sets=5))
    fleet.now += 24 * HOUR_MS
    tablet.log(changed(sets=3))
    fleet.settle()
    fleet.now += 24 * HOUR_MS
    (row,) = open_conflicts(phone.ledger())
    settle(phone, row, row["overruled"][0])
    first = START_MS // (24 * HOUR_MS)
    in_force = [
        phone.report("programs", day)["programs"][0]["days"][0]["slots"][0]["sets"] for day in range(first, first + 6)
    ]
    assert in_force == [4, 4, 4, 5, 5, 5]


def test_a_conflict_that_somebody_has_settled_meanwhile_can_not_be_settled_again() -> None:
    fleet = Fleet(2)
    phone, tablet = fleet.replicas
    phone.log(SET)
    fleet.settle()
    phone.correct(SET.set, reps=6)
    tablet.correct(SET.set, reps=7)
    fleet.settle()
    (row,) = open_conflicts(phone.ledger())
    settle(phone, row, row["kept"])
    with pytest.raises(KeyError):
        settle(phone, row, row["overruled"][0])


def test_a_slot_goes_to_its_place_with_its_day() -> None:
    fleet = Fleet(2)
    phone, tablet = fleet.replicas
    for body in PLAN:
        phone.log(body)
    fleet.settle()
    phone.log(moved(rank="b", day=OTHER_DAY))
    fleet.now += MINUTE_MS
    tablet.log(moved(rank="z", day=DAY))
    fleet.settle()
    day, _rank = open_conflicts(phone.ledger())
    fleet.now += MINUTE_MS
    settle(phone, day, day["overruled"][0])
    assert open_conflicts(phone.ledger()) == []
    (slot,) = phone.ledger().facts.effective["slot_moved"].keys() - {
        day["kept"]["event"],
        day["overruled"][0]["event"],
    }
    assert phone.ledger().facts.effective["slot_moved"][slot].body == moved(rank="b", day=OTHER_DAY)


@given(histories(), st.data())
def test_settling_one_conflict_after_another_either_way_leaves_none(world: World, data: st.DataObject) -> None:
    ledger = fold(world.records)
    for _ in range(MOST_ROUNDS):
        rows = open_conflicts(ledger)
        if not rows:
            break
        row = data.draw(st.sampled_from(rows))
        write = data.draw(st.sampled_from([row["kept"], *row["overruled"]]))
        settled = settlement(ledger.facts, row, write["event"])
        moment = {} if settled.at is None else {"at": settled.at, "offset": settled.offset}
        data.draw(st.sampled_from(world.replicas)).write(settled.body, **moment)
        world.sync()
        world.sync()
        ledger.apply(world.records[ledger.position :])
        assert row not in open_conflicts(ledger)
    assert open_conflicts(ledger) == []
