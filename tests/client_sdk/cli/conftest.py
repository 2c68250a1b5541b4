"""The command line in this process, on a ledger of the test's own."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from client_sdk.cli import main

STRONG = Path(__file__).parents[1] / "importers" / "fixtures" / "strong_comma.csv"
"""A small file of another app."""


class Ran(NamedTuple):
    """What a command came to."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401  # JSON
        """Its output, read as JSON."""
        return json.loads(self.out)

    @property
    def name(self) -> str:
        """The name of the last thing that it says it wrote."""
        return self.out.rsplit("#", 1)[1].split()[0]


Run = Callable[..., Ran]


@pytest.fixture(autouse=True)
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The ledger file that commands work on."""
    for variable in ("IRONLEDGER_DEBUG", "IRONLEDGER_PASSWORD", "COLUMNS"):
        monkeypatch.delenv(variable, raising=False)
    file = tmp_path / "test.ledger"
    monkeypatch.setenv("IRONLEDGER_LEDGER", str(file))
    return file


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command, whatever it comes to."""

    def ran(*arguments: object) -> Ran:
        capsys.readouterr()
        status = main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Ran(status, captured.out, captured.err)

    return ran


@pytest.fixture
def done(run: Run) -> Run:
    """Runs a command that must succeed in silence on standard error."""

    def ran(*arguments: object) -> Ran:
        outcome = run(*arguments)
        assert (outcome.status, outcome.err) == (0, ""), outcome
        return outcome

    return ran


@pytest.fixture
def strong() -> Path:
    """A small file of Strong's."""
    return STRONG
