"""``ironledger session``: start and finish."""

from __future__ import annotations

from typing import Any

import click

from client_sdk.cli.naming import find_part, find_session
from client_sdk.cli.options import examples, with_replica
from client_sdk.cli.sets import moment_of
from client_sdk.cli.typed import parse_tenths
from client_sdk.cli.words import counted, short, span, when
from client_sdk.replica import Replica


@click.group(
    "session",
    epilog=examples(
        "ironledger session start --title Legs",
        'ironledger log "back squat" 100kg 8',
        "ironledger session finish --effort 7",
    ),
)
def session_command() -> None:
    """Start or finish a session."""


@session_command.command("start", epilog=examples("ironledger session start --title Legs"))
@click.option("--title", help="What the session is called.")
@click.option("--place", help="Where it is.")
@click.option("--program-day", "day_name", metavar="DAY", help="The day of a program that it follows.")
@click.option("--at", "moment_text", metavar="TIME", help='When, as "2026-11-20 18:30"; now by itself.')
@with_replica
def start(
    replica: Replica, /, *, title: str | None, place: str | None, day_name: str | None, moment_text: str | None
) -> None:
    """Start a session; sets logged from now on belong to it."""
    moment = moment_of(replica, moment_text)
    session = replica.start_session(
        at=moment.at, offset=moment.offset, title=title, place=place, **_followed(replica, day_name)
    )
    click.echo(f"Started{f' {title}' if title else ''} at {when(moment.at, moment.offset)}  #{short(session)}")


@session_command.command("finish", epilog=examples('ironledger session finish --effort 7 --note "Slept badly."'))
@click.option("--note", help="Words of your own.")
@click.option("--effort", "effort_tenths", type=parse_tenths, metavar="0-10", help="How hard it was altogether.")
@click.option("--at", "moment_text", metavar="TIME", help='When, as "2026-11-20 18:30"; now by itself.')
@click.option("--session", "session_name", metavar="TARGET", help="The session; by itself the one under way.")
@with_replica
def finish(
    replica: Replica,
    /,
    *,
    note: str | None,
    effort_tenths: int | None,
    moment_text: str | None,
    session_name: str | None,
) -> None:
    """Finish a session."""
    moment = moment_of(replica, moment_text)
    chosen = find_session(replica, session_name) if session_name is not None else None
    session = replica.finish_session(
        chosen, at=moment.at, offset=moment.offset, note=note, effort_tenths=effort_tenths
    )
    click.echo(f"Finished{_summary(replica, session)}  #{short(session)}")


def _summary(replica: Replica, session: str) -> str:
    """How long a session took and what was done; nothing of one that is void."""
    for row in replica.report("sessions")["sessions"]:
        if row["session"] == session:
            took = f" after {span(row['duration_s'])}" if (row["duration_s"] or 0) > 0 else ""
            return f"{took}, {counted(row['phases']['sets'], 'set')}"
    return ""


def _followed(replica: Replica, day_name: str | None) -> dict[str, Any]:
    """The day of a program that a session follows, and the program."""
    if day_name is None:
        return {}
    day = find_part(replica, day_name, "day")
    return {"program_day": day.id, "program": next(getattr(entry.body, "program", None) for entry in day.entries)}
