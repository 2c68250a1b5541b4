"""A sync as the event loop sees it: what is short is done at once, what is long in a thread, and the writer writes.

    requests ──a turn of the loop──▶ begun together ──a commit──▶ durable together ──one wake-up──▶ answers

A push waits for the writer without a thread of its own. Only one thread of Python runs at a time, so each that is
woken up beside the loop and the writer holds both up for longer than either works on an event.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import Any, TypeVar

from anyio import to_thread

from events.protocol import Fault, SyncReply
from server.push import Push, read_push
from server.service import Service

T = TypeVar("T")

SOON_READ_BYTES = 8 * 1024
"""A request of so many bytes, some 15 events, is read quicker than it gets to a thread and back."""


class Syncing:
    """Answers syncs on the event loop."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._crossing = Crossing()

    async def sync(self, account: str, device: str, text: bytes) -> SyncReply | Fault:
        """Answers the request in ``text``, made by ``device`` of ``account``.

        Raises:
            UnavailableError: where the store cannot answer or keep anything just now.
        """
        if len(text) <= SOON_READ_BYTES:
            push = read_push(text, account)
        else:
            push = await to_thread.run_sync(read_push, text, account)
        if not isinstance(push, Push):
            return push
        if not push.events:
            return await to_thread.run_sync(self._service.pull, account, device, push)
        return await self._crossing.over(partial(self._service.push, account, device, push))


class Crossing:
    """The way from the event loop to another thread and back, for many at a time.

    All that is begun in one turn of the loop leaves together, so that the other finds it together; and all that it
    finishes before the loop gets to look comes back by one wake-up.
    """

    def __init__(self) -> None:
        self._leaving: list[tuple[asyncio.Future[Any], Callable[[], Future[Any]]]] = []
        self._back: deque[tuple[asyncio.Future[Any], Future[Any]]] = deque()
        self._is_called = False
        """Whether the loop will look at who came back."""

    async def over(self, begin: Callable[[], Future[T]]) -> T:
        """What becomes of the work that ``begin`` begins; ``begin`` itself must not wait."""
        loop = asyncio.get_running_loop()
        if not self._leaving:
            loop.call_soon(self._leave)
        waiting: asyncio.Future[T] = loop.create_future()
        self._leaving.append((waiting, begin))
        return await waiting

    def _leave(self) -> None:
        leaving, self._leaving = self._leaving, []
        for waiting, begin in leaving:
            if waiting.done():
                continue  # its request was given up before it began
            try:
                done = begin()
            except Exception as error:  # noqa: BLE001  (it is for whoever waits; the others go on)
                waiting.set_exception(error)
            else:
                done.add_done_callback(partial(self._come_back, waiting))

    def _come_back(self, waiting: asyncio.Future[T], done: Future[T]) -> None:
        """Called in the thread that did the work."""
        self._back.append((waiting, done))
        if not self._is_called:
            self._is_called = True
            with contextlib.suppress(RuntimeError):  # the loop has ended, and so has all waiting
                waiting.get_loop().call_soon_threadsafe(self._arrive)

    def _arrive(self) -> None:
        self._is_called = False  # before looking, so that whoever comes back from now on calls again
        while self._back:
            waiting, done = self._back.popleft()
            if waiting.done():
                continue  # its request was given up
            error = done.exception()
            if error is None:
                waiting.set_result(done.result())
            else:
                waiting.set_exception(error)
