"""What a report is asked with means the same on the server and on a device, down to the bytes."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from support.chains import some_uuid

from client_sdk import Load, Replica
from client_sdk.asking import PROBLEMS
from client_sdk.store import SignedIn
from events.quantities import HOUR_MS, day_text
from projections.ledger import REPORTS, Ledger, encode_report
from projections.log import LOG
from projections.sessions import SESSIONS, page
from server.folding import present_fold
from server.memory_store import MemoryStore
from server.reports import Answer, Question, Reports
from server.service import Service

ACCOUNT, DAY_MS = some_uuid("account"), 24 * HOUR_MS
FIRST_DAY = 20_000


@pytest.fixture(scope="module")
def lifted() -> tuple[Replica, Reports]:
    """Three days of training; later what the first said is corrected, and a set of a day before them arrives."""
    store, replica = MemoryStore(), Replica.in_memory()
    moments = [(FIRST_DAY + day) * DAY_MS + 12 * HOUR_MS for day in (1, 2, 3)]
    replica.log_set("back_squat", at=moments[0], load=Load(100_000, "kg"), reps=5)
    for moment in moments[1:]:
        replica.log_set("conventional_deadlift", at=moment, load=Load(140_000, "kg"), reps=5)
    replica.correct(replica.report(SESSIONS)["sessions"][-1]["exercises"][0]["sets"][0]["set"], reps=8)
    replica.log_set("standing_calf_raise", at=moments[0] - DAY_MS, load=Load(60_000, "kg"), reps=15)
    replica.sign_in("http://server", SignedIn(account=ACCOUNT, device=some_uuid("device"), token="token"))
    replica.sync(Service(store, replica.clock).endpoint(ACCOUNT, some_uuid("device")))
    return replica, Reports(store, present_fold())


@pytest.mark.parametrize("known_at", [None, 0, 1, 3, 4, 5])
@pytest.mark.parametrize("name", [*REPORTS, LOG])
def test_a_device_gives_the_bytes_that_the_server_gives(
    lifted: tuple[Replica, Reports], name: str, known_at: int | None
) -> None:
    replica, reports = lifted
    days = (None, FIRST_DAY - 1, FIRST_DAY, FIRST_DAY + 2, FIRST_DAY + 90)
    for as_of, explain in product(days, (False, True)):
        asked: dict[str, Any] = {"as_of": as_of, "known_at": known_at, "explain": explain, "limit": 2}
        answer = reports.answer(ACCOUNT, Question(name=name, **asked))
        assert isinstance(answer, Answer)
        assert encode_report(replica.report(name, **asked)) == answer.body


@pytest.mark.parametrize("name", [name for name in REPORTS if name != PROBLEMS])
def test_both_together_are_the_records_up_to_the_position_seen_on_that_day(
    lifted: tuple[Replica, Reports], name: str
) -> None:
    replica, _ = lifted
    records = list(replica.store.records())
    for known_at in range(len(records) + 1):
        ledger = Ledger()
        ledger.apply(records[:known_at])
        for as_of in range(FIRST_DAY - 1, FIRST_DAY + 5):
            asked = replica.report(name, as_of, known_at=known_at)
            assert asked == ledger.report(name, as_of)
            assert (asked["as_of"], asked["position"]) == (day_text(as_of), known_at)


def test_what_was_not_known_yet_does_not_count_and_what_came_later_is_not_seen(
    lifted: tuple[Replica, Reports],
) -> None:
    replica, _ = lifted

    def reps(**asked: Any) -> dict[str, int]:  # noqa: ANN401  # what Replica.report takes
        rows = replica.report("records", **asked)["exercises"]
        return {row["exercise"]: row["heaviest"]["reps"] for row in rows}

    assert reps(as_of=FIRST_DAY + 1, known_at=3) == {"back_squat": 5}
    assert reps(as_of=FIRST_DAY + 1) == {"back_squat": 8, "standing_calf_raise": 15}
    assert reps(known_at=1) == {"back_squat": 5}


def test_the_log_leads_on_page_by_page_through_what_happened_by_a_day(lifted: tuple[Replica, Reports]) -> None:
    replica, _ = lifted
    positions: list[int] = []
    before = None
    while True:
        leaf = replica.report(LOG, FIRST_DAY + 1, before=before, limit=1)
        positions += [entry["position"] for entry in leaf["entries"]]
        before = leaf["before"]
        if before is None:
            break
    assert positions == [5, 1]  # the correction was written today, and the others were done later
    assert [entry["position"] for entry in replica.report(LOG, FIRST_DAY + 1, known_at=4)["entries"]] == [1]


def test_the_page_of_sessions_is_that_of_the_day_and_the_position(lifted: tuple[Replica, Reports]) -> None:
    replica, _ = lifted
    whole = replica.report(SESSIONS, FIRST_DAY + 2, known_at=3)
    assert replica.report(SESSIONS, FIRST_DAY + 2, known_at=3, limit=1) == page(whole, None, 1)
    assert len(whole["sessions"]) == 2
