"""SQLite's write-ahead log as bytes: what SQLite itself no longer reads of one that is damaged.

    header, 32 bytes: magic, version, page size, number, two salts, checksum
    frames: 24 bytes (page, pages of the file where it commits, else 0; the salts; a checksum over all so far), a page

SQLite reads up to the last commit before the first frame whose checksum fails, and writes over the rest. After a
power cut, that is what was never acknowledged; after damage, it may be what was.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

HEADER_BYTES = 32
FRAME_HEADER_BYTES = 24
DEFAULT_PAGE_BYTES = 4096

_MOST_BYTES = 256 * 1024 * 1024


def unread(path: Path) -> bytes:
    """What follows, in the log beside a database, behind the last frame that is sound, up to the last commit.

    That is damage, or what a process left that was killed while it committed: then the next commit of another one
    has overwritten its beginning. A connection to the database must be open: SQLite notes how far it reads.
    """
    try:
        log = path.with_name(path.name + "-wal").read_bytes()
        index = path.with_name(path.name + "-shm").read_bytes()[:48]
    except OSError:
        return b""  # no log, or no index of it: then nobody reads it
    if len(log) <= HEADER_BYTES or len(index) < 48 or len(log) > _MOST_BYTES:  # noqa: PLR2004  # its header
        return b""
    (read,) = struct.unpack("=I", index[16:20])
    frames = list(frames_of(log))
    salts = index[32:40]
    if sound_header(log):
        if log[16:24] != salts:
            return b""  # all of it is in the file, and the next commit begins a new log
        current = struct.unpack("=II", index[24:32]) if read else struct.unpack(">II", log[24:32])
        order = ">" if log[3] & 1 else "<"
        while read < len(frames) and frames[read].salts == salts:
            frame = frames[read]
            begun = frame.start - FRAME_HEADER_BYTES
            summed = log[begun : begun + 8] + log[frame.start : frame.end]
            current = _checksum(summed, order, current)
            if struct.pack(">II", *current) != log[frame.start - 8 : frame.start]:
                break
            read += 1
    behind = [frame for frame in frames[read:] if not read or _alike(frame.salts, salts)]
    last = max((number for number, frame in enumerate(behind) if frame.commits), default=-1)
    return b"".join(log[frame.start : frame.end] for frame in behind[: last + 1])


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
    return struct.pack(">II", *_checksum(log[:24], order, (0, 0))) == log[24:32]


def _checksum(content: bytes, order: str, begun: tuple[int, ...]) -> tuple[int, int]:
    """SQLite's checksum over content, going on from another."""
    first, second = begun
    words = struct.unpack(f"{order}{len(content) // 4}I", content)
    for left, right in zip(words[::2], words[1::2], strict=True):
        first = (first + left + second) & 0xFFFFFFFF
        second = (second + right + first) & 0xFFFFFFFF
    return first, second
