"""One workout in two apps, at the command line: asked about, told, settled; and the way out again."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
"""Runs a command: see ``conftest``."""

STRONG = (
    "Date,Workout Name,Duration,Exercise Name,Set Order,Weight,Reps,Distance,Seconds,Notes,Workout Notes,RPE\n"
    '2025-06-30 18:31:07,"Leg Day",1h,"Squat (Barbell)",1,100.0,8,0,0,,,\n'
    '2025-06-30 18:31:07,"Leg Day",1h,"Squat (Barbell)",2,100.0,8,0,0,"belt",,\n'
)
HEVY = (
    '"title","start_time","end_time","description","exercise_title","superset_id","exercise_notes","set_index",'
    '"set_type","weight_kg","reps","distance_km","duration_seconds","rpe"\n'
    '"Evening","30 Jun 2025, 18:35","30 Jun 2025, 19:40","","Squat (Barbell)",,"",0,"normal",100,8,,,\n'
    '"Evening","30 Jun 2025, 18:35","30 Jun 2025, 19:40","","Squat (Barbell)",,"",1,"normal",100,8,,,\n'
)
BERLIN = ("--timezone", "Europe/Berlin")


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """One evening as Strong and as Hevy tell it."""
    both = tmp_path / "strong.csv", tmp_path / "hevy.csv"
    for file, text in zip(both, (STRONG, HEVY), strict=True):
        file.write_text(text, encoding="utf-8")
    return both


@pytest.fixture
def hevy(done: Run, files: tuple[Path, Path]) -> Path:
    """Hevy's file, where Strong's is already in the ledger."""
    done("import", files[0], "--unit", "kg", *BERLIN)
    return files[1]


def sessions(done: Run) -> list[str]:
    return [row["title"] for row in done("report", "sessions", "--json").json["sessions"]]


def test_without_a_terminal_copies_are_listed_with_both_ways_and_nothing_is_written(run: Run, hevy: Path) -> None:
    before = run("status", "--json").json
    refused = run("import", hevy, *BERLIN)
    assert refused.status == 2
    assert "2025-06-30 18:35 Evening, 2 sets: Strong has it as #" in refused.err
    assert "--duplicates skip" in refused.err
    assert "--duplicates keep" in refused.err
    assert run("status", "--json").json == before


@pytest.mark.parametrize(("way", "counting"), [("skip", ["Leg Day"]), ("keep", ["Evening", "Leg Day"])])
def test_copies_are_left_out_or_kept_and_the_story_says_so(
    way: str, counting: list[str], done: Run, hevy: Path
) -> None:
    said = done("import", hevy, *BERLIN, "--duplicates", way).out
    assert {"skip": "left out", "keep": "both count"}[way] in said
    assert sessions(done) == counting
    again = done("import", hevy, *BERLIN, "--duplicates", way, "--json").json
    assert (again["written"], len(again["copies"])) == (0, 1 if way == "skip" else 0)


def test_at_a_terminal_it_is_asked(run: Run, hevy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr("click.prompt", lambda *_, **__: "skip")
    assert run("import", hevy, *BERLIN).status == 0
    assert sessions(run) == ["Leg Day"]


def test_a_dry_run_lists_copies_and_asks_nothing(done: Run, hevy: Path) -> None:
    said = done("import", hevy, *BERLIN, "--dry-run").out
    assert "Likely copies of workouts that are here (1):" in said
    assert "until you settle it" in " ".join(said.split())


def test_the_story_is_short_and_true_of_the_file(done: Run, files: tuple[Path, Path]) -> None:
    said = done("import", files[0], "--unit", "kg", *BERLIN).out
    assert said.split("\n\n")[1].splitlines() == [
        "1 day of training, 2025-06-30 to 2025-06-30: 1 session, 2 sets.",
        "Best lifts: Squat (Barbell) 100 kg × 8, on 2025-06-30",
        "1 of 1 exercise found in the catalogue.",
    ]


@pytest.mark.parametrize(
    ("way", "counting"), [("to count it once:", ["Leg Day"]), ("to count both:", ["Evening", "Leg Day"])]
)
def test_a_copy_that_came_by_sync_is_told_in_words_and_settled_either_way(
    way: str, counting: list[str], done: Run, hevy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("client_sdk.cli.imports.decided", lambda *_, **__: None)  # another device had nobody to ask
    done("import", hevy, *BERLIN)
    assert "Hevy tells of 1 session of these, too" in done("report", "sessions").out
    said = done("conflicts").out
    words = " ".join(said.split())
    assert "1 likely copy: two apps tell of one workout; it counts once." in words
    assert "Hevy tells of it, and Strong of session Leg Day of 2025-06-30 18:31" in words
    assert "Strong's was here first, and counts." in words
    [command] = [line.split("ironledger ")[1] for line in said.splitlines() if way in line]
    assert ("the workout counts once" if "once" in way else "both count") in done(*command.split()).out
    assert sessions(done) == counting
    assert done("conflicts").out.startswith("No conflicts")


@pytest.mark.parametrize("app", ["strong", "hevy"])
def test_an_export_for_an_app_comes_back_as_nothing_new(app: str, done: Run, hevy: Path, tmp_path: Path) -> None:
    done("log", "squat", "100kg", "8", "--form", "4")
    file = tmp_path / "out.csv"
    said = done("export", "--format", app, file).out
    assert said.startswith("2 sessions, 3 sets written to")
    assert "1 × ratings of form" in said
    again = done("import", file, *BERLIN)
    assert "All of it was here already" in again.out
    assert hevy.exists()


def test_an_export_for_an_app_goes_to_standard_output_and_its_losses_do_not(run: Run) -> None:
    run("log", "squat", "135lb", "8", "--form", "4")
    written = run("export", "--format", "hevy")
    assert written.out.startswith('"title","start_time"')
    assert ",61.23,8," in written.out
    assert "ratings of form" in written.err
    run("profile", "units=lb")
    assert ",135,8," in run("export", "--format", "hevy").out


@pytest.mark.parametrize("suffix", ["md", "html"])
def test_the_trainer_gets_one_file_of_reports_and_notes(suffix: str, done: Run, hevy: Path, tmp_path: Path) -> None:
    done("log", "squat", "100kg", "8", "--note", "```deep``` <knees>")
    file = tmp_path / f"training.{suffix}"
    assert "written" in done("export", "--for-trainer", file).out
    text = file.read_text(encoding="utf-8")
    for title in ("Profile", "Records", "Volume", "Balance", "Sessions", "Programs", "Notes"):
        assert title in text
    assert "belt (Back Squat)" in text
    assert ("&lt;knees&gt;" if suffix == "html" else "````text") in text
    assert "\x1b[" not in text
    assert hevy.exists()


@pytest.mark.parametrize(
    "words",
    [
        ("--for-trainer",),
        ("--for-trainer", "training.pdf"),
        ("--for-trainer", "training.md", "--format", "hevy"),
        ("--unit", "lb", "out.ndjson"),
    ],
)
def test_exports_that_make_no_sense_are_refused(words: tuple[str, ...], run: Run) -> None:
    assert run("export", *words).status == 2
