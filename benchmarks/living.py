"""What people wait for beside syncing: logging a set, opening a report, reading one over HTTP, hearing of news."""

from __future__ import annotations

import asyncio
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.figures import Bar, Figure, compared, side_by_side, timed
from benchmarks.history import chain
from benchmarks.ingesting import durable_commit
from benchmarks.ledgers import ledger_file
from benchmarks.serving import Reply, Serving, push, serving
from client_sdk import Load, Replica

ROOT = Path(__file__).parents[1]
BARE = "import msgspec, sqlite3, click, rich"
LISTENERS = 500


def log_a_set(events: int = 100_000, sets: int = 200) -> Figure:
    """The median of ``Replica.log_set`` until durable, on a long ledger, against one durable commit."""
    with TemporaryDirectory() as folder:
        path = ledger_file(Path(folder), events)
        with Replica.open(path) as replica:
            seconds = [
                timed(lambda: replica.log_set("back_squat", load=Load(100_000, "kg"), reps=8))[0] for _ in range(sets)
            ]
        commit = durable_commit(Path(folder), chain(sets))
    return compared(f"log a set ({events:,})", statistics.median(seconds) * 1000, commit * 1000, "ms", Bar("<=", 2))


def opening(events: int = 100_000, runs: int = 5) -> list[Figure]:
    """Whole processes: a report on a long ledger, and the help, against the imports alone."""
    with TemporaryDirectory() as folder:
        path = ledger_file(Path(folder), events)
        report = side_by_side(
            lambda: _process("-m", "client_sdk.cli", "--ledger", str(path), "report", "records"),
            lambda: _process("-c", BARE),
            runs,
        )
    helped = side_by_side(
        lambda: _process("-m", "client_sdk.cli", "--help"), lambda: _process("-c", "import click"), runs
    )
    return [
        compared(f"open ({events:,})", report[0] * 1000, report[1] * 1000, "ms", Bar("<=", 4)),
        compared("ironledger --help", helped[0] * 1000, helped[1] * 1000, "ms", Bar("<=", 2)),
    ]


def reports_over_http(events: int = 10_000, requests: int = 300) -> list[Figure]:
    """Requests a second for the records of a warm account, and for the 304, against as many bytes of nothing."""
    with TemporaryDirectory() as folder, serving(Path(folder)) as server:
        answered, unchanged, nothing = asyncio.run(_reports(server, events, requests))
    return [
        compared("report over HTTP", answered, nothing, "requests/s", Bar(">=", 0.3)),
        compared("report over HTTP, 304", unchanged, nothing, "requests/s", Bar(">=", 0.6)),
    ]


def live(appends: int = 20) -> Figure:
    """The slowest of a hundred from an append to its head, seen by 500 listeners, against one no-op request."""
    with TemporaryDirectory() as folder, serving(Path(folder)) as server:
        seen, nothing = asyncio.run(_listened(server, appends))
    return compared("live, 500 listeners, p99", seen * 1000, nothing * 1000, "ms", Bar("<=", 100))


def _process(*arguments: str) -> float:
    began = time.perf_counter()
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run(  # noqa: S603  # our own code
        [sys.executable, *arguments], stdout=subprocess.DEVNULL, check=True, env=environment, cwd=ROOT
    )
    return time.perf_counter() - began


async def _reports(server: Serving, events: int, requests: int) -> tuple[float, float, float]:
    connection = server.connection()
    account = await connection.sign_up("reader")
    reply = Reply("0", 0)
    made = list(chain(events))
    for start in range(0, events, 1000):
        reply = await push(connection, account, made[start : start + 1000], reply.cursor)
    first = await connection.send("GET", "/v1/reports/records", token=account.token)
    tag = first.head.partition(b"etag: ")[2].partition(b"\r\n")[0].decode()

    async def rate(path: str, headers: str = "") -> float:
        began = time.perf_counter()
        for _ in range(requests):
            await connection.send("GET", path, token=account.token, headers=headers)
        return requests / (time.perf_counter() - began)

    answered = await rate("/v1/reports/records")
    unchanged = await rate("/v1/reports/records", f"If-None-Match: {tag}\r\n")
    nothing = await rate(f"/nothing/{len(first.body)}")
    return answered, unchanged, nothing


async def _listened(server: Serving, appends: int) -> tuple[float, float]:
    writer = server.connection()
    account = await writer.sign_up("listened")
    listeners = [server.connection() for _ in range(LISTENERS)]
    streams = [await listener.stream("/v1/live", account.token) for listener in listeners]
    for stream in streams:
        await _head(stream)
    waits: list[float] = []
    reply = Reply("0", 0)
    for made in chain(appends):
        began = time.perf_counter()
        hearing = [asyncio.create_task(_heard(stream, began)) for stream in streams]
        reply = await push(writer, account, [made], reply.cursor)
        waits += await asyncio.gather(*hearing)
    nothing = []
    for made in chain(200):
        began = time.perf_counter()
        await writer.send("POST", "/nothing", made.kept)
        nothing.append(time.perf_counter() - began)
    for connection in (writer, *listeners):
        connection.close()
    return statistics.quantiles(waits, n=100)[98], statistics.median(nothing)


async def _heard(stream: asyncio.StreamReader, began: float) -> float:
    await _head(stream)
    return time.perf_counter() - began


async def _head(stream: asyncio.StreamReader) -> None:
    while not (await stream.readline()).startswith(b"data: "):
        pass
