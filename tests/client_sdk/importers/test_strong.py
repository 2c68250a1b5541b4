"""Strong's exports: commas, semicolons, unit columns and other languages."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from client_sdk.draft import Draft
from client_sdk.importers import Reading, Remark, Session, Unanswered
from events.corrections import ImportStarted
from events.quantities import Load
from events.training import SessionFinished, SessionStarted, SetLogged

Importer = Callable[..., Reading]
Asker = Callable[..., Reading | Unanswered]


def sets(reading: Reading) -> list[SetLogged]:
    return [draft.body for session in reading.sessions for draft in session.sets if isinstance(draft.body, SetLogged)]


def started(draft: Draft) -> SessionStarted:
    assert isinstance(draft.body, SessionStarted)
    return draft.body


def finished(session: Session) -> SessionFinished:
    assert session.finished is not None
    assert isinstance(session.finished.body, SessionFinished)
    return session.finished.body


def minutes(session: Session) -> float:
    assert session.finished is not None
    return (session.finished.at - session.started.at) / 60_000


def options(reading: Reading) -> dict[str, str]:
    assert isinstance(reading.started.body, ImportStarted)
    return reading.started.body.options


@pytest.fixture
def comma(imported: Importer) -> Reading:
    return imported("strong_comma", unit="kg", distance_unit="km")


def test_the_old_dialect_asks_for_both_units_and_the_zone(asked: Asker) -> None:
    answer = asked("strong_comma")
    assert isinstance(answer, Unanswered)
    assert [question.option for question in answer.questions] == ["unit", "distance_unit", "timezone"]
    assert answer.questions[0].answers == ("kg", "lb")


def test_a_unit_is_not_asked_for_where_nothing_was_weighed(asked: Asker) -> None:
    header = (
        b"Date,Workout Name,Duration,Exercise Name,Set Order,Weight,Reps,Distance,Seconds,Notes,Workout Notes,RPE\n"
    )
    answer = asked(header + b"2025-03-03 18:05:10,A,5m,Pull Up,1,0.0,8,0,0,,,\n", timezone="UTC")
    assert isinstance(answer, Reading)
    assert answer.sets == 1
    assert options(answer) == {"timezone": "UTC"}


def test_every_row_is_a_set_or_skipped_with_a_reason(comma: Reading) -> None:
    assert (comma.dialect, comma.rows, comma.sets) == ("strong-comma", 14, 11)
    assert comma.skipped == (
        Remark(4, "It is a rest timer, kept with the set on line 5."),
        Remark(6, "It is a rest timer, but no set of the exercise follows: left out."),
        Remark(10, "Reps of '8.5' are not a whole number."),
    )


def test_set_orders_tell_the_kind(comma: Reading) -> None:
    kinds = [body.kind for body in sets(comma)]
    assert kinds[:6] == ["warm_up", "working", "working", "working", "working", "drop"]
    assert kinds[6] == "failure"


def test_a_rest_timer_is_the_rest_before_the_next_set(comma: Reading) -> None:
    assert [body.rest_s for body in sets(comma)][:4] == [None, None, 180, None]


def test_a_missed_attempt_is_kept_with_no_reps(comma: Reading) -> None:
    missed = sets(comma)[2]
    assert (missed.reps, missed.load, missed.rpe_tenths) == (0, Load(100_000, "kg"), 95)
    assert not missed.counts


def test_a_load_on_body_weight_is_added_none_is_body_weight_and_a_negative_one_is_help(comma: Reading) -> None:
    pull_ups = [(body.load_kind, body.load) for body in sets(comma) if body.exercise == "pull_up"]
    assert pull_ups == [
        ("bodyweight", None),
        ("added", Load(10_000, "kg")),
        ("assisted", Load(15_000, "kg")),
    ]
    assisted = next(body for body in sets(comma) if body.exercise == "assisted_pull_up")
    assert (assisted.load_kind, assisted.load) == ("assisted", Load(20_000, "kg"))


def test_a_weight_of_zero_on_a_machine_is_no_load(comma: Reading) -> None:
    machine = next(body for body in sets(comma) if body.source and body.source.name == "Cellar Machine")
    assert (machine.load_kind, machine.load, machine.reps) == ("external", None, 12)
    assert comma.unmatched == ("Cellar Machine",)


def test_no_reps_beside_a_time_or_a_distance_are_no_missed_attempt(comma: Reading) -> None:
    plank = next(body for body in sets(comma) if body.exercise == "plank")
    run = next(body for body in sets(comma) if body.exercise == "running")
    assert (plank.reps, plank.seconds) == (None, 90)
    assert (run.reps, run.seconds, run.distance_mm) == (None, 1830, 5_250_000)


def test_a_session_has_its_title_its_end_and_its_note(comma: Reading) -> None:
    session = comma.sessions[0]
    assert started(session.started).title == "Legs, heavy"
    assert finished(session).note == "good day"
    assert minutes(session) == 70
    assert (session.started.at, session.started.offset) == (1_741_021_510_000, 60)


def test_an_escaped_line_break_in_a_note_becomes_one(comma: Reading) -> None:
    assert sets(comma)[0].note == "high bar\nbelt"


def test_an_unreadable_duration_is_told_and_leaves_the_session_open(comma: Reading) -> None:
    assert comma.sessions[1].finished is None
    assert comma.remarks == (Remark(15, "The end of its session, 'soon', can't be read."),)


def test_an_exercise_that_comes_again_is_its_second_occurrence(comma: Reading) -> None:
    keys = [body.source.key for body in sets(comma) if body.source and body.exercise == "back_squat"]
    assert keys == [
        '["strong","2025-03-03 18:05:10","Squat (Barbell)",1,1]',
        '["strong","2025-03-03 18:05:10","Squat (Barbell)",1,2]',
        '["strong","2025-03-03 18:05:10","Squat (Barbell)",1,3]',
        '["strong","2025-03-03 18:05:10","Squat (Barbell)",2,1]',
    ]


def test_sets_are_in_order_within_their_session(comma: Reading) -> None:
    assert [body.order for body in sets(comma)] == [*range(10), 0]


def test_the_semicolon_dialect_says_its_units_and_has_decimal_commas(imported: Importer) -> None:
    reading = imported("strong_semicolon")
    bench, recovered, sled = sets(reading)
    assert (reading.dialect, reading.loads_recovered) == ("strong-semicolon", 1)
    assert (bench.load, bench.rpe_tenths, bench.note) == (Load(82_500, "kg"), 85, "pause; every rep")
    assert recovered.load == Load(135_000, "lb")
    assert (sled.load, sled.reps, sled.distance_mm) == (Load(80_000, "kg"), None, 40_000)
    assert reading.skipped == (Remark(2, "It is a note, kept with the set on line 3."),)
    session = reading.sessions[0]
    assert finished(session).note == "tired"
    assert minutes(session) == 62


def test_unit_columns_hold_row_by_row_and_unknown_units_are_told(imported: Importer) -> None:
    reading = imported("strong_unit_columns")
    kilograms, pounds, run = sets(reading)
    assert (kilograms.load, pounds.load) == (Load(20_000, "kg"), Load(135_000, "lb"))
    assert run.distance_mm == 3_218_688
    assert reading.skipped == (Remark(5, "Its weight is in 'stone', which is no known unit."),)


def test_a_note_on_a_session_without_an_end_goes_with_its_first_set(imported: Importer) -> None:
    reading = imported("strong_unit_columns")
    assert reading.sessions[0].finished is None
    assert [body.note for body in sets(reading)] == ["cold gym", None, None]


def test_a_header_in_another_language_is_known_by_its_shape(imported: Importer) -> None:
    reading = imported("strong_translated", unit="lb")
    assert reading.dialect == "strong-comma-translated"
    assert [body.load for body in sets(reading)] == [Load(20_000, "kg"), Load(37_500, "lb"), None]
    assert reading.loads_recovered == 1
    assert minutes(reading.sessions[0]) == 73


def test_an_answer_that_the_file_contradicts_is_left_aside_and_told(imported: Importer) -> None:
    reading = imported("strong_semicolon", unit="lb")
    assert sets(reading)[0].load == Load(82_500, "kg")
    assert "unit" not in options(reading)
    assert reading.remarks == (Remark(1, "The file itself says in which unit its weights are: lb was left aside."),)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("2025-13-03 18:05:10,A,5m,Squat,1,50,8,0,0,,,", "Its date, '2025-13-03 18:05:10', can't be read."),
        ("1066-10-14 09:00:00,A,5m,Squat,1,50,8,0,0,,,", "lies outside the years 1900 to 2200."),
        ("2199-01-01 09:00:00,A,5m,Squat,1,50,8,0,0,,,", "lies in the future."),
        ("2025-03-03 18:05:10,A,5m,,1,50,8,0,0,,,", "It names no exercise."),
        ("2025-03-03 18:05:10,A,5m,Squat,x,50,8,0,0,,,", "neither a number nor W, D or F."),
        ("2025-03-03 18:05:10,A,5m,Squat,1,50,99999,0,0,,,", "Reps of '99999' can't be right."),
        ("2025-03-03 18:05:10,A,5m,Squat,1,50,-3,0,0,,,", "Reps of '-3' can't be right."),
        ("2025-03-03 18:05:10,A,5m,Squat,1,50000,5,0,0,,,", "A weight of 50000 kg is beyond what a person moves."),
        ("2025-03-03 18:05:10,A,5m,Squat,1,1e3,5,0,0,,,", "The weight '1e3' can't be read as a number."),
        ("2025-03-03 18:05:10,A,5m,Squat,1,50,5,0,0,,,11", "An RPE of '11' can't be right."),
        ("2025-03-03 18:05:10,A,5m,Squat,1,50,5,0,9999999,,,", "Seconds of '9999999' can't be right."),
        ("2025-03-03 18:05:10,A,5m,Squat,1,,,,,,,", "It records nothing: no reps, time, distance or weight."),
        ("2025-03-03 18:05:10,A,5m,Squat,1,50", "It has 6 values where the header has 12 columns."),
    ],
)
def test_a_row_that_cannot_be_a_set_is_skipped_with_the_reason(imported: Importer, row: str, reason: str) -> None:
    header = (
        "Date,Workout Name,Duration,Exercise Name,Set Order,Weight,Reps,Distance,Seconds,Notes,Workout Notes,RPE\n"
    )
    sound = "2025-03-01 18:05:10,A,5m,Squat,1,50,8,0,0,,,\n"
    reading = imported((header + sound + row).encode(), unit="kg")
    assert reading.sets == 1
    [remark] = reading.skipped
    assert remark.line == 3
    assert remark.reason.endswith(reason)


def test_a_session_that_the_file_repeats_is_kept_and_told(imported: Importer) -> None:
    header = (
        "Date,Workout Name,Duration,Exercise Name,Set Order,Weight,Reps,Distance,Seconds,Notes,Workout Notes,RPE\n"
    )
    session = "".join(f"2025-03-01 18:05:10,A,5m,Squat,{number},50,8,0,0,,,\n" for number in (1, 2))
    reading = imported((header + session + session).encode(), unit="kg")
    assert reading.sets == 4
    assert len(reading.sessions) == 1
    assert reading.remarks == (Remark(2, "From line 4 on, its session is repeated word for word; both are kept."),)


def test_unit_columns_are_known_by_their_shape_in_another_language(imported: Importer) -> None:
    translated = (
        "Fecha;Entreno;Ejercicio;Serie;Peso;Unidad;Repeticiones;RPE;Distancia;Unidad de distancia;Segundos;Notas;"
        "Notas del entreno\n"
        "2019-01-11 12:31:54;Pierna;Squat;1;135;lbs;5;;2;mi;0;;\n"
    )
    [body] = sets(imported(translated.encode()))
    assert (body.load, body.distance_mm) == (Load(135_000, "lb"), 3_218_688)
