"""Whether an event costs the same as the ledger grows: each path at several sizes, against itself at 10,000."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks import folding, ingesting, living, pulling, sizes
from benchmarks.figures import Bar, Figure, compared

MIDDLE = 10_000
USUAL_SIZES = (1_000, MIDDLE, 100_000)
FULL_SIZES = (*USUAL_SIZES, 1_000_000)

Cost = Callable[[int], float]

COSTS: dict[str, tuple[str, Cost]] = {
    "ingest in bulk": ("us/event", lambda size: 1e6 / ingesting.pushed_in_bulk(size, accounts=1)),
    "first sync": ("us/event", lambda size: 1e6 * pulling.first_sync(size, runs=1)[0].figure / size),
    "replay": ("us/event", lambda size: 1e6 / folding.replay(size)[0].figure),
    "a new fact": ("ms", lambda size: 1000 * folding.a_new_fact(size)),
    "log a set": ("ms", lambda size: living.log_a_set(size).figure),
    "open": ("ms", lambda size: living.opening(size)[0].figure),
    "report over HTTP": ("no-ops of as many bytes", lambda size: 1 / living.reports_over_http(size)[0].ratio),
    "disk, server": ("bytes/event", lambda size: sizes.server(size, accounts=1)[1].figure),
    "disk, replica": ("bytes/event", lambda size: sizes.replica(size)[1].figure),
}
"""For each path the unit and the cost of one event on a ledger of so many."""


def growth(sizes_wanted: tuple[int, ...] = USUAL_SIZES) -> list[Figure]:
    """The cost of an event at each size against that at 10,000: flat within a factor of two."""
    rows: list[Figure] = []
    for name, (unit, cost) in COSTS.items():
        middle = cost(MIDDLE)
        others = [size for size in sizes_wanted if size != MIDDLE]
        rows += [compared(f"growth, {name}, {size:,}", cost(size), middle, unit, Bar("<=", 2)) for size in others]
    return rows
