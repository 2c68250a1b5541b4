"""``make bench``: every path against its limit, as one table or as JSON; exits with 1 where a bar is missed.

python -m benchmarks [--json] [--full] [--only WORD …]
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from importlib.util import find_spec

import click
import msgspec
from rich.console import Console
from rich.table import Table

from benchmarks import folding, growth, ingesting, living, pulling, sizes
from benchmarks.figures import Figure, tidied

Path = Callable[[], Figure | list[Figure]]


PEER = "eventsourcing"


def beside_eventsourcing() -> list[Figure]:
    """See ``benchmarks.peers``, which needs what only ``make bench`` installs."""
    from benchmarks import peers  # noqa: PLC0415  # so that all else is measured without it

    return peers.beside_eventsourcing()


PATHS: dict[str, Path] = {
    "ingest in bulk": ingesting.ingest_in_bulk,
    "ingest one by one": ingesting.ingest_one_by_one,
    "one device, one set": ingesting.one_set,
    "first sync": pulling.first_sync,
    "replay": folding.replay,
    "a new fact, a late fact, void, correction": folding.news,
    "log a set": living.log_a_set,
    "ironledger log": living.log_from_the_start,
    "open, ironledger --help": living.opening,
    "report over HTTP": living.reports_over_http,
    "live": living.live,
    "memory and disk, server": sizes.server,
    "memory and disk, replica": sizes.replica,
    "appends and replay beside eventsourcing": beside_eventsourcing,
    "growth": growth.growth,
}
FULL: dict[str, Path] = {
    **PATHS,
    "memory and disk, server": lambda: sizes.server(1_000_000, runs=1),
    "growth": lambda: growth.growth(growth.FULL_SIZES),
}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.option("--full", is_flag=True, help="Up to a million events; takes long.")
@click.option("--only", multiple=True, help="Only the paths with this word in their name.")
def bench(*, as_json: bool, full: bool, only: tuple[str, ...]) -> None:
    """Measure every path against the limit of this machine in the same run."""
    paths = FULL if full else PATHS
    chosen = {name: path for name, path in paths.items() if not only or any(word in name for word in only)}
    if not chosen:
        raise click.UsageError(f"No path has that in its name; there are: {'; '.join(paths)}.")
    if any(path is beside_eventsourcing for path in chosen.values()) and find_spec(PEER) is None:
        raise click.UsageError(f"{PEER} is not installed: `make bench` does that, or leave its path out with --only.")
    figures = [figure for path in chosen.values() for figure in _measured(path)]
    if as_json:
        click.echo(msgspec.json.encode(figures))
    else:
        Console(width=None if sys.stdout.isatty() else 110).print(_table(figures))
    sys.exit(0 if all(figure.held for figure in figures) else 1)


def _measured(path: Path) -> list[Figure]:
    """The figures of one path."""
    tidied()
    made = path()
    figures = made if isinstance(made, list) else [made]
    for figure in figures:
        click.echo(f"{figure.path}: {figure.ratio:.3g} ({figure.bar})", err=True)
    return figures


def _table(figures: Iterable[Figure]) -> Table:
    table = Table("path", "figure", "limit", "unit", "ratio", "bar", "held", box=None)
    for figure in figures:
        table.add_row(
            figure.path,
            f"{figure.figure:,.4g}" if figure.figure < 10_000 else f"{figure.figure:,.0f}",
            f"{figure.limit:,.4g}" if figure.limit < 10_000 else f"{figure.limit:,.0f}",
            figure.unit,
            f"{figure.ratio:.3g}",
            figure.bar,
            "yes" if figure.held else "NO",
        )
    return table


if __name__ == "__main__":
    bench()
