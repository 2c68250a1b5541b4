"""Photos on this device: a folder beside the ledger file, each photo named by its own SHA-256.

    ledger.db
    ledger.db-photos/
        3f0a…e1.jpg       the ledger tells of it as photo_attached {sha256: "3f0a…e1", media_type: "image/jpeg"}

A photo is there whole or not at all, and the same photo twice is one file. It is kept as it is, with what the camera
wrote into it.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

from client_sdk.errors import PhotoError

_PIECE_BYTES = 1 << 20
_HEAD_BYTES = 32

_BEGINNINGS: tuple[tuple[re.Pattern[bytes], str, str], ...] = tuple(
    (re.compile(pattern, re.DOTALL), media_type, suffix)
    for pattern, media_type, suffix in (
        (rb"\xff\xd8\xff", "image/jpeg", ".jpg"),
        (rb"\x89PNG\r\n\x1a\n", "image/png", ".png"),
        (rb"RIFF....WEBP", "image/webp", ".webp"),
        (rb"....ftyp(?:heic|heix|hevc|hevx|heim|heis)", "image/heic", ".heic"),
        (rb"....ftyp(?:mif1|msf1)", "image/heif", ".heif"),
        (rb"....ftypavi[fs]", "image/avif", ".avif"),
        (rb"GIF8[79]a", "image/gif", ".gif"),
        (rb"(?:II\*\0|MM\0\*)", "image/tiff", ".tiff"),
    )
)
"""What the files of each media type begin with; their names tell nothing."""


class Photo(msgspec.Struct, frozen=True):
    """A file that is a photo, and what the ledger says of it."""

    source: Path
    sha256: str
    bytes: int
    media_type: str
    suffix: str


def folder_of(ledger: Path) -> Path:
    """The folder of a ledger file's photos."""
    return ledger.with_name(f"{ledger.name}-photos")


def examine(source: Path) -> Photo:
    """Looks at a file that may be a photo: its content tells, whatever it is called.

    Raises:
        PhotoError: where it is none.
        OSError: where it can't be read.
    """
    with source.open("rb") as file:
        media_type, suffix = _kind(source, file.read(_HEAD_BYTES))
    return Photo(source, _hash(source), source.stat().st_size, media_type, suffix)


def keep(photo: Photo, ledger: Path) -> Path:
    """Copies a photo into the ledger's folder, unless it is there already; it is on the disk when this returns.

    Raises:
        PhotoError: where what was written is not what was looked at.
        OSError: where it can't be read, or the folder can't be written.
    """
    folder = folder_of(ledger)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{photo.sha256}{photo.suffix}"
    if not (path.is_file() and _hash(path) == photo.sha256):
        _copy(photo, path)
    return path


def forget(sha256: str, ledger: Path) -> list[Path]:
    """Takes a photo out of the ledger's folder, and returns what was removed."""
    removed = list(folder_of(ledger).glob(f"{sha256}.*"))
    for path in removed:
        path.unlink()
    return removed


def _kind(source: Path, head: bytes) -> tuple[str, str]:
    for beginning, media_type, suffix in _BEGINNINGS:
        if beginning.match(head):
            return media_type, suffix
    raise PhotoError(
        f"{source} is no photo." if head else f"{source} is empty.",
        "Choose a JPEG, PNG, WebP, HEIC, AVIF, GIF or TIFF file.",
    )


def _copy(photo: Photo, path: Path) -> None:
    """Writes beside the place first, and checks what is there before it bears the name."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            for piece in _pieces(photo.source):
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        if _hash(draft) != photo.sha256:
            raise PhotoError(f"{photo.source} changed while it was being copied; nothing was logged.", "Try again.")
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    _sync(path.parent)


def _sync(folder: Path) -> None:
    """Makes sure that a name in a folder survives a loss of power, where the system has a way to."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _hash(path: Path) -> str:
    digest = hashlib.sha256()
    for piece in _pieces(path):
        digest.update(piece)
    return digest.hexdigest()


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE_BYTES):
            yield piece
