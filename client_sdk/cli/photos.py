"""``ironledger photo``: a progress photo, kept beside the ledger and named in it by its hash."""

from __future__ import annotations

import re
from pathlib import Path

import click

from client_sdk.cli.options import at_option, examples, ledger_path, really_option, with_replica
from client_sdk.cli.recording import check, note_option, record
from client_sdk.cli.words import short
from client_sdk.photos import examine, keep
from client_sdk.replica import Replica
from events.body import PhotoAttached
from events.errors import MalformedError


@click.command("photo", epilog=examples("ironledger photo front.jpg --pose front --at 2026-11-20"))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--pose", required=True, help="How you stand: front, back, left, right, or a name of your own.")
@at_option
@note_option
@really_option
@with_replica
def photo_command(  # noqa: PLR0913  # each option is one thing that can be said of a photo
    replica: Replica, /, *, file: Path, pose: str, moment_text: str | None, note: str | None, really: bool
) -> None:
    """Keep a progress photo.

    It is copied into a folder beside the ledger file, and stays on this device; the ledger has its hash.
    """
    called = re.sub(r"[\s_-]+", "_", pose.strip().lower())
    if not called:
        raise MalformedError("A pose needs a name.", next_step="Say --pose front, back, left or right.")
    replica.require_writable()
    photo = examine(file)
    body = PhotoAttached(
        photo=replica.new_id(),
        sha256=photo.sha256,
        bytes=photo.bytes,
        media_type=photo.media_type,
        pose=called,
        note=note,
    )
    check(replica, body, moment_text, really=really)
    path = keep(photo, ledger_path())
    before = [
        fact.id
        for fact in replica.ledger().facts.of_type("photo_attached")
        if isinstance(fact.body, PhotoAttached) and fact.body.sha256 == photo.sha256
    ]
    record(replica, body, moment_text, really=really)
    click.echo(f"It is kept in {path}")
    if before:
        click.echo(f"The same photo was logged before, as #{short(before[0])}.")
