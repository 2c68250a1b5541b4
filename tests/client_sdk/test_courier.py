"""What happens while a sync is under way."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from support.chains import NOON_MS, some_uuid
from support.fleet import Fleet

from client_sdk import Replica
from client_sdk.errors import LedgerFileError, ServerError
from client_sdk.store import SignedIn
from events.protocol import ChainBroken, Fault, Gap, SyncEndpoint, SyncReply, SyncRequest
from server.memory_store import MemoryStore
from server.service import Service

ME = SignedIn(some_uuid("account"), some_uuid("device"), "token")


class Meddling:
    """Lets something happen on the device after each answer of the server."""

    def __init__(self, endpoint: SyncEndpoint, meddle: Replica) -> None:
        self._endpoint = endpoint
        self._meddle = meddle
        self._left = 5

    def sync(self, request: SyncRequest, /) -> SyncReply | Fault:
        answer = self._endpoint.sync(request)
        if self._left:
            self._left -= 1
            self._meddle.log_set("leg_press", reps=10)
        return answer


class Refusing:
    """Always gives the same answer."""

    def __init__(self, fault: Fault) -> None:
        self._fault = fault

    def sync(self, _: SyncRequest, /) -> SyncReply | Fault:
        return self._fault


def test_what_another_process_logs_during_a_recovery_is_kept(tmp_path: Path) -> None:
    endpoint = Service(MemoryStore(), lambda: NOON_MS).endpoint(ME.account, ME.device)
    original, copied = tmp_path / "original.ledger", tmp_path / "copy.ledger"
    with Replica.open(original) as phone:
        phone.sign_in("here", ME)
        phone.log_set("back_squat", reps=1)
        phone.sync(endpoint)
    copied.write_bytes(original.read_bytes())
    with Replica.open(original) as phone:
        phone.log_set("back_squat", reps=2)
        phone.sync(endpoint)
    with Replica.open(copied) as copy, Replica.open(copied) as other_process:
        copy.log_set("back_squat", reps=3)
        summary = copy.sync(Meddling(endpoint, other_process))
        copy.sync(endpoint)
        assert summary.renamed
        assert copy.verify().ok
        assert copy.store.outbox_size() == 0
        sets = copy.report("sessions")["sessions"]
        assert sum(len(block["sets"]) for row in sets for block in row["exercises"]) == copy.store.local().head


def test_a_server_that_sends_a_replica_back_for_ever_is_given_up_and_nothing_is_lost() -> None:
    phone = Replica.in_memory()
    phone.sign_in("here", ME)
    event = phone.log_set("back_squat", reps=8)
    name = phone.store.local().replica
    with pytest.raises(ServerError, match="again and again"):
        phone.sync(Refusing(Gap(detail="", replica=name, expected_seq=1)))
    assert [record.event for _, record in phone.store.pending()] == [event]


def test_a_chain_that_is_broken_here_is_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    phone = Replica.in_memory()
    phone.sign_in("here", ME)
    phone.log_set("back_squat", reps=8)
    monkeypatch.setattr("client_sdk.verification.chain_hash", lambda *_: "0" * 64)
    fault = ChainBroken(detail="", replica=phone.store.local().replica, seq=1)
    with pytest.raises(LedgerFileError, match=r"does not follow.*verify"):
        phone.sync(Refusing(fault))


def test_a_fold_in_another_process_does_not_outlive_a_reset() -> None:
    fleet = Fleet(2)
    fleet.log(0)
    fleet.settle()
    fleet.back_up_server()
    fleet.log(1, exercise="leg_press")
    fleet.settle()
    late = Replica(fleet.replicas[0].store, clock=fleet.replicas[0].clock)
    late.report("records")
    fleet.restore_server()
    fleet.settle()
    assert late.report("records") == fleet.replicas[0].report("records")
    assert late.status()["digest"] == fleet.replicas[1].status()["digest"]


class Overtaken:
    """An endpoint before whose first answer arrives, something else happens."""

    def __init__(self, endpoint: SyncEndpoint, happens: Callable[[], object]) -> None:
        self._endpoint = endpoint
        self._happens: Callable[[], object] | None = happens

    def sync(self, request: SyncRequest, /) -> SyncReply | Fault:
        reply = self._endpoint.sync(request)
        if self._happens is not None:
            happens, self._happens = self._happens, None
            happens()
        return reply


def test_two_processes_that_find_the_same_fork_mend_it_once() -> None:
    fleet = Fleet(1)
    fleet.clone(0)
    fleet.log(0)
    fleet.log(1)
    fleet.sync(0)
    copy = fleet.replicas[1]
    beside = Replica(copy.store)
    copy.sync(Overtaken(fleet.network, lambda: beside.sync(fleet.network)))
    fleet.settle()
    assert all(replica.verify().ok for replica in fleet.replicas)
    assert sorted(event_id for event_id, _ in fleet.server_events()) == sorted(fleet.acknowledged)


def test_two_processes_that_pull_the_same_records_take_them_in_once() -> None:
    fleet = Fleet(2)
    fleet.log(0)
    fleet.sync(0)
    reader = fleet.replicas[1]
    beside = Replica(reader.store)
    summary = reader.sync(Overtaken(fleet.network, lambda: beside.sync(fleet.network)))
    assert (summary.head, reader.verify().ok) == (1, True)
