"""One simulated life: a schedule drawn from a seed, played, healed and judged; and the shortest that fails too."""

from __future__ import annotations

import random
import tempfile
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from client_sdk.simulation import laws
from client_sdk.simulation.drives import Drives, InMemory, OnFiles
from client_sdk.simulation.faults import FAULTS
from client_sdk.simulation.life import LIFE, Act
from client_sdk.simulation.world import World

ON_FILES_EVERY = 10
"""One seed in so many runs on real SQLite files."""

ACTS: dict[str, Act] = {act.__name__: act for _, act in (*LIFE, *FAULTS)}
_NAMES = list(ACTS)
_WEIGHTS = [weight for weight, _ in (*LIFE, *FAULTS)]


class Step(msgspec.Struct, frozen=True, array_like=True):
    """One thing that happens: what, to the how manyth device (modulo), and with which dice."""

    act: str
    who: int
    dice: int


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What a run did and what it came to. ``broken`` holds a sentence for each law that did not hold."""

    seed: int
    replicas: int
    steps: int
    on_files: bool
    did: dict[str, int]
    faults: dict[str, int]
    events: int
    acknowledged: int
    head_hash: str
    digest: str
    broken: list[str]
    schedule: list[Step] | None = None
    """The shortest schedule found that fails in the same way."""


def words(step: Step) -> str:
    """What a step does, in a sentence."""
    return (ACTS[step.act].__doc__ or step.act).strip()


def schedule(seed: int, steps: int) -> list[Step]:
    """The steps of a seed."""
    dice = random.Random(seed)  # noqa: S311  # a simulation must repeat itself
    acts = dice.choices(_NAMES, _WEIGHTS, k=steps)
    return [Step(act, dice.randrange(100), dice.getrandbits(32)) for act in acts]


def play(seed: int, replicas: int, steps: Sequence[Step]) -> Outcome:
    """Does the steps one after another, heals everything, and judges what is left."""
    on_files = seed % ON_FILES_EVERY == 0
    with _drives(on_files=on_files) as drives:
        world = World(seed, replicas, drives)
        try:
            found = _play(world, steps) or laws.broken(world)
            head, head_hash = world.station.head()
            digest = world.station.digest()
        finally:
            world.close()
    return Outcome(
        seed=seed,
        replicas=replicas,
        steps=len(steps),
        on_files=on_files,
        did=dict(sorted(world.did.items())),
        faults={name: count for name, count in sorted(world.faults.items()) if count},
        events=head,
        acknowledged=len(world.acknowledged),
        head_hash=head_hash,
        digest=digest,
        broken=found,
    )


def simulate(
    seed: int, replicas: int, steps: int, progress: Callable[[int, int], None] = lambda _tried, _length: None
) -> Outcome:
    """Plays a seed; should it fail, looks for the shortest schedule that fails too."""
    drawn = schedule(seed, steps)
    outcome = play(seed, replicas, drawn)
    if not outcome.broken:
        return outcome
    shortest = shrink(drawn, lambda tried: bool(play(seed, replicas, tried).broken), progress)
    return msgspec.structs.replace(play(seed, replicas, shortest), schedule=shortest)


def shrink(
    steps: Sequence[Step],
    fails: Callable[[Sequence[Step]], bool],
    progress: Callable[[int, int], None] = lambda _tried, _length: None,
) -> list[Step]:
    """The shortest failing part of a failing schedule that leaving out pieces of halving size finds.

    Zeller's ddmin (IEEE TSE 28:183, 2002), without the search in the pieces alone.
    """
    kept, tried = list(steps), 0
    size = max(1, len(kept) // 2)
    while True:
        start, smaller = 0, False
        while start < len(kept):
            tried += 1
            progress(tried, len(kept))
            candidate = kept[:start] + kept[start + size :]
            if fails(candidate):
                kept, smaller = candidate, True
            else:
                start += size
        if size == 1 and not smaller:
            return kept
        size = max(1, size // 2)


def _play(world: World, steps: Sequence[Step]) -> list[str]:
    """Plays and heals; a sentence where something came of it that no page documents."""
    step: Step | None = None
    try:
        for step in steps:
            dice = random.Random(step.dice)  # noqa: S311  # as above
            world.wait(dice)
            ACTS[step.act](world, world.devices[step.who % len(world.devices)], dice)
            world.did[step.act] += 1
        step = None
        world.heal()
    except Exception as error:  # noqa: BLE001  # whatever escapes is a finding
        where = traceback.extract_tb(error.__traceback__)[-1]
        doing = "healing" if step is None else step.act
        place = f"{doing}, {where.name} of {Path(where.filename).name}"
        return [f"undocumented: {type(error).__name__} in {place}: {error}"]
    return []


@contextmanager
def _drives(*, on_files: bool) -> Iterator[Drives]:
    if not on_files:
        yield InMemory()
        return
    with tempfile.TemporaryDirectory(prefix="ironledger-") as folder:
        yield OnFiles(Path(folder))
