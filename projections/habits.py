"""What a lifter does session after session: warm-up and cool-down, stretches, minutes, form, and what is a habit.

The guide asks for a warm-up and a cool-down of 10 to 15 minutes, a main part of 60 to 75, and stretches of 30 seconds
for all the major leg muscles; this counts what was done of that over the 28 days that end on the day asked for. What
is known of it: most warm-ups studied improved performance (Fradkin, Zazryn and Smoliga 2010,
doi 10.1519/JSC.0b013e3181c643a0); 30 s of a static stretch did as much for flexibility as 60 s (Bandy and Irion 1994,
doi 10.1093/ptj/74.9.845); cool-downs and foam rolling do little that was measured, and feel good to many (Van Hooren
and Peake 2018, doi 10.1007/s40279-018-0916-2; Wiewelhove et al. 2019, doi 10.3389/fphys.2019.00376).

Sessions that another app's file brought are nobody's skipped warm-up where that app had no way to tell.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import reduce
from typing import Any, get_args

import msgspec

from events.guide import MAJOR_LEG_MUSCLES, STRETCH_S
from events.profile import ProfileChanged
from events.quantities import DAY_MS, day_text, round_half_up, week_name, week_start
from events.training import DrillKind
from projections.explained import because
from projections.legs import LegWeek, meant
from projections.streaks import Streak
from projections.volume import events_of

WINDOW_DAYS = 28

SEASON_MS = 91 * DAY_MS
"""Streaks are added up from those of so many days in Unix time: a session costs one of these."""

POOR_FORM = 2
"""A form rated so or worse comes before any more load."""

_Session = dict[str, Any]
"""A session as ``sessions.summarise`` gives it."""

_CALVES = frozenset({"gastrocnemius", "soleus", "calf"})
_DONE = frozenset({"under", "within", "over", "untimed"})
_FORMS = range(1, 6)
_TOP_PAUSE = 3
"""The place of the pause at the top among a tempo's four figures: down, pause, up, pause."""


class Lived(msgspec.Struct, frozen=True):
    """What the report is made of; sessions are as ``sessions.summarise`` gives them."""

    window: list[_Session]
    """The sessions of the days from ``since`` on, in no order."""
    weeks: list[LegWeek]
    """All weeks of leg training, earliest first."""
    seasons: list[Season]
    """Earliest first."""
    sessions: Callable[[], Iterable[_Session]]
    """All sessions, in no order; seldom asked for."""


class Season(msgspec.Struct, frozen=True):
    """The leg sessions of some months, one after another: how often in a row they had a phase."""

    warm_up: Streak
    cool_down: Streak


def since(as_of: int) -> int:
    """The first day of the window that ends on a day."""
    return as_of - WINDOW_DAYS + 1


def season_of(row: _Session) -> tuple[int]:
    """The season in which a session began."""
    return (row["start"] // SEASON_MS,)


def season(rows: Iterable[_Session]) -> Season:
    """One season from its sessions, which are in no order."""
    ordered = _ordered(rows)
    return Season(_had(ordered, "warm_up"), _had(ordered, "cool_down"))


def report(lived: Lived, as_of: int | None, profile: ProfileChanged, *, explain: bool = False) -> dict[str, Any]:
    """The report ``habits``.

    Args:
        lived: What it is made of.
        as_of: The last day of the window; None where nothing was ever logged.
        profile: How many sessions a week are meant, and on which weekday weeks begin.
        explain: Whether each figure names the events behind it.
    """
    window = _ordered(lived.window)
    trained = [row for row in window if row["phases"]["sets"]]
    of_legs = [row for row in trained if row["legs"]]
    return {
        "since": None if as_of is None else day_text(since(as_of)),
        "sessions": len(trained),
        "leg_sessions": len(of_legs),
        "warm_up": _phase(of_legs, "warm_up", explain=explain),
        "main": _phase(of_legs, "main", explain=explain),
        "cool_down": _phase(of_legs, "cool_down", explain=explain),
        "drills": [_drills(kind, window, explain=explain) for kind in get_args(DrillKind)],
        "stretches": _stretches(window, explain=explain),
        "form": _form(window, profile.week_start or 0, explain=explain),
        "tempo": _tempo(window, explain=explain),
        "streaks": {
            "weeks": _weeks(lived.weeks, as_of, profile, explain=explain),
            "warm_up": _in_a_row(lived, "warm_up", explain=explain),
            "cool_down": _in_a_row(lived, "cool_down", explain=explain),
        },
    }


def _phase(rows: list[_Session], phase: str, *, explain: bool) -> dict[str, Any]:
    """How many leg sessions kept to the guide's minutes of a phase, fell short or went beyond, or left it out."""
    lies = [row["phases"][phase] for row in rows]
    timed = [row["phases"][f"{phase}_s"] for row in rows if row["phases"][phase] in {"under", "within", "over"}]
    skipped = {"skipped": lies.count("skipped"), "untimed": lies.count("untimed")} if phase != "main" else {}
    return {
        "done": sum(how in _DONE for how in lies),
        **skipped,
        "unknown": lies.count("unknown"),
        **{how: lies.count(how) for how in ("under", "within", "over")},
        "average_s": round_half_up(sum(timed), len(timed)) if timed else None,
    } | because((event for row in rows for event in _behind(row, phase)), explain=explain)


def _behind(row: _Session, phase: str) -> list[str]:
    """The events that tell how long a phase of a session was."""
    drills: list[str] = [drill["event"] for drill in row["drills"] if phase in {"main", drill["phase"]}]
    if phase != "main":
        return drills
    sets = sorted((done["at"], done["event"]) for block in row["exercises"] for done in block["sets"])
    return [*drills, *row["events"], *(event for _, event in (*sets[:1], *sets[-1:]))]


def _drills(kind: str, rows: list[_Session], *, explain: bool) -> dict[str, Any]:
    done = [(row["session"], drill) for row in rows for drill in row["drills"] if drill["kind"] == kind]
    return {
        "kind": kind,
        "drills": len(done),
        "sessions": len({session for session, _ in done}),
        "seconds": sum(drill.get("seconds", 0) for _, drill in done),
    } | because((drill["event"] for _, drill in done), explain=explain)


def _stretches(rows: list[_Session], *, explain: bool) -> dict[str, Any]:
    """The static stretches: how long they were held, and for which muscles; which major one was left out."""
    holds = [drill for row in rows for drill in row["drills"] if drill["kind"] == "static_stretch"]
    by_muscle: dict[str, list[dict[str, Any]]] = {muscle: [] for muscle in MAJOR_LEG_MUSCLES}
    for hold in holds:
        if muscle := hold.get("muscle"):
            by_muscle.setdefault("calves" if muscle in _CALVES else muscle, []).append(hold)
    return _held(holds, explain=explain) | {
        "muscles": [{"muscle": muscle} | _held(done, explain=explain) for muscle, done in by_muscle.items()],
        "missing": [muscle for muscle in MAJOR_LEG_MUSCLES if not by_muscle[muscle]],
    }


def _held(holds: list[dict[str, Any]], *, explain: bool) -> dict[str, Any]:
    times = [hold["seconds"] for hold in holds if hold.get("seconds")]
    return {
        "holds": len(holds),
        "long_enough": sum(seconds >= STRETCH_S for seconds in times),
        "short": sum(seconds < STRETCH_S for seconds in times),
        "untimed": len(holds) - len(times),
    } | because((hold["event"] for hold in holds), explain=explain)


def _form(rows: list[_Session], first_weekday: int, *, explain: bool) -> dict[str, Any]:
    """How the form was rated: how often each, week by week, and on which lifts it was poor."""
    rated = [
        (row, block, done)
        for row in rows
        for block in row["exercises"]
        for done in block["sets"]
        if "form" in done and done["kind"] != "warm_up"
    ]
    weeks: dict[int, list[dict[str, Any]]] = {}
    poor: dict[str, list[tuple[_Session, dict[str, Any], dict[str, Any]]]] = {}
    for row, block, done in rated:
        weeks.setdefault(week_start(row["day_number"], first_weekday), []).append(done)
        if done["form"] <= POOR_FORM:
            poor.setdefault(block["exercise"], []).append((row, block, done))
    return {
        **_rated([done for _, _, done in rated], explain=explain),
        "ratings": [{"form": form, "sets": sum(done["form"] == form for _, _, done in rated)} for form in _FORMS],
        "weeks": [
            {"week": week_name(start), "start": day_text(start)} | _rated(weeks[start], explain=explain)
            for start in sorted(weeks)
        ],
        "poor": [
            {
                "exercise": exercise,
                "name": found[0][1]["name"],
                "sets": len(found),
                "day": max(row["day"] for row, _, _ in found),
            }
            | because((done["event"] for _, _, done in found), explain=explain)
            for exercise, found in sorted(poor.items(), key=lambda item: (-len(item[1]), item[0]))
        ],
    }


def _rated(sets: list[dict[str, Any]], *, explain: bool) -> dict[str, Any]:
    forms = [done["form"] for done in sets]
    return {
        "rated": len(forms),
        "average_milli": round_half_up(sum(forms) * 1000, len(forms)) if forms else None,
    } | because((done["event"] for done in sets), explain=explain)


def _tempo(rows: list[_Session], *, explain: bool) -> dict[str, Any]:
    """The sets with a tempo; of calf raises, which the guide wants with a pause at the top, those that had one."""
    told = [
        (block, done)
        for row in rows
        for block in row["exercises"]
        for done in block["sets"]
        if "tempo" in done and done["kind"] != "warm_up"
    ]
    raises = [done for block, done in told if block["pattern"] == "calf_raise"]
    return {
        "sets": len(told),
        "calf_raises": len(raises),
        "paused_at_top": sum(bool(top_pause(done["tempo"])) for done in raises),
    } | because((done["event"] for _, done in told), explain=explain)


def top_pause(tempo: str) -> int | None:
    """The seconds at the top by a tempo of four figures, ``3-1-1-2`` or ``3112``; None where it doesn't tell."""
    figures = list(tempo) if re.fullmatch(r"[0-9xX]{4}", tempo) else re.findall(r"[0-9]+|[xX]", tempo)
    if len(figures) != _TOP_PAUSE + 1:
        return None
    return int(figures[_TOP_PAUSE]) if figures[_TOP_PAUSE].isdigit() else 0


def _weeks(weeks: list[LegWeek], as_of: int | None, profile: ProfileChanged, *, explain: bool) -> dict[str, Any]:
    """The weeks in a row with as many leg sessions as were meant; one that is not over yet breaks nothing."""
    least, most = meant(profile)
    told = weeks[:-1] if weeks and weeks[-1].standing(as_of, profile) == "begun" else weeks
    streak = Streak.of(least <= week.sessions <= most for week in told)
    current = told[len(told) - streak.current :]
    return streak.shown() | because((event for week in current for event in events_of(week.days)), explain=explain)


def _in_a_row(lived: Lived, phase: str, *, explain: bool) -> dict[str, Any]:
    """The leg sessions in a row with a phase; those of which nothing is known are passed over."""
    streak = reduce(Streak.then, (getattr(season, phase) for season in lived.seasons), Streak())

    def events() -> Iterator[str]:
        told = _told(_ordered(lived.sessions()), phase)
        for row in told[len(told) - streak.current :]:
            yield from _behind(row, phase)

    return streak.shown() | because(events(), explain=explain)


def _had(rows: Iterable[_Session], phase: str) -> Streak:
    """How often in a row sessions, which are in order, had a phase."""
    return Streak.of(row["phases"][phase] in _DONE for row in _told(rows, phase))


def _told(rows: Iterable[_Session], phase: str) -> list[_Session]:
    """The leg sessions of which it is known whether they had a phase."""
    return [row for row in rows if row["legs"] and row["phases"][phase] != "unknown"]


def _ordered(rows: Iterable[_Session]) -> list[_Session]:
    """Sessions, earliest first."""
    return sorted(rows, key=lambda row: (row["start"], row["session"]))
