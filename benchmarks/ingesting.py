"""What the server takes in: in bulk, one by one, and one set of one device."""

from __future__ import annotations

import asyncio
import sqlite3
import statistics
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.figures import Bar, Figure, compared, side_by_side
from benchmarks.history import Kept, chain
from benchmarks.serving import Account, Connection, Reply, Serving, push, serving

BATCH = 500
ACCOUNTS = 8
CONNECTIONS = 32
IDLE_SYNCS = 200


def ingest_in_bulk(events: int = 8_000, accounts: int = ACCOUNTS, runs: int = 3) -> Figure:
    """Events a second, durable, of eight accounts at once, against raw inserts of the same bytes."""
    wanted = list(chain(events))
    figure, limit = side_by_side(
        lambda: pushed_in_bulk(events, accounts), lambda: raw_inserts(wanted, accounts), runs
    )
    return compared("ingest in bulk", figure, limit, "events/s", Bar(">=", 0.3))


def ingest_one_by_one(requests: int = 20, runs: int = 5, connections: int = CONNECTIONS) -> Figure:
    """Requests a second with one event each on 32 connections, against the same app doing nothing."""
    with TemporaryDirectory() as folder, serving(Path(folder)) as server:
        figure, limit = asyncio.run(_one_by_one(server, list(chain(requests * runs)), runs, connections))
    return compared("ingest one by one", figure, limit, "requests/s", Bar(">=", 0.35))


def one_set(syncs: int = IDLE_SYNCS) -> Figure:
    """The median of a sync with one event on an idle server, against one durable commit and one request."""
    with TemporaryDirectory() as folder, serving(Path(folder)) as server:
        figure, limit = asyncio.run(_idle(server, list(chain(syncs))))
    return compared("one device, one set", figure * 1000, limit * 1000, "ms", Bar("<=", 2.5))


def raw_inserts(events: list[Kept], ledgers: int = 1) -> float:
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


def pushed_in_bulk(events: int, accounts: int = ACCOUNTS) -> float:
    """Events a second, durable, of so many accounts at once that push so many events each."""
    wanted = list(chain(events))
    with TemporaryDirectory() as folder, serving(Path(folder)) as server:
        return asyncio.run(_push_all(server, wanted, accounts))


async def _push_all(server: Serving, events: list[Kept], accounts: int) -> float:
    connections = [server.connection() for _ in range(accounts)]
    signed_in = [await connection.sign_up(f"bulk{number}") for number, connection in enumerate(connections)]
    began = time.perf_counter()
    await asyncio.gather(
        *(
            _push_chain(connection, account, events)
            for connection, account in zip(connections, signed_in, strict=True)
        )
    )
    return accounts * len(events) / (time.perf_counter() - began)


async def _push_chain(connection: Connection, account: Account, events: list[Kept], batch: int = BATCH) -> Reply:
    reply = Reply("0", 0)
    for start in range(0, len(events), batch):
        reply = await push(connection, account, events[start : start + batch], reply.cursor)
    connection.close()
    return reply


async def _one_by_one(server: Serving, events: list[Kept], runs: int, count: int) -> tuple[float, float]:
    """Requests a second of each kind: medians of several runs, in turn."""
    connections = [server.connection() for _ in range(count)]
    accounts = [await connection.sign_up(f"single{number}") for number, connection in enumerate(connections)]
    replies = [Reply("0", 0)] * count
    pushed, nothing = [], []
    each = len(events) // runs
    for start in range(0, each * runs, each):
        some = events[start : start + each]
        began = time.perf_counter()
        replies = await asyncio.gather(
            *(_push_singly(*all_of, some) for all_of in zip(connections, accounts, replies, strict=True))
        )
        pushed.append(count * each / (time.perf_counter() - began))
        began = time.perf_counter()
        await asyncio.gather(*(_ask_for_nothing(connection, some) for connection in connections))
        nothing.append(count * each / (time.perf_counter() - began))
    for connection in connections:
        connection.close()
    return statistics.median(pushed), statistics.median(nothing)


async def _push_singly(connection: Connection, account: Account, reply: Reply, events: list[Kept]) -> Reply:
    for event in events:
        reply = await push(connection, account, [event], reply.cursor)
    return reply


async def _ask_for_nothing(connection: Connection, events: list[Kept]) -> None:
    for event in events:
        await connection.send("POST", "/nothing", event.kept)


async def _idle(server: Serving, events: list[Kept]) -> tuple[float, float]:
    """The medians of a sync, and of a commit and a request together."""
    connection = server.connection()
    account = await connection.sign_up("idle")
    commits = DurableCommits(server.data)
    synced, limits = [], []
    reply = Reply("0", 0)
    for event in events:
        began = time.perf_counter()
        reply = await push(connection, account, [event], reply.cursor)
        synced.append(time.perf_counter() - began)
        began = time.perf_counter()
        await connection.send("POST", "/nothing", event.kept)
        commits.one(event)
        limits.append(time.perf_counter() - began)
    commits.close()
    connection.close()
    return statistics.median(synced), statistics.median(limits)
