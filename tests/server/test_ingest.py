"""The server's decisions, without a server: what is accepted, what is refused, and in what order that is found."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.chains import NOON_MS, Writer, note, request_of, some_uuid

from events.envelope import Event, Stamp, encode_event, ledger_hash
from events.protocol import (
    ChainBroken,
    Fault,
    Fork,
    Gap,
    Malformed,
    Reset,
    SawUnknown,
    SyncReply,
    SyncRequest,
    TooLarge,
    WrongAccount,
)
from server.ingest import without_words
from server.memory_store import MemoryStore
from server.push import Push, read_push
from server.service import Service

ACCOUNT = some_uuid("account")
NOW = NOON_MS + 100


class Ledger:
    """One account's ledger behind the decisions, without any I/O."""

    def __init__(self) -> None:
        self.now = NOW
        self._service = Service(MemoryStore(), lambda: self.now)

    def push(self, *events: Event, **fields: Any) -> SyncReply | Fault:  # noqa: ANN401  (request_of's)
        return self.send(request_of(ACCOUNT, *events, **fields))

    def send(self, request: SyncRequest) -> SyncReply | Fault:
        return self.send_text(msgspec.json.encode(request))

    def send_text(self, text: bytes) -> SyncReply | Fault:
        return self._service.sync(ACCOUNT, some_uuid("device"), text)

    def pushed(self, *events: Event, **fields: Any) -> SyncReply:  # noqa: ANN401  # fields of all types
        outcome = self.push(*events, **fields)
        assert isinstance(outcome, SyncReply), outcome
        return outcome

    def head(self) -> int:
        return self.pushed().head


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


@pytest.fixture
def writer() -> Writer:
    return Writer()


def raw(request: SyncRequest, **fields: Any) -> bytes:  # noqa: ANN401  (of all types)
    """The request's text, with some of its fields replaced."""
    return msgspec.json.encode(msgspec.json.decode(msgspec.json.encode(request)) | fields)


def test_new_events_are_accepted_in_order_with_the_moment_of_receipt(ledger: Ledger, writer: Writer) -> None:
    reply = ledger.pushed(*writer.write_many(3))
    assert [(verdict.status, verdict.position) for verdict in reply.verdicts] == [
        ("accepted", 1),
        ("accepted", 2),
        ("accepted", 3),
    ]
    assert {verdict.received for verdict in reply.verdicts} == {NOW} == {reply.server_time}
    assert reply.records == []
    assert (reply.head, reply.more) == (3, False)
    assert reply.cursor == f"3.{reply.head_hash}"


def test_the_ledger_hash_covers_every_record_and_its_stamp(ledger: Ledger, writer: Writer) -> None:
    reply = ledger.pushed(*writer.write_many(2))
    expected = bytes(32)
    for event in writer.events:
        expected = ledger_hash(expected, event.hash, Stamp(NOW, 0))
    assert reply.head_hash == expected.hex()


def test_a_retry_gets_the_first_stamps_and_stores_nothing(ledger: Ledger, writer: Writer) -> None:
    first = ledger.pushed(*writer.write_many(2))
    ledger.now += 1_000_000
    again = ledger.pushed(*writer.events)
    assert [verdict.status for verdict in again.verdicts] == ["duplicate", "duplicate"]
    assert [(v.position, v.received) for v in again.verdicts] == [(v.position, v.received) for v in first.verdicts]
    assert (again.head, again.head_hash, again.records) == (2, first.head_hash, [])


def test_a_retry_that_names_its_event_otherwise_changes_nothing(ledger: Ledger, writer: Writer) -> None:
    ledger.pushed(writer.write())
    renamed = msgspec.structs.replace(writer.events[0], id=some_uuid())
    [verdict] = ledger.pushed(renamed).verdicts
    assert (verdict.status, verdict.position, verdict.problem) == ("duplicate", 1, None)
    assert ledger.pushed().records[0].event == msgspec.Raw(encode_event(writer.events[0]))


def test_an_event_twice_in_one_request_is_stored_once(ledger: Ledger, writer: Writer) -> None:
    event = writer.write()
    reply = ledger.pushed(event, event)
    assert [(verdict.status, verdict.position) for verdict in reply.verdicts] == [("accepted", 1), ("duplicate", 1)]
    assert reply.head == 1


def test_another_event_in_the_same_place_is_a_fork_and_nothing_is_stored(ledger: Ledger, writer: Writer) -> None:
    ledger.pushed(*writer.write_many(3))
    copy = writer.fork(1)
    outcome = ledger.push(writer.events[0], *copy.write_many(4))
    assert isinstance(outcome, Fork)
    assert (outcome.replica, outcome.seq) == (writer.replica, 2)
    assert ledger.head() == 3


def test_a_fork_inside_one_request_is_found(ledger: Ledger, writer: Writer) -> None:
    event = writer.write()
    other = writer.fork(0).write(note("something else"))
    outcome = ledger.push(event, other)
    assert isinstance(outcome, Fork)
    assert ledger.head() == 0


def test_a_missing_event_is_a_gap_that_names_what_is_expected(ledger: Ledger, writer: Writer) -> None:
    ledger.pushed(writer.write())
    _, third = writer.write_many(2)
    outcome = ledger.push(third)
    assert isinstance(outcome, Gap)
    assert (outcome.replica, outcome.expected_seq) == (writer.replica, 2)
    assert ledger.head() == 1


def test_a_hash_that_does_not_follow_breaks_the_chain(ledger: Ledger, writer: Writer) -> None:
    ledger.pushed(writer.write())
    strayed = msgspec.structs.replace(writer.write(), hash="ab" * 32)
    outcome = ledger.push(strayed)
    assert isinstance(outcome, ChainBroken)
    assert (outcome.replica, outcome.seq) == (writer.replica, 2)


def test_a_changed_body_breaks_the_chain(ledger: Ledger, writer: Writer) -> None:
    changed = msgspec.structs.replace(writer.write(), body=msgspec.Raw(b'{"session":"forged"}'))
    assert isinstance(ledger.push(changed), ChainBroken)


def test_what_was_seen_must_be_stored_or_earlier_in_the_request(ledger: Ledger, writer: Writer) -> None:
    other = Writer()
    other.write_many(2)
    seeing = writer.write(saw={other.replica: 2})
    outcome = ledger.push(seeing)
    assert isinstance(outcome, SawUnknown)
    assert (outcome.replica, outcome.seq) == (other.replica, 2)
    assert isinstance(ledger.push(other.events[0], seeing, other.events[1]), SawUnknown)
    assert ledger.head() == 0
    assert ledger.pushed(*other.events, seeing).head == 3


def test_a_request_may_carry_events_of_several_replicas(ledger: Ledger) -> None:
    one, two = Writer(), Writer()
    events = [one.write(), two.write(saw={one.replica: 1}), one.write(saw={two.replica: 1})]
    assert [verdict.seq for verdict in ledger.pushed(*events).verdicts] == [1, 1, 2]


def test_a_stamp_given_before_is_taken_over_for_what_is_new_only(ledger: Ledger, writer: Writer) -> None:
    first, second = writer.write_many(2)
    ledger.pushed(first)
    before = Stamp(NOON_MS - 86_400_000, 7)
    reply = ledger.pushed(first, second, stamps=[before, before])
    assert [(v.status, v.received, v.skew) for v in reply.verdicts] == [
        ("duplicate", NOW, 0),
        ("accepted", before.received, before.skew),
    ]
    assert reply.server_time == NOW


def test_null_stamps_are_as_none_at_all(ledger: Ledger, writer: Writer) -> None:
    reply = ledger.pushed(writer.write(), stamps=[None])
    assert reply.verdicts[0].received == NOW


@pytest.mark.parametrize(
    ("apart", "skew"), [(0, 0), (120_000, 0), (-120_000, 0), (120_001, 120_001), (-120_001, -120_001)]
)
def test_clocks_agree_within_two_minutes(ledger: Ledger, writer: Writer, apart: int, skew: int) -> None:
    reply = ledger.pushed(writer.write(), sent_at=NOW - apart)
    assert reply.verdicts[0].skew == skew


@pytest.mark.parametrize("sent_at", [2**53 - 1, -(2**53) + 1])
def test_the_skew_of_an_absurd_clock_is_still_a_stamp(ledger: Ledger, writer: Writer, sent_at: int) -> None:
    verdict = ledger.pushed(writer.write(), sent_at=sent_at).verdicts[0]
    stamp = {"received": verdict.received, "skew": verdict.skew}
    assert msgspec.convert(stamp, Stamp) == Stamp(verdict.received, verdict.skew)


def test_what_cannot_be_counted_is_stored_with_its_problem_and_blocks_nothing(ledger: Ledger, writer: Writer) -> None:
    ledger.pushed(good := writer.write(note("first")))
    events = [
        writer.write(kind="from_the_future"),
        writer.write(v=99),
        writer.write({"session": "not a uuid"}),
        writer.write(note("another"), id=good.id),
        writer.write(note("first"), id=good.id),
        writer.write(),
    ]
    reply = ledger.pushed(*events)
    assert [
        (verdict.problem.code, verdict.problem.path) if verdict.problem else None for verdict in reply.verdicts
    ] == [
        ("unknown_type", "$.type"),
        ("unknown_type", "$.v"),
        ("invalid_body", "$.body.session"),
        ("repeated_id", "$.id"),
        None,
        None,
    ]
    again = ledger.pushed(*events)
    assert [verdict.problem for verdict in again.verdicts] == [verdict.problem for verdict in reply.verdicts]
    pulled = ledger.pushed()
    assert [bytes(record.event) for record in pulled.records] == [encode_event(event) for event in writer.events]


def test_an_id_repeated_within_one_request_is_a_problem_of_the_later(ledger: Ledger, writer: Writer) -> None:
    first = writer.write()
    second = writer.write(note("other"), id=first.id)
    problems = [verdict.problem for verdict in ledger.pushed(first, second).verdicts]
    assert problems[0] is None
    assert problems[1] is not None
    assert problems[1].code == "repeated_id"


def test_an_event_without_body_is_taken_by_its_body_hash(ledger: Ledger, writer: Writer) -> None:
    event = writer.write()
    erased = msgspec.structs.replace(
        event, body=msgspec.UNSET, body_hash=hashlib.sha256(bytes(event.body)).hexdigest()
    )
    assert ledger.pushed(erased).verdicts[0].problem is None
    assert ledger.pushed(event).verdicts[0].status == "duplicate"


@pytest.mark.parametrize("together", [True, False])
def test_an_erasure_takes_the_words_out_of_every_copy(ledger: Ledger, writer: Writer, *, together: bool) -> None:
    target = writer.write(note("private"))
    erasure = writer.write({"target": target.id}, kind="event_erased")
    late_copy = Writer().write(note("private"), id=target.id)
    for request in [(target, erasure)] if together else [(target,), (erasure,)]:
        ledger.pushed(*request)
    reply = ledger.pushed(late_copy)
    assert reply.verdicts[0].problem is None
    texts = [bytes(record.event) for record in ledger.pushed().records]
    assert texts == [
        encode_event(without_words(target)),
        encode_event(erasure),
        encode_event(without_words(late_copy)),
    ]
    assert all(b"private" not in text for text in texts)
    assert ledger.pushed(target).verdicts[0].status == "duplicate"


def test_an_erasure_cannot_be_erased(ledger: Ledger, writer: Writer) -> None:
    target = writer.write()
    erasure = writer.write({"target": target.id}, kind="event_erased")
    second = writer.write({"target": erasure.id}, kind="event_erased")
    ledger.pushed(target, erasure, second)
    assert bytes(ledger.pushed().records[1].event) == encode_event(erasure)


def test_an_erasure_that_does_not_count_erases_nothing(ledger: Ledger, writer: Writer) -> None:
    target = writer.write(note("kept"))
    writer.write({"target": target.id}, kind="event_erased", id=target.id)
    ledger.pushed(*writer.events)
    assert b"kept" in bytes(ledger.pushed().records[0].event)


@given(st.data())
def test_pages_of_any_size_carry_every_record_once(data: st.DataObject) -> None:
    ledger, mine, others = Ledger(), Writer(), Writer()
    for writer in data.draw(st.lists(st.sampled_from([mine, others]), max_size=12)):
        ledger.pushed(writer.write())
    cursor, pulled, rounds = "0", set[int](), 0
    while True:
        before = int(cursor.partition(".")[0])
        resent = data.draw(st.lists(st.sampled_from(mine.events), max_size=3)) if mine.events else []
        limit = data.draw(st.integers(1, 4))
        reply = ledger.pushed(*sorted(resent, key=lambda event: event.seq), cursor=cursor, limit=limit)
        carried = {record.position for record in reply.records}
        answered = {verdict.position for verdict in reply.verdicts}
        assert len(carried) <= limit
        assert not carried & (pulled | answered)
        cursor, pulled, rounds = reply.cursor, pulled | carried, rounds + 1
        after = int(cursor.partition(".")[0])
        assert carried | answered >= set(range(before + 1, after + 1))
        assert reply.more == (after < reply.head)
        if not reply.more:
            break
    assert rounds <= reply.head + 1


def test_the_cursor_stops_before_what_this_reply_does_not_carry(ledger: Ledger, writer: Writer) -> None:
    other = Writer()
    ledger.pushed(*other.write_many(3))
    reply = ledger.pushed(writer.write(), limit=2)
    assert [record.position for record in reply.records] == [1, 2]
    assert reply.verdicts[0].position == 4
    assert reply.cursor.startswith("2.")
    assert reply.more


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"protocol": 2}, "$.protocol"),
        ({"protocol": 2, "replica": 3, "events": {}}, "$.protocol"),
        ({"replica": "somebody"}, "$.replica"),
        ({"sent_at": None}, "$.sent_at"),
        ({"sent_at": 2**53}, "$.sent_at"),
        ({"limit": 0}, "$.limit"),
        ({"events": {}}, "$.events"),
        ({"stamps": [None]}, "$.stamps"),
        ({"cursor": 0}, "$.cursor"),
        ({"cursor": ""}, "$.cursor"),
        ({"cursor": "1"}, "$.cursor"),
        ({"cursor": "01." + "0" * 64}, "$.cursor"),
        ({"cursor": "1." + "F" * 64}, "$.cursor"),
        ({"cursor": "1." + "0" * 64 + "\n"}, "$.cursor"),
    ],
)
def test_a_request_that_is_not_of_the_form_is_malformed(change: dict[str, Any], path: str) -> None:
    outcome = read_push(raw(request_of(ACCOUNT), **change), ACCOUNT)
    assert isinstance(outcome, Malformed)
    assert outcome.path == path


def test_a_request_that_is_not_utf_8_is_no_json_wherever_that_is(ledger: Ledger, writer: Writer) -> None:
    text = msgspec.json.encode(request_of(ACCOUNT, writer.write()))
    fault = ledger.send_text(text.replace(b'"stamps"', b'"stamp\xf3"'))
    assert isinstance(fault, Malformed)
    assert fault.path == "$"


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b"\xff", b'"' * 3, b"[" * 100_000, b'{"protocol": 1}'])
def test_what_is_no_request_is_malformed(text: bytes) -> None:
    assert isinstance(read_push(text, ACCOUNT), Malformed)


def test_unknown_fields_of_the_request_are_ignored_and_a_high_limit_is_lowered() -> None:
    push = read_push(raw(request_of(ACCOUNT), later={"x": 1.5}, limit=10**9), ACCOUNT)
    assert isinstance(push, Push)
    assert push.limit == 2000


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"seq": 0}, "$.events[1].seq"),
        ({"seq": 1.0}, "$.events[1].seq"),
        ({"v": True}, "$.events[1].v"),
        ({"id": "0190F3D8-0000-7000-8000-000000000000"}, "$.events[1].id"),
        ({"saw": {}}, "$.events[1].saw"),
        ({"saw": None}, "$.events[1].saw"),
        ({"extra": 1}, "$.events[1]"),
        ({"body_hash": "0" * 64}, "$.events[1]"),
        ({"body": {"é": 1}}, "$.events[1].body"),
        ({"body": {"deep": [[[[[[[[[[[[[[[]]]]]]]]]]]]]]]}}, "$.events[1].body.deep" + "[0]" * 14),
        ({"written": -(10**14)}, "$.events[1].written"),
    ],
)
def test_a_malformed_event_is_refused_with_its_place(
    ledger: Ledger, writer: Writer, change: dict[str, Any], path: str
) -> None:
    request = request_of(ACCOUNT, *writer.write_many(2))
    decoded = [msgspec.json.decode(event) for event in request.events]
    decoded[1] |= change
    outcome = read_push(raw(request, events=decoded), ACCOUNT)
    assert isinstance(outcome, Push)
    assert isinstance(outcome.broken, Malformed)
    assert outcome.broken.path == path
    assert ledger.send_text(raw(request, events=decoded)) == outcome.broken
    assert ledger.head() == 0


def test_only_so_many_events_fit_a_request(writer: Writer) -> None:
    request = request_of(ACCOUNT, writer.write())
    outcome = read_push(raw(request, events=[{}] * 1001), ACCOUNT)
    assert isinstance(outcome, TooLarge)


def test_only_so_many_bytes_fit_a_request() -> None:
    text = raw(request_of(ACCOUNT))
    assert isinstance(read_push(text + b" " * (4 * 1024 * 1024 - len(text)), ACCOUNT), Push)
    assert isinstance(read_push(text + b" " * (4 * 1024 * 1024 - len(text) + 1), ACCOUNT), TooLarge)


@pytest.mark.parametrize(("surplus", "fits"), [(0, True), (1, False)])
def test_an_event_may_have_16_kib_without_its_saw(ledger: Ledger, *, surplus: int, fits: bool) -> None:
    seen = [Writer() for _ in range(3)]
    ledger.pushed(*(writer.write() for writer in seen))
    plain = len(encode_event(Writer().write(note("x"))))
    said = note("x") | {"title": "x" * (1 + 16 * 1024 - plain + surplus)}
    outcome = ledger.push(Writer().write(said, saw={writer.replica: 1 for writer in seen}))
    assert isinstance(outcome, SyncReply) is fits
    if not fits:
        assert isinstance(outcome, TooLarge)
        assert outcome.path == "$.events[0]"


def test_another_account_is_refused() -> None:
    assert isinstance(read_push(raw(request_of(some_uuid())), ACCOUNT), WrongAccount)


def test_a_cursor_of_another_history_is_a_reset(ledger: Ledger, writer: Writer) -> None:
    ledger.pushed(writer.write())
    assert isinstance(ledger.push(cursor="1." + "0" * 64), Reset)
    assert isinstance(ledger.push(cursor="2." + "0" * 64), Reset)


def test_faults_are_found_in_the_order_of_the_protocol(ledger: Ledger, writer: Writer) -> None:
    """Each step mends what the step before complained of."""
    other = Writer()
    ledger.pushed(*writer.write_many(2))
    forked = writer.fork(1).write()
    gapped = other.fork(0)
    gapped.write_many(2)
    good = request_of(ACCOUNT, forked, gapped.events[1], cursor="9." + "0" * 64)
    events = [msgspec.json.decode(event) for event in good.events]
    steps: list[tuple[type[Fault], bytes]] = [
        (Malformed, raw(good, protocol=7, account="other", cursor="x", events=[{}] * 1001)),
        (WrongAccount, raw(good, account="other", cursor="x", events=[{}] * 1001)),
        (TooLarge, raw(good, cursor="x", events=[{}] * 1001)),
        (Malformed, raw(good, cursor="x", events=[{}])),
        (Reset, raw(good, events=[{}])),
        (Malformed, raw(good, cursor="0", events=[{}, *events])),
        (Fork, raw(good, cursor="0", events=[*events, {}])),
        (Gap, raw(good, cursor="0", events=[*events[1:], {}])),
        (Malformed, raw(good, cursor="0", events=[{}])),
    ]
    found = [ledger.send_text(text) for _, text in steps]
    assert [type(fault) for fault in found] == [kind for kind, _ in steps]
    assert ledger.head() == 2
