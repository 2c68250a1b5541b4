"""A second opinion: PROTOCOL.md's canonical JSON and event, written from that page and the json module alone.

Slow and plain on purpose. It shares nothing with ``events``, so that where the two disagree, one of them is wrong.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any, NoReturn

LARGEST = 2**53 - 1
DEEPEST = 16
FIRST_MS, LAST_MS = -2_208_988_800_000, 7_289_654_399_999
"""The years 1900 to 2200."""

_FIELDS = {"at", "hash", "id", "offset", "replica", "seq", "type", "v", "written"}
_OPTIONAL = {"body", "body_hash", "saw"}
_UUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_UUID7 = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", re.ASCII)
_HASH = re.compile("[0-9a-f]{64}", re.ASCII)


class RefusedError(Exception):
    """The page calls this malformed."""


def value_of(text: bytes) -> Any:  # noqa: ANN401  (any JSON)
    """The value of the JSON in ``text``, if it is of canonical JSON's part of JSON."""
    try:
        value = json.loads(
            text.decode("utf-8"),
            object_pairs_hook=_object,
            parse_float=_refused,
            parse_constant=_refused,
            parse_int=_integer,
        )
    except (ValueError, RecursionError) as error:
        raise RefusedError(str(error)) from error
    check_value(value)
    return value


def check_value(value: object, depth: int = 0) -> None:
    """Refuses data that canonical JSON has no spelling for."""
    match value:
        case None | bool():
            return
        case int() if abs(value) <= LARGEST:
            return
        case str():
            _check(not any("\ud800" <= sign <= "\udfff" for sign in value), "half a surrogate pair")
        case list() | dict():
            _check(depth < DEEPEST, "too deep")
            for member in value.values() if isinstance(value, dict) else value:
                check_value(member, depth + 1)
            for key in value if isinstance(value, dict) else ():
                _check(isinstance(key, str) and key.isascii(), "a key that is not ASCII")
        case _:
            raise RefusedError(repr(value))


def canonical_text(value: object) -> bytes:
    """The one spelling of a value."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def event_of(text: bytes) -> dict[str, Any]:
    """The event in ``text``, if it is of the form that the protocol's table gives."""
    event: dict[str, Any] = value_of(text)
    check_event(event)
    return event


def check_event(event: Any) -> None:  # noqa: ANN401  (any JSON)
    """Refuses what is not an event by the protocol's table."""
    check_value(event)
    _check(isinstance(event, dict), "no object")
    _check(event.keys() >= _FIELDS and event.keys() <= _FIELDS | _OPTIONAL, "other fields than the table's")
    _check(("body" in event) != ("body_hash" in event), "not exactly one of body and body_hash")
    _check(isinstance(event.get("body", {}), dict), "a body that is no object")
    _check(_is(event.get("body_hash", "0" * 64), _HASH), "body_hash")
    _check(_is(event["hash"], _HASH), "hash")
    _check(_is(event["id"], _UUID7), "id")
    _check(_is(event["replica"], _UUID), "replica")
    _check(isinstance(event["type"], str), "type")
    _check(_within(event["seq"], 1, LARGEST), "seq")
    _check(_within(event["at"], -LARGEST, LARGEST), "at")
    _check(_within(event["v"], -LARGEST, LARGEST), "v")
    _check(_within(event["written"], FIRST_MS, LAST_MS), "written")
    _check(_within(event["offset"], -1440, 1440), "offset")
    saw = event.get("saw", {"0" * 8 + "-0000" * 3 + "-" + "0" * 12: 1})
    _check(isinstance(saw, dict) and bool(saw), "saw")
    _check(all(_is(replica, _UUID) and _within(seq, 1, LARGEST) for replica, seq in saw.items()), "saw")


def body_hash(event: dict[str, Any]) -> str:
    """The hash of an event's body, whether it is there or was erased."""
    if "body_hash" in event:
        return str(event["body_hash"])
    return hashlib.sha256(canonical_text(event["body"])).hexdigest()


def chain_hash(previous: str, event: dict[str, Any]) -> str:
    """The hash that an event must bear after the one that bears ``previous``."""
    header = {name: member for name, member in event.items() if name not in {"body", "hash"}}
    text = canonical_text(header | {"body_hash": body_hash(event)})
    return hashlib.sha256(bytes.fromhex(previous) + text).hexdigest()


def ledger_hash(previous: str, event: dict[str, Any], received: int, skew: int) -> str:
    """L(n) from L(n−1) and the record at n."""
    entry = canonical_text({"hash": event["hash"], "received": received, "skew": skew})
    return hashlib.sha256(bytes.fromhex(previous) + entry).hexdigest()


def _object(members: list[tuple[str, Any]]) -> dict[str, Any]:
    _check(len({key for key, _ in members}) == len(members), "a key that is there twice")
    return dict(members)


def _integer(text: str) -> int:
    _check(len(text) <= len("-9007199254740991"), "a number beyond 2^53-1")
    return int(text)


def _refused(text: str) -> NoReturn:
    raise RefusedError(text)


def _is(value: object, pattern: re.Pattern[str]) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def _within(value: object, least: int, most: int) -> bool:
    return type(value) is int and least <= value <= most


def _check(holds: bool, what: str) -> None:  # noqa: FBT001  (read as an assertion)
    if not holds:
        raise RefusedError(what)
