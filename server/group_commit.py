"""One thread that writes, and one commit for all who wait.

A commit costs a flush to disk, whatever is in it. So the writer takes all work that gathered while it was busy, runs
each piece under a savepoint of its own, commits once, and only then tells the callers: what fails fails alone, and
nobody hears of success before it is durable.
"""

from __future__ import annotations

import contextlib
import queue
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from server.errors import UnavailableError

T = TypeVar("T")

LARGEST_GROUP = 64
"""More would make the first of a group wait for too many others."""
TIDY_AGAIN_S = 5.0
"""After it failed, as on a full disk: it may have taken long, and those who write must not wait for it each time."""


class GroupCommit:
    """Runs work on ``connection``, one transaction at a time, in a thread of its own.

    Args:
        connection: What writes.
        tidy: Called at first and after each commit, before anybody hears of it; None where nothing is left to do,
            else in how many seconds it wants to be called again. Whatever it raises undoes nothing, and spares it
            the commits of the next seconds.
    """

    def __init__(self, connection: sqlite3.Connection, tidy: Callable[[], float | None] = lambda: None) -> None:
        self._connection = connection
        self._tidy = tidy
        self._tidy_rests_until = 0.0
        """In seconds of the monotonic clock."""
        self._waiting: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._gate = threading.Lock()
        self._is_open = True
        self._thread = threading.Thread(target=self._serve, name="store-writer", daemon=True)
        self._thread.start()

    def submit(self, work: Callable[[], T], then: Callable[[T], object] = lambda _: None) -> Future[T]:
        """Has ``work`` run in the writer's thread; done once what it wrote is durable.

        Args:
            work: What writes.
            then: Called there with the result once that is durable, before anybody else hears of it.

        Returns:
            What gives the result, or raises ``UnavailableError`` where nothing could be written, else whatever
            ``work`` or ``then`` raises.
        """
        job = _Job(work, then)
        with self._gate:
            if self._is_open:
                self._waiting.put(job)
                return job.done
        job.fail(UnavailableError("The store is closed."))
        job.tell()
        return job.done

    def close(self) -> None:
        """Finishes the work that waits, then ends the thread."""
        with self._gate:
            if self._is_open:
                self._is_open = False
                self._waiting.put(None)
        self._thread.join()

    def _serve(self) -> None:
        tidy_in_s, is_last = self._tidied(), False
        while not is_last:
            try:
                first = self._waiting.get(timeout=tidy_in_s)
            except queue.Empty:
                tidy_in_s = self._tidied()
                continue
            if first is None:
                return
            group, is_last = self._gather(first)
            self._write(group)
            tidy_in_s = self._tidied()
            for job in group:
                job.tell()

    def _gather(self, first: _Job) -> tuple[list[_Job], bool]:
        """All who wait by now, and whether the end was among them."""
        group = [first]
        while len(group) < LARGEST_GROUP:
            try:
                job = self._waiting.get_nowait()
            except queue.Empty:
                break
            if job is None:
                return group, True
            group.append(job)
        return group, False

    def _write(self, group: list[_Job]) -> None:
        """One transaction for the group. SQLite may give up the whole of it: then all fail, and may try again."""
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            for job in group:
                self._attempt(job)
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            with contextlib.suppress(sqlite3.Error):
                self._connection.rollback()
            for job in group:
                job.fail(could_not(error))

    def _tidied(self) -> float | None:
        rest_s = self._tidy_rests_until - time.monotonic()
        if rest_s > 0:
            return rest_s
        try:
            return self._tidy()
        except sqlite3.Error:
            self._tidy_rests_until = time.monotonic() + TIDY_AGAIN_S
            return TIDY_AGAIN_S

    def _attempt(self, job: _Job) -> None:
        self._connection.execute("SAVEPOINT job")
        try:
            job.result = job.work()
        except Exception as error:
            if not self._connection.in_transaction:
                raise sqlite3.OperationalError(str(error)) from error
            self._connection.execute("ROLLBACK TO job")
            job.fail(could_not(error) if isinstance(error, sqlite3.OperationalError) else error)
        self._connection.execute("RELEASE job")


def could_not(error: sqlite3.Error) -> UnavailableError:
    """SQLite's complaint as ours: nothing was kept, and another try may succeed."""
    return UnavailableError(
        f"The database cannot be used now: {error}.", "Try again; if it lasts, see to the server."
    )


class _Job:
    def __init__(self, work: Callable[[], Any], then: Callable[[Any], object]) -> None:
        self.work = work
        self._then = then
        self.done: Future[Any] = Future()
        self.result: Any = None
        self._error: Exception | None = None

    def fail(self, error: Exception) -> None:
        self._error = self._error or error

    def tell(self) -> None:
        if self._error is None:
            try:
                self._then(self.result)
            except Exception as error:  # noqa: BLE001  (whoever waits is to know; the writer goes on)
                self.fail(error)
        if self._error is None:
            self.done.set_result(self.result)
        else:
            self.done.set_exception(self._error)
