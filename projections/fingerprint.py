"""Which fold this is: a hash over its own source and data, and a cheaper name for it on this machine.

Checkpoints and digests mean something only to the code that made them, so they carry these names.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from events.codec import CODEC, Codec

_FOLD = ("events", "projections")
_MATTERS = (".py", ".json")


@cache
def fingerprint(codec: Codec = CODEC) -> str:
    """SHA-256 over the source and data files that decide what a history means, and over what the codec reads.

    Where they were replaced since this process first looked, they are not what it runs, and the name is no other's.
    """
    running = edition(codec)
    named = f"{codec.name}\n{source_hash(*_FOLD)}"
    if _edition(codec) != running:
        named += f"\nreplaced under {running}"
    return hashlib.sha256(named.encode()).hexdigest()


@cache
def edition(codec: Codec = CODEC) -> str:
    """The same code in the same files, as long as nobody touches them: told by what the file system says of each.

    Two that are equal have equal fingerprints; one that differs says nothing. It needs no file to be read: size and
    times are what Python itself knows its compiled modules by, and here the inode and its change are added, which no
    tool that unpacks an installation sets to dates of its own.
    """
    return _edition(codec)


@cache
def source_hash(*packages: str) -> str:
    """SHA-256 over the source and data files of some packages."""
    digest = hashlib.sha256()
    for package in packages:
        for path, content in sorted(_files(_folder(package), package)):
            digest.update(f"{path}\n{len(content)}\n".encode())
            digest.update(content)
    return digest.hexdigest()


def _folder(package: str) -> Path:
    """Where a package lies. ``importlib.resources`` would say so, too, but takes longer to import than to hash."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(f"{package} is no package with files")
    return Path(spec.submodule_search_locations[0])


def _edition(codec: Codec) -> str:
    digest = hashlib.sha256(codec.name.encode())
    for package in _FOLD:
        digest.update(f"{package}\n{_stats(_folder(package))}".encode())
    return digest.hexdigest()


def _stats(folder: Path) -> list[tuple[object, ...]]:
    """What the file system says of the files that matter, in the order of their names."""
    found: list[tuple[object, ...]] = []
    for item in folder.iterdir():
        if item.name.endswith(_MATTERS):
            stat = item.stat()
            found.append((str(item), stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino))
        elif item.name != "__pycache__" and item.is_dir():
            found.append((str(item), *_stats(item)))
    return sorted(found, key=lambda item: str(item[0]))


def _files(folder: Path, path: str) -> Iterator[tuple[str, bytes]]:
    for item in folder.iterdir():
        if item.is_dir():
            yield from _files(item, f"{path}/{item.name}")
        elif item.name.endswith(_MATTERS):
            yield f"{path}/{item.name}", item.read_bytes()
