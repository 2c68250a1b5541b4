"""A running server, and lifters signed in to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import httpx
import pytest
from support.chains import some_uuid
from support.servers import PASSWORD, Lifter, running


@pytest.fixture(scope="package")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server."""
    with running(tmp_path_factory.mktemp("data")) as at:
        yield at


@pytest.fixture
def sign_up(url: str) -> Iterator[Callable[[], Lifter]]:
    """Opens accounts."""
    clients: list[httpx.Client] = []

    def open_account() -> Lifter:
        name = some_uuid()
        client = httpx.Client(base_url=url)
        clients.append(client)
        made = client.post("/v1/accounts", json={"name": name, "password": PASSWORD}).raise_for_status().json()
        client.headers["Authorization"] = f"Bearer {made['token']}"
        return Lifter(made["account"], made["device"], name, client)

    yield open_account
    for client in clients:
        client.close()


@pytest.fixture
def lifter(sign_up: Callable[[], Lifter]) -> Lifter:
    """A new account."""
    return sign_up()
