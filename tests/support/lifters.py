"""A lifter whose device has a clock that can be wrong, and what the reports make of it.

lifter = Lifter()
lifter.train(2)
lifter.set_clock(365 * DAY_MS)
lifter.train(2)
lifter.sync()
lifter.verdicts()  # "??..": of four sets, the days of two are in doubt, those of two are right
"""

from __future__ import annotations

from typing import Any

import msgspec
from support.chains import some_uuid
from support.facts import a_set, start
from support.ledgers import World, fold

from events import Body, Event, Record
from events.quantities import DAY_MS, HOUR_MS, MINUTE_MS, local_day
from projections.facts import SAME_VISIT_MS
from projections.ledger import Ledger

EVENING_MS = 1_763_748_000_000
"""2025-11-21T18:00Z."""


class Written(msgspec.Struct, frozen=True):
    """An event, and when it was truly written."""

    event: Event
    truly: int


class Lifter:
    """One lifter with one device, whose first session begins on an evening.

    Attributes:
        world: The device, as its only replica, and the server.
        written: All events of the device.
        days: For each set, by id, the day on which it truly was.
        settings: For each event that was synced, by id, how often the clock had been set since the sync before.
        visits: For each set, by id, its own event and that of its session's start.
    """

    def __init__(self, clock_error: int = 0) -> None:
        self.world = World()
        self.world.now = EVENING_MS
        self.device = self.world.replica(clock_error)
        self.written: list[Written] = []
        self.days: dict[str, int] = {}
        self.visits: dict[str, tuple[Written, Written]] = {}
        self.settings: dict[str, int] = {}
        self._settings = 0
        self._start: Written | None = None
        self._session = ""

    def set_clock(self, error: int) -> None:
        """Sets the device's clock so many ms ahead of the time."""
        self._settings += error != self.device.clock_error
        self.device.clock_error = error

    def train(self, sets: int, **fields: Any) -> None:  # noqa: ANN401  (fields of the event)
        """Does and logs so many sets, one every three minutes, in the session under way or else a new one."""
        if self._start is None:
            self._session = some_uuid("visit", len(self.written))
            self._start = self._write(start(self._session))
        for _ in range(sets):
            self.world.wait(3 * MINUTE_MS)
            body = a_set("back_squat", "100kg", 5, session=self._session)
            written = self._write(body, **fields)
            begun = self._start.truly
            self.days[body.set] = local_day(begun if written.truly - begun <= SAME_VISIT_MS else written.truly, 0)
            self.visits[body.set] = written, self._start

    def go_home(self, days: int = 0, hours: int = 0) -> None:
        """Ends the session without a word; so much time passes."""
        self._start = None
        self.world.wait(days * DAY_MS + hours * HOUR_MS)

    def sync(self) -> None:
        """The device syncs, a minute later."""
        self.world.wait(MINUTE_MS)
        if self.device.outbox:
            self.settings |= dict.fromkeys((event.id for event in self.device.outbox), self._settings)
            self._settings = 0
        self.world.sync()

    @property
    def ledger(self) -> Ledger:
        """What the device reports on: what it synced, and its outbox."""
        waiting = [Record(position=None, stamp=None, event=event) for event in self.device.outbox]
        return fold([*self.world.records, *waiting])

    def verdicts(self) -> str:
        """A letter for each set in the order of logging: ``.``, ``?`` or ``!``.

        A point is on its right day; of a question mark the day is in doubt; an exclamation mark is on a wrong day,
        and nobody says so.
        """
        ledger = self.ledger
        facts = {fact.id: fact for fact in ledger.facts.of_type("set_logged")}
        marked = doubtful_sets(ledger)
        return "".join(
            "?" if name in marked else "." if facts[name].day == day else "!" for name, day in self.days.items()
        )

    def _write(self, body: Body, **fields: Any) -> Written:  # noqa: ANN401  (fields of the event)
        written = Written(self.device.write(body, **fields), self.world.now)
        self.written.append(written)
        return written


def doubtful_sets(ledger: Ledger) -> set[str]:
    """The sets that the report ``sessions`` marks, by id."""
    return {
        said["set"]
        for row in ledger.report("sessions")["sessions"]
        for block in row["exercises"]
        for said in block["sets"]
        if said.get("day_doubtful")
    }
