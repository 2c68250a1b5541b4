"""Old code and new: what one version can't read it keeps and lists, and the next counts it, once."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from msgspec import UNSET
from support.ledgers import World, histories

from client_sdk.memory_store import MemoryStore
from client_sdk.replica import Replica
from client_sdk.store import Pulled
from events import Invalid, Known, Load, Record, Stamp, Unknown
from events.codec import CODEC, FACTS, Body, Codec, Upcast
from events.envelope import Event, encode_event, stored_event
from events.identifiers import Uuid
from events.training import SetLogged
from projections.fingerprint import fingerprint
from projections.ledger import REPORTS, Ledger, encode_report

GOLDEN = Path(__file__).parents[1] / "golden" / "events.ndjson"

UNLEARNED = {"drill_logged", "exercise_matched", "slot_moved", "fact_restored"}
OLD = Codec({key: body for key, body in FACTS.items() if key[0] not in UNLEARNED})
"""A version from before some kinds of fact were thought of."""


class First(Body, frozen=True, kw_only=True):
    """A set as nobody ever logged it: with the load in grams."""

    set: Uuid
    session: Uuid
    exercise: str
    grams: int
    reps: int | None = None


class Second(Body, frozen=True, kw_only=True):
    """Then with the load in a unit."""

    set: Uuid
    session: Uuid
    exercise: str
    load: Load
    reps: int | None = None


def _with_unit(first: First) -> Second:
    said = msgspec.structs.asdict(first)
    return Second(load=Load(said.pop("grams"), "kg"), **said)


def _with_kind(second: Second) -> SetLogged:
    return SetLogged(kind="working", **msgspec.structs.asdict(second))


LONG_LIVED = Codec(
    FACTS, {("set_logged", -1): Upcast(First, _with_unit), ("set_logged", 0): Upcast(Second, _with_kind)}
)
"""A version that has seen two others come and go."""


class Tomorrow(SetLogged, frozen=True, kw_only=True):
    """A set of the next version, which has a field of its own."""

    mood: int


def _with_mood(today: SetLogged) -> Tomorrow:
    return Tomorrow(mood=3, **msgspec.structs.asdict(today))


TOMORROW = Codec(
    {key: body for key, body in FACTS.items() if key[0] != "set_logged"} | {("set_logged", 2): Tomorrow},
    {("set_logged", 1): Upcast(SetLogged, _with_mood)},
)


def golden_records() -> list[Record]:
    lines = [msgspec.json.decode(line) for line in GOLDEN.read_bytes().splitlines()]
    events = [stored_event(msgspec.json.encode(line["event"])) for line in lines]
    return [Record(position=n, stamp=Stamp(e.written, 0), event=e) for n, e in enumerate(events, 1)]


def reports(ledger: Ledger) -> dict[str, bytes]:
    return {name: encode_report(ledger.report(name)) for name in REPORTS}


def folded(records: list[Record], codec: Codec = CODEC) -> Ledger:
    ledger = Ledger(codec)
    ledger.apply(records)
    return ledger


def said(version: int, **body: object) -> Event:
    golden = next(record.event for record in golden_records() if record.event.type == "set_logged")
    return msgspec.structs.replace(golden, v=version, body=msgspec.Raw(msgspec.json.encode(body)), saw=UNSET)


@given(histories())
def test_what_old_code_kept_and_listed_counts_once_after_the_update(world: World) -> None:
    store = MemoryStore("0197f3a0-0000-4000-8000-000000000001")
    local = store.local()
    pulled = [
        Pulled(record.position or 0, record.stamp or Stamp(0, 0), record.event, encode_event(record.event))
        for record in world.records
    ]
    store.advance(local, pulled, cursor="1", head_hash=bytes(32), now=0)
    old = Replica(store, codec=OLD)
    listed = {row["event"] for row in old.report("problems")["problems"] if row["code"] == "unknown_type"}
    old.status()
    new = folded(world.records)
    unlearned = {entry.id for entry in new.facts.entries.visible() if entry.type in UNLEARNED}
    assert unlearned - old.ledger().facts.entries.erased.keys() <= listed
    assert reports(Replica(store).ledger()) == reports(new)
    assert Replica(store).status()["digest"] == new.digest()


def test_versions_that_read_different_things_are_told_apart() -> None:
    assert len({fingerprint(codec) for codec in (OLD, CODEC, LONG_LIVED, TOMORROW)}) == 4
    assert fingerprint() == fingerprint(CODEC)


def test_a_former_version_is_read_step_by_step() -> None:
    names = dict.fromkeys(("set", "session"), "019aaaac-2600-7864-8589-13a27cb44824")
    today = Known(SetLogged(**names, exercise="back_squat", kind="working", load=Load(100_000, "kg"), reps=5))
    first = said(-1, **names, exercise="back_squat", grams=100_000, reps=5)
    second = said(0, **names, exercise="back_squat", load={"milli": 100_000, "unit": "kg"}, reps=5)
    assert LONG_LIVED.read(first) == LONG_LIVED.read(second) == today
    assert isinstance(CODEC.read(first), Unknown)


def test_a_former_version_keeps_its_own_schema() -> None:
    reading = LONG_LIVED.read(said(-1, exercise="back_squat", load={"milli": 1, "unit": "kg"}))
    assert isinstance(reading, Invalid)


def test_a_version_that_is_newer_still_is_unknown_in_its_version() -> None:
    reading = TOMORROW.read(said(3))
    assert isinstance(reading, Unknown)
    assert reading.problem.path == "$.v"


@pytest.mark.parametrize("codec", [CODEC, LONG_LIVED, TOMORROW], ids=["today", "long-lived", "tomorrow"])
def test_the_corpus_of_every_version_ever_written_counts_in_every_later_one(codec: Codec) -> None:
    ledger = folded(golden_records(), codec)
    unread = {row["type"] for row in ledger.report("problems")["problems"] if row["code"] == "unknown_type"}
    assert unread == {"moon_phase_noted"}
    assert reports(ledger) == reports(folded(golden_records()))
    restored = Ledger.restore(ledger.checkpoint(), codec)
    assert restored is not None
    restored.apply(golden_records()[:1])
    assert reports(restored) == reports(ledger)
