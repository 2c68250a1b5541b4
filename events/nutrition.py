"""Facts of nutrition: what was eaten, drunk and supplemented."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from events.errors import UnsoundError
from events.facts import Fact, Name, Text

Decigrams = Annotated[int, Meta(ge=0, le=10_000)]
"""Tenths of a gram; nobody eats more than a kilogram of one of them at a time."""

FOOD_SOURCES = (
    *("chicken", "beef", "fish", "eggs", "dairy", "beans", "lentils"),
    *("whole_grains", "fruit", "vegetables"),
    *("avocado", "nuts", "seeds", "olive_oil"),
)
"""The tags for the sources that the guide names: of protein, of complex carbohydrate, of healthy fats."""


class FoodLogged(Fact, frozen=True, kw_only=True):
    """Something was eaten, with its macronutrients in tenths of a gram."""

    name: Name | None = None
    protein_dg: Decigrams | None = None
    carbohydrate_dg: Decigrams | None = None
    fat_dg: Decigrams | None = None
    tags: Annotated[tuple[Name, ...], Meta(max_length=20)] = ()
    note: Text | None = None

    def __post_init__(self) -> None:
        """Refuses a meal of nothing."""
        figures = (self.protein_dg, self.carbohydrate_dg, self.fat_dg)
        if all(figure is None for figure in figures) and not self.tags and self.name is None:
            raise UnsoundError("a meal has a name, a macronutrient or a tag")


class WaterLogged(Fact, frozen=True, kw_only=True):
    """Water was drunk: before, during or after training, or at any other time."""

    ml: Annotated[int, Meta(ge=1, le=10_000)]
    when: Literal["before", "during", "after"] | None = None


class SupplementTaken(Fact, frozen=True, kw_only=True):
    """A supplement was taken."""

    kind: Literal["protein", "creatine", "bcaa", "pre_workout", "other"]
    dose_mg: Annotated[int, Meta(ge=1, le=1_000_000)] | None = None
    name: Name | None = None
