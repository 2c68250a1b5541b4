"""Canonical JSON: one spelling for one value, so that its hash means something.

RFC 8785 for a small part of JSON: sorted ASCII keys, no white space, only the escapes that JSON requires,
integers of at most 53 bits, nothing nested deeper than 16. Whatever else is JSON is refused, not repaired:
two readers must never see two values in one text.
"""

from __future__ import annotations

import json
from typing import Any, NoReturn

import msgspec

from events.errors import MalformedError

MAX_INTEGER = 2**53 - 1
MAX_DEPTH = 16

_DIGITS_AS_0 = bytes.maketrans(b"123456789", b"000000000")
_LONG_NUMBER = 16 * b"0"
"""A number that may be too long, once all digits are noughts: ten times quicker to find than by a pattern."""


def canonical(value: object, depth: int = 0) -> bytes:
    """The canonical text of ``value``: plain data, or msgspec structs of it.

    Args:
        value: What is written.
        depth: How many objects and arrays will stand around it.

    Raises:
        MalformedError: for what canonical JSON has no spelling for.
    """
    try:
        text = _encoder.encode(value)
    except (UnicodeEncodeError, TypeError, RecursionError) as error:
        raise MalformedError(f"This cannot be written as JSON: {error}.") from error
    if b"null" in text and _holds_float(value):
        # One that is no number would be written as null, and say something else.
        raise MalformedError("A number in it is not a plain integer.")
    return canonicalise(text, depth)


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


def _holds_float(value: object) -> bool:
    match value:
        case dict():
            return any(map(_holds_float, value.values()))
        case list() | tuple():
            return any(map(_holds_float, value))
        case msgspec.Struct():
            return any(map(_holds_float, msgspec.structs.astuple(value)))
        case _:
            return isinstance(value, float)


def _plainly_small(text: bytes, depth: int) -> bool:
    """Whether no number, key or nesting can be out of bounds: cheap, and sure only when it says yes."""
    return (
        text.isascii()
        and depth + text.count(b"{") + text.count(b"[") <= MAX_DEPTH
        and _LONG_NUMBER not in text.translate(_DIGITS_AS_0)
    )


class _NotInteger(str):
    """A number that is written with a point or an exponent, or none at all such as NaN."""

    __slots__ = ()


class _Members(list[tuple[str, Any]]):
    """The members of an object as they stand in the text: keys may be there twice."""


def _explain(text: bytes, depth: int) -> bytes:
    """The slow way: the canonical spelling of an unusual text, or the fault in it with its place."""
    try:
        value = json.loads(
            text.decode(), object_pairs_hook=_Members, parse_float=_NotInteger, parse_constant=_NotInteger
        )
    except (ValueError, RecursionError) as error:
        raise MalformedError(f"This cannot be read as JSON: {error}.") from error
    return _encoder.encode(_checked(value, "$", depth))


def _checked(value: Any, path: str, depth: int) -> Any:  # noqa: ANN401  (any JSON)
    match value:
        case _NotInteger():
            raise MalformedError(f"The number {value} is not a plain integer.", path)
        case str():
            if any("\ud800" <= letter <= "\udfff" for letter in value):
                raise MalformedError("A text holds half of a surrogate pair.", path)
        case int():
            if abs(value) > MAX_INTEGER:
                raise MalformedError(f"The number {value} is beyond 2^53-1.", path)
        case _Members():
            _check_depth(path, depth + 1)
            return _checked_members(value, path, depth)
        case list():
            _check_depth(path, depth + 1)
            return [_checked(member, f"{path}[{index}]", depth + 1) for index, member in enumerate(value)]
        case _:
            pass  # true, false and null
    return value


def _checked_members(members: _Members, path: str, depth: int) -> dict[str, Any]:
    checked: dict[str, Any] = {}
    for key, member in members:
        if not key.isascii():
            raise MalformedError(f"The key {key!r} is not ASCII.", path)
        if key in checked:
            raise MalformedError(f"The key {key!r} is there twice.", path)
        checked[key] = _checked(member, f"{path}.{key}", depth + 1)
    return checked


def _check_depth(path: str, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise MalformedError(f"More than {MAX_DEPTH} objects and arrays stand inside one another.", path)


def _no_float(text: str) -> NoReturn:
    raise ValueError(text)


_decoder = msgspec.json.Decoder(float_hook=_no_float)
_encoder = msgspec.json.Encoder(order="sorted")
