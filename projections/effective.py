"""What the fact layer gives: facts as they count, and their changes."""

from __future__ import annotations

import msgspec

from events import Body
from projections.entries import Entry

Key = tuple[str, str]
"""A fact's type and id. A session that is started and finished is two facts with one id."""


class Effective(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A fact as it counts. ``entry`` created it; ``body`` has its corrections in it."""

    key: Key
    """Its type and id; one for all who file it under that."""
    entry: Entry[Body]
    body: Body
    time: int
    """When it happened, in Unix ms, corrected for the replica's clock."""
    offset: int
    day: int
    """The local day that it belongs to, since 1970-01-01: for an edit of a program, from which on it is in force."""
    session: str | None
    """The session that it lies in, or that it starts."""
    happened: int
    """The local day on which it happened: its own; for what was planned ahead that on which it was said."""
    doubt: int
    """By how many ms ``time`` may be off, for all that is known of the clock it was read off; 0 for a sound one."""
    day_doubtful: bool
    """Whether it may belong to another day, for that reason."""
    exercise: str
    """For a set: the exercise that it counts for, custom ones matched; otherwise empty."""

    @property
    def id(self) -> str:
        """What the fact is named."""
        return self.key[1]


class Delta(msgspec.Struct, frozen=True, gc=False):
    """A fact is taken back, said, or replaced."""

    retracted: Effective | None
    asserted: Effective | None

    @property
    def facts(self) -> tuple[Effective, ...]:
        """The fact as it was and as it is."""
        return tuple(fact for fact in (self.retracted, self.asserted) if fact is not None)

    @property
    def type(self) -> str:
        """The type of the fact, which never changes; empty where there is neither."""
        fact = self.asserted or self.retracted
        return "" if fact is None else fact.key[0]
