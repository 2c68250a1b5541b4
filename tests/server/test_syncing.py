"""From the event loop to the writer and back, many at a time."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

import msgspec
import pytest
from support.chains import NOON_MS, Writer, request_of, some_uuid

from events.protocol import SyncReply
from server.memory_store import MemoryStore
from server.service import Service
from server.syncing import SOON_READ_BYTES, Crossing, Syncing

T = TypeVar("T")


class Elsewhere:
    """Work of another thread, which begins when it is asked for and ends when that thread gets to it."""

    def __init__(self) -> None:
        self.begun: list[Future[int]] = []

    def begin(self) -> Future[int]:
        self.begun.append(Future())
        return self.begun[-1]

    def finish(self) -> None:
        """Finishes all that was begun, each with how many there are, in another thread."""

        def work() -> None:
            for done in self.begun:
                done.set_result(len(self.begun))

        thread = Thread(target=work)
        thread.start()
        thread.join()


async def turn() -> None:
    """Lets all that is ready run."""
    await asyncio.sleep(0)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.mark.anyio
async def test_what_is_ready_together_leaves_together_and_comes_back_by_one_wake_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    crossing, elsewhere = Crossing(), Elsewhere()
    requests = [asyncio.create_task(crossing.over(elsewhere.begin)) for _ in range(5)]
    while not elsewhere.begun:
        await turn()
    assert len(elsewhere.begun) == 5
    loop, calls = asyncio.get_running_loop(), []
    call = loop.call_soon_threadsafe
    monkeypatch.setattr(loop, "call_soon_threadsafe", lambda back: calls.append(call(back)))
    elsewhere.finish()
    assert await asyncio.gather(*requests) == [5] * 5
    assert len(calls) == 1


@pytest.mark.anyio
async def test_what_cannot_begin_or_fails_is_told_to_its_own_request_alone() -> None:
    crossing, elsewhere = Crossing(), Elsewhere()

    def refuse() -> Future[int]:
        raise ZeroDivisionError

    def fail() -> Future[int]:
        done: Future[int] = Future()
        done.set_exception(KeyError())
        return done

    outcomes = asyncio.gather(
        *(crossing.over(begin) for begin in (refuse, fail, elsewhere.begin)), return_exceptions=True
    )
    while not elsewhere.begun:
        await turn()
    elsewhere.finish()
    refused, failed, sound = await outcomes
    assert isinstance(refused, ZeroDivisionError)
    assert isinstance(failed, KeyError)
    assert sound == 1


@pytest.mark.anyio
async def test_a_request_that_is_given_up_keeps_nobody_waiting() -> None:
    crossing, elsewhere = Crossing(), Elsewhere()
    given_up, kept = (asyncio.create_task(crossing.over(elsewhere.begin)) for _ in range(2))
    while not elsewhere.begun:
        await turn()
    given_up.cancel()
    elsewhere.finish()
    assert await kept == 2
    assert given_up.cancelled()


@pytest.mark.anyio
async def test_a_request_that_is_given_up_before_it_begins_is_not_begun_and_holds_nobody_up() -> None:
    crossing, elsewhere = Crossing(), Elsewhere()
    given_up, kept = (asyncio.create_task(crossing.over(elsewhere.begin)) for _ in range(2))
    asyncio.get_running_loop().call_soon(given_up.cancel)  # after it set out, before all leave together
    while not elsewhere.begun:
        await turn()
    elsewhere.finish()
    assert await kept == 1
    assert given_up.cancelled()


@pytest.mark.anyio
@pytest.mark.parametrize("count", [0, 1, 60])
async def test_short_and_long_requests_and_those_that_only_read_are_answered_alike(count: int) -> None:
    service, account = Service(MemoryStore(), lambda: NOON_MS), some_uuid()
    request = request_of(account, *Writer().write_many(count))
    text = msgspec.json.encode(request)
    assert (len(text) > SOON_READ_BYTES) == (count == 60)
    outcome = await Syncing(service).sync(account, some_uuid("device"), text)
    assert isinstance(outcome, SyncReply)
    assert [verdict.seq for verdict in outcome.verdicts] == list(range(1, count + 1))
    again = service.endpoint(account, some_uuid("device")).sync(request)
    assert isinstance(again, SyncReply)
    assert (again.head, again.head_hash) == (outcome.head, outcome.head_hash)
