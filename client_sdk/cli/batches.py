"""``ironledger import --list`` and ``--undo``: imports, each as a whole."""

from __future__ import annotations

import sys

import click
import msgspec

from client_sdk.batches import Amount, Batch, batches, last_batch
from client_sdk.cli.apps import app_title
from client_sdk.cli.naming import LAST, find_fact
from client_sdk.cli.words import counted, short, when
from client_sdk.errors import NotFoundError
from client_sdk.replica import Replica


def list_batches(replica: Replica, *, as_json: bool) -> None:
    """Shows the imports, the latest first."""
    there = batches(replica.ledger().facts)
    if as_json:
        click.echo(msgspec.json.encode([_row(batch) for batch in there]))
        return
    if not there:
        click.echo("Nothing was ever imported into this ledger.")
    for batch in there:
        told = in_words(batch.told) or f"{counted(batch.corrections, 'correction')}"
        click.echo(f"#{short(batch.id)}  {_title(batch)}: {told}{', undone' if batch.undone else ''}")


def undo_batch(replica: Replica, name: str, *, confirmed: bool, as_json: bool) -> None:
    """Takes an import back as a whole: the last one, or the one of these letters.

    Raises:
        NotFoundError: where there is none, or it is taken back already.
        MalformedError: where the letters are too few, or those of several.
    """
    batch = _found(replica, name)
    goes = in_words(batch.counting) or "nothing that counts"
    if not confirmed and sys.stdin.isatty():
        click.confirm(f"Undo the import {_title(batch)}: {goes}?", abort=True, err=True)
    replica.void(batch.id)
    if as_json:
        click.echo(msgspec.json.encode(_row(batch, undone=True)))
        return
    click.echo(f"Undone: the import {_title(batch)}.")
    click.echo(f"Out of every report: {goes}.")
    if batch.corrections:
        stay = "correction stays" if batch.corrections == 1 else "corrections stay"
        click.echo(f"{batch.corrections:,} {stay}: import the earlier file again to have that as it was.")
    click.echo(f"To take it back: ironledger restore {short(batch.id)}")


def in_words(amount: Amount) -> str:
    """``412 sets in 30 sessions and 8 measurements``; empty for nothing."""
    training = f"{counted(amount.sets, 'set')} in {counted(amount.sessions, 'session')}"
    parts = [training] * bool(amount.sets or amount.sessions)
    parts += [counted(amount.measurements, "measurement")] * bool(amount.measurements)
    return " and ".join(parts)


def _found(replica: Replica, name: str) -> Batch:
    facts = replica.ledger().facts
    if name.lower() == LAST:
        return last_batch(facts)
    found = find_fact(replica, name)
    batch = next((batch for batch in batches(facts) if batch.id == found.id), None)
    if batch is None:
        raise NotFoundError(
            f"{found.words} is no import.", "`ironledger import --list` shows imports and their names."
        )
    if batch.undone:
        raise NotFoundError(
            f"The import {_title(batch)} is undone already.",
            f"`ironledger restore {short(batch.id)}` brings it back.",
        )
    return batch


def _title(batch: Batch) -> str:
    return f"from {app_title(batch.app)} of {when(batch.at, batch.offset)}"


def _row(batch: Batch, *, undone: bool | None = None) -> dict[str, object]:
    amount = batch.told if batch.undone else batch.counting
    return {
        "import": batch.id,
        "app": batch.app,
        "dialect": batch.dialect,
        "at": batch.at,
        **msgspec.structs.asdict(amount),
        "corrections": batch.corrections,
        "undone": batch.undone if undone is None else undone,
    }
