"""A device of a simulated lifter: a real replica with a clock, a disk and a version of its own."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable

from client_sdk import setaside
from client_sdk.replica import Replica
from client_sdk.simulation.drives import ReplicaDrive
from client_sdk.simulation.failures import Fuse, Fuses, guarded
from client_sdk.store import SignedIn
from events.codec import CODEC, Codec
from events.facts import Body
from events.protocol import SyncReply

CHECKPOINTS = (2, 300, *(10_000,) * 3)
"""After how many events a process keeps a checkpoint: mostly never, for with so few a replay is as quick."""
OFFSET_MIN = 60
"""All simulated lifters live an hour east of Greenwich."""


class Device:
    """A device, and the process that runs on it just now.

    Args:
        name: What it is called; nothing else is.
        drive: Its disk.
        seed: Where its randomness comes from.
        true_time: Unix milliseconds, as a right clock shows them.
    """

    def __init__(self, name: str, drive: ReplicaDrive, seed: int, true_time: Callable[[], int]) -> None:
        self.name = name
        self.drive = drive
        self.clock_error = 0
        """How far its clock is ahead, in ms."""
        self.codec = CODEC
        self.replies: deque[SyncReply] = deque(maxlen=5)
        """What the server answered lately: somebody on the way may have kept it."""
        self._random = random.Random(f"{seed}/{name}")  # noqa: S311  # a simulation must repeat itself
        self._true_time = true_time
        self._fuses = Fuses()
        self.start()

    def start(self) -> None:
        """A process starts on what the disk holds."""
        self.store = self.drive.open()
        self.replica = self.process()

    def process(self) -> Replica:
        """A further process on the open ledger, as a command beside a running app is one."""
        return Replica(
            guarded(self.store, self._fuses),
            clock=self.clock,
            entropy=self._random.randbytes,
            offset_at=lambda _: OFFSET_MIN,
            codec=self.codec,
            checkpoint_every=self._random.choice(CHECKPOINTS),
        )

    def restart(self, codec: Codec | None = None) -> None:
        """The process ends, however it did, and another one starts; perhaps of another version."""
        self._fuses.fuse = None
        self.store.close()
        self.codec = codec or self.codec
        self.start()

    def put_in(self, fuse: Fuse | None) -> None:
        """What the next writes have to pass."""
        self._fuses.fuse = fuse

    def clock(self) -> int:
        """Unix milliseconds, as this device's clock shows them."""
        return self._true_time() + self.clock_error

    def sign_in(self, signed_in: SignedIn) -> None:
        """Remembers a token."""
        self.store.sign_in(
            account=signed_in.account, server="simulated", device=signed_in.device, token=signed_in.token
        )

    def can_say(self, body: Body) -> bool:
        """Whether its version knows facts of this kind."""
        return isinstance(body, tuple(self.codec.bodies.values()))

    def ids(self) -> set[str]:
        """The ids of all events that it holds, also of those that are set aside."""
        ledger = {record.event.id for record in self.store.records()}
        return ledger | {record.event.id for _, record in self.store.pending()} | self.ids_aside()

    def ids_aside(self) -> set[str]:
        """The ids of the events that are set aside."""
        return {event_id for aside in self.store.aside() if (event_id := setaside.event_id(aside.kept)) is not None}
