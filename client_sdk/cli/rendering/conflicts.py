"""The report ``conflicts`` for people: what was said at once, what is kept, and the two ways to settle it."""

from __future__ import annotations

from typing import Any

from client_sdk.cli.naming import describe_fact
from client_sdk.cli.naming import target as find_target
from client_sdk.cli.rendering.paper import Paper
from client_sdk.cli.spelling import assignments
from client_sdk.cli.words import counted, short, when
from events.corrections import FactVoided
from projections.facts import containers


def show(report: dict[str, Any], paper: Paper) -> None:
    """Each conflict, with the commands that settle it either way."""
    rows: list[dict[str, Any]] = report["conflicts"]
    if not rows:
        paper.say("No conflicts: no two devices contradict each other.")
        return
    paper.say(f"{counted(len(rows), 'conflict')}: two devices that had not seen each other said different things.")
    for row in paper.cut(rows):
        target = "Your settings" if row["kind"] == "setting" else describe_fact(paper.ledger, row["target"])
        paper.say("")
        paper.head(f"{target}  #{short(row['target'])}" if row["kind"] != "setting" else target)
        paper.say(f"  kept       {_said(row, row['kept'], paper)}")
        for other in row["overruled"]:
            paper.say(f"  overruled  {_said(row, other, paper)}")
        paper.command(f"  to keep it:        {_settle(row, row['kept'], paper)}")
        paper.command(f"  to take the other: {_settle(row, row['overruled'][0], paper)}")
    paper.tell_rest(rows, "conflicts")


def _said(row: dict[str, Any], write: dict[str, Any], paper: Paper) -> str:
    who = "here" if write["replica"] == paper.replica else f"by #{short(write['replica'])}"
    by = f"{who} at {when(write['time'], write['offset'])}"
    match row["kind"], write["value"]:
        case "void", voided:
            return f"{'voided' if voided else 'restored'} {by}"
        case _, dict(changes) if row["kind"] == "correction_and_void":
            return f"corrected to {assignments(changes)} {by}"
        case "into_void" | "correction_and_void", what:
            return f"{what} {by}"
        case _, value:
            return f"{assignments({row['field']: value})} {by}"


def _settle(row: dict[str, Any], write: dict[str, Any], paper: Paper) -> str:
    """The command after which this write stands, having seen the others."""
    name = short(row["target"])
    match row["kind"]:
        case "setting":
            return f"ironledger profile {assignments({row['field']: write['value']})}"
        case "field":
            return f"ironledger correct {name} {assignments({row['field']: write['value']})}"
        case "void":
            return f"ironledger {'void' if write['value'] else 'restore'} {name}"
        case "into_void" if write["value"] == "counted":
            return f"ironledger correct {name} {_container(row['target'], paper)}"
        case "into_void":
            return f"ironledger void {name}"
        case _:
            return f"ironledger {'void' if write['value'] == 'voided' else 'restore'} {_voided(row['kept'], paper)}"


def _voided(void: dict[str, Any], paper: Paper) -> str:
    """What a void was said of: the fact itself, or what it lies in."""
    body = paper.ledger.facts.entries.counted[void["event"]].body
    return short(body.target) if isinstance(body, FactVoided) else ""


def _container(target: str, paper: Paper) -> str:
    """Saying again what the fact lies in, which makes it count whatever became of that."""
    return next(
        f"{field}={short(getattr(entry.body, field))}"
        for entry in find_target(paper.ledger, target).entries
        for field in ("session", "day", "program")
        if getattr(entry.body, field, None) in containers(entry.body)
    )
