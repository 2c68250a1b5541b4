"""``ironledger log-book``: the ledger in words, to read and to find names in."""

from __future__ import annotations

import click

from client_sdk.cli.naming import find_exercise
from client_sdk.cli.options import examples, with_replica
from client_sdk.cli.reports import SHOWN
from client_sdk.replica import Replica
from events.quantities import day_text, parse_day
from events.training import SetLogged


@click.command(
    "log-book", epilog=examples("ironledger log-book", 'ironledger log-book --exercise "back squat" --day 2026-11-20')
)
@click.option("--exercise", "exercise_name", metavar="NAME", help="Only the sets of one exercise.")
@click.option("--day", type=parse_day, metavar="DATE", help="Only what happened on a day, as 2026-11-20.")
@click.option("--limit", type=click.IntRange(min=0), default=SHOWN, help="How many entries to show; 0 for all.")
@with_replica
def log_book_command(replica: Replica, /, *, exercise_name: str | None, day: int | None, limit: int) -> None:
    """Show the ledger in words, newest first.

    The letters behind # are what correct, void and restore call an entry by.
    """
    from client_sdk.cli.rendering.books import line_of, newest_first, show_lines  # noqa: PLC0415  # heavy
    from client_sdk.cli.rendering.paper import Paper  # noqa: PLC0415  # heavy

    ledger = replica.ledger()
    entries = newest_first(ledger.facts.entries.counted.values())
    if exercise_name is not None:
        wanted = find_exercise(replica, exercise_name).id
        exercise_of = ledger.facts.exercise_of
        entries = [
            entry
            for entry in entries
            if isinstance(entry.body, SetLogged) and exercise_of(entry.body.exercise) == exercise_of(wanted)
        ]
    paper = Paper(ledger, replica.store.local().replica, limit)
    lines = [line_of(entry, paper) for entry in entries]
    if day is not None:
        lines = [line for line in lines if line.moment.startswith(day_text(day))]
    show_lines(lines, paper)
