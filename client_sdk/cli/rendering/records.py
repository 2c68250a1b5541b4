"""The report ``records`` for people: a line for each exercise; one exercise in depth, with how it came to be."""

from __future__ import annotations

from typing import Any

from client_sdk.cli.rendering.charts import Point, over_time, room
from client_sdk.cli.rendering.paper import Paper, load_text, table
from client_sdk.cli.words import counted, long_day, mass
from events.quantities import Unit, day_text, parse_day
from projections.log import describe_distance, describe_duration
from projections.trends import Estimate, estimates

MOST_REP_RECORDS = 4

_LONGEST_CHART = 76
_TIMED = ("longest", "farthest", "fastest")


def show(report: dict[str, Any], paper: Paper) -> None:
    """The heaviest set, the repetition records and the estimated maximum of each exercise; then times."""
    rows: list[dict[str, Any]] = sorted(report["exercises"], key=lambda row: -row["sets"])
    if not rows:
        paper.say("No records yet: log a set with `ironledger log`.")
        return
    if paper.in_depth:
        for number, row in enumerate(rows):
            paper.say(*[""] * bool(number))
            _in_depth(row, report, paper)
        return
    lifted = [row for row in rows if row["heaviest"] is not None]
    timed = [row for row in rows if row["longest"] or row["farthest"]]
    if lifted:
        paper.say(_lifts(paper.cut(lifted), paper))
        paper.tell_rest(lifted, "exercises")
        if any(row["e1rm"] and not row["e1rm"]["valid"] for row in paper.cut(lifted)):
            paper.say("? is beyond what the estimate is good for: 1 to 10 reps of a compound free-weight lift.")
    if timed:
        if lifted:
            paper.say("")
        paper.say(_times(paper.cut(timed)))
        paper.tell_rest(timed, "exercises")
    paper.say("", "--exercise NAME shows one of them in depth.")


def _lifts(rows: list[dict[str, Any]], paper: Paper) -> Any:  # noqa: ANN401  # a rich table
    made = table(
        *("Exercise", "Heaviest", "On", "Est. 1RM", "More reps"),
        right=("Est. 1RM",),
        folded=("Exercise", "More reps"),
    )
    for row in rows:
        best = row["heaviest"]
        lighter = [record for record in row["rep_records"] if record["event"] != best["event"]]
        made.add_row(_name(row), _set(best), best["day"], _estimate(row, paper), _rep_records(lighter, best["load"]))
    return made


def _times(rows: list[dict[str, Any]]) -> Any:  # noqa: ANN401  # a rich table
    made = table("Exercise", "Longest", "Farthest", "Fastest", "Latest on", folded=("Exercise",))
    for row in rows:
        last = max((row[kind] for kind in _TIMED if row[kind]), key=lambda of: of["at"])
        made.add_row(_name(row), *(_timed(row[kind], kind) for kind in _TIMED), last["day"])
    return made


def _in_depth(row: dict[str, Any], report: dict[str, Any], paper: Paper) -> None:
    """What stands, the estimates over time, and how each record came to be."""
    imported = f", imported as {', '.join(row['imported_as'])}" if row["imported_as"] else ""
    paper.head(f"{_name(row)}: {counted(row['sets'], 'set')}{imported}")
    paper.say(_standing(row, paper))
    made = _estimates(row, report, paper)
    if made:
        paper.say("", "Estimated 1RM, the best of each day; a new best is a ◆:")
        paper.say(_chart(made, paper))
    if row["timeline"]:
        paper.say("")
        paper.say(_history(row, made, paper))
        paper.tell_rest(_beats(row, made, paper), "records")


def _standing(row: dict[str, Any], paper: Paper) -> Any:  # noqa: ANN401  # a rich table
    made = table("Record", "Set", "On")
    if row["heaviest"]:
        made.add_row("heaviest", _set(row["heaviest"]), long_day(row["heaviest"]["day"]))
    for record in row["rep_records"]:
        made.add_row(counted(record["reps"], "rep"), _set(record), long_day(record["day"]))
    for kind in _TIMED:
        if row[kind]:
            made.add_row(kind, _timed(row[kind], kind), long_day(row[kind]["day"]))
    if row["e1rm"]:
        sound = "" if row["e1rm"]["valid"] else " (beyond what the estimate is good for)"
        made.add_row("est. 1RM", _estimate(row, paper).removesuffix(" ?") + sound, long_day(row["e1rm"]["day"]))
    return made


def _estimates(row: dict[str, Any], report: dict[str, Any], paper: Paper) -> list[Estimate]:
    if row["e1rm"] is None or report["as_of"] is None:
        return []
    view, _ = paper.ledger.seen_on(parse_day(report["as_of"]))
    return estimates(view, row["exercise"], row["side"])


def _chart(made: list[Estimate], paper: Paper) -> Any:  # noqa: ANN401  # rich's text
    unit = _unit(paper, made[-1].load)
    points = [Point(one.day, one.grams, record=one.record) for one in made]
    return over_time(
        points,
        figure=lambda grams: mass(grams, unit),
        day=lambda day: long_day(day_text(day)),
        width=room(paper.width, 4, most=_LONGEST_CHART),
    )


def _history(row: dict[str, Any], made: list[Estimate], paper: Paper) -> Any:  # noqa: ANN401  # a rich table
    table_ = table("On", "Record", "Set", "Beat", folded=("Set", "Beat"))
    for line in paper.cut(_beats(row, made, paper)):
        table_.add_row(*line)
    return table_


def _beats(row: dict[str, Any], made: list[Estimate], paper: Paper) -> list[tuple[str, str, str, str]]:
    """Each record with what it beat, the latest first."""
    lines: list[tuple[int, tuple[str, str, str, str]]] = []
    for entry in row["timeline"]:
        kind, former = entry["record"], entry["beat"]
        name = counted(entry["reps"], "rep") if kind == "reps" else kind
        shown, beat = _of_timeline(entry, kind, paper), ""
        if former is not None:
            beat = f"{_of_timeline(former, kind, paper)} of {former['day']}"
        lines.append((entry["at"], (entry["day"], name, shown, beat)))
    best: Estimate | None = None
    for one in made:
        if one.record:
            unit = _unit(paper, one.load)
            beat = "" if best is None else f"{mass(best.grams, unit)} of {day_text(best.day)}"
            words = f"{mass(one.grams, unit)}, from {load_text(one.load, one.load_kind)} × {one.reps}"
            lines.append((one.at, (day_text(one.day), "est. 1RM", words, beat)))
            best = one
    return [line for _, line in sorted(lines, key=lambda line: line[0], reverse=True)]


def _name(row: dict[str, Any]) -> str:
    return str(row["name"]) if row["side"] == "both" else f"{row['name']}, {row['side']}"


def _set(shown: dict[str, Any]) -> str:
    load = load_text(shown["load"], shown["load_kind"])
    return f"{load} × {shown['reps']}" if shown["reps"] else load


def _of_timeline(entry: dict[str, Any], kind: str, paper: Paper) -> str:
    """A set of the timeline, which has its load; of times and distances the ledger knows more."""
    if kind not in _TIMED:
        return _set(entry)
    created = paper.ledger.facts.entries.counted[entry["event"]].body
    fact = paper.ledger.facts.effective["set_logged"].get(getattr(created, "set", ""))
    body = created if fact is None else fact.body
    return _timed({name: getattr(body, name, None) for name in ("seconds", "distance_mm")}, kind)


def _timed(shown: dict[str, Any] | None, kind: str) -> str:
    """A time, a distance, or both."""
    if shown is None:
        return ""
    seconds, distance = shown.get("seconds"), shown.get("distance_mm")
    words = [describe_distance(distance)] if distance and kind != "longest" else []
    if seconds and kind != "farthest":
        words.append(describe_duration(seconds))
    return " in ".join(words)


def _estimate(row: dict[str, Any], paper: Paper) -> str:
    if row["e1rm"] is None:
        return ""
    load = row["heaviest"]["load"] if row["heaviest"] else None
    return f"{mass(row['e1rm']['grams'], _unit(paper, load))}{'' if row['e1rm']['valid'] else ' ?'}"


def _unit(paper: Paper, load: dict[str, Any] | None) -> Unit:
    """Computed figures are in the unit that the profile prefers, else in that of the load."""
    unit: Unit = paper.ledger.view.profile.units or (load["unit"] if load is not None else "kg")
    return unit


def _rep_records(rows: list[dict[str, Any]], best: dict[str, Any] | None) -> str:
    """The lighter sets with more repetitions; their unit is told where it is another one than the heaviest's."""
    unit = best["unit"] if best is not None else None
    shown = [f"{_short_load(row, unit)} × {row['reps']}" for row in rows[:MOST_REP_RECORDS]]
    return ", ".join([*shown, f"{len(rows) - MOST_REP_RECORDS} more"] if len(rows) > MOST_REP_RECORDS else shown)


def _short_load(row: dict[str, Any], unit: str | None) -> str:
    text = load_text(row["load"], row["load_kind"]).replace("body weight", "bw")
    return text.removesuffix(f" {unit}") if unit is not None and row["load_kind"] == "external" else text
