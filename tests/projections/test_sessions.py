"""The report ``sessions``: when, how long, and what was done in which phase."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.chains import some_uuid
from support.facts import VISIT, a_set, finish, start
from support.ledgers import World, fold, ledger_of

from events import Body
from events.quantities import DAY_MS, HOUR_MS, MINUTE_MS, day_text
from events.training import DrillLogged, ExerciseDefined, SessionStarted
from projections import history
from projections.ledger import Ledger
from projections.sessions import page

OTHER = some_uuid("session", "other")


def sessions(ledger: Ledger) -> list[dict[str, Any]]:
    """The rows of the report."""
    rows: list[dict[str, Any]] = ledger.report("sessions")["sessions"]
    return rows


def lasting(*durations: int) -> Ledger:
    """The ledger of sessions that took so many ms, begun one after another."""
    world = World()
    phone = world.replica()
    for number, duration in enumerate(durations):
        phone.write(start(some_uuid("session", number)))
        phone.write(finish(some_uuid("session", number)), at=world.now + duration)
        world.wait(24 * HOUR_MS)
    world.sync()
    return fold(world.records)


def drill(phase: Any, seconds: int | None, session: str = VISIT) -> DrillLogged:  # noqa: ANN401  (a literal)
    return DrillLogged(
        drill=some_uuid(), session=session, phase=phase, kind="dynamic_stretch", name="Leg swings", seconds=seconds
    )


def test_a_session_is_shown_with_its_phases_and_its_sets_by_exercise() -> None:
    (row,) = sessions(
        ledger_of(
            start(title="Legs", place="Home"),
            drill("warm_up", 300),
            drill("warm_up", None),
            a_set("back_squat", "60kg", 8, kind="warm_up"),
            a_set("back_squat", "100kg", 8, rpe_tenths=80, rest_s=120, superset="A", form=4, note="good"),
            a_set("leg_press", "150kg", 12, rir_tenths=20),
            a_set("back_squat", "100kg", 7),
            drill("cool_down", 120),
            finish(note="Done.", effort_tenths=70),
        )
    )
    assert (row["title"], row["place"], row["note"], row["effort_tenths"]) == ("Legs", "Home", "Done.", 70)
    assert (row["state"], row["duration_s"], row["doubtful"]) == ("finished", 8 * 60, False)
    seconds = {"warm_up_s": 300, "main_s": 60, "cool_down_s": 120}
    lies = {"warm_up": "untimed", "main": "under", "cool_down": "under"}
    assert row["phases"] == {**seconds, **lies, "sets": 3}
    assert [(block["name"], len(block["sets"])) for block in row["exercises"]] == [
        ("Back Squat", 3),
        ("Leg Press", 1),
    ]
    shown = row["exercises"][0]["sets"][1]
    assert {
        name: shown[name] for name in ("kind", "load", "reps", "rpe_tenths", "rest_s", "superset", "form", "note")
    } == {
        "kind": "working",
        "load": {"milli": 100_000, "unit": "kg"},
        "reps": 8,
        "rpe_tenths": 80,
        "rest_s": 120,
        "superset": "A",
        "form": 4,
        "note": "good",
    }
    assert "rir_tenths" not in shown


def test_a_session_left_open_is_shown_as_open() -> None:
    (row,) = sessions(ledger_of(start(), a_set(reps=8)))
    assert (row["state"], row["duration_s"], row["doubtful"]) == ("open", None, False)


def test_a_session_that_nobody_started_is_shown_from_its_first_fact() -> None:
    (row,) = sessions(ledger_of(a_set(reps=8), finish()))
    assert (row["state"], row["duration_s"], row["title"]) == ("finished", 60, None)
    (row,) = sessions(ledger_of(a_set(reps=8)))
    assert row["state"] == "unstarted"


def test_of_an_imported_session_without_an_end_nobody_knows_how_long_it_took() -> None:
    (row,) = sessions(ledger_of(SessionStarted(session=VISIT, import_=some_uuid("import"))))
    assert row["state"] == "untimed"


@pytest.mark.parametrize(
    ("duration", "doubtful"),
    [(0, False), (HOUR_MS, False), (6 * HOUR_MS, False), (6 * HOUR_MS + 1, True), (-1, True)],
)
def test_a_duration_over_six_hours_or_below_nothing_is_doubtful(duration: int, doubtful: bool) -> None:  # noqa: FBT001  (drawn)
    (row,) = sessions(lasting(duration))
    assert row["doubtful"] is doubtful


def test_doubtful_durations_are_left_out_of_the_average() -> None:
    report = lasting(HOUR_MS, 2 * HOUR_MS + 1000, 9 * HOUR_MS).report("sessions")
    assert report["average_duration_s"] == 5401
    assert lasting(9 * HOUR_MS).report("sessions")["average_duration_s"] is None


def test_the_newest_session_comes_first() -> None:
    starts = [row["start"] for row in sessions(lasting(MINUTE_MS, MINUTE_MS, MINUTE_MS))]
    assert starts == sorted(starts, reverse=True)


@given(st.integers(0, 7), st.integers(1, 4))
def test_its_pages_make_up_the_whole_newest_first(count: int, limit: int) -> None:
    whole = lasting(*[MINUTE_MS] * count).report("sessions")
    pages = [page(whole, None, limit)]
    while (before := pages[-1]["before"]) is not None:
        pages.append(page(whole, before, limit))
    assert [row for shown in pages for row in shown["sessions"]] == whole["sessions"]
    assert all(len(shown["sessions"]) == limit for shown in pages[:-1])


def spans(*visits: tuple[int, int | None], imported: bool = False) -> list[list[int]]:
    """For each session, begun so many minutes after noon and with its last set so much later, which it overlaps."""
    world = World()
    phone = world.replica()
    names = [some_uuid("session", number) for number in range(len(visits))]
    for name, (begin, length) in zip(names, visits, strict=True):
        phone.write(start(name, import_=some_uuid("import") if imported else None), before_now=-begin * MINUTE_MS)
        if length is not None:
            phone.write(a_set(reps=8, session=name), before_now=-(begin + length) * MINUTE_MS)
    world.wait(100 * HOUR_MS)
    world.sync()
    rows = {row["session"]: row["overlaps"] for row in sessions(fold(world.records, batches=3))}
    return [[names.index(other) for other in rows[name]] for name in names]


@pytest.mark.parametrize(
    ("visits", "found"),
    [
        ([(0, 60), (30, 60)], [[1], [0]]),
        ([(0, 60), (10, 20)], [[1], [0]]),
        ([(0, 60), (74, 10)], [[1], [0]]),
        ([(0, 60), (75, 10)], [[], []]),
        ([(0, None), (5, None)], [[1], [0]]),
        ([(0, 60), (50, 60), (100, 60)], [[1], [0, 2], [1]]),
        ([(0, 300), (10, 1), (200, 1)], [[1, 2], [0], [0]]),
        ([(0, 7 * 60), (90, 10)], [[], []]),
    ],
)
def test_sessions_whose_times_overlap_or_nearly_meet_are_reported(
    visits: list[tuple[int, int | None]], found: list[list[int]]
) -> None:
    assert spans(*visits) == found


def test_sessions_overlap_across_the_weeks_that_the_history_is_shown_by(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "WEEK_MS", 20 * MINUTE_MS)
    assert spans((0, 300), (10, 1), (200, 1)) == [[1, 2], [0], [0]]


def test_a_session_that_is_begun_when_another_was_finished_is_one_of_its_own() -> None:
    world = World()
    phone, tablet = world.replica(), world.replica()
    phone.write(start())
    world.wait(HOUR_MS)
    phone.write(finish())
    phone.write(start(some_uuid("session", "next")))
    world.sync()
    assert [row["overlaps"] for row in sessions(fold(world.records))] == [[], []]
    tablet.write(a_set(reps=8, session=some_uuid("session", "tablet's")), before_now=MINUTE_MS)
    world.sync()
    assert [len(row["overlaps"]) for row in sessions(fold(world.records))] == [1, 2, 1]


def test_what_files_brought_is_not_reported_as_overlapping() -> None:
    assert spans((0, 60), (30, 60), imported=True) == [[], []]


def test_a_finish_that_was_forgotten_for_a_day_makes_no_session_long() -> None:
    world = World()
    phone = world.replica()
    phone.write(start())
    world.wait(10 * HOUR_MS)
    phone.write(finish())
    phone.write(start(some_uuid("session", "later")), before_now=2 * HOUR_MS)
    world.sync()
    later, first = sessions(fold(world.records))
    assert (first["doubtful"], first["end"]) == (True, first["start"])
    assert later["overlaps"] == []


def test_sets_that_share_one_moment_come_in_the_order_they_give() -> None:
    world = World()
    phone = world.replica()
    for order in (2, 0, 1):
        phone.write(a_set(reps=order + 1, order=order))
    world.sync()
    (row,) = sessions(fold(world.records))
    assert [done["reps"] for done in row["exercises"][0]["sets"]] == [1, 2, 3]


def test_a_drill_after_midnight_belongs_to_its_session() -> None:
    world = World()
    phone = world.replica()
    phone.write(start(), at=world.now - 10 * HOUR_MS)
    phone.write(drill("cool_down", 60), at=world.now)
    world.sync()
    (row,) = sessions(fold(world.records))
    assert (row["day"], fold(world.records).latest_day) == ("2025-11-21", "2025-11-21")


def visits_of(*bodies: Body, minutes: int = 1) -> list[dict[str, Any]]:
    """The rows of what one replica says, so many minutes apart."""
    world = World()
    phone = world.replica()
    for body in bodies:
        phone.write(body)
        world.wait(minutes * MINUTE_MS)
    world.sync()
    return sessions(fold(world.records))


@pytest.mark.parametrize(
    ("minutes", "lies"),
    [(9, "under"), (10, "within"), (15, "within"), (16, "over"), (0, "untimed"), (None, "skipped")],
)
def test_the_drills_of_a_phase_lie_against_the_guides_10_to_15_minutes(minutes: int | None, lies: str) -> None:
    for phase in ("warm_up", "cool_down"):
        drills = [] if minutes is None else [drill(phase, minutes * 60)]
        [row] = visits_of(start(), a_set(reps=8), *drills, finish())
        assert row["phases"][phase] == lies


def test_drills_without_a_time_fall_short_of_nothing() -> None:
    [row] = visits_of(start(), drill("warm_up", 300), drill("warm_up", None), a_set(reps=8))
    assert (row["phases"]["warm_up"], row["phases"]["warm_up_s"]) == ("untimed", 300)
    [row] = visits_of(start(), drill("warm_up", 700), drill("warm_up", None), a_set(reps=8))
    assert row["phases"]["warm_up"] == "within"


@pytest.mark.parametrize(("minutes", "lies"), [(89, "within"), (90, "within"), (91, "over"), (74, "under")])
def test_the_main_part_is_what_the_drills_leave_of_a_session(minutes: int, lies: str) -> None:
    drills = [drill("warm_up", 10 * 60), drill("cool_down", 5 * 60)]
    world = World()
    phone = world.replica()
    for body in (start(), *drills, a_set(reps=8)):
        phone.write(body)
    phone.write(finish(), before_now=-minutes * MINUTE_MS)
    world.wait(DAY_MS)
    world.sync()
    [row] = sessions(fold(world.records))
    assert (row["phases"]["main_s"], row["phases"]["main"]) == ((minutes - 15) * 60, lies)


def test_of_a_session_that_nobody_finished_the_main_part_goes_from_the_first_set_to_the_last() -> None:
    [row] = visits_of(
        start(), a_set(kind="warm_up", reps=5), a_set(reps=8), a_set(reps=8), drill("cool_down", 60), minutes=31
    )
    assert (row["phases"]["main_s"], row["phases"]["main"]) == (62 * 60, "within")
    [row] = visits_of(start(), a_set(reps=8))
    assert (row["phases"]["main_s"], row["phases"]["main"]) == (None, "unknown")


def test_a_doubtful_duration_tells_no_main_part() -> None:
    [row] = visits_of(start(), a_set(reps=8), finish(), minutes=5 * 60)
    assert (row["doubtful"], row["phases"]["main"]) == (True, "unknown")


def test_of_an_imported_session_nobody_can_tell_the_drills() -> None:
    batch = some_uuid("import")
    sets = [a_set(reps=8, import_=batch), a_set(reps=8, import_=batch)]
    [row] = visits_of(start(import_=batch), *sets)
    assert {row["phases"][phase] for phase in ("warm_up", "main", "cool_down")} == {"unknown"}
    [row] = visits_of(start(import_=batch), drill("warm_up", 60), *sets, finish(import_=batch), minutes=16)
    assert (row["phases"]["warm_up"], row["phases"]["main"]) == ("under", "within")


def test_a_session_that_is_open_has_skipped_no_cool_down_yet() -> None:
    [row] = visits_of(start(), a_set(reps=8))
    assert (row["phases"]["warm_up"], row["phases"]["cool_down"]) == ("skipped", "unknown")


def test_a_session_of_drills_alone_is_held_against_nothing() -> None:
    [row] = visits_of(start(), drill("cool_down", 600), finish())
    assert [row["phases"][phase] for phase in ("warm_up", "main", "cool_down")] == ["unknown", "unknown", "within"]


def test_drills_are_shown_in_order_with_all_that_was_said_of_them() -> None:
    [row] = visits_of(start(), drill("warm_up", 60), drill("cool_down", None), finish())
    warm_up, cool_down = row["drills"]
    assert (warm_up["name"], warm_up["phase"], warm_up["kind"], warm_up["seconds"]) == (
        *("Leg swings", "warm_up", "dynamic_stretch"),
        60,
    )
    assert "seconds" not in cool_down
    assert "events" not in row


def test_an_explained_session_names_its_start_its_finish_its_drills_and_its_sets() -> None:
    ledger = ledger_of(start(), drill("warm_up", 60), a_set(reps=8), a_set(kind="warm_up", reps=5), finish())
    [row] = ledger.report("sessions", explain=True)["sessions"]
    assert row["events"] == sorted(entry.id for entry in ledger.facts.entries.all())


@pytest.mark.parametrize(
    ("exercise", "legs"),
    [("back_squat", True), ("standing_calf_raise", True), ("bench_press", False), ("running", False), ("own", True)],
)
def test_a_leg_session_trains_the_legs(exercise: str, legs: bool) -> None:  # noqa: FBT001  (drawn)
    own = ExerciseDefined(exercise="own", name="Sled thing", muscles={"glutes": 1000})
    [row] = visits_of(own, a_set(exercise, reps=8))
    assert row["legs"] is legs
    [row] = visits_of(a_set(exercise, reps=8, kind="warm_up"))
    assert row["legs"] is False


# Whose midnight: the wall clock of the lifter, wherever that is and whatever the season.


def days_by_set(*said: tuple[str, int, Body]) -> dict[str, list[str]]:
    """The days on which reports have sets and drills, by what was said when (UTC) under which offset."""
    world = World()
    phone = world.replica()
    for moment, offset, body in said:
        at = int(datetime.fromisoformat(f"{moment}+00:00").timestamp()) * 1000
        phone.write(body, at=at, written=at, offset=offset)
    world.now = int(datetime.fromisoformat("2025-12-31T00:00+00:00").timestamp()) * 1000
    world.sync()
    ledger = fold(world.records)
    return {
        "sessions": [row["day"] for row in sessions(ledger)],
        "volume": [day_text(day) for day in ledger.view.trained_on],
    }


def test_a_session_over_midnight_is_of_one_day_and_so_are_its_phases() -> None:
    world = World()
    phone = world.replica()
    late = world.now + 11 * HOUR_MS + 30 * MINUTE_MS
    for minute, body in enumerate((start(), drill("warm_up", 660), a_set(reps=8), a_set(reps=8), finish())):
        phone.write(body, at=late + minute * 20 * MINUTE_MS)
    world.wait(DAY_MS)
    world.sync()
    ledger = fold(world.records)
    [row] = sessions(ledger)
    assert (row["phases"]["warm_up"], row["phases"]["main_s"], row["phases"]["sets"]) == ("within", 69 * 60, 2)
    assert list(ledger.view.trained_on) == [row["day_number"]]


def test_when_clocks_go_back_the_hour_that_comes_twice_is_of_one_day() -> None:
    # In Berlin 2025-10-26 03:00 summer time is 02:00 again.
    told = days_by_set(
        ("2025-10-25T21:50", 120, start()),
        ("2025-10-26T00:30", 120, a_set(reps=8)),
        ("2025-10-26T01:30", 60, a_set(reps=8)),
        ("2025-10-26T01:40", 60, finish()),
    )
    assert told == {"sessions": ["2025-10-25"], "volume": ["2025-10-25"]}


def test_by_daylight_saving_each_set_keeps_the_day_of_the_clock_that_it_was_logged_by() -> None:
    # 23:30 in summer time on the last evening, 23:30 in winter time a day later.
    told = days_by_set(
        ("2025-10-25T21:30", 120, a_set(reps=8)), ("2025-10-26T22:30", 60, a_set(reps=8, session=OTHER))
    )
    assert told["volume"] == ["2025-10-25", "2025-10-26"]


def test_who_flies_east_over_a_night_trains_on_the_days_of_both_places() -> None:
    # Monday 22:00 in New York; then Tuesday 23:30 in Tokyo, which is but 12.5 hours later.
    told = days_by_set(
        ("2025-11-04T03:00", -300, a_set(reps=8)), ("2025-11-04T14:30", 540, a_set(reps=8, session=OTHER))
    )
    assert told["volume"] == ["2025-11-03", "2025-11-04"]


def test_who_flies_east_over_the_date_line_trains_on_the_day_before() -> None:
    # Tuesday 08:00 in Auckland, and Monday 20:00 in Honolulu ten hours later.
    told = days_by_set(
        ("2025-11-03T19:00", 780, a_set(reps=8)), ("2025-11-04T06:00", -600, a_set(reps=8, session=OTHER))
    )
    assert told["volume"] == ["2025-11-03", "2025-11-04"]
    assert told["sessions"] == ["2025-11-03", "2025-11-04"]


@given(st.integers(-24 * 60, 24 * 60), st.integers(0, 12 * 60), st.integers(-24 * 60, 24 * 60))
def test_a_session_has_the_day_of_its_start_whatever_the_clocks_do_meanwhile(
    first: int, later: int, second: int
) -> None:
    world = World()
    phone = world.replica()
    phone.write(start(), offset=first)
    phone.write(a_set(reps=8), at=world.now + later * MINUTE_MS, offset=second)
    world.wait(2 * DAY_MS)
    world.sync()
    ledger = fold(world.records)
    assert list(ledger.view.trained_on) == [sessions(ledger)[0]["day_number"]]
