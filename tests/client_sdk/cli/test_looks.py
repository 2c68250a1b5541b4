"""How reports look to people: 80 columns, no colour, every figure in words beside its chart."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rich.console import Console

from client_sdk.cli.rendering import Paper, show
from client_sdk.cli.reports import NAMES
from projections.ledger import Ledger

Run = Callable[..., Any]
"""Runs a command: see ``conftest``."""


@pytest.fixture
def squats(done: Run) -> None:
    """Three weeks of a squat and a curl."""
    for day, load, reps in (("02", "97.5kg", 5), ("09", "100kg", 5), ("16", "100kg", 8)):
        done("log", "back squat", load, reps, "--sets", 4, "--at", f"2025-06-{day} 18:30")
        done("log", "seated leg curl", "100lb", 12, "--at", f"2025-06-{day} 18:40")


def lines(out: str) -> list[str]:
    return [line.rstrip() for line in out.splitlines()]


@pytest.mark.usefixtures("squats")
def test_volume_shows_the_latest_week_against_its_landmarks_and_the_weeks_before(done: Run) -> None:
    assert lines(done("report", "volume", "--as-of", "2025-06-22").out)[:8] == [
        "Sets in 2025-W25, the week from 16 June 2025",
        "Muscle           W25                       W24  W23  3 weeks",
        "quadriceps         4  ████ │   │        │    4    4  ███",
        "hamstrings         1  █    │   │        │    1    1  ███",
        "glutes             4  ████ │   │        │    4    4  ███",
        "adductors          4  ████ │   │        │    4    4  ███",
        "spinal erectors    2  ██   │   │        │    2    2  ███",
        "all sets           5                         5    5  ███",
    ]


@pytest.mark.usefixtures("squats")
def test_one_lift_in_depth_says_when_each_record_was_set_and_what_it_beat(done: Run) -> None:
    assert lines(done("report", "records", "--exercise", "squat").out) == [
        "Back Squat: 12 sets",
        "Record    Set         On",
        "heaviest  100 kg × 8  16 June 2025",
        "8 reps    100 kg × 8  16 June 2025",
        "est. 1RM  126.5 kg    16 June 2025",
        "",
        "Estimated 1RM, the best of each day; a new best is a ◆:",
        "126.5 kg ┤                                                                 ◆",
        "         ┤",
        "         ┤",
        "         ┤",
        "         ┤                                 ◆",
        "  114 kg ┤ ◆",
        "         └──────────────────────────────────────────────────────────────────",
        "           2 June 2025                                          16 June 2025",
        "",
        "On          Record    Set                        Beat",
        "2025-06-16  heaviest  100 kg × 8                 100 kg × 5 of 2025-06-09",
        "2025-06-16  8 reps    100 kg × 8",
        "2025-06-16  est. 1RM  126.5 kg, from 100 kg × 8  116.5 kg of 2025-06-09",
        "2025-06-09  heaviest  100 kg × 5                 97.5 kg × 5 of 2025-06-02",
        "2025-06-09  5 reps    100 kg × 5                 97.5 kg × 5 of 2025-06-02",
        "2025-06-09  est. 1RM  116.5 kg, from 100 kg × 5  114 kg of 2025-06-02",
        "2025-06-02  heaviest  97.5 kg × 5",
        "2025-06-02  5 reps    97.5 kg × 5",
        "2025-06-02  est. 1RM  114 kg, from 97.5 kg × 5",
    ]


@pytest.mark.usefixtures("squats")
def test_computed_figures_are_in_the_preferred_unit_and_typed_loads_as_typed(done: Run) -> None:
    done("profile", "units=lb")
    shown = done("report", "records").out
    assert "100 kg × 8" in shown
    assert "100 lb × 12" in shown
    assert "279.5 lb" in shown  # 126.667 kg


@pytest.mark.usefixtures("squats")
def test_balance_sets_both_sides_of_a_ratio_against_each_other(done: Run) -> None:
    assert lines(done("report", "balance", "--as-of", "2025-06-22").out)[:4] == [
        "The 28 days to 22 June 2025",
        "Ratio                           Sets",
        "hamstrings : quadriceps  0.250  3 : 12   ██████         │",
        "glutes : quadriceps      1.000  12 : 12  ███████████████│",
    ]


@pytest.mark.usefixtures("squats")
def test_explain_names_the_events_below_the_report(done: Run) -> None:
    told = done("report", "volume", "--as-of", "2025-06-22", "--explain", "--limit", 2).out
    assert "Figure" in told
    assert "2025-W25" in told
    assert "more figures: --limit 0 shows all" in told
    letters = told.rsplit("#", 1)[1][:8]
    assert f"#{letters}" in done("log-book", "--limit", 0).out


@pytest.mark.usefixtures("squats")
def test_an_explained_report_stays_within_the_terminal(done: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for width in (60, 80, 140):
        monkeypatch.setenv("COLUMNS", str(width))
        for name in NAMES:
            told = done("report", name, "--explain").out.splitlines()
            assert max(map(len, told)) <= width, (name, width)


@pytest.mark.usefixtures("squats")
def test_colours_are_the_terminals_own_and_say_nothing_that_the_text_does_not(
    done: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = done("report", "balance", "--as-of", "2025-06-22").out
    coloured = _printed(monkeypatch, done, force_terminal=True, color_system="truecolor")
    assert "\x1b[" in coloured
    assert "38;2" not in coloured
    assert "38;5" not in coloured
    assert "\x1b[2m" not in coloured
    assert _printed(monkeypatch, done, force_terminal=True, no_color=True, color_system=None) == plain


def _printed(monkeypatch: pytest.MonkeyPatch, done: Run, **options: Any) -> str:  # noqa: ANN401  # rich's
    def console(**given: Any) -> Console:  # noqa: ANN401  # rich's
        return Console(**given | options, width=80)

    monkeypatch.setattr("client_sdk.cli.rendering.paper.Console", console)
    monkeypatch.setattr("click.utils.should_strip_ansi", lambda *_: False)
    out: str = done("report", "balance", "--as-of", "2025-06-22").out
    return out


@pytest.mark.usefixtures("squats")
def test_an_output_of_ascii_has_the_same_charts_in_ascii(done: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("client_sdk.cli.rendering.paper.Console.encoding", "ascii")
    shown = done("report", "records", "--exercise", "squat").out
    assert shown.isascii()
    assert "100 kg x 8" in shown
    assert "a new best is a *" in shown
    assert "########|" in done("report", "balance", "--as-of", "2025-06-22").out


def test_a_program_shows_what_comes_next_and_why_where_that_is_proposed(capsys: pytest.CaptureFixture[str]) -> None:
    target = {"load": {"milli": 102_500, "unit": "kg"}, "load_kind": "external", "reps": 8, "seconds": None}
    done = {"load": {"milli": 100_000, "unit": "kg"}, "load_kind": "external"}
    slot = {
        "slot": "0197f3a0-0000-7000-8000-0000000051a7",
        "exercise": "back_squat",
        "name": "Back Squat",
        "sets": 3,
        "reps_min": 8,
        "reps_max": 12,
        "last_time": {"day": "2025-06-16", "sets": [done | {"reps": reps} for reps in (12, 12, 12)]},
        "next": {"target": target, "reason": "All sets reached 12 reps twice: add 2.5 kg."},
    }
    program = {
        "program": "0197f3a0-0000-7000-8000-00000000b0b0",
        "name": "Legs",
        "active": True,
        "adherence": {"sessions": 2, "planned_sets": 6, "done_sets": 3, "permille": 500},
        "days": [{"day": "0197f3a0-0000-7000-8000-0000000000da", "name": "A", "slots": [slot]}],
    }
    show({"report": "programs", "programs": [program]}, Paper(Ledger(), "", 20))
    assert lines(capsys.readouterr().out) == [
        "Legs (active)  #0000b0b0",
        "In the last 28 days 2 sessions: 3 of 6 planned sets, 50 %  ██████      │",
        "",
        "A  #000000da  Asks for  Last time                        Next",
        "Back Squat    3 × 8-12  2025-06-16: 100 kg × 12, 12, 12  102.5 kg × 8  #000051a7",
        "Back Squat: All sets reached 12 reps twice: add 2.5 kg.",
    ]


@pytest.mark.usefixtures("squats")
def test_a_line_is_broken_at_80_columns_and_never_within_a_figure(done: Run) -> None:
    done("program", "create", "Legs", "--template", "balanced-legs", "--activate")
    for out in (done("report", "overload").out, done("report", "programs").out, done("today").out):
        assert max(len(line) for line in lines(out)) <= 80
        assert not [line for line in lines(out) if line.endswith((" ×", " 97.5", " 100"))]
        assert "\ue000" not in out
