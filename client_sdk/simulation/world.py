"""A lifter's devices and a server in one process, with a network, clocks, disks and versions that can fail.

A world does one step after another. What is random in a step comes from the step's own dice and from each device's
own source, so that leaving a step out changes as little as possible of what the others do.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import msgspec

from client_sdk.errors import LedgerFileError, ServerError, SyncRefusedError, UnreachableError
from client_sdk.simulation.devices import Device
from client_sdk.simulation.drives import Drives, ReplicaDrive
from client_sdk.simulation.failures import Fuse, PowerLossError
from client_sdk.simulation.lines import InFlight, Line
from client_sdk.simulation.station import Station
from events import Event
from events.codec import CODEC
from events.protocol import DeviceRevoked, Unauthenticated, Unavailable, WrongAccount
from events.quantities import HOUR_MS

START_MS = 1_763_800_000_000
MOST_MORE = 1
"""So many devices more than at first: then a copy of a file takes the place of another."""


class BrokenPromiseError(Exception):
    """Something came of a step that must not."""


class World:
    """All there is, and what was promised to its lifter.

    Args:
        seed: Where all randomness comes from.
        replicas: How many devices there are at first.
        drives: Their disks, and the server's.
    """

    def __init__(self, seed: int, replicas: int, drives: Drives) -> None:
        self.seed = seed
        self.now = START_MS
        self.did: Counter[str] = Counter()
        self.faults: Counter[str] = Counter()
        self.acknowledged: set[str] = set()
        """The ids of all events that the lifter was told are kept, and that nothing has destroyed since."""
        self.unsendable: set[str] = set()
        """The ids of events that no server takes, and that nothing has destroyed since."""
        self.sets: dict[str, dict[str, Any]] = {}
        """By name: what was said of every set that was logged."""
        self.untouched: set[str] = set()
        """The sets that nobody edited in any way: each must count as it was logged, once."""
        self.noted: list[str] = []
        """What the diary's facts are called by."""
        self.left_alone: dict[str, Event] = {}
        """By name: the facts of the diary that nobody edited in any way; each must count as it was said, once."""
        self.events: list[tuple[str, str]] = []
        """The ids of events that a user may want to erase, with the set or the note that each tells of."""
        self.sessions: list[str] = []
        self.visits: dict[str, frozenset[str]] = {}
        """By session: all those that were ever made one with it."""
        self.targets: list[str] = []
        """What can be voided beside sets: programs, slots, drills, imports."""
        self.in_flight: list[InFlight] = []
        self.backups: dict[str, ReplicaDrive] = {}
        self.most = replicas + MOST_MORE
        self._drives = drives
        self._names = 0
        entropy = random.Random(f"{seed}/server").randbytes  # noqa: S311  # a simulation must repeat itself
        self.station = Station(drives.server(), lambda: self.now, entropy)
        self.devices: list[Device] = []
        for _ in range(replicas):
            name = self.new_name()
            device = self.new_device(name, drives.replica(name, _replica_id(seed, name)))
            device.sign_in(self.station.sign_in(name))

    def wait(self, dice: random.Random) -> None:
        """Time goes by: mostly minutes, sometimes a day."""
        self.now += dice.choice((1_000, 1_000, 60_000, 60_000, 60_000, 180_000, HOUR_MS, 20 * HOUR_MS))

    def new_name(self) -> str:
        """A name for a device."""
        self._names += 1
        return f"device-{self._names}"

    def new_device(self, name: str, drive: ReplicaDrive) -> Device:
        """A device that starts on a disk."""
        device = Device(name, drive, self.seed, lambda: self.now)
        self.devices.append(device)
        return device

    def promise(self, events: Iterable[Event]) -> None:
        """The lifter was told that these are kept."""
        for event in events:
            self.acknowledged.add(event.id)
            if event.type == "set_logged":
                said = msgspec.json.decode(bytes(event.body or b"{}"), type=dict[str, Any])
                if said["set"] not in self.sets:
                    self.untouched.add(said["set"])
                    self.sets[said["set"]] = said
                self.events.append((event.id, said["set"]))

    def note(self, name: str, event: Event) -> None:
        """The lifter was told that a fact of the diary is kept."""
        self.noted.append(name)
        self.targets.append(name)
        self.left_alone[name] = event
        self.events.append((event.id, name))

    def touch(self, target: str) -> None:
        """Somebody edits a set or a note, or all that lies in a session, whichever one it was logged in."""
        self.left_alone.pop(target, None)
        self.untouched.discard(target)
        if target not in self.sets:
            sessions = self.visits.get(target, {target})
            self.untouched -= {name for name in self.untouched if self.sets[name]["session"] in sessions}

    def merge(self, *sessions: str) -> None:
        """Somebody makes sessions one."""
        one = frozenset(sessions).union(*(self.visits.get(session, ()) for session in sessions))
        self.visits |= dict.fromkeys(one, one)

    def sync(self, device: Device, line: Line | None = None, dice: random.Random | None = None) -> None:
        """One sync. What may fail it is documented; anything else escapes."""
        line = line or Line(device, self.station, dice or random.Random(0))  # noqa: S311  # as above
        try:
            device.replica.sync(line)
        except UnreachableError:
            pass
        except SyncRefusedError as error:
            if not isinstance(error.fault, Unauthenticated | DeviceRevoked | Unavailable | WrongAccount):
                raise
        except ServerError:
            if line.trouble != "old_reply":
                raise
        if line.struck:
            self.faults[line.trouble] += 1

    def under(self, fuse: Fuse, device: Device, act: Any) -> None:  # noqa: ANN401  # anything without arguments
        """Something done on a device whose power or disk fails at one of the writes that it takes."""
        device.put_in(fuse)
        try:
            act()
        except PowerLossError:
            device.restart()
        except LedgerFileError:
            if not fuse.blown:
                raise
        finally:
            device.put_in(None)

    def deliver(self, index: int) -> bool:
        """A delayed request arrives; nobody waits for the answer. Whether a later one was sent before it."""
        late = self.in_flight.pop(index)
        with suppress(UnreachableError):
            self.station.sync(late.token, late.request)
        return index > 0

    def destroy(self, lost: set[str]) -> None:
        """Nobody can promise what was destroyed where nobody else held it."""
        if gone := (lost & (self.acknowledged | self.unsendable)) - self.ids_anywhere():
            self.acknowledged -= gone
            self.unsendable -= gone
            for event_id, name in self.events:
                if event_id in gone:
                    self.untouched.discard(name)
                    self.left_alone.pop(name, None)

    def ids_anywhere(self) -> set[str]:
        """The ids of the events that any device or the server holds."""
        return self.ids_on_server().union(*(device.ids() for device in self.devices))

    def ids_on_server(self) -> set[str]:
        """The ids of the events in the server's ledger."""
        return {record.event.id for record in self.station.records()}

    def heal(self) -> None:
        """Everything works again: late requests have arrived, everybody is signed in and up to date.

        Then two rounds in which every device syncs.
        """
        while self.in_flight:
            self.deliver(0)
        for device in self.devices:
            device.restart(CODEC)
            device.sign_in(self.station.sign_in(device.name))
        for _ in range(2):
            for device in self.devices:
                self.now += 1000
                device.replica.sync(Line(device, self.station, random.Random(device.name)))  # noqa: S311  # as above

    def close(self) -> None:
        """Lets go of all files."""
        for device in self.devices:
            device.store.close()
        self.station.close()


def _replica_id(seed: int, name: str) -> str:
    return f"{random.Random(f'{seed}/{name}/id').getrandbits(32):08x}-0000-4000-8000-000000000000"  # noqa: S311  # as above
