"""Mutations of bytes and of JSON, all drawn from one ``random.Random``: the same seed breaks the same things."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from random import Random
from typing import Any, TypeVar

T = TypeVar("T")


class Literal(str):
    """Text that stands in JSON as it is: a number in any spelling, a word, or something that is no JSON at all."""

    __slots__ = ()


class Members(list[tuple[Any, Any]]):
    """The members of an object in their order: keys may be there twice."""


Tree = Any
"""``Members``, lists, ``str`` and ``Literal``."""

NUMBERS = (
    *("0", "-0", "1", "-1", "16", "255", "1439", "1440", "1441", "-1440", "-1441", "4096", "65536", "2147483648"),
    *("9007199254740991", "9007199254740992", "-9007199254740991", "-9007199254740992", "9007199254740993"),
    *("18446744073709551615", "18446744073709551616", "9223372036854775808", "1" + "0" * 40, "9" * 400, "1" * 5000),
    *("-2208988800000", "-2208988800001", "7289654399999", "7289654400000", "1763800000000"),
    *("1.0", "0.5", "-0.0", "1e2", "1E+2", "1e-2", "1e400", "-1e400", "0e0", "1763800000000.0", "1.7638e12"),
    *("01", "+1", ".5", "1.", "--1", "0x10", "1_000", "NaN", "Infinity", "-Infinity", "\u0661", "1e", "- 1"),
)
WORDS = (
    "true",
    "false",
    "null",
    "True",
    "None",
    "undefined",
    "nul",
    "{}",
    "[]",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    '"',
    "",
)
STRINGS = (
    *(
        "",
        " ",
        "a",
        "ü",
        "e\u0301",
        "\u2028",
        "\x00",
        "\x1f",
        "\x7f",
        "\ufeff",
        "\U0010ffff",
        "🏋️",
        "\\",
        '"',
        "/",
        "$",
    ),
    *("set_logged", "event_erased", "session_started", "fact_corrected", "teleported", "body", "kg", "lb"),
    *(
        "019AAAAC-2600-7FA0-AE34-2B263F34D3B1",
        "019aaaac-2600-7fa0-ae34-2b263f34d3b1",
        "not-a-uuid",
        "0" * 64,
        "F" * 64,
    ),
    *(
        "019aaaac-2600-4fa0-ae34-2b263f34d3b1",
        "019aaaac26007fa0ae342b263f34d3b1",
        "019aaaac-2600-7fa0-ae34-2b263f34d3b1\n",
    ),
)
RAW_STRINGS = (
    *(
        '"\\ud800"',
        '"\\udc00\\ud800"',
        '"\\ud83c\\udfcb"',
        '"\\u0000"',
        '"\\u001F"',
        '"\\u001f"',
        '"\\/"',
        '"\\b\\f"',
    ),
    *(
        '"\\u00e9"',
        '"\\uD800\\u0041"',
        '"\\x41"',
        '"\\u12"',
        '"\t"',
        '"\n"',
        "'a'",
        '"\\',
        '"\\u005c"',
        '"\\ud800\\\\udc00"',
    ),
)
KEYS = ("größe", "\x00", "", "a", "Body", "body ", "import_", "__proto__", "$", "a.b", "- at `$.id`")
TOKENS = tuple(
    text.encode()
    for text in (
        *NUMBERS[:40],
        *WORDS,
        *RAW_STRINGS,
        "\ufeff",
        "\u00a0",
        "\r\n",
        "\x00",
        "//",
        "\\u",
        "e5",
        ".0",
        "😀",
    )
)


def tree_of(text: bytes | str) -> Tree:
    """The JSON in ``text``, so that it can be spelled again member by member."""
    return json.loads(text, object_pairs_hook=Members, parse_int=Literal, parse_float=Literal, parse_constant=Literal)


def spell(tree: Tree) -> str:
    """The tree as JSON without white space; lone surrogates in its texts are escaped, for UTF-8 has none."""
    match tree:
        case Literal():
            return str(tree)
        case Members():
            return "{" + ",".join(f"{spell(key)}:{spell(member)}" for key, member in tree) + "}"
        case list():
            return "[" + ",".join(map(spell, tree)) + "]"
        case str():
            return json.dumps(tree, ensure_ascii=any("\ud800" <= sign <= "\udfff" for sign in tree))
        case _:
            return json.dumps(tree)


def spell_otherwise(tree: Tree, random: Random) -> str:
    """The same value with white space, escapes and an order of its own."""
    space = random.choice(("", " ", "\n", "\t \r\n"))
    match tree:
        case Literal():
            return str(tree)
        case Members():
            members = random.sample(tree, len(tree)) if random.random() < 0.5 else tree
            inner = f",{space}".join(
                f"{spell_otherwise(key, random)}{space}:{space}{spell_otherwise(member, random)}"
                for key, member in members
            )
            return f"{{{space}{inner}}}{space}"
        case list():
            return f"[{space}" + f"{space},".join(spell_otherwise(member, random) for member in tree) + "]"
        case str() if random.random() < 0.3:
            return '"' + "".join(_escaped(sign) for sign in tree) + '"'
        case _:
            return spell(tree)


def _escaped(sign: str) -> str:
    units = sign.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[place : place + 2].hex()}" for place in range(0, len(units), 2))


def some_tree(random: Random, depth: int = 3) -> Tree:  # noqa: PLR0911  (one for each kind)
    """Any JSON: half of the time something plain, now and then something that is none."""
    draw = random.random()
    if depth and random.random() < 0.5:
        return _plain_leaf(random)
    if draw < 0.3:
        return Literal(random.choice(NUMBERS))
    if draw < 0.45:
        return Literal(random.choice(WORDS))
    if draw < 0.6:
        return random.choice(STRINGS)
    if draw < 0.7:
        return Literal(random.choice(RAW_STRINGS))
    if draw < 0.72:
        return nested(random)
    if draw < 0.74:
        return random.choice("aü\x00\u2028") * random.choice((100, 199, 201, 4000, 4001, 16_384))
    if depth == 0:
        return "leaf"
    if draw < 0.87:
        return [some_tree(random, depth - 1) for _ in range(random.randrange(4))]
    return Members((random.choice(KEYS + STRINGS), some_tree(random, depth - 1)) for _ in range(random.randrange(4)))


def _plain_leaf(random: Random) -> Tree:
    draw = random.random()
    if draw < 0.5:
        return Literal(
            random.choice((random.randrange(-1, 12), random.randrange(20_000), random.choice(NUMBERS[:12])))
        )
    if draw < 0.6:
        return Literal(random.choice(("true", "false", "null", "[]", "{}")))
    return random.choice(STRINGS)


def nested(random: Random) -> Tree:
    """Objects and arrays inside one another, around the depth that is allowed or far beyond it."""
    depth = random.choice((12, 13, 14, 15, 16, 17, 18, 100)) if random.random() < 0.98 else 50_000
    opening, closing = random.choice((("[", "]"), ('{"a":', "}")))
    return Literal(opening * depth + "1" + closing * depth)


def mutate_tree(tree: Tree, random: Random) -> Tree:
    """A copy of the tree in which one thing is otherwise: a member, an element or a leaf somewhere in it."""
    path = _path_to_somewhere(tree, random)
    return _changed(tree, path, random)


_INNER = frozenset({"events", "body"})
"""Where most of what can be said stands."""


def _path_to_somewhere(tree: Tree, random: Random) -> list[int]:
    path: list[int] = []
    while isinstance(tree, list) and tree and (not path or random.random() < 0.6):
        place = random.randrange(len(tree))
        if isinstance(tree, Members) and random.random() < 0.4:
            place = next((at for at, (key, _) in enumerate(tree) if key in _INNER), place)
        path.append(place)
        tree = tree[place][1] if isinstance(tree, Members) else tree[place]
    return path


def _changed(tree: Tree, path: Sequence[int], random: Random) -> Tree:
    if len(path) > 1:
        copy = type(tree)(tree)
        place = path[0]
        if isinstance(tree, Members):
            copy[place] = tree[place][0], _changed(tree[place][1], path[1:], random)
        else:
            copy[place] = _changed(tree[place], path[1:], random)
        return copy
    if not path:
        return some_tree(random)
    if isinstance(tree, Members):
        return _changed_members(tree, path[0], random)
    elements = list(tree)
    _change_elements(elements, path[0], random)
    return elements


def _changed_members(tree: Members, place: int, random: Random) -> Members:
    members = Members(tree)
    key, member = members[place]
    match random.randrange(9):
        case 0:
            del members[place]
        case 1:
            members.insert(random.randrange(len(members) + 1), (key, member))
        case 2:
            members.insert(place, (key, some_tree(random)))
        case 3:
            members.append((random.choice(KEYS), some_tree(random)))
        case 4:
            members[place] = random.choice((*KEYS, str(key).upper(), f"{key}_")), member
        case 5:
            other = random.randrange(len(members))
            members[place], members[other] = (key, members[other][1]), (members[other][0], member)
        case 6 if isinstance(member, str):
            members[place] = key, _bent(member, random)
        case _:
            members[place] = key, some_tree(random)
    return members


def _change_elements(elements: list[Tree], place: int, random: Random) -> None:
    match random.randrange(5):
        case 0:
            del elements[place]
        case 1:
            elements.insert(random.randrange(len(elements) + 1), elements[place])
        case 2:
            random.shuffle(elements)
        case _:
            elements[place] = some_tree(random)


def _bent(text: str, random: Random) -> str:
    """A text or a literal almost as it was."""
    kind = Literal if isinstance(text, Literal) else str
    if isinstance(text, Literal) and text.removeprefix("-").isdecimal() and random.random() < 0.6:
        return Literal(int(text[:20]) + random.choice((-1, 1, 60_000, -86_400_000, 10**10, 10**13)))
    place = random.randrange(len(text) + 1)
    match random.randrange(5):
        case 0:
            return kind(text.upper())
        case 1:
            return kind(text[:place])
        case 2:
            return kind(text + random.choice(("0", "\n", " ", "a", "\u0301")))
        case 3:
            return kind(text[:place] + random.choice("0fgZ-é\x00\ud800") + text[place + 1 :])
        case _:
            return kind(text * 2)


def mutate_bytes(data: bytes, random: Random, tokens: Sequence[bytes] = TOKENS) -> bytes:
    """The bytes with one to four injuries."""
    for _ in range(random.choice((1, 1, 1, 2, 4))):
        data = random.choice(_INJURIES)(data, random, tokens)
    return data


def _flip(data: bytes, random: Random, _: Sequence[bytes]) -> bytes:
    if not data:
        return b"\x80"
    place = random.randrange(len(data))
    return data[:place] + bytes([data[place] ^ 1 << random.randrange(8)]) + data[place + 1 :]


def _cut(data: bytes, random: Random, _: Sequence[bytes]) -> bytes:
    place = random.randrange(len(data) + 1)
    return data[:place] if random.random() < 0.8 else data[place:]


def _leave_out(data: bytes, random: Random, _: Sequence[bytes]) -> bytes:
    place = random.randrange(len(data) + 1)
    return data[:place] + data[place + random.choice((1, 1, 2, 8, 64)) :]


def _repeat(data: bytes, random: Random, _: Sequence[bytes]) -> bytes:
    start = random.randrange(len(data) + 1)
    piece = data[start : start + random.choice((1, 4, 16, 128))]
    return data[:start] + piece * random.choice((2, 2, 3, 50)) + data[start:]


def _insert(data: bytes, random: Random, tokens: Sequence[bytes]) -> bytes:
    place = random.randrange(len(data) + 1)
    return data[:place] + random.choice(tokens) + data[place:]


def _overwrite(data: bytes, random: Random, tokens: Sequence[bytes]) -> bytes:
    place, token = random.randrange(len(data) + 1), random.choice(tokens)
    return data[:place] + token + data[place + len(token) :]


def _scatter(data: bytes, random: Random, _: Sequence[bytes]) -> bytes:
    place = random.randrange(len(data) + 1)
    return data[:place] + random.randbytes(random.choice((1, 2, 3, 8))) + data[place:]


_INJURIES: tuple[Callable[[bytes, Random, Sequence[bytes]], bytes], ...] = (
    *(_flip, _flip, _cut, _leave_out, _repeat, _insert, _overwrite, _scatter),
)
