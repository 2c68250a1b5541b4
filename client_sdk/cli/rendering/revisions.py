"""What became of a program, edit by edit: the ``revisions`` of the report ``programs`` for people."""

from __future__ import annotations

from typing import Any

from client_sdk.cli.rendering.paper import Paper
from client_sdk.cli.words import plain, short

_NAMES = frozenset({"program", "day", "slot", "rank", "import", "source"})


def show(program: dict[str, Any], paper: Paper) -> None:
    """A line for each edit, oldest first, with what it changed from what to what; those of one day stand together."""
    paper.head(f"Revisions of {program['name']}")
    known: dict[str, dict[str, Any]] = {}
    for revision in program["revisions"]:
        fields = revision["fields"]
        what = "slot" if "slot" in fields else "day"
        former = known.setdefault(fields[what], {})
        words = _words(revision["change"], former, fields, paper)
        former |= fields
        paper.say(f"{revision['day']}  {words}  #{short(revision['event'])}")


def _words(change: str, former: dict[str, Any], fields: dict[str, Any], paper: Paper) -> str:
    what, done = change.split("_")
    name = _name(former | ({} if done == "changed" else fields), paper) or what
    match done:
        case "changed":
            return f"{name}: {', '.join(_diff(former, fields, paper)) or 'to another place'}"
        case "moved":
            return f"{name} moved{' to another day' if 'day' in fields else ''}"
        case _:
            return f"{name} {done}"


def _diff(former: dict[str, Any], fields: dict[str, Any], paper: Paper) -> list[str]:
    return [
        f"{plain(name)} {_value(name, former.get(name), paper)} → {_value(name, value, paper)}"
        for name, value in fields.items()
        if name not in _NAMES
    ]


def _value(name: str, value: object, paper: Paper) -> str:
    if value is None:
        return "none"
    if name == "exercise":
        return paper.ledger.view.book.name(str(value))
    if isinstance(value, dict):
        return " ".join(str(part) for part in value.values())
    return str(value)


def _name(fields: dict[str, Any], paper: Paper) -> str:
    exercise = fields.get("exercise")
    return paper.ledger.view.book.name(exercise) if exercise else fields.get("drill") or fields.get("name") or ""
