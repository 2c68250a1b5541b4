"""The report ``volume``: what counts, for which muscles, on which day and in which week."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from support.chains import NOON_MS, some_uuid
from support.facts import VISIT, a_set, start
from support.ledgers import World, fold, histories, ledger_of, many_sets

from events.catalogue import MUSCLES, catalogue
from events.corrections import FactCorrected, FactVoided
from events.profile import ProfileChanged
from events.quantities import DAY_MS, HOUR_MS, MINUTE_MS, NANOGRAMS_PER_GRAM, local_day, round_half_up
from events.training import ExerciseDefined, SetLogged
from projections.ledger import Ledger
from projections.volume import band

MIDNIGHT_MS = NOON_MS // DAY_MS * DAY_MS + DAY_MS
"""The midnight (UTC) after that noon of a Saturday: Sunday, the 23rd of November 2025, begins."""


def weeks(ledger: Ledger) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ledger.report("volume")["weeks"]
    return found


def muscle(ledger: Ledger, name: str = "quadriceps") -> dict[str, Any]:
    """What one muscle got in the only week there is."""
    (week,) = weeks(ledger)
    return {field: week["muscles"][name][field] for field in ("direct_sets", "fractional_milli", "reps", "tonnage_g")}


def naive_sets(ledger: Ledger) -> dict[tuple[str, str, int], int]:
    """By session, exercise and day: those of both sides, and those of the side that did more in the session."""
    done: dict[tuple[str, str], list[tuple[str, int, int]]] = {}
    for fact in ledger.facts.of_type("set_logged"):
        body = fact.body
        assert isinstance(body, SetLogged)
        if body.kind != "warm_up" and max(body.reps or 0, body.seconds or 0, body.distance_mm or 0) >= 1:
            day = local_day(fact.time, fact.offset)
            done.setdefault((body.session, body.exercise), []).append((body.side, body.reps or 0, day))
    sets: dict[tuple[str, str, int], int] = {}
    for (session, exercise), logged in done.items():
        left = [reps for side, reps, _ in logged if side == "left"]
        right = [reps for side, reps, _ in logged if side == "right"]
        weaker = "left" if (len(right), sum(right)) > (len(left), sum(left)) else "right"
        for side, _, day in logged:
            if side != weaker:
                sets[session, exercise, day] = sets.get((session, exercise, day), 0) + 1
    return sets


@given(histories(many_sets, 40))
def test_every_week_has_the_sets_that_its_definition_gives(world: World) -> None:
    ledger = fold(world.records)
    sets = naive_sets(ledger)
    epoch = date(1970, 1, 1)
    shown = weeks(ledger)
    for week in shown:
        first = (date.fromisoformat(week["start"]) - epoch).days
        mine = {key: count for key, count in sets.items() if first <= key[2] < first + 7}
        assert week["sets"] == sum(mine.values())
        assert week["sessions"] == len({session for session, _, _ in mine})
        for name in MUSCLES:
            shares = {exercise: catalogue().shares(exercise).get(name, 0) for _, exercise, _ in mine}
            direct = sum(count for (_, exercise, _), count in mine.items() if shares[exercise] == 1000)
            fractional = sum(count * shares[exercise] for (_, exercise, _), count in mine.items())
            done = week["muscles"][name]
            assert (done["direct_sets"], done["fractional_milli"]) == (direct, fractional)
    assert sum(week["sets"] for week in shown) == sum(sets.values())


@given(histories(many_sets, 40))
def test_weeks_run_without_gaps_under_their_iso_names(world: World) -> None:
    shown = weeks(fold(world.records))
    for week, following in itertools.pairwise(shown):
        assert date.fromisoformat(following["start"]) - date.fromisoformat(week["start"]) == timedelta(days=7)
    for week in shown:
        year, number, weekday = date.fromisoformat(week["start"]).isocalendar()
        assert (week["week"], weekday) == (f"{year}-W{number:02}", 1)


@pytest.mark.parametrize("kind", ["working", "drop", "failure", "amrap", "back_off"])
def test_a_set_of_any_kind_but_warm_up_counts_one(kind: Any) -> None:  # noqa: ANN401  (a literal)
    assert muscle(ledger_of(a_set(reps=8, kind=kind)))["direct_sets"] == 1


@pytest.mark.parametrize(
    "done",
    [
        {"reps": 8, "kind": "warm_up"},
        {"reps": 0, "kind": "failure"},
        {"reps": 0},
        {},
        {"seconds": 0, "distance_mm": 0},
    ],
)
def test_warm_ups_missed_attempts_and_empty_sets_count_nowhere(done: dict[str, Any]) -> None:
    assert weeks(ledger_of(a_set(**done))) == []


def test_seconds_or_distance_count_like_reps() -> None:
    ledger = ledger_of(a_set(seconds=1), a_set(distance_mm=1), a_set(reps=1))
    assert muscle(ledger)["direct_sets"] == 3


def test_each_drop_set_counts_one() -> None:
    drops = [a_set(load=load, reps=8, kind="drop") for load in ("80kg", "60kg")]
    assert muscle(ledger_of(a_set(load="100kg", reps=8), *drops))["direct_sets"] == 3


def test_one_sided_sets_count_as_many_as_the_side_that_did_more() -> None:
    sides = [("left", 10), ("left", 10), ("left", 8), ("right", 10), ("right", 9)]
    ledger = ledger_of(*(a_set("forward_lunge", "20kg", reps, side=side, implements=1) for side, reps in sides))
    assert muscle(ledger) == {"direct_sets": 3, "fractional_milli": 3000, "reps": 28, "tonnage_g": 20_000 * 47}


def test_sets_per_leg_that_are_logged_for_both_count_as_they_are() -> None:
    ledger = ledger_of(*(a_set("forward_lunge", "20kg", 10, implements=1) for _ in range(3)))
    assert muscle(ledger) == {"direct_sets": 3, "fractional_milli": 3000, "reps": 30, "tonnage_g": 600_000}


def test_sides_are_brought_together_session_by_session() -> None:
    ledger = ledger_of(
        a_set("forward_lunge", reps=10, side="left", session=some_uuid("monday")),
        a_set("forward_lunge", reps=10, side="right", session=some_uuid("tuesday")),
    )
    assert muscle(ledger)["direct_sets"] == 2


def test_an_indirect_set_counts_half_and_gives_no_reps_or_tonnage() -> None:
    ledger = ledger_of(a_set("conventional_deadlift", "100kg", 5))
    assert muscle(ledger) == {"direct_sets": 0, "fractional_milli": 500, "reps": 0, "tonnage_g": 0}
    assert muscle(ledger, "glutes") == {"direct_sets": 1, "fractional_milli": 1000, "reps": 5, "tonnage_g": 500_000}


def test_the_matrix_of_the_profile_decides_what_a_set_trains() -> None:
    done = a_set("back_squat", reps=8)
    by_evidence, by_guide = ledger_of(done), ledger_of(done, ProfileChanged(matrix="seed-guide@1"))
    assert muscle(by_evidence, "hamstrings")["direct_sets"] == 0
    assert muscle(by_guide, "hamstrings")["direct_sets"] == 1
    assert muscle(by_guide, "adductors")["direct_sets"] == 0


def test_a_matrix_of_newer_code_is_read_as_the_default_one() -> None:
    done = a_set("back_squat", reps=8)
    assert weeks(ledger_of(done, ProfileChanged(matrix="evidence@9"))) == weeks(ledger_of(done))


def test_an_unknown_exercise_counts_as_a_set_and_in_no_muscle() -> None:
    (week,) = weeks(ledger_of(a_set("mystery", "100kg", 5)))
    assert week["sets"] == 1
    assert {shown["fractional_milli"] for shown in week["muscles"].values()} == {0}


def test_a_custom_exercise_trains_what_its_definition_says() -> None:
    own = ExerciseDefined(exercise="zercher", name="Zercher", muscles={"quadriceps": 1000, "core": 250})
    ledger = ledger_of(a_set("zercher", "80kg", 5), own)
    assert muscle(ledger)["direct_sets"] == 1
    assert muscle(ledger, "core")["fractional_milli"] == 250


def test_two_dumbbells_move_twice_their_load() -> None:
    assert muscle(ledger_of(a_set("back_squat", "20kg", 10, implements=2)))["tonnage_g"] == 400_000


def test_help_and_body_weight_are_no_tonnage_and_added_load_is() -> None:
    sets = [a_set("pull_up", load, 10) for load in ("bw", "bw-20kg", "bw+5kg")]
    assert muscle(ledger_of(*sets), "lats")["tonnage_g"] == 50_000


def test_tonnage_is_rounded_once_at_the_end() -> None:
    sets = [a_set(load="0.001lb", reps=1) for _ in range(2)]
    assert muscle(ledger_of(*sets))["tonnage_g"] == round_half_up(2 * 453_592_370, NANOGRAMS_PER_GRAM) == 1


@pytest.mark.parametrize(
    ("fractional", "beginner", "experienced"),
    [
        (0, "low", "low"),
        (4_999, "low", "low"),
        (5_000, "moderate", "moderate"),
        (9_999, "moderate", "moderate"),
        (10_000, "high", "moderate"),
        (12_000, "high", "high"),
        (20_000, "high", "high"),
        (20_001, "very_high", "high"),
        (25_000, "very_high", "high"),
        (25_001, "very_high", "very_high"),
    ],
)
def test_the_bands_are_wider_for_the_experienced(fractional: int, beginner: str, experienced: str) -> None:
    assert (band(fractional, "beginner"), band(fractional, "experienced")) == (beginner, experienced)


def test_the_level_of_the_profile_chooses_the_band() -> None:
    sets = [a_set(reps=8) for _ in range(11)]
    for level, expected in (("beginner", "high"), ("experienced", "moderate")):
        (week,) = weeks(ledger_of(*sets, ProfileChanged(level=level)))  # type: ignore[arg-type]
        assert week["muscles"]["quadriceps"]["band"] == expected


# Days and weeks.


def trained_at(
    *moments: int, settings: ProfileChanged | None = None, offset: int = 0, begun: int | None = None
) -> Ledger:
    """The ledger of sets done at those moments, in one session if ``begun`` says when."""
    world = World()
    world.now = max(moments)
    phone = world.replica()
    if settings is not None:
        phone.write(settings)
    if begun is not None:
        phone.write(start(), at=begun, offset=offset)
    for moment in moments:
        phone.write(a_set(reps=8), at=moment, offset=offset)
    world.sync()
    return fold(world.records)


def days(ledger: Ledger) -> list[str]:
    return sorted(sets["day"] for sets in ledger.report("sessions")["sessions"])


def test_a_set_after_midnight_belongs_to_the_day_on_which_its_session_started() -> None:
    ledger = trained_at(MIDNIGHT_MS + HOUR_MS, begun=MIDNIGHT_MS - HOUR_MS)
    assert ledger.latest_day == "2025-11-22"


@pytest.mark.parametrize(("later", "day"), [(12 * HOUR_MS, "2025-11-22"), (12 * HOUR_MS + 1, "2025-11-23")])
def test_a_set_logged_more_than_twelve_hours_after_the_start_belongs_to_its_own_day(later: int, day: str) -> None:
    begun = MIDNIGHT_MS - HOUR_MS
    assert trained_at(begun + later, begun=begun).latest_day == day


def test_a_set_of_a_session_that_nobody_started_counts_by_its_own_day() -> None:
    ledger = trained_at(MIDNIGHT_MS - 1, MIDNIGHT_MS)
    assert ledger.latest_day == "2025-11-23"
    assert days(ledger) == ["2025-11-22"]
    assert [week["sets"] for week in weeks(ledger)] == [2]


@pytest.mark.parametrize(("offset", "day"), [(0, "2025-11-22"), (60, "2025-11-23"), (-600, "2025-11-22")])
def test_the_day_is_that_of_the_lifters_wall_clock(offset: int, day: str) -> None:
    assert trained_at(MIDNIGHT_MS - MINUTE_MS, offset=offset).latest_day == day


@pytest.mark.parametrize(("cutoff", "day"), [(0, "2025-11-23"), (180, "2025-11-23"), (181, "2025-11-22")])
def test_a_day_begins_at_the_cut_off(cutoff: int, day: str) -> None:
    ledger = trained_at(MIDNIGHT_MS + 3 * HOUR_MS, settings=ProfileChanged(day_cutoff_min=cutoff))
    assert ledger.latest_day == day


def test_the_cut_off_refolds_what_was_there_before() -> None:
    world = World()
    phone = world.replica()
    phone.write(start(), at=MIDNIGHT_MS + HOUR_MS)
    phone.write(a_set(reps=8), at=MIDNIGHT_MS + HOUR_MS)
    world.now = MIDNIGHT_MS + DAY_MS
    world.sync()
    ledger = fold(world.records)
    assert ledger.latest_day == "2025-11-23"
    phone.write(ProfileChanged(day_cutoff_min=240))
    world.sync()
    ledger.apply(world.records)
    assert ledger.latest_day == "2025-11-22"


def test_the_week_start_moves_days_between_weeks() -> None:
    sunday = MIDNIGHT_MS + HOUR_MS
    monday_first = weeks(trained_at(sunday - DAY_MS, sunday))
    sunday_first = weeks(trained_at(sunday - DAY_MS, sunday, settings=ProfileChanged(week_start=6)))
    assert [(week["week"], week["start"], week["sets"]) for week in monday_first] == [("2025-W47", "2025-11-17", 2)]
    assert [(week["week"], week["start"], week["sets"]) for week in sunday_first] == [
        ("2025-W47", "2025-11-16", 1),
        ("2025-W48", "2025-11-23", 1),
    ]


def test_a_week_without_training_is_shown_empty() -> None:
    ledger = trained_at(NOON_MS, NOON_MS + 14 * DAY_MS)
    assert [(week["week"], week["sets"]) for week in weeks(ledger)] == [
        ("2025-W47", 1),
        ("2025-W48", 0),
        ("2025-W49", 1),
    ]


def test_weeks_run_to_the_day_that_is_asked_for() -> None:
    ledger = trained_at(NOON_MS)
    asked = ledger.report("volume", local_day(NOON_MS + 7 * DAY_MS, 0))
    assert (asked["as_of"], [week["sets"] for week in asked["weeks"]]) == ("2025-11-29", [1, 0])


def test_what_happened_after_the_day_that_is_asked_for_is_not_seen() -> None:
    ledger = trained_at(NOON_MS, NOON_MS + 7 * DAY_MS)
    asked = ledger.report("volume", local_day(NOON_MS, 0))
    assert [week["sets"] for week in asked["weeks"]] == [1]


def test_before_the_first_set_there_are_no_weeks() -> None:
    assert weeks(ledger_of()) == []
    assert ledger_of(a_set(reps=8)).report("volume", 0)["weeks"] == []


# Wrong clocks.


def test_a_clock_that_is_a_year_ahead_is_set_right() -> None:
    world = World()
    phone = world.replica(clock_error=365 * DAY_MS)
    phone.write(a_set(reps=8), before_now=HOUR_MS)
    world.sync()
    ledger = fold(world.records)
    (best,) = ledger.report("records")["exercises"]
    assert best["farthest"] is None
    assert (ledger.latest_day, weeks(ledger)[0]["week"]) == ("2025-11-22", "2025-W47")


def test_a_back_dated_set_stays_where_it_was_put_whatever_the_clock() -> None:
    world = World()
    phone = world.replica(clock_error=365 * DAY_MS)
    phone.write(a_set(reps=8), at=NOON_MS - 30 * DAY_MS)
    world.sync()
    assert fold(world.records).latest_day == "2025-10-23"


def test_a_session_and_its_sets_move_with_a_correction_of_its_start() -> None:
    ledger = trained_at(MIDNIGHT_MS + HOUR_MS, begun=MIDNIGHT_MS + HOUR_MS)
    assert ledger.latest_day == "2025-11-23"
    moved = ledger_of(
        start(),
        a_set(reps=8),
        FactCorrected(target=VISIT, changes={"at": NOON_MS - 11 * HOUR_MS}),
    )
    assert days(moved) == ["2025-11-21"]


def test_a_void_set_leaves_its_week_empty() -> None:
    done, wrong = a_set(reps=8), a_set(reps=8)
    assert [week["sets"] for week in weeks(ledger_of(done, wrong, FactVoided(target=wrong.set)))] == [1]


def test_sides_that_were_trained_on_either_side_of_midnight_count_once() -> None:
    world = World()
    phone = world.replica()
    for minutes, side in ((-4, "left"), (-2, "left"), (2, "right"), (4, "right")):
        phone.write(a_set("forward_lunge", reps=10, side=side), at=MIDNIGHT_MS + minutes * MINUTE_MS, offset=0)
    world.now = MIDNIGHT_MS + DAY_MS
    world.sync()
    assert [week["sets"] for week in weeks(fold(world.records))] == [2]


def test_the_repetitions_are_those_of_the_side_whose_sets_count() -> None:
    sides = [("left", 5), ("left", 5), ("left", 5), ("right", 10), ("right", 10)]
    ledger = ledger_of(*(a_set("forward_lunge", "20kg", reps, side=side, implements=1) for side, reps in sides))
    assert muscle(ledger) == {"direct_sets": 3, "fractional_milli": 3000, "reps": 15, "tonnage_g": 20_000 * 35}


def test_explained_weeks_name_the_events_behind_them() -> None:
    ledger = ledger_of(a_set(reps=8), a_set(reps=0), a_set(reps=5))
    counted = {fact.entry.id for fact in ledger.facts.of_type("set_logged") if getattr(fact.body, "counts", False)}
    (week,) = ledger.report("volume", explain=True)["weeks"]
    assert set(week["events"]) == set(ledger.report("balance", explain=True)["events"]) == counted
    assert "events" not in weeks(ledger)[0]


def test_a_week_tells_its_exercises_so_that_variants_stand_side_by_side() -> None:
    back = [a_set("back_squat", "100kg", 8) for _ in range(3)]
    front = [a_set("front_squat", "80kg", 10, side=side) for side in ("left", "right", "both")]
    ledger = ledger_of(*back, *front, a_set("front_squat", "60kg", 5, kind="warm_up"))
    (week,) = ledger.report("volume", explain=True)["weeks"]
    assert [(row["exercise"], row["name"], row["sets"], row["reps"]) for row in week["exercises"]] == [
        ("back_squat", "Back Squat", 3, 24),
        ("front_squat", "Front Squat", 2, 20),
    ]
    assert [row["tonnage_g"] for row in week["exercises"]] == [2_400_000, 2_400_000]
    assert [len(row["events"]) for row in week["exercises"]] == [3, 3]
    assert sum(row["sets"] for row in week["exercises"]) == week["sets"]
