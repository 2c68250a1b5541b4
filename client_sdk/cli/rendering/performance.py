"""The report ``performance`` for people: each test with its best, its latest and how it went."""

from __future__ import annotations

from typing import Any

from rich.table import Table

from client_sdk.cli.rendering.charts import spark
from client_sdk.cli.rendering.paper import Paper, table
from client_sdk.cli.words import decimal, plain
from events.quantities import milli_text
from projections.told import describe_distance, describe_milliseconds

SPARKED = 12
MOST_BESTS = 5


def show(report: dict[str, Any], paper: Paper) -> None:
    """A table of the tests, and below it the latest bests with what they beat."""
    rows: list[dict[str, Any]] = report["tests"]
    if not rows:
        paper.say("No test yet: try `ironledger test sprint 40m 5.21s`.")
        return
    paper.say(_tests(paper.cut(rows)))
    paper.tell_rest(rows, "tests")
    beaten = [(row, best) for row in rows for best in row["timeline"] if best["beat"] is not None]
    if beaten:
        beaten.sort(key=lambda pair: -pair[1]["at"])
        paper.say("", _bests(beaten[:MOST_BESTS]))


def _tests(rows: list[dict[str, Any]]) -> Table:
    made = table(
        *("Test", "Best", "On", "Latest", "Since the first", "Tests"),
        right=("Best", "Latest"),
        folded=("Test",),
    )
    for row in rows:
        values = [result["value"] for result in row["results"][-SPARKED:]]
        made.add_row(
            name(row),
            _result(row, row["best"]),
            row["best"]["day"],
            _result(row, row["latest"]),
            _change(row),
            f"{row['count']} {spark(values) if len(values) > 1 else ''}".rstrip(),
        )
    return made


def _bests(beaten: list[tuple[dict[str, Any], dict[str, Any]]]) -> Table:
    made = table("Latest bests", "On", "Result", "Beat", "Of", right=("Result", "Beat"), folded=("Latest bests",))
    for row, best in beaten:
        beat = best["beat"]
        made.add_row(name(row), best["day"], _result(row, best), _result(row, beat), beat["day"])
    return made


def name(row: dict[str, Any]) -> str:
    """A test with the distance or the time that is set for it: ``sprint 40 m``, ``endurance in 12:00``."""
    kind = plain(row["kind"])
    if row["distance_mm"]:
        return f"{kind} {describe_distance(row['distance_mm'])}"
    return f"{kind} in {describe_milliseconds(row['seconds_milli'])}" if row["seconds_milli"] else kind


def _result(row: dict[str, Any], test: dict[str, Any]) -> str:
    return _figure(row["result"], test[row["result"]])


def _figure(result: str, value: int) -> str:
    if result == "seconds_milli":
        return describe_milliseconds(value)
    return describe_distance(value) if result == "distance_mm" else f"{milli_text(value * 100)} cm"


def _change(row: dict[str, Any]) -> str:
    if row["count"] == 1:
        return ""
    if not row["change"]:
        return "as before"
    word = "better" if row["improved"] else "worse"
    share = decimal(abs(row["change_permille"]) * 100)
    return f"{_figure(row['result'], abs(row['change']))} ({share} %) {word}"
