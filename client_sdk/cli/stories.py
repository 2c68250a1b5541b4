"""The story that an import ends with, and the question that it may begin with: what becomes of likely copies."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import NamedTuple

import click

from client_sdk.cli.apps import app_title
from client_sdk.cli.progress import working
from client_sdk.cli.words import counted, decimal, short, when
from client_sdk.duplicates import Duplicates, Twin
from client_sdk.importers import Reading
from client_sdk.imports import what_is_new
from client_sdk.replica import Replica
from client_sdk.story import Story, length
from events.quantities import round_half_up

SHOWN = 10
"""How many likely copies people are shown; JSON has all."""

_FATES: dict[Duplicates | None, str] = {
    "skip": "left out",
    "keep": "brought in, and both count",
    None: "one of the two counts, until you settle it",
}


class Known(NamedTuple):
    """What of a file was known from elsewhere, in sessions."""

    own: int
    copies: int
    duplicates: Duplicates | None


def decided(replica: Replica, reading: Reading, *, dry_run: bool) -> Duplicates | None:
    """What becomes of likely copies, asked at the terminal; None where there are none, or nothing is written.

    Raises:
        UsageError: where there are some, and nobody to ask; it lists them, with both ways.
    """
    if dry_run:
        return None
    with working("Comparing"):
        copies = what_is_new(replica, reading).copies
    if not copies:
        return None
    rest = [f"  … and {len(copies) - SHOWN:,} more"] if len(copies) > SHOWN else []
    like = "is likely a copy" if len(copies) == 1 else "are likely copies"
    title = f"{counted(len(copies), 'session')} of the file {like} of what is here from another app:"
    listed = "\n".join([title, *(f"  {twin_text(twin)}" for twin in copies[:SHOWN]), *rest])
    if not sys.stdin.isatty():
        ways = "Say --duplicates skip to leave that out, or --duplicates keep to let both count."
        raise click.UsageError(f"{listed}\n{ways}")
    click.echo(listed, err=True)
    choice = click.Choice(["skip", "keep"])
    answer = click.prompt("skip leaves that out, keep lets both count", type=choice, err=True)
    return "keep" if answer == "keep" else "skip"


def twin_text(twin: Twin) -> str:
    """A likely copy, as ``2025-06-30 18:30 Legs, 14 sets: Hevy has it as #1d6bc8e1``."""
    title = f" {twin.title}" if twin.title else ""
    whose = "logged here" if twin.app is None else f"{app_title(twin.app)} has it"
    return f"{when(twin.at, twin.offset)}{title}, {counted(twin.sets, 'set')}: {whose} as #{short(twin.of)}"


def tell(story: Story, recovered: int, unmatched: int, known: Known) -> Iterator[str]:
    """What a file tells of its lifter, and what was made of it, line by line; none for an empty one."""
    if story.first is None:
        return
    sessions, sets = counted(story.sessions, "session"), counted(story.sets, "set")
    yield f"{length(story)} of training, {story.first} to {story.last}: {sessions}, {sets}."
    if story.weeks > 1:
        per_week = decimal(round_half_up(story.sessions * 1000, story.weeks))
        sessions = "session" if per_week == "1" else "sessions"
        yield f"{per_week} {sessions} a week; at best {counted(story.run_weeks, 'week')} in a row with one."
    for number, best in enumerate(story.best):
        yield f"{'' if number else 'Best lifts:':<11} {best.name} {best.words}, on {best.day}"
    own = "; the others are your own" if unmatched else ""
    yield f"{story.exercises - unmatched} of {counted(story.exercises, 'exercise')} found in the catalogue{own}."
    if recovered:
        were = "loads were" if recovered > 1 else "load was"
        yield f"{recovered:,} {were} typed in the other unit, and kept in that."
    if known.own:
        yield f"{counted(known.own, 'session')} are here already, word for word."
    if known.copies:
        copies = counted(known.copies, "likely copy", "likely copies")
        yield f"{copies} of what another app told: {_FATES[known.duplicates]}."
