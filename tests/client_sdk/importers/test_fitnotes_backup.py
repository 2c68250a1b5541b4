"""FitNotes' backup: the app's own database."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from support.exports import backup_of, export, figures, sets

from client_sdk.importers import ImportFileError, Reading, Remark
from events.body import Measurement
from events.corrections import NoteAdded
from events.quantities import Load
from events.training import SessionFinished

Importer = Callable[..., Reading]

OLDER = """
CREATE TABLE training_log (_id INTEGER PRIMARY KEY, exercise_id, date, metric_weight, reps);
CREATE TABLE BodyWeight (_id INTEGER PRIMARY KEY, date, body_weight_metric, body_fat, comments);
INSERT INTO BodyWeight VALUES (1, '2019-05-01 08:00:00', 80.0, 18.5, 'fasted');
"""


@pytest.fixture
def backup(imported: Importer) -> Reading:
    return imported("fitnotes_backup")


def test_every_set_and_figure_is_read_or_skipped(backup: Reading) -> None:
    assert (backup.app, backup.dialect, backup.tells) == ("fitnotes", "fitnotes-backup", ("training", "body"))
    assert (backup.rows, backup.sets, backup.figures) == (9, 5, 3)
    assert backup.skipped == (Remark(106, "Its exercise, '99', is not in the backup."),)


def test_loads_are_in_the_unit_in_which_the_app_showed_them(backup: Reading) -> None:
    assert [body.load for body in sets(backup)][:3] == [
        Load(100_000, "kg"),
        Load(135_000, "lb"),
        Load(102_500, "kg"),
    ]
    assert backup.loads_recovered == 0


def test_comments_supersets_and_times_come_along(backup: Reading) -> None:
    first = backup.sessions[0]
    assert (first.started.at, first.started.offset) == (1_768_060_800_000, 60)
    assert first.finished is not None
    assert isinstance(first.finished.body, SessionFinished)
    assert (first.finished.body.note, first.finished.at - first.started.at) == ("Great session", 75 * 60_000)
    assert [(body.superset, body.note) for body in sets(backup)][:4] == [
        ("Superset A", None),
        ("Superset A", None),
        ("Superset A", "Paused reps"),
        (None, None),
    ]


def test_times_and_distances_are_read(backup: Reading) -> None:
    run = sets(backup)[-1]
    assert (run.seconds, run.distance_mm, run.reps) == (1805, 5_000_000, None)


def test_the_body_is_read_with_its_comments(backup: Reading) -> None:
    assert [(body.site, body.side, body.value) for body in figures(backup)] == [
        ("body_weight", None, Measurement(82_000, "kg")),
        ("body_weight", None, Measurement(81_500, "kg")),
        ("thigh", "left", Measurement(58_500, "cm")),
    ]
    [note] = [draft.body for draft in backup.measurements if isinstance(draft.body, NoteAdded)]
    assert (note.text, note.target) == ("Light, after cardio", figures(backup)[1].measurement)


def test_older_backups_have_a_table_of_weights_only(imported: Importer) -> None:
    assert [body.value for body in figures(imported(backup_of(OLDER)))] == [
        Measurement(80_000, "kg"),
        Measurement(18_500, "percent"),
    ]


def test_the_backup_names_sets_and_figures_as_the_csv_does(imported: Importer, backup: Reading) -> None:
    header = "Date,Exercise,Category,Weight,Weight Unit,Reps,Distance,Distance Unit,Time,Comment\n"
    day = "2026-01-10,Squat,Legs,100.0,kgs,5,,,,\n2026-01-10,Squat,Legs,102.5,kgs,5,,,,Paused reps\n"
    assert {body.set for body in sets(imported((header + day).encode()))} < {body.set for body in sets(backup)}
    tracked = {body.measurement for body in figures(imported("fitnotes_body")) if body.site == "body_weight"}
    assert tracked < {body.measurement for body in figures(backup)}


@pytest.mark.parametrize("size", [20, 100, 5_000])
def test_a_damaged_backup_says_so(asked: Importer, size: int) -> None:
    with pytest.raises(ImportFileError, match="damaged database"):
        asked(export("fitnotes_backup")[:size])


def test_a_backup_that_was_kept_with_a_log_beside_it_can_be_read(imported: Importer, backup: Reading) -> None:
    data = bytearray(export("fitnotes_backup"))
    data[18:20] = b"\2\2"
    assert [body.set for body in sets(imported(bytes(data)))] == [body.set for body in sets(backup)]


def test_another_database_is_refused_with_its_tables(asked: Importer) -> None:
    with pytest.raises(ImportFileError, match="its tables are photos"):
        asked(backup_of("CREATE TABLE photos (_id INTEGER PRIMARY KEY)"))


def test_a_view_in_the_place_of_a_table_is_not_run(asked: Importer) -> None:
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"
    with pytest.raises(ImportFileError, match="no export"):
        asked(backup_of(f"CREATE VIEW training_log AS {endless}"))
