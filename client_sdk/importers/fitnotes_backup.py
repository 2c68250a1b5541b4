"""FitNotes' backup, ``.fitnotes``: the app's own database, with all that its CSV has, and more.

Sets are named as those of the CSV are, so one after the other adds only what is new: comments on a workout, when it
began and ended, supersets, and what the body measures.

Certain, for several public readers and writers of backups use it so, one of them checked against the app 25.1
(version 22 of the database): the tables and columns; ``metric_weight`` in kilograms; the unit that an exercise is
shown in (``weight_unit_id`` 1 kg, 2 lb, else that of ``settings.metric``); comments of sets (those of
``owner_type_id`` 1); and measurements in the unit of their kind. On that one alone rests that ``distance`` is in
metres, whatever ``unit`` says. Not read: routines, goals, and whether a set was ticked as complete, which few people
turn on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from client_sdk.importers import values
from client_sdk.importers.clock import wall_time
from client_sdk.importers.loads import typed_in
from client_sdk.importers.rows import Cells, Figure, Format, Layout, Remark, Row, Table
from events.quantities import Unit

_NEEDED = frozenset({"_id", "exercise_id", "date", "metric_weight", "reps"})
_OF_A_SET, _OF_A_WORKOUT = "1", "2"
_UNITS: dict[str, Unit] = {"1": "kg", "2": "lb"}


def _recognise(table: Table) -> Layout | None:
    return Layout(dialect="fitnotes-backup", columns=table.columns) if table.columns.keys() >= _NEEDED else None


def _rows(table: Table, layout: Layout) -> Iterator[Row | Figure | Remark]:
    beside = layout.beside
    exercises = {cells["_id"]: cells for cells in _cells(beside, "exercise")}
    shown = _shown(beside)
    notes, comments = _comments(beside)
    times = _times(beside)
    supersets = _supersets(beside)
    for line, row in sorted(table.rows, key=lambda numbered: numbered[0]):
        cells = Cells(layout.columns, row)
        exercise = exercises.get(cells["exercise_id"])
        if exercise is None:
            yield Remark(line, f"Its exercise, {cells['exercise_id'][:40]!r}, is not in the backup.")
            continue
        day = cells["date"]
        weight, unit = typed_in(cells["metric_weight"], _UNITS.get(exercise["weight_unit_id"], shown))
        yield Row(
            line=line,
            start=day,
            began=times[day][0] if day in times else "",
            end=times[day][1] if day in times else "",
            session_note=notes.get(day, ""),
            exercise=exercise["name"],
            # As in the CSV, a day has one list of sets per exercise, however they were mixed.
            number=line,
            weight=weight,
            unit=unit,
            reps=cells["reps"],
            distance=cells["distance"],
            distance_unit="m",
            seconds=cells["duration_seconds"],
            superset=supersets.get((day, cells["exercise_id"]), ""),
            note=comments.get(cells["_id"], ""),
        )
    yield from _figures(beside)


def _figures(beside: Mapping[str, Table]) -> Iterator[Figure]:
    """What the body measures; before there was a table for all of it, there was one for its weight."""
    kinds = {cells["_id"]: cells for cells in _cells(beside, "Measurement")}
    units = {cells["_id"]: cells["short_name"] for cells in _cells(beside, "MeasurementUnit")}
    for line, cells in _numbered(beside, "MeasurementRecord"):
        kind = kinds.get(cells["measurement_id"])
        yield Figure(
            line=line,
            start=f"{cells['date']} {cells['time']}".strip(),
            name=kind["name"] if kind else "",
            value=cells["value"],
            unit=units.get(kind["unit_id"], "") if kind else "",
            note=cells.text("comment"),
        )
    if "MeasurementRecord" in beside:
        return  # the app has moved the older ones there
    for line, cells in _numbered(beside, "BodyWeight"):
        note = cells.text("comments")
        for name, value, unit in (
            ("Bodyweight", cells["body_weight_metric"], "kg"),
            ("Body Fat", cells["body_fat"], "%"),
        ):
            if not values.is_zero(value):
                yield Figure(line=line, start=cells["date"], name=name, value=value, unit=unit, note=note)
                note = ""


def _shown(beside: Mapping[str, Table]) -> Unit:
    """The unit in which the app shows weights, unless an exercise has its own."""
    metric = next((cells["metric"] for cells in _cells(beside, "settings")), "1")
    return "lb" if metric == "0" else "kg"


def _times(beside: Mapping[str, Table]) -> dict[str, tuple[str, str]]:
    """By day: when the workout began and ended, where the app timed it."""
    return {
        cells["workout_date"]: (cells["start_date_time"], cells["end_date_time"])
        for cells in _cells(beside, "WorkoutTime")
        if wall_time(cells["start_date_time"]) is not None
    }


def _comments(beside: Mapping[str, Table]) -> tuple[dict[str, str], dict[str, str]]:
    """The comments on workouts, by day, and on sets, by their ids."""
    workouts = {cells["date"]: cells.text("comment") for cells in _cells(beside, "WorkoutComment")}
    sets: dict[str, str] = {}
    for cells in _cells(beside, "Comment"):
        if cells["owner_type_id"] == _OF_A_SET:
            sets[cells["owner_id"]] = cells.text("comment")
        elif cells["owner_type_id"] == _OF_A_WORKOUT:
            workouts.setdefault(cells["date"], cells.text("comment"))
    return workouts, sets


def _supersets(beside: Mapping[str, Table]) -> dict[tuple[str, str], str]:
    """What groups of exercises are called, by day and exercise."""
    names = {cells["_id"]: cells["name"] for cells in _cells(beside, "WorkoutGroup")}
    return {
        (cells["date"], cells["exercise_id"]): names.get(cells["workout_group_id"], "")
        for cells in _cells(beside, "WorkoutGroupExercise")
    }


def _cells(beside: Mapping[str, Table], name: str) -> Iterator[Cells]:
    return (cells for _, cells in _numbered(beside, name))


def _numbered(beside: Mapping[str, Table], name: str) -> Iterator[tuple[int, Cells]]:
    table = beside.get(name)
    if table is not None:
        columns = table.columns
        for line, row in table.rows:
            yield line, Cells(columns, row)


FITNOTES_BACKUP = Format(
    app="fitnotes",
    title="FitNotes",
    tells=("training", "body"),
    table="training_log",
    recognise=_recognise,
    rows=_rows,
    end=wall_time,
)
