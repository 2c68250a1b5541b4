"""A device is killed, again and again, while it logs, corrects, erases, folds, keeps checkpoints and syncs.

In the end every event that was acknowledged to its user is in the file once and on the server once, the file
verifies, and what the checkpoint folds to is what a fold from scratch gives.
"""

from __future__ import annotations

import statistics
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random

import httpx
import msgspec
from crashes.processes import PATIENCE_S, Process, Server, demand
from crashes.pushing import Account

from client_sdk import Replica
from client_sdk.http import HttpEndpoint
from client_sdk.store import SignedIn
from events import Event, Load
from projections.ledger import Ledger

DEVICE = str(Path(__file__).parent / "device.py")
START_UPS = 0.08
"""The share of kills that come while the device starts."""
LONGEST_START_S = 0.6
ACTIONS_AT_MOST = 12
"""How many things a device may do before it is killed."""
LOOKED_AT_EVERY = 10
"""After so many kills the file is looked at, so that a fault is found near its cause."""


def kill_clients(kills: int, seed: int, folder: Path, tally: Counter[str]) -> None:
    """Kills so many devices on one ledger file, and counts what was hit.

    Raises:
        Broken: where something acknowledged is lost or there twice, or the file is not sound.
    """
    server = Server(folder / "data")
    server.start()
    server.wait()
    stopping = threading.Event()
    try:
        account = Account(server.url)
        campaign = _Campaign(account, folder / "device.ledger", seed, tally)
        mate = threading.Thread(target=_keep_company, args=(account, stopping))
        mate.start()
        try:
            campaign.fight(kills)
        finally:
            stopping.set()
            mate.join(PATIENCE_S)
        campaign.check()
    finally:
        server.kill()


class _Campaign:
    def __init__(self, account: Account, file: Path, seed: int, tally: Counter[str]) -> None:
        self.tally = tally
        self._account, self._file = account, file
        self._random = Random(seed)  # noqa: S311  (it must repeat itself)
        self._acknowledged: list[str] = []
        self._took: dict[str, list[float]] = {}
        """By action, how long it took when nobody killed it, in seconds."""
        with Replica.open(file) as replica:
            replica.sign_in(account.url, SignedIn(account.id, account.device, account.token))
            self._id = replica.store.local().replica

    def fight(self, kills: int) -> None:
        """Kills and starts again; looks at the file now and then."""
        for number in range(1, kills + 1):
            self._kill_once(number)
            if number % LOOKED_AT_EVERY == 0:
                with Replica.open(self._file) as replica:
                    self._check_file(replica)

    def check(self) -> None:
        """After a last sync the server has everything, and so has the file."""
        with Replica.open(self._file) as replica:
            self._check_file(replica)
            with HttpEndpoint(self._account.url, self._account.token) as endpoint:
                demand(not replica.sync(endpoint).renamed, "the device was taken for a copy")
            self._check_file(replica)
            demand(replica.store.outbox_size() == 0, "the outbox is not empty")
            status = replica.status()
            erased = set(replica.ledger().facts.entries.erased)
        answer = httpx.get(f"{self._account.url}/v1/ledger", headers=self._account.headers, timeout=PATIENCE_S)
        events = [msgspec.json.decode(line)["event"] for line in answer.raise_for_status().iter_lines()]
        ids = Counter(event["id"] for event in events)
        demand(all(ids[event_id] == 1 for event_id in self._acknowledged), "an event is not on the server once")
        demand(max(ids.values()) == 1, "an event is on the server twice")
        worded = {event["id"] for event in events if "body" in event and event["type"] != "event_erased"}
        demand(not worded & erased, "erased words are still on the server")
        overview = httpx.get(
            f"{self._account.url}/v1/reports", headers=self._account.headers, timeout=PATIENCE_S
        ).json()
        same = (overview["head"], overview["head_hash"], overview["digest"])
        demand(same == (status["head"], status["head_hash"], status["digest"]), "server and device differ")
        own = {event["id"] for event in events if event["replica"] == self._id}
        self.tally["events stored though killed before it was told"] = len(own - set(self._acknowledged))
        self.tally["events acknowledged"] = len(self._acknowledged)
        self.tally["events on the server"] = len(events)
        self.tally["events erased"] = len(erased)

    def _kill_once(self, number: int) -> None:
        device = Process([DEVICE, str(self._file), str(self._random.getrandbits(32))])
        if self._random.random() < START_UPS:
            time.sleep(self._random.uniform(0, LONGEST_START_S))
        else:
            self._let_work(device)
        device.kill()
        self.tally["kills"] += 1
        self._read(device.lines, number)

    def _let_work(self, device: Process) -> None:
        """Lets the device do some things, and the last of them in part: a random part of what it usually takes."""
        device.wait_for("ready")
        place = 0
        for _ in range(self._random.randrange(ACTIONS_AT_MOST)):
            line = device.wait_for("begin", place)
            begun, place = time.monotonic(), device.lines.index(line, place) + 1
            device.wait_for("end", place)
            self._took.setdefault(line.removeprefix("begin "), []).append(time.monotonic() - begun)
        name = device.wait_for("begin", place).removeprefix("begin ")
        usual = statistics.median(self._took.get(name, [0.02])[-20:])
        time.sleep(self._random.uniform(0, usual))

    def _read(self, lines: list[str], number: int) -> None:
        """Takes in what the device said before it died."""
        under_way = "nothing yet"
        for line in lines:
            word, _, rest = line.partition(" ")
            demand(word in {"ready", "begin", "kept", "end"}, f"the device said {line!r} before kill {number}")
            if word == "kept":
                self._acknowledged += rest.split()
            under_way = {"begin": rest, "kept": "telling", "end": "nothing"}.get(word, under_way)
        self.tally[f"killed in: {under_way}"] += 1

    def _check_file(self, replica: Replica) -> None:
        """Every acknowledged event once, all chains sound, and the checkpoint as good as a fold from scratch."""
        verification = replica.verify()
        demand(verification.ok, f"the file does not verify: {verification.problems}")
        demand(replica.store.local().replica == self._id, "the device was taken for a copy")
        records = [*replica.store.records(), *(record for _, record in replica.store.pending())]
        ids = Counter(record.event.id for record in records)
        demand(all(ids[event_id] == 1 for event_id in self._acknowledged), "an acknowledged event is not there once")
        demand(max(ids.values(), default=1) == 1, "an event is there twice")
        self.tally["looks with a checkpoint"] += replica.store.derived("checkpoint") is not None
        digest = replica.status()["digest"]
        scratch = Ledger()
        scratch.apply(records)
        demand(scratch.digest() == digest, "the checkpoint folds to something else than the ledger")
        erased = scratch.facts.entries.erased
        worded = [r for r in _records(replica) if r.id in erased and r.type != "event_erased" and r.body]
        demand(not worded, "erased words are still in the file")
        self.tally["looks at the file"] += 1


def _records(replica: Replica) -> Iterator[Event]:
    for record in replica.store.records():
        yield record.event
    for _, record in replica.store.pending():
        yield record.event


def _keep_company(account: Account, stopping: threading.Event) -> None:
    """Another device of the lifter, so that there is always something to pull."""
    mate = Replica.in_memory()
    mate.sign_in(account.url, SignedIn(account.id, account.device, account.token))
    with HttpEndpoint(account.url, account.token) as endpoint:
        while not stopping.wait(0.2):
            for _ in range(5):
                mate.log_set("bench_press", load=Load(60_000, "kg"), reps=10)
            mate.sync(endpoint)
        mate.sync(endpoint)
