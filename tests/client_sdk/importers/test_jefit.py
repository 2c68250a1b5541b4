"""JEFIT's exports: a database table after table, all sets of an exercise in one cell."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from support.exports import sets

from client_sdk.importers import ImportFileError, Reading, Remark, Unanswered
from events.quantities import Load

Importer = Callable[..., Reading]

FILE = (Path(__file__).parent / "fixtures" / "jefit.csv").read_text(encoding="utf-8")


@pytest.fixture
def jefit(imported: Importer) -> Reading:
    return imported("jefit")


def test_every_set_counts_as_a_row_and_what_is_none_is_told(jefit: Reading) -> None:
    assert (jefit.dialect, jefit.rows, jefit.sets) == ("jefit", 9, 7)
    assert jefit.skipped == (
        Remark(21, "Its set 'twice' is no weight with reps."),
        Remark(23, "It has no sets of weight and reps: cardio of JEFIT is not read."),
    )


def test_a_cell_is_one_set_after_another(jefit: Reading) -> None:
    assert [(body.load, body.reps, body.load_kind) for body in sets(jefit)] == [
        (Load(40_000, "kg"), 10, "external"),
        (Load(65_000, "kg"), 5, "external"),
        (Load(65_000, "kg"), 8, "external"),
        (None, 8, "bodyweight"),
        (None, 6, "bodyweight"),
        (Load(100_000, "kg"), 5, "external"),
        (Load(135_000, "lb"), 5, "external"),
    ]


def test_kinds_come_from_the_logs_of_single_sets(jefit: Reading) -> None:
    assert [body.kind for body in sets(jefit)][:4] == ["warm_up", "working", "failure", "working"]


def test_a_workout_begins_and_ends_when_its_session_says(jefit: Reading) -> None:
    first, second, third = jefit.sessions
    assert (first.started.at, first.started.offset) == (1_770_220_318_000, 60)
    assert first.finished is not None
    assert first.finished.at == 1_770_223_918_000
    assert second.finished is None  # it took no time, so nobody timed it
    assert (third.started.at, third.finished) == (1_770_548_400_000, None)  # noon of a day without a session


def test_the_unit_is_that_of_the_account_and_asked_for_without_one(asked: Importer, imported: Importer) -> None:
    pounds = imported(FILE.replace('" kg"', '" lbs"').encode())
    assert sets(pounds)[0].load == Load(40_000, "lb")
    answer = asked(FILE.replace('" kg"', '""').encode())
    assert isinstance(answer, Unanswered)
    assert [question.option for question in answer.questions] == ["unit", "timezone"]


def test_the_body_is_left_out_in_words(imported: Importer) -> None:
    profile = "\n### PROFILE ####\n\n_id,USERID,mydate,weight\n1,7,2026-02-04,82.5\n"
    [remark] = [remark for remark in imported((FILE + profile).encode()).skipped if "Body" in remark.reason]
    assert remark.reason == "Body measurements of JEFIT are not read: the file doesn't say in which unit they are."


def test_an_export_without_logs_is_refused_with_its_tables(asked: Importer) -> None:
    with pytest.raises(ImportFileError, match="its tables are SETTING"):
        asked(FILE.partition("### EXERCISE LOGS")[0].encode())
