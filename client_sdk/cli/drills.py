"""``ironledger drill``: a drill of the warm-up or the cool-down."""

from __future__ import annotations

import re
from typing import Any, get_args

import click

from client_sdk.cli.muscles import find_muscle
from client_sdk.cli.naming import find_session
from client_sdk.cli.options import at_option, examples, really_option, with_replica
from client_sdk.cli.sets import moment_of
from client_sdk.cli.typed import DISTANCE_UNIT, parse_distance, parse_duration
from client_sdk.cli.words import fitted, plain, short, when
from client_sdk.replica import Replica
from events.catalogue.drills import Drill, find_drill, suggest_drills
from events.errors import MalformedError
from events.training import DrillKind, DrillLogged, DrillPhase, Side
from projections.log import describe_distance, describe_duration

LONGEST_S = 2 * 3600
FARTHEST_MM = 50_000_000

_IS_DISTANCE = re.compile(rf"\d[\d.,]*\s*(?:{DISTANCE_UNIT})\Z", re.IGNORECASE)


@click.command(
    "drill",
    epilog=examples(
        'ironledger drill "leg swings" 60s',
        "ironledger drill cycling 8min",
        'ironledger drill "hamstring stretch" 30s --side left',
        'ironledger drill "cossack squats" 1min --warm-up --kind "dynamic stretch"',
    ),
)
@click.argument("name")
@click.argument("amounts", metavar="[TIME] [DISTANCE]", nargs=-1)
@click.option("--warm-up", "phase", flag_value="warm_up", help="It belongs to the warm-up.")
@click.option("--cool-down", "phase", flag_value="cool_down", help="It belongs to the cool-down.")
@click.option(
    "--kind", "kind_name", metavar="KIND", help="Dynamic stretch, light cardio, static stretch, foam rolling."
)
@click.option("--muscle", "muscle_name", metavar="MUSCLE", help="The muscle that it is for.")
@click.option("--side", type=click.Choice(["left", "right", "both"]), default="both", help="The side that it is for.")
@at_option
@click.option("--session", "session_name", metavar="TARGET", help="The session; by itself the one under way.")
@really_option
@with_replica
def drill_command(  # noqa: PLR0913  # each option is one thing that can be said of a drill
    replica: Replica,
    /,
    *,
    name: str,
    amounts: tuple[str, ...],
    phase: DrillPhase | None,
    kind_name: str | None,
    muscle_name: str | None,
    side: Side,
    moment_text: str | None,
    session_name: str | None,
    really: bool,
) -> None:
    """Log a drill of the warm-up or the cool-down.

    The guide's drills and other common ones are known: what sort they are, where they belong and for which muscle. Of
    another one, say it.
    """
    if not name.strip():
        raise click.UsageError("Say which drill it was.")
    known = find_drill(name)
    said = _amounts(amounts)
    kind, phase = _sort(name, known, kind_name, phase)
    usual = known.muscle if known is not None else None
    muscle = find_muscle(muscle_name) if muscle_name is not None else usual
    if not really:
        _refuse_implausible(said)
    moment = moment_of(replica, moment_text, really=really)
    session = replica.session_at(moment.at) if session_name is None else find_session(replica, session_name)
    body = DrillLogged(
        drill=replica.new_id(moment.at),
        session=session,
        phase=phase,
        kind=kind,
        name=name.strip() if known is None else known.name,
        muscle=muscle,
        side=side,
        **said,
    )
    replica.write_sets([replica.draft(body, moment.at, moment.offset)], enters=session_name is None)
    at = f" at {when(moment.at, moment.offset)}" if moment_text is not None else ""
    click.echo(fitted(f"Logged {_in_words(body)}{at}  #{short(body.drill)}"))


def _amounts(texts: tuple[str, ...]) -> dict[str, Any]:
    """A time, a distance, or both, each of them once."""
    said: dict[str, Any] = {}
    for text in texts:
        field, value = (
            ("distance_mm", parse_distance(text)) if _IS_DISTANCE.match(text) else ("seconds", parse_duration(text))
        )
        if field in said:
            what = "distance" if field == "distance_mm" else "time"
            raise MalformedError(
                f"{' '.join(texts)!r} has more than one {what}.", next_step="Write it as 60s, 8min or 2km."
            )
        if not value:
            raise MalformedError(f"{text} is nothing.", next_step="Leave it away where you took no time.")
        said[field] = value
    return said


def _refuse_implausible(said: dict[str, Any]) -> None:
    beyond = (
        (said.get("seconds", 0) > LONGEST_S, "2 hours"),
        (said.get("distance_mm", 0) > FARTHEST_MM, "50 km"),
    )
    for is_beyond, limit in beyond:
        if is_beyond:
            raise MalformedError(
                f"A drill takes no more than {limit} as a rule.", next_step="Add --really if it was so."
            )


def _sort(
    name: str, known: Drill | None, kind_name: str | None, phase: DrillPhase | None
) -> tuple[DrillKind, DrillPhase]:
    """The kind of a drill and its phase: as typed, else as known, else as the one follows from the other."""
    kind = _kind(kind_name) if kind_name is not None else known.kind if known is not None else None
    if phase is None and kind is not None:
        of_kind: DrillPhase = "warm_up" if kind in {"dynamic_stretch", "light_cardio"} else "cool_down"
        phase = known.phase if known is not None and kind == known.kind else of_kind
    if kind is None or phase is None:
        likely = suggest_drills(name, 3)
        meant = f"Did you mean {' or '.join(likely)}? Else say" if likely else "Say"
        raise MalformedError(
            f"{name!r} is no drill that is known.", next_step=f"{meant} what it is with --kind {_quoted_kinds()}."
        )
    return kind, phase


def _kind(text: str) -> DrillKind:
    wanted = text.strip().lower().replace("-", " ").replace("_", " ")
    found: list[DrillKind] = [kind for kind in get_args(DrillKind) if wanted and wanted in plain(kind)]
    if len(found) != 1:
        raise MalformedError(f"{text!r} is no kind of drill.", next_step=f"Choose {_quoted_kinds()}.")
    return found[0]


def _quoted_kinds() -> str:
    *kinds, last = (f'"{plain(kind)}"' for kind in get_args(DrillKind))
    return f"{', '.join(kinds)} or {last}"


def _in_words(body: DrillLogged) -> str:
    parts = [body.name]
    if body.seconds:
        parts.append(describe_duration(body.seconds))
    if body.distance_mm:
        parts.append(describe_distance(body.distance_mm))
    if body.side != "both":
        parts.append(body.side)
    about = [plain(body.phase).replace(" ", "-"), plain(body.kind), *([plain(body.muscle)] if body.muscle else [])]
    return f"{' '.join(parts)} ({', '.join(about)})"
