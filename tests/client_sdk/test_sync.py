"""The sync machine, transition by transition. Its invariants are numbered as in ``client_sdk.sync``."""

from __future__ import annotations

import msgspec
import pytest
from support.chains import NOON_MS, Writer

from client_sdk.rewriting import Past, rewrite, spread
from client_sdk.store import Held, Local, Pulled, Tip
from client_sdk.sync import (
    PUSH_BYTES,
    PUSH_EVENTS,
    Advance,
    Diverged,
    GiveUp,
    Known,
    SetAside,
    Split,
    StartOver,
    Untrusted,
    absorb,
    answer,
    batch,
    carried,
    request,
)
from events import Event, Stamp
from events.envelope import GENESIS, chain_hash, encode_event, ledger_hash
from events.protocol import (
    ChainBroken,
    Fault,
    Fork,
    Gap,
    Malformed,
    Reset,
    SawUnknown,
    SlowDown,
    SyncReply,
    TooLarge,
    Unauthenticated,
    Verdict,
    WireRecord,
)
from projections.causality import Causality

OWN = "00000000-0000-4000-8000-00000000000a"
OTHER = "00000000-0000-4000-8000-00000000000b"
FRESH = ["00000000-0000-4000-8000-0000000000f1", "00000000-0000-4000-8000-0000000000f2"]
STAMP = Stamp(NOON_MS, 0)
LOCAL = Local(replica=OWN, account="account")


def held(event: Event, place: int = 1, stamp: Stamp | None = None) -> Held:
    return Held(place, event, encode_event(event), stamp)


def records(*events: Event, first: int = 1) -> list[WireRecord]:
    return [
        WireRecord(position=first + n, received=NOON_MS, skew=0, event=msgspec.Raw(encode_event(event)))
        for n, event in enumerate(events)
    ]


def accepted(event: Event, position: int) -> Verdict:
    return Verdict(
        replica=event.replica, seq=event.seq, status="accepted", position=position, received=NOON_MS, skew=0
    )


def receipt(*events: Event) -> bytes:
    current = GENESIS
    for event in events:
        current = ledger_hash(current, event.hash, STAMP)
    return current


def reply(
    head: int,
    head_hash: bytes,
    *pulled: WireRecord,
    verdicts: list[Verdict] | None = None,
    more: bool = False,
) -> SyncReply:
    return SyncReply(
        head=head,
        head_hash=head_hash.hex(),
        cursor="next",
        more=more,
        server_time=NOON_MS,
        verdicts=verdicts or [],
        records=list(pulled),
    )


def absorbed(
    answered: SyncReply,
    *pushed: Event,
    local: Local = LOCAL,
    waiting: tuple[Event, ...] = (),
    tips: dict[str, Tip] | None = None,
) -> Advance | Diverged | Untrusted:
    news = carried([held(event) for event in pushed], answered, local.head)
    if isinstance(news, Untrusted):
        return news
    outbox = {(event.replica, event.seq): event.hash for event in (*pushed, *waiting)}
    return absorb(local, news, answered, Known(outbox, tips or {}))


def test_a_request_says_where_the_replica_stands_and_what_it_has() -> None:
    writer = Writer(OWN)
    first, second = writer.write_many(2)
    asked = request(LOCAL, [held(first), held(second, stamp=STAMP)], NOON_MS)
    assert (asked.account, asked.replica, asked.cursor, asked.sent_at) == ("account", OWN, "0", NOON_MS)
    assert [bytes(event) for event in asked.events] == [encode_event(first), encode_event(second)]
    assert asked.stamps == [None, STAMP]
    assert request(LOCAL, [held(first)], NOON_MS).stamps == []


def test_a_batch_stays_below_the_limits_but_is_never_empty() -> None:
    writer = Writer(OWN)
    many = [held(event) for event in writer.write_many(PUSH_EVENTS + 1)]
    assert batch(many) == many[:-1]
    large = Held(1, writer.events[0], b"x" * PUSH_BYTES)
    assert batch([large, large]) == [large]
    assert batch([]) == []


def test_the_ledger_goes_on_with_records_and_acknowledged_events_alike() -> None:
    own, other = Writer(OWN), Writer(OTHER)
    mine, theirs = own.write(), other.write()
    answered = reply(2, receipt(theirs, mine), *records(theirs), verdicts=[accepted(mine, 2)])
    step = absorbed(answered, mine)
    assert isinstance(step, Advance)
    assert [record.event for record in step.pulled] == [theirs, mine]
    assert (step.head_hash, step.cursor, step.more) == (receipt(theirs, mine), "next", False)


def test_an_event_stays_in_the_outbox_until_the_cursor_passes_it() -> None:
    """Invariant 2: its verdict alone does not take it out."""
    own, other = Writer(OWN), Writer(OTHER)
    mine, theirs = own.write(), other.write_many(2)
    answered = reply(3, receipt(*theirs, mine), *records(theirs[0]), verdicts=[accepted(mine, 3)], more=True)
    step = absorbed(answered, mine)
    assert isinstance(step, Advance)
    assert [record.event for record in step.pulled] == [theirs[0]]


def test_records_that_are_held_already_are_passed_over() -> None:
    other = Writer(OTHER)
    first, second = other.write_many(2)
    local = Local(replica=OWN, account="account", head=1, head_hash=receipt(first))
    step = absorbed(
        reply(2, receipt(first, second), *records(first, second)),
        local=local,
        tips={OTHER: Tip(1, bytes.fromhex(first.hash))},
    )
    assert isinstance(step, Advance)
    assert [record.event for record in step.pulled] == [second]


def test_a_reply_that_leaves_a_position_out_is_not_believed() -> None:
    other = Writer(OTHER)
    assert isinstance(absorbed(reply(2, GENESIS, *records(other.write(), first=2))), Untrusted)


def test_a_reply_whose_ledger_hash_is_another_is_not_believed() -> None:
    other = Writer(OTHER)
    assert isinstance(absorbed(reply(1, b"?" * 32, *records(other.write()))), Untrusted)


def test_a_record_whose_hash_does_not_follow_is_not_believed() -> None:
    other = Writer(OTHER)
    _, second = other.write_many(2)
    assert isinstance(absorbed(reply(1, receipt(second), *records(second))), Untrusted)


def test_another_event_at_a_place_that_is_held_is_a_fork() -> None:
    theirs, mine = Writer(OTHER).write(), Writer(OTHER).write()
    assert absorbed(reply(1, receipt(theirs), *records(theirs)), waiting=(mine,)) == Diverged({OTHER: 1})


def test_an_own_event_that_was_never_written_here_is_a_fork() -> None:
    elsewhere = Writer(OWN).write_many(2)
    assert absorbed(reply(2, receipt(*elsewhere), *records(*elsewhere))) == Diverged({OWN: 1})


def test_an_own_event_that_comes_back_is_no_fork() -> None:
    mine = Writer(OWN).write()
    assert isinstance(absorbed(reply(1, receipt(mine), *records(mine)), waiting=(mine,)), Advance)


@pytest.mark.parametrize(
    ("fault", "action"),
    [
        (Reset(detail=""), StartOver()),
        (Gap(detail="", replica=OWN, expected_seq=3), StartOver()),
        (ChainBroken(detail="", replica=OWN, seq=3), StartOver()),
        (SawUnknown(detail="", replica=OTHER, seq=3), StartOver()),
        (Fork(detail="", replica=OWN, seq=3), Diverged({OWN: 3})),
    ],
)
def test_what_the_server_lost_or_has_otherwise_is_healed(fault: Fault, action: StartOver | Diverged) -> None:
    assert answer(fault) == action


def test_an_event_that_the_protocol_refuses_is_set_aside_whatever_the_server_names() -> None:
    good, bad = Writer(OWN), Writer(OTHER)
    waits = [held(good.write()), Held(2, bad.write(), b'{"at":1.5}', None)]
    for fault in (Malformed(detail="", path="$"), TooLarge(detail=""), Malformed(detail="", path="$.events[0].id")):
        action = answer(fault, waits)
        assert isinstance(action, SetAside)
        assert (list(action.reasons), action.sure) == ([(OTHER, 1)], True)


def test_an_event_that_the_server_alone_refuses_is_set_aside_on_its_word() -> None:
    own = Writer(OWN)
    waits = [held(event) for event in own.write_many(2)]
    fault = TooLarge(detail="Too long.", path="$.events[1]")
    assert answer(fault, waits) == SetAside({(OWN, 2): "Too long."}, sure=False)
    elsewhere = TooLarge(detail="", path="$.events[2]")
    assert answer(elsewhere, waits[:1]) == GiveUp(elsewhere)


def test_a_request_that_is_too_large_is_halved_down_to_one_event() -> None:
    own = Writer(OWN)
    waits = [held(event) for event in own.write_many(5)]
    fault = TooLarge(detail="")
    assert answer(fault, waits) == Split(2)
    assert answer(fault, waits[:1]) == GiveUp(fault)
    assert batch(waits, 2) == waits[:2]


def test_a_cursor_that_the_server_cannot_read_is_one_to_start_over_from() -> None:
    fault = Malformed(detail="", path="$.cursor")
    assert answer(fault, [], "12.abc") == StartOver()
    assert answer(fault, [], "0") == GiveUp(fault)


@pytest.mark.parametrize("told", ["none", "another", "more"])
def test_verdicts_on_other_events_than_those_that_were_sent_are_not_believed(told: str) -> None:
    own, other = Writer(OWN), Writer(OTHER)
    mine, theirs = own.write(), other.write()
    verdicts = {"none": [], "another": [accepted(theirs, 1)], "more": [accepted(mine, 1), accepted(theirs, 2)]}
    assert isinstance(carried([held(mine)], reply(1, GENESIS, verdicts=verdicts[told]), 0), Untrusted)


def test_a_record_that_is_no_event_is_not_believed() -> None:
    record = WireRecord(position=1, received=NOON_MS, skew=0, event=msgspec.Raw(b'{"at":1.5}'))
    assert isinstance(carried([], reply(1, GENESIS, record), 0), Untrusted)


def test_a_reply_whose_ledger_is_shorter_than_what_is_held_is_not_believed() -> None:
    local = Local(replica=OWN, account="account", head=5, head_hash=GENESIS)
    assert isinstance(absorbed(reply(4, GENESIS), local=local), Untrusted)


@pytest.mark.parametrize(
    "fault",
    [
        Malformed(detail="", path="$"),
        Unauthenticated(detail=""),
        SlowDown(detail="", retry_after_s=1),
    ],
)
def test_what_only_a_person_or_time_can_help_is_given_up(fault: Fault) -> None:
    assert answer(fault) == GiveUp(fault)


def past(*chains: Writer) -> Past:
    """What a replica holds that holds all events of these chains."""
    causality = Causality()
    for chain in chains:
        for event in chain.events:
            causality.take(event)
    hashes = {(event.replica, event.seq): bytes.fromhex(event.hash) for chain in chains for event in chain.events}
    return Past(causality, lambda replica, seq: hashes[replica, seq])


def assert_chained(events: list[Event]) -> None:
    previous = GENESIS
    for number, event in enumerate(events, start=1):
        assert event.seq == number
        assert chain_hash(previous, event) == event.hash
        previous = bytes.fromhex(event.hash)


def test_diverged_events_are_written_again_in_order_with_all_they_say() -> None:
    own, other = Writer(OWN), Writer(OTHER)
    other.write_many(2)
    own.write(saw={OTHER: 1})
    own.write()
    own.write(saw={OTHER: 2})
    outbox = [held(event, place) for place, event in enumerate(own.events, start=1)]
    names = iter(FRESH)
    made = rewrite(LOCAL, outbox, {OWN: 2}, past(own, other), lambda: next(names))
    assert made.replica == FRESH[0]
    assert made.dropped == [(OWN, 2), (OWN, 3)]
    again = [event for event, _, _ in made.added]
    assert_chained(again)
    for before, after in zip(own.events[1:], again, strict=True):
        assert (after.id, after.body, after.at, after.written) == (before.id, before.body, before.at, before.written)
    assert [event.seen for event in again] == [{OWN: 1, OTHER: 1}, {OTHER: 2}]
    assert made.said == {OWN: 1, OTHER: 2}
    assert made.tips[OWN] == Tip(1, bytes.fromhex(own.events[0].hash))
    assert made.tips[FRESH[0]] == Tip(2, bytes.fromhex(again[-1].hash))


def test_an_event_that_saw_a_diverged_one_has_diverged_and_names_it_anew() -> None:
    other, own = Writer(OTHER), Writer(OWN)
    other.write_many(3)
    own.write()
    own.write(saw={OTHER: 3})
    own.write()
    waiting = [*other.events[1:], *own.events]
    outbox = [held(event, place, STAMP) for place, event in enumerate(waiting, start=1)]
    assert spread(outbox, {OTHER: 2}) == {OTHER: 2, OWN: 2}
    names = iter(FRESH)
    made = rewrite(LOCAL, outbox, {OTHER: 2}, past(other, own), lambda: next(names))
    assert [(event.replica, event.seq) for event, _, _ in made.added] == [
        (FRESH[0], 1),
        (FRESH[0], 2),
        (FRESH[1], 1),
        (FRESH[1], 2),
    ]
    assert made.added[2][0].seen == {OTHER: 1, FRESH[0]: 2, OWN: 1}
    assert made.added[0][2] == STAMP
    assert made.replica == FRESH[1]


def test_a_replica_whose_first_event_diverged_leaves_no_tip() -> None:
    own = Writer(OWN)
    made = rewrite(LOCAL, [held(own.write())], {OWN: 1}, past(own), lambda: FRESH[0])
    assert made.tips[OWN] is None


def test_a_restored_copy_that_wrote_nothing_since_only_takes_a_new_name() -> None:
    own = Writer(OWN)
    own.write_many(2)
    made = rewrite(LOCAL, [], {OWN: 3}, past(own), lambda: FRESH[0])
    assert (made.replica, made.dropped, made.added, made.tips, made.said) == (FRESH[0], [], [], {}, {})


def test_the_own_name_stays_where_only_another_replica_diverged() -> None:
    own, other = Writer(OWN), Writer(OTHER)
    other.write()
    own.write()
    outbox = [held(other.events[0], 1), held(own.events[0], 2)]
    made = rewrite(LOCAL, outbox, {OTHER: 1}, past(own, other), lambda: FRESH[0])
    assert (made.replica, made.said) == (OWN, None)
    assert made.dropped == [(OTHER, 1)]


def test_what_is_carried_comes_by_position() -> None:
    own, other = Writer(OWN), Writer(OTHER)
    mine, theirs = own.write(), other.write()
    answered = reply(2, GENESIS, *records(theirs, first=2), verdicts=[accepted(mine, 1)])
    assert carried([held(mine)], answered, 0) == [
        Pulled(1, STAMP, mine, encode_event(mine)),
        Pulled(2, STAMP, theirs, encode_event(theirs)),
    ]
