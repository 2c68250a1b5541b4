"""What the codec makes of an event: known, unknown, invalid or erased, and never a change of its bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import inspect
from support.chains import Writer, some_uuid
from support.facts import a_set, a_slot
from support.ledgers import World, facts, histories

from events import Body, Erased, Invalid, Known, MalformedError, Unknown, read
from events.body import MeasurementTaken, ReadinessRated
from events.canonical import canonical
from events.codec import FACTS, Reading, decode_and_read, encode_body, type_of
from events.corrections import FactCorrected, ImportStarted
from events.envelope import Event, decode_event, encode_event
from events.facts import Source
from events.profile import ProfileChanged
from events.programs import Progression
from events.quantities import EARLIEST_MS, LATEST_MS
from events.training import ExerciseDefined

A_SET = {"set": some_uuid("set"), "session": some_uuid("session"), "exercise": "back_squat", "kind": "working"}


def said(body: dict[str, Any], kind: str = "set_logged", **fields: Any) -> Event:  # noqa: ANN401  (fields of all types)
    return Writer().write(body, kind=kind, **fields)


@given(facts)
def test_a_fact_is_read_as_it_was_said(body: Body) -> None:
    name, version = type_of(body)
    assert FACTS[name, version] is type(body)
    event = msgspec.structs.replace(said({}), type=name, v=version, body=encode_body(body))
    assert read(event) == Known(body)


@given(histories())
def test_whatever_is_made_of_an_event_its_bytes_are_kept(world: World) -> None:
    for event in world.events:
        kept = encode_event(event)
        read(event)
        assert decode_event(kept) == (event, kept)
        assert encode_event(event) == kept


@given(facts, st.data())
def test_an_event_read_at_once_is_what_it_is_decoded_and_read(body: Body, data: st.DataObject) -> None:
    kind, v = type_of(body)
    text = encode_event(msgspec.structs.replace(said({}), type=kind, v=v, body=encode_body(body)))
    place = data.draw(st.integers(0, len(text)))
    injury = data.draw(st.binary(max_size=3) | st.sampled_from([b"0", b" ", b"\\u0041", b"\xe7", "ü".encode()]))
    for rest in (text[place:], text[place + len(injury) :]):
        given_text = text[:place] + injury + rest
        assert outcome(decode_and_read, given_text) == outcome(decode_then_read, given_text)


def test_a_body_that_is_no_text_is_malformed() -> None:
    text = encode_event(said({"session": some_uuid(), "title": "Legs"}, "session_started"))
    with pytest.raises(MalformedError):
        decode_and_read(text.replace(b"Legs", b"L\xe7gs"))


def decode_then_read(text: bytes) -> tuple[Event, bytes, Reading]:
    event, kept = decode_event(text)
    return event, kept, read(event)


def outcome(reading: Callable[[bytes], tuple[Event, bytes, Reading]], text: bytes) -> object:
    try:
        return reading(text)
    except MalformedError as error:
        return error.message, error.path


@pytest.mark.parametrize(("kind", "v", "path"), [("moon_phase_noted", 1, "$.type"), ("set_logged", 2, "$.v")])
def test_a_type_or_version_of_newer_code_is_unknown(kind: str, v: int, path: str) -> None:
    reading = read(said(A_SET, kind, v=v))
    assert isinstance(reading, Unknown)
    assert (reading.problem.code, reading.problem.path) == ("unknown_type", path)


def test_an_event_whose_words_are_gone_is_erased_whatever_its_type() -> None:
    for kind in ("set_logged", "moon_phase_noted"):
        gone = msgspec.structs.replace(said({}, kind), body=msgspec.UNSET, body_hash="0" * 64)
        assert read(gone) == Erased()


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"set": "a name"}, "$.body.set"),
        ({"set": None}, "$.body.set"),
        ({"exercise": ""}, "$.body.exercise"),
        ({"exercise": "x" * 201}, "$.body.exercise"),
        ({"kind": "easy"}, "$.body.kind"),
        ({"reps": -1}, "$.body.reps"),
        ({"reps": 10_001}, "$.body.reps"),
        ({"reps": True}, "$.body.reps"),
        ({"reps": "8"}, "$.body.reps"),
        ({"load": {"milli": -1, "unit": "kg"}}, "$.body.load.milli"),
        ({"load": {"milli": 10_000_001, "unit": "kg"}}, "$.body.load.milli"),
        ({"load": {"milli": 1, "unit": "stone"}}, "$.body.load.unit"),
        ({"load": {"milli": 1, "unit": "kg", "bar": 1}}, "$.body.load"),
        ({"load": {"milli": 1}}, "$.body.load"),
        ({"source": {"app": "strong", "key": ""}}, "$.body.source.key"),
        ({"form": 6}, "$.body.form"),
        ({"rpe_tenths": 101}, "$.body.rpe_tenths"),
        ({"implements": 3}, "$.body.implements"),
        ({"note": "x" * 4001}, "$.body.note"),
        ({"mood": "good"}, "$.body"),
    ],
)
def test_a_body_that_breaks_its_schema_or_limits_is_invalid_with_its_place(change: dict[str, Any], path: str) -> None:
    reading = read(said(A_SET | change))
    assert isinstance(reading, Invalid)
    assert (reading.problem.code, reading.problem.path) == ("invalid_body", path)


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"exercise": "x" * 200, "reps": 10_000, "form": 5, "rpe_tenths": 100, "note": "x" * 4000},
        {"load": {"milli": 10_000_000, "unit": "lb"}, "implements": 2},
        {"load": {"milli": 0, "unit": "kg"}, "reps": 0, "form": 1, "implements": 1, "note": ""},
    ],
)
def test_a_body_within_its_limits_is_known(change: dict[str, Any]) -> None:
    assert isinstance(read(said(A_SET | change)), Known)


@pytest.mark.parametrize("name", sorted(A_SET))
def test_a_body_without_a_required_field_is_invalid(name: str) -> None:
    reading = read(said({field: value for field, value in A_SET.items() if field != name}))
    assert isinstance(reading, Invalid)
    assert name in reading.problem.message


def test_an_action_outside_the_years_1900_to_2200_is_invalid() -> None:
    for at in (EARLIEST_MS, LATEST_MS):
        assert isinstance(read(said(A_SET, at=at)), Known)
    for at in (EARLIEST_MS - 1, LATEST_MS + 1):
        reading = read(said(A_SET, at=at))
        assert isinstance(reading, Invalid)
        assert reading.problem.path == "$.at"


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("slot_added", msgspec.to_builtins(a_slot()) | {"reps_min": 9, "reps_max": 8}),
        ("slot_added", msgspec.to_builtins(a_slot()) | {"seconds_min": 9, "seconds_max": 8}),
        ("profile_changed", {"protein_mg_per_kg": {"min": 2200, "max": 1600}}),
    ],
)
def test_a_range_that_ends_before_it_begins_is_invalid(kind: str, body: dict[str, Any]) -> None:
    reading = read(said(body, kind))
    assert isinstance(reading, Invalid)
    assert "is above" in reading.problem.message


def test_a_range_may_be_open_or_of_one_value() -> None:
    for change in ({"reps_min": 8}, {"reps_max": 8}, {"reps_min": 8, "reps_max": 8}, {"reps_min": 0, "reps_max": 0}):
        assert isinstance(read(said(msgspec.to_builtins(a_slot()) | change, "slot_added")), Known)


def test_a_correction_changes_something() -> None:
    assert isinstance(read(said({"target": some_uuid(), "changes": {}}, "fact_corrected")), Invalid)


def test_what_is_absent_is_left_out_of_the_bytes() -> None:
    body = a_set(reps=8)
    assert set(msgspec.json.decode(encode_body(body))) == {"exercise", "kind", "reps", "session", "set"}
    imported = a_set(source=Source(app="strong", key="1"))
    assert msgspec.json.decode(encode_body(imported))["source"] == {"app": "strong", "key": "1"}
    assert encode_body(ProfileChanged()) == msgspec.Raw(b"{}")
    assert encode_body(ProfileChanged(week_start=0)) == msgspec.Raw(b'{"week_start":0}')


@given(facts)
def test_a_body_is_encoded_canonically(body: Body) -> None:
    assert bytes(encode_body(body)) == canonical(body, depth=1)


@pytest.mark.parametrize("body", FACTS.values())
def test_a_body_without_maps_can_hold_nothing_that_is_not_canonical(body: type[Body]) -> None:
    loose = set(unbounded(inspect.type_info(body), body.__name__))
    assert loose == LOOSE.get(body, set())


def unbounded(kind: inspect.Type, path: str) -> Iterator[str]:
    """Where a schema leaves open what its own text must be looked at for: maps, numbers without bounds, anything."""
    match kind:
        case inspect.StructType(fields=fields):
            for field in fields:
                yield from unbounded(field.type, f"{path}.{field.encode_name}")
        case inspect.UnionType(types=types):
            for one in types:
                yield from unbounded(one, path)
        case inspect.ListType(item_type=item) | inspect.VarTupleType(item_type=item):
            yield from unbounded(item, f"{path}[]")
        case inspect.IntType(ge=int(), le=int()) | inspect.StrType() | inspect.LiteralType() | inspect.BoolType():
            pass
        case inspect.NoneType():
            pass
        case _:
            yield path


LOOSE = {
    FactCorrected: {"FactCorrected.changes"},
    ImportStarted: {"ImportStarted.options"},
    ReadinessRated: {"ReadinessRated.soreness"},
    ExerciseDefined: {"ExerciseDefined.muscles"},
    MeasurementTaken: {"MeasurementTaken.value.milli"},  # bounded by its unit, when it is made
}


def test_what_breaks_its_own_limits_is_not_encoded() -> None:
    with pytest.raises(msgspec.ValidationError):
        encode_body(a_set(reps=-1))
    with pytest.raises(MalformedError):
        encode_body(a_set(note="\ud800"))
    with pytest.raises(MalformedError):
        encode_body(a_set(reps=8.0))


@pytest.mark.parametrize(
    "body",
    [
        FactCorrected(target=some_uuid(), changes={"größe": 1}),
        ImportStarted(
            import_=some_uuid(), app="strong", file_sha256="0" * 64, dialect="comma", options={"größe": "l"}
        ),
        ReadinessRated(rating=some_uuid(), soreness={"gesäß": 3}),
        ExerciseDefined(exercise="kniebeuge", name="Kniebeuge", muscles={"gesäß": 1000}),
    ],
)
def test_keys_of_a_writers_own_are_ascii(body: Body) -> None:
    with pytest.raises(MalformedError):
        encode_body(body)


@given(st.integers(1, 20))
def test_a_progression_is_kept_with_its_rule(times: int) -> None:
    slot = a_slot(progression=Progression("double", times))
    assert read(said(msgspec.json.decode(encode_body(slot)), "slot_added")) == Known(slot)


def test_a_correction_holds_any_value() -> None:
    changes = {"load": {"milli": 1, "unit": "kg"}, "note": None, "reps": 3}
    body = FactCorrected(target=some_uuid("set"), changes=changes)
    assert read(said(msgspec.json.decode(encode_body(body)), "fact_corrected")) == Known(body)
