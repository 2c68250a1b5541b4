"""Events that can't be sent: they wait apart, and nothing else waits for them."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.chains import NOON_MS, some_uuid
from support.damage import clock, opened, repaired
from support.fleet import ACCOUNT, Fleet

from client_sdk import Replica
from client_sdk.errors import ServerError, SyncRefusedError
from client_sdk.rewriting import refusal
from client_sdk.setaside import CODE
from client_sdk.store import Local, SignedIn, Store, Tip
from events import Event
from events.envelope import GENESIS, chained
from events.protocol import Fault, Malformed, SyncEndpoint, SyncReply, SyncRequest, TooLarge
from server.memory_store import MemoryStore
from server.service import Service

ME = SignedIn(ACCOUNT, some_uuid("device"), "token")
BAD = {
    "float": b'{"session":"0197f3a0-0000-7000-8000-000000000001","weight":1.5}',
    "deep": b'{"a":' * 20 + b"1" + b"}" * 20,
    "twice": b'{"a":1,"a":2}',
    "large": b'{"text":"' + b"x" * 20_000 + b'"}',
}
kinds = st.sampled_from(sorted(BAD))


def put(store: Store, body: bytes) -> str:
    """Writes an event that the protocol refuses, behind the replica's back; gives its id."""

    def compose(local: Local, tips: dict[str, Tip]) -> list[tuple[Event, bytes]]:
        tip = tips.get(local.replica)
        event = chained(
            GENESIS if tip is None else tip.hash,
            Event(
                at=NOON_MS,
                body=msgspec.Raw(body),
                hash="0" * 64,
                id=some_uuid(),
                offset=0,
                replica=local.replica,
                seq=1 if tip is None else tip.seq + 1,
                type="session_started",
                v=1,
                written=NOON_MS,
            ),
        )
        return [(event, msgspec.json.Encoder(order="sorted").encode(event))]

    [event] = store.write(compose)
    return event.id


def aside(replica: Replica) -> list[str]:
    return [row["event"] for row in replica.report("problems")["problems"] if row["code"] == CODE]


class Answering:
    """A server that answers some requests otherwise."""

    def __init__(self, endpoint: SyncEndpoint) -> None:
        self.endpoint = endpoint
        self.requests: list[SyncRequest] = []

    def sync(self, request: SyncRequest, /) -> SyncReply | Fault:
        self.requests.append(request)
        return self.refusal(request) or self.endpoint.sync(request)

    def refusal(self, request: SyncRequest) -> SyncReply | Fault | None:  # noqa: ARG002  # for those that look
        return None


def test_what_is_called_bad_here_is_what_the_protocol_refuses() -> None:
    for body in BAD.values():
        phone = Replica.in_memory()
        put(phone.store, body)
        assert refusal(phone.store.outbox()[0].kept) is not None


@given(
    before=st.integers(0, 3),
    bad=st.lists(st.tuples(st.integers(0, 2), kinds, st.integers(0, 2)), min_size=1, max_size=5),
    lost=st.booleans(),
)
def test_one_sync_drains_everything_else_and_nothing_is_lost(
    before: int, bad: list[tuple[int, str, int]], *, lost: bool
) -> None:
    fleet = Fleet(3)
    for index in range(3):
        for _ in range(before):
            fleet.log(index)
    fleet.settle()
    if lost:  # all that was synced goes into the outboxes again
        fleet.server._session = MemoryStore()._session  # noqa: SLF001  # the server lost everything
    bad_ids: dict[int, list[str]] = {}
    for index, kind, after in bad:
        fleet.log(index)
        bad_ids.setdefault(index, []).append(put(fleet.replicas[index].store, BAD[kind]))
        for _ in range(after):
            fleet.log(index)
    fleet.sync(0)
    assert fleet.replicas[0].store.outbox_size() == 0
    fleet.settle()
    told = [[replica.status()[key] for key in ("head_hash", "digest", "outbox")] for replica in fleet.replicas]
    assert told == [[*told[0][:2], 0]] * 3
    assert fleet.ids_on_server() == fleet.acknowledged
    for index, replica in enumerate(fleet.replicas):
        assert aside(replica) == bad_ids.get(index, [])
        assert replica.verify().ok


def test_what_saw_the_event_says_anew_what_it_saw() -> None:
    fleet = Fleet(2)
    fleet.log(0)
    put(fleet.replicas[0].store, BAD["float"])
    name = fleet.log(0)
    summary = fleet.replicas[0].sync(fleet.network)
    assert (summary.set_aside, summary.renamed, summary.pushed) == (1, False, 2)
    fleet.settle()
    fleet.replicas[1].correct(name, reps=3)
    fleet.settle()
    assert fleet.replicas[0].report("conflicts")["conflicts"] == []


@pytest.mark.parametrize("kept_in", ["memory", "file"])
def test_an_event_that_only_the_server_refuses_is_set_aside_too(kept_in: str, tmp_path: Path) -> None:
    phone = opened(tmp_path / "phone") if kept_in == "file" else Replica.in_memory()
    phone.sign_in("here", ME)
    first, second, third = (phone.log_set("back_squat", reps=reps) for reps in (1, 2, 3))

    class Picky(Answering):
        def refusal(self, request: SyncRequest) -> Fault | None:
            for index, event in enumerate(request.events):
                if second.id.encode() in bytes(event):
                    return Malformed(detail="Not this one.", path=f"$.events[{index}].body")
            return None

    server = MemoryStore()
    picky = Picky(Service(server, clock).endpoint(ME.account, ME.device))
    assert phone.sync(picky).set_aside == 1
    assert aside(phone) == [second.id]
    assert [record.event.id for record in phone.store.records()] == [first.id, third.id]
    if kept_in == "file":
        phone.close()
        assert repaired(tmp_path / "phone", None).returned == 1
        phone = opened(tmp_path / "phone")
        assert aside(phone) == []
        phone.sync(Service(server, clock).endpoint(ME.account, ME.device))
        assert [record.event.id for record in phone.store.records()] == [first.id, third.id, second.id]
        assert phone.verify().ok
        phone.close()


def test_a_server_that_refuses_every_event_is_given_up() -> None:
    phone = Replica.in_memory()
    phone.sign_in("here", ME)
    for reps in range(1, 30):
        phone.log_set("back_squat", reps=reps)

    class Broken(Answering):
        def refusal(self, request: SyncRequest) -> Fault | None:
            return Malformed(detail="No.", path="$.events[0]") if request.events else None

    with pytest.raises(ServerError, match="of the protocol's form"):
        phone.sync(Broken(Service(MemoryStore(), clock).endpoint(ME.account, ME.device)))
    assert phone.store.outbox_size() + len(phone.store.aside()) == 29
    assert phone.store.outbox_size() > 20


def test_a_request_that_is_too_large_as_a_whole_is_split() -> None:
    phone = Replica.in_memory()
    phone.sign_in("here", ME)
    for reps in range(1, 21):
        phone.log_set("back_squat", reps=reps)

    class Narrow(Answering):
        most = 3

        def refusal(self, request: SyncRequest) -> Fault | None:
            return TooLarge(detail="Too large.") if len(request.events) > self.most else None

    narrow = Narrow(Service(MemoryStore(), clock).endpoint(ME.account, ME.device))
    summary = phone.sync(narrow)
    assert (summary.pushed, summary.set_aside, phone.store.outbox_size()) == (20, 0, 0)
    phone.log_set("leg_press", reps=1)
    narrow.most = 0
    with pytest.raises(SyncRefusedError, match="Too large"):
        phone.sync(narrow)
    assert phone.store.outbox_size() == 1


def test_a_reply_to_another_request_is_not_believed_and_nothing_of_it_kept() -> None:
    server = Service(MemoryStore(), clock)
    phone = Replica.in_memory()
    phone.sign_in("here", ME)
    phone.log_set("back_squat", reps=1)

    class Replaying(Answering):
        stale: SyncReply | Fault | None = None

        def refusal(self, request: SyncRequest) -> SyncReply | Fault | None:
            if self.stale is None:
                self.stale = self.endpoint.sync(request)
            return self.stale

    proxy = Replaying(server.endpoint(ME.account, ME.device))
    phone.sync(proxy)
    before = phone.status()
    phone.log_set("back_squat", reps=2)
    waiting = phone.status()
    with pytest.raises(ServerError, match="verdicts are on other events"):
        phone.sync(proxy)
    assert phone.status() == waiting
    assert waiting["head_hash"] == before["head_hash"]
    phone.sync(server.endpoint(ME.account, ME.device))
    assert phone.verify().ok
    with pytest.raises(ServerError, match=r"can't be true"):
        phone.sync(proxy)


def test_a_cursor_that_was_damaged_is_found_again() -> None:
    fleet = Fleet(2)
    fleet.log(0)
    fleet.settle()
    store = fleet.replicas[1].store
    store._set(cursor="1.x" + store.local().cursor[3:])  # type: ignore[attr-defined]  # noqa: SLF001  # damage
    fleet.log(1)
    fleet.settle()
    assert len({(r.status()["head_hash"], r.status()["outbox"]) for r in fleet.replicas}) == 1


def test_erasing_an_event_takes_its_words_out_of_what_is_set_aside() -> None:
    phone = Replica.in_memory()
    phone.sign_in("here", ME)
    event_id = put(phone.store, BAD["large"])
    phone.sync(Service(MemoryStore(), clock).endpoint(ME.account, ME.device))
    [kept] = [waiting.kept for waiting in phone.store.aside()]
    assert b"xxxx" in kept
    phone.erase(event_id)
    assert not any(b"xxxx" in waiting.kept for waiting in phone.store.aside())
