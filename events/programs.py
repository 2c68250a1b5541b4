"""Facts of programs. Edits are in force from their ``at`` on; a correction says that it was always so."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from events.errors import UnsoundError
from events.facts import Fact, Name, Rank, Text
from events.identifiers import Uuid
from events.quantities import Load
from events.training import MAX_REPS, MAX_SECONDS, DrillKind, DrillPhase, LoadKind, Reps, Seconds, SetKind, Tenths

Sets = Annotated[int, Meta(ge=1, le=100)]


class Progression(msgspec.Struct, frozen=True, gc=False, omit_defaults=True, forbid_unknown_fields=True):
    """How a slot's target grows: double progression raises the load after ``times`` full sessions."""

    rule: Literal["double", "none"]
    times: Annotated[int, Meta(ge=1, le=20)] = 2


class ProgramCreated(Fact, frozen=True, kw_only=True):
    """A program, perhaps from a built-in template."""

    program: Uuid
    name: Name
    template: Name | None = None


class ProgramActivated(Fact, frozen=True, kw_only=True):
    """From now on the program is followed; any number may be."""

    program: Uuid


class ProgramArchived(Fact, frozen=True, kw_only=True):
    """From now on the program is not followed."""

    program: Uuid


class DayAdded(Fact, frozen=True, kw_only=True):
    """A training day of a program."""

    program: Uuid
    day: Uuid
    name: Name
    rank: Rank


class DayChanged(Fact, frozen=True, kw_only=True):
    """A day is named or ranked otherwise."""

    program: Uuid
    day: Uuid
    name: Name | None = None
    rank: Rank | None = None


class DayRemoved(Fact, frozen=True, kw_only=True):
    """A day with all its slots leaves the program."""

    program: Uuid
    day: Uuid


class SlotAdded(Fact, frozen=True, kw_only=True):
    """A place in a day for an exercise or a drill: how many sets, of how many repetitions or seconds."""

    program: Uuid
    day: Uuid
    slot: Uuid
    rank: Rank
    exercise: Name | None = None
    drill: Name | None = None
    phase: DrillPhase | None = None
    drill_kind: DrillKind | None = None
    kind: SetKind | None = None
    sets: Sets = 1
    reps_min: Reps | None = None
    reps_max: Reps | None = None
    seconds_min: Seconds | None = None
    seconds_max: Seconds | None = None
    per_side: bool = False
    rpe_tenths: Tenths | None = None
    rest_s: Seconds | None = None
    superset: Name | None = None
    equipment: Name | None = None
    progression: Progression | None = None
    note: Text | None = None

    def __post_init__(self) -> None:
        """Refuses ranges that end before they begin."""
        if (self.reps_min or 0) > (self.reps_max if self.reps_max is not None else MAX_REPS):
            raise UnsoundError("reps_min is above reps_max")
        if (self.seconds_min or 0) > (self.seconds_max if self.seconds_max is not None else MAX_SECONDS):
            raise UnsoundError("seconds_min is above seconds_max")


class SlotChanged(Fact, frozen=True, kw_only=True):
    """What a slot asks for changes; fields that are absent stay as they were."""

    program: Uuid
    slot: Uuid
    exercise: Name | None = None
    drill: Name | None = None
    phase: DrillPhase | None = None
    drill_kind: DrillKind | None = None
    kind: SetKind | None = None
    sets: Sets | None = None
    reps_min: Reps | None = None
    reps_max: Reps | None = None
    seconds_min: Seconds | None = None
    seconds_max: Seconds | None = None
    per_side: bool | None = None
    rpe_tenths: Tenths | None = None
    rest_s: Seconds | None = None
    superset: Name | None = None
    equipment: Name | None = None
    progression: Progression | None = None
    note: Text | None = None


class SlotMoved(Fact, frozen=True, kw_only=True):
    """A slot goes to another place, in its own day or another."""

    program: Uuid
    slot: Uuid
    rank: Rank
    day: Uuid | None = None


class SlotRemoved(Fact, frozen=True, kw_only=True):
    """A slot leaves the program."""

    program: Uuid
    slot: Uuid


class Target(msgspec.Struct, frozen=True, gc=False, omit_defaults=True, forbid_unknown_fields=True):
    """What a slot asks for next: so many repetitions or seconds, with a load or without."""

    load: Load | None = None
    load_kind: LoadKind = "external"
    reps: Reps | None = None
    seconds: Seconds | None = None

    def __post_init__(self) -> None:
        """Refuses a target that asks for nothing."""
        if self.load is None and self.reps is None and self.seconds is None:
            raise UnsoundError("a target asks for a load, repetitions or seconds")


class ProgressionDecided(Fact, frozen=True, kw_only=True):
    """The lifter takes the target that was proposed for a slot, or declines it."""

    slot: Uuid
    target: Target
    decision: Literal["accepted", "declined"]
