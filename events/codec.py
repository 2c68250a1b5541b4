"""Bytes to facts: what this code can read of an event, and what it can't.

    type, v ──▶ of today? ─────────────────────────────yes──▶ its schema ──▶ Known | Invalid
                   │ no
                of yesterday? ──yes──▶ its schema then ──upcasts──▶ Known
                   │ no
                Unknown

Reading never fails and never changes the event: an event that can't be counted is kept and passed on as it is,
and the outcome says why, so that newer code can count it at its next replay. Above the codec there is only today's
version of each kind of fact.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

import msgspec

from events import body as of_body
from events import corrections, equipment, nutrition, profile, programs, training
from events.canonical import canonical
from events.envelope import Event, decode_event, malformed, plain_event
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
    ("deload_ended", 1): of_body.DeloadEnded,
    ("deload_started", 1): of_body.DeloadStarted,
    ("drill_logged", 1): training.DrillLogged,
    ("equipment_changed", 1): equipment.EquipmentChanged,
    ("equipment_defined", 1): equipment.EquipmentDefined,
    ("event_erased", 1): corrections.EventErased,
    ("exercise_defined", 1): training.ExerciseDefined,
    ("exercise_matched", 1): training.ExerciseMatched,
    ("fact_corrected", 1): corrections.FactCorrected,
    ("fact_restored", 1): corrections.FactRestored,
    ("fact_voided", 1): corrections.FactVoided,
    ("food_logged", 1): nutrition.FoodLogged,
    ("import_started", 1): corrections.ImportStarted,
    ("measurement_taken", 1): of_body.MeasurementTaken,
    ("note_added", 1): corrections.NoteAdded,
    ("photo_attached", 1): of_body.PhotoAttached,
    ("profile_changed", 1): profile.ProfileChanged,
    ("program_activated", 1): programs.ProgramActivated,
    ("program_archived", 1): programs.ProgramArchived,
    ("program_created", 1): programs.ProgramCreated,
    ("progression_decided", 1): programs.ProgressionDecided,
    ("readiness_rated", 1): of_body.ReadinessRated,
    ("session_finished", 1): training.SessionFinished,
    ("session_started", 1): training.SessionStarted,
    ("set_logged", 1): training.SetLogged,
    ("slot_added", 1): programs.SlotAdded,
    ("slot_changed", 1): programs.SlotChanged,
    ("slot_moved", 1): programs.SlotMoved,
    ("slot_removed", 1): programs.SlotRemoved,
    ("supplement_taken", 1): nutrition.SupplementTaken,
    ("test_performed", 1): of_body.TestPerformed,
    ("water_logged", 1): nutrition.WaterLogged,
}
"""Every kind of fact that can be said, with its present schema version."""


class Upcast(msgspec.Struct, frozen=True):
    """How the body of a former version is said in the next: ``schema`` reads it, ``raised`` puts it in new words."""

    schema: type[Body]
    raised: Callable[[Any], Body]


UPCASTS: dict[tuple[str, int], Upcast] = {}
"""By type and former version. Whoever raises a version in ``FACTS`` moves the old schema here: what was written in it
is read for ever."""


class Codec:
    """What one version of the code can read.

    Args:
        facts: The bodies by type and present version; of each type there is one.
        upcasts: How those of former versions become present ones, step by step.
    """

    def __init__(
        self, facts: Mapping[tuple[str, int], type[Body]], upcasts: Mapping[tuple[str, int], Upcast] | None = None
    ) -> None:
        self._upcasts = dict(upcasts or {})
        former = {key: upcast.schema for key, upcast in self._upcasts.items()}
        self.decoders = {key: msgspec.json.Decoder(body) for key, body in (former | dict(facts)).items()}
        """By type and version, of all that can be read."""
        self.bodies = {event_type: body for (event_type, _), body in facts.items()}
        """By type: the body that facts of it have above the codec, whatever version they were written in."""
        self.name = ",".join(f"{event_type}@{v}" for event_type, v in sorted(self.decoders))
        """Tells any two versions apart that read different things."""

    def read(self, event: Event) -> Reading:
        """What this version makes of an event."""
        if not isinstance(event.body, msgspec.Raw):
            return Erased()
        key = event.type, event.v
        decoder = self.decoders.get(key)
        if decoder is None:
            return Unknown(self._unknown(event))
        if not EARLIEST_MS <= event.at <= LATEST_MS:
            return Invalid(Problem("invalid_body", "The action lies outside the years 1900 to 2200.", "$.at"))
        try:
            body = decoder.decode(event.body)
        except msgspec.ValidationError as error:
            fault = malformed(error)
            return Invalid(Problem("invalid_body", fault.message, fault.under("$.body").path))
        while (upcast := self._upcasts.get(key)) is not None:
            body, key = upcast.raised(body), (key[0], key[1] + 1)
        return Known(body)

    def _unknown(self, event: Event) -> Problem:
        sentence = f"This version does not know {event.type!r} in version {event.v}: update it to count the event."
        return Problem("unknown_type", sentence, "$.v" if event.type in self.bodies else "$.type")


CODEC = Codec(FACTS, UPCASTS)
"""What this version can read."""


def read(event: Event) -> Reading:
    """What this code makes of an event."""
    return CODEC.read(event)


def decode_and_read(text: bytes) -> tuple[Event, bytes, Reading]:
    """An event out of a request, checked, with the canonical bytes that stores keep, and what this code makes of it.

    Raises:
        MalformedError: with the path inside the event.
    """
    event = plain_event(text)
    if event is not None and isinstance(event.body, msgspec.Raw):
        try:
            reading = read(event)
        except ValueError:  # its body is no JSON: what is wrong is told below
            reading = None
        if isinstance(reading, Known) and _is_canonical(reading.body, bytes(event.body)):
            return event, text, reading
    event, kept = decode_event(text)
    return event, kept, read(event)


def type_of(body: Body) -> tuple[str, int]:
    """The event type and version that tell of ``body``."""
    return _types[type(body)]


def encode_body(body: Body) -> msgspec.Raw:
    """The canonical bytes of a body.

    Raises:
        MalformedError: where a text in it has no JSON spelling.
        msgspec.ValidationError: where it breaks its own schema or limits.
    """
    decoder = CODEC.decoders[type_of(body)]
    try:
        text = _encoder.encode(body)
        if _is_canonical(decoder.decode(text), text):
            return msgspec.Raw(text)
    except (
        ValueError,
        TypeError,
    ):  # msgspec's errors are ValueErrors; of several faults, the canonical form's go first
        pass
    text = canonical(body, depth=1)
    decoder.decode(text)
    return msgspec.Raw(text)


def _is_canonical(body: Body, text: bytes) -> bool:
    """Whether ``text``, of which ``body`` was read, is known to be canonical; sure only when it says yes.

    A schema without maps fixes all keys and bounds all numbers: what it reads is canonical if it is spelled the same
    again.
    """
    return type(body) not in _WITH_MAPS and _encoder.encode(body) == text


_WITH_MAPS = frozenset(
    {corrections.FactCorrected, corrections.ImportStarted, of_body.ReadinessRated, training.ExerciseDefined}
)
"""The bodies in which a writer chooses keys."""
_encoder = msgspec.json.Encoder(order="sorted")
_types = {body: key for key, body in FACTS.items()}
