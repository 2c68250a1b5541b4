"""``ironledger status`` and ``verify``: where the ledger stands, and whether it is sound."""

from __future__ import annotations

import uuid

import click
import msgspec

from client_sdk.cli.options import examples, json_option, ledger_option, ledger_path, with_replica
from client_sdk.cli.progress import working
from client_sdk.cli.syncing import matters
from client_sdk.cli.words import counted, when
from client_sdk.repair import inspect
from client_sdk.replica import Replica
from client_sdk.verification import Finding


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
