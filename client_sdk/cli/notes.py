"""``ironledger note``: a remark on anything in the ledger, the lifter's own or a trainer's."""

from __future__ import annotations

import re

import click

from client_sdk.cli.naming import LAST, find_exercise, find_fact
from client_sdk.cli.options import examples, with_replica
from client_sdk.cli.words import FEWEST_LETTERS, short
from client_sdk.errors import NotFoundError
from client_sdk.replica import Replica
from events.corrections import NoteAdded
from events.errors import MalformedError, UnknownNameError

_LETTERS = re.compile(rf"#?[0-9a-f-]{{{FEWEST_LETTERS},}}", re.IGNORECASE)


@click.command(
    "note",
    epilog=examples(
        'ironledger note last "Knees caved in on the last two."',
        'ironledger note "back squat" "Sit down, not back." --author "Coach Jo"',
        'ironledger note 1d6bc8e1 "The gym was crowded."',
    ),
)
@click.argument("target_name", metavar="TARGET")
@click.argument("text", metavar="TEXT")
@click.option("--author", help="Who says so, such as a trainer; you by itself.")
@with_replica
def note_command(replica: Replica, /, *, target_name: str, text: str, author: str | None) -> None:
    """Keep a remark on a set, a session, a program, an exercise or anything else.

    TARGET is last, the letters behind # that logging or the log-book showed, or the name of an exercise. Notes are in
    the log-book, and those on sessions and their sets also in the report sessions.
    """
    target, words = _about(replica, target_name)
    if not text.strip():
        raise MalformedError("A note needs words.", next_step='Write it as ironledger note last "Felt light."')
    note = replica.new_id()
    replica.log(NoteAdded(note=note, target=target, text=text.strip(), author=author))
    click.echo(f"Noted on {words}.  #{short(note)}")


def _about(replica: Replica, name: str) -> tuple[str, str]:
    """What a note is about: the id of a fact or of an exercise, and the words for it.

    Raises:
        MalformedError: where several facts answer to the letters.
        NotFoundError: where nothing does.
        UnknownNameError: where no exercise has the name.
    """
    if name.lower() == LAST or _LETTERS.fullmatch(name.strip()):
        try:
            found = find_fact(replica, name)
        except NotFoundError:
            if name.lower() == LAST:
                raise
        else:
            return found.id, found.words
    try:
        exercise = find_exercise(replica, name)
    except UnknownNameError as error:
        step = f"{error.next_step} Anything else is named by the letters behind # in `ironledger log-book`."
        raise UnknownNameError(f"Nothing is called {name!r}.", error.suggestions, step) from error
    return exercise.id, exercise.name
