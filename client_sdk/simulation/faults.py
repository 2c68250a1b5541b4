"""What goes wrong, each with the dice of a step; a fault is counted when it struck, not when it was tried."""

from __future__ import annotations

import random
from collections.abc import Callable

import msgspec
from msgspec import UNSET, Raw

from client_sdk.simulation import life, lines
from client_sdk.simulation.devices import Device
from client_sdk.simulation.failures import Failure, Fuse
from client_sdk.simulation.life import Act
from client_sdk.simulation.strangers import Stranger, broken_requests
from client_sdk.simulation.world import BrokenPromiseError, World
from client_sdk.store import Local, SignedIn, Tip
from events import Event
from events.codec import CODEC, FACTS, Codec
from events.envelope import GENESIS, chained
from events.protocol import SyncReply
from events.quantities import DAY_MS, HOUR_MS, MINUTE_MS

CLOCK_ERRORS = (365 * DAY_MS, -365 * DAY_MS, 3 * HOUR_MS, -10 * MINUTE_MS, 40 * DAY_MS, -90_000)
"""How far clocks are ahead."""

UNLEARNED = frozenset(
    {"drill_logged", "exercise_matched", "slot_moved", "fact_restored", "equipment_changed", "measurement_taken"}
)
OLD = Codec({key: body for key, body in FACTS.items() if key[0] not in UNLEARNED})
"""A version from before some kinds of fact were thought of."""


def lose_request(world: World, device: Device, dice: random.Random) -> None:
    """A request gets lost."""
    world.sync(device, lines.LosesRequest(device, world.station, dice))


def lose_reply(world: World, device: Device, dice: random.Random) -> None:
    """A reply gets lost."""
    world.sync(device, lines.LosesReply(device, world.station, dice))


def repeat_request(world: World, device: Device, dice: random.Random) -> None:
    """A request arrives twice."""
    world.sync(device, lines.Repeats(device, world.station, dice))


def delay_request(world: World, device: Device, dice: random.Random) -> None:
    """A request is under way for long."""
    world.sync(device, lines.Delays(device, world.station, dice, world.in_flight.append))


def deliver_late(world: World, device: Device, dice: random.Random) -> None:  # noqa: ARG001  # every act has the same form
    """A delayed request arrives, perhaps before an earlier one."""
    if world.in_flight and world.deliver(dice.randrange(len(world.in_flight))):
        world.faults["reordered_request"] += 1


def repeat_reply(world: World, device: Device, dice: random.Random) -> None:
    """Somebody on the way answers with an earlier reply."""
    world.sync(device, lines.RepeatsReply(device, world.station, dice))


def interrupt(world: World, device: Device, dice: random.Random) -> None:
    """While a device syncs, another process on it writes, or syncs too, or another device does."""

    def meanwhile() -> None:
        former, device.replica = device.replica, device.process()
        try:
            dice.choice((life.log, life.correct, life.sync, _others_sync))(world, device, dice)
        finally:
            device.replica = former

    world.sync(device, lines.Interrupts(device, world.station, dice, meanwhile))


def break_server_before(world: World, device: Device, dice: random.Random) -> None:
    """The server's power fails before a commit."""
    _break(world, device, dice, "power_before", "server_crash_before_commit")


def break_server_after(world: World, device: Device, dice: random.Random) -> None:
    """The server's power fails after a commit, before it could tell."""
    _break(world, device, dice, "power_after", "server_crash_after_commit")


def fill_server(world: World, device: Device, dice: random.Random) -> None:
    """The server has no room left, for a moment."""
    _break(world, device, dice, "full", "server_disk_full")


def break_device_before(world: World, device: Device, dice: random.Random) -> None:
    """A device's power fails between two writes, before the second."""
    _fail(world, device, dice, "power_before", "device_crash_before_write")


def break_device_after(world: World, device: Device, dice: random.Random) -> None:
    """A device's power fails between two writes, after the first."""
    _fail(world, device, dice, "power_after", "device_crash_after_write")


def fill_device(world: World, device: Device, dice: random.Random) -> None:
    """A device has no room left, for a moment."""
    _fail(world, device, dice, "full", "device_disk_full")


def set_clock(world: World, device: Device, dice: random.Random) -> None:
    """A clock goes wrong, or is set right."""
    device.clock_error = 0 if device.clock_error and dice.randrange(2) else dice.choice(CLOCK_ERRORS)
    world.faults["wrong_clock"] += bool(device.clock_error)


def jump_in_session(world: World, device: Device, dice: random.Random) -> None:
    """A clock jumps between two sets of a session."""
    life.log(world, device, dice)
    device.clock_error = dice.choice(CLOCK_ERRORS)
    life.log(world, device, dice)
    world.faults["clock_jump"] += 1


def clone(world: World, device: Device, dice: random.Random) -> None:
    """Somebody copies a ledger file to another device, and uses both."""
    name = world.new_name()
    drive = device.drive.copy(name)
    if len(world.devices) >= world.most:
        _lose(world, dice.choice([other for other in world.devices if other is not device]))
    copied = world.new_device(name, drive)
    copied.clock_error, copied.codec = device.clock_error, device.codec
    world.faults["clone"] += 1


def back_up_device(world: World, device: Device, dice: random.Random) -> None:  # noqa: ARG001  # as above
    """A ledger file is backed up as it is."""
    world.backups[device.name] = device.drive.copy(world.new_name())


def restore_device(world: World, device: Device, dice: random.Random) -> None:  # noqa: ARG001  # as above
    """A device goes back to its last backup: what was only there is gone."""
    if (backup := world.backups.get(device.name)) is not None:
        lost = device.ids()
        device.drive = backup.copy(world.new_name())
        device.restart()
        world.destroy(lost)
        world.faults["device_restored"] += 1


def back_up_server(world: World, device: Device, dice: random.Random) -> None:  # noqa: ARG001  # as above
    """The server's database is backed up as it is."""
    world.station.back_up()


def restore_server(world: World, device: Device, dice: random.Random) -> None:  # noqa: ARG001  # as above
    """The server goes back to its last backup: what was only there is gone."""
    lost = world.ids_on_server()
    world.station.restore()
    world.destroy(lost)
    world.faults["server_restored"] += 1


def revoke(world: World, device: Device, dice: random.Random) -> None:
    """A device's token is revoked: it goes on without a server until it signs in again."""
    world.faults["revoked"] += world.station.revoke(device.store.local().device or "")
    life.sync(world, device, dice)
    if dice.randrange(3):  # most people sign in again soon
        life.log(world, device, dice)
        device.sign_in(world.station.sign_in(device.name))


def sign_in_again(world: World, device: Device, dice: random.Random) -> None:  # noqa: ARG001  # as above
    """A device signs in."""
    device.sign_in(world.station.sign_in(device.name))


def mistake_account(world: World, device: Device, dice: random.Random) -> None:
    """A device syncs with the token of another account: its ledger must not get there."""
    former = device.store.local()
    other = world.station.other_account
    device.sign_in(SignedIn(former.account or "", other.device, other.token))
    life.sync(world, device, dice)
    device.sign_in(SignedIn(former.account or "", former.device or "", former.token or ""))
    world.faults["wrong_account"] += 1


def change_version(world: World, device: Device, dice: random.Random) -> None:  # noqa: ARG001  # as above
    """An old version is installed, or the present one again."""
    device.restart(OLD if device.codec is CODEC else CODEC)
    world.faults["old_version"] += device.codec is OLD


def write_newer(world: World, device: Device, dice: random.Random) -> None:
    """A newer version writes what this one can't read."""
    kind, version = dice.choice((("moon_phase_noted", 1), ("set_logged", 2), ("slot_changed", 7)))
    written = _write_raw(device, kind, version, Raw(b'{"phase":%d}' % dice.randrange(4)))
    world.acknowledged.add(written.id)
    world.faults["newer_event"] += 1


def write_malformed(world: World, device: Device, dice: random.Random) -> None:
    """Older or damaged code writes what no server takes: what comes after it must not wait for it."""
    written = _write_raw(device, "set_logged", 1, Raw(b'{"reps":%d.5}' % dice.randrange(9)))
    world.unsendable.add(written.id)
    world.faults["malformed_event"] += 1


def write_oversized(world: World, device: Device, dice: random.Random) -> None:
    """Older or damaged code writes more than an event can hold."""
    words = b"x" * dice.randrange(16_300, 40_000)
    world.unsendable.add(_write_raw(device, "set_logged", 1, Raw(b'{"note":"%s"}' % words)).id)
    world.faults["oversized_event"] += 1


def accost(world: World, device: Device, dice: random.Random) -> None:
    """A client in another language writes whatever the protocol lets pass."""
    stranger = Stranger(world, device, dice)
    for _ in range(dice.randrange(1, 5)):
        stranger.say_something()
    world.faults["hostile_event"] += stranger.push()


def pester(world: World, device: Device, dice: random.Random) -> None:
    """Somebody who holds a token sends what the protocol does not let pass."""
    before = world.station.head()
    token = device.store.local().token or ""
    for text in broken_requests(world, device, dice):
        taken = isinstance(world.station.sync(token, text), SyncReply)
        if taken:
            raise BrokenPromiseError(f"the server took a broken request: {text[:300]!r}")
        world.faults["hostile_request"] += 1
    if world.station.head() != before:
        raise BrokenPromiseError("the server refused a request and kept something of it")


FAULTS: tuple[tuple[int, Act], ...] = (
    (12, lose_request),
    (15, lose_reply),
    (12, repeat_request),
    (15, delay_request),
    (12, deliver_late),
    (10, repeat_reply),
    (15, interrupt),
    (10, break_server_before),
    (10, break_server_after),
    (8, fill_server),
    (15, break_device_before),
    (15, break_device_after),
    (10, fill_device),
    (10, set_clock),
    (6, jump_in_session),
    (4, clone),
    (6, back_up_device),
    (5, restore_device),
    (3, back_up_server),
    (2, restore_server),
    (4, revoke),
    (6, sign_in_again),
    (3, mistake_account),
    (6, change_version),
    (6, write_newer),
    (3, write_malformed),
    (3, write_oversized),
    (8, accost),
    (4, pester),
)
"""What goes wrong how often."""

KINDS = (
    *("lost_request", "lost_reply", "repeated_request", "delayed_request", "reordered_request", "old_reply"),
    *("interrupted_sync", "server_crash_before_commit", "server_crash_after_commit", "server_disk_full"),
    *("device_crash_before_write", "device_crash_after_write", "device_disk_full", "wrong_clock", "clock_jump"),
    *("clone", "device_restored", "server_restored", "revoked", "wrong_account", "old_version", "newer_event"),
    *("malformed_event", "oversized_event", "hostile_event", "hostile_request"),
)
"""What struck is counted under these names."""


def _others_sync(world: World, device: Device, dice: random.Random) -> None:
    others = [other for other in world.devices if other is not device]
    if others:
        life.sync(world, dice.choice(others), dice)


def _break(world: World, device: Device, dice: random.Random, failure: Failure, name: str) -> None:
    line = lines.Breaks(device, world.station, dice, failure)
    line.trouble = name
    world.sync(device, line)


def _fail(world: World, device: Device, dice: random.Random, failure: Failure, name: str) -> None:
    act: Callable[[World, Device, random.Random], None] = dice.choice(
        (life.log, life.correct, life.erase, life.look, life.import_file, life.sync, life.sync, life.sync)
    )
    fuse = Fuse(failure, dice.choice((0, 0, 0, 1, 2)))
    world.under(fuse, device, lambda: act(world, device, dice))
    world.faults[name] += fuse.blown


def _lose(world: World, device: Device) -> None:
    """A device is lost, with all that only it holds."""
    lost = device.ids()
    world.devices.remove(device)
    device.store.close()
    world.backups.pop(device.name, None)
    world.destroy(lost)


def _write_raw(device: Device, kind: str, version: int, body: Raw) -> Event:
    """Writes an event with any body at all, by the same door as all others but unchecked."""

    def compose(local: Local, tips: dict[str, Tip]) -> list[tuple[Event, bytes]]:
        tip = tips.get(local.replica, Tip(0, GENESIS))
        news = {name: other.seq for name, other in tips.items() if name != local.replica and other.seq > other.said}
        now = device.clock()
        event = Event(
            id=device.replica.new_id(now),
            replica=local.replica,
            seq=tip.seq + 1,
            saw=news or UNSET,
            written=now,
            at=now,
            offset=0,
            type=kind,
            v=version,
            body=body,
            hash="",
        )
        event = chained(tip.hash, event)
        return [(event, msgspec.json.encode(event, order="sorted"))]

    return device.store.write(compose)[0]
