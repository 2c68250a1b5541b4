"""The report ``programs`` for people."""

from __future__ import annotations

from typing import Any

from client_sdk.cli.rendering.paper import Paper, load_text, table
from client_sdk.cli.words import counted, decimal, short
from projections.log import describe_duration


def show(report: dict[str, Any], paper: Paper) -> None:
    """Each program with its days and slots, and what was last done in each."""
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
            paper.say(f"In the last 28 days {sessions}: {done}.")
        for day in program["days"]:
            paper.say(_day(day))


def _day(day: dict[str, Any]) -> Any:  # noqa: ANN401  # a rich table
    made = table(f"{day['name']}  #{short(day['day'])}", "Asks for", "Last time", "", folded=("Last time",))
    for slot in day["slots"]:
        made.add_row(
            slot.get("name") or slot.get("drill") or "", _asked(slot), _last(slot), f"#{short(slot['slot'])}"
        )
    return made


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
    last = slot.get("last_time")
    if last is None:
        return ""
    return f"{last['day']}: {', '.join(_set(done) for done in last['sets'])}"


def _set(done: dict[str, Any]) -> str:
    load = load_text(done.get("load"), done["load_kind"])
    if "reps" in done:
        return f"{load} × {done['reps']}".strip()
    return f"{load} {describe_duration(done.get('seconds', 0))}".strip()
