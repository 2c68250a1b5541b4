"""The shared language of Ironledger: what can be said about training, and how it is kept and exchanged.

Standard library and msgspec only; no I/O, no clock, no randomness.
"""

from __future__ import annotations

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
