"""Events that are set aside: how they are shown, and what an erasure leaves of them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from typing import Any

import msgspec

from client_sdk.store import Aside, Ref
from events import Event
from events.envelope import encode_event, stored_event, without_words

CODE = "set_aside"
"""The code of the problem; the others are the protocol's."""


def problems(asides: Iterable[Aside]) -> list[dict[str, Any]]:
    """Rows for the report ``problems``: what is unknown of an event that can't be read is null."""
    return [_shown(aside) for aside in asides]


def event_id(kept: bytes) -> str | None:
    """The id of an event, as far as it can be made out."""
    found = _ID.findall(kept)
    return found[-1].decode() if found else None


def readable(kept: bytes) -> Event | None:
    """The event, where its bytes can be read as one, however malformed or large."""
    try:
        return stored_event(kept)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None


def wordless(aside: Aside, erased: AbstractSet[str], refs: AbstractSet[Ref]) -> bytes | None:
    """The bytes to keep of it once these ids are erased, whose events stand at ``refs``; None for none at all.

    What can't be read can't be told from its words, so nothing of it stays.
    """
    event = readable(aside.kept)
    if event is not None:
        bare = without_words(event) if event.id in erased else event
        return aside.kept if bare is event else encode_event(bare)
    named = (aside.replica, aside.seq) in refs or any(f'"id":"{name}"'.encode() in aside.kept for name in erased)
    return None if named else aside.kept


def _shown(aside: Aside) -> dict[str, Any]:
    event = readable(aside.kept)
    return {
        "code": CODE,
        "message": f"It can't be sent or read, and was set aside: {aside.reason}",
        "path": "$",
        "event": event.id if event is not None else event_id(aside.kept),
        "type": None if event is None else event.type,
        "v": None if event is None else event.v,
        "replica": aside.replica,
        "seq": aside.seq,
        "position": None,
    }


_ID = re.compile(rb'"id":"([0-9a-f-]{36})"')
