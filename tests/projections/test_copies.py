"""Likely copies: one workout that two apps tell counts once, whoever told first and whatever came since."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.chains import some_uuid
from support.facts import a_set, start
from support.ledgers import CLOCK_ERRORS, World, fold, interleavings, renumberings, reports, unstamped

from client_sdk.settling import settlement
from events import Body, Load
from events.corrections import EventErased, FactCorrected, FactRestored, FactVoided
from events.facts import Source
from events.quantities import DAY_MS, HOUR_MS, parse_day
from events.training import ExerciseMatched, SessionStarted, SetLogged
from projections.copies import agree, agreeing, tally
from projections.facts import Effective, Facts
from projections.ledger import Ledger

APPS = {some_uuid("session", number): app for number, app in enumerate([None, "strong", "hevy", "hevy", "fitnotes"])}
VISITS = list(APPS)
EVENING = [("back_squat", "100kg", 5), ("back_squat", "100kg", 5), ("leg_press", "180kg", 12), ("plank", "", 1)]


def from_app(body: Body, session: str) -> dict[str, Any]:
    """Where a fact of a session comes from."""
    app = APPS[session]
    source = Source(app=app, key=f"{type(body).__name__} of {session}") if app else None
    return {"import_": some_uuid("import", app), "source": source} if app else {}


def began(session: str) -> SessionStarted:
    return start(session, **from_app(start(session), session))


def lifted(session: str, number: int, exercise: str, load: str, reps: int | None) -> SetLogged:
    body = a_set(exercise, load, reps, set=some_uuid("set", session, number), session=session)
    return a_set(exercise, load, reps, set=body.set, session=session, order=number, **from_app(body, session))


def told(session: str, work: list[tuple[str, str, int]] = EVENING) -> list[Body]:
    """A session with its sets."""
    return [began(session), *(lifted(session, number, *done) for number, done in enumerate(work))]


def visited(ledger: Ledger) -> list[str]:
    """The sessions that count."""
    return sorted(row["session"] for row in ledger.report("sessions")["sessions"])


class Gym:
    """Two devices that write, an hour between anything that happens."""

    def __init__(self) -> None:
        self.world = World()
        self.phone, self.tablet = self.world.replica(), self.world.replica()

    def say(self, *bodies: Body, ago: int = 0, later: int = HOUR_MS) -> None:
        for body in bodies:
            self.phone.write(body, before_now=ago)
        self.world.wait(later)

    def ledger(self) -> Ledger:
        self.world.sync()
        self.world.sync()
        return fold(self.world.records, batches=len(self.world.records))


@pytest.fixture
def gym() -> Gym:
    return Gym()


LOGGED, STRONG, HEVY, HEVY_AGAIN, FITNOTES = VISITS


@pytest.mark.parametrize(("first", "second"), [(STRONG, HEVY), (HEVY, STRONG), (LOGGED, STRONG), (STRONG, LOGGED)])
def test_what_was_written_first_counts_and_what_another_app_says_of_it_does_not(
    gym: Gym, first: str, second: str
) -> None:
    gym.say(*told(first))
    alone = gym.ledger()
    gym.say(*told(second), ago=HOUR_MS)
    both = gym.ledger()
    assert visited(both) == [first]
    for name in ("records", "volume", "balance"):
        assert both.report(name) | {"position": 0} == alone.report(name) | {"position": 0}
    [row] = both.report("sessions")["sessions"]
    assert [(copy["session"], copy["app"]) for copy in row["copies"]] == [(second, APPS[second])]


@pytest.mark.parametrize(
    ("other", "copies"),
    [
        ([*EVENING[:3], ("back_squat", "60kg", 5)], False),
        ([*EVENING, ("back_squat", "60kg", 5)], True),
        ([*EVENING, ("back_squat", "60kg", 5), ("back_squat", "60kg", 5)], False),
        ([("back_squat", "220.46lb", 5)] * 2 + EVENING[2:], True),
        ([("back_squat", "220lb", 5)] * 2 + EVENING[2:], True),
        ([("back_squat", "100.5kg", 5)] * 2 + EVENING[2:], False),
        ([("back_squat", "100kg", 6)] * 2 + EVENING[2:], False),
        ([("front_squat", "100kg", 5)] * 2 + EVENING[2:], False),
        ([], False),
    ],
)
def test_four_fifths_of_the_larger_must_agree_in_exercise_load_and_reps(
    gym: Gym,
    other: list[tuple[str, str, int]],
    copies: bool,  # noqa: FBT001  (drawn)
) -> None:
    gym.say(*told(STRONG))
    gym.say(*told(HEVY, other))
    assert (HEVY not in visited(gym.ledger())) is copies


@pytest.mark.parametrize(("apart", "counting"), [(0, [STRONG]), (1, [STRONG, HEVY])])
def test_a_day_apart_is_the_most_that_two_apps_may_date_one_workout(
    gym: Gym, apart: int, counting: list[str]
) -> None:
    gym.say(*told(STRONG), later=0)
    gym.say(*told(HEVY), ago=DAY_MS + apart)
    assert visited(gym.ledger()) == sorted(counting)


def test_the_same_every_evening_loses_no_evening(gym: Gym) -> None:
    gym.say(*told(STRONG), later=20 * HOUR_MS)
    gym.say(*told(HEVY), ago=20 * HOUR_MS, later=0)
    gym.say(*told(HEVY_AGAIN))
    assert visited(gym.ledger()) == sorted([STRONG, HEVY_AGAIN])


def test_three_apps_count_one_evening_once(gym: Gym) -> None:
    for session in (FITNOTES, HEVY, STRONG):
        gym.say(*told(session), later=0)
    ledger = gym.ledger()
    assert visited(ledger) == [FITNOTES]
    assert len(ledger.report("conflicts")["conflicts"]) == 2


def test_an_exercise_that_is_matched_later_makes_a_copy_and_taking_it_back_undoes_it(gym: Gym) -> None:
    gym.say(*told(STRONG))
    gym.say(*told(HEVY, [("my squat", load, reps) for _, load, reps in EVENING[:2]] + EVENING[2:]))
    assert visited(gym.ledger()) == sorted([STRONG, HEVY])
    gym.say(ExerciseMatched(exercise="my squat", same_as="back_squat"))
    assert visited(gym.ledger()) == [STRONG]
    gym.say(ExerciseMatched(exercise="my squat", same_as="front_squat"))
    assert visited(gym.ledger()) == sorted([STRONG, HEVY])


def test_a_copy_counts_again_when_its_original_is_void_or_corrected(gym: Gym) -> None:
    gym.say(*told(STRONG))
    gym.say(*told(HEVY))
    gym.say(FactVoided(target=STRONG))
    assert visited(gym.ledger()) == [HEVY]
    gym.say(FactRestored(target=STRONG))
    assert visited(gym.ledger()) == [STRONG]
    for number in (0, 1):
        gym.say(FactCorrected(target=some_uuid("set", STRONG, number), changes={"reps": 8}))
    assert visited(gym.ledger()) == sorted([STRONG, HEVY])


def test_a_history_of_one_app_is_never_compared(gym: Gym, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("projections.copies.agree", lambda *_: pytest.fail("compared"))
    gym.say(*told(HEVY))
    gym.say(*told(HEVY_AGAIN))
    assert visited(gym.ledger()) == sorted([HEVY, HEVY_AGAIN])


@pytest.mark.parametrize(("way", "counting"), [("keep", [STRONG]), ("flip", [STRONG, HEVY])])
def test_a_copy_is_a_conflict_until_it_is_voided_or_restored(gym: Gym, way: str, counting: list[str]) -> None:
    gym.say(*told(STRONG))
    gym.say(*told(HEVY))
    ledger = gym.ledger()
    [row] = ledger.report("conflicts")["conflicts"]
    assert (row["kind"], row["target"], row["kept"]["value"]) == ("likely_copy", HEVY, STRONG)
    write = row["kept"] if way == "keep" else row["overruled"][0]
    gym.say(settlement(ledger.facts, row, write["event"]).body)
    settled = gym.ledger()
    assert visited(settled) == sorted(counting)
    assert settled.report("conflicts")["conflicts"] == []


def test_whether_a_session_is_a_copy_is_asked_of_all_that_is_known_whatever_the_day(gym: Gym) -> None:
    gym.say(*told(STRONG), later=20 * HOUR_MS)
    gym.say(*told(HEVY))
    gym.say(*told(FITNOTES, EVENING[:1]), later=0)
    ledger = gym.ledger()
    latest = parse_day(ledger.report("sessions")["as_of"])
    for day in (latest - 1, latest):
        row = ledger.report("sessions", day)["sessions"][-1]
        assert [copy["session"] for copy in row["copies"]] == [HEVY]


# Many histories, judged by an oracle that looks at all pairs and finds the best pairing of sets by augmenting paths.

_exercises = st.sampled_from(["back_squat", "mystery"])
_works = st.tuples(
    _exercises,
    st.sampled_from(["100kg", "100.25kg", "100.5kg", "220.5lb", "bw", "bw+100kg", ""]),
    st.sampled_from([5, 5, 5, 8, None]),
)
_targets = st.sampled_from([*VISITS, *(some_uuid("set", session, 0) for session in VISITS)])
_changes = st.sampled_from(
    [{"reps": 8}, {"exercise": "back_squat"}, {"session": STRONG}, {"at": World().now - 30 * HOUR_MS}, {"reps": None}]
)
_edits = st.one_of(
    st.builds(FactCorrected, target=_targets, changes=_changes),
    st.builds(FactVoided, target=_targets),
    *[st.builds(FactRestored, target=_targets)] * 2,
    st.builds(ExerciseMatched, exercise=st.just("mystery"), same_as=_exercises),
    st.builds(lambda session, work: lifted(session, 9, *work), st.sampled_from(VISITS), _works),
    st.builds(EventErased, target=st.builds(some_uuid, st.just("event"), st.integers(0, 20))),
)


@st.composite
def told_twice(draw: st.DrawFn) -> World:
    """Three devices that tell much the same workout for several apps, and edit it, and sync now and then."""
    world = World()
    for _ in range(3):
        world.replica(draw(st.sampled_from(CLOCK_ERRORS)))
    base = draw(st.lists(_works, min_size=1, max_size=5))
    sessions = draw(st.lists(st.sampled_from(VISITS), min_size=2, unique=True))
    said: list[list[Body]] = []
    for session in sessions:
        work = base[draw(st.sampled_from([0, 0, 0, 1])) :] + draw(st.sampled_from([[], [], [], base[:1]]))
        said.append(told(session, work)[draw(st.sampled_from([0, 0, 0, 1])) :])
    said += [[edit] for edit in draw(st.lists(_edits, max_size=6))]
    for bodies in draw(st.permutations(said)):
        replica = draw(st.sampled_from(world.replicas))
        ago = draw(st.sampled_from([0, 0, HOUR_MS, 20 * HOUR_MS, 30 * HOUR_MS]))
        for body in bodies:
            written = replica.write(body, before_now=ago)
        if bodies and draw(st.integers(0, 7)) == 0:
            draw(st.sampled_from(world.replicas)).copy(written)
        world.wait(draw(st.sampled_from([0, HOUR_MS, 13 * HOUR_MS])))
        if draw(st.booleans()):
            world.sync(replica)
    world.sync()
    world.sync()
    return world


brief = settings(max_examples=settings().max_examples // 2)
"""They share the work of finding out with the thorough profile."""


def judged(facts: Facts) -> list[Effective]:
    """All that would count, were nothing a copy."""
    return [*(fact for of_type in facts.effective.values() for fact in of_type.values()), *facts.aside.facts]


def expected(facts: Facts) -> dict[str, str]:
    """The copies, each with its original, by the words of the definition."""
    within: dict[str, list[Effective]] = {}
    for fact in judged(facts):
        if (session := getattr(fact.body, "session", None)) is not None:
            within.setdefault(session, []).append(fact)
    anchors = {session: found for session, inside in within.items() if (found := _anchor(inside))}

    def app(session: str) -> str | None:
        return getattr(getattr(anchors[session].body, "source", None), "app", None)

    def written(session: str) -> tuple[int, str]:
        return anchors[session].entry.time, anchors[session].entry.id

    def apart(one: str, other: str) -> tuple[int, tuple[int, str], str]:
        return abs(anchors[one].time - anchors[other].time), written(other), other

    def twins(session: str) -> list[str]:
        return sorted(
            (
                other
                for other in anchors
                if app(other) != app(session)
                and abs(anchors[other].time - anchors[session].time) <= DAY_MS
                and _alike(within[session], within[other])
            ),
            key=lambda other: apart(session, other),
        )

    copies = {}
    for session, anchor in anchors.items():
        for other in twins(session):
            rivals = [twin for twin in twins(other) if app(twin) == app(session)]
            if (
                written(other) < written(session)
                and rivals[0] == session
                and not _kept_apart(facts, anchor, anchors[other], session, other)
            ):
                copies[session] = other
                break
    return copies


def _anchor(inside: list[Effective]) -> Effective | None:
    starts = [fact for fact in inside if isinstance(fact.body, SessionStarted)]
    sets = [fact for fact in inside if isinstance(fact.body, SetLogged)]
    return min(starts or sets, key=lambda fact: (fact.time, fact.entry.id), default=None)


def _alike(one: list[Effective], other: list[Effective]) -> bool:
    mine, others = ([fact for fact in side if isinstance(fact.body, SetLogged)] for side in (one, other))
    most = max(len(mine), len(others))
    return most > 0 and 10 * _best_pairing(mine, others) >= 8 * most


def _best_pairing(one: list[Effective], other: list[Effective]) -> int:
    taken: dict[int, int] = {}

    def place(index: int, tried: set[int]) -> bool:
        for candidate, twin in enumerate(other):
            if candidate not in tried and _same(one[index], twin):
                tried.add(candidate)
                if candidate not in taken or place(taken[candidate], tried):
                    taken[candidate] = index
                    return True
        return False

    return sum(place(index, set()) for index in range(len(one)))


def _same(one: Effective, other: Effective) -> bool:
    assert isinstance(one.body, SetLogged)
    assert isinstance(other.body, SetLogged)
    grams = abs((one.body.nanograms or 0) - (other.body.nanograms or 0)) / 10**9
    return one.exercise == other.exercise and one.body.reps == other.body.reps and grams <= 250


def _kept_apart(facts: Facts, one: Effective, other: Effective, *sessions: str) -> bool:
    before = facts.entries.before
    targets = zip([*sessions, one.id, other.id], (other, one) * 2, strict=True)
    for target, unknown in targets:
        edits = facts.edits.get(target, ())
        for edit in edits:
            seen = [known for known in edits if before(known, edit) and not isinstance(known.body, FactCorrected)]
            last = [known for known in seen if not any(before(known, later) for later in seen)]
            void = max(last, key=lambda known: (known.time, known.id), default=None)
            lifting = void is not None and isinstance(void.body, FactVoided)
            if isinstance(edit.body, FactRestored) and before(unknown.entry, edit) and not lifting:
                return True
    return False


def _shown(ledger: Ledger) -> Iterator[tuple[str, str]]:
    for row in ledger.report("sessions")["sessions"]:
        for copy in row["copies"]:
            yield copy["session"], row["session"]


@brief
@given(told_twice())
def test_copies_are_what_the_definition_says_at_every_step(world: World) -> None:
    ledger = Ledger()
    for record in world.records:
        ledger.apply([record])
        facts = ledger.facts
        assert dict(facts.aside.copies) == expected(facts)
    counting = {fact.key for of_type in ledger.facts.effective.values() for fact in of_type.values()}
    for fact in judged(ledger.facts):
        assert (fact.key in counting) is (fact.session not in ledger.facts.aside.copies)


@brief
@given(st.data())
def test_neither_the_order_of_arrival_nor_a_checkpoint_nor_the_outbox_leaves_a_trace(data: st.DataObject) -> None:
    world = data.draw(told_twice())
    straight = reports(fold(world.records))
    order = data.draw(interleavings(world.records))
    assert reports(fold(order, batches=data.draw(st.integers(1, len(order) + 1)))) == straight
    half = data.draw(st.integers(0, len(world.records)))
    restored = Ledger.restore(fold(world.records[:half]).checkpoint())
    assert restored is not None
    assert reports(restored) == reports(fold(world.records[:half]))
    restored.apply(unstamped(record) for record in world.records[half:])
    reports(restored)
    restored.apply(data.draw(st.permutations(world.records[half:])))
    assert reports(restored) == straight
    renumbered = data.draw(renumberings(world))
    restored.apply(data.draw(st.permutations(renumbered)))
    assert reports(restored) == reports(fold(renumbered))


@brief
@given(told_twice(), st.sampled_from(VISITS))
def test_voiding_and_restoring_a_session_leaves_every_report_as_it_was(world: World, target: str) -> None:
    plain = reports(fold(world.records), position=False)
    if any(edit for edit in fold(world.records).facts.edits.get(target, ())):
        return
    world.wait(1)
    world.replicas[0].write(FactVoided(target=target), id=some_uuid("void"))
    world.sync()
    world.replicas[1].write(FactRestored(target=target), id=some_uuid("restore"))
    world.sync()
    assert reports(fold(world.records), position=False) == plain


@brief
@given(told_twice(), st.data())
def test_settling_likely_copies_either_way_leaves_none(world: World, data: st.DataObject) -> None:
    ledger = fold(world.records)
    for number in range(200):
        rows = ledger.report("conflicts")["conflicts"]
        if not rows:
            break
        row = data.draw(st.sampled_from(rows))
        write = data.draw(st.sampled_from([row["kept"], *row["overruled"]]))
        settled = settlement(ledger.facts, row, write["event"])
        moment = {} if settled.at is None else {"at": settled.at, "offset": settled.offset}
        # Under an id of its own: the history may have erased the one that the next event would have got.
        name = some_uuid("settled", number)
        data.draw(st.sampled_from(world.replicas)).write(settled.body, id=name, **moment)
        world.sync()
        world.sync()
        ledger.apply(world.records[ledger.position :])
        assert row not in ledger.report("conflicts")["conflicts"]
    assert ledger.report("conflicts")["conflicts"] == []


_some_sets = st.lists(
    st.builds(
        lambda exercise, grams, reps: (exercise, a_set(exercise, reps=reps, load="1kg", set=some_uuid("x")), grams),
        _exercises,
        st.integers(0, 1500),
        st.sampled_from([5, 8]),
    ),
    max_size=6,
)


@given(_some_sets, _some_sets)
def test_the_pairing_of_sets_is_the_best_there_is_and_agreeing_is_mutual(one: list[Any], other: list[Any]) -> None:
    sides = [
        [(exercise, SetLogged(**{**_fields(body), "load": Load(grams, "kg")})) for exercise, body, grams in drawn]
        for drawn in (one, other)
    ]
    first, second = (tally(side) for side in sides)
    best = 0
    short, long = sorted(sides, key=len)
    for chosen in itertools.permutations(long, len(short)):
        pairs = zip(short, chosen, strict=True)
        best = max(best, sum(_one_work(mine, theirs) for mine, theirs in pairs))
    assert agreeing(first, second) == agreeing(second, first) == best
    assert agree(first, second) == agree(second, first)


def _fields(body: SetLogged) -> dict[str, Any]:
    return {name: getattr(body, name) for name in body.__struct_fields__}


def _one_work(mine: tuple[str, SetLogged], theirs: tuple[str, SetLogged]) -> bool:
    apart = abs((mine[1].nanograms or 0) - (theirs[1].nanograms or 0))
    return mine[0] == theirs[0] and mine[1].reps == theirs[1].reps and apart <= 250 * 10**9


@pytest.mark.parametrize(("metres", "alike"), [(5_004, True), (5_040, False)])
def test_sets_that_are_counted_by_distance_agree_where_it_is_the_same_to_ten_metres(
    *, metres: int, alike: bool
) -> None:
    one, other = (tally([("running", a_set("running", distance_mm=1000 * length))]) for length in (5_000, metres))
    assert agree(one, other) is alike
