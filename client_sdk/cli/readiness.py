"""``ironledger rate`` and ``deload``: how the lifter feels, and when training is lighter on purpose."""

from __future__ import annotations

import re
from typing import Any

import click

from client_sdk.cli.muscles import find_muscle
from client_sdk.cli.options import at_option, examples, really_option, with_replica
from client_sdk.cli.sets import moment_of
from client_sdk.cli.slots import find_slot, starting
from client_sdk.cli.typed import Moment, parse_duration
from client_sdk.cli.words import plain, short, span, when
from client_sdk.errors import NotFoundError
from client_sdk.replica import Replica
from events.body import DeloadEnded, DeloadStarted, Pain, ReadinessRated
from events.errors import MalformedError
from events.quantities import parse_milli, round_half_up
from projections.facts import Effective

MOST_RATED = 10
LONGEST_SLEEP_MIN = 24 * 60
_HOURS = re.compile(r"(\d{1,2})\s*(?::|h|hrs?|hours?)\s*([0-5]?\d)(?:\s*(?:m|mins?|minutes?))?\Z", re.IGNORECASE)
_BARE_HOURS = re.compile(r"(\d{1,2}(?:[.,]\d+)?)\s*(?:h|hrs?|hours?)?\Z", re.IGNORECASE)


def parse_sleep(text: str) -> int:
    """Minutes of sleep: ``7h30``, ``7:30``, ``7.5h``, ``8``, ``450min``.

    Raises:
        MalformedError: where this is no such time, or more than a day.
    """
    words = text.strip()
    if clock := _HOURS.match(words):
        minutes = int(clock[1]) * 60 + int(clock[2])
    elif bare := _BARE_HOURS.match(words):
        minutes = round_half_up(parse_milli(bare[1]) * 60, 1000)
    else:
        try:
            minutes = round_half_up(parse_duration(words), 60)
        except MalformedError as error:
            raise MalformedError(f"{text!r} is no time of sleep.", next_step="Write it as 7h30 or 7.5h.") from error
    if minutes > LONGEST_SLEEP_MIN:
        raise MalformedError(f"{text} of sleep is more than a day has.", next_step="Write it as 7h30 or 7.5h.")
    return minutes


def parse_soreness(text: str) -> tuple[str, int]:
    """A muscle and how sore it is: ``quads=5``.

    Raises:
        MalformedError: where it is not of that form.
        UnknownNameError: where no muscle is called so.
    """
    name, equals, rating = text.partition("=")
    if not equals or not rating.strip().isdecimal() or not 0 <= int(rating) <= MOST_RATED:
        raise MalformedError(
            f"{text!r} rates no soreness.", next_step="Write a muscle and 0 to 10, as --sore quadriceps=5."
        )
    return find_muscle(name), int(rating)


@click.command(
    "rate",
    epilog=examples(
        "ironledger rate --fatigue 6 --sleep 7h30 --sore quadriceps=5 --sore glutes=3",
        "ironledger rate --pain knee",
    ),
)
@click.option("--fatigue", type=click.IntRange(0, MOST_RATED), help="How tired you are: 0 not at all, 10 utterly.")
@click.option("--sleep", "sleep_min", type=parse_sleep, metavar="TIME", help="How long you slept, as 7h30.")
@click.option("--sore", type=parse_soreness, metavar="MUSCLE=0-10", multiple=True, help="How sore a muscle is.")
@click.option("--pain", metavar="SITE", help="Where it hurts, as knee or lower back.")
@click.option("--slot", "slot_name", metavar="SLOT", help="The slot of a program in which it hurt.")
@at_option
@really_option
@with_replica
def rate_command(  # noqa: PLR0913  # each option is one thing that can be felt
    replica: Replica,
    /,
    *,
    fatigue: int | None,
    sleep_min: int | None,
    sore: tuple[tuple[str, int], ...],
    pain: str | None,
    slot_name: str | None,
    moment_text: str | None,
    really: bool,
) -> None:
    """Rate how you feel: fatigue, sleep, soreness, pain. What you don't say isn't rated."""
    if slot_name is not None and pain is None:
        raise click.UsageError("--slot says in which slot it hurt: add --pain and where.")
    if fatigue is None and sleep_min is None and not sore and pain is None:
        raise click.UsageError("Say how you feel: --fatigue, --sleep, --sore or --pain.")
    if pain is not None and not pain.strip():
        raise click.UsageError("--pain says where it hurts, as knee.")
    slot = None if slot_name is None else find_slot(replica, slot_name, starting(replica, None).day).id
    moment = moment_of(replica, moment_text, really=really)
    body = ReadinessRated(
        rating=replica.new_id(moment.at),
        fatigue=fatigue,
        sleep_min=sleep_min,
        soreness=dict(sore) or None,
        pain=None if pain is None else Pain(pain.strip(), slot),
    )
    replica.log(body, moment.at, moment.offset)
    at = f" at {when(moment.at, moment.offset)}" if moment_text is not None else ""
    click.echo(f"Rated {_in_words(body)}{at}  #{short(body.rating)}")


@click.group("deload", epilog=examples('ironledger deload start --reason "Tired legs."', "ironledger deload end"))
def deload_command() -> None:
    """Say when you train lighter on purpose."""


@deload_command.command("start", epilog=examples('ironledger deload start --reason "Tired legs."'))
@click.option("--reason", help="Why.")
@at_option
@really_option
@with_replica
def start_deload(replica: Replica, /, *, reason: str | None, moment_text: str | None, really: bool) -> None:
    """Train lighter from now on."""
    moment = moment_of(replica, moment_text, really=really)
    running = _running(replica, moment)
    if running is not None:
        since = when(running.time, running.offset)
        raise MalformedError(
            f"A deload runs since {since} already.",
            next_step=f"End it first, or take it out with `ironledger void {short(running.id)}`.",
        )
    event = replica.log(DeloadStarted(reason=reason), moment.at, moment.offset)
    click.echo(f"A deload begins at {when(moment.at, moment.offset)}  #{short(event.id)}")


@deload_command.command("end", epilog=examples("ironledger deload end"))
@click.option("--reason", help="Why.")
@at_option
@really_option
@with_replica
def end_deload(replica: Replica, /, *, reason: str | None, moment_text: str | None, really: bool) -> None:
    """Train as before again."""
    moment = moment_of(replica, moment_text, really=really)
    if _running(replica, moment) is None:
        raise NotFoundError(
            f"No deload runs at {when(moment.at, moment.offset)}.", "`ironledger report recovery` shows the deloads."
        )
    event = replica.log(DeloadEnded(reason=reason), moment.at, moment.offset)
    click.echo(f"The deload ends at {when(moment.at, moment.offset)}  #{short(event.id)}")


def _running(replica: Replica, moment: Moment) -> Effective | None:
    """The start of the deload that runs at a moment."""
    facts = replica.ledger().facts
    marks = [
        fact for kind in ("deload_started", "deload_ended") for fact in facts.of_type(kind) if fact.time <= moment.at
    ]
    last = max(marks, key=lambda fact: (fact.time, fact.entry.replica, fact.entry.seq), default=None)
    return last if last is not None and isinstance(last.body, DeloadStarted) else None


def _in_words(body: ReadinessRated) -> str:
    said: list[Any] = []
    if body.fatigue is not None:
        said.append(f"fatigue {body.fatigue}")
    if body.sleep_min is not None:
        said.append(f"sleep {span(body.sleep_min * 60)}")
    said += [f"{plain(muscle)} sore {rating}" for muscle, rating in (body.soreness or {}).items()]
    if body.pain is not None:
        said.append(f"pain: {body.pain.site}")
    return ", ".join(said)
