"""``ironledger today``: what the program asks for, with targets, plates, a warm-up for each lift and its cues."""

from __future__ import annotations

from typing import Any

import click
import msgspec

from client_sdk.cli.bar import target_words
from client_sdk.cli.options import examples, json_option, with_replica
from client_sdk.cli.sets import bar_of
from client_sdk.cli.words import answers, counted, fitted, folded, letters_of, long_day, short, when
from client_sdk.errors import NotFoundError
from client_sdk.replica import Replica
from events.errors import MalformedError
from events.quantities import Load
from projections.ledger import encode_report
from projections.log import describe_duration
from projections.programs import PlannedDay
from projections.today import Due, due, report

program_option = click.option(
    "--program", "program_name", metavar="NAME", help="Of several that are followed, which."
)
day_option = click.option("--day", "day_name", metavar="NAME", help="Another training day than the one that is due.")
_PHASES = {"warm_up": "Warm-up", None: "Main part", "cool_down": "Cool-down"}


@click.command(
    "today", epilog=examples("ironledger today", "ironledger today --start", 'ironledger today --day "Day B" --json')
)
@program_option
@day_option
@click.option("--start", is_flag=True, help="Start the session, too: sets logged from now on belong to its slots.")
@json_option
@with_replica
def today_command(
    replica: Replica, /, *, program_name: str | None, day_name: str | None, start: bool, as_json: bool
) -> None:
    """Show what the program asks for today: the training day after the one that was followed last.

    Each exercise comes with what was done last time, the target and why, how to load it, a warm-up for it and cues.
    """
    chosen = chosen_days(replica, program_name, day_name)
    day = _day(replica)
    made = report(replica.ledger().view, day, chosen)
    if start:
        one, planned = _only(chosen)
        started = start_session(replica, one, planned)
        if not as_json:
            click.echo(started)
    if as_json:
        click.echo(encode_report(made))
        return
    for number, program in enumerate(made["programs"]):
        if number:
            click.echo()
        _show(program, made["day"])


def chosen_days(replica: Replica, program_name: str | None, day_name: str | None) -> list[tuple[Due, PlannedDay]]:
    """The training days that are due, or the one that was named, with their programs.

    Raises:
        NotFoundError: where no program is followed, none has a day, or none of that name.
    """
    local = replica.store.local()
    programs = due(replica.ledger().view, _day(replica), local.session)
    if not programs:
        raise NotFoundError(
            "No program is followed.",
            "Begin with the guide's: ironledger program create Legs --template balanced-legs --activate",
        )
    if program_name is not None:
        programs = [one for one in programs if _names(program_name, one.name, one.program)]
        if not programs:
            raise NotFoundError(
                f"No program that is followed is called {program_name!r}.", "`ironledger program show` shows them."
            )
    if day_name is None:
        found = [(one, one.due) for one in programs if one.due is not None]
        if not found:
            raise NotFoundError(
                f"{programs[0].name} has no training day yet.",
                f'Add one: ironledger program add-day "{programs[0].name}" "Day A"',
            )
        return found
    named = [(one, day) for one in programs for day in one.days if _names(day_name, day.name, day.day)]
    if not named:
        raise NotFoundError(f"No day of it is called {day_name!r}.", "`ironledger program show` shows them.")
    return named


def start_today(replica: Replica, program_name: str | None = None, day_name: str | None = None) -> str:
    """Starts a session that follows the day that is due, and says so.

    Raises:
        MalformedError: where several programs are followed and none was named.
        NotFoundError: as ``chosen_days``.
    """
    return start_session(replica, *_only(chosen_days(replica, program_name, day_name)))


def start_session(replica: Replica, one: Due, planned: PlannedDay) -> str:
    """Starts a session that follows a training day; what is to be known at the bar is gathered for it."""
    bar_of(replica)
    now = replica.clock()
    session = replica.start_session(at=now, title=planned.name, program=one.program, program_day=planned.day)
    return f"Started {planned.name} of {one.name} at {when(now, replica.offset_at(now))}  #{short(session)}"


def _only(chosen: list[tuple[Due, PlannedDay]]) -> tuple[Due, PlannedDay]:
    if len(chosen) > 1:
        names = " or ".join(f'`ironledger today --start --program "{one.name}"`' for one, _ in chosen)
        raise MalformedError("More than one program is followed.", next_step=f"Say which to start: {names}.")
    return chosen[0]


def _day(replica: Replica) -> int:
    """The local day of the session under way, else of now: by the lifter's cut-off, not by midnight."""
    return replica.at_the_bar().day


def _names(text: str, name: str, identifier: str) -> bool:
    return folded(text) == folded(name) or answers(identifier, letters_of(text))


def _show(program: dict[str, Any], day: str) -> None:
    click.secho(f"{program['name']}: {program['day_name']}, {day}", bold=True)
    if not program["slots"]:
        click.echo("Nothing is in it yet: `ironledger program add-slot`.")
    for phase, title in _PHASES.items():
        slots = [slot for slot in program["slots"] if slot.get("phase") == phase]
        if slots:
            click.echo(f"\n{title}")
        for slot in slots:
            for line in _lines(slot):
                click.echo(fitted(line))


def _lines(slot: dict[str, Any]) -> list[str]:
    lines = [f"  {slot.get('name') or slot.get('drill')}  {_asked(slot)}  #{short(slot['slot'])}"]
    if (last := slot.get("last_time")) is not None:
        lines.append(f"    Last time, {long_day(last['day'])}: {', '.join(_done(done) for done in last['sets'])}")
    if (coming := slot.get("next")) is not None:
        target = coming["target"]
        lines.append(f"    Target: {f'{target_words(target)}. ' if target else ''}{coming['reason']}")
    if (loading := slot.get("loading")) is not None and (made := _made(loading)):
        lines.append(f"    Load: {made}")
    if warm_up := slot.get("warm_up"):
        sets = ", ".join(f"{_load(one['load'])} × {one['reps']}" for one in warm_up)
        lines.append(f"    Warm up with: {sets}")
    lines += [f"    - {cue}" for cue in slot.get("cues", ())]
    if note := slot.get("note"):
        lines.append(f"    Note: {note}")
    return lines


def _done(done: dict[str, Any]) -> str:
    """A set as it was done: ``20 kg × 10 left``."""
    side = f" {done['side']}" if done.get("side", "both") != "both" else ""
    return f"{target_words(done)}{side}"


def _asked(slot: dict[str, Any]) -> str:
    reps, seconds = (_range(slot.get(f"{unit}_min"), slot.get(f"{unit}_max")) for unit in ("reps", "seconds"))
    amount = reps or (f"{seconds} s" if seconds else "")
    parts = [f"{slot['sets']} × {amount}" if amount else counted(slot["sets"], "set")]
    if slot.get("per_side"):
        parts[0] += " per side"
    if "rpe_tenths" in slot:
        parts.append(f"RPE {slot['rpe_tenths'] / 10:g}")
    if "tempo" in slot:
        parts.append(f"tempo {slot['tempo']}")
    if "rest_s" in slot:
        parts.append(f"rest {describe_duration(slot['rest_s'])}")
    return ", ".join(parts)


def _range(low: int | None, high: int | None) -> str:
    return "-".join(dict.fromkeys(str(bound) for bound in (low, high) if bound is not None))


def _made(loading: dict[str, Any]) -> str:
    """``20 kg and 20 kg + 15 kg on each side``; "" for what needs no making."""
    plates = " + ".join(
        f"{one['count']} × {_load(one['load'])}" if one["count"] > 1 else _load(one["load"])
        for one in loading["plates_per_side"]
    )
    add_ons = [_load(load) for load in loading["add_ons"]]
    if not plates and not add_ons:
        return ""
    base = _load(loading["base"]) if loading["base"]["milli"] else ""
    parts = [base, f"{plates} on each side" if plates else "", f"add-on {' + '.join(add_ons)}" if add_ons else ""]
    assumed = " (the usual equipment, as none is known)" if "equipment" in loading["assumed"] else ""
    return ", ".join(part for part in parts if part) + assumed


def _load(load: dict[str, Any]) -> str:
    return str(msgspec.convert(load, Load))
