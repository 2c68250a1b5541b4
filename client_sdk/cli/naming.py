"""What people call things: exercises by name, facts by the end of their id."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Literal

import msgspec

from client_sdk.cli.spelling import assignments
from client_sdk.cli.words import FEWEST_LETTERS, SHORT, answers, folded, letters_of, short, when
from client_sdk.errors import NotFoundError
from client_sdk.replica import Replica
from events import Body
from events.catalogue import Exercise, catalogue
from events.catalogue.names import parse
from events.corrections import FactCorrected
from events.equipment import EquipmentDefined
from events.errors import MalformedError, UnknownNameError
from events.programs import DayAdded, ProgramCreated
from projections.book import Book
from projections.entries import Entry, Unread
from projections.facts import Facts, Key
from projections.fields import AT, CREATED_BY, OFFSET, correctable, corrected
from projections.gear import pieces
from projections.ledger import Ledger
from projections.log import describe

LAST = "last"
MOST_CHOICES = 5
_OF_SESSIONS = frozenset({"session_started", "session_finished", "set_logged", "drill_logged"})


class Named(msgspec.Struct, frozen=True):
    """An exercise that was found by name; ``known`` is what the catalogue or the lifter says of it."""

    id: str
    name: str
    known: Exercise


class Target(msgspec.Struct, frozen=True):
    """A fact that was found: its id, the entries that created what bears it, and the words for it."""

    id: str
    entries: tuple[Entry[Body], ...]
    words: str

    @property
    def short(self) -> str:
        """The letters by which people name it."""
        return short(self.id)


def find_exercise(replica: Replica, name: str) -> Named:
    """The exercise of this name: the catalogue's, else one of the lifter's own. Never a guess.

    Raises:
        UnknownNameError: where nothing bears the name, with what may have been meant.
    """
    everybody = catalogue()
    found = name if name in everybody.exercises else everybody.match(name)
    if found is not None:
        return Named(found, everybody.exercises[found].name, everybody.exercises[found])
    book = replica.ledger().view.book
    own = [exercise for exercise, own_name in book.own_names.items() if name in {exercise, own_name}] or [
        exercise for exercise, own_name in book.own_names.items() if parse(name).key == parse(own_name).key
    ]
    if len(own) == 1 and (known := book.find(own[0])) is not None:
        return Named(own[0], known.name, known)
    likely = tuple(book.name(exercise) for exercise in everybody.suggest(name, names=book.own_names))
    step = f"Did you mean {_either(likely)}?" if likely else "Look it up with `ironledger exercises`."
    raise UnknownNameError(f"No exercise is called {name!r}.", likely, step)


def find_fact(replica: Replica, text: str) -> Target:
    """The fact that a target stands for.

    Args:
        replica: Where to look.
        text: ``last`` for the last set logged here, or the beginning or the end of the id of a fact or of the event
            that created it.

    Raises:
        MalformedError: where the text is too short, or several facts answer to it.
        NotFoundError: where none does.
    """
    ledger = replica.ledger()
    if text.lower() == LAST:
        return _last(replica, ledger)
    letters = letters_of(text)
    if len(letters) < FEWEST_LETTERS or not re.fullmatch(r"[0-9a-f]+", letters):
        raise MalformedError(
            f"{text!r} is not the name of anything logged.",
            next_step=f"Take the {SHORT} letters behind # in `ironledger log-book`, or say last.",
        )
    found = sorted({key[1] for key, name in _names(ledger.facts) if answers(name, letters)})
    if not found:
        raise NotFoundError(
            f"Nothing in this ledger is called {text}.", "`ironledger log-book` shows what is there, and its names."
        )
    if len(found) > 1:
        choices = ", ".join(found[:MOST_CHOICES])
        raise MalformedError(f"{text} may be any of {len(found)}: {choices}.", next_step="Give more of its letters.")
    return target(ledger, found[0])


def find_edits(replica: Replica, text: str) -> list[Entry[Body]]:
    """Corrections, voids and restores, by the letters of their own ids or of what they were about.

    What they were about may be erased; none, where nothing answers to the letters.
    """
    letters = letters_of(text)
    return [
        edit
        for about, edits in replica.ledger().facts.edits.items()
        for edit in edits
        if answers(about, letters) or answers(edit.id, letters)
    ]


def target(ledger: Ledger, fact_id: str) -> Target:
    """The fact of an id that is known to be in the ledger."""
    facts = facts_about(ledger, fact_id)
    entries = tuple(entry for key in _keys(facts, fact_id) for entry in facts.created[key])
    return Target(fact_id, entries, describe_fact(ledger, fact_id))


def describe_fact(ledger: Ledger, fact_id: str) -> str:
    """A fact in words, with its corrections, whether it counts or not."""
    facts = facts_about(ledger, fact_id)
    for key in _keys(facts, fact_id):
        entry, fields = facts.created[key][0], correctable(key[0])
        values = {name: register.winner.value for name, register in facts.registers(key).items()}
        moment = when(entry.happened(values.pop(AT, entry.at)), values.pop(OFFSET, entry.offset))
        body = corrected(entry.body, {fields[name].attribute: value for name, value in values.items()})
        what = "" if key[0] == "set_logged" else f"{key[0].split('_')[0]} "
        return f"{what}{in_words(body, ledger.view.book)} of {moment}".replace("  ", " ")
    return f"#{short(fact_id)}"


def facts_about(ledger: Ledger, fact_id: str) -> Facts:
    """All that is true; but for what is laid by, where the fact of an id is not."""
    at_hand = ledger.view.at_hand
    return at_hand if _keys(at_hand, fact_id) else ledger.facts


def in_words(body: Body, book: Book) -> str:
    """What a fact says, in few words; a correction as ``correct`` takes it."""
    return assignments(body.changes) if isinstance(body, FactCorrected) else describe(body, book)


def fact_id(entry: Entry[Body]) -> str:
    """The id of the fact that an event creates, else its own."""
    field = CREATED_BY.get(entry.type)
    return entry.id if field is None or isinstance(entry.body, Unread) else str(getattr(entry.body, field))


def find_session(replica: Replica, name: str) -> str:
    """The id of a session that was started.

    Raises:
        MalformedError: as ``find_fact``.
        NotFoundError: where the name is that of something else, or of nothing.
    """
    found = find_fact(replica, name)
    if not any(entry.type == "session_started" for entry in found.entries):
        raise NotFoundError(f"{found.words} is no session.", "`ironledger log-book` shows sessions and their names.")
    return found.id


def find_any_session(replica: Replica, name: str) -> str:
    """The id of a session, also of one that nobody started: then it is only named by what lies in it.

    Raises:
        MalformedError: as ``find_fact``.
        NotFoundError: where no session bears the name.
    """
    letters = letters_of(name)
    created = replica.ledger().facts.created
    sessions = {
        getattr(entry.body, "session", None) for key in created if key[0] in _OF_SESSIONS for entry in created[key]
    }
    found = [session for session in sessions if session and answers(session, letters)]
    return found[0] if len(found) == 1 else find_session(replica, name)


def find_part(replica: Replica, name: str, what: Literal["program", "day"]) -> Target:
    """A program, or a training day of one, by what it is called, else by its id.

    Raises:
        MalformedError: where several are called so.
        NotFoundError: where none is.
    """
    ledger = replica.ledger()
    event_type = "program_created" if what == "program" else "day_added"
    step = "`ironledger report programs` shows what there is, and its names."
    named = [
        fact.id
        for fact in ledger.facts.of_type(event_type)
        if isinstance(fact.body, ProgramCreated | DayAdded) and folded(fact.body.name) == folded(name)
    ]
    if len(named) > 1:
        raise MalformedError(f"More than one {what} is called {name!r}.", next_step=step)
    if named:
        return target(ledger, named[0])
    with suppress(MalformedError, NotFoundError):
        found = find_fact(replica, name)
        if any(entry.type == event_type for entry in found.entries):
            return found
    raise NotFoundError(f"No {what} is called {name!r}.", step)


def find_equipment(replica: Replica, name: str) -> EquipmentDefined:
    """Equipment as it is now, by what it is called, else by its id.

    Raises:
        MalformedError: where several are called so.
        NotFoundError: where none is.
    """
    there = [piece.body for piece in pieces(replica.ledger().view.at_hand)]
    found = [body for body in there if folded(body.name) == folded(name)]
    found = found or [body for body in there if answers(body.equipment, letters_of(name))]
    if len(found) > 1:
        names = ", ".join(f"#{short(body.equipment)}" for body in found)
        raise MalformedError(
            f"More than one piece of equipment is called {name!r}: {names}.", next_step="Name it by its letters."
        )
    if not found:
        known = f"There is {_either(tuple(body.name for body in there))}" if there else "There is none"
        raise NotFoundError(f"No equipment is called {name!r}.", f"{known}: see `ironledger equipment`.")
    return found[0]


def _last(replica: Replica, ledger: Ledger) -> Target:
    """The last set that was logged here, imports aside, whether it still counts or not."""
    own, at_hand = replica.store.local().replica, ledger.view.at_hand
    found = _last_of(own, at_hand)
    if found is None or found[0] < ledger.view.at_hand_since(own):
        found = _last_of(own, ledger.facts)
    if found is None:
        renamed = any(kind == "set_logged" for kind, _ in ledger.facts.created)
        since = " since this ledger goes under its present name" if renamed else ""
        raise NotFoundError(f"No set was logged here yet{since}.", "Name it by its letters in `ironledger log-book`.")
    return target(ledger, found[1])


def _last_of(own: str, facts: Facts) -> tuple[int, str] | None:
    """The seq and the name of the last set that a replica logged, as far as they are among these facts."""
    sets = (
        (created[0].seq, fact_id)
        for (event_type, fact_id), created in facts.created.items()
        if event_type == "set_logged"
        and created
        and created[0].replica == own
        and getattr(created[0].body, "import_", None) is None
    )
    return max(sets, default=None)


def _names(facts: Facts) -> Iterator[tuple[Key, str]]:
    for key, created in facts.created.items():
        yield key, key[1]
        for entry in created:
            yield key, entry.id


def _keys(facts: Facts, fact_id: str) -> list[Key]:
    """The keys under which facts bear an id; a session is started before it is finished."""
    keys = [(event_type, fact_id) for event_type in sorted(CREATED_BY, reverse=True)]
    found = [key for key in keys if facts.created.get(key)]
    return found or [key for key in facts.created if key[1] == fact_id]


def _either(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
