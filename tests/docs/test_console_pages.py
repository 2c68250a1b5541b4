"""The pages that show a terminal read exactly as their commands print; ``make pages`` writes them anew."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from support.console_pages import DOCS, PAGES
from support.pages import Page

OTHERS = sorted({*DOCS.rglob("*.md")} - {page.path for page in PAGES})


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.path.stem)
def test_a_page_reads_as_its_commands_print(page: Page, tmp_path: Path) -> None:
    assert page.played(tmp_path).splitlines() == page.read().splitlines()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.path.stem)
def test_a_page_shows_nothing_of_the_machine_that_wrote_it(page: Page) -> None:
    assert re.findall(r"(?<![\w.])/(?:tmp|home|root|Users|work|var)\b", page.read()) == []


def test_no_other_page_has_a_terminal_that_nobody_runs() -> None:
    assert [page.name for page in OTHERS if "```console" in page.read_text("utf-8")] == []


def test_what_the_readme_shows_of_the_terminal_is_on_these_pages() -> None:
    shown = {line for page in PAGES for line in page.read().splitlines()}
    readme = (DOCS.parent / "README.md").read_text("utf-8")
    blocks = re.findall(r"^```text\n(.*?)^```$", readme, re.MULTILINE | re.DOTALL)
    assert [line for block in blocks for line in block.splitlines() if line not in shown] == []


def test_no_page_promises_health() -> None:
    promises = re.compile(r"injur|prevents? pain|cures?\b|heals? your|makes? you healthy", re.IGNORECASE)
    pages = [*OTHERS, *(page.path for page in PAGES)]
    assert [page.name for page in pages if promises.search(page.read_text("utf-8"))] == []
