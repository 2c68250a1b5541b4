"""Settling: whatever was written concurrently, either way is open, and in the end nobody contradicts anybody."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from support.ledgers import World, fold, histories

from client_sdk.settling import settlement
from projections.ledger import Ledger

MOST_ROUNDS = 200
"""More settlements than any of these histories needs."""


def open_conflicts(ledger: Ledger) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ledger.report("conflicts")["conflicts"]
    return found


@given(histories(), st.data())
def test_settling_one_conflict_after_another_either_way_leaves_none(world: World, data: st.DataObject) -> None:
    ledger = fold(world.records)
    for _ in range(MOST_ROUNDS):
        rows = open_conflicts(ledger)
        if not rows:
            break
        row = data.draw(st.sampled_from(rows))
        write = data.draw(st.sampled_from([row["kept"], *row["overruled"]]))
        settled = settlement(ledger.facts, row, write["event"])
        replica = data.draw(st.sampled_from(world.replicas))
        moment = {} if settled.at is None else {"at": settled.at, "offset": settled.offset}
        replica.write(settled.body, **moment)
        world.sync()
        world.sync()
        ledger.apply(world.records[ledger.position :])
        assert row not in open_conflicts(ledger)
    assert open_conflicts(ledger) == []
    assert ledger.report("problems") == fold(world.records).report("problems")
