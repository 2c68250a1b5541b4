"""``ironledger program``: a program, its days and slots."""

from __future__ import annotations

import re
from typing import Any

import click

from client_sdk.cli.naming import find_exercise, find_fact, find_part
from client_sdk.cli.options import examples, with_replica
from client_sdk.cli.typed import parse_duration, parse_tenths
from client_sdk.cli.words import short
from client_sdk.errors import NotFoundError
from client_sdk.replica import Replica
from events.errors import MalformedError
from events.programs import (
    DayAdded,
    DayRemoved,
    ProgramActivated,
    ProgramArchived,
    ProgramCreated,
    SlotAdded,
    SlotRemoved,
)

_PRESCRIBED = re.compile(r"(\d{1,3})\s*[x×*]\s*(\d+)(?:\s*[-–]\s*(\d+))?\s*(s|sec)?\Z", re.IGNORECASE)
_FIRST_RANK = "V"


@click.group(
    "program",
    epilog=examples(
        'ironledger program create "Balanced legs" --activate',
        'ironledger program add-day "Balanced legs" "Leg day"',
        'ironledger program add-slot "Leg day" "back squat" 4x8-12',
        "ironledger report programs",
    ),
)
def program_command() -> None:
    """Write a training program."""


@program_command.command("create", epilog=examples('ironledger program create "Balanced legs" --activate'))
@click.argument("name")
@click.option("--activate", is_flag=True, help="Follow it from now on.")
@with_replica
def create(replica: Replica, /, *, name: str, activate: bool) -> None:
    """Create a program."""
    program = replica.new_id()
    replica.log(ProgramCreated(program=program, name=name))
    if activate:
        replica.log(ProgramActivated(program=program))
    click.echo(f"Created {name}  #{short(program)}")


@program_command.command("activate", epilog=examples('ironledger program activate "Balanced legs"'))
@click.argument("program")
@with_replica
def activate(replica: Replica, /, *, program: str) -> None:
    """Follow a program from now on; several may be followed."""
    found = find_part(replica, program, "program")
    replica.log(ProgramActivated(program=found.id))
    click.echo(f"Active: {program}")


@program_command.command("archive", epilog=examples('ironledger program archive "Balanced legs"'))
@click.argument("program")
@with_replica
def archive(replica: Replica, /, *, program: str) -> None:
    """Follow a program no longer; it is kept."""
    found = find_part(replica, program, "program")
    replica.log(ProgramArchived(program=found.id))
    click.echo(f"Archived: {program}")


@program_command.command("add-day", epilog=examples('ironledger program add-day "Balanced legs" "Leg day"'))
@click.argument("program")
@click.argument("name")
@with_replica
def add_day(replica: Replica, /, *, program: str, name: str) -> None:
    """Add a training day to a program, after those that it has."""
    found = find_part(replica, program, "program")
    day = replica.new_id()
    rank = _rank_behind(replica, "day_added", "program", found.id)
    replica.log(DayAdded(program=found.id, day=day, name=name, rank=rank))
    click.echo(f"Added {name}  #{short(day)}")


@program_command.command(
    "add-slot",
    epilog=examples(
        'ironledger program add-slot "Leg day" "back squat" 4x8-12 --rest 2min',
        'ironledger program add-slot "Leg day" plank 3x30s',
    ),
)
@click.argument("day")
@click.argument("exercise")
@click.argument("sets", metavar="SETSxREPS")
@click.option("--per-side", is_flag=True, help="So many sets for each side.")
@click.option("--rpe", "rpe_tenths", type=parse_tenths, metavar="0-10", help="How hard it shall be.")
@click.option("--rest", "rest_s", type=parse_duration, metavar="TIME", help="The rest before each set, as 2min.")
@click.option("--superset", help="A label that the slots of one superset share.")
@click.option("--note", help="Words of your own.")
@with_replica
def add_slot(replica: Replica, /, *, day: str, exercise: str, sets: str, **said: Any) -> None:  # noqa: ANN401  # SlotAdded's
    """Add an exercise to a training day, after those that it has."""
    found = find_part(replica, day, "day")
    program = next(getattr(entry.body, "program", "") for entry in found.entries)
    named = find_exercise(replica, exercise)
    slot = replica.new_id()
    rank = _rank_behind(replica, "slot_added", "day", found.id)
    asked = _prescribed(sets)
    replica.log(SlotAdded(program=program, day=found.id, slot=slot, rank=rank, exercise=named.id, **asked, **said))
    click.echo(f"Added {named.name} {sets}  #{short(slot)}")


@program_command.command("remove", epilog=examples("ironledger program remove 1d6bc8e1"))
@click.argument("target", metavar="TARGET")
@with_replica
def remove(replica: Replica, /, *, target: str) -> None:
    """Take a day or a slot out of its program from now on; what was held by it stays judged by it."""
    found = find_fact(replica, target)
    match found.entries[0].body:
        case DayAdded(program=program):
            replica.log(DayRemoved(program=program, day=found.id))
        case SlotAdded(program=program):
            replica.log(SlotRemoved(program=program, slot=found.id))
        case _:
            raise NotFoundError(
                f"{found.words} is neither a day nor a slot.", "`ironledger report programs` shows them."
            )
    click.echo(f"Removed {found.words}.")


def _prescribed(text: str) -> dict[str, Any]:
    """``4x8-12`` or ``3x30s`` as the fields of a slot."""
    found = _PRESCRIBED.match(text.strip())
    if found is None or int(found[3] or found[2]) < int(found[2]) or not int(found[1]):
        raise MalformedError(f"{text!r} asks for nothing.", next_step="Write it as 4x8-12, 5x5 or 3x30s.")
    sets, low, high, seconds = found.groups()
    unit = "seconds" if seconds else "reps"
    return {"sets": int(sets), f"{unit}_min": int(low), f"{unit}_max": int(high or low)}


def _rank_behind(replica: Replica, event_type: str, container: str, name: str) -> str:
    """A rank behind all that lie in a program or a day: the last letter raised, or one more where it can't be."""
    facts = replica.ledger().facts.of_type(event_type)
    last = max(
        (
            fact.body.rank
            for fact in facts
            if isinstance(fact.body, DayAdded | SlotAdded) and getattr(fact.body, container) == name
        ),
        default="",
    )
    if not last:
        return _FIRST_RANK
    return last + _FIRST_RANK if last[-1] == "z" else last[:-1] + _next(last[-1])


def _next(letter: str) -> str:
    return {"9": "A", "Z": "a"}.get(letter) or chr(ord(letter) + 1)
