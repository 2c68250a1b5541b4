"""Bugs to plant in the product, each the kind that a sync service dies of; the simulator must find them."""

# ruff: noqa: SLF001, ANN401  # a bug reaches into what is private, and takes whatever passes there

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from unittest.mock import patch

import msgspec

from client_sdk.courier import Courier, SyncSummary
from client_sdk.errors import UnreachableError
from client_sdk.folding import Folding
from client_sdk.memory_store import MemoryStore
from client_sdk.simulation.failures import _GuardedReplicaStore
from client_sdk.store import Derived, Held, Local, Rewriting
from projections import conflicts, facts, programs
from projections.facts import Delta
from projections.groups import Groups
from projections.registers import Register, Write


@contextmanager
def a_lost_acknowledgement_is_taken_for_success() -> Iterator[None]:
    """No answer came, and the client forgets what it sent all the same."""
    honest = Courier.run

    def forget(local: Local, outbox: list[Held]) -> Rewriting:
        sent = [(held.event.replica, held.event.seq) for held in outbox]
        return Rewriting(replica=local.replica, dropped=sent, added=[], tips={}, said=None)

    def run(self: Courier) -> SyncSummary:
        try:
            return honest(self)
        except UnreachableError:
            self._store.rewrite(forget)
            raise

    with patch.object(Courier, "run", run):
        yield


@contextmanager
def a_cursor_is_saved_before_its_records() -> Iterator[None]:
    """Two writes where one transaction belongs: the power can fail between them."""
    honest = _GuardedReplicaStore._write

    def write(self: Any, method: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        store = self._store
        if method.__name__ == "advance" and isinstance(store, MemoryStore):
            before, pulled = arguments
            moved = {"head": before.head + len(pulled), **{name: options[name] for name in ("cursor", "head_hash")}}
            former = {name: getattr(store.local(), name) for name in moved}
            honest(self, store._set, **moved)
            store._set(**former)
        return honest(self, method, *arguments, **options)

    with patch.object(_GuardedReplicaStore, "_write", write):
        yield


@contextmanager
def the_last_to_arrive_wins() -> Iterator[None]:
    """What came last overwrites what was there, whoever had seen what."""

    def resolve(writes: Sequence[Write], _before: object) -> Register:
        return Register(list(writes)[-1], ())

    with (
        patch.object(facts, "resolve", resolve),
        patch.object(conflicts, "resolve", resolve),
        patch.object(programs, "resolve", resolve),
    ):
        yield


@contextmanager
def a_checkpoint_is_off_by_one() -> Iterator[None]:
    """It says that it holds an event of the outbox more than it does."""
    honest = Folding._named

    def named(self: Folding, content: bytes) -> Derived:
        derived = honest(self, content)
        return msgspec.structs.replace(derived, place=derived.place + 1)

    with patch.object(Folding, "_named", named):
        yield


@contextmanager
def a_retraction_is_forgotten() -> Iterator[None]:
    """What is no longer true stays in the sums."""
    honest = Groups.apply

    def apply(self: Any, deltas: Collection[Delta]) -> None:
        honest(self, [msgspec.structs.replace(delta, retracted=None) for delta in deltas])

    with patch.object(Groups, "apply", apply):
        yield


BUGS: tuple[Callable[[], AbstractContextManager[None]], ...] = (
    a_lost_acknowledgement_is_taken_for_success,
    a_cursor_is_saved_before_its_records,
    the_last_to_arrive_wins,
    a_checkpoint_is_off_by_one,
    a_retraction_is_forgotten,
)
