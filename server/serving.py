"""Running the server: a socket, the app, uvicorn, and an end that keeps nobody waiting."""

from __future__ import annotations

import contextlib
import errno
import logging
import socket
import sys

import click
import structlog
import uvicorn
from litestar import Litestar

from server.app import create_app
from server.errors import PortTakenError, SettingsError
from server.live import Hub
from server.settings import Settings
from server.sqlite_store import SqliteStore

GRACE_S = 5
"""How long requests under way may take to end once the server is told to."""
BACKLOG = 2048


def serve(settings: Settings) -> None:
    """Serves until it is told to end.

    Raises:
        PortTakenError: where another program listens already.
        SettingsError: where nobody can listen.
        StoreError: where the database is not one that this code can work with.
    """
    log_to_stderr()
    with listen(settings) as listening:
        store = SqliteStore(settings.database)
        hub = Hub(store)
        server = Server(create_app(settings, store=store, hub=hub), hub, f"with its data in {settings.data}")
        with contextlib.suppress(KeyboardInterrupt):
            server.run(sockets=[listening])


class Server(uvicorn.Server):
    """uvicorn, telling where it serves, and letting the listeners go before it waits for open connections to end."""

    def __init__(self, app: Litestar, hub: Hub, about: str = "") -> None:
        super().__init__(
            uvicorn.Config(
                app,
                access_log=False,
                lifespan="on",
                log_config=None,
                server_header=False,
                timeout_graceful_shutdown=GRACE_S,
                ws="none",
            )
        )
        self._hub = hub
        self._about = about

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """See ``uvicorn.Server``."""
        await super().startup(sockets)
        if self._about and sockets and not self.should_exit:
            url = address(sockets[0])
            click.echo(f"Ironledger serves at {url}, {self._about}.")
            click.echo(f"Next: ironledger signup {url} --name NAME --device DEVICE")

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """See ``uvicorn.Server``."""
        self._hub.close()
        await super().shutdown(sockets)


def listen(settings: Settings) -> socket.socket:
    """The socket to serve at.

    Raises:
        PortTakenError: where another program listens already.
        SettingsError: where nobody can listen.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        listening = socket.create_server((settings.host, settings.port), family=family, backlog=BACKLOG)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortTakenError(
                f"Another program listens at {settings.host}, port {settings.port}.",
                "End it, or choose another port (IRONLEDGER_PORT).",
            ) from error
        raise SettingsError(
            f"Nobody can listen at {settings.host}, port {settings.port}: {error.strerror or error}.",
            "Choose another address (IRONLEDGER_HOST) or port (IRONLEDGER_PORT).",
        ) from error
    # Inherited by every connection. asyncio would set it, but not on sockets made without naming their protocol; and
    # an answer in two packets would then wait 40 ms for the client's delayed acknowledgement.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


def address(listening: socket.socket) -> str:
    """The URL of what is served at a socket."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def log_to_stderr() -> None:
    """Sends all logs to standard error: the program's own with their fields, those of libraries from warnings on."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(asctime)s [%(levelname)s] %(message)s")
    structlog.configure(
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),  # whatever that is by then
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
            ),
        ],
    )
