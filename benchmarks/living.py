"""What people wait for beside syncing: logging a set, opening a report, reading one over HTTP, hearing of news."""

from __future__ import annotations

import asyncio
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.figures import Bar, Figure, compared, side_by_side, timed
from benchmarks.history import Kept, chain
from benchmarks.ingesting import DurableCommits
from benchmarks.ledgers import ledger_file
from benchmarks.serving import Device, Serving, serving
from client_sdk import Load, Replica
from events.protocol import MAX_REQUEST_EVENTS

ROOT = Path(__file__).parents[1]
BARE = "import msgspec, sqlite3, click, rich"
RECORDS = "/v1/reports/records"
LISTENERS = 500
NOTHINGS = 10


def log_a_set(events: int = 100_000, sets: int = 200) -> Figure:
    """The median of ``Replica.log_set`` until durable, on a long ledger, against one durable commit."""
    with TemporaryDirectory() as folder, Replica.open(ledger_file(Path(folder), events)) as replica:
        commits, rows = DurableCommits(Path(folder)), iter(chain(sets))
        seconds, limit = side_by_side(
            lambda: logged(replica), lambda: timed(lambda: commits.one(next(rows)))[0], sets
        )
        commits.close()
    return compared(f"log a set ({events:,})", seconds * 1000, limit * 1000, "ms", Bar("<=", 2))


def logged(replica: Replica) -> float:
    """The seconds that a set takes until it is durable."""
    return timed(lambda: replica.log_set("back_squat", load=Load(100_000, "kg"), reps=8))[0]


def log_from_the_start(events: int = 100_000, runs: int = 5) -> Figure:
    """``ironledger log`` as a whole process, against the imports alone."""
    with TemporaryDirectory() as folder:
        path = ledger_file(Path(folder), events)
        seconds, limit = side_by_side(
            lambda: _process("-m", "client_sdk.cli", "--ledger", str(path), "log", "squat", "100kg", "8"),
            lambda: _process("-c", BARE),
            runs,
        )
    return compared(f"ironledger log ({events:,})", seconds * 1000, limit * 1000, "ms", Bar("told"))


def opening(events: int = 100_000, runs: int = 5) -> list[Figure]:
    """Whole processes: a report on a long ledger, with and without news, and the help, against the imports alone."""
    with TemporaryDirectory() as folder:
        path = ledger_file(Path(folder), events)
        report = side_by_side(
            lambda: _process("-m", "client_sdk.cli", "--ledger", str(path), "report", "records"),
            lambda: _process("-c", BARE),
            runs,
        )
        with Replica.open(path) as replica:
            replica.log_set("back_squat", load=Load(100_000, "kg"), reps=8)
        pending = side_by_side(
            lambda: _process("-m", "client_sdk.cli", "--ledger", str(path), "report", "records"),
            lambda: _process("-c", BARE),
            runs,
        )
    helped = side_by_side(
        lambda: _process("-m", "client_sdk.cli", "--help"), lambda: _process("-c", "import click"), runs
    )
    return [
        compared(f"open ({events:,})", report[0] * 1000, report[1] * 1000, "ms", Bar("<=", 4)),
        compared(f"open, a set pending ({events:,})", pending[0] * 1000, pending[1] * 1000, "ms", Bar("<=", 5)),
        compared("ironledger --help", helped[0] * 1000, helped[1] * 1000, "ms", Bar("<=", 2)),
    ]


def reported(path: Path) -> float:
    """The seconds of a whole process that shows the records of a ledger file."""
    return _process("-m", "client_sdk.cli", "--ledger", str(path), "report", "records")


def reports_over_http(events: int = 10_000, requests: int = 100, runs: int = 3) -> list[Figure]:
    """Requests a second for the records of a warm account, and for the 304, against as many bytes of nothing."""
    with TemporaryDirectory() as folder, serving(Path(folder)) as server:
        answered, unchanged, nothing = asyncio.run(_reports(server, events, requests, runs))
    return [
        compared("report over HTTP", answered, nothing, "requests/s", Bar(">=", 0.3)),
        compared("report over HTTP, 304", unchanged, nothing, "requests/s", Bar(">=", 0.6)),
    ]


def live(appends: int = 20, listeners: int = LISTENERS) -> Figure:
    """How long the slowest of a hundred listeners waits for a head, as the median of some appends, beside a no-op."""
    with TemporaryDirectory() as folder, serving(Path(folder)) as server:
        seen, nothing = asyncio.run(_listened(server, chain(appends), listeners))
    return compared(f"live, {listeners} listeners, p99", seen * 1000, nothing * 1000, "ms", Bar("<=", 100))


def _process(*arguments: str) -> float:
    """The seconds of a process, whose modules are compiled already, as wherever it is installed."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    began = time.perf_counter()
    subprocess.run(  # noqa: S603  # our own code
        [sys.executable, *arguments], stdout=subprocess.DEVNULL, check=True, env=environment, cwd=ROOT
    )
    return time.perf_counter() - began


async def _reports(server: Serving, events: int, requests: int, runs: int) -> tuple[float, float, float]:
    """Answers, 304s and no-ops a second."""
    device = await server.sign_up("reader")
    await device.push_all(chain(events), MAX_REQUEST_EVENTS)
    rounds = [await report_rates(device, requests) for _ in range(runs)]
    device.close()
    answered, unchanged, nothing = zip(*rounds, strict=True)
    return statistics.median(answered), statistics.median(unchanged), statistics.median(nothing)


async def report_rates(device: Device, requests: int) -> tuple[float, float, float]:
    """Answers a second with the records, with a 304, and with as many bytes of nothing; the report is warm."""
    first = await device.connection.send("GET", RECORDS, token=device.signed_in.token)
    tag = first.head.partition(b"etag: ")[2].partition(b"\r\n")[0].decode()

    async def rate(path: str, headers: str = "", status: int = 200) -> float:
        began = time.perf_counter()
        for _ in range(requests):
            answer = await device.connection.send("GET", path, token=device.signed_in.token, headers=headers)
            assert answer.status == status, answer
        return requests / (time.perf_counter() - began)

    return (
        await rate(RECORDS),
        await rate(RECORDS, f"If-None-Match: {tag}\r\n", 304),
        await rate(f"/nothing/{len(first.body)}"),
    )


async def _listened(server: Serving, events: Sequence[Kept], count: int) -> tuple[float, float]:
    """The median seconds of the 99th percentile of an append, and of a no-op."""
    writer = await server.sign_up("listened")
    nothing: list[float] = []

    async def nothings(made: Kept) -> None:
        for _ in range(NOTHINGS):
            began = time.perf_counter()
            await writer.connection.send("POST", "/nothing", made.kept)
            nothing.append(time.perf_counter() - began)

    slowest = await heard_by_all(server, writer, events, count, nothings)
    writer.close()
    return slowest, statistics.median(nothing)


async def heard_by_all(
    server: Serving,
    writer: Device,
    events: Sequence[Kept],
    count: int,
    between: Callable[[Kept], Awaitable[None]] | None = None,
) -> float:
    """The seconds from an append until 99 of 100 listeners have its head: the median of some appends.

    Args:
        server: The server.
        writer: Who appends.
        events: What it appends, one by one.
        count: How many listen.
        between: What is measured between the appends.
    """
    heard: list[float] = []
    everybody = asyncio.Event()

    def hears() -> None:
        heard.append(time.perf_counter())
        if len(heard) == count:
            everybody.set()

    listeners = [await server.listener(writer.signed_in.token, hears) for _ in range(count)]
    await everybody.wait()
    slowest: list[float] = []
    for made in events:
        heard.clear()
        everybody.clear()
        began = time.perf_counter()
        await writer.push([made])
        await everybody.wait()
        slowest.append(statistics.quantiles([moment - began for moment in heard], n=100)[98])
        if between is not None:
            await between(made)
    for listener in listeners:
        listener.close()
    return statistics.median(slowest)
