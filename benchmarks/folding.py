"""The folds: a whole history replayed, one record more, and one that comes years late."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Iterable
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from benchmarks.figures import Bar, Figure, compared, side_by_side, timed
from benchmarks.history import REPLICA, Kept, chain, records
from benchmarks.ledgers import ledger_file
from client_sdk import Replica
from events import Body, Event, Load, Record, Stamp
from events.codec import CODEC, encode_body, type_of
from events.corrections import FactCorrected, FactVoided
from events.envelope import chained
from events.identifiers import derived_uuid7
from events.quantities import DAY_MS, MINUTE_MS
from events.training import SetLogged
from projections.ledger import REPORTS, Ledger

USUAL = ("programs", "records", "volume", "balance")
NEWS = 9
YEARS_BACK = 5
LATE = 200
"""So many sets of years back are what comes late, or is voided or corrected."""


def replay(events: int = 100_000, runs: int = 3) -> list[Figure]:
    """Events a second from the local store to reports, against decoding the same bytes."""
    kept = [made.kept for made in chain(events)]
    with TemporaryDirectory() as folder, Replica.open(ledger_file(Path(folder), events)) as replica:
        figure, limit = side_by_side(lambda: replayed(replica), lambda: timed(lambda: _decoded(kept))[0], runs)
        everything = statistics.median(replayed(replica, REPORTS) for _ in range(runs))
    return [
        compared(f"replay, four reports ({events:,})", events / figure, events / limit, "events/s", Bar(">=", 0.1)),
        compared(f"replay, all reports ({events:,})", events / everything, events / limit, "events/s", Bar("told")),
    ]


def news(events: int = 100_000, small: int = 1_000, runs: int = 3) -> list[Figure]:
    """One record more, then the four reports, or all: now, and years late as a set, a void and a correction."""
    with TemporaryDirectory() as folder, Replica.open(ledger_file(Path(folder), events)) as replica:
        full = statistics.median(replayed(replica) for _ in range(runs))
    long, short = Growing(events, _years_back(events)), Growing(small, _years_back(small))
    now, on_small = side_by_side(lambda: long.median(long.a_set_now), lambda: short.median(short.a_set_now), runs)
    late = (("a late fact", long.a_set_late), ("a late void", long.a_void), ("a late correction", long.a_fix))
    landed = [(name, long.median(draw)) for name, draw in late]
    everything = long.median(long.a_set_now, REPORTS)
    return [
        compared(f"a new fact ({events:,})", now * 1000, full * 1000, "ms", Bar("<=", 0.01)),
        compared(f"a new fact, beside {small:,}", now * 1000, on_small * 1000, "ms", Bar("<=", 2)),
        compared("a new fact, all reports", everything * 1000, full * 1000, "ms", Bar("<=", 0.01)),
        *(compared(name, seconds * 1000, full * 1000, "ms", Bar("<=", 0.02)) for name, seconds in landed),
    ]


def replayed(replica: Replica, reports: tuple[str, ...] = USUAL) -> float:
    """The seconds from the store to reports; the ledger of an earlier replay is none of the garbage of this one."""
    gc.collect()
    began = time.perf_counter()
    ledger = Ledger()
    ledger.apply(replica.store.records())
    for name in reports:
        ledger.report(name)
    return time.perf_counter() - began


def sets(events: Iterable[Kept]) -> list[Kept]:
    """The first sets among some events, to be late after, voided and corrected."""
    return list(islice((made for made in events if made.event.type == "set_logged"), LATE))


class Growing:
    """A ledger of so many records that gets news, one by one.

    Args:
        events: How many.
        old: The sets after which something comes late, or that are voided or corrected.
    """

    def __init__(self, events: int, old: Iterable[Kept]) -> None:
        self.ledger = Ledger()
        self.ledger.apply(
            Record(position=position, stamp=stamp, event=made.event) for position, stamp, _, made in records(events)
        )
        self.last: Event = chain(events)[-1].event
        self.position = events
        self._old = cycle(old)

    def median(self, draw: Callable[[], Body], reports: Iterable[str] = USUAL) -> float:
        """The median seconds of one record more, and the four reports again, or others, which were there before."""
        self._ask(reports)
        seconds = []
        for _ in range(NEWS):
            record = self._record(draw())
            began = time.perf_counter()
            self.ledger.apply([record])
            self._ask(reports)
            seconds.append(time.perf_counter() - began)
        return statistics.median(seconds)

    def a_set_now(self) -> Body:
        """A set of today."""
        return self._a_set(self._name())

    def a_set_late(self) -> Body:
        """A set of years back; its moment is that of the set it follows."""
        self._at = next(self._old).event.at
        return self._a_set(self._name())

    def a_void(self) -> Body:
        """A set of years back is void."""
        return FactVoided(target=self._old_set())

    def a_fix(self) -> Body:
        """A set of years back had other reps."""
        return FactCorrected(target=self._old_set(), changes={"reps": 3})

    _at: int | None = None

    def _ask(self, reports: Iterable[str]) -> None:
        for name in reports:
            self.ledger.report(name)

    def _name(self) -> str:
        return derived_uuid7(self.last.at, "news", str(self.position))

    def _a_set(self, name: str) -> SetLogged:
        return SetLogged(
            set=name, session=name, exercise="back_squat", kind="working", reps=5, load=Load(90_000, "kg")
        )

    def _old_set(self) -> str:
        body = msgspec.json.decode(_body(next(self._old).event), type=dict)
        return str(body["set"])

    def _record(self, body: Body) -> Record:
        kind, version = type_of(body)
        self.position += 1
        written = self.last.written + MINUTE_MS
        at, self._at = self._at if self._at is not None else written, None
        event = Event(
            id=derived_uuid7(self.last.at, "event", str(self.position)),
            replica=REPLICA,
            seq=self.last.seq + 1,
            written=written,
            at=at,
            offset=60,
            type=kind,
            v=version,
            body=encode_body(body),
            hash="",
        )
        self.last = chained(bytes.fromhex(self.last.hash), event)
        return Record(position=self.position, stamp=Stamp(self.last.written, 0), event=self.last)


def _years_back(events: int) -> list[Kept]:
    """The first sets of the last five years, or of a shorter history."""
    back = chain(events)[-1].event.at - YEARS_BACK * 365 * DAY_MS
    return sets(made for made in chain(events) if made.event.at >= back)


def _decoded(kept: list[bytes]) -> None:
    """What msgspec takes for the same bytes, from text to typed events and bodies."""
    decode = msgspec.json.Decoder(Event).decode
    for text in kept:
        event = decode(text)
        CODEC.decoders[event.type, event.v].decode(_body(event))


def _body(event: Event) -> msgspec.Raw:
    """The body of an event that nobody erased."""
    assert isinstance(event.body, msgspec.Raw)
    return event.body
