"""What a replica is asked to write, and the events that it makes of it: the next links of its chain. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import msgspec
from msgspec import UNSET

from client_sdk.store import Local, Tip
from events import Event, MalformedError
from events.codec import encode_body, type_of
from events.envelope import GENESIS, MAX_EVENT_BYTES, chained, event_size, malformed, written_event
from events.facts import Body

_MENDS = {"$.written": "Set this device's clock, and log it again."}


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A fact and when it happened.

    ``at`` is in Unix ms and ``offset`` in minutes east of UTC; ``id`` is given where the event's name is derived
    from what is imported, and drawn by the replica otherwise.
    """

    body: Body
    at: int
    offset: int
    id: str | None = None


def links(
    drafts: Iterable[Draft],
    local: Local,
    tips: Mapping[str, Tip],
    *,
    clock: Callable[[], int],
    new_id: Callable[[int], str],
) -> list[tuple[Event, bytes]]:
    """The events of some drafts, with their canonical bytes; the first says what the replica has newly seen.

    All of them are ``written`` at one moment: that is how ``undoing`` knows later what was one act.

    Args:
        drafts: What to write.
        local: The replica.
        tips: The ends of all chains that it holds.
        clock: Unix milliseconds, as the replica's clock shows them.
        new_id: Draws a name for an event of that moment.

    Raises:
        MalformedError: where a fact breaks its schema or the limits on an event.
    """
    tip = tips.get(local.replica, Tip(0, GENESIS))
    news = {name: other.seq for name, other in tips.items() if name != local.replica and other.seq > other.said}
    made = []
    now = clock()
    for draft in drafts:
        event, kept = _link(draft, local.replica, tip, news, draft.id or new_id(now), now)
        made.append((event, kept))
        tip, news = Tip(event.seq, bytes.fromhex(event.hash)), {}
    return made


def _link(  # noqa: PLR0913, PLR0917  # all that makes an event
    draft: Draft, replica: str, tip: Tip, news: dict[str, int], event_id: str, now: int
) -> tuple[Event, bytes]:
    kind, version = type_of(draft.body)
    try:
        body = encode_body(draft.body)
    except msgspec.ValidationError as error:
        raise malformed(error) from error
    event = Event(
        id=event_id,
        replica=replica,
        seq=tip.seq + 1,
        saw=news or UNSET,
        written=now,
        at=draft.at,
        offset=draft.offset,
        type=kind,
        v=version,
        body=body,
        hash="",
    )
    event = chained(tip.hash, event)
    try:
        _, kept = written_event(event)
    except MalformedError as error:
        raise MalformedError(error.message, error.path, _MENDS.get(error.path, error.next_step)) from error
    if event_size(event, kept) > MAX_EVENT_BYTES:
        raise MalformedError("This is more than one event can hold (16 KiB).", next_step="Say it in fewer words.")
    return event, kept
