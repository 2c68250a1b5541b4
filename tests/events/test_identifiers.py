"""Names that are drawn or derived."""

from __future__ import annotations

import uuid

from hypothesis import given
from hypothesis import strategies as st

from events.identifiers import ENTROPY_BYTES, derived_uuid7, uuid7

moments = st.integers(0, 2**48 - 1)
entropy = st.binary(min_size=ENTROPY_BYTES, max_size=32)


@given(moments, entropy)
def test_a_drawn_name_is_a_uuid_of_version_7_that_tells_its_moment(moment: int, random: bytes) -> None:
    name = uuid.UUID(uuid7(moment, random))
    assert str(name) == uuid7(moment, random)
    assert (name.version, name.variant) == (7, uuid.RFC_4122)
    assert name.int >> 80 == moment


@given(moments, moments, entropy, entropy)
def test_names_sort_by_their_moments(one: int, other: int, random: bytes, another: bytes) -> None:
    if one < other:
        assert uuid7(one, random) < uuid7(other, another)


@given(moments, st.integers(0, 2**74 - 1), st.integers(0, 2**74 - 1))
def test_all_74_bits_of_entropy_are_used(moment: int, one: int, other: int) -> None:
    names = {uuid7(moment, bits.to_bytes(ENTROPY_BYTES, "big")) for bits in (one, other)}
    assert len(names) == len({one, other})


def test_moments_out_of_range_are_named_as_the_nearest_one() -> None:
    random = bytes(ENTROPY_BYTES)
    assert uuid7(-1, random) == uuid7(0, random)
    assert uuid7(2**48, random) == uuid7(2**48 - 1, random)


@given(moments, st.lists(st.text(max_size=5), max_size=4), st.lists(st.text(max_size=5), max_size=4))
def test_everybody_derives_the_same_name_from_a_key_and_another_one_from_another(
    moment: int, one: list[str], other: list[str]
) -> None:
    assert derived_uuid7(moment, *one) == derived_uuid7(moment, *one)
    if "\x1f".join(one) != "\x1f".join(other):
        assert derived_uuid7(moment, *one) != derived_uuid7(moment, *other)
