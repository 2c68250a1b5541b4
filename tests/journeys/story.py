"""The story that must hold: a laptop, a phone and a server, each a process of its own.

Told by ``make demo``, checked by ``test_story``. Every step is what a lifter would do at a command line; what it
should have come to is asserted on the way.
"""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from journeys.history import strong_export
from support.processes import COMMAND, PATIENCE_S, ServerProcess

from client_sdk import Replica
from projections.ledger import REPORTS, encode_report
from projections.log import PAGE

PASSWORD = "correct horse battery staple"

GUIDE_SESSION = (
    ("back squat", "100kg", "8", 4),
    ("deadlift", "120kg", "6", 4),
    ("forward lunge", "40kg", "10", 3),
    ("leg press", "180kg", "12", 4),
    ("seated leg curl", "45kg", "12", 3),
    ("standing calf raise", "80kg", "15", 4),
)

Tell = Callable[[str], None]


class Device:
    """A device with its own ledger file, used from its command line."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self.file = folder / f"{name}.ledger"

    def run(self, *arguments: str, fails: bool = False) -> str:
        """Runs ``ironledger`` with these arguments and gives back what it prints."""
        environment = {**os.environ, "IRONLEDGER_LEDGER": str(self.file), "IRONLEDGER_PASSWORD": PASSWORD}
        done = subprocess.run(  # noqa: S603  # our own command
            [COMMAND, *arguments], env=environment, capture_output=True, text=True, timeout=120, check=False
        )
        assert "Traceback" not in done.stderr, done.stderr
        assert (done.returncode != 0) == fails, (arguments, done.returncode, done.stdout, done.stderr)
        return done.stdout

    def ask(self, *arguments: str) -> Any:  # noqa: ANN401  # JSON
        """What a command says with ``--json``."""
        return json.loads(self.run(*arguments, "--json"))

    @property
    def token(self) -> str:
        """The token that signing in left in the ledger file."""
        with Replica.open(self.file) as replica:
            return replica.store.local().token or ""


@contextmanager
def cast(folder: Path) -> Iterator[tuple[Device, Device, ServerProcess]]:
    """A laptop, a phone and a running server."""
    server = ServerProcess(folder)
    server.start()
    try:
        yield Device("laptop", folder), Device("phone", folder), server
    finally:
        server.stop()


def play(folder: Path, tell: Tell, years: int = 3) -> None:
    """The whole story, of a lifter with so many years in another app."""
    with cast(folder) as (laptop, phone, server):
        import_offline(laptop, folder, tell, years)
        train_offline(laptop, phone, server, tell)
        meet(laptop, phone, server, tell)
        cede_the_record(laptop, phone, tell)
        survive_a_killed_server(laptop, phone, server, tell, years + 1)


def import_offline(laptop: Device, folder: Path, tell: Tell, years: int) -> None:
    """Years of history come in on the laptop, and are read at once."""
    file = folder / "strong.csv"
    file.write_text(strong_export(years), encoding="utf-8")
    options = ("--unit", "kg", "--timezone", "Europe/Berlin")
    summary = laptop.ask("import", str(file), *options)
    assert summary["rows"] == summary["sets"] > 1700 * years
    assert (summary["sessions"], summary["skipped"]) == (104 * years, [])
    assert summary["exercises"]["unmatched"] == ["My Own Cable Thing"]
    tell(f"The laptop imports {summary['sets']} sets of {summary['sessions']} sessions, offline.")
    before = laptop.ask("status")
    laptop.run("import", str(file), *options)
    assert laptop.ask("status") == before
    squat = exercise(laptop, "back_squat")
    assert squat["imported_as"] == ["Squat (Barbell)"]
    weeks = laptop.ask("report", "volume")["weeks"]
    ratios = {ratio["name"]: ratio["ratio_milli"] for ratio in laptop.ask("report", "balance")["ratios"]}
    assert len(weeks) == 52 * years
    assert ratios["hamstrings:quadriceps"] is not None
    heaviest = squat["heaviest"]
    best = f"{heaviest['load']['milli'] / 1000:g} kg × {heaviest['reps']}"
    tell(f"It reads records, volume and balance at once: the best squat is {best}, over {len(weeks)} weeks.")


def train_offline(laptop: Device, phone: Device, server: ServerProcess, tell: Tell) -> None:
    """The phone logs a session of the guide with no signal; one set is corrected, one voided."""
    laptop.run("signup", server.url, "--name", "ann", "--device", "laptop")
    phone.run("login", server.url, "--name", "ann", "--device", "phone")
    phone.run("session", "start", "--title", "The guide")
    for name, load, reps, sets in GUIDE_SESSION:
        phone.run("log", name, load, reps, "--sets", str(sets))
    phone.run("correct", "last", "reps=16")
    phone.run("log", "leg press", "400kg", "12")
    phone.run("void", "last", "--reason", "that was somebody else's")
    phone.run("session", "finish", "--note", "basement, no signal")
    balance = {ratio["name"]: ratio["ratio_milli"] for ratio in phone.ask("report", "balance")["ratios"]}
    assert balance["hamstrings:quadriceps"] == 385
    assert phone.ask("status")["outbox"] == 22 + 5
    tell("The phone logs a session of the guide, offline: 22 sets, one corrected; one more voided.")


def meet(laptop: Device, phone: Device, server: ServerProcess, tell: Tell) -> None:
    """Both sync, and laptop, phone and server say the same, byte for byte."""
    for device in (phone, laptop, phone):
        device.run("sync")
    agree(laptop, phone, server)
    head = laptop.ask("status")["head"]
    assert laptop.ask("verify")["ok"]
    assert phone.ask("verify")["ok"]
    tell(f"Both sync: laptop, phone and server agree on {head} events, every report, and the ledger hash.")


def cede_the_record(laptop: Device, phone: Device, tell: Tell) -> None:
    """Voiding the heaviest squat on the laptop cedes the record on the phone."""
    slip = exercise(phone, "back_squat")["heaviest"]
    squats = [
        one
        for session in phone.ask("report", "sessions", "--limit", "0")["sessions"]
        for block in session["exercises"]
        for one in block["sets"]
        if block["exercise"] == "back_squat" and one["event"] != slip["event"]
    ]
    former = min(squats, key=lambda one: (-one["load"]["milli"], -one["reps"], one["at"]))
    laptop.run("void", slip["event"])
    laptop.run("sync")
    phone.run("sync")
    now = exercise(phone, "back_squat")["heaviest"]
    assert (now["load"], now["reps"], now["at"]) == (former["load"], former["reps"], former["at"])
    assert now["event"] != slip["event"]
    tell(f"The laptop voids the best squat; on the phone the record goes back to {now['load']['milli'] / 1000:g} kg.")


def survive_a_killed_server(laptop: Device, phone: Device, server: ServerProcess, tell: Tell, years: int) -> None:
    """The server is killed while the laptop syncs; a retry makes up for it."""
    before = laptop.ask("status")["head"]
    file = laptop.file.with_suffix(".csv")
    file.write_text(strong_export(years), encoding="utf-8")
    laptop.run("import", str(file), "--unit", "kg", "--timezone", "Europe/Berlin")
    waiting = laptop.ask("status")["outbox"]
    token = laptop.token
    environment = {**os.environ, "IRONLEDGER_LEDGER": str(laptop.file)}
    with subprocess.Popen(  # noqa: S603  # our own command
        [COMMAND, "sync"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as syncing:
        deadline = time.monotonic() + PATIENCE_S
        while server.head(token) == before and time.monotonic() < deadline:
            time.sleep(0.005)
        server.kill()
        interrupted = syncing.wait(PATIENCE_S)
    laptop.run("sync", fails=True)
    server.start()
    for device in (laptop, phone, laptop):
        device.run("sync")
    agree(laptop, phone, server)
    status = laptop.ask("status")
    assert (status["head"], status["outbox"]) == (before + waiting, 0)
    when = "in the middle of" if interrupted else "at the end of"
    tell(f"The server is killed {when} a sync of {waiting} events; a retry brings {status['head']}, each once.")


def agree(laptop: Device, phone: Device, server: ServerProcess) -> None:
    """Laptop, phone and server say the same digest, which is that of all reports, the same head and ledger hash.

    And byte by byte the same reports: the phone as its lifter asks for them, the laptop as a program does.
    """
    with httpx.Client(base_url=server.url, headers={"Authorization": f"Bearer {laptop.token}"}) as client:
        known = client.get("/v1/reports").raise_for_status().json()
        for device in (laptop, phone):
            status = device.ask("status")
            assert {key: status[key] for key in ("head", "head_hash", "digest")} == {
                key: known[key] for key in ("head", "head_hash", "digest")
            }
        with Replica.open(laptop.file) as replica:
            for name in (*REPORTS, "log"):
                answer = client.get(f"/v1/reports/{name}").raise_for_status().text
                assert phone.run("report", name, "--json") == f"{answer}\n"
                assert encode_report(replica.report(name, limit=PAGE)).decode() == answer


def exercise(device: Device, name: str) -> Any:  # noqa: ANN401  # JSON
    """The records of an exercise, as done with both sides."""
    entries = device.ask("report", "records")["exercises"]
    return next(entry for entry in entries if (entry["exercise"], entry["side"]) == (name, "both"))
