"""Fractional indices: places in an order between any two of which there is room for a third.

Ranks sort as ASCII text; the digits do, too. None of those made here ends with the least digit, so that there is
always room before it.
"""

from __future__ import annotations

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_FIRST = "V"


def behind(last: str) -> str:
    """A rank behind ``last``, "" for none: its last digit raised, or one digit more where it can't be."""
    if not last:
        return _FIRST
    return last + _FIRST if last[-1] == DIGITS[-1] else last[:-1] + DIGITS[DIGITS.index(last[-1]) + 1]


def between(low: str, high: str) -> str:
    """A rank behind ``low`` and before ``high``, which is behind ``low``; "" for no bound on that side."""
    if not high:
        return behind(low)
    rank, bounded = "", True
    while True:
        place = len(rank)
        least = DIGITS.index(low[place]) if place < len(low) else 0
        most = DIGITS.index(high[place]) if bounded and place < len(high) else len(DIGITS)
        if most - least > 1:
            return rank + DIGITS[(least + most) // 2]
        rank += DIGITS[least]
        bounded = bounded and least == most
