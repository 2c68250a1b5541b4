"""Whole histories: replicas that write while apart, and the server that puts what they push in one order.

    world = World()
    phone, laptop = world.replica(), world.replica()
    phone.write(a_set("back_squat", "100kg", 8))
    world.sync(phone, laptop)
    fold(world.records).report("records")

``histories`` draws worlds in which everything happens that may: corrections of what has not arrived, voids,
forked copies, wrong clocks, clocks that jump, unknown and broken events. What each replica held when it wrote an
event is recorded beside the protocol's own ``saw``, so that tests can compare the two.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

import msgspec
from hypothesis import strategies as st
from msgspec import UNSET
from support import diaries
from support.chains import NOON_MS, some_uuid
from support.diaries import maybe as _maybe
from support.diaries import pool as _pool

from events import Body, Event, Known, Load, Record, Stamp, read
from events.canonical import canonical
from events.codec import type_of
from events.corrections import EventErased, FactCorrected, FactRestored, FactVoided, ImportStarted
from events.envelope import GENESIS, body_hash, chained
from events.profile import ProfileChanged
from events.programs import (
    DayAdded,
    DayChanged,
    DayRemoved,
    ProgramActivated,
    ProgramArchived,
    ProgramCreated,
    SlotAdded,
    SlotChanged,
    SlotMoved,
    SlotRemoved,
)
from events.protocol import CLOCKS_AGREE_MS
from events.quantities import DAY_MS, HOUR_MS, LATEST_MS, MINUTE_MS
from events.training import (
    DrillLogged,
    ExerciseDefined,
    ExerciseMatched,
    SessionFinished,
    SessionStarted,
    SetLogged,
)
from projections.ledger import REPORTS, Ledger, encode_report

B = TypeVar("B", bound=Body)
T = TypeVar("T")

Place = tuple[str, int]
"""A replica and a seq: where an event stands."""


class World:
    """Replicas and their server.

    Attributes:
        now: The true time, in Unix ms.
        records: What the server holds, in its order.
        held: For each event the places of all that its replica held when it wrote it.
    """

    def __init__(self) -> None:
        self.now = NOON_MS
        self.records: list[Record] = []
        self.held: dict[Place, frozenset[Place]] = {}
        self.replicas: list[Replica] = []

    def replica(self, clock_error: int = 0) -> Replica:
        """A new replica, whose clock is that many ms ahead."""
        self.replicas.append(Replica(self, len(self.replicas), clock_error))
        return self.replicas[-1]

    def wait(self, milliseconds: int) -> None:
        """Time passes."""
        self.now += milliseconds

    def sync(self, *replicas: Replica) -> None:
        """Each in turn pushes what it has written and pulls what the server has by then."""
        for replica in replicas or self.replicas:
            error = replica.clock_error
            stamp = Stamp(self.now, -error if abs(error) > CLOCKS_AGREE_MS else 0)
            for event in replica.outbox:
                self.records.append(Record(position=len(self.records) + 1, stamp=stamp, event=event))
            replica.outbox.clear()
            replica.pull(record.event for record in self.records)

    @property
    def events(self) -> list[Event]:
        """All that anybody has written."""
        return [event for replica in self.replicas for event in replica.events]


class Replica:
    """One copy of the ledger: it writes a chain, and knows what it has seen of the others."""

    def __init__(self, world: World, number: int, clock_error: int) -> None:
        self.id = some_uuid("replica", number)
        self.clock_error = clock_error
        self.events: list[Event] = []
        self.outbox: list[Event] = []
        self._world = world
        self._held: dict[str, int] = {}
        self._told: dict[str, int] = {}

    def write(
        self,
        body: Body | dict[str, Any] | None,
        kind: tuple[str, int] | None = None,
        *,
        before_now: int = 0,
        **fields: Any,  # noqa: ANN401  (fields of all types)
    ) -> Event:
        """Writes an event.

        Args:
            body: What it says; None for an event whose words were erased.
            kind: Its type and version; by itself what the body is.
            before_now: How many ms ago the action happened.
            fields: Fields of the event that are to be other than they would be by themselves.
        """
        written = self._world.now + self.clock_error
        if kind is None:
            assert isinstance(body, Body)
            kind = type_of(body)
        words = {"body_hash": "0" * 64} if body is None else {"body": msgspec.Raw(canonical(body))}
        said = {
            "at": written - before_now,
            "id": some_uuid("event", len(self._world.events)),
            "offset": 0,
            "type": kind[0],
            "v": kind[1],
            "written": written,
        }
        return self._append(said | words | fields)

    def copy(self, event: Event, words: Event | None = None) -> Event:
        """Writes an event again under this replica's name, as after a fork; perhaps with the words of another."""
        kept = {name: getattr(event, name) for name in ("at", "id", "offset", "written")}
        return self._append(kept | {name: getattr(words or event, name) for name in _WORDS})

    def pull(self, events: Iterable[Event]) -> None:
        """Takes in events of others."""
        for event in events:
            if event.replica != self.id:
                self._held[event.replica] = max(event.seq, self._held.get(event.replica, 0))

    def _append(self, said: dict[str, Any]) -> Event:
        news = {other: seq for other, seq in self._held.items() if seq > self._told.get(other, 0)}
        self._told |= news
        link = {"hash": "0" * 64, "replica": self.id, "saw": news or UNSET, "seq": len(self.events) + 1}
        event = chained(bytes.fromhex(self.events[-1].hash) if self.events else GENESIS, Event(**said | link))
        heights = self._held | {self.id: len(self.events)}
        self._world.held[event.replica, event.seq] = frozenset(
            (replica, seq) for replica, height in heights.items() for seq in range(1, height + 1)
        )
        self.events.append(event)
        self.outbox.append(event)
        return event


_WORDS = ("body", "body_hash", "type", "v")


def fold(records: Iterable[Record], batches: int = 1) -> Ledger:
    """The ledger of some records, applied in that many batches."""
    ledger = Ledger()
    arrivals = list(records)
    size = -(-len(arrivals) // (batches or 1)) or 1
    for start in range(0, len(arrivals), size):
        ledger.apply(arrivals[start : start + size])
    return ledger


def ledger_of(*bodies: Body) -> Ledger:
    """The ledger of one replica that says one thing a minute, folded as it is said."""
    world = World()
    only = world.replica()
    for body in bodies:
        only.write(body)
        world.wait(MINUTE_MS)
    world.sync()
    return fold(world.records, batches=len(world.records))


def reports(ledger: Ledger, as_of: int | None = None, *, position: bool = True) -> dict[str, bytes]:
    """Every report as canonical JSON, with or without its ``position``."""
    made = {name: ledger.report(name, as_of) for name in REPORTS}
    aside = {} if position else {"position": None}
    return {name: encode_report(report | aside) for name, report in made.items()}


def bodies(world: World, kind: type[B]) -> list[B]:
    """What was said of one kind in a world, whether it counts or not."""
    readings = [read(event) for event in world.events]
    return [reading.body for reading in readings if isinstance(reading, Known) and isinstance(reading.body, kind)]


def without_words(record: Record) -> Record:
    """The record with its body erased."""
    erased = {"body": UNSET, "body_hash": body_hash(record.event)}
    return msgspec.structs.replace(record, event=msgspec.structs.replace(record.event, **erased))


def unstamped(record: Record) -> Record:
    """The record as it was in the outbox."""
    return msgspec.structs.replace(record, position=None, stamp=None)


# What may happen in a world: small pools of names, so that whatever can collide does.


SESSIONS, SETS, DRILLS, IMPORTS = _pool("session", 2), _pool("set", 4), _pool("drill", 1), _pool("import", 1)
PROGRAMS, DAYS, SLOTS = _pool("program", 1), _pool("day", 2), _pool("slot", 2)
TARGETS = [*SESSIONS, *SETS, *DRILLS, *IMPORTS, *PROGRAMS, *DAYS, *SLOTS, *diaries.NAMES, *_pool("event", 12)]
"""Whatever can be corrected, voided and restored: facts and what they lie in, and the first few events."""

EXERCISES = ["back_squat", "romanian_deadlift", "forward_lunge", "leg_press", "pull_up", "zercher", "mystery"]
CLOCK_ERRORS = [0, 0, 60_000, -3 * HOUR_MS, DAY_MS, 365 * DAY_MS]


def _weighted(*choices: tuple[int, st.SearchStrategy[T]]) -> st.SearchStrategy[T]:
    """One of the choices, as often as its weight says."""
    return st.sampled_from([choice for weight, choice in choices for _ in range(weight)]).flatmap(
        lambda choice: choice
    )


_sessions, _programs, _days, _slots, _exercises = map(st.sampled_from, (SESSIONS, PROGRAMS, DAYS, SLOTS, EXERCISES))
_imports = _maybe(st.sampled_from(IMPORTS))
_ranks = st.sampled_from(["a", "m", "z"])
_names = st.sampled_from(["Alpha", "beta", "Ωmega"])
_sides = st.sampled_from(["both", "left", "right"])
_set_kinds = st.sampled_from(["working", "working", "warm_up", "drop", "failure", "amrap", "back_off"])
_loads = st.builds(
    Load, st.sampled_from([0, 20_000, 60_000, 61_235, 100_000, 135_000]), st.sampled_from(["kg", "lb"])
)
_reps = st.sampled_from([0, 1, 5, 8, 8, 10, 12])
_matrices = st.sampled_from(["evidence@1", "seed-guide@1", "newer@9"])
_targets = st.sampled_from(TARGETS)


def _sets_logged(names: list[str], exercises: list[str]) -> st.SearchStrategy[SetLogged]:
    return st.builds(
        SetLogged,
        import_=_imports,
        set=st.sampled_from(names),
        session=_sessions,
        exercise=st.sampled_from(exercises),
        kind=_set_kinds,
        reps=_maybe(_reps),
        load=_maybe(_loads),
        load_kind=st.sampled_from(["external", "external", "added", "assisted", "bodyweight"]),
        side=_sides,
        implements=_maybe(st.integers(1, 2)),
        seconds=_maybe(st.sampled_from([0, 30, 90])),
        distance_mm=_maybe(st.sampled_from([0, 5_000_000])),
        order=_maybe(st.integers(0, 2)),
    )


sets_logged = _sets_logged(SETS, EXERCISES)
many_sets = _sets_logged(_pool("set", 40), ["back_squat", "forward_lunge", "leg_press", "mystery"])
"""Sets that rarely are the same one, of few exercises: for what comes of many."""
sessions_started = st.builds(
    SessionStarted,
    import_=_imports,
    session=_sessions,
    title=_maybe(_names),
    program=_maybe(_programs),
    program_day=_maybe(_days),
)
sessions_finished = st.builds(SessionFinished, session=_sessions, effort_tenths=_maybe(st.integers(0, 100)))
drills_logged = st.builds(
    DrillLogged,
    drill=st.sampled_from(DRILLS),
    session=_sessions,
    phase=st.sampled_from(["warm_up", "cool_down"]),
    kind=st.just("static_stretch"),
    name=_names,
    seconds=_maybe(st.integers(0, 90)),
)
_changes = st.fixed_dictionaries(
    {},
    optional={
        "reps": st.sampled_from([0, 3, 9, None, -1, "many"]),
        "load": st.sampled_from([None, {"milli": 70_000, "unit": "kg"}, {"milli": -1, "unit": "kg"}, 70]),
        "exercise": _maybe(_exercises),
        "session": _sessions,
        "side": _maybe(_sides),
        "at": st.sampled_from([NOON_MS, NOON_MS - 40 * DAY_MS, NOON_MS + HOUR_MS, "noon"]),
        "offset": st.sampled_from([0, 600, 9999]),
        "name": _maybe(_names),
        "title": _maybe(_names),
        "program_day": _maybe(_days),
        "sets": _maybe(st.integers(1, 5)),
        "reps_min": _maybe(st.integers(1, 12)),
        "reps_max": _maybe(st.integers(1, 12)),
        "rank": _ranks,
        "day": _days,
        "day_cutoff_min": st.just(120),
        "nothing": st.just(1),
    },
).filter(bool)
_corrections = st.builds(FactCorrected, target=_targets, changes=_changes)
_corrections_of_sets = st.builds(FactCorrected, target=st.sampled_from(SETS), changes=_changes)
_holding = st.sampled_from([*SESSIONS, *IMPORTS, *PROGRAMS, *SETS, *diaries.EQUIPMENT])
_voids = st.builds(FactVoided, target=_weighted((1, _holding), (1, _targets)))
_restores = st.builds(FactRestored, target=_weighted((1, _holding), (1, _targets)))
_imported = st.builds(
    ImportStarted,
    import_=st.sampled_from(IMPORTS),
    app=st.just("strong"),
    file_sha256=st.just("0" * 64),
    dialect=st.just("comma"),
    options=st.just({}),
)
_settings = st.builds(
    ProfileChanged,
    units=_maybe(st.sampled_from(["kg", "lb"])),
    week_start=_maybe(st.integers(0, 6)),
    day_cutoff_min=_maybe(st.sampled_from([0, 240])),
    level=_maybe(st.sampled_from(["beginner", "experienced"])),
    matrix=_maybe(_matrices),
    e1rm_formula=_maybe(st.sampled_from(["epley", "brzycki"])),
    sessions_per_week=_maybe(st.integers(1, 3)),
)
_known_as = st.one_of(
    st.builds(
        ExerciseDefined,
        exercise=_exercises,
        name=_names,
        muscles=_maybe(st.just({"quadriceps": 1000, "core": 500})),
        pattern=st.sampled_from([None, "squat", "strange"]),
        equipment=st.sampled_from([None, "barbell", "strange"]),
    ),
    st.builds(ExerciseMatched, exercise=_exercises, same_as=_exercises),
)
_ranges = {"reps_min": _maybe(st.integers(5, 8)), "reps_max": _maybe(st.integers(8, 12))}
_planned = st.one_of(
    st.builds(ProgramCreated, program=_programs, name=_names),
    st.builds(ProgramActivated, program=_programs),
    st.builds(ProgramArchived, program=_programs),
    st.builds(DayAdded, program=_programs, day=_days, name=_names, rank=_ranks),
    st.builds(DayChanged, program=_programs, day=_days, name=_maybe(_names), rank=_maybe(_ranks)),
    st.builds(DayRemoved, program=_programs, day=_days),
    st.builds(
        SlotAdded,
        program=_programs,
        day=_days,
        slot=_slots,
        rank=_ranks,
        exercise=_maybe(_exercises),
        sets=st.integers(1, 5),
        **_ranges,
    ),
    st.builds(
        SlotChanged,
        program=_programs,
        slot=_slots,
        exercise=_maybe(_exercises),
        sets=_maybe(st.integers(1, 5)),
        **_ranges,
    ),
    st.builds(SlotMoved, program=_programs, slot=_slots, rank=_ranks, day=_maybe(_days)),
    st.builds(SlotRemoved, program=_programs, slot=_slots),
)
_strange: st.SearchStrategy[tuple[tuple[str, int], dict[str, Any] | None]] = st.sampled_from(
    [
        (("moon_phase_noted", 1), {"phase": 1}),
        (("set_logged", 2), {"set": SETS[0]}),
        (("set_logged", 1), {"set": "not a name"}),
        (("set_logged", 1), None),
        (("fact_voided", 1), None),
    ]
)


class Said(msgspec.Struct, frozen=True):
    """A replica writes an event, some time after the last and about something some time ago."""

    who: int
    body: Body
    after: int
    before_now: int
    offset: int


class Garbled(msgspec.Struct, frozen=True):
    """A replica writes what this code can't count."""

    who: int
    kind: tuple[str, int]
    body: dict[str, Any] | None
    at: int | None


class Copied(msgspec.Struct, frozen=True):
    """A replica writes an event that is there already once more, perhaps with other words."""

    who: int
    which: int
    reworded: bool


class Erased(msgspec.Struct, frozen=True):
    """A replica erases an event."""

    who: int
    which: int


class Synced(msgspec.Struct, frozen=True):
    """A replica syncs."""

    who: int


class Jumped(msgspec.Struct, frozen=True):
    """A replica's clock is set, right or wrong."""

    who: int
    error: int


Step = Said | Garbled | Copied | Erased | Synced | Jumped

_who = st.integers(0, 2)
_which = st.integers(0, 30)


def steps(bodies: st.SearchStrategy[Body]) -> st.SearchStrategy[Step]:
    """One thing that happens in a world."""
    said = st.builds(
        Said,
        _who,
        bodies,
        after=st.sampled_from([0, MINUTE_MS, 30 * MINUTE_MS, 13 * HOUR_MS, 3 * DAY_MS]),
        before_now=st.sampled_from([0, 0, 0, -HOUR_MS, 10 * MINUTE_MS, 23 * HOUR_MS, 30 * DAY_MS]),
        offset=st.sampled_from([0, 0, -600, 840]),
    )
    garbled = st.builds(
        lambda who, strange, at: Garbled(who, *strange, at), _who, _strange, st.sampled_from([None, LATEST_MS + 1])
    )
    return _weighted(
        (16, said),
        (4, st.builds(Synced, _who)),
        (2, st.builds(Copied, _who, _which, st.booleans())),
        (1, garbled),
        (1, st.builds(Erased, _who, _which)),
        (1, st.builds(Jumped, _who, st.sampled_from(CLOCK_ERRORS))),
    )


facts = _weighted(
    (8, sets_logged),
    (2, sessions_started),
    (1, sessions_finished),
    (1, drills_logged),
    (2, _corrections),
    (3, _corrections_of_sets),
    (3, _voids),
    (1, _restores),
    (1, _imported),
    (2, _settings),
    (2, _known_as),
    (6, _planned),
    (2, diaries.equipment),
    (2, diaries.measurements),
    (1, diaries.performed),
    (1, diaries.felt),
    (2, diaries.eaten),
    (1, diaries.decisions(SLOTS)),
    (1, diaries.notes([*TARGETS, *EXERCISES])),
    (2, diaries.corrections),
)


@st.composite
def histories(draw: st.DrawFn, bodies: st.SearchStrategy[Body] = facts, most: int = 40) -> World:
    """A world in which up to ``most`` things have happened, and then everybody has synced."""
    world = World()
    for _ in range(3):
        world.replica(draw(st.sampled_from(CLOCK_ERRORS)))
    least = draw(st.sampled_from([0, most // 2, most]))
    for step in draw(st.lists(steps(bodies), min_size=least, max_size=most)):
        take(world, step)
    world.sync()
    world.sync()
    return world


def take(world: World, step: Step) -> None:
    replica = world.replicas[step.who]
    match step:
        case Said(_, body, after, before_now, offset):
            world.wait(after)
            replica.write(body, before_now=before_now, offset=offset)
        case Garbled(_, kind, body, at):
            replica.write(body, kind, **{} if at is None else {"at": at})
        case Copied(_, which, reworded) if world.events:
            events = world.events
            replica.copy(events[which % len(events)], events[(which + 1) % len(events)] if reworded else None)
        case Erased(_, which) if world.events:
            replica.write(EventErased(target=world.events[which % len(world.events)].id))
        case Synced():
            world.sync(replica)
        case Jumped(_, error):
            replica.clock_error = error
        case _:
            pass


@st.composite
def interleavings(draw: st.DrawFn, records: Sequence[Record]) -> list[Record]:
    """The same records in another order that keeps each replica's own, some of them more than once."""
    queues: dict[str, list[Record]] = {}
    for record in sorted(records, key=lambda record: record.event.seq):
        queues.setdefault(record.event.replica, []).append(record)
    turns = draw(st.permutations([replica for replica, queue in queues.items() for _ in queue]))
    places = {replica: itertools.count() for replica in queues}
    order = [queues[replica][next(places[replica])] for replica in turns]
    for source, target in draw(st.lists(st.tuples(_which, _which), max_size=5)) if order else ():
        index = source % len(order)
        order.insert(index + 1 + target % (len(order) - index), order[index])
    return order


@st.composite
def renumberings(draw: st.DrawFn, world: World) -> list[Record]:
    """The same records as a server may number them that was restored: nobody comes before what they had seen."""
    waiting = {(record.event.replica, record.event.seq): record for record in world.records}
    renumbered: list[Record] = []
    while waiting:
        ready = [place for place in waiting if waiting.keys().isdisjoint(world.held[place])]
        record = waiting.pop(draw(st.sampled_from(sorted(ready))))
        renumbered.append(msgspec.structs.replace(record, position=len(renumbered) + 1))
    return renumbered
