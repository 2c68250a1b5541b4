"""The report ``programs`` for people."""

from __future__ import annotations

from typing import Any

from rich.text import Text

from client_sdk.cli.rendering.charts import SPARK, bar
from client_sdk.cli.rendering.paper import Paper, load_text, table
from client_sdk.cli.words import counted, decimal, short
from projections.log import describe_duration

_WHOLE = 1000


def show(report: dict[str, Any], paper: Paper) -> None:
    """Each program with its days and slots: what it asks for, what was last done, and what comes next."""
    if not report["programs"]:
        paper.say("No program yet: write one with `ironledger program create`.")
    for number, program in enumerate(report["programs"]):
        if number:
            paper.say("")
        state = "active" if program["active"] else "not active"
        paper.head(f"{program['name']} ({state})  #{short(program['program'])}")
        followed = program["adherence"]
        if followed["permille"] is not None:
            sessions = counted(followed["sessions"], "session")
            share = decimal(followed["permille"] * 100, 0)
            done = f"{followed['done_sets']} of {followed['planned_sets']} planned sets, {share} %"
            drawn = bar(followed["permille"], _WHOLE, width=SPARK)
            paper.say(Text.assemble(f"In the last 28 days {sessions}: {done}  ", drawn, "│"))
        for day in program["days"]:
            paper.say("", _day(day))
            for reason in _reasons(day):
                paper.say(reason)


def _day(day: dict[str, Any]) -> Any:  # noqa: ANN401  # a rich table
    nexts = any(_next(slot) for slot in day["slots"])
    made = table(
        *(f"{day['name']}  #{short(day['day'])}", "Asks for", "Last time", *(["Next"] if nexts else []), ""),
        folded=(f"{day['name']}  #{short(day['day'])}", "Last time", "Next"),
    )
    for slot in day["slots"]:
        name = slot.get("name") or slot.get("drill") or ""
        then = [_next(slot)] if nexts else []
        made.add_row(name, _asked(slot), _last(slot), *then, f"#{short(slot['slot'])}")
    return made


def _next(slot: dict[str, Any]) -> str:
    """The next target, where one is proposed."""
    target = _proposed(slot).get("target")
    return "" if target is None else _set(target)


def _reasons(day: dict[str, Any]) -> list[str]:
    """Why each target is what it is."""
    return [
        f"{slot.get('name') or slot.get('drill')}: {reason}"
        for slot in day["slots"]
        if (reason := _proposed(slot).get("reason"))
    ]


def _proposed(slot: dict[str, Any]) -> dict[str, Any]:
    return slot.get("next") or slot


def _asked(slot: dict[str, Any]) -> str:
    reps = _range(slot.get("reps_min"), slot.get("reps_max"))
    seconds = _range(slot.get("seconds_min"), slot.get("seconds_max"))
    amount = reps or (f"{seconds} s" if seconds else "")
    each = " per side" if slot.get("per_side") else ""
    return f"{slot['sets']} × {amount}{each}" if amount else f"{counted(slot['sets'], 'set')}{each}"


def _range(low: int | None, high: int | None) -> str:
    if low is None or high is None or low == high:
        return str(low if low is not None else high if high is not None else "")
    return f"{low}-{high}"


def _last(slot: dict[str, Any]) -> str:
    """When, and the sets in their order; those of one load after it: ``2025-07-01: 100 kg × 8, 8, 7``."""
    last = slot.get("last_time")
    if last is None:
        return ""
    words: list[str] = []
    former = None
    for done in last["sets"]:
        load = load_text(done.get("load"), done["load_kind"])
        same = "reps" in done and former == load
        words.append(str(done["reps"]) if same else _set(done))
        former = load if "reps" in done else None
    return f"{last['day']}: {', '.join(words)}"


def _set(done: dict[str, Any]) -> str:
    load = load_text(done.get("load"), done["load_kind"])
    if done.get("reps") is not None:
        return f"{load} × {done['reps']}".strip()
    return f"{load} {describe_duration(done['seconds'])}".strip() if done.get("seconds") else load
