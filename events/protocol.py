"""The sync protocol: the messages, the faults, the limits, and the endpoint that client and server share.

A fault is a value. Whoever answers a sync, the server in process or HTTP to one far away, is a ``SyncEndpoint``.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Protocol

import msgspec
from msgspec import Meta

from events.codec import Problem
from events.envelope import Count, Integer, Stamp
from events.identifiers import Hash, Uuid

PROTOCOL = 1
START = "0"
"""The cursor of a replica that holds nothing."""

MAX_REQUEST_EVENTS = 1000
MAX_REQUEST_BYTES = 4 * 1024 * 1024
"""After decompression."""
MAX_PAGE = 2000
"""The most records of one reply."""
CLOCKS_AGREE_MS = 120_000
"""A replica's clock that is off by no more than this is taken as right."""


class SyncRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Push ``events`` and pull what follows ``cursor``; ``stamps`` gives each event the stamp that it had before."""

    protocol: int
    account: str
    replica: Uuid
    cursor: str
    sent_at: Integer
    events: list[msgspec.Raw] = []
    stamps: list[Stamp | None] = []
    limit: Annotated[int, Meta(ge=1)] = 1000


class Verdict(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """What became of one pushed event: stored just now, or known before, with its first stamp either way."""

    replica: Uuid
    seq: Count
    status: Literal["accepted", "duplicate"]
    position: Count
    received: int
    skew: int
    problem: Problem | None = None


class WireRecord(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A record as it travels: the event as its canonical bytes."""

    position: Count
    received: int
    skew: int
    event: msgspec.Raw


class SyncReply(msgspec.Struct, frozen=True, kw_only=True):
    """One snapshot of the ledger. ``head_hash`` is the ledger hash at ``head``."""

    head: Annotated[int, Meta(ge=0)]
    head_hash: Hash
    cursor: str
    more: bool
    server_time: int
    verdicts: list[Verdict]
    records: list[WireRecord]


class BaseFault(msgspec.Struct, frozen=True, kw_only=True, tag_field="code"):
    """Why a whole request was refused: ``detail`` says what, ``next_step`` what to do. Nothing was stored."""

    status: ClassVar[int]
    title: ClassVar[str]
    detail: str
    next_step: str = ""


class Malformed(BaseFault, frozen=True, kw_only=True, tag="malformed"):
    """Not JSON, not this shape, an unknown protocol, a cursor that is not of the server's form."""

    status = 400
    title = "The request is not of the protocol's form"
    path: str


class Unauthenticated(BaseFault, frozen=True, kw_only=True, tag="unauthenticated"):
    """No token, or none that the server knows."""

    status = 401
    title = "Not signed in"


class DeviceRevoked(BaseFault, frozen=True, kw_only=True, tag="device_revoked"):
    """The token was good once; its device was revoked."""

    status = 403
    title = "This device was revoked"


class WrongAccount(BaseFault, frozen=True, kw_only=True, tag="wrong_account"):
    """The token is another account's than the ledger's."""

    status = 403
    title = "This ledger belongs to another account"


class TooLarge(BaseFault, frozen=True, kw_only=True, tag="too_large"):
    """A limit on events or bytes is passed."""

    status = 413
    title = "Too large"
    path: str = "$"


class MediaType(BaseFault, frozen=True, kw_only=True, tag="media_type"):
    """The body is not said to be JSON, or is encoded in a way that the server does not read."""

    status = 415
    title = "Not a media type that the server reads"


class Reset(BaseFault, frozen=True, kw_only=True, tag="reset"):
    """The cursor's history is not the server's: it was restored from a backup."""

    status = 410
    title = "The server's history is another one"


class Fork(BaseFault, frozen=True, kw_only=True, tag="fork"):
    """The server holds another event at (replica, seq), the first that differs."""

    status = 409
    title = "The replica's history has forked"
    replica: Uuid
    seq: Count


class Gap(BaseFault, frozen=True, kw_only=True, tag="gap"):
    """Events before the first pushed one are missing."""

    status = 409
    title = "Events are missing"
    replica: Uuid
    expected_seq: Count


class ChainBroken(BaseFault, frozen=True, kw_only=True, tag="chain_broken"):
    """The hash at (replica, seq) does not follow from the event before it."""

    status = 409
    title = "The hash chain does not hold"
    replica: Uuid
    seq: Count


class SawUnknown(BaseFault, frozen=True, kw_only=True, tag="saw_unknown"):
    """An event saw (replica, seq), which is neither stored nor earlier in the request."""

    status = 422
    title = "An event saw one that the server does not have"
    replica: Uuid
    seq: Count


class SlowDown(BaseFault, frozen=True, kw_only=True, tag="slow_down"):
    """Too many requests."""

    status = 429
    title = "Too many requests"
    retry_after_s: int


class Unavailable(BaseFault, frozen=True, kw_only=True, tag="unavailable"):
    """The server is starting, stopping or overloaded."""

    status = 503
    title = "The server is not available"
    retry_after_s: int


Fault = (
    Malformed
    | Unauthenticated
    | DeviceRevoked
    | WrongAccount
    | TooLarge
    | MediaType
    | Reset
    | Fork
    | Gap
    | ChainBroken
    | SawUnknown
    | SlowDown
    | Unavailable
)


class SyncEndpoint(Protocol):
    """Whoever reconciles one signed-in device with its account's ledger."""

    def sync(self, request: SyncRequest, /) -> SyncReply | Fault:
        """Answers one round trip; all of the request's events are durable before it returns, or none."""
        ...


def problem_document(fault: BaseFault) -> bytes:
    """A fault as the JSON of an RFC 9457 problem document."""
    members = {"type": "about:blank", "title": fault.title, "status": fault.status}
    return msgspec.json.encode(members | msgspec.to_builtins(fault))
