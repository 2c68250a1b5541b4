"""The figures of the guide that the product makes real, each in one place.

Source: *Building Strong, Balanced Leg Muscles: A Comprehensive Guide*. What sport science says of them stands where
they are used, and in docs/explanation/training-science.md.
"""

from __future__ import annotations

MAIN_ROUTINE: dict[str, int] = {
    "back_squat": 4,
    "conventional_deadlift": 4,
    "forward_lunge": 3,
    "leg_press": 4,
    "seated_leg_curl": 3,
    "standing_calf_raise": 4,
}
"""The sets of each lift in one session."""

VARIANTS: tuple[tuple[str, ...], ...] = (
    ("back_squat", "front_squat"),
    ("conventional_deadlift", "romanian_deadlift"),
    ("forward_lunge", "reverse_lunge"),
    ("seated_leg_curl", "lying_leg_curl"),
    ("standing_calf_raise", "seated_calf_raise"),
)
"""The lifts that can stand for one another."""

WARM_UP_MIN = (10, 15)
MAIN_MIN = (60, 75)
COOL_DOWN_MIN = (10, 15)
"""The minutes of each phase of a session."""

STRETCH_S = 30
"""How long each static stretch is held."""

MAJOR_LEG_MUSCLES = ("quadriceps", "hamstrings", "glutes", "calves")
"""The leg muscles that it names; the calves are gastrocnemius and soleus."""

LEG_SESSIONS_A_WEEK = (1, 2)

PROTEIN_MG_PER_KG = (1600, 2200)
"""A day, per kilogram of body weight."""


def variants_of(exercise: str) -> tuple[str, ...]:
    """The lifts that the guide names as other variants of this one; none for a lift that it doesn't vary."""
    return tuple(other for group in VARIANTS if exercise in group for other in group if other != exercise)
