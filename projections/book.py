"""The lifter's own exercise book: the catalogue, with the custom exercises that the lifter defined."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, get_args

import msgspec

from events.catalogue import DEFAULT_MATRIX, MATRICES, Catalogue, Exercise
from events.catalogue.exercises import Equipment, Pattern
from events.profile import ProfileChanged
from events.training import ExerciseDefined

_PATTERNS = frozenset(get_args(Pattern))
_EQUIPMENT = frozenset(get_args(Equipment))
_UNDESCRIBED = Exercise(id="", name="", pattern="other", equipment="other", laterality="either")


class Book:
    """What is known of every exercise, under the settings in force.

    Args:
        catalogue: The exercises that everybody has.
        profile: The settings; a muscle matrix that this code doesn't know is read as the default one.
        definitions: The lifter's own exercises.
    """

    def __init__(self, catalogue: Catalogue, profile: ProfileChanged, definitions: Iterable[ExerciseDefined]) -> None:
        self._catalogue = catalogue
        self._own = {definition.exercise: definition for definition in definitions}
        self.matrix = profile.matrix if profile.matrix in MATRICES else DEFAULT_MATRIX
        self.formula = profile.e1rm_formula or "epley"

    @property
    def own_names(self) -> dict[str, str]:
        """The names of the lifter's own exercises, by id."""
        return {exercise: definition.name for exercise, definition in self._own.items()}

    def name(self, exercise: str) -> str:
        """What people call the exercise; its id, where nobody has said."""
        if (definition := self._own.get(exercise)) is not None:
            return definition.name
        known = self._catalogue.exercises.get(exercise)
        return known.name if known is not None else exercise

    def find(self, exercise: str) -> Exercise | None:
        """The exercise's properties; None where neither the catalogue nor the lifter has said anything of it."""
        known = self._catalogue.exercises.get(exercise)
        definition = self._own.get(exercise)
        if definition is None:
            return known
        said: dict[str, Any] = {"id": exercise, "name": definition.name}
        if definition.pattern in _PATTERNS:
            said["pattern"] = definition.pattern
        if definition.equipment in _EQUIPMENT:
            said["equipment"] = definition.equipment
        if definition.laterality is not None:
            said["laterality"] = definition.laterality
        return msgspec.structs.replace(known or _UNDESCRIBED, **said)

    def shares(self, exercise: str) -> Mapping[str, int]:
        """The muscles that a set of the exercise trains, in permille of a set; empty for an unknown one."""
        own = self.own_shares(exercise)
        return self._catalogue.shares(exercise, self.matrix) if own is None else own

    def own_shares(self, exercise: str) -> Mapping[str, int] | None:
        """The muscles by the lifter's own definition; None where there is none that names any."""
        definition = self._own.get(exercise)
        return None if definition is None else definition.muscles
