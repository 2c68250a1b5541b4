"""``ironledger signup``, ``login``, ``devices``, ``account``: who this ledger belongs to, and who may sync it."""

from __future__ import annotations

import os
import platform
import sys
from contextlib import suppress
from urllib.parse import urlsplit

import click
import msgspec

from client_sdk.cli.options import examples, json_option, with_replica
from client_sdk.cli.syncing import signed_in
from client_sdk.cli.words import counted, when
from client_sdk.errors import NotFoundError, OtherAccountError
from client_sdk.replica import Replica
from events.errors import MalformedError

PASSWORD_VARIABLE = "IRONLEDGER_PASSWORD"  # noqa: S105  # the name of a variable


def _address(text: str) -> str:
    with suppress(ValueError):
        parts = urlsplit(text)
        if parts.scheme in {"http", "https"} and parts.hostname:
            return text.rstrip("/")
    raise MalformedError(f"{text!r} is not the address of a server.", next_step="Write it as http://127.0.0.1:8765.")


_url = click.argument("url", type=_address, metavar="URL")
_name = click.option("--name", required=True, help="The account's name.")
_adopt = click.option("--adopt", is_flag=True, help="Let it take over a ledger of another account, all of it.")
_device = click.option("--device", default=platform.node() or "device", help="What to call this device.")


@click.command("signup", epilog=examples("ironledger signup http://127.0.0.1:8765 --name ada --device laptop"))
@_url
@_name
@_device
@_adopt
@with_replica
def signup_command(replica: Replica, /, *, url: str, name: str, device: str, adopt: bool) -> None:
    """Open an account on a server and sign this device in.

    The password is asked for, or taken from IRONLEDGER_PASSWORD. What is in the ledger already is synced with it.
    """
    if replica.store.local().account is not None and not adopt:
        raise OtherAccountError(
            "This ledger belongs to an account already.",
            "Log in to that one, choose a new file with --ledger, or, if that account is gone, add --adopt.",
        )
    from client_sdk.http import sign_up  # noqa: PLC0415  # heavy

    replica.require_writable()
    signed = sign_up(url, name=name, password=_password(confirm=True), device_name=device)
    replica.sign_in(url, signed, adopt=adopt)
    click.echo(f"Account {name} is open, and this device is signed in as {device}. Next: ironledger sync")


@click.command("login", epilog=examples("ironledger login http://127.0.0.1:8765 --name ada --device phone"))
@_url
@_name
@_device
@_adopt
@with_replica
def login_command(replica: Replica, /, *, url: str, name: str, device: str, adopt: bool) -> None:
    """Sign this device in to an account.

    The password is asked for, or taken from IRONLEDGER_PASSWORD.
    """
    from client_sdk.http import revoke, sign_in  # noqa: PLC0415  # heavy

    replica.require_writable()
    signed = sign_in(url, name=name, password=_password(), device_name=device)
    try:
        replica.sign_in(url, signed, adopt=adopt)
    except OtherAccountError:
        revoke(url, signed.token, signed.device)
        raise
    click.echo(f"Signed in to {name} as {device}. Next: ironledger sync")


@click.group(
    "devices",
    epilog=examples("ironledger devices", "ironledger devices revoke 1d6bc8e1"),
    invoke_without_command=True,
)
@json_option
@with_replica
def devices_command(replica: Replica, /, *, as_json: bool) -> None:
    """List the account's devices, or revoke one."""
    if click.get_current_context().invoked_subcommand is not None:
        return
    from client_sdk.http import devices  # noqa: PLC0415  # heavy

    listed = devices(*signed_in(replica))
    if as_json:
        click.echo(msgspec.json.encode(listed))
        return
    for device in listed:
        seen = when(device.last_seen, replica.offset_at(device.last_seen))
        state = "revoked" if device.revoked else "this one" if device.this_one else ""
        click.echo(f"{device.device}  {device.name:<20} last seen {seen}  {state}".rstrip())


@devices_command.command("revoke", epilog=examples("ironledger devices revoke 1d6bc8e1"))
@click.argument("device", metavar="ID")
@with_replica
def revoke_device(replica: Replica, /, *, device: str) -> None:
    """Take a device's token away: it can't sync any more. What it synced stays.

    ID is the device's, or the beginning or the end of it, or its name.
    """
    from client_sdk.http import devices, revoke  # noqa: PLC0415  # heavy

    server, token = signed_in(replica)
    found = [
        known
        for known in devices(server, token)
        if device == known.name or (device and (known.device.startswith(device) or known.device.endswith(device)))
    ]
    found = [known for known in found if not known.revoked] or found
    if len(found) != 1:
        what = "No device" if not found else "More than one device"
        raise NotFoundError(f"{what} is called {device!r}.", "`ironledger devices` lists them with their ids.")
    revoke(server, token, found[0].device)
    click.echo(f"Revoked {found[0].name}.")


@click.group("account", epilog=examples("ironledger account close"))
def account_command() -> None:
    """Close the account on its server."""


@account_command.command("close", epilog=examples("ironledger account close --yes"))
@click.option("--yes", is_flag=True, help="Don't ask: there is no way back.")
@with_replica
def close_account(replica: Replica, /, *, yes: bool) -> None:
    """Close the account for ever: the server keeps nothing of it.

    This ledger stays whole, and belongs to no account then; signing it up again brings all of it there. Other devices
    keep what they hold. Sync before, to have here what they wrote.
    """
    from client_sdk.http import close_account as close  # noqa: PLC0415  # heavy

    server, token = signed_in(replica)
    if not yes:
        click.confirm(f"Erase the account and all that {server} has of it, for ever?", abort=True, err=True)
    replica.require_writable()
    close(server, token)
    replica.sign_out()
    waiting = counted(replica.store.outbox_size(), "event")
    click.echo(f"The account is closed, and {server} has nothing of it any more.")
    click.echo(f"This ledger stays, with {waiting}. To sync it again: ironledger signup URL --name NAME")


def _password(*, confirm: bool = False) -> str:
    """The password of the environment, else the one that is typed."""
    if password := os.environ.get(PASSWORD_VARIABLE):
        return password
    if not sys.stdin.isatty():
        raise click.UsageError(f"No terminal to ask for the password on: set {PASSWORD_VARIABLE}.")
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=confirm, err=True))
