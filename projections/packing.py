"""Parts of a checkpoint, packed each by itself: small in the file and in memory until they are asked for.

They are so alike within that the quickest level of zlib takes most of them away.
"""

from __future__ import annotations

import zlib
from typing import TypeVar

import msgspec

T = TypeVar("T")

_LEVEL = 1


def pack(value: object) -> memoryview:
    """A part as it is kept: a view, so that a checkpoint is decoded without copying what nobody asks for."""
    return memoryview(zlib.compress(msgspec.msgpack.encode(value), _LEVEL))


def unpack(decoder: msgspec.msgpack.Decoder[T], packed: memoryview) -> T:
    """The part again.

    Raises:
        msgspec.MsgspecError: where it is none that the decoder knows.
        zlib.error: where it is damaged.
    """
    return decoder.decode(zlib.decompress(packed))
