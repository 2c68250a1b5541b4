"""What an explanation is made of: a formula's terms, and the parts of each, which are sets as a rule."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal

import msgspec

from events import Body
from events.catalogue import MUSCLES, catalogue
from events.quantities import day_text, local_day
from events.training import SetLogged
from projections.book import Book
from projections.entries import Entry
from projections.facts import Effective
from projections.log import describe

Formula = Literal["ratio", "share", "sum", "record", "estimate", "adherence", "named"]
Unit = Literal["milli_sets", "sets", "reps", "nanograms", "grams", "none"]


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """Why an exercise counts as it does; the grade and source are null where no matrix says so."""

    exercise: str
    name: str
    share_permille: int
    grade: str | None = None
    source: str | None = None


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a figure is made of: a set, as a rule. ``amount`` is in its term's unit; null for no sum."""

    event: str | None
    fact: str
    day: str
    words: str
    amount: int | None = None
    note: Literal["", "other_side"] = ""
    """``other_side``: it counts nothing, for the other side did more."""


class Term(msgspec.Struct, frozen=True, kw_only=True):
    """One side of a formula: a name, and the parts whose amounts come to ``amount``, in one unit.

    Tonnage is in nanograms here, for the report rounds the sum and not its parts.
    """

    name: str
    unit: Unit
    amount: int | None
    parts: list[Part]
    cells: list[Cell] = []


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """A figure with all that it is made of; ``value`` is what the report says, null where that is no number."""

    report: str
    figure: str
    as_of: str | None
    position: int
    formula: Formula
    value: int | None
    terms: list[Term]
    said: dict[str, Any] = {}
    """The row of the report, where the figure is a record."""


Counted = tuple[Effective, SetLogged, bool]
"""A counted set, and whether it is among those of the side that did more."""


def term(name: str, unit: Unit, sets: Iterable[Counted], amount: Callable[[Counted], int], book: Book) -> Term:
    """The sum of what some sets add."""
    parts = [part_of(fact, book, amount((fact, body, counts)), other_side=not counts) for fact, body, counts in sets]
    return Term(name=name, unit=unit, amount=sum(part.amount or 0 for part in parts), parts=parts)


def cells(book: Book, exercises: Mapping[str, int], muscle: str) -> list[Cell]:
    """How exercises count, by id and share; with the matrix's word for it, where it has one for that muscle."""
    found = []
    for exercise, share in exercises.items():
        said = catalogue().cell(exercise, muscle, book.matrix) if muscle in MUSCLES else None
        if said is not None and said.share != share:
            said = None  # the lifter's own definition stands over the matrix
        grade, source = (None, None) if said is None else (said.grade, said.citation)
        found.append(
            Cell(exercise=exercise, name=book.name(exercise), share_permille=share, grade=grade, source=source)
        )
    return found


def part_of(fact: Effective, book: Book, amount: int | None = None, *, other_side: bool = False) -> Part:
    """A fact that counts, as a part."""
    said = describe(fact.body, book)
    words = said if isinstance(fact.body, SetLogged) else f"{fact.entry.type.replace('_', ' ')} {said}".strip()
    return Part(
        event=fact.entry.id,
        fact=fact.id,
        day=day_text(fact.day),
        words=words,
        amount=amount,
        note="other_side" if other_side else "",
    )


def part_of_entry(entry: Entry[Body]) -> Part:
    """An event that is no fact of its own, such as a correction, as a part."""
    day = day_text(local_day(entry.time, entry.offset))
    return Part(event=entry.id, fact=entry.id, day=day, words=entry.type.replace("_", " "))
