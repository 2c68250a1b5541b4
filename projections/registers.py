"""Multi-value registers: what stands of the writes of one field, judged by causality alone.

A write stands if no other write of the field, standing or not, is after it. Among several that stand the latest
time wins, ties going to the greater id; the others are overruled, and stay visible until a later write has seen
them. Equal values are no conflict.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from events import Body
from projections.entries import Entry

Before = Callable[[Entry[Body], Entry[Body]], bool]


class Write(msgspec.Struct, frozen=True, gc=False):
    """An entry gave the field this value."""

    entry: Entry[Body]
    value: Any


class Register(msgspec.Struct, frozen=True, gc=False):
    """The write that counts, and those that stand beside it with another value, latest first."""

    winner: Write
    overruled: tuple[Write, ...]


def resolve(writes: Sequence[Write], before: Before) -> Register:
    """What stands of one or more writes of a field."""
    if len(writes) == 1:
        return Register(writes[0], ())
    standing = sorted(stands(writes, before), key=rank, reverse=True)
    winner, *others = standing
    return Register(winner, tuple(write for write in others if write.value != winner.value))


def stands(writes: Sequence[Write], before: Before) -> list[Write]:
    """The writes that no other one is after.

    While only some of the copies of events have their new positions, two writes can seem to be after one another:
    then all of them stand, until the rest arrives.
    """
    standing = [
        write
        for write in writes
        if not any(before(write.entry, other.entry) for other in writes if other is not write)
    ]
    return standing or list(writes)


def rank(write: Write) -> tuple[int, str]:
    """What decides among concurrent writes: the time, then the id."""
    return write.entry.time, write.entry.id
