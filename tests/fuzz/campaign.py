"""What all fuzzing has in common: cases by number, outcomes counted, and the smallest input that goes wrong.

Case ``n`` of a seed is always the same, whatever was played before it and in however many processes.
"""

from __future__ import annotations

import re
import signal
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from random import Random
from typing import Any, Protocol, TypeVar

S = TypeVar("S", bound=Sequence[Any])

PATIENCE_S = 60
"""A case that takes longer hangs."""
SHRINKING_S = 30
LONGEST_TOLD = 4000
"""How many characters of an input are printed; a longer one is written to a file."""


class Undocumented(AssertionError):  # noqa: N818  (it is no error of this program)
    """An outcome that no page speaks of; ``material`` is what led to it."""

    def __init__(self, sentence: str, material: Sequence[Any]) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.material = material


class Target(Protocol):
    """Something to be fuzzed."""

    name: str
    inputs: int
    """How many there are in a case."""

    def play(self, random: Random, outcomes: Counter[str]) -> None:
        """Plays one case, and counts what its inputs came to.

        Raises:
            Undocumented: where one of them came to something else than the documents say.
        """
        ...

    def replay(self, material: Any, /) -> None:  # noqa: ANN401  (what the target's own Undocumented holds)
        """Plays an input again.

        Raises:
            Undocumented: as ``play``.
        """
        ...


class Failure(AssertionError):  # noqa: N818  (it is no error of this program)
    """An undocumented outcome, with what is needed to see it again."""


def play(target: Target, seed: int, cases: range) -> Counter[str]:
    """Plays these cases; gives the outcomes.

    Raises:
        Failure: at the first undocumented outcome, with the smallest input found.
    """
    outcomes: Counter[str] = Counter()
    for case in cases:
        named = f"{target.name}, seed {seed}, case {case}"
        try:
            with _patience(PATIENCE_S):
                target.play(Random(f"{seed} {target.name} {case}"), outcomes)  # noqa: S311  (it must repeat itself)
        except Undocumented as undocumented:
            raise Failure(f"{named}: {_smallest(target, undocumented)}") from undocumented
        except Exception as error:
            raise Failure(f"{named}: {error!r}\n{traceback.format_exc()}") from error
    return outcomes


def _smallest(target: Target, undocumented: Undocumented) -> str:
    sentence, material = undocumented.sentence, undocumented.material
    smallest = shrunk(material, lambda candidate: _fails_alike(target, candidate, sentence))
    cause = "".join(traceback.format_exception(undocumented.__cause__)) if undocumented.__cause__ else ""
    told = repr(smallest)
    if len(told) > LONGEST_TOLD:
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", prefix=f"{target.name}-", delete=False) as file:
            file.write(told)
        told = f"{told[:LONGEST_TOLD]} … (whole in {file.name})"
    return f"{sentence}\nSmallest input found ({len(smallest)} of {len(material)}): {told}\n{cause}"


def shrunk(material: S, fails: Callable[[S], bool]) -> S:
    """A smaller sequence that fails too: ever smaller pieces are left out, as long as there is time."""
    deadline = time.monotonic() + SHRINKING_S
    size = max(1, len(material) // 2)
    while size and time.monotonic() < deadline:
        place, before = 0, len(material)
        while place < len(material) and time.monotonic() < deadline:
            shorter: S = material[:place] + material[place + size :]  # type: ignore[operator,assignment,index]
            if fails(shorter):
                material = shorter
            else:
                place += size
        if size > 1 or len(material) == before:
            size //= 2
    return material


def _fails_alike(target: Target, material: Any, sentence: str) -> bool:  # noqa: ANN401  (the target's own)
    try:
        with _patience(PATIENCE_S):
            target.replay(material)
    except Undocumented as failure:
        return _kind(failure.sentence) == _kind(sentence)
    except Exception:  # noqa: BLE001  (some other fault of the shrunken input)
        return False
    return False


def _kind(sentence: str) -> str:
    """The part of a sentence that does not depend on the input."""
    return re.sub(r"\d+", "0", sentence.partition(":")[0].partition(" [")[0])


@contextmanager
def _patience(seconds: int) -> Iterator[None]:
    """Ends what hangs with an exception; only the main thread of a process can."""

    def give_up(*_: object) -> None:
        raise TimeoutError(f"no outcome within {seconds} s")

    former = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, former)
