"""What the catalogue says about one exercise, and the muscles it speaks of."""

from typing import Literal

import msgspec

LEG_MUSCLES = (
    "quadriceps",
    "hamstrings",
    "glutes",
    "adductors",
    "abductors",
    "hip_flexors",
    "gastrocnemius",
    "soleus",
    "tibialis",
)
"""The muscles that move hip, knee and ankle, in the order in which reports list them."""

MUSCLES = (
    *LEG_MUSCLES,
    "spinal_erectors",
    "core",
    "obliques",
    "chest",
    "lats",
    "upper_back",
    "traps",
    "front_delts",
    "side_delts",
    "rear_delts",
    "biceps",
    "triceps",
    "forearms",
)
"""Every muscle a set can count for, legs first, in the order in which reports list them."""

Pattern = Literal[
    "squat",
    "hinge",
    "lunge",
    "knee_extension",
    "knee_flexion",
    "calf_raise",
    "hip_abduction",
    "hip_adduction",
    "hip_flexion",
    "hip_extension",
    "ankle_dorsiflexion",
    "horizontal_push",
    "vertical_push",
    "horizontal_pull",
    "vertical_pull",
    "elbow_flexion",
    "elbow_extension",
    "shoulder_isolation",
    "chest_isolation",
    "back_isolation",
    "forearm",
    "core",
    "carry",
    "olympic",
    "plyometric",
    "cardio",
    "mobility",
    "other",
]
Laterality = Literal["bilateral", "unilateral", "either"]
Equipment = Literal[
    "barbell",
    "dumbbell",
    "kettlebell",
    "trap_bar",
    "ez_bar",
    "plate",
    "medicine_ball",
    "landmine",
    "machine",
    "smith_machine",
    "cable",
    "band",
    "suspension",
    "sled",
    "body_weight",
    "cardio_machine",
    "none",
    "other",
]
Measure = Literal["reps", "time", "distance"]
Region = Literal["lower", "upper", "other"]

_FREE_WEIGHTS = frozenset({"barbell", "dumbbell", "kettlebell", "trap_bar", "ez_bar", "plate", "medicine_ball"})
_LOWER = frozenset(
    {
        "squat",
        "hinge",
        "lunge",
        "knee_extension",
        "knee_flexion",
        "calf_raise",
        "hip_abduction",
        "hip_adduction",
        "hip_flexion",
        "hip_extension",
        "ankle_dorsiflexion",
    }
)
_UPPER = frozenset(
    {
        "horizontal_push",
        "vertical_push",
        "horizontal_pull",
        "vertical_pull",
        "elbow_flexion",
        "elbow_extension",
        "shoulder_isolation",
        "chest_isolation",
        "back_isolation",
        "forearm",
    }
)


class Exercise(msgspec.Struct, frozen=True, kw_only=True, gc=False, forbid_unknown_fields=True):
    """One lift, drill or activity that lifters keep one history of.

    A bar and a pair of dumbbells make two exercises, for their loads don't compare, and so do a bar, a smith
    machine and a cable. Weight hung on the body does not: a weighted pull-up is a `pull_up`. Under a bare
    name that people use for several of them, such as "lunge", stands the one that they mean most often; where
    nobody can tell ("shoulder press"), none.

    Attributes:
        id: The name that facts carry; it never changes.
        name: The name that people see.
        aliases: Further names in use, in one spelling each: what `names.parse` reads alike isn't repeated.
        pattern: The movement, by which reports group exercises.
        equipment: What the load hangs on; `other` where a name leaves it open.
        multi_joint: Whether more than one joint drives the load.
        laterality: `unilateral` if a set trains one side at a time, `either` if both ways are common.
        implements: How many dumbbells or kettlebells of the logged load are held, unless a set says otherwise.
        measured: What a set of it is counted in.
        body_weight: Whether no load means the body's own weight, and a load is weight added to it.
        assisted: Whether a load is help that takes weight off the body.
        cues: How to do it well.
    """

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    pattern: Pattern
    equipment: Equipment
    multi_joint: bool = False
    laterality: Laterality = "bilateral"
    implements: Literal[1, 2] = 1
    measured: Measure = "reps"
    body_weight: bool = False
    assisted: bool = False
    cues: tuple[str, ...] = ()

    @property
    def free_weight(self) -> bool:
        """Whether the load moves freely in space: not along a rail, on a lever or a rope, nor the body alone."""
        return self.equipment in _FREE_WEIGHTS

    @property
    def region(self) -> Region:
        """The half of the body that the movement trains; `other` for core, carries, olympic lifts and cardio."""
        if self.pattern in _LOWER:
            return "lower"
        return "upper" if self.pattern in _UPPER else "other"
