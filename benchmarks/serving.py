"""A server in a process of its own, with two routes beside that do nothing, and a client that costs next to nothing.

The routes that do nothing are the limit: the same framework, the same socket, the same bytes. The client speaks just
enough HTTP/1.1 to keep a connection busy, so that what is measured is the server.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from benchmarks.history import REPLICA, Kept
from client_sdk.store import SignedIn
from server.settings import Settings

PASSWORD = "only for measuring"
START = "0"
"""The cursor of a device that has nothing yet."""


class Serving(msgspec.Struct, frozen=True):
    """A running server: where, its process, and its data."""

    host: str
    port: int
    pid: int
    data: Path

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://{self.host}:{self.port}"

    @property
    def database(self) -> Path:
        """The file that it keeps the ledgers in."""
        return Settings(data=self.data).database

    async def sign_up(self, name: str) -> Device:
        """A device of a new account."""
        form = {"name": name, "password": PASSWORD, "device_name": "bench"}
        connection = self.connection()
        answer = await connection.send("POST", "/v1/accounts", msgspec.json.encode(form))
        assert answer.status == 201, answer.body
        connection.close()  # hashing many passwords takes longer than a server keeps an idle connection
        return Device(self, msgspec.json.decode(answer.body, type=SignedIn))

    def connection(self) -> Connection:
        """A new connection, to be opened within a loop."""
        return Connection(self.host, self.port)

    async def listener(self, token: str, hears: Callable[[], None]) -> asyncio.Transport:
        """Listens to a ledger on a connection of its own, and calls back whenever its head is told."""
        head = f"GET /v1/live HTTP/1.1\r\nHost: {self.host}\r\nAuthorization: Bearer {token}\r\n\r\n"
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_connection(lambda: _Listener(head.encode(), hears), self.host, self.port)
        return transport


class _Listener(asyncio.Protocol):
    """Costs less than what it listens to: a head is a packet."""

    def __init__(self, request: bytes, hears: Callable[[], None]) -> None:
        self._request = request
        self._hears = hears

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        if b"data: " in data:
            self._hears()


class Answer(msgspec.Struct, frozen=True):
    """What a server answered."""

    status: int
    head: bytes
    body: bytes


class Connection:
    """One connection that is kept alive."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def send(self, method: str, path: str, body: bytes = b"", token: str = "", headers: str = "") -> Answer:
        """One request, and all of its answer."""
        if self._writer is None:
            self._reader, self._writer = await asyncio.open_connection(self._host, self._port, limit=2**26)
        signed = f"Authorization: Bearer {token}\r\n" if token else ""
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: {self._host}\r\nContent-Type: application/json\r\n{signed}{headers}"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        self._writer.write(head.encode() + body)
        return await self._answer()

    async def _answer(self) -> Answer:
        reader = self._reader
        assert reader is not None  # opened before anything was sent
        head = await reader.readuntil(b"\r\n\r\n")
        status, said = int(head[9:12]), head.lower()
        if b"transfer-encoding: chunked" in said:
            chunks = []
            while size := int(await reader.readline(), 16):
                chunks.append(await reader.readexactly(size))
                await reader.readexactly(2)
            await reader.readexactly(2)
            return Answer(status, head, b"".join(chunks))
        length = said.partition(b"content-length: ")[2].partition(b"\r\n")[0]
        return Answer(status, head, await reader.readexactly(int(length or 0)))

    def close(self) -> None:
        """Lets go of it."""
        if self._writer is not None:
            self._writer.close()
            self._writer = None


class Device:
    """A device that is signed in, on a connection of its own, and how far it has synced."""

    def __init__(self, server: Serving, signed_in: SignedIn, cursor: str = START) -> None:
        self.connection = server.connection()
        self.signed_in = signed_in
        self.cursor = cursor

    async def push(self, events: Sequence[Kept], limit: int = 1) -> None:
        """One sync that pushes, and takes no more back than it must."""
        body = sync_body(self.signed_in, events, self.cursor, limit)
        answer = await self.connection.send("POST", "/v1/sync", body, self.signed_in.token)
        assert answer.status == 200, answer.body
        self.cursor = msgspec.json.decode(answer.body, type=_Reply).cursor

    async def push_all(self, events: Sequence[Kept], batch: int) -> None:
        """As many syncs as it takes."""
        for start in range(0, len(events), batch):
            await self.push(events[start : start + batch])

    def close(self) -> None:
        """Lets go of the connection; the next sync opens another."""
        self.connection.close()


class _Reply(msgspec.Struct, frozen=True):
    """What of a reply the next request needs."""

    cursor: str


def sync_body(signed_in: SignedIn, events: Sequence[Kept], cursor: str, limit: int) -> bytes:
    """The body of a sync of a device whose clock is right."""
    replica = events[0].event.replica if events else REPLICA
    head = (
        f'"protocol":1,"account":"{signed_in.account}","replica":"{replica}","cursor":"{cursor}"'
        f',"sent_at":{time.time_ns() // 1_000_000},"limit":{limit}'
    )
    return b'{%b,"events":[%b]}' % (head.encode(), b",".join(event.kept for event in events))


@contextmanager
def serving(data: Path) -> Iterator[Serving]:
    """A server while the context lasts."""
    process = subprocess.Popen(  # noqa: S603  # our own code
        [sys.executable, "-m", "benchmarks.server", str(data)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=Path(__file__).parents[1],
        env=dict(os.environ),
    )
    try:
        assert process.stdout is not None
        url = urlsplit(process.stdout.readline().split(" at ")[1].split(",")[0])
        assert url.hostname is not None and url.port is not None  # noqa: PT018  # one address
        yield Serving(url.hostname, url.port, process.pid, data)
    finally:
        process.terminate()
        process.communicate(timeout=30)
