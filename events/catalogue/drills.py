"""The drills of warm-up and cool-down that everybody knows, the guide's first: what sort each is, and for what.

    >>> find_drill("Leg Swing").phase
    'warm_up'
    >>> find_drill("quad stretches").muscle
    'quadriceps'

A name that is not here is a drill all the same; then the lifter says of what sort it is.
"""

from functools import cache

import msgspec

from events.catalogue.names import Names
from events.training import DrillKind, DrillPhase


class Drill(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A drill that is known: what it is called, where in a session it belongs, and the muscle that it is for.

    The calves are named as one, for a stretch is hardly ever for one of their two muscles alone.
    """

    name: str
    kind: DrillKind
    phase: DrillPhase
    muscle: str | None = None
    aliases: tuple[str, ...] = ()


def find_drill(name: str) -> Drill | None:
    """The drill that bears this name, in whatever spelling; None where none does."""
    found = _names().match(name)
    return None if found is None else _BY_NAME[found]


def suggest_drills(text: str, limit: int = 5) -> list[str]:
    """The names of the drills that somebody who typed this may have meant, likeliest first."""
    return _names().suggest(text, limit)


def _dynamic(name: str, *aliases: str) -> Drill:
    return Drill(name=name, kind="dynamic_stretch", phase="warm_up", aliases=aliases)


def _cardio(name: str, *aliases: str) -> Drill:
    return Drill(name=name, kind="light_cardio", phase="warm_up", aliases=aliases)


def _stretch(name: str, muscle: str, *aliases: str) -> Drill:
    return Drill(name=name, kind="static_stretch", phase="cool_down", muscle=muscle, aliases=aliases)


def _rolling(name: str, muscle: str | None, *aliases: str) -> Drill:
    return Drill(name=name, kind="foam_rolling", phase="cool_down", muscle=muscle, aliases=aliases)


DRILLS = (
    _dynamic("leg swings"),
    _dynamic("walking lunges"),
    _dynamic("high knees"),
    _dynamic("butt kicks", "heel flicks"),
    _dynamic("hip circles"),
    _dynamic("ankle circles", "ankle rocks"),
    _dynamic("inchworms"),
    _dynamic("world's greatest stretch"),
    _dynamic("air squats", "body weight squats"),
    _cardio("jogging", "jog", "light jog", "running"),
    _cardio("cycling", "bike", "stationary bike", "exercise bike", "spinning"),
    _cardio("rowing", "rower", "rowing machine"),
    _cardio("walking", "walk", "brisk walk", "treadmill"),
    _cardio("elliptical", "cross trainer"),
    _cardio("skipping rope", "jump rope", "rope skipping"),
    _cardio("stair climber", "stairs"),
    _stretch("hamstring stretch", "hamstrings", "hams stretch"),
    _stretch("quad stretch", "quadriceps", "quadriceps stretch"),
    _stretch("calf stretch", "calves", "calves stretch"),
    _stretch("glute stretch", "glutes", "figure four stretch", "pigeon stretch", "pigeon pose"),
    _stretch("adductor stretch", "adductors", "groin stretch", "butterfly stretch", "inner thigh stretch"),
    _stretch("hip flexor stretch", "hip_flexors", "couch stretch"),
    _stretch("abductor stretch", "abductors", "outer hip stretch"),
    _rolling("foam rolling", None, "foam roller", "foam roll"),
    _rolling("quad foam rolling", "quadriceps", "foam rolling quads"),
    _rolling("hamstring foam rolling", "hamstrings", "foam rolling hamstrings"),
    _rolling("calf foam rolling", "calves", "foam rolling calves"),
    _rolling("glute foam rolling", "glutes", "foam rolling glutes"),
)
"""The guide's first in each group."""

_BY_NAME = {drill.name: drill for drill in DRILLS}


@cache
def _names() -> Names:
    return Names((name, drill.name) for drill in DRILLS for name in (drill.name, *drill.aliases))
