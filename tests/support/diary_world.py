"""A ledger of what happened some days ago, for reports over days."""

from __future__ import annotations

from support.chains import NOON_MS
from support.ledgers import World, fold

from events import Body
from events.quantities import DAY_MS, day_text, local_day
from projections.ledger import Ledger

TODAY = local_day(NOON_MS, 0)


def ledger_of_days(*said: tuple[int, Body]) -> Ledger:
    """The ledger of one replica: each body with how many days ago it happened."""
    world = World()
    only = world.replica()
    for days_ago, body in said:
        world.wait(1)
        only.write(body, before_now=days_ago * DAY_MS)
    world.sync()
    return fold(world.records, batches=len(world.records))


def day(days_ago: int) -> str:
    """The name of a day."""
    return day_text(TODAY - days_ago)
