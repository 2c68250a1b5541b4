"""Muscles as people call them."""

from __future__ import annotations

from difflib import get_close_matches

from client_sdk.cli.words import plain
from events.catalogue import MUSCLES
from events.errors import UnknownNameError

CALVES = "calves"
"""Both muscles of the calf, which nobody feels or stretches apart."""

_LEGS = ("quadriceps", "hamstrings", "glutes", "adductors", "abductors", "hip flexors", CALVES, "tibialis")
_CALLED = {
    "quadriceps": ("quads", "quad"),
    "hamstrings": ("hams", "hamstring"),
    "glutes": ("glute",),
    "adductors": ("adductor", "groin", "inner thighs"),
    "abductors": ("abductor", "outer hips"),
    "hip_flexors": ("hip flexor",),
    CALVES: ("calf",),
    "tibialis": ("shins", "shin"),
    "spinal_erectors": ("lower back", "erectors"),
    "core": ("abs",),
    "chest": ("pecs",),
    "lats": ("lat",),
    "biceps": ("bicep",),
    "triceps": ("tricep",),
    "forearms": ("forearm",),
}
_NAMES = {plain(muscle): muscle for muscle in (*MUSCLES, CALVES)} | {
    name: muscle for muscle, names in _CALLED.items() for name in names
}


def find_muscle(text: str) -> str:
    """The muscle of this name, as reports name it; the calves are one.

    Raises:
        UnknownNameError: where nothing is called so, with what may have been meant.
    """
    typed = " ".join(text.lower().replace("_", " ").replace("-", " ").split())
    if typed in _NAMES:
        return _NAMES[typed]
    likely = tuple(dict.fromkeys(plain(_NAMES[name]) for name in get_close_matches(typed, _NAMES, 3)))
    step = f"Did you mean {' or '.join(likely)}?" if likely else f"The leg muscles are {', '.join(_LEGS)}."
    raise UnknownNameError(f"No muscle is called {text!r}.", likely, step)
