"""The made-up year of docs/worked-year.md is a year as real devices write it."""

from __future__ import annotations

from pathlib import Path

from journeys.year import Year, write_year

from client_sdk import Replica
from events.quantities import parse_day


def test_the_year_is_the_same_each_time() -> None:
    assert Year().drafts() == Year().drafts()
    assert Year(seed=8).drafts() != Year().drafts()


def test_all_of_the_year_counts_on_the_day_on_which_it_was_done(tmp_path: Path) -> None:
    write_year(tmp_path / "year.ledger")
    with Replica.open(tmp_path / "year.ledger") as maja:
        assert maja.report("problems")["problems"] == []
        assert maja.report("conflicts")["conflicts"] == []
        sessions = maja.report("sessions", limit=1000)["sessions"]
    assert not any(session["doubtful"] or session["day_doubtful"] for session in sessions)
    assert {parse_day(session["day"]) % 7 for session in sessions} == {5, 0, 1}  # Tuesday, Thursday, Friday
