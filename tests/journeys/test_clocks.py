"""Devices with wrong clocks, a server with a right one: on which days their sets land, and what is said of it."""

from __future__ import annotations

import random
from typing import Any

import pytest
from support.chains import some_uuid
from support.lifters import EVENING_MS, doubtful_sets

from client_sdk import Replica
from client_sdk.courier import SyncSummary
from client_sdk.memory_store import MemoryStore
from client_sdk.store import SignedIn
from events import Load
from events.quantities import DAY_MS, HOUR_MS, MINUTE_MS, parse_day
from server.memory_store import MemoryStore as ServerStore
from server.service import Service

YEAR = 365 * DAY_MS
ME = SignedIn(some_uuid("account"), some_uuid("device"), "token")
TODAY = "2025-11-21"


class Gym:
    """Devices of one lifter and their server; time passes for all of them alike, whatever their clocks say."""

    def __init__(self) -> None:
        self.now = EVENING_MS
        self.random = random.Random(13)  # noqa: S311  # a story must repeat itself
        self.endpoint = Service(ServerStore(), lambda: self.now).endpoint(ME.account, ME.device)

    def device(self, error: int = 0) -> Device:
        """A device whose clock is that many ms ahead."""
        return Device(self, error)


class Device:
    """A real replica, with a clock that can be set."""

    def __init__(self, gym: Gym, error: int) -> None:
        self.gym = gym
        self.error = error
        self.replica = Replica(
            MemoryStore(f"{gym.random.getrandbits(32):08x}-0000-4000-8000-000000000000"),
            clock=lambda: gym.now + self.error,
            entropy=gym.random.randbytes,
            offset_at=lambda _: 0,
        )
        self.replica.sign_in("here", ME)

    def squat(self, sets: int) -> None:
        """So many sets, one every three minutes."""
        for _ in range(sets):
            self.gym.now += 3 * MINUTE_MS
            self.replica.log_set("back_squat", load=Load(100_000, "kg"), reps=5)

    def sync(self) -> SyncSummary:
        """A minute later."""
        self.gym.now += MINUTE_MS
        return self.replica.sync(self.gym.endpoint)

    def sessions(self) -> list[dict[str, Any]]:
        """The rows of the report."""
        rows: list[dict[str, Any]] = self.replica.report("sessions")["sessions"]
        return rows


@pytest.mark.parametrize("error", [YEAR, -YEAR])
def test_what_a_clock_a_year_off_logged_lands_today_on_every_device(error: int) -> None:
    gym = Gym()
    phone, tablet = gym.device(error), gym.device()
    phone.replica.start_session(title="Legs")
    phone.squat(4)
    phone.replica.finish_session()
    assert phone.sync().clock_error_ms == error
    assert tablet.sync().clock_error_ms == 0
    for device in (phone, tablet):
        (row,) = device.sessions()
        assert (row["day"], row["day_doubtful"], row["duration_s"], row["doubtful"]) == (TODAY, False, 720, False)
        (week,) = device.replica.report("volume")["weeks"]
        assert (week["start"], week["sets"]) == ("2025-11-17", 4)
        assert doubtful_sets(device.replica.ledger()) == set()
        balance = device.replica.report("balance", parse_day(TODAY))
        assert balance["muscles"]["quadriceps"]["fractional_milli"] == 4000
    assert phone.replica.status()["digest"] == tablet.replica.status()["digest"]


@pytest.mark.parametrize("jump", [YEAR, -YEAR])
@pytest.mark.parametrize("set_right", [False, True])
def test_a_clock_that_jumps_during_a_session_has_sets_today_and_the_others_marked(jump: int, set_right: bool) -> None:  # noqa: FBT001  (drawn)
    gym = Gym()
    phone, tablet = gym.device(), gym.device()
    phone.replica.start_session(title="Legs")
    phone.squat(2)
    phone.error = jump
    phone.squat(3)
    if set_right:
        phone.error = 0
    phone.sync()
    tablet.sync()
    facts = sorted(_sets(tablet), key=lambda fact: fact.entry.seq)
    assert [fact.day_doubtful for fact in facts] == [not set_right] * 2 + [set_right] * 3
    assert {fact.day for fact in facts if not fact.day_doubtful} == {parse_day(TODAY)}
    assert doubtful_sets(tablet.replica.ledger()) == {fact.id for fact in facts if fact.day_doubtful}
    assert any(row["day_doubtful"] for row in tablet.sessions())
    assert tablet.replica.report("sessions") == phone.replica.report("sessions")


def test_a_mark_goes_when_the_lifter_says_when_it_was() -> None:
    gym = Gym()
    phone, tablet = gym.device(), gym.device()
    phone.squat(2)
    phone.error = YEAR
    phone.squat(1)
    phone.error = 0
    phone.sync()
    tablet.sync()
    (name,) = doubtful_sets(tablet.replica.ledger())
    gym.now += 9 * HOUR_MS
    tablet.replica.correct(name, at=EVENING_MS + 9 * MINUTE_MS)
    assert doubtful_sets(tablet.replica.ledger()) == set()
    tablet.sync()
    phone.sync()
    assert doubtful_sets(phone.replica.ledger()) == set()


def test_a_mark_comes_and_goes_with_what_the_server_says() -> None:
    """Offline nobody knows which of two was right; a sync tells, also of what was folded before it."""
    gym = Gym()
    phone = gym.device()
    phone.squat(1)
    gym.now += DAY_MS
    phone.error = YEAR
    phone.squat(1)
    phone.error = 0
    gym.now += DAY_MS
    phone.squat(1)
    first, second, third = (done for _, done in sorted((fact.entry.seq, fact.id) for fact in _sets(phone)))
    assert doubtful_sets(phone.replica.ledger()) == {second, third}
    phone.sync()
    assert doubtful_sets(phone.replica.ledger()) == {second}
    assert {fact.id for fact in _sets(phone) if fact.day == parse_day(TODAY)} == {first}


def _sets(device: Device) -> list[Any]:
    return list(device.replica.ledger().facts.of_type("set_logged"))
