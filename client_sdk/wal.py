"""SQLite's write-ahead log as bytes: what SQLite itself no longer reads of one that is damaged.

    header, 32 bytes: magic, version, page size, number, two salts, checksum
    frames: 24 bytes (page, pages of the file where it commits, else 0; the salts; a checksum over all so far), a page

SQLite reads up to the first frame whose checksum fails and writes over the rest. After a power cut, that is what was
never acknowledged; after damage, it may be what was.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

HEADER_BYTES = 32
FRAME_HEADER_BYTES = 24
DEFAULT_PAGE_BYTES = 4096

_MOST_BYTES = 256 * 1024 * 1024


def lost_commits(path: Path) -> bool:
    """Whether the log beside a database has commits behind the end up to which SQLite reads it.

    A connection to the database must be open: SQLite notes where that end is when it first reads.
    """
    try:
        log = path.with_name(path.name + "-wal").read_bytes()
        index = path.with_name(path.name + "-shm").read_bytes()[:48]
    except OSError:
        return False  # no log, or no index of it: then nobody reads it
    if len(log) <= HEADER_BYTES or len(index) < 48 or len(log) > _MOST_BYTES:  # noqa: PLR2004  # its header
        return False
    (read,) = struct.unpack("=I", index[16:20])
    salts = index[32:40]
    if sound_header(log):
        if log[16:24] != salts:
            return False  # all of it is in the file, and the next commit begins a new log
    elif not read:
        return any(frame.commits for frame in frames_of(log))
    return any(frame.commits and _alike(frame.salts, salts) for frame in list(frames_of(log))[read:])


def _alike(salts: bytes, others: bytes) -> bool:
    """Whether they are the same but for a little damage: salts that were drawn anew differ in most bytes."""
    return sum(one == other for one, other in zip(salts, others, strict=True)) >= 6  # noqa: PLR2004  # of eight


class Frame:
    """One page in the log."""

    __slots__ = ("commits", "end", "page", "salts", "start")

    def __init__(self, log: bytes, start: int, end: int) -> None:
        self.page, pages = struct.unpack(">II", log[start : start + 8])
        self.commits = pages > 0
        self.salts = log[start + 8 : start + 16]
        self.start, self.end = start + FRAME_HEADER_BYTES, end


def frames_of(log: bytes) -> Iterator[Frame]:
    """The whole frames of a log."""
    size = FRAME_HEADER_BYTES + page_bytes(log[8:12])
    for start in range(HEADER_BYTES, len(log) - size + 1, size):
        yield Frame(log, start, start + size)


def page_bytes(field: bytes) -> int:
    """The page size of a header; that which every ledger has where the header is damaged."""
    size = int.from_bytes(field, "big")
    return size if 512 <= size <= 32768 and size & (size - 1) == 0 else DEFAULT_PAGE_BYTES  # noqa: PLR2004  # SQLite's


def sound_header(log: bytes) -> bool:
    """Whether the header's checksum is that of what it says."""
    if len(log) < HEADER_BYTES or log[:4] not in {b"\x37\x7f\x06\x82", b"\x37\x7f\x06\x83"}:
        return False
    order = ">" if log[3] & 1 else "<"
    first = second = 0
    words = struct.unpack(f"{order}6I", log[:24])
    for left, right in zip(words[::2], words[1::2], strict=True):
        first = (first + left + second) & 0xFFFFFFFF
        second = (second + right + first) & 0xFFFFFFFF
    return struct.pack(">II", first, second) == log[24:32]
