"""Fields of facts as people type them, for corrections: ``reps=6 load=102.5kg at="2026-11-20 18:30" note=``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from typing import Any, get_args

import msgspec

from client_sdk.cli.amounts import (
    parse_dose,
    parse_grams,
    parse_height,
    parse_measurement,
    parse_stopwatch,
    parse_volume,
)
from client_sdk.cli.food import tag_of
from client_sdk.cli.measurements import site_of
from client_sdk.cli.naming import Target, facts_about, find_equipment, find_exercise, find_fact
from client_sdk.cli.performed import parse_reps
from client_sdk.cli.plausible import refuse_implausible
from client_sdk.cli.sets import moment_of
from client_sdk.cli.spelling import OF_TESTS, SPOKEN, spoken
from client_sdk.cli.typed import parse_distance, parse_duration, parse_kind, parse_load, parse_tempo, parse_tenths
from client_sdk.replica import Replica
from events import Body
from events.errors import MalformedError, UnsoundError
from events.training import SetLogged
from projections.fields import AT, OFFSET, Field, clash, correctable, corrected

_PARSED: dict[str, Callable[[str], Any]] = {
    "carbohydrate_dg": parse_grams,
    "distance_mm": parse_distance,
    "dose_mg": parse_dose,
    "effort_tenths": parse_tenths,
    "fat_dg": parse_grams,
    "height_mm": parse_height,
    "kind": parse_kind,
    "ml": parse_volume,
    "protein_dg": parse_grams,
    "reps": parse_reps,
    "rest_s": parse_duration,
    "rir_tenths": parse_tenths,
    "rpe_tenths": parse_tenths,
    "seconds": parse_duration,
    "seconds_milli": parse_stopwatch,
    "site": site_of,
    "tags": lambda text: [tag_of(tag) for tag in text.split(",")],
    "tempo": parse_tempo,
    "value": parse_measurement,
}
_OF_EQUIPMENT = frozenset({"start_load", "max_load", "steps", "plates", "add_ons"})
_NAMES = frozenset({"exercise", "equipment", "session", "program", "program_day", "day", "slot"})
"""The fields that hold the id of something else."""


def changes_of(replica: Replica, target: Target, assignments: Iterable[str], *, really: bool) -> dict[str, Any]:
    """The changes of a correction, by JSON name, each one that the target can take.

    Args:
        replica: For names of exercises and facts, and the lifter's unit.
        target: What is corrected.
        assignments: ``field=value``, as typed.
        really: Whether figures beyond what people do are meant.

    Raises:
        MalformedError: where a field or its value is not one that the target has.
        IronledgerError: where a name in a value is unknown.
    """
    fields = {name: field for entry in target.entries for name, field in correctable(entry.type).items()}
    if not fields:
        raise MalformedError(f"{target.words} can't be corrected.", next_step="Void it, and say it anew.")
    changes: dict[str, Any] = {}
    for assignment in assignments:
        typed, equals, text = assignment.partition("=")
        spoken_of = (SPOKEN.get(typed.strip()), OF_TESTS.get(typed.strip()))
        name = next((field for field in spoken_of if field in fields), typed.strip())
        if not equals or name not in fields:
            raise MalformedError(
                f"{assignment!r} corrects nothing of {target.words}.",
                next_step=f"Write field=value, with one of {', '.join(_offered(fields))}.",
            )
        changes |= _change(replica, target, name, text.strip(), really=really)
    checked = {name: _checked(name, fields[name], value) for name, value in changes.items()}
    for body in _corrected(replica, target, checked):
        if not really:
            refuse_implausible(body, checked.keys())
    return checked


def _corrected(replica: Replica, target: Target, changes: Mapping[str, Any]) -> Iterator[Body]:
    """What the target will say.

    Raises:
        UnsoundError: where that does not go together.
    """
    facts = facts_about(replica.ledger(), target.id)
    for entry in target.entries:
        fact = facts.effective.get(entry.type, {}).get(target.id)
        body = entry.body if fact is None else fact.body
        fields = correctable(entry.type)
        values = {
            fields[name].attribute: fields[name].value_of(value)
            for name, value in changes.items()
            if name in fields and name not in {AT, OFFSET}
        }
        if (reason := clash(body, values)) is not None:
            raise UnsoundError(reason)
        yield corrected(body, values)


def _change(replica: Replica, target: Target, name: str, text: str, *, really: bool) -> dict[str, Any]:
    """One assignment; a moment and a load write two fields or three."""
    if not text:
        return {name: None}
    if name == "at":
        moment = moment_of(replica, text, really=really)
        return {"at": moment.at, "offset": moment.offset}
    if name == "load":
        return _load(replica, target, text)
    if name in _NAMES:
        return {name: _named(replica, name, text)}
    parse = None if name == "kind" and target.entries[0].type != "set_logged" else _PARSED.get(name)
    if name in _OF_EQUIPMENT:
        parse = partial(_loads, replica, name)
    return {name: text if parse is None else parse(text)}


def _named(replica: Replica, name: str, text: str) -> str:
    """The id of what was named."""
    match name:
        case "exercise":
            return find_exercise(replica, text).id
        case "equipment":
            return find_equipment(replica, text).equipment
        case _:
            return find_fact(replica, text).id


def _loads(replica: Replica, name: str, text: str) -> Any:  # noqa: ANN401  # one load, several, or plates as JSON
    """The loads of equipment: ``25kg``; of its steps, plates and add-ons as many as there are: ``5kg,7.5kg``."""
    if text.startswith("["):
        return text
    unit = replica.ledger().view.profile.units
    loads = [msgspec.to_builtins(parse_load(part, unit).load) for part in text.split(",")]
    return loads[0] if name in {"start_load", "max_load"} and len(loads) == 1 else loads


def _load(replica: Replica, target: Target, text: str) -> dict[str, Any]:
    """A load; without a unit it has that of the load before, and without bw it means what that one meant."""
    ledger = replica.ledger()
    fact = facts_about(ledger, target.id).effective.get("set_logged", {}).get(target.id)
    before = fact.body if fact is not None else target.entries[0].body
    was = before if isinstance(before, SetLogged) else None
    unit = was.load.unit if was is not None and was.load is not None else ledger.view.profile.units
    typed = parse_load(text, unit)
    changes: dict[str, Any] = {"load": typed.load}
    if typed.load_kind is not None:
        changes["load_kind"] = typed.load_kind
    elif was is not None and was.load_kind == "bodyweight":
        changes["load_kind"] = "added"
    if typed.implements is not None:
        changes["implements"] = typed.implements
    elif typed.load_kind is not None and was is not None and was.implements is not None:
        changes["implements"] = None  # what is added to the body is not so much on each of two
    return changes


def _checked(name: str, field: Field, value: object) -> object:
    """The value, of the type that the field holds: text that is no name of anything may be a number."""
    candidates = [msgspec.to_builtins(value)]
    if isinstance(value, str):
        with suppress(msgspec.DecodeError):
            candidates.append(msgspec.json.decode(value))
    for candidate in candidates:
        with suppress(MalformedError):
            field.value_of(candidate)
            return candidate
    choices = _choices(field.type)
    step = f"It is {' or '.join(choices)}." if choices else "`ironledger correct --help` shows examples."
    raise MalformedError(f"{spoken(name)} can't be {'empty' if value is None else repr(value)}.", next_step=step)


def _choices(kind: Any) -> list[str]:  # noqa: ANN401  # a type, known while running only
    """The words of a field that holds one of a few."""
    return [word for part in (kind, *get_args(kind)) for word in get_args(part) if isinstance(word, str)]


def _offered(fields: Mapping[str, Field]) -> list[str]:
    return sorted(spoken(name) for name in fields if name not in {"load_kind", "offset"})
