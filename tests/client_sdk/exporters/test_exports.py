"""What is exported is what the importers read, and it comes back as nothing new."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.chains import some_uuid
from support.facts import a_set, finish, start

from client_sdk import Replica
from client_sdk.exporters import EXPORTERS, Exported, export
from client_sdk.importers import Reading, read
from client_sdk.imports import Imported, bring_in
from events import Body, Load
from events.catalogue import catalogue
from events.errors import UnknownNameError
from events.quantities import DAY_MS, HOUR_MS, MINUTE_MS, Unit
from events.training import DrillLogged, ExerciseDefined, SetLogged
from projections.ledger import REPORTS

APPS = [exporter.app for exporter in EXPORTERS]
DATA = Path(__file__).parents[4] / "shared" / "data"
EVENING_MS = 1_751_299_200_000
"""2025-06-30T16:00Z, which is 18:00 in Berlin."""

both_apps = pytest.mark.parametrize("app", APPS)


def lifter(*bodies: Body, at: int = EVENING_MS) -> Replica:
    """Somebody in Berlin who logged that, a minute apart."""
    replica = Replica.in_memory()
    for number, body in enumerate(bodies):
        replica.log(body, at + number * MINUTE_MS, 120)
    return replica


def exported(replica: Replica, app: str, unit: Unit = "kg") -> Exported:
    return export(replica.ledger().view, app, unit, catalogue())


def brought_in(replica: Replica, data: bytes, zone: str = "Europe/Berlin", **options: Any) -> Imported:  # noqa: ANN401  (options of all types)
    reading = read(data, at=replica.clock(), catalogue=catalogue(), timezone=zone, unit=options.pop("unit", None))
    assert isinstance(reading, Reading), reading
    return bring_in(replica, reading, confirmed=True, **options)


def evening(**fields: Any) -> list[Body]:  # noqa: ANN401  (fields of all types)
    """A session as it is logged here."""
    return [
        start(title="Legs; heavy"),
        a_set("back_squat", "60kg", 5, kind="warm_up"),
        a_set("back_squat", "100kg", 5, rpe_tenths=85, rest_s=180, note='high bar\n"belt"', **fields),
        a_set("back_squat", "135lb", 12, kind="drop"),
        a_set("pull_up", "bw+10kg", 8, superset="A"),
        a_set("leg_press", "180kg", 12, superset="A"),
        a_set("pull_up", "bw", 8, superset="A"),
        a_set("plank", "bw", seconds=90),
        a_set("running", distance_mm=5_020_000, seconds=1800),
        finish(note="good"),
    ]


STRONG = """\
Workout #;Date;Workout Name;Duration (sec);Exercise Name;Set Order;Weight (kg);Reps;RPE;Distance (meters);Seconds;\
Notes;Workout Notes
1;2025-06-30 18:00:00;"Legs; heavy";540;"Squat (Barbell)";W;60;5;;;;"";"good"
1;2025-06-30 18:00:00;"Legs; heavy";540;"Squat (Barbell)";Rest Timer;;;;;180;;
1;2025-06-30 18:00:00;"Legs; heavy";540;"Squat (Barbell)";1;100;5;8.5;;;"high bar
""belt""\";""
1;2025-06-30 18:00:00;"Legs; heavy";540;"Squat (Barbell)";D;61.23;12;;;;"";""
"""

HEVY = """\
"title","start_time","end_time","description","exercise_title","superset_id","exercise_notes","set_index","set_type",\
"weight_lbs","reps","distance_miles","duration_seconds","rpe"
"Legs; heavy","30 Jun 2025, 18:00","30 Jun 2025, 18:09","good","Squat (Barbell)",,"high bar
""belt""\",0,"warmup",132.28,5,,,
"""


def test_strong_gets_its_present_dialect() -> None:
    assert exported(lifter(*evening()), "strong").data.decode().startswith(STRONG)


def test_hevy_gets_its_own_with_the_unit_in_the_columns() -> None:
    assert exported(lifter(*evening()), "hevy", "lb").data.decode().startswith(HEVY)


@both_apps
@pytest.mark.parametrize("unit", ["kg", "lb"])
@pytest.mark.parametrize("zone", ["Europe/Berlin", "Asia/Tokyo"])
def test_what_was_logged_here_comes_back_as_nothing_new_in_whatever_unit_and_zone(
    app: str, unit: Unit, zone: str
) -> None:
    replica = lifter(*evening())
    imported = brought_in(replica, exported(replica, app, unit).data, zone)
    assert imported.drafts == []
    assert imported.own == 1


@both_apps
def test_another_ledger_reads_all_of_it(app: str) -> None:
    replica, other = lifter(*evening()), Replica.in_memory()
    brought_in(other, exported(replica, app).data)
    for name in ("volume", "balance"):
        mine, theirs = ({**device.report(name), "position": 0, "as_of": ""} for device in (replica, other))
        assert mine == theirs
    [session] = other.report("sessions")["sessions"]
    assert (session["title"], session["duration_s"], session["note"]) == ("Legs; heavy", 540, "good")


def test_what_a_format_can_not_hold_is_counted() -> None:
    replica = lifter(
        *evening(form=4, side="left"),
        a_set("back_squat", kind="failure"),
        start(some_uuid("session", "empty"), place="Garage"),
        DrillLogged(
            drill=some_uuid("drill"),
            session=some_uuid("session", "empty"),
            phase="warm_up",
            kind="light_cardio",
            name="Row",
        ),
    )
    told = {
        "drill logged": 1,
        "ratings of form": 1,
        "sessions without a set": 1,
        "sets that record nothing": 1,
        "sides": 1,
    }
    assert exported(replica, "strong").left_out == told | {"supersets": 3}
    # Hevy keeps a note with the exercise, and so with the first of its sets.
    assert exported(replica, "hevy").left_out == told | {"rests": 1, "notes of sets, joined or changed": 2}


def test_there_is_no_format_of_any_other_app() -> None:
    with pytest.raises(UnknownNameError, match="myspace"):
        exported(lifter(), "myspace")


@both_apps
def test_a_changed_session_is_no_longer_what_was_exported_but_likely_a_copy(app: str) -> None:
    replica = lifter(*evening())
    data = exported(replica, app).data
    replica.log(a_set("plank", "bw", seconds=60), EVENING_MS + HOUR_MS)
    imported = brought_in(replica, data, duplicates="skip")
    assert (imported.own, len(imported.copies), imported.drafts) == (0, 1, [])


FIXTURES = Path(__file__).parents[1] / "importers" / "fixtures"


@both_apps
@pytest.mark.parametrize("file", ["strong_comma", "strong_semicolon", "hevy_kg_km", "fitnotes_unit_column"])
def test_what_was_imported_goes_out_and_comes_back_as_nothing_new(file: str, app: str) -> None:
    replica = Replica.in_memory()
    reading = read(
        (FIXTURES / f"{file}.csv").read_bytes(),
        at=replica.clock(),
        catalogue=catalogue(),
        unit="kg",
        distance_unit="km",
        timezone="Europe/Berlin",
    )
    assert isinstance(reading, Reading)
    bring_in(replica, reading)
    imported = brought_in(replica, exported(replica, app).data)
    assert imported.drafts == []
    if file in {"strong_semicolon", "hevy_kg_km"} and file.startswith(app):
        # No row of these was skipped, so each is the row again that it was.
        assert imported.own == 0
        assert imported.vanished == []


@both_apps
def test_what_was_voided_corrected_and_added_since_goes_out_and_comes_back_as_nothing_new(app: str) -> None:
    replica = Replica.in_memory()
    brought_in(replica, (FIXTURES / "strong_semicolon.csv").read_bytes())
    [session] = replica.report("sessions")["sessions"]
    sets = [done["set"] for block in session["exercises"] for done in block["sets"]]
    replica.void(sets[0])
    replica.correct(sets[1], reps=6, exercise="front_squat")
    replica.log(a_set("leg_press", "180kg", 10, session=session["session"]), session["start"] + 5 * MINUTE_MS)
    replica.correct(session["session"], title="Mine")
    assert brought_in(replica, exported(replica, app).data).drafts == []


# Any history.

_names = st.sampled_from(["back_squat", "pull_up", "band_assisted_pull_up", "running", "zercher", "own"])
_words = st.sampled_from([None, None, "slow", "two\nlines", 'a "quote", a; b', "1\\n2"])
_sets = st.builds(
    SetLogged,
    set=st.uuids().map(str),
    session=st.sampled_from([some_uuid("session", number) for number in range(4)]),
    exercise=_names,
    kind=st.sampled_from(["working", "working", "warm_up", "drop", "failure", "amrap"]),
    reps=st.none() | st.integers(0, 20),
    load=st.none()
    | st.builds(Load, st.integers(0, 200_000) | st.sampled_from([61_230, 135_000]), st.sampled_from(["kg", "lb"])),
    load_kind=st.sampled_from(["external", "added", "assisted", "bodyweight"]),
    seconds=st.none() | st.integers(0, 4000),
    distance_mm=st.none() | st.integers(0, 10_000_000),
    rpe_tenths=st.none() | st.sampled_from([60, 85]),
    rest_s=st.none() | st.integers(0, 300),
    superset=st.sampled_from([None, None, "A", "0"]),
    note=_words,
    side=st.sampled_from(["both", "left"]),
)
_told = st.lists(
    st.tuples(
        st.one_of(
            *[_sets] * 6,
            st.builds(start, _sets.map(lambda body: body.session), title=_words),
            st.builds(finish, _sets.map(lambda body: body.session), note=_words),
            st.just(ExerciseDefined(exercise="own", name="My own squat")),
        ),
        st.integers(0, 3 * DAY_MS),
    ),
    max_size=25,
)


@settings(max_examples=settings().max_examples // 2)
@given(_told, st.sampled_from(APPS), st.sampled_from(["kg", "lb"]), st.sampled_from([0, -210, 840]))
def test_whatever_was_logged_comes_back_as_nothing_new(
    told: list[tuple[Body, int]], app: str, unit: Unit, offset: int
) -> None:
    replica = Replica.in_memory()
    replica.write([replica.draft(body, EVENING_MS + since, offset) for body, since in told])
    before = {name: replica.report(name) for name in REPORTS}
    file = exported(replica, app, unit)
    counting = sum(1 for _ in replica.ledger().facts.of_type("set_logged"))
    assert file.sets + file.left_out.get("sets that record nothing", 0) == counting
    assert "sets that can't be read back" not in file.left_out
    assert brought_in(replica, file.data, "UTC").drafts == []
    assert {name: replica.report(name) for name in REPORTS} == before


REAL: list[tuple[str, Unit | None]] = [("strong_english_kg", "kg"), ("hevy_kg", None)]
if os.environ.get("HYPOTHESIS_PROFILE") == "thorough":
    REAL += [("fitnotes_weight_unit", None), ("strong_chinese_headers_lb", "lb")]


@pytest.mark.skipif(not DATA.is_dir(), reason="real exports are not part of the project")
@pytest.mark.parametrize(("file", "unit"), REAL)
def test_a_real_history_in_another_apps_format_counts_nothing_twice(file: str, unit: Unit | None) -> None:
    replica, other = Replica.in_memory(), Replica.in_memory()
    data = (DATA / f"{file}.csv").read_bytes()
    brought_in(replica, data, unit=unit)
    app = "strong" if file.startswith("hevy") else "hevy"
    copied = exported(replica, app)
    assert brought_in(replica, copied.data).drafts == []
    # The same on a device that never saw the first file, and is synced with the other one: here by carrying it over.
    brought_in(other, copied.data)
    alone = replica.report("volume")
    other_records = [record for _, record in other.store.pending()]
    ledger = replica.ledger()
    ledger.apply(other_records)
    assert ledger.report("volume") == alone
    assert len(ledger.facts.aside.copies) == copied.sessions
