"""Corrections, voids and what happens when they are written concurrently."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from support.chains import some_uuid
from support.facts import DAY, PROGRAM, VISIT, a_day, a_program, a_set, a_slot, finish, start
from support.ledgers import Replica, World, fold, ledger_of, reports, unstamped

from events import Body
from events.corrections import EventErased, FactCorrected, FactRestored, FactVoided, ImportStarted
from events.profile import ProfileChanged
from events.programs import DayChanged, SlotChanged, SlotRemoved
from events.quantities import HOUR_MS, MINUTE_MS
from events.training import ExerciseDefined, ExerciseMatched, SessionStarted
from projections.ledger import Ledger

SET = a_set(load="100kg", reps=5)
IMPORT = some_uuid("import")


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def phone(world: World) -> Replica:
    return world.replica()


@pytest.fixture
def tablet(world: World) -> Replica:
    return world.replica()


def correction(target: str = SET.set, **changes: object) -> FactCorrected:
    return FactCorrected(target=target, changes=changes)


def apart(world: World, *said: tuple[Replica, Body]) -> Ledger:
    """Everybody knows what was there, then each says something without having seen the others, then all sync."""
    world.sync()
    world.sync()
    for replica, body in said:
        world.wait(MINUTE_MS)
        replica.write(body)
    world.sync()
    world.sync()
    return fold(world.records, batches=len(world.records))


def conflicts(ledger: Ledger) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ledger.report("conflicts")["conflicts"]
    return found


def reps(ledger: Ledger) -> list[int | None]:
    """The repetitions of all sets that count in the history of sessions."""
    rows = ledger.report("sessions")["sessions"]
    return [done.get("reps") for row in rows for block in row["exercises"] for done in block["sets"]]


def test_a_correction_replaces_the_fields_it_names_and_no_others() -> None:
    (row,) = ledger_of(SET, correction(reps=6)).report("sessions")["sessions"]
    (done,) = row["exercises"][0]["sets"]
    assert (done["reps"], done["load"]) == (6, {"milli": 100_000, "unit": "kg"})


def test_null_takes_an_optional_field_away_and_gives_another_its_default() -> None:
    one_sided = a_set("forward_lunge", "20kg", 8, side="left")
    (row,) = ledger_of(one_sided, correction(one_sided.set, load=None, side=None)).report("sessions")["sessions"]
    (done,) = row["exercises"][0]["sets"]
    assert "load" not in done
    assert done["side"] == "both"


@pytest.mark.parametrize(
    "changes", [{"reps": -1}, {"reps": "six"}, {"exercise": None}, {"set": some_uuid()}, {"mood": 1}]
)
def test_a_correction_that_the_fact_cannot_hold_changes_nothing_and_is_listed(changes: dict[str, object]) -> None:
    ledger = ledger_of(SET, correction(**changes))
    assert reps(ledger) == [5]
    (problem,) = ledger.report("problems")["problems"]
    assert (problem["code"], problem["path"]) == ("invalid_body", f"$.body.changes.{next(iter(changes))}")


def test_the_good_fields_of_a_correction_count_beside_the_bad() -> None:
    ledger = ledger_of(SET, correction(reps=6, load="heavy"))
    assert reps(ledger) == [6]
    assert len(ledger.report("problems")["problems"]) == 1


def test_corrections_of_a_range_that_do_not_go_together_leave_the_slot_as_it_was() -> None:
    slot = a_slot(reps_min=8, reps_max=12)
    ledger = ledger_of(a_program(), a_day(), slot, correction(slot.slot, reps_min=15))
    (shown,) = ledger.report("programs")["programs"][0]["days"][0]["slots"]
    assert (shown["reps_min"], shown["reps_max"]) == (8, 12)


def test_when_something_happened_can_be_corrected() -> None:
    moved = correction(at=0, offset=120)
    ledger = ledger_of(SET, moved)
    (row,) = ledger.report("sessions")["sessions"]
    assert (row["start"], row["offset"], row["day"]) == (0, 120, "1970-01-01")


def test_when_a_session_ended_is_not_moved_with_its_start() -> None:
    world = World()
    phone = world.replica()
    phone.write(start())
    world.wait(HOUR_MS)
    phone.write(finish())
    phone.write(correction(VISIT, at=world.now - 2 * HOUR_MS))
    world.sync()
    (row,) = fold(world.records).report("sessions")["sessions"]
    assert row["duration_s"] == 2 * 3600


def test_a_correction_that_arrives_before_its_fact_takes_effect_when_that_does(
    world: World, phone: Replica, tablet: Replica
) -> None:
    phone.write(SET)
    world.sync()
    world.sync()
    tablet.write(correction(reps=6))
    world.sync(tablet)
    logged, corrected = world.records
    ledger = fold([corrected])
    assert reps(ledger) == []
    assert ledger.report("problems")["problems"] == []
    ledger.apply([logged])
    assert reps(ledger) == [6]


def test_a_later_correction_wins_over_what_it_has_seen_whatever_the_clocks_say(world: World) -> None:
    ahead, behind = world.replica(clock_error=90_000), world.replica(clock_error=-90_000)
    ahead.write(SET)
    ahead.write(correction(reps=6))
    ledger = apart(world, (behind, correction(reps=7)))
    assert reps(ledger) == [7]
    assert conflicts(ledger) == []


def test_of_concurrent_corrections_the_latest_wins_and_the_other_stays_visible(
    world: World, phone: Replica, tablet: Replica
) -> None:
    phone.write(SET)
    ledger = apart(world, (tablet, correction(reps=7)), (phone, correction(reps=6)))
    assert reps(ledger) == [6]
    (conflict,) = conflicts(ledger)
    assert (conflict["kind"], conflict["target"], conflict["field"]) == ("field", SET.set, "reps")
    assert conflict["kept"]["value"] == 6
    assert [write["value"] for write in conflict["overruled"]] == [7]


def test_of_corrections_of_the_same_moment_the_greater_id_wins(world: World, phone: Replica, tablet: Replica) -> None:
    phone.write(SET)
    world.sync()
    world.sync()
    lower, greater = sorted([some_uuid("one"), some_uuid("another")])
    phone.write(correction(reps=6), id=greater)
    tablet.write(correction(reps=7), id=lower)
    world.sync()
    assert reps(fold(world.records)) == [6]


def test_a_conflict_goes_when_a_later_write_has_seen_both_sides(
    world: World, phone: Replica, tablet: Replica
) -> None:
    phone.write(SET)
    apart(world, (phone, correction(reps=6)), (tablet, correction(reps=7)))
    ledger = apart(world, (phone, correction(reps=6)))
    assert reps(ledger) == [6]
    assert conflicts(ledger) == []


def test_a_conflict_stays_when_a_later_write_has_seen_one_side(world: World, phone: Replica, tablet: Replica) -> None:
    phone.write(SET)
    world.sync()
    world.sync()
    phone.write(correction(reps=6))
    phone.write(correction(reps=8))
    tablet.write(correction(reps=7))
    world.sync()
    (conflict,) = conflicts(fold(world.records))
    assert sorted([conflict["kept"]["value"], *(write["value"] for write in conflict["overruled"])]) == [7, 8]


def test_equal_values_and_different_fields_are_no_conflict(world: World, phone: Replica, tablet: Replica) -> None:
    phone.write(SET)
    said = [(phone, correction(reps=6, note="hard")), (tablet, correction(reps=6, form=4))]
    assert conflicts(apart(world, *said)) == []


def test_facts_that_two_devices_add_never_collide(world: World, phone: Replica, tablet: Replica) -> None:
    ledger = apart(world, (phone, a_set(reps=5)), (tablet, a_set(reps=6)))
    assert sorted(filter(None, reps(ledger))) == [5, 6]
    assert conflicts(ledger) == []


def test_creating_a_fact_twice_is_a_conflict_about_what_differs(
    world: World, phone: Replica, tablet: Replica
) -> None:
    other = msgspec.structs.replace(SET, reps=6)
    at, reps_done = conflicts(apart(world, (phone, SET), (tablet, other)))
    assert (at["field"], reps_done["field"]) == ("at", "reps")
    assert (reps_done["kept"]["value"], reps_done["overruled"][0]["value"]) == (6, 5)


def test_settings_made_concurrently_are_a_conflict(world: World, phone: Replica, tablet: Replica) -> None:
    ledger = apart(world, (phone, ProfileChanged(week_start=6)), (tablet, ProfileChanged(week_start=5, units="lb")))
    assert ledger.facts.profile == ProfileChanged(week_start=5, units="lb")
    (conflict,) = conflicts(ledger)
    assert (conflict["kind"], conflict["target"], conflict["field"]) == ("setting", "profile", "week_start")


def test_edits_of_a_slot_or_a_day_made_concurrently_are_conflicts(
    world: World, phone: Replica, tablet: Replica
) -> None:
    slot = a_slot()
    for body in (a_program(), a_day(), slot):
        phone.write(body)
    ledger = apart(
        world,
        (phone, SlotChanged(program=PROGRAM, slot=slot.slot, sets=5)),
        (phone, DayChanged(program=PROGRAM, day=DAY, name="B")),
        (tablet, SlotChanged(program=PROGRAM, slot=slot.slot, sets=3)),
        (tablet, DayChanged(program=PROGRAM, day=DAY, name="C")),
    )
    assert {(conflict["target"], conflict["field"]) for conflict in conflicts(ledger)} == {
        (slot.slot, "sets"),
        (DAY, "name"),
    }


# Voids.


def test_a_void_fact_is_in_no_report() -> None:
    world = World()
    phone = world.replica()
    world.sync()
    nothing = fold(world.records)
    phone.write(SET)
    phone.write(FactVoided(target=SET.set))
    world.sync()
    assert reports(fold(world.records), position=False) == reports(nothing, position=False)


def test_a_void_session_takes_all_that_is_in_it_along_and_gives_it_back() -> None:
    void = [start(), SET, finish(), FactVoided(target=VISIT)]
    assert ledger_of(*void).report("sessions")["sessions"] == []
    assert reps(ledger_of(*void, FactRestored(target=VISIT))) == [5]


def test_a_void_import_takes_all_that_it_brought_along() -> None:
    imported = [
        ImportStarted(import_=IMPORT, app="strong", file_sha256="0" * 64, dialect="comma", options={}),
        SessionStarted(session=VISIT, import_=IMPORT),
        msgspec.structs.replace(SET, import_=IMPORT),
    ]
    own = a_set(reps=8)
    assert reps(ledger_of(*imported, own, FactVoided(target=IMPORT))) == [8]


def test_a_void_program_takes_its_days_and_slots_along_and_leaves_the_sessions_that_followed_it() -> None:
    followed = start(title="Monday", program=PROGRAM, program_day=DAY)
    ledger = ledger_of(a_program(), a_day(), a_slot(), followed, SET, FactVoided(target=PROGRAM))
    assert ledger.report("programs")["programs"] == []
    (row,) = ledger.report("sessions")["sessions"]
    assert row["title"] == "Monday"


def test_a_set_logged_into_a_void_session_counts_and_shows_as_a_conflict(
    world: World, phone: Replica, tablet: Replica
) -> None:
    phone.write(start())
    ledger = apart(world, (phone, FactVoided(target=VISIT)), (tablet, SET))
    assert reps(ledger) == [5]
    (conflict,) = conflicts(ledger)
    assert (conflict["kind"], conflict["target"]) == ("into_void", SET.set)
    assert (conflict["kept"]["value"], conflict["overruled"][0]["value"]) == ("counted", "voided")


@pytest.mark.parametrize(
    "settlement",
    [
        FactVoided(target=VISIT),
        FactVoided(target=SET.set),
        FactRestored(target=VISIT),
        FactRestored(target=SET.set),
        correction(session=VISIT),
    ],
)
def test_a_set_in_a_void_session_is_settled_by_a_void_a_restore_or_saying_its_session_again(
    world: World, phone: Replica, tablet: Replica, settlement: Body
) -> None:
    phone.write(start())
    apart(world, (phone, FactVoided(target=VISIT)), (tablet, SET))
    assert conflicts(apart(world, (phone, settlement))) == []


def test_restoring_a_set_that_was_void_itself_says_nothing_of_its_session(
    world: World, phone: Replica, tablet: Replica
) -> None:
    phone.write(start())
    before = conflicts(apart(world, (phone, FactVoided(target=VISIT)), (tablet, SET)))
    apart(world, (phone, FactVoided(target=SET.set)))
    assert conflicts(apart(world, (phone, FactRestored(target=SET.set)))) == before


def test_a_set_moved_into_a_session_that_is_voided_elsewhere_counts_and_shows_as_a_conflict(
    world: World, phone: Replica, tablet: Replica
) -> None:
    other = some_uuid("session", "other")
    for body in (start(), start(other), SET):
        phone.write(body)
    ledger = apart(world, (phone, FactVoided(target=other)), (tablet, correction(session=other)))
    assert reps(ledger) == [5]
    (conflict,) = conflicts(ledger)
    assert (conflict["kind"], conflict["target"]) == ("into_void", SET.set)
    assert conflict["kept"]["replica"] == tablet.id


def test_a_set_moved_into_a_session_that_is_known_to_be_void_counts_and_is_no_conflict() -> None:
    other = some_uuid("session", "other")
    moved = [start(), start(other), SET, FactVoided(target=other), correction(session=other)]
    ledger = ledger_of(*moved)
    assert reps(ledger) == [5]
    assert conflicts(ledger) == []


def test_a_set_moved_out_of_a_session_before_that_is_voided_stays() -> None:
    other = some_uuid("session", "other")
    assert reps(ledger_of(start(), start(other), SET, correction(session=other), FactVoided(target=VISIT))) == [5]


def test_a_set_that_is_moved_to_another_session_is_void_with_that_one() -> None:
    other = some_uuid("session", "other")
    moved = [start(), start(other), SET, correction(session=other)]
    assert reps(ledger_of(*moved, FactVoided(target=other))) == []
    assert reps(ledger_of(*moved, FactVoided(target=VISIT))) == [5]


def test_a_set_corrected_here_and_voided_there_is_void_and_shows_as_a_conflict(
    world: World, phone: Replica, tablet: Replica
) -> None:
    phone.write(SET)
    ledger = apart(world, (phone, correction(reps=6)), (tablet, FactVoided(target=SET.set)))
    assert reps(ledger) == []
    (conflict,) = conflicts(ledger)
    assert (conflict["kind"], conflict["kept"]["value"]) == ("correction_and_void", "voided")
    assert conflict["overruled"][0]["value"] == {"reps": 6}


def test_a_set_corrected_here_while_its_session_is_voided_there_shows_as_a_conflict(
    world: World, phone: Replica, tablet: Replica
) -> None:
    phone.write(start())
    phone.write(SET)
    ledger = apart(world, (phone, correction(reps=6)), (tablet, FactVoided(target=VISIT)))
    assert [conflict["kind"] for conflict in conflicts(ledger)] == ["correction_and_void"]


def test_a_void_by_somebody_who_had_seen_the_correction_settles_what_others_had_not_seen(
    world: World, phone: Replica, tablet: Replica
) -> None:
    phone.write(start())
    phone.write(SET)
    apart(world, (phone, correction(reps=6)), (tablet, FactVoided(target=VISIT)))
    assert conflicts(apart(world, (phone, FactVoided(target=SET.set)))) == []


def test_a_slot_edited_here_and_removed_there_is_removed_and_shows_as_a_conflict(
    world: World, phone: Replica, tablet: Replica
) -> None:
    slot = a_slot()
    for body in (a_program(), a_day(), slot, SlotChanged(program=PROGRAM, slot=slot.slot, rest_s=90)):
        phone.write(body)
    ledger = apart(
        world,
        (phone, SlotChanged(program=PROGRAM, slot=slot.slot, sets=5)),
        (tablet, SlotRemoved(program=PROGRAM, slot=slot.slot)),
    )
    assert ledger.report("programs")["programs"][0]["days"][0]["slots"] == []
    (conflict,) = conflicts(ledger)
    assert (conflict["kind"], conflict["target"], conflict["field"]) == ("edit_and_removal", slot.slot, "removed")
    assert (conflict["kept"]["value"], conflict["overruled"][0]["value"]) == ("removed", {"sets": 5})


def test_an_exercise_matched_twice_is_a_conflict_about_its_match_and_not_about_the_time(
    world: World, phone: Replica, tablet: Replica
) -> None:
    said = [ExerciseMatched(exercise="zercher", same_as=other) for other in ("back_squat", "front_squat")]
    (conflict,) = conflicts(apart(world, (phone, said[0]), (tablet, said[1])))
    assert (conflict["field"], conflict["kept"]["value"]) == ("same_as", "front_squat")


def test_conflicts_about_one_fact_come_in_one_order_however_they_arrive(
    world: World, phone: Replica, tablet: Replica
) -> None:
    third = world.replica()
    phone.write(SET)
    said = [(third, FactVoided(target=SET.set)), (phone, correction(reps=6)), (tablet, correction(reps=7))]
    ledger = apart(world, *said)
    first, *others = world.records
    assert len(conflicts(ledger)) == 2
    assert conflicts(fold([first, *reversed(others)])) == conflicts(ledger)


def test_a_void_that_had_seen_the_correction_is_no_conflict(world: World, phone: Replica, tablet: Replica) -> None:
    phone.write(SET)
    phone.write(correction(reps=6))
    assert conflicts(apart(world, (tablet, FactVoided(target=SET.set)))) == []


def test_what_is_voided_here_and_restored_there_shows_as_a_conflict(
    world: World, phone: Replica, tablet: Replica
) -> None:
    phone.write(SET)
    phone.write(FactVoided(target=SET.set))
    ledger = apart(world, (phone, FactVoided(target=SET.set, reason="again")), (tablet, FactRestored(target=SET.set)))
    assert reps(ledger) == [5]
    assert [(conflict["kind"], conflict["kept"]["value"]) for conflict in conflicts(ledger)] == [("void", False)]


def test_any_event_that_names_nothing_is_voided_by_its_own_id(world: World, phone: Replica) -> None:
    slot = a_slot(sets=4)
    for body in (a_program(), a_day(), slot):
        phone.write(body)
    changed = phone.write(SlotChanged(program=PROGRAM, slot=slot.slot, sets=9))
    ledger = apart(world, (phone, FactVoided(target=changed.id)))
    (shown,) = ledger.report("programs")["programs"][0]["days"][0]["slots"]
    assert shown["sets"] == 4


def test_a_void_that_arrives_before_its_event_or_after_it_is_the_same(
    world: World, phone: Replica, tablet: Replica
) -> None:
    changed = phone.write(ProfileChanged(week_start=6))
    ledger = apart(world, (tablet, FactVoided(target=changed.id)))
    assert reports(fold(world.records[::-1])) == reports(ledger)
    assert ledger.facts.profile == ProfileChanged()


# Erasure and copies.


def test_an_erased_event_is_gone_from_every_report(world: World, phone: Replica, tablet: Replica) -> None:
    logged = phone.write(msgspec.structs.replace(SET, note="private"))
    ledger = apart(world, (tablet, EventErased(target=logged.id)))
    assert reps(ledger) == []
    assert b"private" not in b"".join(reports(ledger).values())
    assert ledger.report("problems")["problems"] == []


def test_an_erasure_counts_before_what_it_erases_has_arrived(world: World, phone: Replica, tablet: Replica) -> None:
    logged = phone.write(SET)
    apart(world, (tablet, EventErased(target=logged.id)))
    ledger = fold(world.records[::-1])
    assert reps(ledger) == []


def test_an_erasure_cannot_be_erased(world: World, phone: Replica, tablet: Replica) -> None:
    logged = phone.write(SET)
    erasure = phone.write(EventErased(target=logged.id))
    assert reps(apart(world, (tablet, EventErased(target=erasure.id)))) == []


def test_an_erased_correction_is_undone(world: World, phone: Replica) -> None:
    phone.write(SET)
    corrected = phone.write(correction(reps=6))
    assert reps(apart(world, (phone, EventErased(target=corrected.id)))) == [5]


def test_copies_of_an_event_count_once(world: World, phone: Replica, tablet: Replica) -> None:
    tablet.copy(phone.write(SET))
    world.sync()
    ledger = fold(world.records)
    assert reps(ledger) == [5]
    assert conflicts(ledger) == []
    assert ledger.report("problems")["problems"] == []


def test_of_copies_with_different_words_the_earliest_position_counts_and_the_other_is_listed(
    world: World, phone: Replica, tablet: Replica
) -> None:
    tablet.copy(phone.write(SET), words=World().replica().write(a_set(reps=9)))
    world.sync(tablet, phone)
    ledger = fold(world.records)
    assert reps(ledger) == [9]
    (problem,) = ledger.report("problems")["problems"]
    assert (problem["code"], problem["replica"], problem["path"]) == ("repeated_id", phone.id, "$.id")


def test_an_event_is_before_whatever_is_after_one_of_its_copies(
    world: World, phone: Replica, tablet: Replica
) -> None:
    third = world.replica()
    phone.write(SET)
    world.sync()
    world.sync()
    corrected = phone.write(correction(reps=6))
    tablet.copy(corrected)
    world.sync(tablet, third)
    third.write(correction(reps=7))
    world.sync()
    ledger = fold(world.records)
    assert reps(ledger) == [7]
    assert conflicts(ledger) == []


def test_a_setting_that_was_overruled_stands_down_when_a_copy_shows_that_it_was_seen(
    world: World, phone: Replica, tablet: Replica
) -> None:
    """In an outbox of another's events nothing about either changes then but their order: the reports must follow."""
    early = world.replica()
    world.wait(HOUR_MS)
    late = phone.write(ProfileChanged(day_cutoff_min=240))
    tablet.copy(late)
    world.sync(tablet, early)
    early.write(ProfileChanged(day_cutoff_min=60), written=world.now - HOUR_MS)
    world.sync()
    waiting = [
        unstamped(record)
        for by in (phone, early, tablet)
        for record in world.records
        if record.event.replica == by.id
    ]
    ledger = fold(waiting, batches=len(waiting))
    assert ledger.facts.profile.day_cutoff_min == ledger.view.profile.day_cutoff_min == 60
    assert reports(ledger) == reports(fold(waiting))


def test_an_outbox_event_counts_at_once_and_by_its_own_clock() -> None:
    world = World()
    phone = world.replica(clock_error=3 * HOUR_MS)
    phone.write(SET)
    world.sync()
    (record,) = world.records
    ledger = fold([unstamped(record)])
    assert ledger.report("sessions")["sessions"][0]["start"] == record.event.written
    assert ledger.report("problems")["position"] == 0
    ledger.apply([record])
    assert ledger.report("sessions")["sessions"][0]["start"] == record.event.written - 3 * HOUR_MS


def test_an_exercise_that_is_defined_again_is_redefined_for_its_whole_history() -> None:
    wrong = ExerciseDefined(exercise="zercher", name="Zercher", muscles={"biceps": 1000})
    right = ExerciseDefined(exercise="zercher", name="Zercher", muscles={"quadriceps": 1000})
    ledger = ledger_of(wrong, a_set("zercher", reps=5), right)
    (week,) = ledger.report("volume")["weeks"]
    assert week["muscles"]["biceps"]["direct_sets"] == 0
    assert week["muscles"]["quadriceps"]["direct_sets"] == 1
    assert conflicts(ledger) == []
