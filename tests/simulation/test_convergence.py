"""The promise of the product in one property: whatever happens, two rounds of sync later all devices agree."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from msgspec import UnsetType
from support.fleet import Fleet

replicas = st.integers(0, 5)
numbers = st.integers(0, 1000)
soon = st.integers(0, 2)

schedules = st.lists(
    st.one_of(
        st.tuples(st.just("log"), replicas, st.integers(1, 200)),
        st.tuples(st.sampled_from(["edit", "edit", "edit", "erase"]), replicas, numbers),
        st.tuples(st.just("sync"), replicas),
        st.tuples(st.sampled_from(["lose_request", "lose_reply"]), soon),
        st.tuples(st.sampled_from(["clone", "back_up", "restore"]), replicas),
        st.tuples(st.sampled_from(["back_up_server", "restore_server"])),
    ),
    max_size=40,
)


@given(schedule=schedules, seed=numbers)
def test_after_two_rounds_all_hold_the_same_ledger_and_nothing_is_lost(
    schedule: list[tuple[Any, ...]], seed: int
) -> None:
    fleet = Fleet(4, seed)
    fleet.play(schedule)
    fleet.settle()
    statuses = [replica.status() for replica in fleet.replicas]
    assert len({(status["head"], status["head_hash"]) for status in statuses}) == 1
    assert len({status["digest"] for status in statuses}) == 1
    assert all(status["outbox"] == 0 for status in statuses)
    assert all(replica.verify().ok for replica in fleet.replicas)
    assert fleet.acknowledged <= fleet.ids_on_server()
    for replica in fleet.replicas:
        held = [record.event for record in replica.store.records()]
        erased = replica.ledger().facts.entries.erased
        assert all(isinstance(e.body, UnsetType) for e in held if e.id in erased and e.type != "event_erased")


def test_no_event_is_in_the_ledger_twice() -> None:
    fleet = Fleet(2)
    fleet.log(0)
    fleet.lose_reply(0)
    fleet.sync(0)
    fleet.settle()
    assert [event_id for event_id, _ in fleet.server_events()] == list(fleet.acknowledged)
