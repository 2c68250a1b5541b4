"""What is kept of a fold, part by part: each is packed by itself, and read only when it is asked for.

    head     says what the others have to sum up to, and is all that must be read at first
    others   may lie anywhere, be missing, damaged, or of another checkpoint: then they are lost, and made again

They are so alike within that the quickest level of zlib takes most of them away.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import Protocol, TypeVar

import msgspec

T = TypeVar("T")

HEAD = "head"
"""The part that a checkpoint begins with."""

_LEVEL = 1


class Source(Protocol):
    """Where parts lie; a plain dictionary is one."""

    def get(self, name: str, /) -> bytes | None:
        """A part as it was packed; None where there is none, or none that can be read."""
        ...


class Parts:
    """The parts of one checkpoint.

    Args:
        source: Where they lie.
        sums: What ``summed`` gave for each of them.
    """

    def __init__(self, source: Source, sums: Mapping[str, int]) -> None:
        self._source = source
        self._sums = sums

    def get(self, name: str, decoder: msgspec.msgpack.Decoder[T]) -> T | None:
        """A part; None where it is lost."""
        packed = self._source.get(name)
        if packed is None or zlib.crc32(packed) != self._sums.get(name):
            return None
        return unpack(decoder, packed)


def summed(parts: Mapping[str, bytes]) -> dict[str, int]:
    """What tells that parts are those that were packed, and sound: a cyclic sum is enough against damage."""
    return {name: zlib.crc32(packed) for name, packed in parts.items()}


def pack(value: object) -> bytes:
    """A part as it is kept."""
    return zlib.compress(msgspec.msgpack.encode(value), _LEVEL)


def unpack(decoder: msgspec.msgpack.Decoder[T], packed: bytes) -> T:
    """The part again.

    Raises:
        msgspec.MsgspecError: where it is none that the decoder knows.
        zlib.error: where it is damaged.
    """
    return decoder.decode(zlib.decompress(packed))
