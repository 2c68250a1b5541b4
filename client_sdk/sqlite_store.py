"""A replica's storage in one SQLite file: WAL, ``synchronous=FULL``, so that what was acknowledged is on disk."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from client_sdk.errors import LedgerFileError
from client_sdk.store import Compose, Derived, Held, Local, Pulled, Ref, Rewriting, Tip, UnderWay
from events import Event, Record, Stamp
from events.envelope import encode_event, stored_event, without_words

APPLICATION_ID = 0x49524C44
"""``IRLD``: what marks a SQLite file as a ledger."""
SCHEMA_VERSION = 2
BUSY_TIMEOUT_S = 30
_LOCAL = ", ".join(Local.__struct_fields__)
_DERIVED = ", ".join(Derived.__struct_fields__)


class SqliteStore:
    """A ledger file. Opens an existing one, or makes a new one for the replica id given.

    Raises:
        LedgerFileError: where the file is something else, or of a newer version, or can't be opened or written.
    """

    def __init__(self, path: Path, new_replica: str) -> None:
        self.path = path
        with _explained(path):
            self._db = _connect(path)
            self._prepare(new_replica)

    def local(self) -> Local:
        """What the replica knows of itself."""
        row = self._db.execute(f"SELECT {_LOCAL} FROM local").fetchone()  # noqa: S608  # our own column names
        return Local(**dict(zip(Local.__struct_fields__, row, strict=True)))

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
        rows = self._db.execute("SELECT replica, seq, hash, said FROM tips")
        wanted = None if replicas is None else set(replicas)
        return {row[0]: Tip(*row[1:]) for row in rows if wanted is None or row[0] in wanted}

    def write(self, compose: Compose, under_way: UnderWay | None = None) -> list[Event]:
        """Appends own events to the outbox: what ``compose`` makes of the present state, inside the transaction."""
        with self._transaction():
            written = compose(self.local(), self.tips())
            self._append((event, kept, None) for event, kept in written)
            for event, _ in written:
                self._db.executemany(
                    "UPDATE tips SET said = max(said, ?) WHERE replica = ?",
                    [(seq, replica) for replica, seq in event.seen.items()],
                )
            if written:
                self._set_tip(written[-1][0].replica, Tip(written[-1][0].seq, bytes.fromhex(written[-1][0].hash)))
            if under_way is not None:
                self._db.execute("UPDATE local SET session = ?, session_at = ?", (under_way.session, under_way.at))
        return [event for event, _ in written]

    def outbox(self, after: int | None = None, limit: int | None = None) -> list[Held]:
        """The events of the outbox behind a place, in order."""
        rows = self._db.execute(
            "SELECT place, received, skew, event FROM outbox WHERE place > ? ORDER BY place LIMIT ?",
            (_before_all if after is None else after, -1 if limit is None else limit),
        )
        return [Held(place, stored_event(kept), kept, _stamp(received, skew)) for place, received, skew, kept in rows]

    def outbox_size(self) -> int:
        """How many events wait."""
        return int(self._db.execute("SELECT count(*) FROM outbox").fetchone()[0])

    def holds(self, refs: Iterable[Ref]) -> dict[Ref, str]:
        """The hashes of those of the events that are in the outbox."""
        found = {}
        for ref in refs:
            row = self._db.execute("SELECT event FROM outbox WHERE replica = ? AND seq = ?", ref).fetchone()
            if row is not None:
                found[ref] = stored_event(row[0]).hash
        return found

    def event_at(self, ref: Ref) -> bytes | None:
        """The canonical bytes of the event at a place of a chain, wherever it is held."""
        for table in ("outbox", "ledger"):
            query = f"SELECT event FROM {table} WHERE replica = ? AND seq = ?"  # noqa: S608  # one of two names
            if (row := self._db.execute(query, ref).fetchone()) is not None:
                return bytes(row[0])
        return None

    def advance(self, before: Local, pulled: Sequence[Pulled], *, cursor: str, head_hash: bytes, now: int) -> bool:
        """Moves the cursor over the records that it passes, which leave the outbox for the ledger."""
        with self._transaction():
            local = self.local()
            if (local.replica, local.cursor, local.head) != (before.replica, before.cursor, before.head):
                return False
            places = [(record.event.replica, record.event.seq) for record in pulled]
            self._db.executemany("DELETE FROM outbox WHERE replica = ? AND seq = ?", places)
            erased = self._erased()
            self._db.executemany(
                "INSERT INTO ledger (position, replica, seq, received, skew, event) VALUES (?, ?, ?, ?, ?, ?)",
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

    def rewrite(self, compose: Callable[[Local, list[Held]], Rewriting]) -> None:
        """Replaces diverged events in the outbox by what ``compose`` makes of it, inside the transaction."""
        with self._transaction():
            rewriting = compose(self.local(), self.outbox())
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
            self._db.execute("UPDATE local SET replica = ?, epoch = epoch + 1", (rewriting.replica,))
            self._db.execute("DELETE FROM derived")

    def erase(self, ids: Iterable[str]) -> None:
        """Takes the words of these events out, also of copies to come; what was derived from them goes too.

        The pages that held them are overwritten, and the write-ahead log is emptied into the file.
        """
        news = sorted(set(ids) - self._erased())
        if not news:
            return
        with self._transaction():
            self._db.executemany("INSERT INTO erased (id) VALUES (?)", [(event_id,) for event_id in news])
            for event_id in news:
                self._take_words_out("ledger", "position", event_id)
                self._take_words_out("outbox", "place", event_id)
            self._db.execute("DELETE FROM derived")
        with _explained(self.path):
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """All that is read within is of one moment, whatever other processes write to the file meanwhile."""
        with _explained(self.path):
            self._db.execute("BEGIN")
            try:
                yield
            finally:
                self._db.execute("ROLLBACK")

    def records(self, after: int = 0) -> Iterator[Record]:
        """The ledger behind a position, in order."""
        rows = self._db.execute(
            "SELECT position, received, skew, event FROM ledger WHERE position > ? ORDER BY position", (after,)
        )
        for position, received, skew, kept in rows:
            yield Record(position=position, stamp=Stamp(received, skew), event=stored_event(kept))

    def pending(self, after: int | None = None) -> Iterator[tuple[int, Record]]:
        """The outbox behind a place as records without position, each with its place."""
        for held in self.outbox(after):
            yield held.place, Record(position=None, stamp=held.stamp, event=held.event)

    def derived(self, name: str) -> Derived | None:
        """What was last kept under a name."""
        row = self._db.execute(f"SELECT {_DERIVED} FROM derived WHERE name = ?", (name,)).fetchone()  # noqa: S608  # as above
        return None if row is None else Derived(**dict(zip(Derived.__struct_fields__, row, strict=True)))

    def keep(self, name: str, derived: Derived) -> None:
        """Keeps something derived under a name, unless what is held was rearranged since it was folded."""
        with self._transaction():
            if self.local().epoch == derived.epoch:
                self._db.execute(
                    f"INSERT OR REPLACE INTO derived (name, {_DERIVED}) VALUES (?, ?, ?, ?, ?, ?, ?)",  # noqa: S608  # as above
                    (name, *msgspec.structs.astuple(derived)),
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

    def _prepare(self, new_replica: str) -> None:
        application = self._pragma("application_id")
        version = self._pragma("user_version")
        if application != APPLICATION_ID and self._has_tables():
            raise LedgerFileError(
                f"{self.path} is a SQLite database, but no ledger of Ironledger.",
                "Choose another file with --ledger; this one was left as it is.",
            )
        if version > SCHEMA_VERSION:
            raise LedgerFileError(
                f"{self.path} was written by a newer version of Ironledger.",
                "Update this one; the file was left as it is.",
            )
        if version < SCHEMA_VERSION:
            self._migrate(new_replica)

    def _migrate(self, new_replica: str) -> None:
        from sqlite_utils import Database  # noqa: PLC0415  # slow to import, and needed once in a file's life

        from client_sdk.schema import migrations  # noqa: PLC0415  # as above

        with self._transaction():
            migrations.apply(Database(self._db))
            self._db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            self._db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
            self._db.execute(
                "INSERT OR IGNORE INTO local (id, replica, cursor, head, head_hash, epoch)"
                " VALUES (1, ?, '0', 0, ?, 0)",
                (new_replica, bytes(32)),
            )

    def _has_tables(self) -> bool:
        return self._db.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is not None

    def _pragma(self, name: str) -> int:
        return int(self._db.execute(f"PRAGMA {name}").fetchone()[0])

    def _append(self, events: Iterable[tuple[Event, bytes, Stamp | None]]) -> None:
        erased = self._erased()
        self._db.executemany(
            "INSERT INTO outbox (replica, seq, received, skew, event) VALUES (?, ?, ?, ?, ?)",
            [
                (
                    *(event.replica, event.seq, stamp and stamp.received, stamp and stamp.skew),
                    _as_kept(event, kept, erased),
                )
                for event, kept, stamp in events
            ],
        )

    def _erased(self) -> set[str]:
        return {row[0] for row in self._db.execute("SELECT id FROM erased")}

    def _take_words_out(self, table: str, key: str, event_id: str) -> None:
        """Rewrites the copies of an event; that they are searched for saves an index that nothing else needs."""
        query = f"SELECT {key}, event FROM {table} WHERE instr(event, CAST(? AS BLOB))"  # noqa: S608  # our own names
        update = f"UPDATE {table} SET event = ? WHERE {key} = ?"  # noqa: S608  # our own names
        for place, kept in self._db.execute(query, (event_id,)).fetchall():
            event = stored_event(kept)
            if event.id == event_id:
                self._db.execute(update, (encode_event(without_words(event)), place))

    def _set_tip(self, replica: str, tip: Tip) -> None:
        """Moves a tip on, never back: events that are still in the outbox may be ahead of what was pulled."""
        self._db.execute(
            "INSERT INTO tips (replica, seq, hash, said) VALUES (?, ?, ?, 0) ON CONFLICT (replica)"
            " DO UPDATE SET seq = excluded.seq, hash = excluded.hash WHERE excluded.seq > seq",
            (replica, tip.seq, tip.hash),
        )

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with _explained(self.path):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise


_before_all = -(2**62)


def _connect(path: Path) -> sqlite3.Connection:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        # The file holds a sign-in token: nobody else on the machine may read it.
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    db = sqlite3.connect(path, timeout=BUSY_TIMEOUT_S, isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    db.execute("PRAGMA secure_delete = ON")  # what was erased must not linger in free pages
    return db


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """What SQLite and the system complain of, in words that a person can act on."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise LedgerFileError(*_words(path, error)) from error
    except OSError as error:
        raise LedgerFileError(
            f"{path} can't be opened: {error.strerror}.", "Choose another file with --ledger."
        ) from error


def _words(path: Path, error: sqlite3.DatabaseError) -> tuple[str, str]:
    match getattr(error, "sqlite_errorname", ""):
        case "SQLITE_NOTADB":
            return f"{path} is not a ledger.", "Choose another file with --ledger; this one was left as it is."
        case "SQLITE_FULL":
            return "The disk is full: nothing was written.", "Make room and try again."
        case "SQLITE_BUSY" | "SQLITE_LOCKED":
            return f"{path} is in use by another process.", "Try again when that one is done."
        case "SQLITE_CANTOPEN" if path.is_dir():
            return f"{path} is a folder.", "Choose a file with --ledger."
        case "SQLITE_READONLY" | "SQLITE_CANTOPEN":
            return f"{path} can't be written.", "Check its permissions, or choose another file with --ledger."
        case _:
            return f"{path} is damaged: {error}.", "Keep it, and sync a new one: `ironledger --ledger NEW login URL`."


def _as_kept(event: Event, kept: bytes, erased: set[str]) -> bytes:
    """The bytes to keep of an event: without its words where it was erased."""
    return encode_event(without_words(event)) if event.id in erased else kept


def _stamp(received: int | None, skew: int | None) -> Stamp | None:
    return None if received is None or skew is None else Stamp(received, skew)


def _tips_of(pulled: Iterable[Pulled]) -> dict[str, Tip]:
    return {record.event.replica: Tip(record.event.seq, bytes.fromhex(record.event.hash)) for record in pulled}
