"""Hearing of a ledger that grows."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
from httpx_sse import connect_sse
from support.chains import NOON_MS, Writer, request_of, some_uuid
from support.servers import PASSWORD, Lifter, assert_problem, running

from server.service import Service
from server.settings import Settings
from server.sqlite_store import SqliteStore


def heads(client: httpx.Client) -> Iterator[dict[str, Any]]:
    with connect_sse(client, "GET", "/v1/live", timeout=5) as source:
        for event in source.iter_sse():
            assert event.event == "head"
            yield event.json()


def test_the_head_is_told_at_once_and_after_each_append(lifter: Lifter) -> None:
    writer = Writer()
    first = lifter.sync(writer.write())
    listening = heads(lifter.client)
    assert next(listening) == {"head": 1, "head_hash": first.head_hash}
    for _ in range(2):
        reply = lifter.sync(writer.write())
        assert next(listening) == {"head": reply.head, "head_hash": reply.head_hash}
    listening.close()


def test_who_comes_back_hears_of_the_present_head(lifter: Lifter) -> None:
    writer = Writer()
    for head in (1, 2):
        lifter.sync(writer.write())
        listening = heads(lifter.client)
        assert next(listening)["head"] == head
        listening.close()


def test_nobody_hears_of_another_account(sign_up: Callable[[], Lifter]) -> None:
    mine, other = sign_up(), sign_up()
    listening = heads(mine.client)
    assert next(listening)["head"] == 0
    other.sync(Writer().write())
    mine.sync(Writer().write())
    assert next(listening)["head"] == 1
    listening.close()


def test_silence_is_filled_with_heartbeats(lifter: Lifter) -> None:
    with lifter.client.stream("GET", "/v1/live", timeout=5) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        lines = stream.iter_lines()
        assert any(line.startswith(":") for line in lines)


def test_what_another_process_appends_is_noticed(tmp_path: Path) -> None:
    with running(tmp_path) as url, httpx.Client(base_url=url) as client:
        made = client.post("/v1/accounts", json={"name": "max", "password": PASSWORD}).json()
        client.headers["Authorization"] = f"Bearer {made['token']}"
        listening = heads(client)
        assert next(listening)["head"] == 0
        beside = SqliteStore(Settings(data=tmp_path).database)
        endpoint = Service(beside, lambda: NOON_MS).endpoint(made["account"], some_uuid())
        endpoint.sync(request_of(made["account"], Writer().write()))
        assert next(listening)["head"] == 1
        beside.close()
        listening.close()


def test_a_revoked_device_hears_nothing_more_and_the_others_do(lifter: Lifter) -> None:
    form = {"name": lifter.name, "password": PASSWORD, "device_name": "lost"}
    lost = lifter.client.post("/v1/devices", json=form).json()
    headers = {"Authorization": f"Bearer {lost['token']}"}
    with httpx.Client(base_url=lifter.client.base_url, headers=headers) as stranger:
        listening, still_listening = heads(stranger), heads(lifter.client)
        assert next(listening)["head"] == next(still_listening)["head"] == 0
        lifter.client.delete(f"/v1/devices/{lost['device']}").raise_for_status()
        assert list(listening) == []
        lifter.sync(Writer().write())
        assert next(still_listening)["head"] == 1
        still_listening.close()
        assert_problem(stranger.get("/v1/live"), 403, "device_revoked")


def test_a_device_that_another_process_revokes_hears_nothing_more(tmp_path: Path) -> None:
    with running(tmp_path) as one, running(tmp_path) as two, httpx.Client(base_url=one) as client:
        made = client.post("/v1/accounts", json={"name": "max", "password": PASSWORD}).json()
        client.headers["Authorization"] = f"Bearer {made['token']}"
        listening = heads(client)
        assert next(listening)["head"] == 0
        httpx.delete(f"{two}/v1/devices/{made['device']}", headers=client.headers).raise_for_status()
        assert list(listening) == []


def test_nobody_listens_to_a_closed_account(tmp_path: Path) -> None:
    with running(tmp_path) as one, running(tmp_path) as two, httpx.Client(base_url=one) as client:
        made = client.post("/v1/accounts", json={"name": "max", "password": PASSWORD}).json()
        client.headers["Authorization"] = f"Bearer {made['token']}"
        listening = [heads(client) for _ in range(2)]
        assert [next(each)["head"] for each in listening] == [0, 0]
        httpx.delete(f"{two}/v1/accounts/me", headers=client.headers).raise_for_status()
        assert [list(each) for each in listening] == [[], []]
        assert_problem(client.get("/v1/live"), 401, "unauthenticated")


def test_listeners_do_not_keep_a_server_from_ending(tmp_path: Path) -> None:
    with httpx.Client() as client:
        with running(tmp_path) as url:
            made = client.post(f"{url}/v1/accounts", json={"name": "max", "password": PASSWORD}).json()
            client.headers["Authorization"] = f"Bearer {made['token']}"
            client.base_url = httpx.URL(url)
            listening = heads(client)
            assert next(listening)["head"] == 0
            begun = time.monotonic()
        assert time.monotonic() - begun < 2
        assert list(listening) == []
