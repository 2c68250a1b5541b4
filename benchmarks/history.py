"""A long history to measure with: years of sessions of one lifter, as the chain of one replica."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache

import msgspec

from client_sdk.draft import Draft, links
from client_sdk.store import Local, Tip
from events import Body, Event, Load
from events.envelope import GENESIS, Stamp, ledger_hash
from events.identifiers import derived_uuid7
from events.quantities import DAY_MS, HOUR_MS, MINUTE_MS
from events.training import SessionFinished, SessionStarted, SetLogged

FIRST_MS = 1_104_854_400_000
"""2005-01-04T16:00Z."""
REPLICA = "7d0b8c1e-5f2a-4c3d-9e8f-0a1b2c3d4e5f"
SETS_A_SESSION = 22
EXERCISES = (
    *("back_squat", "front_squat", "conventional_deadlift", "romanian_deadlift", "forward_lunge", "reverse_lunge"),
    *("leg_press", "seated_leg_curl", "lying_leg_curl", "standing_calf_raise", "seated_calf_raise", "bench_press"),
    *("overhead_press", "bent_over_row", "pull_up", "chin_up", "push_up", "bulgarian_split_squat", "face_pull"),
)


class Kept(msgspec.Struct, frozen=True):
    """An event with its canonical bytes."""

    event: Event
    kept: bytes


@cache
def chain(events: int) -> tuple[Kept, ...]:
    """The first so many events of the history; the shorter is the beginning of the longer."""
    longest = _lengthened(events)
    return tuple(longest[:events])


def records(events: int) -> Iterator[tuple[int, Stamp, bytes, Kept]]:
    """The chain as a server stamped it: position, stamp and ledger hash of each."""
    end = GENESIS
    for position, kept in enumerate(chain(events), 1):
        stamp = Stamp(kept.event.written + 500, 0)
        end = ledger_hash(end, kept.event.hash, stamp)
        yield position, stamp, end, kept


def _lengthened(events: int) -> list[Kept]:
    if len(_made) < events:
        drafts = _drafts()
        _made.clear()
        wanted = [draft for draft, _ in zip(drafts, range(events), strict=False)]
        moments = iter([draft.at for draft in wanted])
        tips = {REPLICA: Tip(0, GENESIS)}
        written = links(wanted, Local(replica=REPLICA), tips, clock=lambda: next(moments), new_id=str)
        _made.extend(Kept(event, kept) for event, kept in written)
    return _made


def _drafts() -> Iterator[Draft]:
    """Four sessions a week, for ever."""
    dice = random.Random(11)  # noqa: S311  # a history, no secret
    number = 0

    def draft(body: Body, at: int) -> Draft:
        nonlocal number
        number += 1
        return Draft(body=body, at=at, offset=60, id=derived_uuid7(at, "benchmark", str(number)))

    for visit in range(1_000_000):
        at = FIRST_MS + visit * 7 * DAY_MS // 4
        session = derived_uuid7(at, "session", str(visit))
        yield draft(SessionStarted(session=session, title="Legs"), at)
        lifts = dice.sample(EXERCISES, 5)
        for place in range(SETS_A_SESSION):
            at += 3 * MINUTE_MS
            body = SetLogged(
                set=derived_uuid7(at, "set", str(number)),
                session=session,
                exercise=lifts[place * len(lifts) // SETS_A_SESSION],
                kind="working",
                reps=dice.randrange(4, 16),
                load=Load(dice.randrange(40, 160) * 500 + visit * 5, "kg"),
                rpe_tenths=dice.choice((None, 70, 80, 90)),
            )
            yield draft(body, at)
        yield draft(SessionFinished(session=session), at + HOUR_MS // 60)


_made: list[Kept] = []
