"""Events out of the rows of a ledger file, which may be damaged."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from client_sdk.errors import DamagedLedgerError
from client_sdk.store import Ref
from events import Event, Stamp
from events.envelope import stored_event

UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, TypeError)
"""What ``stored_event`` and ``read_stamp`` raise at a damaged row."""


def read_event(path: Path, where: str, ref: Ref, kept: bytes, stamp: tuple[Any, Any] = (None, None)) -> Event:
    """The event of a row of the file, whose stamp has been looked at too.

    Args:
        path: The file.
        where: The place of the row, as ``position 17``.
        ref: The place in its chain, as the row has it.
        kept: The event's bytes.
        stamp: ``received`` and ``skew`` as the row has them.

    Raises:
        DamagedLedgerError: where one of the two can't be read.
    """
    try:
        if stamp != (None, None):
            read_stamp(*stamp)
        return stored_event(kept)
    except UNREADABLE as error:
        raise unreadable(path, f"event at {where}", ref) from error


def read_stamp(received: object, skew: object) -> Stamp:
    """The stamp of a row of the file.

    Raises:
        TypeError: where it is none.
    """
    if type(received) is int and type(skew) is int:
        return Stamp(received, skew)
    raise TypeError("no stamp")


def unreadable(path: Path, what: str, ref: Ref) -> DamagedLedgerError:
    """That a row of the file can't be read, which is that of an event at a place of its chain."""
    replica, seq = ref
    return damaged(path, f"The {what}, {seq} of replica {replica}, can't be read")


def damaged(path: Path, sentence: str) -> DamagedLedgerError:
    """What is wrong with the file."""
    return DamagedLedgerError(f"{sentence}: {path} is damaged.")
