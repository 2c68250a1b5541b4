"""Names of exercises: when two spellings are one name, and what somebody may have meant.

Training apps spell one lift "Bench Press (Barbell)", "Barbell Bench Press" or "bench-press, barbell". A name is
read as its words, in order, and the qualifiers among them, in any order: equipment, grip, posture and so on.
Both must agree. Nothing is ignored, so a smith machine's bench press never becomes a barbell's, and nothing
is guessed: `Names.match` says None rather than the nearest name. Guessing is for people: `Names.suggest`.
"""

import re
import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches
from typing import NamedTuple

_MARK = re.compile(r"[\u0300-\u036f'\u2019]")
_WORD = re.compile(r"[^\W_]+")
_WORDS = {
    "alternate": "alternating",
    "armed": "arm",
    "calves": "calf",
    "declined": "decline",
    "deltoid": "delt",
    "dumbell": "dumbbell",
    "flies": "fly",
    "flye": "fly",
    "flyes": "fly",
    "inclined": "incline",
    "legged": "leg",
    "one": "single",
}
_QUALIFIERS = {
    "alternating": "alternating",
    "assisted": "assisted",
    "band": "band",
    "barbell": "barbell",
    "bb": "barbell",
    "bent over": "bent_over",
    "body weight": "body_weight",
    "bodyweight": "body_weight",
    "cable": "cable",
    "cable machine": "cable",
    "chest supported": "chest_supported",
    "close grip": "close_grip",
    "db": "dumbbell",
    "decline": "decline",
    "dumbbell": "dumbbell",
    "ez": "ez_bar",
    "ez bar": "ez_bar",
    "ezbar": "ez_bar",
    "hammer strength": "plate_loaded",
    "hex bar": "trap_bar",
    "incline": "incline",
    "iso lateral": "iso_lateral",
    "isolateral": "iso_lateral",
    "kb": "kettlebell",
    "kettlebell": "kettlebell",
    "kneeling": "kneeling",
    "landmine": "landmine",
    "leverage machine": "machine",
    "lying": "lying",
    "machine": "machine",
    "machine plate": "plate_loaded",
    "med ball": "medicine_ball",
    "medicine ball": "medicine_ball",
    "narrow grip": "close_grip",
    "neutral grip": "neutral_grip",
    "plate": "plate",
    "plate loaded": "plate_loaded",
    "resistance band": "band",
    "reverse grip": "reverse_grip",
    "safety bar": "safety_bar",
    "safety squat bar": "safety_bar",
    "seated": "seated",
    "single arm": "single_arm",
    "single leg": "single_leg",
    "smith": "smith_machine",
    "smith machine": "smith_machine",
    "ssb": "safety_bar",
    "standing": "standing",
    "suspension": "suspension",
    "trap bar": "trap_bar",
    "trx": "suspension",
    "underhand": "reverse_grip",
    "underhand grip": "reverse_grip",
    "weighted": "weighted",
    "wide grip": "wide_grip",
}
_QUALIFIER = re.compile(rf"\b({'|'.join(sorted(_QUALIFIERS, key=len, reverse=True))})\b")

_BEGINNING = 0.9
_MISSPELT = 0.75
_WORTH_SUGGESTING = 0.5


class Name(NamedTuple):
    """An exercise's name as read: its words in order, and what qualifies them, in any order."""

    words: tuple[str, ...]
    qualifiers: frozenset[str]

    @property
    def key(self) -> str:
        """The same for all spellings of the name, spaced or not: "pull ups" and "Pullup" share one."""
        return f"{''.join(self.words)} {'+'.join(sorted(self.qualifiers))}".strip()

    @property
    def tokens(self) -> frozenset[str]:
        """The name's single words, for comparing it with another that isn't the same."""
        return frozenset(self.words).union(*(qualifier.split("_") for qualifier in self.qualifiers))


def parse(name: str) -> Name:
    """Read a name, blind to case, accents, punctuation, hyphens, plurals and common abbreviations."""
    letters = _MARK.sub("", unicodedata.normalize("NFKD", name.casefold().replace("&", " and ")))
    text = " ".join(_singular(word) for word in _WORD.findall(letters))
    parts = _QUALIFIER.split(text)
    words, phrases = " ".join(parts[::2]).split(), parts[1::2]
    return Name(tuple(words), frozenset(_QUALIFIERS[phrase] for phrase in phrases))


class Names:
    """Exercises by their names.

    Args:
        names: Pairs of a name and the exercise that it names, the more usual exercises first.

    Raises:
        ValueError: If two exercises claim one name.
    """

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        self._names = [(parse(name), exercise) for name, exercise in names]
        self._exercises: dict[str, str] = {}
        for name, exercise in self._names:
            claimant = self._exercises.setdefault(name.key, exercise)
            if claimant != exercise:
                raise ValueError(f"{claimant} and {exercise} share the name {name.key!r}: take it from one of them")

    def match(self, name: str) -> str | None:
        """The exercise that bears exactly this name, however spelled, or None."""
        return self._exercises.get(parse(name).key)

    def suggest(self, text: str, limit: int, own: Iterable[tuple[str, str]] = ()) -> list[str]:
        """The exercises that somebody who typed this may have meant, likeliest first.

        Args:
            text: What was typed.
            limit: How many to suggest at most.
            own: Further names and exercises, offered first where they are as likely.
        """
        typed = parse(text)
        if not typed.key:
            return []
        names = [*((parse(name), exercise) for name, exercise in own), *self._names]
        similar = [_similarities(token, names) for token in typed.tokens]
        scores: dict[str, tuple[bool, float, float]] = {}
        for name, exercise in names:
            exact = name.key == typed.key
            likeness = sum(
                max((similarity.get(token, 0.0) for token in name.tokens), default=0.0) for similarity in similar
            )
            if exact or likeness >= len(similar) * _WORTH_SUGGESTING:
                score = (exact, likeness, likeness / len(name.tokens))
                scores[exercise] = max(score, scores.get(exercise, score))
        return sorted(scores, key=lambda exercise: scores[exercise], reverse=True)[:limit]


def _singular(word: str) -> str:
    """A word as the catalogue spells it: in the singular, without variants ("Triceps" becomes "tricep")."""
    if word.endswith(("sses", "ches", "shes")):
        word = word[:-2]
    elif len(word) > 2 and word.endswith("s") and not word.endswith(("ss", "us", "is")):  # noqa: PLR2004  # "as" stays
        word = word[:-1]
    return _WORDS.get(word, word)


def _similarities(typed: str, names: Iterable[tuple[Name, str]]) -> dict[str, float]:
    """The words that a typed one may stand for, and how surely: itself, its beginning, a slip of the finger."""
    vocabulary = frozenset(token for name, _ in names for token in name.tokens)
    similar = dict.fromkeys(get_close_matches(typed, vocabulary, n=5, cutoff=0.75), _MISSPELT)
    similar |= {word: _BEGINNING for word in vocabulary if word.startswith(typed)}
    return similar | ({typed: 1.0} if typed in vocabulary else {})
