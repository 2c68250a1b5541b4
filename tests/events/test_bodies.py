"""What a body refuses, in a sentence that a lifter understands, wherever it is made."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from support import diaries
from support.chains import Writer, some_uuid

from client_sdk import Replica
from events import Body, Invalid, Known, MalformedError, read
from events.body import Measurement, MeasurementTaken
from events.codec import encode_body, type_of
from events.errors import UnsoundError, sentence

ID = some_uuid()
KG = {"milli": 20_000, "unit": "kg"}


def weight(milli: int, unit: str = "kg", **fields: Any) -> dict[str, Any]:  # noqa: ANN401  # of all types
    return {"measurement": ID, "site": "body_weight", "value": {"milli": milli, "unit": unit}} | fields


def bar(**fields: Any) -> dict[str, Any]:  # noqa: ANN401  # of all types
    return {"equipment": ID, "name": "Bar", "kind": "barbell"} | fields


REFUSED: list[tuple[str, dict[str, Any], str, str]] = [
    (
        "measurement_taken",
        weight(19_999),
        "No lifter weighs 19.999 kg: a body weight is from 20 kg to 700 kg.",
        "$.body",
    ),
    ("measurement_taken", weight(58_500, "cm"), "A body weight is measured in kg or lb.", "$.body"),
    (
        "measurement_taken",
        weight(18_000, site="body_fat"),
        "Body fat is measured in percent of the body weight.",
        "$.body",
    ),
    ("measurement_taken", weight(18_000, site="thigh"), "A girth is measured in cm, mm or in.", "$.body"),
    ("measurement_taken", weight(400_001, "cm"), "400.001 cm is more than any body measures.", "$.body.value"),
    ("measurement_taken", weight(0), "It is at least 1.", "$.body.value.milli"),
    ("measurement_taken", weight(50_000, site=""), "It is empty.", "$.body.site"),
    (
        "test_performed",
        {"test": ID, "kind": "jump"},
        "A test has a result: a distance, a time or a height.",
        "$.body",
    ),
    (
        "test_performed",
        {"test": ID, "kind": "jump", "height_mm": 10_001},
        "It is at most 10,000.",
        "$.body.height_mm",
    ),
    ("readiness_rated", {"rating": ID}, "A rating tells of fatigue, sleep, soreness or pain.", "$.body"),
    ("readiness_rated", {"rating": ID, "fatigue": 11}, "It is at most 10.", "$.body.fatigue"),
    ("readiness_rated", {"rating": ID, "soreness": {}}, "It is empty.", "$.body.soreness"),
    ("food_logged", {}, "A meal has a name, a macronutrient or a tag.", "$.body"),
    ("food_logged", {"tags": ["eggs"] * 21}, "It has at most 20 entries.", "$.body.tags"),
    ("note_added", {"note": ID, "target": "back_squat", "text": ""}, "It is empty.", "$.body.text"),
    (
        "note_added",
        {"note": ID, "target": "back_squat", "text": "腿" * 4001},
        "It has at most 4,000 characters.",
        "$.body.text",
    ),
    (
        "photo_attached",
        {"photo": ID, "sha256": "0" * 64, "bytes": 1, "media_type": "text/html", "pose": "front"},
        "Expected the media type of a picture, such as image/jpeg.",
        "$.body.media_type",
    ),
    ("equipment_defined", bar(steps=[{"milli": 0, "unit": "kg"}]), "One of the steps weighs nothing.", "$.body"),
    (
        "equipment_changed",
        {"equipment": ID, "add_ons": [{"milli": 0, "unit": "lb"}]},
        "One of the add_ons weighs",
        "$.body",
    ),
    (
        "equipment_defined",
        bar(start_load=KG, max_load={"milli": 40_000, "unit": "lb"}),
        "start_load 20 kg is above max_load 40 lb.",
        "$.body",
    ),
    (
        "progression_decided",
        {"slot": ID, "target": {}, "decision": "accepted"},
        "A target asks for a load, repetitions or seconds.",
        "$.body.target",
    ),
]


@pytest.mark.parametrize(("kind", "body", "message", "path"), REFUSED)
def test_a_body_beyond_its_limits_is_invalid_and_says_what_the_limits_are(
    kind: str, body: dict[str, Any], message: str, path: str
) -> None:
    reading = read(Writer().write(body, kind=kind))
    assert isinstance(reading, Invalid)
    assert reading.problem.message.startswith(message)
    assert reading.problem.path == path


def test_what_does_not_go_together_is_refused_in_a_sentence_where_it_is_made() -> None:
    with pytest.raises(UnsoundError) as raised:
        MeasurementTaken(measurement=ID, site="body_weight", value=Measurement(58_500, "cm"))
    assert raised.value.message == "A body weight is measured in kg or lb."
    assert isinstance(raised.value, MalformedError)


def test_a_replica_refuses_what_is_beyond_a_limit_in_words() -> None:
    body = MeasurementTaken(measurement=ID, site="x" * 201, value=Measurement(58_500, "cm"))
    with pytest.raises(MalformedError) as raised:
        Replica.in_memory().log(body)
    assert (raised.value.message, raised.value.path) == ("It has at most 200 characters.", "$.site")


def test_a_sentence_leaves_the_names_of_fields_as_they_are() -> None:
    assert [sentence("min is above max"), sentence("reps_min is odd")] == ["Min is above max.", "reps_min is odd."]


@given(diaries.equipment | diaries.measurements | diaries.felt | diaries.performed | diaries.eaten)
def test_whatever_can_be_said_is_read_as_it_was_said(body: Body) -> None:
    kind, version = type_of(body)
    said = msgspec.json.decode(encode_body(body))
    assert read(Writer().write(said, kind=kind, v=version)) == Known(body)
