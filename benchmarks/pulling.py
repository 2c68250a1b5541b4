"""A new replica's first sync: from the request until all is durable and verified."""

from __future__ import annotations

import sqlite3
import time
import zlib
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import msgspec

from benchmarks.figures import Bar, Figure, compared, side_by_side
from benchmarks.history import REPLICA, Kept, chain
from benchmarks.serving import Account, serving, sync_body
from client_sdk import Replica
from client_sdk.http import HttpEndpoint, sign_up
from client_sdk.store import SignedIn
from events.protocol import MAX_REQUEST_EVENTS

BYTES_AN_EVENT = 120
"""What an event may weigh on the wire, compressed."""


def first_sync(events: int = 100_000, runs: int = 3) -> list[Figure]:
    """The seconds of a first sync against a download of the same bytes and their raw insert; and the bytes."""
    with TemporaryDirectory() as folder, serving(Path(folder)) as server:
        url = f"http://{server.host}:{server.port}"
        signed_in = _filled(url, list(chain(events)))
        pages = _download(url, signed_in)[1]
        figure, limit = side_by_side(
            lambda: _synced(url, signed_in), lambda: _download(url, signed_in)[0] + _inserted(events), runs
        )
        wire = sum(pages) / events
    bytes_figure = compared(f"first sync, bytes an event ({events:,})", wire, BYTES_AN_EVENT, "bytes", Bar("<=", 1))
    return [compared(f"first sync ({events:,} events)", figure, limit, "s", Bar("<=", 3)), bytes_figure]


def _filled(url: str, events: list[Kept]) -> SignedIn:
    """An account with a ledger of these events."""
    signed_in = sign_up(url, name="first", password="only for measuring", device_name="bench")
    cursor = "0"
    with httpx.Client(timeout=60) as client:
        for start in range(0, len(events), MAX_REQUEST_EVENTS):
            body = sync_body(_account(signed_in), events[start : start + MAX_REQUEST_EVENTS], cursor, 1)
            answer = client.post(f"{url}/v1/sync", content=body, headers=_headers(signed_in)).raise_for_status()
            cursor = answer.json()["cursor"]
    return signed_in


def _account(signed_in: SignedIn) -> Account:
    return Account(signed_in.account, signed_in.token)


def _headers(signed_in: SignedIn) -> dict[str, str]:
    return {"Authorization": f"Bearer {signed_in.token}", "Content-Type": "application/json"}


def _synced(url: str, signed_in: SignedIn) -> float:
    with TemporaryDirectory() as folder, Replica.open(Path(folder) / "new.ledger") as replica:
        replica.sign_in(url, signed_in)
        began = time.perf_counter()
        with HttpEndpoint(url, signed_in.token) as endpoint:
            replica.sync(endpoint)
        return time.perf_counter() - began


def _download(url: str, signed_in: SignedIn) -> tuple[float, list[int]]:
    """The seconds that the same replies take to arrive, and the bytes of each as they travel."""
    cursor, more, sizes, spent = "0", True, [], 0.0
    with httpx.Client(timeout=60) as client:
        while more:
            body = sync_body(_account(signed_in), [], cursor, 2000)
            began = time.perf_counter()
            with client.stream("POST", f"{url}/v1/sync", content=body, headers=_headers(signed_in)) as answer:
                raw = b"".join(answer.iter_raw())
            spent += time.perf_counter() - began
            sizes.append(len(raw))
            reply = msgspec.json.decode(zlib.decompress(raw, wbits=31), type=_Reply)
            cursor, more = reply.cursor, reply.more
    return spent, sizes


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
        for start in range(0, events, 2000):
            database.execute("BEGIN IMMEDIATE")
            database.executemany("INSERT INTO ledger VALUES (?, ?, ?, ?)", rows[start : start + 2000])
            database.execute("COMMIT")
        seconds = time.perf_counter() - began
        database.close()
    return seconds
