"""The lifter's equipment as it is now, and which of it an exercise is done with.

Equipment is no happening: what is known of it holds for every target, whatever day that is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from events import Load
from events.catalogue import Equipment, Exercise
from events.equipment import EquipmentDefined, EquipmentKind
from events.quantities import Unit
from projections.edits import in_force
from projections.facts import Facts
from projections.loads import Rack, rack_of, usual_rack

_FITTING: dict[Equipment, EquipmentKind] = {
    "barbell": "barbell",
    "dumbbell": "dumbbells",
    "kettlebell": "kettlebells",
}
"""Equipment of a kind that every exercise of some catalogue equipment shares; each machine is its own."""


class Piece(msgspec.Struct, frozen=True):
    """A piece of equipment with its fields in force, and the events that say so."""

    body: EquipmentDefined
    events: tuple[str, ...]


class Gear(msgspec.Struct, frozen=True):
    """What an exercise is loaded with."""

    rack: Rack
    kind: EquipmentKind
    equipment: str | None
    """The id of the equipment; None where all of it is assumed."""
    name: str | None
    assumed: tuple[str, ...]
    """What nobody has said: ``equipment`` for all of it, else its fields."""
    events: tuple[str, ...] = ()

    def shown(self) -> dict[str, Any]:
        """The equipment as reports show it."""
        return {"equipment": self.equipment, "name": self.name, "kind": self.kind, "assumed": list(self.assumed)}


def pieces(facts: Facts) -> list[Piece]:
    """All equipment that counts, by name."""
    said = [in_force(facts, fact) for fact in facts.of_type("equipment_defined")]
    found = [Piece(body, tuple(sorted(events))) for body, events in said if isinstance(body, EquipmentDefined)]
    return sorted(found, key=lambda piece: (_folded(piece.body.name), piece.body.equipment))


def find(
    there: Iterable[Piece], names: Iterable[str | None], exercise: Exercise, unit: Unit, lifted: Load | None = None
) -> Gear | None:
    """What an exercise is loaded with; None where its loads don't come in known steps.

    In this order: the equipment that the slot or the last set names, by id or by name; equipment that is called like
    the exercise; the only barbell, dumbbells or kettlebells there are, for an exercise with such; what gyms usually
    have.

    Args:
        there: The lifter's equipment.
        names: What the slot and the set say; what bears no such name is passed over.
        exercise: What is known of the exercise.
        unit: The unit of what has to be assumed.
        lifted: The last load.
    """
    known = list(there)
    for name in (*names, exercise.name):
        for piece in known:
            if name is not None and (name == piece.body.equipment or _folded(name) == _folded(piece.body.name)):
                return _gear(piece, unit)
    fitting = [piece for piece in known if piece.body.kind == _FITTING.get(exercise.equipment)]
    if len(fitting) == 1:
        return _gear(fitting[0], unit)
    usual = usual_rack(exercise.equipment, unit, lifted)
    return None if usual is None else Gear(*usual, None, None, ("equipment",))


def _gear(piece: Piece, unit: Unit) -> Gear:
    rack, assumed = rack_of(piece.body, unit)
    return Gear(rack, piece.body.kind, piece.body.equipment, piece.body.name, assumed, piece.events)


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())
