"""The process that is killed: a device that logs, corrects, voids, erases, folds and syncs on one ledger file.

    python tests/crashes/device.py LEDGER SEED

It says ``begin`` before everything that it does, ``kept`` with the ids of events once the call that wrote them has
returned, and ``end`` after it. What was said ``kept`` was acknowledged to a user.
"""

from __future__ import annotations

import sys
from pathlib import Path
from random import Random

from client_sdk import Replica, folding
from client_sdk.errors import UnreachableError
from client_sdk.http import HttpEndpoint
from client_sdk.store import UnderWay
from events import Event, Load
from events.training import SessionFinished, SessionStarted, SetLogged

SESSION = "0197f3a0-0000-7000-8000-0000000000f5"
"""That of the sets that are logged several at a time."""

folding.CHECKPOINT_EVERY = 30  # so that kills hit checkpoints too


def main(file: Path, seed: int) -> None:
    """Works until it is killed."""
    random = Random(seed)  # noqa: S311  (it must repeat itself)
    with Replica.open(file) as replica:
        say("ready")
        while True:
            action = random.choice(ACTIONS)
            say(f"begin {action}")
            say("kept", *(event.id for event in act(replica, action, random)))
            say(f"end {action}")


ACTIONS = (
    *("log", "log several", "correct", "session", "fold", "sync", "sync") * 3,
    *("void", "restore", "erase"),
)


def act(replica: Replica, action: str, random: Random) -> list[Event]:  # noqa: PLR0911  (one for each action)
    """Does one thing; the events that it wrote are durable."""
    sets = [name for kind, name in replica.ledger().facts.created if kind == "set_logged"] or [replica.new_id()]
    match action:
        case "log":
            return [replica.log_set("back_squat", load=Load(100_000, "kg"), reps=random.randrange(1, 13))]
        case "log several":
            drafts = [replica.draft(a_set(replica, random)) for _ in range(random.choice((5, 30)))]
            return replica.write_sets(drafts)
        case "correct":
            return [replica.correct(random.choice(sets), reps=random.randrange(1, 13), note="As it was.")]
        case "void":
            return [replica.void(random.choice(sets))]
        case "restore":
            return [replica.restore(random.choice(sets))]
        case "erase":
            known = sorted(replica.ledger().facts.entries.counted)
            return replica.erase(random.choice(known)) if known else []
        case "session":
            begins = replica.draft(SessionStarted(session=SESSION, title="Legs"))
            ends = replica.draft(SessionFinished(session=SESSION, note="Good."))
            return replica.write([begins, ends], UnderWay(SESSION, begins.at))
        case "fold":
            replica.status()
        case "sync":
            sync(replica)
    return []


def a_set(replica: Replica, random: Random) -> SetLogged:
    """A set of a leg day."""
    return SetLogged(
        set=replica.new_id(), session=SESSION, exercise="leg_press", kind="working", reps=random.randrange(1, 16)
    )


def sync(replica: Replica) -> None:
    """Syncs as the command line does."""
    local = replica.store.local()
    with HttpEndpoint(local.server or "", local.token or "") as endpoint:
        try:
            summary = replica.sync(endpoint)
        except UnreachableError:
            return
    if summary.renamed:
        say("renamed")


def say(*words: str) -> None:
    """One line that is out before the next thing is done."""
    sys.stdout.write(" ".join(words) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
