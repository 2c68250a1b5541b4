"""Who listens for a ledger to grow, and how they hear of it.

One task watches the store for all listeners. A commit in this process wakes it at once; any other change, of another
process on the same file too, it notices by asking SQLite now and then whether there was one. So it also finds out
which listeners have to go, since they were revoked or their account was closed.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager

import anyio
import structlog
from anyio import to_thread

from server.accounts import turned_away
from server.errors import UnavailableError
from server.push import Point
from server.store import Reader, Store

POLL_S = 0.5
HEARTBEAT_S = 15.0

log = structlog.get_logger()


class Hub:
    """The listeners of one process.

    Args:
        store: Where the ledgers are.
        poll_s: How soon a change is noticed that nobody told of.
        heartbeat_s: How long a listener hears nothing at the most.
    """

    def __init__(self, store: Store, poll_s: float = POLL_S, heartbeat_s: float = HEARTBEAT_S) -> None:
        self._store = store
        self._poll_s = poll_s
        self._heartbeat_s = heartbeat_s
        self._listeners: Counter[str] = Counter()
        """By account."""
        self._devices: Counter[str] = Counter()
        self._heads: dict[str, Point] = {}
        self._turned_away: set[str] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._grown = asyncio.Event()
        self._moved = asyncio.Event()
        self._beats = 0
        self._is_open = True

    def grew(self, account: str) -> None:
        """Tells of a commit, from whatever thread."""
        loop = self._loop
        if loop is not None and self._listeners[account]:
            with contextlib.suppress(RuntimeError):  # the loop has ended, and so has all listening
                loop.call_soon_threadsafe(self._grown.set)

    async def heads(self, account: str, device: str) -> AsyncIterator[Point | None]:
        """The head of a ledger, at once and whenever it moved; None as a heartbeat.

        Ends when the hub closes, and when the device may no longer listen.
        """
        self._listeners[account] += 1
        self._devices[device] += 1
        self._grown.set()
        told, heard = None, self._beats
        try:
            while self._is_open and device not in self._turned_away:
                moved = self._moved  # taken before looking, so that nothing moves unseen between looking and waiting
                head = self._heads.get(account)
                if head is not None and head != told:
                    told = head
                    yield head
                    continue
                if heard != self._beats:
                    heard = self._beats
                    yield None
                    continue
                await moved.wait()  # with no clock of its own: hundreds wait here, and wake at once
        finally:
            self._devices[device] -= 1
            self._listeners[account] -= 1
            if not self._listeners[account]:
                self._heads.pop(account, None)  # nobody keeps it current any more

    @asynccontextmanager
    async def watching(self, *others: Callable[[], None]) -> AsyncIterator[None]:
        """Watches the store while the context lasts; ``others`` are called, in a thread, when it changed."""
        self._loop = asyncio.get_running_loop()
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._watch, others)
            tasks.start_soon(self._beat)
            try:
                yield
            finally:
                self.close()
                tasks.cancel_scope.cancel()
                self._loop = None

    def close(self) -> None:
        """Lets every listener end; from the event loop's thread."""
        self._is_open = False
        self._moved.set()

    async def _beat(self) -> None:
        while True:
            await anyio.sleep(self._heartbeat_s)
            self._beats += 1
            self._wake()

    async def _watch(self, others: Iterable[Callable[[], None]]) -> None:
        version = None
        while True:
            with anyio.move_on_after(self._poll_s):
                await self._grown.wait()
            is_told = self._grown.is_set()
            self._grown.clear()
            self._listeners, self._devices = +self._listeners, +self._devices
            try:
                former, version = version, await to_thread.run_sync(self._store.version)
                if self._listeners and (is_told or version != former):
                    self._tell(*await to_thread.run_sync(self._look, set(self._listeners), set(self._devices)))
                if version != former:
                    for other in others:
                        await to_thread.run_sync(other)
            except UnavailableError as error:
                log.warning("the store cannot be watched", error=str(error))
                version = None

    def _look(self, accounts: set[str], devices: set[str]) -> tuple[dict[str, Point], set[str]]:
        """Where the ledgers stand, and which of the devices may no longer listen."""

        def look(ledgers: Reader) -> tuple[dict[str, Point], set[str]]:
            heads = {account: ledgers.head(account) for account in accounts}
            return heads, {device for device in devices if turned_away(ledgers, device)}

        return self._store.read(look)

    def _tell(self, heads: dict[str, Point], turned_away: set[str]) -> None:
        if (heads, turned_away) != (self._heads, self._turned_away):
            self._heads, self._turned_away = heads, turned_away
            self._wake()

    def _wake(self) -> None:
        """Lets all who wait look again."""
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()
