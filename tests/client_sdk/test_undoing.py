"""Undo: each act taken back leaves every report as it was before it, however many are taken back in a row."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from client_sdk import Load, Replica, undoing
from client_sdk.memory_store import MemoryStore
from client_sdk.merging import merge
from client_sdk.undoing import hindrance, opposites
from events.body import Measurement, MeasurementTaken
from events.corrections import FactCorrected, FactRestored, FactVoided
from events.profile import ProfileChanged
from events.programs import (
    DayAdded,
    ProgramActivated,
    ProgramArchived,
    ProgramCreated,
    SlotAdded,
    SlotChanged,
    SlotMoved,
    SlotRemoved,
)
from events.training import SessionStarted, SetLogged
from projections.facts import Facts
from projections.ledger import REPORTS

NAME = "00000000-0000-4000-8000-00000000000{}".format
PROGRAM, DAY, SLOT = NAME(1), NAME(2), NAME(3)
SESSIONS = (NAME(4), NAME(5))
SETS = tuple(f"00000000-0000-4000-8000-0000000001{index:02d}" for index in range(24))
MEASUREMENTS = tuple(f"00000000-0000-4000-8000-0000000002{index:02d}" for index in range(8))
NOON = 1_763_812_800_000

Act = Callable[[Replica], Any]


def last_act(facts: Facts, replica: str) -> undoing.Act:
    return next(undoing.acts(facts, replica), [])


def replica() -> Replica:
    """One that counts seconds for a clock."""
    seconds = count()
    return Replica(
        MemoryStore(NAME(9)), clock=lambda: NOON + 1000 * next(seconds), offset_at=lambda _: 0, checkpoint_every=10**9
    )


def reports(device: Replica) -> dict[str, Any]:
    """Everything that a lifter is told."""
    return {name: device.report(name) for name in REPORTS}


def undo(device: Replica) -> bool:
    """Takes the last act back; False where nothing is left to."""
    facts = device.ledger().facts
    act = last_act(facts, device.store.local().replica)
    assert hindrance(facts, act) is None
    device.write(map(device.draft, opposites(facts, act)))
    return bool(act)


def write(*bodies: Any) -> Act:  # noqa: ANN401  # facts of any kind
    """An act that says some facts at once."""
    return lambda device: device.write(map(device.draft, bodies))


def a_set(name: str, session: str, reps: int) -> SetLogged:
    """A squat."""
    said = {"exercise": "back_squat", "kind": "working", "load": Load(100_000, "kg"), "reps": reps}
    return SetLogged(set=name, session=session, **said)


def logged(session: str, reps: list[int]) -> Act:
    """An act that logs so many sets that were not there before."""

    def act(device: Replica) -> None:
        known = sum(key[0] == "set_logged" for key in device.ledger().facts.created)
        write(*(a_set(SETS[known + index], session, done) for index, done in enumerate(reps)))(device)

    return act


def measured(device: Replica) -> None:
    """Measures a thigh that was not measured before."""
    known = sum(key[0] == "measurement_taken" for key in device.ledger().facts.created)
    write(MeasurementTaken(measurement=MEASUREMENTS[known], site="thigh", value=Measurement(58_500, "cm")))(device)


def edited(*edits: FactCorrected | FactVoided | FactRestored) -> Act:
    """An act that edits what is there; nobody edits what they have never seen, or voids what is void."""

    def act(device: Replica) -> None:
        facts, target = device.ledger().facts, edits[0].target
        is_void = isinstance(edits[0], FactVoided) and bool(facts.voids(target))
        if any(key[1] == target for key in facts.created) and not is_void:
            write(*edits)(device)

    return act


def merged(device: Replica) -> None:
    """Makes one session of the two."""
    device.write(map(device.draft, merge(device.ledger().facts, *SESSIONS)))


targets = st.sampled_from([*SETS[:4], *SESSIONS, PROGRAM])

acts: st.SearchStrategy[Act] = st.one_of(
    st.builds(logged, st.sampled_from(SESSIONS), st.lists(st.integers(1, 12), min_size=1, max_size=3)),
    st.builds(
        lambda target, changes: edited(FactCorrected(target=target, changes=changes)),
        st.sampled_from(SETS[:4]),
        st.dictionaries(st.sampled_from(["reps", "rpe_tenths", "at"]), st.integers(1, 99), min_size=1),
    ),
    st.builds(lambda target: edited(FactVoided(target=target)), targets),
    st.builds(lambda target: edited(FactRestored(target=target)), targets),
    st.builds(lambda target: edited(FactVoided(target=target), FactRestored(target=target)), targets),
    st.just(merged),
    st.sampled_from(
        [
            write(ProfileChanged(week_start=6), ProfileChanged(sessions_per_week=2)),
            write(ProfileChanged(day_cutoff_min=240)),
            write(ProgramActivated(program=PROGRAM)),
            write(ProgramArchived(program=PROGRAM)),
            write(SlotChanged(program=PROGRAM, slot=SLOT, sets=5, reps_max=20)),
            write(SlotMoved(program=PROGRAM, slot=SLOT, rank="A")),
            write(SlotRemoved(program=PROGRAM, slot=SLOT)),
            edited(FactCorrected(target=SLOT, changes={"sets": 2})),
            measured,
        ]
    ),
)
BEGUN = write(
    *(SessionStarted(session=session) for session in SESSIONS),
    ProgramCreated(program=PROGRAM, name="Legs"),
    DayAdded(program=PROGRAM, day=DAY, name="Leg day", rank="V"),
    SlotAdded(program=PROGRAM, day=DAY, slot=SLOT, rank="V", exercise="back_squat", sets=4, reps_min=8, reps_max=12),
)


@given(done=st.lists(acts, max_size=8))
def test_undoing_goes_back_act_by_act_and_leaves_every_report_as_it_was(done: list[Act]) -> None:
    device = replica()
    BEGUN(device)
    written = []
    for act in done:
        before, seq = reports(device), len(list(device.store.pending()))
        act(device)
        if len(list(device.store.pending())) > seq:
            written.append(before)
    for before in reversed(written):
        assert undo(device)
        assert reports(device) == before
    assert undo(device)
    assert device.report("programs")["programs"] == []
    assert not last_act(device.ledger().facts, device.store.local().replica)


def test_a_session_that_was_restored_is_void_again() -> None:
    device = replica()
    edits = (edited(FactVoided(target=SESSIONS[0])), edited(FactRestored(target=SESSIONS[0])))
    for act in (BEGUN, logged(SESSIONS[0], [5]), *edits):
        act(device)
    undo(device)
    assert device.report("records")["exercises"] == []
    undo(device)
    assert len(device.report("records")["exercises"]) == 1


def test_an_undone_act_stays_undone_on_another_device() -> None:
    device, other = replica(), replica()
    write(a_set(SETS[0], SESSIONS[0], 8))(device)
    write(a_set(SETS[1], SESSIONS[0], 9))(device)
    undo(device)
    other.ledger().apply(record for _, record in device.store.pending())
    act = last_act(other.ledger().facts, device.store.local().replica)
    assert [msgspec.structs.asdict(entry.body)["set"] for entry in act] == [SETS[0]]


def test_a_session_in_which_another_device_logged_stays() -> None:
    device, other = replica(), Replica.in_memory()
    session = device.start_session()
    other.log_set("back_squat", reps=5, session=session)
    ledger = device.ledger()
    act = last_act(ledger.facts, device.store.local().replica)
    assert hindrance(ledger.facts, act) is None
    ledger.apply(record for _, record in other.store.pending())
    assert hindrance(ledger.facts, act) == "What was written since lies in it"
