"""The report ``problems``: what is kept but not counted, and why."""

from __future__ import annotations

from support.facts import a_set
from support.ledgers import World, fold, unstamped

from events.corrections import EventErased


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
