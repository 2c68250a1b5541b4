"""What can go wrong on the server, as a branch of ``events.errors``.

    IronledgerError
    └── ServerError             a failure of the server, not of a request
        ├── SettingsError       a setting that cannot be
        ├── PortTakenError      another program listens where the server should
        ├── StoreError          the database file is not one that this code can work with
        └── UnavailableError    the store cannot answer just now; nothing of the work that failed was kept

What a request can expect to be told is a value: ``events.protocol`` and ``server.faults``.
"""

from __future__ import annotations

from events.errors import IronledgerError


class ServerError(IronledgerError):
    """A failure of the server."""

    code = "server"


class SettingsError(ServerError):
    """A setting that cannot be."""

    code = "settings"


class PortTakenError(ServerError):
    """Another program listens where the server should."""

    code = "port_taken"


class StoreError(ServerError):
    """The database file is not one that this code can work with."""

    code = "store"


class UnavailableError(ServerError):
    """The store cannot answer just now; nothing of the work that failed was kept."""

    code = "unavailable"
