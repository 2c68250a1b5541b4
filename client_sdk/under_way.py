"""Which session a set belongs to: the one that is under way on this device, or that of about its time. Pure.

One is under way as long as something was done in it within hours, whether anybody started it or not, until it is
finished or void.
"""

from __future__ import annotations

from collections.abc import Sequence

from client_sdk.draft import Draft
from client_sdk.store import Local, UnderWay
from events.quantities import HOUR_MS
from events.training import DrillLogged, SessionStarted, SetLogged
from projections.facts import Facts

SAME_SESSION_MS = 4 * HOUR_MS
"""A set without a session joins the last one, if that is no longer ago."""

_NONE = UnderWay(None, None)


def session_under_way(local: Local, now: int) -> str | None:
    """The session to which a set of now belongs; None where it begins one of its own."""
    recent = local.session_at is not None and now - local.session_at <= SAME_SESSION_MS
    return local.session if recent else None


def session_near(facts: Facts, moment: int) -> str | None:
    """The session with the start, set or drill that is nearest to a moment, within hours; None for none."""
    near = [
        (abs(fact.time - moment), fact.body.session)
        for kind in ("session_started", "set_logged", "drill_logged")
        for fact in facts.of_type(kind)
        if isinstance(fact.body, SessionStarted | SetLogged | DrillLogged)
        and abs(fact.time - moment) <= SAME_SESSION_MS
    ]
    return min(near)[1] if near else None


def after_sets(local: Local, drafts: Sequence[Draft], now: int, *, enters: bool) -> UnderWay | None:
    """What is under way once sets or drills of one session are written; None where that stays as it is.

    Args:
        local: What the replica knows of itself.
        drafts: The sets or drills.
        now: Unix ms.
        enters: Whether their session is under way from then on, where none is; one that is stays so anyway.
    """
    last = drafts[-1]
    session = getattr(last.body, "session", None)
    recent = now - last.at <= SAME_SESSION_MS
    if session == local.session or (enters and recent and session_under_way(local, now) is None):
        return UnderWay(session, min(now, max(last.at, local.session_at or last.at)))
    return None


def without(local: Local, session: str) -> UnderWay | None:
    """What is under way once a session is finished or void; None where that stays as it is."""
    return _NONE if session == local.session else None
