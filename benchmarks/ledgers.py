"""Ledger files of so many events, as a replica has them that synced and folded."""

from __future__ import annotations

from pathlib import Path

from benchmarks.history import REPLICA, records
from client_sdk import Replica
from client_sdk.store import Pulled

PAGE = 2_000


def ledger_file(folder: Path, events: int) -> Path:
    """A file with a ledger of so many events, and the checkpoint of its fold."""
    path = folder / f"{events}.ledger"
    with Replica.open(path) as replica:
        page: list[Pulled] = []
        for position, stamp, ledger_hash, made in records(events):
            page.append(Pulled(position=position, stamp=stamp, event=made.event, kept=made.kept))
            if len(page) == PAGE or position == events:
                cursor = f"{position}.{ledger_hash.hex()}"
                replica.store.advance(
                    replica.store.local(), page, cursor=cursor, head_hash=ledger_hash, now=stamp.received
                )
                page = []
        assert replica.store.tips()[REPLICA].seq == events
        replica.ledger()
    return path
