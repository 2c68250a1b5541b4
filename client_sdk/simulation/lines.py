"""A device's way to the server during one sync, and what goes wrong on it."""

from __future__ import annotations

import random
from collections.abc import Callable

import msgspec

from client_sdk.errors import UnreachableError
from client_sdk.simulation.devices import Device
from client_sdk.simulation.failures import Failure, Fuse
from client_sdk.simulation.station import Station
from events.protocol import Fault, SyncReply, SyncRequest

PAGES = (5, 50, 2000)
"""How many records a reply holds at most: short pages make many round trips."""


class InFlight(msgspec.Struct, frozen=True):
    """A request that has not arrived, though its sender has given up waiting."""

    device: str
    token: str
    request: SyncRequest


class Line:
    """A ``SyncEndpoint`` on which everything arrives; each kind of trouble is a line of its own.

    Args:
        device: Who syncs.
        station: With whom.
        dice: Decides what is left open.
    """

    trouble = "none"

    def __init__(self, device: Device, station: Station, dice: random.Random) -> None:
        self.device = device
        self.station = station
        self.dice = dice
        self.struck = False
        self.pushed = 0
        """How many events arrived in the last request."""
        self._troubled = dice.choice((0, 0, 0, 1, 2))
        self._page = dice.choice(PAGES)

    def sync(self, request: SyncRequest, /) -> SyncReply | Fault:
        """See ``SyncEndpoint``."""
        paged = msgspec.structs.replace(request, limit=self._page)
        due = not self._troubled
        self._troubled -= 1
        if not due:
            return self.send(paged)
        self.struck = True
        return self.strike(paged)

    def strike(self, request: SyncRequest) -> SyncReply | Fault:
        """A round trip on which something goes wrong."""
        self.struck = False
        return self.send(request)

    def send(self, request: SyncRequest, fuse: Fuse | None = None) -> SyncReply | Fault:
        """A request that arrives, and is answered."""
        token = self.device.store.local().token or ""
        reply = self.station.sync(token, request, fuse)
        if isinstance(reply, SyncReply):
            self.device.replies.append(reply)
        return reply


class LosesRequest(Line):
    """A request gets lost."""

    trouble = "lost_request"

    def strike(self, request: SyncRequest) -> SyncReply | Fault:
        """See ``Line``."""
        raise UnreachableError(f"The request of {len(request.events)} events got lost.")


class LosesReply(Line):
    """A reply gets lost."""

    trouble = "lost_reply"

    def strike(self, request: SyncRequest) -> SyncReply | Fault:
        """See ``Line``."""
        self.send(request)
        raise UnreachableError("The reply got lost.")


class Repeats(Line):
    """A request arrives twice."""

    trouble = "repeated_request"

    def strike(self, request: SyncRequest) -> SyncReply | Fault:
        """See ``Line``."""
        self.send(request)
        return self.send(request)


class Delays(Line):
    """A request arrives only long after its sender has given up, perhaps after later ones."""

    trouble = "delayed_request"

    def __init__(
        self, device: Device, station: Station, dice: random.Random, in_flight: Callable[[InFlight], None]
    ) -> None:
        super().__init__(device, station, dice)
        self._in_flight = in_flight

    def strike(self, request: SyncRequest) -> SyncReply | Fault:
        """See ``Line``."""
        self._in_flight(InFlight(self.device.name, self.device.store.local().token or "", request))
        raise UnreachableError("No answer came in time.")


class RepeatsReply(Line):
    """Somebody on the way answers with what the server said before."""

    trouble = "old_reply"

    def strike(self, request: SyncRequest) -> SyncReply | Fault:
        """See ``Line``."""
        earlier = list(self.device.replies)
        self.struck = bool(earlier)
        reply = self.send(request)
        return self.dice.choice(earlier) if earlier else reply


class Interrupts(Line):
    """While a reply is on its way, somebody else does something."""

    trouble = "interrupted_sync"

    def __init__(self, device: Device, station: Station, dice: random.Random, meanwhile: Callable[[], None]) -> None:
        super().__init__(device, station, dice)
        self._meanwhile = meanwhile

    def strike(self, request: SyncRequest) -> SyncReply | Fault:
        """See ``Line``."""
        reply = self.send(request)
        self._meanwhile()
        return reply


class Breaks(Line):
    """The server's power or disk fails while it works on a request."""

    def __init__(self, device: Device, station: Station, dice: random.Random, failure: Failure) -> None:
        super().__init__(device, station, dice)
        self._failure = failure

    def strike(self, request: SyncRequest) -> SyncReply | Fault:
        """See ``Line``."""
        fuse = Fuse(self._failure, self.dice.randrange(2))
        try:
            return self.send(request, fuse)
        finally:
            self.struck = fuse.blown
