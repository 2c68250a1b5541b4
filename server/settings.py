"""What whoever runs the server may choose."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

from server.errors import SettingsError

LAST_PORT = 65_535
YES = frozenset({"1", "true", "yes", "on", "open"})
NO = frozenset({"0", "false", "no", "off", "closed"})


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """The settings of a server.

    Attributes:
        host: The address to listen at; by itself only this machine can reach the server.
        port: The port to listen at; 0 takes any free one.
        data: The folder of the database.
        sign_ups: Whether anybody who reaches the server may open an account.
    """

    host: str = "127.0.0.1"
    port: int = 8765
    data: Path = Path("data")
    sign_ups: bool = True

    @property
    def database(self) -> Path:
        """The database file."""
        return self.data / "server.db"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """The settings in IRONLEDGER_HOST, _PORT, _DATA and _SIGNUPS; what is not set stays as it is by itself.

        Raises:
            SettingsError: where one cannot be.
        """
        usual = cls()
        return cls(
            host=environment.get("IRONLEDGER_HOST") or usual.host,
            port=_port(environment.get("IRONLEDGER_PORT") or str(usual.port)),
            data=Path(environment.get("IRONLEDGER_DATA") or usual.data).expanduser(),
            sign_ups=_is_open(environment.get("IRONLEDGER_SIGNUPS") or "open"),
        )


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text) <= LAST_PORT:
        return int(text)
    raise SettingsError(f"IRONLEDGER_PORT is {text!r}.", f"Set it to a number from 0 to {LAST_PORT}, such as 8765.")


def _is_open(text: str) -> bool:
    if text.lower() in YES | NO:
        return text.lower() in YES
    raise SettingsError(f"IRONLEDGER_SIGNUPS is {text!r}.", "Set it to open or closed.")
