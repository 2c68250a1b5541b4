"""One file for the trainer: the profile, every report and the notes, as they read in a terminal."""

from __future__ import annotations

import contextlib
import html
import io
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import msgspec

from client_sdk.cli.naming import describe_fact
from client_sdk.cli.rendering import Paper, show
from client_sdk.cli.words import counted, when
from client_sdk.replica import Replica
from projections.ledger import REPORTS

WIDTH = 96
"""Letters to a line: a printed page takes as many."""

SHOWN = 25
"""How much of a long report goes in."""

FORMATS = (".md", ".html")

_BOOKKEEPING = frozenset({"conflicts", "problems"})
"""Reports about the ledger itself, which say nothing of training."""

Section = tuple[str, str]
"""A title and plain text."""


def for_trainer(replica: Replica, file: Path) -> bytes:
    """The file, as Markdown or HTML by its name."""
    sections = list(_sections(replica))
    day = replica.ledger().latest_day
    title = f"Training, as of {day}" if day else "Training"
    return (_as_html if file.suffix == ".html" else _as_markdown)(title, sections).encode()


def _sections(replica: Replica) -> Iterator[Section]:
    paper = Paper(replica.ledger(), replica.store.local().replica, SHOWN, replica.store.names())
    paper.console.width = WIDTH
    yield "Profile", _profile(replica)
    for name in REPORTS:
        if name not in _BOOKKEEPING:
            report = msgspec.to_builtins(replica.report(name))
            yield name.capitalize(), _printed(lambda report=report: show(report, paper))  # type: ignore[misc]  # bound now
    yield "Notes", _notes(replica)


def _printed(show_it: Callable[[], None]) -> str:
    """What is printed, as plain text."""
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        show_it()
    return click.unstyle(printed.getvalue()).strip("\n")


def _profile(replica: Replica) -> str:
    said = msgspec.to_builtins(replica.ledger().view.profile)
    lines = [f"{name.replace('_', ' ')}: {value}" for name, value in sorted(said.items())]
    return "\n".join(lines) or "Nothing is set: kilograms, weeks from Monday, a beginner's bands."


def _notes(replica: Replica) -> str:
    """Notes of all kinds, latest first: on whatever was noted, on sessions and on sets."""
    ledger = replica.ledger()
    notes: list[tuple[int, str]] = []
    for row in ledger.view.noted("note_added"):
        author = f"{row.said['author']}: " if row.said.get("author") else ""
        about = ledger.view.book.name(row.said["target"])
        about = describe_fact(ledger, about) if about == row.said["target"] else about
        notes.append((row.at, f"{when(row.at, 0)[:10]}  {author}{row.said['text']} ({about})"))
    for session in replica.report("sessions")["sessions"]:
        day = session["day"]
        if session["note"]:
            notes.append((session["start"], f"{day}  {session['note']} ({session['title'] or 'session'})"))
        for block in session["exercises"]:
            notes += [
                (done["at"], f"{day}  {done['note']} ({block['name']})") for done in block["sets"] if "note" in done
            ]
    notes.sort(key=lambda note: note[0], reverse=True)
    rest = [f"… and {counted(len(notes) - SHOWN * 4, 'earlier note')}"] if len(notes) > SHOWN * 4 else []
    return "\n".join([*(text for _, text in notes[: SHOWN * 4]), *rest]) or "No notes."


def _as_markdown(title: str, sections: list[Section]) -> str:
    """Tables stand in code blocks, so that their columns stay; a fence is longer than any run of backticks in it."""
    parts = [f"# {title}\n"]
    for name, text in sections:
        fence = "```"
        while fence in text:
            fence += "`"
        parts.append(f"## {name}\n\n{fence}text\n{text}\n{fence}\n")
    return "\n".join(parts)


def _as_html(title: str, sections: list[Section]) -> str:
    parts = [f"<h2>{html.escape(name)}</h2>\n<pre>{html.escape(text)}</pre>" for name, text in sections]
    style = "body{font-family:sans-serif;margin:2em;max-width:60em}pre{font-size:11px;white-space:pre-wrap}"
    return (
        f'<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>{html.escape(title)}</title>\n'
        f"<style>{style}</style>\n<h1>{html.escape(title)}</h1>\n" + "\n".join(parts) + "\n</html>\n"
    )
