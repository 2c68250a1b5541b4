"""Others who speak the protocol, or nearly: clients in other languages, and people who mean no good."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import UNSET, Raw

from client_sdk.simulation.devices import Device
from events import Event
from events.canonical import canonical
from events.envelope import GENESIS, chained
from events.identifiers import uuid7
from events.protocol import PROTOCOL, SyncReply, SyncRequest

if TYPE_CHECKING:
    from client_sdk.simulation.world import World

NOBODY = "00000000-0000-4000-8000-000000000000"


class Stranger:
    """A client with a chain of its own and no ledger; whatever becomes of its events is the others' doing.

    Args:
        world: Where it is.
        device: Whose token it has.
        dice: What it says.
    """

    def __init__(self, world: World, device: Device, dice: random.Random) -> None:
        self._world = world
        self._token = device.store.local().token or ""
        self._dice = dice
        self._replica = f"{dice.getrandbits(32):08x}-1111-4000-8000-000000000000"
        self._events: list[Event] = []

    def say_something(self) -> None:
        """Writes an event that a server must take, and that a fold may find strange."""
        dice, world = self._dice, self._world
        known = list(world.sets)[-50:] or [NOBODY]
        target = dice.choice(known)
        world.touch(target)
        said = world.sets.get(target, {"set": NOBODY, "session": NOBODY, "exercise": "odd_lift", "kind": "working"})
        sayings: tuple[tuple[str, int, dict[str, Any]], ...] = (
            ("set_logged", 1, said | {"reps": dice.randrange(10_000)}),
            ("set_logged", 1, said | {"reps": -1}),
            ("set_logged", 1, {}),
            ("set_logged", 2**40, {"deep": _nested(13)}),
            ("fact_corrected", 1, {"target": target, "changes": {"reps": 3, "nothing": 1, "load": "heavy"}}),
            ("fact_voided", 1, {"target": dice.choice([*world.sessions, target])}),
            ("fact_restored", 1, {"target": target, "reason": "\u0000\u2028🏋️" * 20}),
            ("exercise_matched", 1, {"exercise": "odd_lift", "same_as": "odd_lift"}),
            ("event_erased", 1, {"target": "no event at all"}),
            ("program_created", 1, {"program": target, "name": "A program by the name of a set"}),
            ("", -1, {"": [[], {}, None, True]}),
        )
        kind, version, body = dice.choice(sayings)
        world.touch(str(body.get("target", target)))
        self._write(kind, version, body, self._some_id())

    def push(self) -> int:
        """Sends all, and says how many were taken."""
        request = SyncRequest(
            protocol=PROTOCOL,
            account=self._world.station.account,
            replica=self._replica,
            cursor="0",
            sent_at=self._dice.choice((0, self._world.now, 2**50)),
            events=[Raw(canonical(event)) for event in self._events],
            limit=1,
        )
        reply = self._world.station.sync(self._token, request)
        return len(reply.verdicts) if isinstance(reply, SyncReply) else 0

    def _some_id(self) -> str:
        """Mostly a new one; sometimes that of an event which is there and says something else."""
        world, dice = self._world, self._dice
        if world.events and not dice.randrange(5):
            event_id, name = dice.choice(world.events[-50:])
            world.touch(name)
            return event_id
        return uuid7(world.now, dice.randbytes(10))

    def _write(self, kind: str, version: int, body: dict[str, Any], event_id: str) -> None:
        last = self._events[-1] if self._events else None
        event = Event(
            id=event_id,
            replica=self._replica,
            seq=len(self._events) + 1,
            saw=UNSET,
            written=self._dice.choice((self._world.now, -2_000_000_000_000, 7_000_000_000_000)),
            at=self._dice.choice((self._world.now, 2**53 - 1, -(2**53) + 1)),
            offset=self._dice.choice((0, 1440, -1440)),
            type=kind,
            v=version,
            body=Raw(canonical(body)),
            hash="",
        )
        self._events.append(chained(bytes.fromhex(last.hash) if last else GENESIS, event))


def broken_requests(world: World, device: Device, dice: random.Random) -> Iterator[bytes]:
    """Requests that no server may take."""
    good: dict[str, Any] = {
        "protocol": PROTOCOL,
        "account": world.station.account,
        "replica": NOBODY,
        "cursor": "0",
        "sent_at": world.now,
        "events": [],
    }
    event = {
        "at": world.now,
        "body": {},
        "hash": "0" * 64,
        "id": "01890000-0000-7000-8000-000000000000",
        "offset": 0,
        "replica": NOBODY,
        "seq": 1,
        "type": "set_logged",
        "v": 1,
        "written": world.now,
    }
    held = next((held for held in device.store.outbox(limit=1)), None)
    of_device = event if held is None else json.loads(held.kept) | {"hash": "f" * 64}
    ways: tuple[dict[str, Any], ...] = (
        {"protocol": 2},
        {"account": NOBODY},
        {"cursor": f"1.{'0' * 64}"},
        {"cursor": "9" * 400},
        {"limit": 0},
        {"events": [event]},
        {"events": [event | {"seq": 7}]},
        {"events": [event | {"saw": {NOBODY: 2**52}}]},
        {"events": [event | {"body": 1.5}]},
        {"events": [event | {"body": {"note": "x" * 20_000}}]},
        {"events": [event | {"more": 1}]},
        {"events": [of_device]},
        {"events": [event] * 1001},
        {"stamps": [None]},
    )
    yield json.dumps(good | dice.choice(ways)).encode()
    whole = msgspec.json.encode(good)
    yield whole[: dice.randrange(len(whole))]
    yield dice.randbytes(dice.randrange(200))


def _nested(depth: int) -> list[Any]:
    return [_nested(depth - 1)] if depth else []
