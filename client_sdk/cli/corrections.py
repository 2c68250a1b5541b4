"""``ironledger correct``, ``void`` and ``restore``: nothing is overwritten, and all of it can be taken back.

Only ``erase`` can't: it is for words that nobody should have read.
"""

from __future__ import annotations

from pathlib import Path

import click

from client_sdk.cli.fields import changes_of
from client_sdk.cli.naming import find_edits, find_fact, target
from client_sdk.cli.options import examples, ledger_path, really_option, with_replica
from client_sdk.cli.spelling import assignments
from client_sdk.cli.words import counted
from client_sdk.errors import NotFoundError
from client_sdk.photos import forget
from client_sdk.replica import Replica
from events import Body
from events.body import PhotoAttached
from projections.entries import Entry


@click.command(
    "correct",
    epilog=examples(
        "ironledger correct last reps=6", 'ironledger correct 1d6bc8e1 load=102.5kg rpe=9 at="2026-11-20 18:30" note='
    ),
)
@click.argument("target_name", metavar="TARGET")
@click.argument("fields", metavar="FIELD=VALUE...", nargs=-1, required=True)
@really_option
@with_replica
def correct_command(replica: Replica, /, *, target_name: str, fields: tuple[str, ...], really: bool) -> None:
    """Say that something was otherwise from the start.

    TARGET is last, or the letters behind # that logging or the log-book showed. An empty value takes a field away.
    """
    found = find_fact(replica, target_name)
    changes = changes_of(replica, found, fields, really=really)
    replica.correct(found.id, **changes)
    now = target(replica.ledger(), found.id).words
    click.echo(f"Corrected {found.words}: {assignments(changes) if now == found.words else f'it is now {now}'}.")


@click.command("void", epilog=examples("ironledger void last", 'ironledger void 1d6bc8e1 --reason "Wrong exercise."'))
@click.argument("target_name", metavar="TARGET")
@click.option("--reason", help="Why.")
@with_replica
def void_command(replica: Replica, /, *, target_name: str, reason: str | None) -> None:
    """Take something out of every report: a set, a session with all in it, an import.

    TARGET is last, or the letters behind # that logging or the log-book showed.
    """
    found = find_fact(replica, target_name)
    replica.void(found.id, reason)
    click.echo(f"Voided {found.words}. To take it back: ironledger restore {found.short}")


@click.command("restore", epilog=examples("ironledger restore 1d6bc8e1"))
@click.argument("target_name", metavar="TARGET")
@click.option("--reason", help="Why.")
@with_replica
def restore_command(replica: Replica, /, *, target_name: str, reason: str | None) -> None:
    """Let something count again that was voided.

    TARGET is last, or the letters behind # that the log-book shows.
    """
    found = find_fact(replica, target_name)
    if not replica.ledger().facts.void_writes(found.id):
        raise NotFoundError(f"{found.words} was never voided.", "Restore what was: a set, or the session it is in.")
    replica.restore(found.id, reason)
    click.echo(f"Restored {found.words}.")


@click.command("erase", epilog=examples("ironledger erase 1d6bc8e1 --yes"))
@click.argument("target_name", metavar="TARGET")
@click.option("--yes", is_flag=True, help="Don't ask: there is no way back.")
@with_replica
def erase_command(replica: Replica, /, *, target_name: str, yes: bool) -> None:
    """Take something's words out for ever, here and, with the next syncs, everywhere.

    That it was written stays in the ledger, and what it said is gone, with its corrections. To take something out of
    the reports only, void it. A photo's file on this device goes with it.

    TARGET is last, or the letters behind # that logging or the log-book showed. A correction that another device
    wrote before it heard of the erasure is erased by its own letters.
    """
    words, events = _written(replica, target_name)
    if not yes:
        click.confirm(f"Erase {words} for ever?", abort=True, err=True)
    replica.require_writable()
    for path in _forget_photos(replica, events):
        click.echo(f"Removed {path}")
    erasures = replica.erase(*dict.fromkeys(entry.id for entry in events))
    click.echo(f"Erased {counted(len(erasures), 'event')} of {words}. Sync to erase it everywhere.")


def _forget_photos(replica: Replica, erased: list[Entry[Body]]) -> list[Path]:
    """Takes pictures that are to be erased out of this device's folder, but for those that something else tells of.

    Before their words are: whatever fails then, what is left of them still says which file is meant.
    """
    facts = replica.ledger().facts
    erased_ids = {entry.id for entry in erased}
    told = {
        entry.body.sha256
        for key, entries in facts.created.items()
        if key[0] == "photo_attached"
        for entry in entries
        if isinstance(entry.body, PhotoAttached) and entry.id not in erased_ids
    }
    gone = {entry.body.sha256 for entry in erased if isinstance(entry.body, PhotoAttached)} - told
    return [path for sha256 in sorted(gone) for path in forget(sha256, ledger_path())]


def _written(replica: Replica, name: str) -> tuple[str, list[Entry[Body]]]:
    """What a name stands for in words, and all that was written of it."""
    edits = find_edits(replica, name)
    try:
        found = find_fact(replica, name)
    except NotFoundError:
        if not edits:
            raise
        return f"what was said of {name}", edits
    return found.words, [*found.entries, *replica.ledger().facts.edits.get(found.id, ())]
