"""Two sessions that were one visit are made one, and that is taken back.

    merge    each set and drill of OTHER is corrected to lie in INTO; then OTHER, its start and its finish, is voided
    unmerge  OTHER is restored; then each set and drill that was logged there and lies in INTO is corrected back

Whatever two devices merge at once, every set lies in one session in the end and counts once: where it lies is one
field, and a void takes along only what it had seen lie there. Pure; ``cli.sessions`` writes what this says.
"""

from __future__ import annotations

from events import Body
from events.corrections import FactCorrected, FactRestored, FactVoided
from projections.facts import Facts, Key

_LIE_IN_SESSIONS = frozenset({"set_logged", "drill_logged"})


def merge(facts: Facts, into: str, other: str) -> list[Body]:
    """What makes ``other`` a part of ``into``, which counts from then on; nothing where it is that already."""
    moved = [key[1] for key in _said_to_lie_in(facts, other) if session_of(facts, key) == other]
    bodies: list[Body] = [FactCorrected(target=name, changes={"session": into}) for name in moved]
    if any(other in facts.effective.get(kind, {}) for kind in ("session_started", "session_finished")):
        bodies.append(FactVoided(target=other))
    return [FactRestored(target=into), *bodies] if bodies and facts.voids(into) else bodies


def unmerge(facts: Facts, into: str, other: str) -> list[Body]:
    """What takes a merge back; nothing where nothing of ``other`` has become a part of ``into``."""
    moved = [key[1] for key in _logged_in(facts, other) if session_of(facts, key) == into]
    bodies: list[Body] = [FactCorrected(target=name, changes={"session": other}) for name in moved]
    return [FactRestored(target=other), *bodies] if bodies and facts.voids(other) else bodies


def still_under_way(facts: Facts, session: str) -> str | None:
    """What is under way where ``session`` was: the one that took it in elsewhere; None where it is just void."""
    lie = [session_of(facts, key) for key in _logged_in(facts, session)]
    taken_in = next((other for other in lie if other != session), None)
    if facts.voids(session):
        return taken_in
    stays = taken_in is None or session in lie or session in facts.effective.get("session_started", {})
    return session if stays else taken_in


def session_of(facts: Facts, key: Key) -> str:
    """The session in which a set or a drill lies, whether it counts or not."""
    register = facts.registers(key).get("session")
    return str(register.winner.value if register is not None else getattr(facts.created[key][0].body, "session", ""))


def _logged_in(facts: Facts, session: str) -> list[Key]:
    """The sets and drills that were logged in a session, wherever they lie now, the latest first."""
    keys = _said_to_lie_in(facts, session)
    return [key for key in keys if any(getattr(said.body, "session", "") == session for said in facts.created[key])]


def _said_to_lie_in(facts: Facts, session: str) -> list[Key]:
    """The sets and drills that lie or lay in a session, the latest by its id first."""
    found = [key for key in facts.members(session) if key[0] in _LIE_IN_SESSIONS and facts.created.get(key)]
    return sorted(found, key=lambda key: key[1], reverse=True)
