"""Histories of somebody who has trained for weeks, plainly but for little, before things happen."""

from __future__ import annotations

from hypothesis import strategies as st
from support.chains import some_uuid
from support.ledgers import CLOCK_ERRORS, Said, World, facts, steps, take

from events import Body, Load
from events.body import Measurement, MeasurementTaken
from events.corrections import FactCorrected, FactVoided
from events.quantities import DAY_MS, MINUTE_MS
from events.training import SessionFinished, SessionStarted, SetLogged

_VISITS = 12
_SETS = 3


def _session(number: int) -> str:
    return some_uuid("visit", number)


def _set(number: int, place: int) -> str:
    return some_uuid("visit", number, place)


_exercises = st.sampled_from(["back_squat", "back_squat", "leg_press", "pull_up", "forward_lunge"])
_visits = st.integers(0, _VISITS)
_plain = st.builds(
    lambda name, session, exercise, kilograms, reps, side: SetLogged(
        set=some_uuid("news", name),
        session=session,
        exercise=exercise,
        kind="working",
        reps=reps,
        load=Load(1000 * kilograms, "kg"),
        load_kind="added" if exercise == "pull_up" else "external",
        side=side,
    ),
    st.integers(0, 30),
    st.builds(_session, st.sampled_from([*range(_VISITS + 1, _VISITS + 5)])),
    _exercises,
    st.integers(1, 120),
    st.integers(1, 12),
    st.sampled_from(["both", "both", "left", "right"]),
)
_weighed = st.builds(
    lambda name, grams: MeasurementTaken(
        measurement=some_uuid("weighed", name), site="body_weight", value=Measurement(milli=grams, unit="kg")
    ),
    st.integers(0, 5),
    st.integers(60_000, 90_000),
)
_known = st.one_of(st.builds(_session, _visits), st.builds(_set, _visits, st.integers(0, _SETS - 1)))
_events = st.builds(some_uuid, st.just("event"), st.integers(0, 60))
"""Whatever was said: a setting is called by its event."""
_edits: st.SearchStrategy[Body] = st.one_of(
    st.builds(FactVoided, target=_known),
    st.builds(FactVoided, target=_events),
    st.builds(FactCorrected, target=_known, changes=st.just({"reps": 7})),
    st.builds(lambda target, other: FactCorrected(target=target, changes={"session": other}), _known, _known),
    st.builds(SessionFinished, session=st.builds(_session, _visits)),
)


def _said(bodies: st.SearchStrategy[Body]) -> st.SearchStrategy[Said]:
    return st.builds(
        Said,
        st.integers(0, 2),
        bodies,
        after=st.sampled_from([MINUTE_MS, MINUTE_MS, DAY_MS]),
        before_now=st.sampled_from([0, 0, 0, 0, 2 * DAY_MS, 15 * DAY_MS]),
        offset=st.just(0),
    )


@st.composite
def trainings(draw: st.DrawFn, most: int = 15) -> tuple[World, int]:
    """A world in which up to ``most`` things happen after some weeks of training, and how many records those have."""
    world = World()
    for _ in range(3):
        world.replica(draw(st.sampled_from([0, 0, 0, 0, *CLOCK_ERRORS])))
    for number in range(_VISITS):
        replica = world.replicas[draw(st.sampled_from([0, 0, 0, 1]))]
        if draw(st.booleans()):
            replica.write(SessionStarted(session=_session(number)))
        for place in range(draw(st.integers(0, _SETS))):
            world.wait(MINUTE_MS)
            replica.write(
                SetLogged(
                    set=_set(number, place),
                    session=_session(number),
                    exercise=draw(_exercises),
                    kind="working",
                    reps=draw(st.integers(1, 12)),
                    load=Load(1000 * draw(st.integers(1, 120)), "kg"),
                )
            )
        if draw(st.integers(0, 7)) == 0:
            replica.write(draw(st.one_of(_edits, _weighed)))
        if draw(st.integers(0, 3)) == 0:
            world.sync(replica)
        world.wait(draw(st.sampled_from([DAY_MS, 2 * DAY_MS, 5 * DAY_MS])))
    world.sync()
    count = len(world.records)
    plain = _said(_plain)
    for step in draw(st.lists(st.one_of(plain, plain, _said(_weighed), _said(_edits), steps(facts)), max_size=most)):
        take(world, step)
    world.sync()
    world.sync()
    return world, count
