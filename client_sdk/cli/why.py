"""``ironledger why``: from a figure of a report, by its formula, to the sets behind it."""

from __future__ import annotations

import click
import msgspec

from client_sdk.cli.naming import find_exercise
from client_sdk.cli.options import examples, json_option, with_replica
from client_sdk.cli.reports import SHOWN, as_of_option, asked_day, report_name
from client_sdk.replica import Replica
from events.errors import UnknownNameError
from projections.ledger import encode_report
from projections.log import LOG


@click.command(
    "why",
    epilog=examples(
        "ironledger why balance hamstrings:quadriceps",
        "ironledger why volume 2025-W27 quadriceps",
        'ironledger why records "back squat" e1rm',
        "ironledger why programs adherence",
    ),
)
@click.argument("report", callback=report_name, metavar="REPORT")
@click.argument("figure", nargs=-1, required=True, metavar="FIGURE...")
@json_option
@as_of_option
@click.option("--known-at", type=click.IntRange(min=0), help="As known when the ledger ended at this position.")
@click.option("--limit", type=click.IntRange(min=0), default=SHOWN, help="How many sets to show; 0 for all.")
@with_replica
def why_command(  # noqa: PLR0913  # each option is one thing that can be asked
    replica: Replica,
    /,
    *,
    report: str,
    figure: tuple[str, ...],
    as_json: bool,
    as_of: int | str | None,
    known_at: int | None,
    limit: int,
) -> None:
    """Tell how a figure of a report comes about: the formula, and the sets behind it with what each adds.

    FIGURE is a ratio or a muscle of balance; a week and a muscle of volume, and what of it (direct_sets, reps,
    tonnage_g); an exercise and a record (heaviest, reps 5, e1rm); adherence of programs; or words that lead to a row
    of any other report.
    """
    from projections.why import explain  # noqa: PLC0415  # used here only

    if report == LOG:
        raise click.UsageError("The log is what the reports are made of: it has no figures.")
    words = list(figure)
    if report == "records":
        words[0] = _exercise(replica, words[0])
    ledger = replica.ledger(known_at)
    explanation = explain(ledger, report, words, asked_day(replica, report, as_of, known_at, people=not as_json))
    if as_json:
        click.echo(encode_report(msgspec.to_builtins(explanation)))
        return
    from client_sdk.cli.rendering.explanations import show  # noqa: PLC0415  # heavy, and JSON does without
    from client_sdk.cli.rendering.paper import Paper  # noqa: PLC0415  # as above

    show(explanation, Paper(ledger, replica.store.local().replica, limit, replica.store.names()))


def _exercise(replica: Replica, name: str) -> str:
    """The id of an exercise in the ledger; an id that nobody has defined is taken as it is."""
    facts = replica.ledger().facts
    if any(fact.exercise == name for fact in facts.of_type("set_logged")):
        return name
    try:
        return facts.exercise_of(find_exercise(replica, name).id)
    except UnknownNameError as error:
        raise click.UsageError(str(error)) from error
