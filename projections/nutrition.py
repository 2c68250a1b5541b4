"""What was eaten, drunk and supplemented, by local day: protein against body weight, and what else the guide asks.

- 1.6 to 2.2 g of protein a day and kg of body weight is the range of the guide. In Morton et al. 2018 (Br J Sports
  Med 52:376, doi 10.1136/bjsports-2017-097608) gains of fat-free mass levelled off at 1.6, the upper end of the
  confidence interval being 2.2.
- Energy is 4, 4 and 9 kcal for a gram of protein, carbohydrate and fat (Atwater's general factors; Merrill and Watt,
  USDA Agriculture Handbook 74, 1973).

What nobody logged is not known: a day without food takes no part in an average of food, and is not one of fasting.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

import msgspec

from events.guide import PROTEIN_MG_PER_KG
from events.nutrition import SOURCES
from events.profile import ProteinRange
from events.quantities import NANOGRAMS_PER_MILLI, day_text, round_half_up
from projections.diary import Row
from projections.weights import Weight, Weights

KINDS = ("food_logged", "water_logged", "supplement_taken")
WINDOWS = (7, 28)
"""The days over which averages are made, each ending on ``as_of``."""

EVIDENCE = (
    {
        "supplement": "creatine",
        "support": "strong",
        "words": "Creatine monohydrate adds to strength, power and lean mass when taken along with training.",
        "source": "Kreider et al. 2017, ISSN position stand, doi 10.1186/s12970-017-0173-z",
    },
    {
        "supplement": "protein",
        "support": "strong",
        "words": "Powder helps to reach the day's protein; it is no better than the same protein from food.",
        "source": "Morton et al. 2018, doi 10.1136/bjsports-2017-097608",
    },
    {
        "supplement": "pre_workout",
        "support": "strong for caffeine",
        "words": "Caffeine, 3 to 6 mg/kg before training, helps most people. What else is in a mix varies.",
        "source": "Guest et al. 2021, ISSN position stand, doi 10.1186/s12970-020-00383-4",
    },
    {
        "supplement": "bcaa",
        "support": "equivocal",
        "words": "On top of enough protein, BCAA have not been shown to add muscle; on soreness studies disagree.",
        "source": "Wolfe 2017, doi 10.1186/s12970-017-0184-9; Fouré and Bendahan 2017, doi 10.3390/nu9101047",
    },
)
"""What is known of the supplements that the guide names."""

_MACROS = ("protein_dg", "carbohydrate_dg", "fat_dg")
_KCAL_PER_GRAM = {"protein_dg": 4, "carbohydrate_dg": 4, "fat_dg": 9}
_DG_PER_GRAM = 10
_MG_PER_DG = 100
_NANOGRAMS_PER_KG = 1000 * NANOGRAMS_PER_MILLI["kg"]


class Day(msgspec.Struct):
    """What was logged of one day."""

    number: int
    doubtful: bool = False
    meals: int = 0
    macros: dict[str, int] = msgspec.field(default_factory=dict)
    """Decigrams of those that some meal told."""
    told: dict[str, int] = msgspec.field(default_factory=dict)
    """How many meals told each."""
    tags: set[str] = msgspec.field(default_factory=set)
    water: dict[str, int] = msgspec.field(default_factory=dict)
    """Millilitres, by when they were drunk."""
    supplements: dict[tuple[str, str], tuple[int, int | None]] = msgspec.field(default_factory=dict)
    """By kind and name: how often, and how many mg of those doses that were told."""
    events: list[str] = msgspec.field(default_factory=list)

    def take(self, row: Row) -> None:
        """One thing more."""
        said = row.said
        self.doubtful = self.doubtful or row.day_doubtful
        self.events.append(row.event)
        match row.type:
            case "food_logged":
                self.meals += 1
                for macro in _MACROS:
                    if (amount := said.get(macro)) is not None:
                        self.macros[macro] = self.macros.get(macro, 0) + amount
                        self.told[macro] = self.told.get(macro, 0) + 1
                self.tags.update(said.get("tags", ()))
            case "water_logged":
                when = said.get("when", "other")
                self.water[when] = self.water.get(when, 0) + said["ml"]
            case _:
                key, dose = (said["kind"], said.get("name", "")), said.get("dose_mg")
                times, known = self.supplements.get(key, (0, None))
                self.supplements[key] = (times + 1, known if dose is None else (known or 0) + dose)

    def whole(self, macro: str) -> bool:
        """Whether every meal told how much of it there was."""
        return bool(self.meals) and self.told.get(macro) == self.meals

    @property
    def kilocalories(self) -> Fraction | None:
        """The energy, where every meal told all that it is made of."""
        if not all(map(self.whole, _MACROS)):
            return None
        return Fraction(sum(self.macros[macro] * kcal for macro, kcal in _KCAL_PER_GRAM.items()), _DG_PER_GRAM)

    def protein_per_kg(self, weight: Weight | None) -> Fraction | None:
        """Milligrams for each kilogram of body weight, where both are known."""
        if weight is None or "protein_dg" not in self.macros:
            return None
        return Fraction(self.macros["protein_dg"] * _MG_PER_DG * _NANOGRAMS_PER_KG, weight.nanograms)


def report(
    rows: Iterable[Row], weights: Weights, wanted: ProteinRange | None, as_of: int | None, *, explain: bool = False
) -> dict[str, Any]:
    """The report ``nutrition``.

    Args:
        rows: What was eaten, drunk and taken, in the order of time.
        weights: What the lifter weighed.
        wanted: The range of protein that the lifter aims at; None for that of the guide.
        as_of: The last day.
        explain: Whether each figure names the events behind it.
    """
    days: dict[int, Day] = {}
    for row in rows:
        day = days.get(row.day)
        if day is None:
            day = days[row.day] = Day(row.day)
        day.take(row)
    aimed = wanted or ProteinRange(*PROTEIN_MG_PER_KG)
    windows = () if as_of is None else WINDOWS
    return {
        "days": [_day(days[number], weights.on(number), aimed, explain=explain) for number in sorted(days)],
        "averages": [_averages(days, weights, aimed, as_of or 0, length, explain=explain) for length in windows],
        "protein_range": {"min_mg_per_kg": aimed.min, "max_mg_per_kg": aimed.max, "own": wanted is not None},
        "evidence": [dict(entry) for entry in EVIDENCE],
    }


def _day(day: Day, weight: Weight | None, wanted: ProteinRange, *, explain: bool) -> dict[str, Any]:
    protein = _rounded(day.protein_per_kg(weight))
    shown = {
        "day": day_text(day.number),
        "day_doubtful": day.doubtful,
        "meals": day.meals,
        **{macro: day.macros.get(macro) for macro in _MACROS},
        "energy_kcal": _rounded(day.kilocalories),
        "body_weight": None if weight is None else weight.shown(),
        "protein_mg_per_kg": protein,
        "protein_band": _band(protein, wanted, whole=day.whole("protein_dg")),
        "notes": _notes(day, weight),
        "sources": {group: [tag for tag in tags if tag in day.tags] for group, tags in SOURCES.items()},
        "water_ml": sum(day.water.values()) if day.water else None,
        **{f"water_{when}_ml": day.water.get(when, 0) for when in ("before", "during", "after", "other")},
        "supplements": [
            {"kind": kind, "name": name or None, "times": times, "dose_mg": dose}
            for (kind, name), (times, dose) in sorted(day.supplements.items())
        ],
    }
    return shown | {"events": day.events} if explain else shown


def _notes(day: Day, weight: Weight | None) -> list[str]:
    """What keeps a figure from being known, or from being whole."""
    notes = []
    if weight is None and day.meals:
        notes.append("body_weight_unknown")
    if day.told.get("protein_dg", 0) < day.meals:
        notes.append("meals_without_protein")
    return notes


def _averages(  # noqa: PLR0913  # what a day is judged by, and the window
    days: Mapping[int, Day], weights: Weights, wanted: ProteinRange, as_of: int, length: int, *, explain: bool
) -> dict[str, Any]:
    """The means over the days of a window on which each figure is known, and known whole."""
    window = [days[number] for number in range(as_of - length + 1, as_of + 1) if number in days]
    figures: dict[str, list[Fraction | int | None]] = {
        **{macro: [day.macros[macro] for day in window if day.whole(macro)] for macro in _MACROS},
        "energy_kcal": [day.kilocalories for day in window],
        "protein_mg_per_kg": [
            day.protein_per_kg(weights.on(day.number)) for day in window if day.whole("protein_dg")
        ],
        "water_ml": [sum(day.water.values()) if day.water else None for day in window],
    }
    means = {name: _mean(values) for name, values in figures.items()}
    protein = means["protein_mg_per_kg"]["mean"]
    tagged = Counter(tag for day in window for tag in day.tags)
    taken = Counter(kind for day in window for kind in {kind for kind, _ in day.supplements})
    averages = {
        "window_days": length,
        "food_days": sum(day.meals > 0 for day in window),
        **means,
        "protein_band": _band(protein, wanted, whole=True),
        "source_days": {group: {tag: tagged[tag] for tag in tags if tagged[tag]} for group, tags in SOURCES.items()},
        "supplement_days": {kind: taken[kind] for kind in sorted(taken)},
    }
    return averages | {"events": [event for day in window for event in day.events]} if explain else averages


def _mean(values: Iterable[Fraction | int | None]) -> dict[str, int | None]:
    known = [value for value in values if value is not None]
    mean = _rounded(sum(map(Fraction, known), Fraction(0)) / len(known)) if known else None
    return {"mean": mean, "days": len(known)}


def _band(protein: int | None, wanted: ProteinRange, *, whole: bool) -> str | None:
    """Where protein lies against the range; of what is not known whole it can only be said that it is above."""
    if protein is None or not (whole or protein > wanted.max):
        return None
    return "below" if protein < wanted.min else "above" if protein > wanted.max else "within"


def _rounded(value: Fraction | None) -> int | None:
    return None if value is None else round_half_up(value.numerator, value.denominator)
