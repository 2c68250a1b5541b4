"""What is laid by of a history leaves no trace in any report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.ledgers import World, fold, histories, reports, unstamped
from support.trainings import trainings

from events import Record
from events.quantities import DAY_MS
from projections import clocks, courses, practice
from projections.ledger import Ledger


@pytest.fixture(autouse=True, scope="module")
def short_memory() -> Iterator[None]:
    """Stretches of a day, and only what is last at hand, so that short histories have much to lay by."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(courses, "STRETCH_MS", DAY_MS)
        patched.setattr(practice, "KEPT", 1)
        patched.setattr(clocks, "TAIL", 3)
        yield


def until(ledger: Ledger, share: float) -> int:
    """The moment by which a share of the facts had happened."""
    times = sorted(fact.time for of_type in ledger.facts.effective.values() for fact in of_type.values())
    return times[min(len(times) - 1, int(share * len(times)))] if times else 0


def laid_by(ledger: Ledger, share: float) -> Ledger:
    """The ledger, gone on from a checkpoint that lays by what is older than a share of its facts."""
    restored = Ledger.restore(ledger.checkpoint(until(ledger, share)))
    assert restored is not None
    return restored


def in_batches(records: Sequence[Record], data: st.DataObject) -> Iterator[Sequence[Record]]:
    while records:
        size = data.draw(st.integers(1, len(records)))
        yield records[:size]
        records = records[size:]


@given(trainings(), st.floats(0, 1), st.data())
def test_a_ledger_that_laid_something_by_goes_on_as_one_that_did_not(
    known: tuple[World, int], old: float, data: st.DataObject
) -> None:
    world, count = known
    ledger, done = laid_by(fold(world.records[:count]), old), count
    for batch in in_batches(world.records[count:], data):
        ledger.apply(batch)
        done += len(batch)
        assert reports(ledger) == reports(fold(world.records[:done]))
    assert reports(laid_by(ledger, old)) == reports(ledger)
    assert ledger.digest() == fold(world.records).digest()


@given(trainings(), st.floats(0, 1), st.integers(0, 20), st.data())
def test_what_waits_in_the_outbox_is_kept_and_takes_its_stamps(
    known: tuple[World, int], old: float, waiting: int, data: st.DataObject
) -> None:
    world, count = known
    acknowledged = max(0, count - waiting)
    pending = [unstamped(record) for record in world.records[acknowledged:]]
    before = [*world.records[:acknowledged], *pending[: count - acknowledged]]
    ledger, done = laid_by(fold(before), old), list(before)
    assert reports(ledger) == reports(fold(before))
    for batch in in_batches(pending[count - acknowledged :], data):
        ledger.apply(batch)
        done += batch
        assert reports(ledger) == reports(fold(done))
    for batch in in_batches(world.records[acknowledged:], data):
        ledger.apply(batch)
    assert reports(ledger) == reports(fold(world.records))


@given(histories(), st.floats(0, 1), st.floats(0, 1))
def test_whatever_was_written_can_be_laid_by(world: World, share: float, old: float) -> None:
    half = round(share * len(world.records))
    ledger = laid_by(fold(world.records[:half]), old)
    ledger.apply(world.records[half:])
    assert reports(ledger) == reports(fold(world.records))


@given(trainings(), st.floats(0, 1), st.data())
def test_what_is_lost_of_the_archive_is_made_again(known: tuple[World, int], old: float, data: st.DataObject) -> None:
    world, count = known
    whole, done = fold(world.records[:count]), count
    parts = whole.checkpoint(until(whole, old))
    for part in data.draw(st.sets(st.sampled_from(["archive", "names", "past", "at hand", "exercises", "days"]))):
        parts.pop(part, None)
    ledger = Ledger.restore(parts, replay=lambda: fold(world.records[:done]))
    assert ledger is not None
    for batch in in_batches(world.records[count:], data):
        done += len(batch)
        ledger.apply(batch)
        assert reports(ledger) == reports(fold(world.records[:done]))
    assert ledger.digest() == fold(world.records).digest()
