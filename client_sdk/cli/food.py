"""``ironledger eat``, ``drink`` and ``supplement``."""

from __future__ import annotations

import re
from typing import Any, Literal

import click

from client_sdk.cli.amounts import parse_dose, parse_grams, parse_volume
from client_sdk.cli.options import at_option, examples, really_option, with_replica
from client_sdk.cli.recording import note_option, record
from client_sdk.replica import Replica
from events.errors import MalformedError
from events.nutrition import FOOD_SOURCES, FoodLogged, SupplementTaken, WaterLogged

KINDS = ("protein", "creatine", "bcaa", "pre_workout", "other")
_CALLED = {
    "avocados": "avocado",
    "egg": "eggs",
    "fruits": "fruit",
    "lentil": "lentils",
    "bean": "beans",
    "nut": "nuts",
    "seed": "seeds",
    "vegetable": "vegetables",
    "whole_grain": "whole_grains",
}
"""Other forms of the guide's sources."""


@click.command(
    "eat",
    epilog=examples(
        'ironledger eat "chicken and rice" --protein 45g --carbs 80g --fat 12g --tag chicken',
        'ironledger eat "whey" --protein 24g',
        "ironledger eat --tag eggs --tag whole_grains --at 08:00",
    ),
)
@click.argument("name", required=False)
@click.option("--protein", "protein_dg", type=parse_grams, metavar="GRAMS", help="How much protein was in it.")
@click.option("--carbs", "carbohydrate_dg", type=parse_grams, metavar="GRAMS", help="How much carbohydrate.")
@click.option("--fat", "fat_dg", type=parse_grams, metavar="GRAMS", help="How much fat.")
@click.option(
    "--tag", "tags", multiple=True, metavar="SOURCE", help="What it was made of; several times for several."
)
@at_option
@note_option
@really_option
@with_replica
def eat_command(
    replica: Replica,
    /,
    *,
    name: str | None,
    tags: tuple[str, ...],
    moment_text: str | None,
    really: bool,
    **said: Any,  # noqa: ANN401  # the fields of FoodLogged
) -> None:
    """Log what you ate.

    Tags that count as the guide's sources are chicken, beef, fish, eggs, dairy, beans and lentils (protein),
    whole_grains, fruit and vegetables (carbohydrate), avocado, nuts, seeds and olive_oil (fat). Others are kept.
    """
    body = FoodLogged(name=name, tags=tuple(dict.fromkeys(map(tag_of, tags))), **said)
    record(replica, body, moment_text, really=really)


@click.command("drink", epilog=examples("ironledger drink 500ml --when during", "ironledger drink 0.5l"))
@click.argument("volume")
@click.option("--when", type=click.Choice(["before", "during", "after"]), help="Before, during or after training.")
@at_option
@really_option
@with_replica
def drink_command(
    replica: Replica,
    /,
    *,
    volume: str,
    when: Literal["before", "during", "after"] | None,
    moment_text: str | None,
    really: bool,
) -> None:
    """Log water that you drank: 500ml, 0.5l, 16oz."""
    millilitres = parse_volume(volume)
    if not millilitres:
        raise MalformedError(f"{volume} is nothing.", next_step="Write how much it was, as 500ml.")
    record(replica, WaterLogged(ml=millilitres, when=when), moment_text, really=really)


@click.command(
    "supplement",
    epilog=examples(
        "ironledger supplement creatine 5g", 'ironledger supplement pre_workout 12g --name "Morning mix" --at 17:45'
    ),
)
@click.argument("kind")
@click.argument("dose", required=False)
@click.option("--name", help="What it is called.")
@at_option
@really_option
@with_replica
def supplement_command(  # noqa: PLR0913  # each option is one thing that can be said of a supplement
    replica: Replica, /, *, kind: str, dose: str | None, name: str | None, moment_text: str | None, really: bool
) -> None:
    """Log a supplement: protein, creatine, bcaa, pre_workout, or any other by its name.

    Its protein counts in the day's protein where it is logged as food: ironledger eat whey --protein 24g
    """
    known = _folded(kind)
    milligrams = None if dose is None else parse_dose(dose)
    if milligrams == 0:
        raise MalformedError(f"{dose} is nothing.", next_step="Write the dose as 5g or 200mg, or leave it out.")
    body = SupplementTaken(
        kind=known if known in KINDS else "other",  # type: ignore[arg-type]  # the words of the field
        dose_mg=milligrams,
        name=name if known in KINDS else name or kind,
    )
    record(replica, body, moment_text, really=really)


def tag_of(typed: str) -> str:
    """A tag as it is kept: ``Whole grains`` as ``whole_grains``, another form of one of the guide's as that one.

    Raises:
        MalformedError: where it is empty.
    """
    tag = _folded(typed)
    if not tag:
        raise MalformedError("A tag needs a name.", next_step=f"The guide's are {', '.join(FOOD_SOURCES)}.")
    return _CALLED.get(tag, tag)


def _folded(typed: str) -> str:
    return re.sub(r"[\s_-]+", "_", typed.strip().lower())
