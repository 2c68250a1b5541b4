"""A client of the sync protocol that needs nothing of ours but the page, and remembers all that it was ever told."""

from __future__ import annotations

import threading
import time
from collections import Counter
from random import Random
from typing import Any

import httpx
import msgspec
from crashes.processes import PATIENCE_S, Broken, demand
from fuzz.oracle import ledger_hash
from support.chains import NOON_MS, Writer, some_uuid

from events.envelope import Event, encode_event

Told = tuple[str, int, int]
"""Of a position: the event's hash, and its stamp."""


class Account:
    """Where to sync, and as whom."""

    def __init__(self, url: str) -> None:
        self.url = url
        answer = httpx.post(f"{url}/v1/accounts", json={"name": "max", "password": "long enough"}, timeout=PATIENCE_S)
        made = answer.raise_for_status().json()
        self.id: str = made["account"]
        self.device: str = made["device"]
        self.token: str = made["token"]

    @property
    def headers(self) -> dict[str, str]:
        """Those of a signed-in device."""
        return {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}


class Pusher:
    """Writes a chain and pushes it, again and again until it is acknowledged; pulls what others wrote.

    Attributes:
        under_way: Whether a request of it is on its way just now.
        verdicts: Of its own events by seq: position, received, skew, as the first verdict said.
        told: By position, what the server ever said is there.
        erased: The ids of events whose erasure was acknowledged, with the words that are gone.
    """

    def __init__(self, account: Account, seed: int, tally: Counter[str]) -> None:
        self.under_way = False
        self.verdicts: dict[int, Told] = {}
        self.told: dict[int, Told] = {}
        self.erased: dict[str, str] = {}
        self.writer = Writer(some_uuid("pusher", seed))
        self._account = account
        self._random = Random(seed)  # noqa: S311  (it must repeat itself)
        self._tally = tally
        self._cursor = "0"
        self._seen: dict[str, int] = {}
        self._said: dict[str, int] = {}
        self._client = httpx.Client(timeout=PATIENCE_S)

    def run(self, stopping: threading.Event) -> None:
        """Writes and pushes until it is time to stop."""
        with self._client:
            while not stopping.is_set():
                events = [self._write() for _ in range(self._random.choice((1, 1, 5, 40)))]
                if self._random.random() < 0.1:
                    events = self.writer.events[-len(events) - 3 :]  # some of them once more
                self._exchange(events)

    def finish(self) -> None:
        """Pulls all that there is."""
        self._client = httpx.Client(timeout=PATIENCE_S)
        with self._client:
            while self._exchange([])["more"]:
                pass

    def check(self, head: int, head_hash: str) -> None:
        """What it was told over time is one history, whole, and that of the ledger hash."""
        demand(sorted(self.told) == list(range(1, head + 1)), "a client was not told of every position")
        current = "0" * 64
        for position in range(1, head + 1):
            event_hash, received, skew = self.told[position]
            current = ledger_hash(current, {"hash": event_hash}, received, skew)
        demand(current == head_hash, "what a client was told is another history than the server's")
        demand(sorted(self.verdicts) == list(range(1, len(self.writer.events) + 1)), "events without a verdict")

    def _write(self) -> Event:
        """A set, or the erasure of something that was acknowledged before."""
        fields: dict[str, Any] = {}
        news = {replica: seq for replica, seq in self._seen.items() if seq > self._said.get(replica, 0)}
        if news:
            fields["saw"] = news
            self._said |= news
        written = self.writer.events
        if written and self._random.random() < 0.04:
            target = written[self._random.randrange(len(written))]
            return self.writer.write({"target": target.id}, kind="event_erased", **fields)
        number = len(written) + 1
        body = {
            "set": some_uuid(self.writer.replica, number),
            "session": some_uuid(self.writer.replica, number // 20),
            "exercise": "back_squat",
            "kind": "working",
            "reps": 1 + number % 12,
            "load": {"milli": 60_000 + number * 500 % 90_000, "unit": "kg"},
            "note": f"words of {self.writer.replica} {number}.",
        }
        return self.writer.write(body, kind="set_logged", at=NOON_MS + number * 60_000, **fields)

    def _exchange(self, events: list[Event]) -> dict[str, Any]:
        """One request, sent until it is answered, as the protocol says."""
        text = msgspec.json.encode(
            {
                "protocol": 1,
                "account": self._account.id,
                "replica": self.writer.replica,
                "cursor": self._cursor,
                "sent_at": time.time_ns() // 1_000_000,
                "events": [msgspec.Raw(encode_event(event)) for event in events],
                "limit": 2000,
            }
        )
        was_cut = False
        for _ in range(PATIENCE_S * 50):
            self._tally["requests"] += 1
            self.under_way = True
            try:
                answer = self._client.post(
                    f"{self._account.url}/v1/sync", content=text, headers=self._account.headers
                )
            except httpx.TransportError as error:
                was_cut |= not isinstance(error, httpx.ConnectError)
                time.sleep(0.02)
                continue
            finally:
                self.under_way = False
            if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE:
                time.sleep(0.05)
                continue
            demand(answer.status_code == httpx.codes.OK, f"the server refused: {answer.text}")
            return self._hear(events, answer.json(), was_cut=was_cut)
        raise Broken("the server does not answer any more")

    def _hear(self, events: list[Event], reply: dict[str, Any], *, was_cut: bool) -> dict[str, Any]:
        demand(len(reply["verdicts"]) == len(events), "not one verdict for each event")
        anew = [event for event in events if event.seq not in self.verdicts]
        if was_cut and anew:
            statuses = {v["status"] for v in reply["verdicts"] if v["seq"] not in self.verdicts}
            demand(len(statuses) == 1, f"a request was stored by halves: {statuses}")
            self._tally[f"pushes cut off, {'stored' if statuses == {'duplicate'} else 'not stored'}"] += 1
        for event, verdict in zip(events, reply["verdicts"], strict=True):
            demand(verdict["seq"] == event.seq, "a verdict on another event")
            demand("problem" not in verdict, f"a sound event has a problem: {verdict}")
            told = verdict["position"], verdict["received"], verdict["skew"]
            demand(self.verdicts.setdefault(event.seq, told) == told, "a verdict changed")
            self._note(verdict, event.hash)
        for record in reply["records"]:
            event = record["event"]
            self._note(record, event["hash"])
            if event["replica"] != self.writer.replica:
                self._seen[event["replica"]] = max(event["seq"], self._seen.get(event["replica"], 0))
        self._cursor = reply["cursor"]
        self._tally["events acknowledged"] += len(anew)
        return reply

    def _note(self, stamped: dict[str, Any], event_hash: str) -> None:
        told = event_hash, stamped["received"], stamped["skew"]
        demand(self.told.setdefault(stamped["position"], told) == told, "a position holds another record than before")
