"""What the routes share: who calls, and how faults are documented."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
from anyio import CapacityLimiter, to_thread
from litestar import Response
from litestar.di import NamedDependency
from litestar.openapi import ResponseSpec
from litestar.params import SkipValidation

from events.protocol import BaseFault, DeviceRevoked, Unauthenticated
from server.accounts import Accounts
from server.live import Hub
from server.metrics import Metrics
from server.problems import MEDIA_TYPE, AnyRequest, Refused
from server.reports import Reports
from server.service import Service
from server.store import Device, Store
from server.syncing import Syncing

BodyResponse = Response[bytes]


@dataclass(frozen=True, kw_only=True)
class Parts:
    """What the routes work with, in one: several would be fetched by a task each, for every request anew."""

    accounts: Accounts
    hub: Hub
    metrics: Metrics
    password_hashing: CapacityLimiter
    reports: Reports
    service: Service
    store: Store
    syncing: Syncing


PartsNeeded = NamedDependency[SkipValidation[Parts]]


class Problem(msgspec.Struct, kw_only=True):
    """An RFC 9457 problem document; some codes bring further members along, such as ``path`` or ``replica``."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    next_step: str


async def signed_in(request: AnyRequest, parts: PartsNeeded) -> Device:
    """The device whose bearer token the request carries.

    Raises:
        Refused: ``unauthenticated`` or ``device_revoked``.
    """
    return await _let_in(parts, parts.accounts.authenticate(_token(request)))


async def recognised(request: AnyRequest, parts: PartsNeeded) -> Device:
    """As ``signed_in``, for those who ask again in their transaction: see ``Accounts.recognise``."""
    return await _let_in(parts, parts.accounts.recognise(_token(request)))


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


def _token(request: AnyRequest) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Refused(Unauthenticated(detail="The request carries no bearer token.", next_step="Sign in."))
    return token.strip()


async def _let_in(parts: Parts, outcome: Device | Unauthenticated | DeviceRevoked) -> Device:
    if not isinstance(outcome, Device):
        raise Refused(outcome)
    if parts.accounts.is_news(outcome):
        await to_thread.run_sync(parts.accounts.note_seen, outcome)
    return outcome


def _code(fault: type[BaseFault]) -> str:
    return str(fault.__struct_config__.tag)
