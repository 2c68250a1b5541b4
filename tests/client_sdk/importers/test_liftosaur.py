"""Liftosaur's exports: what was planned beside what was done, in UTC."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from support.exports import sets

from client_sdk.importers import Reading, Remark
from events.quantities import Load
from events.training import SessionFinished, SessionStarted

Importer = Callable[..., Reading]


@pytest.fixture
def liftosaur(imported: Importer) -> Reading:
    return imported("liftosaur")


def test_what_was_planned_and_not_done_is_skipped_with_a_reason(liftosaur: Reading) -> None:
    assert (liftosaur.dialect, liftosaur.rows, liftosaur.sets) == ("liftosaur", 7, 5)
    assert liftosaur.skipped == (
        Remark(6, "It was planned and not done: it has no completed reps."),
        Remark(8, "Its weight is in 'stone', which is no known unit."),
    )


def test_a_set_is_what_was_completed_not_what_was_asked_for(liftosaur: Reading) -> None:
    assert [(body.kind, body.reps, body.load, body.rpe_tenths) for body in sets(liftosaur)] == [
        ("warm_up", 5, Load(45_000, "lb"), None),
        ("working", 3, Load(225_000, "lb"), 85),
        ("amrap", 7, Load(230_000, "lb"), None),
        ("working", 8, None, None),
        ("working", 5, Load(62_500, "kg"), None),
    ]


def test_the_notes_of_an_exercise_go_with_its_first_set(liftosaur: Reading) -> None:
    assert [body.note for body in sets(liftosaur)] == ["Felt good, all of it", None, None, None, None]


def test_a_session_is_called_after_program_and_day_and_ends_with_its_last_set(liftosaur: Reading) -> None:
    first = liftosaur.sessions[0]
    assert isinstance(first.started.body, SessionStarted)
    assert first.started.body.title == "GZCLP, Day 1"
    assert first.finished is not None
    assert isinstance(first.finished.body, SessionFinished)
    assert first.finished.at - first.started.at == 20 * 60_000


def test_the_zone_moves_the_lifters_day_and_not_the_moment(imported: Importer, liftosaur: Reading) -> None:
    elsewhere = imported("liftosaur", timezone="Asia/Tokyo")
    assert [(each.started.at, each.started.offset) for each in liftosaur.sessions] == [
        (1_772_384_400_000, 60),
        (1_772_559_000_000, 60),
    ]
    assert [(each.started.at, each.started.offset) for each in elsewhere.sessions] == [
        (1_772_384_400_000, 540),
        (1_772_559_000_000, 540),
    ]
    assert [body.set for body in sets(elsewhere)] == [body.set for body in sets(liftosaur)]


def test_older_versions_had_one_weight_and_one_rpe(imported: Importer) -> None:
    reading = imported("liftosaur_one_weight")
    assert reading.dialect == "liftosaur-one-weight"
    [body] = sets(reading)
    assert (body.load, body.rpe_tenths, body.kind) == (Load(100_000, "kg"), 80, "amrap")
