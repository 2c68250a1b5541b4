"""Canonical JSON: one spelling for one value, so that its hash means something.

RFC 8785 for a small part of JSON: sorted ASCII keys, no white space, only the escapes that JSON requires,
integers of at most 53 bits, nothing nested deeper than 16. Whatever else is JSON is refused, not repaired:
two readers must never see two values in one text.
"""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

import msgspec

from events.errors import MalformedError

MAX_INTEGER = 2**53 - 1
MAX_DEPTH = 16

_LONG_NUMBER = re.compile(rb"[0-9]{16}")


def canonical(value: object) -> bytes:
    """The canonical text of ``value``: plain data, or msgspec structs of it.

    Raises:
        MalformedError: for what canonical JSON has no spelling for.
    """
    try:
        text = _encoder.encode(value)
    except (UnicodeEncodeError, TypeError, RecursionError) as error:
        raise MalformedError(f"This cannot be written as JSON: {error}.") from error
    return canonicalise(text)


def canonicalise(text: bytes, depth: int = 0) -> bytes:
    """The canonical spelling of the JSON in ``text``, which is ``text`` itself where it is canonical already.

    Args:
        text: One JSON value in UTF-8.
        depth: How many objects and arrays already stand around the value.

    Raises:
        MalformedError: with the path where the text leaves canonical JSON's part of JSON.
    """
    try:
        again = _encoder.encode(_decoder.decode(text))
    except (ValueError, RecursionError):
        return _explain(text, depth)
    if again == text and _plainly_small(text, depth):
        return text
    return _explain(text, depth)


def _plainly_small(text: bytes, depth: int) -> bool:
    """Whether no number, key or nesting can be out of bounds: cheap, and sure only when it says yes."""
    return (
        text.isascii()
        and depth + text.count(b"{") + text.count(b"[") <= MAX_DEPTH
        and _LONG_NUMBER.search(text) is None
    )


def _explain(text: bytes, depth: int) -> bytes:
    """The slow way: the canonical spelling of an unusual text, or the fault in it with its place."""
    try:
        value = json.loads(
            text.decode("utf-8"),
            object_pairs_hook=_unrepeated,
            parse_float=_no_float,
            parse_constant=_no_float,
        )
    except (ValueError, RecursionError) as error:
        raise MalformedError(f"This is not JSON: {error}.") from error
    _check(value, "$", depth)
    try:
        return _encoder.encode(value)
    except UnicodeEncodeError as error:
        raise MalformedError("A text holds half of a surrogate pair.") from error


def _check(value: object, path: str, depth: int) -> None:
    match value:
        case bool() | None | str():
            pass
        case int():
            if abs(value) > MAX_INTEGER:
                raise MalformedError(f"The number {value} is beyond 2^53-1.", path)
        case dict():
            _check_depth(path, depth + 1)
            for key, member in value.items():
                if not key.isascii():
                    raise MalformedError(f"The key {key!r} is not ASCII.", path)
                _check(member, f"{path}.{key}", depth + 1)
        case list():
            _check_depth(path, depth + 1)
            for index, member in enumerate(value):
                _check(member, f"{path}[{index}]", depth + 1)
        case _:
            raise MalformedError(f"{type(value).__name__} has no place in JSON.", path)


def _check_depth(path: str, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise MalformedError(f"More than {MAX_DEPTH} objects and arrays stand inside one another.", path)


def _unrepeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        keys = [key for key, _ in pairs]
        repeated = next(key for key in keys if keys.count(key) > 1)
        raise MalformedError(f"The key {repeated!r} is there twice.")
    return members


def _no_float(text: str) -> NoReturn:
    raise MalformedError(f"The number {text} is not a plain integer.")


_decoder = msgspec.json.Decoder(float_hook=_no_float)
_encoder = msgspec.json.Encoder(order="sorted")
