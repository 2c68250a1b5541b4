"""``ironledger undo``: the last act of this device, taken back by its opposite."""

from __future__ import annotations

from collections import Counter

import click

from client_sdk.cli.naming import describe_fact, in_words
from client_sdk.cli.options import examples, with_replica
from client_sdk.cli.spelling import assignments
from client_sdk.cli.words import counted, fitted, short
from client_sdk.errors import NotFoundError
from client_sdk.replica import Replica
from client_sdk.store import UnderWay
from client_sdk.undoing import Act, acts, hindrance, opposites
from events import Body
from events.corrections import FactCorrected, FactRestored, FactVoided
from events.training import DrillLogged, SessionFinished, SessionStarted, SetLogged
from projections.entries import Entry
from projections.facts import Facts
from projections.ledger import Ledger

MOST_LINES = 5


@click.command("undo", epilog=examples("ironledger undo", "ironledger undo --past"))
@click.option("--past", is_flag=True, help="Go past what can't be taken back, to the last thing that can.")
@with_replica
def undo_command(replica: Replica, /, *, past: bool) -> None:
    """Take back the last thing that was written on this device; once more, the one before it.

    What one command wrote goes as one: sets logged together, a program with all its days. Nothing is deleted: the
    opposite is written, and the log-book shows both.
    """
    ledger = replica.ledger()
    local = replica.store.local()
    facts = ledger.facts if past else _of_last_act(ledger, local.replica)
    act, stays = _chosen(ledger, facts, local.replica, past=past)
    what = _told(ledger, act)
    bodies = opposites(facts, act)
    replica.write(map(replica.draft, bodies), _under_way(replica, act, local.session))
    if stays:
        click.echo(f"{counted(stays, 'later act')} can't be taken back, and {'stays' if stays == 1 else 'stay'}.")
    for line in what:
        click.echo(fitted(line if line.startswith("…") else f"Took back: {line}"))
    match bodies:
        case [FactVoided(target=target)] if isinstance(act[0].body, SetLogged):
            click.echo(f"To have it again: ironledger restore {short(target)}")
        case [FactRestored(target=target)] if isinstance(act[0].body, SessionFinished):
            again = f"#{short(target)} is under way again; finish it anew when you are done, which moves its end."
            click.echo(fitted(again))
        case _:
            pass


def _of_last_act(ledger: Ledger, replica: str) -> Facts:
    """All that is true; but for what is laid by, where the last act of a replica is not."""
    at_hand = ledger.view.at_hand
    act = next(acts(at_hand, replica), None)
    return at_hand if act is not None and act[0].seq >= ledger.view.at_hand_since(replica) else ledger.facts


def _chosen(ledger: Ledger, facts: Facts, replica: str, *, past: bool) -> tuple[Act, int]:
    """The act that is taken back, and how many later ones stay because they can't be.

    Raises:
        NotFoundError: where there is none; where the last one can't be taken back, and nobody said to go past it.
    """
    for stays, act in enumerate(acts(facts, replica)):
        reason = hindrance(facts, act)
        if reason is None:
            return act, stays
        if not past:
            raise NotFoundError(
                f"{_told(ledger, act)[0]} can't be taken back. {reason}.",
                "Take out what else you mean by name, `ironledger void`, or go past this: `ironledger undo --past`.",
            )
    raise NotFoundError(
        "Nothing that was written here is left to take back.", "`ironledger log-book` shows what can be voided."
    )


def _told(ledger: Ledger, act: Act) -> list[str]:
    """What an act said, event by event, up to a few."""
    alike = Counter(_line(ledger, entry) for entry in act)
    lines = [f"{number} × {line}" if number > 1 else line for line, number in alike.items()]
    rest = len(lines) - MOST_LINES
    return [*lines[:MOST_LINES], f"… and {counted(rest, 'thing')} more that went with it."] if rest > 0 else lines


def _line(ledger: Ledger, entry: Entry[Body]) -> str:
    match entry.body:
        case FactCorrected(target=target, changes=changes):
            return f"the correction {assignments(changes)} of {describe_fact(ledger, target)}"
        case FactVoided(target=target):
            return f"the void of {describe_fact(ledger, target)}"
        case FactRestored(target=target):
            return f"the restore of {describe_fact(ledger, target)}"
        case SetLogged(set=name):
            return describe_fact(ledger, name)
        case _:
            return f"{entry.type.replace('_', ' ')} {in_words(entry.body, ledger.view.book)}".rstrip()


def _under_way(replica: Replica, act: Act, now: str | None) -> UnderWay | None:
    """The session under way afterwards: none where all of it is taken back, again the one whose finish is."""
    for entry in act:
        match entry.body:
            case SessionFinished(session=session):
                return UnderWay(session, replica.clock())
            case SessionStarted(session=session) | SetLogged(session=session) | DrillLogged(session=session) if (
                session == now and not _holds_other(replica.ledger(), session, act)
            ):
                return UnderWay(None, None)
            case _:
                pass
    return None


def _holds_other(ledger: Ledger, session: str, act: Act) -> bool:
    """Whether a session was started, or something was done in it, in other acts than this one."""
    own, facts = {entry.id for entry in act}, ledger.view.at_hand  # as the act is, so is all of its session
    inside = (facts.effective.get(kind, {}).get(name) for kind, name in facts.members(session))
    return any(
        fact is not None and fact.entry.type != "session_finished" and fact.entry.id not in own for fact in inside
    )
