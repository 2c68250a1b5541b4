"""The laws of PROTOCOL.md that the folds keep."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from support import diaries
from support.chains import some_uuid
from support.ledgers import (
    DRILLS,
    SETS,
    SLOTS,
    TARGETS,
    World,
    bodies,
    fold,
    histories,
    interleavings,
    renumberings,
    reports,
    unstamped,
    without_words,
)

from events import Known, Record, read
from events.codec import FACTS
from events.corrections import FactRestored, FactVoided
from events.quantities import parse_day
from projections.diary import KINDS
from projections.fields import CREATED_BY
from projections.ledger import REPORTS, Ledger, encode_report

searching = settings(max_examples=2 * settings().max_examples)
"""The laws are looked at harder than the rest."""


@searching
@given(st.data())
def test_law_1_the_order_of_arrival_duplicates_and_batches_leave_no_trace(data: st.DataObject) -> None:
    world = data.draw(histories())
    straight = fold(world.records)
    order = data.draw(interleavings(world.records))
    shuffled = fold(order, batches=data.draw(st.integers(1, len(order) + 1)))
    assert reports(shuffled) == reports(straight)
    assert shuffled.digest() == straight.digest()


@searching
@given(histories(), st.integers(0, 40))
def test_law_1_holds_for_every_day_that_a_report_is_asked_for(world: World, back: int) -> None:
    straight, stepwise = fold(world.records), fold(world.records, batches=len(world.records) + 1)
    if straight.latest_day is not None:
        as_of = parse_day(straight.latest_day) - back
        assert reports(stepwise, as_of) == reports(straight, as_of)


@searching
@given(histories(), st.data())
def test_laws_1_and_2_hold_for_the_diary_that_reports_are_made_of(world: World, data: st.DataObject) -> None:
    straight = fold(world.records)
    order = data.draw(interleavings(world.records))
    shuffled = fold(order, batches=data.draw(st.integers(1, len(order) + 1)))
    restored = Ledger.restore(shuffled.checkpoint())
    assert restored is not None
    assert shuffled.view.noted(*KINDS) == straight.view.noted(*KINDS)
    assert restored.view.noted(*KINDS) == straight.view.noted(*KINDS)


@searching
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


@searching
@given(histories(), st.data())
def test_law_2_asking_for_reports_on_the_way_changes_nothing(world: World, data: st.DataObject) -> None:
    asked = Ledger()
    for record in data.draw(interleavings(world.records)):
        asked.apply([record])
        reports(asked)
    assert reports(asked) == reports(fold(world.records))


@searching
@given(histories(), st.data())
def test_law_5_voiding_and_restoring_leaves_every_report_as_if_neither_had_happened(
    world: World, data: st.DataObject
) -> None:
    plain = fold(world.records)
    edited = {body.target for body in bodies(world, FactVoided | FactRestored)}
    target = data.draw(st.sampled_from([name for name in TARGETS if name not in edited]))
    first, second, _ = world.replicas
    world.wait(1)  # a sync of its own: what is written tells of the clocks of its sync, too
    # Under ids of their own: a correction in the history may name the id that the next event would have got.
    first.write(FactVoided(target=target), id=some_uuid("void"))
    world.sync()
    second.write(FactRestored(target=target), id=some_uuid("restore"))
    world.sync()
    assert reports(fold(world.records), position=False) == reports(plain, position=False)


@searching
@given(histories(), st.data())
def test_law_5_a_void_fact_is_as_if_it_had_never_been_said(world: World, data: st.DataObject) -> None:
    """But for what was written of it at odds (``conflicts``), and edits of it that can't count (``problems``)."""
    named = {event.id for event in world.events if event.type not in _CALLED_BY_THEIR_EVENT}
    unnamed = sorted({event.id for event in world.events} - named)  # an id that another event bears, too, names that
    target = data.draw(st.sampled_from([*SETS, *DRILLS, *SLOTS, *diaries.NAMES, *unnamed]))
    world.replicas[0].write(FactVoided(target=target), id=some_uuid("void"))
    world.sync()
    never = [without_words(record) if _says(record, target) else record for record in world.records]
    void, unsaid = fold(world.records), fold(never)
    edits = {edit.id for edit in void.facts.edits.get(target, ())}
    for name in REPORTS:
        if name == "problems":
            assert _problems(void, edits) == _problems(unsaid, edits)
        elif name != "conflicts":
            assert encode_report(void.report(name)) == encode_report(unsaid.report(name))


@searching
@given(histories(), st.data())
def test_an_edit_and_the_one_that_undid_it_are_as_if_neither_had_been_written(
    world: World, data: st.DataObject
) -> None:
    facts = fold(world.records).facts
    edits = sorted(edit.id for said in facts.edits.values() for edit in said)
    if not edits:
        return
    undone, undoing = data.draw(st.sampled_from(edits)), some_uuid("undoing")
    target = {edit.id: target for target, said in facts.edits.items() for edit in said}[undone]
    opposite = FactVoided(target=target, undoes=undone)
    data.draw(st.sampled_from(world.replicas)).write(opposite, id=undoing)
    world.sync()
    never = [without_words(record) if record.event.id in {undone, undoing} else record for record in world.records]
    both, neither = fold(data.draw(interleavings(world.records)), batches=3), fold(never)
    assert _problems(both, {undone}) == _problems(neither, {undone})
    for name in REPORTS:
        if name != "problems":
            assert encode_report(both.report(name)) == encode_report(neither.report(name))


@searching
@given(histories(), st.floats(0, 1), st.data())
def test_events_of_the_outbox_count_as_if_they_had_been_stamped_from_the_start(
    world: World, share: float, data: st.DataObject
) -> None:
    synced = round(share * len(world.records))
    ledger = fold(world.records[:synced])
    ledger.apply(unstamped(record) for record in world.records[synced:])
    reports(ledger)
    for record in data.draw(st.permutations(world.records[synced:])):
        ledger.apply([record])
    assert reports(ledger) == reports(fold(world.records))


@searching
@given(histories(), st.data())
def test_a_renumbered_ledger_counts_as_if_it_had_been_numbered_so_from_the_start(
    world: World, data: st.DataObject
) -> None:
    renumbered = data.draw(renumberings(world))
    ledger = fold(world.records)
    ledger.apply(data.draw(st.permutations(renumbered)))
    assert reports(ledger) == reports(fold(renumbered))


@searching
@given(histories())
def test_an_erased_event_counts_nowhere_whether_its_words_are_there_or_gone(world: World) -> None:
    whole = fold(world.records)
    erased = whole.facts.entries.erased
    gone = [
        without_words(record) if record.event.id in erased and record.event.type != "event_erased" else record
        for record in world.records
    ]
    assert reports(fold(gone)) == reports(whole)


@searching
@given(histories())
def test_before_is_what_the_replica_held_when_it_wrote(world: World) -> None:
    causality = fold(world.records).facts.entries.causality
    for later, held in world.held.items():
        seen = causality.seen_by(*later)
        assert {(replica, seq) for replica, height in seen.items() for seq in range(1, height + 1)} == held
        assert {earlier for earlier in world.held if causality.before(*earlier, *later)} == held


@searching
@given(histories())
def test_the_whole_ledger_is_checked_by_its_digest(world: World) -> None:
    """Equal digests mean equal reports, and other reports another digest."""
    whole, part = fold(world.records), fold(world.records[:-1])
    assert (whole.digest() == part.digest()) == (reports(whole) == reports(part))


_CALLED_BY_THEIR_EVENT = (
    {event_type for event_type, _ in FACTS}
    - {event_type for event_type, name in CREATED_BY.items() if name is not None}
    - {"fact_corrected", "fact_voided", "fact_restored", "event_erased"}
)


def _says(record: Record, target: str) -> bool:
    """Whether a record says the fact of that name, which is the event's own where the fact has none."""
    reading = read(record.event)
    named = CREATED_BY.get(record.event.type)
    if not isinstance(reading, Known) or named is None:
        return record.event.id == target
    return bool(getattr(reading.body, named) == target)


def _problems(ledger: Ledger, but: Collection[str]) -> list[dict[str, Any]]:
    return [row for row in ledger.report("problems")["problems"] if row["event"] not in but]
