"""Accounts, the devices that signed in to them, and who may do so.

A device holds a bearer token, which is shown once and kept as its SHA-256. A revoked device is remembered, so that it
is told so instead of being taken for a stranger.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import unicodedata
from collections.abc import Callable

import msgspec
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from events.identifiers import ENTROPY_BYTES, uuid7
from events.protocol import DeviceRevoked, SlowDown, Unauthenticated
from server.errors import UnavailableError
from server.faults import NameTaken, PasswordTooShort, SignUpsClosed
from server.sign_in_brake import SignInBrake
from server.store import Credentials, Device, Reader, Store, Writer

SHORTEST_PASSWORD = 8
TOKEN_BYTES = 32
SEEN_EVERY_MS = 60_000
"""How exactly a device's last call is noted: each note costs a write."""


class SignedIn(msgspec.Struct, frozen=True, kw_only=True):
    """A device just signed in; the token is not kept and cannot be shown again."""

    account: str
    device: str
    token: str


class Accounts:
    """Who may do what.

    Args:
        store: Where accounts and devices are.
        clock: The time in Unix milliseconds.
        entropy: Random bytes, as many as asked for.
        hasher: Makes password hashes, slowly.
        sign_ups: Whether anybody may open an account.
    """

    def __init__(
        self,
        store: Store,
        clock: Callable[[], int],
        entropy: Callable[[int], bytes],
        *,
        hasher: PasswordHasher | None = None,
        sign_ups: bool = True,
    ) -> None:
        self._store = store
        self._clock = clock
        self._entropy = entropy
        self._hasher = hasher or PasswordHasher()
        self._sign_ups = sign_ups
        self._brake = SignInBrake()
        self._let_in: dict[bytes, Device] = {}
        """By the hashes of their tokens."""
        self._nobodys_password = self._hasher.hash(self._draw_token())

    def sign_up(
        self, name: str, password: str, device_name: str
    ) -> SignedIn | SignUpsClosed | PasswordTooShort | NameTaken:
        """Opens an account and signs its first device in."""
        if not self._sign_ups:
            return SignUpsClosed(detail="This server takes no new accounts.", next_step="Ask whoever runs it.")
        if len(password) < SHORTEST_PASSWORD:
            return PasswordTooShort(
                detail=f"The password has fewer than {SHORTEST_PASSWORD} characters.",
                next_step="Choose a longer one; four unusual words do well.",
            )
        credentials = Credentials(
            account=self._draw_id(), name=plain_name(name), password=self._hasher.hash(password)
        )
        device, token = self._draw_device(credentials.account, device_name)

        def open_account(accounts: Writer) -> bool:
            is_opened = accounts.open_account(credentials, device.created)
            if is_opened:
                accounts.add_device(device)
            return is_opened

        if not self._store.write(open_account):
            return NameTaken(
                detail=f"There is an account named {name.strip()!r} already.",
                next_step="Sign in to it, or choose another name.",
            )
        return SignedIn(account=device.account, device=device.device, token=token)

    def sign_in(self, name: str, password: str, device_name: str) -> SignedIn | Unauthenticated | SlowDown:
        """Signs a device in. A wrong name and a wrong password cost the same and are answered alike."""
        key = plain_name(name)
        wait_s = self._brake.wait_s(key, self._clock())
        if wait_s:
            return SlowDown(
                detail="Signing in to this account failed too often.",
                next_step=f"Wait {wait_s} s, then try again.",
                retry_after_s=wait_s,
            )
        credentials = self._store.read(lambda accounts: accounts.credentials(key))
        if not self._is_right(credentials, password) or credentials is None:
            self._brake.failed(key, self._clock())
            return _wrong_name_or_password()
        self._brake.forget(key)
        device, token = self._draw_device(credentials.account, device_name)

        def let_in(accounts: Writer) -> bool:
            is_there = accounts.credentials(key) == credentials  # it may have been closed since the password was read
            if is_there:
                accounts.add_device(device)
            return is_there

        return (
            SignedIn(account=device.account, device=device.device, token=token)
            if self._store.write(let_in)
            else _wrong_name_or_password()
        )

    def authenticate(self, token: str) -> Device | Unauthenticated | DeviceRevoked:
        """The device that holds ``token``. A read of one row: quicker than the way to a thread and back."""
        return _admitted(self._store.read(lambda accounts: accounts.device_of_token(_hash_of(token))))

    def recognise(self, token: str) -> Device | Unauthenticated | DeviceRevoked:
        """As ``authenticate``, from memory where this process let the device in since it last heard of a change.

        Another process may have turned it away just now: for those who ask ``turned_away`` in their transaction.
        """
        key = _hash_of(token)
        known = self._let_in.get(key)
        if known is not None and not self.is_news(known):
            return known
        outcome = self.authenticate(token)
        if isinstance(outcome, Device):
            self._let_in[key] = outcome
        return outcome

    def forget(self) -> None:
        """Forgets who was let in: the store has changed, and what it says of devices may have."""
        self._let_in.clear()

    def is_news(self, device: Device) -> bool:
        """Whether it is worth noting that the device called now."""
        return self._clock() - device.last_seen >= SEEN_EVERY_MS

    def note_seen(self, device: Device) -> None:
        """Notes that the device called now, if that can be noted: a full disk must not keep anybody from reading."""
        now = self._clock()
        with contextlib.suppress(UnavailableError):
            self._store.write(lambda accounts: accounts.note_seen(device.device, now))

    def devices(self, account: str) -> list[Device]:
        """All devices of an account, the revoked ones too."""
        return self._store.read(lambda accounts: accounts.devices(account))

    def revoke(self, account: str, device: str) -> bool:
        """Revokes a device for good, or says False where the account has no such one."""
        now = self._clock()
        is_there = self._store.write(lambda accounts: accounts.revoke_device(account, device, now))
        self.forget()
        return is_there

    def close(self, account: str) -> None:
        """Closes an account: nothing of it is kept, and its name is free again."""
        name = self._store.write(lambda accounts: accounts.close_account(account))
        self.forget()
        if name is not None:
            self._brake.forget(name)

    def _is_right(self, credentials: Credentials | None, password: str) -> bool:
        expected = self._nobodys_password if credentials is None else credentials.password
        try:
            return self._hasher.verify(expected, password)
        except (VerificationError, InvalidHashError):
            return False

    def _draw_device(self, account: str, name: str) -> tuple[Device, str]:
        token = self._draw_token()
        now = self._clock()
        device = Device(
            device=self._draw_id(), account=account, name=name, token=_hash_of(token), created=now, last_seen=now
        )
        return device, token

    def _draw_id(self) -> str:
        return uuid7(self._clock(), self._entropy(ENTROPY_BYTES))

    def _draw_token(self) -> str:
        return base64.urlsafe_b64encode(self._entropy(TOKEN_BYTES)).rstrip(b"=").decode()


def turned_away(accounts: Reader, device: str) -> Unauthenticated | DeviceRevoked | None:
    """Why a device that was let in may go no further: since then it was revoked, or its account closed."""
    outcome = _admitted(accounts.device(device))
    return None if isinstance(outcome, Device) else outcome


def plain_name(name: str) -> str:
    """An account's name as it is compared: ``Max`` and ``max`` are one."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def _admitted(device: Device | None) -> Device | Unauthenticated | DeviceRevoked:
    if device is None:
        return Unauthenticated(
            detail="The server does not know this token.",
            next_step="Sign in again; if the account was closed, another can adopt what is on this device.",
        )
    if device.revoked is not None:
        return DeviceRevoked(
            detail=f"The device {device.name!r} was revoked.",
            next_step="Sign in again if you may; what is on this device stays there.",
        )
    return device


def _wrong_name_or_password() -> Unauthenticated:
    return Unauthenticated(detail="The name or the password is wrong.", next_step="Check both, then try again.")


def _hash_of(token: str) -> bytes:
    return hashlib.sha256(token.encode(errors="replace")).digest()
