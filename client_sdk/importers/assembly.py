"""Rows to facts: which set of which exercise of which session each is, or which figure of the body.

    rows    ──by start, title and end──▶ sessions ──by exercise──▶ occurrences ──▶ the n-th set of each
    figures ──by start and name──▶ the n-th of each

Everything is named after where it stands in the file. The time in an id is the wall clock's, read as UTC, so that
neither the unit nor the zone of an import changes any name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from client_sdk.draft import Draft
from client_sdk.importers.clock import as_utc, moment, offset_at, wall_time
from client_sdk.importers.errors import RowError
from client_sdk.importers.figures import measured
from client_sdk.importers.readings import Exercises, Reading, Session
from client_sdk.importers.rows import Figure, Format, Remark, Row
from client_sdk.importers.sets import MAX_NAME, Exercise, Place, custom_exercise, key_of, logged, shortened
from events.corrections import ImportStarted, NoteAdded
from events.facts import Source
from events.identifiers import derived_uuid7
from events.quantities import DAY_MS, EARLIEST_MS, LATEST_MS, Unit
from events.training import ExerciseDefined, SessionFinished, SessionStarted

FIRST_YEAR, LAST_YEAR = 1900, 2200
_LONGEST_SESSION = timedelta(days=31)


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """What a reading depends on beside the rows. Units are given only where the file leaves them open."""

    exporter: Format
    dialect: str
    file_sha256: str
    at: int
    unit: Unit | None
    distance_unit: str | None
    zone: ZoneInfo
    catalogue: Exercises


class _Occurrence(msgspec.Struct):
    """One exercise at one start: which occurrence of it is under way, and how far its sets have come."""

    nth: int = 0
    sets: int = 0
    number: int | None = None
    noted: bool = False

    def advance(self, number: int | None, *, follows_itself: bool) -> None:
        """Takes in the next row: of the occurrence under way, or of the next where its numbers begin again.

        Without numbers to go by, an exercise occurs anew when another one came between.
        """
        goes_on = follows_itself if number is None or self.number is None else number > self.number
        if not goes_on:
            self.nth, self.sets, self.number, self.noted = self.nth + 1, 0, None, False
        self.sets += 1
        self.number = self.number if number is None else number


class _Visit(msgspec.Struct, frozen=True, kw_only=True):
    """The rows of one session and when it began; ``nth`` of the sessions that are written to begin then.

    Those sessions share ``occurrences``, so that no two sets have one key.
    """

    rows: list[Row]
    wall_ms: int
    at: int
    offset: int
    nth: int
    occurrences: dict[str, _Occurrence]


class Assembly:
    """One file on its way to a reading; used once."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.import_id = derived_uuid7(0, "import", options.exporter.app, options.file_sha256)
        self.exercises: dict[str, Exercise] = {}
        self.first_use: dict[str, tuple[int, int]] = {}
        """By name: ``at`` and ``offset`` of the earliest session with a set of the exercise."""
        self.keys: set[str] = set()
        self.skipped: list[Remark] = []
        self.remarks: list[Remark] = []
        self.recovered = 0

    def reading(self, entries: Iterable[Row | Figure | Remark], remarks: Iterable[Remark]) -> Reading:
        """The reading of what stands in the file, given the remarks on the file as a whole."""
        rows: list[Row] = []
        figures: list[Figure] = []
        for entry in entries:
            match entry:
                case Row():
                    rows.append(entry)
                case Figure():
                    figures.append(entry)
                case Remark():
                    self.skipped.append(entry)
        self.remarks += remarks
        row_count = len(rows) + len(figures) + len(self.skipped)
        sessions = tuple(session for visit in self._visits(rows) if (session := self._session(visit)))
        return Reading(
            app=self.options.exporter.app,
            dialect=self.options.dialect,
            tells=self.options.exporter.tells,
            file_sha256=self.options.file_sha256,
            rows=row_count,
            sessions=sessions,
            measurements=tuple(self._measurements(figures)),
            skipped=tuple(sorted(self.skipped)),
            remarks=tuple(sorted(self.remarks)),
            loads_recovered=self.recovered,
            matched=tuple(name for name in self.first_use if not self.exercises[name].custom),
            unmatched=tuple(name for name in self.first_use if self.exercises[name].custom),
            keys=frozenset(self.keys),
            started=self._import_started(),
            defined=self._definitions(),
        )

    def _visits(self, rows: list[Row]) -> Iterator[_Visit]:
        visits: dict[tuple[str, str, str], list[Row]] = {}
        for row in rows:
            visits.setdefault((row.start, row.title, row.end), []).append(row)
        at_start: dict[str, tuple[int, dict[str, _Occurrence]]] = {}
        for (start, _, _), its_rows in visits.items():
            nth, occurrences = at_start.get(start, (0, {}))
            at_start[start] = nth + 1, occurrences
            try:
                wall, at, offset = self._start(start)
                if began := its_rows[0].began:
                    _, at, offset = self._start(began)
            except RowError as error:
                self.skipped += [Remark(row.line, str(error)) for row in its_rows]
                continue
            yield _Visit(
                rows=its_rows, wall_ms=as_utc(wall), at=at, offset=offset, nth=nth + 1, occurrences=occurrences
            )

    def _start(self, text: str) -> tuple[datetime, int, int]:
        wall = wall_time(text)
        if wall is None:
            raise RowError(f"Its date, {text[:40]!r}, can't be read.")
        if not FIRST_YEAR <= wall.year <= LAST_YEAR:
            raise RowError(f"Its date, {text[:40]!r}, lies outside the years {FIRST_YEAR} to {LAST_YEAR}.")
        at, offset = moment(wall, self.options.zone)
        if not EARLIEST_MS <= at <= min(self.options.at + DAY_MS, LATEST_MS):
            raise RowError(f"Its date, {text[:40]!r}, lies in the future.")
        return wall, at, offset

    def _session(self, visit: _Visit) -> Session | None:
        app, first = self.options.exporter.app, visit.rows[0]
        key = key_of(app, first.start) if visit.nth == 1 else key_of(app, first.start, visit.nth)
        self.keys.add(key)
        source = Source(app=app, key=key)
        session_id = derived_uuid7(visit.wall_ms, "session", key)
        finish = self._finish(visit)
        note = next((row.session_note for row in visit.rows if row.session_note), "")
        sets = self._sets(visit, session_id, "" if finish is not None else note)
        if not sets:
            return None
        if _is_doubled(visit.rows):
            middle = visit.rows[len(visit.rows) // 2].line
            self.remarks.append(
                Remark(first.line, f"From line {middle} on, its session is repeated word for word; both are kept.")
            )
        start = SessionStarted(import_=self.import_id, source=source, session=session_id, title=self._title(first))
        finished = None
        if finish is not None:
            body = SessionFinished(
                import_=self.import_id, source=source, session=session_id, note=self._note(first.line, note)
            )
            name = derived_uuid7(visit.wall_ms, "session_finished", key)
            finished = Draft(body=body, at=finish, offset=offset_at(finish, self.options.zone), id=name)
        name = derived_uuid7(visit.wall_ms, "session_started", key)
        started = Draft(body=start, at=visit.at, offset=visit.offset, id=name)
        return Session(started=started, sets=sets, finished=finished)

    def _sets(self, visit: _Visit, session_id: str, note: str) -> tuple[Draft, ...]:
        """The sets of a session; ``note``, on the session as a whole, goes with the first of them."""
        sets: list[Draft] = []
        former = ""
        for row in visit.rows:
            occurrence = visit.occurrences.setdefault(row.exercise, _Occurrence())
            occurrence.advance(row.number, follows_itself=former == row.exercise)
            former = row.exercise
            try:
                place = self._place(visit, row, occurrence, session_id, len(sets))
                exercise = self._exercise(row.exercise)
                body, recovered = logged(row, exercise, place, self.options.unit, self.options.distance_unit)
            except RowError as error:
                self.skipped.append(Remark(row.line, str(error)))
                continue
            notes = ("" if sets else note, "" if occurrence.noted else row.exercise_note, row.note)
            if any(notes):
                body = msgspec.structs.replace(body, note=self._note(row.line, "\n".join(filter(None, notes))))
            occurrence.noted = True
            self.recovered += recovered
            self.first_use[row.exercise] = min(
                (visit.at, visit.offset), self.first_use.get(row.exercise, (visit.at, visit.offset))
            )
            name = derived_uuid7(visit.wall_ms, "set_logged", place.source.key)
            sets.append(Draft(body=body, at=visit.at, offset=visit.offset, id=name))
        return tuple(sets)

    def _place(self, visit: _Visit, row: Row, occurrence: _Occurrence, session_id: str, order: int) -> Place:
        key = key_of(self.options.exporter.app, row.start, row.exercise, occurrence.nth, occurrence.sets)
        self.keys.add(key)
        source = Source(app=self.options.exporter.app, key=key, name=row.exercise[:MAX_NAME] or None)
        return Place(self.import_id, session_id, visit.wall_ms, source, order)

    def _measurements(self, figures: list[Figure]) -> Iterator[Draft]:
        seen: dict[tuple[str, str], int] = {}
        for figure in figures:
            nth = seen[figure.start, figure.name] = seen.get((figure.start, figure.name), 0) + 1
            app = self.options.exporter.app
            try:
                key = key_of(app, figure.start, figure.name, nth)
                self.keys.add(key)
                wall, at, offset = self._start(figure.start)
                source = Source(app=app, key=key, name=figure.name[:MAX_NAME] or None)
                body, recovered = measured(figure, source, as_utc(wall), self.import_id, self.options.unit)
            except RowError as error:
                self.skipped.append(Remark(figure.line, str(error)))
                continue
            self.recovered += recovered
            name = derived_uuid7(as_utc(wall), "measurement_taken", key)
            yield Draft(body=body, at=at, offset=offset, id=name)
            if note := self._note(figure.line, figure.note):
                said = NoteAdded(
                    import_=self.import_id,
                    source=source,
                    note=derived_uuid7(as_utc(wall), "note", key),
                    target=body.measurement,
                    text=note,
                )
                yield Draft(body=said, at=at, offset=offset, id=derived_uuid7(as_utc(wall), "note_added", key))

    def _exercise(self, name: str) -> Exercise:
        if name not in self.exercises:
            if not 0 < len(name) <= MAX_NAME:
                raise RowError("It names no exercise." if not name else "The name of its exercise is too long.")
            known = self.options.catalogue.match(name)
            if known is None:
                self.exercises[name] = custom_exercise(name)
            else:
                lift = self.options.catalogue.exercises[known]
                self.exercises[name] = Exercise(
                    known, custom=False, body_weight=lift.body_weight, assisted=lift.assisted
                )
        return self.exercises[name]

    def _finish(self, visit: _Visit) -> int | None:
        """When the session ended, in Unix ms; None where the file doesn't say."""
        first = visit.rows[0]
        if not first.end:
            return None
        end = self.options.exporter.end(first.end)
        if end is None:
            self.remarks.append(Remark(first.line, f"The end of its session, {first.end[:40]!r}, can't be read."))
            return None
        took = end if isinstance(end, timedelta) else self._since(visit, end)
        if not timedelta(0) <= took <= _LONGEST_SESSION:
            self.remarks.append(Remark(first.line, f"The end of its session, {first.end[:40]!r}, can't be right."))
            return None
        return visit.at + took // timedelta(milliseconds=1)

    def _since(self, visit: _Visit, end: datetime) -> timedelta:
        return timedelta(milliseconds=moment(end, self.options.zone)[0] - visit.at)

    def _title(self, row: Row) -> str | None:
        if len(row.title) <= MAX_NAME:
            return row.title or None
        self.remarks.append(Remark(row.line, "The name of its session is cut."))
        return f"{row.title[: MAX_NAME - 1]}…"

    def _note(self, line: int, text: str) -> str | None:
        note, cut = shortened(text)
        if cut:
            self.remarks.append(Remark(line, "Its note is longer than an event can hold, and is cut."))
        return note

    def _import_started(self) -> Draft:
        options = {
            "unit": self.options.unit,
            "distance_unit": self.options.distance_unit,
            "timezone": self.options.zone.key,
        }
        body = ImportStarted(
            import_=self.import_id,
            app=self.options.exporter.app,
            file_sha256=self.options.file_sha256,
            dialect=self.options.dialect,
            options={name: value for name, value in options.items() if value is not None},
        )
        name = derived_uuid7(0, "import_started", self.options.exporter.app, self.options.file_sha256)
        return Draft(body=body, at=self.options.at, offset=offset_at(self.options.at, self.options.zone), id=name)

    def _definitions(self) -> tuple[Draft, ...]:
        """The custom exercises, each once, however its name is spelled: the first spelling names it."""
        definitions: dict[str, Draft] = {}
        for name, (at, offset) in self.first_use.items():
            exercise = self.exercises[name]
            if exercise.custom and exercise.id not in definitions:
                body = ExerciseDefined(exercise=exercise.id, name=name)
                event_id = derived_uuid7(0, "exercise_defined", exercise.id)
                definitions[exercise.id] = Draft(body=body, at=at, offset=offset, id=event_id)
        return tuple(definitions.values())


def _is_doubled(rows: list[Row]) -> bool:
    """Whether the second half of a session says what the first one says, word for word: some exports do so."""
    half, odd = divmod(len(rows), 2)
    if odd or rows[0].exercise != rows[half].exercise or rows[0].number != rows[half].number:
        return False
    return all(
        msgspec.structs.replace(first, line=second.line) == second
        for first, second in zip(rows[:half], rows[half:], strict=True)
    )
