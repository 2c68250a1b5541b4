"""``ironledger simulate``: the proof that nothing gets lost, for everybody to run."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from client_sdk.cli.options import examples
from client_sdk.cli.progress import working
from client_sdk.cli.words import counted

if TYPE_CHECKING:  # heavy: it takes the server along
    from client_sdk.simulation import Outcome, Step, Tally

BROKEN = 1


@click.command(
    "simulate",
    epilog=examples(
        "ironledger simulate --seed 7", "ironledger simulate --seeds 1000 --processes 2 --record seeds.ndjson"
    ),
)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="The seed, or the first of many.")
@click.option("--seeds", type=click.IntRange(1), default=1, show_default=True, help="How many seeds.")
@click.option("--replicas", type=click.IntRange(1, 50), default=5, show_default=True, help="Devices at first.")
@click.option("--steps", type=click.IntRange(0), default=2000, show_default=True, help="Steps of each schedule.")
@click.option("--processes", type=click.IntRange(1), default=1, show_default=True, help="How many seeds at once.")
@click.option(
    "--record",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A file to add outcomes to; seeds that this very code has played there are not played again.",
)
@click.option(
    "--schedule",
    "script",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Play this schedule instead, as --json printed it.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of words.")
def simulate_command(  # noqa: PLR0913  # every option is one
    *,
    seed: int,
    seeds: int,
    replicas: int,
    steps: int,
    processes: int,
    record: Path | None,
    script: Path | None,
    as_json: bool,
) -> None:
    """Let devices and a server live through all that can fail, heal, and judge whether anything was lost.

    The real client and server run over a simulated network, clocks and disks; one seed in ten on real SQLite files.
    The same seed does the same again. Exit status 1 where a law of the protocol is broken; then the shortest schedule
    found that breaks one is printed.
    """
    from client_sdk import simulation  # noqa: PLC0415  # heavy: it takes the server along

    if script is not None:
        outcomes = [simulation.play(seed, replicas, _read(script))]
    else:
        chosen = range(seed, seed + seeds)
        with working("Simulating") as update:
            done = itertools.count(1)
            outcomes = simulation.campaign(
                chosen,
                replicas,
                steps,
                processes=processes,
                record=record,
                progress=lambda _outcome: update(next(done), seeds),
            )
    tally = simulation.tally(outcomes)
    if as_json:
        click.echo(msgspec.json.encode(outcomes[0] if seeds == 1 else tally))
    else:
        click.echo("\n".join(_told(outcomes[0]) if seeds == 1 else _summed_up(tally, replicas, steps)))
    click.get_current_context().exit(BROKEN if tally.failed else 0)


def _read(script: Path) -> list[Step]:
    from client_sdk.simulation import Step, words  # noqa: PLC0415  # as above

    try:
        steps = msgspec.json.decode(script.read_bytes(), type=list[Step])
        list(map(words, steps))
    except (msgspec.DecodeError, KeyError) as error:
        raise click.ClickException(
            f"{script} holds no schedule: {error}. One is in what --json prints of a seed that breaks a law."
        ) from error
    return steps


def _told(outcome: Outcome) -> list[str]:
    """One seed: what was done, what failed, and the verdict."""
    where = "on SQLite files" if outcome.on_files else "in memory"
    lines = [
        f"Seed {outcome.seed}: {outcome.replicas} devices and a server, {counted(outcome.steps, 'step')}, {where}.",
        "",
    ]
    lines += [f"  {count:>6,}  {name.replace('_', ' ')}" for name, count in outcome.did.items()]
    lines += ["", "Faults that struck:", ""]
    lines += [f"  {count:>6,}  {name.replace('_', ' ')}" for name, count in outcome.faults.items()] or ["  none"]
    lines += ["", f"The ledger holds {counted(outcome.events, 'event')}, {outcome.acknowledged:,} of them promised."]
    if not outcome.broken:
        return [*lines, f"All laws hold: everybody has ledger hash {outcome.head_hash[:16]}…"]
    lines += ["", "Broken:", *(f"  {sentence}" for sentence in outcome.broken)]
    if outcome.schedule is not None:
        lines += ["", f"The shortest schedule found that breaks a law, {counted(len(outcome.schedule), 'step')}:"]
        lines += [_step(number, step) for number, step in enumerate(outcome.schedule, 1)]
    return lines


def _step(number: int, step: Step) -> str:
    from client_sdk.simulation import words  # noqa: PLC0415  # as above

    return f"  {number:>3}  {step.act}, device {step.who}, dice {step.dice}: {words(step)}"


def _summed_up(tally: Tally, replicas: int, steps: int) -> list[str]:
    """Many seeds: how often each fault struck, and the verdict."""
    lines = [
        f"{counted(tally.seeds, 'seed')} of {replicas} devices and {counted(steps, 'step')}.",
        f"{tally.on_files:,} of them ran on SQLite files.",
        "",
        f"  {'fault':<28}{'struck':>10}{'fewest in 100 seeds':>22}",
    ]
    lines += [
        f"  {name.replace('_', ' '):<28}{count:>10,}{tally.fewest[name]:>22,}" for name, count in tally.faults.items()
    ]
    lines += ["", f"The ledgers hold {tally.events:,} events, {tally.acknowledged:,} of them promised."]
    if not tally.failed:
        return [*lines, "All laws hold in every one."]
    shown = ", ".join(map(str, tally.failed))
    return [
        *lines,
        f"Broken in {counted(len(tally.failed), 'seed')}: {shown}. `ironledger simulate --seed N` tells how.",
    ]
