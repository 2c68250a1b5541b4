"""What ``explain`` adds to any report: names of events that are there and count, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from support.facts import PROGRAM, a_day, a_program, a_set, a_slot, finish, start
from support.ledgers import World, fold, histories, ledger_of

from events.programs import ProgramActivated
from events.quantities import parse_day
from projections.ledger import REPORTS, Ledger

UNCOUNTED = frozenset({"conflicts", "problems"})
"""These tell of what doesn't count."""


@given(histories())
def test_an_explained_report_is_the_plain_one_with_events_that_count(world: World) -> None:
    ledger = fold(world.records)
    days = [None] if ledger.latest_day is None else [None, parse_day(ledger.latest_day) - 1]
    for name in REPORTS:
        for as_of in days:
            plain, explained = ledger.report(name, as_of), ledger.report(name, as_of, explain=True)
            assert set(_added(plain, explained)) <= {"events", "event"}
            assert set(_events(explained)) <= (_known(ledger) if name in UNCOUNTED else _counting(ledger)), name


@given(histories())
def test_a_checkpoint_explains_as_the_ledger_does(world: World) -> None:
    ledger = fold(world.records)
    restored = Ledger.restore(ledger.checkpoint())
    assert restored is not None
    for name in REPORTS:
        assert restored.report(name, explain=True) == ledger.report(name, explain=True)


@pytest.mark.parametrize("name", ["sessions", "programs", "records", "volume", "balance"])
def test_every_report_of_training_names_the_set_behind_it(name: str) -> None:
    plan = [a_program(), a_day(), a_slot(), ProgramActivated(program=PROGRAM)]
    session = [start(program=PROGRAM, program_day=a_day().day), a_set(load="100kg", reps=5), finish()]
    ledger = ledger_of(*plan, *session)
    [fact] = ledger.facts.of_type("set_logged")
    assert fact.entry.id in set(_events(ledger.report(name, explain=True)))


def test_a_muscles_week_names_the_sets_that_train_it_and_no_other() -> None:
    ledger = ledger_of(a_set(reps=5), a_set("seated_leg_curl", reps=9))
    [squat, curl] = (fact.entry.id for fact in ledger.facts.of_type("set_logged"))
    week = ledger.report("volume", explain=True)["weeks"][-1]
    assert week["muscles"]["quadriceps"]["events"] == [squat]
    assert week["muscles"]["hamstrings"]["events"] == [curl]
    assert week["muscles"]["chest"]["events"] == []
    assert week["events"] == sorted([squat, curl])


def _added(plain: object, explained: object, key: str = "") -> Iterator[str]:
    """The keys that an explained report has beside those of the plain one, where all else is the same."""
    if isinstance(plain, dict) and isinstance(explained, dict):
        assert plain.keys() <= explained.keys()
        yield from explained.keys() - plain.keys()
        for name, value in plain.items():
            yield from _added(value, explained[name], name)
    elif isinstance(plain, list) and isinstance(explained, list):
        assert len(plain) == len(explained), key
        for one, other in zip(plain, explained, strict=True):
            yield from _added(one, other, key)
    else:
        assert plain == explained, key


def _events(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("event"), str):
            yield value["event"]
        if isinstance(value.get("events"), list):
            yield from value["events"]
        for member in value.values():
            yield from _events(member)
    elif isinstance(value, list):
        for member in value:
            yield from _events(member)


def _counting(ledger: Ledger) -> set[str]:
    """The events whose facts count, with the edits that are in force beside them."""
    facts = ledger.facts
    edits = {edit.id for of_target in facts.edits.values() for edit in of_target}
    return {fact.entry.id for of_type in facts.effective.values() for fact in of_type.values()} | edits


def _known(ledger: Ledger) -> set[str]:
    return {entry.id for entry in ledger.facts.entries.all()}
