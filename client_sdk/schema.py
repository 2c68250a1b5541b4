"""The schema of a ledger file, as sqlite-utils migrations: imported only for a new file or an older one."""

from __future__ import annotations

from sqlite_utils import Database, Migrations

migrations = Migrations("ironledger.replica")


@migrations()
def tables(db: Database) -> None:
    """Ledger, outbox, tips, what the replica knows of itself, what is derived, and the ids of erased events."""
    ledger = {"position": int, "replica": str, "seq": int, "received": int, "skew": int, "event": bytes}
    db.table("ledger").create(ledger, pk="position", not_null=set(ledger))
    db.table("ledger").create_index(["replica", "seq"], unique=True)
    # AUTOINCREMENT: a place is never given twice, so that a checkpoint's place stays true.
    db.execute(
        "CREATE TABLE outbox (place INTEGER PRIMARY KEY AUTOINCREMENT, replica TEXT NOT NULL, seq INTEGER NOT NULL,"
        " received INTEGER, skew INTEGER, event BLOB NOT NULL)"
    )
    db.table("outbox").create_index(["replica", "seq"], unique=True)
    tips = {"replica": str, "seq": int, "hash": bytes, "said": int}
    db.table("tips").create(tips, pk="replica", not_null=set(tips))
    db.table("local").create(
        {
            "id": int,
            "replica": str,
            "account": str,
            "cursor": str,
            "head": int,
            "head_hash": bytes,
            "server": str,
            "device": str,
            "token": str,
            "last_sync": int,
            "session": str,
            "session_at": int,
            "epoch": int,
        },
        pk="id",
        not_null={"replica", "cursor", "head", "head_hash", "epoch"},
    )
    db.table("erased").create({"id": str}, pk="id")
    derived = {
        "name": str,
        "position": int,
        "ledger_hash": bytes,
        "place": int,
        "epoch": int,
        "fingerprint": str,
        "content": bytes,
    }
    db.table("derived").create(derived, pk="name", not_null=set(derived))


@migrations()
def device_names(db: Database) -> None:
    """What the devices are called that replicas are on, as the server told it."""
    db.table("names").create({"replica": str, "name": str}, pk="replica", not_null={"replica", "name"})


@migrations()
def asides(db: Database) -> None:
    """Events that are set aside; and what is derived gets a checksum, so that damage to it never matters."""
    aside = {
        "key": int,
        "replica": str,
        "seq": int,
        "received": int,
        "skew": int,
        "reason": str,
        "at": int,
        "event": bytes,
    }
    db.table("aside").create(aside, pk="key", not_null={"reason", "at", "event"})
    db.execute("DELETE FROM derived")
    db.table("derived").add_column("checksum", int, not_null_default=0)


@migrations()
def traces(db: Database) -> None:
    """Erased ids remember whether their words may still be found in the file."""
    db.table("erased").add_column("traces", int, not_null_default=1)
