"""``ironledger export``: the whole ledger, its sessions as another app writes them, or reports for the trainer."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec

from client_sdk.cli.options import examples, ledger_path, with_replica
from client_sdk.cli.progress import working
from client_sdk.cli.words import counted
from client_sdk.exporters import EXPORTERS, Exported
from client_sdk.exporters import export as export_sessions
from client_sdk.ledger_file import beside
from client_sdk.replica import Replica
from events import Record
from events.catalogue import catalogue
from events.envelope import encode_event


@click.command(
    "export",
    epilog=examples(
        "ironledger export history.ndjson",
        "ironledger export --format hevy workouts.csv",
        "ironledger export --for-trainer training.md",
    ),
)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), required=False)
@click.option(
    "--format",
    "app",
    type=click.Choice([exporter.app for exporter in EXPORTERS]),
    help="Write the sessions as this app writes them, as CSV.",
)
@click.option("--unit", type=click.Choice(["kg", "lb"]), help="With --format: the unit of loads; by itself yours.")
@click.option("--for-trainer", is_flag=True, help="Write the reports and notes to read: FILE.md or FILE.html.")
@click.option("--force", is_flag=True, help="Overwrite the file if there is one.")
@with_replica
def export_command(  # noqa: PLR0913  # each option is one thing that can be said
    replica: Replica,
    /,
    *,
    file: Path | None,
    app: str | None,
    unit: str | None,
    for_trainer: bool,
    force: bool,
) -> None:
    """Write the whole ledger out as NDJSON: the synced records in order, then those that wait.

    With --format, the sessions as CSV of another app, and what that can't hold is told; with --for-trainer, one file
    to read. To standard output, unless a FILE is named.
    """
    if app is not None and for_trainer:
        raise click.UsageError("--format and --for-trainer are two files: ask for one after the other.")
    if unit is not None and app is None:
        raise click.UsageError("--unit is the unit of loads in another app's file: it goes with --format.")
    if for_trainer and (file is None or file.suffix not in {".md", ".html"}):
        raise click.UsageError("Name the file for the trainer: training.md or training.html.")
    if file is not None:
        _require_free(file, force=force)
    if app is not None:
        _sessions(replica, file, app, unit)
    elif for_trainer and file is not None:
        from client_sdk.cli import trainer  # noqa: PLC0415  # heavy, and the other exports do without

        _put(file, [trainer.for_trainer(replica, file)])
        click.echo(f"Reports and notes written to {file}.")
    else:
        count = _put(file, _frames(replica))
        if file is not None:
            click.echo(f"{counted(count, 'record')} written to {file}.")


def _sessions(replica: Replica, file: Path | None, app: str, unit: str | None) -> None:
    """The sessions as CSV, and what the file can't hold."""
    view = replica.ledger().view
    with working("Writing"):
        chosen = unit or view.profile.units or "kg"
        exported = export_sessions(view, app, "lb" if chosen == "lb" else "kg", catalogue())
    _put(file, [exported.data])
    if file is not None:
        click.echo(f"{counted(exported.sessions, 'session')}, {counted(exported.sets, 'set')} written to {file}.")
    for line in _left_out(exported):
        click.echo(line, err=file is None)


def _left_out(exported: Exported) -> Iterator[str]:
    if exported.left_out:
        yield "What the file can't hold stays in your ledger:"
        for what, number in exported.left_out.items():
            yield f"  {number:,} × {what}"


def _require_free(file: Path, *, force: bool) -> None:
    """Makes sure that nothing is overwritten that nobody said may be.

    Raises:
        FileError: where something would be.
    """
    own = (beside(ledger_path(), suffix) for suffix in ("", "-wal", "-shm"))
    if file.exists() and any(part.exists() and file.samefile(part) for part in own):
        raise click.FileError(str(file), "it is the ledger itself; name another file")
    if file.exists() and not force:
        raise click.FileError(str(file), "it is there already; add --force to overwrite it")


def _put(file: Path | None, chunks: Iterator[bytes] | list[bytes]) -> int:
    """Writes to a file, or to standard output, and counts the chunks.

    Raises:
        FileError: where the file can't be written.
    """
    if file is None:
        return sum(bool(sys.stdout.buffer.write(chunk)) for chunk in chunks)
    try:
        return _put_whole(file, chunks)
    except OSError as error:
        raise click.FileError(str(file), f"{error.strerror}") from error


def _put_whole(file: Path, chunks: Iterator[bytes] | list[bytes]) -> int:
    """Writes the export beside its place and then moves it there: what was there stays until the new one is whole."""
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}-")
    made, count = Path(name), 0
    try:
        with os.fdopen(handle, "wb") as stream:
            for chunk in chunks:
                stream.write(chunk)
                count += 1
            stream.flush()
            os.fsync(stream.fileno())
        made.replace(file)
    except BaseException:
        made.unlink(missing_ok=True)
        raise
    return count


def _frames(replica: Replica) -> Iterator[bytes]:
    """The records of the ledger, one a line."""
    for record in _records(replica):
        stamp = (record.stamp.received, record.stamp.skew) if record.stamp is not None else (None, None)
        frame = {"position": record.position, "received": stamp[0], "skew": stamp[1]}
        yield msgspec.json.encode(frame | {"event": msgspec.Raw(encode_event(record.event))}) + b"\n"


def _records(replica: Replica) -> Iterator[Record]:
    with replica.store.snapshot():
        yield from replica.store.records()
        for _, record in replica.store.pending():
            yield record
