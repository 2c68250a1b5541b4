"""What the server counts, for Prometheus: by route and outcome, never by account."""

from __future__ import annotations

import time
from collections import Counter as Tally

from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

from events.protocol import SyncReply


class Metrics:
    """The metrics of one app."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self.requests = Counter(
            "ironledger_requests", "Requests answered.", ("route", "method", "status"), registry=self._registry
        )
        self.seconds = Histogram(
            "ironledger_request_seconds", "Time to the start of the answer.", ("route",), registry=self._registry
        )
        self.verdicts = Counter(
            "ironledger_events", "Events pushed, by verdict.", ("status", "problem"), registry=self._registry
        )

    def count_sync(self, answer: SyncReply) -> None:
        """Counts the verdicts of a sync."""
        outcomes = Tally(
            (verdict.status, verdict.problem.code if verdict.problem else "none") for verdict in answer.verdicts
        )
        for (status, problem), count in outcomes.items():
            self.verdicts.labels(status, problem).inc(count)

    def exposition(self) -> bytes:
        """The metrics in Prometheus' text format."""
        return generate_latest(self._registry)


class Measuring(ASGIMiddleware):
    """Counts requests and their durations, by the template of their route."""

    scopes = (ScopeType.HTTP,)

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """See ``ASGIMiddleware``."""
        begun = time.perf_counter()
        route = scope.get("path_template", "")

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._metrics.requests.labels(route, scope.get("method", ""), message["status"]).inc()
                self._metrics.seconds.labels(route).observe(time.perf_counter() - begun)
            await send(message)

        await next_app(scope, receive, sending)
