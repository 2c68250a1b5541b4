"""Memory and disk."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.figures import Bar, Figure, compared
from benchmarks.history import chain
from benchmarks.ledgers import ledger_file
from benchmarks.serving import Reply, Serving, push, serving

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


def server(events: int = 200_000, accounts: int = 100) -> list[Figure]:
    """The server's memory after it took in so many events of so many accounts, and its file, per canonical byte."""
    each = events // accounts
    held = accounts * sum(len(made.kept) for made in chain(each))
    with TemporaryDirectory() as folder:
        with serving(Path(folder)) as running:
            asyncio.run(_filled(running, accounts, each))
            resident = _resident(running.pid)
        file = running.data / "server.db"
        database = sqlite3.connect(file)
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.close()
        size = file.stat().st_size
    return [
        compared(f"memory, server ({events:,})", resident, SERVER_MB * MEGABYTE, "bytes", Bar("<=", 1)),
        compared("disk, server, bytes an event", size / events, held / events, "bytes", Bar("<=", 1.5)),
    ]


def replica(events: int = 100_000) -> list[Figure]:
    """A replica's memory with all reports made, and its file, per canonical byte."""
    held = sum(len(made.kept) for made in chain(events))
    with TemporaryDirectory() as folder:
        path = ledger_file(Path(folder), events)
        size = path.stat().st_size
        said = subprocess.run(  # noqa: S603  # our own code
            [sys.executable, "-c", _REPLICA, str(path)], capture_output=True, text=True, check=True, cwd=ROOT
        )
    resident = int(said.stdout) * 1024
    return [
        compared(f"memory, replica ({events:,})", resident, REPLICA_MB * MEGABYTE, "bytes", Bar("<=", 1)),
        compared("disk, replica, bytes an event", size / events, held / events, "bytes", Bar("<=", 2)),
    ]


async def _filled(running: Serving, accounts: int, each: int) -> None:
    events = list(chain(each))
    for number in range(accounts):
        connection = running.connection()
        account = await connection.sign_up(f"many{number}")
        reply = Reply("0", 0)
        for start in range(0, each, 500):
            reply = await push(connection, account, events[start : start + 500], reply.cursor)
        connection.close()


def _resident(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    return int(status.partition("VmRSS:")[2].split()[0]) * 1024
