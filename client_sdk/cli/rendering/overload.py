"""The report ``overload`` for people."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from client_sdk.cli.rendering.charts import spark
from client_sdk.cli.rendering.paper import Paper, load_text, table
from client_sdk.cli.words import counted, decimal, mass, short
from events.quantities import Unit

_CURVE = 10


def show(report: dict[str, Any], paper: Paper) -> None:
    """What comes next, then why; the trend of the estimated maxima; what stalls."""
    rows: list[dict[str, Any]] = report["exercises"]
    if not rows:
        paper.say("Nothing was trained lately: log a set with `ironledger log`.")
        return
    rows = sorted(rows, key=lambda row: all(target["slot"] is None for target in row["targets"]))
    shown = paper.cut(rows)
    paper.say(_targets(shown))
    _say_reasons(shown, paper)
    if any(row["e1rm"] for row in shown):
        paper.say("", _trends([row for row in shown if row["e1rm"]], paper))
    _say_stalls(shown, paper)
    paper.tell_rest(rows, "exercises")


def _targets(rows: list[dict[str, Any]]) -> Any:  # noqa: ANN401  # a rich table
    made = table("Exercise", "Last time", "Next", "Next step up", folded=("Exercise", "Last time", "Next step up"))
    for row in rows:
        for target in row["targets"]:
            slot = "" if target["slot"] is None else f"  #{short(target['slot'])}"
            made.add_row(f"{row['name']}{slot}", _last(row), _target(target["target"]), _step(target["next_step"]))
    return made


def _last(row: dict[str, Any]) -> str:
    """The sets of the last session, those alike together: ``100 kg, 3 × 9, 1 × 8``."""
    if not row["last_sessions"]:
        return ""
    lines = []
    for load, sets in groupby(row["last_sessions"][0]["sets"], key=_load):
        amounts = (f"{len(list(alike))} × {amount}" for amount, alike in groupby(sets, key=_amount))
        lines.append(", ".join([load, *amounts] if load else amounts))
    return "; ".join(lines)


def _load(done: dict[str, Any]) -> str:
    return load_text(done["load"], done["load_kind"])


def _amount(done: dict[str, Any]) -> str:
    side = "" if done["side"] == "both" else f" {done['side']}"
    amount = done["reps"] if done["reps"] is not None else f"{done['seconds'] or 0} s"
    return f"{amount}{side}"


def _target(target: dict[str, Any] | None) -> str:
    if target is None:
        return "your choice"
    load = load_text(target["load"], target["load_kind"])
    amount = f"{target['seconds']} s" if target["seconds"] is not None else f"{target['reps']}"
    return f"{load} × {amount}" if load else amount


def _step(step: dict[str, Any] | None) -> str:
    """The next load, by how much it is more, and what has to be hung on."""
    if step is None:
        return ""
    share = ""
    if step["permille"] is not None:
        share = f" ({'+' if step['permille'] > 0 else '−'}{decimal(abs(step['permille']) * 100)} %)"
    return f"{load_text(step['load'], step['load_kind'])}{share}{_made(step)}"


def _made(step: dict[str, Any]) -> str:
    """What goes on a stack's pin; the plates of a bar are told at the bar."""
    return f", {' and '.join(load_text(load) for load in step['add_ons'])} on top" if step["add_ons"] else ""


def _say_reasons(rows: list[dict[str, Any]], paper: Paper) -> None:
    paper.say("")
    assumed = False
    for row in rows:
        for target in row["targets"]:
            gear = target["equipment"]
            mark = "*" if gear is not None and "equipment" in gear["assumed"] and target["next_step"] else ""
            assumed = assumed or bool(mark)
            paper.say(f"{row['name']}{mark}: {target['reason']}")
        if row["form"] is not None and all(target["code"] != "form" for target in row["targets"]):
            paper.say(f"{row['name']}: the form was rated {row['form']['rated']} of 5 lately: technique over weight.")
    if assumed:
        paper.say("* on equipment as gyms usually have it: say what yours is with `ironledger equipment add`.")


def _trends(rows: list[dict[str, Any]], paper: Paper) -> Any:  # noqa: ANN401  # a rich table
    made = table(
        "Est. 1RM", "Now", "Change", "Sessions", "", right=("Now", "Change", "Sessions"), folded=("Est. 1RM",)
    )
    for row in rows:
        sessions = row["e1rm"]["sessions"]
        unit = _unit(row, paper)
        valid = "" if sessions[-1]["valid"] else " ?"
        change = row["e1rm"]["change_g"]
        sign = "−" if change < 0 else "+" if change else ""
        curve = spark([session["grams"] for session in sessions][-_CURVE:])
        made.add_row(
            row["name"],
            f"{mass(sessions[-1]['grams'], unit)}{valid}",
            f"{sign}{mass(abs(change), unit)}",
            f"{len(sessions)}",
            curve,
        )
    return made


def _say_stalls(rows: list[dict[str, Any]], paper: Paper) -> None:
    stalled = [row for row in rows if row["stalled"] is not None]
    if stalled:
        paper.say("")
    for row in stalled:
        since = f"no record in {counted(row['stalled']['sessions'], 'session')}, since {row['stalled']['since']}"
        others = " or ".join(f"{other['name']}" for other in row["variations"])
        by = "the guide varies it with" if _by_guide(row) else "vary it, perhaps with"
        paper.say(f"{row['name']} stalls: {since}{f'; {by} {others}' if others else ''}.")


def _by_guide(row: dict[str, Any]) -> bool:
    return any(other["advised_by"] == "guide" for other in row["variations"])


def _unit(row: dict[str, Any], paper: Paper) -> Unit:
    typed = [done["load"]["unit"] for session in row["last_sessions"] for done in session["sets"] if done["load"]]
    unit: Unit = paper.ledger.view.profile.units or (typed[0] if typed else "kg")
    return unit
