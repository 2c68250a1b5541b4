"""The report ``conflicts`` for people: who said what and when, what stands, and the commands that settle it."""

from __future__ import annotations

import shlex
from typing import Any

from client_sdk.cli.apps import app_title
from client_sdk.cli.naming import describe_fact
from client_sdk.cli.rendering.paper import Paper
from client_sdk.cli.spelling import assignments, spoken, value_of
from client_sdk.cli.words import counted, short, when
from events import Body
from events.corrections import FactCorrected, FactRestored, FactVoided
from events.training import SetLogged
from projections.facts import Facts
from projections.fields import AT, OFFSET, accepted, correctable, corrected
from projections.log import describe_set
from projections.registers import Write, resolve

_LENGTH_OF_DAY = len("2026-11-20")
_TOLD_OF_A_SET = frozenset({"load", "load_kind", "reps", "seconds", "distance_mm", "side", "kind", "implements"})
"""The fields that are told as lifters tell a set, all together: ``100 kg × 5``."""

_OUTCOMES = {"correction_and_void": "it is void", "edit_and_removal": "it is removed", "into_void": "it counts"}
_CONTAINERS = {
    "session_started": "its session",
    "session_finished": "its session",
    "program_created": "its program",
    "day_added": "its day",
    "import_started": "its import",
}


def show(report: dict[str, Any], paper: Paper) -> None:
    """Each conflict, with the commands that settle it either way."""
    rows: list[dict[str, Any]] = report["conflicts"]
    if not rows:
        paper.say("No conflicts: no two devices contradict each other.")
        return
    copies = sum(row["kind"] == "likely_copy" for row in rows)
    if copies < len(rows):
        apart = counted(len(rows) - copies, "conflict")
        paper.say(f"{apart}: two devices that had not seen each other said different things.")
    if copies:
        paper.say(f"{counted(copies, 'likely copy', 'likely copies')}: two apps tell of one workout; it counts once.")
    for row in paper.cut(rows):
        paper.say("")
        paper.head(title(row, paper))
        paper.say(f"  {sentence(row, paper)}")
        for way, command in _commands(row, rows):
            paper.command(f"  {way:<18} {command}")
    paper.tell_rest(rows, "conflicts")


def title(row: dict[str, Any], paper: Paper) -> str:
    """What a conflict is about, with its name and the field."""
    if row["kind"] == "setting":
        return f"Your setting {spoken(row['field'])}"
    field = f"  {spoken(row['field'])}" if row["kind"] == "field" else ""
    return f"{describe_fact(paper.ledger, row['target'])}  #{short(row['target'])}{field}"


def sentence(row: dict[str, Any], paper: Paper) -> str:
    """Who said what and when, and what stands: phone said … at 18:02, tablet said … at 18:04; tablet's stands."""
    writes = [row["kept"], *row["overruled"]]
    if row["kind"] == "likely_copy":
        return _told_twice(row, paper)
    moments = {write["event"]: when(write["time"], write["offset"]) for write in writes}
    days = {moment[:_LENGTH_OF_DAY] for moment in moments.values()}
    skipped = _LENGTH_OF_DAY + 1 if len(days) == 1 else 0
    said = [
        f"{_writer(write, writes, paper)} {_act(row, write, paper)} at {moments[write['event']][skipped:]}"
        for write in sorted(writes, key=lambda write: (write["time"], write["event"]))
    ]
    outcome = _OUTCOMES.get(row["kind"]) or f"{_writer(row['kept'], writes, paper)}'s stands"
    return f"{f'On {days.pop()} ' if skipped else ''}{', '.join(said)}; {outcome}."


def _told_twice(row: dict[str, Any], paper: Paper) -> str:
    """Which app tells of which session, and which counts."""
    first, later = (_app(write, paper) for write in (row["kept"], row["overruled"][0]))
    original = row["kept"]["value"]
    return (
        f"{later} tells of it, and {first} of {describe_fact(paper.ledger, original)} #{short(original)}: the sets "
        f"agree. {first}'s was here first, and counts."
    )


def _app(write: dict[str, Any], paper: Paper) -> str:
    source = getattr(paper.ledger.facts.entries.counted[write["event"]].body, "source", None)
    return app_title(source and source.app)


def _commands(row: dict[str, Any], rows: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """The ways to settle a conflict, with the field and the value where there are several."""
    what = f"ironledger settle {shlex.quote(short(row['target']))}"
    if len({other["field"] for other in rows if other["target"] == row["target"]}) > 1:
        what += f" {spoken(row['field'])}"
    values = list(dict.fromkeys(value_of(row, write) for write in row["overruled"]))
    choices = [f" --to {shlex.quote(value)}" for value in values] if len(values) > 1 else [""]
    if row["kind"] == "likely_copy":
        return [("to count it once:", f"{what} --keep"), ("to count both:", f"{what} --flip")]
    return [("to keep it:", f"{what} --keep")] + [("to take the other:", f"{what} --flip{to}") for to in choices]


def _writer(write: dict[str, Any], writes: list[dict[str, Any]], paper: Paper) -> str:
    """The device that wrote it, by its name; two of one name are told apart."""
    replica = write["replica"]
    name = paper.names.get(replica)
    if name is None:
        return "this device" if replica == paper.replica else f"#{short(replica)}"
    namesakes = any(other["replica"] != replica and paper.names.get(other["replica"]) == name for other in writes)
    return f"{name} (#{short(replica)})" if namesakes else name


def _act(row: dict[str, Any], write: dict[str, Any], paper: Paper) -> str:
    """What somebody did, as in phone voided it."""
    body = paper.ledger.facts.entries.counted[write["event"]].body
    match row["kind"], body:
        case (("field" | "setting"), _):
            act = f"said {_value(row, write, paper)}"
        case _, FactVoided():
            act = f"voided {'it' if body.target == row['target'] else _container(body.target, paper)}"
        case _, FactRestored():
            act = "restored it"
        case "into_void", _:
            act = "moved it there" if isinstance(body, FactCorrected) else "logged it"
        case _, _ if write == row["kept"]:
            act = "removed it"
        case _:
            act = f"changed it to {assignments(write['value'])}"
    return act


def _value(row: dict[str, Any], write: dict[str, Any], paper: Paper) -> str:
    """A value in words; what is told of a set is told as the set was on that device when it wrote."""
    told_whole = row["field"] in _TOLD_OF_A_SET and paper.ledger.facts.created.get(("set_logged", row["target"]))
    body = _as_seen(paper.ledger.facts, row["target"], write["event"]) if told_whole else None
    return describe_set(body) if isinstance(body, SetLogged) else value_of(row, write) or "nothing"


def _as_seen(facts: Facts, target: str, event: str) -> Body:
    """A set with its corrections as whoever wrote an event saw it, that event included."""
    entry, fields = facts.entries.counted[event], correctable("set_logged")
    if isinstance(entry.body, SetLogged):
        return entry.body
    writes: dict[str, list[Write]] = {}
    for edit in facts.edits[target]:
        if isinstance(edit.body, FactCorrected) and (edit is entry or facts.entries.before(edit, entry)):
            for name, value in accepted("set_logged", edit.body.changes).items():
                writes.setdefault(name, []).append(Write(edit, value))
    values = {
        fields[name].attribute: resolve(written, facts.entries.before).winner.value
        for name, written in writes.items()
        if name not in {AT, OFFSET}
    }
    return corrected(facts.created["set_logged", target][0].body, values)


def _container(target: str, paper: Paper) -> str:
    return next(
        (what for kind, what in _CONTAINERS.items() if paper.ledger.facts.created.get((kind, target))), "it all"
    )
