"""The server as it is run: as a process, and as two on one database."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from support.chains import Writer
from support.servers import PASSWORD, Lifter

from events.envelope import Event, stored_event
from events.protocol import SyncReply
from server.errors import PortTakenError, SettingsError
from server.serving import address, listen
from server.settings import Settings

SERVE = "from server import Settings, serve; serve(Settings.from_environment())"


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """A server in a process of its own, which ends by itself when it is told to."""
    environment = os.environ | {"IRONLEDGER_PORT": "0", "IRONLEDGER_DATA": str(folder), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        [sys.executable, "-c", SERVE], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        greeting, next_step = process.stdout.readline(), process.stdout.readline()
        try:
            url = greeting.split()[3].rstrip(",")
            assert next_step == f"Next: ironledger signup {url} --name NAME --device DEVICE\n"
            yield url
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(10)
            errors = process.stderr.read()
        assert process.returncode in {0, -signal.SIGTERM}
        assert errors == ""


def test_two_processes_and_many_threads_lose_and_double_nothing(tmp_path: Path) -> None:
    with serving(tmp_path) as one, serving(tmp_path) as two:
        made = httpx.post(f"{one}/v1/accounts", json={"name": "max", "password": PASSWORD}).raise_for_status().json()
        headers = {"Authorization": f"Bearer {made['token']}"}
        writers = [Writer() for _ in range(8)]
        begin = threading.Barrier(len(writers))

        def work(number: int) -> set[int]:
            """Pushes to one server and the other in turn, each event twice, pulling all the while."""
            writer, cursor, pulled = writers[number], "0", set[int]()
            clients = [httpx.Client(base_url=url, headers=headers, timeout=30) for url in (one, two)]
            begin.wait()
            for turn in range(10):
                lifter = Lifter(made["account"], made["device"], "max", clients[(number + turn) % 2])
                events: list[Event] = writer.write_many(3)
                for _ in range(2):
                    reply: SyncReply = lifter.sync(*events, cursor=cursor)
                    cursor = reply.cursor
                    pulled |= {record.position for record in reply.records}
            while reply.more or len(pulled) + 30 < 240:
                reply = lifter.sync(cursor=cursor)
                cursor = reply.cursor
                pulled |= {record.position for record in reply.records}
                if reply.head == 240 and not reply.more:
                    break
            for client in clients:
                client.close()
            return pulled

        with ThreadPoolExecutor(len(writers)) as threads:
            assert all(threads.map(work, range(len(writers))))
        lines = [httpx.get(f"{url}/v1/ledger", headers=headers).text.splitlines() for url in (one, two)]
    assert lines[0] == lines[1]
    assert len(lines[0]) == 240
    records = [_record(line) for line in lines[0]]
    assert [position for position, _ in records] == list(range(1, 241))
    assert sorted(found for _, found in records) == sorted(
        event.hash for writer in writers for event in writer.events
    )


def _record(line: str) -> tuple[int, str]:
    import msgspec  # noqa: PLC0415

    from events.protocol import WireRecord  # noqa: PLC0415

    record = msgspec.json.decode(line, type=WireRecord)
    return record.position, stored_event(bytes(record.event)).hash


def test_a_taken_port_is_told_in_a_sentence() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        pytest.raises(PortTakenError, match="listens at 127") as caught,
    ):
        listen(Settings(port=taken.getsockname()[1]))
    assert "IRONLEDGER_PORT" in caught.value.next_step


def test_an_impossible_address_is_told_in_a_sentence() -> None:
    with pytest.raises(SettingsError, match="Nobody can listen"):
        listen(Settings(host="203.0.113.1", port=0))


def test_the_address_can_be_opened() -> None:
    with listen(Settings(port=0)) as listening:
        assert address(listening) == f"http://127.0.0.1:{listening.getsockname()[1]}"


def test_settings_come_from_the_environment(tmp_path: Path) -> None:
    environment = {
        "IRONLEDGER_HOST": "0.0.0.0",  # noqa: S104  (only a name here)
        "IRONLEDGER_PORT": "80",
        "IRONLEDGER_DATA": str(tmp_path),
        "IRONLEDGER_SIGNUPS": "closed",
    }
    assert Settings.from_environment(environment) == Settings(
        host="0.0.0.0",  # noqa: S104
        port=80,
        data=tmp_path,
        sign_ups=False,
    )
    assert Settings.from_environment({}) == Settings()
    assert Settings.from_environment({"IRONLEDGER_PORT": ""}) == Settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [("PORT", "http"), ("PORT", "-1"), ("PORT", "65536"), ("PORT", "٣"), ("SIGNUPS", "perhaps")],
)
def test_a_setting_that_cannot_be_is_told_by_its_name(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"IRONLEDGER_{name} is") as caught:
        Settings.from_environment({f"IRONLEDGER_{name}": value})
    assert caught.value.next_step
