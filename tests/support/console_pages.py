"""The pages that show a terminal, and what is there before the first command of each."""

from __future__ import annotations

import base64
import shutil
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from journeys.year import LAST_EVENING, write_year
from support.pages import LEDGER, Page

DOCS = Path(__file__).parents[2] / "docs"
_DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
"""A PNG of one pixel."""


def _old_app(folder: Path) -> None:
    """What another app exported."""
    shutil.copy(DOCS / "tutorial-strong.csv", folder / "strong.csv")


def _year(folder: Path) -> None:
    """A year of training."""
    (folder / LEDGER).write_bytes(_year_file())


@cache
def _year_file() -> bytes:
    with TemporaryDirectory() as folder:
        file = Path(folder) / LEDGER
        write_year(file)
        return file.read_bytes()


def _year_with_a_photo(folder: Path) -> None:
    _year(folder)
    (folder / "front.png").write_bytes(base64.b64decode(_DOT))


PAGES = (
    Page(DOCS / "tutorial.md", datetime(2026, 1, 5, 17, 30), _old_app),  # noqa: DTZ001  # a wall clock's
    Page(DOCS / "worked-year.md", LAST_EVENING, _year),
    Page(DOCS / "explanation" / "the-guide.md", LAST_EVENING, _year_with_a_photo),
)
