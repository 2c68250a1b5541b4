"""What a fresh process loads: no more than what it was asked for needs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {
    *("argon2", "httpx", "litestar", "prometheus_client", "rich", "sqlite_utils", "structlog", "uvicorn"),
    *("asyncio", "server", "client_sdk.importers", "client_sdk.simulation"),
}
MAIN = "from client_sdk.cli import main; main"


@pytest.mark.parametrize(
    "asked",
    [
        "import events",
        "import projections.ledger",
        "import client_sdk",
        f"{MAIN}(['--help'])",
        f"{MAIN}(['log', '--help'])",
        f"{MAIN}(['report', '--help'])",
        f"{MAIN}(['sync', '--help'])",
        f"{MAIN}(['serve', '--help'])",
    ],
)
def test_nothing_heavy_is_loaded_to_say_what_there_is(asked: str) -> None:
    assert loaded(asked) & HEAVY == set()


@pytest.mark.parametrize("package", ["events", "projections.ledger", "client_sdk"])
def test_a_package_that_is_imported_opens_no_store_and_no_command_line(package: str) -> None:
    assert loaded(f"import {package}") & {"click", "sqlite3"} == set()


def test_the_help_opens_no_store() -> None:
    assert "sqlite3" not in loaded(f"{MAIN}(['--help'])")


def test_logging_loads_nothing_that_it_does_not_need(tmp_path: Path) -> None:
    log = f"{MAIN}(['--ledger', {str(tmp_path / 'my.ledger')!r}, 'log', 'squat', '100kg', '8'])"
    assert loaded(log) & HEAVY == {"sqlite_utils"}  # a new file needs its schema once
    assert loaded(log) & HEAVY == set()


def loaded(asked: str) -> set[str]:
    """The modules that are loaded after something was asked of a fresh process."""
    probe = f"import json, sys\n{asked}\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True, timeout=60)  # noqa: S603  # our own code
    return set(json.loads(done.stdout.splitlines()[-1]))
