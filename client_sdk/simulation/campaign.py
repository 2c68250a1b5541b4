"""Many seeds, in several processes, in as many sittings as it takes.

Every outcome is a line of a file, named by the source code that it is of; a seed that the file has is not played
again.
"""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path

import msgspec

from client_sdk.simulation.faults import KINDS
from client_sdk.simulation.runs import Outcome, simulate
from projections.fingerprint import source_hash

WINDOW = 100
"""Among any so many consecutive seeds, how often each fault struck is counted."""


class _Line(msgspec.Struct, frozen=True):
    code: str
    length: int
    """How many steps the schedule had before anything was left out of it."""
    outcome: Outcome


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """What many seeds came to."""

    seeds: int
    on_files: int
    steps: int
    events: int
    acknowledged: int
    faults: dict[str, int]
    fewest: dict[str, int]
    """Of each fault, how often it struck at least among any 100 consecutive seeds; among all, if they are fewer."""
    failed: list[int]


def code() -> str:
    """Names the code that a run is of."""
    return source_hash("events", "projections", "client_sdk", "server")


def campaign(  # noqa: PLR0913  # each is the caller's choice
    seeds: Sequence[int],
    replicas: int,
    steps: int,
    *,
    processes: int = 1,
    record: Path | None = None,
    progress: Callable[[Outcome], None] = lambda _outcome: None,
) -> list[Outcome]:
    """Plays seeds, and gives their outcomes by seed.

    Args:
        seeds: Which.
        replicas: Devices at first.
        steps: The length of each schedule.
        processes: How many at once.
        record: Where outcomes are kept and looked for.
        progress: Told of each outcome as it is there.
    """
    wanted = set(seeds)
    found: dict[int, Outcome] = {}
    for line in _recorded(record):
        outcome = line.outcome
        if (line.code, line.length, outcome.replicas) == (code(), steps, replicas) and outcome.seed in wanted:
            found[outcome.seed] = outcome
    for outcome in _played([seed for seed in seeds if seed not in found], replicas, steps, processes):
        found[outcome.seed] = outcome
        if record is not None:
            with record.open("ab") as file:
                file.write(msgspec.json.encode(_Line(code(), steps, outcome)) + b"\n")
        progress(outcome)
    return [found[seed] for seed in seeds]


def tally(outcomes: Sequence[Outcome]) -> Tally:
    """Sums outcomes up, which are in the order of their seeds."""
    faults: Counter[str] = Counter()
    for outcome in outcomes:
        faults.update(outcome.faults)
    windows = [outcomes[start : start + WINDOW] for start in range(max(1, len(outcomes) - WINDOW + 1))]
    return Tally(
        seeds=len(outcomes),
        on_files=sum(outcome.on_files for outcome in outcomes),
        steps=sum(outcome.steps for outcome in outcomes),
        events=sum(outcome.events for outcome in outcomes),
        acknowledged=sum(outcome.acknowledged for outcome in outcomes),
        faults={name: faults[name] for name in KINDS},
        fewest={
            name: min(sum(outcome.faults.get(name, 0) for outcome in window) for window in windows) for name in KINDS
        },
        failed=[outcome.seed for outcome in outcomes if outcome.broken],
    )


def _recorded(record: Path | None) -> Iterator[_Line]:
    """The lines of a record; one that was cut off in the middle is as if it weren't there."""
    if record is not None and record.exists():
        for line in record.read_bytes().splitlines():
            try:
                yield msgspec.json.decode(line, type=_Line)
            except msgspec.DecodeError:
                continue


def _played(seeds: Sequence[int], replicas: int, steps: int, processes: int) -> Iterable[Outcome]:
    if processes == 1 or len(seeds) <= 1:
        for seed in seeds:
            yield simulate(seed, replicas, steps)
        return
    # There is little garbage in a world while it lasts, and looking for it takes time.
    seldom = (200_000, 20, 20)
    context = get_context("spawn")
    with ProcessPoolExecutor(processes, context, initializer=gc.set_threshold, initargs=seldom) as pool:
        playing = [pool.submit(simulate, seed, replicas, steps) for seed in seeds]
        try:
            for done in as_completed(playing):
                yield done.result()
        finally:
            pool.shutdown(cancel_futures=True)
