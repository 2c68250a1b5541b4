"""The application: the only place that wires."""

from __future__ import annotations

import secrets
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib.metadata import version

from anyio import CapacityLimiter, to_thread
from argon2 import PasswordHasher
from litestar import Litestar
from litestar.di import Provide
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme

from server.accounts import Accounts, turned_away
from server.folding import FoldCode, present_fold
from server.live import Hub
from server.metrics import Measuring, Metrics
from server.problems import EXCEPTION_HANDLERS, Ending
from server.reports import Reports
from server.routes import accounts_router, ledger_router, operations_router, reports_router
from server.routes.common import Parts, recognised, signed_in
from server.service import Service
from server.settings import Settings
from server.sqlite_store import SqliteStore
from server.store import Store
from server.syncing import Syncing

THREADS = 100
"""How many long requests may be read, or ledgers and reports looked up, at once; whoever pushes holds none."""
HASHED_AT_ONCE = 2
"""Each password being hashed takes 64 MiB and a core."""


def create_app(  # noqa: PLR0913  (all that is outside comes in here, by name)
    settings: Settings,
    *,
    store: Store | None = None,
    clock: Callable[[], int] | None = None,
    entropy: Callable[[int], bytes] = secrets.token_bytes,
    hasher: PasswordHasher | None = None,
    fold: FoldCode | None = None,
    hub: Hub | None = None,
) -> Litestar:
    """The server's ASGI application.

    Args:
        settings: Where its data is, and who may open accounts.
        store: What it keeps things in, which it closes in the end; by itself the database of the settings.
        clock: The time in Unix milliseconds.
        entropy: Random bytes, as many as asked for.
        hasher: Makes password hashes.
        fold: The code that folds ledgers into reports.
        hub: Who listens; close it to let them go.

    Raises:
        StoreError: where the database is not one that this code can work with.
    """
    clock = clock or _now
    store = store or SqliteStore(settings.database)
    hub = hub or Hub(store)
    metrics = Metrics()
    reports = Reports(store, fold or present_fold())
    accounts = Accounts(store, clock, entropy, hasher=hasher, sign_ups=settings.sign_ups)
    service = Service(store, clock, hub.grew, metrics.count_sync, turned_away)
    parts = Parts(
        accounts=accounts,
        hub=hub,
        metrics=metrics,
        password_hashing=CapacityLimiter(HASHED_AT_ONCE),
        reports=reports,
        service=service,
        store=store,
        syncing=Syncing(service),
    )

    @asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        to_thread.current_default_thread_limiter().total_tokens = THREADS
        try:
            async with hub.watching(reports.forget_closed, accounts.forget):
                yield
        finally:
            store.close()

    return Litestar(
        route_handlers=[accounts_router, ledger_router, reports_router, operations_router],
        dependencies={
            "parts": Provide(lambda: parts, sync_to_thread=False),
            "recognised": Provide(recognised),
            "signed_in": Provide(signed_in),
        },
        exception_handlers=EXCEPTION_HANDLERS,
        lifespan=[lifespan],
        logging_config=None,
        middleware=[Measuring(metrics), Ending()],
        openapi_config=_openapi(),
        request_max_body_size=None,
    )


def _openapi() -> OpenAPIConfig:
    bearer = SecurityScheme(type="http", scheme="bearer", description="The token of a signed-in device.")
    return OpenAPIConfig(
        title="Ironledger",
        version=version("ironledger"),
        description="The training ledger: sync, reports, devices. Faults are RFC 9457 problem documents.",
        components=Components(security_schemes={"bearer": bearer}),
        render_plugins=[JsonRenderPlugin(path=["/openapi.json", "/"])],
        use_handler_docstrings=True,
    )


def _now() -> int:
    return time.time_ns() // 1_000_000
