"""``ironledger log``: one set, or several alike, in one durable write."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import click

from client_sdk.bar import AtTheBar
from client_sdk.cli.bar import tell, tell_past, typed
from client_sdk.cli.naming import find_equipment, find_exercise, find_session
from client_sdk.cli.options import at_option, examples, really_option, with_replica
from client_sdk.cli.performed import parse_performed
from client_sdk.cli.plausible import refuse_implausible
from client_sdk.cli.slots import find_slot, starting
from client_sdk.cli.typed import Moment, parse_duration, parse_kind, parse_moment, parse_tempo, parse_tenths
from client_sdk.cli.words import fitted, short, when
from client_sdk.replica import Replica
from events.errors import IronledgerError, MalformedError
from events.quantities import DAY_MS, MINUTE_MS
from events.training import SetKind, SetLogged, Side
from projections.log import describe_set

MOST_SETS = 50
SLOW_CLOCK_MS = 15 * MINUTE_MS
"""A time so little ahead was read on another clock."""
TARGET = "target"


@click.command(
    "log",
    epilog=examples(
        'ironledger log "back squat" 100kg 8 --sets 3 --rpe 8.5',
        'ironledger log "pull up" bw+20kg 5',
        'ironledger log "split squat" 2x20kg 10 --side left',
        "ironledger log plank 90s",
        'ironledger log "back squat" target',
        'ironledger log run 5km 25:00 --at "2026-11-20 18:30"',
    ),
    context_settings={"ignore_unknown_options": True},
)
@click.argument("exercise")
@click.argument("what", nargs=-1, required=True)
@click.option("--sets", type=click.IntRange(1, MOST_SETS), default=1, help="Log so many sets alike.")
@click.option("--side", type=click.Choice(["left", "right", "both"]), default="both", help="The side that worked.")
@click.option("--kind", type=parse_kind, metavar="KIND", default="working", help="warm_up, drop, failure, amrap …")
@click.option("--rpe", "rpe_tenths", type=parse_tenths, metavar="0-10", help="How hard it was, as 8.5.")
@click.option("--rir", "rir_tenths", type=parse_tenths, metavar="0-10", help="How many reps were left.")
@at_option
@click.option("--note", help="Words of your own.")
@click.option("--rest", "rest_s", type=parse_duration, metavar="TIME", help="The rest before, as 2min or 90s.")
@click.option("--tempo", type=parse_tempo, metavar="TEMPO", help="The tempo, as 3-1-1.")
@click.option("--form", type=click.IntRange(1, 5), help="How good the form was, 1 to 5.")
@click.option("--superset", help="A label that the sets of one superset share.")
@click.option("--equipment", metavar="NAME", help="What it was loaded with: its name, or the letters behind #.")
@click.option("--order", type=click.IntRange(0, 1000), help="Its place among sets of the same moment.")
@click.option("--session", "session_name", metavar="TARGET", help="The session; by itself the one under way.")
@click.option("--slot", "slot_name", metavar="SLOT", help="The slot; by itself that of the program's day.")
@click.option("--quiet", is_flag=True, help="Say nothing of last time, targets and records.")
@really_option
@with_replica
def log_command(  # noqa: PLR0913  # each option is one thing that can be said of a set
    replica: Replica,
    /,
    *,
    exercise: str,
    what: tuple[str, ...],
    sets: int,
    side: Side,
    kind: SetKind,
    moment_text: str | None,
    order: int | None,
    equipment: str | None,
    session_name: str | None,
    slot_name: str | None,
    quiet: bool,
    really: bool,
    **said: Any,  # noqa: ANN401  # the fields of SetLogged
) -> None:
    """Log a set, or several alike.

    WHAT was done is a load and reps, a time, or a distance and a time. bw is your body weight; bw-15kg is with 15 kg
    of help; 2x20kg is two dumbbells of 20 kg; target is what `today` says comes next.
    """
    refuse_options(what)
    named = find_exercise(replica, exercise)
    moment = moment_of(replica, moment_text, really=really)
    session = replica.session_at(moment.at) if session_name is None else find_session(replica, session_name)
    gear = None if equipment is None else find_equipment(replica, equipment).equipment
    bar = bar_of(replica)
    slot = None if slot_name is None else find_slot(replica, slot_name, starting(replica, None).day).id
    if slot is None and bar is not None:
        slot = bar.slot_of(SetLogged(set=session, session=session, exercise=named.id, kind=kind, equipment=gear))
    words, held = " ".join(what), None
    if words.strip().lower() == TARGET:
        words = typed(None if bar is None else bar.next_of(named.id, slot), named.name)
        held = None if bar is None else bar.implements_of(named.id)
    performed = parse_performed(words, named.known, lambda: replica.ledger().view.profile.units)
    said |= {"implements": held} | performed.said() | {"side": side, "kind": kind, "slot": slot, "equipment": gear}
    bodies = [
        SetLogged(
            set=replica.new_id(moment.at),
            session=session,
            exercise=named.id,
            order=(order or 0) + index if sets > 1 else order,
            **said,
        )
        for index in range(sets)
    ]
    if not really:
        refuse_implausible(bodies[0])
    drafts = [replica.draft(body, moment.at, moment.offset) for body in bodies]
    written = replica.write_sets(drafts, enters=session_name is None)
    confirm(named.name, bodies, when(moment.at, moment.offset) if moment_text is not None else None)
    if moment_text is not None:
        tell_past(replica, written if not quiet else ())
    elif bar is not None and not quiet:
        tell(bar, written)


def bar_of(replica: Replica) -> AtTheBar | None:
    """What is known at the bar; None where the ledger can't be folded: a set is logged all the same."""
    with suppress(IronledgerError):
        return replica.at_the_bar()
    return None


def moment_of(replica: Replica, text: str | None, *, really: bool = False) -> Moment:
    """The moment that was typed, or now.

    Raises:
        MalformedError: where there is no such moment, or it is yet to come and that wasn't meant.
    """
    now = replica.clock()
    if text is None:
        return Moment(now, replica.offset_at(now))
    moment = parse_moment(text, now)
    ahead = DAY_MS if ":" not in text else SLOW_CLOCK_MS  # a date alone stands for its noon
    if moment.at > now + ahead and not really:
        step = "Say the day too" if len(text.strip()) <= len("18:30") else "Check the date"
        raise MalformedError(f"{text!r} is yet to come.", next_step=f"{step}, or add --really.")
    return moment


def refuse_options(what: tuple[str, ...]) -> None:
    """-5 is a number, all else that begins with a dash was meant to be an option."""
    for word in what:
        if word.startswith("-") and not word[1:2].isdigit():
            raise click.NoSuchOption(word.partition("=")[0], ctx=click.get_current_context())


def confirm(name: str, bodies: list[SetLogged], moment: str | None = None) -> None:
    """Says what was logged, sets that are alike together, and what they are called."""
    sets = f"{len(bodies)} sets of " if len(bodies) > 1 else ""
    at = f" at {moment}" if moment is not None else ""
    names = " ".join(f"#{short(body.set)}" for body in bodies)
    click.echo(fitted(f"Logged {sets}{name} {describe_set(bodies[0])}{at}  {names}"))
