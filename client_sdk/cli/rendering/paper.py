"""What reports are printed on, and the words that they share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import click
from rich.console import Console
from rich.table import Table

from client_sdk.cli.rendering.charts import PLAIN
from client_sdk.cli.words import GLUE, glued
from events.quantities import Load
from projections.ledger import Ledger

T = TypeVar("T")


class Paper:
    """A console without markup, so that brackets in names stay, and the ledger that a report was made of.

    Args:
        ledger: For the names of things.
        replica: The id of the replica that shows it.
        limit: How much of a long report to show; 0 for all.
        names: What devices are called, by replica.
    """

    def __init__(self, ledger: Ledger, replica: str, limit: int, names: Mapping[str, str] | None = None) -> None:
        self.ledger = ledger
        self.replica = replica
        self.limit = limit
        self.names = names or {}
        self.in_depth = False
        """Whether a report is of one thing only, and may say all of it."""
        self.console = Console(markup=False, highlight=False, emoji=False)

    @property
    def width(self) -> int:
        """How many columns there are: those of the terminal, 80 in a pipe."""
        return self.console.width

    def say(self, *lines: object, style: str | None = None) -> None:
        """Prints lines of text, tables or charts, in the characters that the output has."""
        for line in lines:
            with self.console.capture() as printed:
                self.console.print(glued(line) if isinstance(line, str) else line, style=style)
            text = "\n".join(row.rstrip() for row in printed.get().replace(GLUE, " ").splitlines())
            click.echo(spelled(text, self.console.encoding))

    def command(self, line: str) -> None:
        """Prints a line that is there to be copied, and so is never broken."""
        click.echo(line)

    def head(self, title: str) -> None:
        """Prints a headline."""
        self.say(title, style="bold")

    def cut(self, rows: list[T]) -> list[T]:
        """As many rows as were asked for, from the beginning."""
        return rows[: self.limit] if self.limit else rows

    def tell_rest(self, rows: list[T], things: str) -> None:
        """Says how many rows were cut off, if any."""
        if self.limit and len(rows) > self.limit:
            self.say(f"… and {len(rows) - self.limit:,} more {things}: --limit 0 shows all.")


def spelled(text: str, encoding: str) -> str:
    """Text with stand-ins for what an encoding doesn't have: a bar of ``#`` where there are no blocks."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return text.translate(_STAND_INS)
    return text


def table(*columns: str, right: tuple[str, ...] = (), folded: tuple[str, ...] = ()) -> Table:
    """A table without lines.

    Args:
        columns: The headings.
        right: Those of figures, which are set flush right.
        folded: Those whose text may take several lines; the others stay on one.
    """
    made = _Grid(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for column in columns:
        made.add_column(
            column, justify="right" if column in right else "left", no_wrap=column not in folded, overflow="fold"
        )
    return made


class _Grid(Table):
    """A table whose cells are not broken between a figure and its unit."""

    def add_row(self, *cells: Any, **options: Any) -> None:  # noqa: ANN401  # rich's signature
        """See ``rich.table.Table``."""
        super().add_row(*(glued(cell) if isinstance(cell, str) else cell for cell in cells), **options)


def load_text(load: dict[str, Any] | None, load_kind: str = "external") -> str:
    """A load as it was typed, with what it means on a body-weight lift."""
    typed = None if load is None else Load(load["milli"], load["unit"])
    match load_kind:
        case "bodyweight":
            return "body weight"
        case "added" | "assisted" if typed is not None:
            return f"bw {'+' if load_kind == 'added' else '−'} {typed}"
        case _:
            return "" if typed is None else str(typed)


_STAND_INS = str.maketrans(PLAIN)
