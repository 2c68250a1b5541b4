"""What must hold once the network has healed: the laws of the protocol, and that nothing was lost, doubled or bent.

Each law gives a sentence for everything that breaks it, and says nothing where it holds.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from msgspec import UNSET, structs

from client_sdk.memory_store import MemoryStore
from client_sdk.replica import Replica
from client_sdk.simulation.world import World
from client_sdk.store import Pulled
from events import Record
from events.canonical import canonical
from events.envelope import ERASURE, GENESIS, encode_event, ledger_hash, without_words
from projections.diary import KINDS
from projections.ledger import REPORTS, Ledger, encode_report

Law = Callable[[World, list[Record], random.Random], Iterator[str]]


def converges(world: World, records: list[Record], dice: random.Random) -> Iterator[str]:  # noqa: ARG001  # one form for all
    """Law 3: after two rounds all hold the same head, ledger hash and digest, and so does the server."""
    head, digest = world.station.head(), world.station.digest()
    for device in world.devices:
        status = device.replica.status()
        if (status["head"], status["head_hash"]) != head:
            yield f"{device.name} holds the ledger up to {status['head']}, the server up to {head[0]}"
        if status["outbox"]:
            yield f"{device.name} still has {status['outbox']} events in its outbox"
        if status["digest"] != digest:
            yield f"the reports of {device.name}, folded as they came, are not those of the server"


def keeps_everything(world: World, records: list[Record], dice: random.Random) -> Iterator[str]:  # noqa: ARG001  # as above
    """Law 4: every acknowledged event is in the ledger in the end, by its id, and counts once."""
    held = {record.event.id for record in records}
    if lost := world.acknowledged - held:
        yield f"{len(lost)} acknowledged events are not in the ledger, such as {min(lost)}"
    ledger = _fold(records)
    counted = Counter(
        (shown["set"], shown.get("reps"))
        for session in ledger.report("sessions")["sessions"]
        for block in session["exercises"]
        for shown in block["sets"]
    )
    for name in sorted(world.untouched):
        times = counted[name, world.sets[name].get("reps")]
        if times != 1:
            yield f"the set {name}, which nobody edited, counts {times} times as it was logged"
    diary = Counter((row.event, canonical(row.said)) for row in ledger.view.noted(*KINDS))
    for name, event in sorted(world.left_alone.items()):
        times = diary[event.id, bytes(event.body or b"")]
        if times != 1:
            yield f"the {event.type} {name}, which nobody edited, is in the diary {times} times as it was said"


def shows_what_waits_apart(world: World, records: list[Record], dice: random.Random) -> Iterator[str]:  # noqa: ARG001  # as above
    """What can't be sent is set aside on the device that wrote it, and listed there."""
    aside: set[str] = set()
    for device in world.devices:
        apart = device.ids_aside()
        aside |= apart
        listed = {row["event"] for row in device.replica.report("problems")["problems"] if row["code"] == "set_aside"}
        if listed != apart:
            yield f"{device.name} has set {len(apart)} events aside, and lists {len(listed)}"
    if lost := world.unsendable - aside:
        yield f"{len(lost)} events that can't be sent are nowhere, such as {min(lost)}"


def folds_in_any_order(world: World, records: list[Record], dice: random.Random) -> Iterator[str]:
    """Law 1: any order that keeps each replica's own, any duplication and any batching give the same reports."""
    shuffled = _shuffled(records, dice)
    other = Ledger()
    while shuffled:
        size = dice.randrange(1, 200)
        other.apply(shuffled[:size])
        del shuffled[:size]
    if other.digest() != world.station.digest():
        yield f"folded in another order, the {_differing(other, _fold(records))} differ"


def folds_as_from_scratch(world: World, records: list[Record], dice: random.Random) -> Iterator[str]:  # noqa: ARG001  # as above
    """Law 2: folding as things come, from a checkpoint and from scratch agree."""
    scratch = _fold(records)
    digest = scratch.digest()
    if digest != world.station.digest():
        yield "the server's reports, folded as they came, are not those of its records"
    for device in world.devices:
        device.restart()
        folded = device.replica.ledger()
        if folded.digest() != digest:
            yield f"folded from its checkpoint, the {_differing(folded, scratch)} of {device.name} differ"
    restored = Ledger.restore(scratch.checkpoint())
    if restored is None or restored.digest() != digest:
        yield "a checkpoint of all does not give back what it was made of"


def voiding_is_undone(world: World, records: list[Record], dice: random.Random) -> Iterator[str]:
    """Law 5: voiding and restoring leaves every report as if neither had happened; a voided record cedes."""
    before = _reports(_fold(records))
    for name in _sample(world, dice):
        replica = _replica_of(world, records)
        replica.void(name)
        without = {report: replica.report(report) for report in ("records", "volume", "balance")}
        if without != _without(records, name):
            yield f"with the set {name} void, the reports are not as if nobody had logged it"
        replica.restore(name)
        if _reports(replica.ledger()) != before:
            yield f"with the set {name} void and restored, the reports are not as they were"
    for name in dice.sample(sorted(world.left_alone), min(1, len(world.left_alone))):
        replica, event = _replica_of(world, records), world.left_alone[name]
        replica.void(name)
        if any(row.event == event.id for row in replica.ledger().view.noted(*KINDS)):
            yield f"the {event.type} {name} is void, and in the diary"
        replica.restore(name)
        if _reports(replica.ledger()) != before:
            yield f"with the {event.type} {name} void and restored, the reports are not as they were"


def verifies(world: World, records: list[Record], dice: random.Random) -> Iterator[str]:  # noqa: ARG001  # as above
    """Every chain, position and ledger hash holds on each device and on the server; no stamp has changed."""
    for device in world.devices:
        yield from (f"{device.name}: {found.message}" for found in device.replica.verify().problems)
    current, places = GENESIS, Counter((record.event.replica, record.event.seq) for record in records)
    for position, record in enumerate(records, 1):
        if record.position != position or record.stamp is None:
            yield f"the server's record {position} bears the position {record.position}"
            return
        current = ledger_hash(current, record.event.hash, record.stamp)
        first = world.station.stamps.get((record.event.replica, record.event.seq, record.event.hash))
        if first not in {None, (record.stamp.received, record.stamp.skew)}:
            yield f"the stamp of event {record.event.seq} of replica {record.event.replica} has changed"
    if current.hex() != world.station.head()[1]:
        yield "the server's ledger hash is not that of its records"
    if any(count > 1 for count in places.values()):
        yield "the server holds a place of a chain twice"


def forgets_what_was_erased(world: World, records: list[Record], dice: random.Random) -> Iterator[str]:  # noqa: ARG001  # as above
    """No store keeps the words of an event that was erased."""
    erased = _fold(records).facts.entries.erased
    holders: list[tuple[str, Iterable[Record]]] = [("the server", records)]
    holders += [(device.name, device.store.records()) for device in world.devices]
    for holder, held in holders:
        events = [record.event for record in held if record.event.id in erased]
        if any(event.body is not UNSET and event.type != ERASURE for event in events):
            yield f"{holder} still holds the words of erased events"


LAWS: tuple[Law, ...] = (
    converges,
    keeps_everything,
    shows_what_waits_apart,
    folds_in_any_order,
    folds_as_from_scratch,
    voiding_is_undone,
    verifies,
    forgets_what_was_erased,
)


def broken(world: World) -> list[str]:
    """Everything that breaks a law, each with the law's name."""
    records = world.station.records()
    found = []
    for law in LAWS:
        dice = random.Random(f"{world.seed}/{law.__name__}")  # noqa: S311  # a simulation must repeat itself
        try:
            found += [f"{law.__name__}: {sentence}" for sentence in law(world, records, dice)]
        except Exception as error:  # noqa: BLE001  # what can't be judged doesn't hold
            found.append(f"{law.__name__}: {type(error).__name__}: {error}")
    return found


def _fold(records: Iterable[Record]) -> Ledger:
    ledger = Ledger()
    ledger.apply(records)
    return ledger


def _reports(ledger: Ledger) -> dict[str, bytes]:
    return {name: encode_report(ledger.report(name) | {"position": None}) for name in REPORTS}


def _differing(one: Ledger, other: Ledger) -> str:
    ones, others = _reports(one), _reports(other)
    return ", ".join(name for name in REPORTS if ones[name] != others[name]) or "positions"


def _shuffled(records: list[Record], dice: random.Random) -> list[Record]:
    """The records in another order that keeps each replica's own, some of them more than once."""
    queues: dict[str, list[Record]] = {}
    for record in reversed(records):
        queues.setdefault(record.event.replica, []).append(record)
    turns = [record.event.replica for record in records]
    dice.shuffle(turns)
    order = [queues[replica].pop() for replica in turns]
    for _ in range(len(order) // 20):
        index = dice.randrange(len(order))
        order.insert(dice.randrange(index, len(order)) + 1, order[index])
    return order


def _sample(world: World, dice: random.Random) -> list[str]:
    """A few sets that nobody edited, the heaviest among them."""
    names = sorted(world.untouched)
    if not names:
        return []
    heaviest = max(names, key=lambda name: _milli(world.sets[name]))
    return [heaviest, *dice.sample(names, min(2, len(names)))]


def _milli(said: dict[str, Any]) -> int:
    milli: int = said["load"]["milli"]
    return milli


def _replica_of(world: World, records: list[Record]) -> Replica:
    """A device that has just pulled everything."""
    store = MemoryStore("ffffffff-0000-4000-8000-000000000000")
    pulled = [Pulled(r.position or 0, r.stamp, r.event, encode_event(r.event)) for r in records if r.stamp]
    head, head_hash = world.station.head()
    store.advance(
        store.local(), pulled, cursor=f"{head}.{head_hash}", head_hash=bytes.fromhex(head_hash), now=world.now
    )
    return Replica(store, clock=lambda: world.now, entropy=random.Random(0).randbytes, offset_at=lambda _: 60)  # noqa: S311  # as above


def _without(records: list[Record], name: str) -> dict[str, dict[str, Any]]:
    """The reports as they are where nobody logged a set: its events are taken for erased ones."""
    bodies = [
        structs.replace(record, event=without_words(record.event))
        if record.event.body is not UNSET and f'"set":"{name}"'.encode() in bytes(record.event.body)
        else record
        for record in records
    ]
    ledger = _fold(bodies)
    return {report: ledger.report(report) for report in ("records", "volume", "balance")}
