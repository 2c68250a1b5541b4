"""The server over HTTP: a ``SyncEndpoint``, and the calls that need no ledger."""

from __future__ import annotations

import gzip
from typing import Any, Self, TypeVar

import httpx
import msgspec

from client_sdk.errors import RefusedError, ServerError, UnreachableError
from client_sdk.store import SignedIn
from events.protocol import Fault, SyncReply, SyncRequest, TooLarge, Unavailable

T = TypeVar("T")

TIMEOUT_S = 60.0
COMPRESS_FROM_BYTES = 1024
_BUSY = frozenset({429, 502, 503, 504})


class Device(msgspec.Struct, frozen=True):
    """A device of the account; times are Unix ms."""

    device: str
    name: str
    created: int
    last_seen: int
    revoked: int | None
    replicas: list[str]
    this_one: bool


class _DeviceList(msgspec.Struct, frozen=True):
    devices: list[Device]


class _Problem(msgspec.Struct, frozen=True):
    """A problem document, as far as a person needs it."""

    code: str = "unknown"
    detail: str = ""
    next_step: str = ""


class HttpEndpoint:
    """A server's sync for one signed-in device. ``client_sdk.patience`` makes it wait for a busy one.

    Args:
        url: Where the server is, as ``http://127.0.0.1:8765``.
        token: The device's bearer token.
        client: What speaks HTTP; one of its own by default.
    """

    def __init__(self, url: str, token: str, *, client: httpx.Client | None = None) -> None:
        self._client = client or httpx.Client(timeout=TIMEOUT_S)
        self._url = url.rstrip("/")
        self._token = token

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Lets go of the connection."""
        self._client.close()

    def sync(self, request: SyncRequest, /) -> SyncReply | Fault:
        """One round trip.

        Raises:
            UnreachableError: where no server answers.
            ServerError: where the answer is not of the protocol.
        """
        content = msgspec.json.encode(request)
        headers = {**_authorization(self._token), "Content-Type": "application/json"}
        if len(content) >= COMPRESS_FROM_BYTES:
            content = gzip.compress(content, compresslevel=1)
            headers["Content-Encoding"] = "gzip"
        response = _send(self._client, "POST", f"{self._url}/v1/sync", content=content, headers=headers)
        try:
            return (
                _decoder.decode(response.content) if response.is_success else _fault_decoder.decode(response.content)
            )
        except msgspec.MsgspecError as error:
            if response.status_code == TooLarge.status:
                return TooLarge(detail=f"{response.url.host} takes no request of {len(content):,} bytes.")
            if response.status_code not in _BUSY:
                raise _not_of_the_protocol(response) from error
            # A proxy in front of the server says so in its own words.
            seconds = response.headers.get("Retry-After", "")
            return Unavailable(
                detail=f"{response.url.host} is busy.",
                next_step="Sync again later.",
                retry_after_s=int(seconds) if seconds.isdecimal() else 1,
            )


def sign_up(url: str, *, name: str, password: str, device_name: str) -> SignedIn:
    """Opens an account and signs its first device in."""
    return _enter(url, "/v1/accounts", name, password, device_name)


def sign_in(url: str, *, name: str, password: str, device_name: str) -> SignedIn:
    """Signs a device in to an account."""
    return _enter(url, "/v1/devices", name, password, device_name)


def devices(url: str, token: str) -> list[Device]:
    """The account's devices, the revoked ones too."""
    answer = _call("GET", url, "/v1/devices", headers=_authorization(token))
    return _decoded(answer, _DeviceList).devices


def revoke(url: str, token: str, device: str) -> None:
    """Takes a device's token away; what it synced stays."""
    _call("DELETE", url, f"/v1/devices/{device}", headers=_authorization(token))


def close_account(url: str, token: str) -> None:
    """Closes the token's account for ever: the server keeps nothing of it."""
    _call("DELETE", url, "/v1/accounts/me", headers=_authorization(token))


def _enter(url: str, path: str, name: str, password: str, device_name: str) -> SignedIn:
    form = {"name": name, "password": password, "device_name": device_name}
    return _decoded(_call("POST", url, path, json=form), SignedIn)


def _call(method: str, url: str, path: str, **options: Any) -> httpx.Response:  # noqa: ANN401  # httpx's own
    with httpx.Client(timeout=TIMEOUT_S) as client:
        response = _send(client, method, url.rstrip("/") + path, **options)
    if response.is_success:
        return response
    problem = _decoded(response, _Problem)
    raise RefusedError(problem.code, problem.detail, problem.next_step)


def _decoded(response: httpx.Response, answer: type[T]) -> T:
    try:
        return msgspec.json.decode(response.content, type=answer)
    except msgspec.MsgspecError as error:
        raise _not_of_the_protocol(response) from error


def _authorization(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _send(client: httpx.Client, method: str, url: str, **options: Any) -> httpx.Response:  # noqa: ANN401  # httpx's own
    try:
        return client.request(method, url, **options)
    except (httpx.UnsupportedProtocol, httpx.InvalidURL, httpx.LocalProtocolError) as error:
        raise UnreachableError(f"{url} is not an address.", "Write it as http://127.0.0.1:8765.") from error
    except (httpx.TransportError, httpx.DecodingError) as error:
        reason = f"{httpx.URL(url).copy_with(path='/')} does not answer: {error}."
        raise UnreachableError(reason, "Everything logged is kept here; sync again when the server is up.") from error


def _not_of_the_protocol(response: httpx.Response) -> ServerError:
    return ServerError(
        f"{response.url} answered {response.status_code} with something that is not Ironledger's.",
        "Check the address of the server.",
    )


_decoder = msgspec.json.Decoder(SyncReply)
_fault_decoder: msgspec.json.Decoder[Fault] = msgspec.json.Decoder(Fault)
