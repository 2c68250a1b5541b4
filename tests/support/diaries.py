"""Facts beside the training, as hypothesis draws them: equipment, the body, nutrition, decisions, notes.

Small pools of names, so that whatever can collide does; ordinary figures, and those at the limits.
"""

from __future__ import annotations

from typing import Any, TypeVar

from hypothesis import strategies as st
from support.chains import NOON_MS, some_uuid

from events import Body, Load
from events.body import (
    DeloadEnded,
    DeloadStarted,
    Measurement,
    MeasurementTaken,
    Pain,
    PhotoAttached,
    ReadinessRated,
    TestPerformed,
)
from events.corrections import FactCorrected, NoteAdded
from events.equipment import EquipmentChanged, EquipmentDefined, Plate
from events.nutrition import FOOD_SOURCES, FoodLogged, SupplementTaken, WaterLogged
from events.programs import ProgressionDecided, Target
from events.quantities import DAY_MS

T = TypeVar("T")


def pool(what: str, size: int) -> list[str]:
    """So many names, the same each time."""
    return [some_uuid(what, number) for number in range(size)]


EQUIPMENT, MEASUREMENTS, NOTES = pool("equipment", 2), pool("measurement", 3), pool("note", 2)
PHOTOS, TESTS, RATINGS = pool("photo", 1), pool("test", 2), pool("rating", 2)
NAMES = [*EQUIPMENT, *MEASUREMENTS, *NOTES, *PHOTOS, *TESTS, *RATINGS]
"""What the facts here are called by, but for those that are called by their events."""


def maybe(values: st.SearchStrategy[T]) -> st.SearchStrategy[T | None]:
    """One of the values, or none."""
    return st.none() | values


def _one_of(*values: T) -> st.SearchStrategy[T]:
    return st.sampled_from(values)


_words = _one_of("Rest.", "tief → schön", "腿 🏋️", "x" * 4000)
_names = _one_of("Home", "Halle Ω", "n" * 200)
_units = _one_of("kg", "lb")
_light, _heavy = (
    st.builds(Load, milli, _units) for milli in (_one_of(0, 5000, 20_000), _one_of(200_000, 10_000_000))
)
_step = st.builds(Load, _one_of(1, 1250, 2500, 5000, 10_000_000), _units)
_plate = st.builds(Plate, _one_of(1, 1250, 20_000, 10_000_000), _units, maybe(_one_of(1, 2, 100)))
_loads: dict[str, Any] = {
    "start_load": maybe(_light),
    "max_load": maybe(_heavy),
    "steps": _one_of((), (Load(2500, "kg"),)) | st.lists(_step, max_size=3).map(tuple),
    "plates": st.lists(_plate, max_size=3).map(tuple),
    "add_ons": st.lists(_step, max_size=2).map(tuple),
}
_kinds = _one_of("barbell", "dumbbells", "stack", "plate_loaded", "kettlebells", "other")

equipment: st.SearchStrategy[Body] = st.one_of(
    st.builds(
        EquipmentDefined, equipment=_one_of(*EQUIPMENT), name=_names, kind=_kinds, place=maybe(_names), **_loads
    ),
    st.builds(
        EquipmentChanged,
        equipment=_one_of(*EQUIPMENT),
        name=maybe(_names),
        kind=maybe(_kinds),
        **{name: maybe(loads) for name, loads in _loads.items()},
    ),
)

_weights = st.builds(Measurement, _one_of(80_000, 82_500, 181_900, 182_000), _units)
_girths = st.builds(Measurement, _one_of(1, 24_000, 58_500, 160_000), _one_of("cm", "mm", "in"))
_shares = st.builds(Measurement, _one_of(1, 18_500, 100_000), st.just("percent"))


def _measured(site: str, values: st.SearchStrategy[Measurement]) -> st.SearchStrategy[MeasurementTaken]:
    return st.builds(
        MeasurementTaken,
        measurement=_one_of(*MEASUREMENTS),
        site=st.just(site),
        value=values,
        side=maybe(_one_of("left", "right", "both")),
    )


measurements: st.SearchStrategy[Body] = st.one_of(
    _measured("body_weight", _weights | _one_of(Measurement(20_000, "kg"), Measurement(700_000, "kg"))),
    _measured("thigh", _girths),
    _measured("body_fat", _shares),
    _measured("wing span", _girths | _shares | _weights),
)

_ratings = _one_of(0, 4, 10)
_decigrams = maybe(_one_of(0, 305, 10_000))
felt: st.SearchStrategy[Body] = st.one_of(
    st.builds(
        ReadinessRated,
        rating=_one_of(*RATINGS),
        fatigue=_ratings,
        sleep_min=maybe(_one_of(0, 445, 1440)),
        soreness=maybe(st.dictionaries(_one_of("quadriceps", "calves", "wings"), _ratings, min_size=1)),
        pain=maybe(st.builds(Pain, _one_of("left knee", "back"), maybe(_one_of(*pool("slot", 2))))),
    ),
    st.builds(DeloadStarted, reason=maybe(_words)),
    st.builds(DeloadEnded, reason=maybe(_words)),
)
performed: st.SearchStrategy[Body] = st.one_of(
    st.builds(
        TestPerformed,
        test=_one_of(*TESTS),
        kind=_one_of("sprint", "jump", "endurance", "throw"),
        distance_mm=maybe(_one_of(1, 30_000, 2_000_000_000)),
        seconds_milli=_one_of(1, 4250, 604_800_000),
        height_mm=maybe(_one_of(1, 455, 10_000)),
    ),
    st.builds(
        PhotoAttached,
        photo=_one_of(*PHOTOS),
        sha256=st.just("5f" * 32),
        bytes=_one_of(1, 2**40),
        media_type=_one_of("image/jpeg", "image/svg+xml"),
        pose=_one_of("front", "side"),
        note=maybe(_words),
    ),
)
eaten: st.SearchStrategy[Body] = st.one_of(
    st.builds(
        FoodLogged,
        name=_one_of("Oats", "Äpfel"),
        protein_dg=_decigrams,
        carbohydrate_dg=_decigrams,
        fat_dg=_decigrams,
        tags=st.lists(_one_of(*FOOD_SOURCES, "tofu"), max_size=3).map(tuple),
    ),
    st.builds(WaterLogged, ml=_one_of(1, 250, 10_000), when=maybe(_one_of("before", "during", "after"))),
    st.builds(
        SupplementTaken,
        kind=_one_of("protein", "creatine", "bcaa", "pre_workout", "other"),
        dose_mg=maybe(_one_of(1, 5000, 1_000_000)),
        name=maybe(_names),
    ),
)


def decisions(slots: list[str]) -> st.SearchStrategy[ProgressionDecided]:
    """Targets taken or declined, for some slots."""
    target = st.builds(
        Target,
        load=maybe(_light | _heavy),
        load_kind=_one_of("external", "added", "assisted"),
        reps=_one_of(0, 8, 10_000),
        seconds=maybe(_one_of(30, 604_800)),
    )
    return st.builds(
        ProgressionDecided, slot=_one_of(*slots), target=target, decision=_one_of("accepted", "declined")
    )


def notes(targets: list[str]) -> st.SearchStrategy[NoteAdded]:
    """Remarks on some things."""
    return st.builds(
        NoteAdded,
        note=_one_of(*NOTES),
        target=_one_of(*targets),
        text=_words,
        author=maybe(_one_of("Coach Jo")),
    )


_changes = st.fixed_dictionaries(
    {},
    optional={
        "value": _one_of(
            {"milli": 90_000, "unit": "kg"}, {"milli": 61_000, "unit": "cm"}, {"milli": 0, "unit": "cm"}
        ),
        "site": _one_of("body_weight", "thigh", "wing span", ""),
        "start_load": _one_of(None, {"milli": 10_000, "unit": "kg"}, {"milli": 9_000_000, "unit": "kg"}),
        "steps": _one_of(None, [], [{"milli": 5000, "unit": "lb"}], [{"milli": 0, "unit": "kg"}], 5),
        "name": maybe(_names),
        "kind": _one_of("stack", "creatine", "jump", None),
        "fatigue": _one_of(None, 3, 11),
        "protein_dg": _one_of(None, 250, -1),
        "seconds_milli": _one_of(None, 12_500),
        "height_mm": _one_of(None, 500),
        "ml": _one_of(750, None),
        "text": _one_of("Better.", "", None),
        "target": _one_of(*pool("set", 2), "back_squat", {"reps": 5}, {}),
        "note": maybe(_words),
        "at": _one_of(NOON_MS, NOON_MS - 40 * DAY_MS),
    },
).filter(bool)
corrections = st.builds(
    FactCorrected, target=_one_of(*NAMES, *pool("event", 12), *pool("event", 12)), changes=_changes
)
"""Of the facts here, also of those that are called by their event."""
