"""``ironledger program add-day``, ``add-slot``, ``change``, ``move``, ``remove``, ``show``: a program, adapted.

Every edit is in force from a day on, today by itself: what was held before stays judged by the program of then.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args

import click

from client_sdk.cli.naming import find_equipment, find_exercise, find_part
from client_sdk.cli.options import examples, json_option, really_option, with_replica
from client_sdk.cli.plausible import refuse_implausible
from client_sdk.cli.slots import (
    From,
    Placed,
    find_day,
    find_placed,
    find_slot,
    parse_progression,
    prescribed,
    rank_in,
    refuse_unsound,
    starting,
)
from client_sdk.cli.typed import parse_duration, parse_kind, parse_tempo, parse_tenths
from client_sdk.cli.words import short
from client_sdk.errors import NotFoundError
from client_sdk.replica import Replica
from events import Body
from events.errors import MalformedError
from events.programs import DayAdded, DayChanged, DayRemoved, SlotAdded, SlotChanged, SlotMoved, SlotRemoved
from events.quantities import day_text
from events.training import DrillKind, DrillPhase
from projections.ledger import encode_report
from projections.programs import plan

_PHASES: dict[DrillKind, DrillPhase] = {
    "dynamic_stretch": "warm_up",
    "light_cardio": "warm_up",
    "static_stretch": "cool_down",
    "foam_rolling": "cool_down",
}

Command = Callable[..., None]
from_option = click.option("--from", "from_text", metavar="DATE", help="From when on, as 2026-12-01; now by itself.")
before_option = click.option("--before", metavar="SLOT", help="Its place: before this one.")
after_option = click.option("--after", metavar="SLOT", help="Its place: behind this one.")


def asked_options(command: Command) -> Command:
    """What can be asked of a slot beside sets and reps."""
    for option in reversed(
        (
            click.option("--per-side/--both-sides", default=None, help="So many sets for each side, or of both."),
            click.option("--kind", type=parse_kind, metavar="KIND", help="The kind of its sets, as in `log`."),
            click.option("--rpe", "rpe_tenths", type=parse_tenths, metavar="0-10", help="How hard it shall be."),
            click.option("--rest", "rest_s", type=parse_duration, metavar="TIME", help="The rest before each set."),
            click.option(
                "--tempo", type=parse_tempo, metavar="TEMPO", help="The tempo, as 2-0-1-1: down, below, up, above."
            ),
            click.option("--superset", help="A label that the slots of one superset share."),
            click.option("--equipment", metavar="NAME", help="What it is loaded with, by name or letters."),
            click.option("--progression", type=parse_progression, metavar="RULE", help="double, double:3 or none."),
            click.option("--note", help="Words of your own."),
            really_option,
        )
    ):
        command = option(command)
    return command


@click.command("add-day", epilog=examples('ironledger program add-day "Balanced legs" "Leg day"'))
@click.argument("program")
@click.argument("name")
@from_option
@with_replica
def add_day(replica: Replica, /, *, program: str, name: str, from_text: str | None) -> None:
    """Add a training day to a program, after those that it has."""
    found, since = find_part(replica, program, "program"), starting(replica, from_text)
    day = replica.new_id()
    rank = rank_in(plan(replica.ledger().view.at_hand, found.id, since.day), day, before=None, after=None)
    _write(replica, DayAdded(program=found.id, day=day, name=name, rank=rank), since)
    click.echo(f"Added {name}{_since(from_text, since)}  #{short(day)}")


@click.command(
    "add-slot",
    epilog=examples(
        'ironledger program add-slot "Leg day" "back squat" 4x8-12 --rest 2min',
        'ironledger program add-slot "Leg day" plank 3x30s --after "leg press" --from 2026-12-01',
        'ironledger program add-slot "Leg day" "leg swings" 1x60s --drill dynamic_stretch --per-side',
    ),
)
@click.argument("day_name", metavar="DAY")
@click.argument("exercise")
@click.argument("sets", metavar="SETSxREPS")
@asked_options
@click.option("--drill", type=click.Choice(get_args(DrillKind)), help="It is a drill of this kind, and no exercise.")
@before_option
@after_option
@from_option
@with_replica
def add_slot(  # noqa: PLR0913  # each option is one thing that can be said
    replica: Replica,
    /,
    *,
    day_name: str,
    exercise: str,
    sets: str,
    drill: DrillKind | None,
    before: str | None,
    after: str | None,
    from_text: str | None,
    really: bool,
    **said: Any,  # noqa: ANN401  # SlotAdded's
) -> None:
    """Add an exercise or a drill to a training day, by itself after those that it has."""
    since = starting(replica, from_text)
    day = find_day(replica, day_name, since.day)
    asked = {name: value for name, value in said.items() if value is not None} | prescribed(sets)
    if "equipment" in asked:
        asked["equipment"] = find_equipment(replica, asked["equipment"]).equipment
    if drill is None:
        named = find_exercise(replica, exercise)
        what, asked["exercise"] = named.name, named.id
    else:
        what = exercise
        asked |= {"drill": exercise, "drill_kind": drill, "phase": _PHASES[drill]}
    slot = replica.new_id()
    rank = _rank(replica, day, slot, since, before=before, after=after)
    added = SlotAdded(program=day.program, day=day.id, slot=slot, rank=rank, **asked)
    if not really:
        refuse_implausible(added)
    _write(replica, added, since)
    click.echo(f"Added {what} {sets} to {day.name}{_since(from_text, since)}  #{short(slot)}")


@click.command(
    "change",
    epilog=examples(
        'ironledger program change "back squat" --exercise "front squat" --from 2026-12-01',
        'ironledger program change "leg press" 3x8-12 --rest 2min --progression double:3',
    ),
)
@click.argument("slot_name", metavar="SLOT")
@click.argument("sets", metavar="[SETSxREPS]", required=False)
@click.option("--exercise", metavar="NAME", help="Another exercise in its place, such as a variant.")
@asked_options
@from_option
@with_replica
def change(  # noqa: PLR0913  # each option is one thing that can be said
    replica: Replica,
    /,
    *,
    slot_name: str,
    sets: str | None,
    exercise: str | None,
    from_text: str | None,
    really: bool,
    **said: Any,  # noqa: ANN401  # SlotChanged's
) -> None:
    """Change what a slot asks for, from a day on.

    SLOT is its exercise or drill, or the letters behind # that `program show` gives.
    """
    since = starting(replica, from_text)
    placed = find_slot(replica, slot_name, since.day)
    changes = {name: value for name, value in said.items() if value is not None}
    if "equipment" in changes:
        changes["equipment"] = find_equipment(replica, changes["equipment"]).equipment
    if sets is not None:
        changes |= prescribed(sets)
    if exercise is not None:
        changes["exercise"] = find_exercise(replica, exercise).id
    if not changes:
        raise click.UsageError("Say what changes: SETSxREPS, --exercise or another option.")
    refuse_unsound(placed, changes)
    changed = SlotChanged(program=placed.program, slot=placed.id, **changes)
    if not really:
        refuse_implausible(changed)
    _write(replica, changed, since)
    now = find_slot(replica, placed.id, since.day).name
    click.echo(f"Changed {placed.name}{f' to {now}' if now != placed.name else ''}{_since(from_text, since)}.")


@click.command(
    "move",
    epilog=examples(
        'ironledger program move "leg press" --before "back squat"',
        'ironledger program move "leg press" --to "Day B" --from 2026-12-01',
    ),
)
@click.argument("name", metavar="TARGET")
@click.option("--before", metavar="TARGET", help="Before this slot, or this day.")
@click.option("--after", metavar="TARGET", help="Behind this slot, or this day.")
@click.option("--to", "day_name", metavar="DAY", help="To another day: behind its slots, where no place is said.")
@from_option
@with_replica
def move(  # noqa: PLR0913  # each option is one thing that can be said
    replica: Replica,
    /,
    *,
    name: str,
    before: str | None,
    after: str | None,
    day_name: str | None,
    from_text: str | None,
) -> None:
    """Move a slot to another place in its day or to another day, or a day to another place in its program."""
    if (before is not None) + (after is not None) > 1 or (before, after, day_name) == (None, None, None):
        raise click.UsageError("Say one of --before and --after, or a day with --to.")
    since = starting(replica, from_text)
    placed = find_placed(replica, name, since.day)
    if placed.slot is None:
        if day_name is not None:
            raise click.UsageError("A day goes --before or --after another one.")
        other = find_day(replica, before or after or "", since.day)
        _refuse_other_program(placed, other)
        days = plan(replica.ledger().view.at_hand, placed.program, since.day)
        rank = rank_in(days, placed.id, before=before and other.id, after=after and other.id)
        _write(replica, DayChanged(program=placed.program, day=placed.id, rank=rank), since)
    else:
        day = _goal(replica, placed, before or after, day_name, since)
        rank = _rank(replica, day, placed.id, since, before=before, after=after)
        elsewhere = day.id if day.id != placed.day.day else None
        _write(replica, SlotMoved(program=placed.program, slot=placed.id, rank=rank, day=elsewhere), since)
    click.echo(f"Moved {placed.name}{_since(from_text, since)}.")


@click.command("remove", epilog=examples('ironledger program remove "leg press" --from 2026-12-01'))
@click.argument("name", metavar="TARGET")
@from_option
@with_replica
def remove(replica: Replica, /, *, name: str, from_text: str | None) -> None:
    """Take a day or a slot out of its program from a day on; what was held by it stays judged by it."""
    since = starting(replica, from_text)
    placed = find_placed(replica, name, since.day)
    if placed.slot is None:
        _write(replica, DayRemoved(program=placed.program, day=placed.id), since)
    else:
        _write(replica, SlotRemoved(program=placed.program, slot=placed.id), since)
    click.echo(f"Removed {placed.name}{_since(from_text, since)}.")


@click.command("show", epilog=examples("ironledger program show", "ironledger program show Legs --revisions"))
@click.argument("program", required=False)
@click.option("--revisions", is_flag=True, help="What was changed, edit by edit.")
@click.option("--on", "day", metavar="DATE", help="As it is on a day; today by itself.")
@json_option
@with_replica
def show(replica: Replica, /, *, program: str | None, revisions: bool, day: str | None, as_json: bool) -> None:
    """Show the programs that are followed, or one by name: days, slots and what changed."""
    ledger = replica.ledger()
    report = ledger.report("programs", starting(replica, day).day)
    if program is not None:
        wanted = find_part(replica, program, "program").id
        rows = [row for row in report["programs"] if row["program"] == wanted]
        if not rows:
            raise NotFoundError(f"{program} is not there on that day.", "Say another day with --on.")
    else:
        rows = [row for row in report["programs"] if row["active"]] or report["programs"]
    if as_json:
        click.echo(encode_report(report | {"programs": rows}))
        return
    from client_sdk.cli.rendering import Paper  # noqa: PLC0415  # heavy, and JSON does without
    from client_sdk.cli.rendering import revisions as edits  # noqa: PLC0415  # as above
    from client_sdk.cli.rendering import show as show_report  # noqa: PLC0415  # as above

    paper = Paper(ledger, replica.store.local().replica, 0, replica.store.names())
    show_report(report | {"programs": rows}, paper)
    for row in rows if revisions else ():
        edits.show(row, paper)


def _goal(replica: Replica, placed: Placed, neighbour: str | None, day_name: str | None, since: From) -> Placed:
    """The day to which a slot goes: as it was said, else that of its new neighbour."""
    if day_name is not None:
        day = find_day(replica, day_name, since.day)
        _refuse_other_program(placed, day)
        return day
    other = find_slot(replica, neighbour or "", since.day)
    _refuse_other_program(placed, other)
    return Placed(other.program, other.day, other.day.name)


def _rank(  # noqa: PLR0913  # two neighbours, of which one is named
    replica: Replica, day: Placed, own: str, since: From, *, before: str | None, after: str | None
) -> str:
    """The rank of a slot in a day, next to the slot that was named, else behind all."""
    neighbours = {name: find_slot(replica, name, since.day) for name in (before, after) if name is not None}
    for name, other in neighbours.items():
        if other.day.day != day.id or other.id == own:
            where = "it is the same slot" if other.id == own else f"it is in {other.day.name}"
            raise MalformedError(f"{name} is no neighbour in {day.name}: {where}.", next_step="Name another slot.")
    ids = {name: other.id for name, other in neighbours.items()}
    return rank_in(day.day.slots, own, before=before and ids[before], after=after and ids[after])


def _refuse_other_program(placed: Placed, other: Placed) -> None:
    if placed.program != other.program or (placed.slot is None and placed.id == other.id):
        raise MalformedError(
            f"{placed.name} can't go next to or into {other.name}: it is in another program, or the same.",
            next_step="Add a slot there, and remove this one.",
        )


def _write(replica: Replica, body: Body, since: From) -> None:
    replica.log(body, since.moment.at, since.moment.offset)


def _since(text: str | None, since: From) -> str:
    return "" if text is None else f" from {day_text(since.day)} on"
