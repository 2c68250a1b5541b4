"""The report ``nutrition`` for people: the averages, the latest days, and what is known of supplements."""

from __future__ import annotations

from typing import Any

from rich.table import Table

from client_sdk.cli.rendering.charts import BAR, track
from client_sdk.cli.rendering.paper import Paper, table
from client_sdk.cli.words import counted, decimal, plain
from events.quantities import milli_text, round_half_up

SHOWN_DAYS = 14

_MOST_MG_PER_KG = 3000
_NOTES = {
    "body_weight_unknown": "no body weight was known: log it with `ironledger weigh`",
    "meals_without_protein": "some meals don't say how much protein they had, so the day had that much at least",
}


def show(report: dict[str, Any], paper: Paper) -> None:
    """Protein against its range, averages, the latest days, sources, supplements and the evidence for them."""
    days: list[dict[str, Any]] = report["days"]
    if not days:
        paper.say('Nothing was eaten yet: try `ironledger eat "chicken and rice" --protein 45g`.')
        return
    _protein(report, paper)
    paper.say("", _averages(report["averages"]), "")
    latest = days[::-1][: min(SHOWN_DAYS, paper.limit) if paper.limit else len(days)]
    paper.say(_days(latest, report["protein_range"]))
    if len(days) > len(latest):
        paper.say(f"… and {len(days) - len(latest):,} more days: --limit 0 shows all.")
    _notes(latest, paper)
    _sources(report["averages"][-1], paper)
    taken = {kind for average in report["averages"] for kind in average["supplement_days"]}
    if taken:
        _supplements(report, taken, paper)


def _protein(report: dict[str, Any], paper: Paper) -> None:
    """The average of the last days on a track from 0 to 3 g/kg, with the range between brackets."""
    wanted, average = report["protein_range"], report["averages"][0]
    low, high = wanted["min_mg_per_kg"], wanted["max_mg_per_kg"]
    mean = average["protein_mg_per_kg"]["mean"]
    whose = "your" if wanted["own"] else "the guide's"
    words = f"{whose} {milli_text(low)} to {milli_text(high)} g/kg"
    paper.head("Protein")
    if mean is None:
        paper.say(f"Unknown for the last {average['window_days']} days; the range is {words}.")
        return
    paper.say(track(mean, low, high, most=max(_MOST_MG_PER_KG, high), width=2 * BAR))
    counted_days = counted(average["protein_mg_per_kg"]["days"], "day")
    amount, band = _per_kg(mean, wanted), average["protein_band"]
    paper.say(f"{amount} g a day and kg of body weight over {counted_days}: {band} {words}.")


def _per_kg(amount: int, wanted: dict[str, Any]) -> str:
    """Protein in g/kg to the hundredth, or finer where that would move it onto an end of the range."""
    onto_an_end = round_half_up(amount, 10) * 10 in {wanted["min_mg_per_kg"], wanted["max_mg_per_kg"]}
    return decimal(amount, 3 if onto_an_end else 2)


def _averages(averages: list[dict[str, Any]]) -> Table:
    made = table("A day, on average", *(f"{average['window_days']} days" for average in averages), "Known on")
    figures = (
        ("protein", "protein_dg", _grams),
        ("carbohydrate", "carbohydrate_dg", _grams),
        ("fat", "fat_dg", _grams),
        ("energy", "energy_kcal", "{:,} kcal".format),
        ("water", "water_ml", _litres),
    )
    for words, key, shown in figures:
        cells = [average[key] for average in averages]
        if any(cell["days"] for cell in cells):
            known = " and ".join(str(cell["days"]) for cell in cells)
            made.add_row(
                words, *("-" if cell["mean"] is None else shown(cell["mean"]) for cell in cells), f"{known} days"
            )
    return made


def _days(days: list[dict[str, Any]], wanted: dict[str, Any]) -> Table:
    made = table(
        *("Day", "Protein", "g/kg", "", "Carbs", "Fat", "kcal", "Water", "Supplements"),
        right=("Protein", "g/kg", "Carbs", "Fat", "kcal", "Water"),
        folded=("Supplements",),
    )
    for day in days:
        per_kg = day["protein_mg_per_kg"]
        made.add_row(
            day["day"],
            _known(day["protein_dg"], _grams),
            "" if per_kg is None else _per_kg(per_kg, wanted),
            day["protein_band"] or "",
            _known(day["carbohydrate_dg"], _grams),
            _known(day["fat_dg"], _grams),
            _known(day["energy_kcal"], "{:,}".format),
            _known(day["water_ml"], _litres),
            ", ".join(map(_supplement, day["supplements"])),
        )
    return made


def _notes(days: list[dict[str, Any]], paper: Paper) -> None:
    for note, words in _notes_of(days):
        paper.say(f"On {words}: {_NOTES[note]}.")


def _notes_of(days: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Each note with the days that it is about."""
    noted = []
    for note in _NOTES:
        about = [day["day"] for day in days if note in day["notes"]]
        if about:
            noted.append(
                (note, about[0] if len(about) == 1 else counted(len(about), "of these days", "of these days"))
            )
    return noted


def _sources(average: dict[str, Any], paper: Paper) -> None:
    """Which of the guide's sources were eaten, and on how many days."""
    eaten = {group: tags for group, tags in average["source_days"].items() if tags}
    if not eaten:
        return
    paper.say("")
    paper.head(f"The guide's sources, in {average['window_days']} days")
    for group, tags in eaten.items():
        ranked = sorted(tags.items(), key=lambda pair: (-pair[1], pair[0]))
        paper.say(f"{group}: {', '.join(f'{plain(tag)} on {days}' for tag, days in ranked)}")


def _supplements(report: dict[str, Any], taken: set[str], paper: Paper) -> None:
    paper.say("")
    paper.head("Supplements, and what is known of them")
    days = report["averages"][-1]
    for entry in report["evidence"]:
        kind = entry["supplement"]
        if kind in taken:
            often = counted(days["supplement_days"].get(kind, 0), "day")
            paper.say(
                f"{plain(kind)}, on {often} of {days['window_days']}. Evidence: {entry['support']}. {entry['words']}"
            )
            paper.say(f"  {entry['source']}")


def _supplement(taken: dict[str, Any]) -> str:
    kind = taken["name"] if taken["kind"] == "other" and taken["name"] else plain(taken["kind"])
    return kind if taken["dose_mg"] is None else f"{kind} {milli_text(taken['dose_mg'])} g"


def _grams(tenths: int) -> str:
    return f"{round_half_up(tenths, 10):,} g"


def _litres(millilitres: int) -> str:
    return f"{decimal(millilitres)} l"


def _known(value: int | None, shown: Any) -> str:  # noqa: ANN401  # what puts it into words
    return "" if value is None else str(shown(value))
