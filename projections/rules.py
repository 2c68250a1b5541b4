"""The rules of progression, on plain values.

The first that holds decides, and says so by its code:

    first_time   never done: the lifter chooses a load
    layoff       not trained for four weeks: lighter
    deload       a deload is on: lighter
    pain, form   pain was reported in the slot, or the form rated 2 or worse: no more than last time
    accepted     the lifter took a target: it stays until it is met
    as_planned   the slot wants no progression: the same as last time
    next_load    the range is full often enough: the next load, at the bottom of the range
    at_limit     it is, and there is no next load: one repetition more
    confirm      it is, but not yet in as many sessions in a row: the same again
    all_sets     sets are missing, or were lighter: the same, in all of them
    next_rep     one repetition more, or some seconds
    declined     of the last six, where the lifter declined it: the same as last time, until there is another session

**Double progression** raises the load once the range is full in two sessions in a row, as the ACSM advises 2 to 10 %
more once the repetitions aimed at can be exceeded (2009, doi 10.1249/MSS.0b013e3181915670). The first accepts that
steps are what the equipment gives; a larger one is marked.

**A layoff.** Strength is largely kept for up to four weeks without training (Mujika and Padilla 2000, doi
10.2165/00007256-200030020-00002), three weeks cost nothing in the end (Ogasawara et al. 2013, doi
10.1007/s00421-012-2511-9), and the longer it lasts the more is lost (Bosquet et al. 2013, doi 10.1111/sms.12047). How
much lighter to begin again is no finding but this project's caution: 10 % after four weeks, 20 % after twelve, 30 %
after half a year.

**A deload** may lower load, volume, effort or frequency (Bell et al. 2023, doi 10.1186/s40798-023-00633-0), and
lifters do lower the load (Bell et al. 2024, doi 10.1186/s40798-024-00691-y). By how much is open; 10 % is a
convention.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import msgspec

from events.programs import Target
from events.quantities import Load, day_text
from events.training import LoadKind
from projections.gear import Gear
from projections.practice import Bout
from projections.ranges import Asking, Reached
from projections.steps import LARGE_PERMILLE, Step, easier, harder, load_shown

WORST_FORM_TO_GROW = 3
LAYOFFS = ((182, 300), (84, 200), (28, 100))
"""After so many days without an exercise so many permille less, the longest first."""
DELOAD_PERMILLE = 100

Code = Literal[
    "first_time",
    "layoff",
    "deload",
    "pain",
    "form",
    "accepted",
    "as_planned",
    "next_load",
    "at_limit",
    "confirm",
    "all_sets",
    "next_rep",
    "declined",
]


class Noted(msgspec.Struct, frozen=True):
    """Something that was said on a day; what lasts has an end, if it is over."""

    day: int
    at: int
    event: str
    end: int | None = None
    words: str = ""

    def covers(self, at: int) -> bool:
        """Whether it went on at a moment."""
        return self.at <= at and (self.end is None or at < self.end)


class Decided(msgspec.Struct, frozen=True):
    """What the lifter said to a target that was proposed."""

    day: int
    at: int
    event: str
    slot: str
    target: Target
    accepted: bool


class Situation(msgspec.Struct, frozen=True, kw_only=True):
    """All that the rules judge."""

    asking: Asking
    judged: list[Reached]
    """What the sessions came to, the last one first; those of deloads are left out where there are others."""
    only_deloads: bool
    last: Bout | None
    """The last session, be it of a deload."""
    idle_days: int | None
    """Since the exercise was last done, in this slot or another."""
    deload: Noted | None
    pain: Noted | None
    decided: Decided | None
    gear: Gear | None


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """What comes next, and why."""

    target: Target | None
    """None where the lifter has to choose."""
    code: Code
    reason: str
    step: Step | None = None
    """The next load up from the last one that was judged, whether the target takes it or not."""
    gear: Gear | None = None
    events: tuple[str, ...] = ()
    """The ids of the events behind it, in order."""

    def shown(self, *, explain: bool = False) -> dict[str, Any]:
        """The proposal as reports show it."""
        target = self.target
        shown = {
            "target": None if target is None else target_shown(target),
            "code": self.code,
            "reason": self.reason,
            "next_step": None if self.step is None else self.step.shown(),
            "equipment": None if self.gear is None else self.gear.shown(),
        }
        return shown | {"events": list(self.events)} if explain else shown


class _Decision(msgspec.Struct, frozen=True):
    target: Target | None
    code: Code
    reason: str
    events: tuple[str, ...] = ()


def propose(situation: Situation) -> Proposal:
    """What the first rule that holds says."""
    step = _next_step(situation)
    decision = next(made for rule in _RULES if (made := rule(situation, step)) is not None)
    gear = situation.gear
    equipped = gear.events if gear is not None and decision.code in {"next_load", "layoff", "deload"} else ()
    return Proposal(
        target=decision.target,
        code=decision.code,
        reason=decision.reason,
        step=step,
        gear=gear,
        events=tuple(sorted({*decision.events, *equipped})),
    )


def target_shown(target: Target) -> dict[str, Any]:
    """A target as reports show it."""
    return {
        "load": load_shown(target.load),
        "load_kind": target.load_kind,
        "reps": target.reps,
        "seconds": target.seconds,
    }


def _next_step(situation: Situation) -> Step | None:
    if situation.gear is None or not situation.judged:
        return None
    now = situation.judged[0]
    if situation.asking.measure == "seconds" and now.load_kind == "bodyweight":
        return None  # what is held longer is not also weighed down
    return harder(situation.gear, now.load, now.load_kind)


def _first_time(situation: Situation, _step: Step | None) -> _Decision | None:
    if situation.judged:
        return None
    asking = situation.asking
    return _Decision(
        None,
        "first_time",
        f"Not done here yet: choose a load for {asking.words(asking.bottom)} that leaves two or three in reserve."
        if asking.measure == "reps"
        else f"Not done here yet: begin with {asking.words(asking.bottom)}.",
    )


def _layoff(situation: Situation, _step: Step | None) -> _Decision | None:
    idle = situation.idle_days or 0
    less = next((permille for days, permille in LAYOFFS if idle >= days), None)
    if less is None:
        return None
    return _lighter(situation, less, "layoff", f"Not trained for {idle // 7} weeks", ())


def _deload(situation: Situation, _step: Step | None) -> _Decision | None:
    deload = situation.deload
    if deload is None:
        return None
    if situation.only_deloads:
        return _same(situation, "deload", f"A deload is on since {day_text(deload.day)}", (deload.event,))
    return _lighter(
        situation, DELOAD_PERMILLE, "deload", f"A deload is on since {day_text(deload.day)}", (deload.event,)
    )


def _pain(situation: Situation, _step: Step | None) -> _Decision | None:
    pain = situation.pain
    if pain is None:
        return None
    said = f"Pain was reported here on {day_text(pain.day)} ({pain.words})"
    return _same(situation, "pain", said, (pain.event,))


def _form(situation: Situation, _step: Step | None) -> _Decision | None:
    rated = [one for one in (situation.last.sets if situation.last else ()) if one.form is not None]
    poor = [one for one in rated if (one.form or 0) < WORST_FORM_TO_GROW]
    if not poor:
        return None
    worst = min(one.form or 0 for one in poor)
    said = f"The form was rated {worst} of 5 last time, and technique goes over weight"
    return _same(situation, "form", said, tuple(one.event for one in poor))


def _accepted(situation: Situation, _step: Step | None) -> _Decision | None:
    decided = situation.decided
    if decided is None or not decided.accepted or any(_meets(one, situation) for one in situation.judged):
        return None
    said = f"You took this target on {day_text(decided.day)}; it stays until it is met."
    return _Decision(decided.target, "accepted", said, (decided.event,))


def _double(situation: Situation, step: Step | None) -> _Decision | None:
    """Double progression, unless the lifter has declined what it comes to and nothing was done since."""
    made = _progress(situation, step)
    decided, now = situation.decided, situation.judged[0]
    if decided is None or decided.accepted or now.bout.at > decided.at or not _alike(made.target, decided.target):
        return made
    said = f"You declined {_words(situation.asking, decided.target)} on {day_text(decided.day)}"
    return _same(situation, "declined", said, (decided.event,), "until there is another session")


def _progress(situation: Situation, step: Step | None) -> _Decision:
    asking, now = situation.asking, situation.judged[0]
    sets = asking.sets or now.sets
    events = tuple(now.events)
    if asking.progression.rule == "none":
        return _same(situation, "as_planned", "The slot asks for no progression", ())
    if now.full:
        return _full(situation, step)
    if now.sets < sets:
        were = "was" if now.sets == 1 else "were"
        said = f"{now.sets} of {sets} sets {were} done{_at(now)}: do all of them before there is more."
        return _Decision(_at_load(asking, now, min(now.amount, asking.top)), "all_sets", said, events)
    least = f"The lowest of {sets} sets had" if sets > 1 else "The set had"
    more = min(asking.amount_after(now.amount), asking.top)
    said = f"{least} {now.amount} of {asking.words(asking.top)}: go for {asking.words(more)}."
    return _Decision(_at_load(asking, now, more), "next_rep", said, events)


def _full(situation: Situation, step: Step | None) -> _Decision:
    asking, now = situation.asking, situation.judged[0]
    times = asking.progression.times
    streak = _streak(situation.judged)
    events = tuple(event for one in streak[:times] for event in one.events)
    sets = asking.sets or now.sets
    full = (
        f"{'All' if sets > 1 else 'The'} {f'{sets} sets' if sets > 1 else 'set'} reached {asking.words(asking.top)}"
    )
    if len(streak) < times:
        said = f"{full} in {len(streak)} of {times} sessions in a row: the same once more."
        return _Decision(_at_load(asking, now, asking.top), "confirm", said, events)
    in_a_row = f"{full} in {times} sessions in a row" if times > 1 else full
    if step is None:
        more = asking.amount_after(now.amount)
        said = f"{in_a_row}, and no heavier load is known: go for {asking.words(more)}."
        return _Decision(_at_load(asking, now, more), "at_limit", said, events)
    target = asking.target(step.load, step.load_kind, asking.bottom)
    said = f"{in_a_row}: the next load, {load_words(step.load, step.load_kind)}{_change(step)}."
    return _Decision(target, "next_load", f"{said}{_large(step)}", events)


_RULES: tuple[Callable[[Situation, Step | None], _Decision | None], ...] = (
    _first_time,
    _layoff,
    _deload,
    _pain,
    _form,
    _accepted,
    _double,
)


def _streak(judged: list[Reached]) -> list[Reached]:
    """The last sessions in a row that were full, each at the present load or more."""
    streak = []
    for one in judged:
        if not one.full or one.nanograms < judged[0].nanograms:
            break
        streak.append(one)
    return streak


def _meets(one: Reached, situation: Situation) -> bool:
    """Whether a session after the decision came to what was decided."""
    decided, asking = situation.decided, situation.asking
    if decided is None or one.bout.at <= decided.at or one.sets < (asking.sets or 1):
        return False
    target = decided.target
    amount = target.reps if asking.measure == "reps" else target.seconds
    return one.nanograms >= _signed(target) and one.amount >= (amount or 0)


def _lighter(situation: Situation, permille: int, code: Code, why: str, events: tuple[str, ...]) -> _Decision:
    """So much less than last time, or a little more than that, at the bottom of the range."""
    asking, now = situation.asking, situation.judged[0]
    step = None if situation.gear is None else easier(situation.gear, now.load, now.load_kind, permille)
    behind = (*events, *now.events)
    if step is None:
        target = _at_load(asking, now, min(asking.bottom, now.amount))
        return _Decision(target, code, f"{why}: begin at the bottom of the range.", behind)
    target = asking.target(step.load, step.load_kind, asking.bottom)
    said = f"{why}: {load_words(step.load, step.load_kind)}{_change(step)}, to begin with."
    return _Decision(target, code, said, behind)


def _same(situation: Situation, code: Code, why: str, events: tuple[str, ...], until: str = "") -> _Decision:
    """No more than last time."""
    now = situation.judged[0]
    said = f"{why}: the same as last time{f', {until}' if until else ''}."
    return _Decision(_at_load(situation.asking, now, now.amount), code, said, (*events, *now.events))


def _at_load(asking: Asking, now: Reached, amount: int) -> Target:
    return asking.target(now.load, now.load_kind, amount)


def _alike(one: Target | None, other: Target) -> bool:
    return one is not None and (_signed(one), one.reps, one.seconds) == (_signed(other), other.reps, other.seconds)


def _signed(target: Target) -> int:
    if target.load is None or target.load_kind == "bodyweight":
        return 0
    return -target.load.nanograms if target.load_kind == "assisted" else target.load.nanograms


def _words(asking: Asking, target: Target) -> str:
    amount = target.reps if asking.measure == "reps" else target.seconds
    load = load_words(target.load, target.load_kind)
    return f"{load} × {asking.words(amount or 0)}" if load else asking.words(amount or 0)


def load_words(load: Load | None, load_kind: LoadKind) -> str:
    """A load in words: ``82.5 kg``, ``15 kg of help``, ``body weight + 5 kg``."""
    if load is None or load_kind == "bodyweight":
        return "body weight" if load_kind == "bodyweight" else ""
    match load_kind:
        case "assisted":
            return f"{load} of help"
        case "added":
            return f"body weight + {load}"
        case _:
            return str(load)


def _at(now: Reached) -> str:
    load = load_words(now.load, now.load_kind)
    return f" at {load}" if load else ""


def _change(step: Step) -> str:
    if step.permille is None:
        return ""
    share, tenths = divmod(abs(step.permille), 10)
    return f", {share}{f'.{tenths}' if tenths else ''} % {'more' if step.permille > 0 else 'less'}"


def _large(step: Step) -> str:
    if step.permille is None or step.permille <= LARGE_PERMILLE:
        return ""
    return " That is a large step: an add-on or smaller plates would make it smaller."
