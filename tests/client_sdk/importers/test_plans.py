"""What an import writes: the same everywhere, and only what the ledger doesn't have."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from client_sdk.draft import Draft
from client_sdk.importers import Reading, plan, vanished
from events.body import MeasurementTaken
from events.codec import encode_body
from events.corrections import FactCorrected, ImportStarted, NoteAdded
from events.facts import Body
from events.identifiers import Uuid7
from events.quantities import Load
from events.training import ExerciseDefined, SessionFinished, SessionStarted, SetLogged

Importer = Callable[..., Reading]

FILES: dict[str, dict[str, str]] = {
    "fitbod": {},
    "fitbod_mailed": {},
    "fitnotes_backup": {},
    "fitnotes_body": {},
    "fitnotes_kgs": {},
    "fitnotes_unit_column": {},
    "hevy_kg_km": {},
    "hevy_measurements": {},
    "jefit": {},
    "liftosaur": {},
    "liftosaur_one_weight": {},
    "strong_comma": {"unit": "kg", "distance_unit": "km"},
    "strong_measurements": {},
    "strong_semicolon": {},
    "strong_translated": {"unit": "lb"},
    "strong_unit_columns": {},
}
COMMA = (Path(__file__).parent / "fixtures" / "strong_comma.csv").read_text(encoding="utf-8")
KG = FILES["strong_comma"]


class Ledger:
    """What imports have told so far, as a replica would know it."""

    def __init__(self) -> None:
        self.facts: dict[str, Draft] = {}

    def take(self, reading: Reading) -> list[Draft]:
        drafts = plan(reading, known=self.facts.get)
        for draft in drafts:
            assert draft.id is not None
            if isinstance(draft.body, FactCorrected):
                self._correct(draft.body)
            else:
                assert draft.id not in self.facts
                self.facts[draft.id] = draft
        return drafts

    def _correct(self, correction: FactCorrected) -> None:
        """Writes the fields into the facts of that name that have them; a session's end is never moved."""
        for event_id, fact in self.facts.items():
            if _name(fact.body) == correction.target:
                fields = {field.encode_name for field in msgspec.structs.fields(fact.body)}
                changes = {field: value for field, value in correction.changes.items() if field in fields}
                said = msgspec.to_builtins(fact.body) | changes
                body = msgspec.convert(
                    {key: value for key, value in said.items() if value is not None}, type(fact.body)
                )
                moved = {} if isinstance(fact.body, SessionFinished) else correction.changes
                at, offset = moved.get("at", fact.at), moved.get("offset", fact.offset)
                self.facts[event_id] = Draft(body=body, at=at, offset=offset, id=event_id)


def _name(body: Body) -> str:
    match body:
        case SetLogged():
            return body.set
        case SessionStarted() | SessionFinished():
            return body.session
        case MeasurementTaken():
            return body.measurement
        case NoteAdded():
            return body.note
        case _:
            return ""


@pytest.mark.parametrize("file", FILES)
def test_everything_planned_can_be_written(imported: Importer, file: str) -> None:
    drafts = Ledger().take(imported(file, **FILES[file]))
    for draft in drafts:
        encode_body(draft.body)
        assert re.match(msgspec.json.schema(Uuid7)["pattern"].replace(r"\Z", "$"), draft.id or "")
    assert isinstance(drafts[0].body, ImportStarted)
    assert len({draft.id for draft in drafts}) == len(drafts)


@pytest.mark.parametrize("file", FILES)
def test_reading_a_file_again_adds_nothing(imported: Importer, file: str) -> None:
    ledger = Ledger()
    assert ledger.take(imported(file, **FILES[file]))
    assert ledger.take(imported(file, **FILES[file])) == []


@pytest.mark.parametrize("file", FILES)
def test_ids_do_not_depend_on_zone_unit_or_time_of_import(imported: Importer, file: str) -> None:
    here = plan(imported(file, **FILES[file]), known=lambda _: None)
    there_options = {**FILES[file], "timezone": "Pacific/Auckland", "unit": "lb", "at": 1_800_000_000_000}
    there = plan(imported(file, **there_options), known=lambda _: None)
    assert [draft.id for draft in here] == [draft.id for draft in there]
    assert [_name(draft.body) for draft in here] == [_name(draft.body) for draft in there]


def test_no_two_kinds_of_names_meet(imported: Importer) -> None:
    drafts = plan(imported("strong_comma", **KG), known=lambda _: None)
    things = {_name(draft.body) for draft in drafts} - {""}
    assert not things & {draft.id for draft in drafts}


def test_the_import_says_what_it_was_told(imported: Importer) -> None:
    body = plan(imported("strong_comma", **KG), known=lambda _: None)[0].body
    assert isinstance(body, ImportStarted)
    assert (body.app, body.dialect) == ("strong", "strong-comma")
    assert body.options == {"unit": "kg", "distance_unit": "km", "timezone": "Europe/Berlin"}


def test_every_fact_of_a_file_names_its_import_but_an_exercise_is_everyones(imported: Importer) -> None:
    started, *drafts = plan(imported("strong_comma", **KG), known=lambda _: None)
    assert isinstance(started.body, ImportStarted)
    for draft in drafts:
        assert isinstance(draft.body, ExerciseDefined | SessionStarted | SessionFinished | SetLogged)
        own = draft.body.import_ is None
        assert own if isinstance(draft.body, ExerciseDefined) else draft.body.import_ == started.body.import_


def test_one_custom_exercise_is_the_same_for_every_app_and_spelling(imported: Importer) -> None:
    header = "Date,Exercise,Category,Weight (kgs),Reps,Distance,Distance Unit,Time\n"
    reading = imported((header + "2024-11-21,CELLAR  machine,Legs,50,5,,,\n").encode())
    assert [draft.id for draft in reading.defined] == [draft.id for draft in imported("strong_comma", **KG).defined]
    ledger = Ledger()
    ledger.take(imported("strong_comma", **KG))
    assert not any(isinstance(draft.body, ExerciseDefined) for draft in ledger.take(reading))


def test_a_longer_export_only_adds(imported: Importer) -> None:
    ledger = Ledger()
    ledger.take(imported("strong_comma", **KG))
    more = COMMA + '2025-03-08 18:00:00,"New",30m,"Squat (Barbell)",1,105,5,0,0,,,\n'
    added = ledger.take(imported(more.encode(), **KG))
    assert [type(draft.body) for draft in added] == [ImportStarted, SessionStarted, SetLogged, SessionFinished]


def test_a_changed_row_becomes_a_correction_of_what_differs(imported: Importer) -> None:
    ledger = Ledger()
    before = imported("strong_comma", **KG)
    ledger.take(before)
    changed = COMMA.replace('"Squat (Barbell)",1,100.0,5.0,0,0.0,,,8', '"Squat (Barbell)",F,102.5,5.0,0,0.0,,,')
    started, correction = ledger.take(imported(changed.encode(), **KG))
    second = before.sessions[0].sets[1].body
    assert isinstance(started.body, ImportStarted)
    assert isinstance(correction.body, FactCorrected)
    assert isinstance(second, SetLogged)
    assert correction.body.target == second.set
    assert correction.body.source == second.source
    assert correction.body.import_ == started.body.import_
    assert correction.body.changes == {
        "kind": "failure",
        "load": {"milli": 102_500, "unit": "kg"},
        "rpe_tenths": None,
    }


def test_two_devices_correct_alike_and_once(imported: Importer) -> None:
    changed = COMMA.replace("100.0,5.0", "102.5,5.0").encode()
    drafts = []
    for at in (1_790_000_000_000, 1_791_000_000_000):
        ledger = Ledger()
        ledger.take(imported("strong_comma", **KG))
        drafts.append([(draft.id, draft.body) for draft in ledger.take(imported(changed, at=at, **KG))])
        assert ledger.take(imported(changed, **KG)) == []
    assert drafts[0] == drafts[1]


def test_another_zone_corrects_when_sessions_began_and_sets_were_done(imported: Importer) -> None:
    ledger = Ledger()
    ledger.take(imported("fitnotes_kgs"))
    anew, *corrections = ledger.take(imported("fitnotes_kgs", timezone="UTC"))
    assert isinstance(anew.body, ImportStarted)
    assert len(corrections) == 5
    for correction in corrections:
        assert isinstance(correction.body, FactCorrected)
        assert correction.body.changes.keys() == {"at", "offset"}
        assert correction.body.changes["offset"] == 0


def test_another_unit_corrects_the_loads(imported: Importer) -> None:
    ledger = Ledger()
    ledger.take(imported("strong_comma", **KG))
    _, *corrections = ledger.take(imported("strong_comma", **{**KG, "unit": "lb"}))
    assert {(*draft.body.changes,) for draft in corrections if isinstance(draft.body, FactCorrected)} == {("load",)}
    sets = [fact.body for fact in ledger.facts.values() if isinstance(fact.body, SetLogged)]
    [warm_up] = [body for body in sets if body.kind == "warm_up"]
    assert warm_up.load == Load(60_000, "lb")


def test_a_session_that_got_another_name_and_length_is_corrected_and_finished_anew(imported: Importer) -> None:
    ledger = Ledger()
    ledger.take(imported("strong_comma", **KG))
    renamed = COMMA.replace('"Legs, heavy",1h 10m', '"Legs",2h').replace("good day", "great day")
    _, correction, finished = ledger.take(imported(renamed.encode(), **KG))
    assert isinstance(correction.body, FactCorrected)
    assert correction.body.changes == {"title": "Legs"}
    assert isinstance(finished.body, SessionFinished)
    assert finished.body.note == "great day"
    assert finished.id not in {draft.id for draft in plan(imported("strong_comma", **KG), known=lambda _: None)}


def test_an_exercise_that_the_catalogue_learns_moves_there(imported: Importer) -> None:
    ledger = Ledger()
    ledger.take(imported("strong_comma", **KG))
    for name, fact in ledger.facts.items():
        if isinstance(fact.body, SetLogged) and fact.body.exercise == "back_squat":
            body = msgspec.structs.replace(fact.body, exercise="an unknown lift")
            ledger.facts[name] = msgspec.structs.replace(fact, body=body)
    corrections = ledger.take(imported("strong_comma", **KG))
    assert len(corrections) == 4
    assert all(
        isinstance(draft.body, FactCorrected) and draft.body.changes == {"exercise": "back_squat"}
        for draft in corrections
    )


def test_rows_that_vanished_are_listed_and_those_of_other_apps_are_not(imported: Importer) -> None:
    known = imported("strong_comma", **KG).keys | imported("hevy_kg_km").keys
    shorter = COMMA.replace('2025-03-05 07:00:00,"Run",soon,"Running",1,0,0,5.25,1830,,,\n', "")
    assert sorted(vanished(imported(shorter.encode(), unit="kg"), known)) == [
        '["strong","2025-03-05 07:00:00","Running",1,1]',
        '["strong","2025-03-05 07:00:00"]',
    ]


def test_a_row_that_can_no_longer_be_read_has_not_vanished(imported: Importer) -> None:
    known = imported("strong_comma", **KG).keys
    damaged = COMMA.replace("100.0,5.0", "100.0,5.5")
    assert vanished(imported(damaged.encode(), **KG), known) == []
