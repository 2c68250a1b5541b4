"""``ironledger status``, ``verify`` and ``export``: where the ledger stands, whether it is sound, and all of it."""

from __future__ import annotations

import os
import sys
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import click
import msgspec

from client_sdk.cli.options import examples, json_option, ledger_option, ledger_path, with_replica
from client_sdk.cli.progress import working
from client_sdk.cli.syncing import matters
from client_sdk.cli.words import counted, when
from client_sdk.ledger_file import beside
from client_sdk.repair import inspect
from client_sdk.replica import Replica
from client_sdk.verification import Finding
from events import Record
from events.envelope import encode_event


@click.command("status", epilog=examples("ironledger status --json"))
@json_option
@with_replica
def status_command(replica: Replica, /, *, as_json: bool) -> None:
    """Show where this ledger stands: what it holds, what waits to be synced, and with whom."""
    status = replica.status()
    if as_json:
        click.echo(msgspec.json.encode(status))
        return
    local = replica.store.local()
    synced = local.last_sync
    rows = (
        ("Ledger", str(ledger_path())),
        ("Replica", status["replica"]),
        ("Server", local.server or "none: `ironledger signup URL` or `login URL` signs in"),
        ("Last sync", "never" if synced is None else when(synced, replica.offset_at(synced))),
        ("Synced", f"{counted(status['head'], 'record')}, ledger hash {status['head_hash'][:16]}…"),
        ("Waiting", f"{counted(status['outbox'], 'event')} to be synced"),
        ("Digest", f"{status['digest'][:16]}…"),
    )
    for name, value in rows:
        click.echo(f"{name:<10} {value}")
    if (open_matters := matters(replica)) is not None:
        click.echo(open_matters)


@click.command("verify", epilog=examples("ironledger verify"))
@json_option
@ledger_option
def verify_command(*, as_json: bool) -> None:
    """Check every event, hash chain and position, and the file itself; exit status 1 where one doesn't hold."""
    with working("Verifying"):
        verified = inspect(ledger_path(), str(uuid.uuid4()))
    if as_json:
        click.echo(msgspec.json.encode(verified))
    elif verified.ok:
        chains = counted(verified.replicas, "chain")
        click.echo(f"Sound: {counted(verified.events, 'event')} in {chains}, ledger hash {verified.head_hash[:16]}…")
    else:
        for problem in verified.problems:
            click.echo(_in_words(problem), err=True)
        click.echo("Run `ironledger repair`: it keeps this file, and all in it that can be read.", err=True)
    click.get_current_context().exit(0 if verified.ok else 1)


@click.command("export", epilog=examples("ironledger export history.ndjson"))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), required=False)
@click.option("--force", is_flag=True, help="Overwrite the file if there is one.")
@with_replica
def export_command(replica: Replica, /, *, file: Path | None, force: bool) -> None:
    """Write the whole ledger out as NDJSON: the synced records in order, then those that wait.

    To standard output, unless a FILE is named.
    """
    if file is None:
        _write(replica, sys.stdout.buffer)
        return
    own = (beside(ledger_path(), suffix) for suffix in ("", "-wal", "-shm"))
    if file.exists() and any(part.exists() and file.samefile(part) for part in own):
        raise click.FileError(str(file), "it is the ledger itself; name another file")
    if file.exists() and not force:
        raise click.FileError(str(file), "it is there already; add --force to overwrite it")
    try:
        count = _write_whole(replica, file)
    except OSError as error:
        raise click.FileError(str(file), f"{error.strerror}") from error
    click.echo(f"{counted(count, 'record')} written to {file}.")


def _write_whole(replica: Replica, file: Path) -> int:
    """Writes the export beside its place and then moves it there: what was there stays until the new one is whole."""
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}-")
    made = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            count = _write(replica, stream)
            stream.flush()
            os.fsync(stream.fileno())
        made.replace(file)
    except BaseException:
        made.unlink(missing_ok=True)
        raise
    return count


def _in_words(finding: Finding) -> str:
    """What does not hold, behind where."""
    where = []
    if finding.position is not None:
        where.append(f"position {finding.position}")
    if finding.event is not None:
        where.append(f"event {finding.event}")
    if finding.replica is not None:
        where.append(f"number {finding.seq} of replica {finding.replica}")
    return f"{', '.join(where).capitalize()}: {finding.message}" if where else finding.message


def _write(replica: Replica, stream: BinaryIO) -> int:
    count = 0
    for record in _records(replica):
        stamp = (record.stamp.received, record.stamp.skew) if record.stamp is not None else (None, None)
        frame = {"position": record.position, "received": stamp[0], "skew": stamp[1]}
        stream.write(msgspec.json.encode(frame | {"event": msgspec.Raw(encode_event(record.event))}) + b"\n")
        count += 1
    return count


def _records(replica: Replica) -> Iterator[Record]:
    with replica.store.snapshot():
        yield from replica.store.records()
        for _, record in replica.store.pending():
            yield record
