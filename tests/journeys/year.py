"""A year of one lifter's training, day by day, as facts: the same for the same seed, on every machine.

Maja is 34, trains her legs twice and her upper body once a week in Berlin, and follows the guide. In the year there
are all the things that years have: a skipped warm-up, a mistyped set, a sore knee, a deload, three weeks of holidays,
a trip to New York, a session over midnight, an add-on weight that makes smaller steps, a trainer's remark.

It is what docs/worked-year.md shows, and what the benchmarks and whoever tries something out can train on.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from client_sdk.draft import Draft
from events import Body, Load
from events.body import DeloadEnded, DeloadStarted, Measurement, MeasurementTaken, Pain, PhotoAttached, ReadinessRated
from events.body import TestPerformed as PerformanceTest
from events.corrections import FactCorrected, FactVoided, NoteAdded
from events.equipment import EquipmentChanged, EquipmentDefined, Plate
from events.identifiers import derived_uuid7
from events.nutrition import FoodLogged, SupplementTaken, WaterLogged
from events.profile import ProfileChanged
from events.programs import DayAdded, ProgramActivated, ProgramCreated, SlotAdded, SlotChanged
from events.training import DrillLogged, SessionFinished, SessionStarted, SetLogged

FIRST_DAY = date(2025, 1, 6)
WEEKS = 52
BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")

HOLIDAYS = range(30, 33)
"""The weeks, counted from 0, without training."""
DELOAD = 21
TRIP = 39
ADD_ON = 17
"""The week in which the gym got its magnetic add-on weights."""
ROMANIAN = 26
"""The week from which on she pulls Romanian deadlifts."""


class Lift(msgspec.Struct):
    """A slot of her program, and where she stands with it.

    ``milli`` is the load, in thousandths of a kilogram as ``step`` and the ``most`` that she is made for this year;
    ``grown`` the repetitions that she has gained at it.
    """

    exercise: str
    sets: int
    low: int
    high: int
    milli: int
    step: int
    most: int
    equipment: str
    per_side: bool = False
    grown: int = 0


class Year:
    """The drafts of the year, in the order in which they happened.

    Args:
        seed: Of the dice.
    """

    def __init__(self, seed: int = 7) -> None:
        self.dice = random.Random(seed)  # noqa: S311  # a story, no secret
        self.zone = BERLIN
        self.now = datetime.combine(FIRST_DAY, time(7), BERLIN)
        self.count = 0
        self.program, self.day = self._id("program"), self._id("day")
        self.equipment = {name: self._id(name) for name in ("bar", "dumbbells", "stack", "press")}
        self.legs = [
            Lift("back_squat", 4, 8, 12, 55_000, 2_500, 85_000, "bar"),
            Lift("conventional_deadlift", 4, 6, 10, 70_000, 5_000, 110_000, "bar"),
            Lift("forward_lunge", 3, 10, 12, 10_000, 2_000, 20_000, "dumbbells", per_side=True),
            Lift("leg_press", 4, 10, 15, 90_000, 10_000, 170_000, "press"),
            Lift("seated_leg_curl", 3, 12, 15, 25_000, 5_000, 46_250, "stack"),
            Lift("standing_calf_raise", 4, 15, 20, 40_000, 5_000, 70_000, "stack"),
        ]
        self.upper = [
            Lift("bench_press", 3, 6, 10, 35_000, 2_500, 50_000, "bar"),
            Lift("bent_over_row", 3, 8, 12, 37_500, 2_500, 52_500, "bar"),
            Lift("overhead_press", 3, 6, 10, 25_000, 2_500, 35_000, "bar"),
        ]
        self.slots = {lift.exercise: self._id(f"slot {lift.exercise}") for lift in self.legs}

    def drafts(self) -> Iterator[Draft]:
        """All that she said in the year."""
        yield from self._begin()
        for week in range(WEEKS):
            yield from self._week(week)

    def _begin(self) -> Iterator[Draft]:
        """The evening on which she sets everything up."""
        yield self._say(ProfileChanged(units="kg", level="beginner", sessions_per_week=2))
        plates = tuple(Plate(milli, "kg") for milli in (25_000, 20_000, 15_000, 10_000, 5_000, 2_500, 1_250))
        kilos = self._kilos
        yield self._say(
            EquipmentDefined(
                equipment=self.equipment["bar"],
                name="Olympic bar",
                kind="barbell",
                start_load=kilos(20_000),
                plates=plates,
            )
        )
        yield self._say(
            EquipmentDefined(
                equipment=self.equipment["dumbbells"],
                name="Dumbbell rack",
                kind="dumbbells",
                start_load=kilos(2_000),
                steps=(kilos(2_000),),
                max_load=kilos(40_000),
            )
        )
        yield self._say(
            EquipmentDefined(
                equipment=self.equipment["stack"],
                name="Stack machines",
                kind="stack",
                steps=(kilos(5_000),),
                max_load=kilos(120_000),
            )
        )
        yield self._say(
            EquipmentDefined(
                equipment=self.equipment["press"],
                name="Leg press",
                kind="plate_loaded",
                start_load=kilos(50_000),
                plates=(Plate(20_000, "kg"), Plate(10_000, "kg"), Plate(5_000, "kg")),
            )
        )
        yield self._say(ProgramCreated(program=self.program, name="Balanced legs", template="balanced-legs"))
        yield self._say(DayAdded(program=self.program, day=self.day, name="Leg day", rank="V"))
        for rank, lift in zip("GHIJKL", self.legs, strict=True):
            slot = SlotAdded(
                program=self.program,
                day=self.day,
                slot=self.slots[lift.exercise],
                rank=rank,
                exercise=lift.exercise,
                sets=lift.sets,
                reps_min=lift.low,
                reps_max=lift.high,
                per_side=lift.per_side,
                equipment=self.equipment[lift.equipment],
            )
            yield self._say(slot)
        yield self._say(ProgramActivated(program=self.program))

    def _week(self, week: int) -> Iterator[Draft]:
        monday = FIRST_DAY + timedelta(weeks=week)
        self.zone = NEW_YORK if week == TRIP else BERLIN
        yield from self._weigh_in(monday, week)
        if week == ADD_ON:
            self._go(monday, time(12))
            add_ons = (self._kilos(1_250), self._kilos(2_500))
            yield self._say(EquipmentChanged(equipment=self.equipment["stack"], add_ons=add_ons))
            for lift in self.legs:
                if lift.equipment == "stack":
                    lift.step = 1_250
        if week in {DELOAD, DELOAD + 1}:
            self._go(monday, time(8))
            yield self._say(DeloadStarted(reason="Tired for weeks") if week == DELOAD else DeloadEnded())
        if week == ROMANIAN:
            yield from self._turn_romanian(monday)
        if week in HOLIDAYS:
            if week == HOLIDAYS.stop - 1:
                for lift in (*self.legs, *self.upper):
                    lift.milli = self._rounded(lift.milli * 9 // 10, lift.step)
            return
        easy = week == DELOAD
        evening = time(23, 10) if week == 11 else time(18, 30)  # one late session
        yield from self._leg_session(monday + timedelta(days=1), evening, week, easy=easy)
        yield from self._upper_session(monday + timedelta(days=3))
        if self.dice.random() < 0.85:
            yield from self._leg_session(monday + timedelta(days=4), time(17, 45), week, easy=easy)
        yield from self._sunday(monday + timedelta(days=6), week)

    def _leg_session(self, day: date, at: time, week: int, *, easy: bool) -> Iterator[Draft]:
        self._go(day, at)
        session = self._id("session")
        yield self._say(SessionStarted(session=session, title="Leg day", program=self.program, program_day=self.day))
        if self.dice.random() < 0.88:
            yield from self._warm_up(session)
        for lift in self.legs:
            yield from self._lifted(lift, session, week, easy=easy)
        if self.dice.random() < 0.8:
            yield from self._cool_down(session)
        self._wait(120)
        yield self._say(SessionFinished(session=session, effort_tenths=self.dice.randrange(60, 90)))
        yield self._say(WaterLogged(ml=self.dice.choice((500, 750)), when="during"))

    def _upper_session(self, day: date) -> Iterator[Draft]:
        self._go(day, time(18))
        session = self._id("session")
        yield self._say(SessionStarted(session=session, title="Upper body"))
        for lift in self.upper:
            yield from self._lifted(lift, session, 0, easy=False)
        for _ in range(3):
            self._wait(150)
            reps = self.dice.randrange(4, 7) + self.count // 900
            yield self._say(self._set(session, "pull_up", reps, load_kind="assisted", load=self._kilos(20_000)))
        yield self._say(SessionFinished(session=session))

    def _warm_up(self, session: str) -> Iterator[Draft]:
        drills = (
            ("Cycling", "light_cardio", 420, None),
            ("Leg swings", "dynamic_stretch", 60, "hip_flexors"),
            ("Walking lunges", "dynamic_stretch", 90, "glutes"),
            ("High knees", "dynamic_stretch", 60, "quadriceps"),
        )
        for name, kind, seconds, muscle in drills:
            yield self._drill(session, "warm_up", name, kind, seconds, muscle)

    def _cool_down(self, session: str) -> Iterator[Draft]:
        muscles = ("hamstrings", "quadriceps", "gastrocnemius", "glutes", "hip_flexors")
        for muscle in muscles[: self.dice.randrange(3, 6)]:
            name = f"{muscle.replace('_', ' ').capitalize()} stretch"
            seconds = self.dice.choice((30, 30, 30, 20))
            for _ in range(2):
                yield self._drill(session, "cool_down", name, "static_stretch", seconds, muscle)
        yield self._drill(session, "cool_down", "Foam rolling", "foam_rolling", 240, None)

    def _lifted(self, lift: Lift, session: str, week: int, *, easy: bool) -> Iterator[Draft]:
        """The sets of one lift; double progression, with good and bad days."""
        milli = self._rounded(lift.milli * 6 // 10, lift.step) if easy else lift.milli
        form = self.dice.choices((5, 4, 3, 2), (30, 50, 17, 3))[0]
        if lift.exercise in {"back_squat", "bench_press"}:
            self._wait(180)
            ramp = self._rounded(milli // 2, lift.step)
            yield self._say(self._set(session, lift.exercise, 8, kind="warm_up", load=self._kilos(ramp)))
        worst = lift.high
        for number in range(lift.sets):
            self._wait(self.dice.randrange(150, 200))
            reps = lift.low + lift.grown + self.dice.choices((0, 1, 2, 3, 4), (10, 20, 30, 25, 15))[0] - number // 2
            reps = min(lift.high, max(lift.low - 2, reps))
            worst = min(worst, reps)
            yield from self._one_set(lift, session, milli, reps, form if number == 0 else None)
        if not easy:
            self._progress(lift, worst, form)
        if week == 9 and lift.exercise == "leg_press":  # once
            yield from self._mistyped(lift, session)

    def _one_set(self, lift: Lift, session: str, milli: int, reps: int, form: int | None) -> Iterator[Draft]:
        slot = self.slots.get(lift.exercise)
        fields = {"form": form, "slot": slot, "equipment": self.equipment[lift.equipment]}
        if lift.per_side:
            for side, done in (("left", reps), ("right", max(1, reps - self.dice.choice((0, 0, 1))))):
                load = self._kilos(milli)
                yield self._say(self._set(session, lift.exercise, done, load=load, side=side, implements=2, **fields))
        else:
            yield self._say(self._set(session, lift.exercise, reps, load=self._kilos(milli), **fields))

    def _progress(self, lift: Lift, worst: int, form: int) -> None:
        """Full sets with good form: the next load."""
        if worst < lift.high - 1:
            lift.grown = min(lift.high - lift.low, lift.grown + (self.dice.random() < 0.35))
        elif form > 2 and self.dice.random() < 0.4 and lift.milli + lift.step <= lift.most:  # technique over weight
            lift.milli, lift.grown = lift.milli + lift.step, 0

    def _mistyped(self, lift: Lift, session: str) -> Iterator[Draft]:
        """900 kg were 90, and one set was logged twice."""
        typed = self._set(session, lift.exercise, 12, load=self._kilos(900_000))
        yield self._say(typed)
        self._wait(20)
        yield self._say(FactCorrected(target=typed.set, changes={"load": {"milli": 90_000, "unit": "kg"}}))
        again = self._set(session, lift.exercise, 12, load=self._kilos(90_000))
        yield self._say(again)
        yield self._say(FactVoided(target=again.set, reason="Logged twice"))

    def _weigh_in(self, monday: date, week: int) -> Iterator[Draft]:
        self._go(monday, time(7))
        weight = 66_000 + 35 * week + self.dice.randrange(-400, 400)
        yield self._measured("body_weight", weight - weight % 100, "kg")
        if week % 4 == 0:
            for site, start, gain in (("thigh", 55_000, 45), ("calf", 35_500, 15)):
                for side, lead in (("left", 0), ("right", 300)):
                    yield self._measured(site, (start + lead + gain * week) // 100 * 100, "cm", side)
        if week % 13 == 0:
            yield self._measured("body_fat", 26_000 - 40 * week, "percent")
            sha256 = f"{week:064x}"
            photo = PhotoAttached(
                photo=self._id("photo"), sha256=sha256, bytes=2_400_000, media_type="image/jpeg", pose="front"
            )
            yield self._say(photo)
        if week % 13 == 2:  # four times a year
            yield from self._tests(week)

    def _tests(self, week: int) -> Iterator[Draft]:
        quicker = 60 * (week // 13)
        yield self._test("sprint", distance_mm=40_000, seconds_milli=6_900 - quicker)
        yield self._test("jump", height_mm=310 + quicker // 6)
        yield self._test("endurance", distance_mm=5_000_000, seconds_milli=1_620_000 - 300 * quicker)

    def _sunday(self, day: date, week: int) -> Iterator[Draft]:
        """She rates the week, and in its last weeks keeps a diary of her meals."""
        self._go(day, time(20))
        fatigue = 7 if week in {DELOAD - 2, DELOAD - 1} else self.dice.randrange(2, 6)
        soreness = {"quadriceps": self.dice.randrange(1, 6), "hamstrings": self.dice.randrange(1, 6)}
        pain = Pain(site="left knee", slot=self.slots["forward_lunge"]) if week == 19 else None  # once
        sleep = self.dice.randrange(380, 500)
        yield self._say(
            ReadinessRated(rating=self._id("rating"), fatigue=fatigue, sleep_min=sleep, soreness=soreness, pain=pain)
        )
        if week == 12:  # once
            text = "Knees track well now. Pause at the top of the calf raise."
            yield self._say(NoteAdded(note=self._id("note"), target="back_squat", text=text, author="Jonas"))
        if week >= WEEKS - 6:
            for back in range(6, -1, -1):
                yield from self._meals(day - timedelta(days=back))

    def _meals(self, day: date) -> Iterator[Draft]:
        for at, name, protein, carbohydrate, fat, tags in (
            (time(7, 30), "Porridge with quark and berries", 320, 620, 120, ("dairy", "whole_grains", "fruit")),
            (time(12, 45), "Lentil curry with rice", 330, 850, 180, ("lentils", "whole_grains", "vegetables")),
            (time(19, 30), "Chicken, potatoes and salad", 450, 520, 210, ("chicken", "vegetables", "olive_oil")),
        ):
            self._go(day, at)
            yield self._say(
                FoodLogged(
                    name=name,
                    protein_dg=protein + self.dice.randrange(-60, 60),
                    carbohydrate_dg=carbohydrate,
                    fat_dg=fat,
                    tags=tags,
                )
            )
        yield self._say(WaterLogged(ml=self.dice.choice((1500, 2000, 2500))))
        yield self._say(SupplementTaken(kind="creatine", dose_mg=5_000))

    def _turn_romanian(self, monday: date) -> Iterator[Draft]:
        self._go(monday, time(21))
        lift = self.legs[1]
        slot = self.slots["romanian_deadlift"] = self.slots[lift.exercise]
        lift.exercise, lift.milli, lift.grown = "romanian_deadlift", self._rounded(lift.milli * 8 // 10, 5_000), 0
        yield self._say(SlotChanged(program=self.program, slot=slot, exercise=lift.exercise))

    def _set(self, session: str, exercise: str, reps: int, **fields: object) -> SetLogged:
        kind = fields.pop("kind", "working")
        return SetLogged(set=self._id("set"), session=session, exercise=exercise, kind=kind, reps=reps, **fields)

    def _drill(self, session: str, phase: str, name: str, kind: str, seconds: int, muscle: str | None) -> Draft:  # noqa: PLR0917  # a drill's own fields
        self._wait(seconds)
        drill = DrillLogged(
            drill=self._id("drill"),
            session=session,
            phase=phase,
            kind=kind,
            name=name,
            seconds=seconds,
            muscle=muscle,
        )
        return self._say(drill)

    def _measured(self, site: str, milli: int, unit: str, side: str | None = None) -> Draft:
        value = Measurement(milli, unit)
        return self._say(MeasurementTaken(measurement=self._id("measurement"), site=site, value=value, side=side))

    def _test(self, kind: str, **fields: int) -> Draft:
        return self._say(PerformanceTest(test=self._id("test"), kind=kind, **fields))

    def _go(self, day: date, at: time) -> None:
        self.now = datetime.combine(day, at, self.zone) + timedelta(seconds=self.dice.randrange(0, 600))

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

    @staticmethod
    def _rounded(milli: int, step: int) -> int:
        return max(step, milli // step * step)
