"""Names that nobody has to hand out: UUIDs, drawn or derived.

No clock and no randomness here: both come in as arguments.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import Annotated

from msgspec import Meta

_UUID = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z"
_UUID7 = r"^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\Z"
_HASH = r"^[0-9a-f]{64}\Z"
IMAGE_TYPE = r"^image/[a-z0-9.+-]{1,100}\Z"
RANK = r"^[0-9A-Za-z]{1,64}\Z"

Uuid = Annotated[str, Meta(pattern=_UUID)]
"""Any UUID, as lower-case text."""

Uuid7 = Annotated[str, Meta(pattern=_UUID7)]
"""A UUID of version 7 (RFC 9562): time-ordered, as lower-case text."""

Hash = Annotated[str, Meta(pattern=_HASH)]
"""A SHA-256, as lower-case hexadecimal text."""

SHAPES = {
    repr(_UUID): "a UUID in lower case",
    repr(_UUID7): "a UUID of version 7 in lower case",
    repr(_HASH): "64 hexadecimal digits in lower case",
    repr(IMAGE_TYPE): "the media type of a picture, such as image/jpeg",
    repr(RANK): "1 to 64 letters and digits of ASCII",
}
"""What the patterns mean, for those who have to mend a text that does not match."""

ENTROPY_BYTES = 10


def uuid7(milliseconds: int, entropy: bytes) -> str:
    """The UUIDv7 of a moment and ten bytes of entropy (of which 74 bits are used).

    Args:
        milliseconds: Unix milliseconds; moments before 1970 are named as 1970.
        entropy: At least ten bytes: random for a drawn name, a hash for a derived one.
    """
    random = entropy.hex()
    return f"{_moment(milliseconds)}-7{random[:3]}-{_VARIANT[random[4]]}{random[5:8]}-{random[8:20]}"


def derived_uuid7(milliseconds: int, *key: str) -> str:
    """The UUIDv7 that everybody derives alike from a moment and a key, such as a row of an imported file."""
    digest = hashlib.sha256("\x1f".join(key).encode()).digest()
    return uuid7(milliseconds, digest)


@lru_cache(maxsize=1)
def _moment(milliseconds: int) -> str:
    """What a UUIDv7 begins with: the names of a batch, which are of one moment, have it in common."""
    digits = f"{min(max(milliseconds, 0), 2**48 - 1):012x}"
    return f"{digits[:8]}-{digits[8:]}"


_VARIANT = dict(zip("0123456789abcdef", 4 * "89ab", strict=True))
"""A digit with its two upper bits set to 10, as in every UUID of these."""
