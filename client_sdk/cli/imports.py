"""``ironledger import``: a file of another app, read, compared with the ledger, and written in one transaction."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import click
import msgspec

from client_sdk.batches import Amount
from client_sdk.cli.apps import app_title
from client_sdk.cli.batches import in_words, list_batches, undo_batch
from client_sdk.cli.naming import LAST
from client_sdk.cli.options import examples, json_option, with_replica
from client_sdk.cli.progress import working
from client_sdk.cli.stories import Known, decided, tell, twin_text
from client_sdk.cli.words import counted, fitted, short
from client_sdk.duplicates import Duplicates, Twin
from client_sdk.importers import ImportFileError, Question, Reading, Remark, Unanswered, read
from client_sdk.importers.importer import APPS
from client_sdk.imports import Imported, bring_in
from client_sdk.replica import Replica
from client_sdk.story import Story, story_of
from events.catalogue import catalogue
from events.corrections import FactCorrected, FactRestored

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
    measurements: int
    skipped: tuple[Remark, ...]
    loads_recovered: int
    exercises: dict[str, Any]
    remarks: tuple[Remark, ...]
    written: int
    corrected: int
    vanished: list[str]
    voided: int
    undone: tuple[str, ...]
    restored: bool
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
        "ironledger import --undo",
    ),
)
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--app", help=f"The app that wrote the file, where it can't be told: {', '.join(APPS)}.")
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
@click.option("--restore", "restores", is_flag=True, help="Let what was undone of the file count again.")
@click.option("--list", "listed", is_flag=True, help="Show the imports of this ledger.")
@click.option(
    "--undo",
    metavar="[TARGET]",
    is_flag=False,
    flag_value=LAST,
    help="Take an import back as a whole: TARGET, else the last one.",
)
@json_option
@with_replica
def import_command(  # noqa: PLR0913  # a command has its options
    replica: Replica,
    /,
    *,
    file: Path | None,
    dry_run: bool,
    confirmed: bool,
    duplicates: Duplicates | None,
    restores: bool,
    listed: bool,
    undo: str | None,
    as_json: bool,
    **options: Any,  # noqa: ANN401  # the answers for importers.read
) -> None:
    """Bring in the history that Strong, Hevy, FitNotes, Liftosaur, Fitbod or JEFIT exported.

    The same file again adds nothing; a longer one adds what is new, and a changed row corrects.
    """
    if sum((file is not None, listed, undo is not None)) != 1:
        raise click.UsageError("Give a file to import, or --list, or --undo.")
    if file is None:
        _refuse_without_file(
            {"dry_run": dry_run, "duplicates": duplicates, "restore": restores, "yes": listed and confirmed} | options
        )
    if listed:
        list_batches(replica, as_json=as_json)
    elif undo is not None:
        undo_batch(replica, undo, confirmed=confirmed, as_json=as_json)
    elif file is not None:
        data = _content(file)
        answers = _Answers(dry_run, confirmed, duplicates, restores)
        _import(replica, data, options, answers, as_json=as_json)


def _refuse_without_file(said: dict[str, Any]) -> None:
    """Refuses what only a file can be told: an undo that was to be a dry run is none."""
    for name, value in said.items():
        if value:
            raise click.UsageError(f"--{name.replace('_', '-')} says how a file is read: give the file.")


class _Answers(NamedTuple):
    """What is said about writing: whether at all, with other options than before, and what else becomes of it."""

    dry_run: bool
    confirmed: bool
    duplicates: Duplicates | None
    restores: bool


def _import(replica: Replica, data: bytes, options: dict[str, Any], said: _Answers, *, as_json: bool) -> None:
    reading = _answered(lambda answers: read(data, at=replica.clock(), catalogue=catalogue(), **answers), options)
    with working("Comparing and writing"):
        imported = bring_in(
            replica,
            reading,
            dry_run=said.dry_run,
            confirmed=said.confirmed,
            duplicates=said.duplicates or decided(replica, reading, dry_run=said.dry_run),
        )
        replica.ledger()  # its checkpoint makes the next report quick
    restored = not said.dry_run and _restored(replica, imported, asks=not as_json, restores=said.restores)
    summary = _summary(reading, imported, dry_run=said.dry_run, restored=restored)
    if as_json:
        click.echo(msgspec.json.encode(summary))
    else:
        _tell(summary)


def _restored(replica: Replica, imported: Imported, *, asks: bool, restores: bool) -> bool:
    """Whether the imports that were undone and hold some of the file count again: as said, else as asked."""
    if not imported.undone:
        return False
    if not restores and asks and sys.stdin.isatty():
        rows = counted(imported.voided, "row")
        restores = click.confirm(f"{rows} of this file were undone earlier. Let them count again?", err=True)
    if restores:
        replica.write(replica.draft(FactRestored(target=import_id)) for import_id in imported.undone)
    return restores


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


def _summary(reading: Reading, imported: Imported, *, dry_run: bool, restored: bool) -> Summary:
    return Summary(
        import_=getattr(reading.started.body, "import_", ""),
        app=reading.app,
        dialect=reading.dialect,
        rows=reading.rows,
        sets=reading.sets,
        sessions=len(reading.sessions),
        measurements=reading.figures,
        skipped=reading.skipped,
        loads_recovered=reading.loads_recovered,
        exercises={"matched": len(reading.matched), "unmatched": list(reading.unmatched)},
        remarks=reading.remarks,
        written=0 if dry_run else len(imported.drafts),
        corrected=sum(isinstance(draft.body, FactCorrected) for draft in imported.drafts),
        vanished=imported.vanished,
        voided=imported.voided,
        undone=imported.undone,
        restored=restored,
        own=imported.own,
        copies=imported.copies,
        duplicates=imported.duplicates,
        story=story_of(reading),
        dry_run=dry_run,
    )


def _tell(summary: Summary) -> None:
    told = in_words(Amount(summary.sessions, summary.sets, summary.measurements)) or "nothing of use"
    click.echo(f"{app_title(summary.app)}: {counted(summary.rows, 'row')}, {told}.")
    if summary.dry_run:
        click.echo("A dry run: nothing was written.")
    elif not summary.written:
        click.echo("All of it was here already: nothing was written.")
    else:
        mended = f", {counted(summary.corrected, 'correction')} among them" if summary.corrected else ""
        click.echo(f"Written: {counted(summary.written, 'fact')}{mended}.")
        click.echo(f"To take all of it back: ironledger import --undo {short(summary.import_)}")
    if summary.restored:
        click.echo("What was undone of it counts again.")
    elif summary.voided:
        click.echo(f"{counted(summary.voided, 'row')} of it count nowhere, for they were undone or voided.")
        for name in summary.undone:
            click.echo(f"  ironledger restore {short(name)}")
    _list(
        summary.exercises["unmatched"],
        "Kept as your own; `ironledger match NAME EXERCISE` says what one is the same as:",
    )
    _list([f"line {skip.line}: {skip.reason}" for skip in summary.skipped], "Skipped:")
    _list([f"line {remark.line}: {remark.reason}" for remark in summary.remarks], "To know:")
    _list([_key_text(key) for key in summary.vanished], "No longer in the file, and left as they are:")
    _list([twin_text(twin) for twin in summary.copies], "Likely copies of workouts that are here:")
    if summary.loads_recovered and not summary.sets:
        were = "weights were" if summary.loads_recovered > 1 else "weight was"
        click.echo(f"{summary.loads_recovered:,} {were} typed in the other unit, and kept in that.")
    if summary.sets:
        click.echo()
    for line in tell(summary.story, summary.loads_recovered, len(summary.exercises["unmatched"]), summary.known):
        click.echo(fitted(line))


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
