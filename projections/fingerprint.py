"""Which fold this is: a hash over its own source and data.

Checkpoints and digests mean something only to the code that made them, so they carry this name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from events.codec import CODEC, Codec

_FOLD = ("events", "projections")
_MATTERS = (".py", ".json")


@cache
def fingerprint(codec: Codec = CODEC) -> str:
    """SHA-256 over the source and data files that decide what a history means, and over what the codec reads."""
    return hashlib.sha256(f"{codec.name}\n{source_hash(*_FOLD)}".encode()).hexdigest()


@cache
def source_hash(*packages: str) -> str:
    """SHA-256 over the source and data files of some packages."""
    digest = hashlib.sha256()
    for package in packages:
        for path, content in sorted(_files(files(package), package)):
            digest.update(f"{path}\n{len(content)}\n".encode())
            digest.update(content)
    return digest.hexdigest()


def _files(folder: Traversable, path: str) -> Iterator[tuple[str, bytes]]:
    for item in folder.iterdir():
        if item.is_dir():
            yield from _files(item, f"{path}/{item.name}")
        elif item.name.endswith(_MATTERS):
            yield f"{path}/{item.name}", item.read_bytes()
