"""The server as PROTOCOL.md has it, for one account, in lists and loops: what every request must come to.

Slow and plain on purpose, and from that page alone, but for what an event says (``read`` and ``said_hash``), which
the codec's fuzzing looks after.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from fuzz.oracle import (
    FIRST_MS,
    LARGEST,
    LAST_MS,
    RefusedError,
    body_hash,
    canonical_text,
    chain_hash,
    check_event,
    ledger_hash,
)

from events.codec import Invalid, Known, Unknown, read
from events.corrections import EventErased
from events.envelope import decode_event, said_hash

ZEROS = "0" * 64
LONGEST_NUMBER = 4300
"""Python reads no number of more digits, and need not."""
_CURSOR = re.compile("[1-9][0-9]{0,15}[.][0-9a-f]{64}", re.ASCII)
_LONE = re.compile(r"\\ud[89a-f]")
_UUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


class Answer(dict[str, Any]):
    """The members of a fault, ``code`` first, or of a reply."""


class Broken:
    """A number that canonical JSON doesn't have, where it stood in the text."""


class Twice(dict[str, Any]):
    """An object with a key that is there twice, of which the last counts where that is left open."""


class LedgerRecord:
    """One record; an erasure may take its words out later."""

    def __init__(self, event: dict[str, Any], stamp: tuple[int, int], ledger: str) -> None:
        self.event = event
        self.received, self.skew = stamp
        self.ledger = ledger
        readable, _ = decode_event(canonical_text(event))
        self.said = said_hash(readable)
        self.reading = read(readable)

    @property
    def erases(self) -> str | None:
        """The event whose words this one takes out."""
        match self.reading:
            case Known(body=EventErased(target=target)):
                return target
            case _:
                return None

    def kept(self, erased: set[str]) -> dict[str, Any]:
        """The event as a store keeps it."""
        if self.event["id"] not in erased or self.event["type"] == "event_erased" or "body" not in self.event:
            return self.event
        wordless = {name: member for name, member in self.event.items() if name != "body"}
        return wordless | {"body_hash": body_hash(self.event)}


class Reference:
    """One account's ledger and what it answers."""

    def __init__(self, account: str) -> None:
        self.account = account
        self.records: list[LedgerRecord] = []
        self.erased: set[str] = set()

    @property
    def head(self) -> tuple[int, str]:
        """The last position, and the ledger hash there."""
        return len(self.records), self.ledger_at(len(self.records)) or ""

    def ledger_at(self, position: int) -> str | None:
        """The ledger hash at a position; None beyond the head."""
        if position == 0:
            return ZEROS
        return self.records[position - 1].ledger if position <= len(self.records) else None

    def answer(self, text: bytes, now: int, *, last_counts: bool = False) -> Answer | None:  # noqa: PLR0911  (one for each)
        """What the request must come to, which it then does here too; None where the page leaves it open.

        That is so of unusual JSON around the events: floats, keys twice, half surrogate pairs. ``last_counts`` reads
        keys that are there twice as most do.
        """
        if len(text) > 4 * 1024 * 1024:
            return Answer(code="too_large")
        try:
            request = _parsed(text)
        except RecursionError:
            return None
        except ValueError:
            return Answer(code="malformed", path="$")
        if not isinstance(request, dict):
            return Answer(code="malformed")
        known = ("protocol", "account", "replica", "cursor", "sent_at", "events", "stamps", "limit")
        if any(isinstance(request.get(name), Broken) for name in known):
            return None
        stamps = request.get("stamps", [])
        around = [
            request,
            *(part for stamp in (stamps if isinstance(stamps, list) else ()) for part in _parts(stamp)),
        ]
        if any(isinstance(part, Broken) or (isinstance(part, Twice) and not last_counts) for part in around):
            return None
        if not last_counts and _LONE.search(json.dumps({**request, "events": None}, default=str)):
            return None
        fault = self._fault_of_whole(request)
        return fault or self._take(request, now)

    def _fault_of_whole(self, request: dict[str, Any]) -> Answer | None:
        events, stamps = request.get("events", []), request.get("stamps", [])
        sound = (
            _is_int(request.get("protocol"), 1, 1)
            and isinstance(request.get("account"), str)
            and isinstance(request.get("replica"), str)
            and _UUID.fullmatch(request["replica"]) is not None
            and isinstance(request.get("cursor"), str)
            and _is_int(request.get("sent_at"), -LARGEST, LARGEST)
            and _is_int(request.get("limit", 1), 1, 10**LONGEST_NUMBER)
            and isinstance(events, list)
            and isinstance(stamps, list)
            and all(stamp is None or _is_stamp(stamp) for stamp in stamps)
            and len(stamps) in {0, len(events)}
        )
        if not sound:
            return Answer(code="malformed")
        if request["account"] != self.account:
            return Answer(code="wrong_account")
        if len(events) > 1000:
            return Answer(code="too_large")
        cursor = request["cursor"]
        if cursor == "0":
            return None
        if _CURSOR.fullmatch(cursor) is None:
            return Answer(code="malformed", path="$.cursor")
        position, _, ledger = cursor.partition(".")
        return None if self.ledger_at(int(position)) == ledger else Answer(code="reset")

    def _take(self, request: dict[str, Any], now: int) -> Answer:
        events = request.get("events", [])
        apart = now - min(max(request["sent_at"], FIRST_MS), LAST_MS)
        own = (now, 0 if abs(apart) <= 120_000 else apart)
        draft, verdicts, erased = list(self.records), [], set(self.erased)
        stamps = request.get("stamps") or [None] * len(events)
        for index, (event, stamp) in enumerate(zip(events, stamps, strict=True)):
            fault = _fault_of_event(event, draft, f"$.events[{index}]")
            if fault is not None:
                return fault
            given = own if stamp is None else (stamp["received"], stamp["skew"])
            verdicts.append(_verdict(event, given, draft, erased))
        self.records, self.erased = draft, erased
        return self._reply(request, verdicts, now)

    def _reply(self, request: dict[str, Any], verdicts: list[Answer], now: int) -> Answer:
        carried = {verdict["position"] for verdict in verdicts}
        start = int(request["cursor"].partition(".")[0])
        limit = min(request.get("limit", 1000), 2000)
        reached, records = start, []
        for position, record in enumerate(self.records[start:], start + 1):
            if position not in carried:
                if len(records) == limit:
                    break
                stamp = {"received": record.received, "skew": record.skew}
                records.append({"position": position, **stamp, "event": record.kept(self.erased)})
            reached = position
        head, head_hash = self.head
        return Answer(
            head=head,
            head_hash=head_hash,
            cursor=f"{reached}.{self.ledger_at(reached)}" if reached else "0",
            more=reached < head,
            server_time=now,
            verdicts=verdicts,
            records=records,
        )


def _fault_of_event(event: Any, draft: list[LedgerRecord], path: str) -> Answer | None:  # noqa: ANN401, PLR0911  (any JSON; one for each)
    try:
        _check_once(event)
        check_event(event)
    except RefusedError:
        return Answer(code="malformed", path=path)
    saw = len(b'"saw":,') + len(canonical_text(event["saw"])) if "saw" in event else 0
    if len(canonical_text(event)) - saw > 16 * 1024:
        return Answer(code="too_large", path=path)
    replica, seq = event["replica"], event["seq"]
    chain = [record.event for record in draft if record.event["replica"] == replica]
    if seq <= len(chain):
        return None if chain[seq - 1]["hash"] == event["hash"] else Answer(code="fork", replica=replica, seq=seq)
    if seq > len(chain) + 1:
        return Answer(code="gap", replica=replica, expected_seq=len(chain) + 1)
    if chain_hash(chain[-1]["hash"] if chain else ZEROS, event) != event["hash"]:
        return Answer(code="chain_broken", replica=replica, seq=seq)
    lengths: dict[str, int] = {}
    for record in draft:
        lengths[record.event["replica"]] = record.event["seq"]
    if any(seen > lengths.get(other, 0) for other, seen in event.get("saw", {}).items()):
        return Answer(code="saw_unknown")
    return None


def _verdict(event: dict[str, Any], stamp: tuple[int, int], draft: list[LedgerRecord], erased: set[str]) -> Answer:
    """Appends the event where it is new."""
    place = next(
        (at for at, record in enumerate(draft, 1) if _place(record.event) == _place(event)),
        None,
    )
    status = "accepted" if place is None else "duplicate"
    said = LedgerRecord(event, stamp, "")
    if place is None:
        before = draft[-1].ledger if draft else ZEROS
        draft.append(LedgerRecord(event, stamp, ledger_hash(before, event, *stamp)))
        place = len(draft)
    record = draft[place - 1]
    first = next((at for at, other in enumerate(draft, 1) if other.event["id"] == event["id"]), place)
    problem = None
    if first < place and draft[first - 1].said != said.said and event["id"] not in erased:
        problem = "repeated_id"
    elif isinstance(said.reading, Unknown | Invalid):
        problem = said.reading.problem.code
    if status == "accepted" and problem is None and said.erases is not None:
        erased.add(said.erases)
    return Answer(
        replica=event["replica"],
        seq=event["seq"],
        status=status,
        position=place,
        received=record.received,
        skew=record.skew,
        problem=problem,
    )


def _check_once(value: Any) -> None:  # noqa: ANN401  (any JSON)
    """Refuses keys that are there twice, at any depth."""
    if isinstance(value, Twice):
        raise RefusedError("a key that is there twice")
    if isinstance(value, dict | list):
        for member in value.values() if isinstance(value, dict) else value:
            _check_once(member)


def _place(event: dict[str, Any]) -> tuple[str, int]:
    return event["replica"], event["seq"]


def _parsed(text: bytes) -> Any:  # noqa: ANN401  (any JSON)
    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        return dict(pairs) if len({key for key, _ in pairs}) == len(pairs) else Twice(pairs)

    def integer(text: str) -> int | Broken:
        return int(text) if len(text) <= LONGEST_NUMBER else Broken()

    return json.loads(
        text.decode("utf-8"),
        object_pairs_hook=members,
        parse_int=integer,
        parse_float=lambda _: Broken(),
        parse_constant=_not_json,
    )


def _not_json(text: str) -> Any:  # noqa: ANN401
    raise ValueError(text)


def _parts(stamp: Any) -> Iterator[Any]:  # noqa: ANN401  (any JSON)
    yield stamp
    if isinstance(stamp, dict):
        yield from stamp.values()


def _is_stamp(stamp: Any) -> bool:  # noqa: ANN401  (any JSON)
    return (
        isinstance(stamp, dict)
        and _is_int(stamp.get("received"), FIRST_MS, LAST_MS)
        and _is_int(stamp.get("skew"), FIRST_MS - LAST_MS, LAST_MS - FIRST_MS)
    )


def _is_int(value: Any, least: int, most: int) -> bool:  # noqa: ANN401  (any JSON)
    return type(value) is int and least <= value <= most
