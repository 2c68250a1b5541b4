"""The report ``records`` for people."""

from __future__ import annotations

from typing import Any

from client_sdk.cli.rendering.paper import Paper, load_text, table
from client_sdk.cli.words import mass
from events.quantities import Unit
from projections.log import describe_distance, describe_duration

MOST_REP_RECORDS = 4


def show(report: dict[str, Any], paper: Paper) -> None:
    """The heaviest set, the repetition records and the estimated maximum of each exercise; then times."""
    rows: list[dict[str, Any]] = report["exercises"]
    if not rows:
        paper.say("No records yet: log a set with `ironledger log`.")
        return
    rows.sort(key=lambda row: -row["sets"])
    lifted = [row for row in rows if row["heaviest"] is not None]
    timed = [row for row in rows if row["longest"] or row["farthest"]]
    if lifted:
        paper.say(_lifts(paper.cut(lifted), paper))
        paper.tell_rest(lifted, "exercises")
        if any(row["e1rm"] and not row["e1rm"]["valid"] for row in paper.cut(lifted)):
            paper.say("? is beyond what the estimate is good for: 1 to 10 reps of a compound free-weight lift.")
        if any(row["e1rm"] and row["e1rm"]["body_weight"] for row in paper.cut(lifted)):
            paper.say("Of body-weight lifts the estimate has the body's own weight of that day in it.")
        if not all(row["body_weight_known"] for row in paper.cut(lifted)):
            paper.say(
                "Some body-weight sets have no estimate, for no weight was known on their day: `ironledger weigh`."
            )
    if timed:
        if lifted:
            paper.say("")
        paper.say(_times(paper.cut(timed)))
        paper.tell_rest(timed, "exercises")


def _lifts(rows: list[dict[str, Any]], paper: Paper) -> Any:  # noqa: ANN401  # a rich table
    made = table(
        *("Exercise", "Heaviest", "On", "Est. 1RM", "More reps"),
        right=("Est. 1RM",),
        folded=("Exercise", "More reps"),
    )
    for row in rows:
        best = row["heaviest"]
        lighter = [record for record in row["rep_records"] if record["event"] != best["event"]]
        made.add_row(_name(row), _set(best), best["day"], _estimate(row, paper), _rep_records(lighter, best["load"]))
    return made


def _times(rows: list[dict[str, Any]]) -> Any:  # noqa: ANN401  # a rich table
    made = table("Exercise", "Longest", "Farthest", "Fastest", "Latest on", folded=("Exercise",))
    for row in rows:
        last = max((row[kind] for kind in ("longest", "farthest", "fastest") if row[kind]), key=lambda of: of["at"])
        made.add_row(
            _name(row),
            describe_duration(row["longest"]["seconds"]) if row["longest"] else "",
            describe_distance(row["farthest"]["distance_mm"]) if row["farthest"] else "",
            _run(row["fastest"]) if row["fastest"] else "",
            last["day"],
        )
    return made


def _name(row: dict[str, Any]) -> str:
    return str(row["name"]) if row["side"] == "both" else f"{row['name']}, {row['side']}"


def _set(shown: dict[str, Any]) -> str:
    load = load_text(shown["load"], shown["load_kind"])
    return f"{load} × {shown['reps']}" if shown["reps"] else load


def _estimate(row: dict[str, Any], paper: Paper) -> str:
    if row["e1rm"] is None:
        return ""
    load = row["heaviest"]["load"]
    unit: Unit = paper.ledger.view.profile.units or (load["unit"] if load is not None else "kg")
    return f"{mass(row['e1rm']['grams'], unit)}{'' if row['e1rm']['valid'] else ' ?'}"


def _rep_records(rows: list[dict[str, Any]], best: dict[str, Any] | None) -> str:
    """The lighter sets with more repetitions; their unit is told where it is another one than the heaviest's."""
    unit = best["unit"] if best is not None else None
    shown = [f"{_short_load(row, unit)} × {row['reps']}" for row in rows[:MOST_REP_RECORDS]]
    return ", ".join([*shown, f"{len(rows) - MOST_REP_RECORDS} more"] if len(rows) > MOST_REP_RECORDS else shown)


def _short_load(row: dict[str, Any], unit: str | None) -> str:
    text = load_text(row["load"], row["load_kind"]).replace("body weight", "bw")
    return text.removesuffix(f" {unit}") if unit is not None and row["load_kind"] == "external" else text


def _run(shown: dict[str, Any]) -> str:
    return f"{describe_distance(shown['distance_mm'])} in {describe_duration(shown['seconds'])}"
