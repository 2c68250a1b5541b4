"""The facts of likely copies: they would count, but were done once and count where they were written first.

    facts as judged ──▶ in a session that is a likely copy? ──yes──▶ aside
                                     │ no
                                     ▼
                                those that count

Whether a session is a copy is asked of what is judged, aside or not, and so depends on no order of arrival.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from events import Body
from events.corrections import FactRestored
from events.training import SetLogged
from projections.copies import Copies, Tally, Visit, tally
from projections.effective import Delta, Effective, Key
from projections.entries import Entries, Entry


class Judged(Protocol):
    """What must be known of the facts; ``projections.facts`` knows it."""

    entries: Entries
    edits: dict[str, tuple[Entry[Body], ...]]
    """By target: the corrections, voids and restores that hold."""
    effective: dict[str, dict[str, Effective]]
    """By type and id: the facts that count."""

    def judged(self, key: Key) -> Effective | None:
        """A fact as it counts, or would count if it didn't lie in a copy."""
        ...

    def members(self, container: str) -> Iterable[Key]:
        """What was ever said to lie in a session."""
        ...

    def lifts(self, target: str, restore: Entry[Body]) -> bool:
        """Whether a restore takes a void back, and so says nothing more."""
        ...


class Aside:
    """What is judged and doesn't count, for it was done once and is told twice."""

    def __init__(self, facts: Judged) -> None:
        self._facts = facts
        self._aside: dict[Key, Effective] = {}
        self._copies = Copies(self.tally_of, self._told_apart)
        self._doubted: set[str] = set()
        """Sessions, and sets, on which something bears that may tell them apart, though no fact has changed."""

    @property
    def copies(self) -> Mapping[str, str]:
        """By likely copy: the session that it is a copy of."""
        return self._copies.originals

    @property
    def facts(self) -> Iterable[Effective]:
        """The facts that are kept aside."""
        return self._aside.values()

    def get(self, key: Key) -> Effective | None:
        """One of them."""
        return self._aside.get(key)

    def drop(self, key: Key) -> None:
        """Forgets one that was judged otherwise."""
        self._aside.pop(key, None)

    def doubt(self, target: str) -> None:
        """Has a session, or that of a set, compared anew with the next changes."""
        self._doubted.add(target)

    def counted(self, judged: list[Delta]) -> list[Delta]:
        """Changes of what is judged, as changes of what counts."""
        touched = {self._session_of(target) for target in self._doubted}
        for delta in judged:
            for fact in (delta.retracted, delta.asserted):
                if fact is not None and fact.session is not None:
                    touched.add(fact.session)
        self._doubted.clear()
        changed = self._copies.update({session: self._visit(session) for session in touched})
        if not changed and not self.copies:
            return judged
        said = [delta for delta in judged if delta.facts]
        first = {delta.facts[0].key: delta.retracted for delta in reversed(said)}
        last = {delta.facts[0].key: delta.asserted for delta in said}
        deltas = [self._moved(first[key], last[key], changed) for key in last]
        for session in changed:
            deltas += [self._moved(fact, fact, changed) for fact in self._within(session) if fact.key not in last]
        return [delta for delta in deltas if delta.facts]

    def supposing(self, visits: Iterable[Visit], tallies: Mapping[str, Tally]) -> Mapping[str, str]:
        """Which of these sessions would be copies of which, if they were written now; ``tallies`` has their sets."""
        return self._copies.supposing(visits, tallies)

    def anchor(self, session: str) -> Effective | None:
        """What says when a session began and where it is from: its start, else its first set; None for neither."""
        start = self._facts.judged(("session_started", session))
        if start is not None:
            return start
        return min(self._sets(session), key=lambda fact: (fact.time, fact.entry.id), default=None)

    def tally_of(self, session: str) -> Tally:
        """What was done in a session, copy or not."""
        return tally((fact.exercise, fact.body) for fact in self._sets(session) if isinstance(fact.body, SetLogged))

    def _sets(self, session: str) -> list[Effective]:
        return [fact for fact in self._within(session) if isinstance(fact.body, SetLogged)]

    def _within(self, session: str) -> list[Effective]:
        """All that lies in a session, copy or not."""
        judged = (self._facts.judged(key) for key in self._facts.members(session))
        return [fact for fact in judged if fact is not None and fact.session == session]

    def _moved(self, retracted: Effective | None, asserted: Effective | None, changed: Mapping[str, bool]) -> Delta:
        """A change of a fact as a change of what counts, given which sessions have become copies, or cease to be.

        The fact goes where it belongs.
        """
        if asserted is not None:
            counting = self._facts.effective[asserted.entry.type]
            if asserted.session in self.copies:
                self._aside[asserted.key] = asserted
                counting.pop(asserted.id, None)
                asserted = None
            else:
                self._aside.pop(asserted.key, None)
                counting[asserted.id] = asserted
        if retracted is not None and self._was_copy(retracted.session, changed):
            retracted = None
        return Delta(retracted, asserted)

    def _was_copy(self, session: str | None, changed: Mapping[str, bool]) -> bool:
        return session is not None and (not changed[session] if session in changed else session in self.copies)

    def _visit(self, session: str) -> Visit | None:
        """A session as it is compared with those of other apps."""
        anchor = self.anchor(session)
        if anchor is None:
            return None
        source = getattr(anchor.body, "source", None)
        return Visit(session, source and source.app, anchor.time, (anchor.entry.time, anchor.entry.id))

    def _session_of(self, target: str) -> str:
        fact = self._facts.judged(("set_logged", target))
        return target if fact is None else fact.session or target

    def _told_apart(self, one: str, other: str) -> bool:
        """Whether one of two was restored that was not void, by somebody who had seen the other: both count.

        A session without a start that counts may itself be void, around sets that nobody voided; then restoring it
        says no more than that, and restoring its anchor says it.
        """
        first, second = self.anchor(one), self.anchor(other)
        if first is None or second is None:
            return False
        return any(
            isinstance(edit.body, FactRestored)
            and self._facts.entries.before(known.entry, edit)
            and not self._facts.lifts(target, edit)
            for restored, anchor, known in ((one, first, second), (other, second, first))
            for target in {restored, anchor.id}
            for edit in self._facts.edits.get(target, ())
        )
