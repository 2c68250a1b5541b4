"""``ironledger equipment``: what loads a bar, a machine's stack or a rack of dumbbells can be given."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, cast

import click
import msgspec

from client_sdk.cli.naming import find_equipment
from client_sdk.cli.options import examples, json_option, really_option, with_replica
from client_sdk.cli.plausible import refuse_implausible
from client_sdk.cli.typed import parse_load
from client_sdk.cli.words import fitted, folded, plain, short
from client_sdk.replica import Replica
from events.equipment import KINDS, MOST_ADD_ONS, EquipmentChanged, EquipmentDefined, Plate
from events.errors import MalformedError, UnsoundError
from events.quantities import Load, Unit
from projections.gear import Piece, pieces

_PAIRS = re.compile(r"(\d+)\s*[x×*]\s*(.+)\Z")
_KINDS = [kind.replace("_", "-") for kind in KINDS]

_FIELDS = (
    click.option("--start", help="The least load, as 20kg: the empty bar or sled, the lightest dumbbells."),
    click.option("--max", "most", help="The greatest load without add-ons, as 200kg."),
    click.option("--steps", help="What leads from each load to the next, as 5kg or 2,2,4; the last one repeats."),
    click.option("--plates", help="The sizes of plates, as 25,20,10,5,2.5,1.25; 2x20 where there are two pairs."),
    click.option("--add-ons", "add_ons", help="Small weights for a stack, as 1.25kg,2.5kg; each is used once."),
    click.option("--place", help="Where it stands."),
    really_option,
)


def _told(command: Callable[..., None]) -> Callable[..., None]:
    """The options that tell what loads equipment can be given."""
    for option in reversed(_FIELDS):
        command = option(command)
    return command


@click.group(
    "equipment",
    epilog=examples(
        'ironledger equipment add "Leg press" --kind stack --steps 5kg --add-ons 1.25kg,2.5kg --max 200kg',
        "ironledger equipment add Bar --kind barbell --start 20kg --plates 25,20,15,10,5,2.5,1.25",
        "ironledger report overload",
    ),
)
def equipment_command() -> None:
    """Say what loads your equipment can be given.

    Targets then are loads that there are. Equipment that is called like an exercise is used for it; the only barbell,
    dumbbells or kettlebells there are, for every exercise with such.
    """


@equipment_command.command(
    "add",
    epilog=examples(
        'ironledger equipment add "Leg press" --kind stack --steps 5kg --add-ons 1.25kg,2.5kg --max 200kg',
        "ironledger equipment add Bar --kind barbell --start 20kg --plates 25,20,15,10,5,2.5,1.25",
    ),
)
@click.argument("name")
@click.option("--kind", type=click.Choice(_KINDS), required=True, help="What it is.")
@_told
@with_replica
def add(  # each option is one thing that can be said
    replica: Replica, /, *, name: str, kind: str, place: str | None, really: bool, **typed: str | None
) -> None:
    """Add equipment. What isn't said is assumed as gyms usually have it, and reports say so."""
    if any(folded(piece.body.name) == folded(name) for piece in pieces(replica.ledger().view.at_hand)):
        raise MalformedError(
            f"There is equipment called {name!r} already.", next_step="Change it with `ironledger equipment change`."
        )
    said = _fields(replica, typed) | ({} if place is None else {"place": place})
    equipment = replica.new_id()
    body = EquipmentDefined(equipment=equipment, name=name, kind=_kind(kind), **said)
    if not really:
        refuse_implausible(body)
    replica.log(body)
    click.echo(fitted(f"Added {name}: {_describe(_piece(replica, equipment).body)}  #{short(equipment)}"))


@equipment_command.command(
    "change", epilog=examples('ironledger equipment change "Leg press" --add-ons 1.25kg --max 220kg')
)
@click.argument("name", metavar="NAME|TARGET")
@click.option("--name", "new_name", help="What it is called from now on.")
@click.option("--kind", type=click.Choice(_KINDS), help="What it is.")
@_told
@with_replica
def change(  # noqa: PLR0913  # as above
    replica: Replica,
    /,
    *,
    name: str,
    new_name: str | None,
    kind: str | None,
    place: str | None,
    really: bool,
    **typed: str | None,
) -> None:
    """Say what is otherwise from now on; what isn't named stays as it was. An empty list takes away: --add-ons ""."""
    piece = _piece(replica, find_equipment(replica, name).equipment)
    said = _fields(replica, typed, piece.body)
    if said.get("steps"):
        said.setdefault("plates", ())
    said |= {"name": new_name, "kind": None if kind is None else _kind(kind), "place": place}
    if all(value is None for value in said.values()):
        raise click.UsageError("Say what changes, as --add-ons 1.25kg.")
    changed = EquipmentChanged(equipment=piece.body.equipment, **said)
    if not really:
        refuse_implausible(changed)
    _refuse_unsound(piece.body, said)
    replica.log(changed)
    body = _piece(replica, piece.body.equipment).body
    click.echo(fitted(f"Changed {body.name}: {_describe(body)}  #{short(body.equipment)}"))


@equipment_command.command("list", epilog=examples("ironledger equipment list", "ironledger equipment list --json"))
@json_option
@with_replica
def list_equipment(replica: Replica, /, *, as_json: bool) -> None:
    """List the equipment, with what loads it can be given."""
    there = [piece.body for piece in pieces(replica.ledger().view.at_hand)]
    if as_json:
        click.echo(msgspec.json.encode(there))
        return
    if not there:
        click.echo("No equipment yet: add some with `ironledger equipment add`.")
    for body in there:
        click.echo(fitted(f"{body.name}: {_describe(body)}  #{short(body.equipment)}"))


def _fields(replica: Replica, typed: dict[str, str | None], now: EquipmentDefined | None = None) -> dict[str, Any]:
    """The fields that were typed. A number without a unit has that of the others, else of the equipment so far."""
    given = {name: text for name, text in typed.items() if text is not None}
    unit = _unit(given.values()) or _unit_of(now) or replica.ledger().view.profile.units
    fields: dict[str, Any] = {}
    for name, field in (("start", "start_load"), ("most", "max_load")):
        if name in given:
            fields[field] = _load(given[name], unit)
    for name in ("steps", "add_ons"):
        if name in given:
            fields[name] = tuple(_load(part, unit) for part in _parts(given[name]))
    if "plates" in given:
        fields["plates"] = tuple(_plate(part, unit) for part in _parts(given["plates"]))
    if len(fields.get("add_ons", ())) > MOST_ADD_ONS:
        raise MalformedError(f"There can be {MOST_ADD_ONS} add-ons at most.", next_step="Leave the smallest out.")
    if fields.get("steps") and fields.get("plates"):
        raise MalformedError("Equipment goes up by steps or by plates.", next_step="Leave --steps or --plates out.")
    return fields


def _plate(text: str, unit: Unit | None) -> Plate:
    """``20`` or ``2x20kg``, two pairs of 20 kg."""
    counted = _PAIRS.match(text)
    load = _load(counted[2] if counted else text, unit)
    pairs = int(counted[1]) if counted else None
    try:
        return msgspec.convert({"milli": load.milli, "unit": load.unit, "pairs": pairs}, Plate)
    except msgspec.ValidationError as error:
        raise MalformedError(
            f"{text!r} is no plate.", next_step="Write its weight as 20kg, and 2x20kg for two pairs."
        ) from error


def _load(text: str, unit: Unit | None) -> Load:
    typed = parse_load(text, unit)
    if typed.load is None or typed.load_kind is not None or typed.implements is not None:
        raise MalformedError(f"{text!r} is no load of equipment.", next_step="Write it as 20kg or 45lb.")
    return typed.load


def _refuse_unsound(now: EquipmentDefined, said: dict[str, Any]) -> None:
    """Refuses what can't be together with what is said of the equipment already.

    Raises:
        MalformedError: where the two don't go together.
    """
    try:
        msgspec.structs.replace(now, **{name: value for name, value in said.items() if value is not None})
    except UnsoundError as error:
        sentence = f"{now.name} can't be so, for it is {_describe(now)}: {plain(str(error))}."
        raise MalformedError(sentence, next_step="Say both in one command.") from error


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _unit(texts: Any) -> Unit | None:  # noqa: ANN401  # the values of a mapping
    """The first unit that was typed."""
    named = re.search(r"kg|lb", " ".join(texts).lower())
    return None if named is None else cast(Unit, named[0])


def _unit_of(body: EquipmentDefined | None) -> Unit | None:
    said = () if body is None else (body.start_load, body.max_load, *body.steps, *body.plates, *body.add_ons)
    return next((load.unit for load in said if load is not None), None)


def _kind(text: str) -> str:
    return text.replace("-", "_")


def _piece(replica: Replica, equipment: str) -> Piece:
    return next(piece for piece in pieces(replica.ledger().view.at_hand) if piece.body.equipment == equipment)


def _describe(body: EquipmentDefined) -> str:
    """``stack from 5 kg, by 5 kg, up to 200 kg, add-ons 1.25 kg and 2.5 kg``."""
    words = [body.kind.replace("_", " ")]
    if body.start_load is not None:
        words.append(f"from {body.start_load}")
    if body.plates:
        words.append(f"plates {', '.join(_plate_words(plate) for plate in body.plates)}")
    elif body.steps:
        words.append(f"by {', '.join(str(step) for step in body.steps)}")
    if body.max_load is not None:
        words.append(f"up to {body.max_load}")
    if body.add_ons:
        words.append(f"add-ons {', '.join(str(load) for load in body.add_ons)}")
    if body.place is not None:
        words.append(f"at {body.place}")
    return ", ".join(words)


def _plate_words(plate: Plate) -> str:
    return str(plate.load) if plate.pairs is None else f"{plate.pairs} × 2 × {plate.load}"
