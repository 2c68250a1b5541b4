"""The SQL of the store: ``Writer`` on one connection, inside a transaction that others begin and end."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import suppress
from itertools import chain
from typing import Any

import msgspec

from events.envelope import Event, Stamp, encode_event, stored_event, without_words
from server.ingest import (
    Accepted,
    Chain,
    Entry,
    Kept,
    Known,
    Link,
    Needs,
    Place,
)
from server.push import ORIGIN, Point
from server.store import Checkpoint, Credentials, Device

ROWS_AT_ONCE = 100
"""How many records one statement inserts: other threads run meanwhile, and don't have to be stopped for each row."""

_parts = msgspec.msgpack.Decoder(dict[str, bytes])


class SqliteSession:
    """See ``Reader`` and ``Writer``."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._execute = connection.execute
        self._executemany = connection.executemany
        self.leaves_traces = False
        """Whether what was taken out may still stand elsewhere in the files."""

    def head(self, account: str) -> Point:
        """See ``Reader``."""
        return self._ledger(account)[1]

    def known(self, account: str, needs: Needs) -> Known:
        """See ``Reader``."""
        ledger, head = self._ledger(account)
        chains, keys = self._chains(ledger, needs.replicas)
        return Known(
            head=head,
            at_cursor=(
                head.ledger_hash if needs.position == head.position else self._ledger_hash(ledger, needs.position)
            ),
            chains=chains,
            places=self._places(keys, _within(chains, needs.links)),
            first_uses=self._first_uses(ledger, needs.ids),
            erased=self._erased(ledger, needs.ids),
        )

    def ledger_hash(self, account: str, position: int) -> bytes | None:
        """See ``Reader``."""
        return self._ledger_hash(self._ledger(account)[0], position)

    def records(self, account: str, after: int, limit: int) -> list[Kept]:
        """See ``Reader``."""
        rows = self._execute(
            "SELECT position, received, skew, ledger_hash, event FROM records"
            " WHERE ledger = ? AND position > ? ORDER BY position LIMIT ?",
            (self._ledger(account)[0], after, limit),
        )
        return [
            Kept(position, Stamp(received, skew), ledger_hash, event)
            for position, received, skew, ledger_hash, event in rows
        ]

    def checkpoint(self, account: str) -> Checkpoint | None:
        """See ``Reader``."""
        row = self._execute(
            "SELECT position, ledger_hash, fingerprint, state FROM checkpoints WHERE ledger = ?",
            (self._ledger(account)[0],),
        ).fetchone()
        if row is None:
            return None
        position, ledger_hash, fingerprint, state = row
        with suppress(msgspec.MsgspecError):  # one that can't be read is as good as none
            return Checkpoint(point=Point(position, ledger_hash), fingerprint=fingerprint, parts=_parts.decode(state))
        return None

    def credentials(self, name: str) -> Credentials | None:
        """See ``Reader``."""
        row = self._execute("SELECT account, name, password FROM accounts WHERE name = ?", (name,)).fetchone()
        return None if row is None else Credentials(account=_uuid_text(row[0]), name=row[1], password=row[2])

    def device_of_token(self, token: bytes) -> Device | None:
        """See ``Reader``."""
        return self._device("token", token)

    def device(self, device: str) -> Device | None:
        """See ``Reader``."""
        return self._device("device", _uuid_bytes(device))

    def devices(self, account: str) -> list[Device]:
        """See ``Reader``."""
        rows = self._execute(f"{_DEVICES} WHERE account = ? ORDER BY id", (_uuid_bytes(account),)).fetchall()
        return [_device(row, self._synced_replicas(row[0])) for row in rows]

    def append(self, account: str, accepted: Accepted) -> None:
        """See ``Writer``."""
        head = accepted.head
        (ledger,) = self._execute(
            "INSERT INTO ledgers (account, head, head_hash) VALUES (?, ?, ?)"
            " ON CONFLICT (account) DO UPDATE SET head = excluded.head, head_hash = excluded.head_hash RETURNING id",
            (_uuid_bytes(account), head.position, head.ledger_hash),
        ).fetchone()
        replicas = self._advance_chains(ledger, accepted.entries)
        rows = [_row(ledger, replicas, entry) for entry in accepted.entries]
        whole = len(rows) - len(rows) % ROWS_AT_ONCE
        for start in range(0, whole, ROWS_AT_ONCE):
            self._execute(_INSERT_MANY, list(chain.from_iterable(rows[start : start + ROWS_AT_ONCE])))
        self._executemany(_INSERT_ONE, rows[whole:])
        for target in accepted.erased:
            self._erase(ledger, _uuid_bytes(target))
            self.leaves_traces = True

    def keep_checkpoint(self, account: str, checkpoint: Checkpoint) -> None:
        """See ``Writer``."""
        self._execute(
            "REPLACE INTO checkpoints (ledger, position, ledger_hash, fingerprint, state)"
            " SELECT id, ?, ?, ?, ? FROM ledgers WHERE account = ?",
            (
                checkpoint.point.position,
                checkpoint.point.ledger_hash,
                checkpoint.fingerprint,
                msgspec.msgpack.encode(checkpoint.parts),
                _uuid_bytes(account),
            ),
        )

    def open_account(self, credentials: Credentials, created: int) -> bool:
        """See ``Writer``."""
        opened = self._execute(
            "INSERT INTO accounts (account, name, password, created) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (name) DO NOTHING",
            (_uuid_bytes(credentials.account), credentials.name, credentials.password, created),
        )
        return opened.rowcount == 1

    def close_account(self, account: str) -> str | None:
        """See ``Writer``."""
        uuid, (ledger, _) = _uuid_bytes(account), self._ledger(account)
        self._execute(
            "DELETE FROM synced_replicas WHERE device IN (SELECT id FROM devices WHERE account = ?)", (uuid,)
        )
        self._execute("DELETE FROM devices WHERE account = ?", (uuid,))
        for part in ("checkpoints", "erasures", "records", "replicas"):
            self._execute(f"DELETE FROM {part} WHERE ledger = ?", (ledger,))  # noqa: S608  (our own names)
        self._execute("DELETE FROM ledgers WHERE id = ?", (ledger,))
        self._execute("INSERT INTO traces DEFAULT VALUES")
        self.leaves_traces = True
        closed = self._execute("DELETE FROM accounts WHERE account = ? RETURNING name", (uuid,)).fetchone()
        return None if closed is None else closed[0]

    def add_device(self, device: Device) -> None:
        """See ``Writer``."""
        self._execute(
            "INSERT INTO devices (device, account, name, token, created, last_seen) VALUES (?, ?, ?, ?, ?, ?)",
            (
                _uuid_bytes(device.device),
                _uuid_bytes(device.account),
                device.name,
                device.token,
                device.created,
                device.last_seen,
            ),
        )

    def revoke_device(self, account: str, device: str, revoked: int) -> bool:
        """See ``Writer``."""
        found = self._execute(
            "UPDATE devices SET revoked = ifnull(revoked, ?) WHERE device = ? AND account = ?",
            (revoked, _uuid_bytes(device), _uuid_bytes(account)),
        )
        return found.rowcount == 1

    def note_seen(self, device: str, seen: int, replica: str | None = None) -> None:
        """See ``Writer``."""
        name = _uuid_bytes(device)
        self._execute("UPDATE devices SET last_seen = ? WHERE device = ?", (seen, name))
        if replica is not None:
            self._execute(
                "INSERT OR IGNORE INTO synced_replicas (device, replica) SELECT id, ? FROM devices WHERE device = ?",
                (_uuid_bytes(replica), name),
            )

    def _ledger(self, account: str) -> tuple[int, Point]:
        """The key and head of a ledger; 0 is the key of none."""
        row = self._execute(
            "SELECT id, head, head_hash FROM ledgers WHERE account = ?", (_uuid_bytes(account),)
        ).fetchone()
        return (0, ORIGIN) if row is None else (row[0], Point(row[1], row[2]))

    def _ledger_hash(self, ledger: int, position: int) -> bytes | None:
        row = self._execute(
            "SELECT ledger_hash FROM records WHERE ledger = ? AND position = ?", (ledger, position)
        ).fetchone()
        return None if row is None else row[0]

    def _chains(self, ledger: int, replicas: Iterable[str]) -> tuple[dict[str, Chain], dict[str, int]]:
        """The ends of the chains, and the keys of their replicas."""
        chains: dict[str, Chain] = {}
        keys: dict[str, int] = {}
        for replica in replicas:
            row = self._execute(
                "SELECT id, seq, hash FROM replicas WHERE ledger = ? AND replica = ?", (ledger, _uuid_bytes(replica))
            ).fetchone()
            if row is not None:
                keys[replica], seq, chain_end = row
                chains[replica] = Chain(seq, chain_end.hex())
        return chains, keys

    def _places(self, keys: dict[str, int], links: Iterable[Link]) -> dict[Link, Place]:
        places: dict[Link, Place] = {}
        for replica, seq in links:
            position, received, skew, event = self._execute(
                "SELECT position, received, skew, event FROM records WHERE replica = ? AND seq = ?",
                (keys[replica], seq),
            ).fetchone()
            places[replica, seq] = Place(position, Stamp(received, skew), stored_event(event))
        return places

    def _first_uses(self, ledger: int, event_ids: Iterable[str]) -> dict[str, Place]:
        """The earliest records of those ids that are stored.

        Ids begin with a moment, so those of new events are mostly beyond all that are stored and need no look-up.
        """
        (greatest,) = self._execute("SELECT max(event_id) FROM records WHERE ledger = ?", (ledger,)).fetchone()
        if greatest is None:
            return {}
        newest = _uuid_text(greatest)
        names = [_uuid_bytes(event_id) for event_id in event_ids if event_id <= newest]
        marks = ", ".join("?" * len(names))
        query = (
            f"SELECT min(position), received, skew, event FROM records WHERE ledger = ? AND event_id IN ({marks})"  # noqa: S608  (marks only)
            " GROUP BY event_id"
        )
        used = self._execute(query, (ledger, *names))  # SQLite takes the others from the row of the least position
        places = (
            Place(position, Stamp(received, skew), stored_event(event)) for position, received, skew, event in used
        )
        return {place.event.id: place for place in places}

    def _erased(self, ledger: int, event_ids: Iterable[str]) -> frozenset[str]:
        """Those of the ids whose words were taken out; most ledgers have none at all."""
        if self._execute("SELECT 1 FROM erasures WHERE ledger = ? LIMIT 1", (ledger,)).fetchone() is None:
            return frozenset()
        query = "SELECT 1 FROM erasures WHERE ledger = ? AND event_id = ?"
        return frozenset(
            name for name in event_ids if self._execute(query, (ledger, _uuid_bytes(name))).fetchone() is not None
        )

    def _advance_chains(self, ledger: int, entries: Iterable[Entry]) -> dict[str, int]:
        """Moves the ends of the chains that ``entries`` continue, and gives the keys of their replicas."""
        ends = {entry.event.replica: entry.event for entry in entries}
        keys: dict[str, int] = {}
        for replica, event in ends.items():
            (keys[replica],) = self._execute(
                "INSERT INTO replicas (ledger, replica, seq, hash) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (ledger, replica) DO UPDATE SET seq = excluded.seq, hash = excluded.hash RETURNING id",
                (ledger, _uuid_bytes(replica), event.seq, bytes.fromhex(event.hash)),
            ).fetchone()
        return keys

    def _erase(self, ledger: int, event_id: bytes) -> None:
        """Takes the words out of all copies, and drops the checkpoint, which may tell of them."""
        self._execute("INSERT OR IGNORE INTO erasures (ledger, event_id) VALUES (?, ?)", (ledger, event_id))
        copies = self._execute(
            "SELECT position, event FROM records WHERE ledger = ? AND event_id = ?", (ledger, event_id)
        ).fetchall()
        for position, event in copies:
            words_out = encode_event(without_words(stored_event(event)))
            self._execute(
                "UPDATE records SET event = ? WHERE ledger = ? AND position = ?", (words_out, ledger, position)
            )
        self._execute("DELETE FROM checkpoints WHERE ledger = ?", (ledger,))

    def _device(self, column: str, value: bytes) -> Device | None:
        """One device, without the replicas that it synced."""
        row = self._execute(f"{_DEVICES} WHERE {column} = ?", (value,)).fetchone()
        return None if row is None else _device(row)

    def _synced_replicas(self, device: int) -> tuple[str, ...]:
        rows = self._execute("SELECT replica FROM synced_replicas WHERE device = ? ORDER BY rowid", (device,))
        return tuple(_uuid_text(replica) for (replica,) in rows)


def _device(row: tuple[Any, ...], replicas: tuple[str, ...] = ()) -> Device:
    _, device, account, name, token, created, last_seen, revoked = row
    return Device(
        device=_uuid_text(device),
        account=_uuid_text(account),
        name=name,
        token=token,
        created=created,
        last_seen=last_seen,
        revoked=revoked,
        replicas=replicas,
    )


def _row(ledger: int, replicas: dict[str, int], entry: Entry) -> tuple[int | bytes, ...]:
    """The columns of ``records``, in their order."""
    event: Event = entry.event
    return (
        ledger,
        entry.position,
        replicas[event.replica],
        event.seq,
        _uuid_bytes(event.id),
        entry.stamp.received,
        entry.stamp.skew,
        entry.ledger_hash,
        entry.kept,
    )


def _within(chains: dict[str, Chain], links: Iterable[Link]) -> list[Link]:
    """Those of the links that are stored: chains have no gaps."""
    seqs = {replica: end.seq for replica, end in chains.items()}
    return [link for link in links if link[1] <= seqs.get(link[0], 0)]


def _uuid_bytes(text: str) -> bytes:
    return bytes.fromhex(text.replace("-", ""))


def _uuid_text(value: bytes) -> str:
    text = value.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


_INSERT_ONE = "INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
_INSERT_MANY = _INSERT_ONE + ", (?, ?, ?, ?, ?, ?, ?, ?, ?)" * (ROWS_AT_ONCE - 1)
_DEVICES = "SELECT id, device, account, name, token, created, last_seen, revoked FROM devices"
