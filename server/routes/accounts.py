"""Accounts and devices."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from anyio import to_thread
from litestar import Router, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Meta

from events.protocol import (
    BaseFault,
    DeviceRevoked,
    Malformed,
    MediaType,
    SlowDown,
    TooLarge,
    Unauthenticated,
    Unavailable,
)
from server.accounts import SignedIn
from server.bodies import decode, read_body, respond
from server.faults import NameTaken, NotFound, PasswordTooShort, SignUpsClosed
from server.problems import AnyRequest, Refused
from server.routes.common import BodyResponse, PartsNeeded, answers, problems
from server.store import Device

Name = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"\S")]
Password = Annotated[str, Meta(max_length=1000)]


class SignUp(msgspec.Struct, frozen=True, kw_only=True):
    """What opens an account."""

    name: Name
    password: Password
    device_name: Name = "first device"


class SignIn(msgspec.Struct, frozen=True, kw_only=True):
    """What signs a device in."""

    name: Name
    password: Password
    device_name: Name


class DeviceListed(msgspec.Struct, frozen=True, kw_only=True):
    """A device as its owner sees it; times are Unix ms."""

    device: str
    name: str
    created: int
    last_seen: int
    revoked: int | None
    replicas: tuple[str, ...]
    this_one: bool


class DeviceList(msgspec.Struct, frozen=True, kw_only=True):
    """All devices of an account."""

    devices: list[DeviceListed]


@post(
    "/accounts",
    summary="Open an account and sign its first device in",
    responses=answers(SignedIn, "The token, shown this once", 201)
    | problems(Malformed, SignUpsClosed, NameTaken, TooLarge, MediaType, PasswordTooShort, Unavailable),
)
async def sign_up(request: AnyRequest, parts: PartsNeeded) -> BodyResponse:
    """Body: ``{name, password, device_name?}``."""
    form = decode(await read_body(request), SignUp)
    outcome = await to_thread.run_sync(
        parts.accounts.sign_up, form.name, form.password, form.device_name, limiter=parts.password_hashing
    )
    return await _signed_in(request, outcome)


@post(
    "/devices",
    summary="Sign a device in",
    responses=answers(SignedIn, "The token, shown this once", 201)
    | problems(Malformed, Unauthenticated, TooLarge, MediaType, SlowDown, Unavailable),
)
async def sign_in(request: AnyRequest, parts: PartsNeeded) -> BodyResponse:
    """Body: ``{name, password, device_name}``."""
    form = decode(await read_body(request), SignIn)
    outcome = await to_thread.run_sync(
        parts.accounts.sign_in, form.name, form.password, form.device_name, limiter=parts.password_hashing
    )
    return await _signed_in(request, outcome)


@get(
    "/devices",
    summary="List the account's devices",
    security=[{"bearer": []}],
    responses=answers(DeviceList, "The devices, in the order in which they signed in")
    | problems(Unauthenticated, DeviceRevoked, Unavailable),
)
async def list_devices(request: AnyRequest, parts: PartsNeeded, signed_in: NamedDependency[Device]) -> BodyResponse:
    """The revoked ones too."""
    devices = await to_thread.run_sync(parts.accounts.devices, signed_in.account)
    listed = DeviceList(
        devices=[
            DeviceListed(
                device=device.device,
                name=device.name,
                created=device.created,
                last_seen=device.last_seen,
                revoked=device.revoked,
                replicas=device.replicas,
                this_one=device.device == signed_in.device,
            )
            for device in devices
        ]
    )
    return await respond(request, msgspec.json.encode(listed))


@delete(
    "/devices/{device:uuid}",
    summary="Revoke a device",
    security=[{"bearer": []}],
    responses=problems(Unauthenticated, DeviceRevoked, NotFound, Unavailable),
)
async def revoke_device(device: FromPath[UUID], parts: PartsNeeded, signed_in: NamedDependency[Device]) -> None:
    """Its token is good for nothing from now on; what it synced stays. Revoking again changes nothing."""
    if not await to_thread.run_sync(parts.accounts.revoke, signed_in.account, str(device)):
        raise Refused(
            NotFound(detail=f"This account has no device {device}.", next_step="GET /v1/devices lists them.")
        )


@delete(
    "/accounts/me",
    summary="Close the account",
    security=[{"bearer": []}],
    responses=problems(Unauthenticated, DeviceRevoked, Unavailable),
)
async def close_account(parts: PartsNeeded, signed_in: NamedDependency[Device]) -> None:
    """Its ledger, its devices and its name are erased, for ever. What is on the devices stays there."""
    await to_thread.run_sync(parts.accounts.close, signed_in.account)


accounts_router = Router(
    "/v1", route_handlers=[sign_up, close_account, sign_in, list_devices, revoke_device], tags=["accounts"]
)


async def _signed_in(request: AnyRequest, outcome: SignedIn | BaseFault) -> BodyResponse:
    if not isinstance(outcome, SignedIn):
        raise Refused(outcome)
    return await respond(request, msgspec.json.encode(outcome), 201, {"Cache-Control": "no-store"})
