"""What is before what, and events that claim a place which another has."""

from __future__ import annotations

import msgspec
import pytest
from support.chains import Writer, some_uuid
from support.facts import a_set
from support.ledgers import World, fold, reports

from events import Event, Record
from projections.causality import Causality
from projections.groups import Groups
from projections.registers import Write, resolve


def chain(causality: Causality, *saws: dict[str, int]) -> Writer:
    """A replica that saw so much with each of its events."""
    writer = Writer()
    for saw in saws:
        causality.take(writer.write(**({"saw": saw} if saw else {})))
    return writer


def test_what_a_replica_had_seen_it_has_seen_ever_after() -> None:
    other = some_uuid("other")
    causality = Causality()
    writer = chain(causality, {}, {other: 3}, {}, {other: 5})
    highest = [
        max((seq for seq in range(1, 9) if causality.before(other, seq, writer.replica, own)), default=0)
        for own in range(1, 5)
    ]
    assert highest == [0, 3, 3, 5]
    assert causality.seen_by(writer.replica, 3) == {other: 3, writer.replica: 2}


def test_a_sighting_of_less_than_before_changes_nothing() -> None:
    other = some_uuid("other")
    causality = Causality()
    writer = chain(causality, {other: 5}, {other: 3})
    assert causality.seen_by(writer.replica, 2)[other] == 5


def test_nothing_is_before_itself_nor_after_its_successor() -> None:
    causality = Causality()
    writer = chain(causality, {}, {})
    assert causality.before(writer.replica, 1, writer.replica, 2)
    assert not causality.before(writer.replica, 1, writer.replica, 1)
    assert not causality.before(writer.replica, 2, writer.replica, 1)


@pytest.mark.parametrize("same_id", [False, True])
def test_an_event_at_a_place_that_is_taken_is_not_taken_in(same_id: bool) -> None:  # noqa: FBT001  (drawn)
    """The protocol answers it with a fork; the fold stays with what it has."""
    world = World()
    phone, tablet = world.replica(), world.replica()
    phone.write(a_set(reps=5))
    elsewhere = tablet.write(a_set(reps=6))
    world.sync()
    ledger = fold(world.records)
    former = reports(ledger)
    usurper: Event = msgspec.structs.replace(
        world.records[0].event, id=elsewhere.id if same_id else some_uuid("usurper"), body=elsewhere.body
    )
    ledger.apply([Record(position=1, stamp=world.records[0].stamp, event=usurper)])
    assert reports(ledger) == former


def test_writes_that_seem_to_be_after_one_another_all_stand() -> None:
    """So it can look while a ledger is numbered anew; somebody must win even then."""
    world = World()
    phone, tablet = world.replica(), world.replica()
    phone.write(a_set(reps=5))
    tablet.write(a_set(reps=6))
    world.sync()
    writes = [Write(fact.entry, fact.id) for fact in fold(world.records).facts.of_type("set_logged")]
    register = resolve(writes, lambda _earlier, _later: True)
    assert {register.winner, *register.overruled} == set(writes)


def test_saved_groups_have_summaries_and_no_facts() -> None:
    groups: Groups[str, int] = Groups(lambda fact: fact.id, lambda _, facts: len(facts), lambda: {"a": 1})
    assert (list(groups), groups["a"], "a" in groups, "b" in groups, groups.last()) == (["a"], 1, True, False, "a")
    with pytest.raises(RuntimeError, match="not loaded"):
        groups.facts("a")
