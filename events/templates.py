"""Programs to begin with, as data: days, slots and what each asks for.

``balanced-legs`` is the routine of the guide: its sets, ranges, phases and drills are the guide's own. The guide says
nothing of rests; these are 2 to 3 minutes before heavy lifts of several joints, which trained lifters gain more
strength and muscle with than with 1 minute (Schoenfeld et al. 2016, doi 10.1519/JSC.0000000000001272), and shorter
ones elsewhere, so that the main part takes the guide's 60 to 75 minutes.
"""

from __future__ import annotations

import msgspec

from events.guide import MAIN_ROUTINE, STRETCH_S
from events.programs import Progression
from events.training import DrillKind, DrillPhase


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A slot of a template: the fields of ``SlotAdded`` that it gives."""

    exercise: str | None = None
    drill: str | None = None
    phase: DrillPhase | None = None
    drill_kind: DrillKind | None = None
    sets: int = 1
    reps_min: int | None = None
    reps_max: int | None = None
    seconds_min: int | None = None
    seconds_max: int | None = None
    per_side: bool = False
    rest_s: int | None = None
    tempo: str | None = None
    progression: Progression | None = None
    note: str | None = None


class TemplateDay(msgspec.Struct, frozen=True):
    """A training day: its name, and its slots in their order."""

    name: str
    places: tuple[Place, ...]


class Template(msgspec.Struct, frozen=True):
    """A program: its name among templates, what it is in a line, and its days in their order."""

    name: str
    about: str
    days: tuple[TemplateDay, ...]

    @property
    def exercises(self) -> tuple[str, ...]:
        """The exercises of all days, in their order."""
        return tuple(place.exercise for day in self.days for place in day.places if place.exercise is not None)


def _lift(  # noqa: PLR0913  # all that a slot asks of a lift
    exercise: str,
    reps_min: int,
    reps_max: int,
    *,
    rest_s: int,
    per_side: bool = False,
    tempo: str | None = None,
    note: str | None = None,
) -> Place:
    return Place(
        exercise=exercise,
        sets=MAIN_ROUTINE[exercise],
        reps_min=reps_min,
        reps_max=reps_max,
        rest_s=rest_s,
        per_side=per_side,
        tempo=tempo,
        progression=Progression("double"),
        note=note,
    )


def _warm_up(drill: str, kind: DrillKind, seconds: tuple[int, int], *, per_side: bool = False) -> Place:
    low, high = seconds
    return Place(drill=drill, phase="warm_up", drill_kind=kind, seconds_min=low, seconds_max=high, per_side=per_side)


def _stretch(drill: str) -> Place:
    """Twice on each side."""
    return Place(
        drill=drill,
        phase="cool_down",
        drill_kind="static_stretch",
        sets=2,
        seconds_min=STRETCH_S,
        seconds_max=STRETCH_S,
        per_side=True,
    )


BALANCED_LEGS = Template(
    "balanced-legs",
    "The guide's leg day: squat, hinge, lunge, press, curl and calf raise, with warm-up and cool-down.",
    (
        TemplateDay(
            "Leg day",
            (
                _warm_up("leg swings", "dynamic_stretch", (45, 60), per_side=True),
                _warm_up("walking lunges", "dynamic_stretch", (90, 120)),
                _warm_up("high knees", "dynamic_stretch", (60, 120)),
                _warm_up("jogging or cycling", "light_cardio", (360, 540)),
                _lift("back_squat", 8, 12, rest_s=150),
                _lift("conventional_deadlift", 6, 10, rest_s=150),
                _lift("forward_lunge", 10, 12, rest_s=75, per_side=True),
                _lift("leg_press", 10, 15, rest_s=120),
                _lift("seated_leg_curl", 12, 15, rest_s=90),
                _lift("standing_calf_raise", 15, 20, rest_s=75, tempo="2-0-1-1"),
                _stretch("quadriceps stretch"),
                _stretch("hamstring stretch"),
                _stretch("glute stretch"),
                _stretch("calf stretch"),
                Place(
                    drill="foam rolling",
                    phase="cool_down",
                    drill_kind="foam_rolling",
                    seconds_min=120,
                    seconds_max=420,
                ),
            ),
        ),
    ),
)

TEMPLATES: dict[str, Template] = {template.name: template for template in (BALANCED_LEGS,)}
"""By name."""
