"""Pages of the documentation that show a terminal: their commands are run, and what they print is on the page.

A block of ``console`` holds commands behind ``$`` and what each prints:

    ```console
    $ ironledger log "back squat" 100kg 8
    Logged Back Squat 100 kg × 8  #1c8a3f02
    ```

A line ``# 2 days later`` among them lets time pass. In a block of ``console refused`` every command must fail; in all
others none may. The clock, the ids that are drawn, the time zone and the width are the page's own, so it reads the
same on every machine.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import shlex
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch
from zoneinfo import ZoneInfo

import msgspec

from client_sdk.cli import main
from client_sdk.replica import Replica
from client_sdk.sqlite_store import SqliteStore
from events.identifiers import ENTROPY_BYTES

ZONE = ZoneInfo("Europe/Berlin")
REPLICA = "0b6f9c52-7a41-4d0e-8f15-2c9d3e4a5b60"
LEDGER = "my.ledger"
PACE_MIN = 3
"""The minutes between two commands: a set and a rest."""

_BLOCK = re.compile(r"^(```console( refused)?\n)(.*?)^(```)$", re.DOTALL | re.MULTILINE)
_PROMPT = "$ "
_DISTURBS = re.compile(r"IRONLEDGER_|FORCE_COLOR|CLICOLOR|TTY_|LINES")
"""What a terminal of somebody else may have set."""
_LATER = re.compile(r"# (\d+) (minute|hour|day)s? later\Z")


class Page(msgspec.Struct, frozen=True):
    """A page whose commands are run.

    Args:
        path: Where it is.
        begins: When its first command is typed, on the lifter's wall clock.
        prepare: Puts into the folder of the terminal what is there before that.
    """

    path: Path
    begins: datetime
    prepare: Callable[[Path], None] = lambda _folder: None

    def read(self) -> str:
        """The page as it is."""
        return self.path.read_text("utf-8")

    def played(self, folder: Path) -> str:
        """The page as it must read: with what its commands print.

        Args:
            folder: An empty one, for the ledger and the files of its commands.

        Raises:
            AssertionError: where a command fails, or one doesn't that should.
        """
        self.prepare(folder)
        terminal = Terminal(folder, self.begins.replace(tzinfo=ZONE))
        return _BLOCK.sub(
            lambda block: block[1] + _played(block[3], terminal, refused=block[2] is not None) + block[4], self.read()
        )


class Terminal:
    """The terminal of a lifter, in a folder of its own.

    Args:
        folder: Where the ledger is, and the files that commands read and write.
        now: When the first command is typed; each comes some minutes after the one before.
    """

    def __init__(self, folder: Path, now: datetime) -> None:
        self._folder = folder
        self._now = now
        self._drawn = 0

    def wait(self, amount: int, unit: str) -> None:
        """Lets minutes or hours pass; or days, on the wall clock."""
        if unit == "day":
            self._now += timedelta(days=amount)
        else:
            self._now = (self._now.astimezone(UTC) + timedelta(**{f"{unit}s": amount})).astimezone(ZONE)

    def run(self, command: str) -> tuple[int, str]:
        """A command's exit status, and what it prints on both streams."""
        name, *arguments = shlex.split(command)
        if name == "cat":
            return 0, "".join((self._folder / file).read_text("utf-8") for file in arguments)
        assert name == "ironledger", command
        printed = io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True)
        with self._surroundings(), redirect_stdout(printed), redirect_stderr(printed):
            status = main(arguments)
        self.wait(PACE_MIN, "minute")
        printed.seek(0)
        return status, printed.read()

    @contextmanager
    def _surroundings(self) -> Iterator[None]:
        """The clock, the dice, the folder and the columns that the page has."""
        before = Path.cwd()
        own = {"COLUMNS": "80", "NO_COLOR": "1", "IRONLEDGER_LEDGER": LEDGER, "TZ": str(ZONE)}
        others = {name: value for name, value in os.environ.items() if not _DISTURBS.match(name)}
        try:
            os.chdir(self._folder)
            with patch.dict(os.environ, others | own, clear=True), patch.object(Replica, "open", self._opened):
                time.tzset()
                yield
        finally:
            os.chdir(before)
            time.tzset()

    def _opened(self, path: Path) -> Replica:
        return Replica(SqliteStore(Path(path), REPLICA), clock=self._clock, entropy=self._entropy)

    def _clock(self) -> int:
        return int(self._now.timestamp() * 1000)

    def _entropy(self, size: int = ENTROPY_BYTES) -> bytes:
        self._drawn += 1
        return hashlib.sha256(f"page {self._drawn}".encode()).digest()[:size]


def _played(block: str, terminal: Terminal, *, refused: bool) -> str:
    """The commands of a block, each with what it prints."""
    lines: list[str] = []
    for line in block.splitlines():
        if waited := _LATER.match(line):
            terminal.wait(int(waited[1]), waited[2])
            lines.append(line)
        elif line.startswith(_PROMPT):
            status, printed = terminal.run(line.removeprefix(_PROMPT))
            assert (status != 0) == refused, f"{line}\n{printed}"
            lines += [line, *(shown.rstrip() for shown in printed.splitlines())]
    return "".join(f"{line}\n" for line in lines)
