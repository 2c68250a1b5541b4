"""A device of Ironledger: logs offline, syncs later.

from client_sdk import Load, Replica

with Replica.open("phone.ledger") as replica:
    replica.log_set("back_squat", load=Load(100_000, "kg"), reps=8)
    print(replica.report("records"))
"""

from __future__ import annotations

from client_sdk.draft import Draft
from client_sdk.replica import Replica
from events import IronledgerError, Load

__all__ = ["Draft", "IronledgerError", "Load", "Replica"]
