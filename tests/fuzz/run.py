"""``make fuzz``: the codec, the sync endpoint and the importers, fed with what nobody should send.

    python tests/fuzz/run.py --codec 900000 --sync 90000 --importers 10000 --seed 7 --json
    python tests/fuzz/run.py --only sync --case 412 --seed 7        one case again

Prints how many inputs came to which outcome. At an outcome that no page speaks of it ends with status 1, and prints
the seed, the number of the case, and the smallest input that it could find.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import TextIO

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parents[1]))

from fuzz.campaign import Failure, Target, play
from fuzz.codec import Codec
from fuzz.importers import Importers
from fuzz.sync import Sync

TARGETS: dict[str, Callable[[], Target]] = {"codec": Codec, "sync": Sync, "importers": Importers}
PIECES = 100
"""Into how many pieces the cases of a target are cut, so that all processes have work to the end."""


def main(arguments: list[str] | None = None, out: TextIO = sys.stdout) -> int:
    """Runs as the arguments say; the exit status is 1 where something undocumented was found."""
    options = _parser().parse_args(arguments)
    if options.case is not None:
        wanted = {options.only or "codec": range(options.case, options.case + 1)}
    else:
        counts = {name: getattr(options, name) for name in TARGETS}
        wanted = {name: range(-(-count // TARGETS[name]().inputs)) for name, count in counts.items() if count}
    report, failed = {}, False
    for name, cases in wanted.items():
        begun = time.monotonic()
        outcomes, failures = _spread(name, options.seed, cases, options.processes)
        failed |= bool(failures)
        report[name] = {
            "inputs": len(cases) * TARGETS[name]().inputs,
            "seed": options.seed,
            "seconds": round(time.monotonic() - begun),
            "outcomes": dict(sorted(outcomes.items())),
            "undocumented": failures,
        }
        if not options.json:
            _tell(name, report[name], out)
    if options.json:
        print(json.dumps(report, indent=2, ensure_ascii=False), file=out)
    return int(failed)


def _spread(name: str, seed: int, cases: range, processes: int) -> tuple[Counter[str], list[str]]:
    """Plays the cases in so many processes; after a failure the others end the piece that they are at."""
    size = max(1, -(-len(cases) // PIECES))
    pieces = [cases[start : start + size] for start in range(0, len(cases), size)]
    outcomes: Counter[str] = Counter()
    failures: list[str] = []
    with ProcessPoolExecutor(processes) as pool:
        for outcome in pool.map(partial(_piece, name, seed), pieces):
            if isinstance(outcome, str):
                failures.append(outcome)
                pool.shutdown(wait=False, cancel_futures=True)
                break
            outcomes += outcome
    return outcomes, failures


def _piece(name: str, seed: int, cases: range) -> Counter[str] | str:
    try:
        return play(TARGETS[name](), seed, cases)
    except Failure as failure:
        return str(failure)


def _tell(name: str, told: dict[str, object], out: TextIO) -> None:
    print(f"{name}: {told['inputs']:,} inputs with seed {told['seed']} in {told['seconds']} s", file=out)
    outcomes = told["outcomes"]
    assert isinstance(outcomes, dict)
    for outcome, count in outcomes.items():
        print(f"  {count:>9,}  {outcome}", file=out)
    failures = told["undocumented"]
    assert isinstance(failures, list)
    print("\n".join(failures) or "  No undocumented outcome.", file=out)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Fuzzes the codec, the sync endpoint and the importers.")
    parser.add_argument("--codec", type=int, default=0, help="texts and values for the codec")
    parser.add_argument("--sync", type=int, default=0, help="requests to the sync endpoint")
    parser.add_argument("--importers", type=int, default=0, help="files for the importers")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--only", choices=sorted(TARGETS), help="with --case: which of them")
    parser.add_argument("--case", type=int, help="plays this one case")
    parser.add_argument("--json", action="store_true")
    return parser


if __name__ == "__main__":
    sys.exit(main())
