"""The server is killed, again and again, while devices push, pull, erase and ask for reports.

In the end every event that was acknowledged is in the ledger once, where its verdict said; every cursor that was
given out is still good; and all devices hold the same.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import httpx
import msgspec
from crashes.processes import PATIENCE_S, Server, demand
from crashes.pushing import Account, Pusher
from fuzz.oracle import chain_hash, ledger_hash

from client_sdk import Replica
from client_sdk.errors import UnreachableError
from client_sdk.http import HttpEndpoint
from client_sdk.patience import Patient
from client_sdk.store import SignedIn
from events import Load
from events.protocol import Fault, SyncReply, SyncRequest, Unavailable

PUSHERS = 3
START_UPS = 0.1
"""The share of kills that come while the server starts."""
MEAN_LIFE_S = 0.3
LONGEST_LIFE_S = 1.5


def kill_servers(kills: int, seed: int, folder: Path, tally: Counter[str]) -> None:
    """Kills so many servers, and counts what was hit.

    Raises:
        Broken: where something acknowledged is lost, there twice, or otherwise than it was told.
    """
    server = Server(folder / "data")
    server.start()
    server.wait()
    campaign = _Campaign(server, Account(server.url), seed, folder, tally)
    try:
        campaign.fight(kills)
        campaign.check()
    finally:
        campaign.stopping.set()
        server.kill()


class _Campaign:
    def __init__(self, server: Server, account: Account, seed: int, folder: Path, tally: Counter[str]) -> None:
        self.stopping = threading.Event()
        self._server, self._account, self._tally = server, account, tally
        self._random = Random(seed)  # noqa: S311  (it must repeat itself)
        self._pushers = [Pusher(account, seed * 100 + number, tally) for number in range(PUSHERS)]
        self._owner = Owner(account, folder / "phone.ledger", seed, tally)
        self._failures: list[BaseException] = []
        works = [pusher.run for pusher in self._pushers] + [self._owner.run, self._ask_for_reports]
        self._threads = [threading.Thread(target=self._guarded, args=(work,)) for work in works]

    def fight(self, kills: int) -> None:
        """Kills and starts again, with all clients at work, and lets these come to an end."""
        for thread in self._threads:
            thread.start()
        for _ in range(kills):
            if self._failures:
                break
            self._kill_once()
        self.stopping.set()
        for thread in self._threads:
            thread.join(PATIENCE_S * 2)
        if self._failures:
            raise self._failures[0]

    def check(self) -> None:
        """All that was acknowledged is there, once; all hold the same."""
        for _ in range(2):
            self._owner.finish()
            for pusher in self._pushers:
                pusher.finish()
        overview = self._get("/v1/reports").json()
        records = [msgspec.json.decode(line) for line in self._get("/v1/ledger").iter_lines()]
        _check_ledger(records, overview)
        for pusher in self._pushers:
            pusher.check(overview["head"], overview["head_hash"])
            own = {r["event"]["seq"]: r for r in records if r["event"]["replica"] == pusher.writer.replica}
            for event in pusher.writer.events:
                record = own[event.seq]
                stands = record["position"], record["received"], record["skew"]
                demand(stands == pusher.verdicts[event.seq], "a record stands elsewhere than its verdict said")
                demand((record["event"]["hash"], record["event"]["id"]) == (event.hash, event.id), "another event")
        ids = Counter(record["event"]["id"] for record in records)
        demand(
            all(ids[event_id] == 1 for event_id in self._owner.acknowledged), "a lifter's event is lost or doubled"
        )
        demand(self._owner.status()["head_hash"] == overview["head_hash"], "the phone holds another history")
        demand(self._owner.status()["digest"] == overview["digest"], "the phone has other reports than the server")
        self._tally["records in the ledger"] = len(records)
        self._server.stop()
        self._check_words(records)

    def _kill_once(self) -> None:
        starts = self._random.random() < START_UPS
        if starts:
            self._server.kill()
            self._server.start()
            time.sleep(self._random.uniform(0, 2 * MEAN_LIFE_S))
            self._tally["kills during start-up"] += 1
        else:
            time.sleep(min(LONGEST_LIFE_S, self._random.expovariate(1 / MEAN_LIFE_S)))
            busy = sum(pusher.under_way for pusher in self._pushers) + self._owner.under_way
            self._tally["kills with requests under way"] += bool(busy)
            self._tally["requests under way at kills"] += busy
        self._server.kill()
        self._tally["kills"] += 1
        self._server.start()
        self._server.wait()

    def _ask_for_reports(self, stopping: threading.Event) -> None:
        """Reports make the server keep checkpoints."""
        while not stopping.wait(0.1):
            try:
                answer = httpx.get(
                    f"{self._account.url}/v1/reports", headers=self._account.headers, timeout=PATIENCE_S
                )
            except httpx.TransportError:
                continue
            demand(answer.status_code in {200, 503}, f"no reports: {answer.text}")
            self._tally["reports"] += answer.is_success

    def _guarded(self, work: Callable[[threading.Event], None]) -> None:
        try:
            work(self.stopping)
        except BaseException as failure:  # noqa: BLE001  (told by the main thread)
            self._failures.append(failure)

    def _get(self, path: str) -> httpx.Response:
        answer = httpx.get(f"{self._account.url}{path}", headers=self._account.headers, timeout=PATIENCE_S)
        return answer.raise_for_status()

    def _check_words(self, records: list[dict[str, Any]]) -> None:
        """What was erased is nowhere in the server's files, whatever moment it was killed at."""
        targets = {
            record["event"]["body"]["target"] for record in records if record["event"]["type"] == "event_erased"
        }
        words = []
        for pusher in self._pushers:
            for event in pusher.writer.events:
                if event.id in targets and event.type == "set_logged":
                    words.append(msgspec.json.decode(bytes(event.body or b""))["note"].encode())  # noqa: PERF401
        files = b"".join(path.read_bytes() for path in self._server.folder.iterdir() if path.is_file())
        demand(not any(word in files for word in words), "erased words are still in the server's files")
        demand(not words or b"words of " in files, "no words at all are in the server's files")
        self._tally["erased events whose words are gone"] = len(words)


class Owner:
    """A lifter with a real ledger file, who logs, corrects, voids, erases and syncs."""

    def __init__(self, account: Account, file: Path, seed: int, tally: Counter[str]) -> None:
        self.under_way = False
        self.acknowledged: list[str] = []
        self._account, self._file, self._tally = account, file, tally
        self._random = Random(seed)  # noqa: S311  (it must repeat itself)
        with Replica.open(file) as replica:
            replica.sign_in(account.url, SignedIn(account.id, account.device, account.token))
            self._id = replica.store.local().replica

    def run(self, stopping: threading.Event) -> None:
        """Lives with the ledger until it is time to stop."""
        with Replica.open(self._file) as replica:
            while not stopping.is_set():
                self._act(replica)
                if self._random.random() < 0.5:
                    self._sync(replica)

    def finish(self) -> None:
        """Syncs on a server that is there."""
        with Replica.open(self._file) as replica:
            demand(self._sync(replica), "the server does not answer")
            demand(replica.store.outbox_size() == 0, "the outbox is not empty")
            demand(replica.verify().ok, "the phone's ledger does not verify")
            demand(replica.store.local().replica == self._id, "the phone was taken for a copy")

    def status(self) -> dict[str, Any]:
        """See ``Replica.status``."""
        with Replica.open(self._file) as replica:
            return replica.status()

    def _act(self, replica: Replica) -> None:
        sets = [name for kind, name in replica.ledger().facts.created if kind == "set_logged"]
        match self._random.randrange(8) if sets else 0:
            case 1:
                events = [replica.correct(self._random.choice(sets), reps=self._random.randrange(1, 20))]
            case 2:
                events = [replica.void(self._random.choice(sets))]
            case 3:
                events = [replica.restore(self._random.choice(sets))]
            case 4:
                events = replica.erase(self._random.choice(sorted(replica.ledger().facts.entries.counted)))
            case _:
                events = [replica.log_set("bench_press", load=Load(80_000, "kg"), reps=8) for _ in range(3)]
        self.acknowledged += [event.id for event in events]
        self._tally["events logged on the phone"] += len(events)

    def _sync(self, replica: Replica) -> bool:
        with HttpEndpoint(self._account.url, self._account.token) as endpoint:
            patient = Patient(_Watched(endpoint, self), sleep=lambda _: time.sleep(0.05))
            try:
                summary = replica.sync(patient)
            except UnreachableError:
                time.sleep(0.02)
                return False
        demand(not summary.renamed, "the phone was taken for a copy")
        self._tally["syncs of the phone"] += 1
        return True


class _Watched:
    """An endpoint on which no history may ever be another than before."""

    def __init__(self, endpoint: HttpEndpoint, owner: Owner) -> None:
        self._endpoint, self._owner = endpoint, owner

    def sync(self, request: SyncRequest, /) -> SyncReply | Fault:
        """See ``SyncEndpoint``."""
        self._owner.under_way = True
        try:
            reply = self._endpoint.sync(request)
        finally:
            self._owner.under_way = False
        demand(isinstance(reply, SyncReply | Unavailable), f"the server refused: {reply}")
        return reply


def _check_ledger(records: list[dict[str, Any]], overview: dict[str, Any]) -> None:
    """Positions without gaps, every chain and the ledger hash, by the page alone."""
    demand([record["position"] for record in records] == list(range(1, overview["head"] + 1)), "positions have gaps")
    current, ends = "0" * 64, dict[str, tuple[int, str]]()
    for record in records:
        event = record["event"]
        seq, previous = ends.get(event["replica"], (0, "0" * 64))
        demand(event["seq"] == seq + 1, "a (replica, seq) is missing or there twice")
        demand(chain_hash(previous, event) == event["hash"], "a chain is broken")
        ends[event["replica"]] = event["seq"], event["hash"]
        current = ledger_hash(current, event, record["received"], record["skew"])
    demand(current == overview["head_hash"], "the ledger hash does not follow from the records")
