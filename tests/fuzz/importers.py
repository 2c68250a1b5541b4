"""The importers: exports of every dialect, damaged in all the ways that mail, spreadsheets and editors know.

A file is refused in words, asked about, or read; what is read accounts for every row, can be written by a real
replica, and is known when it comes again.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from fuzz.campaign import Undocumented
from fuzz.mutations import mutate_bytes
from support.chains import NOON_MS

from client_sdk import Replica
from client_sdk.errors import ChangedOptionError
from client_sdk.importers import ImportFileError, Reading, Unanswered, read
from client_sdk.imports import bring_in
from client_sdk.memory_store import MemoryStore
from client_sdk.sqlite_store import SqliteStore
from events.catalogue import catalogue
from events.envelope import MAX_EVENT_BYTES, encode_event, event_size
from projections.ledger import REPORTS, Ledger

FIXTURES = Path(__file__).parents[1] / "client_sdk" / "importers" / "fixtures"
REAL = Path(__file__).parents[3] / "shared" / "data"
"""Real exports, where they are at hand; they are not part of the project."""

ROWS = 40
"""How many rows of a long export a case usually has: its damage counts, not its length."""
WHOLE_FILES = 0.004
"""The share of cases with a whole export, of thousands of rows."""
AFTER_THE_SOUND_ONE = 0.2
"""The share of cases in which the file comes as a later export of what is in the ledger already."""
REPLICA = "0197f3a0-0000-4000-8000-000000000001"

Lines = list[list[str]]


class Importers:
    """See ``campaign.Target``."""

    name = "importers"
    inputs = 1

    def __init__(self) -> None:
        paths = [*FIXTURES.glob("*.csv"), *(REAL.glob("*.csv") if REAL.is_dir() else ())]
        self._files = {path.stem: path.read_bytes() for path in sorted(paths)}

    def play(self, random: Random, outcomes: Counter[str]) -> None:
        """One damaged file, read with some options, and brought into a ledger."""
        name = random.choice(list(self._files))
        outcomes[f"from {name}"] += 1
        whole = self._files[name]
        text = whole.decode("utf-8-sig")
        if random.random() >= WHOLE_FILES:
            text = _excerpt(text, random)
        data = _damaged(text, random)
        options = {
            "unit": random.choice(("kg", "lb", "kg", None)),
            "distance_unit": random.choice(("km", "mi", "km", None)),
            "timezone": random.choice(("Europe/Berlin", "Pacific/Apia", "America/New_York", "UTC")),
            "app": random.choice((*[None] * 20, "strong", "hevy", "fitnotes")),
        }
        before = text.encode() if random.random() < AFTER_THE_SOUND_ONE else None
        try:
            outcomes[_imported(data, options, before, on_disk=random.random() < 0.02)] += 1
        except Undocumented as undocumented:
            self._options, self._before = options, before
            raise Undocumented(
                f"{undocumented.sentence} [{name}, {options}, after {before!r}]", data
            ) from undocumented

    def replay(self, material: Any, /) -> None:  # noqa: ANN401  (bytes)
        """See ``campaign.Target``."""
        _imported(material, self._options, self._before, on_disk=False)


def _imported(data: bytes, options: dict[str, Any], before: bytes | None, *, on_disk: bool) -> str:
    reading = _read(data, options)
    if reading is None:
        return "refused"
    _check_rows(reading, data)
    with tempfile.TemporaryDirectory() as folder:
        store = SqliteStore(Path(folder) / "ledger", REPLICA) if on_disk else MemoryStore(REPLICA)
        replica = Replica(store, clock=lambda: NOON_MS, offset_at=lambda _: 60)
        try:
            former = None if before is None else _read(before, options)
            if former is not None:
                bring_in(replica, former)
            return _brought_in(replica, reading, data, is_first=former is None)
        except Undocumented:
            raise
        except Exception as error:
            raise Undocumented(f"an import raised {type(error).__name__}: {error}", data) from error
        finally:
            store.close()


def _read(data: bytes, options: dict[str, Any]) -> Reading | None:
    """The reading of a file; None where it was refused."""
    try:
        reading = read(data, at=NOON_MS, catalogue=catalogue(), **options)
        if isinstance(reading, Unanswered):
            _demand(bool(reading.questions) and all(q.sentence for q in reading.questions), "an empty question", data)
            answers = {question.option: (*question.answers, "UTC")[0] for question in reading.questions}
            reading = read(data, at=NOON_MS, catalogue=catalogue(), **options | answers)
    except ImportFileError as error:
        _demand(bool(error.message and error.next_step), "a refusal without a next step", data)
        return None
    except Exception as error:
        raise Undocumented(f"read raised {type(error).__name__}: {error}", data) from error
    if isinstance(reading, Unanswered):
        raise Undocumented(f"what was answered is asked again: {reading.questions}", data)
    return reading


def _check_rows(reading: Reading, data: bytes) -> None:
    lines = 1 + data.count(b"\n") + data.count(b"\r")
    _demand(reading.rows == reading.sets + len(reading.skipped), "rows that are neither sets nor skipped", data)
    _demand(reading.rows == _counted(data), f"{reading.rows} rows were read: there are {_counted(data)}", data)
    for remark in (*reading.skipped, *reading.remarks):
        _demand(0 < remark.line <= lines and remark.reason.endswith("."), f"a remark on nothing: {remark}", data)
        _demand(len(remark.reason) < 1000, f"a remark of {len(remark.reason)} characters", data)
    _demand(all(session.sets for session in reading.sessions), "a session without sets", data)


def _brought_in(replica: Replica, reading: Reading, data: bytes, *, is_first: bool) -> str:
    size = replica.store.outbox_size()
    imported = bring_in(replica, reading, confirmed=True)
    events = [record.event for _, record in replica.store.pending()]
    _demand(len(events) == size + len(imported.drafts), "not all drafts were written", data)
    _demand(len({event.id for event in events}) == len(events), "two events of one name", data)
    for event in events:
        _demand(event_size(event, encode_event(event)) <= MAX_EVENT_BYTES, "an event beyond the limit", data)
    _demand(replica.verify().ok, "the ledger does not verify", data)
    try:
        again = bring_in(replica, reading)
    except ChangedOptionError as error:
        raise Undocumented(f"the same file again changes something: {error}", data) from error
    _demand(not again.drafts, f"the same file again adds: {len(again.drafts)} events", data)
    _demand(again.vanished == imported.vanished, "the same file again has lost others", data)
    _demand(not (is_first and again.vanished), f"the same file again has lost: {again.vanished[:3]}", data)
    facts = replica.ledger().facts
    logged = sum(1 for _ in facts.of_type("set_logged"))
    _demand(
        logged == reading.sets if is_first else logged >= reading.sets,
        f"not every set counts: {logged} of {reading.sets}",
        data,
    )
    _demand(not replica.report("problems")["problems"], "an import makes problems", data)
    _demand(not replica.report("conflicts")["conflicts"], "an import makes conflicts", data)
    scratch = Ledger()
    scratch.apply(record for _, record in replica.store.pending())
    _demand(scratch.digest() == replica.ledger().digest(), "another digest from scratch", data)
    for name in REPORTS:
        replica.report(name)
    if not reading.rows:
        return "read: no rows"
    if not reading.sets:
        return "read: all rows skipped"
    what = "some rows skipped" if reading.skipped else "all rows are sets"
    return f"read: {what}" if is_first else f"read: a later export, {what}"


def _counted(data: bytes) -> int:
    """How many rows there are below the header, counted by somebody else."""
    text = _text_of(data)
    header = text[:1000].lstrip().partition("\n")[0]
    delimiter = ";" if header.count(";") > header.count(",") else ","
    return max(0, sum(1 for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if row) - 1)


def _text_of(data: bytes) -> str:
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding)
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("cp1252")


def _damaged(text: str, random: Random) -> bytes:
    for _ in range(random.choice((0, 1, 1, 1, 2, 3))):
        text = random.choice(_OF_TEXT)(text, random)
    data = random.choice(_ENCODINGS)(text)
    for _ in range(random.choice((0, 0, 0, 0, 0, 1, 2))):
        data = random.choice(_OF_BYTES)(data, random)
    return data


def _excerpt(text: str, random: Random) -> str:
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
    starts = (
        b"",
        b"PK\x03\x04",
        b"SQLite format 3\x00",
        b"%PDF-1.7",
        b"\x1f\x8b\x08",
        b'{"workouts":[]}',
        b"<!DOCTYPE html>",
    )
    others = (*starts, b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\x00" * 100, b"\n\n\n", b"sep=,\n", b"  ", b"\r")
    return random.choice(others) + random.choice((b"", data, data[:50]))


def _bytes_in_between(data: bytes, random: Random) -> bytes:
    return mutate_bytes(
        data, random, [b",", b";", b'"', b"\n", b"\r", b"\x00", b"\xff", b"\xc3", b"\xe2\x80\xa8", b"-", b"9" * 20]
    )


_CELLS = (
    *(
        "",
        " ",
        "0",
        "-0",
        "0.0",
        "-1",
        "1",
        "1.0",
        "2.5",
        "2,5",
        "1e3",
        "NaN",
        "inf",
        "-inf",
        "null",
        "None",
        "#REF!",
        "=1+1",
    ),
    *("9" * 20, "9" * 70, "-" + "9" * 20, "0." + "3" * 80, "1.005", "44.09245243697551", "61.23", "10000", "10001"),
    *(
        "0xff",
        "\u0663",
        "½",
        "\uff11\uff12",
        "1 000",
        "1,000.5",
        "1.000,5",
        "+5",
        "--5",
        "5-",
        "1/2",
        "12:30",
        "1:02:03",
        "99:99:99",
    ),
    *("2025-06-30 19:56:07", "2025-02-30", "0000-00-00 00:00:00", "9999-12-31 23:59:59", "1899-12-31 23:59:59"),
    *(
        "2200-12-31 23:59:59",
        "2201-01-01 00:00:00",
        "1970-01-01 00:00:00",
        "05/06/2025",
        "30.06.2025, 19:56",
        "tomorrow",
    ),
    *(
        "2025-03-30 02:30:00",
        "2011-12-30 12:00:00",
        "28 Mar 2025, 19:56",
        "3 juin 2025 à 8:05",
        "2025年6月30日",
        "45838.5",
    ),
    *("kg", "lbs", "stone", "km", "furlong", "W", "D", "F", "w", "Note", "Rest Timer", "warmup", "dropset", "weird"),
    *(
        "Squat (Barbell)",
        "Bench Press",
        "Ⅷ squats",
        "ﬁ",
        "e\u0301",
        "\u202egnp",
        "a\x00b",
        "a\nb",
        'say "hi"',
        "\\n",
        "\\",
        "💪" * 60,
    ),
    *("1h 10m", "-1h", "1h 70m", "999999h", "3 days", "1:00", "0s", "1小时13分钟", "[object Object]", "a,b,c", "a;b"),
)
_COLUMNS = (
    *("Date", "Exercise Name", "Weight", "Weight (kg)", "Weight (lbs)", "Reps", "Set Order", "title", "weight_kg"),
    *(
        "weight_lbs",
        "start_time",
        "exercise_title",
        "set_type",
        "Category",
        "Exercise",
        "Weight Unit",
        "Distance Unit",
    ),
)
_OF_TEXT: tuple[Callable[[str, Random], str], ...] = (
    *(_in_cells(_change_cell), _in_cells(_change_cell), _in_cells(_bend_cell), _in_cells(_bend_cell)),
    *(_in_cells(_change_column), _in_cells(_drop_column), _in_cells(_move_column), _in_cells(_double_column)),
    *(_in_cells(_rename_column), _in_cells(_ragged), _in_cells(_long_cell), _in_cells(_swap_rows)),
    *(_in_cells(_repeat_rows), _in_cells(_of_same_columns)),
    *(_other_separators, _other_line_ends, _break_quotes, _swap_lines),
)
_OF_BYTES: tuple[Callable[[bytes, Random], bytes], ...] = (
    _bytes_in_between,
    _bytes_in_between,
    _cut,
    _something_else,
)
_ENCODINGS: tuple[Callable[[str], bytes], ...] = (
    *(str.encode, str.encode, str.encode, str.encode),
    lambda text: text.encode("utf-8-sig"),
    lambda text: text.encode("utf-16"),
    lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
    lambda text: text.encode("latin-1", "replace"),
    lambda text: text.encode("cp1252", "replace"),
)


def _demand(holds: bool, sentence: str, data: bytes) -> None:  # noqa: FBT001  (read as an assertion)
    if not holds:
        raise Undocumented(sentence, data)
