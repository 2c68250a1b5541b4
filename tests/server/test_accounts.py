"""Opening accounts, signing in, revoking."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import httpx
import pytest
from support.chains import NOON_MS, Writer, some_uuid
from support.servers import PASSWORD, QUICK_HASHER, Lifter, assert_problem, running

from events.protocol import DeviceRevoked, SlowDown, Unauthenticated
from server.accounts import Accounts, SignedIn
from server.memory_store import MemoryStore
from server.settings import Settings
from server.sign_in_brake import SignInBrake
from server.store import Device, Reader

T = TypeVar("T")


def test_an_account_opens_with_its_first_device(url: str) -> None:
    name = some_uuid()
    answer = httpx.post(f"{url}/v1/accounts", json={"name": name, "password": PASSWORD, "device_name": "phone"})
    assert answer.status_code == 201
    assert answer.json().keys() == {"account", "device", "token"}
    assert answer.headers["cache-control"] == "no-store"
    (device,) = httpx.get(f"{url}/v1/devices", headers={"Authorization": f"Bearer {answer.json()['token']}"}).json()[
        "devices"
    ]
    assert (device["name"], device["device"], device["this_one"]) == ("phone", answer.json()["device"], True)


def test_a_name_is_taken_however_it_is_written(lifter: Lifter) -> None:
    form = {"name": f" {lifter.name.upper()} ", "password": PASSWORD}
    assert_problem(lifter.client.post("/v1/accounts", json=form), 409, "name_taken")


def test_a_short_password_is_refused(url: str) -> None:
    answer = httpx.post(f"{url}/v1/accounts", json={"name": some_uuid(), "password": "1234567"})
    assert_problem(answer, 422, "password_too_short")


@pytest.mark.parametrize(
    ("form", "path"),
    [
        ({"password": PASSWORD}, "$"),
        ({"name": "", "password": PASSWORD}, "$.name"),
        ({"name": " \t", "password": PASSWORD}, "$.name"),
        ({"name": "x" * 201, "password": PASSWORD}, "$.name"),
        ({"name": "max", "password": 12345678}, "$.password"),
        ([], "$"),
    ],
)
def test_a_form_that_is_not_one_is_malformed(url: str, form: object, path: str) -> None:
    assert_problem(httpx.post(f"{url}/v1/accounts", json=form), 400, "malformed", path=path)


def test_a_body_that_is_not_json_is_malformed(url: str) -> None:
    headers = {"Content-Type": "application/json"}
    assert_problem(httpx.post(f"{url}/v1/devices", content=b"name=max", headers=headers), 400, "malformed", path="$")


def test_sign_ups_can_be_closed(tmp_path: Path) -> None:
    with running(tmp_path, settings=Settings(port=0, data=tmp_path, sign_ups=False)) as url:
        answer = httpx.post(f"{url}/v1/accounts", json={"name": "max", "password": PASSWORD})
        assert_problem(answer, 403, "sign_ups_closed")


def test_a_second_device_signs_in_and_both_sync(lifter: Lifter) -> None:
    form = {"name": lifter.name, "password": PASSWORD, "device_name": "tablet"}
    made = lifter.client.post("/v1/devices", json=form)
    assert made.status_code == 201
    assert made.json()["account"] == lifter.account
    writer = Writer()
    lifter.sync(writer.write())
    lifter.client.headers["Authorization"] = f"Bearer {made.json()['token']}"
    reader = Lifter(lifter.account, made.json()["device"], lifter.name, lifter.client)
    assert reader.sync().head == 1
    first, second = lifter.client.get("/v1/devices").json()["devices"]
    assert first["replicas"] == [writer.replica]
    assert len(second["replicas"]) == 1
    assert [first["this_one"], second["this_one"]] == [False, True]


def test_a_wrong_name_and_a_wrong_password_are_answered_alike(lifter: Lifter) -> None:
    answers = [
        lifter.client.post("/v1/devices", json={"name": name, "password": password, "device_name": "x"})
        for name, password in ((lifter.name, "wrong password"), (some_uuid(), PASSWORD))
    ]
    for answer in answers:
        assert_problem(answer, 401, "unauthenticated")
    assert answers[0].content == answers[1].content


def test_a_revoked_device_is_told_so_and_the_others_go_on(lifter: Lifter) -> None:
    form = {"name": lifter.name, "password": PASSWORD, "device_name": "lost"}
    lost = lifter.client.post("/v1/devices", json=form).json()
    for _ in range(2):
        assert lifter.client.delete(f"/v1/devices/{lost['device']}").status_code == 204
    refused = httpx.get(
        lifter.client.base_url.join("/v1/devices"), headers={"Authorization": f"Bearer {lost['token']}"}
    )
    assert_problem(refused, 403, "device_revoked")
    assert lifter.sync().head == 0
    listed = lifter.client.get("/v1/devices").json()["devices"]
    assert [device["revoked"] is None for device in listed] == [True, False]


def test_a_device_that_is_known_from_memory_is_turned_away_all_the_same(tmp_path: Path) -> None:
    """Whichever process revoked it, and whether it pushes or only pulls."""
    with running(tmp_path) as one, running(tmp_path) as two, httpx.Client(base_url=one) as client:
        form = {"name": "max", "password": PASSWORD, "device_name": "x"}
        keeper = {"Authorization": f"Bearer {client.post('/v1/accounts', json=form).json()['token']}"}
        for url in (one, two):
            made = client.post("/v1/devices", json=form).json()
            client.headers["Authorization"] = f"Bearer {made['token']}"
            lost = Lifter(made["account"], made["device"], "max", client)
            assert lost.sync().head == 0
            httpx.delete(f"{url}/v1/devices/{lost.device}", headers=keeper).raise_for_status()
            for events in ([Writer().write()], []):
                assert_problem(lost.post(*events), 403, "device_revoked")


def test_who_was_let_in_is_asked_for_again_once_the_store_changed(clock: Clock) -> None:
    class Counting(MemoryStore):
        asked = 0

        def read(self, work: Callable[[Reader], T]) -> T:
            Counting.asked += 1
            return super().read(work)

    accounts = Accounts(Counting(), clock, random.Random(1).randbytes, hasher=QUICK_HASHER)  # noqa: S311  (a test's)
    made = accounts.sign_up("max", PASSWORD, "phone")
    assert isinstance(made, SignedIn)
    assert [accounts.recognise(made.token) for _ in range(3)] == [accounts.authenticate(made.token)] * 3
    assert Counting.asked == 1 + 1
    clock.now += 60_000  # its call is worth noting: what is noted may have changed
    accounts.recognise(made.token)
    assert Counting.asked == 1 + 2
    clock.now -= 60_000
    accounts.revoke(made.account, made.device)
    assert isinstance(accounts.recognise(made.token), DeviceRevoked)
    accounts.close(made.account)
    assert isinstance(accounts.recognise(made.token), Unauthenticated)


class Clock:
    def __init__(self) -> None:
        self.now = NOON_MS

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def accounts(clock: Clock) -> Accounts:
    counting = iter(range(10**6))
    return Accounts(MemoryStore(), clock, lambda size: next(counting).to_bytes(size, "big"), hasher=QUICK_HASHER)


def test_guessing_is_slowed_down_for_names_with_and_without_an_account(accounts: Accounts, clock: Clock) -> None:
    accounts.sign_up("max", PASSWORD, "phone")
    for name in ("max", "nobody"):
        for _ in range(5):
            assert isinstance(accounts.sign_in(name, "a wrong one", "x"), Unauthenticated)
        slowed = accounts.sign_in(name, PASSWORD, "x")
        assert isinstance(slowed, SlowDown)
        assert slowed.retry_after_s == 1
    clock.now += 1000
    assert isinstance(accounts.sign_in("max", "a wrong one", "x"), Unauthenticated)
    slowed = accounts.sign_in("max", PASSWORD, "x")
    assert isinstance(slowed, SlowDown)
    assert slowed.retry_after_s == 2
    clock.now += 2000
    assert isinstance(accounts.sign_in("max", PASSWORD, "x"), SignedIn)
    assert isinstance(accounts.sign_in("max", "a wrong one", "x"), Unauthenticated)


def test_only_so_many_names_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.sign_in_brake.NAMES_REMEMBERED", 1)
    brake = SignInBrake()
    for name in ["max"] * 6 + ["moritz"] * 6:
        brake.failed(name, NOON_MS)
    assert (brake.wait_s("max", NOON_MS), brake.wait_s("moritz", NOON_MS)) == (0, 2)


def test_guessing_over_http_gets_429(lifter: Lifter) -> None:
    form = {"name": some_uuid(), "password": "a wrong one", "device_name": "x"}
    answers = [lifter.client.post("/v1/devices", json=form) for _ in range(6)]
    assert_problem(answers[-1], 429, "slow_down")
    assert answers[-1].headers["retry-after"] == "1"


def test_a_devices_last_call_is_noted_by_the_minute(accounts: Accounts, clock: Clock) -> None:
    made = accounts.sign_up("max", PASSWORD, "phone")
    assert isinstance(made, SignedIn)
    for later, noted in ((59_999, NOON_MS), (60_000, NOON_MS + 60_000), (90_000, NOON_MS + 60_000)):
        clock.now = NOON_MS + later
        calling = accounts.authenticate(made.token)
        assert isinstance(calling, Device)
        if accounts.is_news(calling):
            accounts.note_seen(calling)
        (device,) = accounts.devices(made.account)
        assert device.last_seen == noted


def test_tokens_are_not_kept(accounts: Accounts) -> None:
    made = accounts.sign_up("max", PASSWORD, "phone")
    assert isinstance(made, SignedIn)
    (device,) = accounts.devices(made.account)
    assert made.token.encode() != device.token
    assert len(device.token) == 32
