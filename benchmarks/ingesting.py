"""What the server takes in: in bulk, one by one, and one set of one device."""

from __future__ import annotations

import asyncio
import sqlite3
import statistics
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.figures import Bar, Figure, compared, side_by_side
from benchmarks.history import Kept, chain
from benchmarks.serving import Device, Serving, serving

BATCH = 500
ACCOUNTS = 8
CONNECTIONS = 32
IDLE_SYNCS = 200


def ingest_in_bulk(events: int = 8_000, accounts: int = ACCOUNTS, runs: int = 3) -> Figure:
    """Events a second, durable, of eight accounts at once, against raw inserts of the same bytes."""
    figure, limit = side_by_side(
        lambda: _pushed_in_bulk(events, accounts), lambda: raw_inserts(chain(events), accounts), runs
    )
    return compared("ingest in bulk", figure, limit, "events/s", Bar(">=", 0.3))


def ingest_one_by_one(requests: int = 20, runs: int = 5, connections: int = CONNECTIONS) -> Figure:
    """Requests a second with one event each on 32 connections, against the same app doing nothing."""
    with TemporaryDirectory() as folder, serving(Path(folder)) as server:
        figure, limit = asyncio.run(_one_by_one(server, chain(requests * runs), runs, connections))
    return compared("ingest one by one", figure, limit, "requests/s", Bar(">=", 0.35))


def one_set(syncs: int = IDLE_SYNCS) -> Figure:
    """The median of a sync with one event on an idle server, against one durable commit and one request."""
    with TemporaryDirectory() as folder, serving(Path(folder)) as server:
        figure, limit = asyncio.run(_idle(server, chain(syncs)))
    return compared("one device, one set", figure * 1000, limit * 1000, "ms", Bar("<=", 2.5))


def raw_inserts(events: Sequence[Kept], ledgers: int = 1) -> float:
    """Events a second that sqlite3 takes, with the same unique indexes, in WAL with full durability."""
    with TemporaryDirectory() as folder:
        database = _database(Path(folder))
        began = time.perf_counter()
        for start in range(0, len(events), BATCH):
            for ledger in range(ledgers):
                rows = [
                    (ledger, start + place, ledger, kept.event.seq, _uuid_bytes(kept.event.id), kept.kept)
                    for place, kept in enumerate(events[start : start + BATCH])
                ]
                database.execute("BEGIN IMMEDIATE")
                database.executemany("INSERT INTO records VALUES (?, ?, ?, ?, ?, ?)", rows)
                database.execute("COMMIT")
        seconds = time.perf_counter() - began
        database.close()
    return ledgers * len(events) / seconds


async def one_sync_each(devices: Sequence[Device], events: Sequence[Sequence[Kept]]) -> float:
    """The seconds that devices take, all at once, to push their events one by one."""
    began = time.perf_counter()
    await asyncio.gather(*(device.push_all(own, 1) for device, own in zip(devices, events, strict=True)))
    return time.perf_counter() - began


class DurableCommits:
    """Commits of one row each, as the limit of whatever has to be durable."""

    def __init__(self, folder: Path) -> None:
        self._database = _database(folder)
        self._position = 0

    def one(self, kept: Kept) -> None:
        """One commit, durable when this returns."""
        self._position += 1
        self._database.execute("BEGIN IMMEDIATE")
        row = (1, self._position, 1, self._position, _uuid_bytes(kept.event.id), kept.kept)
        self._database.execute("INSERT INTO records VALUES (?, ?, ?, ?, ?, ?)", row)
        self._database.execute("COMMIT")

    def close(self) -> None:
        """Lets go of the file."""
        self._database.close()


def _uuid_bytes(text: str) -> bytes:
    return bytes.fromhex(text.replace("-", ""))


def _database(folder: Path) -> sqlite3.Connection:
    database = sqlite3.connect(folder / "raw.db", isolation_level=None)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")
    database.execute(
        "CREATE TABLE records (ledger INTEGER, position INTEGER, replica INTEGER, seq INTEGER, event_id BLOB,"
        " event BLOB, UNIQUE (ledger, position), UNIQUE (replica, seq), UNIQUE (ledger, event_id, position))"
    )
    return database


def _pushed_in_bulk(events: int, accounts: int) -> float:
    """Events a second, durable, of so many accounts at once that push so many events each."""
    with TemporaryDirectory() as folder, serving(Path(folder)) as server:
        return asyncio.run(_push_at_once(server, chain(events), accounts))


async def _push_at_once(server: Serving, events: Sequence[Kept], accounts: int) -> float:
    devices = [await server.sign_up(f"bulk{number}") for number in range(accounts)]
    began = time.perf_counter()
    await asyncio.gather(*(device.push_all(events, BATCH) for device in devices))
    seconds = time.perf_counter() - began
    for device in devices:
        device.close()
    return accounts * len(events) / seconds


async def _one_by_one(server: Serving, events: Sequence[Kept], runs: int, count: int) -> tuple[float, float]:
    """Requests a second of each kind: medians of several runs, in turn."""
    devices = [await server.sign_up(f"single{number}") for number in range(count)]
    pushed, nothing = [], []
    each = len(events) // runs
    for start in range(0, each * runs, each):
        some = events[start : start + each]
        pushed.append(count * each / await one_sync_each(devices, [some] * count))
        began = time.perf_counter()
        await asyncio.gather(*(_ask_for_nothing(device, some) for device in devices))
        nothing.append(count * each / (time.perf_counter() - began))
    for device in devices:
        device.close()
    return statistics.median(pushed), statistics.median(nothing)


async def _ask_for_nothing(device: Device, events: Sequence[Kept]) -> None:
    for event in events:
        await device.connection.send("POST", "/nothing", event.kept)


async def _idle(server: Serving, events: Sequence[Kept]) -> tuple[float, float]:
    """The medians of a sync, and of a commit and a request together."""
    device = await server.sign_up("idle")
    commits = DurableCommits(server.data)
    synced, limits = [], []
    for event in events:
        synced.append(await one_sync_each([device], [[event]]))
        began = time.perf_counter()
        await device.connection.send("POST", "/nothing", event.kept)
        commits.one(event)
        limits.append(time.perf_counter() - began)
    commits.close()
    device.close()
    return statistics.median(synced), statistics.median(limits)
