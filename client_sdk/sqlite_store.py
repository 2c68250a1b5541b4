"""A replica's storage in one SQLite file: WAL, ``synchronous=FULL``, so that what was acknowledged is on disk."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any

import msgspec
from msgspec import UNSET

from client_sdk.errors import DamagedLedgerError
from client_sdk.ledger_file import Explained
from client_sdk.opening import open_ledger
from client_sdk.reading import UNREADABLE, damaged, read_event, read_stamp, unreadable
from client_sdk.salvage import complaints_of, rows_of
from client_sdk.sqlite_erasing import clear_traces, erased_ids, take_words_aside, take_words_out
from client_sdk.store import (
    Aside,
    Compose,
    Derived,
    Held,
    Local,
    Pulled,
    Ref,
    Rewriting,
    Row,
    Tip,
    UnderWay,
    stamp_of,
)
from events import Event, Record, Stamp
from events.envelope import encode_event, stored_event, without_words

_SELECT_LOCAL = f"SELECT {', '.join(Local.__struct_fields__)} FROM local"  # noqa: S608  # our own column names
_DERIVED = ", ".join(Derived.__struct_fields__)


class SqliteStore:
    """A ledger file. Opens an existing one, or makes a new one for the replica id given.

    One that can't be written is opened for reading; whatever would change it is refused.

    Raises:
        LedgerFileError: where the file is something else, or of a newer version, or can't be opened or written.
    """

    def __init__(self, path: Path, new_replica: str) -> None:
        self.path = path
        self._db = open_ledger(path, new_replica)

    def local(self) -> Local:
        """What the replica knows of itself."""
        row = next(self._rows(_SELECT_LOCAL), ())
        try:
            return msgspec.convert(row, Local)
        except ValueError as error:
            raise damaged(self.path, "What this file knows of itself can't be read") from error

    def sign_in(self, *, account: str, server: str, device: str, token: str) -> None:
        """Remembers the account and the device's token."""
        with self._transaction():
            self._db.execute(
                "UPDATE local SET account = ?, server = ?, device = ?, token = ?", (account, server, device, token)
            )

    def sign_out(self) -> None:
        """Forgets the account and the token."""
        with self._transaction():
            self._db.execute("UPDATE local SET account = NULL, server = NULL, device = NULL, token = NULL")

    def tips(self, replicas: Iterable[str] | None = None) -> dict[str, Tip]:
        """The tips of some replicas, or of all."""
        rows = self._rows("SELECT replica, seq, hash, said FROM tips")
        wanted = None if replicas is None else set(replicas)
        try:
            return {row[0]: msgspec.convert(row[1:], Tip) for row in rows if wanted is None or row[0] in wanted}
        except ValueError as error:
            raise damaged(self.path, "Where the chains end can't be read") from error

    def write(self, compose: Compose, under_way: UnderWay | None = None) -> list[Event]:
        """Appends own events to the outbox: what ``compose`` makes of the present state, inside the transaction."""
        with self._transaction():
            local, tips = self.local(), self.tips()
            self._check_end(local.replica, tips.get(local.replica))
            written = compose(local, tips)
            if written:
                self._append([(event, kept, None) for event, kept in written])
                self._set_said([event.seen for event, _ in written if event.saw is not UNSET])
                last, _ = written[-1]
                self._set_tip(last.replica, Tip(last.seq, bytes.fromhex(last.hash)))
            if under_way is not None:
                self._db.execute("UPDATE local SET session = ?, session_at = ?", (under_way.session, under_way.at))
        return [event for event, _ in written]

    def outbox(self, after: int | None = None, limit: int | None = None) -> list[Held]:
        """The events of the outbox behind a place, in order."""
        rows = self._rows(
            "SELECT place, replica, seq, received, skew, event FROM outbox WHERE place > ? ORDER BY place LIMIT ?",
            (_before_all if after is None else after, -1 if limit is None else limit),
        )
        found = []
        for place, replica, seq, received, skew, kept in rows:
            where = f"place {place} of the outbox"
            event = read_event(self.path, where, (replica, seq), kept, (received, skew))
            found.append(Held(place, event, kept, stamp_of(received, skew)))
        return found

    def outbox_size(self) -> int:
        """How many events wait."""
        return int(next(self._rows("SELECT count(*) FROM outbox"))[0])

    def holds(self, refs: Iterable[Ref]) -> dict[Ref, str]:
        """The hashes of those of the events that are in the outbox."""
        found: dict[Ref, str] = {}
        if self._nothing_waits():
            return found
        for ref in refs:
            for (kept,) in self._rows("SELECT event FROM outbox WHERE replica = ? AND seq = ?", ref):
                found[ref] = read_event(self.path, "the outbox", ref, kept).hash
        return found

    def event_at(self, ref: Ref) -> bytes | None:
        """The canonical bytes of the event at a place of a chain, wherever it is held."""
        for table in ("outbox", "ledger"):
            query = f"SELECT CAST(event AS BLOB) FROM {table} WHERE replica = ? AND seq = ?"  # noqa: S608  # one of two names
            for (kept,) in self._rows(query, ref):
                return bytes(kept)
        return None

    def advance(self, before: Local, pulled: Sequence[Pulled], *, cursor: str, head_hash: bytes, now: int) -> bool:
        """Moves the cursor over the records that it passes, which leave the outbox for the ledger."""
        with self._transaction():
            if self.local().place != before.place:
                return False
            if not self._nothing_waits():
                places = [(record.event.replica, record.event.seq) for record in pulled]
                self._db.executemany("DELETE FROM outbox WHERE replica = ? AND seq = ?", places)
            erased = erased_ids(self._db)
            self._insert(
                "ledger (position, replica, seq, received, skew, event)",
                [
                    (
                        *(record.position, record.event.replica, record.event.seq),
                        *(record.stamp.received, record.stamp.skew, _as_kept(record.event, record.kept, erased)),
                    )
                    for record in pulled
                ],
            )
            for replica, tip in _tips_of(pulled).items():
                self._set_tip(replica, tip)
            self._db.execute(
                "UPDATE local SET cursor = ?, head = ?, head_hash = ?, last_sync = ?",
                (cursor, before.head + len(pulled), head_hash, now),
            )
        return True

    def start_over(self) -> None:
        """Cursor to the start, the whole ledger into the outbox in its order, all that was derived dropped."""
        with self._transaction():
            self._db.execute(
                "INSERT INTO outbox (place, replica, seq, received, skew, event)"
                " SELECT position - (SELECT max(position) FROM ledger) - 1"
                "   + coalesce((SELECT min(place) FROM outbox), (SELECT max(seq) FROM sqlite_sequence) + 1, 1),"
                " replica, seq, received, skew, event FROM ledger ORDER BY position"
            )
            self._db.execute("DELETE FROM ledger")
            self._db.execute("DELETE FROM derived")
            self._db.execute(
                "UPDATE local SET cursor = '0', head = 0, head_hash = ?, epoch = epoch + 1", (bytes(32),)
            )

    def rewrite(self, compose: Callable[[Local, list[Held]], Rewriting | None]) -> None:
        """Replaces events in the outbox by what ``compose`` makes of it, inside the transaction."""
        with self._transaction():
            rewriting = compose(self.local(), self.outbox())
            if rewriting is None:
                return
            self._db.executemany("DELETE FROM outbox WHERE replica = ? AND seq = ?", rewriting.dropped)
            self._append(rewriting.added)
            for replica, tip in rewriting.tips.items():
                if tip is None:
                    self._db.execute("DELETE FROM tips WHERE replica = ?", (replica,))
                else:
                    self._db.execute(
                        "INSERT INTO tips (replica, seq, hash, said) VALUES (?, ?, ?, 0) ON CONFLICT (replica)"
                        " DO UPDATE SET seq = excluded.seq, hash = excluded.hash, said = min(said, excluded.seq)",
                        (replica, tip.seq, tip.hash),
                    )
            if rewriting.said is not None:
                self._db.execute("UPDATE tips SET said = 0")
                said = [(seq, replica) for replica, seq in rewriting.said.items()]
                self._db.executemany("UPDATE tips SET said = ? WHERE replica = ?", said)
            self._db.executemany("DELETE FROM aside WHERE key = ?", [(key,) for key in rewriting.released])
            self._set_aside(rewriting.aside)
            self._db.execute("UPDATE local SET replica = ?, epoch = epoch + 1", (rewriting.replica,))
            self._db.execute("DELETE FROM derived")

    def aside(self) -> list[Aside]:
        """The events that are set aside, in the order in which they were."""
        rows = self._rows(
            "SELECT key, replica, seq, received, skew, reason, at, CAST(event AS BLOB) FROM aside ORDER BY key"
        )
        return [
            Aside(key=key, replica=replica, seq=seq, stamp=stamp_of(received, skew), reason=reason, at=at, kept=kept)
            for key, replica, seq, received, skew, reason, at, kept in rows
        ]

    def rows(self) -> Iterator[Row]:
        """All that can be got at of ledger and outbox, in order, unread."""
        return rows_of(self._db)

    def complaints(self) -> list[str]:
        """What SQLite finds wrong with the file."""
        return complaints_of(self._db)

    def erase(self, ids: Iterable[str]) -> None:
        """Takes the words of these events out, also of copies to come; what was derived from them goes too.

        What is set aside and holds their words loses them too, or is dropped where it can't be read.
        """
        if news := sorted(set(ids) - erased_ids(self._db)):
            with self._transaction():
                self._db.executemany("INSERT INTO erased (id) VALUES (?)", [(event_id,) for event_id in news])
                take_words_out(self._db, self.path, news)
                take_words_aside(self._db, self.path, self.aside())
                self._db.execute("DELETE FROM derived")
        with Explained(self.path):
            clear_traces(self._db)

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """All that is read within is of one moment, whatever other processes write to the file meanwhile."""
        is_of_one_moment = self._db.in_transaction
        if is_of_one_moment:
            yield
            return
        with Explained(self.path):
            self._db.execute("BEGIN")
            try:
                yield
            finally:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")

    def records(self, after: int = 0) -> Iterator[Record]:
        """The ledger behind a position, in order."""
        rows = self._rows(
            "SELECT position, received, skew, event FROM ledger WHERE position > ? ORDER BY position", (after,)
        )
        for position, received, skew, kept in rows:
            try:
                stamp, event = read_stamp(received, skew), stored_event(kept)
            except UNREADABLE as error:
                raise self._unreadable(position) from error
            yield Record(position=position, stamp=stamp, event=event)

    def pending(self, after: int | None = None) -> Iterator[tuple[int, Record]]:
        """The outbox behind a place as records without position, each with its place."""
        for held in self.outbox(after):
            yield held.place, Record(position=None, stamp=held.stamp, event=held.event)

    def derived(self, name: str) -> Derived | None:
        """What was last kept under a name; None where there is nothing, or its checksum is another."""
        try:
            row = self._db.execute(f"SELECT {_DERIVED}, checksum FROM derived WHERE name = ?", (name,)).fetchone()  # noqa: S608  # as above
        except (sqlite3.DatabaseError, UnicodeDecodeError):
            return None  # it can be made again
        if row is None or row[-1] != _checksum(name, row[:-1]):
            return None
        return Derived(**dict(zip(Derived.__struct_fields__, row[:-1], strict=True)))

    def keep(self, kept: Mapping[str, Derived]) -> None:
        """Keeps what is derived, all or none: none where more is held than was folded, or otherwise."""
        with self._transaction():
            local = self.local()
            if any(
                (local.epoch, local.head) != (derived.epoch, derived.position) or self.outbox(derived.place, 1)
                for derived in kept.values()
            ):
                return
            rows = [(name, msgspec.structs.astuple(derived)) for name, derived in kept.items()]
            self._db.executemany(
                f"INSERT OR REPLACE INTO derived (name, {_DERIVED}, checksum) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608  # as above
                [(name, *values, _checksum(name, values)) for name, values in rows],
            )

    def names(self) -> dict[str, str]:
        """What the devices are called that wrote as these replicas, as far as it is known."""
        return dict(self._db.execute("SELECT replica, name FROM names"))

    def remember_names(self, names: Mapping[str, str]) -> None:
        """Keeps what devices are called, by replica; a name that is known is replaced."""
        with self._transaction():
            self._db.executemany("INSERT OR REPLACE INTO names (replica, name) VALUES (?, ?)", names.items())

    def close(self) -> None:
        """Lets go of the file."""
        self._db.close()

    def _unreadable(self, position: int) -> DamagedLedgerError:
        """The complaint of a record; its place in its chain is read only now, for a replay is waited for."""
        (ref,) = self._rows("SELECT replica, seq FROM ledger WHERE position = ?", (position,))
        return unreadable(self.path, f"record at position {position}", ref)

    def _nothing_waits(self) -> bool:
        """Whether the outbox is empty, as in a first sync, which would look there for each of its records."""
        return next(self._rows("SELECT NOT EXISTS (SELECT 1 FROM outbox)")) == (1,)

    def _append(self, events: Sequence[tuple[Event, bytes, Stamp | None]]) -> None:
        erased = erased_ids(self._db)
        rows = [
            (event.replica, event.seq, stamp and stamp.received, stamp and stamp.skew, _as_kept(event, kept, erased))
            for event, kept, stamp in events
        ]
        self._insert("outbox (replica, seq, received, skew, event)", rows)

    def _insert(self, into: str, rows: Sequence[tuple[object, ...]]) -> None:
        """Adds rows, many by one statement: nearly a third quicker than one by one, and places are counted once."""
        for start in range(0, len(rows), _ROWS_AT_ONCE):
            some = rows[start : start + _ROWS_AT_ONCE]
            row = f"({', '.join('?' * len(some[0]))})"
            insert = f"INSERT INTO {into} VALUES {', '.join([row] * len(some))}"  # noqa: S608  # question marks
            self._db.execute(insert, list(chain.from_iterable(some)))

    def _set_said(self, seen: Iterable[Mapping[str, int]]) -> None:
        """Remembers how far own events have said what was seen of others."""
        for replica, seq in (said for each in seen for said in each.items()):
            self._db.execute("UPDATE tips SET said = max(said, ?) WHERE replica = ?", (seq, replica))

    def _set_aside(self, asides: Iterable[Aside]) -> None:
        self._db.executemany(
            "INSERT INTO aside (replica, seq, received, skew, reason, at, event) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    *(
                        aside.replica,
                        aside.seq,
                        aside.stamp and aside.stamp.received,
                        aside.stamp and aside.stamp.skew,
                    ),
                    *(aside.reason, aside.at, aside.kept),
                )
                for aside in asides
            ],
        )
        take_words_aside(self._db, self.path, self.aside())

    def _check_end(self, replica: str, tip: Tip | None) -> None:
        """That the own chain ends as it is remembered to: an event behind another end would not follow."""
        if tip is None:
            return
        kept = self.event_at((replica, tip.seq))
        last = None if kept is None else read_event(self.path, "the own chain", (replica, tip.seq), kept)
        if last is None or last.hash != tip.hash.hex():
            raise damaged(self.path, "The chain of this replica does not end where it is remembered to")

    def _rows(self, query: str, values: Sequence[object] = ()) -> Iterator[tuple[Any, ...]]:
        with Explained(self.path):
            # ``yield from`` would close a cursor whose file may be closed by then.
            for row in self._db.execute(query, values):  # noqa: UP028  # see above
                yield row

    def _set_tip(self, replica: str, tip: Tip) -> None:
        """Moves a tip on, never back: events that are still in the outbox may be ahead of what was pulled."""
        self._db.execute(
            "INSERT INTO tips (replica, seq, hash, said) VALUES (?, ?, ?, 0) ON CONFLICT (replica)"
            " DO UPDATE SET seq = excluded.seq, hash = excluded.hash WHERE excluded.seq > seq",
            (replica, tip.seq, tip.hash),
        )

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with Explained(self.path):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise


_before_all = -(2**62)
_ROWS_AT_ONCE = 50


def _as_kept(event: Event, kept: bytes, erased: set[str]) -> bytes:
    """The bytes to keep of an event: without its words where it was erased."""
    return encode_event(without_words(event)) if event.id in erased else kept


def _checksum(name: str, values: Iterable[object]) -> int:
    """Tells damage to what is derived, of which parts are only looked at when they are needed.

    A cyclic sum is enough against damage, and a third of the cost of a hash.
    """
    current = 0
    for value in (name, *values):
        current = zlib.crc32(value if isinstance(value, bytes) else f"{value}\0".encode(), current)
    return current


def _tips_of(pulled: Iterable[Pulled]) -> dict[str, Tip]:
    return {record.event.replica: Tip(record.event.seq, bytes.fromhex(record.event.hash)) for record in pulled}
