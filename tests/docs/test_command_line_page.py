"""docs/reference/command-line.md has every command with every option, and nothing that doesn't exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from client_sdk.cli.application import application

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "command-line.md").read_text("utf-8")

_SECTION = re.compile(r"^### `([\w -]+)`$(.*?)(?=^###|\Z)", re.MULTILINE | re.DOTALL)
_OPTION_ROW = re.compile(r"^\| (`--.*?) \|", re.MULTILINE)
SECTIONS: dict[str, str] = dict(_SECTION.findall(PAGE))


def _commands(group: click.Group, path: str) -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            if command.invoke_without_command:
                yield f"{path} {name}", command
            yield from _commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


COMMANDS = dict(_commands(application, "ironledger"))


def test_the_page_has_a_section_for_every_command_and_for_no_other() -> None:
    assert sorted(SECTIONS) == sorted(COMMANDS)


@pytest.mark.parametrize("path", sorted(COMMANDS))
def test_a_section_has_an_example_and_every_option(path: str) -> None:
    section = SECTIONS[path]
    assert re.search(rf"^```sh\n{path}\b", section, re.MULTILINE)
    told = {option for row in _OPTION_ROW.findall(section) for option in re.findall(r"`(--[\w-]+)`", row)}
    options = [parameter for parameter in COMMANDS[path].params if isinstance(parameter, click.Option)]
    assert told == {name for option in options for name in option.opts if name.startswith("--")} - {"--ledger"}


@pytest.mark.parametrize("path", sorted(COMMANDS))
def test_the_options_that_examples_use_exist(path: str) -> None:
    used = {
        option
        for block in re.findall(r"^```sh\n(.*?)^```$", SECTIONS[path], re.MULTILINE | re.DOTALL)
        for option in re.findall(r" (--[\w-]+)", block)
    }
    assert used <= {name for parameter in COMMANDS[path].params for name in parameter.opts}
