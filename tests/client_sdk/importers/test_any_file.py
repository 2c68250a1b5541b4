"""No file makes an import fail in a way that nobody foresaw."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st
from support.exports import exports

from client_sdk.importers import ImportFileError, Reading, Unanswered, plan
from events.codec import encode_body

FIXTURES = [*exports().values()]
OPTIONS = {"unit": "lb", "distance_unit": "km", "timezone": "America/New_York"}

DAMAGE = ["", '"', ",", ";", "\n", "\r", "\0", "\\n", "-", ".", "9" * 20, "٣½Ⅷ²", "Rest Timer"]
snippets = st.sampled_from([*(text.encode() for text in DAMAGE), b"\xff"])
cells = st.one_of(st.sampled_from(["2025-03-03 18:05:10", "Squat", "1", "W", "0"]), st.text(max_size=30))
edits = st.lists(st.tuples(st.integers(0, 100_000), st.integers(0, 12), snippets), min_size=1, max_size=8)


@settings(deadline=None)
@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)))
def test_any_bytes_are_refused_in_words(asked: Callable[..., Reading | Unanswered], data: bytes) -> None:
    _read_or_refused(asked, data)


@settings(deadline=None)
@given(st.sampled_from(FIXTURES), edits)
def test_a_damaged_export_is_read_asked_about_or_refused(
    asked: Callable[..., Reading | Unanswered], data: bytes, changes: list[tuple[int, int, bytes]]
) -> None:
    for place, length, snippet in changes:
        start = place % len(data)
        data = data[:start] + snippet + data[start + length :]
    _read_or_refused(asked, data)


@settings(deadline=None)
@given(st.lists(st.lists(cells, min_size=12, max_size=12), max_size=5))
def test_any_cells_are_sets_or_skipped(asked: Callable[..., Reading | Unanswered], rows: list[list[str]]) -> None:
    header = "Date,Workout Name,Duration,Exercise Name,Set Order,Weight,Reps,Distance,Seconds,Notes,Workout Notes,RPE"
    lines = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    _read_or_refused(asked, "\n".join([header, *lines]).encode("utf-8", "replace"))


def _read_or_refused(asked: Callable[..., Reading | Unanswered], data: bytes) -> None:
    try:
        reading = asked(data, **OPTIONS)
    except ImportFileError as error:
        assert error.next_step  # noqa: PT017  # most files are refused, some are read
        return
    if isinstance(reading, Unanswered):
        return
    assert reading.rows == reading.sets + reading.figures + len(reading.skipped)
    drafts = plan(reading, known=lambda _: None)
    assert len({draft.id for draft in drafts}) == len(drafts)
    for draft in drafts:
        assert len(encode_body(draft.body)) < 15_000
