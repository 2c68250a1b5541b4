"""The ledger in words: a line for each event, newest first, each with the letters that name it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from client_sdk.cli.naming import fact_id, in_words
from client_sdk.cli.rendering.paper import Paper, table
from client_sdk.cli.words import is_id, plain, short, when
from events import Body
from events.corrections import EventErased, FactCorrected, FactRestored, FactVoided, NoteAdded
from projections.entries import Entry, Unread

_About = FactCorrected | FactVoided | FactRestored | EventErased | NoteAdded
_ABOUT_FACTS = frozenset({"fact_corrected", "fact_voided", "fact_restored", "event_erased"})
_SAID = {
    "set_logged": "",
    "drill_logged": "drill",
    "fact_corrected": "corrected",
    "fact_voided": "voided",
    "fact_restored": "restored",
    "food_logged": "ate",
    "measurement_taken": "measured",
    "note_added": "note on",
    "photo_attached": "photo",
    "progression_decided": "target",
    "readiness_rated": "felt",
    "supplement_taken": "took",
    "test_performed": "tested",
    "water_logged": "drank",
}


class Line(msgspec.Struct, frozen=True):
    """One event in words; ``name`` is the id of what it creates, and empty for an edit."""

    moment: str
    name: str
    words: str
    counts: bool
    day_doubtful: bool


def show(report: dict[str, Any], paper: Paper) -> None:
    """The report ``log``."""
    counted = paper.ledger.facts.entries.counted
    entries = [counted[row["event"]] for row in report["entries"] if row["event"] in counted]
    show_lines([line_of(entry, paper) for entry in entries], paper)


def show_lines(lines: list[Line], paper: Paper) -> None:
    """Prints lines, as many as were asked for."""
    if not lines:
        paper.say("Nothing like that is in the ledger.")
        return
    made = table("When", "Name", "What", folded=("What",))
    for line in paper.cut(lines):
        words = line.words if line.counts else f"{line.words}  [void]"
        words += "  [day in doubt]" if line.day_doubtful else ""
        made.add_row(line.moment, line.name and f"#{short(line.name)}", words, style=None if line.counts else "dim")
    paper.say(made)
    paper.tell_rest(lines, "entries")


def newest_first(entries: Iterable[Entry[Body]]) -> list[Entry[Body]]:
    """In the order of the ledger, what waits to be synced before all."""
    return sorted(entries, key=lambda entry: (entry.position, entry.written, entry.seq), reverse=True)


def line_of(entry: Entry[Body], paper: Paper) -> Line:
    """An event in words."""
    body = entry.body
    name = fact_id(entry)
    target = body.target if isinstance(body, _About) else None
    said = _SAID.get(entry.type, plain(entry.type))
    words = "what it said can't be read here" if isinstance(body, Unread) else in_words(body, paper.ledger.view.book)
    if target is not None:
        said = f"{said} {f'#{short(target)}' if is_id(target) else paper.ledger.view.book.name(target)}"
        words = f": {words}" if words else ""
    fact = paper.ledger.facts.effective.get(entry.type, {}).get(name)
    return Line(
        when(entry.happened(entry.at), entry.offset),
        name,
        f"{said} {words}".strip().replace(" :", ":"),
        counts=entry.type in _ABOUT_FACTS or isinstance(body, Unread) or fact is not None,
        day_doubtful=fact is not None and fact.day_doubtful,
    )
