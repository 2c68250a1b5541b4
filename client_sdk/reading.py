"""Events out of the rows of a ledger file, which may be damaged."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from client_sdk.errors import DamagedLedgerError
from client_sdk.store import Ref
from events import Event
from events.envelope import stored_event


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
    replica, seq = ref
    if stamp != (None, None) and not (type(stamp[0]) is int and type(stamp[1]) is int):
        raise damaged(path, f"The stamp at {where}, of event {seq} of replica {replica}, can't be read")
    try:
        return stored_event(kept)
    except (msgspec.MsgspecError, UnicodeDecodeError, TypeError) as error:
        raise damaged(path, f"The event at {where}, {seq} of replica {replica}, can't be read") from error


def damaged(path: Path, sentence: str) -> DamagedLedgerError:
    """What is wrong with the file."""
    return DamagedLedgerError(f"{sentence}: {path} is damaged.")
