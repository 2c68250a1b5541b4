"""The face of a device."""

from __future__ import annotations

import random

import msgspec
import pytest
from support.chains import NOON_MS, some_uuid
from support.facts import a_day, a_program, a_slot

from client_sdk import Draft, Load, Replica
from client_sdk.errors import NotFoundError, NotSignedInError, OtherAccountError
from client_sdk.memory_store import MemoryStore
from client_sdk.store import SignedIn
from events import Event, MalformedError, UnknownNameError
from events.corrections import FactVoided
from events.envelope import GENESIS, chain_hash
from events.quantities import HOUR_MS
from events.training import SessionStarted
from server.memory_store import MemoryStore as ServerStore
from server.service import Service

HOUR = HOUR_MS


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = NOON_MS

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def replica(clock: Clock) -> Replica:
    store = MemoryStore("00000000-0000-4000-8000-00000000000a")
    return Replica(store, clock=clock, entropy=random.Random(1).randbytes, offset_at=lambda _: 60)  # noqa: S311  # a test repeats itself


def said(event: Event) -> dict[str, object]:
    body: dict[str, object] = msgspec.json.decode(bytes(event.body or b""))
    return body


def test_a_set_is_in_the_reports_at_once(replica: Replica) -> None:
    replica.log_set("back_squat", load=Load(100_000, "kg"), reps=8)
    [squat] = replica.report("records")["exercises"]
    assert squat["heaviest"]["load"] == {"milli": 100_000, "unit": "kg"}


def test_events_form_one_dense_chain(replica: Replica) -> None:
    events = [replica.log_set("back_squat", reps=reps) for reps in (8, 7, 6)]
    previous = GENESIS
    for number, event in enumerate(events, start=1):
        assert (event.seq, event.hash) == (number, chain_hash(previous, event))
        previous = bytes.fromhex(event.hash)


def test_sets_join_the_session_that_is_under_way(replica: Replica) -> None:
    session = replica.start_session(title="Legs")
    assert said(replica.log_set("back_squat", reps=8))["session"] == session
    assert replica.finish_session(note="done") == session
    assert said(replica.log_set("back_squat", reps=8))["session"] != session
    told = {(row["title"], row["note"], row["state"]) for row in replica.report("sessions")["sessions"]}
    assert told == {("Legs", "done", "finished"), (None, None, "unstarted")}


def test_sets_without_a_session_stay_together_until_hours_pass(replica: Replica, clock: Clock) -> None:
    first = said(replica.log_set("back_squat", reps=8))["session"]
    clock.now += HOUR
    assert said(replica.log_set("back_squat", reps=8))["session"] == first
    clock.now += 5 * HOUR
    assert said(replica.log_set("back_squat", reps=8))["session"] != first


def test_a_set_of_another_day_does_not_join_todays_session(replica: Replica) -> None:
    session = replica.start_session()
    assert said(replica.log_set("back_squat", reps=8, at=NOON_MS - 48 * HOUR))["session"] != session


def test_a_session_ahead_of_the_clock_is_under_way_for_hours_all_the_same(replica: Replica, clock: Clock) -> None:
    first = said(replica.log_set("back_squat", reps=8, at=NOON_MS + 48 * HOUR))["session"]
    assert said(replica.log_set("back_squat", reps=8))["session"] == first
    clock.now += 5 * HOUR
    assert said(replica.log_set("back_squat", reps=8))["session"] != first


@pytest.mark.parametrize("reopened", [False, True])
def test_a_set_of_a_training_day_belongs_to_its_slot_unless_another_is_named(
    replica: Replica, clock: Clock, *, reopened: bool
) -> None:
    slots = [a_slot(slot=some_uuid("slot", str(number)), sets=1, rank=rank) for number, rank in enumerate("ab")]
    for body in (a_program(), a_day(), *slots):
        replica.log(body)
    replica.start_session(program=slots[0].program, program_day=slots[0].day)
    device = Replica(replica.store, clock=clock, offset_at=lambda _: 60) if reopened else replica
    assert [said(device.log_set("back_squat", reps=8)).get("slot") for _ in slots] == [slot.slot for slot in slots]
    assert "slot" not in said(device.log_set("back_squat", reps=8, slot=None))
    assert "slot" not in said(device.log_set("leg_press", reps=8))
    device.finish_session()
    assert "slot" not in said(device.log_set("back_squat", reps=8))


def test_only_a_session_that_is_under_way_can_be_finished(replica: Replica) -> None:
    with pytest.raises(NotFoundError, match="No session is under way"):
        replica.finish_session()


def test_a_corrected_voided_and_restored_set(replica: Replica) -> None:
    name = str(said(replica.log_set("back_squat", load=Load(100_000, "kg"), reps=8))["set"])
    replica.correct(name, reps=9)
    assert replica.report("records")["exercises"][0]["heaviest"]["reps"] == 9
    replica.void(name, reason="not mine")
    assert replica.report("records")["exercises"] == []
    replica.restore(name)
    assert replica.report("records")["exercises"][0]["heaviest"]["reps"] == 9
    assert replica.report("problems")["problems"] == []


@pytest.mark.parametrize(
    ("field", "value", "path"),
    [("reps", -5, "$.reps"), ("side", "up", "$.side"), ("load", Load(10**9, "kg"), "$.load.milli")],
)
def test_what_no_set_can_have_is_refused_and_leaves_nothing(
    replica: Replica, field: str, value: object, path: str
) -> None:
    with pytest.raises(MalformedError) as refusal:
        replica.log_set("back_squat", **{field: value})
    assert refusal.value.path == path
    assert replica.store.outbox_size() == 0


def test_an_event_larger_than_the_protocol_allows_is_refused(replica: Replica) -> None:
    with pytest.raises(MalformedError, match="16 KiB"):
        replica.correct("0197f3a0-0000-7000-8000-000000000001", note="x" * 17_000)
    assert replica.store.outbox_size() == 0


def test_several_facts_are_written_together_or_not_at_all(replica: Replica) -> None:
    sound = Draft(body=SessionStarted(session=replica.new_id()), at=NOON_MS, offset=60)
    broken = Draft(body=FactVoided(target="nothing"), at=NOON_MS, offset=60)
    with pytest.raises(MalformedError):
        replica.write([sound, broken])
    assert replica.store.outbox_size() == 0
    assert len(replica.write([sound, sound])) == 2


def test_the_log_tells_what_was_written_newest_first(replica: Replica) -> None:
    replica.log_set("back_squat", load=Load(100_000, "kg"), reps=8)
    name = str(said(replica.log_set("front_squat", load=Load(135_000, "lb"), reps=5))["set"])
    replica.void(name)
    words = [(entry["type"], entry["words"]) for entry in replica.report("log")["entries"]]
    assert words == [
        ("fact_voided", ""),
        ("set_logged", "Front Squat 135 lb × 5"),
        ("set_logged", "Back Squat 100 kg × 8"),
    ]


def test_an_unknown_report_is_named_with_those_that_there_are(replica: Replica) -> None:
    with pytest.raises(UnknownNameError, match=r"no report 'fame'.*records"):
        replica.report("fame")


def test_a_ledger_belongs_to_one_account(replica: Replica) -> None:
    replica.sign_in("http://here", SignedIn("ann", "phone", "token"))
    replica.sign_in("http://here", SignedIn("ann", "phone", "another token"))
    with pytest.raises(OtherAccountError):
        replica.sign_in("http://here", SignedIn("bob", "phone", "token"))
    assert replica.store.local().token == "another token"


def test_another_account_adopts_a_whole_ledger(replica: Replica) -> None:
    replica.sign_in("there", SignedIn(some_uuid("old"), "phone", "token"))
    replica.log_set("back_squat", reps=8)
    there, here = (Service(ServerStore(), lambda: NOON_MS) for _ in range(2))
    replica.sync(there.endpoint(some_uuid("old"), some_uuid("device")))
    replica.sign_in("here", SignedIn(some_uuid("new"), "phone", "token"), adopt=True)
    replica.log_set("back_squat", reps=9)
    summary = replica.sync(here.endpoint(some_uuid("new"), some_uuid("device")))
    assert (summary.head, replica.store.outbox_size(), summary.renamed) == (2, 0, False)
    assert replica.verify().ok


def test_syncing_needs_an_account(replica: Replica) -> None:
    with pytest.raises(NotSignedInError, match="login"):
        replica.sync(replica)  # type: ignore[arg-type]  # nobody is asked


def test_the_status_says_where_the_ledger_stands(replica: Replica) -> None:
    replica.log_set("back_squat", reps=8)
    status = replica.status()
    open_matters = {"conflicts", "problems"}
    assert status.keys() == {"replica", "head", "head_hash", "outbox", "digest", "last_sync", *open_matters}
    assert (status["head"], status["head_hash"], status["outbox"]) == (0, "0" * 64, 1)


def test_a_long_history_is_folded_from_its_checkpoint_to_the_same_reports(replica: Replica, clock: Clock) -> None:
    sets = [
        Draft(body=SessionStarted(session=replica.new_id()), at=NOON_MS + n * 86_400_000, offset=60)
        for n in range(1500)
    ]
    replica.write(sets)
    before = replica.report("sessions")
    assert replica.store.derived("checkpoint") is not None
    again = Replica(replica.store, clock=clock)
    assert again.report("sessions") == before
    again.start_session()
    fresh = Replica(MemoryStore("x"), clock=clock)
    fresh.ledger().apply(record for _, record in again.store.pending())
    assert again.report("sessions") == fresh.ledger().report("sessions")


@pytest.mark.parametrize(("clock_ms", "offset", "path"), [(9 * 10**12, 60, "$.written"), (NOON_MS, 5000, "$.offset")])
def test_an_envelope_that_the_protocol_refuses_is_not_written(
    replica: Replica, clock: Clock, clock_ms: int, offset: int, path: str
) -> None:
    clock.now = clock_ms
    with pytest.raises(MalformedError) as refusal:
        replica.log(SessionStarted(session=replica.new_id()), NOON_MS, offset)
    assert refusal.value.path == path
    assert replica.store.outbox_size() == 0


def test_a_set_for_an_older_session_leaves_the_present_one_under_way(replica: Replica) -> None:
    old = replica.start_session(title="Old", at=NOON_MS - 240 * HOUR)
    replica.finish_session(at=NOON_MS - 239 * HOUR)
    now = replica.start_session(title="Now")
    replica.log_set("back_squat", reps=5, session=old)
    assert said(replica.log_set("back_squat", reps=5))["session"] == now


def test_a_finished_session_is_not_under_way_again_for_a_set_that_names_it(replica: Replica) -> None:
    old = replica.start_session()
    replica.finish_session()
    replica.log_set("back_squat", reps=5, session=old)
    assert said(replica.log_set("back_squat", reps=5))["session"] != old


def test_a_back_dated_set_joins_the_session_that_was_started_then(replica: Replica) -> None:
    old = replica.start_session(title="Old", at=NOON_MS - 240 * HOUR)
    assert said(replica.log_set("back_squat", reps=5, at=NOON_MS - 239 * HOUR))["session"] == old


def test_sets_after_a_void_of_the_session_go_into_a_new_one(replica: Replica) -> None:
    session = replica.start_session()
    replica.void(session)
    assert said(replica.log_set("back_squat", reps=5))["session"] != session
    assert replica.report("conflicts")["conflicts"] == []
