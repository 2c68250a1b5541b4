"""The report ``programs``: what is asked for on a day, and how closely it was followed."""

from __future__ import annotations

from typing import Any

from support.chains import NOON_MS, some_uuid
from support.facts import DAY, PROGRAM, a_day, a_program, a_set, a_slot, start
from support.ledgers import Replica, World, fold, ledger_of

from events import Body
from events.corrections import FactCorrected, FactVoided
from events.programs import (
    DayChanged,
    DayRemoved,
    ProgramActivated,
    ProgramArchived,
    ProgramCreated,
    SlotChanged,
    SlotMoved,
    SlotRemoved,
)
from events.quantities import DAY_MS, day_text, local_day
from events.training import ExerciseMatched
from projections.ledger import Ledger

TODAY = local_day(NOON_MS, 0)
SLOT = some_uuid("slot")


def program(ledger: Ledger, as_of: int | None = None) -> dict[str, Any]:
    """The only program there is."""
    (found,) = ledger.report("programs", as_of)["programs"]
    assert isinstance(found, dict)
    return found


def slots(ledger: Ledger, as_of: int | None = None) -> list[dict[str, Any]]:
    """The slots of all its days."""
    return [slot for day in program(ledger, as_of)["days"] for slot in day["slots"]]


def day_by_day(*said: Body) -> Ledger:
    """The ledger of one fact a day, the last one today."""
    world = World()
    world.now -= DAY_MS * (len(said) - 1)
    phone = world.replica()
    for body in said:
        phone.write(body)
        world.wait(DAY_MS)
    world.sync()
    return fold(world.records)


def test_without_anything_there_are_no_programs() -> None:
    assert ledger_of().report("programs")["programs"] == []


def test_what_is_planned_ahead_happens_when_it_is_said() -> None:
    """Else a report that nobody gave a day would be of a day to come, and end in weeks without training."""
    world = World()
    phone = world.replica()
    for body in (start(), a_set(reps=5), a_program(), a_day(), a_slot(slot=SLOT), ProgramActivated(program=PROGRAM)):
        phone.write(body)
    world.wait(3 * DAY_MS)
    change = phone.write(SlotChanged(program=PROGRAM, slot=SLOT, sets=5), before_now=-60 * DAY_MS)
    world.sync()
    ledger = fold(world.records)
    assert ledger.latest_day == day_text(TODAY + 3)
    assert [slot["sets"] for slot in slots(ledger)] == [4]
    assert [slot["sets"] for slot in slots(ledger, TODAY + 63)] == [5]
    assert [week["start"] for week in ledger.report("volume")["weeks"]] == ["2025-11-17", "2025-11-24"]
    phone.write(FactVoided(target=change.id))
    world.sync()
    assert fold(world.records).latest_day == day_text(TODAY)


def test_what_is_said_of_a_day_past_happened_then() -> None:
    world = World()
    phone = world.replica()
    phone.write(a_program(), before_now=5 * DAY_MS)
    world.sync()
    assert fold(world.records).latest_day == day_text(TODAY - 5)


def test_a_program_is_shown_with_its_days_and_slots_in_their_ranks() -> None:
    shown = program(
        ledger_of(
            a_program(template="balanced-legs"),
            a_day("B", day=some_uuid("day", "b"), rank="z"),
            a_day("A"),
            a_slot("leg_press", 3, rank="n", reps_min=10, reps_max=15),
            a_slot("back_squat", 4),
            a_slot(None, 1, drill="Leg swings", rank="a"),
        )
    )
    assert (shown["name"], shown["template"], shown["active"]) == ("Legs", "balanced-legs", False)
    assert [day["name"] for day in shown["days"]] == ["A", "B"]
    assert [slot.get("name", slot.get("drill")) for slot in shown["days"][0]["slots"]] == [
        "Leg swings",
        "Back Squat",
        "Leg Press",
    ]
    assert shown["days"][0]["slots"][2]["reps_max"] == 15


def test_active_programs_come_first_and_any_number_may_be_active() -> None:
    second = some_uuid("program", 2)
    created = [a_program(), ProgramCreated(program=second, name="Arms"), ProgramActivated(program=second)]
    names = [shown["name"] for shown in ledger_of(*created).report("programs")["programs"]]
    assert names == ["Arms", "Legs"]
    both = ledger_of(*created, ProgramActivated(program=PROGRAM)).report("programs")["programs"]
    assert [shown["active"] for shown in both] == [True, True]


def test_a_program_is_active_from_the_day_of_its_activation_until_that_of_its_archiving() -> None:
    ledger = day_by_day(a_program(), ProgramActivated(program=PROGRAM), ProgramArchived(program=PROGRAM))
    assert [program(ledger, TODAY - ago)["active"] for ago in (2, 1, 0)] == [False, True, False]


def test_an_edit_of_a_slot_is_in_force_from_its_day_on() -> None:
    changed = SlotChanged(program=PROGRAM, slot=SLOT, sets=5, exercise="front_squat")
    ledger = day_by_day(a_program(), a_day(), a_slot(slot=SLOT, sets=3), changed)
    assert [(slot["exercise"], slot["sets"]) for slot in slots(ledger, TODAY - 1)] == [("back_squat", 3)]
    assert [(slot["exercise"], slot["sets"]) for slot in slots(ledger)] == [("front_squat", 5)]


def test_a_correction_of_a_slot_says_that_it_was_always_so() -> None:
    corrected = FactCorrected(target=SLOT, changes={"sets": 5})
    ledger = day_by_day(a_program(), a_day(), a_slot(slot=SLOT, sets=3), corrected, a_set(reps=8))
    assert [slot["sets"] for slot in slots(ledger, TODAY - 2)] == [5]


def test_moved_and_removed_slots_and_days_are_so_from_their_day_on() -> None:
    other = some_uuid("day", "other")
    ledger = day_by_day(
        a_program(),
        a_day(),
        a_day("B", day=other, rank="n"),
        a_slot(slot=SLOT),
        SlotMoved(program=PROGRAM, slot=SLOT, rank="a", day=other),
        DayChanged(program=PROGRAM, day=other, name="C", rank="a"),
        SlotRemoved(program=PROGRAM, slot=SLOT),
        DayRemoved(program=PROGRAM, day=other),
    )

    def plan(ago: int) -> list[tuple[str, int]]:
        return [(day["name"], len(day["slots"])) for day in program(ledger, TODAY - ago)["days"]]

    assert [plan(ago) for ago in (5, 4, 3, 2, 1, 0)] == [
        [("A", 0), ("B", 0)],
        [("A", 1), ("B", 0)],
        [("A", 0), ("B", 1)],
        [("C", 1), ("A", 0)],
        [("C", 0), ("A", 0)],
        [("A", 0)],
    ]


def test_a_slot_moved_within_its_day_stays_in_it() -> None:
    ledger = ledger_of(a_program(), a_day(), a_slot(slot=SLOT), SlotMoved(program=PROGRAM, slot=SLOT, rank="zz"))
    assert [slot["slot"] for slot in slots(ledger)] == [SLOT]


def test_a_program_is_not_there_before_it_was_made() -> None:
    assert day_by_day(a_set(reps=8), a_program()).report("programs", TODAY - 1)["programs"] == []


def test_a_slot_shows_what_was_last_done_in_its_exercise() -> None:
    monday, friday = some_uuid("session", "monday"), some_uuid("session", "friday")
    ledger = ledger_of(
        a_program(),
        a_day(),
        a_slot("my_squat"),
        a_slot("leg_press", rank="z"),
        a_set("back_squat", "100kg", 8, session=monday),
        a_set("my_squat", "60kg", 8, session=friday, kind="warm_up"),
        a_set("my_squat", "105kg", 8, session=friday),
        a_set("my_squat", "105kg", 7, session=friday),
        ExerciseMatched(exercise="my_squat", same_as="back_squat"),
    )
    squat, leg_press = slots(ledger)
    assert (squat["last_time"]["session"], [done["reps"] for done in squat["last_time"]["sets"]]) == (friday, [8, 7])
    assert leg_press["last_time"] is None


def test_revisions_tell_what_was_changed_when() -> None:
    ledger = day_by_day(a_program(), a_day(), a_slot(slot=SLOT), SlotChanged(program=PROGRAM, slot=SLOT, sets=5))
    revisions = program(ledger)["revisions"]
    assert [(revision["change"], revision["day"]) for revision in revisions] == [
        ("day_added", "2025-11-20"),
        ("slot_added", "2025-11-21"),
        ("slot_changed", "2025-11-22"),
    ]
    assert revisions[-1]["fields"] == {"program": PROGRAM, "slot": SLOT, "sets": 5}
    assert len(program(ledger, TODAY - 1)["revisions"]) == 2


# Adherence.


def training(phone: Replica, name: str, *done: Body, day: str | None = DAY) -> None:
    """A session that follows the program's day."""
    phone.write(start(some_uuid(name), program=PROGRAM, program_day=day))
    for body in done:
        phone.write(body)


def squats(name: str, count: int, exercise: str = "back_squat") -> list[Body]:
    return [a_set(exercise, "100kg", 8, session=some_uuid(name)) for _ in range(count)]


def adherence(world: World, as_of: int | None = None) -> tuple[int, int, int, int | None]:
    world.sync()
    shown = program(fold(world.records), as_of)["adherence"]
    return shown["sessions"], shown["planned_sets"], shown["done_sets"], shown["permille"]


def planned(*slots: Body) -> tuple[World, Replica]:
    """A world in which the program was made long ago."""
    world = World()
    phone = world.replica()
    for body in (a_program(), a_day(), *slots):
        phone.write(body, before_now=100 * DAY_MS)
    return world, phone


def test_adherence_is_the_sets_done_of_those_planned() -> None:
    world, phone = planned(a_slot("back_squat", 4), a_slot("leg_press", 4), a_slot(None, 1, drill="Leg swings"))
    training(phone, "first", *squats("first", 3), *squats("first", 9, "leg_press"))
    assert adherence(world) == (1, 8, 7, 875)


def test_one_set_does_not_count_for_two_slots() -> None:
    world, phone = planned(a_slot("back_squat", 3), a_slot("back_squat", 2, rank="z"))
    training(phone, "first", *squats("first", 4))
    assert adherence(world) == (1, 5, 4, 800)


def test_warm_ups_and_missed_attempts_are_not_the_sets_that_were_planned() -> None:
    world, phone = planned(a_slot("back_squat", 3))
    first = some_uuid("first")
    missed = a_set(load="150kg", reps=0, kind="failure", session=first)
    training(phone, "first", a_set(load="60kg", reps=8, kind="warm_up", session=first), missed, *squats("first", 1))
    assert adherence(world) == (1, 3, 1, 333)


def test_a_planned_warm_up_is_followed_by_warm_ups() -> None:
    world, phone = planned(a_slot("back_squat", 1, kind="warm_up"), a_slot("back_squat", 1, rank="z"))
    training(phone, "first", a_set(load="60kg", reps=8, kind="warm_up", session=some_uuid("first")))
    assert adherence(world) == (1, 2, 1, 500)


def test_sets_per_leg_are_done_when_both_legs_have_done_them() -> None:
    world, phone = planned(a_slot("forward_lunge", 3, per_side=True))
    sides = ["left", "right", "left", "right"]
    training(
        phone, "first", *(a_set("forward_lunge", reps=10, side=side, session=some_uuid("first")) for side in sides)
    )
    assert adherence(world) == (1, 3, 2, 667)


def test_sets_of_an_exercise_that_was_matched_count_for_its_slot() -> None:
    world, phone = planned(a_slot("my_squat", 3), ExerciseMatched(exercise="my_squat", same_as="back_squat"))
    training(phone, "first", *squats("first", 3))
    assert adherence(world) == (1, 3, 3, 1000)


def test_sessions_of_no_day_or_another_program_ask_for_nothing() -> None:
    world, phone = planned(a_slot("back_squat", 4))
    training(phone, "first", *squats("first", 3), day=None)
    phone.write(start(some_uuid("another"), program=some_uuid("program", 2)))
    assert adherence(world) == (1, 0, 0, None)


def test_adherence_looks_back_28_days() -> None:
    world, phone = planned(a_slot("back_squat", 4))
    training(phone, "first", *squats("first", 4))
    assert adherence(world, TODAY + 27) == (1, 4, 4, 1000)
    assert adherence(world, TODAY + 28) == (0, 0, 0, None)


def test_last_months_sessions_are_judged_by_last_months_program() -> None:
    world, phone = planned(a_slot("back_squat", 4, slot=SLOT))
    training(phone, "first", *squats("first", 4))
    world.wait(DAY_MS)
    phone.write(SlotChanged(program=PROGRAM, slot=SLOT, sets=8))
    assert adherence(world) == (1, 4, 4, 1000)
    phone.write(FactCorrected(target=SLOT, changes={"sets": 8}))
    assert adherence(world) == (1, 8, 4, 500)


def test_a_void_slot_asks_for_nothing() -> None:
    world, phone = planned(a_slot("back_squat", 4, slot=SLOT))
    training(phone, "first", *squats("first", 4))
    phone.write(FactVoided(target=SLOT))
    assert adherence(world) == (1, 0, 0, None)
