"""The fold as a whole: positions, days asked for, checkpoints and digests."""

from __future__ import annotations

import zlib
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.chains import NOON_MS
from support.facts import a_set, start
from support.ledgers import World, fold, histories, ledger_of, reports, unstamped

from events import UnknownNameError
from events.codec import Codec
from events.corrections import ImportStarted
from events.profile import ProfileChanged
from events.quantities import DAY_MS, local_day
from events.training import ExerciseDefined, ExerciseMatched
from projections import checkpoints as module
from projections import fingerprint as names
from projections.fingerprint import edition
from projections.ledger import REPORTS, Ledger, encode_report, fingerprint


def test_an_empty_ledger_has_every_report() -> None:
    empty = Ledger()
    for name in REPORTS:
        report = empty.report(name)
        assert (report["report"], report["position"], report["as_of"]) == (name, 0, None)
    assert empty.latest_day is None


def test_applying_nothing_changes_nothing() -> None:
    ledger = ledger_of(a_set(reps=8))
    before = reports(ledger)
    ledger.apply([])
    assert reports(ledger) == before


def test_the_position_is_the_last_that_was_applied_in_whatever_order() -> None:
    world = World()
    phone, tablet = world.replica(), world.replica()
    phone.write(a_set(reps=8))
    tablet.write(a_set(reps=8))
    world.sync()
    assert fold(world.records[::-1], batches=2).position == 2
    assert fold(map(unstamped, world.records)).position == 0


def test_an_event_that_comes_before_an_earlier_one_of_its_replica_is_refused() -> None:
    world = World()
    phone = world.replica()
    phone.write(a_set(reps=8))
    phone.write(a_set(reps=8))
    world.sync()
    with pytest.raises(ValueError, match=r"event 2 of .* came when 1 was due"):
        fold(world.records[1:])


def test_a_report_that_does_not_exist_is_refused_with_those_that_do() -> None:
    with pytest.raises(UnknownNameError, match="There is no report 'horoscope'") as caught:
        Ledger().report("horoscope")
    assert caught.value.suggestions == REPORTS


def test_a_report_is_made_for_the_latest_day_on_which_something_happened() -> None:
    bookkeeping = [
        ProfileChanged(week_start=6),
        ExerciseDefined(exercise="zercher", name="Zercher"),
        ExerciseMatched(exercise="zercher", same_as="front_squat"),
        ImportStarted(import_=start().session, app="strong", file_sha256="0" * 64, dialect="comma", options={}),
    ]
    world = World()
    phone = world.replica()
    phone.write(a_set(reps=8))
    world.wait(DAY_MS)
    for body in bookkeeping:
        phone.write(body)
    world.sync()
    assert fold(world.records).report("volume")["as_of"] == "2025-11-22"
    assert ledger_of(*bookkeeping).latest_day is None


@given(histories(), st.integers(-5, 5))
def test_a_report_for_the_latest_day_or_a_later_one_sees_everything(world: World, ahead: int) -> None:
    ledger = fold(world.records)
    latest = ledger.view.latest
    if latest is not None:
        assert reports(ledger, latest) == reports(ledger)
        sets = [row["exercises"] for row in ledger.report("sessions", latest + abs(ahead))["sessions"]]
        assert sets == [row["exercises"] for row in ledger.report("sessions")["sessions"]]


def test_what_happened_later_is_not_in_the_reports_of_a_day() -> None:
    world = World()
    phone = world.replica()
    phone.write(a_set(load="100kg", reps=5))
    world.wait(DAY_MS)
    phone.write(a_set(load="110kg", reps=5))
    world.sync()
    ledger = fold(world.records)
    (best,) = ledger.report("records", local_day(NOON_MS, 0))["exercises"]
    assert best["heaviest"]["load"]["milli"] == 100_000
    assert len(ledger.report("sessions", local_day(NOON_MS, 0) - 1)["sessions"]) == 0


def test_reports_are_canonical_json() -> None:
    assert encode_report({"b": 1, "a": {"é": None}}) == '{"a":{"é":null},"b":1}'.encode()


# Checkpoints.


def test_a_checkpoint_of_other_code_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    saved = ledger_of(a_set(reps=8)).checkpoint()
    assert Ledger.restore(saved) is not None
    monkeypatch.setattr(module, "fingerprint", lambda _: "of another version")
    assert Ledger.restore(saved) is not None, "the files are the same, so nobody asks what is in them"
    monkeypatch.setattr(module, "edition", lambda _: "of another version")
    assert Ledger.restore(saved) is None


@pytest.mark.parametrize("damaged", [b"", b"\x00", b"nonsense", b"\x80", zlib.compress(b"\x80")])
def test_a_damaged_checkpoint_is_refused(damaged: bytes) -> None:
    assert Ledger.restore({}) is None
    assert Ledger.restore(ledger_of(a_set(reps=8)).checkpoint() | {"head": damaged}) is None


@given(histories(), st.data())
def test_parts_of_a_checkpoint_that_are_lost_are_made_again(world: World, data: st.DataObject) -> None:
    whole = fold(world.records)
    parts = whole.checkpoint()
    for part in data.draw(st.sets(st.sampled_from(sorted(parts.keys() - {"head"})))):
        lost = data.draw(st.sampled_from([None, b"", parts[part][:-1], fold(world.records[:-1]).checkpoint()[part]]))
        parts = {name: packed for name, packed in parts.items() if name != part or lost is not None}
        if lost is not None:
            parts[part] = lost
    asked = data.draw(st.permutations(REPORTS))
    restored = Ledger.restore(parts, replay=lambda: fold(world.records))
    assert restored is not None
    assert [encode_report(restored.report(name)) for name in asked] == [
        encode_report(whole.report(name)) for name in asked
    ]
    assert restored.digest() == whole.digest()


def test_without_the_events_nothing_is_gone_on_from() -> None:
    parts = ledger_of(a_set(reps=8)).checkpoint()
    restored = Ledger.restore({name: packed for name, packed in parts.items() if name != "at hand"})
    assert restored is not None
    with pytest.raises(LookupError, match="the events of this checkpoint are lost"):
        assert restored.facts


@given(histories())
def test_a_restored_ledger_gives_every_report_in_any_order_and_saves_itself_again(world: World) -> None:
    whole = fold(world.records)
    for name in REPORTS:
        restored = Ledger.restore(whole.checkpoint())
        assert restored is not None
        assert encode_report(restored.report(name)) == encode_report(whole.report(name))
        assert restored.latest_day == whole.latest_day
    again = Ledger.restore(restored.checkpoint()) if restored is not None else None
    assert again is not None
    assert (again.position, again.digest()) == (whole.position, whole.digest())


@given(histories(), st.integers(0, 40))
def test_a_restored_ledger_reports_on_former_days(world: World, back: int) -> None:
    whole = fold(world.records)
    restored = Ledger.restore(whole.checkpoint())
    assert restored is not None
    if whole.view.latest is not None:
        as_of = whole.view.latest - back
        assert reports(restored, as_of) == reports(whole, as_of)


def test_the_fingerprint_names_the_code_that_folds() -> None:
    assert len(fingerprint()) == 64
    assert fingerprint() == fingerprint()


def test_code_that_was_replaced_under_a_process_does_not_lend_it_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "some_fold" / "__init__.py"
    source.parent.mkdir()
    source.write_text("old")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(names, "_FOLD", (source.parent.name,))
    running, next_one = Codec({}), Codec({})
    edition(running)
    source.write_text("new")
    assert fingerprint(next_one) not in {fingerprint(running), fingerprint()}


def test_a_ledger_restored_from_a_checkpoint_takes_the_stamps_of_its_outbox() -> None:
    world = World()
    world.replica().write(a_set(reps=8))
    world.sync()
    restored = Ledger.restore(fold(map(unstamped, world.records)).checkpoint())
    assert restored is not None
    restored.apply(world.records)
    assert reports(restored) == reports(fold(world.records))


def test_an_event_may_be_applied_again_without_its_words() -> None:
    """As a server sends it that has erased it: what was known of it stays, until the erasure itself comes."""
    world = World()
    world.replica().write(a_set(reps=8))
    world.sync()
    ledger = fold(world.records)
    erased = msgspec.structs.replace(world.records[0].event, body=msgspec.UNSET, body_hash="0" * 64)
    ledger.apply([msgspec.structs.replace(world.records[0], event=erased)])
    assert reports(ledger) == reports(fold(world.records))
