"""The story, checked; ``make demo`` tells it of three years, this of one."""

from __future__ import annotations

from pathlib import Path

from journeys.story import play


def test_a_laptop_a_phone_and_a_server_keep_one_history(tmp_path: Path) -> None:
    told: list[str] = []
    play(tmp_path, told.append, years=1)
    assert len(told) == 6
