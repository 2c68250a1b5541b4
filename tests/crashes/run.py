"""``make crashes``: SIGKILLs of a real server and a real client, each under load.

    python tests/crashes/run.py --server 200 --client 200 --seed 7 --json

Prints what was hit and what was promised. It ends with status 1, and keeps the files, where a promise was broken.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parents[1]))

from crashes.killed_client import kill_clients
from crashes.killed_server import kill_servers

Campaign = Callable[[int, int, Path, Counter[str]], None]
CAMPAIGNS: dict[str, Campaign] = {"server": kill_servers, "client": kill_clients}


PROGRESS_S = 15


def main(arguments: list[str] | None = None, out: TextIO = sys.stdout) -> int:
    """Runs as the arguments say; the exit status is 1 where anything broke."""
    options = _parser().parse_args(arguments)
    report: dict[str, dict[str, object]] = {}
    for name, campaign in CAMPAIGNS.items():
        if kills := getattr(options, name):
            report[name] = _ran(campaign, kills, options.seed)
            if not options.json:
                _tell(name, report[name], out)
    if options.json:
        print(json.dumps(report, indent=2), file=out)
    return int(any(told["broken"] for told in report.values()))


def _ran(campaign: Campaign, kills: int, seed: int) -> dict[str, object]:
    begun = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="ironledger-crashes-"))
    counts, broken = Counter[str](), ""
    try:
        with _progress(counts, kills):
            campaign(kills, seed, folder, counts)
    except Exception as error:  # noqa: BLE001  (whatever it is, it is what was looked for)
        broken = f"{error} (the files are in {folder})\n{traceback.format_exc()}"
    else:
        for path in sorted(folder.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        folder.rmdir()
    seconds = round(time.monotonic() - begun)
    return {
        "kills": kills,
        "seed": seed,
        "seconds": seconds,
        "counts": dict(sorted(counts.items())),
        "broken": broken,
    }


@contextmanager
def _progress(counts: Counter[str], kills: int) -> Iterator[None]:
    """Tells on standard error how far it has come, now and then."""
    done = threading.Event()

    def tell() -> None:
        while not done.wait(PROGRESS_S):
            sys.stderr.write(f"{counts['kills']} of {kills} kills\n")

    thread = threading.Thread(target=tell)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _tell(name: str, told: dict[str, object], out: TextIO) -> None:
    print(f"{name}: killed {told['kills']} times with seed {told['seed']} in {told['seconds']} s", file=out)
    counts = told["counts"]
    assert isinstance(counts, dict)
    for what, count in counts.items():
        print(f"  {count:>9,}  {what}", file=out)
    print(told["broken"] or "  Nothing that was acknowledged is lost, and nothing is there twice.", file=out)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Kills servers and clients under load.")
    parser.add_argument("--server", type=int, default=0, help="how often a server is killed")
    parser.add_argument("--client", type=int, default=0, help="how often a device is killed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    return parser


if __name__ == "__main__":
    sys.exit(main())
