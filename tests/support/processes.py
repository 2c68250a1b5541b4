"""A server that is a process of its own, as an operator runs it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx

COMMAND = str(Path(sys.executable).parent / "ironledger")
PATIENCE_S = 30


class ServerProcess:
    """A server on a free port with its data in ``folder``, that can be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "server"
        self._environment = {**os.environ, "IRONLEDGER_HOST": "127.0.0.1", "IRONLEDGER_DATA": str(self.data)}
        self._port = "0"
        self._process: subprocess.Popen[str] | None = None
        self.url = ""

    def start(self) -> None:
        """Serves, on the same port as before if it served before."""
        self._process = subprocess.Popen(  # noqa: S603  # our own command
            [COMMAND, "serve"],
            env={**self._environment, "IRONLEDGER_PORT": self._port},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdout is not None
        said = self._process.stdout.readline()
        self.url = said.split(" at ")[1].split(",")[0]
        self._port = self.url.rsplit(":", 1)[1]

    def kill(self) -> None:
        """SIGKILL: no time to tidy up."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """SIGTERM, as an operator would."""
        self._end(signal.SIGTERM)

    def head(self, token: str) -> int:
        """The head of the ledger that the token belongs to."""
        answer = httpx.get(f"{self.url}/v1/reports", headers={"Authorization": f"Bearer {token}"})
        head: int = answer.raise_for_status().json()["head"]
        return head

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            self._process.communicate(timeout=PATIENCE_S)
            self._process = None
