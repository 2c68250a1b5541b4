"""The folds: a whole history replayed, one record more, and one that comes years late."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator

import msgspec

from benchmarks.figures import Bar, Figure, compared, median_time, side_by_side
from benchmarks.history import REPLICA, Kept, chain, records
from events import Body, Event, Load, Record, Stamp
from events.codec import CODEC, encode_body, type_of
from events.corrections import FactCorrected, FactVoided
from events.envelope import chained
from events.identifiers import derived_uuid7
from events.quantities import DAY_MS
from events.training import SetLogged
from projections.ledger import REPORTS, Ledger

USUAL = ("programs", "records", "volume", "balance")
NEWS = 9
YEARS_BACK = 5


def replay(events: int = 100_000) -> list[Figure]:
    """Events a second from bytes to reports, against decoding the same bytes."""
    kept = [(position, stamp, made.kept) for position, stamp, _, made in records(events)]
    figure, limit = side_by_side(
        lambda: median_time(lambda: _replayed(kept, USUAL), 1),
        lambda: median_time(lambda: _decoded(kept), 1),
    )
    everything = median_time(lambda: _replayed(kept, REPORTS), 1)
    return [
        compared(f"replay, four reports ({events:,})", events / figure, events / limit, "events/s", Bar(">=", 0.1)),
        compared(f"replay, all reports ({events:,})", events / everything, events / limit, "events/s", Bar("told")),
    ]


def news(events: int = 100_000, small: int = 1_000) -> list[Figure]:
    """One record more, then the four reports: now, and years late as a set, a void and a correction."""
    kept = [(position, stamp, made.kept) for position, stamp, _, made in records(events)]
    full = statistics.median(median_time(lambda: _replayed(kept, USUAL), 1) for _ in range(3))
    long, short = _Growing(events), _Growing(small)
    now = long.median(long.a_set_now)
    on_small = short.median(short.a_set_now)
    rows = [
        compared(f"a new fact ({events:,})", now * 1000, full * 1000, "ms", Bar("<=", 0.01)),
        compared(f"a new fact, beside {small:,}", now * 1000, on_small * 1000, "ms", Bar("<=", 2)),
    ]
    late = (("a late fact", long.a_set_late), ("a late void", long.a_void), ("a late correction", long.a_fix))
    rows += [compared(name, long.median(draw) * 1000, full * 1000, "ms", Bar("<=", 0.02)) for name, draw in late]
    return rows


def a_new_fact(events: int) -> float:
    """The median seconds of one record more on a ledger of so many."""
    growing = _Growing(events)
    return growing.median(growing.a_set_now)


def _decoded(kept: list[tuple[int, Stamp, bytes]]) -> None:
    """What msgspec takes for the same bytes, from text to typed events and bodies."""
    decode = msgspec.json.Decoder(Event).decode
    for _, _, text in kept:
        event = decode(text)
        CODEC.decoders[event.type, event.v].decode(_body(event))


def _body(event: Event) -> msgspec.Raw:
    """The body of an event that nobody erased."""
    assert isinstance(event.body, msgspec.Raw)
    return event.body


def _replayed(kept: list[tuple[int, Stamp, bytes]], reports: tuple[str, ...]) -> Ledger:
    decode = msgspec.json.Decoder(Event).decode
    ledger = Ledger()
    ledger.apply(Record(position=position, stamp=stamp, event=decode(text)) for position, stamp, text in kept)
    for name in reports:
        ledger.report(name)
    return ledger


class _Growing:
    """A ledger of so many records that gets news, one by one."""

    def __init__(self, events: int) -> None:
        self.chain = chain(events)
        self.ledger = Ledger()
        self.ledger.apply(
            Record(position=position, stamp=stamp, event=made.event) for position, stamp, _, made in records(events)
        )
        self.last: Event = self.chain[-1].event
        self.position = events
        self._old = self._sets_years_back()
        self._ask()

    def median(self, draw: Callable[[], Body]) -> float:
        """The median seconds of one record more, and the four reports again."""
        seconds = []
        for _ in range(NEWS):
            record = self._record(draw())
            began = time.perf_counter()
            self.ledger.apply([record])
            self._ask()
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

    def _ask(self) -> None:
        for name in USUAL:
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

    def _sets_years_back(self) -> Iterator[Kept]:
        back = self.last.at - YEARS_BACK * 365 * DAY_MS
        old: list[Kept] = [made for made in self.chain if made.event.at >= back and made.event.type == "set_logged"]
        return iter(old[:: max(1, len(old) // 50)])

    def _record(self, body: Body) -> Record:
        kind, version = type_of(body)
        self.position += 1
        at, self._at = self._at if self._at is not None else self.last.at + 60_000, None
        event = Event(
            id=derived_uuid7(self.last.at, "event", str(self.position)),
            replica=REPLICA,
            seq=self.last.seq + 1,
            written=self.last.written + 60_000,
            at=at,
            offset=60,
            type=kind,
            v=version,
            body=encode_body(body),
            hash="",
        )
        self.last = chained(bytes.fromhex(self.last.hash), event)
        return Record(position=self.position, stamp=Stamp(self.last.written, 0), event=self.last)
