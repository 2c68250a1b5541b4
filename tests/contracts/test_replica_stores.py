"""One law for all storage of a replica: in memory, and in a SQLite file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec import UnsetType
from support.chains import NOON_MS, Writer

from client_sdk.memory_store import MemoryStore
from client_sdk.sqlite_store import SqliteStore
from client_sdk.store import Aside, Derived, Local, Pulled, Rewriting, Row, Store, Tip, UnderWay
from events import Event, Stamp
from events.envelope import encode_event

OWN = "00000000-0000-4000-8000-000000000001"
OTHER = "00000000-0000-4000-8000-000000000002"
STAMP = Stamp(NOON_MS, 0)


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Storage of a replica that has written nothing."""
    made: Store = MemoryStore(OWN) if request.param == "memory" else SqliteStore(tmp_path / "replica.ledger", OWN)
    yield made
    made.close()


def composed(*events: Event) -> Callable[[Local, dict[str, Tip]], list[tuple[Event, bytes]]]:
    return lambda _local, _tips: [(event, encode_event(event)) for event in events]


def pulled(*events: Event, first: int = 1) -> list[Pulled]:
    return [Pulled(first + index, STAMP, event, encode_event(event)) for index, event in enumerate(events)]


def advance(store: Store, *events: Event, cursor: str = "some") -> bool:
    local = store.local()
    return store.advance(
        local, pulled(*events, first=local.head + 1), cursor=cursor, head_hash=b"h" * 32, now=NOON_MS
    )


def derived(content: bytes, epoch: int = 0, *, position: int = 0, place: int = 0) -> Derived:
    """Something folded from so much of ledger and outbox."""
    return Derived(
        position=position, ledger_hash=bytes(32), place=place, epoch=epoch, fingerprint="f", content=content
    )


def waiting(store: Store) -> list[tuple[str, int]]:
    return [(held.event.replica, held.event.seq) for held in store.outbox()]


def test_a_new_store_holds_nothing_but_its_name(store: Store) -> None:
    assert store.local() == Local(replica=OWN)
    assert (store.outbox(), list(store.records()), store.tips()) == ([], [], {})
    assert (store.outbox_size(), store.derived("anything")) == (0, None)


def test_who_signs_out_leaves_all_but_the_account(store: Store) -> None:
    writer = Writer(OWN)
    store.write(composed(*writer.write_many(2)))
    before, outbox = store.local(), store.outbox()
    store.sign_in(account="account", server="server", device="device", token="token")
    assert store.local().account == "account"
    store.sign_out()
    assert (store.local(), store.outbox()) == (before, outbox)


def test_what_is_written_waits_in_the_outbox_in_order(store: Store) -> None:
    writer = Writer(OWN)
    first, *rest = writer.write_many(3)
    assert store.write(composed(first)) == [first]
    assert store.write(composed(*rest)) == rest
    assert waiting(store) == [(OWN, 1), (OWN, 2), (OWN, 3)]
    assert store.tips()[OWN] == Tip(3, bytes.fromhex(rest[-1].hash))
    assert [record.event for _, record in store.pending()] == writer.events
    assert store.outbox_size() == 3


@pytest.mark.parametrize("count", [0, 1, 50, 51, 120])
def test_a_batch_of_any_length_is_held_whole(store: Store, count: int) -> None:
    own, other = Writer(OWN), Writer(OTHER)
    assert store.write(composed(*own.write_many(count))) == own.events
    assert [record.event for _, record in store.pending()] == own.events
    assert advance(store, *other.write_many(count))
    assert [record.event for record in store.records()] == other.events
    assert [record.position for record in store.records()] == [*range(1, count + 1)]
    assert store.outbox_size() == count


def test_nothing_is_kept_of_a_write_that_fails(store: Store) -> None:
    def fail(_local: Local, _tips: dict[str, Tip]) -> list[tuple[Event, bytes]]:
        raise RuntimeError("halfway")

    with pytest.raises(RuntimeError, match="halfway"):
        store.write(fail)
    assert (store.outbox(), store.tips()) == ([], {})


def test_the_outbox_can_be_read_in_portions(store: Store) -> None:
    writer = Writer(OWN)
    store.write(composed(*writer.write_many(5)))
    first = store.outbox(limit=2)
    assert [held.event.seq for held in first] == [1, 2]
    assert [held.event.seq for held in store.outbox(first[-1].place)] == [3, 4, 5]


def test_the_cursor_moves_with_the_records_that_it_passes(store: Store) -> None:
    own, other = Writer(OWN), Writer(OTHER)
    store.write(composed(*own.write_many(2)))
    assert advance(store, other.write(), own.events[0], cursor="two")
    local = store.local()
    assert (local.cursor, local.head, local.head_hash, local.last_sync) == ("two", 2, b"h" * 32, NOON_MS)
    assert [(record.position, record.event.replica) for record in store.records()] == [(1, OTHER), (2, OWN)]
    assert [record.position for record in store.records(after=1)] == [2]
    assert waiting(store) == [(OWN, 2)]
    assert {replica: tip.seq for replica, tip in store.tips().items()} == {OWN: 2, OTHER: 1}


def test_a_cursor_that_somebody_else_moved_stays_where_it_is(store: Store) -> None:
    other = Writer(OTHER)
    before = store.local()
    assert advance(store, other.write(), cursor="one")
    assert not store.advance(before, pulled(other.write()), cursor="x", head_hash=b"x" * 32, now=0)
    assert (store.local().cursor, len(list(store.records()))) == ("one", 1)


def test_what_one_account_sent_does_not_get_into_the_ledger_of_another(store: Store) -> None:
    store.sign_in(account="mine", server="here", device="this one", token="secret")
    before = store.local()
    store.sign_in(account="yours", server="here", device="this one", token="secret")
    assert not store.advance(before, pulled(Writer(OTHER).write()), cursor="x", head_hash=b"x" * 32, now=0)
    assert list(store.records()) == []


def test_what_own_events_said_they_saw_is_remembered(store: Store) -> None:
    other = Writer(OTHER)
    advance(store, *other.write_many(3))
    assert store.tips()[OTHER].said == 0
    store.write(composed(Writer(OWN).write(saw={OTHER: 3})))
    assert store.tips()[OTHER].said == 3


def test_starting_over_puts_the_whole_ledger_before_the_outbox_with_its_stamps(store: Store) -> None:
    own, other = Writer(OWN), Writer(OTHER)
    store.write(composed(*own.write_many(2)))
    advance(store, own.events[0], other.write(), other.write())
    store.keep({"checkpoint": derived(b"c", position=3, place=2)})
    assert store.derived("checkpoint") is not None
    epoch = store.local().epoch
    store.start_over()
    assert waiting(store) == [(OWN, 1), (OTHER, 1), (OTHER, 2), (OWN, 2)]
    assert [held.stamp for held in store.outbox()] == [STAMP, STAMP, STAMP, None]
    local = store.local()
    assert (local.cursor, local.head, local.head_hash) == ("0", 0, bytes(32))
    assert local.epoch > epoch
    assert store.derived("checkpoint") is None
    store.start_over()
    assert waiting(store) == [(OWN, 1), (OTHER, 1), (OTHER, 2), (OWN, 2)]


def test_a_new_event_waits_behind_what_started_over(store: Store) -> None:
    own, other = Writer(OWN), Writer(OTHER)
    advance(store, *other.write_many(2))
    store.start_over()
    store.write(composed(own.write()))
    assert waiting(store) == [(OTHER, 1), (OTHER, 2), (OWN, 1)]


def test_rewriting_replaces_events_tips_and_the_own_name(store: Store) -> None:
    own, other, fresh = Writer(OWN), Writer(OTHER), Writer("00000000-0000-4000-8000-000000000003")
    advance(store, *other.write_many(2))
    store.write(composed(own.write(saw={OTHER: 2}), own.write()))
    moved = fresh.write()
    kept = bytes.fromhex(own.events[0].hash)
    rewriting = Rewriting(
        replica=fresh.replica,
        dropped=[(OWN, 2)],
        added=[(moved, encode_event(moved), STAMP)],
        tips={fresh.replica: Tip(1, bytes.fromhex(moved.hash)), OWN: Tip(1, kept), OTHER: None},
        said={OWN: 1},
    )
    seen = []
    store.rewrite(lambda local, outbox: seen.append((local.replica, len(outbox))) or rewriting)
    assert seen == [(OWN, 2)]
    assert waiting(store) == [(OWN, 1), (fresh.replica, 1)]
    assert store.outbox()[-1].stamp == STAMP
    assert store.local().replica == fresh.replica
    assert store.tips() == {OWN: Tip(1, kept, said=1), fresh.replica: Tip(1, bytes.fromhex(moved.hash))}


def test_a_snapshot_shows_the_store_as_it_is(store: Store) -> None:
    own = Writer(OWN)
    store.write(composed(own.write()))
    with store.snapshot():
        assert (waiting(store), list(store.records())) == ([(OWN, 1)], [])
    store.write(composed(own.write()))
    assert store.outbox_size() == 2


def test_events_are_found_by_their_place_wherever_they_are_held(store: Store) -> None:
    own, other = Writer(OWN), Writer(OTHER)
    store.write(composed(own.write()))
    advance(store, other.write())
    assert store.holds([(OWN, 1), (OTHER, 1), (OWN, 9)]) == {(OWN, 1): own.events[0].hash}
    assert store.event_at((OWN, 1)) == encode_event(own.events[0])
    assert store.event_at((OTHER, 1)) == encode_event(other.events[0])
    assert store.event_at((OTHER, 2)) is None


def test_the_account_and_the_session_are_remembered(store: Store) -> None:
    store.sign_in(account="a", server="s", device="d", token="t")
    store.write(composed(), UnderWay("session", NOON_MS))
    local = store.local()
    assert (local.account, local.server, local.device, local.token) == ("a", "s", "d", "t")
    assert (local.session, local.session_at) == ("session", NOON_MS)
    store.write(composed())
    assert store.local().session == "session"
    store.write(composed(), UnderWay(None, None))
    assert store.local().session is None


def test_what_is_derived_is_kept_by_its_name(store: Store) -> None:
    older, newer = derived(b"1"), derived(b"2")
    store.keep({"records": older})
    store.keep({"records": newer})
    store.keep({"volume": older})
    assert (store.derived("records"), store.derived("volume")) == (newer, older)


def test_the_words_of_an_erased_event_go_and_do_not_come_back(store: Store) -> None:
    own, other = Writer(OWN), Writer(OTHER)
    store.write(composed(own.write()))
    advance(store, other.write())
    later = other.write()
    copy = Writer("00000000-0000-4000-8000-000000000003").write(id=own.events[0].id)
    store.keep({"checkpoint": derived(b"c", position=1, place=1)})
    assert store.derived("checkpoint") is not None
    store.erase([own.events[0].id, other.events[0].id, later.id])
    advance(store, later, copy)
    store.erase([later.id])
    held = [record.event for record in store.records()] + [record.event for _, record in store.pending()]
    assert [event.hash for event in held] == [event.hash for event in (*other.events, copy, own.events[0])]
    assert all(isinstance(event.body, UnsetType) and isinstance(event.body_hash, str) for event in held)
    assert store.derived("checkpoint") is None


def test_what_was_derived_before_a_rearrangement_is_not_kept_after_it(store: Store) -> None:
    advance(store, Writer(OTHER).write())
    store.start_over()
    store.keep({"checkpoint": derived(b"stale")})
    assert store.derived("checkpoint") is None
    fresh = derived(b"fresh", store.local().epoch)
    store.keep({"checkpoint": fresh})
    assert store.derived("checkpoint") == fresh


def test_what_was_derived_before_something_came_is_not_kept_after_it(store: Store) -> None:
    own = Writer(OWN)
    store.write(composed(*own.write_many(2)))
    store.keep({"checkpoint": derived(b"overtaken", place=1)})
    assert store.derived("checkpoint") is None
    advance(store, *own.events)
    store.keep({"checkpoint": derived(b"overtaken", place=2)})
    assert store.derived("checkpoint") is None
    store.keep({"checkpoint": derived(b"fresh", position=2, place=2)})
    assert store.derived("checkpoint") is not None


def test_what_devices_are_called_is_remembered_by_replica(store: Store) -> None:
    assert store.names() == {}
    store.remember_names({OWN: "phone", OTHER: "laptop"})
    store.remember_names({OTHER: "tablet"})
    assert store.names() == {OWN: "phone", OTHER: "tablet"}


def setting_aside(*asides: Aside, released: tuple[int, ...] = ()) -> Rewriting:
    return Rewriting(replica=OWN, dropped=[], added=[], tips={}, said=None, aside=asides, released=released)


def test_what_is_set_aside_waits_apart_until_it_is_released(store: Store) -> None:
    broken = Aside(kept=b"no event", reason="broken", at=NOON_MS)
    placed = Aside(kept=b"{}", reason="empty", at=NOON_MS + 1, replica=OTHER, seq=3, stamp=STAMP)
    epoch = store.local().epoch
    store.rewrite(lambda _local, _outbox: setting_aside(broken, placed))
    first, second = store.aside()
    assert [first.kept, first.reason, first.at, first.replica, first.seq] == [
        b"no event",
        "broken",
        NOON_MS,
        None,
        None,
    ]
    assert [second.kept, second.replica, second.seq, second.stamp] == [b"{}", OTHER, 3, STAMP]
    assert (store.outbox_size(), list(store.rows())) == (0, [])
    assert store.local().epoch > epoch
    store.rewrite(lambda _local, _outbox: setting_aside(released=(first.key,)))
    assert store.aside() == [second]


def test_an_erasure_reaches_what_is_set_aside(store: Store) -> None:
    own = Writer(OWN).write()
    words = encode_event(own)
    unreadable = words.replace(b'"offset":60', b'"offset":6.0')
    at_its_place = Aside(kept=b"\x00 its words", reason="", at=0, replica=OWN, seq=1)
    others = Aside(kept=b"others' words", reason="", at=0, replica=OTHER, seq=1)
    store.write(composed(own))
    readable = Aside(kept=words, reason="", at=0)
    store.rewrite(
        lambda _local, _outbox: setting_aside(readable, Aside(kept=unreadable, reason="", at=0), at_its_place, others)
    )
    store.erase([own.id])
    kept = [aside.kept for aside in store.aside()]
    assert len(kept) == 2
    assert b'"body_hash":' in kept[0]
    assert kept[1] == others.kept
    store.rewrite(lambda _local, _outbox: setting_aside(readable))
    assert all(b'"body":' not in aside.kept for aside in store.aside())


def test_rows_are_all_that_is_held_as_it_is(store: Store) -> None:
    own, other = Writer(OWN), Writer(OTHER)
    store.write(composed(own.write()))
    advance(store, other.write())
    [waits] = store.outbox()
    assert list(store.rows()) == [
        Row(kept=encode_event(other.events[0]), replica=OTHER, seq=1, received=NOON_MS, skew=0, position=1),
        Row(kept=waits.kept, replica=OWN, seq=1, received=None, skew=None, place=waits.place),
    ]
    assert store.complaints() == []
