"""``ironledger measure`` and ``weigh``: girths, body fat, body weight."""

from __future__ import annotations

import re
from difflib import get_close_matches

import click

from client_sdk.cli.amounts import parse_measurement, parse_weight
from client_sdk.cli.options import at_option, examples, really_option, with_replica
from client_sdk.cli.recording import record
from client_sdk.cli.words import plain
from client_sdk.replica import Replica
from events.body import BODY_FAT, BODY_WEIGHT, SITES, Measurement, MeasurementTaken
from events.errors import UnknownNameError
from events.training import Side

_CALLED = {
    "arm": "upper_arm",
    "biceps": "upper_arm",
    "bicep": "upper_arm",
    "bodyweight": BODY_WEIGHT,
    "bw": BODY_WEIGHT,
    "weight": BODY_WEIGHT,
    "bodyfat": BODY_FAT,
    "fat": BODY_FAT,
    "belly": "abdomen",
    "calves": "calf",
    "shoulder": "shoulders",
}
"""What people call some sites."""

_ALIKE = 0.75


@click.command(
    "measure",
    epilog=examples(
        "ironledger measure thigh 58.5cm --side left",
        "ironledger measure waist 33in",
        "ironledger measure body_fat 18%",
    ),
)
@click.argument("site")
@click.argument("value")
@click.option("--side", type=click.Choice(["left", "right", "both"]), help="The side that was measured.")
@at_option
@really_option
@with_replica
def measure_command(  # noqa: PLR0913  # each option is one thing that can be said of a measurement
    replica: Replica, /, *, site: str, value: str, side: Side | None, moment_text: str | None, really: bool
) -> None:
    """Log a measurement of the body: a girth, body fat, body weight.

    SITE is thigh, calf, hip, waist, abdomen, chest, shoulders, neck, upper_arm, forearm, body_fat, body_weight or,
    with --really the first time, one of your own. VALUE is as the tape shows it: 58.5cm, 23in.
    """
    known = _site(replica, site, really=really)
    measured = _weight(replica, value) if known == BODY_WEIGHT else parse_measurement(value)
    body = MeasurementTaken(measurement=replica.new_id(), site=known, value=measured, side=side)
    record(replica, body, moment_text, really=really)


@click.command("weigh", epilog=examples("ironledger weigh 81.4kg", "ironledger weigh 179.5lb --at 07:00"))
@click.argument("value")
@at_option
@really_option
@with_replica
def weigh_command(replica: Replica, /, *, value: str, moment_text: str | None, really: bool) -> None:
    """Log your body weight.

    It counts from that day on, until the next: for protein per kg, and for what you lift with your body's own weight.
    """
    body = MeasurementTaken(measurement=replica.new_id(), site=BODY_WEIGHT, value=_weight(replica, value))
    record(replica, body, moment_text, really=really)


def site_of(typed: str) -> str:
    """What a site is called in the ledger: ``Thighs`` is thigh."""
    site = re.sub(r"[\s_-]+", "_", typed.strip().lower())
    called = _CALLED.get(site, site)
    one = called.removesuffix("s")
    return one if one in SITES and called not in SITES else called


def _weight(replica: Replica, text: str) -> Measurement:
    return parse_weight(text, replica.ledger().view.profile.units)


def _site(replica: Replica, typed: str, *, really: bool) -> str:
    """What a site is called; a new one of the lifter's own has to be meant, for it may be a slip of the finger.

    Raises:
        UnknownNameError: where nothing was measured there before, with the sites that may have been meant.
    """
    called = site_of(typed)
    if called in SITES:
        return called
    own = {
        fact.body.site
        for fact in replica.ledger().facts.of_type("measurement_taken")
        if isinstance(fact.body, MeasurementTaken)
    }
    if called in own or really:
        return called
    likely = tuple(get_close_matches(called, {*SITES, *own}, cutoff=_ALIKE))
    guess = f"Did you mean {plain(likely[0])}? " if likely else ""
    raise UnknownNameError(
        f"Nothing was ever measured at {typed!r}.", likely, f"{guess}Add --really to measure a site of your own."
    )
