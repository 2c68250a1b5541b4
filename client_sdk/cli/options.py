"""What many commands share: which ledger they work on, and how they answer."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Concatenate, ParamSpec

import click

if TYPE_CHECKING:
    from client_sdk.replica import Replica

P = ParamSpec("P")

LEDGER_VARIABLE = "IRONLEDGER_LEDGER"
_CHOSEN = "client_sdk.cli.ledger"


def choose_ledger(context: click.Context, _option: click.Parameter, path: Path | None) -> None:
    """Remembers which ledger file was asked for."""
    if path is not None:
        if not path.name:
            raise click.BadParameter("It names no file.", context)
        context.meta[_CHOSEN] = path


def ledger_path() -> Path:
    """The ledger file that was asked for, or the one in the user's data folder."""
    chosen = click.get_current_context().meta.get(_CHOSEN)
    if isinstance(chosen, Path):
        return chosen
    from platformdirs import user_data_path  # noqa: PLC0415  # used without --ledger only

    return user_data_path("ironledger", appauthor=False) / "ledger.db"


def examples(*lines: str) -> str:
    """The end of a command's help: how it is used, line by line, which click is told to keep as they are."""
    title = "Example:" if len(lines) == 1 else "Examples:"
    return "\n".join(["\b", title, *(f"  {line}" for line in lines)])


ledger_option = click.option(
    "--ledger",
    type=click.Path(path_type=Path),
    expose_value=False,
    callback=choose_ledger,
    help="The ledger file to work on.",
)

at_option = click.option(
    "--at", "moment_text", metavar="TIME", help='When, as "2026-11-20 18:30" or "18:30"; now by itself.'
)


def with_replica(command: Callable[Concatenate[Replica, P], None]) -> Callable[P, None]:
    """Opens the ledger for a command, which gets the replica first and an option ``--ledger`` of its own."""

    @ledger_option
    @wraps(command)
    def opened(*arguments: P.args, **options: P.kwargs) -> None:
        from client_sdk.replica import Replica  # noqa: PLC0415  # heavy, and a command's help does without

        with Replica.open(ledger_path()) as replica:
            command(replica, *arguments, **options)

    return opened


json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of words.")
really_option = click.option(
    "--really", is_flag=True, help="Take figures that are beyond what people do, and dates that are yet to come."
)
