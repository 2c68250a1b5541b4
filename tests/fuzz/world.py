"""A server, and a second opinion of what it should hold: every answer is held against it, and so is the end."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
from fuzz.campaign import Undocumented
from fuzz.fronts import STATUSES, Front, InProcess, OverHttp, all_records, decoded_fault, in_memory, on_disk
from fuzz.oracle import canonical_text, chain_hash, ledger_hash
from fuzz.reference import ZEROS, Answer, LedgerRecord, Reference
from support.chains import NOON_MS

from client_sdk import Replica
from client_sdk.memory_store import MemoryStore
from client_sdk.store import SignedIn
from events.codec import Invalid, Known, Unknown, read
from events.corrections import EventErased
from events.envelope import Event, Record, Stamp, said_hash, stored_event
from projections import log
from projections.ledger import REPORTS, Ledger

PULLER = "0197f3a0-0000-4000-8000-00000000000f"
"""A replica that only pulls."""

Sent = tuple[int, int, bytes]
"""The account, by number, the server's clock, and the text of a request."""


class World:
    """A server, and what it should hold."""

    def __init__(self, front: str, folder: Path, outcomes: Counter[str]) -> None:
        self.now = NOON_MS
        self.outcomes = outcomes
        self.front: Front
        match front:
            case "disk":
                self.front = on_disk(folder, lambda: self.now)
            case "http":
                self.front = OverHttp(folder, lambda: self.now)
            case _:
                self.front = in_memory(lambda: self.now)
        self.sent: list[Sent] = []
        self._expected = [Reference(account) for account in self.front.accounts]

    def close(self) -> None:
        """Ends the server."""
        self.front.close()

    def send(self, account: int, text: bytes) -> dict[str, Any]:
        """Sends a request and holds the answer against the second opinion."""
        self.sent.append((account, self.now, text))
        reference = self._expected[account]
        before = self._head(account)
        expected = reference.answer(text, self.now)
        try:
            answer = self.front.sync(self.front.accounts[account], text)
        except Undocumented:
            raise
        except Exception as error:
            raise Undocumented(f"a request raised {type(error).__name__}: {error}", self.sent) from error
        code = answer.get("code")
        self.outcomes[code or "reply"] += 1
        if code is not None:
            self._demand(code in STATUSES, f"an undocumented fault: {answer}")
            decoded_fault(answer)
            self._demand(self._head(account) == before, f"a refused request changed the ledger: {code}")
        if expected is None:
            self.outcomes["left open by the protocol"] += 1
            if code is None:
                expected = reference.answer(text, self.now, last_counts=True)
                stored = self._head(account) != before
                self._demand(expected is not None or not stored, "what the protocol leaves open was stored")
        if expected is not None:
            self._compare(expected, answer, text)
            self._demand(self._head(account) == reference.head, "another head than the protocol's")
        return answer

    def check(self) -> None:
        """The stored ledgers hold what they should, verify, and fold."""
        for account, reference in zip(self.front.accounts, self._expected, strict=True):
            kept = all_records(self.front.store, account)
            self._demand([record.position for record in kept] == list(range(1, len(kept) + 1)), "positions have gaps")
            for record, expected in zip(kept, reference.records, strict=True):
                event = canonical_text(expected.kept(reference.erased))
                self._demand(record.kept == event, "a stored event is not what was said")
                self._demand(record.stamp == Stamp(expected.received, expected.skew), "a stamp changed")
                self._demand(record.ledger_hash.hex() == expected.ledger, "a ledger hash is wrong")
            events = [msgspec.json.decode(record.kept) for record in kept]
            self._check_chains(events, reference.records)
            digest = self._check_fold(
                [Record(position=r.position, stamp=r.stamp, event=stored_event(r.kept)) for r in kept]
            )
            if isinstance(self.front, InProcess):
                self._check_pull(self.front, account, digest)

    def _check_chains(self, events: list[dict[str, Any]], expected: list[LedgerRecord]) -> None:
        ends: dict[str, tuple[int, str]] = {}
        ledger = ZEROS
        for event, record in zip(events, expected, strict=True):
            seq, previous = ends.get(event["replica"], (0, ZEROS))
            self._demand(event["seq"] == seq + 1, "a (replica, seq) is missing or there twice")
            self._demand(chain_hash(previous, event) == event["hash"], "a chain is broken")
            ends[event["replica"]] = event["seq"], event["hash"]
            ledger = ledger_hash(ledger, event, record.received, record.skew)
            self._demand(ledger == record.ledger, "the ledger hash does not follow")

    def _check_pull(self, front: InProcess, account: str, digest: str) -> None:
        """A device that pulls all of it holds the same, and makes the same of it."""
        replica = Replica(MemoryStore(PULLER), clock=lambda: self.now, offset_at=lambda _: 0)
        replica.sign_in("", SignedIn(account, "", ""))
        try:
            replica.sync(front.endpoint(account))
            status, verified = replica.status(), replica.verify()
        except Exception as error:
            raise Undocumented(f"a device that pulls raised {type(error).__name__}: {error}", self.sent) from error
        self._demand(verified.ok, f"what a device pulled does not verify: {verified.problems}")
        self._demand(status["digest"] == digest, "a device makes something else of it")

    def _check_fold(self, records: list[Record]) -> str:
        """The reports can be made, and ``problems`` lists exactly what is kept and not counted; gives the digest."""
        try:
            ledger = Ledger()
            ledger.apply(records)
            digest = ledger.digest()
            reports = {name: ledger.report(name, explain=True) for name in REPORTS}
            log.report(ledger, records, None)
            restored = Ledger.restore(ledger.checkpoint())
        except Exception as error:
            raise Undocumented(f"a fold raised {type(error).__name__}: {error}", self.sent) from error
        self._demand(restored is not None and restored.digest() == digest, "the checkpoint folds to something else")
        pieces = Ledger()
        for record in records:
            pieces.apply([record])
        self._demand(pieces.digest() == digest, "folded one by one it is something else")
        listed = [(row["replica"], row["seq"], row["code"]) for row in reports["problems"]["problems"]]
        expected = _uncounted(records)
        self._demand(expected <= set(listed), f"not listed in problems: {expected - set(listed)}")
        about_edits = {(row.event.replica, row.event.seq) for row in records if row.event.type.startswith("fact_")}
        beyond = {place for place in listed if place not in expected and place[:2] not in about_edits}
        self._demand(not beyond, f"listed in problems without need: {beyond}")
        self.outcomes["worlds folded"] += 1
        self.outcomes["events in problems"] += len(expected)
        return digest

    def _compare(self, expected: Answer, answer: dict[str, Any], text: bytes) -> None:
        if "code" in expected:
            if answer.get("code") == "malformed" and _LONE.search(text):
                return  # half a surrogate pair makes some decoders give up on the whole, which is as well
            for name, member in expected.items():
                told = answer.get(name)
                agrees = str(told).startswith(member) if name == "path" else told == member
                self._demand(
                    agrees, f"another answer than the protocol's: {_brief(answer)}, expected {_brief(expected)}"
                )
            return
        self._demand("code" not in answer, f"refused what the protocol admits: {_brief(answer)}")
        for verdict in answer["verdicts"]:
            problem = verdict.pop("problem", None)
            verdict["problem"] = problem and problem["code"]
        for name, member in expected.items():
            self._demand(answer[name] == member, f"another {name} than the protocol's: {answer[name]}, not {member}")

    def _head(self, account: int) -> tuple[int, str]:
        point = self.front.store.read(lambda ledgers: ledgers.head(self.front.accounts[account]))
        return point.position, point.ledger_hash.hex()

    def _demand(self, holds: bool, sentence: str) -> None:  # noqa: FBT001  (read as an assertion)
        if not holds:
            raise Undocumented(sentence, self.sent)


def _uncounted(records: list[Record]) -> set[tuple[str, int, str]]:
    """What must be listed in problems, found the plain way."""
    first: dict[str, Event] = {}
    for record in records:
        first.setdefault(record.event.id, record.event)
    erased = set()
    for event in first.values():
        match read(event):
            case Known(body=EventErased(target=target)):
                erased.add(target)
            case _:
                pass
    found = set()
    for record in records:
        event = record.event
        if event.id in erased:
            continue
        if event is not first[event.id]:
            if said_hash(event) != said_hash(first[event.id]):
                found.add((event.replica, event.seq, "repeated_id"))
            continue
        match read(event):
            case Unknown(problem=problem) | Invalid(problem=problem):
                found.add((event.replica, event.seq, problem.code))
            case _:
                pass
    return found


def _brief(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: member for name, member in answer.items() if name not in {"records", "title", "next_step"}}


_LONE = re.compile(rb"\\u[dD][89a-fA-F]")
