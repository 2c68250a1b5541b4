"""``ironledger session``: start, finish, and make one of two that were one visit."""

from __future__ import annotations

from typing import Any

import click

from client_sdk.cli.naming import find_any_session, find_part, find_session
from client_sdk.cli.options import at_option, examples, really_option, with_replica
from client_sdk.cli.sets import bar_of, moment_of
from client_sdk.cli.today import start_today
from client_sdk.cli.typed import Moment, parse_tenths
from client_sdk.cli.words import counted, short, span, when
from client_sdk.errors import NotFoundError
from client_sdk.merging import merge, unmerge
from client_sdk.replica import Replica
from client_sdk.store import UnderWay
from events.errors import MalformedError


@click.group(
    "session",
    epilog=examples(
        "ironledger session start --title Legs",
        'ironledger log "back squat" 100kg 8',
        "ironledger session finish --effort 7",
    ),
)
def session_command() -> None:
    """Start, finish or merge sessions."""


@session_command.command("start", epilog=examples("ironledger session start --title Legs"))
@click.option("--title", help="What the session is called.")
@click.option("--place", help="Where it is.")
@click.option("--program-day", "day_name", metavar="DAY", help="The day of a program that it follows.")
@click.option("--today", is_flag=True, help="It follows the day that is due, of which `today` tells.")
@at_option
@really_option
@with_replica
def start(  # noqa: PLR0913  # each option is one thing that can be said
    replica: Replica,
    /,
    *,
    title: str | None,
    place: str | None,
    day_name: str | None,
    today: bool,
    moment_text: str | None,
    really: bool,
) -> None:
    """Start a session; sets logged from now on belong to it."""
    if today:
        if (title, place, day_name, moment_text) != (None, None, None, None):
            raise click.UsageError("--today says it all: leave the rest out.")
        click.echo(start_today(replica))
        return
    moment = moment_of(replica, moment_text, really=really)
    bar_of(replica)  # gathered now, the first set is answered at once
    session = replica.start_session(
        at=moment.at, offset=moment.offset, title=title, place=place, **_followed(replica, day_name)
    )
    click.echo(f"Started{f' {title}' if title else ''} at {when(moment.at, moment.offset)}  #{short(session)}")


@session_command.command("finish", epilog=examples('ironledger session finish --effort 7 --note "Slept badly."'))
@click.option("--note", help="Words of your own.")
@click.option("--effort", "effort_tenths", type=parse_tenths, metavar="0-10", help="How hard it was altogether.")
@at_option
@click.option("--session", "session_name", metavar="TARGET", help="The session; by itself the one under way.")
@really_option
@with_replica
def finish(  # noqa: PLR0913  # as above
    replica: Replica,
    /,
    *,
    note: str | None,
    effort_tenths: int | None,
    moment_text: str | None,
    session_name: str | None,
    really: bool,
) -> None:
    """Finish a session."""
    moment = moment_of(replica, moment_text, really=really)
    chosen = find_session(replica, session_name) if session_name is not None else None
    if moment_text is not None:
        _refuse_early_end(replica, chosen or replica.store.local().session, moment)
    session = replica.finish_session(
        chosen, at=moment.at, offset=moment.offset, note=note, effort_tenths=effort_tenths
    )
    click.echo(f"Finished{_summary(replica, session)}  #{short(session)}")


@session_command.command("merge", epilog=examples("ironledger session merge 1d6bc8e1 92ab04f7"))
@click.argument("into_name", metavar="INTO")
@click.argument("other_name", metavar="OTHER")
@with_replica
def merge_sessions(replica: Replica, /, *, into_name: str, other_name: str) -> None:
    """Make one session of two: all that lies in OTHER lies in INTO from then on.

    The start and the finish of OTHER count no more, with its title and notes. Every set is kept, and counts once.
    """
    into, other = _two(replica, into_name, other_name)
    bodies = merge(replica.ledger().facts, into, other)
    if not bodies:
        raise NotFoundError(f"Nothing lies in {short(other)}.", "`ironledger report sessions` shows the sessions.")
    local = replica.store.local()
    replica.write(map(replica.draft, bodies), UnderWay(into, local.session_at) if local.session == other else None)
    undo = f"ironledger session unmerge {short(into)} {short(other)}"
    click.echo(f"Merged #{short(other)} into #{short(into)}{_summary(replica, into)}. To take it back: {undo}")


@session_command.command("unmerge", epilog=examples("ironledger session unmerge 1d6bc8e1 92ab04f7"))
@click.argument("into_name", metavar="INTO")
@click.argument("other_name", metavar="OTHER")
@with_replica
def unmerge_sessions(replica: Replica, /, *, into_name: str, other_name: str) -> None:
    """Take a merge back: what was logged in OTHER and lies in INTO lies in OTHER again, which counts again."""
    into, other = _two(replica, into_name, other_name)
    bodies = unmerge(replica.ledger().facts, into, other)
    if not bodies:
        raise NotFoundError(
            f"Nothing of {short(other)} was merged into {short(into)}.", "`ironledger log-book` shows what was moved."
        )
    replica.write(map(replica.draft, bodies))
    click.echo(f"#{short(other)} is a session of its own again{_summary(replica, other)}.")


def _refuse_early_end(replica: Replica, session: str | None, ends: Moment) -> None:
    """Refuses an end that was typed and lies before the beginning.

    Raises:
        MalformedError: where it does.
    """
    sessions = replica.ledger().view.sessions
    if session is not None and session in sessions and ends.at < sessions[session]["start"]:
        began = when(sessions[session]["start"], sessions[session]["offset"])
        raise MalformedError(
            f"The session began at {began}: it can't be finished before that.",
            next_step=f"Give a later time, or another session with --session. This one is #{short(session)}.",
        )


def _two(replica: Replica, into_name: str, other_name: str) -> tuple[str, str]:
    """The ids of two sessions."""
    into, other = (find_any_session(replica, name) for name in (into_name, other_name))
    if into == other:
        raise MalformedError("A session can't be merged with itself.", next_step="Name two sessions.")
    return into, other


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
