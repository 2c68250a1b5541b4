"""The shared language of Ironledger: what can be said about training, and how it is kept and exchanged.

Standard library and msgspec only; no I/O, no clock, no randomness. Each name of this face is imported when it is
first used: nobody waits for what they don't need, such as a command line that only shows its help.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from events.codec import Erased, Invalid, Known, Problem, Reading, Unknown, read
    from events.envelope import Event, Record, Stamp
    from events.errors import IronledgerError, MalformedError, UnknownNameError
    from events.facts import Body, Fact
    from events.protocol import Fault, SyncEndpoint, SyncReply, SyncRequest
    from events.quantities import Load

__all__ = [
    "Body",
    "Erased",
    "Event",
    "Fact",
    "Fault",
    "Invalid",
    "IronledgerError",
    "Known",
    "Load",
    "MalformedError",
    "Problem",
    "Reading",
    "Record",
    "Stamp",
    "SyncEndpoint",
    "SyncReply",
    "SyncRequest",
    "Unknown",
    "UnknownNameError",
    "read",
]

_MODULES = {
    "Body": "events.facts",
    "Erased": "events.codec",
    "Event": "events.envelope",
    "Fact": "events.facts",
    "Fault": "events.protocol",
    "Invalid": "events.codec",
    "IronledgerError": "events.errors",
    "Known": "events.codec",
    "Load": "events.quantities",
    "MalformedError": "events.errors",
    "Problem": "events.codec",
    "Reading": "events.codec",
    "Record": "events.envelope",
    "Stamp": "events.envelope",
    "SyncEndpoint": "events.protocol",
    "SyncReply": "events.protocol",
    "SyncRequest": "events.protocol",
    "Unknown": "events.codec",
    "UnknownNameError": "events.errors",
    "read": "events.codec",
}


def __getattr__(name: str) -> object:
    """See PEP 562."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(_MODULES[name]), name)
    return value
