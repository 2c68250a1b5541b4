"""Days and slots of programs, as people name them and as they ask of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import msgspec

from client_sdk.cli.naming import find_exercise
from client_sdk.cli.typed import Moment, parse_moment
from client_sdk.cli.words import answers, folded, letters_of, short
from client_sdk.errors import NotFoundError
from client_sdk.ranks import behind, between
from client_sdk.replica import Replica
from events.errors import MalformedError, UnknownNameError
from events.programs import Progression, SlotAdded
from events.quantities import local_day
from projections.programs import PlannedDay, Slot, plan

MOST_REPS = 1000
_PRESCRIBED = re.compile(r"(\d+)\s*[x×*]\s*(\d+)(?:\s*[-–]\s*(\d+))?\s*(s|sec)?\Z", re.IGNORECASE)
_PROGRESSION = re.compile(r"(double|none)(?::(\d{1,2}))?\Z", re.IGNORECASE)
_WHERE = "`ironledger program show` shows what there is, and its names."


class Placed(msgspec.Struct, frozen=True):
    """A slot or a day that was found: where it is, and what it is called."""

    program: str
    day: PlannedDay
    name: str
    slot: Slot | None = None

    @property
    def id(self) -> str:
        """What an edit calls it."""
        return self.day.day if self.slot is None else self.slot.slot


class From(msgspec.Struct, frozen=True):
    """From when on an edit is in force: the moment, and the local day of it."""

    moment: Moment
    day: int


def starting(replica: Replica, text: str | None) -> From:
    """The moment from which an edit is in force: as typed, now by itself. It may be yet to come."""
    now = replica.clock()
    if text is None:
        return From(Moment(now, replica.offset_at(now)), replica.today())
    moment = parse_moment(text, now)
    cutoff = replica.ledger().view.profile.day_cutoff_min or 0
    return From(moment, local_day(moment.at, moment.offset, cutoff))


def find_slot(replica: Replica, name: str, day: int) -> Placed:
    """The slot of this exercise or drill, or with these letters, that is in force on a day.

    One of a program that is followed goes before one of a program that isn't.

    Raises:
        MalformedError: where several are called so.
        NotFoundError: where none is.
    """
    return _only(replica, [placed for placed in _all(replica, day) if placed.slot is not None], name, day, "slot")


def find_day(replica: Replica, name: str, day: int) -> Placed:
    """The training day of this name, or with these letters: as ``find_slot``."""
    return _only(replica, [placed for placed in _all(replica, day) if placed.slot is None], name, day, "day")


def find_placed(replica: Replica, name: str, day: int) -> Placed:
    """A day or a slot: as ``find_slot``."""
    with suppress(NotFoundError):
        return find_day(replica, name, day)
    return find_slot(replica, name, day)


def prescribed(text: str) -> dict[str, Any]:
    """``4x8-12`` or ``3x30s`` as the fields of a slot.

    Raises:
        MalformedError: where it asks for nothing that can be done.
    """
    found = _PRESCRIBED.match(text.strip())
    if found is None:
        raise MalformedError(f"{text!r} asks for nothing.", next_step="Write it as 4x8-12, 5x5 or 3x30s.")
    sets, low, high = int(found[1]), int(found[2]), int(found[3] or found[2])
    if high < low:
        raise MalformedError(
            f"{low}-{high} is a range that ends before it begins.", next_step=f"Write it as {sets}x{high}-{low}."
        )
    if not sets or not high:
        raise MalformedError(f"{text!r} asks for nothing.", next_step="Ask for a set and a repetition at least.")
    if not found[4] and high > MOST_REPS:
        raise MalformedError(f"{high} reps in one set is more than {MOST_REPS:,}.", next_step="Write it as 4x8-12.")
    unit = "seconds" if found[4] else "reps"
    return {"sets": sets, f"{unit}_min": low, f"{unit}_max": high}


def parse_progression(text: str) -> Progression:
    """``double`` (the load goes up after two full sessions), ``double:3`` or ``none``.

    Raises:
        MalformedError: where there is no such rule.
    """
    found = _PROGRESSION.match(text.strip())
    if found is None or (found[2] is not None and not 1 <= int(found[2]) <= 20):  # noqa: PLR2004  # as Progression
        raise MalformedError(f"{text!r} is no progression.", next_step="Write double, double:3 (sessions) or none.")
    rule = found[1].lower()
    return Progression("double", int(found[2] or 2)) if rule == "double" else Progression("none")


def refuse_unsound(placed: Placed, changes: dict[str, Any]) -> None:
    """Refuses what a slot can't ask for together with what it asks for already.

    Raises:
        MalformedError: where the two don't go together.
    """
    slot = placed.slot
    if slot is None:
        return
    now = slot.fields | changes
    for what, other in (("reps", "seconds"), ("seconds", "reps")):
        if f"{what}_min" in changes and f"{other}_min" in slot.fields:
            raise MalformedError(
                f"{placed.name} is asked for in {other}, and a slot has either reps or seconds.",
                next_step="Add a slot that asks so, and remove this one.",
            )
    if now.get("exercise") is not None and now.get("drill") is not None:
        raise MalformedError(
            f"{placed.name} is a drill, and an exercise is none.", next_step="Add a slot, and remove this one."
        )
    names = {"program": placed.program, "day": placed.day.day, "slot": slot.slot, "rank": slot.rank}
    try:
        msgspec.convert(msgspec.to_builtins(names | now), SlotAdded)
    except msgspec.ValidationError as error:
        raise MalformedError(
            f"{placed.name} can't be asked for so: {error}.", next_step="Say both together."
        ) from error


def rank_in(places: list[Slot] | list[PlannedDay], own: str, *, before: str | None, after: str | None) -> str:
    """A rank next to another place in an order, or behind all of it.

    Args:
        places: The places in force.
        own: The id of what gets the rank, which may be one of them.
        before: The id of the place before which it goes.
        after: The id of that behind which it goes.
    """
    others = {_id(place): place.rank for place in places if _id(place) != own}
    if before is not None:
        high = others[before]
        return between(max((rank for rank in others.values() if rank < high), default=""), high)
    if after is not None:
        low = others[after]
        return between(low, min((rank for rank in others.values() if rank > low), default=""))
    return behind(max(others.values(), default=""))


def _id(place: Slot | PlannedDay) -> str:
    return place.slot if isinstance(place, Slot) else place.day


def _all(replica: Replica, day: int) -> Iterator[Placed]:
    """All days and slots that are in force on a day, those of programs that are followed first."""
    ledger = replica.ledger()
    for program in ledger.report("programs", day)["programs"]:
        for planned in plan(ledger.view.at_hand, program["program"], day):
            yield Placed(program["program"], planned, planned.name)
            for slot in planned.slots:
                exercise = slot.fields.get("exercise")
                name = slot.fields.get("drill", "") if exercise is None else ledger.view.book.name(exercise)
                yield Placed(program["program"], planned, name, slot)


def _only(replica: Replica, there: list[Placed], name: str, day: int, what: str) -> Placed:
    """The one that answers to a name."""
    exercise = None
    if what == "slot":
        with suppress(UnknownNameError):
            exercise = find_exercise(replica, name).id
    named = [
        placed
        for placed in there
        if folded(placed.name) == folded(name)
        or (exercise is not None and placed.slot is not None and placed.slot.fields.get("exercise") == exercise)
    ] or [placed for placed in there if answers(placed.id, letters_of(name))]
    followed = {row["program"] for row in replica.ledger().report("programs", day)["programs"] if row["active"]}
    found = [placed for placed in named if placed.program in followed] or named
    if not found:
        raise NotFoundError(f"No {what} of a program is called {name!r}.", _WHERE)
    if len(found) > 1:
        names = ", ".join(f"#{short(placed.id)} ({placed.day.name})" for placed in found)
        raise MalformedError(
            f"More than one {what} is called {name!r}: {names}.", next_step="Name it by its letters."
        )
    return found[0]
