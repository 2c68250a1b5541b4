"""What the routes share: who calls, and how faults are documented."""

from __future__ import annotations

from typing import Any

import msgspec
from anyio import to_thread
from litestar import Response
from litestar.di import NamedDependency
from litestar.openapi import ResponseSpec

from events.protocol import BaseFault, Unauthenticated
from server.accounts import Accounts
from server.problems import MEDIA_TYPE, AnyRequest, Refused
from server.store import Device

BodyResponse = Response[bytes]


class Problem(msgspec.Struct, kw_only=True):
    """An RFC 9457 problem document; some codes bring further members along, such as ``path`` or ``replica``."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    next_step: str


async def signed_in(request: AnyRequest, accounts: NamedDependency[Accounts]) -> Device:
    """The device whose bearer token the request carries.

    Raises:
        Refused: ``unauthenticated`` or ``device_revoked``.
    """
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Refused(Unauthenticated(detail="The request carries no bearer token.", next_step="Sign in."))
    outcome = accounts.authenticate(token.strip())
    if not isinstance(outcome, Device):
        raise Refused(outcome)
    if accounts.is_news(outcome):
        await to_thread.run_sync(accounts.note_seen, outcome)
    return outcome


def problems(*faults: type[BaseFault]) -> dict[int, ResponseSpec]:
    """The documentation of the faults that a route may answer with, by status."""
    by_status: dict[int, list[type[BaseFault]]] = {}
    for fault in faults:
        by_status.setdefault(fault.status, []).append(fault)
    return {
        status: ResponseSpec(
            data_container=Problem,
            generate_examples=False,
            media_type=MEDIA_TYPE,
            description="; ".join(f"`{_code(fault)}`: {fault.title}" for fault in same_status),
        )
        for status, same_status in by_status.items()
    }


def answers(form: type[Any], description: str, status: int = 200) -> dict[int, ResponseSpec]:
    """The documentation of a JSON answer."""
    return {status: ResponseSpec(data_container=form, generate_examples=False, description=description)}


def _code(fault: type[BaseFault]) -> str:
    return str(fault.__struct_config__.tag)
