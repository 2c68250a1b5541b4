"""Facts of nutrition: what was eaten, drunk and supplemented."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from events.errors import UnsoundError
from events.facts import Fact, Name, Text

MOST_DECIGRAMS, MOST_ML, MOST_MG = 10_000, 10_000, 1_000_000

Decigrams = Annotated[int, Meta(ge=0, le=MOST_DECIGRAMS)]
"""Tenths of a gram; nobody eats more than a kilogram of one of them at a time."""

SOURCES: dict[str, tuple[str, ...]] = {
    "protein": ("chicken", "beef", "fish", "eggs", "dairy", "beans", "lentils"),
    "carbohydrate": ("whole_grains", "fruit", "vegetables"),
    "fat": ("avocado", "nuts", "seeds", "olive_oil"),
}
"""The sources that the guide names: of protein, of complex carbohydrate, of healthy fats."""

FOOD_SOURCES = tuple(source for sources in SOURCES.values() for source in sources)
"""The tags for all of them."""


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

    ml: Annotated[int, Meta(ge=1, le=MOST_ML)]
    when: Literal["before", "during", "after"] | None = None


class SupplementTaken(Fact, frozen=True, kw_only=True):
    """A supplement was taken."""

    kind: Literal["protein", "creatine", "bcaa", "pre_workout", "other"]
    dose_mg: Annotated[int, Meta(ge=1, le=MOST_MG)] | None = None
    name: Name | None = None
