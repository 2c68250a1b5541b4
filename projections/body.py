"""The body as it was measured and photographed: first and latest, what changed, and how fast.

A day's value is the last that was taken on it. The trend is the slope of a straight line through the days of a
window, by least squares. Body weight has a rhythm of the week, heavier after weekends and lighter towards Friday
(Orsama et al. 2014, doi 10.1159/000356147), so its windows are whole weeks; how many is this project's choice.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

import msgspec

from events.body import BODY_WEIGHT, MeasurementUnit
from events.quantities import NANOGRAMS_PER_GRAM, NANOGRAMS_PER_MILLI, day_text, round_half_up, week_name, week_start
from projections.diary import Row
from projections.weights import Weights

WEIGHT_WINDOW_DAYS = 28
GIRTH_WINDOW_DAYS = 84
"""A girth is taken more rarely, and changes more slowly."""

FEWEST_DAYS = 3
"""No line is drawn through fewer days than these, nor through days that lie closer than a quarter of the window."""
MEAN_DAYS = 7
WEEK_DAYS = 7

Unit = Literal["g", "um", "milli_percent"]
"""What amounts are told in: grams, micrometres, thousandths of a percent."""

_FINEST: dict[MeasurementUnit, tuple[Unit, int]] = {
    "kg": ("g", NANOGRAMS_PER_MILLI["kg"]),
    "lb": ("g", NANOGRAMS_PER_MILLI["lb"]),
    "mm": ("um", 1_000),
    "cm": ("um", 10_000),
    "in": ("um", 25_400),
    "percent": ("milli_percent", 1),
}
"""The unit of each typed one, and what a thousandth of it is in nanograms, nanometres or thousandths of a percent."""
_SCALE: dict[Unit, int] = {"g": NANOGRAMS_PER_GRAM, "um": 1_000, "milli_percent": 1}


class Taken(msgspec.Struct, frozen=True):
    """A measurement, exactly: ``fine`` is in nanograms, nanometres or thousandths of a percent."""

    row: Row
    fine: int

    def shown(self, scale: int) -> dict[str, Any]:
        """The measurement as the report shows it: as it was typed, and as an amount."""
        said = self.row.said
        return {"value": said["value"], "amount": round_half_up(self.fine, scale)} | _when(self.row)


Key = tuple[str, str | None, Unit]
"""What is measured: a site, a side of it where one was told, and the sort of quantity."""


def report(
    rows: Iterable[Row], weights: Weights, as_of: int | None, first_weekday: int, *, explain: bool = False
) -> dict[str, Any]:
    """The report ``body``.

    Args:
        rows: The measurements and photos, earliest first.
        weights: What the lifter weighed.
        as_of: The last day.
        first_weekday: On which weekday weeks begin, Monday being 0.
        explain: Whether each figure names the events behind it.
    """
    taken: dict[Key, list[Taken]] = {}
    photos = []
    for row in rows:
        if row.type == "photo_attached":
            photos.append(_photo(row, weights))
        else:
            key, one = _taken(row)
            taken.setdefault(key, []).append(one)
    for values in taken.values():
        values.sort(key=lambda one: one.row.at)
    keys = sorted(taken, key=lambda key: (key[0] != BODY_WEIGHT, key[0], key[1] or "", key[2]))
    last = 0 if as_of is None else as_of
    return {
        "measurements": [_measured(key, taken[key], last, first_weekday, explain=explain) for key in keys],
        "sides": [
            _sides(site, unit, taken) for site, side, unit in keys if side == "left" and _both(site, unit, taken)
        ],
        "photos": sorted(photos, key=lambda photo: photo["at"]),
    }


def _measured(key: Key, values: list[Taken], as_of: int, first_weekday: int, *, explain: bool) -> dict[str, Any]:
    site, side, unit = key
    scale = _SCALE[unit]
    first, latest = values[0], values[-1]
    days = {one.row.day: one.fine for one in values}
    recent = [fine for day, fine in days.items() if as_of - MEAN_DAYS < day <= as_of]
    window = WEIGHT_WINDOW_DAYS if site == BODY_WEIGHT else GIRTH_WINDOW_DAYS
    trend = _trend({day: fine for day, fine in days.items() if as_of - window < day <= as_of}, window, scale)
    row = {
        "site": site,
        "side": side,
        "unit": unit,
        "count": len(values),
        "first": first.shown(scale),
        "latest": latest.shown(scale),
        "change": round_half_up(latest.fine - first.fine, scale),
        "mean_7_days": round_half_up(sum(recent), scale * len(recent)) if recent else None,
        "trend": trend,
        "weeks": _weeks(days, first_weekday, scale),
    }
    return row | {"events": [one.row.event for one in values]} if explain else row


def _trend(days: dict[int, int], window: int, scale: int) -> dict[str, Any] | None:
    """The slope of the line through some days, a week; None where they are too few, or too close together."""
    if len(days) < FEWEST_DAYS or max(days) - min(days) < window // 4:
        return None
    count, total_days, total = len(days), sum(days), sum(days.values())
    rise = count * sum(day * fine for day, fine in days.items()) - total_days * total
    run = count * sum(day * day for day in days) - total_days**2
    return {"window_days": window, "days": count, "per_week": round_half_up(rise * WEEK_DAYS, run * scale)}


def _weeks(days: dict[int, int], first_weekday: int, scale: int) -> list[dict[str, Any]]:
    """The mean of the days of each week in which something was measured."""
    weeks: dict[int, list[int]] = {}
    for day, fine in days.items():
        weeks.setdefault(week_start(day, first_weekday), []).append(fine)
    return [
        {
            "week": week_name(start),
            "start": day_text(start),
            "days": len(weeks[start]),
            "mean": round_half_up(sum(weeks[start]), scale * len(weeks[start])),
        }
        for start in sorted(weeks)
    ]


def _both(site: str, unit: Unit, taken: dict[Key, list[Taken]]) -> bool:
    return (site, "left", unit) in taken and (site, "right", unit) in taken


def _sides(site: str, unit: Unit, taken: dict[Key, list[Taken]]) -> dict[str, Any]:
    """Left against right, by the latest of each."""
    left, right = taken[site, "left", unit][-1], taken[site, "right", unit][-1]
    scale = _SCALE[unit]
    return {
        "site": site,
        "unit": unit,
        "left": left.shown(scale),
        "right": right.shown(scale),
        "ratio_milli": round_half_up(left.fine * 1000, right.fine),
        "difference": round_half_up(left.fine - right.fine, scale),
        "days_apart": abs(left.row.day - right.row.day),
    }


def _photo(row: Row, weights: Weights) -> dict[str, Any]:
    weight = weights.on(row.day)
    said = {name: row.said[name] for name in ("photo", "pose", "sha256", "bytes", "media_type")}
    return (
        said | {"note": row.said.get("note"), "body_weight": None if weight is None else weight.shown()} | _when(row)
    )


def _taken(row: Row) -> tuple[Key, Taken]:
    site, value, side = row.said["site"], row.said["value"], row.said.get("side")
    unit, per_milli = _FINEST[value["unit"]]
    sided = side in {"left", "right"} and site != BODY_WEIGHT  # whichever foot was on the scale
    return (site, side if sided else None, unit), Taken(row, value["milli"] * per_milli)


def _when(row: Row) -> dict[str, Any]:
    return {"at": row.at, "day": day_text(row.day), "event": row.event}
