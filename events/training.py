"""Facts of training: sessions, the sets and drills in them, and the exercises that they name."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from events.facts import Fact, Name, Text
from events.identifiers import Uuid
from events.quantities import Load

SetKind = Literal["working", "warm_up", "drop", "failure", "amrap", "back_off"]
LoadKind = Literal["external", "added", "assisted", "bodyweight"]
Side = Literal["both", "left", "right"]
DrillPhase = Literal["warm_up", "cool_down"]
DrillKind = Literal["dynamic_stretch", "light_cardio", "static_stretch", "foam_rolling"]
Permille = Annotated[int, Meta(ge=0, le=1000)]

MAX_REPS = 10_000
MAX_SECONDS = 7 * 24 * 3600

Reps = Annotated[int, Meta(ge=0, le=MAX_REPS)]
Seconds = Annotated[int, Meta(ge=0, le=MAX_SECONDS)]
DistanceMm = Annotated[int, Meta(ge=0, le=2_000_000_000)]
Tenths = Annotated[int, Meta(ge=0, le=100)]
"""An effort on the ten-point scale, RPE or repetitions in reserve, in tenths."""

Tempo = Annotated[str, Meta(max_length=20)]
"""The seconds of lowering, of the pause below, of lifting and of the pause above, as ``3-1-1-0``; or as typed."""


class SessionStarted(Fact, frozen=True, kw_only=True):
    """A visit to the gym begins."""

    session: Uuid
    title: Name | None = None
    program: Uuid | None = None
    program_day: Uuid | None = None
    place: Name | None = None


class SessionFinished(Fact, frozen=True, kw_only=True):
    """The visit ends. One that nobody finished stays open; nothing closes it by itself."""

    session: Uuid
    note: Text | None = None
    effort_tenths: Tenths | None = None


class SetLogged(Fact, frozen=True, kw_only=True):
    """One set. The load is what the lifter typed: of one implement, on one side, where ``implements`` says two."""

    set: Uuid
    session: Uuid
    exercise: Name
    kind: SetKind
    reps: Reps | None = None
    load: Load | None = None
    load_kind: LoadKind = "external"
    side: Side = "both"
    implements: Annotated[int, Meta(ge=1, le=2)] | None = None
    equipment: Name | None = None
    rpe_tenths: Tenths | None = None
    rir_tenths: Tenths | None = None
    seconds: Seconds | None = None
    distance_mm: DistanceMm | None = None
    rest_s: Seconds | None = None
    tempo: Tempo | None = None
    form: Annotated[int, Meta(ge=1, le=5)] | None = None
    superset: Name | None = None
    slot: Uuid | None = None
    order: Annotated[int, Meta(ge=0, le=100_000)] | None = None
    heart_rate: Annotated[int, Meta(ge=1, le=400)] | None = None
    incline_permille: Annotated[int, Meta(ge=-1000, le=1000)] | None = None
    resistance: Annotated[int, Meta(ge=0, le=100_000)] | None = None
    note: Text | None = None

    @property
    def nanograms(self) -> int | None:
        """The signed load of one implement, by which sets are compared; None where none is known.

        Assistance counts against the lifter's own weight, which counts nothing by itself.
        """
        if self.load_kind == "bodyweight":
            return 0
        if self.load is None:
            return None
        return -self.load.nanograms if self.load_kind == "assisted" else self.load.nanograms

    @property
    def counts(self) -> bool:
        """Whether the set counts: not a warm-up, and something was done."""
        return self.kind != "warm_up" and bool(self.reps or self.seconds or self.distance_mm)


class DrillLogged(Fact, frozen=True, kw_only=True):
    """One drill of the warm-up or the cool-down."""

    drill: Uuid
    session: Uuid
    phase: DrillPhase
    kind: DrillKind
    name: Name
    seconds: Seconds | None = None
    muscle: Name | None = None
    side: Side = "both"
    distance_mm: DistanceMm | None = None


class ExerciseDefined(Fact, frozen=True, kw_only=True):
    """A custom exercise; said again, it is redefined for its whole history.

    ``muscles`` gives each muscle its share of a set in permille: 1000 direct, 500 indirect.
    """

    exercise: Name
    name: Name
    muscles: Annotated[dict[Name, Permille], Meta(max_length=50)] | None = None
    pattern: Name | None = None
    laterality: Literal["bilateral", "unilateral", "either"] | None = None
    equipment: Name | None = None
    note: Text | None = None


class ExerciseMatched(Fact, frozen=True, kw_only=True):
    """A custom exercise is the same as another one, such as a catalogue entry: its history counts there."""

    exercise: Name
    same_as: Name
