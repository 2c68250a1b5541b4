"""Wrong clocks: sets land on the right day where it can be known, and are marked where it can't.

An example is a story in words: a number of sets, ``home`` until two days later, the clock is set ``ahead``, ``back``
or ``right``, the device ``sync``s. What comes of it has a letter for each set: a point for the right day, a question
mark for one in doubt, an exclamation mark for a wrong day that nobody marks.
"""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.facts import a_set, finish, start
from support.ledgers import World, fold, reports
from support.lifters import EVENING_MS, Lifter, Written, doubtful_sets

from events import Record
from events.corrections import FactCorrected
from events.protocol import CLOCKS_AGREE_MS
from events.quantities import DAY_MS, HOUR_MS, MINUTE_MS
from projections.clocks import FAR_MS, SLACK_MS
from projections.ledger import Ledger

YEAR = 365 * DAY_MS
searching = settings(max_examples=4 * settings().max_examples)


def live(story: str, jump: int = YEAR, error: int = 0) -> Lifter:
    """A lifter who did all that.

    Args:
        story: What happened.
        jump: How far ``ahead`` and ``back`` are.
        error: How far ahead the clock was at first.
    """
    lifter = Lifter(error)
    for word in story.split():
        match word:
            case "home":
                lifter.go_home(days=2)
            case "ahead" | "back" | "right":
                lifter.set_clock({"ahead": jump, "back": -jump, "right": 0}[word])
            case "sync":
                lifter.sync()
            case sets:
                lifter.train(int(sets))
    return lifter


@pytest.mark.parametrize("error", [YEAR, -YEAR, DAY_MS, 3 * HOUR_MS, -3 * HOUR_MS, 5 * MINUTE_MS, 0])
def test_a_clock_that_is_wrong_all_along_is_known_to_be_and_nothing_is_in_doubt(error: int) -> None:
    story = "2 home 2 home 2 sync home 2 sync"
    lifter = live(story, error=error)
    assert lifter.verdicts() == "........"
    weeks = {week["start"]: week["sets"] for week in lifter.ledger.report("volume")["weeks"]}
    assert weeks == {"2025-11-17": 4, "2025-11-24": 4}
    assert lifter.ledger.report("balance") == live(story).ledger.report("balance")


@pytest.mark.parametrize("jump", [YEAR, 40 * DAY_MS])
@pytest.mark.parametrize(
    ("story", "verdicts"),
    [
        ("2 ahead 2 sync", "??.."),
        ("2 ahead 2 right sync", "..??"),
        ("2 ahead 2 right home 2 sync", "..??.."),
        ("2 back 2 sync", "??.."),
        ("2 back 2 right sync", "..??"),
        ("2 back 2 right home 2 sync", "..??.."),
        ("2 sync home 2 ahead 2 sync", "..??.."),
        ("2 sync home 2 ahead 2 home 2 sync", "..??...."),
        ("2 sync home 2 ahead 2 right home 2 sync", "....??.."),
        ("2 sync home 2 back 2 home 2 sync", "..??...."),
        ("2 sync home 2 back 2 right home 2 sync", "....??.."),
    ],
)
def test_a_clock_that_jumps_far_puts_those_sets_in_doubt_which_it_timed_otherwise_than_at_the_sync(
    story: str, verdicts: str, jump: int
) -> None:
    assert live(story, jump).verdicts() == verdicts


@pytest.mark.parametrize(
    ("story", "verdicts"),
    [
        ("2 ahead 2 sync", "??.."),
        ("2 ahead 2 right sync", "..??"),
        ("2 back 2 sync", "??.."),
        ("2 back 2 right home 2 sync", "????.."),
        ("2 sync home 2 back 2 right home 2 sync", "..????.."),
        ("2 sync home 2 sync back 2 right home 2 sync", "....??.."),
        ("2 sync home 2 home ahead 2 home 2 sync", "..????.."),
    ],
)
def test_where_it_is_not_known_which_of_two_is_wrong_both_are_in_doubt(story: str, verdicts: str) -> None:
    assert live(story, 2 * DAY_MS).verdicts() == verdicts


def test_a_dead_battery_does_not_put_the_whole_history_in_doubt() -> None:
    """The clock began again in 2000: what came before is spared, whether a sync had brought it or not."""
    assert live("2 home 2 sync home 2 back 2 right home 2 sync", 25 * YEAR).verdicts() == "......??.."
    assert live("2 home 2 home back 2 right home 2 sync", 25 * YEAR).verdicts() == "....??.."


@pytest.mark.parametrize(
    ("story", "jump", "verdicts"),
    [
        ("2 home 2 home 2", 0, "......"),
        ("2 home 2 back 2 right home 2", 25 * YEAR, "....??.."),
        ("2 home 2 ahead 2 right home 2", YEAR, "....????"),
        ("2 home 2 back 2", DAY_MS, "..????"),
    ],
)
def test_an_outbox_has_no_stamps_and_is_judged_by_its_own_chain(story: str, jump: int, verdicts: str) -> None:
    assert live(story, jump).verdicts() == verdicts


def test_the_sync_tells_what_the_outbox_could_not() -> None:
    lifter = live("2 home 2 ahead 2 right home 2")
    assert lifter.verdicts() == "....????"
    lifter.sync()
    assert lifter.verdicts() == "....??.."


def test_after_a_sync_that_found_the_clock_wrong_the_outbox_is_in_doubt_until_the_next() -> None:
    lifter = live("2 sync home 2", error=YEAR)
    assert lifter.verdicts() == "..??"
    lifter.sync()
    assert lifter.verdicts() == "...."
    assert live("2 sync home right 2 home 2 sync", error=YEAR).verdicts() == "......"


@pytest.mark.parametrize(("hours", "verdicts"), [(24, "...."), (31, "..??")])
def test_a_small_change_puts_only_those_in_doubt_that_may_have_been_on_another_day(hours: int, verdicts: str) -> None:
    """The clock was three hours off at the second sync, since when nobody knows; at six, and at one in the night."""
    lifter = live("2 sync")
    lifter.go_home(hours=hours)
    lifter.train(2)
    lifter.go_home(days=1)
    lifter.set_clock(3 * HOUR_MS)
    lifter.train(0)
    lifter.sync()
    assert lifter.verdicts() == verdicts


def test_a_long_rest_travel_and_summer_time_put_nothing_in_doubt() -> None:
    lifter = live("2 sync")
    for offset in (60, 840, -600):
        lifter.go_home(days=70)
        lifter.train(2, offset=offset)
        lifter.sync()
        lifter.train(2, offset=offset)
    lifter.sync()
    assert doubtful_sets(lifter.ledger) == set()


def test_a_day_that_was_said_is_never_in_doubt() -> None:
    """Imported and back-dated facts don't owe their day to the clock."""
    lifter = live("2 ahead 2")
    lifter.go_home()
    lifter.train(2, at=EVENING_MS - 3 * DAY_MS)
    lifter.set_clock(0)
    lifter.sync()
    assert doubtful_sets(lifter.ledger) == set(list(lifter.days)[2:4])


def test_a_correction_by_a_sound_clock_takes_the_mark_away() -> None:
    lifter = live("2 ahead 2 right sync")
    assert lifter.verdicts() == "..??"
    for name in list(lifter.days)[2:]:
        lifter.device.write(FactCorrected(target=name, changes={"at": EVENING_MS + 10 * MINUTE_MS}))
    lifter.sync()
    assert lifter.verdicts() == "...."


def test_a_correction_by_a_clock_in_doubt_takes_no_mark_away() -> None:
    lifter = live("2 ahead 2")
    name = list(lifter.days)[2]
    lifter.device.write(FactCorrected(target=name, changes={"at": lifter.world.now + YEAR}))
    lifter.set_clock(0)
    lifter.sync()
    assert lifter.verdicts() == "..??"


def test_the_sets_of_a_session_whose_start_is_in_doubt_are_so_where_they_take_its_day() -> None:
    """The start lands in the morning, when it was synced; the sets, in themselves beyond doubt, are near to that."""
    lifter = live("0 back 2")
    lifter.go_home(hours=11)
    lifter.sync()
    (row,) = lifter.ledger.report("sessions")["sessions"]
    assert (row["day"], row["day_doubtful"], lifter.verdicts()) == ("2025-11-22", True, "??")


def test_a_session_timed_by_a_clock_in_doubt_has_a_doubtful_duration() -> None:
    world = World()
    device = world.replica()
    device.write(start())
    world.wait(HOUR_MS)
    device.clock_error = HOUR_MS
    device.write(finish())
    device.clock_error = 0
    world.sync()
    (row,) = fold(world.records).report("sessions")["sessions"]
    assert (row["duration_s"], row["doubtful"], row["day_doubtful"]) == (3600, True, True)


def test_copies_under_a_new_name_are_no_more_in_doubt_than_the_events_themselves() -> None:
    """After a fork a chain goes on under another name: the same events in the same order, with stamps or without."""
    lifter = live("2 sync home 2 home 2")
    copy = lifter.world.replica()
    copy.pull(lifter.device.events[:3])
    for event in lifter.device.events[3:]:
        copy.copy(event)
    lifter.sync()
    copy.write(a_set(reps=5))
    lifter.sync()
    assert doubtful_sets(fold(lifter.world.records)) == set()


def test_a_healed_server_numbers_anew_keeps_the_stamps_and_so_the_marks() -> None:
    lifter = live("2 sync home 2 ahead 2 sync")
    records = lifter.world.records
    ledger = lifter.ledger
    ledger.apply(msgspec.structs.replace(record, position=7 + index) for index, record in enumerate(records))
    assert doubtful_sets(ledger) == doubtful_sets(lifter.ledger) != set()


def test_once_a_set_tells_that_the_clock_was_set_those_after_it_are_not_in_doubt() -> None:
    assert live("2 sync right 2 home 2 sync", error=DAY_MS).verdicts() == "......"
    assert live("2 sync home right 2 home 2 sync", error=DAY_MS).verdicts() == "..????"


def test_what_arrived_stands_against_what_comes_later_even_if_its_own_time_is_in_doubt() -> None:
    lifter = live("1 back sync", 7 * HOUR_MS)
    lifter.go_home(hours=1)
    lifter.set_clock(0)
    lifter.train(1)
    lifter.set_clock(DAY_MS)
    lifter.sync()
    assert lifter.verdicts() == "??"


@pytest.mark.parametrize("story", ["2 home 2 back 2 right home 2", "2 home 2 sync home 2 ahead 2 right home 2"])
def test_stamps_that_come_one_by_one_leave_the_marks_of_those_that_come_together(story: str) -> None:
    lifter = live(story, 3 * DAY_MS)
    ledger = lifter.ledger
    former = doubtful_sets(ledger)
    lifter.train(1)
    lifter.sync()
    *records, last = lifter.world.records
    for record in records[:-1]:
        ledger.apply([record])
    ledger.apply([records[-1], msgspec.structs.replace(last, position=None, stamp=None)])
    ledger.apply([last])
    assert reports(ledger) == reports(fold(lifter.world.records))
    assert former


def test_a_sync_changes_the_marks_of_sets_that_it_did_not_bring() -> None:
    """The first is acknowledged, and surely wrong then: those after it, still in the outbox, are in doubt no more."""
    lifter = live("1 ahead 1 right home 2", 40 * DAY_MS)
    ledger = lifter.ledger
    assert len(doubtful_sets(ledger)) == 3
    lifter.sync()
    ledger.apply(lifter.world.records[:3])
    assert doubtful_sets(ledger) == {list(lifter.days)[1]}


def test_marks_go_through_a_checkpoint_and_on() -> None:
    lifter = live("2 home 2 sync home 2 ahead 2 right home 2")
    restored = Ledger.restore(lifter.ledger.checkpoint())
    assert restored is not None
    assert reports(restored) == reports(lifter.ledger)
    lifter.sync()
    restored.apply(lifter.world.records)
    assert reports(restored) == reports(lifter.ledger)


# The promise, for random lives: whoever is on a wrong day is marked, but for what leaves no trace at all.

_hours = st.sampled_from([0, 1, 5, 11, 26, 71, 24 * 9, 24 * 33])
_sets = st.tuples(st.just("train"), st.integers(1, 3))
_rests = st.tuples(st.just("rest"), _hours)
_syncs = st.tuples(st.just("sync"), st.just(0))
_ERRORS = [0, 0, 0, HOUR_MS, -7 * HOUR_MS, DAY_MS, -2 * DAY_MS, 20 * DAY_MS, -40 * DAY_MS, YEAR, -YEAR]


def _lives(errors: list[int]) -> st.SearchStrategy[list[tuple[str, int]]]:
    clocks = st.tuples(st.just("clock"), st.sampled_from(errors))
    return st.lists(st.one_of(_sets, _rests, clocks, _sets, _rests, _syncs), max_size=25)


def _lived(steps: list[tuple[str, int]], error: int) -> Lifter:
    lifter = Lifter(error)
    for what, amount in steps:
        match what:
            case "train":
                lifter.train(amount)
            case "rest":
                lifter.go_home(hours=amount)
            case "clock":
                lifter.set_clock(amount)
            case _:
                lifter.sync()
    lifter.sync()
    return lifter


@searching
@given(_lives(_ERRORS), st.sampled_from(_ERRORS))
def test_whoever_is_on_a_wrong_day_is_marked_unless_the_clock_left_no_trace(
    steps: list[tuple[str, int]], error: int
) -> None:
    lifter = _lived(steps, error)
    for name, verdict in zip(lifter.days, lifter.verdicts(), strict=True):
        if verdict == "!":
            assert any(_leaves_no_trace(lifter, written) for written in lifter.visits[name])


@searching
@given(_lives([0, CLOCKS_AGREE_MS, 60_000, -CLOCKS_AGREE_MS]))
def test_with_a_sound_clock_nothing_is_ever_marked(steps: list[tuple[str, int]]) -> None:
    lifter = _lived(steps, 0)
    assert not doubtful_sets(lifter.ledger)
    assert not any(row["day_doubtful"] for row in lifter.ledger.report("sessions")["sessions"])


@given(_lives([YEAR]), st.sampled_from([YEAR]))
def test_with_one_and_the_same_error_nothing_is_marked_and_all_is_right(
    steps: list[tuple[str, int]], error: int
) -> None:
    assert set(_lived(steps, error).verdicts()) <= {"."}


def _leaves_no_trace(lifter: Lifter, written: Written) -> bool:
    """Whether an event's time is wrong, and nothing can tell: what docs/adr/0013 says, in terms of the truth.

    Either all is within the slack; or the clock was set more than once since the sync before (or there was none), and
    the device wrote nothing under a clock as at its sync between the true time and the one that it is put at. Who is
    ahead by more than ``FAR_MS`` is spared as well.
    """
    stamped = {record.event.id: record for record in lifter.world.records}
    off = _time(stamped[written.event.id]) - written.truly
    if abs(off) <= 2 * SLACK_MS:
        return off != 0
    if off > FAR_MS:
        return True
    synced_before = stamped[lifter.written[0].event.id].stamp != stamped[written.event.id].stamp
    if synced_before and lifter.settings[written.event.id] == 1:
        return False
    first, last = sorted([written.truly, written.truly + off])
    return not any(
        first + 2 * SLACK_MS < other.truly < last - 2 * SLACK_MS
        and abs(_time(stamped[other.event.id]) - other.truly) <= SLACK_MS
        for other in lifter.written
    )


def _time(record: Record) -> int:
    assert record.stamp is not None
    return min(record.event.written + record.stamp.skew, record.stamp.received)
