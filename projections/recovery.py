"""Whether training leaves room for rest: leg sessions a week, hours of rest, the load of the weeks, and how it felt.

Raw figures side by side. There is no ratio of this week's load to that of the last four: such an acute:chronic ratio
has the one in the other, and what was found with it was found of athletes of other sports and not confirmed
(Impellizzeri et al. 2020, doi 10.1123/ijspp.2019-0864). How lifters feel answers to load sooner than most of what
instruments measure (Saw, Main and Gastin 2016, doi 10.1136/bjsports-2015-094758); so soreness, fatigue and sleep
stand beside it as they were rated, and nothing is computed of the two together.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from events.catalogue import LEG_MUSCLES, MUSCLES
from events.profile import ProfileChanged
from events.quantities import DAY_MS, HOUR_MS, MINUTE_MS, NANOGRAMS_PER_GRAM, day_text, round_half_up, week_name
from projections.book import Book
from projections.diary import Row
from projections.explained import because
from projections.legs import LegWeek, Standing, meant, trains_legs
from projections.volume import events_of, total

WEEKS = 8
"""So many are shown."""
RATED_DAYS = 28

HIGH = 7
"""Fatigue or soreness from here on, of 10, is high."""
DAYS_THAT_AGREE = 3
"""After so many rated days in a row it stays so, where they lie within ``LATELY_DAYS``."""
LATELY_DAYS = 7


LastDone = tuple[int, int, str]
"""When an exercise was last done, in Unix ms, the local day of that, and the event that says so."""


class Lived(msgspec.Struct, frozen=True):
    """What the report is made of: the last weeks of training, the diary's ratings and deloads, earliest first."""

    done: Mapping[str, LastDone]
    """By exercise."""
    weeks: list[LegWeek]
    diary: list[Row]
    offset: int
    """That of the lifter's wall clock, in minutes east of UTC."""


def report(
    lived: Lived, as_of: int | None, profile: ProfileChanged, book: Book, *, explain: bool = False
) -> dict[str, Any]:
    """The report ``recovery``.

    Args:
        lived: What it is made of.
        as_of: The local day; hours of rest are counted to its end. None where nothing was ever logged.
        profile: How many sessions a week are meant, and when days begin.
        book: What is known of the exercises.
        explain: Whether each figure names the events behind it.
    """
    least, most = meant(profile)
    until = (
        None if as_of is None else (as_of + 1) * DAY_MS + ((profile.day_cutoff_min or 0) - lived.offset) * MINUTE_MS
    )
    ratings = [row for row in lived.diary if row.type == "readiness_rated"]
    rated = _by_day(ratings, explain=explain) if as_of is not None else []
    first = 0 if as_of is None else as_of
    return {
        "counted_to": until,
        "meant": {"least": least, "most": most},
        "weeks": [_week(week, week.standing(as_of, profile), book, explain=explain) for week in lived.weeks],
        "muscles": [] if until is None else _rested(lived.done, until, lived.offset, book),
        "days": [shown for number, shown in rated if first - RATED_DAYS < number],
        "stays_high": _stays_high([row for row in ratings if first - LATELY_DAYS < row.day], explain=explain),
        "deloads": _deloads([row for row in lived.diary if row.type != "readiness_rated"]),
    }


def _week(week: LegWeek, standing: Standing, book: Book, *, explain: bool) -> dict[str, Any]:
    """The leg training of a week: sessions, sets of leg exercises, what they come to by muscle, and tonnage."""
    of_legs = [tally for day in week.days for exercise, tally in day.exercises.items() if trains_legs(exercise, book)]
    muscles = total(week.days, book)
    return {
        "week": week_name(week.start),
        "start": day_text(week.start),
        "leg_sessions": week.sessions,
        "standing": standing,
        "sets": sum(tally.direct_sets for tally in of_legs),
        "fractional_milli": sum(muscles[muscle].fractional for muscle in LEG_MUSCLES if muscle in muscles),
        "tonnage_g": round_half_up(sum(tally.nanograms for tally in of_legs), NANOGRAMS_PER_GRAM),
    } | because(
        events_of(week.days, lambda exercise: trains_legs(exercise, book) or _moves_a_leg(exercise, book)),
        explain=explain,
    )


def _moves_a_leg(exercise: str, book: Book) -> bool:
    return any(muscle in LEG_MUSCLES for muscle, share in book.shares(exercise).items() if share)


def _rested(done: Mapping[str, LastDone], until: int, offset: int, book: Book) -> list[dict[str, Any]]:
    """When each muscle that was ever trained last was, as a direct or an indirect one, and the hours since."""
    last: dict[str, LastDone] = {}
    for exercise, latest in done.items():
        for muscle, share in book.shares(exercise).items():
            if share:
                last[muscle] = max(last.get(muscle, latest), latest)
    return [
        {
            "muscle": muscle,
            "at": last[muscle][0],
            "offset": offset,
            "day": day_text(last[muscle][1]),
            "hours": max(0, (until - last[muscle][0]) // HOUR_MS),
            "event": last[muscle][2],
        }
        for muscle in MUSCLES
        if muscle in last
    ]


def _by_day(ratings: list[Row], *, explain: bool) -> list[tuple[int, dict[str, Any]]]:
    """The days on which something was rated, earliest first; of several ratings of one thing the day's last holds."""
    days: dict[int, list[Row]] = {}
    for row in ratings:
        days.setdefault(row.day, []).append(row)
    return [(number, _day(number, days[number], explain=explain)) for number in sorted(days)]


def _day(number: int, rows: list[Row], *, explain: bool) -> dict[str, Any]:
    said: dict[str, Any] = {"fatigue": None, "sleep_min": None}
    soreness: dict[str, int] = {}
    pain = []
    for row in rows:
        said |= {name: row.said[name] for name in said if row.said.get(name) is not None}
        soreness |= row.said.get("soreness") or {}
        if hurts := row.said.get("pain"):
            pain.append({"site": hurts["site"], "slot": hurts.get("slot"), "at": row.at, "event": row.event})
    return {
        "day": day_text(number),
        **said,
        "soreness": [{"muscle": muscle, "soreness": soreness[muscle]} for muscle in sorted(soreness)],
        "pain": pain,
    } | because((row.event for row in rows), explain=explain)


def _stays_high(ratings: list[Row], *, explain: bool) -> list[dict[str, Any]]:
    """What was high on each of the last days on which it was rated: fatigue, or the soreness of a muscle."""
    days: dict[tuple[str, str | None], dict[int, tuple[int, str]]] = {}
    for row in ratings:
        if (fatigue := row.said.get("fatigue")) is not None:
            days.setdefault(("fatigue", None), {})[row.day] = (fatigue, row.event)
        for muscle, sore in (row.said.get("soreness") or {}).items():
            days.setdefault(("soreness", muscle), {})[row.day] = (sore, row.event)
    found = []
    for (what, muscle), rated in sorted(days.items(), key=lambda item: (item[0][0], item[0][1] or "")):
        latest = [rated[number] for number in sorted(rated)]
        high = 0
        while high < len(latest) and latest[-1 - high][0] >= HIGH:
            high += 1
        if high >= DAYS_THAT_AGREE:
            shown = {"what": what, "muscle": muscle, "days": high}
            found.append(shown | because((event for _, event in latest[-high:]), explain=explain))
    return found


def _deloads(rows: list[Row]) -> list[dict[str, Any]]:
    """The deloads, latest first. One that was started during another is part of it; an end alone ends nothing."""
    deloads: list[dict[str, Any]] = []
    for row in rows:
        running = deloads[-1] if deloads and deloads[-1]["until"] is None else None
        if row.type == "deload_started" and running is None:
            shown = {"since": day_text(row.day), "until": None, "reason": row.said.get("reason"), "running": True}
            deloads.append(shown | {"event": row.event, "ended_by": None})
        elif row.type == "deload_ended" and running is not None:
            running |= {"until": day_text(row.day), "running": False, "ended_by": row.event}
    return deloads[::-1]
