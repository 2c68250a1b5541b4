"""For those who run the server."""

from __future__ import annotations

from anyio import to_thread
from litestar import Response, Router, get
from prometheus_client import CONTENT_TYPE_LATEST

from events.protocol import Unavailable
from server.routes.common import BodyResponse, PartsNeeded, problems

EXPOSITION = CONTENT_TYPE_LATEST.partition("; charset")[0]
"""Litestar adds the character set by itself."""


@get("/health/live", summary="Whether the process runs")
async def live() -> dict[str, str]:
    """Answers as long as requests are answered at all."""
    return {"status": "live"}


@get("/health/ready", summary="Whether the database answers", responses=problems(Unavailable))
async def ready(parts: PartsNeeded) -> dict[str, str]:
    """Send no requests here while it doesn't."""
    await to_thread.run_sync(parts.store.version)
    return {"status": "ready"}


@get("/metrics", summary="Metrics for Prometheus", media_type=EXPOSITION)
async def metrics(parts: PartsNeeded) -> BodyResponse:
    """Counters and durations by route; no account, device or other name is in them."""
    return Response(parts.metrics.exposition(), media_type=EXPOSITION)


operations_router = Router("/", route_handlers=[live, ready, metrics], tags=["operations"])
