"""Processes that are killed: no word of warning, at any moment, and started again on the same files."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO

ROOT = Path(__file__).parents[2]
SERVE = """
from client_sdk.cli import main
from server import reports
reports.CHECKPOINT_EVERY = 20  # so that kills hit checkpoints too
main(["serve"])
"""
PATIENCE_S = 60
"""How long something may take on a busy machine before it counts as hanging."""


class Broken(AssertionError):  # noqa: N818  (it is no error of this program)
    """A promise that did not survive a kill."""


def demand(holds: bool, sentence: str) -> None:  # noqa: FBT001  (read as an assertion)
    """An assertion that also holds where asserts are switched off."""
    if not holds:
        raise Broken(sentence)


class Process:
    """A Python process whose output is read as it comes.

    Attributes:
        lines: What it has said so far.
    """

    def __init__(self, arguments: list[str], **environment: str) -> None:
        self.lines: list[str] = []
        self._heard = threading.Condition()
        self._process = subprocess.Popen(  # noqa: S603  (our own command)
            [sys.executable, *arguments],
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._errors: list[str] = []
        self._readers = [
            threading.Thread(target=self._read, args=(self._process.stdout, self.lines)),
            threading.Thread(target=self._read, args=(self._process.stderr, self._errors)),
        ]
        for reader in self._readers:
            reader.start()

    def wait_for(self, start: str, after: int = 0) -> str:
        """The first line from number ``after`` on that begins so; waits for it.

        Raises:
            Broken: where the process ends or hangs before.
        """
        place = after
        with self._heard:
            while True:
                while place < len(self.lines):
                    if self.lines[place].startswith(start):
                        return self.lines[place]
                    place += 1
                ended = not self._readers[0].is_alive()
                if ended or not self._heard.wait(PATIENCE_S):
                    raise Broken(f"no {start!r} came of the process: {''.join(self._errors)[-2000:]}")

    def kill(self) -> None:
        """SIGKILL; returns when it is gone and all it said has been read."""
        self._end(signal.SIGKILL)

    def stop(self) -> str:
        """SIGTERM, and what it complained of."""
        self._end(signal.SIGTERM)
        return "".join(self._errors)

    def _end(self, how: signal.Signals) -> None:
        self._process.send_signal(how)
        self._process.wait(PATIENCE_S)
        for reader in self._readers:
            reader.join(PATIENCE_S)

    def _read(self, stream: IO[str] | None, lines: list[str]) -> None:
        assert stream is not None
        with stream:
            for line in stream:
                with self._heard:
                    lines.append(line.rstrip("\n"))
                    self._heard.notify_all()
        with self._heard:
            self._heard.notify_all()


class Server:
    """``ironledger serve`` on one data folder and, once it has served, on one port."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = ""
        self._process: Process | None = None
        self._port = "0"

    def start(self) -> None:
        """Starts a process; see ``wait``."""
        self._process = Process(
            ["-c", SERVE],
            IRONLEDGER_HOST="127.0.0.1",
            IRONLEDGER_PORT=self._port,
            IRONLEDGER_DATA=str(self.folder),
        )

    def wait(self) -> None:
        """Waits until it serves."""
        assert self._process is not None
        self.url = self._process.wait_for("Ironledger serves").split(" at ")[1].split(",")[0]
        self._port = self.url.rsplit(":", 1)[1]

    def kill(self) -> None:
        """SIGKILL."""
        assert self._process is not None
        self._process.kill()

    def stop(self) -> None:
        """SIGTERM, as an operator would; it must have had nothing to complain of."""
        assert self._process is not None
        errors = self._process.stop()
        demand("Traceback" not in errors, f"the server complained: {errors[-2000:]}")
