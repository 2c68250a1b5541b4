"""``ironledger sync``: push what waits, pull what others wrote."""

from __future__ import annotations

import math
import sys
from contextlib import suppress

import click
import msgspec

from client_sdk.cli.options import examples, json_option, with_replica
from client_sdk.cli.progress import working
from client_sdk.cli.words import clock_distance, counted
from client_sdk.errors import NotSignedInError
from client_sdk.replica import Replica
from events.errors import IronledgerError


@click.command("sync", epilog=examples("ironledger sync"))
@json_option
@with_replica
def sync_command(replica: Replica, /, *, as_json: bool) -> None:
    """Bring this ledger and the server's together."""
    server, token = signed_in(replica)
    from client_sdk.http import HttpEndpoint  # noqa: PLC0415  # heavy
    from client_sdk.patience import Patient  # noqa: PLC0415  # as above

    with HttpEndpoint(server, token) as endpoint, working("Syncing") as update:
        summary = replica.sync(Patient(endpoint, say_that_it_waits), update)
    _learn_names(replica, server, token)
    if as_json:
        click.echo(msgspec.json.encode(summary))
        return
    click.echo(
        f"Synced: {counted(summary.pushed, 'event')} sent, {counted(summary.pulled, 'record')} received;"
        f" the ledger holds {summary.head:,}."
    )
    if summary.set_aside:
        click.echo(
            f"{counted(summary.set_aside, 'event')} could not be sent and"
            f" {'was' if summary.set_aside == 1 else 'were'} set aside: `ironledger report problems` tells why."
        )
    if (open_matters := matters(replica)) is not None:
        click.echo(open_matters)
    if summary.renamed:
        click.echo("There is a copy of this ledger file: this one goes on under a new replica id.")
    if summary.clock_error_ms:
        off = f"{clock_distance(summary.clock_error_ms)} {'ahead' if summary.clock_error_ms > 0 else 'behind'}"
        corrected = " The days of what it sent were corrected by that." if summary.pushed else ""
        click.echo(f"This device's clock is {off}: set it right.{corrected}")


def say_that_it_waits(seconds: float) -> None:
    """Tells a person who watches that the server is busy."""
    if sys.stderr.isatty():
        click.echo(f"The server is busy: trying again in {math.ceil(seconds)} s.", err=True)


def signed_in(replica: Replica) -> tuple[str, str]:
    """The server and the token of this ledger.

    Raises:
        NotSignedInError: where it has none.
    """
    local = replica.store.local()
    if local.server is None or local.token is None:
        raise NotSignedInError(
            "This ledger is not signed in.",
            "Run `ironledger login URL --name NAME`, or `ironledger signup URL --name NAME` for a new account.",
        )
    return local.server, local.token


def matters(replica: Replica) -> str | None:
    """How many conflicts and problems there are, in a line with the commands that show them; None where none is."""
    found = [
        f"{counted(number, thing)} (`{command}`)"
        for thing, command in (("conflict", "ironledger conflicts"), ("problem", "ironledger report problems"))
        if (number := len(replica.report(f"{thing}s")[f"{thing}s"]))
    ]
    return f"To look at: {' and '.join(found)}." if found else None


def _learn_names(replica: Replica, server: str, token: str) -> None:
    """Asks what devices are called, where a replica has written that has no name here; a sync can do without."""
    if replica.store.tips().keys() - replica.store.names().keys():
        from client_sdk.http import devices  # noqa: PLC0415  # heavy

        with suppress(IronledgerError):
            replica.store.remember_names(
                {name: device.name for device in devices(server, token) for name in device.replicas}
            )
