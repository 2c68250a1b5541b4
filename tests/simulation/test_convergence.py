"""The promise of the product in one property: whatever happens, two rounds of sync later all devices agree."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from support.fleet import Fleet

replicas = st.integers(0, 3)
numbers = st.integers(0, 1000)

actions = st.lists(
    st.one_of(
        st.tuples(st.just("log"), replicas, st.integers(1, 200)),
        st.tuples(st.just("edit"), replicas, numbers),
        st.tuples(st.just("sync"), replicas),
        st.tuples(st.just("lose a request"), st.integers(0, 2)),
        st.tuples(st.just("lose a reply"), st.integers(0, 2)),
        st.tuples(st.just("clone"), replicas),
        st.tuples(st.just("back up"), replicas),
        st.tuples(st.just("restore"), replicas),
        st.tuples(st.just("back up the server")),
        st.tuples(st.just("restore the server")),
    ),
    max_size=40,
)


def play(fleet: Fleet, schedule: list[tuple[Any, ...]]) -> None:
    backups: dict[int, Any] = {}
    server_backup = fleet.backup_of_server()
    for action, *arguments in schedule:
        index = arguments[0] % len(fleet.replicas) if arguments else 0
        match action:
            case "log":
                fleet.log(index, kg=arguments[1])
            case "edit":
                fleet.edit(index, arguments[1])
            case "sync":
                fleet.sync(index)
            case "lose a request":
                fleet.network.loses_request_in = arguments[0]
            case "lose a reply":
                fleet.network.loses_reply_in = arguments[0]
            case "clone" if len(fleet.replicas) < 6:
                fleet.clone(index)
            case "back up":
                backups[index] = fleet.backup_of(index)
            case "restore" if index in backups:
                fleet.restore_replica(index, backups[index])
            case "back up the server":
                server_backup = fleet.backup_of_server()
            case "restore the server":
                fleet.restore_server(server_backup)


@given(schedule=actions, seed=numbers)
def test_after_two_rounds_all_hold_the_same_ledger_and_nothing_is_lost(
    schedule: list[tuple[Any, ...]], seed: int
) -> None:
    fleet = Fleet(4, seed)
    play(fleet, schedule)
    fleet.settle()
    statuses = [replica.status() for replica in fleet.replicas]
    assert len({(status["head"], status["head_hash"]) for status in statuses}) == 1
    assert len({status["digest"] for status in statuses}) == 1
    assert all(status["outbox"] == 0 for status in statuses)
    assert all(replica.verify().ok for replica in fleet.replicas)
    on_server = [event_id for event_id, _ in fleet.server_events()]
    assert fleet.acknowledged <= set(on_server)
