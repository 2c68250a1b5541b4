"""``ironledger program``: programs, from a template or from nothing; ``cli.program_edits`` adapts them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import click
import msgspec

from client_sdk.cli.naming import find_exercise, find_part
from client_sdk.cli.options import examples, with_replica
from client_sdk.cli.program_edits import add_day, add_slot, change, move, remove, show
from client_sdk.cli.words import counted, fitted, folded, short
from client_sdk.errors import NotFoundError
from client_sdk.ranks import behind
from client_sdk.replica import Replica
from events import Body
from events.catalogue import catalogue
from events.errors import MalformedError
from events.guide import variants_of
from events.programs import DayAdded, ProgramActivated, ProgramArchived, ProgramCreated, SlotAdded
from events.templates import TEMPLATES, Template


@click.group(
    "program",
    epilog=examples(
        'ironledger program create "Legs" --template balanced-legs --activate',
        'ironledger program change "back squat" --exercise "front squat" --from 2026-12-01',
        "ironledger program show",
    ),
)
def program_command() -> None:
    """Write a training program, and adapt it from a day on."""


for edit in (add_day, add_slot, change, move, remove, show):
    program_command.add_command(edit)


@program_command.command("templates", epilog=examples("ironledger program templates"))
def templates() -> None:
    """List the built-in programs."""
    everybody = catalogue().exercises
    for template in TEMPLATES.values():
        click.echo(fitted(f"{template.name}: {template.about}", hang=len(template.name) + 2))
        for exercise in template.exercises:
            others = " or ".join(everybody[variant].name for variant in variants_of(exercise))
            click.echo(f"  {everybody[exercise].name}{f', or {others}' if others else ''}")


@program_command.command(
    "create",
    epilog=examples(
        'ironledger program create "Push and pull" --activate',
        'ironledger program create Legs --template balanced-legs --variant "back squat=front squat" --activate',
    ),
)
@click.argument("name")
@click.option("--template", "template_name", metavar="NAME", help="Begin with a built-in program.")
@click.option("--variant", "variants", metavar="EXERCISE=VARIANT", multiple=True, help="With --template; repeatable.")
@click.option("--activate", is_flag=True, help="Follow it from now on.")
@with_replica
def create(
    replica: Replica, /, *, name: str, template_name: str | None, variants: tuple[str, ...], activate: bool
) -> None:
    """Create a program: an empty one, or one of the built-in ones, of which `program templates` tells."""
    template = None if template_name is None else _template(template_name)
    if template is None and variants:
        raise click.UsageError("--variant changes a template: it goes with --template.")
    chosen = {} if template is None else _chosen(replica, template, variants)
    _refuse_taken(replica, name)
    program = replica.new_id()
    bodies: list[Body] = [
        ProgramCreated(program=program, name=name, template=None if template is None else template.name)
    ]
    if template is not None:
        bodies += days_of(template, program, replica.new_id, chosen)
    if activate:
        bodies.append(ProgramActivated(program=program))
    replica.write(map(replica.draft, bodies))
    slots = counted(sum(isinstance(body, SlotAdded) for body in bodies), "slot")
    click.echo(f"Created {name}{'' if template is None else f' from {template.name}, {slots}'}  #{short(program)}")


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


def days_of(template: Template, program: str, new_id: Callable[[], str], chosen: Mapping[str, str]) -> Iterator[Body]:
    """The days and slots of a template, as facts of a program.

    Args:
        template: The built-in program.
        program: The lifter's program that gets them.
        new_id: Draws a name for something new.
        chosen: The lifts that stand for those of the template.
    """
    day_rank = ""
    for planned in template.days:
        day, day_rank, rank = new_id(), behind(day_rank), ""
        yield DayAdded(program=program, day=day, name=planned.name, rank=day_rank)
        for place in planned.places:
            rank = behind(rank)
            asked: dict[str, Any] = msgspec.structs.asdict(place)
            if place.exercise is not None:
                asked["exercise"] = chosen.get(place.exercise, place.exercise)
            yield SlotAdded(program=program, day=day, slot=new_id(), rank=rank, **asked)


def _refuse_taken(replica: Replica, name: str) -> None:
    """Two programs of one name could not be told apart when they are named.

    Raises:
        MalformedError: where there is one already.
    """
    for fact in replica.ledger().view.at_hand.of_type("program_created"):
        if isinstance(fact.body, ProgramCreated) and folded(fact.body.name) == folded(name):
            raise MalformedError(
                f"There is a program called {fact.body.name!r} already.",
                next_step="Give this one another name, or adapt that one: see `ironledger program --help`.",
            )


def _template(name: str) -> Template:
    """The built-in program of a name.

    Raises:
        NotFoundError: where there is none.
    """
    template = TEMPLATES.get(name.strip().lower())
    if template is None:
        raise NotFoundError(f"There is no template {name!r}.", f"Choose {', '.join(TEMPLATES)}.")
    return template


def _chosen(replica: Replica, template: Template, variants: Iterable[str]) -> dict[str, str]:
    """The variants that were asked for, by the exercise of the template.

    Raises:
        MalformedError: where one is no variant of what it shall stand for.
    """
    chosen = {}
    for text in variants:
        former, _, latter = text.partition("=")
        if not latter:
            raise MalformedError(f"{text!r} names no variant.", next_step='Write it as "back squat=front squat".')
        old, new = find_exercise(replica, former.strip()), find_exercise(replica, latter.strip())
        if old.id not in template.exercises:
            raise MalformedError(
                f"{old.name} is not in {template.name}.", next_step="`ironledger program templates` shows what is."
            )
        if new.id not in {old.id, *variants_of(old.id)}:
            names = " or ".join(catalogue().exercises[variant].name for variant in variants_of(old.id))
            raise MalformedError(
                f"{new.name} is no variant of {old.name} in {template.name}.",
                next_step=f"Choose {names}, or change the slot afterwards."
                if names
                else "Change the slot afterwards.",
            )
        chosen[old.id] = new.id
    return chosen
