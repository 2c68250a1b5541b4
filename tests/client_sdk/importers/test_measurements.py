"""Files of what the body measures."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from support.exports import figures

from client_sdk.importers import Reading, Remark, Unanswered
from client_sdk.importers.figures import site_of
from events.body import Measurement
from events.corrections import NoteAdded

Importer = Callable[..., Reading]


def test_strong_lists_one_figure_a_row(imported: Importer) -> None:
    reading = imported("strong_measurements")
    assert (reading.app, reading.dialect, reading.tells) == ("strong", "strong-body", ("body",))
    assert [(body.site, body.side, body.value) for body in figures(reading)] == [
        ("body_weight", None, Measurement(180_400, "lb")),
        ("body_weight", None, Measurement(179_800, "lb")),
        ("body_fat", None, Measurement(18_500, "percent")),
        ("thigh", "left", Measurement(23_250, "in")),
        ("thigh", "right", Measurement(23_500, "in")),
    ]
    assert reading.skipped == (Remark(7, "Its unit, 'kcal', is none that a body is measured in."),)


def test_a_german_export_of_strong_is_known_by_the_columns_that_stay_english(imported: Importer) -> None:
    file = 'Datum,Measurement Type,Value,Unit,Source\n2024-01-15 07:05:12,"Gewicht",80.5,kg,"Strong"\n'
    [body] = figures(imported(file.encode()))
    assert (body.site, body.value) == ("body_weight", Measurement(80_500, "kg"))


def test_hevy_has_a_column_for_each_site(imported: Importer) -> None:
    reading = imported("hevy_measurements")
    assert (reading.rows, reading.figures, reading.loads_recovered) == (9, 8, 1)
    assert reading.skipped == (Remark(4, "It measures nothing."),)
    assert [(body.site, body.side, body.value) for body in figures(reading)][:5] == [
        ("body_weight", None, Measurement(180_400, "lb")),
        ("body_fat", None, Measurement(18_000, "percent")),
        ("waist", None, Measurement(84_500, "cm")),
        ("thigh", "left", Measurement(58_500, "cm")),
        ("thigh", "right", Measurement(59_000, "cm")),
    ]
    assert reading.measurements[0].at == 1_757_887_200_000


def test_fitnotes_lists_figures_with_comments(imported: Importer) -> None:
    reading = imported("fitnotes_body")
    assert (reading.rows, reading.figures) == (4, 3)
    assert [draft.body.text for draft in reading.measurements if isinstance(draft.body, NoteAdded)] == [
        "Light, after cardio"
    ]
    assert reading.skipped == (Remark(5, "Its figure, 'not a number', can't be read as a number."),)


def test_neither_the_unit_nor_the_zone_is_in_a_name(imported: Importer) -> None:
    kilograms = imported(b'date,weight_kg,fat_percent\n"15 Sep 2025, 00:00",80.5,\n')
    pounds = imported(b'date,weight_lbs,fat_percent\n"15 Sep 2025, 00:00",177.5,\n', timezone="Asia/Tokyo")
    assert [draft.id for draft in kilograms.measurements] == [draft.id for draft in pounds.measurements]
    assert [body.measurement for body in figures(kilograms)] == [body.measurement for body in figures(pounds)]


def test_two_figures_of_one_moment_are_two(imported: Importer) -> None:
    file = "Date,Measurement Type,Value,Unit\n" + "2024-01-15 07:05:12,Weight,80,kg\n" * 2
    assert len({body.measurement for body in figures(imported(file.encode()))}) == 2


def test_a_weight_without_a_unit_is_asked_about(asked: Importer, imported: Importer) -> None:
    file = b"Date,Measurement Type,Value\n2024-01-15 07:05:12,Weight,80\n"
    answer = asked(file)
    assert isinstance(answer, Unanswered)
    assert [question.option for question in answer.questions] == ["unit", "timezone"]
    assert figures(imported(file, unit="lb"))[0].value == Measurement(80_000, "lb")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("2024-01-15,Weight,0,kg", "Its figure, '0', was never entered."),
        (
            "2024-01-15,Weight,8,kg",
            "Its figure can't be right: no lifter weighs 8 kg: a body weight is from 20 kg to 700 kg.",
        ),
        ("2024-01-15,Waist,80,kg", "Its figure can't be right: a girth is measured in cm, mm or in."),
        ("2024-01-15,Waist,80,", "It names no unit."),
        ("2024-01-15,,80,kg", "It names nothing that was measured."),
        ("someday,Weight,80,kg", "Its date, 'someday', can't be read."),
        ("2077-01-15,Weight,80,kg", "Its date, '2077-01-15', lies in the future."),
        ("2024-01-15,Weight,80", "It has 3 values where the header has 4 columns."),
    ],
)
def test_what_is_no_figure_is_skipped_with_a_reason(imported: Importer, row: str, reason: str) -> None:
    reading = imported(f"Date,Measurement Type,Value,Unit\n{row}\n".encode())
    assert reading.skipped == (Remark(2, reason),)


@pytest.mark.parametrize(
    ("name", "site"),
    [
        ("Bodyweight", ("body_weight", None)),
        ("Body Fat %", ("body_fat", None)),
        ("Left Bicep", ("upper_arm", "left")),
        ("right_calf", ("calf", "right")),
        ("Thigh (L)", ("thigh", "left")),
        ("Waist", ("waist", None)),
        ("Upper Abs", ("upper_abs", None)),
        ("left", ("left", None)),
        ("", ("", None)),
    ],
)
def test_a_site_is_known_by_the_names_that_apps_give_it(name: str, site: tuple[str, str | None]) -> None:
    assert site_of(name) == site
