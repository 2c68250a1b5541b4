"""``ironledger conflicts`` and ``settle``: what devices said that had not seen each other, and which of it stands."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any

import click
import msgspec

from client_sdk.cli.naming import find_fact
from client_sdk.cli.options import examples, json_option, with_replica
from client_sdk.cli.spelling import SPOKEN, spoken, value_of
from client_sdk.cli.words import counted, short
from client_sdk.errors import NotFoundError
from client_sdk.replica import Replica
from client_sdk.settling import settlement
from events.errors import MalformedError
from projections.sessions import SESSIONS

ROUNDS = 8
"""Settling one conflict can bring another to light, such as one in a session that counts again; never for long."""

Chosen = list[tuple[dict[str, Any], str]]
"""Conflicts, each with the event of the write that shall stand."""


@click.command("conflicts", epilog=examples("ironledger conflicts", "ironledger conflicts --json"))
@json_option
@with_replica
def conflicts_command(replica: Replica, /, *, as_json: bool) -> None:
    """Show what devices said that contradicts each other, what stands, and the commands that settle it.

    Workouts that two apps tell are shown, and count once until that is settled. Two sessions that were probably one
    visit are shown, too.
    """
    rows, names = _open(replica), replica.store.names()
    if as_json:
        for row in rows:
            for write in (row["kept"], *row["overruled"]):
                write["device"] = names.get(write["replica"])
        click.echo(msgspec.json.encode({"conflicts": rows}))
        return
    from client_sdk.cli.rendering import Paper, conflicts, sessions  # noqa: PLC0415  # heavy, and JSON does without

    paper = Paper(replica.ledger(), replica.store.local().replica, 0, names)
    conflicts.show({"conflicts": rows}, paper)
    sessions.tell_overlaps(replica.report(SESSIONS)["sessions"], paper)


@click.command(
    "settle",
    epilog=examples(
        "ironledger settle 1d6bc8e1 --keep",
        "ironledger settle 1d6bc8e1 reps --flip",
        "ironledger settle 1d6bc8e1 reps --flip --to 6",
        "ironledger settle profile units --flip",
        "ironledger settle --all --keep",
    ),
)
@click.argument("target_name", metavar="[TARGET]", required=False)
@click.argument("field", metavar="[FIELD]", required=False)
@click.option("--keep", is_flag=True, help="What stands goes on standing.")
@click.option("--flip", is_flag=True, help="What was overruled stands instead.")
@click.option("--to", "value", metavar="VALUE", help="With --flip: which of several, by its value or its device.")
@click.option("--all", "everything", is_flag=True, help="With --keep: all conflicts.")
@with_replica
def settle_command(  # noqa: PLR0913  # each option is one thing that can be said
    replica: Replica,
    /,
    *,
    target_name: str | None,
    field: str | None,
    keep: bool,
    flip: bool,
    value: str | None,
    everything: bool,
) -> None:
    """Settle a conflict: keep what stands, or flip it. It is gone on every device after the next sync.

    TARGET is as `ironledger conflicts` shows it, or profile for a setting; FIELD where it has several in conflict.
    """
    if keep == flip:
        raise click.UsageError("Say either --keep or --flip.")
    if value is not None and not flip:
        raise click.UsageError("--to says which value to flip to: it goes with --flip.")
    if everything == (target_name is not None) or (everything and flip):
        raise click.UsageError("Name a TARGET, or say --all --keep.")
    if target_name is None:
        settled = _settle_all(replica)
    else:
        chosen = _chosen(replica, _meant(replica, target_name, field), flip=flip, value=value)
        settled = len(chosen)
        _settle(replica, chosen)
        for outcome in dict.fromkeys(_outcome(row, event) for row, event in chosen):
            click.echo(f"Of {target_name}: {outcome}.")
    left = len(_open(replica))
    rest = f"{counted(left, 'conflict')} left: `ironledger conflicts`." if left else "No conflict is left."
    click.echo(f"{counted(settled, 'conflict')} settled. {rest}")


def _open(replica: Replica) -> list[dict[str, Any]]:
    """The conflicts, in rows of one's own."""
    rows: list[dict[str, Any]] = msgspec.to_builtins(replica.report("conflicts")["conflicts"])
    return rows


def _settle_all(replica: Replica) -> int:
    """Keeps whatever stands, with what comes to light by that; how many conflicts that were."""
    settled = 0
    for _ in range(ROUNDS):
        rows = _open(replica)
        if not rows:
            break
        _settle(replica, [(row, row["kept"]["event"]) for row in rows])
        settled += len(rows)
    return settled


def _settle(replica: Replica, chosen: Chosen) -> None:
    """Writes what lets the chosen writes stand: all of it, or nothing."""
    facts = replica.ledger().facts
    drafts = []
    for row, event in chosen:
        settled = settlement(facts, row, event)
        drafts.append(replica.draft(settled.body, settled.at, settled.offset))
    replica.write(drafts)


def _meant(replica: Replica, name: str, field: str | None) -> list[dict[str, Any]]:
    """The conflicts about one field of a target, or about whether it counts.

    Raises:
        NotFoundError: where nothing is in conflict under that name.
        MalformedError: where more than one field is and none was named, or the name is none.
    """
    rows = _open(replica)
    named = [row for row in rows if name in {row["target"], short(row["target"])}]
    if not named:
        found = find_fact(replica, name)
        named = [row for row in rows if row["target"] == found.id]
    if not named:
        raise NotFoundError(f"{name} is in no conflict.", "`ironledger conflicts` shows what is, with its names.")
    fields = list(dict.fromkeys(spoken(row["field"]) for row in named))
    wanted = fields[0] if field is None else spoken(SPOKEN.get(field, field))
    if field is None and len(fields) > 1:
        step = f"Name one: ironledger settle {name} {fields[0]} --keep"
        raise MalformedError(f"{name} is in conflict about {', '.join(fields)}.", next_step=step)
    if wanted not in fields:
        raise NotFoundError(f"{field} of {name} is in no conflict.", f"In conflict: {', '.join(fields)}.")
    return [row for row in named if spoken(row["field"]) == wanted]


def _chosen(replica: Replica, rows: list[dict[str, Any]], *, flip: bool, value: str | None) -> Chosen:
    """What shall stand of each conflict.

    Raises:
        MalformedError: where several writes were overruled, and which is meant was not said, or said otherwise.
    """
    if not flip:
        return [(row, row["kept"]["event"]) for row in rows]
    names = replica.store.names()
    return [(row, _overruled(row, value, names)) for row in rows]


def _overruled(row: dict[str, Any], value: str | None, names: Mapping[str, str]) -> str:
    """The event of the overruled write that is meant."""
    told = [(value_of(row, write), write) for write in row["overruled"]]
    meant = [
        (text, write)
        for text, write in told
        if value is None or value in {text, names.get(write["replica"]), short(write["replica"])}
    ]
    if len({text for text, _ in meant}) == 1:
        return str(meant[0][1]["event"])
    choices = " or ".join(dict.fromkeys(f"--to {shlex.quote(text)}" for text, _ in told))
    raise MalformedError(
        "More than one was overruled." if meant else f"{value} was not overruled.",
        next_step=f"Say which shall stand: --flip {choices}",
    )


def _outcome(row: dict[str, Any], event: str) -> str:
    """What is so from now on."""
    kept = event == row["kept"]["event"]
    match row["kind"]:
        case "correction_and_void":
            return "it stays void" if kept else "it counts again, as it was corrected"
        case "edit_and_removal":
            return "it stays removed" if kept else "it is back, as it was edited"
        case "into_void":
            return "it counts" if kept else "it is void"
        case "likely_copy":
            return "it is void, and the workout counts once" if kept else "both count"
        case _:
            write = next(write for write in (row["kept"], *row["overruled"]) if write["event"] == event)
            if row["kind"] == "void":
                return "it is void" if write["value"] else "it counts"
            return f"{spoken(row['field'])}={value_of(row, write)} stands"
