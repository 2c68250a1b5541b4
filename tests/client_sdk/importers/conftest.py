"""A small catalogue, and files to read with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

import pytest

from client_sdk.importers import Reading, Unanswered, read

AT = 1_795_000_000_000
"""In November 2026."""


class FakeLift:
    def __init__(self, *, body_weight: bool = False, assisted: bool = False) -> None:
        self.body_weight = body_weight
        self.assisted = assisted


class FakeCatalogue:
    def __init__(self) -> None:
        self.exercises = {
            "assisted_pull_up": FakeLift(assisted=True),
            "back_squat": FakeLift(),
            "bench_press": FakeLift(),
            "plank": FakeLift(body_weight=True),
            "pull_up": FakeLift(body_weight=True),
            "running": FakeLift(),
        }

    def match(self, name: str) -> str | None:
        return {
            "Bench Press (Barbell)": "bench_press",
            "Plank": "plank",
            "Pull Up": "pull_up",
            "Pull Up (Assisted)": "assisted_pull_up",
            "Running": "running",
            "Squat": "back_squat",
            "Squat (Barbell)": "back_squat",
        }.get(name)


class Importer(Protocol):
    """Reads a fixture, by its name, or bytes; tests that expect questions say ``asking``."""

    def __call__(self, file: str | bytes, **options: Any) -> Reading: ...  # noqa: ANN401  # as ``read`` has them


@pytest.fixture(scope="session")
def asked() -> Any:  # noqa: ANN401  # a callable with the options of ``read``
    catalogue = FakeCatalogue()
    fixtures = Path(__file__).parent / "fixtures"

    def answer(file: str | bytes, **options: Any) -> Reading | Unanswered:  # noqa: ANN401  # as ``read`` has them
        data = file if isinstance(file, bytes) else (fixtures / f"{file}.csv").read_bytes()
        return read(data, **{"at": AT, "catalogue": catalogue, **options})

    return answer


@pytest.fixture(scope="session")
def imported(asked: Any) -> Importer:  # noqa: ANN401  # see there
    def reading(file: str | bytes, **options: Any) -> Reading:  # noqa: ANN401  # as ``read`` has them
        answer = asked(file, **{"timezone": "Europe/Berlin", **options})
        assert isinstance(answer, Reading), answer
        assert answer.rows == answer.sets + len(answer.skipped)
        return answer

    return reading
