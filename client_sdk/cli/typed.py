"""Quantities as people type them: loads, durations, distances, moments, ratings."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import cast, get_args

import msgspec

from events.errors import MalformedError
from events.quantities import EARLIEST_MS, LATEST_MS, Load, Unit, parse_milli, round_half_up
from events.training import LoadKind, SetKind

NUMBER = r"[+-]?\d+(?:[.,]\d+)?"
LOAD_UNIT = r"kgs?|lbs?"
TIME_UNIT = r"hours?|hrs?|h|minutes?|mins?|seconds?|secs?|s"
DISTANCE_UNIT = r"km|mi|yd|ft|m"

_TENTH_MM = {"km": 10_000_000, "m": 10_000, "mi": 16_093_440, "yd": 9_144, "ft": 3_048}
_SECONDS = {"h": 3600, "m": 60, "s": 1}
_HIGHEST_RATING = 10_000
_OWN_WEIGHT = r"(?:bw|body[ -]?weight)"
_BODY = re.compile(rf"{_OWN_WEIGHT}\s*(?:([+-])\s*(\d[\d.,]*)\s*({LOAD_UNIT})?)?\Z", re.IGNORECASE)
_PLAIN = re.compile(rf"(?:(\d+)\s*[x×*]\s*)?({NUMBER})\s*({LOAD_UNIT})?\Z", re.IGNORECASE)
_CLOCK = re.compile(r"(?:(\d+):)?(\d{1,3}):([0-5]\d)\Z")
_SPANS = re.compile(rf"(\d+(?:[.,]\d+)?)\s*({TIME_UNIT})?(?![a-z])\s*", re.IGNORECASE)
_TEMPO = re.compile(r"(?:\d{1,2}|x)(?:[-/.:](?:\d{1,2}|x)){2,3}\Z|[\dx]{3,4}\Z", re.ASCII | re.IGNORECASE)
_DISTANCE = re.compile(rf"(\d+(?:[.,]\d+)?)\s*({DISTANCE_UNIT})\Z", re.IGNORECASE)


class TypedLoad(msgspec.Struct, frozen=True):
    """A load as typed: ``load_kind`` is None where only the exercise can tell it, ``implements`` where unsaid."""

    load: Load | None
    load_kind: LoadKind | None = None
    implements: int | None = None


class Moment(msgspec.Struct, frozen=True):
    """A moment: Unix ms, and minutes east of UTC of the wall clock that showed it."""

    at: int
    offset: int


def parse_load(text: str, unit: Unit | None = None) -> TypedLoad:
    """``100kg``, ``2x20kg`` (two dumbbells), ``bw``, ``bw+20kg``, ``bw-15kg``.

    Args:
        text: What was typed.
        unit: The unit of a number without one; None where it has to be typed.

    Raises:
        MalformedError: where this is no load.
    """
    words = text.strip().replace("−", "-")
    if body := _BODY.match(words):
        sign, number, named = body.groups()
        if sign is None:
            return TypedLoad(None, "bodyweight")
        return TypedLoad(_load(number, named, unit), "added" if sign == "+" else "assisted")
    plain = _PLAIN.match(words)
    if plain is None:
        raise MalformedError(f"{text!r} is not a load.", next_step="Write it as 100kg, 225lb, bw or bw+20kg.")
    count, number, named = plain.groups()
    if count not in {None, "1", "2"}:
        raise MalformedError(
            f"{text!r} is not a load: people hold one or two of a weight.",
            next_step="Write two dumbbells as 2x20kg, and three sets with --sets 3.",
        )
    return TypedLoad(_load(number, named, unit), implements=None if count is None else int(count))


def parse_duration(text: str) -> int:
    """Seconds: ``90s``, ``90``, ``2min``, ``1h 30min``, ``25:00``, ``1:25:00``.

    Raises:
        MalformedError: where this is no duration.
    """
    words = text.strip()
    if clock := _CLOCK.match(words):
        hours, minutes, seconds = (int(part or 0) for part in clock.groups())
        return hours * 3600 + minutes * 60 + seconds
    spans = list(_SPANS.finditer(words))
    if not spans or "".join(span[0] for span in spans) != words or (len(spans) > 1 and not all(s[2] for s in spans)):
        raise MalformedError(f"{text!r} is not a duration.", next_step="Write it as 90s, 2min or 25:00.")
    milli = sum(parse_milli(span[1]) * _SECONDS[(span[2] or "s")[0].lower()] for span in spans)
    return round_half_up(milli, 1000)


def parse_distance(text: str) -> int:
    """Millimetres: ``5km``, ``400m``, ``3.1mi``, ``50yd``, ``10ft``.

    Raises:
        MalformedError: where this is no distance.
    """
    found = _DISTANCE.match(text.strip())
    if found is None:
        raise MalformedError(f"{text!r} is not a distance.", next_step="Write it as 5km, 400m or 3.1mi.")
    return round_half_up(parse_milli(found[1]) * _TENTH_MM[found[2].lower()], 10_000)


def parse_tenths(text: str) -> int:
    """A rating from 0 to 10 in tenths: ``8.5`` is 85.

    Raises:
        MalformedError: where this is no such rating.
    """
    milli = parse_milli(text)
    if not 0 <= milli <= _HIGHEST_RATING or milli % 100:
        raise MalformedError(f"{text!r} is not a rating.", next_step="It goes from 0 to 10, in steps of 0.1: 8.5.")
    return milli // 100


def parse_kind(text: str) -> SetKind:
    """What sort of set: ``warm_up`` or ``warm-up``, ``working`` and so on.

    Raises:
        MalformedError: where there is no such sort.
    """
    kind = text.strip().lower().replace("-", "_").replace(" ", "_")
    if kind not in get_args(SetKind):
        raise MalformedError(f"{text!r} is no kind of set.", next_step=f"Choose {', '.join(get_args(SetKind))}.")
    return cast(SetKind, kind)


def parse_tempo(text: str) -> str:
    """Seconds down, below, up and, if said, above: ``3-1-1``, ``2-0-1-1``, ``31X1``; x is as quick as can be.

    Raises:
        MalformedError: where this is no tempo.
    """
    tempo = text.strip()
    if _TEMPO.match(tempo) is None:
        raise MalformedError(
            f"{text!r} is not a tempo.", next_step="Write the seconds down, below, up and above as 2-0-1-1 or 31X1."
        )
    return tempo


def parse_moment(text: str, now: int) -> Moment:
    """A moment on this machine's wall clock: ``2026-11-20 18:30``, ``2026-11-20`` (noon) or ``18:30`` (today).

    An offset, as in ``2026-11-20T18:30+01:00``, says whose wall clock else.

    Args:
        text: What was typed.
        now: The present moment in Unix ms, for what is said of today.

    Raises:
        MalformedError: where there is no such moment, or not in the years 1900 to 2200.
    """
    moment = _moment(text.strip(), now)
    at = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
    if not EARLIEST_MS <= at <= LATEST_MS:
        raise MalformedError(f"{text!r} lies outside the years 1900 to 2200.", next_step="Check the year.")
    offset = moment.utcoffset() or timedelta(0)
    return Moment(at, offset // timedelta(minutes=1))


def _moment(text: str, now: int) -> datetime:
    try:
        if len(text) <= len("18:30"):
            moment = datetime.combine(datetime.fromtimestamp(now / 1000, UTC).astimezone(), time.fromisoformat(text))
        elif len(text) == len("2026-11-20"):
            moment = datetime.combine(date.fromisoformat(text), time(12))
        else:
            moment = datetime.fromisoformat(text)
        there = moment if moment.tzinfo is not None else moment.astimezone()
    except (ValueError, OverflowError) as error:
        raise MalformedError(
            f"{text!r} is not a moment that there is.", next_step='Write it as "2026-11-20 18:30" or "18:30".'
        ) from error
    if there.replace(tzinfo=None) != moment.replace(tzinfo=None):
        raise MalformedError(
            f"No clock showed {text!r}: it was put forward then.",
            next_step="Give a time before or after that, or an offset, as 2026-11-20T18:30+01:00.",
        )
    return there


def _load(number: str, named: str | None, unit: Unit | None) -> Load:
    milli = parse_milli(number)
    if milli < 0:
        raise MalformedError(f"A load of {number} is less than nothing.", next_step="Write help as bw-15kg.")
    typed = cast(Unit, named.lower().removesuffix("s")) if named else unit
    if typed is None:
        raise MalformedError(
            f"{number} has no unit.",
            next_step=f"Write {number}kg or {number}lb, or say once `ironledger profile units=kg`.",
        )
    return Load(milli, typed)
