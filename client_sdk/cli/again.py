"""``ironledger again``: the last set once more, or the last session, perhaps with a number changed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby
from typing import Any

import click
import msgspec

from client_sdk.bar import AtTheBar
from client_sdk.cli.bar import tell
from client_sdk.cli.naming import facts_about, find_exercise, find_fact
from client_sdk.cli.options import examples, really_option, with_replica
from client_sdk.cli.performed import parse_performed
from client_sdk.cli.plausible import refuse_implausible
from client_sdk.cli.sets import bar_of, confirm, refuse_options
from client_sdk.cli.typed import LOAD_UNIT, parse_load
from client_sdk.cli.words import counted
from client_sdk.errors import NotFoundError
from client_sdk.replica import Replica
from events.errors import MalformedError
from events.quantities import Load
from events.training import LoadKind, SetLogged

_STEP = re.compile(rf"([+-])\s*(\d[\d.,]*)\s*({LOAD_UNIT}|reps?|s)?\Z", re.IGNORECASE)
_OF_ONE_SET = ("note", "rpe_tenths", "rir_tenths", "form", "rest_s", "heart_rate", "order", "import_", "source")
"""What was said of the set itself, and is said anew of the next."""


@click.command(
    "again",
    epilog=examples(
        "ironledger again", "ironledger again 9", "ironledger again +2.5kg", "ironledger again --session"
    ),
    context_settings={"ignore_unknown_options": True},
)
@click.argument("changed", nargs=-1)
@click.option("--session", "whole", is_flag=True, help="The whole last session, set by set.")
@click.option("--quiet", is_flag=True, help="Say nothing of last time, targets and records.")
@really_option
@with_replica
def again_command(replica: Replica, /, *, changed: tuple[str, ...], whole: bool, quiet: bool, really: bool) -> None:
    """Log the last set once more, or with a number changed: 9 are reps, 102.5kg is a load, +2.5kg, -5kg or +1 a step.

    How hard the set was and what was noted of it is not repeated. A whole session is logged into the one under way,
    in its order and at this moment: to follow a training day, start that first with `ironledger today --start`.
    """
    refuse_options(changed)
    bar = bar_of(replica)
    former = _last_session(replica) if whole else [_last_set(replica, bar)]
    session = replica.session_at(replica.clock())
    bodies: list[SetLogged] = []
    for index, body in enumerate(former):
        fresh = msgspec.structs.replace(
            body,
            **(dict.fromkeys(_OF_ONE_SET) | {"set": replica.new_id(), "session": session, "slot": None}),
        )
        fresh = _with(replica, fresh, changed if fresh.kind != "warm_up" or not whole else ())
        slot = None if bar is None else bar.slot_of(fresh, bodies)
        bodies.append(msgspec.structs.replace(fresh, slot=slot, order=index if whole else None))
        if not really:
            refuse_implausible(bodies[-1])
    written = replica.write_sets([replica.draft(body) for body in bodies])
    alike = groupby(zip(bodies, written, strict=True), key=lambda pair: _same(pair[0]))
    for _, pairs in alike:
        run = list(pairs)
        first = run[0][0]
        confirm(find_exercise(replica, first.exercise).name, [body for body, _ in run])
    if whole:
        click.echo(f"{counted(len(bodies), 'set')} again. To take them back: ironledger undo")
    elif bar is not None and not quiet:
        tell(bar, written)


def _last_set(replica: Replica, bar: AtTheBar | None) -> SetLogged:
    """The last set that was logged here and counts, with its corrections.

    Raises:
        NotFoundError: where there is none.
    """
    if bar is not None and bar.last_set is not None:
        return bar.last_set
    found, ledger = find_fact(replica, "last"), replica.ledger()
    fact = facts_about(ledger, found.id).effective.get("set_logged", {}).get(found.id)
    if fact is None:  # it was taken back: then it is the one before
        here = replica.store.local().replica
        own = [one for one in ledger.facts.of_type("set_logged") if one.entry.replica == here]
        fact = max(own, key=lambda one: one.entry.seq, default=None)
    if fact is None or not isinstance(fact.body, SetLogged):
        raise NotFoundError(f"{found.words} is void.", "Log a set with `ironledger log`.")
    return fact.body


def _last_session(replica: Replica) -> list[SetLogged]:
    """The sets of the last session but the one under way, in their order.

    Raises:
        NotFoundError: where there is none.
    """
    now = replica.session_at(replica.clock())
    facts = replica.ledger().facts
    rows = replica.report("sessions")["sessions"]
    for row in rows:
        if row["session"] != now and row["exercises"]:
            names = [done["set"] for block in row["exercises"] for done in block["sets"]]
            known = facts.effective["set_logged"]
            sets = sorted((known[name] for name in names), key=lambda fact: (fact.time, fact.entry.seq))
            return [fact.body for fact in sets if isinstance(fact.body, SetLogged)]
    raise NotFoundError("There is no session to repeat yet.", "Log a set with `ironledger log`.")


def _with(replica: Replica, body: SetLogged, changed: Iterable[str]) -> SetLogged:
    """The set with what was typed in the place of its own numbers.

    Raises:
        MalformedError: where that can't be told for sure.
    """
    for word in changed:
        step = _STEP.match(word)
        said = _stepped(body, step) if step else _replaced(replica, body, word)
        body = msgspec.structs.replace(body, **said)
    return body


def _stepped(body: SetLogged, step: re.Match[str]) -> dict[str, Any]:
    """``+2.5kg``, ``-5kg``: another load; ``+1``: more reps, or seconds where it is a set of those."""
    sign, number, unit = step.groups()
    if unit is None or unit.lower().startswith(("rep", "s")):
        field = "seconds" if (unit or "").lower() == "s" or body.reps is None else "reps"
        value = (getattr(body, field) or 0) + (int(number) if number.isdigit() else 0) * (1 if sign == "+" else -1)
        if not number.isdigit() or value < 0:
            sentence = f"{sign}{number} is no step from {getattr(body, field)}."
            raise MalformedError(sentence, next_step="Write +1, or the whole number.")
        return {field: value}
    by = parse_load(f"{number}{unit}").load
    own = body.load or Load(0, "kg" if by is None else by.unit)
    if by is None or by.unit != own.unit:
        raise MalformedError(
            f"The set was in {own.unit}.", next_step=f"Say the step in {own.unit}, or the whole load."
        )
    before = 0 if body.load_kind == "bodyweight" else -own.milli if body.load_kind == "assisted" else own.milli
    after = before + (by.milli if sign == "+" else -by.milli)
    if body.load_kind == "external":
        if after < 0:
            raise MalformedError(f"{own} less {by} is less than nothing.", next_step="Say the whole load.")
        return {"load": Load(after, own.unit)}
    kind: LoadKind = "bodyweight" if not after else "added" if after > 0 else "assisted"
    return {"load": Load(abs(after), own.unit) if after else None, "load_kind": kind}


def _replaced(replica: Replica, body: SetLogged, word: str) -> dict[str, Any]:
    """``9``: so many reps; ``102.5kg``, ``bw+10kg``: that load; ``90s``, ``5km``: that time or distance."""
    if word.isdigit() and body.reps is not None:
        return {"reps": int(word)}
    known = find_exercise(replica, body.exercise).known
    is_load = re.search(rf"\d\s*(?:{LOAD_UNIT})\Z|\A(?:bw|body)", word, re.IGNORECASE) is not None
    performed = parse_performed(f"{word} 1reps" if is_load else word, known, lambda: None)
    said = performed.said()
    kept = {"load", "load_kind", "implements"} if is_load else {"reps", "seconds", "distance_mm"}
    return {name: value for name, value in said.items() if name in kept} | (
        {"load": None} if said["load_kind"] == "bodyweight" and is_load else {}
    )


def _same(body: SetLogged) -> SetLogged:
    """What is alike in sets that are told together."""
    return msgspec.structs.replace(body, set=body.session, order=None)
