"""``ironledger target``: take the target that is proposed for a slot, or decline it."""

from __future__ import annotations

from contextlib import suppress
from typing import Literal

import click

from client_sdk.cli.naming import find_exercise, find_fact
from client_sdk.cli.options import examples, really_option, with_replica
from client_sdk.cli.performed import parse_performed
from client_sdk.cli.plausible import refuse_implausible
from client_sdk.cli.words import short
from client_sdk.errors import NotFoundError
from client_sdk.replica import Replica
from events.errors import IronledgerError, MalformedError
from events.programs import ProgressionDecided, Target
from events.training import SetLogged
from projections.programs import Slot
from projections.progression import Targets
from projections.rules import load_words


@click.group(
    "target",
    epilog=examples(
        "ironledger report overload", 'ironledger target accept "leg press"', 'ironledger target decline "back squat"'
    ),
)
def target_command() -> None:
    """Take the target that is proposed for a slot, or decline it."""


@target_command.command(
    "accept",
    epilog=examples('ironledger target accept "leg press"', 'ironledger target accept "leg press" 45kg 10'),
)
@click.argument("slot", metavar="EXERCISE|SLOT")
@click.argument("what", nargs=-1)
@really_option
@with_replica
def accept(replica: Replica, /, *, slot: str, what: tuple[str, ...], really: bool) -> None:
    """Take the target of a slot, or one of your own: it stays the target until it is met.

    EXERCISE is that of a slot of a program that you follow.
    """
    _decide(replica, slot, "accepted", " ".join(what), really=really)


@target_command.command("decline", epilog=examples('ironledger target decline "leg press"'))
@click.argument("slot", metavar="EXERCISE|SLOT")
@with_replica
def decline(replica: Replica, /, *, slot: str) -> None:
    """Decline the target of a slot: it is not proposed again until another session, or until something changes."""
    _decide(replica, slot, "declined")


def _decide(
    replica: Replica, name: str, decision: Literal["accepted", "declined"], own: str = "", *, really: bool = False
) -> None:
    ledger = replica.ledger()
    targets = Targets(ledger.view, replica.today())
    slot = _find(replica, targets, name)
    target = _own(replica, slot, own, really=really) if own else _proposed(targets, slot, name)
    replica.log(ProgressionDecided(slot=slot.slot, target=target, decision=decision))
    called = ledger.view.book.name(ledger.view.at_hand.exercise_of(slot.fields["exercise"]))
    click.echo(f"{decision.capitalize()}: {called} {_words(target)}  #{short(slot.slot)}")


def _proposed(targets: Targets, slot: Slot, name: str) -> Target:
    proposal = targets.of_slot(slot)
    if proposal is None or proposal.target is None:
        raise NotFoundError(
            f"No target is proposed for {name} yet.", f'Say your own: `ironledger target accept "{name}" 40kg 10`.'
        )
    return proposal.target


def _own(replica: Replica, slot: Slot, text: str, *, really: bool) -> Target:
    """A target as the lifter types it, as a set is typed."""
    ledger = replica.ledger()
    exercise = find_exercise(replica, ledger.view.at_hand.exercise_of(slot.fields["exercise"]))
    performed = parse_performed(text, exercise.known, lambda: ledger.view.profile.units)
    if performed.distance_mm is not None:
        raise MalformedError(f"{text!r} is no target.", next_step="Write it as 45kg 10, bw 8 or 45s.")
    if not really:  # what nobody lifts is no target either
        like = SetLogged(set=slot.slot, session=slot.slot, exercise=exercise.id, kind="working", **performed.said())
        refuse_implausible(like)
    return Target(load=performed.load, load_kind=performed.load_kind, reps=performed.reps, seconds=performed.seconds)


def _find(replica: Replica, targets: Targets, name: str) -> Slot:
    """The slot that is followed, by its exercise, else by the letters of its id."""
    slots = [slot for slot in targets.slots if "exercise" in slot.fields]
    found: list[Slot] = []
    with suppress(IronledgerError):
        exercise = find_exercise(replica, name).id
        found = [
            slot for slot in slots if replica.ledger().view.at_hand.exercise_of(slot.fields["exercise"]) == exercise
        ]
    if not found:
        with suppress(IronledgerError):
            named = find_fact(replica, name).id
            found = [slot for slot in slots if slot.slot == named]
    if len(found) > 1:
        letters = ", ".join(f"#{short(slot.slot)}" for slot in found)
        raise MalformedError(f"{len(found)} slots ask for {name}: {letters}.", next_step="Name one by its letters.")
    if not found:
        raise NotFoundError(
            f"No program that you follow asks for {name}.", "`ironledger report programs` shows the slots."
        )
    return found[0]


def _words(target: Target) -> str:
    load = load_words(target.load, target.load_kind)
    amount = f"{target.seconds} s" if target.seconds is not None else f"{target.reps or 0}"
    return f"{load} × {amount}" if load else amount
