"""Who listens for a ledger to grow, and how they hear of it.

One task watches the store for all listeners. A commit in this process wakes it at once; a commit of another process
on the same file it notices by itself, by asking SQLite now and then whether anything changed.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
import structlog
from anyio import to_thread

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
        poll_s: How soon a commit of another process is noticed.
        heartbeat_s: How long a listener hears nothing at the most.
    """

    def __init__(self, store: Store, poll_s: float = POLL_S, heartbeat_s: float = HEARTBEAT_S) -> None:
        self._store = store
        self._poll_s = poll_s
        self._heartbeat_s = heartbeat_s
        self._listeners: Counter[str] = Counter()
        self._heads: dict[str, Point] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._grown = asyncio.Event()
        self._moved = asyncio.Event()
        self._is_open = True

    def grew(self, account: str) -> None:
        """Tells of a commit, from whatever thread."""
        loop = self._loop
        if loop is not None and self._listeners[account]:
            with contextlib.suppress(RuntimeError):  # the loop has ended, and so has all listening
                loop.call_soon_threadsafe(self._grown.set)

    async def heads(self, account: str) -> AsyncIterator[Point | None]:
        """The head of a ledger, at once and whenever it moved; None as a heartbeat. Ends when the hub closes."""
        self._listeners[account] += 1
        self._grown.set()
        told = None
        try:
            while self._is_open:
                moved = self._moved  # taken before looking, so that nothing moves unseen between looking and waiting
                head = self._heads.get(account)
                if head is not None and head != told:
                    told = head
                    yield head
                    continue
                with anyio.move_on_after(self._heartbeat_s) as waiting:
                    await moved.wait()
                if waiting.cancelled_caught:
                    yield None
        finally:
            self._listeners[account] -= 1
            if not self._listeners[account]:
                self._heads.pop(account, None)  # nobody keeps it current any more

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        """Watches the store while the context lasts."""
        self._loop = asyncio.get_running_loop()
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._watch)
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

    async def _watch(self) -> None:
        version = None
        while True:
            with anyio.move_on_after(self._poll_s):
                await self._grown.wait()
            is_told = self._grown.is_set()
            self._grown.clear()
            self._listeners = +self._listeners
            if not self._listeners:
                continue
            try:
                former, version = version, await to_thread.run_sync(self._store.version)
                if is_told or version != former:
                    self._tell(await to_thread.run_sync(self._read_heads, tuple(self._listeners)))
            except UnavailableError as error:
                log.warning("heads cannot be read", error=str(error))
                version = None

    def _read_heads(self, accounts: tuple[str, ...]) -> dict[str, Point]:
        def look(ledgers: Reader) -> dict[str, Point]:
            return {account: ledgers.head(account) for account in accounts}

        return self._store.read(look)

    def _tell(self, heads: dict[str, Point]) -> None:
        if heads != self._heads:
            self._heads = heads
            moved, self._moved = self._moved, asyncio.Event()
            moved.set()
