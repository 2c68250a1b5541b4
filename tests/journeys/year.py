"""A year of one lifter's training, day by day, as facts: the same for the same seed, on every machine.

Maja is 34, trains her legs twice and her upper body once a week in Berlin, and follows the guide by the built-in
program. In the year there is all that years have: a skipped warm-up, a mistyped set, a sore knee, a deload, three
weeks of holidays, a trip to New York, a session over midnight, add-on weights that make smaller steps, a trainer's
remark.

It is what docs/worked-year.md shows.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
from support.chains import some_uuid

from client_sdk import Replica
from client_sdk.cli.programs import days_of
from client_sdk.draft import Draft
from client_sdk.sqlite_store import SqliteStore
from client_sdk.store import SignedIn
from events import Body, Load
from events.body import DeloadEnded, DeloadStarted, Measurement, MeasurementTaken, Pain, PhotoAttached, ReadinessRated
from events.body import TestPerformed as PerformanceTest
from events.catalogue.drills import find_drill
from events.corrections import FactCorrected, FactVoided, NoteAdded
from events.equipment import EquipmentChanged, EquipmentDefined, Plate
from events.identifiers import derived_uuid7
from events.nutrition import FoodLogged, SupplementTaken, WaterLogged
from events.profile import ProfileChanged
from events.programs import DayAdded, ProgramActivated, ProgramCreated, SlotAdded, SlotChanged
from events.templates import BALANCED_LEGS
from events.training import DrillLogged, SessionFinished, SessionStarted, SetLogged
from server.memory_store import MemoryStore as ServerStore
from server.service import Service

FIRST_DAY = date(2025, 1, 6)
WEEKS = 52
LAST_EVENING = datetime(2026, 1, 4, 21, 0)  # noqa: DTZ001  # on Maja's clock, when the year is over
SUNDAY = 3
"""Of a day since 1 January 1970, a Thursday, modulo 7."""
BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")

TUESDAY = 1
MISTYPED = 9
"""The week, counted from 0, in which she types 900 kg for 100."""
LATE = 11
"""A week with a session over midnight."""
ADD_ON = 17
"""The week in which the gym gets its magnetic add-on weights."""
SORE_KNEE = 19
DELOAD = 21
ROMANIAN = 26
"""The week from which on she pulls Romanian deadlifts."""
HOLIDAYS = range(30, 33)
"""The weeks without training."""
TRIP = 39
"""The week in New York."""


class Lift(msgspec.Struct):
    """A lift that she does, and where she stands with it.

    ``milli`` is the load in thousandths of a kilogram, which goes up by ``step``; ``gain`` is how many sessions of a
    hundred make her a repetition stronger at first. ``grown`` are the repetitions that she is beyond ``low``, and
    ``full`` the sessions in a row in which all sets had ``high``.
    """

    exercise: str
    sets: int
    low: int
    high: int
    milli: int
    step: int
    gain: int
    per_side: bool = False
    grown: int = 0
    full: int = 0


def write_year(path: Path) -> None:
    """The year as Maja's ledger file, written day by day and synced on Sundays."""
    year = Year()
    now = 0
    service = Service(ServerStore(), lambda: now)
    maja = SignedIn(some_uuid("maja"), some_uuid("maja's phone"), "token")
    store = SqliteStore(path, some_uuid("maja's ledger"))
    with Replica(store, clock=lambda: now, checkpoint_every=1_000_000) as replica:
        replica.sign_in("http://127.0.0.1:8765", maja)
        endpoint = service.endpoint(maja.account, maja.device)
        for day, drafts in groupby(year.drafts(), lambda draft: (draft.at + draft.offset * 60_000) // 86_400_000):
            written = list(drafts)
            now = written[-1].at
            replica.write(written)
            if day % 7 == SUNDAY:
                replica.sync(endpoint)


class Year:
    """The drafts of the year, in the order in which they happened.

    Args:
        seed: Of the dice.
    """

    def __init__(self, seed: int = 7) -> None:
        self.dice = Dice(seed)
        self.zone = BERLIN
        self.now = datetime.combine(FIRST_DAY, time(6, 30), BERLIN)
        self.count = 0
        self.program = self._id("program")
        self.day = ""
        self.slots: dict[str, str] = {}
        """Those of the program, by exercise."""
        self.machines = {name: self._id(name) for name in ("Leg press", "Seated leg curl", "Standing calf raise")}
        self.legs = [
            Lift("back_squat", 4, 8, 12, 50_000, 2_500, 34),
            Lift("conventional_deadlift", 4, 6, 10, 65_000, 2_500, 40),
            Lift("forward_lunge", 3, 10, 12, 10_000, 2_000, 55, per_side=True),
            Lift("leg_press", 4, 10, 15, 90_000, 10_000, 60),
            Lift("seated_leg_curl", 3, 12, 15, 25_000, 5_000, 44),
            Lift("standing_calf_raise", 4, 15, 20, 40_000, 5_000, 44),
        ]
        self.upper = [
            Lift("bench_press", 3, 6, 10, 35_000, 2_500, 40),
            Lift("bent_over_row", 3, 8, 12, 37_500, 2_500, 44),
            Lift("overhead_press", 3, 6, 10, 22_500, 2_500, 20),
        ]

    def drafts(self) -> list[Draft]:
        """All that she said in the year."""
        said = [*self._begin(), *(draft for week in range(WEEKS) for draft in self._week(week))]
        return sorted(said, key=lambda draft: draft.at)

    def _begin(self) -> Iterator[Draft]:
        """The morning on which she sets everything up."""
        yield self._say(ProfileChanged(units="kg", level="beginner", sessions_per_week=2))
        kilos = self._kilos
        plates = tuple(Plate(milli, "kg") for milli in (20_000, 15_000, 10_000, 5_000, 2_500, 1_250))
        bar, rack, press, *stacks = (
            EquipmentDefined(equipment=self._id("bar"), name="Olympic bar", kind="barbell", start_load=kilos(20_000)),
            EquipmentDefined(equipment=self._id("rack"), name="Dumbbells", kind="dumbbells", start_load=kilos(2_000)),
            *(
                EquipmentDefined(equipment=machine, name=name, kind="stack", steps=(kilos(5_000),))
                for name, machine in self.machines.items()
            ),
        )
        for said in (
            msgspec.structs.replace(bar, plates=plates),
            msgspec.structs.replace(rack, steps=(kilos(2_000),), max_load=kilos(40_000)),
            msgspec.structs.replace(
                press, kind="plate_loaded", start_load=kilos(50_000), steps=(), plates=(*plates[:1], *plates[2:4])
            ),
            *(msgspec.structs.replace(stack, max_load=kilos(120_000)) for stack in stacks),
        ):
            yield self._say(said)
        yield self._say(ProgramCreated(program=self.program, name="Balanced legs", template=BALANCED_LEGS.name))
        for body in days_of(BALANCED_LEGS, self.program, lambda: self._id("part"), {}):
            if isinstance(body, DayAdded):
                self.day = body.day
            if isinstance(body, SlotAdded) and body.exercise is not None:
                self.slots[body.exercise] = body.slot
            yield self._say(body)
        yield self._say(ProgramActivated(program=self.program))

    def _week(self, week: int) -> Iterator[Draft]:
        monday = FIRST_DAY + timedelta(weeks=week)
        self.zone = NEW_YORK if week == TRIP else BERLIN
        yield from self._weigh_in(monday, week)
        if week == ADD_ON:
            yield from self._get_add_ons(monday)
        if week in {DELOAD, DELOAD + 1}:
            self._go(monday, time(8))
            yield self._say(DeloadStarted(reason="Tired for weeks") if week == DELOAD else DeloadEnded())
        if week == ROMANIAN:
            yield from self._turn_romanian(monday)
        if week in HOLIDAYS:
            if week == HOLIDAYS.stop - 1:
                for lift in (*self.legs, *self.upper):
                    lift.grown, lift.full = lift.grown - 2, 0
            return
        yield from self._leg_session(monday + timedelta(days=1), time(23, 10) if week == LATE else time(18, 30), week)
        yield from self._upper_session(monday + timedelta(days=3), week)
        if self.dice.chance(90):
            yield from self._leg_session(monday + timedelta(days=4), time(17, 45), week)
        yield from self._sunday(monday + timedelta(days=6), week)

    def _leg_session(self, day: date, at: time, week: int) -> Iterator[Draft]:
        self._go(day, at)
        session = self._id("session")
        yield self._say(SessionStarted(session=session, title="Leg day", program=self.program, program_day=self.day))
        if self.dice.chance(90):
            yield from self._drills(session, "warm_up")
        for lift in self.legs:
            yield from self._lifted(lift, session, week)
        if self.dice.chance(80):
            yield from self._drills(session, "cool_down")
        self._wait(120)
        yield self._say(SessionFinished(session=session, effort_tenths=60 + self.dice.below(30)))
        yield self._say(WaterLogged(ml=500 + 250 * self.dice.below(2), when="during"))

    def _upper_session(self, day: date, week: int) -> Iterator[Draft]:
        self._go(day, time(18))
        session = self._id("session")
        yield self._say(SessionStarted(session=session, title="Upper body"))
        for lift in self.upper:
            yield from self._lifted(lift, session, week)
        for _ in range(3):  # every two months with less help of the band
            self._wait(150)
            reps = 5 + week % 9 // 3 - self.dice.below(2)
            helped = self._kilos(30_000 - week // 9 * 5_000)
            yield self._say(self._set(session, "pull_up", reps, load_kind="assisted", load=helped))
        yield self._say(SessionFinished(session=session))

    def _drills(self, session: str, phase: str) -> Iterator[Draft]:
        """What the program asks for, in a hurry or not."""
        for place in BALANCED_LEGS.days[0].places:
            if place.phase != phase or place.drill is None or place.drill_kind is None:
                continue
            name = "cycling" if place.drill_kind == "light_cardio" else place.drill
            known = find_drill(name)
            low, high = place.seconds_min or 0, place.seconds_max or 0
            if place.drill_kind == "static_stretch" and self.dice.chance(8):
                low = high = 20  # she is tired of it
            for _ in range(place.sets):
                for side in ("left", "right") if place.per_side else ("both",):
                    seconds = (low + self.dice.below(high - low + 1)) // 5 * 5
                    self._wait(seconds + 5)
                    drill = DrillLogged(
                        drill=self._id("drill"),
                        session=session,
                        phase=place.phase,
                        kind=place.drill_kind,
                        name=name,
                        seconds=seconds,
                        muscle=None if known is None else known.muscle,
                        side=side,
                    )
                    yield self._say(drill)

    def _lifted(self, lift: Lift, session: str, week: int) -> Iterator[Draft]:
        """The sets of one lift, on a good day or a bad one."""
        easy = week == DELOAD
        milli = (lift.milli * 9 // 10 // lift.step * lift.step) if easy else lift.milli
        form = self.dice.weighted({5: 30, 4: 50, 3: 18, 2: 2})
        if lift.exercise in {"back_squat", "bench_press"}:
            self._wait(120)
            ramp = max(20_000, milli * 6 // 10 // lift.step * lift.step)
            yield self._say(self._set(session, lift.exercise, 6, kind="warm_up", load=self._kilos(ramp)))
        today = lift.low + lift.grown + self.dice.weighted({-1: 20, 0: 60, 1: 20}) + 2 * easy
        worst = lift.high
        for number in range(lift.sets):
            self._wait((45 if lift.per_side else 120 if lift.high > 12 else 150) + self.dice.below(30))
            reps = min(lift.high, max(lift.low - 3, today + self.dice.weighted({0: 60, 1: 40}) - number // 2))
            worst = min(worst, reps)
            rated = {"form": form} if number == 0 else {}
            if lift.per_side:
                for side, done in (("left", reps), ("right", reps - self.dice.weighted({0: 70, 1: 30}))):
                    yield self._say(
                        self._set(
                            session, lift.exercise, done, load=self._kilos(milli), side=side, implements=2, **rated
                        )
                    )
                    self._wait(45)
            elif (week, lift.exercise, number, self.now.weekday()) == (MISTYPED, "leg_press", 0, TUESDAY):
                yield from self._mistyped(lift, session, reps)
            else:
                yield self._say(self._set(session, lift.exercise, reps, load=self._kilos(milli), **rated))
        if not easy:
            self._progress(lift, worst, form, week)

    def _progress(self, lift: Lift, worst: int, form: int, week: int) -> None:
        """Double progression, as the report ``overload`` advises: twice full sets in good form, then more load."""
        lift.full = lift.full + 1 if worst == lift.high else 0
        if lift.full >= 2 and form > 2:
            lost = max(1, 36 * lift.step // lift.milli)  # a repetition is worth some 3 % of the load
            lift.milli, lift.grown, lift.full = lift.milli + lift.step, lift.grown - lost, 0
        elif self.dice.chance(lift.gain * (80 - week) // 80):
            lift.grown = min(lift.high - lift.low + 2, lift.grown + 1)

    def _mistyped(self, lift: Lift, session: str, reps: int) -> Iterator[Draft]:
        """900 kg were 100, and the set was logged twice."""
        typed = self._set(session, lift.exercise, reps, load=self._kilos(900_000))
        yield self._say(typed)
        self._wait(20)
        yield self._say(FactCorrected(target=typed.set, changes={"load": {"milli": lift.milli, "unit": "kg"}}))
        again = self._set(session, lift.exercise, reps, load=self._kilos(lift.milli))
        yield self._say(again)
        yield self._say(FactVoided(target=again.set, reason="Logged twice"))

    def _get_add_ons(self, monday: date) -> Iterator[Draft]:
        self._go(monday, time(12))
        for name, machine in self.machines.items():
            if name != "Leg press":
                add_ons = (self._kilos(1_250), self._kilos(2_500))
                yield self._say(EquipmentChanged(equipment=machine, add_ons=add_ons))
        for lift in self.legs:
            if lift.exercise in {"seated_leg_curl", "standing_calf_raise"}:
                lift.step = 1_250

    def _turn_romanian(self, monday: date) -> Iterator[Draft]:
        self._go(monday, time(21))
        lift = self.legs[1]
        slot = self.slots["romanian_deadlift"] = self.slots[lift.exercise]
        lift.exercise, lift.milli, lift.step = "romanian_deadlift", lift.milli * 75 // 100 // 2_500 * 2_500, 2_500
        lift.grown, lift.full = 1, 0
        yield self._say(SlotChanged(program=self.program, slot=slot, exercise=lift.exercise))

    def _weigh_in(self, monday: date, week: int) -> Iterator[Draft]:
        self._go(monday, time(7))
        weight = 66_000 + 35 * week + self.dice.below(600) - 300
        yield self._measured("body_weight", weight - weight % 100, "kg")
        if week % 4 == 0:
            for site, start, gain in (("thigh", 55_000, 45), ("calf", 35_500, 15)):
                for side, lead in (("left", 0), ("right", 300)):
                    taped = start + lead + gain * week + self.dice.below(400) - 200
                    yield self._measured(site, taped // 100 * 100, "cm", side)
        if week % 13 == 0:
            yield self._measured("body_fat", (26_000 - 40 * week) // 500 * 500, "percent")
            yield self._say(
                PhotoAttached(
                    photo=self._id("photo"),
                    sha256=hashlib.sha256(f"photo of week {week}".encode()).hexdigest(),
                    bytes=2_400_000 + week,
                    media_type="image/jpeg",
                    pose="front",
                )
            )
        if week % 13 == 2:  # four times a year
            quicker = 60 * (week // 13)
            yield self._test("sprint", distance_mm=40_000, seconds_milli=6_900 - quicker)
            yield self._test("jump", height_mm=310 + quicker // 6)
            yield self._test("endurance", distance_mm=5_000_000, seconds_milli=1_620_000 - 300 * quicker)

    def _sunday(self, day: date, week: int) -> Iterator[Draft]:
        """She rates the week, and in its last weeks keeps a diary of her meals."""
        if week >= WEEKS - 6:
            for back in range(6, 0, -1):
                yield from self._meals(day - timedelta(days=back))
        if week >= WEEKS - 6:
            yield from self._meals(day)
        self._go(day, time(20, 30))
        fatigue = 7 if week in {DELOAD - 2, DELOAD - 1} else 2 + self.dice.below(4)
        soreness = {"quadriceps": 1 + self.dice.below(5), "hamstrings": 1 + self.dice.below(5)}
        pain = Pain(site="left knee", slot=self.slots["forward_lunge"]) if week == SORE_KNEE else None
        sleep = 380 + self.dice.below(120)
        yield self._say(
            ReadinessRated(rating=self._id("rating"), fatigue=fatigue, sleep_min=sleep, soreness=soreness, pain=pain)
        )
        if week == 12:  # once
            text = "Knees track well now. Pause at the top of the calf raise."
            yield self._say(NoteAdded(note=self._id("note"), target="back_squat", text=text, author="Jonas"))

    def _meals(self, day: date) -> Iterator[Draft]:
        for at, name, protein, carbohydrate, fat, tags in (
            (time(7, 30), "Porridge with quark and berries", 320, 780, 150, ("dairy", "whole_grains", "fruit")),
            (time(12, 45), "Lentil curry with rice", 370, 950, 220, ("lentils", "whole_grains", "vegetables")),
            (time(19, 30), "Chicken, potatoes and salad", 460, 640, 250, ("chicken", "vegetables", "olive_oil")),
        ):
            self._go(day, at)
            less = self.dice.below(3) * 60
            yield self._say(
                FoodLogged(
                    name=name,
                    protein_dg=protein + self.dice.below(120) - 60,
                    carbohydrate_dg=carbohydrate - less,
                    fat_dg=fat - less // 4,
                    tags=tags,
                )
            )
        yield self._say(WaterLogged(ml=1500 + 500 * self.dice.below(3)))
        if self.dice.chance(90):
            yield self._say(SupplementTaken(kind="creatine", dose_mg=5_000))

    def _set(self, session: str, exercise: str, reps: int, kind: str = "working", **fields: object) -> SetLogged:
        slot = self.slots.get(exercise) if kind == "working" else None
        named = {} if slot is None else {"slot": slot}
        fact = SetLogged(
            set=self._id("set"), session=session, exercise=exercise, kind=kind, reps=reps, **named, **fields
        )
        return msgspec.convert(msgspec.to_builtins(fact), SetLogged)

    def _measured(self, site: str, milli: int, unit: str, side: str | None = None) -> Draft:
        value = Measurement(milli, unit)
        return self._say(MeasurementTaken(measurement=self._id("measurement"), site=site, value=value, side=side))

    def _test(self, kind: str, **fields: int) -> Draft:
        return self._say(PerformanceTest(test=self._id("test"), kind=kind, **fields))

    def _go(self, day: date, at: time) -> None:
        self.now = datetime.combine(day, at, self.zone) + timedelta(seconds=self.dice.below(600))

    def _wait(self, seconds: int) -> None:
        self.now = (self.now.astimezone(UTC) + timedelta(seconds=seconds)).astimezone(self.zone)

    def _say(self, body: Body) -> Draft:
        self.count += 1
        self._wait(3)
        offset = self.now.utcoffset() or timedelta()
        at = self._ms
        return Draft(
            body=body,
            at=at,
            offset=int(offset.total_seconds()) // 60,
            id=derived_uuid7(at, "year", str(self.count)),
        )

    def _id(self, what: str) -> str:
        self.count += 1
        return derived_uuid7(self._ms, "year", what, str(self.count))

    @property
    def _ms(self) -> int:
        return int(self.now.timestamp() * 1000)

    @staticmethod
    def _kilos(milli: int) -> Load:
        return Load(milli, "kg")


class Dice:
    """Dice of a seed, made of the one draw that Python keeps the same in all its versions."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed).random  # noqa: S311  # a story, no secret

    def below(self, bound: int) -> int:
        """A number from 0 on, below the bound."""
        return int(self._random() * bound)

    def chance(self, percent: int) -> bool:
        """Whether what happens so often happens now."""
        return self.below(100) < percent

    def weighted(self, weights: dict[int, int]) -> int:
        """One of the keys, each as often as its weight says."""
        faces: Sequence[int] = [key for key, weight in weights.items() for _ in range(weight)]
        return faces[self.below(len(faces))]
