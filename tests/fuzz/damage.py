"""Damage to exported files, as mail, spreadsheets, editors and bad luck do it."""

from __future__ import annotations

import csv
import io
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from random import Random

from fuzz.mutations import mutate_bytes

ROWS = 40
"""How many rows an excerpt usually has: its damage counts, not its length."""

DROPPED = 0.1
"""How many of the damaged databases lack a table."""

Lines = list[list[str]]

_NUMBERS = (-1, 0, 1, 2**62, 1e300, -0.5, float("inf"))
_VALUES = (*_NUMBERS, None, "", "x" * 5000, b"\xff\0", "2026-01-10", "25:00", "5", "ü\n")
_OWN_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"


def damaged(text: str, random: Random) -> bytes:
    """The file of a text, after up to three injuries to the text, in some encoding, and perhaps some to its bytes."""
    for _ in range(random.choice((0, 1, 1, 1, 2, 3))):
        text = random.choice(_OF_TEXT)(text, random)
    data = random.choice(_ENCODINGS)(text)
    for _ in range(random.choice((0, 0, 0, 0, 0, 1, 2))):
        data = random.choice(_OF_BYTES)(data, random)
    return data


def damaged_database(data: bytes, random: Random) -> bytes:
    """A database after some of its values were changed, some of its tables dropped, or its bytes injured."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(data)
        names = [name for (name,) in connection.execute(_OWN_TABLES)]
        for _ in range(random.choice((0, 1, 3, 20))):
            table = random.choice(names)
            columns = [column for _, column, *_ in connection.execute(f"PRAGMA table_info({table})")]
            with suppress(sqlite3.Error, OverflowError):
                connection.execute(
                    f"UPDATE {table} SET {random.choice(columns)} = ? WHERE rowid % ? = 0",  # noqa: S608  # our own names
                    (random.choice(_VALUES), random.choice((1, 1, 2, 7))),
                )
        if random.random() < DROPPED:
            connection.execute(f"DROP TABLE {random.choice(names)}")
        connection.commit()
        data = connection.serialize()
    for _ in range(random.choice((0, 0, 1, 3))):
        data = mutate_bytes(data, random)
    return data


def excerpt(text: str, random: Random) -> str:
    """The header, and some rows from anywhere below it."""
    lines = text.splitlines(keepends=True)
    count = random.choice((0, 1, 2, 5, ROWS, ROWS, ROWS))
    start = random.randrange(1, max(2, len(lines) - count))
    return "".join([lines[0], *lines[start : start + count]])


def _in_cells(change: Callable[[Lines, Random], None]) -> Callable[[str, Random], str]:
    """A change of the table, whose cells are then quoted as they were, more, or less."""

    def changed(text: str, random: Random) -> str:
        delimiter = ";" if text.partition("\n")[0].count(";") > text.partition("\n")[0].count(",") else ","
        try:
            rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if row]
        except csv.Error:
            return text
        if rows:
            change(rows, random)
        out = io.StringIO(newline="")
        quoting = random.choice((csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC))
        ends = random.choice(("\n", "\r\n", "\r\n", "\n\n", "\r"))
        try:
            csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator=ends, escapechar="\\").writerows(
                rows
            )
        except csv.Error:
            return text
        return out.getvalue()

    return changed


def _change_cell(rows: Lines, random: Random) -> None:
    for _ in range(random.choice((1, 3, 20))):
        row = random.choice(rows)
        if row:
            row[random.randrange(len(row))] = random.choice(_CELLS)


def _change_column(rows: Lines, random: Random) -> None:
    column, cell = random.randrange(len(rows[0])), random.choice(_CELLS)
    for row in rows[1:]:
        if column < len(row):
            row[column] = cell


def _bend_cell(rows: Lines, random: Random) -> None:
    for _ in range(random.choice((1, 3, 20))):
        row = random.choice(rows)
        if row:
            column = random.randrange(len(row))
            sign = random.choice(
                ("-", "+", "e5", ",5", ".", "0", " ", "\u00a0", "'", "%", " kg", "\x00", "\n", "1" * 30)
            )
            row[column] = random.choice(
                (row[column] + sign, sign + row[column], row[column][::-1], row[column].upper())
            )


def _drop_column(rows: Lines, random: Random) -> None:
    column = random.randrange(len(rows[0]))
    for row in rows:
        del row[column : column + 1]


def _move_column(rows: Lines, random: Random) -> None:
    order = random.sample(range(len(rows[0])), len(rows[0]))
    for row in rows:
        row[:] = [row[column] for column in order if column < len(row)]


def _double_column(rows: Lines, random: Random) -> None:
    column = random.randrange(len(rows[0]))
    for row in rows:
        row[column:column] = row[column : column + 1]


def _rename_column(rows: Lines, random: Random) -> None:
    rows[0][random.randrange(len(rows[0]))] = random.choice((*_COLUMNS, *_CELLS))


def _ragged(rows: Lines, random: Random) -> None:
    row = random.choice(rows)
    row[:] = random.choice((row[:-1], [*row, ""], [*row, "more"], row * 2, [], [""]))


def _long_cell(rows: Lines, random: Random) -> None:
    row = random.choice(rows)
    if row:
        size = random.choice((199, 200, 201, 1000, 4001, 16_384, 131_072, 131_073, 1_000_000))
        row[random.randrange(len(row))] = random.choice(("x", "ü", "7", "\n", "🏋", " ")) * size


def _swap_rows(rows: Lines, random: Random) -> None:
    body = rows[1:]
    random.shuffle(body)
    rows[1:] = body


def _repeat_rows(rows: Lines, random: Random) -> None:
    rows += random.choice((rows[1:], rows, [rows[-1]] * 300, rows[1:2] * 3))


def _of_same_columns(rows: Lines, random: Random) -> None:
    """Sessions and exercises that are hard to tell apart."""
    column = random.randrange(len(rows[0]))
    for row in rows[1:]:
        if column < len(row) and random.random() < 0.5:
            row[column] = rows[1][column] if column < len(rows[1]) else ""


def _other_separators(text: str, random: Random) -> str:
    former, latter = random.choice(
        ((",", ";"), (";", ","), (",", "\t"), ('"', "'"), ('"', ""), (",", ", "), ('"', "“"))
    )
    return text.replace(former, latter)


def _other_line_ends(text: str, random: Random) -> str:
    return text.replace("\n", random.choice(("\r\n", "\r", "\n\n", "\u2028", "\x0b", "")))


def _break_quotes(text: str, random: Random) -> str:
    place = random.randrange(len(text) + 1)
    return text[:place] + random.choice(('"', '""', '"""', ',"', '",', '"\n')) + text[place:]


def _swap_lines(text: str, random: Random) -> str:
    lines = text.splitlines(keepends=True)
    if len(lines) > 1:
        one, other = random.randrange(len(lines)), random.randrange(len(lines))
        lines[one], lines[other] = lines[other], lines[one]
    return "".join(lines)


def _cut(data: bytes, random: Random) -> bytes:
    return data[: random.randrange(len(data) + 1)]


def _something_else(data: bytes, random: Random) -> bytes:
    return random.choice(_BEGINNINGS) + random.choice((b"", data, data[:50]))


def _bytes_in_between(data: bytes, random: Random) -> bytes:
    return mutate_bytes(data, random, _SNIPPETS)


_NUMBERS = (
    "0|-0|0.0|-1|1|1.0|2.5|2,5|1e3|NaN|inf|-inf|null|None|#REF!|=1+1|1.005|44.09245243697551|61.23|10000|10001|0xff"
    "|\u0663|½|\uff11\uff12|1 000|1,000.5|1.000,5|+5|--5|5-|1/2|12:30|1:02:03|99:99:99"
)
_DATES = (
    "2025-06-30 19:56:07|2025-02-30|0000-00-00 00:00:00|9999-12-31 23:59:59|1899-12-31 23:59:59|2200-12-31 23:59:59"
    "|2201-01-01 00:00:00|1970-01-01 00:00:00|05/06/2025|30.06.2025, 19:56|tomorrow|2025-03-30 02:30:00"
    "|2011-12-30 12:00:00|28 Mar 2025, 19:56|3 juin 2025 à 8:05|2025年6月30日|45838.5"
)
_WORDS = (
    "| |kg|lbs|stone|km|furlong|W|D|F|w|Note|Rest Timer|warmup|dropset|weird|Squat (Barbell)|Bench Press|Ⅷ squats|ﬁ"
    '|e\u0301|\u202egnp|a\x00b|a\nb|say "hi"|\\n|\\|1h 10m|-1h|1h 70m|999999h|3 days|1:00|0s|1小时13分钟'
    "|[object Object]|a,b,c|a;b"
)
_CELLS = (
    *f"{_NUMBERS}|{_DATES}|{_WORDS}".split("|"),
    *("9" * 20, "9" * 70, "-" + "9" * 20, "0." + "3" * 80, "💪" * 60),
)
_COLUMN_NAMES = (
    "Date|Exercise Name|Weight|Weight (kg)|Weight (lbs)|Reps|Set Order|title|weight_kg|weight_lbs|start_time"
    "|exercise_title|set_type|Category|Exercise|Weight Unit|Distance Unit"
)
_COLUMNS = _COLUMN_NAMES.split("|")
_BEGINNINGS = (
    *(
        b"",
        b"PK\x03\x04",
        b"SQLite format 3\x00",
        b"%PDF-1.7",
        b"\x1f\x8b\x08",
        b'{"workouts":[]}',
        b"<!DOCTYPE html>",
    ),
    *(b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\x00" * 100, b"\n\n\n", b"sep=,\n", b"  ", b"\r"),
)
_SNIPPETS = (b",", b";", b'"', b"\n", b"\r", b"\x00", b"\xff", b"\xc3", b"\xe2\x80\xa8", b"-", b"9" * 20)
_OF_TEXT: tuple[Callable[[str, Random], str], ...] = (
    *(_in_cells(_change_cell), _in_cells(_change_cell), _in_cells(_bend_cell), _in_cells(_bend_cell)),
    *(_in_cells(_change_column), _in_cells(_drop_column), _in_cells(_move_column), _in_cells(_double_column)),
    *(_in_cells(_rename_column), _in_cells(_ragged), _in_cells(_long_cell), _in_cells(_swap_rows)),
    *(_in_cells(_repeat_rows), _in_cells(_of_same_columns)),
    *(_other_separators, _other_line_ends, _break_quotes, _swap_lines),
)
_OF_BYTES: tuple[Callable[[bytes, Random], bytes], ...] = (
    *(_bytes_in_between, _bytes_in_between, _cut, _something_else),
)
_ENCODINGS: tuple[Callable[[str], bytes], ...] = (
    *(str.encode, str.encode, str.encode, str.encode),
    lambda text: text.encode("utf-8-sig"),
    lambda text: text.encode("utf-16"),
    lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
    lambda text: text.encode("latin-1", "replace"),
    lambda text: text.encode("cp1252", "replace"),
)
