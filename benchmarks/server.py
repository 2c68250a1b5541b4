"""``python -m benchmarks.server DATA``: the server on a free port, with routes beside that do nothing."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from litestar import Request, Response, get, post

from server.app import create_app
from server.live import Hub
from server.serving import Server, listen
from server.settings import Settings
from server.sqlite_store import SqliteStore

AnyRequest = Request[Any, Any, Any]


@post("/nothing", status_code=200)
async def take_nothing(request: AnyRequest) -> Response[bytes]:
    """Reads a body, and answers with no more than that it did."""
    size = len(await request.body())
    return Response(b'{"size":%d}' % size, media_type="application/json")


@get("/nothing/{size:int}")
async def give_nothing(size: int) -> Response[bytes]:
    """Answers with so many bytes."""
    return Response(bytes(size), media_type="application/json")


def main() -> None:
    """Serves until it is told to end."""
    settings = Settings(port=0, data=Path(sys.argv[1]))
    with listen(settings) as listening:
        store = SqliteStore(settings.database)
        hub = Hub(store)
        app = create_app(settings, store=store, hub=hub)
        app.register(take_nothing)
        app.register(give_nothing)
        Server(app, hub, "to be measured").run(sockets=[listening])


if __name__ == "__main__":
    main()
