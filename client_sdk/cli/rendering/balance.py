"""The report ``balance`` for people."""

from __future__ import annotations

from typing import Any

from client_sdk.cli.rendering.paper import Paper, load_text, table
from client_sdk.cli.words import counted, decimal, plain

BAR_PERMILLE = 10
"""How much of all sets one character of a bar stands for."""


def show(report: dict[str, Any], paper: Paper) -> None:
    """Ratios, shares, what is neglected, and the sides."""
    if not any(muscle["fractional_milli"] for muscle in report["muscles"].values()):
        paper.say("Nothing was trained in the 28 days up to then.")
        return
    paper.head(f"The 28 days to {report['as_of']}")
    paper.say(_ratios(report["ratios"]), "", _muscles(report["muscles"]), "")
    neglected = [plain(muscle) for muscle in report["neglected"]]
    paper.say(
        f"Neglected, under half of what the guide's routine gives: {', '.join(neglected)}."
        if neglected
        else "No leg muscle is neglected."
    )
    if report["sides"]:
        paper.say("", _sides(report["sides"]))


def _ratios(ratios: list[dict[str, Any]]) -> Any:  # noqa: ANN401  # a rich table
    made = table("Ratio", "", "Sets", right=("",))
    for ratio in ratios:
        left, right = ratio["name"].split(":")
        value = ratio["ratio_milli"]
        made.add_row(
            f"{plain(left)} : {plain(right)}",
            "-" if value is None else f"{value // 1000}.{value % 1000 // 10:02d}",
            f"{decimal(ratio['numerator_milli'])} : {decimal(ratio['denominator_milli'])}",
        )
    return made


def _muscles(muscles: dict[str, dict[str, Any]]) -> Any:  # noqa: ANN401  # a rich table
    made = table("Muscle", "Sets", "Share", "", right=("Sets", "Share"))
    for muscle, done in muscles.items():
        if done["fractional_milli"]:
            made.add_row(
                plain(muscle),
                decimal(done["fractional_milli"]),
                f"{decimal(done['share_permille'] * 100)} %",
                "█" * (done["share_permille"] // BAR_PERMILLE),
            )
    return made


def _sides(sides: list[dict[str, Any]]) -> Any:  # noqa: ANN401  # a rich table
    made = table("Left and right", "Left", "Right", "Stronger", folded=("Left and right",))
    for row in sides:
        stronger = f"{row['stronger']}, three times in a row" if row["flagged"] else "no side for certain"
        made.add_row(row["name"], _side(row["left"]), _side(row["right"]), stronger)
    return made


def _side(side: dict[str, Any]) -> str:
    best = side["best"]
    sets = counted(side["sets"], "set")
    if best is None:
        return sets
    load = load_text(best["load"], best["load_kind"])
    return f"{load} × {best['reps']}, {sets}" if best["reps"] else f"{load} {sets}".strip()
