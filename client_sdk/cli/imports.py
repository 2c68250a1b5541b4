"""``ironledger import``: a file of another app, read, compared with the ledger, and written in one transaction."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import msgspec

from client_sdk.cli.apps import app_title
from client_sdk.cli.options import examples, json_option, with_replica
from client_sdk.cli.progress import working
from client_sdk.cli.stories import Known, decided, tell, twin_text
from client_sdk.cli.words import counted, short
from client_sdk.duplicates import Duplicates, Twin
from client_sdk.importers import ImportFileError, Question, Reading, Remark, Unanswered, read
from client_sdk.imports import Imported, bring_in
from client_sdk.replica import Replica
from client_sdk.story import Story, story_of
from events.catalogue import catalogue
from events.corrections import FactCorrected

SHOWN = 10
"""How many skipped rows, names and remarks people are shown; JSON has all."""

_OPTIONS = {"app": "--app", "unit": "--unit", "distance_unit": "--distance-unit", "timezone": "--timezone"}


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """What an import came to; ``import`` is the id by which all of it can be voided."""

    import_: str = msgspec.field(name="import")
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
    voided: int
    own: int
    copies: list[Twin]
    duplicates: Duplicates | None
    story: Story
    dry_run: bool

    @property
    def known(self) -> Known:
        """What of the file was known from elsewhere."""
        return Known(self.own, len(self.copies), self.duplicates)


@click.command(
    "import",
    epilog=examples(
        "ironledger import strong.csv --unit kg --timezone Europe/Berlin --dry-run",
        "ironledger import strong.csv --unit kg --timezone Europe/Berlin",
    ),
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--app", help="The app that wrote the file, where it can't be told: strong, hevy or fitnotes.")
@click.option("--unit", type=click.Choice(["kg", "lb"]), help="The unit of its loads, where the file doesn't say.")
@click.option("--distance-unit", help="The unit of its distances, where the file doesn't say: km, mi, m.")
@click.option("--timezone", help="The time zone that you trained in, as Europe/Berlin.")
@click.option(
    "--duplicates",
    type=click.Choice(["skip", "keep"]),
    help="Leave out workouts that another app has told already, or let both count.",
)
@click.option("--dry-run", is_flag=True, help="Only tell what would be brought in.")
@click.option("--yes", "confirmed", is_flag=True, help="Another unit or time zone than last time is meant.")
@json_option
@with_replica
def import_command(  # noqa: PLR0913  # each option is one thing that can be said
    replica: Replica,
    /,
    *,
    file: Path,
    dry_run: bool,
    confirmed: bool,
    duplicates: Duplicates | None,
    as_json: bool,
    **options: Any,  # noqa: ANN401  # the answers for importers.read
) -> None:
    """Bring in the history that Strong, Hevy or FitNotes exported as CSV.

    The same file again adds nothing; a longer one adds what is new, and a changed row corrects.
    """
    data = _content(file)
    reading = _answered(lambda answers: read(data, at=replica.clock(), catalogue=catalogue(), **answers), options)
    with working("Comparing and writing"):
        imported = bring_in(
            replica,
            reading,
            dry_run=dry_run,
            confirmed=confirmed,
            duplicates=duplicates or decided(replica, reading, dry_run=dry_run),
        )
        replica.ledger()  # its checkpoint makes the next report quick
    summary = _summary(reading, imported, dry_run=dry_run)
    if as_json:
        click.echo(msgspec.json.encode(summary))
    else:
        _tell(summary)


def _content(file: Path) -> bytes:
    if str(file) == "-":
        return sys.stdin.buffer.read()
    try:
        return file.read_bytes()
    except OSError as error:
        raise ImportFileError(f"{file} can't be read: {error.strerror}.", "Check its name.") from error


def _answered(ask: Callable[[dict[str, Any]], Reading | Unanswered], answers: dict[str, Any]) -> Reading:
    """The reading, once its questions are answered: by options, else at the terminal."""
    with working("Reading"):
        outcome = ask(answers)
    if isinstance(outcome, Reading):
        return outcome
    if not sys.stdin.isatty():
        raise click.UsageError(" ".join(_in_words(question) for question in outcome.questions))
    return _answered(ask, answers | {question.option: _prompted(question) for question in outcome.questions})


def _in_words(question: Question) -> str:
    answers = "|".join(question.answers) or "Europe/Berlin"
    return f"{question.sentence} Say it with {_OPTIONS[question.option]} {answers}."


def _prompted(question: Question) -> str:
    choice = click.Choice(question.answers) if question.answers else None
    return str(click.prompt(question.sentence, type=choice, err=True))


def _summary(reading: Reading, imported: Imported, *, dry_run: bool) -> Summary:
    return Summary(
        import_=getattr(reading.started.body, "import_", ""),
        app=reading.app,
        dialect=reading.dialect,
        rows=reading.rows,
        sets=reading.sets,
        sessions=len(reading.sessions),
        skipped=reading.skipped,
        loads_recovered=reading.loads_recovered,
        exercises={"matched": len(reading.matched), "unmatched": list(reading.unmatched)},
        remarks=reading.remarks,
        written=0 if dry_run else len(imported.drafts),
        corrected=sum(isinstance(draft.body, FactCorrected) for draft in imported.drafts),
        vanished=imported.vanished,
        voided=imported.voided,
        own=imported.own,
        copies=imported.copies,
        duplicates=imported.duplicates,
        story=story_of(reading),
        dry_run=dry_run,
    )


def _tell(summary: Summary) -> None:
    rows, sets = counted(summary.rows, "row"), counted(summary.sets, "set")
    click.echo(f"{app_title(summary.app)}: {rows}, {sets} in {counted(summary.sessions, 'session')}.")
    if summary.dry_run:
        click.echo("A dry run: nothing was written.")
    elif not summary.written:
        click.echo("All of it was here already: nothing was written.")
    else:
        mended = f", {counted(summary.corrected, 'correction')} among them" if summary.corrected else ""
        click.echo(f"Written: {counted(summary.written, 'fact')}{mended}.")
        click.echo(f"To take all of it back: ironledger void {short(summary.import_)}")
    if summary.voided:
        name = short(summary.import_)
        click.echo(
            f"{counted(summary.voided, 'set')} of it count nowhere, for they are voided. If the whole import is:"
        )
        click.echo(f"  ironledger restore {name}")
    _list(
        summary.exercises["unmatched"],
        "Kept as your own; `ironledger match NAME EXERCISE` says what one is the same as:",
    )
    _list([f"line {skip.line}: {skip.reason}" for skip in summary.skipped], "Skipped:")
    _list([f"line {remark.line}: {remark.reason}" for remark in summary.remarks], "To know:")
    _list([_key_text(key) for key in summary.vanished], "No longer in the file, and left as they are:")
    _list([twin_text(twin) for twin in summary.copies], "Likely copies of workouts that are here:")
    click.echo()
    for line in tell(summary.story, summary.loads_recovered, len(summary.exercises["unmatched"]), summary.known):
        click.echo(line)


def _list(lines: list[str], title: str) -> None:
    if not lines:
        return
    click.echo(f"{title[:-1]} ({len(lines):,}):")
    for line in lines[:SHOWN]:
        click.echo(f"  {line}")
    if len(lines) > SHOWN:
        click.echo(f"  … and {len(lines) - SHOWN:,} more; --json lists all")


def _key_text(key: str) -> str:
    """A source key without the app, as ``2025-06-30 18:30:00, Squat (Barbell), 1, 3``."""
    return ", ".join(str(part) for part in msgspec.json.decode(key)[1:])
