"""The face of a device: log, correct, void, report, sync. Everything but ``sync`` works with no network.

>>> replica = Replica.in_memory()
>>> logged = replica.log_set("back_squat", load=Load(100_000, "kg"), reps=8)
>>> replica.report("records")["exercises"][0]["heaviest"]["reps"]
8
"""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import msgspec

from client_sdk.asking import Question, answer
from client_sdk.bar import AtTheBar, at_the_bar
from client_sdk.courier import Courier, SyncSummary
from client_sdk.draft import Draft, links
from client_sdk.errors import NotFoundError, OtherAccountError
from client_sdk.folding import CHECKPOINT_EVERY, Folding
from client_sdk.memory_store import MemoryStore
from client_sdk.merging import still_under_way
from client_sdk.sqlite_store import SqliteStore
from client_sdk.store import SignedIn, Store, UnderWay
from client_sdk.under_way import SAME_SESSION_MS, after_sets, session_near, session_under_way, without
from client_sdk.verification import Verification, verify
from events import Body, Event
from events.codec import CODEC, Codec
from events.corrections import EventErased, FactCorrected, FactRestored, FactVoided
from events.errors import IronledgerError
from events.identifiers import ENTROPY_BYTES, uuid7
from events.protocol import SyncEndpoint
from events.quantities import local_day
from events.training import SessionFinished, SessionStarted, SetKind, SetLogged
from projections.ledger import Ledger

Clock = Callable[[], int]
Entropy = Callable[[int], bytes]


def system_clock() -> int:
    """Unix milliseconds."""
    return time.time_ns() // 1_000_000


def system_offset(at: int) -> int:
    """Minutes east of UTC of this machine's wall clock at a moment."""
    offset = datetime.fromtimestamp(at / 1000, UTC).astimezone().utcoffset()
    return 0 if offset is None else int(offset.total_seconds()) // 60


class Replica:
    """One copy of the ledger.

    Args:
        store: Where it is kept.
        clock: Unix milliseconds.
        entropy: So many random bytes.
        offset_at: Minutes east of UTC of the lifter's wall clock at a moment.
        codec: What this version can read of the events.
        checkpoint_every: After how many events a new checkpoint of the fold is kept.
    """

    def __init__(  # noqa: PLR0913  # what a device has of its own
        self,
        store: Store,
        *,
        clock: Clock = system_clock,
        entropy: Entropy = os.urandom,
        offset_at: Callable[[int], int] = system_offset,
        codec: Codec = CODEC,
        checkpoint_every: int = CHECKPOINT_EVERY,
    ) -> None:
        self.store = store
        self.clock = clock
        self.offset_at = offset_at
        self._entropy = entropy
        self._folding = Folding(store, codec, checkpoint_every)
        self._follows: dict[str, bool] = {}
        """By session: whether it follows a day of a program."""

    @classmethod
    def open(cls, path: Path | str) -> Self:
        """Opens a ledger file; a new one where there is none.

        Raises:
            LedgerFileError: where the file is something else, of a newer version, or can't be used.
        """
        return cls(SqliteStore(Path(path), str(uuid.uuid4())))

    @classmethod
    def in_memory(cls, replica_id: str | None = None) -> Self:
        """A replica that is gone with the process."""
        return cls(MemoryStore(replica_id or str(uuid.uuid4())))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Lets go of the file."""
        self.store.close()

    def new_id(self, at: int | None = None) -> str:
        """A name for something new."""
        return uuid7(self.clock() if at is None else at, self._entropy(ENTROPY_BYTES))

    def require_writable(self) -> None:
        """Makes sure that something can be written here before something is changed elsewhere.

        Raises:
            LedgerFileError: where it can't.
        """
        local = self.store.local()
        self.store.write(lambda _local, _tips: [], UnderWay(local.session, local.session_at))

    def write(self, drafts: Iterable[Draft], under_way: UnderWay | None = None) -> list[Event]:
        """Writes facts, durable when this returns: all of them, or none.

        Args:
            drafts: The facts.
            under_way: The session to which the next set belongs from then on; None leaves it as it is.

        Raises:
            MalformedError: where a fact breaks its schema or the limits on an event.
        """
        wanted = list(drafts)
        return self.store.write(
            lambda local, tips: links(wanted, local, tips, clock=self.clock, new_id=self.new_id), under_way
        )

    def log(self, body: Body, at: int | None = None, offset: int | None = None) -> Event:
        """Writes one fact, of here and now unless it is said when.

        Args:
            body: What is so.
            at: When it happened, in Unix ms.
            offset: Minutes east of UTC of the lifter's wall clock then.

        Raises:
            MalformedError: where the fact breaks its schema or the limits on an event.
        """
        return self.write([self.draft(body, at, offset)])[0]

    def draft(self, body: Body, at: int | None = None, offset: int | None = None) -> Draft:
        """A fact of here and now, unless it is said when."""
        moment = self.clock() if at is None else at
        return Draft(body=body, at=moment, offset=self.offset_at(moment) if offset is None else offset)

    def start_session(
        self,
        *,
        at: int | None = None,
        offset: int | None = None,
        **said: Any,  # noqa: ANN401  # the fields of SessionStarted
    ) -> str:
        """Starts a session and returns its name; sets logged from now on belong to it.

        Args:
            at: When, in Unix ms; now by default.
            offset: Minutes east of UTC of the lifter's wall clock then.
            said: ``title``, ``place``, ``program`` and ``program_day``.
        """
        moment = self.clock() if at is None else at
        session = self.new_id(moment)
        body = SessionStarted(session=session, **said)
        self.write([self.draft(body, moment, offset)], UnderWay(session, self.clock()))
        self._follows[session] = body.program_day is not None
        return session

    def finish_session(
        self,
        session: str | None = None,
        *,
        at: int | None = None,
        offset: int | None = None,
        **said: Any,  # noqa: ANN401  # the fields of SessionFinished
    ) -> str:
        """Finishes a session, by default the one under way, and returns its name.

        Args:
            session: Its name.
            at: When, in Unix ms; now by default.
            offset: Minutes east of UTC of the lifter's wall clock then.
            said: ``note`` and ``effort_tenths``.

        Raises:
            NotFoundError: where no session is under way.
        """
        local = self.store.local()
        finished = session or local.session
        if finished is None:
            raise NotFoundError("No session is under way.", "Start one with `ironledger session start`.")
        ended = self.draft(SessionFinished(session=finished, **said), at, offset)
        self.write([ended], without(local, finished))
        return finished

    def log_set(
        self,
        exercise: str,
        *,
        kind: SetKind = "working",
        at: int | None = None,
        **said: Any,  # noqa: ANN401  # the fields of SetLogged
    ) -> Event:
        """Logs one set, by default to the session that is under way.

        Args:
            exercise: The exercise's id.
            kind: What sort of set it was.
            at: When, in Unix ms; now by default.
            said: The further fields of ``SetLogged``: ``reps``, ``load``, ``load_kind``, ``side``, ``session`` …
                Where no ``slot`` is among them, and the session under way follows a day of a program, it is the one
                that ``AtTheBar.slot_of`` finds there.

        Raises:
            MalformedError: where a value is none that a set can have.
        """
        moment = self.clock() if at is None else at
        named = said.pop("session", None)
        session = named or self.session_at(moment)
        body = SetLogged(set=self.new_id(moment), session=session, exercise=exercise, kind=kind, **said)
        if "slot" not in said and (slot := self._slot_of(body)) is not None:
            body = msgspec.structs.replace(body, slot=slot)
        return self.write_sets([self.draft(body, moment)], enters=named is None)[0]

    def write_sets(self, drafts: Sequence[Draft], *, enters: bool = True) -> list[Event]:
        """Writes sets or drills of one session.

        Args:
            drafts: The sets or drills.
            enters: Whether their session is under way from then on, where none is; one that is stays so anyway.
        """
        return self.write(drafts, after_sets(self.store.local(), drafts, self.clock(), enters=enters))

    def session_at(self, moment: int) -> str:
        """The session to which a set of that moment belongs.

        Now, the one under way, or a new one that nobody started; for earlier on, that of the nearest start, set or
        drill within hours, or a new one.
        """
        now = self.clock()
        if now - moment <= SAME_SESSION_MS:
            session = session_under_way(self.store.local(), now)
        else:
            session = session_near(self.ledger().facts, moment)
        if session is None:
            session = self.new_id(moment)
            self._follows[session] = False
        return session

    def _slot_of(self, body: SetLogged) -> str | None:
        """The slot of its session's training day that a set belongs to, as the bar knows it.

        None where its session is not the one under way, or follows no day; and where the ledger can't be folded, for
        a set is logged all the same.
        """
        session = body.session
        if not self._follows.get(session, True) or session != self.store.local().session:
            return None
        with suppress(IronledgerError):
            if session not in self._follows:
                started = self.ledger().facts.effective.get("session_started", {}).get(session)
                self._follows[session] = getattr(started and started.body, "program_day", None) is not None
            return self.at_the_bar().slot_of(body) if self._follows[session] else None
        return None

    def correct(self, target: str, **changes: Any) -> Event:  # noqa: ANN401  # any field of any fact
        """Says that it was always so: fields of a fact by their JSON names; ``at`` and ``offset`` say when it was."""
        return self.log(FactCorrected(target=target, changes=msgspec.to_builtins(changes)))

    def void(self, target: str, reason: str | None = None) -> Event:
        """Takes a fact, with all that is in it, out of every report; a session under way is so no longer."""
        voided = self.draft(FactVoided(target=target, reason=reason))
        return self.write([voided], without(self.store.local(), target))[0]

    def restore(self, target: str, reason: str | None = None) -> Event:
        """Lets a voided fact count again."""
        return self.log(FactRestored(target=target, reason=reason))

    def erase(self, *event_ids: str) -> list[Event]:
        """Takes the words of events out: here at once, elsewhere with the next sync. There is no way back."""
        erasures = self.write([self.draft(EventErased(target=event_id)) for event_id in event_ids])
        self._folding.require_erased()
        return erasures

    def today(self) -> int:
        """The local day of now, by the lifter's cut-off, counted from 1970-01-01."""
        now = self.clock()
        return local_day(now, self.offset_at(now), self.ledger().view.profile.day_cutoff_min or 0)

    def at_the_bar(self) -> AtTheBar:
        """What is to be known before the next set: last time, what comes next, the records; seldom a fold of all."""
        now = self.clock()
        session = session_under_way(self.store.local(), now)
        return at_the_bar(self.store, self._folding, (now, self.offset_at(now)), session)

    def ledger(self, known_at: int | None = None) -> Ledger:
        """The fold of all that this replica holds, brought up to now; or of the ledger up to a position.

        Raises:
            NotFoundError: where the ledger doesn't reach that position.
        """
        return self._folding.ledger() if known_at is None else self._folding.known_at(known_at)

    def report(  # noqa: PLR0913  # each is one thing that can be asked, as of the server
        self,
        name: str,
        as_of: int | None = None,
        *,
        known_at: int | None = None,
        explain: bool = False,
        before: int | None = None,
        limit: int | None = None,
    ) -> dict[str, Any]:
        """A report, the same object that the server gives for the same question.

        ``problems`` lists also what this replica has set aside, which the server has never seen, unless it is asked
        as known at a position.

        Args:
            name: One of ``projections.ledger.REPORTS``, or ``log``.
            as_of: A local day, counted from 1970-01-01, such as ``today()``; without it, the latest one on which a
                fact happened.
            known_at: Count only the records up to this position, and nothing of the outbox.
            explain: Whether every figure names the events behind it.
            before: For the long ones, ``sessions`` and ``log``: where the page ends, as the page before said.
            limit: How long that page is; without it, all sessions, and a usual page of the log.

        Raises:
            NotFoundError: where the ledger doesn't reach the position.
            UnknownNameError: where no report bears the name.
        """
        asked = Question(name=name, as_of=as_of, known_at=known_at, explain=explain, before=before, limit=limit)
        return answer(self.store, self.ledger, asked)

    def sign_in(self, server: str, signed_in: SignedIn, *, adopt: bool = False) -> None:
        """Remembers which account this ledger belongs to, and the device's token.

        Args:
            server: Where the server is.
            signed_in: What the server gave.
            adopt: Whether the account may take over the ledger of another: all of it is pushed to it then.

        Raises:
            OtherAccountError: where the ledger already belongs to another account, which was not to be adopted.
        """
        account = self.store.local().account
        if account not in {None, signed_in.account}:
            if not adopt:
                raise OtherAccountError(
                    "This ledger belongs to another account.",
                    "Choose a new file for this account with --ledger, or let it take this one over: --adopt.",
                )
            self.store.start_over()
        self.store.sign_in(account=signed_in.account, server=server, device=signed_in.device, token=signed_in.token)

    def sign_out(self) -> None:
        """Leaves an account that is no more: all that is held here waits for whichever account comes next."""
        self.store.start_over()
        self.store.sign_out()

    def sync(
        self, endpoint: SyncEndpoint, progress: Callable[[int, int], None] = lambda _held, _head: None
    ) -> SyncSummary:
        """Pushes and pulls until this replica and the server hold the same ledger.

        Raises:
            NotSignedInError: where the ledger has no account yet.
            SyncRefusedError: where the server refuses; the outbox is intact.
            UnreachableError: where no server answers; the outbox is intact.
            ServerError: where its answers can't be true; nothing of them is kept.
        """
        courier = Courier(self.store, endpoint, clock=self.clock, draw=self._draw_replica, progress=progress)
        summary = courier.run()
        if summary.erasures:
            self._folding.require_erased()
        if summary.pulled:
            self._follow_merge()
        return summary

    def _follow_merge(self) -> None:
        """The session under way here may have been merged into another one elsewhere: the next set goes there."""
        local = self.store.local()
        if local.session is not None:
            session = still_under_way(self.ledger().facts, local.session)
            if session != local.session:
                self.write([], UnderWay(session, None if session is None else local.session_at))

    def verify(self) -> Verification:
        """Walks the whole ledger: every hash chain, every position, the ledger hash."""
        return verify(self.store)

    def status(self) -> dict[str, Any]:
        """The replica's id, head, ledger hash and outbox, the digest of its reports, when it last synced.

        With them how many conflicts and problems there are.
        """
        local = self.store.local()
        return {
            "replica": local.replica,
            "head": local.head,
            "head_hash": local.head_hash.hex(),
            "outbox": self.store.outbox_size(),
            "digest": self._folding.digest(),
            "last_sync": local.last_sync,
            "conflicts": len(self.report("conflicts")["conflicts"]),
            "problems": len(self.report("problems")["problems"]),
        }

    def _draw_replica(self) -> str:
        return str(uuid.UUID(bytes=self._entropy(16), version=4))
