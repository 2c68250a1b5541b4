"""``ironledger import``: a file of another app, read, compared with the ledger, and written in one transaction."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import msgspec

from client_sdk.cli.options import json_option, with_replica
from client_sdk.cli.progress import working
from client_sdk.cli.words import counted
from client_sdk.draft import Draft
from client_sdk.errors import NotFoundError
from client_sdk.importers import ImportFileError, Question, Reading, Remark, Unanswered, plan, read, vanished
from client_sdk.replica import Replica
from events import MalformedError
from events.catalogue import catalogue
from events.corrections import FactCorrected, ImportStarted
from projections.entries import Unread
from projections.facts import Facts
from projections.fields import CREATED_BY, correctable, corrected

SHOWN = 10
"""How many skipped rows, names and remarks people are shown; JSON has all."""

_OPTIONS = {"app": "--app", "unit": "--unit", "distance_unit": "--distance-unit", "timezone": "--timezone"}


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """What an import came to."""

    app: str
    dialect: str
    rows: int
    sets: int
    sessions: int
    skipped: tuple[Remark, ...]
    loads_recovered: int
    exercises: dict[str, Any]
    remarks: tuple[Remark, ...]
    written: int
    corrected: int
    vanished: list[str]
    dry_run: bool


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--app", help="The app that wrote the file, where it can't be told: strong, hevy or fitnotes.")
@click.option("--unit", type=click.Choice(["kg", "lb"]), help="The unit of its loads, where the file doesn't say.")
@click.option("--distance-unit", help="The unit of its distances, where the file doesn't say: km, mi, m.")
@click.option("--timezone", help="The time zone that you trained in, as Europe/Berlin.")
@click.option("--dry-run", is_flag=True, help="Only tell what would be brought in.")
@click.option("--changed", is_flag=True, help="Another unit or time zone than last time is meant.")
@json_option
@with_replica
def import_command(  # noqa: PLR0913  # each option answers one question
    replica: Replica,
    file: Path,
    dry_run: bool,  # noqa: FBT001  # a flag
    changed: bool,  # noqa: FBT001  # a flag
    as_json: bool,  # noqa: FBT001  # a flag
    **options: Any,  # noqa: ANN401  # the answers for importers.read
) -> None:
    """Bring in the history that Strong, Hevy or FitNotes exported as CSV.

    The same file again adds nothing; a longer one adds what is new, and a changed row corrects.

    \b
    Examples:
      ironledger import strong.csv --unit kg --timezone Europe/Berlin --dry-run
      ironledger import strong.csv --unit kg --timezone Europe/Berlin
    """  # noqa: D301  # click's mark for lines that are kept
    data = _content(file)
    reading = _answered(lambda answers: read(data, at=replica.clock(), catalogue=catalogue(), **answers), options)
    with working("Comparing with the ledger"):
        facts = replica.ledger().facts
        drafts = plan(reading, known=lambda event_id: _known(facts, _by_id(reading), event_id))
        gone = vanished(reading, _keys(facts))
    if not changed:
        _refuse_change(facts, reading)
    if not dry_run:
        with working(f"Writing {counted(len(drafts), 'fact')}"):
            replica.write(drafts)
            replica.ledger()
    summary = _summary(reading, drafts, gone, dry_run=dry_run)
    if as_json:
        click.echo(msgspec.json.encode(summary))
    else:
        _tell(summary)
