"""What ``--explain`` adds for people: the events behind each figure, by the letters of the log-book."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from client_sdk.cli.naming import fact_id
from client_sdk.cli.rendering.paper import Paper, table
from client_sdk.cli.words import plain, short

MOST_EVENTS = 6
"""How many letters stand behind a figure before it says how many more there are; ``--limit 0`` shows all."""

_NAMES = (
    "name",
    "title",
    "week",
    "muscle",
    "site",
    "what",
    "day",
    "since",
    "record",
    "kind",
    "field",
    "change",
    "reps",
    "set",
    "event",
)
"""What a row is called by: the first of these that it has."""


def show(report: dict[str, Any], paper: Paper) -> None:
    """The figures that name events, as far as they fit the limit."""
    rows = list(figures(report))
    if not rows:
        return
    paper.say("")
    made = table("Figure", "Events", folded=("Figure", "Events"))
    for label, events in paper.cut(rows):
        most = MOST_EVENTS if paper.limit else len(events)
        names = " ".join(f"#{short(_fact(event, paper))}" for event in events[:most])
        rest = f" and {len(events) - most:,} more" if len(events) > most else ""
        made.add_row(label, names + rest)
    paper.say(made)
    paper.tell_rest(rows, "figures")
    paper.say("`ironledger why` tells how a figure comes about, `ironledger log-book` what the letters stand for.")


def figures(row: dict[str, Any], label: str = "") -> Iterator[tuple[str, list[str]]]:
    """Each figure within a report that names events, in words, the latest weeks first."""
    if events := _events(row):
        yield label or "all of it", events
    for key, member in row.items():
        if key.endswith("_events") and member:
            yield f"{label} {plain(key.removesuffix('_events'))}".strip(), member
        elif isinstance(member, dict):
            yield from figures(member, f"{label} {plain(key)}".strip())
        elif isinstance(member, list):
            rows = [inner for inner in member if isinstance(inner, dict)]
            for inner in reversed(rows) if rows and "week" in rows[0] else rows:
                yield from figures(inner, f"{label} {_name(inner)}".strip())


def _fact(event: str, paper: Paper) -> str:
    """The id that the log-book shows for an event: that of the fact that it created, else its own."""
    entry = paper.ledger.facts.entries.counted.get(event)
    return event if entry is None else fact_id(entry)


def _events(row: dict[str, Any]) -> list[str]:
    one = row.get("event")
    return row.get("events") or ([one] if isinstance(one, str) else [])


def _name(row: dict[str, Any]) -> str:
    named = next((str(row[key]) for key in _NAMES if row.get(key) is not None), "")
    if named in {row.get("set"), row.get("event")}:
        return f"#{short(named)}"
    return f"{named}, {row['side']}" if row.get("side") in {"left", "right"} else named
