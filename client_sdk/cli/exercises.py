"""``ironledger exercises`` and ``match``: what exercises are called, and which are the same."""

from __future__ import annotations

import click

from client_sdk.cli.naming import find_exercise
from client_sdk.cli.options import examples, with_replica
from client_sdk.cli.words import plain
from client_sdk.errors import NotFoundError
from client_sdk.replica import Replica
from events.catalogue import catalogue
from events.errors import MalformedError
from events.training import ExerciseMatched
from projections.book import Book

MOST_FOUND = 10


@click.command("exercises", epilog=examples("ironledger exercises split squat"))
@click.argument("search", nargs=-1)
@with_replica
def exercises_command(replica: Replica, /, *, search: tuple[str, ...]) -> None:
    """Look an exercise up by its name, or list all of them."""
    book = replica.ledger().view.book
    own = book.own_names
    everybody = catalogue()
    if search:
        found = everybody.suggest(" ".join(search), MOST_FOUND, own)
    else:
        found = [*sorted(own, key=book.name), *everybody.exercises]
    if not found:
        raise NotFoundError(f"No exercise is like {' '.join(search)!r}.", "`ironledger exercises` lists them all.")
    for exercise in found:
        click.echo(_line(exercise, book))


@click.command("match", epilog=examples('ironledger match "Squat Machine" "hack squat"'))
@click.argument("name")
@click.argument("exercise")
@with_replica
def match_command(replica: Replica, /, *, name: str, exercise: str) -> None:
    """Say which exercise one of your own, such as an imported one, is the same as: its history counts there."""
    own, same = find_exercise(replica, name), find_exercise(replica, exercise)
    facts = replica.ledger().facts
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
