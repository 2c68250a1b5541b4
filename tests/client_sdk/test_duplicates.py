"""One evening in Strong and in Hevy: asked about at import, found after a sync, and stable when imported again."""

from __future__ import annotations

from itertools import count

import pytest
from support.chains import NOON_MS
from support.facts import a_set, start
from support.fleet import Fleet

from client_sdk import Replica
from client_sdk.duplicates import Duplicates
from client_sdk.importers import Reading, read
from client_sdk.imports import Imported, bring_in, what_is_new
from client_sdk.memory_store import MemoryStore
from client_sdk.settling import settlement
from client_sdk.story import length, story_of
from events.catalogue import catalogue
from events.corrections import FactRestored
from projections.ledger import REPORTS

STRONG = """\
Date,Workout Name,Duration,Exercise Name,Set Order,Weight,Reps,Distance,Seconds,Notes,Workout Notes,RPE
2025-06-30 18:31:07,"Leg Day",1h 12m,"Squat (Barbell)",W,60.0,5,0,0,,,
2025-06-30 18:31:07,"Leg Day",1h 12m,"Squat (Barbell)",1,100.0,8,0,0,,,8
2025-06-30 18:31:07,"Leg Day",1h 12m,"Squat (Barbell)",2,100.0,8,0,0,,,8.5
2025-06-30 18:31:07,"Leg Day",1h 12m,"Squat (Barbell)",3,100.0,7,0,0,,,9
2025-06-30 18:31:07,"Leg Day",1h 12m,"Romanian Deadlift (Barbell)",1,61.23,10,0,0,,,
2025-06-30 18:31:07,"Leg Day",1h 12m,"Leg Press",1,180.0,12,0,0,,,
2025-06-30 18:31:07,"Leg Day",1h 12m,"Leg Press",2,180.0,12,0,0,,,
"""
HEVY_HEADER = (
    '"title","start_time","end_time","description","exercise_title","superset_id","exercise_notes","set_index",'
    '"set_type","weight_lbs","reps","distance_miles","duration_seconds","rpe"\n'
)
EVENING = [
    ("Squat (Barbell)", 0, "warmup", "132.28", 5),
    ("Squat (Barbell)", 1, "normal", "220.46", 8),
    ("Squat (Barbell)", 2, "normal", "220.46", 8),
    ("Squat (Barbell)", 3, "normal", "220.46", 7),
    ("Romanian Deadlift (Barbell)", 0, "normal", "135", 10),
    ("Leg Press (Machine)", 0, "normal", "396.83", 12),
]
WEDNESDAY = [("Bench Press (Barbell)", number, "normal", "176.37", 8) for number in range(3)]


def hevy(*sessions: tuple[str, str, list[tuple[str, int, str, str, int]]]) -> str:
    rows = [
        f'"{title}","{day}, 18:35","{day}, 19:40","","{exercise}",,"",{index},"{kind}",{load},{reps},,,\n'
        for title, day, sets in sessions
        for exercise, index, kind, load, reps in sets
    ]
    return HEVY_HEADER + "".join(rows)


MONDAY_IN_HEVY = ("Evening workout", "30 Jun 2025", EVENING)
HEVY = hevy(("Push", "2 Jul 2025", WEDNESDAY), MONDAY_IN_HEVY)


def reading(replica: Replica, text: str) -> Reading:
    outcome = read(text.encode(), at=replica.clock(), catalogue=catalogue(), unit="kg", timezone="Europe/Berlin")
    assert isinstance(outcome, Reading)
    return outcome


def imported(replica: Replica, text: str, duplicates: Duplicates | None = None) -> Imported:
    return bring_in(replica, reading(replica, text), duplicates=duplicates)


def titles(replica: Replica) -> list[str]:
    return [row["title"] for row in replica.report("sessions")["sessions"]]


def reports(replica: Replica) -> dict[str, object]:
    return {name: replica.report(name) | {"position": 0} for name in REPORTS}


@pytest.fixture
def replica() -> Replica:
    minutes = count(NOON_MS, 60_000)
    return Replica(MemoryStore("00000000-0000-4000-8000-000000000001"), clock=lambda: next(minutes))


def test_a_likely_copy_is_found_before_anything_is_written(replica: Replica) -> None:
    imported(replica, STRONG)
    news = what_is_new(replica, reading(replica, HEVY))
    assert [(twin.title, twin.sets, twin.app) for twin in news.copies] == [("Evening workout", 6, "strong")]
    assert news.own == set()


def test_skipped_copies_are_not_written_now_nor_with_a_longer_file_later(replica: Replica) -> None:
    imported(replica, STRONG)
    imported(replica, HEVY, "skip")
    assert titles(replica) == ["Push", "Leg Day"]
    before = replica.status()
    assert imported(replica, HEVY, "skip").drafts == []
    assert replica.status() == before
    longer = hevy(("Push", "4 Jul 2025", WEDNESDAY), ("Push", "2 Jul 2025", WEDNESDAY), MONDAY_IN_HEVY)
    assert len(imported(replica, longer, "skip").copies) == 1
    assert titles(replica) == ["Push", "Push", "Leg Day"]
    assert replica.report("conflicts")["conflicts"] == []


def test_kept_copies_count_beside_what_they_are_like_and_are_no_conflict(replica: Replica) -> None:
    imported(replica, STRONG)
    first = imported(replica, HEVY, "keep")
    assert sum(isinstance(draft.body, FactRestored) for draft in first.drafts) == 1
    assert titles(replica) == ["Push", "Evening workout", "Leg Day"]
    assert replica.report("conflicts")["conflicts"] == []
    assert imported(replica, HEVY, "keep").drafts == []
    assert imported(replica, HEVY, "skip").drafts == []


def test_what_is_left_open_counts_once_and_is_a_conflict(replica: Replica) -> None:
    imported(replica, STRONG)
    alone = replica.report("volume")["weeks"]
    imported(replica, hevy(MONDAY_IN_HEVY))
    assert replica.report("volume")["weeks"] == alone
    [row] = replica.report("conflicts")["conflicts"]
    assert row["kind"] == "likely_copy"
    again = imported(replica, hevy(MONDAY_IN_HEVY))
    assert (again.drafts, again.voided, again.vanished) == ([], 0, [])


def test_what_was_logged_here_and_is_imported_from_an_app_later_counts_once(replica: Replica) -> None:
    monday = reading(replica, hevy(MONDAY_IN_HEVY)).sessions[0]
    replica.log(start(title="Logged live"), monday.started.at, 120)
    for number, (_, _, kind, load, reps) in enumerate(EVENING):
        exercise = ["back_squat"] * 4 + ["romanian_deadlift", "leg_press"]
        body = a_set(exercise[number], f"{load}lb", reps, kind="warm_up" if kind == "warmup" else "working")
        replica.log(body, monday.started.at + number * 60_000, 120)
    copies = imported(replica, STRONG).copies
    assert [twin.app for twin in copies] == [None]
    assert titles(replica) == ["Logged live"]


def test_two_devices_that_import_one_evening_from_two_apps_agree_after_a_sync_and_settle_it_once() -> None:
    fleet = Fleet(2)
    phone, tablet = fleet.replicas
    imported(phone, STRONG)
    fleet.now += 60_000
    imported(tablet, HEVY)
    fleet.settle()
    assert reports(phone) == reports(tablet)
    assert titles(phone) == ["Push", "Leg Day"]
    [row] = phone.report("conflicts")["conflicts"]
    settled = settlement(phone.ledger().facts, row, row["overruled"][0]["event"])
    phone.write([phone.draft(settled.body)])
    fleet.settle()
    for device in (phone, tablet):
        assert titles(device) == ["Push", "Evening workout", "Leg Day"]
        assert device.report("conflicts")["conflicts"] == []


def test_a_story_tells_what_the_file_says(replica: Replica) -> None:
    story = story_of(reading(replica, HEVY))
    assert (story.first, story.last, story.sessions, story.sets) == ("2025-06-30", "2025-07-02", 2, 9)
    assert (story.weeks, story.run_weeks, length(story)) == (1, 1, "3 days")
    # Those with most counted sets; the warm-up is none.
    assert [(best.name, best.words, best.sets) for best in story.best] == [
        ("Squat (Barbell)", "100 kg × 8", 3),
        ("Bench Press (Barbell)", "80 kg × 8", 3),
        ("Leg Press (Machine)", "180 kg × 12", 1),
    ]


def test_the_length_of_a_history_is_told_in_years_and_months(replica: Replica) -> None:
    file = hevy(("A", "30 Jun 2025", EVENING), ("B", "1 May 2022", EVENING))
    story = story_of(reading(replica, file))
    assert length(story) == "3 years and 1 month"
    assert (story.weeks, story.run_weeks) == (167, 1)
