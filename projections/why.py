"""Why a figure of a report is what it is: from the figure, by its formula, to the events behind it.

    ratio 0.385 = 5 : 13     explain(ledger, "balance", ["hamstrings:quadriceps"])
      ├─ Term hamstrings 5   = the sum of its parts
      │    ├─ Cell conventional_deadlift counts 0.5: grade, source
      │    └─ Part a set of that, counts 0.5
      └─ Term quadriceps 13  = …

The parts are counted anew, set by set, from the facts, and not taken from the report; they come to the same to the
last digit. Where a figure is no sum (a record), its one part is the set that made it. Figures of which no formula is
known here are walked to in the report, and the events that it names are the parts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import msgspec

from events import UnknownNameError
from events.catalogue import MUSCLES
from events.quantities import parse_day
from events.training import SetLogged
from projections import balance, programs, volume
from projections.balance import Weigh, of_muscle
from projections.book import Book
from projections.facts import Effective
from projections.ledger import Ledger
from projections.reasons import Counted, Explanation, Formula, Part, Term, Unit, cells, part_of, part_of_entry, term
from projections.view import View
from projections.volume import DIRECT


def explain(ledger: Ledger, report: str, figure: Sequence[str], as_of: int | None = None) -> Explanation:
    """Why a figure of a report is what it is.

    Args:
        ledger: The fold.
        report: One of ``REPORTS``.
        figure: The words that lead to it: a ratio, a week and a muscle, an exercise and a record …
        as_of: The local day, as for the report.

    Raises:
        UnknownNameError: where there is no such report, or it has no such figure.
    """
    made = ledger.report(report, as_of, explain=True)
    view, day = ledger.seen_on(as_of)
    facts = {fact.entry.id: fact for of_type in ledger.facts.effective.values() for fact in of_type.values()}
    asked = _Asked(ledger, view, day, made, list(figure), facts)
    match report, list(figure):
        case "balance", [name] if name in balance.RATIOS:
            found = _ratio(asked, name)
        case "balance", [muscle] if muscle in MUSCLES:
            found = _share(asked, muscle)
        case "volume", [week, muscle, *measure] if muscle in MUSCLES and len(measure) <= 1:
            found = _volume(asked, week, muscle, *measure)
        case "volume", [week, "sets"]:
            found = _sets_of_week(asked, week)
        case "records", [exercise, record, *rest]:
            found = _record(asked, exercise, record, rest)
        case "programs", ["adherence", *name] if len(name) <= 1:
            found = _adherence(asked, *name)
        case _:
            found = _named(asked)
    return found


class _Asked(msgspec.Struct, frozen=True):
    ledger: Ledger
    view: View
    day: int | None
    made: dict[str, Any]
    """The report, explained."""
    figure: list[str]
    facts: dict[str, Effective]
    """Those that count, by the events that created them."""

    def part(self, event: str, amount: int | None = None) -> Part:
        fact = self.facts.get(event)
        if fact is None:
            return part_of_entry(self.ledger.facts.entries.counted[event])
        return part_of(fact, self.view.book, amount)

    def answer(
        self, formula: Formula, value: int | None, *terms: Term, said: dict[str, Any] | None = None
    ) -> Explanation:
        return Explanation(
            report=self.made["report"],
            figure=" ".join(self.figure),
            as_of=self.made["as_of"],
            position=self.made["position"],
            formula=formula,
            value=value,
            terms=list(terms),
            said=said or {},
        )

    def unknown(self, known: Iterable[str]) -> UnknownNameError:
        names = tuple(dict.fromkeys(known))
        step = f"There are {', '.join(names)}." if names else "The report has none."
        return UnknownNameError(f"The report {self.made['report']} has no {' '.join(self.figure)!r}.", (), step)


def _ratio(asked: _Asked, name: str) -> Explanation:
    row = next(row for row in asked.made["ratios"] if row["name"] == name)
    window = list(_window(asked))
    terms = [
        _weighed(asked.view.book, side, window, weigh)
        for side, weigh in zip(name.split(":"), balance.RATIOS[name], strict=True)
    ]
    return asked.answer("ratio", row["ratio_milli"], *terms)


def _share(asked: _Asked, muscle: str) -> Explanation:
    window = list(_window(asked))
    made = _weighed(asked.view.book, muscle, window, of_muscle(muscle))
    whole = sum(done["fractional_milli"] for done in asked.made["muscles"].values())
    every = Term(name="all muscles", unit="milli_sets", amount=whole, parts=[])
    return asked.answer("share", asked.made["muscles"][muscle]["share_permille"], made, every)


def _window(asked: _Asked) -> Iterator[Counted]:
    """The sets that balance looks at."""
    if asked.day is not None:
        first = asked.day - balance.WINDOW_DAYS + 1
        yield from (done for done in _sets(asked.view) if first <= done[0].day <= asked.day)


def _volume(asked: _Asked, name: str, muscle: str, measure: str = "fractional_milli") -> Explanation:
    week = _week(asked, name)
    if measure not in _MEASURES:
        raise asked.unknown(_MEASURES)
    unit, amount_of = _MEASURES[measure]
    book, weigh = asked.view.book, of_muscle(muscle)

    def amount(done: Counted) -> int:
        share = weigh(done[0].exercise, book)
        return amount_of(done, share, book)

    trained = [done for done in _within(asked, week) if weigh(done[0].exercise, book)]
    shares = {fact.exercise: weigh(fact.exercise, book) for fact, _, _ in trained}
    made = term(muscle, unit, trained, amount, book)
    made = msgspec.structs.replace(made, cells=cells(book, shares, muscle))
    return asked.answer("sum", week["muscles"][muscle][measure], made)


def _sets_of_week(asked: _Asked, name: str) -> Explanation:
    week = _week(asked, name)
    made = term("sets", "sets", _within(asked, week), lambda done: int(done[2]), asked.view.book)
    return asked.answer("sum", week["sets"], made)


def _week(asked: _Asked, name: str) -> dict[str, Any]:
    weeks: list[dict[str, Any]] = asked.made["weeks"]
    found = next((week for week in weeks if name in {week["week"], week["start"]}), None)
    if found is None:
        raise asked.unknown(week["week"] for week in weeks[-5:])
    return found


def _within(asked: _Asked, week: dict[str, Any]) -> Iterator[Counted]:
    start = parse_day(week["start"])
    return (done for done in _sets(asked.view) if start <= done[0].day < start + volume.WEEK_DAYS)


_MEASURES: dict[str, tuple[Unit, Callable[[Counted, int, Book], int]]] = {
    "fractional_milli": ("milli_sets", lambda done, share, _: share * done[2]),
    "direct_sets": ("sets", lambda done, share, _: int(done[2] and share == DIRECT)),
    "reps": ("reps", lambda done, share, _: (done[1].reps or 0) * (done[2] and share == DIRECT)),
    "tonnage_g": (
        "nanograms",
        lambda done, share, book: volume.tonnage(done[1], done[0].exercise, book) * (share == DIRECT),
    ),
}
"""What can be asked of a muscle's week: what each set adds, by its share. Tonnage is rounded to grams as a sum."""


def _record(asked: _Asked, exercise: str, record: str, rest: list[str]) -> Explanation:
    rows = [
        row for row in asked.made["exercises"] if exercise.casefold() in {row["exercise"], row["name"].casefold()}
    ]
    sides = [row["side"] for row in rows]
    side = next((word for word in rest if word in sides), sides[0] if sides else "")
    numbers = [int(word) for word in rest if word.isdecimal()]
    row = next((row for row in rows if row["side"] == side), None)
    if row is None:
        raise asked.unknown(row["name"] for row in asked.made["exercises"])
    made = _rep_record(row, numbers) if record == "reps" else row.get(record)
    if not isinstance(made, dict) or "event" not in made:
        records = [key for key, value in row.items() if isinstance(value, dict) and "event" in value]
        raise asked.unknown([*records, *(f"reps {one['reps']}" for one in row["rep_records"])])
    beaten = next(
        (entry["beat"] for entry in row["timeline"] if (entry["event"], entry["record"]) == (made["event"], record)),
        None,
    )
    grams = made.get("grams")
    unit: Unit = "none" if grams is None else "grams"
    terms = [Term(name=record, unit=unit, amount=grams, parts=[asked.part(made["event"], grams)])]
    if beaten is not None:
        terms.append(Term(name="beat", unit="none", amount=None, parts=[asked.part(beaten["event"])]))
    return asked.answer(
        "record" if grams is None else "estimate", grams, *terms, said=made | _lifted(asked, made["event"])
    )


def _rep_record(row: dict[str, Any], numbers: list[int]) -> dict[str, Any] | None:
    """The set of the most load with at least so many repetitions."""
    wanted = numbers[0] if numbers else 0
    return next((one for one in row["rep_records"] if one["reps"] >= wanted), None)


def _lifted(asked: _Asked, event: str) -> dict[str, Any]:
    """What the set said that a formula takes: its load and repetitions."""
    fact = asked.facts.get(event)
    if fact is None or not isinstance(fact.body, SetLogged):
        return {}
    load = fact.body.load
    typed = None if load is None else {"milli": load.milli, "unit": load.unit}
    return {"load": typed, "load_kind": fact.body.load_kind, "reps": fact.body.reps}


def _adherence(asked: _Asked, called: str | None = None) -> Explanation:
    rows = asked.made["programs"]
    row = next(
        (row for row in rows if called is None or called.casefold() in {row["program"], row["name"].casefold()}), None
    )
    if row is None or asked.day is None:
        raise asked.unknown(row["name"] for row in rows)
    facts, sessions = asked.view.facts, [asked.view.sessions[key] for key in asked.view.sessions]
    held = programs.followed(facts, row["program"], sessions, asked.day)
    done, planned = [], []
    for kept in held:
        for slot, sets in kept.slots:
            done += [asked.part(one["event"], 1) for one in sets]
            words = f"{asked.view.book.name(facts.exercise_of(slot.fields['exercise']))}: sets asked for"
            day = kept.session["day"]
            planned.append(Part(event=None, fact=slot.slot, day=day, words=words, amount=slot.fields["sets"]))
    terms = [
        Term(name=name, unit="sets", amount=sum(part.amount or 0 for part in parts), parts=parts)
        for name, parts in (("done", done), ("planned", planned))
    ]
    return asked.answer("adherence", row["adherence"]["permille"], *terms)


def _named(asked: _Asked) -> Explanation:
    """Whatever a report names events for, found by its keys and by what its rows are called."""
    found: object = asked.made
    for word in asked.figure:
        inner = _step(found, word)
        if inner is None:
            raise asked.unknown(_choices(found))
        found = inner
    events = list(dict.fromkeys(_events(found)))
    if not events:
        raise asked.unknown(_choices(found))
    parts = [asked.part(event) for event in events]
    return asked.answer("named", None, Term(name="", unit="none", amount=None, parts=parts))


def _step(holder: object, word: str) -> object:
    """The member of an object by its key; the row of a list by anything that it says, or by what is in its lists."""
    wanted = word.casefold()
    if isinstance(holder, dict):
        if word in holder and isinstance(holder[word], dict | list):
            return holder[word]
        inner = (value for value in holder.values() if isinstance(value, dict | list))
        return next((found for value in inner if (found := _step(value, word)) is not None), None)
    if isinstance(holder, list):
        rows = [row for row in holder if isinstance(row, dict)]
        called = (row for row in rows if any(str(value).casefold() == wanted for value in row.values()))
        return next(called, next((found for row in rows if (found := _step(row, word)) is not None), None))
    return None


def _choices(holder: object) -> Iterator[str]:
    """What may follow: the keys of an object, and what the rows of its lists are called."""
    if isinstance(holder, dict):
        for key, value in holder.items():
            if isinstance(value, dict):
                yield key
            elif isinstance(value, list):
                yield from (
                    str(row[name]) for row in value[:9] for name in _CALLED if isinstance(row, dict) and name in row
                )


_CALLED = ("name", "week", "title", "record")


def _events(value: object) -> Iterator[str]:
    """The events that are named anywhere within; those of an object itself stand for all that is in it."""
    if isinstance(value, dict):
        own = [value["event"]] if isinstance(value.get("event"), str) else value.get("events", [])
        if own:
            yield from own
            return
    for member in value.values() if isinstance(value, dict) else value if isinstance(value, list) else []:
        yield from _events(member)


def _sets(view: View) -> Iterator[Counted]:
    """The counted sets that a view sees, each with whether it counts for its side, by time."""
    found = [done for facts in view.sets_by_session() for done in volume.counting(facts)]
    yield from sorted(found, key=lambda done: (done[0].time, done[0].entry.replica, done[0].entry.seq))


def _weighed(book: Book, name: str, sets: Iterable[Counted], weigh: Weigh) -> Term:
    """The sets that count for something, each by its share."""
    weighing = [(done, weigh(done[0].exercise, book)) for done in sets]
    shares = {done[0].exercise: share for done, share in weighing if share}
    there = [done for done, share in weighing if share]
    made = term(name, "milli_sets", there, lambda done: shares[done[0].exercise] * done[2], book)
    return msgspec.structs.replace(made, cells=cells(book, shares, name))
