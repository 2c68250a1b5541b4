"""The report ``body`` for people: what was measured, how it goes, left against right, and the photos."""

from __future__ import annotations

from typing import Any

from rich.table import Table

from client_sdk.cli.rendering.charts import WIDEST, Point, over_time, room, spark
from client_sdk.cli.rendering.paper import Paper, table
from client_sdk.cli.words import decimal, plain
from events.body import BODY_WEIGHT
from events.quantities import milli_text, parse_day, round_half_up

FEWEST_POINTS = 3
"""A chart of fewer tells no more than the table."""
SPARKED_WEEKS = 12

_MICROGRAMS_PER_POUND = 453_592_370


def show(report: dict[str, Any], paper: Paper) -> None:
    """A table of the measurements, a chart of the body's weight, left against right, and the latest photos."""
    rows: list[dict[str, Any]] = report["measurements"]
    if not rows and not report["photos"]:
        paper.say("Nothing was measured yet: try `ironledger weigh 81.4kg`.")
        return
    if rows:
        paper.say(_measured(rows, paper))
        paper.say("A trend is over 4 weeks for body weight, over 12 for all else; it takes three days at least.")
    for row in rows:
        if row["site"] == BODY_WEIGHT and len(row["weeks"]) >= FEWEST_POINTS:
            paper.say("", _chart(row, paper), "Body weight, the mean of each week.")
    if report["sides"]:
        paper.say("", _sides(report["sides"]))
    if report["photos"]:
        paper.say("", _photos(paper.cut(report["photos"][::-1]), paper))
        paper.tell_rest(report["photos"], "photos")


def _measured(rows: list[dict[str, Any]], paper: Paper) -> Table:
    made = table(
        *("Measured", "Latest", "On", "Since the first", "A week", "Weeks"),
        right=("Latest", "Since the first", "A week"),
        folded=("Measured",),
    )
    for row in rows:
        unit = _unit(row, paper)
        trend = row["trend"]
        since = f"{_amount(row['change'], unit, sign=True)} {row['first']['day']}" if row["count"] > 1 else ""
        made.add_row(
            _name(row),
            value_text(row["latest"]["value"]),
            row["latest"]["day"],
            since,
            "" if trend is None else _amount(trend["per_week"], unit, sign=True, places=2),
            spark([week["mean"] for week in row["weeks"][-SPARKED_WEEKS:]]) if len(row["weeks"]) > 1 else "",
        )
    return made


def _chart(row: dict[str, Any], paper: Paper) -> Any:  # noqa: ANN401  # what rich prints
    unit = _unit(row, paper)
    points = [Point(parse_day(week["start"]), week["mean"]) for week in row["weeks"]]
    return over_time(
        points,
        figure=lambda amount: _amount(amount, unit),
        day=lambda day: next(week["start"] for week in row["weeks"] if parse_day(week["start"]) == day),
        width=room(paper.width, 0, most=WIDEST),
    )


def _sides(rows: list[dict[str, Any]]) -> Table:
    made = table("Left and right", "Left", "Right", "Left − right", "Left : right", right=("Left − right",))
    for row in rows:
        apart = f" ({row['days_apart']} days apart)" if row["days_apart"] else ""
        ratio = row["ratio_milli"]
        made.add_row(
            plain(row["site"]) + apart,
            value_text(row["left"]["value"]),
            value_text(row["right"]["value"]),
            _amount(row["difference"], row["left"]["value"]["unit"], sign=True),
            f"{ratio // 1000}.{ratio % 1000:03d}",
        )
    return made


def _photos(photos: list[dict[str, Any]], paper: Paper) -> Table:
    made = table("Photo", "On", "Body weight", "File", right=("Body weight",), folded=("File",))
    unit = paper.ledger.view.profile.units or "kg"
    for photo in photos:
        weight = photo["body_weight"]
        made.add_row(
            plain(photo["pose"]),
            photo["day"],
            "" if weight is None else _amount(weight["grams"], unit),
            f"{photo['sha256'][:12]}… {photo['media_type'].removeprefix('image/')}",
        )
    return made


def value_text(value: dict[str, Any]) -> str:
    """A measurement as it was typed: ``58.5 cm``."""
    unit = "%" if value["unit"] == "percent" else f" {value['unit']}"
    return f"{milli_text(value['milli'])}{unit}"


def _name(row: dict[str, Any]) -> str:
    return plain(row["site"]) if row["side"] is None else f"{plain(row['site'])}, {row['side']}"


def _unit(row: dict[str, Any], paper: Paper) -> str:
    """The unit in which what is computed is told: of masses that of the profile, else the one that was typed last."""
    typed: str = row["latest"]["value"]["unit"]
    return (paper.ledger.view.profile.units or typed) if row["unit"] == "g" else typed


def _amount(amount: int, unit: str, *, sign: bool = False, places: int = 1) -> str:
    """An amount of the report (grams, micrometres, thousandths of a percent) in a unit that people use."""
    match unit:
        case "lb":
            milli = round_half_up(amount * 1_000_000_000, _MICROGRAMS_PER_POUND)
        case "cm":
            milli = round_half_up(amount, 10)
        case "in":
            milli = round_half_up(amount * 10, 254)
        case _:
            milli = amount  # grams are thousandths of a kg, micrometres of a mm
    mark = ("+" if milli > 0 else "−" if milli < 0 else "±") if sign else ""
    return f"{mark}{decimal(abs(milli), places)}{'%' if unit == 'percent' else f' {unit}'}"
