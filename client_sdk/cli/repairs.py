"""``ironledger repair``: a sound ledger out of a damaged one."""

from __future__ import annotations

import uuid
from contextlib import ExitStack

import click
import msgspec

from client_sdk.cli.options import examples, json_option, ledger_option, ledger_path
from client_sdk.cli.progress import working
from client_sdk.cli.syncing import say_that_it_waits
from client_sdk.cli.words import counted
from client_sdk.repair import Repairer, RepairSummary
from client_sdk.replica import system_clock
from client_sdk.store import Local
from events.protocol import SyncEndpoint


@click.command("repair", epilog=examples("ironledger repair", "ironledger repair --offline"))
@click.option("--offline", is_flag=True, help="Repair from this file alone, without the server's copy.")
@json_option
@ledger_option
def repair_command(*, offline: bool, as_json: bool) -> None:
    """Mend a damaged ledger: take what the server has, and keep all that only this file has.

    The damaged file stays, under another name. In a sound ledger, what was set aside is tried again.
    """
    with working("Repairing") as update, ExitStack() as connections:

        def connect(local: Local) -> SyncEndpoint:
            from client_sdk.http import HttpEndpoint  # noqa: PLC0415  # heavy
            from client_sdk.patience import Patient  # noqa: PLC0415  # as above

            endpoint = connections.enter_context(HttpEndpoint(local.server or "", local.token or ""))
            return Patient(endpoint, say_that_it_waits)

        repairer = Repairer(
            ledger_path(),
            clock=system_clock,
            draw=lambda: str(uuid.uuid4()),
            endpoint=None if offline else connect,
            progress=update,
        )
        summary = repairer.run()
    if as_json:
        click.echo(msgspec.json.encode(summary))
        return
    for line in _lines(summary, offline=offline):
        click.echo(line)


def _lines(summary: RepairSummary, *, offline: bool) -> list[str]:
    lines = []
    if summary.sound:
        lines.append("Sound: there is nothing to repair.")
        if summary.returned:
            lines.append(
                f"{counted(summary.returned, 'event')} that had been set aside counts again, or is sent again."
            )
    else:
        taken = f", {summary.from_server:,} more taken from the server" if not offline and summary.signed_in else ""
        lines.append(f"Repaired: {counted(summary.salvaged, 'event')} salvaged{taken}.")
        if summary.written_again:
            lines.append(
                f"{counted(summary.written_again, 'event')} stood behind a gap and"
                f" {'has' if summary.written_again == 1 else 'have'} a new place."
            )
    if summary.set_aside:
        lines.append(f"{counted(len(summary.set_aside), 'event')} set aside, and not counted:")
        lines += [_named(row) for row in summary.set_aside]
    if summary.damaged_file is not None:
        lines.append(f"The damaged file is kept as {summary.damaged_file}, with all its words and its token.")
    if not summary.sound:
        next_step = (
            "`ironledger sync`" if summary.signed_in else "`ironledger login URL --name NAME`, if you have an account"
        )
        lines.append(f"This file goes on under a new replica id. Next: {next_step}.")
    return lines


def _named(row: dict[str, object]) -> str:
    names = [f"event {row['event']}" if row["event"] else "an event"]
    if row["replica"]:
        names.append(f"number {row['seq']} of replica {row['replica']}")
    return f"  {', '.join(names)}: {row['message']}"
