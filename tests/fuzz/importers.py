"""The importers: exports of every dialect, damaged in all the ways that mail, spreadsheets and editors know.

Backups are damaged as databases are. A file is refused in words, asked about, or read; what is read accounts for
every row, can be written by a real replica, and is known when it comes again.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

from fuzz.campaign import Undocumented
from fuzz.damage import damaged, damaged_database, excerpt
from support.chains import NOON_MS
from support.exports import exports

from client_sdk import Replica
from client_sdk.errors import ChangedOptionError
from client_sdk.importers import ImportFileError, Reading, Unanswered, read
from client_sdk.importers.databases import MAGIC
from client_sdk.importers.importer import APPS
from client_sdk.imports import bring_in
from client_sdk.memory_store import MemoryStore
from client_sdk.sqlite_store import SqliteStore
from events.catalogue import catalogue
from events.envelope import MAX_EVENT_BYTES, encode_event, event_size
from projections.ledger import REPORTS, Ledger

REAL = Path(__file__).parents[3] / "shared" / "data"
"""Real exports, where they are at hand; they are not part of the project."""

WHOLE_FILES = 0.004
"""The share of cases with a whole export, of thousands of rows."""
AFTER_THE_SOUND_ONE = 0.2
"""The share of cases in which the file comes as a later export of what is in the ledger already."""
_OF_SEVERAL_A_ROW = frozenset({"fitnotes-backup", "hevy-body", "jefit"})
"""The dialects of which one row may tell several things, or another table some."""
REPLICA = "0197f3a0-0000-4000-8000-000000000001"


class Importers:
    """See ``campaign.Target``."""

    name = "importers"
    inputs = 1

    def __init__(self) -> None:
        real = {path.stem: path.read_bytes() for path in sorted(REAL.glob("*.csv") if REAL.is_dir() else ())}
        self._files = exports() | real

    def play(self, random: Random, outcomes: Counter[str]) -> None:
        """One damaged file, read with some options, and brought into a ledger."""
        name = random.choice(list(self._files))
        outcomes[f"from {name}"] += 1
        sound, data = _damaged(self._files[name], random)
        options = {
            "unit": random.choice(("kg", "lb", "kg", None)),
            "distance_unit": random.choice(("km", "mi", "km", None)),
            "timezone": random.choice(("Europe/Berlin", "Pacific/Apia", "America/New_York", "UTC")),
            "app": random.choice((*[None] * 40, *APPS)),
        }
        before = sound if random.random() < AFTER_THE_SOUND_ONE else None
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


def _damaged(whole: bytes, random: Random) -> tuple[bytes, bytes]:
    """An excerpt of the file, and the same damaged."""
    if whole.startswith(MAGIC):
        return whole, damaged_database(whole, random)
    text = whole.decode("utf-8-sig")
    if random.random() >= WHOLE_FILES:
        text = excerpt(text, random)
    return text.encode(), damaged(text, random)


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
        for _ in ("which app wrote it", "the rest"):
            if isinstance(reading, Unanswered):
                _demand(
                    bool(reading.questions) and all(q.sentence for q in reading.questions), "an empty question", data
                )
                options = options | {question.option: (*question.answers, "UTC")[0] for question in reading.questions}
                reading = read(data, at=NOON_MS, catalogue=catalogue(), **options)
    except ImportFileError as error:
        _demand(bool(error.message and error.next_step), "a refusal without a next step", data)
        return None
    except Exception as error:
        raise Undocumented(f"read raised {type(error).__name__}: {error}", data) from error
    if isinstance(reading, Unanswered):
        raise Undocumented(f"what was answered is asked again: {reading.questions}", data)
    return reading


def _check_rows(reading: Reading, data: bytes) -> None:
    told = reading.sets + reading.figures
    _demand(reading.rows == told + len(reading.skipped), "rows that are neither read nor skipped", data)
    if reading.dialect not in _OF_SEVERAL_A_ROW:
        _demand(reading.rows == _counted(data), f"{reading.rows} rows were read: there are {_counted(data)}", data)
    lines = 2**63 if data.startswith(MAGIC) else 1 + data.count(b"\n") + data.count(b"\r")
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
    for event_type, told in (("set_logged", reading.sets), ("measurement_taken", reading.figures)):
        counted = sum(1 for _ in facts.of_type(event_type))
        _demand(
            counted == told if is_first else counted >= told, f"not every {event_type} counts: {counted}/{told}", data
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
    if not reading.sets + reading.figures:
        return "read: all rows skipped"
    what = "some rows skipped" if reading.skipped else "all rows are facts"
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


def _demand(holds: bool, sentence: str, data: bytes) -> None:  # noqa: FBT001  (read as an assertion)
    if not holds:
        raise Undocumented(sentence, data)
