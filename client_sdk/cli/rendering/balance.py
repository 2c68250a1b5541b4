"""The report ``balance`` for people."""

from __future__ import annotations

from typing import Any

from client_sdk.cli.rendering.charts import bar, room, tone
from client_sdk.cli.rendering.paper import Paper, load_text, table
from client_sdk.cli.words import counted, decimal, long_day, plain

_RATIO, _MUSCLE = 48, 36
"""The columns that the figures beside a bar take up."""

_WIDEST = 60


def show(report: dict[str, Any], paper: Paper) -> None:
    """Ratios, shares, what is neglected, and the sides."""
    if not any(muscle["fractional_milli"] for muscle in report["muscles"].values()):
        paper.say("Nothing was trained in the 28 days up to then.")
        return
    paper.head(f"The 28 days to {long_day(report['as_of'])}")
    paper.say(_ratios(report["ratios"], paper), "│ in a bar is where both sides have as many sets.", "")
    paper.say(_muscles(report["muscles"], paper), "")
    neglected = [plain(muscle) for muscle in report["neglected"]]
    if neglected:
        words = f"Neglected, under half of what the guide's routine gives: {', '.join(neglected)}."
        paper.say(tone(words, "watch"))
    else:
        paper.say("No leg muscle is neglected.")
    if report["sides"]:
        paper.say("", _sides(report["sides"]))
        if any(row["flagged"] for row in report["sides"]):
            paper.say("! leans the same way three sessions in a row, by more than tests scatter.")


def _ratios(ratios: list[dict[str, Any]], paper: Paper) -> Any:  # noqa: ANN401  # a rich table
    made = table("Ratio", "", "Sets", " ", right=("",))
    width = room(paper.width, _RATIO + 2, most=_WIDEST)
    for ratio in ratios:
        left, right = ratio["name"].split(":")
        numerator, denominator = ratio["numerator_milli"], ratio["denominator_milli"]
        value, both = ratio["ratio_milli"], numerator + denominator
        made.add_row(
            f"{plain(left)} : {plain(right)}",
            "-" if value is None else f"{value // 1000}.{value % 1000 // 10:02d}",
            f"{decimal(numerator)} : {decimal(denominator)}",
            bar(numerator, both, width=width, marks=(both // 2,)) if both else "",
        )
    return made


def _muscles(muscles: dict[str, dict[str, Any]], paper: Paper) -> Any:  # noqa: ANN401  # a rich table
    made = table("Muscle", "Sets", "Share", "", right=("Sets", "Share"))
    most = max(done["share_permille"] for done in muscles.values())
    for muscle, done in muscles.items():
        if done["fractional_milli"]:
            made.add_row(
                plain(muscle),
                decimal(done["fractional_milli"]),
                f"{decimal(done['share_permille'] * 100)} %",
                bar(done["share_permille"], most, width=room(paper.width, _MUSCLE, most=_WIDEST)),
            )
    return made


def _sides(sides: list[dict[str, Any]]) -> Any:  # noqa: ANN401  # a rich table
    made = table("One side each", "Left", "Right", "Stronger", "Does more", folded=("One side each", "Left", "Right"))
    for row in sides:
        made.add_row(
            row["name"], _side(row["left"]), _side(row["right"]), _lean(row.get("stronger")), _lean(row.get("busier"))
        )
    return made


def _lean(side: str | None) -> Any:  # noqa: ANN401  # rich's text
    return "neither" if side is None else tone(f"{side} !", "watch")


def _side(side: dict[str, Any]) -> str:
    best = side["best"]
    sets = counted(side["sets"], "set")
    if best is None:
        return sets
    load = load_text(best["load"], best["load_kind"])
    return f"{load} × {best['reps']}, {sets}" if best["reps"] else f"{load} {sets}".strip()
