"""A long history to measure with: years of sessions of one lifter, as the chain of one replica.

Twenty years of four sessions a week are 100,000 events. Beyond that there are three sessions a day, so that a million
events still lie in the past: a server takes nothing to have happened later than it heard of it.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache, partial
from itertools import count

import msgspec

from client_sdk.draft import Draft, links
from client_sdk.store import Local, Tip
from events import Body, Event, Load
from events.envelope import GENESIS, Stamp, ledger_hash
from events.identifiers import derived_uuid7
from events.quantities import DAY_MS, HOUR_MS, MINUTE_MS
from events.training import SessionFinished, SessionStarted, SetLogged

FIRST_MS = 4 * DAY_MS + 16 * HOUR_MS
"""1970-01-05T16:00Z, a Monday."""
USUAL_VISITS = 4_200
"""So many sessions are four a week; those after them three a day."""
REPLICA = "7d0b8c1e-5f2a-4c3d-9e8f-0a1b2c3d4e5f"
SETS_A_SESSION = 22
EXERCISES = (
    *("back_squat", "front_squat", "conventional_deadlift", "romanian_deadlift", "forward_lunge", "reverse_lunge"),
    *("leg_press", "seated_leg_curl", "lying_leg_curl", "standing_calf_raise", "seated_calf_raise", "bench_press"),
    *("overhead_press", "bent_over_row", "pull_up", "chin_up", "push_up", "bulgarian_split_squat", "face_pull"),
)


class Kept(msgspec.Struct, frozen=True, gc=False):
    """An event with its canonical bytes."""

    event: Event
    kept: bytes


@cache
def chain(events: int) -> tuple[Kept, ...]:
    """The first so many events of the history; the shorter is the beginning of the longer."""
    _history.reach(events)
    return tuple(_history.made[:events])


def elsewhere(device: int, events: int) -> list[Kept]:
    """So many events of another device of the lifter, from the first of its own chain on."""
    other = _Chain(derived_uuid7(FIRST_MS, "replica", str(device)))
    other.reach(events)
    return other.made


def records(events: int) -> Iterator[tuple[int, Stamp, bytes, Kept]]:
    """The chain as a server stamped it: position, stamp and ledger hash of each."""
    end = GENESIS
    for position, kept in enumerate(chain(events), 1):
        stamp = Stamp(kept.event.written + 500, 0)
        end = ledger_hash(end, kept.event.hash, stamp)
        yield position, stamp, end, kept


class _Chain:
    """The chain of one replica, as long as it was asked for."""

    def __init__(self, replica: str) -> None:
        self.made: list[Kept] = []
        self._local = Local(replica=replica)
        self._tip = Tip(0, GENESIS)
        self._drafts = _drafts(replica)

    def reach(self, events: int) -> None:
        """Goes on until there are so many events, each written when it happened."""
        while len(self.made) < events:
            draft = next(self._drafts)
            [(event, kept)] = links(
                [draft], self._local, {self._local.replica: self._tip}, clock=partial(int, draft.at), new_id=str
            )
            self._tip = Tip(event.seq, bytes.fromhex(event.hash))
            self.made.append(Kept(event, kept))


def _drafts(replica: str) -> Iterator[Draft]:
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
        at = _begins(visit)
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


def _begins(visit: int) -> int:
    """When a session begins."""
    usual = min(visit, USUAL_VISITS)
    return FIRST_MS + usual * 7 * DAY_MS // 4 + (visit - usual) * 8 * HOUR_MS


_history = _Chain(REPLICA)
