"""Canonical JSON: one spelling for one value, and a place for every fault."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.canonical import MAX_DEPTH, MAX_INTEGER, canonical, canonicalise
from events.errors import MalformedError

keys = st.text(st.characters(max_codepoint=127), max_size=5)
leaves = st.none() | st.booleans() | st.integers(-MAX_INTEGER, MAX_INTEGER) | st.text(max_size=5)
values = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3), max_leaves=10
)


def plainly(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def nested(depth: int, innermost: str = "") -> bytes:
    return ("[" * depth + innermost + "]" * depth).encode()


def fault_of(text: bytes, depth: int = 0) -> MalformedError:
    with pytest.raises(MalformedError) as caught:
        canonicalise(text, depth)
    return caught.value


@given(values)
def test_canonical_text_is_sorted_and_tight_and_escapes_only_what_json_requires(value: Any) -> None:  # noqa: ANN401  (any JSON)
    assert canonical(value) == plainly(value)


@given(values, st.booleans(), st.sampled_from([None, 1]))
def test_every_spelling_of_a_value_has_one_canonical_text(value: Any, escaped: bool, indent: int | None) -> None:  # noqa: ANN401, FBT001  (drawn)
    spelled = json.dumps(value, ensure_ascii=escaped, indent=indent).encode()
    assert canonicalise(spelled) == plainly(value)
    assert canonicalise(canonicalise(spelled)) == canonicalise(spelled)


@given(st.binary(max_size=30) | st.text(max_size=30).map(str.encode))
def test_whatever_comes_in_is_spelled_canonically_or_malformed(text: bytes) -> None:
    try:
        spelled = canonicalise(text)
    except MalformedError as fault:
        assert fault.path.startswith("$")  # noqa: PT017  (refusing is one of two good outcomes)
    else:
        assert plainly(json.loads(text)) == spelled


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ('{"a":[1,{"b":0.5}]}', "$.a[1].b"),
        ('{"a":1.0}', "$.a"),
        ('{"a":1e2}', "$.a"),
        ('{"a":[-0.0]}', "$.a[0]"),
        ("[NaN]", "$[0]"),
        ("-Infinity", "$"),
        ('{"a":1,"a":1}', "$"),
        ('{"a":[{"b":1,"c":2,"b":1}]}', "$.a[0]"),
        ('{"a":{"b":1,"\\u0062":2}}', "$.a"),
        ('{"a":{"größe":1}}', "$.a"),
        ('{"gr\\u00f6\\u00dfe":1}', "$"),
        ('{"a":["\\ud800"]}', "$.a[0]"),
        ('{"a":"\\udc00\\ud800"}', "$.a"),
        (f'{{"a":{MAX_INTEGER + 1}}}', "$.a"),
        (f"[0,{-MAX_INTEGER - 1}]", "$[1]"),
        (f"[{10**30}]", "$[0]"),
        ("", "$"),
        ("{", "$"),
        ("[1,]", "$"),
        ("01", "$"),
        ('"\t"', "$"),
        ("nonsense", "$"),
        ("1 2", "$"),
    ],
)
def test_what_has_no_canonical_spelling_is_refused_with_its_place(text: str, path: str) -> None:
    assert fault_of(text.encode()).path == path


def test_text_that_is_not_utf_8_is_refused() -> None:
    assert fault_of(b'"\xff"').path == "$"
    assert fault_of("\ufeff1".encode()).path == "$"
    assert fault_of("1".encode("utf-16")).path == "$"


def test_sixteen_objects_and_arrays_may_stand_inside_one_another_and_not_seventeen() -> None:
    deepest = nested(MAX_DEPTH)
    assert canonicalise(deepest) == deepest
    assert canonicalise(nested(MAX_DEPTH - 1, '{"a":1}')) == nested(MAX_DEPTH - 1, '{"a":1}')
    assert fault_of(nested(MAX_DEPTH + 1)).path == "$" + "[0]" * MAX_DEPTH
    assert fault_of(nested(MAX_DEPTH, '{"a":1}')).path == "$" + "[0]" * MAX_DEPTH


def test_what_stands_around_a_value_counts_for_its_depth() -> None:
    assert canonicalise(nested(MAX_DEPTH - 1), depth=1) == nested(MAX_DEPTH - 1)
    assert fault_of(nested(MAX_DEPTH), depth=1).path == "$" + "[0]" * (MAX_DEPTH - 1)


def test_many_values_beside_one_another_are_not_deep() -> None:
    wide = b"[" + b",".join([b"[]"] * 100) + b"]"
    assert canonicalise(wide) == wide


def test_a_bottomless_text_is_refused_like_any_other() -> None:
    assert fault_of(nested(100_000)).code == "malformed"


def test_a_number_of_any_length_is_refused_like_any_other() -> None:
    assert fault_of(b"1" * 5000).code == "malformed"


def test_integers_reach_to_53_bits() -> None:
    assert canonical([MAX_INTEGER, -MAX_INTEGER]) == b"[9007199254740991,-9007199254740991]"


def test_minus_zero_is_zero() -> None:
    assert canonicalise(b"[-0]") == b"[0]"


def test_texts_are_not_normalised() -> None:
    composed, decomposed = "\u00e9", "e\u0301"
    assert canonical(composed) != canonical(decomposed)


@pytest.mark.parametrize(
    "value",
    [float("nan"), {"reps": [float("inf")]}, 0.5, 1.0, "\ud800", {"\ud800": 1}, object(), 2**53, 2**70, {"größe": 1}],
)
def test_data_without_a_canonical_spelling_is_refused(value: object) -> None:
    with pytest.raises(MalformedError):
        canonical(value)


def test_data_that_contains_itself_is_refused() -> None:
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(MalformedError):
        canonical(endless)
