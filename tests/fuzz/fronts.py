"""The sync endpoint by its doors: the service over either store, and the real HTTP application in this process."""

from __future__ import annotations

import asyncio
import gzip
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any, Protocol

import httpx
import msgspec
from fuzz.campaign import Undocumented
from fuzz.mutations import mutate_bytes
from support.servers import PASSWORD, QUICK_HASHER

from events.protocol import BaseFault, Fault, SyncEndpoint, SyncReply
from server.app import create_app
from server.ingest import Kept
from server.memory_store import MemoryStore
from server.service import Service
from server.settings import Settings
from server.sqlite_store import SqliteStore
from server.store import Store

STATUSES = {
    "malformed": 400,
    "unauthenticated": 401,
    "device_revoked": 403,
    "wrong_account": 403,
    "sign_ups_closed": 403,
    "not_found": 404,
    "unknown_report": 404,
    "method_not_allowed": 405,
    "fork": 409,
    "gap": 409,
    "chain_broken": 409,
    "name_taken": 409,
    "reset": 410,
    "too_large": 413,
    "media_type": 415,
    "password_too_short": 422,
    "saw_unknown": 422,
    "slow_down": 429,
    "unavailable": 503,
}
"""The documented faults with their statuses; ``internal`` is not among them, for it is never right."""

_ACCOUNTS = ("0197f3a0-0000-7000-8000-00000000000a", "0197f3a0-0000-7000-8000-00000000000b")


class Front(Protocol):
    """A server that two accounts sync with."""

    accounts: tuple[str, str]
    store: Store

    def sync(self, account: str, text: bytes) -> dict[str, Any]:
        """The answer as JSON; a fault has a ``code``."""
        ...

    def close(self) -> None:
        """Ends it."""
        ...


class InProcess:
    """The service itself."""

    def __init__(self, store: Store, clock: Callable[[], int]) -> None:
        self.accounts = _ACCOUNTS
        self.store = store
        self._service = Service(store, clock)

    def sync(self, account: str, text: bytes) -> dict[str, Any]:
        """See ``Front``."""
        outcome = self._service.sync(account, account, text)
        if not isinstance(outcome, SyncReply | BaseFault):
            raise Undocumented(f"the service answered {type(outcome).__name__}", [])
        answer: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(outcome))
        return answer

    def endpoint(self, account: str) -> SyncEndpoint:
        """The endpoint of a device of the account."""
        return self._service.endpoint(account, account)

    def close(self) -> None:
        """See ``Front``."""
        self.store.close()


class OverHttp:
    """The application behind its HTTP, with no socket."""

    def __init__(self, folder: Path, clock: Callable[[], int]) -> None:
        self.store = MemoryStore()
        app = create_app(Settings(data=folder), store=self.store, clock=clock, hasher=QUICK_HASHER)
        self._runner = asyncio.Runner()
        self._client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url="http://server"
        )
        made = [
            self.ask("POST", "/v1/accounts", json={"name": name, "password": PASSWORD}).json() for name in ("a", "b")
        ]
        self.accounts = made[0]["account"], made[1]["account"]
        self.tokens = {each["account"]: each["token"] for each in made}

    def ask(self, method: str, path: str, **options: Any) -> httpx.Response:  # noqa: ANN401  (httpx's own)
        """One request of any kind."""
        return self._runner.run(self._client.request(method, path, **options))

    def sync(self, account: str, text: bytes) -> dict[str, Any]:
        """See ``Front``."""
        headers = {"Authorization": f"Bearer {self.tokens[account]}", "Content-Type": "application/json"}
        answer = self.ask("POST", "/v1/sync", content=text, headers=headers)
        check_answer(answer, msgspec.json.encode([text.decode("latin-1")]))
        told: dict[str, Any] = answer.json()
        return told

    def stray(self, account: str, text: bytes, random: Random, outcomes: Counter[str]) -> None:
        """A request that is amiss as HTTP: whatever it is, it is answered as the documents say."""
        method, path, options = _stray_request(self.tokens[account], text, random)
        try:
            answer = self.ask(method, path, **options)
        except httpx.InvalidURL:
            return  # it can't be sent
        except Exception as error:
            raise Undocumented(
                f"the application raised {type(error).__name__}: {error}", [(method, path, options)]
            ) from error
        check_answer(answer, [(method, path, options)])
        outcomes[f"http {answer.status_code}"] += 1

    def close(self) -> None:
        """See ``Front``."""
        self._runner.run(self._client.aclose())
        self._runner.close()


def in_memory(clock: Callable[[], int]) -> InProcess:
    """The service over the store in memory."""
    return InProcess(MemoryStore(), clock)


def on_disk(folder: Path, clock: Callable[[], int]) -> InProcess:
    """The service over a database in ``folder``."""
    return InProcess(SqliteStore(folder / "fuzz.sqlite"), clock)


def all_records(store: Store, account: str) -> list[Kept]:
    """The ledger as it is stored."""
    return store.read(lambda ledgers: ledgers.records(account, 0, 1_000_000))


def check_answer(answer: httpx.Response, material: Any) -> None:  # noqa: ANN401  (what led to it)
    """A status of the documented table, and a complete problem document for every fault."""
    if answer.is_success:
        return
    if answer.request.method == "HEAD":
        return  # it has no body
    try:
        document = answer.json()
    except ValueError as error:
        raise Undocumented(f"{answer.status_code} is no problem document", material) from error
    complete = (
        answer.headers.get("content-type") == "application/problem+json"
        and STATUSES.get(document.get("code")) == answer.status_code == document.get("status")
        and document.get("type") == "about:blank"
        and isinstance(document.get("title"), str)
        and isinstance(document.get("detail"), str)
        and isinstance(document.get("next_step"), str)
        and bool(document["title"] and document["detail"])
        and ("path" not in document or str(document["path"]).startswith("$"))
    )
    if not complete:
        raise Undocumented(f"an undocumented problem: {answer.status_code} {document}", material)
    if document["code"] not in {"not_found", "unknown_report", "method_not_allowed"}:
        return
    if document["code"] == "method_not_allowed" and "allow" not in answer.headers:
        raise Undocumented("a method is not allowed: without Allow", material)


def decoded_fault(answer: dict[str, Any]) -> Fault:
    """A fault as a client reads it."""
    fault: Fault = msgspec.convert({**answer}, type=Fault)  # type: ignore[arg-type]  # a union is a type to msgspec
    return fault


def _stray_request(token: str, text: bytes, random: Random) -> tuple[str, str, dict[str, Any]]:  # noqa: C901  (one for each)
    headers = {b"Authorization": b"Bearer " + token.encode(), b"Content-Type": b"application/json"}
    method, path = "POST", "/v1/sync"
    packed = gzip.compress(text, 1)
    match random.randrange(12):
        case 0:
            headers[b"Content-Type"] = random.choice(_MEDIA_TYPES)
        case 1:
            del headers[random.choice(list(headers))]
        case 2:
            headers[b"Authorization"] = random.choice(_TOKENS)
        case 3:
            headers[b"Content-Encoding"] = random.choice((b"gzip", b"br", b"gzip, gzip", b"GZIP", b"", b"\xff"))
        case 4:
            headers[b"Content-Encoding"], text = b"gzip", mutate_bytes(packed, random)
        case 5:
            headers[b"Content-Encoding"], text = b"gzip", packed
            headers[b"Accept-Encoding"] = random.choice((b"gzip;q=0", b"gzip;q=x", b"*", b"br", b";;,q=\xff"))
        case 6:
            headers[b"Content-Encoding"], text = b"gzip", gzip.compress(bytes(5_000_000), 9)
        case 7:
            method = random.choice(("GET", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "BREW"))
        case 8:
            method, path = "GET", f"/v1/ledger?after={_query(random)}"
        case 9:
            parameter = random.choice(("as_of", "known_at", "explain", "before", "limit", "nonsense"))
            name = random.choice(("records", "volume", "balance", "sessions", "log", "problems", "nonsense", "ü"))
            method, path = "GET", f"/v1/reports/{name}?{parameter}={_query(random)}"
        case 10:
            method = random.choice(("GET", "POST", "DELETE"))
            path = random.choice(
                ("/", "/v1", "/v1/sync/", "/v1/devices/x", "/v1/devices", "/v2/sync", "/v1/%00", "//")
            )
        case _:
            path = random.choice(("/v1/accounts", "/v1/devices"))
            text = random.choice(
                (text, b"", b"[]", b'{"name":"a","password":"long enough"}', mutate_bytes(_FORM, random))
            )
    return method, path, {"headers": list(headers.items()), **({} if method == "GET" else {"content": text})}


def _query(random: Random) -> str:
    return random.choice(
        (
            *("0", "-1", "1." + "0" * 64, "9" * 20 + "." + "f" * 64, "", "true", "2025-06-30", "2025-02-30"),
            *("0001-01-01", "9999-12-31", "%ff", "%00", "%F0%9F%98%80", "1e5", "9" * 25, "-9", "1&as_of=2025-01-01"),
        )
    )


_FORM = b'{"name":"max","password":"long enough","device_name":"phone"}'
_MEDIA_TYPES = (
    b"text/plain",
    b"application/json; charset=utf-16",
    b"APPLICATION/JSON",
    b"",
    b"json",
    b"\xff/\xff",
    b"a;b=c;d",
)
_TOKENS = (b"", b"Bearer", b"Bearer ", b"Basic YTpi", b"Bearer x", b"bearer \xff\xfe", b"Bearer " + b"x" * 10_000)
