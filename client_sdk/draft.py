"""What a replica is asked to write: a fact that is not an event yet."""

from __future__ import annotations

import msgspec

from events.facts import Body


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A fact and when it happened.

    ``at`` is in Unix ms and ``offset`` in minutes east of UTC; ``id`` is given where the event's name is derived
    from what is imported, and drawn by the replica otherwise.
    """

    body: Body
    at: int
    offset: int
    id: str | None = None
