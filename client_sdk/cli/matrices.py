"""``ironledger matrix``: which muscles a set counts for, and who says so; also for one exercise, by ``exercises``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import click
import msgspec

from client_sdk.cli.options import examples, json_option, with_replica
from client_sdk.cli.words import decimal, plain
from client_sdk.replica import Replica
from events.catalogue import MATRICES, MUSCLES, Cell, catalogue
from events.guide import MAIN_ROUTINE, variants_of
from projections.book import Book

GRADES = {
    "A": "muscle growth measured with the exercise",
    "B": "growth measured with a close variant, or activity over several studies",
    "C": "muscle activity, or the moment about the joint, in a single study",
    "D": "anatomy, or the word of a guide",
}
_COLUMNS = {
    "quadriceps": "quads",
    "hamstrings": "hams",
    "glutes": "glutes",
    "adductors": "add.",
    "gastrocnemius": "gastr.",
    "soleus": "soleus",
    "spinal_erectors": "erect.",
    "core": "core",
}
"""The muscles of the guide's table, as its narrow columns are headed."""

_TABLED = tuple(dict.fromkeys(name for lift in MAIN_ROUTINE for name in (lift, *variants_of(lift))))


@click.command("matrix", epilog=examples("ironledger matrix", "ironledger matrix seed-guide@1"))
@click.argument("name", type=click.Choice(MATRICES), required=False)
@json_option
@with_replica
def matrix_command(replica: Replica, /, *, name: str | None, as_json: bool) -> None:
    """Show what a set of each of the guide's lifts counts for, by the muscle matrix in force or by another.

    Behind each share stands the grade of what it rests on. `ironledger exercises` NAME tells the sources.
    """
    in_force = replica.ledger().view.book.matrix
    chosen = name or in_force
    if as_json:
        cells = {exercise: _cells(exercise, chosen) for exercise in _TABLED}
        click.echo(msgspec.json.encode({"matrix": chosen, "in_force": in_force, "exercises": cells}))
        return
    from client_sdk.cli.rendering.paper import Paper, table  # noqa: PLC0415  # heavy, and JSON does without

    paper = Paper(replica.ledger(), replica.store.local().replica, 0)
    made = table(chosen, *_COLUMNS.values(), folded=(chosen,))
    for exercise in _TABLED:
        cells = _cells(exercise, chosen)
        made.add_row(
            catalogue().exercises[exercise].name,
            *(_short(cells[muscle]) if muscle in cells else "" for muscle in _COLUMNS),
        )
    paper.say(made, "", *_legend(GRADES))
    other = next(matrix for matrix in MATRICES if matrix != in_force)
    paper.say(f"In force is {in_force}. To count the whole history by the other one:")
    paper.command(f"    ironledger profile matrix={other}")


def shares_of(exercise: str, book: Book) -> dict[str, Any]:
    """What a set of an exercise counts for, by each matrix: by muscle its share, source and grade."""
    known = book.find(exercise)
    return {
        "exercise": exercise,
        "name": book.name(exercise),
        "pattern": None if known is None else known.pattern,
        "cues": [] if known is None else list(known.cues),
        "own": dict(own) if (own := book.own_shares(exercise)) is not None else None,
        "matrices": {matrix: _cells(exercise, matrix) for matrix in MATRICES},
    }


def tell_shares(replica: Replica, exercise: str) -> None:
    """Prints what a set of an exercise counts for, by each matrix, with sources and grades."""
    from client_sdk.cli.rendering.paper import Paper, table  # noqa: PLC0415  # heavy, and lists do without

    book = replica.ledger().view.book
    paper = Paper(replica.ledger(), replica.store.local().replica, 0)
    told = shares_of(exercise, book)
    paper.head(told["name"])
    paper.say(*(f"- {cue}" for cue in told["cues"]), "")
    if told["own"] is not None:
        shares = ", ".join(f"{plain(muscle)} {decimal(share)}" for muscle, share in told["own"].items()) or "nothing"
        paper.say(f"By your own definition a set counts for {shares}.")
        return
    by_matrix: dict[str, dict[str, dict[str, Any]]] = told["matrices"]
    muscles = [muscle for muscle in MUSCLES if any(muscle in cells for cells in by_matrix.values())]
    if not muscles:
        paper.say("No muscle is known that it trains.")
        return
    sources = list(dict.fromkeys(cell["source"] for cells in by_matrix.values() for cell in cells.values()))
    made = table("A set counts for", *by_matrix)
    for muscle in muscles:
        made.add_row(plain(muscle), *(_cited(cells.get(muscle), sources) for cells in by_matrix.values()))
    paper.say(made, "")
    paper.say(*(f"[{number}] {source}" for number, source in enumerate(sources, 1)))
    used = {cell["grade"] for cells in by_matrix.values() for cell in cells.values()}
    paper.say("", *_legend(sorted(used)), f"In force is {book.matrix}.")


def _cells(exercise: str, matrix: str) -> dict[str, dict[str, Any]]:
    cells = {muscle: catalogue().cell(exercise, muscle, matrix) for muscle in MUSCLES}
    return {muscle: _told(cell) for muscle, cell in cells.items() if cell is not None}


def _told(cell: Cell) -> dict[str, Any]:
    return {"share_permille": cell.share, "grade": cell.grade, "source": cell.citation}


def _short(cell: dict[str, Any]) -> str:
    return f"{decimal(cell['share_permille'])} {cell['grade']}"


def _cited(cell: dict[str, Any] | None, sources: list[str]) -> str:
    return "" if cell is None else f"{_short(cell)} [{sources.index(cell['source']) + 1}]"


def _legend(grades: Iterable[str]) -> list[str]:
    return [f"{grade}: {GRADES[grade]}" for grade in grades]
