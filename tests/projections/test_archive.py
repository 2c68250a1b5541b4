"""What is laid by of a history leaves no trace in any report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.chains import some_uuid
from support.ledgers import Replica, World, fold, histories, reports, unstamped
from support.trainings import trainings

from events import Body, Load, Record
from events.corrections import FactCorrected, FactVoided
from events.profile import ProfileChanged
from events.quantities import DAY_MS, MINUTE_MS
from events.training import ExerciseDefined, ExerciseMatched, SessionStarted, SetLogged
from projections import clocks, courses, practice
from projections.ledger import Ledger


@pytest.fixture(autouse=True, scope="module")
def short_memory() -> Iterator[None]:
    """Stretches of a day, and only what is last at hand, so that short histories have much to lay by."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(courses, "STRETCH_MS", DAY_MS)
        patched.setattr(practice, "KEPT", 1)
        patched.setattr(clocks, "TAIL", 3)
        yield


def until(ledger: Ledger, share: float) -> int:
    """The moment by which a share of the facts had happened."""
    times = sorted(fact.time for of_type in ledger.facts.effective.values() for fact in of_type.values())
    return times[min(len(times) - 1, int(share * len(times)))] if times else 0


def laid_by(ledger: Ledger, share: float) -> Ledger:
    """The ledger, gone on from a checkpoint that lays by what is older than a share of its facts."""
    restored = Ledger.restore(ledger.checkpoint(until(ledger, share)))
    assert restored is not None
    return restored


def in_batches(records: Sequence[Record], data: st.DataObject) -> Iterator[Sequence[Record]]:
    while records:
        size = data.draw(st.integers(1, len(records)))
        yield records[:size]
        records = records[size:]


@given(trainings(), st.floats(0, 1), st.data())
def test_a_ledger_that_laid_something_by_goes_on_as_one_that_did_not(
    known: tuple[World, int], old: float, data: st.DataObject
) -> None:
    world, count = known
    ledger, done = laid_by(fold(world.records[:count]), old), count
    for batch in in_batches(world.records[count:], data):
        ledger.apply(batch)
        done += len(batch)
        assert reports(ledger) == reports(fold(world.records[:done]))
    assert reports(laid_by(ledger, old)) == reports(ledger)
    assert ledger.digest() == fold(world.records).digest()


@given(trainings(), st.floats(0, 1), st.integers(0, 20), st.data())
def test_what_waits_in_the_outbox_is_kept_and_takes_its_stamps(
    known: tuple[World, int], old: float, waiting: int, data: st.DataObject
) -> None:
    world, count = known
    acknowledged = max(0, count - waiting)
    pending = [unstamped(record) for record in world.records[acknowledged:]]
    before = [*world.records[:acknowledged], *pending[: count - acknowledged]]
    ledger, done = laid_by(fold(before), old), list(before)
    assert reports(ledger) == reports(fold(before))
    for batch in in_batches(pending[count - acknowledged :], data):
        ledger.apply(batch)
        done += batch
        assert reports(ledger) == reports(fold(done))
    for batch in in_batches(world.records[acknowledged:], data):
        ledger.apply(batch)
    assert reports(ledger) == reports(fold(world.records))


@given(histories(), st.floats(0, 1), st.floats(0, 1))
def test_whatever_was_written_can_be_laid_by(world: World, share: float, old: float) -> None:
    half = round(share * len(world.records))
    ledger = laid_by(fold(world.records[:half]), old)
    ledger.apply(world.records[half:])
    assert reports(ledger) == reports(fold(world.records))


@given(trainings(), st.floats(0, 1), st.data())
def test_what_is_lost_of_the_archive_is_made_again(known: tuple[World, int], old: float, data: st.DataObject) -> None:
    world, count = known
    whole, done = fold(world.records[:count]), count
    parts = whole.checkpoint(until(whole, old))
    for part in data.draw(st.sets(st.sampled_from(["archive", "names", "past", "at hand", "exercises", "days"]))):
        parts.pop(part, None)
    ledger = Ledger.restore(parts, replay=lambda: fold(world.records[:done]))
    assert ledger is not None
    for batch in in_batches(world.records[count:], data):
        done += len(batch)
        ledger.apply(batch)
        assert reports(ledger) == reports(fold(world.records[:done]))
    assert ledger.digest() == fold(world.records).digest()
    places = [(entry.replica, entry.seq) for entry in ledger.facts.entries.all()]
    assert len(places) == len(set(places))


# By example: what concerned the archive and did not look so.

VISITS = 16
MINE = some_uuid("an exercise of my own")


def session(number: int) -> str:
    return some_uuid("visit", number)


def trained() -> tuple[World, Replica]:
    """A visit every ten days, to two exercises in turn."""
    world = World()
    phone = world.replica()
    for number in range(VISITS):
        phone.write(SessionStarted(session=session(number)))
        world.wait(MINUTE_MS)
        phone.write(
            SetLogged(
                set=some_uuid("set", number),
                session=session(number),
                exercise="back_squat" if number % 2 else MINE,
                kind="working",
                reps=8,
                load=Load(60_000 + 1000 * number, "kg"),
            )
        )
        world.wait(10 * DAY_MS)
    return world, phone


def goes_on(world: World, phone: Replica, *news: Body, old: int) -> None:
    """News are judged as if nothing had been laid by, that is, what is so many days old."""
    world.sync()
    ledger, done = Ledger.restore(fold(world.records).checkpoint(world.now - old * DAY_MS)), len(world.records)
    assert ledger is not None
    assert not ledger.is_whole
    for body in news:
        phone.write(body)
    world.sync()
    for record in world.records[done:]:
        ledger.apply([record])
    whole = fold(world.records)
    assert reports(ledger) == reports(whole)
    assert [ledger.view.last_time(name) for name in whole.view.exercises] == [
        whole.view.last_time(name) for name in whole.view.exercises
    ]


def test_the_last_set_may_lie_in_a_session_that_began_before_the_last_one() -> None:
    world, phone = trained()

    def done(name: str, visit: str) -> SetLogged:
        return SetLogged(set=some_uuid(name), session=some_uuid(visit), exercise="leg_press", kind="working", reps=8)

    for name, visit, days in (("one", "long", 100), ("two", "short", 99), ("three", "long", 98)):
        phone.write(done(name, visit), before_now=days * DAY_MS)
    phone.write(SessionStarted(session=session(VISITS)))
    latest = done("four", "latest")
    goes_on(world, phone, latest, FactVoided(target=latest.set), old=60)


def test_a_moment_that_is_mistaken_by_years_leaves_what_is_of_today_at_hand() -> None:
    world, phone = trained()
    phone.write(SessionStarted(session=session(VISITS)), before_now=-10_000 * DAY_MS)
    world.sync()
    ledger, done = Ledger.restore(fold(world.records).checkpoint()), len(world.records)
    assert ledger is not None
    phone.write(SessionStarted(session=session(VISITS + 1)))
    world.sync()
    ledger.apply(world.records[done:])
    assert not ledger.is_whole
    assert reports(ledger) == reports(fold(world.records))


@pytest.mark.parametrize(
    "said",
    [
        ProfileChanged(week_start=3),
        ProfileChanged(e1rm_formula="brzycki"),
        ExerciseMatched(exercise=MINE, same_as="leg_press"),
        ExerciseDefined(exercise=MINE, name="Mine", muscles={"quadriceps": 1000}),
    ],
)
def test_what_is_said_of_the_whole_history_can_be_taken_back(said: Body) -> None:
    world, phone = trained()
    event = phone.write(said)
    world.wait(DAY_MS)
    world.sync()
    phone.write(SessionStarted(session=session(VISITS)))
    goes_on(world, phone, FactVoided(target=getattr(said, "exercise", event.id), undoes=event.id), old=60)


def test_a_set_of_today_can_be_moved_into_a_session_of_long_ago() -> None:
    world, phone = trained()
    latest = FactCorrected(target=some_uuid("set", VISITS - 1), changes={"session": session(2)})
    goes_on(world, phone, latest, old=60)


def test_an_older_session_that_was_edited_is_no_substitute_for_one_that_is_laid_by(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(practice, "KEPT", 3)
    world, phone = trained()
    phone.write(FactCorrected(target=some_uuid("set", 1), changes={"reps": 9}))
    goes_on(world, phone, FactVoided(target=session(VISITS - 1)), old=20)
