"""The sync endpoint: good requests among mangled ones, each held against a second opinion of what it comes to.

A case is a small world: two accounts, a few replicas that write and sync, and a sequence of requests. What was
refused must have changed nothing, and what was accepted must be in the ledger as it was said, once.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import msgspec
from fuzz.codec import GOLDEN
from fuzz.fronts import OverHttp
from fuzz.mutations import Literal, Members, mutate_bytes, mutate_tree, spell, spell_otherwise, tree_of
from fuzz.oracle import RefusedError, value_of
from fuzz.reference import ZEROS
from fuzz.world import World
from msgspec import UNSET
from support.chains import NOON_MS, Writer, request_of, some_uuid

from events.envelope import Event, Stamp, without_words

REQUESTS = 60
"""How many requests there are in a world."""


class Sync:
    """See ``campaign.Target``."""

    name = "sync"
    inputs = REQUESTS

    def __init__(self) -> None:
        lines = [msgspec.json.decode(line)["event"] for line in GOLDEN.read_bytes().splitlines()]
        self._bodies = [(event["type"], event["v"], event["body"]) for event in lines if "body" in event]

    def play(self, random: Random, outcomes: Counter[str]) -> None:
        """Plays one world: most over the store in memory, one in ten on disk, one in thirty by HTTP."""
        draw = random.random()
        front = "disk" if draw < 0.1 else "http" if draw < 0.1 + 1 / 30 else "memory"
        outcomes[f"worlds: {front}"] += 1
        with tempfile.TemporaryDirectory() as folder:
            world = World(front, Path(folder), outcomes)
            try:
                self.play_in(world, random)
            finally:
                world.close()

    def play_in(self, world: World, random: Random) -> None:
        """Sends good requests and mangled ones, and looks at what is stored in the end."""
        lifters = [Device(random, self._bodies) for _ in range(3)]
        for _ in range(REQUESTS):
            self._one(random, world, lifters)
        world.check()

    def replay(self, material: Any, /) -> None:  # noqa: ANN401  (a list of ``Sent``)
        """Sends the requests of a world again, to the store in memory."""
        with tempfile.TemporaryDirectory() as folder:
            world = World("memory", Path(folder), Counter())
            try:
                for account, now, text in material:
                    world.now = now
                    world.send(account, text)
                world.check()
            finally:
                world.close()

    def _one(self, random: Random, world: World, lifters: list[Device]) -> None:
        device = random.choice(lifters)
        account = 1 if random.random() < 0.05 else 0
        world.now += random.choice((0, 1, 1000, 60_000, 3_600_000, -5000))
        mates = [other for other in lifters if other is not device]
        text = device.request(world.front.accounts[account], mates, world.now)
        is_good = random.random() < 0.5
        if not is_good:
            text = _mangled(text, random)
        answer = world.send(account, text)
        if account == 0 and "code" not in answer:
            for lifter in lifters:
                lifter.acknowledged(answer)
            if is_good:
                device.cursor = answer["cursor"]
        if isinstance(world.front, OverHttp) and random.random() < 0.5:
            world.front.stray(world.front.accounts[1], text, random, world.outcomes)


class Device:
    """A replica that writes, good and strange things alike, and syncs; it keeps what was not acknowledged yet."""

    def __init__(self, random: Random, bodies: list[tuple[str, int, dict[str, Any]]]) -> None:
        self.cursor = "0"
        self._random = random
        self._bodies = bodies
        self._writer = Writer(f"{random.getrandbits(32):08x}-0000-4000-8000-{random.getrandbits(48):012x}")
        self._stored = 0
        self._heard: dict[str, int] = {}

    @property
    def events(self) -> list[Event]:
        """All that it wrote."""
        return self._writer.events

    def acknowledged(self, reply: dict[str, Any]) -> None:
        """Hears what the server has of its events, and of those of others."""
        for verdict in reply["verdicts"]:
            self._heard[verdict["replica"]] = max(verdict["seq"], self._heard.get(verdict["replica"], 0))
        self._stored = self._heard.get(self._writer.replica, 0)

    def request(self, account: str, mates: list[Device], now: int) -> bytes:
        """A request that the protocol admits, or nearly."""
        random = self._random
        for _ in range(random.choice((0, 1, 1, 2, 5))):
            self._write(mates)
        events = list(self.events[self._stored :])
        stamps: list[Stamp | None] = []
        draw = random.random()
        if draw < 0.1:
            events = self.events[max(0, self._stored - 3) :]  # some of them again
        elif draw < 0.2:
            mate = random.choice(mates)
            events = [*mate.events[mate._stored :], *events]  # noqa: SLF001  (another device)
        elif draw < 0.25:
            events = self._forked()
        elif draw < 0.3:
            events = events[1:]
        elif draw < 0.35:
            random.shuffle(events)
        elif draw < 0.38:
            events = [without_words(event) if random.random() < 0.5 else event for event in events]
        if random.random() < 0.1:
            stamps = [
                random.choice((None, Stamp(now - random.randrange(10**9), random.choice((0, 5000))))) for _ in events
            ]
        request = request_of(
            account,
            *events,
            replica=self._writer.replica,
            cursor=self.cursor if random.random() < 0.9 else "0",
            sent_at=now + random.choice((0, 0, 0, 100, 119_999, 120_000, 120_001, -120_001, -(10**12), 10**15)),
            stamps=stamps,
            limit=random.choice((1, 2, 5, 1000, 2000, 2001, 10**9)),
        )
        return msgspec.json.encode(request)

    def _write(self, mates: list[Device]) -> None:
        random = self._random
        kind, version, body = random.choice(self._bodies)
        fields: dict[str, Any] = {"id": self._new_id()}
        everything = [event for device in (self, *mates) for event in device.events]
        draw = random.random()
        if draw < 0.08 and everything:
            kind, version, body = "event_erased", 1, {"target": random.choice(everything).id}
        elif draw < 0.12 and everything:
            fields["id"] = random.choice(everything).id
        elif draw < 0.15 and everything:
            copied = random.choice(everything)
            kind, version, fields["id"] = copied.type, copied.v, copied.id
            body = {} if copied.body is UNSET else msgspec.json.decode(copied.body)
        elif draw < 0.20:
            kind, version = random.choice((("teleported", 1), (kind, 2), ("", 0), (kind, -1)))
        elif draw < 0.30:
            body = _sound(mutate_tree(tree_of(msgspec.json.encode(body)), random)) or body
        if random.random() < 0.3:
            fields["saw"] = {
                replica: random.choice((seq, seq, seq, 1))
                for replica, seq in self._heard.items()
                if replica != self._writer.replica
            }
            if not fields["saw"]:
                del fields["saw"]
        fields["at"] = NOON_MS + random.choice(_WHEN)
        fields["offset"] = random.choice((0, 60, -1440, 1440))
        self._writer.write(body, kind=kind, v=version, **fields)

    def _new_id(self) -> str:
        return f"019aaaac-2600-7{self._random.getrandbits(12):03x}-8000-{self._random.getrandbits(48):012x}"

    def _forked(self) -> list[Event]:
        """Another chain of this replica, sound in itself, that shares a beginning with it."""
        length = self._random.randrange(len(self.events) + 1)
        copy = self._writer.fork(length)
        fields = self._random.choice(({}, {}, {"saw": {some_uuid("nobody"): 9}}, {"v": 2}))
        fields["id"] = self._new_id()
        copy.write({"session": "x" * self._random.choice((1, 15_000, 16_384))}, written=NOON_MS + 1, **fields)
        return copy.events[max(0, length - 1) :]


_WHEN = (*(0, 1, 60_000, 3_600_000, -86_400_000, 10**9, -(10**12)) * 5, -(10**13), 10**13, 2**53 - 1 - NOON_MS)
"""When a thing happened, in ms after noon; now and then beyond all years."""


def _mangled(text: bytes, random: Random) -> bytes:
    draw = random.random()
    if draw < 0.3:
        return mutate_bytes(text, random)
    if draw < 0.33:
        return random.randbytes(random.randrange(200))
    if draw < 0.34:
        return text[:-1] + b" " * (4 * 1024 * 1024) + b"}"
    tree = tree_of(text)
    for _ in range(random.choice((1, 1, 2))):
        tree = _domain_change(tree, random) if random.random() < 0.4 else mutate_tree(tree, random)
    spelled = spell(tree) if random.random() < 0.8 else spell_otherwise(tree, random)
    return spelled.encode("utf-8", "surrogatepass")


def _domain_change(tree: Any, random: Random) -> Any:  # noqa: ANN401  (a tree)
    """A change that keeps the request one, of the kind that a broken client makes."""
    if not isinstance(tree, Members):
        return tree
    ledger = f"{random.getrandbits(256):064x}"
    key, member = random.choice(
        (
            (
                "cursor",
                random.choice(
                    (f"1.{ledger}", f"0.{ZEROS}", f"9999999999999999.{ledger}", "1", "", "00", f"1.{ledger.upper()}")
                ),
            ),
            ("cursor", Literal(random.choice(("0", "null", "1.5")))),
            ("limit", Literal(random.choice(("0", "-1", "1", "1" + "0" * 30, "2000", "1.0", "null", "true")))),
            ("protocol", Literal(random.choice(("0", "2", "-1", "1.0", "true", "null")))),
            ("account", random.choice(("", "other", "0197F3A0-0000-7000-8000-00000000000A"))),
            ("sent_at", Literal(random.choice(("0", str(2**53), str(-(2**53) + 1), "1e12", "null")))),
            (
                "stamps",
                [
                    Members(
                        [("received", Literal(random.choice(("0", "1e3", "99999999999999")))), ("skew", Literal("0"))]
                    )
                ],
            ),
            ("stamps", [Literal("null")] * random.randrange(4)),
            ("events", [Members()] * random.choice((1, 1001))),
            ("nonsense", some_nonsense(random)),
        )
    )
    return Members([*((name, old) for name, old in tree if name != key), (key, member)])


def some_nonsense(random: Random) -> Any:  # noqa: ANN401  (a tree)
    """A member that the protocol doesn't have: it is to be ignored."""
    return random.choice(
        (Literal("1.5e300"), Literal("null"), "ü", [Members([("a", Literal("1"))])], Members([("größe", "x")]))
    )


def _sound(tree: Any) -> dict[str, Any] | None:  # noqa: ANN401  (a tree)
    """A mutated body that an event can hold: canonical JSON, but perhaps not what its type demands."""
    try:
        value = value_of(spell(tree).encode("utf-8", "surrogatepass"))
    except RefusedError:
        return None
    is_shallow = spell(tree).count("[") + spell(tree).count("{") < 14
    return value if isinstance(value, dict) and is_shallow else None
