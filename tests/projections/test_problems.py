"""The report ``problems``: what is kept but not counted, and why."""

from __future__ import annotations

import pytest
from support.facts import PROGRAM, a_day, a_program, a_set, a_slot
from support.ledgers import World, fold, unstamped

from events import Body
from events.corrections import EventErased, FactCorrected
from events.programs import SlotChanged
from events.quantities import MINUTE_MS


def test_what_cannot_be_counted_is_listed_in_ledger_order_with_its_reason() -> None:
    world = World()
    phone = world.replica()
    phone.write({"phase": 1}, ("moon_phase_noted", 1))
    phone.write(a_set(reps=8))
    phone.write({"set": 1}, ("set_logged", 1))
    phone.write(None, ("set_logged", 1))
    world.sync()
    report = fold(world.records).report("problems")
    assert [(problem["code"], problem["path"], problem["position"]) for problem in report["problems"]] == [
        ("unknown_type", "$.type", 1),
        ("invalid_body", "$.body.set", 3),
    ]


def test_a_problem_of_the_outbox_has_no_position() -> None:
    world = World()
    world.replica().write({"phase": 1}, ("moon_phase_noted", 1))
    world.sync()
    (problem,) = fold(map(unstamped, world.records)).report("problems")["problems"]
    assert (problem["position"], problem["seq"], problem["type"], problem["v"]) == (None, 1, "moon_phase_noted", 1)


def test_a_copy_that_can_be_counted_counts_where_it_comes_first() -> None:
    world = World()
    phone, tablet = world.replica(), world.replica()
    broken = phone.write({"set": 1}, ("set_logged", 1))
    tablet.copy(broken, words=World().replica().write(a_set(reps=8)))
    world.sync(tablet, phone)
    ledger = fold(world.records[::-1], batches=2)
    (problem,) = ledger.report("problems")["problems"]
    assert (problem["code"], problem["replica"]) == ("repeated_id", phone.id)
    assert ledger.report("volume")["weeks"][0]["sets"] == 1


def test_an_erasure_that_a_former_copy_spoke_of_is_taken_back() -> None:
    """The copy that counts is chosen anew when one of an earlier position arrives."""
    world = World()
    phone, tablet = world.replica(), world.replica()
    logged, other = phone.write(a_set(reps=8)), phone.write(a_set(reps=9))
    erasure = phone.write(EventErased(target=logged.id))
    tablet.copy(erasure, words=other)
    world.sync(tablet, phone)
    late = fold(world.records[1:], batches=4)
    assert late.report("volume")["weeks"][0]["sets"] == 1
    late.apply(world.records)
    assert late.report("volume")["weeks"][0]["sets"] == 2


@pytest.mark.parametrize("corrected", [False, True])
def test_edits_of_a_range_that_do_not_go_together_are_listed_until_one_is_corrected(corrected: bool) -> None:  # noqa: FBT001  (drawn)
    world = World()
    phone, tablet = world.replica(), world.replica()
    slot = a_slot(reps_min=8, reps_max=12)
    for body in (a_program(), a_day(), slot):
        phone.write(body)
    world.sync()
    world.sync()
    first: Body = SlotChanged(program=PROGRAM, slot=slot.slot, reps_min=10)
    last: Body = SlotChanged(program=PROGRAM, slot=slot.slot, reps_max=9, sets=2)
    if corrected:
        last = FactCorrected(target=slot.slot, changes={"reps_max": 9})
    phone.write(first)
    world.wait(MINUTE_MS)
    culprit = tablet.write(last)
    world.sync()
    world.sync()
    ledger = fold(world.records)
    (shown,) = ledger.report("programs")["programs"][0]["days"][0]["slots"]
    assert (shown["sets"], shown["reps_min"], shown["reps_max"]) == (4, 8, 12)
    (problem,) = ledger.report("problems")["problems"]
    path = "$.body.changes.reps_max" if corrected else "$.body.reps_max"
    assert (problem["code"], problem["event"], problem["path"]) == ("invalid_body", culprit.id, path)
    assert "reps_min is above reps_max" in problem["message"]
    phone.write(FactCorrected(target=slot.slot, changes={"reps_max": 11}))
    world.sync()
    assert fold(world.records).report("problems")["problems"] == []
