"""The report ``log``: the ledger in words."""

from __future__ import annotations

from typing import Any

import pytest
from support.chains import some_uuid
from support.facts import PROGRAM, a_program, a_set, a_slot, start
from support.ledgers import World, fold, unstamped

from events import Body
from events.catalogue import catalogue
from events.corrections import EventErased, FactCorrected, FactRestored, FactVoided, ImportStarted
from events.profile import ProfileChanged
from events.programs import ProgramActivated
from events.training import DrillLogged, ExerciseDefined, ExerciseMatched, SetLogged
from projections.book import Book
from projections.log import LOG, describe, describe_set, report

BOOK = Book(catalogue(), ProfileChanged(), [])
DRILL: dict[str, Any] = {"drill": some_uuid(), "session": some_uuid(), "kind": "light_cardio", "name": "Jog"}


@pytest.mark.parametrize(
    ("done", "words"),
    [
        (a_set(load="100kg", reps=8), "100 kg × 8"),
        (a_set(load="82.5lb", reps=0, kind="failure"), "82.5 lb × 0 (failure)"),
        (a_set(load="100kg"), "100 kg"),
        (a_set(reps=8), "× 8"),
        (a_set("pull_up", "bw", 8), "body weight × 8"),
        (a_set("pull_up", "bw+20kg", 5), "body weight + 20 kg × 5"),
        (a_set("pull_up", "bw-15kg", 5), "body weight - 15 kg × 5"),
        (a_set("pull_up", reps=5, load_kind="added"), "× 5"),
        (a_set("plank", seconds=45), "45 s"),
        (a_set("plank", seconds=90), "1:30"),
        (a_set("run", distance_mm=5_000_000, seconds=3725), "5 km 1:02:05"),
        (a_set("run", distance_mm=400_500), "400.5 m"),
        (a_set(load="20kg", reps=8, side="left", kind="back_off"), "20 kg × 8 left (back-off)"),
        (a_set(), ""),
    ],
)
def test_a_set_is_described_as_a_lifter_says_it(done: SetLogged, words: str) -> None:
    assert describe_set(done) == words


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (a_set(load="100kg", reps=8), "Back Squat 100 kg × 8"),
        (a_set("mystery"), "mystery"),
        (DrillLogged(phase="warm_up", seconds=300, **DRILL), "Jog 5:00 (warm-up)"),
        (DrillLogged(phase="cool_down", **DRILL), "Jog (cool-down)"),
        (ExerciseDefined(exercise="zercher", name="Zercher"), "Zercher is an exercise"),
        (ExerciseMatched(exercise="zercher", same_as="front_squat"), "zercher is the same as Front Squat"),
        (
            FactCorrected(
                target=some_uuid(), changes={"load": {"milli": 82_500, "unit": "kg"}, "note": None, "reps": 6}
            ),
            "load is 82.5 kg, note is nothing, reps is 6",
        ),
        (FactVoided(target=some_uuid(), reason="Not mine."), "Not mine."),
        (FactRestored(target=some_uuid()), ""),
        (EventErased(target=some_uuid()), "the words of one event are taken out"),
        (
            ImportStarted(import_=some_uuid(), app="strong", file_sha256="0" * 64, dialect="comma", options={}),
            "from strong (comma)",
        ),
        (ProfileChanged(week_start=6, units="lb"), "units lb, week_start 6"),
        (start(title="Legs"), "Legs"),
        (ProgramActivated(program=PROGRAM), ""),
    ],
)
def test_a_fact_is_told_in_a_few_words_and_without_ids(body: Body, words: str) -> None:
    assert describe(body, BOOK) == words


def test_the_log_shows_the_newest_first_whether_it_counts_or_not() -> None:
    world = World()
    phone = world.replica()
    voided = a_set(load="100kg", reps=8)
    phone.write(voided)
    phone.write({"phase": 1}, ("moon_phase_noted", 1))
    phone.write(FactVoided(target=voided.set, reason="Not mine."))
    world.sync()
    shown = report(fold(world.records), world.records[1:], before=2)
    assert (shown["report"], shown["position"], shown["as_of"], shown["before"]) == (LOG, 3, None, 2)
    void, moon = shown["entries"]
    assert (void["words"], void["target"], void["problem"]) == ("Not mine.", voided.set, None)
    assert (moon["words"], moon["target"], moon["problem"]["code"]) == ("", None, "unknown_type")
    assert [entry["position"] for entry in shown["entries"]] == [3, 2]


def test_the_outbox_is_in_the_log_without_a_position() -> None:
    world = World()
    world.replica().write(a_slot())
    world.sync()
    waiting = [unstamped(record) for record in world.records]
    (entry,) = report(fold(waiting), waiting, before=None)["entries"]
    assert (entry["position"], entry["type"], entry["day"]) == (None, "slot_added", "2025-11-22")


@pytest.mark.parametrize("at", [2**53 - 1, -(2**53) + 1])
def test_what_happened_beyond_all_years_is_in_the_log_without_a_day(at: int) -> None:
    world = World()
    world.replica().write(a_set(reps=8), at=at)
    world.sync()
    (entry,) = report(fold(world.records), world.records, None)["entries"]
    assert (entry["day"], entry["at"], entry["problem"]["path"]) == (None, at, "$.at")


def test_the_log_uses_the_lifters_own_names() -> None:
    world = World()
    phone = world.replica()
    phone.write(ExerciseDefined(exercise="zercher", name="Zercher"))
    phone.write(a_set("zercher", reps=8))
    phone.write(a_program())
    world.sync()
    entries = report(fold(world.records), world.records, None)["entries"]
    assert [entry["words"] for entry in entries] == ["Legs", "Zercher × 8", "Zercher is an exercise"]
