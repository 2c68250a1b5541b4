"""``ironledger report``: any report, for people or as the very bytes that the server gives."""

from __future__ import annotations

import click

from client_sdk.cli.options import examples, json_option, with_replica
from client_sdk.cli.progress import working
from client_sdk.errors import NotFoundError
from client_sdk.replica import Replica
from events.quantities import parse_day
from projections.ledger import REPORTS, Ledger, encode_report
from projections.log import LOG, PAGE
from projections.sessions import SESSIONS, page

NAMES = (*REPORTS, LOG)
SHOWN = 20
_WHOLE = 2**53
"""More than any ledger holds."""


@click.command(
    "report",
    epilog=examples(
        "ironledger report records", "ironledger report balance --as-of 2025-06-30", "ironledger report volume --json"
    ),
)
@click.argument("name", type=click.Choice(NAMES), metavar="NAME")
@json_option
@click.option("--as-of", type=parse_day, metavar="DATE", help="As of a day, as 2025-06-30; by itself the latest one.")
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
    as_of: int | None,
    known_at: int | None,
    limit: int | None,
    before: int | None,
) -> None:
    """Show what the ledger says.

    NAME is one of sessions, programs, records, volume, balance, body, performance, nutrition, conflicts, problems and
    log. Without --as-of a report is as of the latest day on which something happened.
    """
    if name == LOG and (as_of is not None or known_at is not None):
        raise click.UsageError("The log is the ledger itself: neither --as-of nor --known-at changes it.")
    with working("Folding"):
        past = None if known_at is None else _past(replica, known_at)
        length = _WHOLE if limit == 0 or not as_json else limit or PAGE
        if past is None:
            # People are shown how much there is beside what is cut off; JSON is the page that the server gives.
            report = replica.report(name, as_of, before=before, limit=length)
        else:
            report = past.report(name, as_of)
        if name == SESSIONS and past is not None:
            report = page(report, before, length)
    if as_json:
        click.echo(encode_report(report))
        return
    from client_sdk.cli.rendering import Paper, show  # noqa: PLC0415  # heavy, and JSON does without

    shown = SHOWN if limit is None else limit
    store = replica.store
    show(report, Paper(past or replica.ledger(), store.local().replica, shown, store.names()))


def _past(replica: Replica, position: int) -> Ledger:
    """The fold of the ledger as it was up to a position."""
    head = replica.store.local().head
    if position > head:
        raise NotFoundError(f"The ledger ends at position {head}.", "Ask for an earlier one, or sync first.")
    ledger = Ledger()
    ledger.apply(record for record in replica.store.records() if (record.position or 0) <= position)
    return ledger
