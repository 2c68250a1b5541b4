"""The report ``sessions``: when, how long, and what was done in which phase."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.chains import some_uuid
from support.facts import VISIT, a_set, finish, start
from support.ledgers import World, fold, ledger_of

from events.quantities import HOUR_MS, MINUTE_MS
from events.training import DrillLogged, SessionStarted
from projections.ledger import Ledger
from projections.sessions import page


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


def drill(phase: Any, seconds: int | None) -> DrillLogged:  # noqa: ANN401  (a literal)
    return DrillLogged(
        drill=some_uuid(), session=VISIT, phase=phase, kind="dynamic_stretch", name="Leg swings", seconds=seconds
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
