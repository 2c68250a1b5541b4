"""Facts about facts: corrections, voids, restores, erasures, imports, notes."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from events.facts import Body, Fact, Name, Text, Words
from events.identifiers import Hash, Uuid, Uuid7


class FactCorrected(Fact, frozen=True, kw_only=True):
    """It was always so: the fields of ``changes`` replace those of the target; null takes a field away.

    Beside the target's own fields, ``at`` and ``offset`` say when it really happened. ``undoes``, here and below, is
    the event that this one takes back; where that is an edit of the same target, neither of the two says anything.
    """

    target: Uuid
    changes: Annotated[dict[Name, Any], Meta(min_length=1, max_length=50)]
    undoes: Uuid7 | None = None


class FactVoided(Fact, frozen=True, kw_only=True):
    """The target, with all that is in it (a session's sets, an import's facts), is as if it had never been."""

    target: Uuid
    reason: Text | None = None
    undoes: Uuid7 | None = None


class FactRestored(Fact, frozen=True, kw_only=True):
    """The target counts again."""

    target: Uuid
    reason: Text | None = None
    undoes: Uuid7 | None = None


class EventErased(Fact, frozen=True, kw_only=True):
    """The words of one event are taken out everywhere, for privacy. It cannot be taken back."""

    target: Uuid7


class NoteAdded(Fact, frozen=True, kw_only=True):
    """A remark on a set, a session, a program, an exercise. ``author`` is who says so, such as a trainer.

    ``target`` is what a fact is called by, or the id of an exercise.
    """

    note: Uuid
    target: Name
    text: Words
    author: Name | None = None


class ImportStarted(Body, frozen=True, kw_only=True):
    """A file of another app is read; every fact read from it names this import."""

    import_: Uuid = msgspec.field(name="import")
    app: Name
    file_sha256: Hash
    dialect: Name
    options: Annotated[dict[Name, Name], Meta(max_length=20)]
