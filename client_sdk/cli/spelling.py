"""Changes of facts, spelled as ``ironledger correct`` takes them: ``reps=6 load=102.5kg rpe=9``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from client_sdk.cli.words import is_id, short, when
from events.quantities import milli_text

SPOKEN = {
    "carbs": "carbohydrate_dg",
    "distance": "distance_mm",
    "dose": "dose_mg",
    "effort": "effort_tenths",
    "fat": "fat_dg",
    "height": "height_mm",
    "protein": "protein_dg",
    "rest": "rest_s",
    "rir": "rir_tenths",
    "rpe": "rpe_tenths",
    "time": "seconds",
}
"""What people call some fields."""
OF_TESTS = {"time": "seconds_milli"}
"""What they call those of tests of performance, whose times are taken to the thousandth."""

_SCALES = {
    "carbohydrate_dg": (100, "g"),
    "distance_mm": (1, "m"),
    "dose_mg": (1, "g"),
    "fat_dg": (100, "g"),
    "height_mm": (100, "cm"),
    "ml": (1000, "ml"),
    "protein_dg": (100, "g"),
    "seconds_milli": (1, "s"),
}
"""What a field is in thousandths of the unit that it is typed in."""
_SPOKEN_FOR = {field: spoken for names in (SPOKEN, OF_TESTS) for spoken, field in names.items()}


def spoken(field: str) -> str:
    """What people call a field."""
    return _SPOKEN_FOR.get(field, field)


def assignments(changes: Mapping[str, Any]) -> str:
    """All changes of a correction, as they would be typed."""
    return " ".join(f"{name}={_quoted(text)}" for name, text in _spelled(changes))


def value_of(conflict: Mapping[str, Any], write: Mapping[str, Any]) -> str:
    """The value of a write in a conflict as it would be typed, ids by the letters that name them."""
    field, value = conflict["field"], write["value"]
    if field == "at" and isinstance(value, int):
        return when(value, write["offset"])
    return short(value) if isinstance(value, str) and is_id(value) else _value(field, value)


def _spelled(changes: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for field, value in changes.items():
        match field, value:
            case "at", int():
                offset = changes.get("offset")
                yield "at", when(value, offset if isinstance(offset, int) else 0)
            case "offset", _ if "at" in changes:
                continue
            case "load", _:
                yield "load", _load(value, changes.get("load_kind"))
            case "load_kind", _ if "load" in changes:
                continue
            case _:
                yield spoken(field), _value(field, value)


def _load(load: Any, load_kind: Any) -> str:  # noqa: ANN401  # JSON of a correction
    typed = "" if load is None else _value("load", load)
    match load_kind:
        case "bodyweight":
            return "bw"
        case "added" | "assisted":
            return f"bw{'+' if load_kind == 'added' else '-'}{typed}"
        case _:
            return typed


def _value(field: str, value: Any) -> str:  # noqa: ANN401  # JSON of a correction
    match value:
        case None:
            return ""
        case {"milli": int(milli), "unit": str(unit)}:
            return f"{milli_text(milli)}{unit}"
        case int():
            return _amount(field, value)
        case str():
            return value
        case [*parts] if parts and all(isinstance(part, dict) and part.keys() == {"milli", "unit"} for part in parts):
            return ",".join(_value(field, part) for part in parts)
        case _:
            return msgspec.json.encode(value).decode()


def _amount(field: str, value: int) -> str:
    if field.endswith("_tenths"):
        return milli_text(value * 100)
    if field in {"rest_s", "seconds"}:
        return f"{value}s"
    if field in _SCALES:
        scale, unit = _SCALES[field]
        return f"{milli_text(value * scale)}{unit}"
    return msgspec.json.encode(value).decode()


def _quoted(text: str) -> str:
    return f'"{text}"' if " " in text else text
