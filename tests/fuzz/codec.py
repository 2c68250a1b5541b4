"""The codec: any bytes are an event, canonical from then on, or malformed at a place; and a second opinion agrees."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import msgspec
from fuzz.campaign import Undocumented
from fuzz.mutations import (
    KEYS,
    NUMBERS,
    STRINGS,
    TOKENS,
    Tree,
    mutate_bytes,
    mutate_tree,
    some_tree,
    spell,
    spell_otherwise,
    tree_of,
)
from fuzz.oracle import RefusedError, body_hash, canonical_text, chain_hash, check_value, event_of, value_of

from events import envelope
from events.canonical import canonical, canonicalise
from events.codec import FACTS, Erased, Invalid, Known, Unknown, decode_and_read, encode_body, read
from events.envelope import decode_event, encode_event, stored_event
from events.errors import MalformedError

GOLDEN = Path(__file__).parents[1] / "golden" / "events.ndjson"
PREVIOUS = "ab" * 32


class Codec:
    """See ``campaign.Target``."""

    name = "codec"
    inputs = 1

    def __init__(self) -> None:
        self._trees: list[Tree] = []
        for line in GOLDEN.read_bytes().splitlines():
            self._trees += [member for key, member in tree_of(line) if key == "event"]
        self._texts = [spell(tree).encode() for tree in self._trees]

    def play(self, random: Random, outcomes: Counter[str]) -> None:
        """Bytes in nineteen cases of twenty, Python's own data in the twentieth."""
        if random.random() < 0.05:
            outcomes[_checked_value(_some_value(random))] += 1
        else:
            outcomes[_checked(self._some_text(random))] += 1

    def replay(self, material: Any, /) -> None:  # noqa: ANN401  (bytes, or a list of one value)
        """See ``campaign.Target``."""
        if isinstance(material, bytes):
            _checked(material)
        elif material:
            _checked_value(material[0])

    def _some_text(self, random: Random) -> bytes:
        draw = random.random()
        if draw < 0.05:
            return random.randbytes(random.randrange(80))
        if draw < 0.10:
            return b"".join(random.choice(TOKENS) for _ in range(random.randrange(30)))
        if draw < 0.13:
            return spell(some_tree(random)).encode("utf-8", "surrogatepass")
        if draw < 0.38:
            return mutate_bytes(random.choice(self._texts), random)
        tree = random.choice(self._trees)
        if draw < 0.94:
            for _ in range(random.choice((1, 1, 1, 2, 3))):
                tree = mutate_tree(tree, random)
        if draw > 0.80:
            return spell_otherwise(tree, random).encode("utf-8", "surrogatepass")
        text = spell(tree).encode("utf-8", "surrogatepass")
        return mutate_bytes(text, random) if draw > 0.75 else text


def _checked(text: bytes) -> str:
    """The outcome of reading ``text`` as an event, held against the second opinion."""
    try:
        expected: dict[str, Any] | None = event_of(text)
    except RefusedError:
        expected = None
    _check_value_text(text)
    try:
        event, kept = decode_event(text)
        _demand(decode_and_read(text) == (event, kept, read(event)), "read at once, it says something else", text)
    except Undocumented:
        raise
    except MalformedError as error:
        _demand(error.path.startswith("$") and bool(error.message), "a fault without a place", text)
        _demand(expected is None, f"refused what the protocol admits: {error}", text)
        _demand(_refusal_at_once(text) == _told(error), "read at once, it is refused otherwise, or not at all", text)
        return "malformed"
    except Exception as error:
        raise Undocumented(f"decode_event raised {type(error).__name__}: {error}", text) from error
    if expected is None:
        raise Undocumented("admitted what the protocol refuses: it is malformed", text)
    _demand(kept == canonical_text(expected), "other canonical bytes than the protocol's", text)
    try:
        _check_event(event, kept, expected, text)
        return _read(event, text)
    except Undocumented:
        raise
    except Exception as error:
        raise Undocumented(f"an admitted event raised {type(error).__name__}: {error}", text) from error


def _refusal_at_once(text: bytes) -> tuple[str, str] | None:
    """What ``decode_and_read`` says is wrong with the text."""
    try:
        decode_and_read(text)
    except MalformedError as error:
        return _told(error)
    except Exception as error:
        raise Undocumented(f"decode_and_read raised {type(error).__name__}: {error}", text) from error
    return None


def _told(error: MalformedError) -> tuple[str, str]:
    return error.message, error.path


def _check_value_text(text: bytes) -> None:
    """The text as any value, event or not."""
    try:
        expected: bytes | None = canonical_text(value_of(text))
    except RefusedError:
        expected = None
    try:
        spelled: bytes | None = canonicalise(text)
    except MalformedError as error:
        _demand(error.path.startswith("$"), "a fault without a place", text)
        spelled = None
    except Exception as error:
        raise Undocumented(f"canonicalise raised {type(error).__name__}: {error}", text) from error
    _demand(spelled == expected, f"canonicalise disagrees: {spelled!r} is not {expected!r}", text)
    if spelled is not None:
        _demand(canonicalise(spelled) == spelled, "canonicalise is not idempotent", text)


def _check_event(event: envelope.Event, kept: bytes, expected: dict[str, Any], text: bytes) -> None:
    _demand(encode_event(event) == kept, "the event is encoded otherwise", text)
    _demand(decode_event(kept) == (event, kept), "its canonical bytes are another event", text)
    _demand(stored_event(kept) == event, "a store would give back another event", text)
    _demand(envelope.body_hash(event) == body_hash(expected), "other body hash than the protocol's", text)
    _demand(
        envelope.chain_hash(bytes.fromhex(PREVIOUS), event) == chain_hash(PREVIOUS, expected),
        "other chain hash than the protocol's",
        text,
    )
    wordless = encode_event(envelope.without_words(event))
    _demand(decode_event(wordless)[1] == wordless, "an erased event is not canonical", text)
    _demand(
        envelope.chain_hash(bytes.fromhex(PREVIOUS), envelope.without_words(event)) == chain_hash(PREVIOUS, expected),
        "erasing breaks the chain",
        text,
    )
    saw = len(b'"saw":,') + len(canonical_text(expected["saw"])) if "saw" in expected else 0
    _demand(envelope.event_size(event, kept) == len(kept) - saw, "another size than the protocol's", text)
    _demand(len(envelope.said_hash(event)) == 64, "no hash of what it says", text)


def _read(event: envelope.Event, text: bytes) -> str:
    """The reading of an event: what is known says the same again."""
    reading = read(event)
    match reading:
        case Known(body=body):
            said = msgspec.json.decode(event.body)  # type: ignore[arg-type]  # what is known has a body
            again = msgspec.json.decode(encode_body(body))
            defaults = msgspec.to_builtins(_defaults(type(body)))
            left_out = {name: member for name, member in said.items() if name not in again}
            _demand(
                _is_within(again, said)
                and all(member is None or member == defaults.get(name) for name, member in left_out.items()),
                f"what was read says something else: {again} is not {said}",
                text,
            )
            again_event = msgspec.structs.replace(event, body=encode_body(body))
            _demand(read(again_event) == reading, "read again it says something else", text)
            return f"known {event.type}"
        case Unknown(problem=problem):
            _demand((event.type, event.v) not in FACTS and problem.code == "unknown_type", "it is known", text)
            return "unknown_type"
        case Invalid(problem=problem):
            _demand(problem.path.startswith("$.") and bool(problem.message), "a problem without a place", text)
            return "invalid_body"
        case Erased():
            return "erased"
    raise Undocumented(f"read gave {reading!r}", text)


def _is_within(again: object, said: object) -> bool:
    """Whether all of ``again`` stands in ``said`` too, which may also spell out what goes without saying."""
    match again, said:
        case dict(), dict():
            return all(name in said and _is_within(member, said[name]) for name, member in again.items())
        case _:
            return again == said


def _defaults(body: type[Any]) -> dict[str, Any]:
    return {field.encode_name: field.default for field in msgspec.structs.fields(body) if not field.required}


def _some_value(random: Random, depth: int = 3) -> Any:  # noqa: ANN401  (any data)
    draw = random.random()
    if draw < 0.25:
        return random.choice((0, -1, 2**53 - 1, 2**53, -(2**53), 2**64, 10**30, True, False, None, int(NUMBERS[8])))
    if draw < 0.40:
        return random.choice((0.0, -0.0, 1.5, 1e300, float("nan"), float("inf"), -float("inf")))
    if draw < 0.65 or depth == 0:
        return random.choice((*STRINGS, "\ud800", "a\udfff", "\ud83c\udfcb"))
    if draw < 0.80:
        return [_some_value(random, depth - 1) for _ in range(random.randrange(4))]
    if draw < 0.85:
        value: Any = random.choice(STRINGS)
        for _ in range(random.choice((14, 15, 16, 17, 3000))):
            value = [value]
        return value
    return {random.choice((*KEYS, "\ud800")): _some_value(random, depth - 1) for _ in range(random.randrange(4))}


def _checked_value(value: object) -> str:
    try:
        check_value(value)
        expected: bytes | None = canonical_text(value)
    except (RefusedError, RecursionError):
        expected = None
    try:
        spelled: bytes | None = canonical(value)
    except MalformedError:
        spelled = None
    except Exception as error:
        raise Undocumented(f"canonical raised {type(error).__name__}: {error}", [value]) from error
    _demand(spelled == expected, f"canonical disagrees: {spelled!r} is not {expected!r}", [value])
    return "value malformed" if spelled is None else "value spelled"


def _demand(holds: bool, sentence: str, material: Any) -> None:  # noqa: ANN401, FBT001  (read as an assertion)
    if not holds:
        raise Undocumented(sentence, material)
