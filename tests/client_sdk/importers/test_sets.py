"""How rows become sets, at the edges of what an event can hold."""

from __future__ import annotations

import pytest

from client_sdk.importers.errors import RowError
from client_sdk.importers.rows import Row
from client_sdk.importers.sets import Exercise, Place, key_of, logged
from events.facts import Source

SQUAT = Exercise("back_squat", custom=False)
SOURCE = Source(app="strong", key="k")


def test_keys_of_different_parts_differ_whatever_stands_in_them() -> None:
    assert key_of("strong", "a", 'b"', 1, 2) == '["strong","a","b\\"",1,2]'
    assert key_of("a,b", "c") != key_of("a", "b,c")


def test_a_name_too_long_for_a_key_is_refused() -> None:
    with pytest.raises(RowError, match="too long"):
        key_of("strong", "\x01" * 200)


def test_a_session_holds_only_as_many_sets_as_can_be_numbered() -> None:
    row = Row(line=2, start="", exercise="Squat", reps="5")
    session = "00000000-0000-7000-8000-000000000000"
    body, _ = logged(row, SQUAT, Place(session, session, 0, SOURCE, 100_000), "kg", None)
    assert body.order == 100_000
    with pytest.raises(RowError, match="more sets"):
        logged(row, SQUAT, Place(session, session, 0, SOURCE, 100_001), "kg", None)


@pytest.mark.parametrize(
    ("weight", "kind"), [("", "assisted"), ("0", "bodyweight"), ("0.0", "bodyweight"), ("20", "assisted")]
)
def test_help_of_zero_is_body_weight_but_help_not_written_is_unknown(weight: str, kind: str) -> None:
    session = "00000000-0000-7000-8000-000000000000"
    row = Row(line=2, start="", exercise="Pull Up (Assisted)", reps="5", weight=weight)
    exercise = Exercise("assisted_pull_up", custom=False, assisted=True)
    body, _ = logged(row, exercise, Place(session, session, 0, SOURCE, 0), "kg", None)
    assert body.load_kind == kind
