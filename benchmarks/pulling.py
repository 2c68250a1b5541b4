"""A new replica's first sync: from the request until all is durable and verified."""

from __future__ import annotations

import asyncio
import sqlite3
import time
import zlib
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import msgspec

from benchmarks.figures import Bar, Figure, compared, side_by_side, timed
from benchmarks.history import REPLICA, chain
from benchmarks.serving import START, Serving, serving, sync_body
from client_sdk import Replica
from client_sdk.http import HttpEndpoint
from client_sdk.store import SignedIn
from events.protocol import MAX_PAGE, MAX_REQUEST_EVENTS

BYTES_AN_EVENT = 120
"""What an event may weigh on the wire, compressed."""


def first_sync(events: int = 100_000, runs: int = 3) -> list[Figure]:
    """The seconds of a first sync against a download of the same bytes and their raw insert; and the bytes."""
    with TemporaryDirectory() as folder, serving(Path(folder)) as server:
        signed_in = asyncio.run(_filled(server, events))
        wire = _download(server.url, signed_in)[1] / events
        figure, limit = side_by_side(
            lambda: synced(server.url, signed_in),
            lambda: _download(server.url, signed_in)[0] + _inserted(events),
            runs,
        )
    bytes_figure = compared(f"first sync, bytes an event ({events:,})", wire, BYTES_AN_EVENT, "bytes", Bar("<=", 1))
    return [compared(f"first sync ({events:,} events)", figure, limit, "s", Bar("<=", 3)), bytes_figure]


def synced(url: str, signed_in: SignedIn) -> float:
    """The seconds of the first sync of a new replica, from the request on."""
    with (
        TemporaryDirectory() as folder,
        Replica.open(Path(folder) / "new.ledger") as replica,
        HttpEndpoint(url, signed_in.token) as endpoint,
    ):
        replica.sign_in(url, signed_in)
        return timed(lambda: replica.sync(endpoint))[0]


async def _filled(server: Serving, events: int) -> SignedIn:
    """An account with a ledger of so many events."""
    device = await server.sign_up("first")
    await device.push_all(chain(events), MAX_REQUEST_EVENTS)
    device.close()
    return device.signed_in


def _download(url: str, signed_in: SignedIn) -> tuple[float, int]:
    """The seconds that the same replies take to arrive, and their bytes as they travel."""
    cursor, more, size, spent = START, True, 0, 0.0
    headers = {"Authorization": f"Bearer {signed_in.token}", "Content-Type": "application/json"}
    with httpx.Client(timeout=60) as client:
        while more:
            body = sync_body(signed_in, [], cursor, MAX_PAGE)
            began = time.perf_counter()
            with client.stream("POST", f"{url}/v1/sync", content=body, headers=headers) as answer:
                raw = b"".join(answer.iter_raw())
            spent += time.perf_counter() - began
            size += len(raw)
            reply = msgspec.json.decode(zlib.decompress(raw, wbits=31), type=_Reply)
            cursor, more = reply.cursor, reply.more
    return spent, size


class _Reply(msgspec.Struct):
    cursor: str
    more: bool


def _inserted(events: int) -> float:
    """The seconds of a raw insert of the same events, page by page, with a replica's indexes."""
    rows = [(number, REPLICA, kept.event.seq, kept.kept) for number, kept in enumerate(chain(events))]
    with TemporaryDirectory() as folder:
        database = sqlite3.connect(Path(folder) / "raw.db", isolation_level=None)
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = FULL")
        database.execute(
            "CREATE TABLE ledger (position INTEGER PRIMARY KEY, replica TEXT, seq INTEGER, event BLOB,"
            " UNIQUE (replica, seq))"
        )
        began = time.perf_counter()
        for start in range(0, events, MAX_PAGE):
            database.execute("BEGIN IMMEDIATE")
            database.executemany("INSERT INTO ledger VALUES (?, ?, ?, ?)", rows[start : start + MAX_PAGE])
            database.execute("COMMIT")
        seconds = time.perf_counter() - began
        database.close()
    return seconds
