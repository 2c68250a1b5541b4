"""The lifter's wall clock: moments and durations as apps write them, and when they were.

Most exports name no time zone. What they write is read as it stands; the zone comes from whoever imports. Some write
UTC, which says when it was, and not where the lifter trained.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

from client_sdk.importers.words import DURATIONS_S, FILLING, month_of, plain
from events.errors import UnknownNameError
from events.quantities import MINUTE_MS

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LONGEST_TEXT = 60
_DIGITS_OF_A_YEAR = 4
_YEAR_MONTH_DAY = 3
NOON = 12

_TIME = re.compile(r"(?:^|[\s,t])(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(?:\s*([ap])\.?\s*m\.?)?$", re.ASCII)
_ZONED = re.compile(r"(.*\d:\d{2}(?:\.\d+)?)\s*(?:z|([+-])(\d{2}):?([0-5]\d))", re.ASCII)
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", re.ASCII)
_DAY_FIRST = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})", re.ASCII)
_NUMBERED_MONTH = re.compile(r"(\d{1,2})\s*[月월]", re.ASCII)
_WORD = re.compile(r"\d+|[^\W\d_]+")
_PART = re.compile(r"(\d{1,7})\s*([^\W\d_]+)\.?[\s,]*")
_CLOCK = re.compile(r"(\d{1,4}):(\d{2})(?::(\d{2}))?", re.ASCII)


@lru_cache(maxsize=4096)
def wall_time(text: str) -> datetime | None:
    """A moment on the lifter's own clock, at noon where only the day is written; None where it can't be read.

    Years first (``2025-06-30 19:56:07``), days first with points (``30.06.2025, 19:56``), and months by name in
    any order and many languages. ``05/06/2025`` is refused: it may be May or June. Where the text ends with how far
    its clock is from UTC (``2026-03-01T10:00:00.000Z``), the moment knows it, too.
    """
    if len(text) > _LONGEST_TEXT:
        return None
    written = " ".join(text.split()).casefold()
    if zoned := _ZONED.fullmatch(written):
        wall, offset = _wall_time(zoned[1]), _offset(*zoned.groups()[1:])
        return None if wall is None or offset is None else wall.replace(tzinfo=offset)
    return _wall_time(written)


def duration(text: str) -> timedelta | None:
    """How long something took, as ``2h 18m``, ``1小时13分钟`` or ``1:05:00``; None where it can't be read.

    A bare number is refused, for nothing says what it counts.
    """
    written = unicodedata.normalize("NFC", text.strip().casefold())
    if clock := _CLOCK.fullmatch(written):
        hours, minutes, seconds = (int(part or 0) for part in clock.groups())
        return timedelta(hours=hours, minutes=minutes, seconds=seconds)
    total, place = 0, 0
    while part := _PART.match(written, place):
        if part[2] not in DURATIONS_S:
            return None
        total += int(part[1]) * DURATIONS_S[part[2]]
        place = part.end()
    return timedelta(seconds=total) if place and place == len(written) else None


def zone_named(name: str) -> ZoneInfo:
    """The time zone of an IANA name.

    Raises:
        UnknownNameError: where there is none of that name.
    """
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise UnknownNameError(
            f"There is no time zone {name!r}.", next_step="Name it as the IANA does, such as Europe/Berlin."
        ) from error


def moment(wall: datetime, zone: ZoneInfo) -> tuple[int, int]:
    """When a wall clock in ``zone`` showed that time: Unix ms and minutes east of UTC.

    A time that knows how far it is from UTC was exactly then. Of an hour that the clock showed twice the first is
    meant. A time that it skipped is moved forward by as much as the clock was.
    """
    since = (wall.replace(tzinfo=zone, fold=0) if wall.tzinfo is None else wall) - _EPOCH
    at = since // timedelta(milliseconds=1)
    return at, offset_at(at, zone)


def offset_at(at: int, zone: ZoneInfo) -> int:
    """Minutes east of UTC of a wall clock in ``zone``; the seconds that clocks of old were off are left out."""
    offset = (_EPOCH + timedelta(milliseconds=at)).astimezone(zone).utcoffset() or timedelta(0)
    return offset // timedelta(milliseconds=MINUTE_MS)


def as_utc(wall: datetime) -> int:
    """The Unix ms of a wall clock's time read as UTC, which is the same whatever the zone that is named."""
    return (wall.replace(tzinfo=UTC) - _EPOCH) // timedelta(milliseconds=1)


def _wall_time(written: str) -> datetime | None:
    clock = _TIME.search(written)
    day = _day(written[: clock.start()] if clock else written)
    if day is None or clock is None:
        return day and day.replace(hour=NOON)
    hour, minute, second = (int(part or 0) for part in clock.groups()[:3])
    if half := clock[4]:
        if not 1 <= hour <= NOON:
            return None
        hour = hour % NOON + (NOON if half == "p" else 0)
    try:
        return day.replace(hour=hour, minute=minute, second=second)
    except ValueError:
        return None


def _offset(sign: str | None, hours: str | None, minutes: str | None) -> timezone | None:
    """The zone of ``+01:00`` in its parts, and UTC of none; None for what no zone is."""
    east = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    return timezone(-east if sign == "-" else east) if east < timedelta(days=1) else None


def _day(written: str) -> datetime | None:
    date = written.strip(" ,")
    if found := _YEAR_FIRST.fullmatch(date):
        year, month, day = (int(part) for part in found.groups())
    elif found := _DAY_FIRST.fullmatch(date):
        day, month, year = (int(part) for part in found.groups())
    else:
        year, month, day = _worded(date)
    try:
        return datetime(year, month, day)  # noqa: DTZ001  # the zone is not in the file
    except ValueError:
        return None


def _worded(date: str) -> tuple[int, int, int]:
    """Year, month and day of a date that names its month; zeros where it doesn't."""
    months = [int(number) for number in _NUMBERED_MONTH.findall(date)]
    words = [plain(word) for word in _WORD.findall(_NUMBERED_MONTH.sub(" ", date)) if word not in FILLING]
    numbers = [int(word) for word in words if word.isascii() and word.isdigit() and len(word) <= _DIGITS_OF_A_YEAR]
    months += [month for word in words if (month := month_of(word))]
    match months, numbers:
        case [month], [one, other] if len(words) <= _YEAR_MONTH_DAY:
            return max(one, other), month, min(one, other)
        case _:
            return 0, 0, 0
