"""What facts beside the training say, in a few words: equipment, targets, and all that the diary keeps."""

from __future__ import annotations

from collections.abc import Iterator

from events import Body, Load
from events.body import DeloadEnded, DeloadStarted, MeasurementTaken, PhotoAttached, ReadinessRated, TestPerformed
from events.corrections import NoteAdded
from events.equipment import EquipmentChanged, EquipmentDefined, Plate
from events.nutrition import FoodLogged, SupplementTaken, WaterLogged
from events.programs import ProgressionDecided, Target
from events.quantities import milli_text, round_half_up
from events.training import LoadKind

KILOMETRE_MM = 1_000_000
MINUTE_S = 60


def tell(body: Body) -> str | None:  # noqa: C901, PLR0911  # one case for each kind of fact
    """What a fact says; None for those of training, and for facts about facts."""
    match body:
        case EquipmentDefined() | EquipmentChanged():
            return ", ".join(filter(None, (body.name, *_equipment(body))))
        case ProgressionDecided():
            return f"{body.decision} {describe_target(body.target)}"
        case MeasurementTaken():
            side = "" if body.side in {None, "both"} else f"{body.side} "
            return f"{side}{plain(body.site)} {body.value}"
        case PhotoAttached():
            kind = body.media_type.removeprefix("image/")
            return _noted(f"{plain(body.pose)} ({kind}, {describe_size(body.bytes)})", body.note)
        case TestPerformed():
            return _noted(" ".join((plain(body.kind), *_result(body))), body.note)
        case ReadinessRated():
            return ", ".join(_felt(body))
        case DeloadStarted() | DeloadEnded():
            return body.reason or ""
        case FoodLogged():
            return _noted(_food(body), body.note)
        case WaterLogged():
            return f"{body.ml} ml" if body.when is None else f"{body.ml} ml {body.when} training"
        case SupplementTaken():
            return _supplement(body)
        case NoteAdded():
            return body.text if body.author is None else f"{body.text} ({body.author})"
        case _:
            return None


def describe_target(target: Target) -> str:
    """What a slot asks for next, as a set is said: ``102.5 kg × 8``."""
    parts = []
    if target.load is not None or target.load_kind == "bodyweight":
        parts.append(signed(target.load, target.load_kind))
    if target.reps is not None:
        parts.append(f"× {target.reps}")
    if target.seconds is not None:
        parts.append(describe_duration(target.seconds))
    return " ".join(parts)


def signed(load: Load | None, kind: LoadKind) -> str:
    """A load with what it means on a body-weight lift: ``body weight + 20 kg``."""
    match kind:
        case "bodyweight":
            return "body weight"
        case "added":
            return f"body weight + {load}"
        case "assisted":
            return f"body weight - {load}"
        case "external":
            return str(load)


def describe_distance(millimetres: int) -> str:
    """A distance in metres or kilometres."""
    if millimetres < KILOMETRE_MM:
        return f"{milli_text(millimetres)} m"
    return f"{milli_text(millimetres // 1000)} km"


def describe_duration(seconds: int) -> str:
    """A time as a stopwatch shows it."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours}:{minutes:02d}:{rest:02d}"
    return f"{minutes}:{rest:02d}" if minutes else f"{rest} s"


def describe_milliseconds(milliseconds: int) -> str:
    """A time to the thousandth: ``4.25 s``, ``12:30.5``."""
    seconds, rest = divmod(milliseconds, 1000)
    if seconds < MINUTE_S:
        return f"{milli_text(milliseconds)} s"
    return describe_duration(seconds) + milli_text(rest).removeprefix("0") * bool(rest)


def describe_size(size: int) -> str:
    """The size of a file: ``2.3 MB``."""
    for unit, length in (("MB", 1_000_000), ("kB", 1000)):
        if size >= length:
            return f"{milli_text(round_half_up(size * 10, length) * 100)} {unit}"
    return f"{size} bytes"


def plain(identifier: str) -> str:
    """``upper_arm`` as ``upper arm``."""
    return identifier.replace("_", " ")


def _equipment(body: EquipmentDefined | EquipmentChanged) -> Iterator[str]:
    """What is said of a piece of equipment, or what changes of it."""
    if body.kind is not None:
        yield plain(body.kind)
    if body.place is not None:
        yield f"at {body.place}"
    if body.start_load is not None:
        yield f"from {body.start_load}"
    if body.max_load is not None:
        yield f"up to {body.max_load}"
    groups = (("steps", body.steps), ("plates", body.plates), ("add-ons", body.add_ons))
    for name, loads in groups:
        if loads:
            yield f"{name} {' '.join(map(_one, loads))}"
        elif loads is not None and isinstance(body, EquipmentChanged):
            yield f"no {name}"


def _one(part: Load | Plate) -> str:
    if isinstance(part, Load):
        return str(part)
    return str(part.load) if part.pairs is None else f"{part.pairs} × 2 × {part.load}"


def _result(body: TestPerformed) -> Iterator[str]:
    if body.distance_mm is not None:
        yield describe_distance(body.distance_mm)
    if body.height_mm is not None:
        yield f"{milli_text(body.height_mm * 100)} cm"
    if body.seconds_milli is not None:
        yield describe_milliseconds(body.seconds_milli)


def _felt(body: ReadinessRated) -> Iterator[str]:
    if body.fatigue is not None:
        yield f"fatigue {body.fatigue} of 10"
    if body.sleep_min is not None:
        yield f"slept {body.sleep_min // 60}:{body.sleep_min % 60:02d} h"
    for muscle, rating in sorted((body.soreness or {}).items()):
        yield f"{plain(muscle)} sore {rating} of 10"
    if body.pain is not None:
        yield f"pain: {plain(body.pain.site)}"


def _food(body: FoodLogged) -> str:
    macros = (("protein", body.protein_dg), ("carbohydrate", body.carbohydrate_dg), ("fat", body.fat_dg))
    figures = ", ".join(f"{name} {milli_text(figure * 100)} g" for name, figure in macros if figure is not None)
    tags = f"({', '.join(map(plain, body.tags))})" if body.tags else ""
    return " ".join(filter(None, (": ".join(filter(None, (body.name, figures))), tags)))


def _supplement(body: SupplementTaken) -> str:
    kind = _SUPPLEMENTS.get(body.kind, body.kind)
    named = kind if body.name is None else body.name if body.kind == "other" else f"{kind} ({body.name})"
    return named if body.dose_mg is None else f"{named} {milli_text(body.dose_mg)} g"


def _noted(words: str, note: str | None) -> str:
    return f"{words}: {note}" if note else words


_SUPPLEMENTS = {"bcaa": "BCAA", "other": "a supplement", "pre_workout": "pre-workout"}
