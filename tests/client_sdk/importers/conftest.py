"""A small catalogue, and the fixtures to read with it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from support.exports import export

from client_sdk.importers import Reading, Unanswered, read

IN_NOVEMBER_2026 = 1_795_000_000_000


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
            "Back Squat": "back_squat",
            "Barbell Bench Press": "bench_press",
            "Barbell Squat": "back_squat",
            "Bench Press (Barbell)": "bench_press",
            "Bench Press, Barbell": "bench_press",
            "Plank": "plank",
            "Pull Up": "pull_up",
            "Pull-Up": "pull_up",
            "Pull Up (Assisted)": "assisted_pull_up",
            "Running": "running",
            "Squat": "back_squat",
            "Squat (Barbell)": "back_squat",
            "Squat, Barbell": "back_squat",
        }.get(name)


@pytest.fixture(scope="session")
def asked() -> Callable[..., Reading | Unanswered]:
    """Reads bytes, or the fixture of a name, with the options of ``read``."""
    catalogue = FakeCatalogue()

    def answer(file: str | bytes, **options: str) -> Reading | Unanswered:
        data = file if isinstance(file, bytes) else export(file)
        return read(data, **{"at": IN_NOVEMBER_2026, "catalogue": catalogue, **options})  # type: ignore[arg-type]

    return answer


@pytest.fixture(scope="session")
def imported(asked: Callable[..., Reading | Unanswered]) -> Callable[..., Reading]:
    """As ``asked``, for files that leave nothing open but the zone."""

    def reading(file: str | bytes, **options: str) -> Reading:
        answer = asked(file, **{"timezone": "Europe/Berlin", **options})
        assert isinstance(answer, Reading), answer
        assert answer.rows == answer.sets + answer.figures + len(answer.skipped)
        return answer

    return reading
