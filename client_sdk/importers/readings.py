"""What is in a file, and what it leaves open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Protocol

import msgspec

from client_sdk.draft import Draft
from client_sdk.importers.rows import Remark, Tells
from events.body import MeasurementTaken


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """One session of the file; it is finished where the file says when. Its sets are in the order of the file."""

    started: Draft
    sets: tuple[Draft, ...]
    finished: Draft | None


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """All that a file says, as the facts it would be written as; nothing here depends on a ledger.

    Whatever stands in the file for a set or a figure of the body is one or skipped: ``rows == sets + figures +
    len(skipped)``. ``remarks`` tell what was read otherwise than it stands there, with nothing lost. ``matched`` and
    ``unmatched`` are the names of exercises, as the file spells them, that the catalogue knows and that become custom
    exercises. ``keys`` are the source keys of all rows and sessions, also of rows that can't be read. ``tells`` is
    what such a file is about: of other things it says nothing, not that they are gone.
    """

    app: str
    dialect: str
    tells: tuple[Tells, ...]
    file_sha256: str
    rows: int
    sessions: tuple[Session, ...]
    measurements: tuple[Draft, ...]
    """What was measured of the body, each followed by the note on it, in the order of the file."""
    skipped: tuple[Remark, ...]
    remarks: tuple[Remark, ...]
    loads_recovered: int
    matched: tuple[str, ...]
    unmatched: tuple[str, ...]
    keys: frozenset[str]
    started: Draft
    """The ``import_started`` of this file."""
    defined: tuple[Draft, ...]
    """An ``exercise_defined`` for each custom exercise."""

    @property
    def sets(self) -> int:
        """How many sets the file holds."""
        return sum(len(session.sets) for session in self.sessions)

    @property
    def figures(self) -> int:
        """How many measurements of the body the file holds."""
        return sum(isinstance(draft.body, MeasurementTaken) for draft in self.measurements)


class Question(msgspec.Struct, frozen=True):
    """What a file leaves open: the argument of ``read`` that answers it, a sentence, and the answers if few."""

    option: Literal["app", "unit", "distance_unit", "timezone"]
    sentence: str
    answers: tuple[str, ...] = ()


class Unanswered(msgspec.Struct, frozen=True):
    """The file can only be read with answers to these questions: all of them, once it is known which app wrote it."""

    questions: tuple[Question, ...]


class Lift(Protocol):
    """What an import asks of an exercise."""

    @property
    def body_weight(self) -> bool:
        """Whether no load means body weight, and a load is added to it."""

    @property
    def assisted(self) -> bool:
        """Whether a load is help."""


class Exercises(Protocol):
    """What an import asks of the catalogue."""

    @property
    def exercises(self) -> Mapping[str, Lift]:
        """By id."""

    def match(self, name: str) -> str | None:
        """The id of the exercise that bears this name."""
