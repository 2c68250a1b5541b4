"""A long history to measure with: years of sessions of one lifter, as the chain of one replica.

Twenty years of four sessions a week are 100,000 events. A million in one ledger are more than a life of that: theirs
is a history of three sessions a day, so that it still lies in the past. A server takes nothing to have happened later
than it heard of it.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache, partial
from itertools import count, islice

import msgspec

from client_sdk.draft import Draft, links
from client_sdk.store import Local, Tip
from events import Body, Event, Load
from events.envelope import GENESIS, Stamp, ledger_hash
from events.identifiers import derived_uuid7
from events.quantities import DAY_MS, MINUTE_MS
from events.training import SessionFinished, SessionStarted, SetLogged

REPLICA = "7d0b8c1e-5f2a-4c3d-9e8f-0a1b2c3d4e5f"
SETS_A_SESSION = 22
EXERCISES = (
    *("back_squat", "front_squat", "conventional_deadlift", "romanian_deadlift", "forward_lunge", "reverse_lunge"),
    *("leg_press", "seated_leg_curl", "lying_leg_curl", "standing_calf_raise", "seated_calf_raise", "bench_press"),
    *("overhead_press", "bent_over_row", "pull_up", "chin_up", "push_up", "bulgarian_split_squat", "face_pull"),
)


class Pace(msgspec.Struct, frozen=True):
    """When the first session begins, in Unix ms, and how long after it each further one."""

    first: int
    every: int


USUAL = Pace(1_000_137_600_000, 7 * DAY_MS // 4)
"""From 2001-09-10T16:00Z on, a Monday."""
DENSE = Pace(4 * DAY_MS, DAY_MS // 3)
"""From 1970 on."""
USUAL_EVENTS = 120_000
"""A longer history is a dense one."""


class Kept(msgspec.Struct, frozen=True, gc=False):
    """An event with its canonical bytes."""

    event: Event
    kept: bytes


@cache
def chain(events: int) -> tuple[Kept, ...]:
    """The first so many events of the history; the shorter is the beginning of the longer, up to 120,000."""
    return tuple(_history(USUAL if events <= USUAL_EVENTS else DENSE).reach(events))


def elsewhere(device: int, events: int) -> list[Kept]:
    """So many events of another device of the lifter, from the first of its own chain on."""
    return _Chain(derived_uuid7(USUAL.first, "replica", str(device)), USUAL).reach(events)


def records(events: int) -> Iterator[tuple[int, Stamp, bytes, Kept]]:
    """The chain as a server stamped it: position, stamp and ledger hash of each."""
    end = GENESIS
    for position, kept in enumerate(chain(events), 1):
        stamp = Stamp(kept.event.written + 500, 0)
        end = ledger_hash(end, kept.event.hash, stamp)
        yield position, stamp, end, kept


class _Chain:
    """The chain of one replica, as long as it was asked for."""

    def __init__(self, replica: str, pace: Pace) -> None:
        self._made: list[Kept] = []
        self._local = Local(replica=replica)
        self._tip = Tip(0, GENESIS)
        self._drafts = _drafts(replica, pace)

    def reach(self, events: int) -> list[Kept]:
        """The first so many events, each written when it happened."""
        for draft in islice(self._drafts, max(0, events - len(self._made))):
            tips = {self._local.replica: self._tip}
            [(event, kept)] = links([draft], self._local, tips, clock=partial(int, draft.at), new_id=str)
            self._tip = Tip(event.seq, bytes.fromhex(event.hash))
            self._made.append(Kept(event, kept))
        return self._made[:events]


@cache
def _history(pace: Pace) -> _Chain:
    return _Chain(REPLICA, pace)


def _drafts(replica: str, pace: Pace) -> Iterator[Draft]:
    """Sessions for ever; the names in them are those of this replica."""
    dice = random.Random(11)  # noqa: S311  # a history, no secret
    number = 0

    def name(kind: str, at: int) -> str:
        return derived_uuid7(at, kind, replica, str(number))

    def draft(body: Body, at: int) -> Draft:
        nonlocal number
        number += 1
        return Draft(body=body, at=at, offset=60, id=name("event", at))

    for visit in count():
        at = pace.first + visit * pace.every
        session = name("session", at)
        yield draft(SessionStarted(session=session, title="Legs"), at)
        lifts = dice.sample(EXERCISES, 5)
        for place in range(SETS_A_SESSION):
            at += 3 * MINUTE_MS
            body = SetLogged(
                set=name("set", at),
                session=session,
                exercise=lifts[place * len(lifts) // SETS_A_SESSION],
                kind="working",
                reps=dice.randrange(4, 16),
                load=Load(dice.randrange(40, 160) * 500 + visit * 5, "kg"),
                rpe_tenths=dice.choice((None, 70, 80, 90)),
            )
            yield draft(body, at)
        yield draft(SessionFinished(session=session), at + MINUTE_MS)
