"""Reports."""

from __future__ import annotations

from typing import Annotated

import msgspec
from anyio import to_thread
from litestar import Response, Router, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter

from events.errors import MalformedError
from events.protocol import DeviceRevoked, Malformed, Unauthenticated, Unavailable
from events.quantities import parse_day
from projections.log import PAGE
from server.bodies import respond
from server.faults import UnknownReport
from server.problems import AnyRequest, Refused
from server.reports import Answer, Outcome, Overview, Question, Unchanged
from server.routes.common import BodyResponse, PartsNeeded, answers, problems
from server.store import Device

LONGEST_LOG_PAGE = 2000

Position = Annotated[int | None, QueryParameter(ge=0)]
PageSize = Annotated[int, QueryParameter(ge=1, le=LONGEST_LOG_PAGE)]


@get(
    "/",
    summary="The list of reports, and what proves that two hold the same",
    security=[{"bearer": []}],
    responses=answers(Overview, "Names, head, ledger hash, digest and fold fingerprint")
    | problems(Unauthenticated, DeviceRevoked, Unavailable),
)
async def list_reports(request: AnyRequest, parts: PartsNeeded, signed_in: NamedDependency[Device]) -> BodyResponse:
    """Digests are only compared between equal fingerprints."""
    overview = await to_thread.run_sync(parts.reports.overview, signed_in.account)
    return await respond(request, msgspec.json.encode(overview))


@get(
    "/{name:str}",
    summary="A report",
    security=[{"bearer": []}],
    responses=problems(Malformed, Unauthenticated, DeviceRevoked, UnknownReport, Unavailable),
)
async def read_report(  # noqa: PLR0913, PLR0917  (Litestar reads the query into the arguments)
    request: AnyRequest,
    parts: PartsNeeded,
    signed_in: NamedDependency[Device],
    name: FromPath[str],
    as_of: FromQuery[str | None] = None,
    known_at: Position = None,
    explain: FromQuery[bool] = False,  # noqa: FBT002  (by name only, from the query)
    before: Position = None,
    limit: PageSize = PAGE,
) -> BodyResponse:
    """``as_of`` is a local day, by itself the latest with a counted fact; ``known_at`` counts only the first records.

    ``before`` and ``limit`` page the sessions and the log. An unchanged report answers an ``If-None-Match`` with 304.
    """
    question = Question(name=name, as_of=_day(as_of), known_at=known_at, explain=explain, before=before, limit=limit)
    account, held = signed_in.account, _held(request)
    outcome: Outcome | None = parts.reports.at_hand(account, question, held)
    if outcome is None:
        outcome = await to_thread.run_sync(parts.reports.answer, account, question, held)
    match outcome:
        case Answer(tag=tag, body=body):
            return await respond(request, body, headers=_caching(tag))
        case Unchanged(tag=tag):
            return Response(b"", status_code=304, headers=_caching(tag))
        case fault:
            raise Refused(fault)


reports_router = Router("/v1/reports", route_handlers=[list_reports, read_report], tags=["reports"])


def _day(text: str | None) -> int | None:
    try:
        return None if text is None else parse_day(text)
    except MalformedError as error:
        raise Refused(Malformed(detail=error.message, next_step=error.next_step, path="$.as_of")) from error


def _held(request: AnyRequest) -> set[str]:
    """The tags of ``If-None-Match``, compared weakly: gzip changes the bytes, not what they say."""
    header = request.headers.get("if-none-match", "")
    return {tag.strip().removeprefix("W/").strip('"') for tag in header.split(",")}


def _caching(tag: str) -> dict[str, str]:
    return {"ETag": f'W/"{tag}"', "Cache-Control": "private, no-cache", "Vary": "Accept-Encoding, Authorization"}
