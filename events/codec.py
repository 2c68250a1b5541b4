"""Bytes to facts: what this code can read of an event, and what it can't.

Reading never fails and never changes the event: an event that can't be counted is kept and passed on as it is,
and the outcome says why, so that newer code can count it at its next replay.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from events import corrections, profile, programs, training
from events.canonical import canonical
from events.envelope import Event, malformed
from events.facts import Body
from events.quantities import EARLIEST_MS, LATEST_MS

ProblemCode = Literal["repeated_id", "unknown_type", "invalid_body"]


class Problem(msgspec.Struct, frozen=True, gc=False):
    """Why an event is kept but not counted; ``path`` says where in the event."""

    code: ProblemCode
    message: str
    path: str


class Known(msgspec.Struct, frozen=True, gc=False):
    """The event says something that this code understands."""

    body: Body


class Unknown(msgspec.Struct, frozen=True, gc=False):
    """The event has a type or version that this code does not know."""

    problem: Problem


class Invalid(msgspec.Struct, frozen=True, gc=False):
    """The event breaks the schema or the limits of its type."""

    problem: Problem


class Erased(msgspec.Struct, frozen=True, gc=False):
    """The event's words were taken out; nothing is wrong, and nothing is left to count."""


Reading = Known | Unknown | Invalid | Erased

FACTS: dict[tuple[str, int], type[Body]] = {
    ("day_added", 1): programs.DayAdded,
    ("day_changed", 1): programs.DayChanged,
    ("day_removed", 1): programs.DayRemoved,
    ("drill_logged", 1): training.DrillLogged,
    ("event_erased", 1): corrections.EventErased,
    ("exercise_defined", 1): training.ExerciseDefined,
    ("exercise_matched", 1): training.ExerciseMatched,
    ("fact_corrected", 1): corrections.FactCorrected,
    ("fact_restored", 1): corrections.FactRestored,
    ("fact_voided", 1): corrections.FactVoided,
    ("import_started", 1): corrections.ImportStarted,
    ("profile_changed", 1): profile.ProfileChanged,
    ("program_activated", 1): programs.ProgramActivated,
    ("program_archived", 1): programs.ProgramArchived,
    ("program_created", 1): programs.ProgramCreated,
    ("session_finished", 1): training.SessionFinished,
    ("session_started", 1): training.SessionStarted,
    ("set_logged", 1): training.SetLogged,
    ("slot_added", 1): programs.SlotAdded,
    ("slot_changed", 1): programs.SlotChanged,
    ("slot_moved", 1): programs.SlotMoved,
    ("slot_removed", 1): programs.SlotRemoved,
}
"""Every kind of fact that can be said, with its schema version."""


def read(event: Event) -> Reading:
    """What this code makes of an event."""
    if not isinstance(event.body, msgspec.Raw):
        return Erased()
    decoder = _decoders.get((event.type, event.v))
    if decoder is None:
        sentence = f"This version does not know {event.type!r} in version {event.v}: update it to count the event."
        return Unknown(Problem("unknown_type", sentence, "$.type" if _is_new(event.type) else "$.v"))
    if not EARLIEST_MS <= event.at <= LATEST_MS:
        return Invalid(Problem("invalid_body", "The action lies outside the years 1900 to 2200.", "$.at"))
    try:
        return Known(decoder.decode(event.body))
    except msgspec.ValidationError as error:
        fault = malformed(error)
        return Invalid(Problem("invalid_body", fault.message, fault.under("$.body").path))


def type_of(body: Body) -> tuple[str, int]:
    """The event type and version that tell of ``body``."""
    return _types[type(body)]


def encode_body(body: Body) -> msgspec.Raw:
    """The canonical bytes of a body.

    Raises:
        MalformedError: where a text in it has no JSON spelling.
        msgspec.ValidationError: where it breaks its own schema or limits.
    """
    text = canonical(body)
    _decoders[type_of(body)].decode(text)
    return msgspec.Raw(text)


def _is_new(type_name: str) -> bool:
    return all(known != type_name for known, _ in FACTS)


_types = {body: key for key, body in FACTS.items()}
_decoders = {key: msgspec.json.Decoder(body) for key, body in FACTS.items()}
