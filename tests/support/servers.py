"""A real server on a real socket."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import msgspec
from argon2 import PasswordHasher
from support.chains import request_of

from events.envelope import Event
from events.protocol import BaseFault, SlowDown, SyncReply, Unavailable, problem_document
from server.app import create_app
from server.live import Hub
from server.serving import Server, address, listen
from server.settings import Settings
from server.sqlite_store import SqliteStore
from server.store import Store

QUICK_HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""Good for nothing but tests."""
PATIENCE_S = 10
PASSWORD = "long enough"
"""Of every made-up lifter."""


@dataclass
class Lifter:
    """An account and a client that is signed in to it."""

    account: str
    device: str
    name: str
    client: httpx.Client

    def post(self, *events: Event, cursor: str = "0", limit: int = 1000, **headers: str) -> httpx.Response:
        """Posts a sync; ``headers`` are written with underscores."""
        body = msgspec.json.encode(request_of(self.account, *events, cursor=cursor, limit=limit))
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post("/v1/sync", content=body, headers={"Content-Type": "application/json"} | named)

    def sync(self, *events: Event, cursor: str = "0", limit: int = 1000) -> SyncReply:
        """Syncs, and expects no fault."""
        answer = self.post(*events, cursor=cursor, limit=limit)
        assert answer.status_code == 200, answer.text
        return msgspec.json.decode(answer.content, type=SyncReply)


def assert_problem(answer: httpx.Response, status: int, code: str, **members: Any) -> None:  # noqa: ANN401  # JSON
    """A complete RFC 9457 problem document with that code."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    document = answer.json()
    assert (document["status"], document["code"], document["type"]) == (status, code, "about:blank")
    assert document["title"]
    assert document["detail"]
    assert document["next_step"]
    assert members.items() <= document.items()


@contextmanager
def refusing(fault: BaseFault) -> Iterator[str]:
    """Serves nothing but one fault, as a server of ours would tell it, and gives the URL."""

    class Refusing(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:  # what the standard library calls
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            document = problem_document(fault)
            self.send_response(fault.status)
            self.send_header("Content-Type", "application/problem+json")
            self.send_header("Content-Length", str(len(document)))
            if isinstance(fault, SlowDown | Unavailable):
                self.send_header("Retry-After", str(fault.retry_after_s))
            self.end_headers()
            self.wfile.write(document)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Refusing) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join(PATIENCE_S)


@contextmanager
def running(
    folder: Path,
    store: Store | None = None,
    settings: Settings | None = None,
    **parts: Any,  # noqa: ANN401  (create_app's)
) -> Iterator[str]:
    """Serves with its data in ``folder`` while the context lasts, and gives the URL."""
    settings = settings or Settings(port=0, data=folder)
    store = store or SqliteStore(settings.database)
    hub = Hub(store, poll_s=0.05, heartbeat_s=0.2)
    app = create_app(settings, store=store, hub=hub, **{"hasher": QUICK_HASHER} | parts)
    with listen(settings) as listening:
        server = Server(app, hub)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        deadline = time.monotonic() + PATIENCE_S
        while not server.started and thread.is_alive() and time.monotonic() < deadline:
            time.sleep(0.01)
        try:
            yield address(listening)
        finally:
            server.should_exit = True
            thread.join(PATIENCE_S)
