"""The server as it is run: as a process, and as two on one database."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import httpx
import msgspec
import pytest
from support.chains import Writer
from support.servers import PASSWORD, Lifter, assert_problem, running

from events.envelope import stored_event
from events.protocol import WireRecord
from server.errors import PortTakenError, SettingsError
from server.serving import address, listen
from server.settings import Settings
from server.sqlite_store import SqliteStore
from server.store import Writer as StoreWriter

T = TypeVar("T")

SERVE = "from server import Settings, serve; serve(Settings.from_environment())"


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """A server in a process of its own, which ends by itself when it is told to."""
    environment = os.environ | {"IRONLEDGER_PORT": "0", "IRONLEDGER_DATA": str(folder), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(  # noqa: S603  (our own command)
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
        in_step = threading.Barrier(len(writers))

        def work(number: int) -> None:
            """Pushes to one server and the other in turn, each event twice, and pulls all the while."""
            writer, cursor, held = writers[number], "0", set[int]()
            with (
                httpx.Client(base_url=one, headers=headers, timeout=30) as at_one,
                httpx.Client(base_url=two, headers=headers, timeout=30) as at_two,
            ):
                lifters = [Lifter(made["account"], made["device"], "max", client) for client in (at_one, at_two)]
                in_step.wait()
                for turn in range(20):
                    events = writer.write_many(3) if turn % 2 == 0 else writer.events[-3:]
                    reply = lifters[(number + turn) % 2].sync(*events, cursor=cursor)
                    held |= {verdict.position for verdict in reply.verdicts}
                    held |= {record.position for record in reply.records}
                    cursor = reply.cursor
                in_step.wait()
                reply = lifters[0].sync(cursor=cursor)
                held |= {record.position for record in reply.records}
            assert (reply.head, reply.more) == (240, False)
            assert held == set(range(1, 241))

        with ThreadPoolExecutor(len(writers)) as threads:
            list(threads.map(work, range(len(writers))))
        lines = [httpx.get(f"{url}/v1/ledger", headers=headers).content.splitlines() for url in (one, two)]
    records = [msgspec.json.decode(line, type=WireRecord) for line in lines[0]]
    assert lines[0] == lines[1]
    assert [record.position for record in records] == list(range(1, 241))
    assert sorted(stored_event(bytes(record.event)).hash for record in records) == sorted(
        event.hash for writer in writers for event in writer.events
    )


def test_who_still_waits_when_the_server_has_to_end_is_told_to_try_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.serving.GRACE_S", 0.1)
    store, writer = Held(Settings(data=tmp_path).database), Writer()
    with ThreadPoolExecutor() as threads, httpx.Client() as client, running(tmp_path, store=store) as url:
        client.base_url = httpx.URL(url)
        made = client.post("/v1/accounts", json={"name": "max", "password": PASSWORD}).raise_for_status().json()
        client.headers["Authorization"] = f"Bearer {made['token']}"
        lifter = Lifter(made["account"], made["device"], "max", client)
        store.hold()
        answers = [threads.submit(lifter.post, *writer.write_many(count)) for count in (1, 60)]
        for answer in answers:
            store.given.acquire(timeout=10)
            answer.add_done_callback(lambda _: store.let_go.release())
    for answer in answers:
        assert_problem(answer.result(), 503, "unavailable")
        assert answer.result().headers["retry-after"]


class Held(SqliteStore):
    """A store whose writer can be held up."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.is_held = False
        self.given, self.let_go = threading.Semaphore(0), threading.Semaphore(0)

    def hold(self) -> None:
        """Holds the writer up until two are answered."""
        self.is_held = True
        super().submit(lambda _: [self.let_go.acquire(timeout=10) for _ in range(2)])

    def submit(self, work: Callable[[StoreWriter], T], then: Callable[[T], object] = lambda _: None) -> Future[T]:
        if self.is_held:
            self.given.release()
        return super().submit(work, then)


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
        host="0.0.0.0",  # noqa: S104  # only a name here
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


def test_no_answer_waits_for_the_one_before_to_be_acknowledged() -> None:
    """Nagle's algorithm is off on what is accepted: an answer in two packets would take 40 ms."""
    with (
        listen(Settings(port=0)) as listening,
        socket.create_connection(listening.getsockname()),
        listening.accept()[0] as accepted,
    ):
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
