"""``ironledger report``: any report, for people, for spreadsheets, or as the very bytes that the server gives."""

from __future__ import annotations

from typing import Any

import click

from client_sdk.cli.options import examples, json_option, with_replica
from client_sdk.cli.progress import working
from client_sdk.replica import Replica
from events.quantities import parse_day
from projections.ledger import REPORTS, encode_report
from projections.log import LOG, PAGE

NAMES = (*REPORTS, LOG)
SHOWN = 20
LATELY_DAYS = 28
TODAY = "today"
PRESENT = frozenset({"overload", "programs", "recovery"})
"""They tell what comes next and how long ago something was: people get them as of today, as from ``today``.

The others tell a history, which ends where it ends; and JSON is what the server gives.
"""
_WHOLE = 2**53
"""More than any ledger holds."""


def parse_as_of(text: str) -> int | str:
    """A local day, or the word ``today``, which only a replica can tell."""
    return TODAY if text.strip().lower() == TODAY else parse_day(text)


as_of_option = click.option(
    "--as-of", type=parse_as_of, metavar="DATE", help="As of a day, as 2025-06-30 or today; by itself the latest one."
)


def asked_day(
    replica: Replica, report: str, said: int | str | None, known_at: int | None, *, people: bool
) -> int | None:
    """The day as of which a report is asked for; None for the latest one on which something happened.

    Args:
        replica: Tells which day it is.
        report: The report's name.
        said: What ``--as-of`` said.
        known_at: The position at which the ledger is taken to end, if any: then nothing is as of today by itself.
        people: Whether it is shown in words.
    """
    presently = said is None and known_at is None and people and report in PRESENT
    return replica.today() if said == TODAY or presently else None if said is None else int(said)


def report_name(_context: click.Context, _parameter: click.Parameter, name: str) -> str:
    """A report's name; a slip of the finger is asked about."""
    if name in NAMES:
        return name
    from difflib import get_close_matches  # noqa: PLC0415  # used here only

    near = get_close_matches(name.lower(), NAMES, n=1)
    asked = f" Did you mean {near[0]}?" if near else ""
    raise click.BadParameter(f"There is no report {name!r}.{asked} There are {', '.join(NAMES)}.")


@click.command(
    "report",
    epilog=examples(
        "ironledger report records",
        'ironledger report records --exercise "back squat"',
        "ironledger report balance --as-of 2025-06-30 --explain",
        "ironledger report sessions --csv --table sessions.exercises.sets",
    ),
)
@click.argument("name", callback=report_name, metavar="NAME")
@json_option
@click.option("--csv", "as_csv", is_flag=True, help="Print a table for spreadsheets instead of words.")
@click.option("--table", metavar="NAME", help="Which list of the report CSV is of; by itself the first.")
@click.option("--exercise", "exercise_name", metavar="NAME", help="Only one exercise, and that in depth.")
@click.option("--explain", is_flag=True, help="Name the events behind every figure.")
@as_of_option
@click.option("--known-at", type=click.IntRange(min=0), help="As known when the ledger ended at this position.")
@click.option("--limit", type=click.IntRange(min=0), help="How much of long ones to show; 0 for all.")
@click.option("--before", type=click.IntRange(min=1), help="The next page of long ones, as JSON names it.")
@with_replica
def report_command(  # noqa: PLR0913  # each option is one thing that can be asked
    replica: Replica,
    /,
    *,
    name: str,
    as_json: bool,
    as_csv: bool,
    table: str | None,
    exercise_name: str | None,
    explain: bool,
    as_of: int | str | None,
    known_at: int | None,
    limit: int | None,
    before: int | None,
) -> None:
    """Show what the ledger says.

    NAME is one of the reports, such as records, volume, balance or sessions. Without --as-of a report is as of the
    latest day on which something happened; overload, programs and recovery, in words, are as of today. `ironledger
    why` tells how one figure comes about.
    """
    if as_json and as_csv:
        raise click.UsageError("It is either --json or --csv.")
    if table is not None and not as_csv:
        raise click.UsageError("--table chooses what --csv prints: give both.")
    with working("Folding"):
        # People are shown how much there is beside what is cut off; JSON is the page that the server gives.
        length = (limit or PAGE) if as_json and limit != 0 else limit if as_csv and limit else _WHOLE
        day = asked_day(replica, name, as_of, known_at, people=not as_json and not as_csv)
        report = replica.report(name, day, known_at=known_at, explain=explain, before=before, limit=length)
        if exercise_name is not None:
            report = _of_exercise(report, replica, exercise_name)
    if as_json:
        click.echo(encode_report(report))
    elif as_csv:
        from client_sdk.cli.sheets import sheet  # noqa: PLC0415  # used here only

        click.echo(sheet(report, table), nl=False)
    else:
        from client_sdk.cli.rendering import Paper, show  # noqa: PLC0415  # heavy, and JSON does without

        shown = SHOWN if limit is None else limit
        paper = Paper(replica.ledger(known_at), replica.store.local().replica, shown, replica.store.names())
        paper.in_depth = exercise_name is not None
        show(report, paper, explain=explain)
        latest = replica.ledger().latest_day
        if as_of is None and day is not None and latest and day - parse_day(latest) > LATELY_DAYS:
            click.echo(
                f"This is as of today. Nothing happened since {latest}:\n--as-of {latest} tells how it was then."
            )


def _of_exercise(report: dict[str, Any], replica: Replica, name: str) -> dict[str, Any]:
    """A report with the rows of one exercise only, in its lists of exercises."""
    from client_sdk.cli.naming import find_exercise  # noqa: PLC0415  # heavy, and used here only

    wanted = replica.ledger().view.at_hand.exercise_of(find_exercise(replica, name).id)
    lists = [
        key
        for key, rows in report.items()
        if isinstance(rows, list) and all(isinstance(row, dict) and "exercise" in row for row in rows)
    ]
    if not lists:
        raise click.UsageError(f"The report {report['report']} is not by exercise: ask without --exercise.")
    return report | {key: [row for row in report[key] if row["exercise"] == wanted] for key in lists}
