"""Ledger files of so many events, as a replica has them that synced and folded."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.history import REPLICA, records
from client_sdk import Replica
from client_sdk.store import Pulled
from events.protocol import MAX_PAGE


def ledger_file(folder: Path, events: int) -> Path:
    """A file with a ledger of so many events, and the checkpoint of its fold; made once, and then copied."""
    made = _made(events)
    return Path(shutil.copy(made, folder / made.name))


@cache
def _made(events: int) -> Path:
    path = Path(_folder().name) / f"{events}.ledger"
    with Replica.open(path) as replica:
        page: list[Pulled] = []
        for position, stamp, ledger_hash, made in records(events):
            page.append(Pulled(position=position, stamp=stamp, event=made.event, kept=made.kept))
            if len(page) == MAX_PAGE or position == events:
                cursor = f"{position}.{ledger_hash.hex()}"
                replica.store.advance(
                    replica.store.local(), page, cursor=cursor, head_hash=ledger_hash, now=stamp.received
                )
                page = []
        assert events == 0 or replica.store.tips()[REPLICA].seq == events
        replica.ledger()
    return path


@cache
def _folder() -> TemporaryDirectory[str]:
    """Where they are kept until the process ends."""
    return TemporaryDirectory()
