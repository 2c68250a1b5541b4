"""The server of a simulated world: the real service, accounts and reports over a disk that can fail."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from argon2 import PasswordHasher

from client_sdk.errors import UnreachableError
from client_sdk.simulation.drives import ServerDrive
from client_sdk.simulation.failures import Fuse, Fuses, GuardedServerStore, PowerLossError
from client_sdk.store import SignedIn
from events import Record
from events.envelope import stored_event
from events.protocol import DeviceRevoked, Fault, SyncReply, SyncRequest, Unauthenticated
from server.accounts import Accounts
from server.accounts import SignedIn as Admitted
from server.errors import UnavailableError
from server.folding import present_fold
from server.reports import Reports
from server.service import Service, unavailable

PASSWORD = "simulated lifter"  # noqa: S105  # of nobody
_QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""Good for nothing but made-up lifters."""
_ALL = 2**31


class Station:
    """A server process, and the disk on which its next one starts.

    Args:
        drive: The disk.
        clock: Unix milliseconds; the server's clock is the true time.
        entropy: So many random bytes.
    """

    def __init__(self, drive: ServerDrive, clock: Callable[[], int], entropy: Callable[[int], bytes]) -> None:
        self._clock = clock
        self._entropy = entropy
        self._fuses = Fuses()
        self.stamps: dict[tuple[str, int, str], tuple[int, int]] = {}
        """By replica, seq and hash: the stamp that an event was first said to have. It never changes."""
        self._open(drive)
        self.account = self._admitted(self._accounts.sign_up("lifter", PASSWORD, "first")).account
        self.other_account = self._admitted(self._accounts.sign_up("stranger", PASSWORD, "first"))
        self._copies = 0
        self._backup = self._copy()

    def sync(self, token: str, request: SyncRequest | bytes, fuse: Fuse | None = None) -> SyncReply | Fault:
        """Answers one round trip, on the way of every request; its power may fail in the middle.

        Raises:
            UnreachableError: where it did. The next process has started.
        """
        self._fuses.fuse = fuse
        try:
            return self._answer(token, request)
        except PowerLossError as error:
            self.restart()
            raise UnreachableError("The connection broke off.") from error
        finally:
            self._fuses.fuse = None

    def restart(self) -> None:
        """The process ends, and the next one starts on the same disk."""
        self._store.close()
        self._open(self._drive)

    def sign_in(self, name: str) -> SignedIn:
        """A token for a device."""
        admitted = self._admitted(self._accounts.sign_in("lifter", PASSWORD, name))
        return SignedIn(admitted.account, admitted.device, admitted.token)

    def revoke(self, device: str) -> bool:
        """Revokes a device; False where the server, restored from a backup, doesn't know it."""
        return self._accounts.revoke(self.account, device)

    def back_up(self) -> None:
        """Keeps a copy of the disk as it is now."""
        self._backup = self._copy()

    def restore(self) -> None:
        """Goes back to the last copy of the disk; what was stamped since may come back with another stamp."""
        self.stamps.clear()
        self._store.close()
        self._copies += 1
        self._open(self._backup.copy(f"server-{self._copies}"))

    def records(self) -> list[Record]:
        """The ledger, decoded."""
        return [
            Record(position=kept.position, stamp=kept.stamp, event=stored_event(kept.kept))
            for kept in self._store.read(lambda ledgers: ledgers.records(self.account, 0, _ALL))
        ]

    def head(self) -> tuple[int, str]:
        """The head and the ledger hash there."""
        point = self._store.read(lambda ledgers: ledgers.head(self.account))
        return point.position, point.ledger_hash.hex()

    def digest(self) -> str:
        """The digest of the server's reports, from the cache that it has."""
        return self._reports.overview(self.account).digest

    def close(self) -> None:
        """Lets go of the disk."""
        self._store.close()

    def _answer(self, token: str, request: SyncRequest | bytes) -> SyncReply | Fault:
        try:
            device = self._accounts.authenticate(token)
        except UnavailableError as error:
            return unavailable(error)
        if isinstance(device, Unauthenticated | DeviceRevoked):
            return device
        if isinstance(request, bytes):
            return self._service.sync(device.account, device.device, request)
        reply = self._service.sync(device.account, device.device, msgspec.json.encode(request))
        if isinstance(reply, SyncReply):
            for text, verdict in zip(request.events, reply.verdicts, strict=True):
                place = verdict.replica, verdict.seq, stored_event(bytes(text)).hash
                self.stamps.setdefault(place, (verdict.received, verdict.skew))
        return reply

    def _open(self, drive: ServerDrive) -> None:
        self._drive = drive
        self._store = GuardedServerStore(drive.open(), self._fuses)
        self._service = Service(self._store, self._clock)
        self._accounts = Accounts(self._store, self._clock, self._entropy, hasher=_QUICK)
        self._reports = Reports(self._store, present_fold())

    def _copy(self) -> ServerDrive:
        self._copies += 1
        return self._drive.copy(f"server-{self._copies}")

    @staticmethod
    def _admitted(outcome: object) -> Admitted:
        if not isinstance(outcome, Admitted):
            raise TypeError(f"a made-up lifter was not let in: {outcome}")
        return outcome
