"""``ironledger test``: a sprint, a jump, an endurance run, or any test of performance."""

from __future__ import annotations

import re
from typing import Any, get_args

import click

from client_sdk.cli.amounts import parse_height, parse_stopwatch
from client_sdk.cli.options import at_option, examples, really_option, with_replica
from client_sdk.cli.recording import note_option, record
from client_sdk.cli.typed import parse_distance
from client_sdk.replica import Replica
from events.body import JUMP, Aim, TestPerformed
from events.errors import MalformedError

AIMS: tuple[Aim, ...] = get_args(Aim)

_EXAMPLES = "Write it as sprint 40m 5.21s, jump 52cm, endurance 5km 24:30 or endurance 12min 2.8km."
_LENGTH = re.compile(r"\d[\d.,]*\s*(?:mm|cm|inch|inches|in|\"|″)\Z", re.IGNORECASE)
_FAR = re.compile(r"\d[\d.,]*\s*(?:km|mi|yd|ft|m)\Z", re.IGNORECASE)


@click.command(
    "test",
    epilog=examples(
        "ironledger test sprint 40m 5.21s",
        "ironledger test jump 52cm",
        "ironledger test endurance 5km 24:30",
        "ironledger test endurance 12min 2.8km",
        "ironledger test agility 9.8s --aim shortest_time",
    ),
)
@click.argument("kind")
@click.argument("what", nargs=-1, required=True)
@click.option("--aim", type=click.Choice(AIMS), help="What is better; by itself as the figures tell it.")
@at_option
@note_option
@really_option
@with_replica
def test_command(  # noqa: PLR0913  # each option is one thing that can be said of a test
    replica: Replica,
    /,
    *,
    kind: str,
    what: tuple[str, ...],
    aim: Aim | None,
    moment_text: str | None,
    note: str | None,
    really: bool,
) -> None:
    """Log a test of performance.

    KIND is sprint, jump, endurance or a name of your own. WHAT is a distance and the time it took; a time and how far
    you came in it; a height; or one of them alone.
    """
    called = re.sub(r"[\s-]+", "_", kind.strip().lower())
    result = parse_result(called, what)
    body = TestPerformed(test=replica.new_id(), kind=called, note=note, **result | ({"aim": aim} if aim else {}))
    record(replica, body, moment_text, really=really)


def parse_result(kind: str, words: tuple[str, ...]) -> dict[str, Any]:
    """What a test came to, as fields of ``TestPerformed``; a time before a distance is a time that was set.

    A jump is so high, unless its name says that it goes far: ``broad_jump``, ``long_jump``.

    Raises:
        MalformedError: where it is not told, or twice.
    """
    said: dict[str, Any] = {}
    for word in words:
        name, value = _figure(kind, word)
        if name in said:
            raise MalformedError(f"{' '.join(words)!r} tells the same thing twice.", next_step=_EXAMPLES)
        said[name] = value
    if list(said) == ["seconds_milli", "distance_mm"]:
        said["aim"] = "farthest"
    return said


def _figure(kind: str, word: str) -> tuple[str, int]:
    short = _LENGTH.match(word) is not None
    if kind == JUMP and (short or _FAR.match(word)):
        return "height_mm", parse_height(word)
    if short:
        return ("distance_mm" if re.search("broad|long|far|throw|put", kind) else "height_mm"), parse_height(word)
    if _FAR.match(word):
        return "distance_mm", parse_distance(word)
    if re.fullmatch(r"\d+(?:[.,]\d+)?", word):
        raise MalformedError(f"{word} has no unit.", next_step=f"Write {word}s, {word}m or {word}cm.")
    try:
        return "seconds_milli", parse_stopwatch(word)
    except MalformedError as error:
        raise MalformedError(f"{word!r} is no distance, time or height.", next_step=_EXAMPLES) from error
