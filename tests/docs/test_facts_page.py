"""docs/reference/facts.md has every type of fact with every field, and nothing that doesn't exist."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from events import Body
from events.codec import FACTS
from events.facts import Fact

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "facts.md").read_text("utf-8")
TYPES = {name: body for (name, _), body in FACTS.items()}

_SECTION = re.compile(r"^### `(\w+)`$(.*?)(?=^#|\Z)", re.MULTILINE | re.DOTALL)
_COMMON = re.compile(r"^## In every body$(.*?)(?=^#|\Z)", re.MULTILINE | re.DOTALL)
_ROW = re.compile(r"^\| `(\w+)`(\??) \|", re.MULTILINE)
SECTIONS: dict[str, str] = dict(_SECTION.findall(PAGE))


def test_the_page_has_a_section_for_every_type_of_fact_and_for_no_other() -> None:
    assert sorted(SECTIONS) == sorted(TYPES)


def test_every_type_is_at_the_version_that_the_page_says() -> None:
    assert {version for _, version in FACTS} == {1}
    assert "All types are at version 1." in " ".join(PAGE.split())


@pytest.mark.parametrize("name", sorted(TYPES))
def test_a_section_has_every_field_of_its_type_in_order_and_marks_those_that_may_be_absent(name: str) -> None:
    fields = _fields(TYPES[name])
    if issubclass(TYPES[name], Fact):
        fields = [(field, mark) for field, mark in fields if field not in {"import", "source"}]
    assert _ROW.findall(SECTIONS[name]) == fields


def test_the_fields_that_every_fact_has_stand_once_for_all() -> None:
    found = _COMMON.search(PAGE)
    assert found is not None
    assert _ROW.findall(found[1]) == _fields(Fact)
    assert [name for name, body in TYPES.items() if not issubclass(body, Fact)] == ["import_started"]


def _fields(body: type[Body]) -> list[tuple[str, str]]:
    """The fields by their JSON names, each with a question mark where it may be absent."""
    inherited = {info.name for info in msgspec.structs.fields(Fact)} if body is not Fact else set()
    infos = sorted(msgspec.structs.fields(body), key=lambda info: info.name in inherited and not info.required)
    return [(info.encode_name, "" if info.required else "?") for info in infos]
