"""Logging drills, how the lifter feels, and deloads."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client_sdk.cli.muscles import find_muscle
from client_sdk.cli.readiness import parse_sleep
from events.catalogue import MUSCLES
from events.errors import MalformedError

Run = Callable[..., Any]
"""Runs a command: see ``conftest``."""


def drills(run: Run) -> list[dict[str, Any]]:
    """All drills, newest session first."""
    rows = run("report", "sessions", "--json").json["sessions"]
    return [{**drill, "session": row["session"]} for row in rows for drill in row["drills"]]


def test_a_drill_of_the_guide_needs_no_explanation(done: Run) -> None:
    assert done("drill", "Leg Swings", "60s").out.startswith("Logged leg swings 1:00 (warm-up, dynamic stretch)  #")
    done("drill", "cycling", "8min", "2km")
    done("drill", "hamstring stretch", "30s", "--side", "left")
    swings, cycling, stretch = drills(done)
    assert (swings["phase"], swings["kind"], swings["seconds"]) == ("warm_up", "dynamic_stretch", 60)
    assert (cycling["kind"], cycling["seconds"], cycling["distance_mm"]) == ("light_cardio", 480, 2_000_000)
    assert (stretch["phase"], stretch["muscle"], stretch["side"]) == ("cool_down", "hamstrings", "left")


def test_drills_and_sets_of_one_visit_are_of_one_session(done: Run) -> None:
    done("drill", "jogging", "10min")
    done("log", "back squat", "100kg", 8)
    done("drill", "quad stretch", "30s")
    [row] = done("report", "sessions", "--json").json["sessions"]
    assert (len(row["drills"]), row["phases"]["sets"], row["phases"]["warm_up"]) == (2, 1, "within")


def test_a_back_dated_set_joins_the_drills_of_about_then(done: Run) -> None:
    done("drill", "jogging", "10min", "--at", "2025-06-30 18:00")
    done("log", "back squat", "100kg", 8, "--at", "2025-06-30 18:30")
    [row] = done("report", "sessions", "--json").json["sessions"]
    assert (len(row["drills"]), row["phases"]["sets"]) == (1, 1)


def test_of_another_drill_the_lifter_says_what_it_is(run: Run, done: Run) -> None:
    refused = run("drill", "cossack squats", "60s")
    assert refused.status == 2
    assert "--kind" in refused.err
    done("drill", "cossack squats", "60s", "--kind", "dynamic", "--muscle", "inner thighs")
    [cossack] = drills(done)
    assert (cossack["name"], cossack["phase"], cossack["muscle"]) == ("cossack squats", "warm_up", "adductors")


def test_a_drill_may_belong_where_it_usually_does_not(done: Run) -> None:
    done("drill", "walking", "5min", "--cool-down")
    assert [drill["phase"] for drill in drills(done)] == ["cool_down"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("", "60s"), "Say which drill"),
        (("leg swngs", "60s"), "Did you mean leg swings"),
        (("leg swings", "60s", "70s"), "more than one time"),
        (("leg swings", "often"), "is not a duration"),
        (("leg swings", "0s"), "is nothing"),
        (("jogging", "3h"), "no more than 2 hours"),
        (("jogging", "80km"), "no more than 50 km"),
        (("jogging", "5min", "--muscle", "quds"), "Did you mean quadriceps?"),
        (("jogging", "5min", "--muscle", "xyz"), "The leg muscles are"),
        (("jogging", "5min", "--kind", "stretch"), "is no kind of drill"),
        (("jogging", "5min", "--at", "2190-01-01 12:00"), "yet to come"),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_to_do_and_nothing_is_written(
    words: tuple[str, ...], says: str, run: Run, done: Run
) -> None:
    refused = run("drill", *words)
    assert refused.status in {1, 2}
    assert says in refused.err
    assert "Traceback" not in refused.err
    assert done("status", "--json").json["outbox"] == 0


def test_long_drills_can_be_meant(done: Run) -> None:
    done("drill", "walking", "3h", "--really")
    assert drills(done)[0]["seconds"] == 3 * 3600


def test_a_rating_says_fatigue_sleep_soreness_and_pain(done: Run) -> None:
    rated = done(
        "rate", "--fatigue", 6, "--sleep", "7h30", "--sore", "quads=5", "--sore", "calves=2", "--pain", "knee"
    )
    assert "fatigue 6, sleep 7:30 h, quadriceps sore 5, calves sore 2, pain: knee" in rated.out
    [day] = done("report", "recovery", "--json").json["days"]
    assert (day["fatigue"], day["sleep_min"], day["pain"][0]["site"]) == (6, 450, "knee")
    assert day["soreness"] == [{"muscle": "calves", "soreness": 2}, {"muscle": "quadriceps", "soreness": 5}]


def test_pain_may_be_of_a_slot(done: Run, run: Run) -> None:
    done("program", "create", "Legs")
    day = done("program", "add-day", "Legs", "A").name
    slot = done("program", "add-slot", "A", "back squat", "4x8-12").name
    done("rate", "--pain", "knee", "--slot", slot)
    [rated] = done("report", "recovery", "--json").json["days"]
    assert rated["pain"][0]["slot"].endswith(slot)
    done("rate", "--pain", "knee", "--slot", "back squat")
    assert all(pain["slot"].endswith(slot) for pain in done("report", "recovery", "--json").json["days"][0]["pain"])
    assert "No slot" in run("rate", "--pain", "knee", "--slot", day).err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((), "Say how you feel"),
        (("--fatigue", "11"), "0<=x<=10"),
        (("--sore", "quads"), "rates no soreness"),
        (("--sore", "quads=11"), "rates no soreness"),
        (("--sore", "quds=3"), "Did you mean quadriceps?"),
        (("--sleep", "long"), "is no time of sleep"),
        (("--sleep", "25h"), "more than a day has"),
        (("--slot", "1d6bc8e1"), "add --pain"),
        (("--pain", " "), "says where it hurts"),
    ],
)
def test_a_rating_of_nothing_or_beyond_the_scale_is_refused(
    words: tuple[str, ...], says: str, run: Run, done: Run
) -> None:
    refused = run("rate", *words)
    assert refused.status in {1, 2}
    assert says in refused.err
    assert done("status", "--json").json["outbox"] == 0


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("7h30", 450),
        ("7:30", 450),
        ("7.5h", 450),
        ("7,5", 450),
        ("8", 480),
        ("450min", 450),
        ("7h 5min", 425),
        ("0", 0),
    ],
)
def test_sleep_is_typed_as_people_say_it(text: str, minutes: int) -> None:
    assert parse_sleep(text) == minutes


@given(st.text(max_size=12))
def test_any_text_is_a_time_of_sleep_or_refused(text: str) -> None:
    with suppress(MalformedError):
        assert 0 <= parse_sleep(text) <= 24 * 60


def test_muscles_are_found_as_reports_name_them_and_as_people_do() -> None:
    assert [find_muscle(muscle) for muscle in MUSCLES] == list(MUSCLES)
    assert [find_muscle(name) for name in ("Quads", "hip-flexors", "calf", "lower back")] == [
        *("quadriceps", "hip_flexors", "calves"),
        "spinal_erectors",
    ]


def test_a_deload_runs_until_it_is_ended(done: Run, run: Run) -> None:
    assert "No deload runs" in run("deload", "end").err
    begun = done("deload", "start", "--reason", "Tired legs.", "--at", "2025-06-30 12:00").name
    assert "runs since 2025-06-30 12:00 already" in run("deload", "start").err
    assert done("report", "recovery", "--json").json["deloads"][0]["running"]
    assert "Deload since 2025-06-30: Tired legs." in done("report", "recovery").out
    done("deload", "end", "--at", "2025-07-06 12:00")
    [deload] = done("report", "recovery", "--json").json["deloads"]
    assert (deload["since"], deload["until"], deload["running"]) == ("2025-06-30", "2025-07-06", False)
    done("void", begun)
    assert done("report", "recovery", "--json").json["deloads"] == []


def test_the_report_says_to_listen_to_the_body_and_foretells_nothing(done: Run) -> None:
    for day in (18, 19, 20):
        done("rate", "--fatigue", 8, "--sore", "glutes=9", "--at", f"2025-06-{day} 07:00")
    out = " ".join(done("report", "recovery", "--as-of", "2025-06-20").out.split())
    assert "High on each of the last 3 days on which you rated it: fatigue, soreness of the glutes." in out
    assert "Listen to your body" in out
    assert "injury" not in out


def test_the_report_on_habits_says_what_was_done_and_what_was_not(done: Run) -> None:
    session = done("session", "start", "--at", "2025-06-20 18:00").name
    done("drill", "cycling", "12min", "--at", "2025-06-20 18:12", "--session", session)
    done("log", "back squat", "100kg", 8, "--form", 2, "--at", "2025-06-20 18:30", "--session", session)
    done(
        "log",
        "standing calf raise",
        "60kg",
        15,
        "--tempo",
        "2-0-1-1",
        "--at",
        "2025-06-20 18:40",
        "--session",
        session,
    )
    done("drill", "hamstring stretch", "30s", "--at", "2025-06-20 19:20", "--session", session)
    done("session", "finish", "--at", "2025-06-20 19:25", "--session", session)
    out = done("report", "habits").out
    assert "warm-up, 10 to 15 min" in out
    assert "Of the major leg muscles not stretched: quadriceps, glutes, calves." in out
    assert "Back Squat: 1 set at 2 or less, last on 2025-06-20. Technique over weight." in out
    assert "1 set with a tempo; of 1 of calf raises 1 paused at the top." in out
    assert "leg sessions with a warm-up" in out
    assert max(map(len, out.splitlines())) <= 80
