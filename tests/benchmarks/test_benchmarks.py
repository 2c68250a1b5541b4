"""That the benchmarks run: each path at a size at which its figures say nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from benchmarks import __main__ as command
from benchmarks import folding, growth, ingesting, living, pulling, sizes
from benchmarks.figures import Bar, Figure, compared
from benchmarks.serving import Serving, serving

LITTLE = growth.Round(
    rounds=1, syncs=1, connections=2, singles=1, requests=1, listeners=2, appends=1, sets=1, processes=1
)
SMALL: dict[str, Callable[[], Figure | list[Figure]]] = {
    "ingest in bulk": lambda: ingesting.ingest_in_bulk(20, accounts=2, runs=1),
    "ingest one by one": lambda: ingesting.ingest_one_by_one(1, runs=2, connections=2),
    "one device, one set": lambda: ingesting.one_set(2),
    "first sync": lambda: pulling.first_sync(20, runs=1),
    "replay": lambda: folding.replay(100, runs=1),
    "a new fact, a late fact, void, correction": lambda: folding.news(100, small=50, runs=1),
    "log a set": lambda: living.log_a_set(50, sets=2),
    "ironledger log": lambda: living.log_from_the_start(50, runs=1),
    "open, ironledger --help": lambda: living.opening(50, runs=1),
    "report over HTTP": lambda: living.reports_over_http(20, requests=2, runs=1),
    "live": lambda: living.live(1, listeners=3),
    "memory and disk, server": lambda: sizes.server(20, accounts=2, runs=1),
    "memory and disk, replica": lambda: sizes.replica(50, runs=1),
    "growth": lambda: growth.growth((30, 50), middle=30, asked=LITTLE),
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    with serving(tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture(scope="module")
def seen() -> set[str]:
    """The names of the figures up to now."""
    return set()


@pytest.mark.parametrize("path", SMALL)
def test_every_path_can_be_measured_under_names_of_its_own(
    path: str, server: Serving, seen: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """On one server for all, for each takes a second to start."""

    def already(_: Path) -> nullcontext[Serving]:
        return nullcontext(server)

    for module in (growth, ingesting, living, pulling, sizes):
        monkeypatch.setattr(module, "serving", already)
    made = SMALL[path]()
    for figure in made if isinstance(made, list) else [made]:
        assert figure.figure > 0
        assert figure.limit > 0
        assert figure.ratio == figure.figure / figure.limit
        assert figure.path not in seen
        seen.add(figure.path)


def test_the_library_beside_can_be_measured() -> None:
    pytest.importorskip("eventsourcing", reason="only `make bench` installs what the project is measured beside")
    from benchmarks import peers  # noqa: PLC0415  # needs that library

    assert len(peers.beside_eventsourcing(60)) == 3


def test_a_path_that_nobody_knows_is_told_with_those_that_there_are() -> None:
    outcome = CliRunner().invoke(command.bench, ["--only", "the moon"])
    assert outcome.exit_code == 2
    assert "first sync" in outcome.stderr


def test_without_the_library_beside_it_is_told_before_anything_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "find_spec", lambda _: None)
    outcome = CliRunner().invoke(command.bench)
    assert outcome.exit_code == 2
    assert "make bench" in outcome.stderr


@pytest.mark.parametrize(("ratio", "held"), [(0.4, False), (0.5, True), (1.0, True), (2.0, True), (2.1, False)])
def test_flat_is_within_a_factor_either_way(ratio: float, held: bool) -> None:  # noqa: FBT001  # an outcome
    assert compared("growth", ratio, 1.0, "ms", Bar("within", 2)).held is held


def test_no_path_is_left_out() -> None:
    assert command.PATHS.keys() == {*SMALL, "appends and replay beside eventsourcing"} == command.FULL.keys()


@pytest.mark.parametrize(("figure", "status"), [(1.0, 1), (2.0, 0)])
def test_a_missed_bar_is_told_and_fails(monkeypatch: pytest.MonkeyPatch, figure: float, status: int) -> None:
    made = compared("some path", figure, 2.0, "events/s", Bar(">=", 0.75))
    monkeypatch.setattr(command, "PATHS", {"some path": lambda: made})
    outcome = CliRunner().invoke(command.bench, ["--json"])
    assert outcome.exit_code == status
    assert msgspec.json.decode(outcome.stdout) == [
        {
            "path": "some path",
            "figure": figure,
            "unit": "events/s",
            "limit": 2.0,
            "ratio": figure / 2,
            "bar": ">= 0.75",
            "held": figure == 2.0,
        }
    ]
    assert "some path" in CliRunner().invoke(command.bench).stdout
