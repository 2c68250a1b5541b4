"""``ironledger profile``: the lifter's settings."""

from __future__ import annotations

import re
from typing import Any

import click
import msgspec

from client_sdk.cli.options import examples, json_option, with_replica
from client_sdk.cli.words import fitted
from client_sdk.replica import Replica
from events.catalogue import DEFAULT_MATRIX, MATRICES
from events.envelope import malformed
from events.errors import MalformedError
from events.profile import ProfileChanged
from events.quantities import milli_text, parse_milli

MOST_PROTEIN_MG = 10_000
"""In a day, for each kg of body weight: what the fact may hold."""
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_ABOUT = {
    "units": "kg or lb, for loads typed without a unit and for figures that are computed",
    "week_start": "the day on which weeks begin, monday to sunday",
    "day_cutoff": "the time at which days begin, as 04:00",
    "level": "beginner or experienced",
    "matrix": " or ".join(MATRICES),
    "e1rm_formula": "epley or brzycki",
    "sessions_per_week": "how often you mean to train, 1 to 14",
    "protein": "the protein that you aim at, in g a day for each kg of body weight, as 1.6-2.2",
}
_USUAL = {
    "week_start": "monday",
    "day_cutoff": "00:00",
    "level": "beginner",
    "matrix": DEFAULT_MATRIX,
    "e1rm_formula": "epley",
    "sessions_per_week": "1",
    "protein": "1.6-2.2",
}
_ABOUT_AT = 33
"""The column at which the settings are told about."""
_PROTEIN = re.compile(r"(\d+(?:[.,]\d+)?)\s*(?:-|–|to)\s*(\d+(?:[.,]\d+)?)\Z")


@click.command(
    "profile", epilog=examples("ironledger profile", "ironledger profile units=kg week_start=sunday day_cutoff=04:00")
)
@click.argument("assignments", metavar="[NAME=VALUE...]", nargs=-1)
@json_option
@with_replica
def profile_command(replica: Replica, /, *, assignments: tuple[str, ...], as_json: bool) -> None:
    """Show your settings, or change them. They hold for the whole history, and rewrite nothing."""
    if assignments:
        replica.log(_changed(assignments))
    profile = replica.ledger().view.profile
    if as_json:
        click.echo(msgspec.json.encode(profile))
        return
    for name, about in _ABOUT.items():
        line = f"{name:<18} {_shown(profile, name) or _USUAL.get(name, 'not set'):<13} {about}"
        click.echo(fitted(line, hang=_ABOUT_AT))


def _changed(assignments: tuple[str, ...]) -> ProfileChanged:
    fields = dict(_setting(assignment) for assignment in assignments)
    try:
        return msgspec.convert(fields, ProfileChanged)
    except msgspec.ValidationError as error:
        setting = malformed(error).path.removeprefix("$.")
        raise MalformedError(
            f"{setting} can't be {fields.get(setting)}.", next_step=f"It is {_ABOUT.get(setting, 'something else')}."
        ) from error


def _setting(assignment: str) -> tuple[str, Any]:
    name, equals, text = assignment.partition("=")
    if not equals or name not in {*_ABOUT, "day_cutoff_min"} or not text:
        raise MalformedError(
            f"{assignment!r} is no setting.", next_step=f"Write name=value, with one of {', '.join(_ABOUT)}."
        )
    match name:
        case "week_start" if text.lower() in WEEKDAYS:
            return name, WEEKDAYS.index(text.lower())
        case "day_cutoff":
            hours, _, minutes = text.partition(":")
            if not (hours.isdigit() and minutes.isdigit() and int(hours) < 24 and int(minutes) < 60):  # noqa: PLR2004  # a day
                raise MalformedError(f"{text!r} is not a time of day.", next_step="Write it as 04:00.")
            return "day_cutoff_min", int(hours) * 60 + int(minutes)
        case "protein":
            found = _PROTEIN.match(text.strip())
            if found is None:
                raise MalformedError(f"{text!r} is not a range of protein.", next_step="Write it as 1.6-2.2.")
            return "protein_mg_per_kg", _protein(text, parse_milli(found[1]), parse_milli(found[2]))
        case "matrix" if text not in MATRICES:
            raise MalformedError(f"There is no muscle matrix {text!r}.", next_step=f"It is {_ABOUT[name]}.")
        case _:
            return name, int(text) if text.isdigit() else text


def _protein(text: str, least: int, most: int) -> dict[str, int]:
    """What a lifter means to eat, in mg for each kg of body weight.

    Raises:
        MalformedError: where it ends before it begins, or nobody eats so.
    """
    if least > most:
        raise MalformedError(f"{text} ends before it begins.", next_step="Write it as 1.6-2.2.")
    if not 0 < least <= most <= MOST_PROTEIN_MG:
        raise MalformedError(
            f"{text} is no protein for a day, in grams for each kg of body weight.",
            next_step=f"It is above 0 and at most {MOST_PROTEIN_MG // 1000}: write it as 1.6-2.2.",
        )
    return {"min": least, "max": most}


def _shown(profile: ProfileChanged, name: str) -> str:
    if name == "day_cutoff":
        minutes = profile.day_cutoff_min
        return "" if minutes is None else f"{minutes // 60:02d}:{minutes % 60:02d}"
    if name == "protein":
        wanted = profile.protein_mg_per_kg
        return "" if wanted is None else f"{milli_text(wanted.min)}-{milli_text(wanted.max)}"
    value = getattr(profile, name)
    if name == "week_start" and value is not None:
        return WEEKDAYS[value]
    return "" if value is None else str(value)
