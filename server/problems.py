"""Whatever goes wrong, as an RFC 9457 problem document: the one border where faults and failures become HTTP."""

from __future__ import annotations

import asyncio
import traceback
from typing import Any

import structlog
from litestar import Request, Response
from litestar.enums import ScopeType
from litestar.exceptions import (
    ClientException,
    MethodNotAllowedException,
    NotFoundException,
    ValidationException,
)
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, ExceptionHandlersMap, Receive, Scope, Send

from events.protocol import BaseFault, Malformed, SlowDown, Unauthenticated, Unavailable, problem_document
from server.errors import UnavailableError
from server.faults import Internal, MethodNotAllowed, NotFound
from server.service import unavailable

MEDIA_TYPE = "application/problem+json"
SEE_SCHEMA = "GET /schema tells what is understood."

log = structlog.get_logger()

AnyRequest = Request[Any, Any, Any]


class Refused(Exception):  # noqa: N818  (not an error of this program)
    """Ends a request with a fault, from wherever in the handling of HTTP it is found."""

    def __init__(self, fault: BaseFault) -> None:
        super().__init__(fault.detail)
        self.fault = fault


class Ending(ASGIMiddleware):
    """Answers those who are still waiting when the server has to end that they may try again."""

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """See ``ASGIMiddleware``."""
        try:
            await next_app(scope, receive, send)
        except asyncio.CancelledError as error:  # nobody else cancels a request
            raise UnavailableError("The server ends before this is answered.", "Try again.") from error


def problem(fault: BaseFault) -> Response[bytes]:
    """The answer that tells of a fault."""
    headers: dict[str, str] = {"Cache-Control": "no-store"}
    match fault:
        case SlowDown(retry_after_s=seconds) | Unavailable(retry_after_s=seconds):
            headers["Retry-After"] = str(seconds)
        case Unauthenticated():
            headers["WWW-Authenticate"] = "Bearer"
        case _:
            pass
    return Response(problem_document(fault), status_code=fault.status, media_type=MEDIA_TYPE, headers=headers)


def _refused(_: AnyRequest, refusal: Refused) -> Response[bytes]:
    return problem(refusal.fault)


def _unavailable(_: AnyRequest, error: UnavailableError) -> Response[bytes]:
    log.warning("unavailable", error=str(error))
    return problem(unavailable(error))


def _not_found(request: AnyRequest, _: NotFoundException) -> Response[bytes]:
    return problem(NotFound(detail=f"Nothing is at {request.url.path}.", next_step=SEE_SCHEMA))


def _method_not_allowed(request: AnyRequest, error: MethodNotAllowedException) -> Response[bytes]:
    answer = problem(
        MethodNotAllowed(
            detail=f"{request.url.path} does not answer to {request.method}.",
            next_step=SEE_SCHEMA,
        )
    )
    answer.headers.update(error.headers or {})
    return answer


def _invalid_parameter(_: AnyRequest, error: ValidationException) -> Response[bytes]:
    """Litestar names the parameters that it could not read; the first is told."""
    extra = error.extra if isinstance(error.extra, list) and error.extra else [{}]
    key, message = extra[0].get("key", ""), extra[0].get("message", error.detail)
    return problem(Malformed(detail=f"{message}.", next_step=SEE_SCHEMA, path=f"$.{key}" if key else "$"))


def _other(request: AnyRequest, error: Exception) -> Response[bytes]:
    if isinstance(error, ClientException):
        return problem(Malformed(detail=error.detail, next_step=SEE_SCHEMA, path="$"))
    trace = "".join(traceback.format_exception(error))  # a prettier one would show tokens among the local values
    log.error("a request failed", method=request.method, path=request.url.path, trace=trace)
    return problem(
        Internal(
            detail="The server made a mistake.", next_step="Try again later; its log tells whoever runs it more."
        )
    )


EXCEPTION_HANDLERS: ExceptionHandlersMap = {
    Refused: _refused,
    UnavailableError: _unavailable,
    NotFoundException: _not_found,
    MethodNotAllowedException: _method_not_allowed,
    ValidationException: _invalid_parameter,
    Exception: _other,
}
