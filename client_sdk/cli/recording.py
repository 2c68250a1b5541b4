"""What the commands that log one fact share: when it was, whether it is plausible, and how it is confirmed."""

from __future__ import annotations

import click

from client_sdk.cli.plausible import refuse_implausible
from client_sdk.cli.sets import moment_of
from client_sdk.cli.typed import Moment
from client_sdk.cli.words import fitted, short, when
from client_sdk.replica import Replica
from events import Body
from projections.fields import CREATED_BY
from projections.log import describe

note_option = click.option("--note", help="Words of your own.")


def check(replica: Replica, body: Body, moment_text: str | None, *, really: bool) -> Moment:
    """When a fact that is about to be logged happened.

    Raises:
        MalformedError: where its moment is none, or its figures are beyond what people do and weren't meant.
    """
    if not really:
        refuse_implausible(body)
    return moment_of(replica, moment_text, really=really)


def record(replica: Replica, body: Body, moment_text: str | None, *, really: bool) -> None:
    """Logs a fact and says so, with the name by which it can be corrected.

    Raises:
        MalformedError: as ``check``.
    """
    moment = check(replica, body, moment_text, really=really)
    event = replica.log(body, moment.at, moment.offset)
    said_at = f" at {when(moment.at, moment.offset)}" if moment_text is not None else ""
    field = CREATED_BY.get(event.type)
    name = event.id if field is None else getattr(body, field)
    click.echo(fitted(f"Logged {describe(body, replica.ledger().view.book)}{said_at}  #{short(name)}"))
