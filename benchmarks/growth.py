"""Whether an event costs the same as the ledger grows: each path at several sizes, against itself at 10,000.

All sizes stand side by side, each with a server that holds a ledger of it, a file and a fold; and each path is
measured at all of them in turn, three times up to 100,000, so that a busy moment of the machine hits all alike.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import ExitStack, contextmanager
from functools import cached_property
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import msgspec

from benchmarks import folding, ingesting, living, pulling, sizes
from benchmarks.figures import Bar, Figure, compared, tidied
from benchmarks.history import chain, elsewhere
from benchmarks.ledgers import ledger_file
from benchmarks.serving import Device, Serving, serving
from client_sdk import Replica
from events import Body

MIDDLE = 10_000
USUAL_SIZES = (1_000, MIDDLE, 100_000)
FULL_SIZES = (*USUAL_SIZES, 1_000_000)
OFTEN = 100_000
"""A size beyond this takes minutes, and is measured in one round."""
LATE = 900
"""A late fact lands among so many last events, for what it costs is what follows it: as far back at every size."""

T = TypeVar("T")


class Round(msgspec.Struct, frozen=True):
    """How much is asked of each path in one of several rounds."""

    rounds: int = 3
    syncs: int = 30
    connections: int = ingesting.CONNECTIONS
    singles: int = 5
    requests: int = 60
    listeners: int = living.LISTENERS
    appends: int = 7
    sets: int = 50
    processes: int = 2


USUAL = Round()


def growth(wanted: tuple[int, ...] = USUAL_SIZES, middle: int = MIDDLE, asked: Round = USUAL) -> list[Figure]:
    """The cost of an event, or of a request, at each size against that at 10,000: flat within a factor of two."""
    with ExitStack() as stack:
        grown = {size: stack.enter_context(_grown(size, asked)) for size in wanted}
        tidied()
        costs = {name: _medians(cost, grown, asked.rounds) for name, (_, cost) in COSTS.items()}
    return [
        compared(f"growth, {name}, {size:,}", cost[size], cost[middle], COSTS[name][0], Bar("within", 2))
        for name, cost in costs.items()
        for size in wanted
        if size != middle
    ]


class Grown:
    """All that there is of one size, and what each path costs there.

    Args:
        size: How many events.
        asked: How much is asked of each path.
        server: A server that has just begun; it is filled here.
        folder: Where files go.
    """

    def __init__(self, size: int, asked: Round, server: Serving, folder: Path) -> None:
        self._size, self._asked, self._server = size, asked, server
        self._at_first = sizes.resident_bytes(server.pid)
        self._fills: list[float] = []
        self._device = self._filled()
        self._empty, self._file = ledger_file(folder, 0), ledger_file(folder, size)
        self._replica = Replica.open(self._file)
        self._news = iter(chain(size + asked.rounds * (asked.syncs + asked.appends))[size:])
        self._others = [
            (
                Device(server, self._device.signed_in, self._device.cursor),
                iter(elsewhere(number, asked.rounds * asked.singles)),
            )
            for number in range(asked.connections)
        ]

    def close(self) -> None:
        """Lets go of the file."""
        self._replica.close()

    def ingest_in_bulk(self) -> float:
        """Microseconds an event of one more account that pushes as many."""
        self._filled()
        return self._fills[-1] / self._size * 1e6

    def memory_of_server(self) -> float:
        """Megabytes, at least one, that the server holds more, having taken all that in, than when it began."""
        return max((sizes.resident_bytes(self._server.pid) - self._at_first) / sizes.MEGABYTE, 1)

    def disk_of_server(self) -> float:
        """Bytes an event in its file."""
        return sizes.file_bytes(self._server.database) / (self._size * len(self._fills))

    def disk_of_replica(self) -> float:
        """Bytes an event in its file."""
        return self._file.stat().st_size / self._size

    def memory_of_replica(self) -> float:
        """Bytes an event that a process with all reports holds, beyond what one of an empty ledger does."""
        return (sizes.reported(self._file) - sizes.reported(self._empty)) / self._size

    def first_sync(self) -> float:
        """Microseconds an event."""
        return pulling.synced(self._server.url, self._device.signed_in) / self._size * 1e6

    def replay(self) -> float:
        """Microseconds an event."""
        return folding.replayed(self._replica) / self._size * 1e6

    def open(self) -> float:
        """Milliseconds of a whole process."""
        return statistics.median(living.reported(self._file) for _ in range(self._asked.processes)) * 1000

    def report(self) -> float:
        """An answer, in no-ops of as many bytes."""
        answered, _, nothing = self._rates()
        return nothing / answered

    def unchanged(self) -> float:
        """Milliseconds of a 304, which has no bytes."""
        _, unchanged, _ = self._rates()
        return 1000 / unchanged

    def one_set(self) -> float:
        """Milliseconds of a sync with one event more."""

        async def syncs() -> float:
            return statistics.median(
                [
                    await ingesting.one_sync_each([self._device], [[event]])
                    for event in islice(self._news, self._asked.syncs)
                ]
            )

        return self._run(syncs()) * 1000

    def one_by_one(self) -> float:
        """Milliseconds a request of 32 devices of this one account that push at once."""
        devices = [device for device, _ in self._others]
        events = [tuple(islice(own, self._asked.singles)) for _, own in self._others]
        return self._run(ingesting.one_sync_each(devices, events)) / sum(map(len, events)) * 1000

    def live(self) -> float:
        """Milliseconds until 99 of 100 listeners have the head."""
        news = list(islice(self._news, self._asked.appends))
        return self._run(living.heard_by_all(self._server, self._device, news, self._asked.listeners)) * 1000

    def log_a_set(self) -> float:
        """Milliseconds until it is durable."""
        return statistics.median(living.logged(self._replica) for _ in range(self._asked.sets)) * 1000

    def new_fact(self) -> float:
        """Milliseconds until the four reports are there again."""
        return self._news_of(self._folded.a_set_now)

    def late_fact(self) -> float:
        """Milliseconds, as above."""
        return self._news_of(self._folded.a_set_late)

    def late_void(self) -> float:
        """Milliseconds, as above."""
        return self._news_of(self._folded.a_void)

    def late_correction(self) -> float:
        """Milliseconds, as above."""
        return self._news_of(self._folded.a_fix)

    @cached_property
    def _folded(self) -> folding.Growing:
        """Made when it is first asked for: beside a replay, a million events would be held twice."""
        made = folding.Growing(self._size, folding.sets(chain(self._size)[-LATE:]))
        tidied()
        return made

    def _news_of(self, draw: Callable[[], Body]) -> float:
        return self._folded.median(draw) * 1000

    def _rates(self) -> tuple[float, float, float]:
        return self._run(living.report_rates(self._device, self._asked.requests))

    def _filled(self) -> Device:
        """A new account with a ledger of this size."""

        async def fill() -> Device:
            device = await self._server.sign_up(f"grown {self._size} {len(self._fills)}")
            began = time.perf_counter()
            await device.push_all(chain(self._size), ingesting.BATCH)
            self._fills.append(time.perf_counter() - began)
            device.close()
            return device

        return asyncio.run(fill())

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        """Does it in a loop of its own, after which no connection is left open."""

        async def all_of_it() -> T:
            try:
                return await work
            finally:
                self._device.close()
                for device, _ in self._others:
                    device.close()

        return asyncio.run(all_of_it())


COSTS: dict[str, tuple[str, Callable[[Grown], float]]] = {
    "ingest in bulk": ("us/event", Grown.ingest_in_bulk),
    "memory, server": ("MB", Grown.memory_of_server),
    "disk, server": ("bytes/event", Grown.disk_of_server),
    "disk, replica": ("bytes/event", Grown.disk_of_replica),
    "memory, replica": ("bytes/event", Grown.memory_of_replica),
    "open": ("ms", Grown.open),
    "first sync": ("us/event", Grown.first_sync),
    "report over HTTP": ("no-ops of as many bytes", Grown.report),
    "report over HTTP, 304": ("ms", Grown.unchanged),
    "replay": ("us/event", Grown.replay),
    "ingest one by one": ("ms", Grown.one_by_one),
    "one device, one set": ("ms", Grown.one_set),
    "live": ("ms", Grown.live),
    "log a set": ("ms", Grown.log_a_set),
    "a new fact": ("ms", Grown.new_fact),
    "a late fact": ("ms", Grown.late_fact),
    "a late void": ("ms", Grown.late_void),
    "a late correction": ("ms", Grown.late_correction),
}
"""For each path its unit and its cost; what adds nothing to the ledger comes before what does."""


@contextmanager
def _grown(size: int, asked: Round) -> Iterator[Grown]:
    with TemporaryDirectory() as folder, serving(Path(folder) / "server") as server:
        grown = Grown(size, asked, server, Path(folder))
        yield grown
        grown.close()


def _medians(cost: Callable[[Grown], float], grown: dict[int, Grown], rounds: int) -> dict[int, float]:
    """What it costs at each size, measured at all of them in turn."""
    costs: dict[int, list[float]] = {size: [] for size in grown}
    for number in range(rounds):
        for size, of_size in grown.items():
            if number == 0 or size <= OFTEN:
                costs[size].append(cost(of_size))
    return {size: statistics.median(measured) for size, measured in costs.items()}
