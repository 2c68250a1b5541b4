"""Moments and durations as apps write them, and when they were."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client_sdk.importers.clock import duration, moment, wall_time, zone_named
from events.errors import UnknownNameError

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    "text",
    [
        "2025-05-03 19:56:00",
        "2025-05-03T19:56",
        "2025/05/03 7:56:00\u202fPM",
        "3 May 2025, 19:56",
        "May 3, 2025, 7:56 PM",
        "3. Mai 2025, 19:56",
        "3 mai 2025 à 19:56",
        "3 de mayo de 2025, 7:56 p. m.",
        "3 mag 2025, 19:56",
        "3 de maio de 2025, 19:56",
        "3 mei 2025, 19:56",
        "3 maj 2025, 19:56",
        "3 May\u0131s 2025, 19:56",
        "3 мая 2025 г., 19:56",  # noqa: RUF001  # Russian
        "03.05.2025, 19:56",
        "2025年5月3日 19:56",
        "3 5월 2025, 19:56",
    ],
)
def test_moments_are_read_in_many_languages(text: str) -> None:
    assert wall_time(text) == datetime(2025, 5, 3, 19, 56)  # noqa: DTZ001  # exports have no zone


def test_every_month_is_known_by_its_names() -> None:
    german = ["Januar", "Feb.", "März", "April", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "November", "Dez."]
    french = ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."]
    polish = ["sty", "lut", "mar", "kwi", "maj", "cze", "lip", "sie", "wrz", "paź", "lis", "gru"]
    turkish = ["Oca", "Şub", "Mar", "Nis", "May", "Haz", "Tem", "Ağu", "Eyl", "Eki", "Kas", "Ara"]
    for names in (german, french, polish, turkish):
        moments = [wall_time(f"7 {name} 2025, 10:00") for name in names]
        assert [at and at.month for at in moments] == list(range(1, 13))


def test_a_day_alone_is_its_noon() -> None:
    assert wall_time("2025-05-03") == datetime(2025, 5, 3, 12)  # noqa: DTZ001  # exports have no zone


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "05/06/2025 10:00",
        "2025-02-30 10:00",
        "2025-05-03 25:00",
        "3 May 2025, 13:56 PM",
        "2025-05-03Z",
        "2025-05-03T19:56:00+24:00",
        "soon 19:56Z",
        "3 May June 2025",
        "5 13월 2025, 10:00",
        "1" * 100,
    ],
)
def test_what_is_no_moment_or_could_be_two_is_not_guessed_at(text: str) -> None:
    assert wall_time(text) is None


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("2h 18m", 138),
        ("45m", 45),
        ("5m", 5),
        ("145h 27m", 8727),
        ("1小时13分钟", 73),
        ("54分钟", 54),
        ("1 Std. 5 Min.", 65),
        ("1 ч 5 мин", 65),
        ("2시간 3분", 123),
        ("1:05:00", 65),
        ("3720s", 62),
    ],
)
def test_durations_are_read_in_many_languages(text: str, minutes: int) -> None:
    assert duration(text) == timedelta(minutes=minutes)


@pytest.mark.parametrize("text", ["", "h", "50", "soon", "1h05", "2h 3x"])
def test_what_is_no_duration_is_not_guessed_at(text: str) -> None:
    assert duration(text) is None


@pytest.mark.parametrize(
    ("wall", "shown", "offset"),
    [
        (datetime(2025, 3, 30, 1, 30), "01:30", 60),  # noqa: DTZ001  # before the gap
        (datetime(2025, 3, 30, 2, 30), "03:30", 120),  # noqa: DTZ001  # in it: no clock showed this
        (datetime(2025, 10, 26, 2, 30), "02:30", 120),  # noqa: DTZ001  # shown twice
    ],
)
def test_a_skipped_time_is_moved_forward_and_of_a_doubled_one_the_first_is_meant(
    wall: datetime, shown: str, offset: int
) -> None:
    at, minutes = moment(wall, BERLIN)
    assert minutes == offset
    assert datetime.fromtimestamp(at / 1000, BERLIN).strftime("%H:%M") == shown


@given(
    st.datetimes(datetime(1900, 1, 1), datetime(2200, 12, 31)),  # noqa: DTZ001  # exports have no zone
    st.sampled_from(["Europe/Berlin", "Asia/Kathmandu", "Pacific/Apia", "America/St_Johns", "Africa/Monrovia"]),
)
def test_no_moment_fails_in_any_zone(wall: datetime, zone: str) -> None:
    _, offset = moment(wall, ZoneInfo(zone))
    assert -1440 <= offset <= 1440


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "/etc/passwd", "../x", "Europe", "a\0b"])
def test_an_unknown_zone_is_refused(name: str) -> None:
    with pytest.raises(UnknownNameError, match="no time zone"):
        zone_named(name)


@pytest.mark.parametrize(
    "text", ["2025-05-03T17:56:00.000Z", "2025-05-03 17:56:00 +0000", "2025-05-03 19:56:00 +02:00"]
)
def test_a_time_that_says_how_far_it_is_from_utc_was_exactly_then(text: str) -> None:
    wall = wall_time(text)
    assert wall is not None
    assert moment(wall, zone_named("America/New_York")) == (1_746_294_960_000, -240)
