"""What this device knows at the bar: gathered once a day, and gone on from with what it logs since.

    kept ──▶ behind it only sets and sessions of this day? ──yes──▶ the same, and those sets: no fold is needed
                │ no
             the whole fold ──gather──▶ kept for the next set

Whatever else was written meanwhile, here or elsewhere (a correction, an edit of a program, a sync, another day), has
it gathered anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from client_sdk.folding import Folding
from client_sdk.store import Store
from events import Known, Record
from events.codec import Codec
from events.quantities import local_day
from events.training import DrillLogged, SessionFinished, SessionStarted, SetLogged
from projections.bar import Bar, Standing, beaten, gather, last_bout, slot_of
from projections.ledger import Ledger
from projections.practice import Bout
from projections.records import Lift

_BAR = "bar"
_PLAIN = SetLogged | SessionStarted | SessionFinished | DrillLogged


class Since(msgspec.Struct, frozen=True):
    """Something that was logged since, and where: its event, its moment and its local day."""

    event: str
    seq: int
    replica: str
    at: int
    day: int
    body: SetLogged | SessionStarted | SessionFinished | DrillLogged

    def lifted(self) -> Lift | None:
        """The set as records compare it; None for what doesn't count."""
        body = self.body
        if not isinstance(body, SetLogged) or not body.counts:
            return None
        return Lift(self.at, body.nanograms, body.reps or 0, body, self.day, self.event)


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What is told of a set: the session before, what was to be done, and the records that it broke."""

    last: Bout | None
    next: dict[str, Any] | None
    beaten: list[dict[str, Any]]
    first: bool
    """Whether nothing that counts was done of the exercise before, and something is now."""


class AtTheBar:
    """The bar, and what was logged since it was gathered."""

    def __init__(self, bar: Bar, since: list[Since]) -> None:
        self.bar = bar
        self._since = since

    @property
    def day(self) -> int:
        """The local day that it is of."""
        return self.bar.day

    def is_of(self, moment: tuple[int, int], session: str | None) -> bool:
        """Whether it is of a moment's day, or of the day on which the session under way began."""
        under_way = {one.day for one in self._since if one.body.session == session}
        return self.bar.day in {local_day(*moment, self.bar.cutoff_min), *under_way}

    def slot_of(self, body: SetLogged, more: Iterable[SetLogged] = ()) -> str | None:
        """The slot that a set belongs to, where its session follows a day of a program that asks for it.

        ``more`` are sets of the session that are about to be written before it.
        """
        day = self.bar.followed.get(body.session) or next(
            (
                one.body.program_day
                for one in self._since
                if isinstance(one.body, SessionStarted) and one.body.session == body.session
            ),
            None,
        )
        done = [one for one in (*self._sets(), *more) if one.session == body.session]
        found = slot_of(self.bar.days.get(day or "", []), self._counts_for(body.exercise), body, done)
        return None if found is None else found.slot

    def next_of(self, exercise: str, slot: str | None) -> dict[str, Any] | None:
        """What comes next in a slot, or in the only one for an exercise, else in the exercise, as reports show it."""
        asked = [asked for slots in self.bar.days.values() for asked in slots if asked.next is not None]
        meant = [one for one in asked if one.slot == slot] if slot is not None else []
        meant = meant or [one for one in asked if one.exercise == self._counts_for(exercise)]
        if len(meant) == 1:
            return meant[0].next
        standing = self._standing(exercise)
        return None if standing is None else standing.next

    def implements_of(self, exercise: str) -> int | None:
        """How many implements of its load the last set of an exercise was done with; None where nobody said."""
        counts_for = self._counts_for(exercise)
        since = [one for one in self._sets() if self._counts_for(one.exercise) == counts_for]
        if since:
            return since[-1].implements
        standing = self._standing(exercise)
        return standing.bouts[-1].sets[-1].implements if standing is not None and standing.bouts else None

    @property
    def last_set(self) -> SetLogged | None:
        """The last set that was logged since; None for none."""
        sets = self._sets()
        return sets[-1] if sets else None

    def answer(self, records: Sequence[Record], codec: Codec) -> Answer:
        """What is told of sets of one exercise that were just written."""
        written = [one for record in records if (one := since_of(self.bar, record, codec)) is not None]
        first = next(one.body for one in written if isinstance(one.body, SetLogged))
        standing, exercise = self._standing(first.exercise), self._counts_for(first.exercise)
        earlier = _lifts(
            one for one in self._since if self._counts_for(getattr(one.body, "exercise", "")) == exercise
        )
        lifted = _lifts(written)
        return Answer(
            last=last_bout(standing, first.session),
            next=None if self._is_begun(standing, first.session) else self.next_of(first.exercise, first.slot),
            first=standing is None and not earlier and bool(lifted),
            beaten=beaten(standing, earlier, lifted),
        )

    def _is_begun(self, standing: Standing | None, session: str) -> bool:
        """Whether the bar was gathered in the midst of this session: then it looks to the next one already."""
        return standing is not None and any(bout.session == session for bout in standing.bouts)

    def _standing(self, exercise: str) -> Standing | None:
        return self.bar.exercises.get(self._counts_for(exercise))

    def _counts_for(self, exercise: str) -> str:
        return self.bar.same_as.get(exercise, exercise)

    def _sets(self) -> list[SetLogged]:
        return [one.body for one in self._since if isinstance(one.body, SetLogged)]


def at_the_bar(store: Store, folding: Folding, moment: tuple[int, int], session: str | None) -> AtTheBar:
    """What is known at a moment.

    Args:
        store: Where the ledger is kept.
        folding: The fold of it.
        moment: Unix ms, and minutes east of UTC of the lifter's wall clock.
        session: The session under way, if one is.

    Raises:
        DamagedLedgerError: where an event can't be read, or is missing.
    """
    with store.snapshot():
        known = _known(store, folding)
    if known is not None and known.is_of(moment, session):
        return known
    ledger = folding.ledger()
    bar = gather(ledger.view, _day_of(ledger, moment, session))
    folding.keep(_BAR, _encoder.encode(bar))
    return AtTheBar(bar, [])


def _known(store: Store, folding: Folding) -> AtTheBar | None:
    """The bar that was kept, gone on from; None where there is none, or it is no longer one to go on from."""
    saved = folding.kept(_BAR)
    if saved is None:
        return None
    try:
        bar = _decoder.decode(saved.content)
    except msgspec.MsgspecError:  # the file is damaged there, and what is derived is only made again
        return None
    since = _read(bar, store.pending(saved.place), folding.codec)
    return None if since is None else AtTheBar(bar, since)


def since_of(bar: Bar, record: Record, codec: Codec) -> Since | None:
    """What a record says, where it is no more than a set, a drill or a session of here and now."""
    reading = codec.read(record.event)
    event = record.event
    if not isinstance(reading, Known) or not isinstance(reading.body, _PLAIN) or reading.body.import_ is not None:
        return None
    return Since(
        event.id, event.seq, event.replica, event.at, local_day(event.at, event.offset, bar.cutoff_min), reading.body
    )


def _read(bar: Bar, pending: Iterable[tuple[int, Record]], codec: Codec) -> list[Since] | None:
    """What was logged since; None where anything else was written, or something of before."""
    found: list[Since] = []
    for _, record in pending:
        one = since_of(bar, record, codec)
        if one is None or one.day < bar.day or (found and one.at < found[-1].at):
            return None
        found.append(one)
    return found


def _day_of(ledger: Ledger, moment: tuple[int, int], session: str | None) -> int:
    """The day of the session under way, else today: one that goes on past midnight is of one day."""
    view = ledger.view
    if session is not None and session in view.sessions:
        return int(view.sessions[session]["day_number"])
    return local_day(*moment, view.profile.day_cutoff_min or 0)


def _lifts(since: Iterable[Since]) -> list[Lift]:
    return [lifted for one in since if (lifted := one.lifted()) is not None]


_decoder = msgspec.msgpack.Decoder(Bar)
_encoder = msgspec.msgpack.Encoder()
