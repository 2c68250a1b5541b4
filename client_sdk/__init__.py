"""A device of Ironledger: logs offline, syncs later.

from client_sdk import Load, Replica

with Replica.open("phone.ledger") as replica:
    replica.log_set("back_squat", load=Load(100_000, "kg"), reps=8)
    print(replica.report("records"))

Each name of this face is imported when it is first used, as in ``events``.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from client_sdk.draft import Draft
    from client_sdk.replica import Replica
    from events import IronledgerError, Load

__all__ = ["Draft", "IronledgerError", "Load", "Replica"]

_MODULES = {
    "Draft": "client_sdk.draft",
    "IronledgerError": "events",
    "Load": "events",
    "Replica": "client_sdk.replica",
}


def __getattr__(name: str) -> object:
    """See PEP 562."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(_MODULES[name]), name)
    return value
