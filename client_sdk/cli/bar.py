"""What is said at the bar: last time's sets, what was to be done, and the records that were broken."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from client_sdk.bar import Answer, AtTheBar
from client_sdk.cli.words import fitted, long_day
from client_sdk.replica import Replica
from events import Event, Record
from events.codec import CODEC
from events.errors import MalformedError
from events.quantities import Load, day_text
from projections.log import PAIR, describe_duration
from projections.practice import Done


def tell(bar: AtTheBar, events: Sequence[Event]) -> None:
    """Answers sets of one exercise that were just logged, out of what was known before them."""
    answer = bar.answer([Record(position=None, stamp=None, event=event) for event in events], CODEC)
    if answer.last is not None:
        sets = ", ".join(_done(done) for done in answer.last.sets)
        click.echo(fitted(f"Last time, {long_day(day_text(answer.last.day))}: {sets}"))
    tell_next(answer.next)
    _tell_records(answer)


def tell_past(replica: Replica, events: Sequence[Event]) -> None:
    """The records of sets that were done some time ago: what the report says of them, whatever came since."""
    ids = {event.id for event in events}
    for row in replica.report("records")["exercises"]:
        for entry in row["timeline"]:
            if entry["event"] in ids:
                click.echo(fitted(_record(entry)))


def tell_next(proposal: dict[str, Any] | None) -> None:
    """The target and why it is that; nothing where there is none."""
    if proposal is not None and proposal["target"] is not None:
        click.echo(fitted(f"Target: {target_words(proposal['target'])}. {proposal['reason']}"))


def target_words(target: dict[str, Any]) -> str:
    """``100 kg × 8``."""
    amount = _amount(target)
    load = _load(target)
    return f"{load} × {amount}" if load and amount else load or amount


def typed(proposal: dict[str, Any] | None, name: str) -> str:
    """A target as a lifter would type it for ``log``.

    Raises:
        MalformedError: where there is none to take.
    """
    target = None if proposal is None else proposal["target"]
    if target is None or not (target.get("reps") or target.get("seconds")):
        raise MalformedError(f"There is no target for {name} yet.", next_step="Say what you did, as 100kg 8.")
    load = _load(target).replace("body weight", "bw").replace(" ", "")
    reps, seconds = target.get("reps"), target.get("seconds")
    return " ".join(part for part in (load, f"{reps} reps" if reps else "", f"{seconds}s" if seconds else "") if part)


def _tell_records(answer: Answer) -> None:
    if answer.first:
        click.echo("The first time: whatever it is, it is a record.")
        return
    for entry in answer.beaten:
        click.echo(fitted(_record(entry)))


def _record(entry: dict[str, Any]) -> str:
    beat = entry["beat"]
    what = f"{entry['reps']}-rep best" if entry["record"] == "reps" else f"{entry['record']} ever"
    match entry["record"]:
        case "reps" if beat is None:
            former = "the first set of so many reps"
        case _ if beat is None:
            former = "the first of its kind"
        case "reps" | "heaviest":
            load, reps = _load(beat) or "body weight", beat["reps"]
            same = entry["record"] == "reps" and reps == entry["reps"]
            former = f"beats {load if same or reps is None else f'{load} × {reps}'} of {long_day(beat['day'])}"
        case _:
            former = f"beats that of {long_day(beat['day'])}"
    return f"Record: new {what}, {former}."


def _done(done: Done) -> str:
    shown = {"load": done.load, "load_kind": done.load_kind, "reps": done.reps, "seconds": done.seconds}
    each = f"{done.implements} × " if done.load_kind == "external" and done.implements == PAIR else ""
    side = f" {done.side}" if done.side != "both" else ""
    return f"{each}{target_words(shown)}{side}"


def _load(shown: dict[str, Any]) -> str:
    """The load of a set, a record or a target; "" for none."""
    given = shown.get("load")
    load = Load(given["milli"], given["unit"]) if isinstance(given, dict) else given
    match shown.get("load_kind"):
        case "bodyweight":
            return "body weight"
        case "added" | "assisted" if load is not None:
            return f"body weight {'+' if shown['load_kind'] == 'added' else '-'} {load}"
        case _:
            return "" if load is None else str(load)


def _amount(shown: dict[str, Any]) -> str:
    if shown.get("reps") is not None:
        return str(shown["reps"])
    return describe_duration(shown["seconds"]) if shown.get("seconds") is not None else ""
