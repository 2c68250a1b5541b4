"""Two devices log the same evening: every set is kept, and two sessions become one where somebody says so."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.fleet import Fleet

from client_sdk import Replica
from client_sdk.merging import merge, session_of, unmerge
from events.quantities import MINUTE_MS
from events.training import DrillLogged
from projections.ledger import REPORTS


def sessions(replica: Replica) -> dict[str, list[int]]:
    """The repetitions of the sets in each session, by its title, else its id."""
    return {
        row["title"] or row["session"]: [done["reps"] for block in row["exercises"] for done in block["sets"]]
        for row in replica.report("sessions")["sessions"]
    }


def overlaps(replica: Replica) -> list[int]:
    return [len(row["overlaps"]) for row in replica.report("sessions")["sessions"]]


def evening(fleet: Fleet) -> list[str]:
    """Each device starts a session of its own and logs two sets; all of them sync."""
    names = []
    for number, replica in enumerate(fleet.replicas):
        fleet.now += MINUTE_MS
        names.append(replica.start_session(title=f"device {number}"))
        for reps in (10 * number + 1, 10 * number + 2):
            fleet.now += MINUTE_MS
            replica.log_set("back_squat", reps=reps)
    fleet.settle()
    return names


def merged(replica: Replica, into: str, other: str) -> None:
    replica.write(map(replica.draft, merge(replica.ledger().facts, into, other)))


def all_sets(replica: Replica) -> list[int]:
    return sorted(reps for session in sessions(replica).values() for reps in session)


def test_two_devices_that_log_the_same_evening_keep_every_set_each_in_its_own_session() -> None:
    fleet = Fleet(2)
    evening(fleet)
    for replica in fleet.replicas:
        assert sessions(replica) == {"device 0": [1, 2], "device 1": [11, 12]}
        assert overlaps(replica) == [1, 1]
        assert replica.report("conflicts")["conflicts"] == []


def test_a_merge_puts_all_that_was_done_into_one_session_on_every_device() -> None:
    fleet = Fleet(2)
    phone, tablet = fleet.replicas
    into, other = evening(fleet)
    tablet.log(
        DrillLogged(
            drill=tablet.new_id(), session=other, phase="cool_down", kind="foam_rolling", name="Roll", seconds=60
        )
    )
    tablet.finish_session(other)
    fleet.settle()
    merged(phone, into, other)
    fleet.settle()
    for replica in fleet.replicas:
        assert sessions(replica) == {"device 0": [1, 2, 11, 12]}
        (row,) = replica.report("sessions")["sessions"]
        assert (row["session"], row["overlaps"], row["phases"]["cool_down_s"]) == (into, [], 60)
        assert replica.report("conflicts")["conflicts"] == []
        assert replica.report("volume")["weeks"][0]["sets"] == 4


def test_a_merge_that_is_taken_back_leaves_every_report_as_it_was() -> None:
    fleet = Fleet(2)
    phone, tablet = fleet.replicas
    into, other = evening(fleet)
    before = [tablet.report(name) | {"position": 0} for name in REPORTS]
    merged(phone, into, other)
    fleet.settle()
    tablet.write(map(tablet.draft, unmerge(tablet.ledger().facts, into, other)))
    fleet.settle()
    for replica in fleet.replicas:
        assert [replica.report(name) | {"position": 0} for name in REPORTS] == before
        assert unmerge(replica.ledger().facts, into, other) == []


def test_what_was_moved_before_or_lies_elsewhere_is_left_where_it_is_by_unmerging() -> None:
    fleet = Fleet(3)
    phone, _, laptop = fleet.replicas
    into, other, third = evening(fleet)
    moved = next(key[1] for key in phone.ledger().facts.members(other) if key[0] == "set_logged")
    phone.correct(moved, session=third)
    merged(phone, into, other)
    fleet.settle()
    laptop.write(map(laptop.draft, unmerge(laptop.ledger().facts, into, other)))
    assert session_of(laptop.ledger().facts, ("set_logged", moved)) == third
    assert len(sessions(laptop)["device 1"]) == 1


def test_a_set_logged_meanwhile_into_a_session_that_was_merged_counts_and_shows_as_a_conflict() -> None:
    fleet = Fleet(2)
    phone, tablet = fleet.replicas
    into, other = evening(fleet)
    merged(phone, into, other)
    fleet.now += MINUTE_MS
    tablet.log_set("back_squat", reps=13)
    fleet.settle()
    for replica in fleet.replicas:
        assert sessions(replica) == {"device 0": [1, 2, 11, 12], other: [13]}
        assert [row["kind"] for row in replica.report("conflicts")["conflicts"]] == ["into_void"]
    merged(tablet, into, other)
    fleet.settle()
    for replica in fleet.replicas:
        assert sessions(replica) == {"device 0": [1, 2, 11, 12, 13]}
        assert replica.report("conflicts")["conflicts"] == []


def test_the_next_set_goes_to_the_session_that_took_in_the_one_under_way() -> None:
    fleet = Fleet(2)
    phone, tablet = fleet.replicas
    into, other = evening(fleet)
    merged(phone, into, other)
    fleet.settle()
    fleet.now += MINUTE_MS
    tablet.log_set("back_squat", reps=13)
    assert sessions(tablet) == {"device 0": [1, 2, 11, 12, 13]}


def test_a_session_under_way_that_is_voided_elsewhere_is_so_no_longer() -> None:
    fleet = Fleet(2)
    phone, tablet = fleet.replicas
    _, other = evening(fleet)
    phone.void(other)
    fleet.settle()
    fleet.now += MINUTE_MS
    tablet.log_set("back_squat", reps=13)
    assert [13] in sessions(tablet).values()
    assert tablet.report("conflicts")["conflicts"] == []


@pytest.mark.parametrize("crosswise", [False, True])
def test_two_devices_that_merge_at_once_count_every_set_once(crosswise: bool) -> None:  # noqa: FBT001  (drawn)
    fleet = Fleet(2)
    phone, tablet = fleet.replicas
    one, other = evening(fleet)
    merged(phone, one, other)
    fleet.now += MINUTE_MS
    merged(tablet, *((other, one) if crosswise else (one, other)))
    fleet.settle()
    for replica in fleet.replicas:
        assert all_sets(replica) == [1, 2, 11, 12]
    assert (phone.report("conflicts")["conflicts"] != []) is crosswise
    merged(tablet, one, other)
    fleet.settle()
    for replica in fleet.replicas:
        assert sessions(replica) == {"device 0": [1, 2, 11, 12]}
        assert replica.report("conflicts")["conflicts"] == []


which = st.integers(0, 2)
acts = st.one_of(
    st.tuples(st.sampled_from(["merge", "unmerge"]), which, which, which),
    st.tuples(st.sampled_from(["log", "sync"]), which),
)


@given(st.lists(acts, max_size=15))
def test_however_sessions_are_merged_every_set_counts_once_on_every_device(schedule: list[tuple[Any, ...]]) -> None:
    fleet = Fleet(3)
    names = evening(fleet)
    logged = [1, 2, 11, 12, 21, 22]
    for act, who, *between in schedule:
        replica = fleet.replicas[who]
        fleet.now += MINUTE_MS
        if act == "sync":
            fleet.sync(who)
        elif act == "log":
            logged.append(100 + len(logged))
            replica.log_set("back_squat", reps=logged[-1])
        elif between[0] != between[1]:
            decide = merge if act == "merge" else unmerge
            bodies = decide(replica.ledger().facts, names[between[0]], names[between[1]])
            replica.write(map(replica.draft, bodies))
    fleet.settle()
    for replica in fleet.replicas:
        assert all_sets(replica) == sorted(logged)
    assert len({replica.status()["digest"] for replica in fleet.replicas}) == 1
