"""Entries to effective facts: what is true once corrections, voids and restores are folded in.

    set_logged ───────────────creates──▶ a fact ◀──writes fields── fact_corrected
                                          │  ▲
                                          │  └──covers── fact_voided / fact_restored of it,
                                          │              of its session, its program or its import
                                          ├──of a session that is a likely copy──▶ aside
                                          ▼
                          Delta(retracted, asserted), for the groups that reports are made of

Every fact is judged anew when something that bears on it arrives, from all that is known of it, so the order of
arrival leaves no trace. The vast majority has one creation and nothing else, and costs next to nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping

import msgspec

from events import Body, Record
from events.codec import FACTS
from events.corrections import FactCorrected, FactRestored, FactVoided
from events.envelope import action_time
from events.profile import ProfileChanged
from events.quantities import HOUR_MS, local_day
from events.training import ExerciseMatched, SessionStarted, SetLogged
from projections.aside import Aside
from projections.clocks import UNKNOWN_MS
from projections.effective import Delta, Effective, Key
from projections.entries import Change, Entries, Entry
from projections.fields import AT, CREATED_BY, OFFSET, accepted, containers, containing, correctable, corrected
from projections.registers import Register, Write, resolve, stands

__all__ = ["SAME_VISIT_MS", "Delta", "Effective", "Facts", "Key"]

SAME_VISIT_MS = 12 * HOUR_MS
"""A set this close to the start of its session belongs to the session's day."""

_EDITS = frozenset({"fact_corrected", "fact_voided", "fact_restored"})
_TYPES = frozenset(event_type for event_type, _ in FACTS) - _EDITS
"""The events that say a fact, which edits can name."""

_PLANS = frozenset(
    {
        *("program_created", "program_activated", "program_archived", "day_added", "day_changed", "day_removed"),
        *("slot_added", "slot_changed", "slot_moved", "slot_removed"),
    }
)
"""What can be said of a day to come, and is in force from then on; it happened when it was said."""

_SETTINGS = tuple(
    info.name for info in msgspec.structs.fields(ProfileChanged) if info.name not in {"import_", "source"}
)


class Facts:
    """What is true, by the facts' types and ids."""

    def __init__(self, entries: Entries) -> None:
        self.entries = entries
        self.created: dict[Key, tuple[Entry[Body], ...]] = {}
        self.edits: dict[str, tuple[Entry[Body], ...]] = {}
        """By target: the corrections, voids and restores that hold, also of facts that have not arrived."""
        self.repeated: set[Key] = set()
        """The facts that were ever created more than once."""
        self.effective: dict[str, dict[str, Effective]] = {}
        """By type and id: the facts that count."""
        self.aside = Aside(self)
        """The facts that would count, but lie in a likely copy of another session."""
        self.profile = ProfileChanged()
        """The settings in force, each the one that stands."""
        self._said_edits: dict[str, tuple[Entry[Body], ...]] = {}
        """By target: all of them, those that were undone and those that undid them, too."""
        self._members: defaultdict[str, dict[Key, None]] = defaultdict(dict)
        """By container: what was ever said to lie in it, by its creation or by a correction."""
        self._dirty: defaultdict[str, dict[Key, None]] = defaultdict(dict)
        """By type: the facts that are to be judged."""
        self._note(Change(None, entry) for entry in entries.visible())

    def apply(self, records: Iterable[Record]) -> list[Delta]:
        """Takes records in, in any order that keeps each replica's own."""
        self._note(self.entries.apply(records))
        return self.settle()

    def settle(self) -> list[Delta]:
        """Judges anew every fact on which something that arrived bears."""
        self._note(self.entries.settle())
        settings = self._judge_dirty("profile_changed")
        if settings:
            self._adopt_profile()
        deltas = settings + self._judge_dirty("exercise_matched", "session_started")
        self._spread(deltas)
        return self.aside.counted(deltas + self._judge_dirty(*self._dirty_types()))

    def of_type(self, event_type: str) -> Iterable[Effective]:
        """The facts that count of one type."""
        return self.effective.get(event_type, {}).values()

    def judged(self, key: Key) -> Effective | None:
        """A fact as it counts, or would count if it didn't lie in a likely copy; None for a void or unknown one."""
        counting = self.effective.get(key[0])
        return (counting and counting.get(key[1])) or self.aside.get(key)

    def registers(
        self, key: Key, changes: Mapping[str, list[Write]] | None = None, without: Collection[str] = ()
    ) -> dict[str, Register]:
        """The fields of a fact, by JSON name, that more than its creation has written.

        Args:
            key: The fact's type and id.
            changes: What edits of other types, such as those of a program's slot, wrote into its fields.
            without: The ids of corrections to leave out, as if they had never been written.
        """
        creations = self.created[key]
        writes = {name: list(written) for name, written in (changes or {}).items()}
        for edit in self.edits.get(key[1], ()):
            if isinstance(edit.body, FactCorrected) and edit.id not in without:
                for name, value in accepted(key[0], edit.body.changes).items():
                    writes.setdefault(name, []).append(Write(edit, value))
        names = writes.keys() if len(creations) == 1 else correctable(key[0]).keys()
        return {
            name: resolve([*_creating(key[0], name, creations), *writes.get(name, ())], self.entries.before)
            for name in names
        }

    def voids(self, target: str) -> tuple[Entry[Body], ...]:
        """The voids that stand, where the target (a fact, a container) is void; none where it isn't."""
        writes = self.void_writes(target)
        if not writes or not resolve(writes, self.entries.before).winner.value:
            return ()
        return tuple(write.entry for write in stands(writes, self.entries.before) if write.value)

    def void_writes(self, target: str) -> list[Write]:
        """The voids and restores of a target."""
        return [
            Write(edit, isinstance(edit.body, FactVoided))
            for edit in self.edits.get(target, ())
            if isinstance(edit.body, FactVoided | FactRestored)
        ]

    def lifts(self, target: str, restore: Entry[Body]) -> bool:
        """Whether a restore takes a void of the very same target back, and so says nothing more."""
        before = self.entries.before
        seen = [write for write in self.void_writes(target) if before(write.entry, restore)]
        return bool(seen) and bool(resolve(seen, before).winner.value)

    def covering(self, key: Key) -> list[Entry[Body]]:
        """The voids that make a fact void: its own, and those of what it lies in that had seen it lie there."""
        covering = {void.id: void for void in self.voids(key[1])}
        for container, placed in self.places(key).items():
            covering |= {void.id: void for void in self.voids(container) if self._saw_there(void, container, placed)}
        return list(covering.values())

    def places(self, key: Key) -> dict[str, list[Write]]:
        """What a fact lies in, each with all that was ever written into the field that says so."""
        creations = self.created[key]
        if len(creations) == 1 and key[1] not in self.edits:
            entry = creations[0]
            return {container: [Write(entry, container)] for container in containers(entry.body)}
        corrections = [
            (edit, accepted(key[0], edit.body.changes))
            for edit in self.edits.get(key[1], ())
            if isinstance(edit.body, FactCorrected)
        ]
        places = {}
        for name in containing(type(creations[0].body)):
            writes = [Write(creation, getattr(creation.body, name)) for creation in creations]
            writes += [Write(edit, values[name]) for edit, values in corrections if name in values]
            if (container := resolve(writes, self.entries.before).winner.value) is not None:
                places[container] = writes
        return places

    def settings(self) -> dict[str, Register]:
        """The settings of the profile that were ever made, by name."""
        writes: dict[str, list[Write]] = {}
        for fact in self.of_type("profile_changed"):
            for name in _SETTINGS:
                if (value := getattr(fact.body, name)) is not None:
                    writes.setdefault(name, []).append(Write(fact.entry, value))
        return {name: resolve(written, self.entries.before) for name, written in writes.items()}

    def exercise_of(self, exercise: str) -> str:
        """The exercise that a set of ``exercise`` counts for: matches are followed to their end.

        Where they go round in a circle, all on it and all that lead to it count for the first of it by id.
        """
        matches = self.effective.get("exercise_matched")
        if not matches:
            return exercise
        followed = [exercise]
        while (match := matches.get(exercise)) and isinstance(match.body, ExerciseMatched):
            exercise = match.body.same_as
            if exercise in followed:
                return min(followed[followed.index(exercise) :])
            followed.append(exercise)
        return exercise

    def members(self, container: str) -> Iterable[Key]:
        """What lies, or was ever said to lie, in a session, a program, a day or an import."""
        return self._members.get(container, {})

    def _note(self, changes: Iterable[Change]) -> None:
        """Files what entries say under what it bears on, or takes it out again."""
        for change in changes:
            if change.retracted is not None:
                self._file(change.retracted, keep=False)
                if session := getattr(change.retracted.body, "session", None):
                    self.aside.doubt(session)
            if change.asserted is not None:
                self._file(change.asserted, keep=True)

    def _file(self, entry: Entry[Body], *, keep: bool) -> None:
        body = entry.body
        if entry.type in _EDITS and isinstance(body, FactCorrected | FactVoided | FactRestored):
            said = self._said_edits[body.target] = _with(self._said_edits.get(body.target, ()), entry, keep=keep)
            self.edits[body.target] = _holding(said)
            self._touch(body.target)
            self.aside.doubt(body.target)
            return
        name = CREATED_BY.get(entry.type)
        key = (entry.type, entry.id if name is None else getattr(body, name))
        creations = self.created.get(key)
        if creations is None and keep:  # nearly always
            self.created[key] = (entry,)
        else:
            self.created[key] = _with(creations or (), entry, keep=keep)
            if len(self.created[key]) > 1:
                self.repeated.add(key)
        self._dirty[entry.type][key] = None
        if keep:
            self._put(key, body)

    def _put(self, key: Key, body: Body) -> None:
        """Files a fact under what it lies in."""
        for name in containing(type(body)):
            if (container := getattr(body, name)) is not None:
                self._members[container][key] = None

    def _touch(self, target: str) -> None:
        """Marks what an edit of the target bears on: the facts of that name, and all that lies in it."""
        for event_type in _TYPES:
            if (event_type, target) in self.created:
                self._mark(((event_type, target),))
        self._mark(self.members(target))

    def _adopt_profile(self) -> None:
        former, self.profile = (
            self.profile,
            ProfileChanged(**{name: register.winner.value for name, register in self.settings().items()}),
        )
        if former.day_cutoff_min != self.profile.day_cutoff_min:
            self._mark(self.created)

    def _spread(self, deltas: list[Delta]) -> None:
        """Marks the facts that depend on a session or on a match that changed."""
        for delta in deltas:
            for fact in (delta.retracted, delta.asserted):
                if fact is not None and isinstance(fact.body, SessionStarted):
                    self._mark(self.members(fact.body.session))
        if any(delta.type == "exercise_matched" for delta in deltas):
            for fact in (*self.of_type("set_logged"), *self.aside.facts):
                if isinstance(fact.body, SetLogged) and fact.exercise != self.exercise_of(fact.body.exercise):
                    self._mark((fact.key,))

    def _mark(self, keys: Iterable[Key]) -> None:
        """Has facts judged anew."""
        for key in keys:
            self._dirty[key[0]][key] = None

    def _dirty_types(self) -> list[str]:
        """The types of what is still to be judged, sessions before what lies in them."""
        return sorted(self._dirty, key=lambda name: name != "session_started")

    def _judge_dirty(self, *event_types: str) -> list[Delta]:
        return [delta for event_type in event_types for delta in self._judge(event_type)]

    def _judge(self, event_type: str) -> Iterator[Delta]:
        """Judges what is marked of one type; tells what has changed."""
        marked = self._dirty.pop(event_type, ())
        facts, aside = self.effective.setdefault(event_type, {}), self.aside
        for key in marked:
            former = facts.get(key[1]) or aside.get(key)
            fact = self._effective(key)
            if fact != former:
                if former is not None:
                    aside.drop(key)
                if fact is None:
                    facts.pop(key[1], None)
                else:
                    facts[key[1]] = fact
            elif fact is None or event_type != "profile_changed":
                # A setting is one register over many facts: what stands of it can change while each is as it was.
                continue
            yield Delta(former, fact)

    def _effective(self, key: Key) -> Effective | None:
        creations = self.created.get(key)
        if not creations:
            return None
        entry = creations[0]
        body, said_by, at, offset = entry.body, entry, entry.at, entry.offset
        if len(creations) > 1 or key[1] in self.edits:
            entry, body, said_by, at, offset = self._resolved(key, creations)
            self._put(key, body)
        if self.edits and self._is_void(key, body):
            return None
        time = action_time(at, said_by.written, said_by.stamp)
        doubt = self.entries.doubt(said_by, at)
        session: str | None = getattr(body, "session", None)
        visit = None
        if session is not None and key[0] != "session_started":
            visit = self.judged(("session_started", session))
        if visit is not None and abs(time - visit.time) <= SAME_VISIT_MS:
            day = visit.day
        else:
            day = self._own_day(time, offset)
        return Effective(
            key=key,
            entry=entry,
            body=body,
            time=time,
            offset=offset,
            day=day,
            session=session,
            happened=min(day, self._own_day(entry.time, offset)) if key[0] in _PLANS else day,
            doubt=doubt,
            day_doubtful=bool(doubt or (visit is not None and visit.doubt))
            and self._is_day_doubtful(visit, time, offset, doubt),
            exercise=self.exercise_of(body.exercise) if isinstance(body, SetLogged) else "",
        )

    def _resolved(
        self, key: Key, creations: tuple[Entry[Body], ...]
    ) -> tuple[Entry[Body], Body, Entry[Body], int, int]:
        """What stands of a fact of which more than one event tells.

        Returns:
            Its creation, its body, and who put it at which moment, and at which offset.
        """
        entry = min(creations, key=lambda creation: (creation.time, creation.id))
        winners = {name: register.winner for name, register in self.registers(key).items()}
        at = winners.pop(AT, Write(entry, entry.at))
        offset = winners.pop(OFFSET, Write(entry, entry.offset)).value
        fields = correctable(key[0])
        body = corrected(entry.body, {fields[name].attribute: write.value for name, write in winners.items()})
        return entry, body, at.entry, at.value, offset

    def _is_void(self, key: Key, body: Body) -> bool:
        """Whether the fact is void, itself or with what it lies in; most have nothing to do with any void."""
        return any(name in self.edits for name in (key[1], *containers(body))) and bool(self.covering(key))

    def _saw_there(self, void: Entry[Body], container: str, placed: list[Write]) -> bool:
        """Whether a fact lay in the container by all that whoever voided it had seen."""
        seen = [write for write in placed if self.entries.before(write.entry, void)]
        return bool(seen) and bool(resolve(seen, self.entries.before).winner.value == container)

    def _day(self, visit: Effective | None, time: int, offset: int) -> int:
        if visit is not None and abs(time - visit.time) <= SAME_VISIT_MS:
            return visit.day
        return self._own_day(time, offset)

    def _own_day(self, time: int, offset: int) -> int:
        return local_day(time, offset, self.profile.day_cutoff_min or 0)

    def _is_day_doubtful(self, visit: Effective | None, time: int, offset: int, doubt: int) -> bool:
        """Whether the fact may belong to another day, for all that is known of its clock and its session's."""
        own = {self._own_day(time + shift, offset) for shift in (-doubt, doubt)}
        if visit is None:
            return len(own) > 1
        days = {self._day(visit, time, offset)}
        if visit.doubt >= UNKNOWN_MS:
            # The session may have been any, if it began no more than a visit before.
            return len(days | own | {self._own_day(time - doubt - SAME_VISIT_MS, offset)}) > 1
        apart, unsure = abs(time - visit.time), doubt + visit.doubt
        if apart - unsure <= SAME_VISIT_MS:
            days |= {self._own_day(visit.time + shift, visit.offset) for shift in (-visit.doubt, visit.doubt)}
        if apart + unsure > SAME_VISIT_MS:
            days |= own
        return len(days) > 1


def _creating(event_type: str, name: str, creations: tuple[Entry[Body], ...]) -> Iterator[Write]:
    """What the creations of a fact write into one of its fields: creating is a write of all fields."""
    attribute = correctable(event_type)[name].attribute
    for creation in creations:
        yield Write(creation, getattr(creation if name in {AT, OFFSET} else creation.body, attribute))


def _holding(edits: tuple[Entry[Body], ...]) -> tuple[Entry[Body], ...]:
    """The edits of one target without those that were undone and those that undid them: as if never written."""
    ids = {edit.id for edit in edits}
    undone = {edit.id: undoes for edit in edits if (undoes := getattr(edit.body, "undoes", None)) in ids}
    gone = undone.keys() | undone.values()
    return tuple(edit for edit in edits if edit.id not in gone) if gone else edits


def _with(entries: tuple[Entry[Body], ...], entry: Entry[Body], *, keep: bool) -> tuple[Entry[Body], ...]:
    if not entries and keep:
        return (entry,)
    others = tuple(other for other in entries if other.id != entry.id)
    return (*others, entry) if keep else others
