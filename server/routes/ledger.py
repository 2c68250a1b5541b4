"""Syncing a ledger, reading it whole, and hearing of it grow."""

from __future__ import annotations

from collections.abc import AsyncIterator

import msgspec
from anyio import to_thread
from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Stream

from events.protocol import (
    START,
    ChainBroken,
    DeviceRevoked,
    Fork,
    Gap,
    Malformed,
    MediaType,
    Reset,
    SawUnknown,
    SlowDown,
    SyncReply,
    TooLarge,
    Unauthenticated,
    Unavailable,
    WireRecord,
    WrongAccount,
)
from server.bodies import accepts_gzip, gzipped, read_body, respond
from server.problems import AnyRequest, Refused
from server.push import Point
from server.routes.common import BodyResponse, PartsNeeded, answers, problems
from server.store import Device

NDJSON = "application/x-ndjson"
EVENT_STREAM = "text/event-stream"
HEAD_HEADER = "Ironledger-Head"


@post(
    "/sync",
    status_code=200,
    summary="Push and pull in one round trip",
    security=[{"bearer": []}],
    responses=answers(SyncReply, "Verdicts on what was pushed, and the records after the cursor")
    | problems(
        Malformed,
        Unauthenticated,
        DeviceRevoked,
        WrongAccount,
        Fork,
        Gap,
        ChainBroken,
        Reset,
        TooLarge,
        MediaType,
        SawUnknown,
        SlowDown,
        Unavailable,
    ),
)
async def sync(request: AnyRequest, parts: PartsNeeded, recognised: NamedDependency[Device]) -> BodyResponse:
    """The request and the reply are those of the sync protocol, version 1; gzip is understood both ways."""
    text = await read_body(request)
    outcome = await parts.syncing.sync(recognised.account, recognised.device, text)
    if not isinstance(outcome, SyncReply):
        raise Refused(outcome)
    return await respond(request, msgspec.json.encode(outcome), headers={"Cache-Control": "no-store"})


@get(
    "/ledger",
    summary="The whole ledger, a record a line",
    security=[{"bearer": []}],
    media_type=NDJSON,
    responses=answers(WireRecord, "Records in the order of their positions, one JSON object a line")
    | problems(Malformed, Unauthenticated, DeviceRevoked, Reset, Unavailable),
)
async def read_ledger(
    request: AnyRequest,
    parts: PartsNeeded,
    signed_in: NamedDependency[Device],
    after: FromQuery[str] = START,
) -> Stream:
    """Ends at the head of the moment of asking, whose cursor the header ``Ironledger-Head`` gives.

    To go on later, or after a stream that broke off, ask ``after`` that cursor or ``position.L(position)`` of the
    last record that arrived; L is the ledger hash, which whoever reads the records computes along.
    """
    span = await to_thread.run_sync(parts.service.span, signed_in.account, after)
    if not isinstance(span, tuple):
        raise Refused(span)
    begin, head = span

    def page_after(position: int) -> tuple[bytes, int]:
        page = parts.service.page(signed_in.account, position, head.position)
        text = b"".join(msgspec.json.encode(record) + b"\n" for record in page)
        return text, page[-1].position if page else head.position  # closed meanwhile: nothing more is to be had

    async def lines() -> AsyncIterator[bytes]:
        position = begin.position
        while position < head.position:
            text, position = await to_thread.run_sync(page_after, position)
            yield text

    headers = {HEAD_HEADER: str(head), "Cache-Control": "no-store", "Vary": "Accept-Encoding"}
    if accepts_gzip(request.headers.get("accept-encoding", "")):
        return Stream(gzipped(lines()), media_type=NDJSON, headers=headers | {"Content-Encoding": "gzip"})
    return Stream(lines(), media_type=NDJSON, headers=headers)


@get(
    "/live",
    summary="Hear of the ledger growing",
    security=[{"bearer": []}],
    media_type=EVENT_STREAM,
    responses=problems(Unauthenticated, DeviceRevoked, Unavailable),
)
async def listen(parts: PartsNeeded, signed_in: NamedDependency[Device]) -> Stream:
    """Server-sent events: `event: head` with ``{head, head_hash}`` at once and after each append; then sync.

    The stream ends soon after the device is revoked or its account closed.
    """

    async def tidings() -> AsyncIterator[bytes]:
        async for head in parts.hub.heads(signed_in.account, signed_in.device):
            yield b": still here\n\n" if head is None else _head_event(head)

    return Stream(tidings(), media_type=EVENT_STREAM, headers={"Cache-Control": "no-store"})


ledger_router = Router("/v1", route_handlers=[sync, read_ledger, listen], tags=["ledger"])


def _head_event(head: Point) -> bytes:
    data = msgspec.json.encode({"head": head.position, "head_hash": head.ledger_hash.hex()})
    return b"event: head\ndata: " + data + b"\n\n"
