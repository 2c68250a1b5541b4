"""Hevy's exports: units in the header, several languages, newest first."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from client_sdk.importers import Reading, Remark, Unanswered, plan
from events.quantities import Load
from events.training import SessionFinished, SessionStarted, SetLogged

Importer = Callable[..., Reading]
Asker = Callable[..., Reading | Unanswered]

HEADER = (
    '"title","start_time","end_time","description","exercise_title","superset_id","exercise_notes","set_index",'
    '"set_type","{weight}","reps","{distance}","duration_seconds","rpe"\n'
)


def sets(reading: Reading) -> list[SetLogged]:
    return [draft.body for session in reading.sessions for draft in session.sets if isinstance(draft.body, SetLogged)]


def one_set(start: str, end: str = "", weight: str = "weight_kg", distance: str = "distance_km") -> bytes:
    header = HEADER.format(weight=weight, distance=distance)
    return (header + f'"A","{start}","{end}","","Running",,"",0,"normal",20,5,2,,\n').encode()


@pytest.fixture
def hevy(imported: Importer) -> Reading:
    return imported("hevy_kg_km")


def test_only_the_zone_is_asked_for(asked: Asker) -> None:
    answer = asked("hevy_kg_km")
    assert isinstance(answer, Unanswered)
    assert [question.option for question in answer.questions] == ["timezone"]


def test_every_row_is_a_set_or_skipped_at_the_line_where_it_begins(hevy: Reading) -> None:
    assert (hevy.dialect, hevy.rows, hevy.sets) == ("hevy-kg-km", 8, 6)
    assert hevy.skipped == (
        Remark(13, "It records nothing: no reps, time, distance or weight."),
        Remark(15, "Its set type, 'superslow', is not known."),
    )


def test_set_types_supersets_and_ratings_are_read(hevy: Reading) -> None:
    assert [body.kind for body in sets(hevy)][:4] == ["warm_up", "working", "drop", "failure"]
    assert [body.superset for body in sets(hevy)] == ["0", "0", "0", "0", None, None]
    assert sets(hevy)[1].rpe_tenths == 85


def test_a_load_that_was_converted_is_recovered(hevy: Reading) -> None:
    assert [body.load for body in sets(hevy)][:3] == [Load(40_000, "kg"), Load(135_000, "lb"), Load(20_000, "kg")]
    assert hevy.loads_recovered == 1


def test_a_note_on_an_exercise_goes_with_its_first_set_and_a_description_with_the_end(hevy: Reading) -> None:
    assert [body.note for body in sets(hevy)][:4] == ["pause at\nthe chest", None, None, None]
    [later] = [session.finished.body for session in hevy.sessions if session.finished][:1]
    assert isinstance(later, SessionFinished)
    assert later.note == "two\nlines"


def test_two_sessions_that_begin_alike_stay_apart(hevy: Reading) -> None:
    later, twin, _ = hevy.sessions
    assert later.started.at == twin.started.at
    assert later.started.id != twin.started.id
    assert [body.source.key for body in sets(hevy) if body.source and body.exercise == "bench_press"] == [
        '["hevy","30 Jun 2025, 19:56","Bench Press (Barbell)",1,1]',
        '["hevy","30 Jun 2025, 19:56","Bench Press (Barbell)",1,2]',
        '["hevy","30 Jun 2025, 19:56","Bench Press (Barbell)",1,3]',
        '["hevy","30 Jun 2025, 19:56","Bench Press (Barbell)",2,1]',
    ]


def test_an_end_before_the_start_is_told_and_leaves_the_session_open(hevy: Reading) -> None:
    assert hevy.sessions[1].finished is None
    assert hevy.remarks == (Remark(17, "The end of its session, '30 Jun 2025, 19:30', can't be right."),)


def test_the_oldest_session_is_written_first(hevy: Reading) -> None:
    drafts = plan(hevy, known=lambda _: None)
    titles = [draft.body.title for draft in drafts if isinstance(draft.body, SessionStarted)]
    assert titles == ["Sooner", "Later", "Twin"]


@pytest.mark.parametrize("weight", ["weight_kg", "weight_lbs"])
@pytest.mark.parametrize("distance", ["distance_km", "distance_miles"])
def test_all_four_pairs_of_units_are_read(imported: Importer, weight: str, distance: str) -> None:
    reading = imported(one_set("2025-06-30 19:56", weight=weight, distance=distance))
    [body] = sets(reading)
    assert body.load == Load(20_000, "kg" if weight == "weight_kg" else "lb")
    assert body.distance_mm == (2_000_000 if distance == "distance_km" else 3_218_688)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("30 Jun 2025, 19:56", "30 Jun 2025, 20:58"),
        ("30 Juni 2025, 19:56", "30 Juni 2025, 20:58"),
        ("30 juin 2025, 19:56", "30 juin 2025, 20:58"),
        ("30 июн. 2025 г., 19:56", "30 июн. 2025 г., 20:58"),  # noqa: RUF001  # as a Russian phone writes it
        ("30 6월 2025, 19:56", "30 6월 2025, 20:58"),
        ("Jun 30, 2025, 7:56 PM", "Jun 30, 2025, 8:58 PM"),
        ("30.06.2025, 19:56", "30.06.2025, 20:58"),
        ("2025-06-30T19:56:00", "2025-06-30T20:58:00"),
    ],
)
def test_dates_are_read_in_the_language_of_the_phone(imported: Importer, start: str, end: str) -> None:
    [session] = imported(one_set(start, end)).sessions
    assert (session.started.at, session.started.offset) == (1_751_306_160_000, 120)
    assert session.finished
    assert session.finished.at == 1_751_309_880_000
