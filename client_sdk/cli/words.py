"""How reports and messages put things: ids, days, spans, fractions."""

from __future__ import annotations

import re
import shutil
import textwrap
from datetime import UTC, datetime, timedelta

from events.quantities import MINUTE_MS, Unit, round_half_up

SHORT = 8
"""The letters by which a fact is named: the end of a UUIDv7 tells facts apart, its beginning is the time."""

FEWEST_LETTERS = 4

GLUE = "\ue000"
"""What stands for a space that is not to be broken; it is of private use, and as wide as one."""

_WITHIN_A_FIGURE = re.compile(
    r"(?<=\d) (?=(?:kg|lb|cm|km|m|g|s|ml|l|h|min|reps?|sets?)\b|[×%])|(?<=\w) (?=×)|(?<=×) (?=\d)"
)
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROGRAMS_PER_POUND = 453_592_370


def short(uuid: str) -> str:
    """The end of an id."""
    return uuid[-SHORT:]


def folded(name: str) -> str:
    """A name as it is compared: capitals and spaces tell nothing apart."""
    return " ".join(name.casefold().split())


def letters_of(text: str) -> str:
    """What was typed as the name of a fact, as letters of its id."""
    return text.strip().lower().removeprefix("#").replace("-", "")


def answers(uuid: str, letters: str) -> bool:
    """Whether these letters begin or end an id; too few name nothing."""
    plain = uuid.replace("-", "")
    return len(letters) >= FEWEST_LETTERS and (plain.startswith(letters) or plain.endswith(letters))


def is_id(text: str) -> bool:
    """Whether this is the id of something that was logged, and not that of an exercise of the catalogue."""
    return _ID.fullmatch(text) is not None


def glued(text: str) -> str:
    """Text in which ``82.5 kg × 12`` is one word, with ``GLUE`` in it."""
    return _WITHIN_A_FIGURE.sub(GLUE, text)


def when(at: int, offset: int) -> str:
    """A moment on the lifter's wall clock: ``2026-11-20 18:30``. A broken event may lie beyond all calendars."""
    try:
        return f"{_wall(at, offset):%Y-%m-%d %H:%M}"
    except OverflowError:
        return "beyond all years"


def long_day(day: str) -> str:
    """A day in a sentence, ``3 March 2025``; tables and what is to be typed have the ISO form."""
    year, month, number = day.split("-")
    return f"{int(number)} {_MONTHS[int(month) - 1]} {year}"


def span(seconds: int) -> str:
    """A length of time in hours and minutes: ``1:05 h``, ``48 min``."""
    minutes = round_half_up(seconds, 60)
    return f"{minutes // 60}:{minutes % 60:02d} h" if minutes >= 60 else f"{minutes} min"  # noqa: PLR2004  # an hour


def fitted(line: str, hang: int | None = None) -> str:
    """A line in as many columns as there are, those of the terminal, 80 in a pipe.

    It is broken between words, and never between a figure and its unit.

    Args:
        line: One line of text, perhaps indented.
        hang: How far what follows its first break is indented; by itself two columns more than the line.
    """
    indent = len(line) - len(line.lstrip()) + 2 if hang is None else hang
    lines = textwrap.fill(
        glued(line),
        shutil.get_terminal_size().columns,
        subsequent_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return lines.replace(GLUE, " ")


def clock_distance(milliseconds: int) -> str:
    """How far apart two clocks are, in the largest unit that fits: ``365 days``, ``3 hours``, ``5 minutes``."""
    minutes = round_half_up(abs(milliseconds), MINUTE_MS)
    for length, unit in ((24 * 60, "day"), (60, "hour")):
        if minutes >= 2 * length:
            return counted(round_half_up(minutes, length), unit)
    return counted(minutes, "minute")


def decimal(milli: int, places: int = 1) -> str:
    """Thousandths as a decimal: 13500 is ``13.5``; whole numbers as such."""
    scale = 10 ** (3 - places)
    rounded = round_half_up(milli, scale)
    whole, rest = divmod(rounded, 10**places)
    return f"{whole}.{rest:0{places}d}".rstrip("0").rstrip(".") if places else f"{whole}"


def mass(grams: int, unit: Unit) -> str:
    """A mass that was computed, to the nearest half of its unit: ``152.5 kg``."""
    halves = (
        round_half_up(grams * 2, 1000) if unit == "kg" else round_half_up(grams * 2_000_000, _MICROGRAMS_PER_POUND)
    )
    return f"{decimal(halves * 500)} {unit}"


def plain(identifier: str) -> str:
    """``hip_flexors`` as ``hip flexors``."""
    return identifier.replace("_", " ")


def counted(number: int, thing: str, things: str | None = None) -> str:
    """``1 set``, ``2 sets``, ``2,079 sets``."""
    return f"{number:,} {thing if number == 1 else things or thing + 's'}"


def _wall(at: int, offset: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=at + offset * MINUTE_MS)
