"""Reports: folded on demand, cached, and never from a history or code that is not the present one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec
import pytest
from support.chains import NOON_MS, Writer, request_of, some_uuid
from support.servers import Lifter, assert_problem

from events.envelope import Record
from events.protocol import Malformed, SyncReply
from projections.ledger import REPORTS, Ledger, fingerprint
from server.errors import UnavailableError
from server.faults import UnknownReport
from server.folding import Fold, FoldCode, present_fold
from server.memory_store import MemoryStore
from server.reports import CHECKPOINT_EVERY, Answer, Question, Reports, Unchanged
from server.service import Service
from server.store import Store

ACCOUNT = some_uuid("account")


class CountingFold:
    """Lists the ids that it was given, and says how it came by them."""

    applied = 0
    restored = 0

    def __init__(self, ids: list[str] | None = None) -> None:
        self.ids = ids or []
        self.position = len(self.ids)

    def apply(self, arrivals: Iterable[Record]) -> None:
        for record in arrivals:
            if record.event.type == "unfoldable":
                raise ZeroDivisionError
            type(self).applied += 1
            self.position += 1
            assert record.position == self.position
            self.ids.append(record.event.id)

    def report(self, name: str, as_of: int | None = None, **_: bool) -> dict[str, Any]:
        return {"report": name, "position": self.position, "as_of": as_of, "ids": self.ids}

    def digest(self) -> str:
        return "digest"

    def checkpoint(self) -> dict[str, bytes]:
        return {"ids": msgspec.json.encode(self.ids)}


def counting_code(version: str = "code") -> FoldCode:
    def restore(parts: Mapping[str, bytes], replay: Callable[[], Fold]) -> Fold:
        if "ids" not in parts:
            return replay()
        CountingFold.restored += 1
        return CountingFold(msgspec.json.decode(parts["ids"]))

    CountingFold.applied = CountingFold.restored = 0
    return FoldCode(
        fingerprint=version,
        reports=("ids",),
        empty=CountingFold,
        restore=restore,
        log=lambda _, page, before, _as_of: {"page": [record.position for record in page], "before": before},
        encode_report=msgspec.json.encode,
    )


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def writer() -> Writer:
    return Writer()


def push(store: Store, writer: Writer, count: int) -> None:
    for event in writer.write_many(count):
        reply = Service(store, lambda: NOON_MS).endpoint(ACCOUNT, some_uuid()).sync(request_of(ACCOUNT, event))
        assert isinstance(reply, SyncReply)


def answer(reports: Reports, **question: Any) -> dict[str, Any]:  # noqa: ANN401  (Question's)
    given = reports.answer(ACCOUNT, Question(**{"name": "ids"} | question))
    assert isinstance(given, Answer), given
    decoded: dict[str, Any] = json.loads(given.body)
    return decoded


def test_only_what_is_new_is_folded(store: MemoryStore, writer: Writer) -> None:
    reports = Reports(store, counting_code())
    assert answer(reports)["ids"] == []
    for count in (3, 2):
        push(store, writer, count)
        assert answer(reports)["ids"] == [event.id for event in writer.events]
    assert CountingFold.applied == 5


def test_a_checkpoint_is_kept_now_and_then_and_gone_on_from(store: MemoryStore, writer: Writer) -> None:
    push(store, writer, CHECKPOINT_EVERY)
    answer(Reports(store, counting_code()))
    push(store, writer, 1)
    assert len(answer(Reports(store, counting_code()))["ids"]) == CHECKPOINT_EVERY + 1
    assert (CountingFold.restored, CountingFold.applied) == (1, 1)


@pytest.mark.parametrize("part", ["head", "at hand", "sessions", "problems"])
def test_a_part_of_a_checkpoint_that_is_damaged_is_made_again(store: MemoryStore, writer: Writer, part: str) -> None:
    push(store, writer, CHECKPOINT_EVERY)
    Reports(store, present_fold()).overview(ACCOUNT)
    checkpoint = store.read(lambda ledgers: ledgers.checkpoint(ACCOUNT))
    assert checkpoint is not None
    harmed = msgspec.structs.replace(checkpoint, parts=checkpoint.parts | {part: b"not what was packed"})
    store.write(lambda ledgers: ledgers.keep_checkpoint(ACCOUNT, harmed))
    push(store, writer, 2)
    told = Reports(store, present_fold()).overview(ACCOUNT)
    store.write(
        lambda ledgers: ledgers.keep_checkpoint(ACCOUNT, msgspec.structs.replace(harmed, fingerprint="other"))
    )
    assert told == Reports(store, present_fold()).overview(ACCOUNT)


def test_a_checkpoint_of_other_code_is_not_used(store: MemoryStore, writer: Writer) -> None:
    push(store, writer, CHECKPOINT_EVERY)
    answer(Reports(store, counting_code()))
    answer(Reports(store, counting_code("newer code")))
    assert (CountingFold.restored, CountingFold.applied) == (0, CHECKPOINT_EVERY)


def test_what_stands_on_another_history_is_folded_anew(store: MemoryStore, writer: Writer) -> None:
    """A server restored from a backup: the store is another one, the cache and its checkpoint are not."""
    push(store, writer, CHECKPOINT_EVERY)
    reports = Reports(store, counting_code())
    answer(reports)
    checkpoint = store.read(lambda ledgers: ledgers.checkpoint(ACCOUNT))
    assert checkpoint is not None
    restored = MemoryStore()
    other = Writer()
    push(restored, other, 2)
    restored.write(lambda ledgers: ledgers.keep_checkpoint(ACCOUNT, checkpoint))
    reports._store = restored  # noqa: SLF001  (as if the file had been replaced)
    assert answer(reports)["ids"] == [event.id for event in other.events]


def test_a_fold_that_failed_is_not_gone_on_from(store: MemoryStore, writer: Writer) -> None:
    push(store, writer, 2)
    reports = Reports(store, counting_code())
    answer(reports)
    Service(store, lambda: NOON_MS).endpoint(ACCOUNT, some_uuid()).sync(
        request_of(ACCOUNT, writer.write(), writer.write(kind="unfoldable"))
    )
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            answer(reports)


def test_an_answer_is_at_hand_until_the_ledger_grows(store: MemoryStore, writer: Writer) -> None:
    push(store, writer, 2)
    reports = Reports(store, counting_code())
    question = Question(name="ids")
    assert reports.at_hand(ACCOUNT, question) is None
    given = reports.answer(ACCOUNT, question)
    assert isinstance(given, Answer)
    assert reports.at_hand(ACCOUNT, question) == given
    assert reports.at_hand(ACCOUNT, question, {given.tag}) == Unchanged(given.tag)
    assert reports.at_hand(ACCOUNT, Question(name="ids", as_of=1)) is None
    push(store, writer, 1)
    assert reports.at_hand(ACCOUNT, question, {given.tag}) is None
    assert answer(reports)["position"] == 3


def test_the_answers_given_last_are_at_hand_up_to_a_size(
    store: MemoryStore, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    push(store, writer, 1)
    reports = Reports(store, counting_code())
    questions = [Question(name="ids", as_of=day) for day in range(3)]
    given = [reports.answer(ACCOUNT, question) for question in questions]
    assert isinstance(given[0], Answer)
    monkeypatch.setattr("server.reports.AT_HAND_BYTES", 2 * len(given[0].body))
    answer(reports, as_of=3)
    assert [reports.at_hand(ACCOUNT, question) for question in questions] == [None, None, given[2]]
    monkeypatch.setattr("server.reports.AT_HAND_BYTES", 1)
    last = reports.answer(ACCOUNT, questions[0])
    assert [reports.at_hand(ACCOUNT, question) for question in questions] == [last, None, None]


def test_what_was_known_then_is_folded_from_the_first_records(store: MemoryStore, writer: Writer) -> None:
    push(store, writer, 3)
    reports = Reports(store, counting_code())
    for known_at in range(4):
        assert answer(reports, known_at=known_at)["ids"] == [event.id for event in writer.events[:known_at]]
    beyond = reports.answer(ACCOUNT, Question(name="ids", known_at=4))
    assert isinstance(beyond, Malformed)
    assert beyond.path == "$.known_at"


def test_a_tag_names_all_that_an_answer_depends_on(store: MemoryStore, writer: Writer) -> None:
    push(store, writer, 2)
    reports = Reports(store, counting_code())
    questions = [
        Question(name="ids"),
        Question(name="ids", as_of=7),
        Question(name="ids", known_at=1),
        Question(name="ids", explain=True),
        Question(name="log"),
        Question(name="log", before=2),
    ]

    def tags(asked: Reports) -> list[str]:
        given = [asked.answer(ACCOUNT, question) for question in questions]
        return [one.tag for one in given if isinstance(one, Answer)]

    first = tags(reports)
    assert len(set(first)) == len(questions)
    assert tags(reports) == first
    assert not set(tags(Reports(store, counting_code("newer code")))) & set(first)
    assert reports.answer(ACCOUNT, questions[0], set(first)) == Unchanged(first[0])
    push(store, writer, 1)
    assert not set(tags(reports)) & set(first)


def test_the_log_comes_in_pages_that_lead_on(store: MemoryStore, writer: Writer) -> None:
    push(store, writer, 5)
    reports = Reports(store, counting_code())
    pages, before = [], None
    while True:
        page = answer(reports, name="log", before=before, limit=2)
        pages.append(page["page"])
        before = page["before"]
        if before is None:
            break
    assert pages == [[4, 5], [2, 3], [1]]
    assert answer(reports, name="log", known_at=3, limit=9)["page"] == [1, 2, 3]


def test_only_so_many_ledgers_are_kept_in_memory(
    store: MemoryStore, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.reports.CACHED_LEDGERS", 1)
    push(store, writer, 2)
    reports = Reports(store, counting_code())
    answer(reports)
    reports.overview(some_uuid())
    answer(reports)
    assert CountingFold.applied == 4


def test_an_unknown_report_is_told_with_those_that_there_are(store: MemoryStore) -> None:
    outcome = Reports(store, counting_code()).answer(ACCOUNT, Question(name="horoscope"))
    assert isinstance(outcome, UnknownReport)
    assert outcome.reports == ("ids", "log")


def test_a_checkpoint_that_cannot_be_kept_costs_no_answer(
    store: MemoryStore, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: object) -> None:
        raise UnavailableError("The disk is full.")

    push(store, writer, CHECKPOINT_EVERY)
    monkeypatch.setattr(store, "write", full)
    assert len(answer(Reports(store, counting_code()))["ids"]) == CHECKPOINT_EVERY


def test_the_server_folds_as_any_device_does(lifter: Lifter) -> None:
    records = [
        Record(position=verdict.position, stamp=None, event=event)
        for event in Writer().write_many(3)
        for verdict in lifter.sync(event).verdicts
    ]
    ledger = Ledger()
    ledger.apply(records)
    overview = lifter.client.get("/v1/reports").json()
    assert overview["reports"] == [*REPORTS, "log"]
    assert (overview["head"], overview["fingerprint"]) == (3, fingerprint())
    assert len(overview["digest"]) == 64
    for name in overview["reports"]:
        report = lifter.client.get(f"/v1/reports/{name}").raise_for_status().json()
        assert (report["report"], report["position"]) == (name, 3)


def test_an_unchanged_report_is_not_sent_again(lifter: Lifter) -> None:
    lifter.sync(Writer().write())
    path = "/v1/reports/sessions?as_of=2025-12-01"
    first = lifter.client.get(path)
    tag = first.headers["etag"]
    assert first.json()["as_of"] == "2025-12-01"
    for held in (tag, f'"other", {tag}', tag.removeprefix("W/")):
        again = lifter.client.get(path, headers={"If-None-Match": held})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    lifter.sync(Writer().write())
    assert lifter.client.get(path, headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ("as_of=yesterday", "$.as_of"),
        ("as_of=2025-02-30", "$.as_of"),
        ("known_at=-1", "$.known_at"),
        ("known_at=two", "$.known_at"),
        ("known_at=99", "$.known_at"),
        ("explain=perhaps", "$.explain"),
        ("limit=0", "$.limit"),
    ],
)
def test_bad_parameters_are_malformed(lifter: Lifter, query: str, path: str) -> None:
    assert_problem(lifter.client.get(f"/v1/reports/volume?{query}"), 400, "malformed", path=path)


def test_an_unknown_report_is_a_problem(lifter: Lifter) -> None:
    answer = lifter.client.get("/v1/reports/horoscope", headers={"If-None-Match": "*"})
    assert_problem(answer, 404, "unknown_report")
    assert "volume" in answer.json()["reports"]
