"""Mending a damaged ledger: the server's copy first, and all that only this file has.

    damaged file ──copied──▶ salvage ──▶ what can be read of it ─────╮
    new file ──sync──▶ what the server has (if it is asked) ─────────┴─mend──▶ sound ──▶ takes the other's place

The damaged file stays beside the new one, as it was. Until the new one is complete, nothing is changed.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from client_sdk import setaside
from client_sdk.courier import Courier
from client_sdk.errors import DamagedLedgerError, LedgerFileError, NotFoundError, RefusedError
from client_sdk.folding import Folding
from client_sdk.ledger_file import Explained, beside
from client_sdk.mending import FORGED, Found, choose, found_of, mend
from client_sdk.rewriting import refusal
from client_sdk.salvage import Salvaged, holds_events, salvage
from client_sdk.sqlite_store import SqliteStore
from client_sdk.store import Aside, Held, Local, Rewriting, Row, Store, UnderWay
from client_sdk.swap import decide, held_alone, keep_damaged, settle
from client_sdk.verification import Finding, Verification, verify
from client_sdk.wal import DEFAULT_PAGE_BYTES
from events import IronledgerError
from events.envelope import GENESIS
from events.protocol import SyncEndpoint

COPY_BYTES = 1024 * 1024


class RepairSummary(msgspec.Struct, frozen=True):
    """What a repair came to."""

    sound: bool
    """Whether there was nothing to mend but what was set aside."""
    salvaged: int
    """Events that could be read in the damaged file, and hold."""
    from_server: int
    """Events that came from the server, and were damaged or missing in the file."""
    written_again: int
    """Events that stood behind a hole in their chain, and have a new place."""
    returned: int
    """Events that had been set aside and count again."""
    set_aside: list[dict[str, Any]]
    """Events that are set aside now, as the report ``problems`` lists them."""
    damaged_file: str | None
    """Where the damaged file is kept."""
    signed_in: bool


class Repairer:
    """Repairs one ledger file, which nothing in this process may have open.

    Args:
        path: The ledger file.
        clock: Unix ms.
        draw: Draws a new replica id.
        endpoint: The server of a ledger, for who is signed in to one; None to do without.
        progress: Called with the records pulled and the server's head.
    """

    def __init__(
        self,
        path: Path,
        *,
        clock: Callable[[], int],
        draw: Callable[[], str],
        endpoint: Callable[[Local], SyncEndpoint] | None,
        progress: Callable[[int, int], None] = lambda _held, _head: None,
    ) -> None:
        self._path = path.resolve()
        self._folder = beside(self._path, ".repairing")
        self._clock = clock
        self._draw = draw
        self._endpoint = endpoint
        self._progress = progress

    def run(self) -> RepairSummary:
        """Repairs the ledger if it is damaged, and tries again whatever is set aside in one that is sound.

        Raises:
            NotFoundError: where there is no file.
            LedgerFileError: where the file is no ledger, a newer one's, in use, or there is no room for a new one.
            UnreachableError, RefusedError: where the server can't be asked; nothing was changed.
        """
        if not self._path.exists() and not beside(self._path, "-wal").exists():
            raise NotFoundError(f"There is no ledger at {self._path}.", "Choose another file with --ledger.")
        with Explained(self._path):
            settle(self._path)
            with held_alone(self._path) as descriptor:
                try:
                    copy = self._copy(descriptor)
                    if not self._is_sound(copy):
                        return self._mend(copy)
                finally:
                    shutil.rmtree(self._folder, ignore_errors=True)
        return self._try_again()

    def _copy(self, descriptor: int | None) -> Path:
        """A copy of the file and its log, to be taken apart. The file is read by the lock's own descriptor."""
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(mode=0o700)
        copy = self._folder / "damaged"
        with copy.open("wb") as written:
            while descriptor is not None and (block := os.read(descriptor, COPY_BYTES)):
                written.write(block)
        if (log := beside(self._path, "-wal")).exists():
            shutil.copyfile(log, beside(copy, "-wal"))
        return copy

    def _is_sound(self, copy: Path) -> bool:
        """Whether the ledger is; it is looked at in a further copy, since opening a file may change it.

        Raises:
            LedgerFileError: where it never was a ledger, or is a newer version's.
        """
        look = beside(copy, ".look")
        for suffix in ("", "-wal"):
            if beside(copy, suffix).exists():
                shutil.copyfile(beside(copy, suffix), beside(look, suffix))
        try:
            return inspect(look, self._draw()).ok
        except LedgerFileError as error:
            if holds_events(copy):
                return False
            raise LedgerFileError(error.message.replace(str(look), str(self._path)), error.next_step) from error

    def _mend(self, copy: Path) -> RepairSummary:
        new = self._folder / "new"
        SqliteStore(new, self._draw()).close()
        found = salvage(copy, new.read_bytes()[:DEFAULT_PAGE_BYTES])
        store = SqliteStore(new, self._draw())
        try:
            summary = self._fill(store, found)
        finally:
            store.close()
        if beside(new, "-wal").exists():  # SQLite says nothing where closing a file can't empty its log
            raise LedgerFileError(
                "The new ledger could not be written whole; is the disk full?",
                "Nothing was changed. Make room and try again.",
            )
        _to_disk(new)
        when = datetime.fromtimestamp(self._clock() / 1000, UTC).strftime("%Y%m%dT%H%M%SZ")
        kept = keep_damaged(self._path, when)
        decide(self._path, new)
        return msgspec.structs.replace(summary, damaged_file=None if kept is None else str(kept))

    def _fill(self, store: SqliteStore, salvaged: Salvaged) -> RepairSummary:
        """Makes a sound ledger of a new one."""
        signed_in = _remember(store, salvaged.local)
        store.erase(salvaged.erased)
        if signed_in and self._endpoint is not None:
            self._pull(store, self._endpoint)
        held = [record.event for record in store.records()]
        pulled = [row.kept for row in store.rows()]
        apart = {name for aside in salvaged.aside if (name := setaside.event_id(aside.kept)) is not None}
        found = choose(salvaged.rows, salvaged.carved, apart)
        mended = mend(store.local(), found, held, draw=self._draw, now=self._clock())
        rewriting = msgspec.structs.replace(mended.rewriting, aside=[*salvaged.aside, *mended.rewriting.aside])
        store.rewrite(lambda _local, _outbox: rewriting)
        Folding(store).require_erased()
        verified = verify(store)
        if not verified.ok:
            raise LedgerFileError(
                f"What was salvaged does not hold together: {verified.problems[0].message}",
                "Nothing was changed. Keep the file, and please report this.",
            )
        readable = {item.kept for item in found if item.event is not None}
        common = sum(kept in readable for kept in pulled)
        return RepairSummary(
            sound=False,
            salvaged=common + mended.kept + mended.again,
            from_server=len(pulled) - common,
            written_again=mended.again,
            returned=0,
            set_aside=setaside.problems(store.aside()),
            damaged_file=None,
            signed_in=signed_in,
        )

    def _pull(self, store: Store, endpoint: Callable[[Local], SyncEndpoint]) -> None:
        """All that the server has, as on a new device."""
        try:
            Courier(store, endpoint(store.local()), clock=self._clock, draw=self._draw, progress=self._progress).run()
        except LedgerFileError:
            raise
        except IronledgerError as error:
            raise RefusedError(
                error.code,
                error.message,
                "Nothing was changed. Try later, or repair from this file alone: `ironledger repair --offline`.",
            ) from error

    def _try_again(self) -> RepairSummary:
        """Lets what is set aside, and is acceptable now, wait to be sent; what has come otherwise is let go."""
        store = SqliteStore(self._path, self._draw())
        try:
            returned = 0

            def compose(local: Local, outbox: list[Held]) -> Rewriting:
                nonlocal returned
                rewriting, returned = self._returning(store, local, outbox)
                return rewriting

            if store.aside():
                store.rewrite(compose)
            local = store.local()
            return RepairSummary(
                sound=True,
                salvaged=0,
                from_server=0,
                written_again=0,
                returned=returned,
                set_aside=setaside.problems(store.aside()),
                damaged_file=None,
                signed_in=local.account is not None,
            )
        finally:
            store.close()

    def _returning(self, store: Store, local: Local, outbox: list[Held]) -> tuple[Rewriting, int]:
        held = [*(record.event for record in store.records()), *(waiting.event for waiting in outbox)]
        names = {event.id for event in held}
        found: dict[int, Found] = {}
        released = []
        for aside in store.aside():
            if setaside.event_id(aside.kept) in names:
                released.append(aside.key)
            elif _may_return(aside):
                found[aside.key] = found_of(_row(aside))
        mended = mend(local, list(found.values()), held, draw=self._draw, now=self._clock())
        refused = {aside.kept for aside in mended.rewriting.aside}
        released += [key for key, item in found.items() if item.kept not in refused]
        rewriting = msgspec.structs.replace(mended.rewriting, aside=[], released=released)
        return rewriting, mended.kept + mended.again


def inspect(path: Path, new_replica: str) -> Verification:
    """Verifies a ledger file, also one that can't be opened: then it tells why.

    Args:
        path: The file.
        new_replica: The replica id, where there is no file yet.

    Raises:
        LedgerFileError: where it is no ledger, a newer one's, in use, or can't be opened for another reason.
    """
    try:
        store = SqliteStore(path, new_replica)
    except DamagedLedgerError as error:
        return Verification(0, 0, 0, GENESIS.hex(), ok=False, problems=[Finding(error.message)])
    try:
        return verify(store)
    finally:
        store.close()


def _remember(store: SqliteStore, local: dict[str, Any]) -> bool:
    """What the file knew of itself, as far as it could be read; whether it still knows its account."""
    session, at = local.get("session"), local.get("session_at")
    if isinstance(session, str) and isinstance(at, int):
        store.write(lambda _local, _tips: [], UnderWay(session, at))
    account, server, device, token = (local.get(name) for name in ("account", "server", "device", "token"))
    if not (
        isinstance(account, str) and isinstance(server, str) and isinstance(device, str) and isinstance(token, str)
    ):
        return False
    store.sign_in(account=account, server=server, device=device, token=token)
    return True


def _may_return(aside: Aside) -> bool:
    return aside.reason != FORGED and refusal(aside.kept) is None


def _row(aside: Aside) -> Row:
    received, skew = (None, None) if aside.stamp is None else (aside.stamp.received, aside.stamp.skew)
    return Row(kept=aside.kept, replica=aside.replica, seq=aside.seq, received=received, skew=skew)


def _to_disk(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
