"""What ``ironledger why`` says: the figure, its formula, how each exercise counts and the sets that come to it."""

from __future__ import annotations

from typing import Any

from client_sdk.cli.rendering.paper import Paper, load_text, table
from client_sdk.cli.words import counted, decimal, long_day, mass, plain, short
from events.quantities import NANOGRAMS_PER_GRAM, Unit, milli_text, round_half_up
from projections.reasons import Cell, Explanation, Term

_RECORDS = {
    "heaviest": "The greatest load, then the most reps, then the earliest.",
    "reps": "No set had at least these reps with more load, nor this load with more reps.",
    "longest": "The most seconds, of sets without a distance.",
    "farthest": "The greatest distance.",
    "fastest": "The greatest distance for its time.",
}


def show(explanation: Explanation, paper: Paper) -> None:
    """The figure, its formula and its terms."""
    paper.head(f"{plain(explanation.report)}: {plain(explanation.figure)}")
    paper.say(*_formula(explanation, paper))
    for term in explanation.terms:
        if term.parts or term.cells:
            paper.say("")
            _show_term(term, paper)
    paper.say("", "#… names a set in `ironledger correct`, `void` and `log-book`.")


def _formula(why: Explanation, paper: Paper) -> list[str]:
    by_day = f" to {long_day(why.as_of)}" if why.as_of is not None else ""
    figures = [_amount(term.amount, term, paper) for term in why.terms]
    match why.formula:
        case "ratio":
            left, right = (plain(term.name) for term in why.terms)
            value = "no ratio, for there is nothing to compare with" if why.value is None else decimal(why.value, 3)
            lines = [
                f"{left} : {right} = {figures[0]} : {figures[1]} = {value}",
                f"Sets of the 28 days{by_day}, each counted by its share, are compared.",
            ]
        case "share":
            lines = [
                f"{figures[0]} of {figures[1]} of all muscles = {decimal((why.value or 0) * 100)} %",
                f"Sets of the 28 days{by_day}, each counted by its share.",
            ]
        case "sum":
            lines = [f"{figures[0]}, which is the sum of what the sets of the week add."]
        case "estimate":
            lines = _estimate(why, paper)
        case "record":
            lines = [_RECORDS.get(why.terms[0].name, "The set that made it."), f"Set on {long_day(why.said['day'])}."]
        case "adherence":
            share = "nothing was planned" if why.value is None else f"{decimal(why.value * 100)} %"
            lines = [
                f"{figures[0]} done of {figures[1]} planned = {share}",
                f"In the sessions of the 28 days{by_day} that followed a day of the program.",
            ]
        case "named":
            lines = ["What the report names as its reasons:"]
    return lines


def _estimate(why: Explanation, paper: Paper) -> list[str]:
    """The formula with the numbers of the set in it."""
    said = why.said
    load, reps = load_text(said["load"], said["load_kind"]), said["reps"]
    ends = _amount(why.value, why.terms[0], paper)
    if reps == 1:
        formula = f"One repetition is the load itself: {load} = {ends}"
    elif said["formula"] == "brzycki":
        formula = f"Brzycki: load × 36 / (37 − reps) = {load} × 36 / (37 − {reps}) = {ends}"
    else:
        formula = f"Epley: load × (1 + reps / 30) = {load} × (1 + {reps} / 30) = {ends}"
    sound = (
        "It is in the range that the estimate is good for" if said["valid"] else "It is beyond what that is good for"
    )
    return [formula, f"{sound}: 1 to 10 reps of a compound free-weight lift. Set on {long_day(said['day'])}."]


def _show_term(term: Term, paper: Paper) -> None:
    if term.name:
        paper.head(plain(term.name))
    if term.cells:
        paper.say(_cells(term.cells), "")
    sums = term.amount is not None
    made = table("On", "What", "Name", *(["Adds"] if sums else []), right=("Adds",), folded=("What",))
    for part in paper.cut(term.parts):
        note = "  [the other side did more]" if part.note == "other_side" and not part.amount else ""
        adds = [_amount(part.amount, term, paper)] if sums else []
        made.add_row(part.day, f"{part.words}{note}", f"#{short(part.fact)}", *adds)
    if sums and term.parts:
        rest = len(term.parts) - len(paper.cut(term.parts))
        of_all = f"{counted(len(term.parts), 'entry', 'entries')}, together" if rest else "together"
        made.add_row("", of_all, "", _amount(term.amount, term, paper))
    paper.say(made)
    paper.tell_rest(term.parts, "sets")


def _cells(cells: list[Cell]) -> Any:  # noqa: ANN401  # a rich table
    """How each exercise counts, with the word of the matrix for it."""
    made = table("A set of", "Counts", "Grade", "Source", folded=("A set of", "Source"))
    for cell in cells:
        made.add_row(cell.name, decimal(cell.share_permille, 3), cell.grade or "", cell.source or "")
    return made


def _amount(amount: int | None, term: Term, paper: Paper) -> str:
    if amount is None:
        return ""
    match term.unit:
        case "milli_sets":
            return f"{decimal(amount, 3)} {'set' if amount == 1000 else 'sets'}"  # noqa: PLR2004  # one whole set
        case "sets":
            return counted(amount, "set")
        case "reps":
            return counted(amount, "rep")
        case "grams" | "nanograms":
            grams = amount if term.unit == "grams" else round_half_up(amount, NANOGRAMS_PER_GRAM)
            unit: Unit = paper.ledger.view.profile.units or "kg"
            exact = f"{milli_text(grams)} kg"
            return exact if unit == "kg" else f"{exact} ({mass(grams, unit)})"
        case _:
            return ""
