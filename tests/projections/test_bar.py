"""At the bar: what is told of a set is what the reports tell of it."""

from __future__ import annotations

from itertools import count
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from client_sdk import Load, Replica
from client_sdk.memory_store import MemoryStore
from events import Record
from events.codec import CODEC
from events.programs import Target
from events.quantities import Load as Typed
from events.training import LoadKind, Side
from projections.loads import usual_rack
from projections.today import ramp

MORNING = 1_763_802_000_000
DAY_MS = 86_400_000

loads = st.builds(Load, st.integers(1, 8).map(lambda tens: tens * 10_000), st.sampled_from(["kg", "lb"]))
amounts = st.one_of(
    st.fixed_dictionaries({"reps": st.integers(0, 6)}),
    st.fixed_dictionaries({"seconds": st.integers(0, 60)}),
    st.fixed_dictionaries({"seconds": st.integers(1, 60), "distance_mm": st.integers(1, 9)}),
)
kinds: st.SearchStrategy[LoadKind] = st.sampled_from(["external", "added", "assisted", "bodyweight"])
sides: st.SearchStrategy[Side] = st.sampled_from(["both", "left"])


@st.composite
def a_set(draw: st.DrawFn) -> dict[str, Any]:
    """What is said of a set."""
    load_kind = draw(kinds)
    said = {"load_kind": load_kind, "side": draw(sides), "kind": draw(st.sampled_from(["working", "warm_up"]))}
    return said | draw(amounts) | ({} if load_kind == "bodyweight" else {"load": draw(loads)})


@given(before=st.lists(a_set(), max_size=6), since=st.lists(a_set(), max_size=3), now=a_set())
def test_a_set_breaks_the_records_at_the_bar_that_it_breaks_in_the_report(
    before: list[dict[str, Any]], since: list[dict[str, Any]], now: dict[str, Any]
) -> None:
    seconds = count()
    device = Replica(
        MemoryStore("00000000-0000-4000-8000-000000000009"),
        clock=lambda: MORNING + 1000 * next(seconds),
        offset_at=lambda _: 0,
    )
    for days, said in enumerate(before):
        device.log_set("back_squat", at=MORNING - (9 - days) * DAY_MS, **said)
    device.at_the_bar()
    for said in since:
        device.log_set("back_squat", **said)
    bar = device.at_the_bar()
    logged = device.log_set("back_squat", **now)
    answer = bar.answer([Record(position=None, stamp=None, event=logged)], CODEC)
    told = [entry for row in device.report("records")["exercises"] for entry in row["timeline"]]
    assert answer.beaten == [entry for entry in told if entry["event"] == logged.id]


@given(milli=st.integers(1, 400).map(lambda quarters: quarters * 1250))
def test_a_warm_up_rises_to_less_than_the_load_in_fewer_and_fewer_reps(milli: int) -> None:
    gear = usual_rack("barbell", "kg")
    assert gear is not None
    made = ramp(gear[0], Target(load=Typed(milli, "kg"), reps=5))
    weights = [loading.nanograms for loading, _ in made]
    assert weights == sorted(set(weights))
    assert all(weight < Typed(milli, "kg").nanograms for weight in weights)
    assert [reps for _, reps in made] == sorted((reps for _, reps in made), reverse=True)


def test_there_is_no_warm_up_for_what_has_no_load() -> None:
    gear = usual_rack("barbell", "kg")
    assert gear is not None
    assert ramp(gear[0], Target(reps=5)) == []
    assert ramp(gear[0], Target(load=Typed(20_000, "kg"), load_kind="added", reps=5)) == []
