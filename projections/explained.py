"""Why a figure is what it is: the events behind it, named where a report is asked to explain itself."""

from __future__ import annotations

from collections.abc import Iterable


def because(events: Iterable[str], *, explain: bool) -> dict[str, list[str]]:
    """The key ``events`` of a figure that is a sum or a trend, in order and each once; nothing where nobody asked.

    Args:
        events: Their ids, best as an iterator: it is not touched unless somebody asked.
        explain: Whether somebody did.
    """
    return {"events": sorted(set(events))} if explain else {}
