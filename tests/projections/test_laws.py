"""The laws of PROTOCOL.md that the folds keep."""

from __future__ import annotations

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from support.chains import some_uuid
from support.ledgers import (
    World,
    fold,
    histories,
    interleavings,
    reports,
    unstamped,
    without_words,
)

from events.corrections import EventErased, FactRestored, FactVoided
from events.quantities import parse_day
from projections.ledger import Ledger


@given(st.data())
def test_law_1_the_order_of_arrival_duplicates_and_batches_leave_no_trace(data: st.DataObject) -> None:
    world = data.draw(histories())
    straight = fold(world.records)
    order = data.draw(interleavings(world.records))
    shuffled = fold(order, batches=data.draw(st.integers(1, len(order) + 1)))
    assert reports(shuffled) == reports(straight)
    assert shuffled.digest() == straight.digest()


@given(histories(), st.integers(0, 40))
def test_law_1_holds_for_every_day_that_a_report_is_asked_for(world: World, back: int) -> None:
    straight, stepwise = fold(world.records), fold(world.records, batches=len(world.records) + 1)
    if straight.latest_day is not None:
        as_of = parse_day(straight.latest_day) - back
        assert reports(stepwise, as_of) == reports(straight, as_of)


@given(histories(), st.floats(0, 1))
def test_law_2_a_checkpoint_on_the_way_changes_nothing(world: World, share: float) -> None:
    half = round(share * len(world.records))
    saved = fold(world.records[:half], batches=3)
    restored = Ledger.restore(saved.checkpoint())
    assert restored is not None
    assert reports(restored) == reports(saved)
    restored.apply(world.records[half:])
    assert reports(restored) == reports(fold(world.records))
    assert restored.digest() == fold(world.records).digest()


@given(histories(), st.data())
def test_law_2_asking_for_reports_on_the_way_changes_nothing(world: World, data: st.DataObject) -> None:
    asked = Ledger()
    for record in data.draw(interleavings(world.records)):
        asked.apply([record])
        reports(asked)
    assert reports(asked) == reports(fold(world.records))


@given(histories(), st.data())
def test_law_5_voiding_and_restoring_leaves_every_report_as_if_neither_had_happened(
    world: World, data: st.DataObject
) -> None:
    plain = fold(world.records)
    voided_before = plain.facts.edits.keys()
    targets = sorted(
        {fact.id for facts in plain.facts.effective.values() for fact in facts.values()}
        | {container for container in plain.facts._members}  # noqa: SLF001
        - voided_before
    )
