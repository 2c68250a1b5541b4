"""How the apps' languages write months and durations. Each word is spelled in the letters of its language."""

# ruff: noqa: RUF001  (words of languages whose letters resemble Latin ones)

from __future__ import annotations

import unicodedata

HOUR_S, MINUTE_S = 3600, 60

_MONTHS = (
    "jan ene gen sty oca tam янв січ",
    "feb fev lut sub hel фев лют",
    "mar mrt maa мар бер",
    "apr abr avr kwi nis huh апр кві",
    "may mai mag maj mei tou мая май тра",
    "jun juin giu cze haz kes июн чер",
    "jul juil lug lip tem hei июл лип",
    "aug ago aou sie agu elo авг сер",
    "sep set wrz eyl syy сен вер",
    "oct okt ott out paz eki lok окт жов",
    "nov lis kas ноя лис",
    "dec dez dic des gru ara jou дек гру",
)
_HOURS = (
    "h hr hrs hour hours std stunde stunden heure heures hora horas ora ore u uur t tim timer timmar godz g sa saat "
    "ч час часа часов год 小时 小時 時間 시간"
)
_MINUTES = (
    "m min mins minute minutes minuten minuto minutos minuti minuut minut minuter minutter minuta dk dak dakika "
    "мин минута минуты минут хв 分 分钟 分鐘 분"
)
_SECONDS = (
    "s sec secs second seconds sek sekunde sekunden seconde secondes segundo segundos secondi sn saniye "
    "с сек секунд 秒 秒钟 秒鐘 초"
)

FILLING = frozenset(
    {"a", "à", "as", "at", "de", "del", "den", "der", "kl", "klo", "o", "om", "um", "г", "в", *"年日년일"}
)
"""Words in dates that say nothing."""

DURATIONS_S = {
    word: length
    for words, length in ((_HOURS, HOUR_S), (_MINUTES, MINUTE_S), (_SECONDS, 1))
    for word in words.split()
}
"""The units of durations, in seconds."""


def plain(text: str) -> str:
    """Text without accents and the like."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))


def month_of(word: str) -> int | None:
    """The month that a word begins like, as 1 to 12: the words of one month begin alike in a language."""
    return _MONTH_BY_BEGINNING.get(word[:4]) or _MONTH_BY_BEGINNING.get(word[:3])


_MONTH_BY_BEGINNING = {
    plain(beginning): month for month, names in enumerate(_MONTHS, 1) for beginning in names.split()
}
