"""What is in a file, and what it leaves open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Protocol

import msgspec

from client_sdk.draft import Draft
from client_sdk.importers.rows import Remark


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """One session of the file; it is finished where the file says when. Its sets are in the order of the file."""

    started: Draft
    sets: tuple[Draft, ...]
    finished: Draft | None


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """All that a file says, as the facts it would be written as; nothing here depends on a ledger.

    Every row of the file is either a set or skipped: ``rows == sets + len(skipped)``. ``remarks`` tell what was read
    otherwise than it stands there, with no row lost. ``matched`` and ``unmatched`` are the names of exercises, as the
    file spells them, that the catalogue knows and that become custom exercises. ``keys`` are the source keys of all
    rows and sessions, also of rows that can't be read.
    """

    app: str
    dialect: str
    file_sha256: str
    rows: int
    sessions: tuple[Session, ...]
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


class Question(msgspec.Struct, frozen=True):
    """What a file leaves open: the argument of ``read`` that answers it, a sentence, and the answers if few."""

    option: Literal["app", "unit", "distance_unit", "timezone"]
    sentence: str
    answers: tuple[str, ...] = ()


class Unanswered(msgspec.Struct, frozen=True):
    """The file can only be read with answers to these questions, all of which are here."""

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
