"""Memory and disk."""

from __future__ import annotations

import asyncio
import sqlite3
import statistics
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.figures import Bar, Figure, compared
from benchmarks.history import Kept, chain
from benchmarks.ingesting import BATCH
from benchmarks.ledgers import ledger_file
from benchmarks.serving import Serving, serving

MEGABYTE = 1_000_000
SERVER_MB, REPLICA_MB = 250, 200
ROOT = Path(__file__).parents[1]

_REPLICA = """
import sys
from client_sdk import Replica
from projections.ledger import REPORTS
with Replica.open(sys.argv[1]) as replica:
    for name in REPORTS:
        replica.report(name)
    print(open("/proc/self/status").read().partition("VmRSS:")[2].split()[0])
"""


def server(events: int = 200_000, accounts: int = 100, runs: int = 3) -> list[Figure]:
    """The server's memory after it took in so many events of so many accounts, and its file, per canonical byte."""
    each = chain(events // accounts)
    held = accounts * sum(len(made.kept) for made in each)
    measured = [_taken_in(each, accounts) for _ in range(runs)]
    resident, size = (statistics.median(figures) for figures in zip(*measured, strict=True))
    return [
        compared(f"memory, server ({events:,})", resident / MEGABYTE, SERVER_MB, "MB", Bar("<=", 1)),
        compared("memory, server, beside its events", resident / MEGABYTE, held / MEGABYTE, "MB", Bar("told")),
        compared("disk, server, bytes an event", size / events, held / events, "bytes", Bar("<=", 1.5)),
    ]


def replica(events: int = 100_000, runs: int = 3) -> list[Figure]:
    """A replica's memory with all reports made, and its file, per canonical byte."""
    held = sum(len(made.kept) for made in chain(events))
    with TemporaryDirectory() as folder:
        path = ledger_file(Path(folder), events)
        size = path.stat().st_size
        resident = statistics.median(reported(path) for _ in range(runs))
    return [
        compared(f"memory, replica ({events:,})", resident / MEGABYTE, REPLICA_MB, "MB", Bar("<=", 1)),
        compared("memory, replica, beside its events", resident / MEGABYTE, held / MEGABYTE, "MB", Bar("told")),
        compared("disk, replica, bytes an event", size / events, held / events, "bytes", Bar("<=", 2)),
    ]


def reported(path: Path) -> int:
    """The bytes of memory of a process that opened a ledger and made all of its reports."""
    said = subprocess.run(  # noqa: S603  # our own code
        [sys.executable, "-c", _REPLICA, str(path)], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return int(said.stdout) * 1024


def resident_bytes(pid: int) -> int:
    """The bytes of memory that a process holds."""
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    return int(status.partition("VmRSS:")[2].split()[0]) * 1024


def file_bytes(file: Path) -> int:
    """The size of a database with all in its pages that its log has yet to bring there, who ever has it open."""
    with closing(sqlite3.connect(file)) as database:
        (pages,) = database.execute("PRAGMA page_count").fetchone()
        (each,) = database.execute("PRAGMA page_size").fetchone()
    return int(pages) * int(each)


def _taken_in(events: Sequence[Kept], accounts: int) -> tuple[int, int]:
    """The bytes of memory and of disk of a new server that took in these events for each of so many accounts."""
    with TemporaryDirectory() as folder, serving(Path(folder)) as running:
        asyncio.run(_filled(running, events, accounts))
        return resident_bytes(running.pid), file_bytes(running.database)


async def _filled(running: Serving, events: Sequence[Kept], accounts: int) -> None:
    for number in range(accounts):
        device = await running.sign_up(f"many{number}")
        await device.push_all(events, BATCH)
        device.close()
