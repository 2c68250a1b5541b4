"""``ironledger sync``: push what waits, pull what others wrote."""

from __future__ import annotations

import click
import msgspec

from client_sdk.cli.options import examples, json_option, with_replica
from client_sdk.cli.progress import working
from client_sdk.cli.words import counted
from client_sdk.errors import NotSignedInError
from client_sdk.replica import Replica


@click.command("sync", epilog=examples("ironledger sync"))
@json_option
@with_replica
def sync_command(replica: Replica, /, *, as_json: bool) -> None:
    """Bring this ledger and the server's together."""
    server, token = signed_in(replica)
    from client_sdk.http import HttpEndpoint  # noqa: PLC0415  # heavy

    with HttpEndpoint(server, token) as endpoint, working("Syncing") as update:
        summary = replica.sync(endpoint, update)
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
    if summary.renamed:
        click.echo("There is a copy of this ledger file: this one goes on under a new replica id.")


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
