"""``ironledger exercises`` and ``match``: what exercises are called, and which are the same."""

from __future__ import annotations

import click
import msgspec

from client_sdk.cli.matrices import shares_of, tell_shares
from client_sdk.cli.naming import find_exercise
from client_sdk.cli.options import examples, json_option, with_replica
from client_sdk.cli.words import plain
from client_sdk.errors import NotFoundError
from client_sdk.replica import Replica
from events.catalogue import catalogue
from events.errors import MalformedError, UnknownNameError
from events.training import ExerciseMatched
from projections.book import Book

MOST_FOUND = 10


@click.command("exercises", epilog=examples("ironledger exercises split squat", 'ironledger exercises "back squat"'))
@click.argument("search", nargs=-1)
@json_option
@with_replica
def exercises_command(replica: Replica, /, *, search: tuple[str, ...], as_json: bool) -> None:
    """Look an exercise up by its name, or list all of them.

    Of one that is named in full it tells what a set counts for, by each muscle matrix, and on whose word.
    """
    book = replica.ledger().view.book
    named = _named(replica, " ".join(search)) if search else None
    if as_json:
        listed = [named] if named is not None else _found(book, search)
        click.echo(msgspec.json.encode([shares_of(exercise, book) for exercise in listed]))
    elif named is not None:
        tell_shares(replica, named)
    else:
        for exercise in _found(book, search):
            click.echo(_line(exercise, book))


def _named(replica: Replica, name: str) -> str | None:
    """The exercise that bears just this name."""
    try:
        return find_exercise(replica, name).id
    except UnknownNameError:
        return None


def _found(book: Book, search: tuple[str, ...]) -> list[str]:
    """The exercises that may have been meant, or all of them."""
    own = book.own_names
    everybody = catalogue()
    if search:
        found = everybody.suggest(" ".join(search), MOST_FOUND, own)
    else:
        found = [*sorted(own, key=book.name), *everybody.exercises]
    if not found:
        raise NotFoundError(f"No exercise is like {' '.join(search)!r}.", "`ironledger exercises` lists them all.")
    return found


@click.command("match", epilog=examples('ironledger match "Squat Machine" "hack squat"'))
@click.argument("name")
@click.argument("exercise")
@with_replica
def match_command(replica: Replica, /, *, name: str, exercise: str) -> None:
    """Say which exercise one of your own, such as an imported one, is the same as: its history counts there."""
    own, same = find_exercise(replica, name), find_exercise(replica, exercise)
    facts = replica.ledger().view.at_hand
    if own.id in catalogue().exercises:
        raise MalformedError(
            f"{own.name} is an exercise of the catalogue, and means the same to everybody.",
            next_step="Match exercises of your own; `ironledger correct TARGET exercise=NAME` mends a single set.",
        )
    if facts.exercise_of(own.id) == facts.exercise_of(same.id):
        click.echo(f"{own.name} counts as {same.name} already.")
        return
    replica.log(ExerciseMatched(exercise=own.id, same_as=same.id))
    click.echo(f"{own.name} counts as {same.name} from now on, with all its history.")


def _line(exercise: str, book: Book) -> str:
    muscles = sorted(book.shares(exercise).items(), key=lambda share: -share[1])
    trains = ", ".join(plain(muscle) for muscle, share in muscles if share)
    return f"{book.name(exercise):<34} {trains or 'no muscle known'}"
