"""What was done in a set, as a lifter types it."""

from __future__ import annotations

from typing import Any

import pytest

from client_sdk.cli.performed import parse_performed
from events import Load, MalformedError
from events.catalogue import catalogue
from events.quantities import Unit

HUNDRED = Load(100_000, "kg")
TWENTY = Load(20_000, "kg")


def said(exercise: str, text: str, unit: Unit | None = None) -> dict[str, Any]:
    return parse_performed(text, catalogue().exercises[exercise], lambda: unit).said()


@pytest.mark.parametrize(
    ("exercise", "text", "expected"),
    [
        ("back_squat", "100kg 8", {"load": HUNDRED, "reps": 8, "load_kind": "external"}),
        ("back_squat", "100 kg x 8", {"load": HUNDRED, "reps": 8, "load_kind": "external"}),
        ("back_squat", "100kgx8", {"load": HUNDRED, "reps": 8, "load_kind": "external"}),
        ("back_squat", "8 reps 100kg", {"load": HUNDRED, "reps": 8, "load_kind": "external"}),
        ("back_squat", "8reps", {"reps": 8, "load_kind": "external"}),
        ("back_squat", "2x20kg 10", {"load": TWENTY, "reps": 10, "implements": 2, "load_kind": "external"}),
        ("pull_up", "bw 8", {"reps": 8, "load_kind": "bodyweight"}),
        ("pull_up", "8", {"reps": 8, "load_kind": "bodyweight"}),
        ("pull_up", "bw+20kg 5", {"load": TWENTY, "reps": 5, "load_kind": "added"}),
        ("pull_up", "20kg 5", {"load": TWENTY, "reps": 5, "load_kind": "added"}),
        ("pull_up", "bw - 20kg 8", {"load": TWENTY, "reps": 8, "load_kind": "assisted"}),
        ("assisted_pull_up", "20kg 8", {"load": TWENTY, "reps": 8, "load_kind": "assisted"}),
        ("plank", "90s", {"seconds": 90, "load_kind": "bodyweight"}),
        ("plank", "1min 30s", {"seconds": 90, "load_kind": "bodyweight"}),
        ("plank", "20kg 1:30", {"load": TWENTY, "seconds": 90, "load_kind": "added"}),
        ("running", "5km 25:00", {"distance_mm": 5_000_000, "seconds": 1500, "load_kind": "external"}),
        ("running", "400m", {"distance_mm": 400_000, "load_kind": "external"}),
    ],
)
def test_a_set_is_read_as_lifters_say_it(exercise: str, text: str, expected: dict[str, Any]) -> None:
    assert said(exercise, text) == expected


def test_a_load_needs_no_unit_where_the_lifter_has_chosen_one() -> None:
    assert said("back_squat", "100 8", "lb") == {"load": Load(100_000, "lb"), "reps": 8, "load_kind": "external"}


@pytest.mark.parametrize(
    ("exercise", "text"),
    [
        ("back_squat", "100 8"),
        ("back_squat", "100kg"),
        ("back_squat", "100"),
        ("back_squat", "100kg 8 7"),
        ("back_squat", "100kg 20kg 8"),
        ("back_squat", "100kg -5"),
        ("back_squat", "100kg 8.5"),
        ("back_squat", "100kg eight"),
        ("back_squat", "-5kg 8"),
        ("back_squat", "4x100kg 8"),
        ("plank", "90"),
        ("running", "5km 10km"),
    ],
)
def test_what_cannot_be_told_for_sure_is_refused_with_a_next_step(exercise: str, text: str) -> None:
    with pytest.raises(MalformedError) as raised:
        said(exercise, text)
    assert raised.value.next_step
