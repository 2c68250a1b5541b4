"""One commit for all who wait."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator

import pytest

from server.errors import UnavailableError
from server.group_commit import GroupCommit


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    connection.execute("CREATE TABLE numbers (number INTEGER CHECK (number < 100))")
    yield connection
    connection.close()


@pytest.fixture
def writer(connection: sqlite3.Connection) -> Iterator[GroupCommit]:
    writer = GroupCommit(connection)
    yield writer
    writer.close()


def numbers(connection: sqlite3.Connection) -> list[int]:
    return sorted(number for (number,) in connection.execute("SELECT number FROM numbers"))


class Queue:
    """Work that gathers behind a first piece, which waits to be let go."""

    def __init__(self, connection: sqlite3.Connection, writer: GroupCommit) -> None:
        self._connection = connection
        self._writer = writer
        self._go = threading.Event()
        begun = threading.Event()

        def wait() -> None:
            begun.set()
            self._go.wait(5)

        self.first = writer.submit(wait)
        begun.wait(5)

    def insert(self, number: int) -> object:
        def work() -> int:
            self._connection.execute("INSERT INTO numbers VALUES (?)", (number,))
            return number

        return work

    def run(self, *works: object) -> list[object]:
        """The outcomes of all the work, of which none began before all of it waited."""
        waiting = [self._writer.submit(work) for work in works]  # type: ignore[arg-type]
        self._go.set()
        return [done.exception(5) or done.result(5) for done in waiting]


@pytest.fixture
def queue(connection: sqlite3.Connection, writer: GroupCommit) -> Queue:
    return Queue(connection, writer)


def test_all_who_wait_share_one_commit(connection: sqlite3.Connection, queue: Queue) -> None:
    statements: list[str] = []
    connection.set_trace_callback(statements.append)
    assert queue.run(*(queue.insert(number) for number in range(10))) == list(range(10))
    assert [statement for statement in statements if "COMMIT" in statement or "BEGIN" in statement] == [
        "COMMIT",  # of the first piece
        "BEGIN IMMEDIATE",
        "COMMIT",
    ]
    assert numbers(connection) == list(range(10))


def test_what_fails_fails_alone_and_leaves_nothing(connection: sqlite3.Connection, queue: Queue) -> None:
    def fail() -> None:
        connection.execute("INSERT INTO numbers VALUES (50)")
        raise ZeroDivisionError

    one, failed, refused, two = queue.run(queue.insert(1), fail, queue.insert(100), queue.insert(2))
    assert (one, two) == (1, 2)
    assert isinstance(failed, ZeroDivisionError)
    assert isinstance(refused, sqlite3.IntegrityError)
    assert numbers(connection) == [1, 2]


def test_what_follows_is_done_once_it_is_durable_and_before_anybody_hears_of_it(
    connection: sqlite3.Connection, writer: GroupCommit
) -> None:
    told: list[str] = []

    def insert() -> int:
        connection.execute("INSERT INTO numbers VALUES (1)")
        return 1

    def then(number: int) -> None:
        assert not connection.in_transaction
        told.append(f"{number} is durable")

    done = writer.submit(insert, then)
    done.add_done_callback(lambda _: told.append("told"))
    writer.close()
    assert told == ["1 is durable", "told"]


def test_what_follows_may_fail_and_the_writer_goes_on(writer: GroupCommit) -> None:
    assert isinstance(writer.submit(lambda: 0, lambda number: 1 // number).exception(5), ZeroDivisionError)
    assert writer.submit(lambda: 1, lambda number: 1 // number).result(5) == 1


def test_when_the_transaction_is_lost_everybody_may_try_again(
    connection: sqlite3.Connection, writer: GroupCommit, queue: Queue
) -> None:
    def lose() -> None:
        connection.execute("ROLLBACK")
        raise sqlite3.OperationalError("database or disk is full")

    outcomes = queue.run(queue.insert(1), lose, queue.insert(2))
    assert all(isinstance(outcome, UnavailableError) for outcome in outcomes)
    assert numbers(connection) == []
    assert writer.submit(queue.insert(3)).result(5) == 3  # type: ignore[arg-type]
    assert numbers(connection) == [3]


def test_work_that_waits_is_done_before_the_end(
    connection: sqlite3.Connection, queue: Queue, writer: GroupCommit
) -> None:
    ending = threading.Timer(0.05, writer.close)
    ending.start()
    assert queue.run(queue.insert(1), queue.insert(2)) == [1, 2]
    ending.join()
    with pytest.raises(UnavailableError):
        writer.submit(queue.insert(3)).result(5)  # type: ignore[arg-type]
    assert numbers(connection) == [1, 2]


def test_tidying_that_fails_is_not_tried_at_every_commit(
    connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.group_commit.TIDY_AGAIN_S", 3600)
    tried = []

    def tidy() -> None:
        tried.append("once")
        raise sqlite3.OperationalError("database or disk is full")

    writer = GroupCommit(connection, tidy)
    for number in range(3):
        writer.submit(lambda number=number: connection.execute("INSERT INTO numbers VALUES (?)", (number,))).result(5)
    writer.close()
    assert tried == ["once"]
    assert connection.execute("SELECT count(*) FROM numbers").fetchone() == (3,)
