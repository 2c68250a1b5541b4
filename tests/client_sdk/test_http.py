"""The client's HTTP against a real server, and against answers that no server of ours gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from support.chains import Writer, request_of
from support.servers import PASSWORD, running

from client_sdk import Replica, http
from client_sdk.errors import RefusedError, ServerError, SyncRefusedError, UnreachableError
from client_sdk.http import HttpEndpoint
from events.protocol import SyncReply, TooLarge, Unavailable


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running(tmp_path_factory.mktemp("data")) as address:
        yield address


def answering(handler: Callable[[httpx.Request], httpx.Response]) -> HttpEndpoint:
    """An endpoint whose server is ``handler``."""
    return HttpEndpoint("http://server", "token", client=httpx.Client(transport=httpx.MockTransport(handler)))


def test_a_phone_signs_in_syncs_and_is_revoked(url: str, tmp_path: Path) -> None:
    first = http.sign_up(url, name="ann", password=PASSWORD, device_name="laptop")
    second = http.sign_in(url, name="ann", password=PASSWORD, device_name="phone")
    assert second.account == first.account
    with Replica.open(tmp_path / "phone.ledger") as phone, HttpEndpoint(url, second.token) as endpoint:
        phone.sign_in(url, second)
        phone.log_set("back_squat", reps=8)
        assert phone.sync(endpoint).pushed == 1
        devices = {device.name: device for device in http.devices(url, first.token)}
        assert devices["phone"].replicas == [phone.store.local().replica]
        http.revoke(url, first.token, second.device)
        phone.log_set("back_squat", reps=7)
        with pytest.raises(SyncRefusedError) as refusal:
            phone.sync(endpoint)
        assert refusal.value.fault.__struct_config__.tag == "device_revoked"
        assert phone.store.outbox_size() == 1


def test_a_large_push_travels_compressed(url: str) -> None:
    lifter = http.sign_up(url, name="gzip", password=PASSWORD, device_name="laptop")
    with HttpEndpoint(url, lifter.token) as endpoint:
        reply = endpoint.sync(request_of(lifter.account, *Writer().write_many(100)))
    assert isinstance(reply, SyncReply)
    assert reply.head == 100


@pytest.mark.parametrize(("name", "password"), [("ann2", "wrong password"), ("nobody", PASSWORD)])
def test_a_wrong_name_and_a_wrong_password_are_refused_alike(url: str, name: str, password: str) -> None:
    if name == "ann2":
        http.sign_up(url, name=name, password=PASSWORD, device_name="laptop")
    with pytest.raises(RefusedError) as refusal:
        http.sign_in(url, name=name, password=password, device_name="phone")
    assert refusal.value.code == "unauthenticated"


def test_a_name_can_be_taken_once(url: str) -> None:
    http.sign_up(url, name="taken", password=PASSWORD, device_name="laptop")
    with pytest.raises(RefusedError) as refusal:
        http.sign_up(url, name="taken", password=PASSWORD, device_name="laptop")
    assert refusal.value.code == "name_taken"


def test_a_server_that_is_down_is_said_to_be(tmp_path: Path) -> None:
    with Replica.open(tmp_path / "phone.ledger") as phone:
        phone.store.sign_in(account="a", server="s", device="d", token="t")
        phone.log_set("back_squat", reps=8)
        with (
            HttpEndpoint("http://127.0.0.1:9", "token") as endpoint,
            pytest.raises(UnreachableError, match=r"127\.0\.0\.1:9.*does not answer"),
        ):
            phone.sync(endpoint)
        assert phone.store.outbox_size() == 1


@pytest.mark.parametrize("address", ["not an address", "ftp://server", "http://"])
def test_what_is_no_address_is_said_to_be_none(address: str) -> None:
    with pytest.raises(UnreachableError):
        http.sign_in(address, name="ann", password=PASSWORD, device_name="phone")


@pytest.mark.parametrize(
    "response",
    [
        httpx.Response(200, text="<html>Welcome to the hotel's network</html>"),
        httpx.Response(500, text="Oops"),
        httpx.Response(200, json={"head": "many"}),
        httpx.Response(400, json={"code": "something new"}),
    ],
)
def test_an_answer_of_something_else_than_our_server_is_said_to_be_one(response: httpx.Response) -> None:
    endpoint = answering(lambda _: response)
    with pytest.raises(ServerError, match="not Ironledger's"):
        endpoint.sync(request_of("account"))


@pytest.mark.parametrize(("header", "seconds"), [("86400", 86_400), ("", 1), ("Fri, 01 Jan 2027 00:00:00 GMT", 1)])
def test_a_proxy_that_is_busy_is_as_good_as_a_server_that_is(header: str, seconds: int) -> None:
    endpoint = answering(lambda _: httpx.Response(503, text="<html>", headers={"Retry-After": header}))
    fault = endpoint.sync(request_of("account"))
    assert isinstance(fault, Unavailable)
    assert fault.retry_after_s == seconds


def test_a_proxy_that_takes_no_long_request_is_too_small_in_its_own_words() -> None:
    endpoint = answering(lambda _: httpx.Response(413, text="<h1>Request Entity Too Large</h1>"))
    assert isinstance(endpoint.sync(request_of("account", Writer().write())), TooLarge)
